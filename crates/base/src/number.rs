//! Decimal text to scaled integers and back, and division with a named rounding.
//!
//! The range is symmetric: `i64::MIN` is out of range, so every number has its negative.

use std::cmp::Ordering;

use crate::{Problem, Rule};

/// The longest decimal text that is read.
const MAX_LENGTH: usize = 40;

/// Why a number was not accepted.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum NumberError {
    /// There is no text.
    #[error("the number is empty; write digits such as 12.5")]
    Empty,
    /// The text is not a plain decimal number.
    #[error("not a plain number; write digits with at most one '.', such as 12.5 or -3")]
    NotANumber,
    /// There are digits beyond what can be kept.
    #[error("too precise; at most {decimals} decimals can be kept, so round it first")]
    TooPrecise {
        /// How many decimals can be kept.
        decimals: u32,
    },
    /// The number, or the result of a calculation, cannot be held.
    #[error("the number is out of range; use a smaller one, and never divide by zero")]
    OutOfRange,
}

impl Rule for NumberError {
    fn problem(&self) -> Problem {
        let code = match self {
            NumberError::Empty => "number_empty",
            NumberError::NotANumber => "not_a_number",
            NumberError::TooPrecise { .. } => "number_too_precise",
            NumberError::OutOfRange => "number_out_of_range",
        };
        Problem::invalid(code, self.to_string())
    }
}

/// What happens to the part that does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest; a half goes away from zero.
    HalfUp,
    /// To the nearest; a half goes to the even neighbour.
    HalfEven,
    /// Toward zero.
    Down,
    /// Away from zero.
    Up,
}

