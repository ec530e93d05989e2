//! Bytes to a table whose shape is sound.

use csv::{ByteRecord, ReaderBuilder, StringRecord};

use crate::{Cells, Column, RowError};

/// The longest cell, in bytes.
pub const MAX_CELL_BYTES: usize = 1_000_000;
/// The most rows of one file.
pub const MAX_ROWS: usize = 1_000_000;
/// How much of a cell an error message quotes, in characters.
const QUOTED: usize = 40;

/// A file whose headings are known and whose rows all have their cells.
#[derive(Debug)]
pub struct Table {
    /// For each heading of the file, the column it names.
    columns: Vec<Column>,
    rows: Vec<(u64, StringRecord)>,
}

/// Reads a file with headings.
///
/// # Errors
///
/// Every heading that is unknown, repeated or missing; with sound headings, every row with too many
/// or too few cells and every cell with a NUL, over [`MAX_CELL_BYTES`] or not in UTF-8; a file over
/// [`MAX_ROWS`].
pub fn read(bytes: &[u8], columns: &[Column]) -> Result<Table, Vec<RowError>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(bytes))
        .from_reader(bytes);
    let mut record = ByteRecord::new();
    let mut row = 0;
    let mut errors = Vec::new();
    let mut table = Table { columns: Vec::new(), rows: Vec::new() };
    loop {
        let line = reader.position().line();
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                errors.push(RowError::whole(row + 1, error.to_string()));
                break;
            }
        }
        row += 1 + blank_lines(&record, reader.position().line() - line);
        if table.columns.is_empty() {
            table.columns = headings(&record, row, columns)?;
            continue;
        }
        if record.iter().all(<[u8]>::is_empty) {
            continue;
        }
        if table.rows.len() == MAX_ROWS {
            errors.push(RowError::whole(row, format!("more than {MAX_ROWS} rows; split the file")));
            break;
        }
        if let Some(sound) = sound(&record, row, &table.columns, &mut errors) {
            table.rows.push((row, sound));
        }
    }
    if table.columns.is_empty() && errors.is_empty() {
        errors.push(RowError::whole(1, "the file is empty; write a line with the headings first"));
    }
    if errors.is_empty() { Ok(table) } else { Err(errors) }
}

/// Spreadsheets of some countries write `;`. The heading line tells.
fn separator(bytes: &[u8]) -> u8 {
    let line = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).find(|line| !line.is_empty());
    let count = |wanted: u8| line.map_or(0, |l| l.iter().filter(|byte| **byte == wanted).count());
    let mut best = b',';
    for other in [b';', b'\t'] {
        if count(other) > count(best) {
            best = other;
        }
    }
    best
}

/// How many of the lines consumed for a record were empty ones before it: the reader skips them,
/// a spreadsheet counts them.
fn blank_lines(record: &ByteRecord, consumed: u64) -> u64 {
    let within = record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64;
    consumed.saturating_sub(1 + within)
}

