//! Amounts of money, which never mix currencies.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::number::fit;
use crate::{Currency, NumberError, Problem, Rule, format_scaled, parse_scaled};

/// An amount in minor units (pence, cents) of a currency. May be negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Wire", into = "Wire")]
pub struct Money {
    /// Minor units: 1230 is 12.30 GBP.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// Why two amounts could not become one.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum MoneyError {
    /// The amounts are in different currencies.
    #[error("the amounts are in different currencies; convert one of them first")]
    CurrencyMismatch,
    /// The result cannot be held.
    #[error("the amount is out of range; use smaller amounts")]
    OutOfRange,
}

impl From<NumberError> for MoneyError {
    fn from(_: NumberError) -> Self {
        MoneyError::OutOfRange
    }
}

impl Rule for MoneyError {
    fn problem(&self) -> Problem {
        let code = match self {
            MoneyError::CurrencyMismatch => "currency_mismatch",
            MoneyError::OutOfRange => "money_out_of_range",
        };
        Problem::invalid(code, self.to_string())
    }
}

impl Money {
    /// An amount of minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// Nothing, in a currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    /// Reads an amount such as `12.30`, without its currency.
    ///
    /// # Errors
    ///
    /// As [`parse_scaled`], with the decimals of the currency.
    pub fn parse(text: &str, currency: Currency) -> Result<Money, NumberError> {
        Ok(Money { minor: parse_scaled(text, currency.decimals())?, currency })
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// `CurrencyMismatch`, then `OutOfRange`.
    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        self.with(other, i128::from(self.minor) + i128::from(other.minor))
    }

    /// The difference.
    ///
    /// # Errors
    ///
    /// `CurrencyMismatch`, then `OutOfRange`.
    pub fn checked_sub(self, other: Money) -> Result<Money, MoneyError> {
        self.with(other, i128::from(self.minor) - i128::from(other.minor))
    }

    fn with(self, other: Money, minor: i128) -> Result<Money, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        Ok(Money { minor: fit(minor)?, currency: self.currency })
    }

    /// The same amount the other way.
    ///
    /// # Panics
    ///
    /// When `minor` is `i64::MIN`, which no parser and no calculation of this crate gives.
    #[must_use]
    pub const fn negate(self) -> Money {
        let minor = self.minor.checked_neg().expect("an amount is never i64::MIN");
        Money { minor, currency: self.currency }
    }

    /// The amount with all decimals of its currency, such as `12.30`.
    #[must_use]
    pub fn amount_text(&self) -> String {
        let decimals = self.currency.decimals();
        format_scaled(self.minor, decimals, decimals)
    }
}

/// Amount and currency, such as `12.30 GBP`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount_text(), self.currency)
    }
}

/// How money is written in JSON.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Wire {
    /// A decimal string with at most the decimals of the currency.
    #[schema(pattern = r"^-?[0-9]+(\.[0-9]+)?$", example = "12.30")]
    amount: String,
    #[schema(inline)]
    currency: Currency,
}

impl From<Money> for Wire {
    fn from(money: Money) -> Self {
        Wire { amount: money.amount_text(), currency: money.currency }
    }
}

impl TryFrom<Wire> for Money {
    type Error = String;

    fn try_from(wire: Wire) -> Result<Self, String> {
        Money::parse(&wire.amount, wire.currency)
            .map_err(|error| format!("expected an amount such as \"12.30\": {error}"))
    }
}

impl PartialSchema for Money {
    fn schema() -> RefOr<Schema> {
        Wire::schema()
    }
}

impl ToSchema for Money {}

#[cfg(test)]
mod tests {
    use super::*;

    fn gbp(minor: i64) -> Money {
        Money::new(minor, Currency::GBP)
    }

    #[test]
    fn an_amount_shows_the_decimals_of_its_currency() {
        #[track_caller]
        fn check(text: &str, code: &str, minor: i64, shown: &str) {
            let money = Money::parse(text, Currency::parse(code).unwrap()).unwrap();
            assert_eq!(money.minor, minor);
            assert_eq!(money.to_string(), shown);
        }
        check("12.3", "GBP", 1230, "12.30 GBP");
        check("-0.05", "EUR", -5, "-0.05 EUR");
        check("1200", "JPY", 1200, "1200 JPY");
        check("1.5", "BHD", 1500, "1.500 BHD");
        assert_eq!(
            Money::parse("1.005", Currency::GBP),
            Err(NumberError::TooPrecise { decimals: 2 })
        );
    }

    #[test]
    fn currencies_do_not_mix_and_sums_do_not_overflow() {
        assert_eq!(gbp(150).checked_add(gbp(50)), Ok(gbp(200)));
        assert_eq!(gbp(150).checked_sub(gbp(200)), Ok(gbp(-50)));
        assert_eq!(gbp(7).negate(), gbp(-7));
        let euro = Money::zero(Currency::EUR);
        assert_eq!(gbp(i64::MAX).checked_add(euro), Err(MoneyError::CurrencyMismatch));
        assert_eq!(gbp(i64::MAX).checked_add(gbp(1)), Err(MoneyError::OutOfRange));
        assert_eq!(gbp(-i64::MAX).checked_sub(gbp(1)), Err(MoneyError::OutOfRange));
    }

    #[test]
    fn json_is_amount_and_currency() {
        let json = r#"{"amount":"12.30","currency":"GBP"}"#;
        assert_eq!(serde_json::to_string(&gbp(1230)).unwrap(), json);
        assert_eq!(serde_json::from_str::<Money>(json).unwrap(), gbp(1230));
        for bad in [
            r#"{"amount":12.30,"currency":"GBP"}"#,
            r#"{"amount":"12.305","currency":"GBP"}"#,
            r#"{"amount":"12.30"}"#,
            r#"{"amount":"12.30","currency":"GBP","tax":"1"}"#,
        ] {
            assert!(serde_json::from_str::<Money>(bad).is_err(), "{bad}");
        }
    }
}
