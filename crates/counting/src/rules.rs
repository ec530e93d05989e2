//! Pure decisions: what an entry makes of a line, when it is too far off, when it is in conflict, and
//! when a place is due.

use crate::model::{Choice, Line, LineState};
use base::{Day, NumberError, Quantity, Timestamp, UserId};
use std::collections::BTreeMap;
use stock::{Shelf, ShelfKey};

/// How far a count is from what was expected.
pub(crate) fn difference(line: &Line) -> Result<Option<Quantity>, NumberError> {
    line.counted.map(|counted| counted.checked_sub(line.expected)).transpose()
}

/// Whether a difference is more than a share of what was expected. Where nothing was expected, any
/// difference is.
pub(crate) fn over(
    expected: Quantity,
    difference: Quantity,
    threshold_percent: Option<i64>,
) -> bool {
    let Some(percent) = threshold_percent else { return false };
    let off = i128::from(difference.micro()).abs() * 100;
    off > i128::from(expected.micro()).abs() * i128::from(percent)
}

/// Whether a line's difference is beyond its threshold.
pub(crate) fn line_is_over(line: &Line) -> Result<bool, NumberError> {
    let difference = difference(line)?.unwrap_or_default();
    Ok(over(line.expected, difference, line.threshold_percent))
}

/// The difference in percent of what was expected, in billionths; none where nothing was expected.
pub(crate) fn percent(expected: Quantity, difference: Quantity) -> Option<i64> {
    if expected.is_zero() {
        return None;
    }
    let (off, of) = (i128::from(difference.micro()), i128::from(expected.micro()));
    i64::try_from(off.checked_mul(100_000_000_000)? / of).ok()
}

/// What happened to a stock row after a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    /// By how much it grew.
    pub grew: Quantity,
    /// In how many moves.
    pub moves: i64,
}

/// Stock rows as they were before they moved.
pub(crate) fn back_then(
    now: BTreeMap<ShelfKey, Shelf>,
    moved: &BTreeMap<ShelfKey, Moved>,
) -> Result<BTreeMap<ShelfKey, Shelf>, NumberError> {
    let then = |(key, shelf): (ShelfKey, Shelf)| {
        let Some(since) = moved.get(&key) else { return Ok((key, shelf)) };
        let on_hand = shelf.on_hand.checked_sub(since.grew)?;
        Ok((key, Shelf { on_hand, seq: shelf.seq - since.moves }))
    };
    now.into_iter().map(then).collect()
}

/// Why an entry is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotTaken {
    /// The line has to be resolved first, or is closed.
    State(LineState),
    /// Another person has to count it.
    SameCounter,
    /// It was counted again after that moment.
    Later,
}

/// Whether a line has a count that was made after a moment.
pub(crate) fn counted_after(line: &Line, moment: Timestamp) -> bool {
    line.counted.is_some() && line.counted_at > moment.micros()
}

/// A line after somebody counted it. What the books expect is read anew, with the row's position. Too
/// far off, another person is asked to count; when that one finds the same, it is confirmed.
pub(crate) fn enter(
    line: &Line,
    counted: Quantity,
    shelf: Shelf,
    (user, at): (UserId, Timestamp),
    by_another: bool,
) -> Result<Result<Line, NotTaken>, NumberError> {
    if !matches!(line.state, LineState::Open | LineState::Counted) {
        return Ok(Err(NotTaken::State(line.state)));
    }
    let second = line.again && line.counted_by != user;
    if line.again && !second && by_another {
        return Ok(Err(NotTaken::SameCounter));
    }
    let difference = counted.checked_sub(shelf.on_hand)?;
    Ok(Ok(Line {
        expected: shelf.on_hand,
        expected_seq: shelf.seq,
        counted: Some(counted),
        counted_by: user,
        counted_at: at.micros(),
        entries: line.entries + 1,
        again: !second && over(shelf.on_hand, difference, line.threshold_percent),
        confirmed: second && line.counted == Some(counted),
        state: LineState::Counted,
        ..line.clone()
    }))
}