fn headings(
    record: &ByteRecord,
    row: u64,
    columns: &[Column],
) -> Result<Vec<Column>, Vec<RowError>> {
    let mut found: Vec<Column> = Vec::with_capacity(record.len());
    let mut errors = Vec::new();
    for heading in record {
        let heading = String::from_utf8_lossy(heading);
        let name = heading.trim().to_lowercase().replace(' ', "_");
        let error = |message: String| RowError { row, column: quoted(&heading), message };
        match columns.iter().find(|column| column.name == name) {
            Some(column) if found.contains(column) => {
                errors.push(error("the column is there twice; keep one".to_owned()));
            }
            Some(column) => found.push(*column),
            None => {
                let known: Vec<&str> = columns.iter().map(|column| column.name).collect();
                let known = known.join(", ");
                errors.push(error(format!("unknown column; the columns are {known}")));
            }
        }
    }
    for column in columns.iter().filter(|column| column.required && !found.contains(column)) {
        errors.push(RowError::of(row, *column, format!("missing column; add {}", column.expects)));
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

/// The record as text, or nothing after its faults were noted.
fn sound(
    record: &ByteRecord,
    row: u64,
    columns: &[Column],
    errors: &mut Vec<RowError>,
) -> Option<StringRecord> {
    if record.len() != columns.len() {
        let (got, due) = (record.len(), columns.len());
        errors.push(RowError::whole(
            row,
            format!("{got} cells where the headings name {due}; look for a missing or stray separator or quote"),
        ));
        return None;
    }
    let before = errors.len();
    for (cell, column) in record.iter().zip(columns) {
        let message = if cell.len() > MAX_CELL_BYTES {
            format!("{} bytes; a cell holds at most {MAX_CELL_BYTES}", cell.len())
        } else if cell.contains(&0) {
            "a NUL character; remove it".to_owned()
        } else if std::str::from_utf8(cell).is_err() {
            "not UTF-8; save the file as \"CSV UTF-8\"".to_owned()
        } else {
            continue;
        };
        errors.push(RowError::of(row, *column, message));
    }
    if errors.len() > before { None } else { StringRecord::from_byte_record(record.clone()).ok() }
}

/// The start of a text as an error quotes it.
pub(crate) fn quoted(text: &str) -> String {
    if text.chars().count() <= QUOTED {
        return text.to_owned();
    }
    text.chars().take(QUOTED).chain(std::iter::once('…')).collect()
}

impl Table {
    /// How many rows there are, heading and empty rows left out.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no row but the heading.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Whether the file has this column.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        self.columns.iter().any(|found| found.name == column.name)
    }

    /// The cells of one column, row by row; empty texts when the file has no such column. What is
    /// wrong in them, [`Table::map`] says.
    pub fn column(&self, column: Column) -> impl Iterator<Item = &str> {
        let index = self.columns.iter().position(|found| found.name == column.name);
        self.rows.iter().map(move |(_, record)| {
            index.and_then(|index| record.get(index)).map_or("", |cell| column.content(cell))
        })
    }

    /// Turns each row into a `T`.
    ///
    /// `make` reads what it needs from the cells; what cannot be read is noted and replaced by a default,
    /// so that one pass finds every bad cell.
    ///
    /// # Errors
    ///
    /// Every cell that was noted, by row.
    pub fn map<T>(
        &self,
        mut make: impl FnMut(&mut Cells<'_>) -> T,
    ) -> Result<Vec<T>, Vec<RowError>> {
        let mut errors = Vec::new();
        let mut made = Vec::with_capacity(self.rows.len());
        for (row, record) in &self.rows {
            let mut cells = Cells::new(*row, &self.columns, record, &mut errors);
            cells.require_filled();
            made.push(make(&mut cells));
        }
        if errors.is_empty() { Ok(made) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SKU: Column = Column::text("sku", "a code").required();
    const NAME: Column = Column::text("name", "a name");
    const PIECES: Column = Column::plain("pieces", "a whole number such as 12");
    const COLUMNS: &[Column] = &[SKU, NAME, PIECES];

    fn rows(file: &[u8]) -> Result<Vec<(u64, String, i64)>, Vec<String>> {
        let told = |errors: Vec<RowError>| errors.iter().map(ToString::to_string).collect();
        read(file, COLUMNS)
            .map_err(told)?
            .map(|c| (c.row(), c.text(SKU).to_owned(), c.value_or(PIECES, 0)))
            .map_err(told)
    }

    #[track_caller]
    fn reads(file: &str, expected: &[(u64, &str, i64)]) {
        let found = rows(file.as_bytes()).unwrap();
        let found: Vec<_> = found.iter().map(|(row, sku, n)| (*row, sku.as_str(), *n)).collect();
        assert_eq!(found, expected);
    }

    #[track_caller]
    fn refuses(file: &[u8], expected: &[&str]) {
        assert_eq!(rows(file).unwrap_err(), expected);
    }

    #[test]
    fn headings_find_the_columns() {
        reads("sku,pieces\nA,1\nB,2\n", &[(2, "A", 1), (3, "B", 2)]);
        reads("\u{FEFF}Pieces, SKU \r\n1,A\r\n", &[(2, "A", 1)]);
        reads("sku;pieces\nA;1\n", &[(2, "A", 1)]);
        reads("sku\tpieces\nA\t1", &[(2, "A", 1)]);
        reads("sku\n\"'=A\"\n", &[(2, "=A", 0)]);
    }

    #[test]
    fn rows_count_as_a_spreadsheet_shows_them() {
        reads("sku,name\nA,\"two\nlines\"\nB,\n", &[(2, "A", 0), (3, "B", 0)]);
        reads("sku,name\n\n\nA,x\n,\nB,y\n", &[(4, "A", 0), (6, "B", 0)]);
    }

    #[test]
    fn a_bad_heading_is_named() {
        refuses(b"", &["row 1: the file is empty; write a line with the headings first"]);
        refuses(
            b"name,colour,name\nx,y,z\n",
            &[
                "row 1, column colour: unknown column; the columns are sku, name, pieces",
                "row 1, column name: the column is there twice; keep one",
                "row 1, column sku: missing column; add a code",
            ],
        );
    }

    #[test]
    fn a_row_of_another_width_is_named() {
        let hint = "look for a missing or stray separator or quote";
        refuses(
            b"sku,name\nA,x\nB\nC,y,z\n",
            &[
                &format!("row 3: 1 cells where the headings name 2; {hint}"),
                &format!("row 4: 3 cells where the headings name 2; {hint}"),
            ],
        );
    }

    #[test]
    fn every_bad_cell_is_named() {
        refuses(
            b"sku,pieces\nA,many\n,1\nB,9\n",
            &[
                "row 2, column pieces: \"many\" is not accepted (invalid digit found in string); expected a whole number such as 12",
                "row 3, column sku: empty; expected a code",
            ],
        );
        refuses(b"sku\nA\0\n", &["row 2, column sku: a NUL character; remove it"]);
        refuses(
            b"sku\nA\n\xFFx\n",
            &["row 3, column sku: not UTF-8; save the file as \"CSV UTF-8\""],
        );
        let mut long = b"sku\n".to_vec();
        long.resize(4 + MAX_CELL_BYTES + 1, b'x');
        refuses(&long, &["row 2, column sku: 1000001 bytes; a cell holds at most 1000000"]);
    }

    #[test]
    fn a_table_knows_its_columns_and_length() {
        let table = read(b"sku,name\nA,x\n", COLUMNS).unwrap();
        assert!(table.has(NAME) && !table.has(PIECES));
        assert_eq!((table.len(), table.is_empty()), (1, false));
        assert!(read(b"sku\n", COLUMNS).unwrap().is_empty());
    }
}
