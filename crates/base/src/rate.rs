//! Fractions that apply to money: tax, discount, exchange.

use std::fmt;

use crate::number::div_round;
use crate::wire::{DECIMAL, text};
use crate::{Currency, Money, NumberError, Rounding, format_scaled, mul_div, parse_scaled};

/// A rate in billionths. A tax of 20 % is 0.2; an exchange rate is what one unit of the first
/// currency buys of the second.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(i64);

/// A rate's decimals.
const DECIMALS: u32 = 9;

/// How many billionths make one.
const NANO: i64 = 1_000_000_000;

impl Rate {
    /// Nothing of it.
    pub const ZERO: Rate = Rate(0);
    /// All of it.
    pub const ONE: Rate = Rate(NANO);

    /// A rate of billionths.
    #[must_use]
    pub const fn from_nano(nano: i64) -> Rate {
        Rate(nano)
    }

    /// The rate in billionths.
    #[must_use]
    pub const fn nano(self) -> i64 {
        self.0
    }

    /// Reads a decimal such as `0.2`.
    ///
    /// # Errors
    ///
    /// As [`parse_scaled`], with nine decimals.
    pub fn parse(text: &str) -> Result<Rate, NumberError> {
        parse_scaled(text, DECIMALS).map(Rate)
    }

    /// This rate of an amount in minor units: the tax on a net amount.
    ///
    /// # Errors
    ///
    /// `OutOfRange`.
    pub fn apply(self, minor: i64, rounding: Rounding) -> Result<i64, NumberError> {
        mul_div(minor, self.0, NANO, rounding)
    }

    /// The amount in minor units of which `minor` is this rate: the opposite of [`Rate::apply`].
    ///
    /// # Errors
    ///
    /// `OutOfRange`, also for a rate of zero.
    pub fn divide(self, minor: i64, rounding: Rounding) -> Result<i64, NumberError> {
        mul_div(minor, NANO, self.0, rounding)
    }

    /// The amount in another currency, when one unit of its currency buys this many units of `to`.
    /// The decimals of both currencies are minded.
    ///
    /// # Errors
    ///
    /// `OutOfRange`.
    pub fn convert(
        self,
        amount: Money,
        to: Currency,
        rounding: Rounding,
    ) -> Result<Money, NumberError> {
        let product = i128::from(amount.minor) * i128::from(self.0);
        let excess_decimals = DECIMALS + amount.currency.decimals() - to.decimals();
        let minor = div_round(product, 10_i128.pow(excess_decimals), rounding)?;
        Ok(Money::new(minor, to))
    }
}

/// Without trailing zeros: `0.2`, `1`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format_scaled(self.0, DECIMALS, 0))
    }
}

as_text!(
    Rate,
    NumberError,
    "a decimal string such as \"0.2\"",
    text("0.2")
        .pattern(Some(DECIMAL))
        .description(Some("A rate as a fraction (0.2 is 20 %) with at most nine decimals"))
);

#[cfg(test)]
mod tests {
    use super::Rounding::{Down, HalfEven, HalfUp, Up};
    use super::*;

    fn rate(text: &str) -> Rate {
        Rate::parse(text).unwrap()
    }

    #[test]
    fn a_rate_applies_and_divides() {
        assert_eq!(rate("0.2").apply(1230, HalfUp), Ok(246));
        assert_eq!(rate("0.175").apply(100, HalfUp), Ok(18));
        assert_eq!(rate("0.175").apply(-100, HalfEven), Ok(-18));
        assert_eq!(rate("0.125").apply(100, HalfEven), Ok(12));
        assert_eq!(rate("1.2").divide(1476, HalfUp), Ok(1230));
        assert_eq!(rate("1.2").divide(100, Down), Ok(83));
        assert_eq!(Rate::ZERO.divide(1, Up), Err(NumberError::OutOfRange));
        assert_eq!(rate("2").apply(i64::MAX, Down), Err(NumberError::OutOfRange));
        assert_eq!(Rate::ONE.apply(i64::MAX, Down), Ok(i64::MAX));
    }

    #[test]
    fn an_exchange_minds_the_decimals_of_both_currencies() {
        #[track_caller]
        fn check(amount: &str, from: &str, at: &str, to: &str, expected: &str) {
            let amount = Money::parse(amount, Currency::parse(from).unwrap()).unwrap();
            let converted = rate(at).convert(amount, Currency::parse(to).unwrap(), HalfUp);
            assert_eq!(converted.unwrap().to_string(), expected);
        }
        check("100.00", "GBP", "1.17", "EUR", "117.00 EUR");
        check("10.00", "GBP", "190.123", "JPY", "1901 JPY");
        check("1901", "JPY", "0.005259753", "GBP", "10.00 GBP");
        check("1.000", "BHD", "2.1", "GBP", "2.10 GBP");
        check("2.10", "GBP", "0.476190476", "BHD", "1.000 BHD");
        check("40000", "JPY", "0.0001", "CLF", "4.0000 CLF");
    }

    #[test]
    fn an_exchange_beyond_range_is_an_error() {
        let most = Money::new(i64::MAX, Currency::GBP);
        let converted = Rate::from_nano(i64::MAX).convert(most, Currency::EUR, Down);
        assert_eq!(converted, Err(NumberError::OutOfRange));
    }

    #[test]
    fn json_is_a_decimal_string() {
        assert_eq!(serde_json::to_string(&rate("0.20")).unwrap(), r#""0.2""#);
        assert_eq!(serde_json::from_str::<Rate>(r#""0.2""#).unwrap(), rate("0.2"));
        assert!(serde_json::from_str::<Rate>("0.2").is_err());
        assert_eq!(rate("0.000000001").to_string(), "0.000000001");
    }
}