/// A line after the books were read anew; what was counted stays.
pub(crate) fn refresh(line: &Line, shelf: Shelf) -> Line {
    let state = match line.counted {
        Some(_) => LineState::Counted,
        None => LineState::Open,
    };
    Line {
        expected: shelf.on_hand,
        expected_seq: shelf.seq,
        entries: line.entries + 1,
        state,
        ..line.clone()
    }
}

/// A line in conflict after somebody said what holds.
pub(crate) fn resolve(line: &Line, choice: Choice, shelf: Shelf) -> Result<Line, NumberError> {
    let fresh = refresh(line, shelf);
    Ok(match choice {
        Choice::KeepCounted => fresh,
        Choice::Rebase => {
            let moved = shelf.on_hand.checked_sub(line.expected)?;
            let counted = line.counted.map(|counted| counted.checked_add(moved)).transpose()?;
            // Nothing lies there below zero, whatever the books say.
            Line { counted: counted.map(|counted| counted.max(Quantity::ZERO)), ..fresh }
        }
        Choice::Recount => {
            Line { counted: None, again: true, confirmed: false, state: LineState::Open, ..fresh }
        }
    })
}

/// When a place or item is next due, by its cycle, else on the company's yearly day.
///
/// What was never counted is due its cycle after the rule was made.
pub(crate) fn due_on(
    cycle_days: Option<i64>,
    annual: Option<(i8, i8)>,
    counted_on: Option<Day>,
    since: Day,
) -> Option<Day> {
    match (cycle_days, annual, counted_on) {
        (Some(days), _, counted) => counted.unwrap_or(since).plus(days).ok(),
        (None, Some(yearly), Some(counted)) => yearly_from(counted.plus(1).ok()?, yearly),
        (None, Some(yearly), None) => yearly_from(since, yearly),
        (None, None, _) => None,
    }
}

/// The first yearly day on or after a day. The 29th of February is the 28th in other years.
fn yearly_from(day: Day, (month, of_month): (i8, i8)) -> Option<Day> {
    let this = |year: i16| {
        Day::of(year, month, of_month).or_else(|_| Day::of(year, month, of_month - 1)).ok()
    };
    this(day.year()).filter(|found| *found >= day).or_else(|| this(day.year() + 1))
}

/// The next day on which it can be counted: what is overdue is due tomorrow.
pub(crate) fn next_on(due_on: Day, today: Day) -> Day {
    if due_on < today { today.plus(1).unwrap_or(today) } else { due_on }
}

