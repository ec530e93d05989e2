//! ISO 4217 currencies.

use std::fmt;

use crate::wire::text;
use crate::{Problem, Rule};

/// A currency of ISO 4217.
#[derive(Copy, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

/// Why a currency was not accepted.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum CurrencyError {
    /// ISO 4217 has no such code.
    #[error("not a currency; write a code of ISO 4217 in capitals, such as GBP")]
    Unknown,
}

impl Rule for CurrencyError {
    fn problem(&self) -> Problem {
        Problem::invalid("currency_unknown", self.to_string())
    }
}

impl Currency {
    /// Pound sterling.
    pub const GBP: Currency = Currency(*b"GBP");
    /// Euro.
    pub const EUR: Currency = Currency(*b"EUR");
    /// US dollar.
    pub const USD: Currency = Currency(*b"USD");

    /// Reads a code of three capitals.
    ///
    /// # Errors
    ///
    /// `Unknown` when ISO 4217 has no such code.
    pub fn parse(text: &str) -> Result<Currency, CurrencyError> {
        let code = <[u8; 3]>::try_from(text.as_bytes()).map_err(|_| CurrencyError::Unknown)?;
        match iso_currency::Currency::from_code(text) {
            Some(known) if known.code() == text => Ok(Currency(code)),
            _ => Err(CurrencyError::Unknown),
        }
    }

    /// The code, such as `GBP`.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a currency code is ASCII")
    }

    /// How many decimals the minor unit has: 2 for GBP, 0 for JPY. Where ISO 4217 names none, 2.
    #[must_use]
    pub fn decimals(&self) -> u32 {
        iso_currency::Currency::from_code(self.code())
            .and_then(|known| known.exponent())
            .map_or(2, u32::from)
    }

    /// How many minor units make one unit: 100 for GBP, 1 for JPY.
    #[must_use]
    pub fn minor_per_unit(&self) -> i64 {
        10_i64.pow(self.decimals())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

as_text!(
    Currency,
    CurrencyError,
    "a currency code such as \"GBP\"",
    text("GBP").pattern(Some("^[A-Z]{3}$")).description(Some("A currency code of ISO 4217"))
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_the_decimals_of_its_minor_unit() {
        #[track_caller]
        fn check(code: &str, decimals: u32, minor_per_unit: i64) {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(currency.code(), code);
            assert_eq!(currency.to_string(), code);
            assert_eq!(format!("{currency:?}"), code);
            assert_eq!(currency.decimals(), decimals, "{code}");
            assert_eq!(currency.minor_per_unit(), minor_per_unit, "{code}");
        }
        check("GBP", 2, 100);
        check("EUR", 2, 100);
        check("USD", 2, 100);
        check("JPY", 0, 1);
        check("BHD", 3, 1000);
        check("CLF", 4, 10_000);
        check("XAU", 2, 100);
    }

    #[test]
    fn what_iso_4217_does_not_know_is_refused() {
        for text in ["", "GB", "gbp", "GBPX", "ZZZ", "£", "£x", " GBP"] {
            assert_eq!(Currency::parse(text), Err(CurrencyError::Unknown), "{text:?}");
        }
    }

    #[test]
    fn no_currency_has_more_than_four_decimals() {
        let letters = b'A'..=b'Z';
        for first in letters.clone() {
            for second in letters.clone() {
                for third in letters.clone() {
                    let code = String::from_utf8(vec![first, second, third]).unwrap();
                    if let Ok(currency) = Currency::parse(&code) {
                        assert!(currency.decimals() <= 4, "{code}");
                    }
                }
            }
        }
    }

    #[test]
    fn json_is_the_code() {
        assert_eq!(serde_json::to_string(&Currency::EUR).unwrap(), r#""EUR""#);
        assert_eq!(serde_json::from_str::<Currency>(r#""USD""#).unwrap(), Currency::USD);
        let error = serde_json::from_str::<Currency>(r#""usd""#).unwrap_err().to_string();
        assert!(error.contains(r#"expected a currency code such as "GBP""#), "{error}");
    }
}
