//! Reads the retailer's files into typed rows. Nothing is guessed: a cell that is not what its
//! column promises is an error that names file, row and column.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use base::{Day, Price, Problem, Rule, parse_scaled};
use csv::StringRecord;
use flate2::read::GzDecoder;

/// The environment variable that names the folder of the data.
pub const DATA_VARIABLE: &str = "PURSER_DEMO_DATA";

/// The folder's name beside the sources and beside the binary.
const FOLDER: &str = "demo-data";

/// Why the data could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// None of the places that were looked at has the data.
    #[error("the demo's data was not found; looked for lines.csv.gz in {}", tried.join(", "))]
    NoFolder {
        /// The folders, in the order in which they were looked at.
        tried: Vec<String>,
    },
    /// A file could not be opened or unpacked, or is no CSV.
    #[error("{file} cannot be read: {reason}")]
    Unreadable {
        /// The file's name.
        file: &'static str,
        /// What the system or the CSV reader said.
        reason: String,
    },
    /// The first line of a file does not name the columns that it should.
    #[error("{file} begins with the columns {found}, but should with {expected}")]
    Columns {
        /// The file's name.
        file: &'static str,
        /// The columns that it has.
        found: String,
        /// The columns that it should have.
        expected: String,
    },
    /// A cell is not what its column promises.
    #[error("{file} row {row}, {column}: found \"{found}\", expected {expected}")]
    Cell {
        /// The file's name.
        file: &'static str,
        /// The row, from 1, without the headings.
        row: u32,
        /// The column's heading.
        column: &'static str,
        /// What the cell has.
        found: String,
        /// What it should have.
        expected: &'static str,
    },
}

impl Rule for ReadError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ReadError::NoFolder { .. } => Problem::not_found("demo_data_not_found", detail),
            ReadError::Unreadable { .. } => Problem::invalid("demo_file_unreadable", detail),
            ReadError::Columns { .. } => Problem::invalid("demo_file_columns", detail),
            ReadError::Cell { row, column, .. } => Problem::invalid("demo_file_cell", detail)
                .with_row(u64::from(*row))
                .with_field(column),
        }
    }
}

/// The position of an item in [`Data::items`] and in `World::items`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemIndex(pub usize);

/// The position of a country in [`Data::countries`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryIndex(pub usize);

/// What the letter before an invoice's number says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvoiceKind {
    /// No letter: an order, or a note of the warehouse.
    Plain,
    /// `A`: a bad-debt adjustment.
    BadDebt,
    /// `C`: a cancellation or a return.
    Credit,
}

/// An invoice's number, such as `536365` or `C536379`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InvoiceNo {
    /// What its letter says.
    pub kind: InvoiceKind,
    /// The digits.
    pub number: u32,
}

impl InvoiceNo {
    /// Reads digits with at most one letter `A` or `C` before them.
    #[must_use]
    pub fn parse(text: &str) -> Option<InvoiceNo> {
        let (kind, digits) = match text.as_bytes().first()? {
            b'A' => (InvoiceKind::BadDebt, text.get(1..)?),
            b'C' => (InvoiceKind::Credit, text.get(1..)?),
            _ => (InvoiceKind::Plain, text),
        };
        let plain = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
        let number = digits.parse().ok()?;
        plain.then_some(InvoiceNo { kind, number })
    }
}

/// As in the file, so that it can be the key of an idempotent import.
impl fmt::Display for InvoiceNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = match self.kind {
            InvoiceKind::Plain => "",
            InvoiceKind::BadDebt => "A",
            InvoiceKind::Credit => "C",
        };
        write!(f, "{letter}{}", self.number)
    }
}

