//! Lists as files: the same lines and names as in JSON.

use crate::problem::ApiError;
use base::Problem;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use serde_json::Value;
use store::StoreError;

/// The most lines of a sheet, its headings left out.
const SHEET_LINES: usize = 1_048_575;
/// The most digits that a spreadsheet keeps of a number.
const SHEET_DIGITS: usize = 15;

/// In which form a list is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Json,
    Csv,
    Xlsx,
}

impl Form {
    /// Reads the query's `format`; JSON without one.
    ///
    /// # Errors
    /// A problem that says what there is.
    pub(crate) fn read(asked: Option<String>) -> Result<Form, ApiError> {
        match asked.as_deref() {
            None | Some("json") => Ok(Form::Json),
            Some("csv") => Ok(Form::Csv),
            Some("xlsx") => Ok(Form::Xlsx),
            Some(other) => {
                let detail = format!("there is no format {other:?}; ask for json, csv or xlsx");
                Err(Problem::invalid("bad_query", detail).with_field("format").into())
            }
        }
    }

    /// What kind of content it is.
    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::Csv => "text/csv; charset=utf-8",
            Form::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The names of the columns of lines, and whether they have amounts.
fn columns_of(lines: &[Value]) -> Vec<(&str, bool)> {
    let mut columns: Vec<(&str, bool)> = Vec::new();
    for (name, value) in lines.iter().filter_map(Value::as_object).flatten() {
        match columns.iter_mut().find(|(known, _)| known == name) {
            Some((_, money)) => *money |= is_money(value),
            None => columns.push((name, is_money(value))),
        }
    }
    columns
}

/// The headings of columns: an amount's are two.
fn headings(columns: &[(&str, bool)]) -> Vec<String> {
    let headings = columns.iter().flat_map(|(name, money)| {
        let currency = money.then(|| format!("{name}_currency"));
        std::iter::once((*name).to_owned()).chain(currency)
    });
    headings.collect()
}

/// All lines of a list as a workbook of one sheet: numbers are numbers where a spreadsheet keeps all
/// their digits, all else is text and never a formula.
///
/// # Errors
/// A problem when there are more lines than a sheet has, and a fault of the program when they cannot
/// be written.
pub(crate) fn as_xlsx(lines: &[Value]) -> Result<Vec<u8>, ApiError> {
    if lines.len() > SHEET_LINES {
        let detail = format!(
            "{} lines; a sheet has {SHEET_LINES} at most, so filter the list or ask for csv",
            lines.len()
        );
        return Err(Problem::refused("too_many_lines", detail).into());
    }
    workbook(lines).map_err(|error| {
        ApiError::from(StoreError::Unusable(format!("an XLSX export failed: {error}")))
    })
}

fn workbook(lines: &[Value]) -> Result<Vec<u8>, XlsxError> {
    let columns = columns_of(lines);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    for (at, heading) in headings(&columns).iter().enumerate() {
        sheet.write_string_with_format(0, at as u16, heading, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    for (row, line) in (1..).zip(lines) {
        let values = columns.iter().flat_map(|(name, money)| {
            let value = &line[*name];
            let parts =
                if *money { vec![&value["amount"], &value["currency"]] } else { vec![value] };
            parts.into_iter().map(|part| (is_name(name), part))
        });
        for (at, (name, value)) in values.enumerate() {
            let at = at as u16;
            let text = match value {
                Value::Null => continue,
                Value::Bool(yes) => {
                    sheet.write_boolean(row, at, *yes)?;
                    continue;
                }
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            match number(&text).filter(|_| !name) {
                Some(number) => sheet.write_number(row, at, number)?,
                None => sheet.write_string(row, at, text)?,
            };
        }
    }
    sheet.autofit();
    book.save_to_buffer()
}

/// Whether a column has names of things, which are text even when they are digits alone.
fn is_name(column: &str) -> bool {
    const NAMES: [&str; 14] = [
        "id",
        "sku",
        "code",
        "number",
        "ref",
        "reference",
        "barcode",
        "tracking",
        "lot",
        "note",
        "name",
        "phone",
        "postcode",
        "memo",
    ];
    let last = column.rsplit('_').next().unwrap_or(column);
    NAMES.contains(&last)
}

/// A decimal, with a fraction or without, as the number that a spreadsheet keeps whole.
fn number(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let padded = whole.len() > 1 && whole.starts_with('0');
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let written_out = all_digits(whole) && all_digits(fraction) && !digits.ends_with('.');
    let decimal = written_out && !whole.is_empty() && !padded;
    let kept = whole.len() + fraction.len() <= SHEET_DIGITS;
    (decimal && kept).then(|| text.parse().ok()).flatten()
}

/// All lines of a list as one CSV document. Amounts become two columns, `x` and `x_currency`, in
/// every line as soon as one has an amount there; cells that a spreadsheet would read as a formula
/// are neutralised. A list without lines has no headings.
///
/// # Errors
/// When the lines cannot be written, which is a fault of the program.
pub(crate) fn as_csv(lines: &[Value]) -> Result<Vec<u8>, StoreError> {
    let fault = |words: String| StoreError::Unusable(format!("a CSV export failed: {words}"));
    let columns = columns_of(lines);
    let mut writer = csv::Writer::from_writer(Vec::new());
    if !columns.is_empty() {
        writer.write_record(headings(&columns)).map_err(|error| fault(error.to_string()))?;
    }
    for line in lines {
        let cells = columns.iter().flat_map(|(name, money)| cells(&line[*name], *money));
        writer.write_record(cells).map_err(|error| fault(error.to_string()))?;
    }
    writer.into_inner().map_err(|error| fault(error.to_string()))
}

fn is_money(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| fields.len() == 2 && fields.contains_key("amount"))
}

/// The cells of a value: two where the column has amounts.
fn cells(value: &Value, money: bool) -> Vec<String> {
    let text = match value {
        value if is_money(value) => {
            let part = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
            return vec![part("amount"), part("currency")];
        }
        Value::Null => String::new(),
        Value::String(text) => neutral(text),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        other => neutral(&other.to_string()),
    };
    if money { vec![text, String::new()] } else { vec![text] }
}

/// Keeps a spreadsheet from running a cell as a formula. Numbers stay numbers.
fn neutral(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let number = text.strip_prefix('-').unwrap_or(text);
    let number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if formula && !number { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_neutralised_and_numbers_stay() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("@x", "'@x"),
            ("-12.50", "-12.50"),
            ("-cmd", "'-cmd"),
            ("plain", "plain"),
        ] {
            assert_eq!(neutral(text), cell);
        }
    }

    #[test]
    fn numbers_of_a_workbook_keep_all_their_digits() {
        for (text, kept) in [
            ("12.50", Some(12.5)),
            ("-3", Some(-3.0)),
            ("0.000001", Some(0.000_001)),
            ("0", Some(0.0)),
            ("007", None),
            ("", None),
            ("-", None),
            ("1.", None),
            ("1e5", None),
            ("2026-01-31", None),
            ("=1+1", None),
            ("1234567890123456", None),
        ] {
            assert_eq!(number(text), kept, "{text}");
        }
    }

    #[test]
    fn a_workbook_is_a_zip_with_one_sheet() {
        let lines = [serde_json::json!({
            "name": "=1+1", "limit": { "amount": "1.00", "currency": "GBP" }, "tags": ["a"],
        })];
        for some in [&lines[..], &[]] {
            let file = as_xlsx(some).expect("a workbook");
            assert!(file.starts_with(b"PK"), "{:?}", &file[..4]);
            let names = String::from_utf8_lossy(&file);
            assert!(names.contains("xl/worksheets/sheet1.xml"), "the sheet is in it");
        }
    }

    #[test]
    fn an_amount_that_some_lines_lack_has_its_columns_in_all() {
        let lines = [
            serde_json::json!({ "name": "none", "limit": null, "tags": ["a"] }),
            serde_json::json!({ "name": "some", "limit": { "amount": "1.00", "currency": "GBP" } }),
        ];
        let file = String::from_utf8(as_csv(&lines).expect("a file")).expect("text");
        assert_eq!(
            file,
            "limit,limit_currency,name,tags\n,,none,\"[\"\"a\"\"]\"\n1.00,GBP,some,\n"
        );
        assert_eq!(as_csv(&[]).expect("nothing"), b"");
    }
}
