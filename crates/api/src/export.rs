//! Lists as CSV: the same lines and names as in JSON.

use serde_json::Value;
use store::StoreError;

/// All lines of a list as one CSV document. Amounts become two columns, `x` and `x_currency`, in
/// every line as soon as one has an amount there; cells that a spreadsheet would read as a formula
/// are neutralised. A list without lines has no headings.
///
/// # Errors
/// When the lines cannot be written, which is a fault of the program.
pub(crate) fn as_csv(lines: &[Value]) -> Result<Vec<u8>, StoreError> {
    let fault = |words: String| StoreError::Unusable(format!("a CSV export failed: {words}"));
    let mut columns: Vec<(&str, bool)> = Vec::new();
    for (name, value) in lines.iter().filter_map(Value::as_object).flatten() {
        match columns.iter_mut().find(|(known, _)| known == name) {
            Some((_, money)) => *money |= is_money(value),
            None => columns.push((name, is_money(value))),
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let headings = columns.iter().flat_map(|(name, money)| {
        let currency = money.then(|| format!("{name}_currency"));
        std::iter::once((*name).to_owned()).chain(currency)
    });
    if !columns.is_empty() {
        writer.write_record(headings).map_err(|error| fault(error.to_string()))?;
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