/// A line of an invoice, a row of `lines.csv.gz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The row, from 1, without the headings.
    pub row: u32,
    /// The invoice that the line is on.
    pub invoice: InvoiceNo,
    /// The day in Europe/London.
    pub day: Day,
    /// Minutes since midnight in Europe/London.
    pub minute: u16,
    /// What the line is for.
    pub item: ItemIndex,
    /// Pieces; negative on credits and on notes that take stock away.
    pub quantity: i64,
    /// GBP per piece, net of VAT.
    pub price: Price,
    /// The customer's number; none for the web shop.
    pub customer: Option<u32>,
    /// Where the goods go.
    pub country: CountryIndex,
}

/// An item, a row of `items.csv.gz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemRow {
    /// The stock code in upper case.
    pub code: String,
    /// The commonest description; empty when there is none.
    pub description: String,
}

/// What was sold of an item on a day, a row of `daily.csv.gz`. Its revenue is not read: the lines
/// have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DailyRow {
    /// The item.
    pub item: ItemIndex,
    /// The day.
    pub day: Day,
    /// Pieces sold at a price above zero.
    pub units: i64,
    /// The part of `units` that the same customer cancelled in full within 14 days.
    pub voided_units: i64,
    /// How many lines sold them.
    pub order_lines: i64,
    /// The pieces of the largest line.
    pub max_line: i64,
    /// Pieces cancelled that day.
    pub returned_units: i64,
}

impl DailyRow {
    /// Pieces that somebody wanted to have: what was sold less what was voided.
    #[must_use]
    pub fn demand(&self) -> i64 {
        self.units - self.voided_units
    }
}

/// What the note of a zero-price line speaks of: a starting label, found by keywords.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AdjustmentKind {
    /// The note is blank or says nothing.
    Unexplained,
    /// Given away.
    FreeIssueOrGift,
    /// Counted, or missing.
    CountOrMissing,
    /// Damaged, or thrown away.
    DamageOrScrap,
    /// A correction of the books, such as of a wrong code.
    AdminCorrection,
    /// Found.
    Found,
    /// Any other note.
    OtherNote,
    /// Taken away under the item's own name.
    NamedNegative,
}

impl AdjustmentKind {
    fn parse(text: &str) -> Option<AdjustmentKind> {
        Some(match text {
            "unexplained" => AdjustmentKind::Unexplained,
            "free_issue_or_gift" => AdjustmentKind::FreeIssueOrGift,
            "count_or_missing" => AdjustmentKind::CountOrMissing,
            "damage_or_scrap" => AdjustmentKind::DamageOrScrap,
            "admin_correction" => AdjustmentKind::AdminCorrection,
            "found" => AdjustmentKind::Found,
            "other_note" => AdjustmentKind::OtherNote,
            "named_negative" => AdjustmentKind::NamedNegative,
            _ => return None,
        })
    }
}

/// What the staff noted at a zero-price line, a row of `adjustments.csv.gz`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdjustmentRow {
    /// The row, from 1, without the headings.
    pub row: u32,
    /// The invoice of the line.
    pub invoice: InvoiceNo,
    /// The day.
    pub day: Day,
    /// Minutes since midnight.
    pub minute: u16,
    /// The item.
    pub item: ItemIndex,
    /// Pieces, with sign.
    pub quantity: i64,
    /// The item's median price in GBP, when the file knows one.
    pub median_price: Option<Price>,
    /// What the note speaks of.
    pub kind: AdjustmentKind,
    /// The note as it was typed; often empty.
    pub note: String,
}

/// Everything that the files say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// The items, in the order of their codes in the file.
    pub items: Vec<ItemRow>,
    /// The countries, in the order in which the lines first name them.
    pub countries: Vec<String>,
    /// The invoices' lines, in the order of the file.
    pub lines: Vec<Line>,
    /// Sales by item and day.
    pub daily: Vec<DailyRow>,
    /// The staff's notes at zero-price lines.
    pub adjustments: Vec<AdjustmentRow>,
    /// Actual lead times over their median, in ten-thousandths; each is as likely as the others.
    pub lead_ratios: Vec<i64>,
}

