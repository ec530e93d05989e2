//! Opening the books of a going company.
//!
//! A company that has traded before brings its trial balance and the lists behind it: stock, orders
//! to suppliers with what came and was billed, bills and invoices not yet paid, deposits, orders of
//! customers. [`open`](open()) reads them from CSV files, takes everything over in one transaction
//! and refuses what does not agree: the accounts behind a list are opened from the list, never typed,
//! and must come to what the trial balance says. [`undo`](undo()) takes it all back by reversal.
//!
//! Reading order: the files, what each part is opened from, the comparison, the verbs.

mod files;

mod deposits;
mod goods;
mod papers;

mod compare;

mod open;
mod read;
mod undo;

mod checks;
mod tables;
mod views;

use identity::Permission;

pub use accounting::ListError;
pub use compare::{AccountCompared, OpenedFrom};
pub use files::{FILES, FileError, Files, Sheet, template};
pub use open::{FileRows, Open, OpenError, Opened, OpeningProgress, open, open_telling};
pub use read::{
    FileRead, FilesRead, OpeningColumn, OpeningFile, ReadFiles, list_files, read_files,
};
pub use undo::{Undo, UndoError, Undone, undo};
pub use views::{
    FindOpeningError, OpenedDocument, OpenedDocumentFilter, OpenedKind, OpeningDetail,
    OpeningFilter, OpeningRow, find_opening, list_documents, list_openings,
};

/// May see openings.
pub const READ: Permission = Permission("opening.read");
/// May open the books.
pub const OPEN: Permission = Permission("opening.open");
/// May book what does not agree to the opening difference.
pub const BOOK_DIFFERENCE: Permission = Permission("opening.book_difference");
/// May take an opening back.
pub const UNDO: Permission = Permission("opening.undo");

/// The kind of document that everything an opening books comes from.
pub const SOURCE: &str = accounting::OPENING;

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "opening",
    migrations: store::migrations!("0001_opening.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &["opening_document"],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &partners::SCHEMA,
        &accounting::SCHEMA,
        &stock::SCHEMA,
        &purchasing::SCHEMA,
        &sales::SCHEMA,
    ],
};
