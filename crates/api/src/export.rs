//! Lists as CSV: the same lines and names as in JSON.

use crate::problem::ApiError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use store::StoreError;

/// All lines of a list as one CSV document. Amounts become two columns, `x` and `x_currency`; cells
/// that a spreadsheet would read as a formula are neutralised.
///
/// # Errors
/// A problem when the lines cannot be written, which is a fault of the server.
pub(crate) fn as_csv<T: Serialize>(lines: &[T]) -> Result<Response, ApiError> {
    let fault = |words: String| {
        ApiError::from(StoreError::Unusable(format!("a CSV export failed: {words}")))
    };
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut header_written = false;
    for line in lines {
        let Value::Object(fields) = serde_json::to_value(line).map_err(|e| fault(e.to_string()))?
        else {
            return Err(fault("a line is not an object".to_owned()));
        };
        let cells: Vec<(String, String)> =
            fields.iter().flat_map(|(name, value)| cell(name, value)).collect();
        if !header_written {
            let names = cells.iter().map(|(name, _)| name);
            writer.write_record(names).map_err(|e| fault(e.to_string()))?;
            header_written = true;
        }
        let values = cells.iter().map(|(_, value)| value);
        writer.write_record(values).map_err(|e| fault(e.to_string()))?;
    }
    let body = writer.into_inner().map_err(|e| fault(e.to_string()))?;
    let kind = HeaderValue::from_static("text/csv; charset=utf-8");
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, kind)], body).into_response())
}

fn cell(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Null => vec![(name.to_owned(), String::new())],
        Value::Bool(flag) => vec![(name.to_owned(), flag.to_string())],
        Value::Number(number) => vec![(name.to_owned(), number.to_string())],
        Value::String(text) => vec![(name.to_owned(), neutral(text))],
        Value::Object(money) if money.len() == 2 && money.contains_key("amount") => {
            let part = |key: &str| money.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
            vec![(name.to_owned(), part("amount")), (format!("{name}_currency"), part("currency"))]
        }
        other => vec![(name.to_owned(), neutral(&other.to_string()))],
    }
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
}