/// The files, as text. For a test or another source; [`Data::read`] opens the real ones.
#[derive(Debug)]
pub struct Sources<A, B, C, D, E> {
    /// `stock_code, description`.
    pub items: A,
    /// `invoice_no, invoice_date, stock_code, quantity, unit_price, customer_id, country`.
    pub lines: B,
    /// `stock_code, date, units, voided_units, revenue, order_lines, max_line, returned_units`.
    pub daily: C,
    /// `invoice_no, invoice_date, stock_code, quantity, median_price, kind, note`.
    pub adjustments: D,
    /// `u, ratio`.
    pub lead_ratios: E,
}

/// The folder with the data: the one given, else that of `PURSER_DEMO_DATA`, else the one of the
/// sources that this was built from, else `demo-data` beside the running binary.
///
/// # Errors
///
/// `NoFolder` when none of them has `lines.csv.gz`. A folder given or named is the only one tried.
pub fn data_folder(given: Option<&Path>) -> Result<PathBuf, ReadError> {
    let named =
        given.map(Path::to_path_buf).or_else(|| std::env::var_os(DATA_VARIABLE).map(PathBuf::from));
    let candidates = match named {
        Some(folder) => vec![folder],
        None => {
            let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(FOLDER);
            let binary = std::env::current_exe().ok();
            let beside = binary.as_deref().and_then(Path::parent).map(|folder| folder.join(FOLDER));
            std::iter::once(sources).chain(beside).collect()
        }
    };
    match candidates.iter().find(|folder| folder.join("lines.csv.gz").is_file()) {
        Some(folder) => Ok(folder.clone()),
        None => Err(ReadError::NoFolder {
            tried: candidates.iter().map(|folder| folder.display().to_string()).collect(),
        }),
    }
}

impl Data {
    /// Reads the files of a folder, see [`data_folder`].
    ///
    /// # Errors
    ///
    /// `Unreadable`, then as [`Data::from_sources`].
    pub fn read(folder: &Path) -> Result<Data, ReadError> {
        Data::from_sources(Sources {
            items: GzDecoder::new(open(folder, "items.csv.gz")?),
            lines: GzDecoder::new(open(folder, "lines.csv.gz")?),
            daily: GzDecoder::new(open(folder, "daily.csv.gz")?),
            adjustments: GzDecoder::new(open(folder, "adjustments.csv.gz")?),
            lead_ratios: open(folder, "lead_ratio.csv")?,
        })
    }

    /// Reads the files' text.
    ///
    /// # Errors
    ///
    /// `Unreadable`, `Columns` and `Cell`, for the first row that is wrong.
    pub fn from_sources(
        sources: Sources<impl Read, impl Read, impl Read, impl Read, impl Read>,
    ) -> Result<Data, ReadError> {
        let items = read_items(sources.items)?;
        let mut names = Names::new(&items);
        let lines = read_lines(sources.lines, &mut names)?;
        let daily = read_daily(sources.daily, &mut names)?;
        let adjustments = read_adjustments(sources.adjustments, &mut names)?;
        let lead_ratios = read_lead_ratios(sources.lead_ratios)?;
        let countries = names.countries;
        Ok(Data { items, countries, lines, daily, adjustments, lead_ratios })
    }

    /// The item at an index of this data.
    #[must_use]
    pub fn item(&self, index: ItemIndex) -> &ItemRow {
        &self.items[index.0]
    }

    /// The name of the country at an index of this data.
    #[must_use]
    pub fn country(&self, index: CountryIndex) -> &str {
        &self.countries[index.0]
    }
}

fn open(folder: &Path, file: &'static str) -> Result<File, ReadError> {
    File::open(folder.join(file))
        .map_err(|error| ReadError::Unreadable { file, reason: error.to_string() })
}

/// What the rows name, found by its text.
struct Names {
    items: HashMap<String, ItemIndex>,
    countries: Vec<String>,
    /// Rows come by day in long runs: the last day read is most often the next one too.
    last_day: Option<(String, Day)>,
}

