//! How fast the replay went: by kind of work, and at its end as against its beginning.

use std::collections::BTreeMap;
use std::time::Duration;

use base::Day;

use super::outcome::Tally;
use crate::read::Data;

/// So many lines of the file are timed at the beginning and at the end. Twice as many take twice as long.
const LINES: u64 = 50_000;
/// The beginning ends with this day of the replay.
const BEGINNING: usize = 90;

/// How far the replay was at the end of each day.
#[derive(Debug)]
pub(super) struct Pace {
    of_day: BTreeMap<Day, u64>,
    /// Lines of the file so far, and when they were booked.
    ends: Vec<(u64, Duration)>,
}

impl Pace {
    pub fn of(data: &Data) -> Pace {
        let mut of_day = BTreeMap::new();
        for line in &data.lines {
            *of_day.entry(line.day).or_default() += 1;
        }
        Pace { of_day, ends: Vec::new() }
    }

    /// A day is done, so long after the beginning.
    pub fn day(&mut self, day: Day, after: Duration) {
        let before = self.ends.last().map_or(0, |(lines, _)| *lines);
        self.ends.push((before + self.of_day.get(&day).copied().unwrap_or(0), after));
    }

    /// How long 100,000 lines take at the beginning and at the end. None of a replay that is too short.
    pub fn growth(&self) -> Option<Growth> {
        let (beginning, _) = *self.ends.get(BEGINNING - 1)?;
        let (end, _) = *self.ends.last()?;
        if end < beginning + LINES {
            return None;
        }
        let took = |last: u64| {
            Some(2 * self.reached(last)?.saturating_sub(self.reached(last.checked_sub(LINES)?)?))
        };
        Some(Growth { beginning: took(beginning)?, end: took(end)? })
    }

    /// When so many lines were booked, the lines of a day being spread evenly over its time.
    fn reached(&self, lines: u64) -> Option<Duration> {
        let at = self.ends.partition_point(|(end, _)| *end < lines);
        let (end, after) = *self.ends.get(at)?;
        let Some((start, began)) = at.checked_sub(1).map(|before| self.ends[before]) else {
            return Some(Duration::ZERO);
        };
        let part = u32::try_from(lines - start).ok()?;
        let day = u32::try_from(end - start).ok()?.max(1);
        Some(began + after.saturating_sub(began) * part / day)
    }
}

/// How long 100,000 lines take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Growth {
    /// Those up to the end of the 90th day.
    pub beginning: Duration,
    /// The last ones.
    pub end: Duration,
}

impl Growth {
    /// The end's time in hundredths of the beginning's.
    #[must_use]
    pub fn per_cent(self) -> u64 {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        millis(self.end).saturating_mul(100) / millis(self.beginning).max(1)
    }
}

/// Lines by kind of work: the kind's name in what was spent, what is told of it, and its lines.
pub(super) fn lines(tally: &Tally) -> [(&'static str, &'static str, u64); 8] {
    let decided = tally.restocked + tally.scrapped + tally.claimed;
    [
        ("customers", "ordered", tally.order_lines),
        ("ship", "shipped and invoiced", tally.shipped_lines),
        ("dispose", "returns decided", decided),
        ("replenish", "proposed", tally.proposed),
        ("receive", "received", tally.received_lines),
        ("bill", "billed", tally.bill_lines),
        ("transfer", "transferred", tally.transfer_lines),
        ("count", "counted", tally.counted_lines),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_set_against_the_beginning() {
        let mut pace = Pace { of_day: BTreeMap::new(), ends: Vec::new() };
        assert_eq!(pace.growth(), None);
        // 1,250 lines a day in a second each, later in two.
        for day in 1..=90_u64 {
            pace.ends.push((day * 1_250, Duration::from_secs(day)));
        }
        assert_eq!(pace.growth(), None, "the end is the beginning");
        for day in 91..=129_u64 {
            pace.ends.push((day * 1_250, Duration::from_secs(90 + 2 * (day - 90))));
        }
        assert_eq!(pace.growth(), None, "the end reaches into the beginning");
        for day in 130..=170_u64 {
            pace.ends.push((day * 1_250, Duration::from_secs(90 + 2 * (day - 90))));
        }
        let growth = Growth { beginning: Duration::from_secs(80), end: Duration::from_secs(160) };
        assert_eq!(pace.growth(), Some(growth));
        assert_eq!(growth.per_cent(), 200);
    }
}
