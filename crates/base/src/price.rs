//! What one unit of goods costs.

use std::fmt;

use crate::number::div_round;
use crate::wire::{DECIMAL, text};
use crate::{
    Currency, NumberError, Quantity, Rate, Rounding, format_scaled, mul_div, parse_scaled,
};

/// A price in millionths of a currency's major unit per unit of goods: 1.25 GBP is 1 250 000.
/// The currency is known by whoever holds it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Price(i64);

/// Price and quantity carry six decimals each.
const PRODUCT_DECIMALS: u32 = 12;

impl Price {
    /// Free.
    pub const ZERO: Price = Price(0);

    /// A price of millionths of the major unit.
    #[must_use]
    pub const fn from_micro(micro: i64) -> Price {
        Price(micro)
    }

    /// The price in millionths of the major unit.
    #[must_use]
    pub const fn micro(self) -> i64 {
        self.0
    }

    /// Reads a decimal such as `1.25`.
    ///
    /// # Errors
    ///
    /// As [`parse_scaled`], with six decimals.
    pub fn parse(text: &str) -> Result<Price, NumberError> {
        parse_scaled(text, 6).map(Price)
    }

    /// What the quantity costs, in minor units of the currency, rounded once.
    ///
    /// # Errors
    ///
    /// `OutOfRange`.
    pub fn extend(
        self,
        quantity: Quantity,
        currency: Currency,
        rounding: Rounding,
    ) -> Result<i64, NumberError> {
        let product = i128::from(self.0) * i128::from(quantity.micro());
        div_round(product, product_per_minor(currency), rounding)
    }

    /// The price at which the quantity costs `value_minor` minor units of the currency.
    ///
    /// # Errors
    ///
    /// `OutOfRange`, also for a quantity of zero.
    pub fn of(
        value_minor: i64,
        quantity: Quantity,
        currency: Currency,
        rounding: Rounding,
    ) -> Result<Price, NumberError> {
        let product = i128::from(value_minor) * product_per_minor(currency);
        div_round(product, i128::from(quantity.micro()), rounding).map(Price)
    }

    /// The price less a discount, to the nearest millionth, a half away from zero. A discount of
    /// 5 % is the rate 0.05.
    ///
    /// # Errors
    ///
    /// `OutOfRange` when the discount is not between 0 and 1.
    pub fn apply_percent_discount(self, percent: Rate) -> Result<Price, NumberError> {
        if percent < Rate::ZERO || percent > Rate::ONE {
            return Err(NumberError::OutOfRange);
        }
        let kept = Rate::ONE.nano() - percent.nano();
        mul_div(self.0, kept, Rate::ONE.nano(), Rounding::HalfUp).map(Price)
    }
}

/// How many (millionths of price times millionths of quantity) make one minor unit.
fn product_per_minor(currency: Currency) -> i128 {
    10_i128.pow(PRODUCT_DECIMALS - currency.decimals())
}

/// Without trailing zeros: `1.25`, `3`.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format_scaled(self.0, 6, 0))
    }
}

as_text!(
    Price,
    NumberError,
    "a decimal string such as \"1.25\"",
    text("1.25")
        .pattern(Some(DECIMAL))
        .description(Some("A price for one unit of goods with at most six decimals"))
);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Rounding::{Down, HalfEven, HalfUp, Up};
    use super::*;

    fn price(text: &str) -> Price {
        Price::parse(text).unwrap()
    }

    fn quantity(text: &str) -> Quantity {
        Quantity::parse(text).unwrap()
    }

    #[test]
    fn a_quantity_costs_minor_units() {
        #[track_caller]
        fn check(each: &str, how_many: &str, code: &str, rounding: Rounding, expected: i64) {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(price(each).extend(quantity(how_many), currency, rounding), Ok(expected));
        }
        check("1.25", "3", "GBP", HalfUp, 375);
        check("0.005", "1", "GBP", HalfUp, 1);
        check("0.005", "1", "GBP", HalfEven, 0);
        check("0.005", "-1", "GBP", HalfUp, -1);
        check("0.001", "1", "GBP", Up, 1);
        check("0.009", "1", "GBP", Down, 0);
        check("99.5", "3", "JPY", HalfUp, 299);
        check("1.2345", "2", "BHD", Down, 2469);
        let most = Price::from_micro(i64::MAX);
        let many = Quantity::from_micro(i64::MAX);
        assert_eq!(most.extend(many, Currency::GBP, Down), Err(NumberError::OutOfRange));
    }

    #[test]
    fn a_value_gives_its_price_back() {
        #[track_caller]
        fn check(value: i64, how_many: &str, code: &str, expected: &str) {
            let currency = Currency::parse(code).unwrap();
            assert_eq!(Price::of(value, quantity(how_many), currency, HalfUp), Ok(price(expected)));
        }
        check(375, "3", "GBP", "1.25");
        check(100, "3", "GBP", "0.333333");
        check(200, "3", "GBP", "0.666667");
        check(299, "2", "JPY", "149.5");
        check(-375, "3", "GBP", "-1.25");
        let nothing = Price::of(375, Quantity::ZERO, Currency::GBP, HalfUp);
        assert_eq!(nothing, Err(NumberError::OutOfRange));
    }

    #[test]
    fn a_discount_lowers_the_price() {
        #[track_caller]
        fn check(each: &str, percent: &str, expected: Result<&str, NumberError>) {
            let discounted = price(each).apply_percent_discount(Rate::parse(percent).unwrap());
            assert_eq!(discounted, expected.map(price));
        }
        check("10", "0.05", Ok("9.5"));
        check("0.000001", "0.5", Ok("0.000001"));
        check("10", "1", Ok("0"));
        check("10", "0", Ok("10"));
        check("10", "1.01", Err(NumberError::OutOfRange));
        check("10", "-0.1", Err(NumberError::OutOfRange));
    }

    #[test]
    fn json_is_a_decimal_string() {
        assert_eq!(serde_json::to_string(&price("1.250")).unwrap(), r#""1.25""#);
        assert_eq!(serde_json::from_str::<Price>(r#""1.25""#).unwrap(), price("1.25"));
        assert!(serde_json::from_str::<Price>("1.25").is_err());
    }

    proptest! {
        #[test]
        fn whole_units_give_the_exact_price_back(cents in 0_i64..1_000_000_000, units in 1_i64..1_000_000) {
            let each = Price::from_micro(cents * 10_000);
            let quantity = Quantity::from_units(units).unwrap();
            let value = each.extend(quantity, Currency::GBP, Down).unwrap();
            prop_assert_eq!(value, cents * units);
            prop_assert_eq!(Price::of(value, quantity, Currency::GBP, Down), Ok(each));
        }
    }
}