impl Names {
    fn new(items: &[ItemRow]) -> Names {
        let items =
            items.iter().enumerate().map(|(at, item)| (item.code.clone(), ItemIndex(at))).collect();
        Names { items, countries: Vec::new(), last_day: None }
    }

    fn item(&self, cell: &Cell<'_>) -> Result<ItemIndex, ReadError> {
        self.items.get(cell.text).copied().ok_or_else(|| cell.wrong("a stock code of items.csv"))
    }

    fn country(&mut self, cell: &Cell<'_>) -> Result<CountryIndex, ReadError> {
        if cell.text.is_empty() {
            return Err(cell.wrong("a country"));
        }
        if let Some(at) = self.countries.iter().position(|name| name == cell.text) {
            return Ok(CountryIndex(at));
        }
        self.countries.push(cell.text.to_owned());
        Ok(CountryIndex(self.countries.len() - 1))
    }

    fn day(&mut self, cell: &Cell<'_>, text: &str) -> Result<Day, ReadError> {
        if let Some((last, day)) = &self.last_day
            && last == text
        {
            return Ok(*day);
        }
        let day = Day::parse(text).map_err(|_| cell.wrong("a day such as 2010-12-01"))?;
        self.last_day = Some((text.to_owned(), day));
        Ok(day)
    }

    /// Day and minutes since midnight of `2010-12-01T08:26`.
    fn moment(&mut self, cell: &Cell<'_>) -> Result<(Day, u16), ReadError> {
        const EXPECTED: &str = "a day and a time such as 2010-12-01T08:26";
        let (day, time) = cell.text.split_once('T').ok_or_else(|| cell.wrong(EXPECTED))?;
        let two = |text: &str, below: u16| {
            let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u16>().ok().filter(|number| digits && *number < below)
        };
        let minute = time
            .split_once(':')
            .and_then(|(hour, minute)| Some(two(hour, 24)? * 60 + two(minute, 60)?))
            .ok_or_else(|| cell.wrong(EXPECTED))?;
        Ok((self.day(cell, day)?, minute))
    }
}

/// A cell, with what an error says about it.
struct Cell<'a> {
    file: &'static str,
    row: u32,
    column: &'static str,
    text: &'a str,
}

impl Cell<'_> {
    fn wrong(&self, expected: &'static str) -> ReadError {
        let (file, row, column) = (self.file, self.row, self.column);
        ReadError::Cell { file, row, column, found: self.text.to_owned(), expected }
    }

    fn whole(&self) -> Result<i64, ReadError> {
        parse_scaled(self.text, 0).map_err(|_| self.wrong("a whole number"))
    }

    fn price(&self) -> Result<Price, ReadError> {
        Price::parse(self.text).map_err(|_| self.wrong("a price with at most six decimals"))
    }

    fn invoice(&self) -> Result<InvoiceNo, ReadError> {
        InvoiceNo::parse(self.text).ok_or_else(|| self.wrong("digits, or A or C and digits"))
    }
}

/// A row whose cells are taken by position.
struct CsvRow<'a, const N: usize> {
    file: &'static str,
    row: u32,
    columns: &'static [&'static str; N],
    record: &'a StringRecord,
}

impl<'a, const N: usize> CsvRow<'a, N> {
    fn cell(&self, at: usize) -> Cell<'a> {
        // The reader refuses rows with another number of cells than the headings.
        let text = self.record.get(at).unwrap_or_default();
        Cell { file: self.file, row: self.row, column: self.columns[at], text }
    }
}

