//! How whole numbers lie: their median, and what most of them stay within.

use crate::{Rate, Rounding, mul_div};

/// How some whole numbers, such as days, lie. Percentiles are by nearest rank: each is one of the
/// numbers, the smallest that at least so many percent of them do not exceed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// How many there are.
    pub count: i64,
    /// The least.
    pub least: i64,
    /// The tenth percentile.
    pub p10: i64,
    /// The fiftieth percentile.
    pub median: i64,
    /// The ninetieth percentile.
    pub p90: i64,
    /// The most.
    pub most: i64,
}

impl Spread {
    /// The spread of some numbers; none of none.
    #[must_use]
    pub fn of(numbers: impl IntoIterator<Item = i64>) -> Option<Spread> {
        let mut sorted: Vec<i64> = numbers.into_iter().collect();
        sorted.sort_unstable();
        let rank = |percent: usize| sorted[(sorted.len() * percent).div_ceil(100).max(1) - 1];
        let (least, most) = (*sorted.first()?, *sorted.last()?);
        Some(Spread {
            count: sorted.len() as i64,
            least,
            p10: rank(10),
            median: rank(50),
            p90: rank(90),
            most,
        })
    }
}

/// `part` of `whole` in percent, to nine decimals; none of nothing, and none beyond what a rate holds.
#[must_use]
pub fn percent(part: i64, whole: i64) -> Option<Rate> {
    ratio(part, whole, 100)
}

/// `part * times / whole` to nine decimals; none of nothing, and none beyond what a rate holds.
#[must_use]
pub fn ratio(part: i64, whole: i64, times: i64) -> Option<Rate> {
    let scale = times.checked_mul(1_000_000_000)?;
    mul_div(part, scale, whole, Rounding::HalfUp).ok().map(Rate::from_nano)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_numbers_that_were_there() {
        for (numbers, expected) in [
            (vec![], None),
            (vec![7], Some((1, 7, 7, 7, 7, 7))),
            (vec![9, 1], Some((2, 1, 1, 1, 9, 9))),
            (vec![3, 1, 2], Some((3, 1, 1, 2, 3, 3))),
            ((1..=10).collect(), Some((10, 1, 1, 5, 9, 10))),
            ((1..=11).rev().collect(), Some((11, 1, 2, 6, 10, 11))),
            (vec![-5, 5, 0, 0], Some((4, -5, -5, 0, 5, 5))),
        ] {
            let found = Spread::of(numbers.clone());
            let told = found.map(|s| (s.count, s.least, s.p10, s.median, s.p90, s.most));
            assert_eq!(told, expected, "{numbers:?}");
        }
    }

    #[test]
    fn a_share_is_in_percent_and_none_of_nothing() {
        for (part, whole, expected) in [
            (1, 4, Some("25")),
            (1, 3, Some("33.333333333")),
            (2, 3, Some("66.666666667")),
            (-1, 4, Some("-25")),
            (0, 4, Some("0")),
            (1, 0, None),
            (i64::MAX, 1, None),
        ] {
            assert_eq!(percent(part, whole).map(|r| r.to_string()).as_deref(), expected);
        }
        assert_eq!(ratio(30, 60, 365).map(|r| r.to_string()).as_deref(), Some("182.5"));
    }
}
