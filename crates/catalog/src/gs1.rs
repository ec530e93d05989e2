//! What a GS1 code tells: fields one after another, each with the number that says what it is.
//! Fields of a known length follow each other at once; any other ends at a separator.

use base::{Day, Quantity};

/// What ends a field of no fixed length, as scanners send it.
const SEPARATOR: char = '\u{1d}';
/// What scanners put before a GS1 code to say that it is one.
const SYMBOLOGIES: [&str; 5] = ["]C1", "]e0", "]d2", "]Q3", "]J1"];

/// What of a GS1 code we use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Gs1 {
    /// The trade item, 14 digits: itself, or what a logistic unit contains.
    pub gtin: String,
    pub lot: Option<String>,
    pub serial: Option<String>,
    /// The last day; that of the best taste where there is no other.
    pub expires_on: Option<Day>,
    /// How many of them.
    pub count: Option<Quantity>,
}

/// Reads a GS1 code as a scanner sends it, or as people write it, with brackets around the numbers
/// of the fields. Nothing when it is none, or names no trade item. Years have two digits, so `today`
/// says of which century they are.
pub(crate) fn read(code: &str, today: Day) -> Option<Gs1> {
    let bare = SYMBOLOGIES.iter().find_map(|mark| code.strip_prefix(mark)).unwrap_or(code);
    let fields = if bare.starts_with('(') { bracketed(bare)? } else { packed(bare)? };
    let mut told = Gs1::default();
    let mut best_before = None;
    for (number, value) in fields {
        match number.as_str() {
            "01" | "02" if is_gtin(&value) => told.gtin = value,
            "01" | "02" => return None,
            "10" => told.lot = Some(value),
            "21" => told.serial = Some(value),
            "15" => best_before = Some(day(&value, today)?),
            "17" => told.expires_on = Some(day(&value, today)?),
            "30" | "37" => told.count = Some(value.parse().ok()?),
            _ => {}
        }
    }
    told.expires_on = told.expires_on.or(best_before);
    (!told.gtin.is_empty()).then_some(told)
}

fn is_gtin(value: &str) -> bool {
    value.len() == 14 && crate::rules::barcode_kind(value) == Ok(crate::BarcodeKind::Gtin14)
}

/// `(01)05901234123457(10)A7`.
fn bracketed(code: &str) -> Option<Vec<(String, String)>> {
    code.strip_prefix('(')?
        .split('(')
        .map(|field| {
            let (number, value) = field.split_once(')')?;
            let known = (2..=4).contains(&number.len()) && is_digits(number);
            (known && !value.is_empty()).then(|| (number.to_owned(), value.trim().to_owned()))
        })
        .collect()
}

/// `010590123412345710A7`.
fn packed(code: &str) -> Option<Vec<(String, String)>> {
    let mut rest = code.trim_start_matches(SEPARATOR);
    let mut fields = Vec::new();
    while !rest.is_empty() {
        let number = rest.get(..number_length(rest.get(..2)?)?)?;
        if !is_digits(number) {
            return None;
        }
        let after = &rest[number.len()..];
        let (value, next) = match value_length(number) {
            Some(length) => (after.get(..length)?, after.get(length..)?),
            None => after.split_once(SEPARATOR).unwrap_or((after, "")),
        };
        if value.is_empty() || value.contains(SEPARATOR) {
            return None;
        }
        fields.push((number.to_owned(), value.to_owned()));
        rest = next.strip_prefix(SEPARATOR).unwrap_or(next);
    }
    Some(fields)
}

/// How many digits the number of a field has, by its first two.
fn number_length(first: &str) -> Option<usize> {
    let first: u8 = first.parse().ok()?;
    match first {
        0..=3 | 10..=22 | 30 | 37 | 90..=99 => Some(2),
        23..=25 | 40..=42 | 71 => Some(3),
        31..=36 | 39 | 43 | 70 | 72 | 80..=82 => Some(4),
        _ => None,
    }
}

/// How long the value of a field is, where that is fixed.
fn value_length(number: &str) -> Option<usize> {
    match number.get(..2)? {
        "00" => Some(18),
        "01" | "02" | "03" => Some(14),
        "11" | "12" | "13" | "15" | "16" | "17" => Some(6),
        "20" => Some(2),
        "31" | "32" | "33" | "34" | "35" | "36" => Some(6),
        "41" => Some(13),
        _ => None,
    }
}

/// A day as year, month and day of two digits each; day 00 is the last of the month. Of all years
/// with the same two digits it is the one from 49 years ago to 50 years ahead.
fn day(value: &str, today: Day) -> Option<Day> {
    if value.len() != 6 || !is_digits(value) {
        return None;
    }
    let part = |at: usize| value.get(at..at + 2)?.parse::<i16>().ok();
    let (short, month, date) = (part(0)?, part(2)?, part(4)?);
    let this = today.to_string().get(..4)?.parse::<i16>().ok()?;
    let gap = short - this % 100;
    let century = this - this % 100;
    let year = match gap {
        51.. => century - 100 + short,
        ..=-50 => century + 100 + short,
        _ => century + short,
    };
    let first = Day::parse(&format!("{year:04}-{month:02}-{:02}", date.max(1))).ok()?;
    Some(if date == 0 { first.last_of_month() } else { first })
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn told(code: &str) -> Option<Gs1> {
        read(code, Day::parse("2026-03-20").expect("a day"))
    }

    fn on(text: &str) -> Option<Day> {
        Some(Day::parse(text).expect("a day"))
    }

    #[test]
    fn a_code_is_read_packed_and_bracketed_alike() {
        let all = Gs1 {
            gtin: "05901234123457".to_owned(),
            lot: Some("A7".to_owned()),
            serial: Some("77".to_owned()),
            expires_on: on("2027-01-31"),
            count: None,
        };
        assert_eq!(told("(01)05901234123457(17)270131(10)A7(21)77"), Some(all.clone()));
        assert_eq!(told("01059012341234571727013110A7\u{1d}2177"), Some(all.clone()));
        assert_eq!(told("]C101059012341234571727013110A7\u{1d}2177"), Some(all.clone()));
        assert_eq!(told("\u{1d}0105901234123457172701312177\u{1d}10A7"), Some(all));
    }

    #[test]
    fn a_logistic_unit_tells_what_it_contains_and_how_many() {
        let unit = told("(00)106141412345678908(02)10614141000415(37)24").expect("a unit");
        assert_eq!(unit.gtin, "10614141000415");
        assert_eq!(unit.count, Some(Quantity::from_micro(24_000_000)));
        let packed = told("00106141412345678908021061414100041537");
        assert_eq!(packed, None, "a field without its value is none");
    }

    #[test]
    fn two_digits_of_a_year_are_of_the_century_that_is_near() {
        let expiry = |value: &str| {
            told(&format!("(01)05901234123457(17){value}")).and_then(|told| told.expires_on)
        };
        assert_eq!(expiry("280200"), on("2028-02-29"));
        assert_eq!(expiry("760101"), on("2076-01-01"));
        assert_eq!(expiry("770101"), on("1977-01-01"));
        assert_eq!(expiry("271301"), None);
        let best = told("(01)05901234123457(15)270131").expect("a code");
        assert_eq!(best.expires_on, on("2027-01-31"));
    }

    #[test]
    fn what_names_no_trade_item_is_none() {
        for code in ["4006381333931", "A-1", "", "(10)A7", "(01)05901234123458", "0105901234", "é1"]
        {
            assert_eq!(told(code), None, "{code}");
        }
    }
}
