//! Files of rows and columns, in and out: columns are found by their headings, every bad cell is
//! named with its row, its column and what was expected, and no formula leaves.
//!
//! ```
//! use tabular::Column;
//!
//! const SKU: Column = Column::text("sku", "a code of 1 to 64 characters").required();
//! const PIECES: Column = Column::plain("pieces", "a whole number such as 12");
//!
//! let table = tabular::read(b"Pieces,SKU\n12,A-1\n7,A-2\n", &[SKU, PIECES]).unwrap();
//! let rows = table.map(|cells| (cells.text(SKU).to_owned(), cells.value_or(PIECES, 0_i64)));
//! assert_eq!(rows.unwrap(), [("A-1".to_owned(), 12), ("A-2".to_owned(), 7)]);
//! ```

mod cells;
mod column;
mod formula;
mod read;
mod report;
mod write;

pub use cells::Cells;
pub use column::Column;
pub use read::{MAX_CELL_BYTES, MAX_ROWS, Table, read};
pub use report::{ImportReport, RowError};
pub use write::write;