/// Reads every row of a file whose headings are `columns`.
fn read_rows<T, const N: usize>(
    file: &'static str,
    source: impl Read,
    columns: &'static [&'static str; N],
    mut read: impl FnMut(&CsvRow<'_, N>) -> Result<T, ReadError>,
) -> Result<Vec<T>, ReadError> {
    let unreadable = |error: csv::Error| ReadError::Unreadable { file, reason: error.to_string() };
    let mut reader = csv::Reader::from_reader(source);
    let headings = reader.headers().map_err(unreadable)?;
    if headings != columns.as_slice() {
        let found = headings.iter().collect::<Vec<_>>().join(", ");
        return Err(ReadError::Columns { file, found, expected: columns.join(", ") });
    }
    let mut rows = Vec::new();
    let mut record = StringRecord::new();
    let mut row = 0;
    while reader.read_record(&mut record).map_err(unreadable)? {
        row += 1;
        rows.push(read(&CsvRow { file, row, columns, record: &record })?);
    }
    Ok(rows)
}

fn read_items(source: impl Read) -> Result<Vec<ItemRow>, ReadError> {
    read_rows("items.csv", source, &["stock_code", "description"], |row| {
        Ok(ItemRow { code: row.cell(0).text.to_owned(), description: row.cell(1).text.to_owned() })
    })
}

fn read_lines(source: impl Read, names: &mut Names) -> Result<Vec<Line>, ReadError> {
    const COLUMNS: &[&str; 7] = &[
        "invoice_no",
        "invoice_date",
        "stock_code",
        "quantity",
        "unit_price",
        "customer_id",
        "country",
    ];
    read_rows("lines.csv", source, COLUMNS, |row| {
        let (day, minute) = names.moment(&row.cell(1))?;
        let customer = row.cell(5);
        let customer = match customer.text {
            "" => None,
            text => {
                Some(text.parse().map_err(|_| customer.wrong("a customer's number or nothing"))?)
            }
        };
        Ok(Line {
            row: row.row,
            invoice: row.cell(0).invoice()?,
            day,
            minute,
            item: names.item(&row.cell(2))?,
            quantity: row.cell(3).whole()?,
            price: row.cell(4).price()?,
            customer,
            country: names.country(&row.cell(6))?,
        })
    })
}

fn read_daily(source: impl Read, names: &mut Names) -> Result<Vec<DailyRow>, ReadError> {
    const COLUMNS: &[&str; 8] = &[
        "stock_code",
        "date",
        "units",
        "voided_units",
        "revenue",
        "order_lines",
        "max_line",
        "returned_units",
    ];
    read_rows("daily.csv", source, COLUMNS, |row| {
        let date = row.cell(1);
        Ok(DailyRow {
            item: names.item(&row.cell(0))?,
            day: names.day(&date, date.text)?,
            units: row.cell(2).whole()?,
            voided_units: row.cell(3).whole()?,
            order_lines: row.cell(5).whole()?,
            max_line: row.cell(6).whole()?,
            returned_units: row.cell(7).whole()?,
        })
    })
}

fn read_adjustments(source: impl Read, names: &mut Names) -> Result<Vec<AdjustmentRow>, ReadError> {
    const COLUMNS: &[&str; 7] =
        &["invoice_no", "invoice_date", "stock_code", "quantity", "median_price", "kind", "note"];
    read_rows("adjustments.csv", source, COLUMNS, |row| {
        let (day, minute) = names.moment(&row.cell(1))?;
        let median = row.cell(4);
        let kind = row.cell(5);
        Ok(AdjustmentRow {
            row: row.row,
            invoice: row.cell(0).invoice()?,
            day,
            minute,
            item: names.item(&row.cell(2))?,
            quantity: row.cell(3).whole()?,
            median_price: if median.text.is_empty() { None } else { Some(median.price()?) },
            kind: AdjustmentKind::parse(kind.text)
                .ok_or_else(|| kind.wrong("a kind of adjustment such as found"))?,
            note: row.cell(6).text.to_owned(),
        })
    })
}