/// A yearly day as its policy writes it: month times one hundred and day; none for 0.
pub(crate) fn annual(policy: i64) -> Option<(i8, i8)> {
    let (month, day) = (i8::try_from(policy / 100).ok()?, i8::try_from(policy % 100).ok()?);
    // 2024 has every day of the calendar.
    Day::of(2024, month, day).is_ok().then_some((month, day))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{CountLineId, Id, ItemId, PlaceId};

    fn units(units: i64) -> Quantity {
        Quantity::units(units)
    }

    fn line(counted: Option<i64>) -> Line {
        Line {
            id: CountLineId::from_raw(1),
            line: 1,
            item_id: ItemId::from_raw(1),
            place_id: PlaceId::from_raw(1),
            lot: 0,
            threshold_percent: Some(10),
            expected: units(10),
            expected_seq: 3,
            counted: counted.map(units),
            counted_by: UserId::from_raw(7),
            counted_at: 0,
            entries: 1,
            again: false,
            confirmed: false,
            state: if counted.is_some() { LineState::Counted } else { LineState::Open },
            reason: String::new(),
            evidence: String::new(),
            value: 0,
        }
    }

    fn enter_as(line: &Line, counted: i64, user: i64) -> Result<Line, NotTaken> {
        let shelf = Shelf { on_hand: units(10), seq: 4 };
        let who = (UserId::from_raw(user), Timestamp::from_micros(5));
        enter(line, units(counted), shelf, who, true).expect("numbers that can be held")
    }

    #[test]
    fn a_share_of_what_was_expected_may_be_off() {
        for (expected, difference, percent, is_over) in [
            (10, 1, Some(10), false),
            (10, -1, Some(10), false),
            (10, 2, Some(10), true),
            (10, 9, None, false),
            (0, 0, Some(10), false),
            (0, 1, Some(1000), true),
            (10, 1, Some(0), true),
        ] {
            let seen = over(units(expected), units(difference), percent);
            assert_eq!(seen, is_over, "{difference} of {expected} within {percent:?}%");
        }
    }

    #[test]
    fn a_share_is_told_in_percent() {
        assert_eq!(percent(units(2), units(1)), Some(50_000_000_000));
        assert_eq!(percent(units(4), units(-1)), Some(-25_000_000_000));
        assert_eq!(percent(units(0), units(1)), None);
    }

    #[test]
    fn too_far_off_another_person_counts_and_confirms_or_not() {
        let near = enter_as(&line(None), 11, 7).expect("taken");
        assert!(!near.again && near.state == LineState::Counted && near.expected_seq == 4);
        let far = enter_as(&line(None), 5, 7).expect("taken");
        assert!(far.again && !far.confirmed);
        assert_eq!(enter_as(&far, 10, 7), Err(NotTaken::SameCounter));
        let same = enter_as(&far, 5, 8).expect("taken");
        assert!(!same.again && same.confirmed);
        let other = enter_as(&far, 4, 8).expect("taken");
        assert!(!other.again && !other.confirmed && other.counted == Some(units(4)));
    }

    #[test]
    fn a_closed_line_takes_no_entry() {
        for state in [LineState::Conflict, LineState::Applied, LineState::Cancelled] {
            let closed = Line { state, ..line(Some(9)) };
            assert_eq!(enter_as(&closed, 9, 8), Err(NotTaken::State(state)));
        }
    }

    #[test]
    fn each_choice_settles_a_conflict_in_its_own_way() {
        let counted = Line { state: LineState::Conflict, ..line(Some(8)) };
        let shelf = Shelf { on_hand: units(7), seq: 9 };
        for (choice, left, state) in [
            (Choice::KeepCounted, Some(8), LineState::Counted),
            (Choice::Rebase, Some(5), LineState::Counted),
            (Choice::Recount, None, LineState::Open),
        ] {
            let resolved = resolve(&counted, choice, shelf).expect("numbers that can be held");
            assert_eq!(resolved.counted, left.map(units), "{choice}");
            assert_eq!((resolved.state, resolved.expected_seq), (state, 9), "{choice}");
            assert_eq!(resolved.again, choice == Choice::Recount);
        }
    }

    #[test]
    fn a_place_is_due_by_its_cycle_or_on_the_yearly_day() {
        let day = |text| Day::parse(text).expect("a day");
        let today = day("2025-03-03");
        for (cycle, yearly, counted, due) in [
            (Some(2), None, None, Some("2025-03-05")),
            (Some(2), None, Some("2025-02-26"), Some("2025-02-28")),
            (None, Some((3, 3)), None, Some("2025-03-03")),
            (None, Some((3, 3)), Some("2025-03-03"), Some("2026-03-03")),
            (None, Some((2, 29)), None, Some("2026-02-28")),
            (None, Some((12, 31)), Some("2025-03-03"), Some("2025-12-31")),
            (None, None, Some("2025-03-03"), None),
        ] {
            let seen = due_on(cycle, yearly, counted.map(day), today);
            assert_eq!(seen, due.map(day), "{cycle:?} {yearly:?} {counted:?}");
        }
        assert_eq!(next_on(day("2025-02-28"), today), day("2025-03-04"));
        assert_eq!(next_on(today, today), today);
    }

    #[test]
    fn a_yearly_day_is_a_day_of_the_calendar() {
        assert_eq!(annual(229), Some((2, 29)));
        for policy in [0, 12, 1301, 230, 1200] {
            assert_eq!(annual(policy), None, "{policy}");
        }
    }
}
