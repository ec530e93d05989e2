//! How much of something, in millionths of its unit.

use std::fmt;

use crate::number::fit;
use crate::wire::{DECIMAL, text};
use crate::{NumberError, format_scaled, parse_scaled};

/// A quantity in millionths of a unit. The unit is known by whoever holds it. May be negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quantity(i64);

impl Quantity {
    /// None.
    pub const ZERO: Quantity = Quantity(0);
    /// One unit.
    pub const ONE: Quantity = Quantity(Quantity::MICRO);
    /// How many millionths make one unit.
    pub const MICRO: i64 = 1_000_000;

    /// A quantity of millionths.
    #[must_use]
    pub const fn from_micro(micro: i64) -> Quantity {
        Quantity(micro)
    }

    /// The quantity in millionths.
    #[must_use]
    pub const fn micro(self) -> i64 {
        self.0
    }

    /// A quantity of whole units.
    ///
    /// # Errors
    ///
    /// `OutOfRange` beyond about nine trillion units.
    pub fn from_units(units: i64) -> Result<Quantity, NumberError> {
        fit(i128::from(units) * i128::from(Quantity::MICRO)).map(Quantity)
    }

    /// A quantity of whole units, for literals; for anything read, use [`Quantity::from_units`].
    ///
    /// # Panics
    ///
    /// Beyond about nine trillion units; in a constant the compiler says so.
    #[must_use]
    pub const fn units(units: i64) -> Quantity {
        Quantity(units.checked_mul(Quantity::MICRO).expect("a literal quantity fits"))
    }

    /// Reads a decimal such as `2.5`.
    ///
    /// # Errors
    ///
    /// As [`parse_scaled`], with six decimals.
    pub fn parse(text: &str) -> Result<Quantity, NumberError> {
        parse_scaled(text, 6).map(Quantity)
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// `OutOfRange`.
    pub fn checked_add(self, other: Quantity) -> Result<Quantity, NumberError> {
        fit(i128::from(self.0) + i128::from(other.0)).map(Quantity)
    }

    /// The difference.
    ///
    /// # Errors
    ///
    /// `OutOfRange`.
    pub fn checked_sub(self, other: Quantity) -> Result<Quantity, NumberError> {
        fit(i128::from(self.0) - i128::from(other.0)).map(Quantity)
    }

    /// The sum of many; only the final sum has to fit.
    ///
    /// # Errors
    ///
    /// `OutOfRange`.
    pub fn checked_sum(
        quantities: impl IntoIterator<Item = Quantity>,
    ) -> Result<Quantity, NumberError> {
        fit(quantities.into_iter().map(|quantity| i128::from(quantity.0)).sum()).map(Quantity)
    }

    /// The same quantity the other way.
    ///
    /// # Panics
    ///
    /// For `i64::MIN` millionths, which no parser and no calculation of this crate gives.
    #[must_use]
    pub const fn negate(self) -> Quantity {
        Quantity(self.0.checked_neg().expect("a quantity is never i64::MIN"))
    }

    /// The quantity without its sign.
    ///
    /// # Panics
    ///
    /// As [`Quantity::negate`].
    #[must_use]
    pub const fn abs(self) -> Quantity {
        if self.is_negative() { self.negate() } else { self }
    }

    /// Whether this is nothing.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether this is more than nothing.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// Whether this is less than nothing.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

/// Without trailing zeros: `2.5`, `3`.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format_scaled(self.0, 6, 0))
    }
}

as_text!(
    Quantity,
    NumberError,
    "a decimal string such as \"12.5\"",
    text("12.5").pattern(Some(DECIMAL)).description(Some("A quantity with at most six decimals"))
);

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema;

    use super::*;

    #[test]
    fn a_quantity_reads_and_shows_trimmed() {
        #[track_caller]
        fn check(text: &str, micro: i64, shown: &str) {
            let quantity = Quantity::parse(text).unwrap();
            assert_eq!(quantity.micro(), micro);
            assert_eq!(quantity.to_string(), shown);
        }
        check("2.50", 2_500_000, "2.5");
        check("3", 3_000_000, "3");
        check("-0.000001", -1, "-0.000001");
        check("-0", 0, "0");
        assert_eq!(Quantity::parse("0.0000001"), Err(NumberError::TooPrecise { decimals: 6 }));
    }

    #[test]
    fn arithmetic_is_checked() {
        let most = Quantity::from_micro(i64::MAX);
        assert_eq!(Quantity::ONE.checked_add(Quantity::ONE), Ok(Quantity::units(2)));
        assert_eq!(Quantity::ONE.checked_sub(Quantity::units(3)), Ok(Quantity::units(-2)));
        assert_eq!(most.checked_add(Quantity::from_micro(1)), Err(NumberError::OutOfRange));
        assert_eq!(most.negate().checked_sub(Quantity::ONE), Err(NumberError::OutOfRange));
        assert_eq!(Quantity::from_units(i64::MAX), Err(NumberError::OutOfRange));
        assert_eq!(Quantity::checked_sum([most, most, most.negate()]), Ok(most));
        assert_eq!(Quantity::checked_sum([most, most]), Err(NumberError::OutOfRange));
        assert_eq!(Quantity::checked_sum([]), Ok(Quantity::ZERO));
        assert_eq!(Quantity::units(-2).abs(), Quantity::units(2));
        assert_eq!(Quantity::ONE.min(Quantity::ZERO), Quantity::ZERO);
        assert!(Quantity::ZERO.is_zero() && Quantity::ONE.is_positive());
        assert!(Quantity::ONE.negate().is_negative());
    }

    #[test]
    fn json_is_a_decimal_string_and_nothing_else() {
        let half = Quantity::from_micro(500_000);
        assert_eq!(serde_json::to_string(&half).unwrap(), r#""0.5""#);
        assert_eq!(serde_json::from_str::<Quantity>(r#""0.5""#).unwrap(), half);
        for bad in ["0.5", "1", r#""1e3""#, r#""0.0000001""#, "null"] {
            let error = serde_json::from_str::<Quantity>(bad).unwrap_err().to_string();
            assert!(error.contains(r#"expected a decimal string such as "12.5""#), "{error}");
        }
    }

    #[test]
    fn the_schema_is_a_string_with_a_pattern_and_an_example() {
        let schema = serde_json::to_value(Quantity::schema()).unwrap();
        assert_eq!(schema["type"], "string");
        assert_eq!(schema["pattern"], DECIMAL);
        assert_eq!(schema["examples"][0], "12.5");
    }
}
