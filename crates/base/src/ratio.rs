//! How many of one unit make another.

use crate::number::{div_round, fit};
use crate::{NumberError, Quantity, Rounding, parse_scaled};

/// A positive fraction in lowest terms: 12 pieces to the box is 12/1, a gram in kilograms 1/1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i64,
    denominator: i64,
}

/// The most decimals whose power of ten fits an `i64`.
const MAX_DECIMALS: usize = 18;

impl Ratio {
    /// One to one.
    pub const ONE: Ratio = Ratio { numerator: 1, denominator: 1 };

    /// A fraction, brought to lowest terms.
    ///
    /// # Errors
    ///
    /// `OutOfRange` unless both are positive.
    pub fn new(numerator: i64, denominator: i64) -> Result<Ratio, NumberError> {
        Ratio::reduced(i128::from(numerator), i128::from(denominator))
    }

    fn reduced(numerator: i128, denominator: i128) -> Result<Ratio, NumberError> {
        if numerator <= 0 || denominator <= 0 {
            return Err(NumberError::OutOfRange);
        }
        let divisor = greatest_common_divisor(numerator, denominator);
        Ok(Ratio { numerator: fit(numerator / divisor)?, denominator: fit(denominator / divisor)? })
    }

    /// Reads a positive decimal such as `0.45359237`, exactly.
    ///
    /// # Errors
    ///
    /// As [`parse_scaled`], with eighteen decimals; `OutOfRange` unless positive.
    pub fn parse(text: &str) -> Result<Ratio, NumberError> {
        let fraction = text.split_once('.').map_or("", |(_, fraction)| fraction);
        let decimals = fraction.trim_end_matches('0').len().min(MAX_DECIMALS) as u32;
        Ratio::new(parse_scaled(text, decimals)?, 10_i64.pow(decimals))
    }

    /// The numerator in lowest terms.
    #[must_use]
    pub const fn numerator(self) -> i64 {
        self.numerator
    }

    /// The denominator in lowest terms.
    #[must_use]
    pub const fn denominator(self) -> i64 {
        self.denominator
    }

    /// The quantity times this ratio, rounded to a millionth.
    ///
    /// # Errors
    ///
    /// `OutOfRange`.
    pub fn convert(self, quantity: Quantity, rounding: Rounding) -> Result<Quantity, NumberError> {
        let product = i128::from(quantity.micro()) * i128::from(self.numerator);
        div_round(product, i128::from(self.denominator), rounding).map(Quantity::from_micro)
    }

    /// The quantity times this ratio, when it is a whole number of millionths.
    ///
    /// # Errors
    ///
    /// `TooPrecise` when it is not, then `OutOfRange`.
    pub fn convert_exact(self, quantity: Quantity) -> Result<Quantity, NumberError> {
        // In lowest terms, so the denominator has to divide the quantity itself.
        if quantity.micro() % self.denominator != 0 {
            return Err(NumberError::TooPrecise { decimals: 6 });
        }
        self.convert(quantity, Rounding::Down)
    }

    /// The ratio the other way round.
    #[must_use]
    pub const fn invert(self) -> Ratio {
        Ratio { numerator: self.denominator, denominator: self.numerator }
    }

    /// One ratio after another: 12 to the box and 40 boxes to the pallet are 480 to the pallet.
    ///
    /// # Errors
    ///
    /// `OutOfRange`.
    pub fn times(self, other: Ratio) -> Result<Ratio, NumberError> {
        Ratio::reduced(
            i128::from(self.numerator) * i128::from(other.numerator),
            i128::from(self.denominator) * i128::from(other.denominator),
        )
    }
}

fn greatest_common_divisor(mut a: i128, mut b: i128) -> i128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::NumberError::{NotANumber, OutOfRange, TooPrecise};
    use super::*;

    fn ratio(numerator: i64, denominator: i64) -> Ratio {
        Ratio::new(numerator, denominator).unwrap()
    }

    #[test]
    fn a_decimal_becomes_lowest_terms() {
        #[track_caller]
        fn check(text: &str, expected: Result<(i64, i64), NumberError>) {
            let parsed = Ratio::parse(text);
            assert_eq!(parsed.map(|found| (found.numerator(), found.denominator())), expected);
        }
        check("12", Ok((12, 1)));
        check("0.001", Ok((1, 1000)));
        check("2.50", Ok((5, 2)));
        check("0.45359237", Ok((45_359_237, 100_000_000)));
        check("0", Err(OutOfRange));
        check("-1", Err(OutOfRange));
        check("1.x", Err(NotANumber));
        check("0.0000000000000000001", Err(TooPrecise { decimals: 18 }));
    }

    #[test]
    fn a_quantity_converts_exactly_or_as_named() {
        let dozen = ratio(12, 1);
        assert_eq!(dozen.convert_exact(Quantity::units(3)), Ok(Quantity::units(36)));
        assert_eq!(dozen.invert().convert_exact(Quantity::units(36)), Ok(Quantity::units(3)));
        let one = Quantity::ONE;
        assert_eq!(dozen.invert().convert_exact(one), Err(TooPrecise { decimals: 6 }));
        let rounded = dozen.invert().convert(one, Rounding::HalfUp);
        assert_eq!(rounded, Ok(Quantity::from_micro(83_333)));
        assert_eq!(dozen.convert_exact(Quantity::from_micro(i64::MAX)), Err(OutOfRange));
        assert_eq!(Ratio::ONE.convert_exact(one), Ok(one));
    }

    #[test]
    fn ratios_follow_one_another() {
        assert_eq!(ratio(12, 1).times(ratio(40, 1)), Ok(ratio(480, 1)));
        assert_eq!(ratio(12, 5).times(ratio(5, 12)), Ok(Ratio::ONE));
        assert_eq!(ratio(i64::MAX, 1).times(ratio(2, 1)), Err(OutOfRange));
        assert_eq!(Ratio::new(0, 1), Err(OutOfRange));
        assert_eq!(Ratio::new(1, -1), Err(OutOfRange));
    }

    proptest! {
        #[test]
        fn an_exact_conversion_comes_back(n in 1_i64..1_000_000, d in 1_i64..1_000_000, units in 0_i64..1_000_000) {
            let ratio = ratio(n, d);
            if let Ok(converted) = ratio.convert_exact(Quantity::units(units)) {
                prop_assert_eq!(ratio.invert().convert_exact(converted), Ok(Quantity::units(units)));
            }
        }
    }
}