fn read_lead_ratios(source: impl Read) -> Result<Vec<i64>, ReadError> {
    read_rows("lead_ratio.csv", source, &["u", "ratio"], |row| {
        let ratio = row.cell(1);
        parse_scaled(ratio.text, 4)
            .ok()
            .filter(|ratio| *ratio > 0)
            .ok_or_else(|| ratio.wrong("a number above zero with at most four decimals"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(items: &str, lines: &str) -> Result<Data, ReadError> {
        let lines = format!(
            "invoice_no,invoice_date,stock_code,quantity,unit_price,customer_id,country\n{lines}"
        );
        let daily =
            "stock_code,date,units,voided_units,revenue,order_lines,max_line,returned_units\n";
        let adjustments = "invoice_no,invoice_date,stock_code,quantity,median_price,kind,note\n";
        Data::from_sources(Sources {
            items: items.as_bytes(),
            lines: lines.as_bytes(),
            daily: daily.as_bytes(),
            adjustments: adjustments.as_bytes(),
            lead_ratios: "u,ratio\n0.5,0.8123\n".as_bytes(),
        })
    }

    const ITEMS: &str = "stock_code,description\n21730,STAR\n71053,\n";

    #[test]
    fn a_row_becomes_a_typed_line() {
        let data =
            read(ITEMS, "C536365,2010-12-01T08:26,71053,-6,3.39,17850,United Kingdom\n").unwrap();
        let line = &data.lines[0];
        assert_eq!((line.invoice.kind, line.invoice.number), (InvoiceKind::Credit, 536_365));
        assert_eq!(line.invoice.to_string(), "C536365");
        assert_eq!((line.day.to_string(), line.minute), ("2010-12-01".to_owned(), 506));
        assert_eq!((line.item, line.quantity), (ItemIndex(1), -6));
        assert_eq!((line.price.micro(), line.customer), (3_390_000, Some(17850)));
        assert_eq!(data.country(line.country), "United Kingdom");
        assert_eq!(data.lead_ratios, [8123]);
    }

    #[test]
    fn a_wrong_cell_is_told_with_file_row_and_column() {
        let good = "536365,2010-12-01T08:26,21730,6,4.25,,EIRE\n";
        for (bad, column) in [
            ("X1,2010-12-01T08:26,21730,6,4.25,,EIRE", "invoice_no"),
            ("C-1,2010-12-01T08:26,21730,6,4.25,,EIRE", "invoice_no"),
            ("1,2010-12-01 08:26,21730,6,4.25,,EIRE", "invoice_date"),
            ("1,2010-12-01T24:00,21730,6,4.25,,EIRE", "invoice_date"),
            ("1,2010-02-30T08:26,21730,6,4.25,,EIRE", "invoice_date"),
            ("1,2010-12-01T08:26,21731,6,4.25,,EIRE", "stock_code"),
            ("1,2010-12-01T08:26,21730,6.5,4.25,,EIRE", "quantity"),
            ("1,2010-12-01T08:26,21730,6,4.2512345,,EIRE", "unit_price"),
            ("1,2010-12-01T08:26,21730,6,4.25,anna,EIRE", "customer_id"),
            ("1,2010-12-01T08:26,21730,6,4.25,,", "country"),
        ] {
            match read(ITEMS, &format!("{good}{bad}\n")) {
                Err(ReadError::Cell { file: "lines.csv", row: 2, column: found, .. }) => {
                    assert_eq!(found, column, "{bad}");
                }
                other => panic!("{bad}: {other:?}"),
            }
        }
    }

    #[test]
    fn other_headings_and_missing_cells_are_refused() {
        let found = read("code,name\n", "").unwrap_err();
        assert_eq!(found.problem().code, "demo_file_columns");
        let found = read(ITEMS, "536365,2010-12-01T08:26\n").unwrap_err();
        assert_eq!(found.problem().code, "demo_file_unreadable");
    }

    #[test]
    fn a_folder_that_was_given_is_the_only_one_tried() {
        let found = data_folder(Some(Path::new("/nowhere/at/all"))).unwrap_err();
        assert!(matches!(&found, ReadError::NoFolder { tried } if tried.len() == 1), "{found}");
    }
}
