//! A run of days that a report looks at.

use crate::Day;

/// Days from the first to the last, both inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
}

impl Period {
    /// The period asked for. Without a last day it ends today, without a first one it is a year long.
    #[must_use]
    pub fn of(from: Option<Day>, to: Option<Day>, today: Day) -> Period {
        let to = to.unwrap_or(today);
        Period { from: from.unwrap_or_else(|| to.plus(-364).unwrap_or(to)), to }
    }

    /// How many days it has; none when it ends before it begins.
    #[must_use]
    pub fn days(&self) -> i64 {
        (self.from.days_until(self.to) + 1).max(0)
    }

    /// Whether a day lies in it.
    #[must_use]
    pub fn has(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_asked_for_is_the_year_that_ends_today() {
        let day = |text: &str| Day::parse(text).unwrap();
        let (from, to) = (day("2026-01-05"), day("2026-01-31"));
        for (asked, first, last, days) in [
            ((Some(from), Some(to)), "2026-01-05", "2026-01-31", 27),
            ((None, None), "2025-03-02", "2026-03-01", 365),
            ((Some(from), None), "2026-01-05", "2026-03-01", 56),
            ((None, Some(to)), "2025-02-01", "2026-01-31", 365),
            ((Some(to), Some(from)), "2026-01-31", "2026-01-05", 0),
        ] {
            let period = Period::of(asked.0, asked.1, day("2026-03-01"));
            assert_eq!((period.from, period.to), (day(first), day(last)));
            assert_eq!(period.days(), days);
        }
        let period = Period { from, to };
        assert!(period.has(from) && period.has(to) && !period.has(day("2026-02-01")));
    }
}