/// Reads decimal text as an integer of 10^-`scale` units: `"1.5"` at scale 2 is 150.
///
/// An optional leading `-`, digits, and optionally `.` with digits; nothing else. Zeros beyond the
/// scale are accepted.
///
/// # Errors
///
/// `Empty`; `NotANumber` for any other shape; `OutOfRange` beyond 40 characters or the range of
/// `i64`; `TooPrecise` for digits beyond the scale.
pub fn parse_scaled(text: &str, scale: u32) -> Result<i64, NumberError> {
    if text.is_empty() {
        return Err(NumberError::Empty);
    }
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    if !is_digits(whole) || !is_digits(fraction) {
        return Err(NumberError::NotANumber);
    }
    if text.len() > MAX_LENGTH {
        return Err(NumberError::OutOfRange);
    }
    let fraction = fraction.trim_end_matches('0');
    let missing = (scale as usize)
        .checked_sub(fraction.len())
        .ok_or(NumberError::TooPrecise { decimals: scale })?;

    let digits = whole.bytes().chain(fraction.bytes()).chain(std::iter::repeat_n(b'0', missing));
    let mut magnitude = 0_i64;
    for digit in digits {
        magnitude = magnitude
            .checked_mul(10)
            .and_then(|tens| tens.checked_add(i64::from(digit - b'0')))
            .ok_or(NumberError::OutOfRange)?;
    }
    Ok(if negative { -magnitude } else { magnitude })
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes an integer of 10^-`scale` units as decimal text: 150 at scale 2 is `"1.5"`.
///
/// Trailing zeros are trimmed, but `min_decimals` of them stay (never more than `scale`).
#[must_use]
pub fn format_scaled(value: i64, scale: u32, min_decimals: u32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let scale = scale as usize;
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    let kept = fraction.trim_end_matches('0').len().max(scale.min(min_decimals as usize));
    match &fraction[..kept] {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

/// Divides and rounds to a whole number. Either side may be negative.
///
/// # Errors
///
/// `OutOfRange` when the denominator is zero or the result does not fit.
pub fn div_round(
    numerator: i128,
    denominator: i128,
    rounding: Rounding,
) -> Result<i64, NumberError> {
    let toward_zero = numerator.checked_div(denominator).ok_or(NumberError::OutOfRange)?;
    let rest = (numerator % denominator).unsigned_abs();
    let to_next = denominator.unsigned_abs() - rest;
    let away = match rounding {
        Rounding::Down => false,
        Rounding::Up => rest > 0,
        Rounding::HalfUp => rest >= to_next,
        Rounding::HalfEven => match rest.cmp(&to_next) {
            Ordering::Less => false,
            Ordering::Equal => toward_zero % 2 != 0,
            Ordering::Greater => true,
        },
    };
    let step = if (numerator < 0) == (denominator < 0) { 1 } else { -1 };
    let rounded = if away { toward_zero.checked_add(step) } else { Some(toward_zero) };
    rounded.ok_or(NumberError::OutOfRange).and_then(fit)
}

/// `a * b / c`, exact until the one rounding.
///
/// # Errors
///
/// `OutOfRange` when `c` is zero or the result does not fit.
pub fn mul_div(a: i64, b: i64, c: i64, rounding: Rounding) -> Result<i64, NumberError> {
    div_round(i128::from(a) * i128::from(b), i128::from(c), rounding)
}

/// Takes a wide result back to `i64`, leaving out `i64::MIN`.
pub(crate) fn fit(wide: i128) -> Result<i64, NumberError> {
    i64::try_from(wide).ok().filter(|value| *value != i64::MIN).ok_or(NumberError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::NumberError::{Empty, NotANumber, OutOfRange, TooPrecise};
    use super::Rounding::{Down, HalfEven, HalfUp, Up};
    use super::*;

    #[test]
    fn text_becomes_a_scaled_integer_or_says_why_not() {
        #[track_caller]
        fn check(text: &str, scale: u32, expected: Result<i64, NumberError>) {
            assert_eq!(parse_scaled(text, scale), expected, "{text:?} at scale {scale}");
        }
        check("12.5", 2, Ok(1250));
        check("1.500", 2, Ok(150));
        check("-0", 2, Ok(0));
        check("-0.01", 2, Ok(-1));
        check("007", 0, Ok(7));
        check("3.0", 0, Ok(3));
        check("0", 30, Ok(0));
        check("9223372036854775807", 0, Ok(i64::MAX));
        check("-9223372036854775807", 0, Ok(-i64::MAX));
        check("-9223372036854775808", 0, Err(OutOfRange));
        check("9223372036854775808", 0, Err(OutOfRange));
        check("1", 30, Err(OutOfRange));
        check("1.005", 2, Err(TooPrecise { decimals: 2 }));
        check("", 2, Err(Empty));
        for text in ["-", ".", "1.", ".5", "+1", "1e3", " 1", "1 ", "1,5", "--1", "1.2.3", "1.-2"] {
            check(text, 2, Err(NotANumber));
        }
        check("١", 2, Err(NotANumber));
        check(&"0".repeat(40), 2, Ok(0));
        check(&"0".repeat(41), 2, Err(OutOfRange));
        check(&"x".repeat(41), 2, Err(NotANumber));
    }

    #[test]
    fn a_scaled_integer_becomes_text() {
        #[track_caller]
        fn check(value: i64, scale: u32, min_decimals: u32, expected: &str) {
            assert_eq!(format_scaled(value, scale, min_decimals), expected);
        }
        check(1250, 2, 0, "12.5");
        check(1250, 2, 2, "12.50");
        check(1200, 2, 0, "12");
        check(1200, 2, 1, "12.0");
        check(-1, 2, 0, "-0.01");
        check(0, 6, 0, "0");
        check(7, 0, 3, "7");
        check(i64::MIN, 6, 0, "-9223372036854.775808");
        check(i64::MIN, 0, 0, "-9223372036854775808");
    }

    #[test]
    fn a_quotient_is_rounded_as_named() {
        #[track_caller]
        fn check(n: i128, d: i128, half_up: i64, half_even: i64, down: i64, up: i64) {
            for (rounding, expected) in
                [(HalfUp, half_up), (HalfEven, half_even), (Down, down), (Up, up)]
            {
                assert_eq!(div_round(n, d, rounding), Ok(expected), "{n}/{d} {rounding:?}");
                assert_eq!(div_round(-n, d, rounding), Ok(-expected), "-{n}/{d} {rounding:?}");
                assert_eq!(div_round(n, -d, rounding), Ok(-expected), "{n}/-{d} {rounding:?}");
            }
        }
        check(6, 2, 3, 3, 3, 3);
        check(5, 2, 3, 2, 2, 3);
        check(7, 2, 4, 4, 3, 4);
        check(1, 3, 0, 0, 0, 1);
        check(2, 3, 1, 1, 0, 1);
        check(1, 2, 1, 0, 0, 1);
        check(0, 5, 0, 0, 0, 0);
        check(i128::MAX, i128::MAX, 1, 1, 1, 1);
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert_eq!(div_round(1, 0, Down), Err(OutOfRange));
        assert_eq!(div_round(i128::MIN, -1, Down), Err(OutOfRange));
        assert_eq!(div_round(i128::from(i64::MIN), 1, Down), Err(OutOfRange));
        assert_eq!(div_round(i128::from(i64::MAX) * 2 + 1, 2, Up), Err(OutOfRange));
        assert_eq!(mul_div(i64::MAX, i64::MAX, i64::MAX, Down), Ok(i64::MAX));
        assert_eq!(mul_div(i64::MAX, 2, 1, Down), Err(OutOfRange));
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(value in -i64::MAX..=i64::MAX, scale in 0_u32..19, min in 0_u32..19) {
            prop_assert_eq!(parse_scaled(&format_scaled(value, scale, min), scale), Ok(value));
        }

        #[test]
        fn rounding_moves_less_than_one(n in any::<i64>(), d in any::<i32>()) {
            prop_assume!(d != 0);
            let (n, d) = (i128::from(n), i128::from(d));
            prop_assume!((n / d).abs() < i128::from(i64::MAX) - 1);
            for rounding in [HalfUp, HalfEven, Down, Up] {
                let off = (i128::from(div_round(n, d, rounding).unwrap()) * d - n).abs();
                prop_assert!(off < d.abs());
                if matches!(rounding, HalfUp | HalfEven) {
                    prop_assert!(off * 2 <= d.abs());
                }
            }
        }
    }
}
