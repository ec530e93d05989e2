//! A table to bytes.

use csv::WriterBuilder;

use crate::Column;
use crate::formula::disarm;

/// Writes a file with headings and one line for each row, in UTF-8 with `,` between cells.
///
/// Free text that a spreadsheet would run as a formula gets an apostrophe in front, which
/// [`read`](crate::read) takes away again.
pub fn write<const N: usize>(
    columns: &[Column; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Vec<u8> {
    let proven = "rows of one width always fit into memory's writer";
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(columns.iter().map(|column| column.name)).expect(proven);
    for row in rows {
        for (cell, column) in row.iter().zip(columns) {
            if column.free_text {
                writer.write_field(disarm(cell)).expect(proven);
            } else {
                writer.write_field(cell).expect(proven);
            }
        }
        writer.write_record(None::<&[u8]>).expect(proven);
    }
    writer.into_inner().expect(proven)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKU: Column = Column::text("sku", "a code").required();
    const LEVEL: Column = Column::plain("level", "a number");

    #[test]
    fn what_is_written_reads_back_and_runs_nowhere() {
        let texts = ["=cmd|'/C calc'!A0", "-1", "a,\"b\"", "two\nlines", "'=x", "é"];
        let rows = texts.map(|text| [text.to_owned(), "-5".to_owned()]);
        let file = write(&[SKU, LEVEL], rows);
        let text = String::from_utf8(file.clone()).unwrap();
        assert!(text.starts_with("sku,level\n'=cmd|'/C calc'!A0,-5\n'-1,-5\n"), "{text}");
        let table = crate::read(&file, &[SKU, LEVEL]).unwrap();
        let back = table.map(|cells| cells.text(SKU).to_owned()).unwrap();
        assert_eq!(back, texts);
    }

    #[test]
    fn no_rows_leave_the_headings() {
        assert_eq!(write(&[SKU, LEVEL], []), b"sku,level\n");
    }
}
