//! Pure decisions: what a set of moves does to the rows, and from which rows a demand is met.

use crate::LotDates;
use crate::model::{Removal, RowKey, Source, StockRow, Taken};
use base::{Day, NumberError, PlaceId, Quantity, Rounding, mul_div};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// One side of a move at a row of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    pub key: RowKey,
    /// Positive comes in, negative goes out.
    pub quantity: Quantity,
    /// How much of what goes out was reserved for the demand that it ships for.
    pub reserved: Quantity,
}

/// A position in a row's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Position {
    pub seq: i64,
    pub after: Quantity,
}

/// Why a step cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    Held(RowKey),
    Short { key: RowKey, available: Quantity, wanted: Quantity },
    Number(NumberError),
}

impl From<NumberError> for Refusal {
    fn from(error: NumberError) -> Refusal {
        Refusal::Number(error)
    }
}

/// Takes one step at its row and returns the row's new position. What goes out must be free, or
/// reserved for it; below zero only where the policy allows.
pub(crate) fn step(
    rows: &mut BTreeMap<RowKey, StockRow>,
    step: Step,
    day: Day,
    negative_allowed: bool,
) -> Result<Position, Refusal> {
    let row = rows.entry(step.key).or_insert_with(|| StockRow {
        key: step.key,
        on_hand: Quantity::ZERO,
        reserved: Quantity::ZERO,
        since: None,
        seq: 0,
        held: false,
    });
    if step.quantity.is_negative() {
        if row.held {
            return Err(Refusal::Held(step.key));
        }
        let wanted = step.quantity.negate().checked_sub(step.reserved)?;
        let available = row.on_hand.checked_sub(row.reserved)?;
        if wanted.is_positive() && wanted > available && !negative_allowed {
            return Err(Refusal::Short { key: step.key, available, wanted });
        }
        row.reserved = row.reserved.checked_sub(step.reserved)?;
    } else if !row.on_hand.is_positive() {
        row.since = Some(day);
    }
    row.on_hand = row.on_hand.checked_add(step.quantity)?;
    row.seq += 1;
    Ok(Position { seq: row.seq, after: row.on_hand })
}

/// Chooses from which rows `wanted` is taken, by the removal strategy; less than `wanted` when the
/// sources have less. What is taken is no longer available to the next demand.
pub(crate) fn take(sources: &mut [Source], wanted: Quantity) -> Result<Vec<Taken>, NumberError> {
    let mut order: Vec<usize> = (0..sources.len()).collect();
    order.sort_by(|&a, &b| before(&sources[a], &sources[b]));
    let mut missing = wanted;
    let mut taken = Vec::new();
    for index in order {
        let source = &mut sources[index];
        let quantity = missing.min(source.available);
        if !quantity.is_positive() {
            continue;
        }
        source.available = source.available.checked_sub(quantity)?;
        missing = missing.checked_sub(quantity)?;
        taken.push(Taken { key: source.key, quantity });
    }
    Ok(taken)
}

fn before(a: &Source, b: &Source) -> Ordering {
    let by_place = || a.path.cmp(&b.path).then(a.key.cmp(&b.key));
    match a.removal {
        Removal::Fifo => a.since.cmp(&b.since).then_with(by_place),
        Removal::Lifo => b.since.cmp(&a.since).then_with(by_place),
        Removal::Fefo => {
            let last = |day: Option<Day>| (day.is_none(), day);
            last(a.expires_on)
                .cmp(&last(b.expires_on))
                .then_with(|| a.since.cmp(&b.since))
                .then_with(by_place)
        }
        Removal::Closest => by_place(),
    }
}

/// What an item says of the days of its lots: how long it keeps, and how many days before it expires
/// it is best, last picked, and looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Keeps {
    pub days: i64,
    pub best_before: i64,
    pub removal_before: i64,
    pub alert_before: i64,
}

impl Keeps {
    pub fn of(item: &catalog::Item) -> Keeps {
        Keeps {
            days: item.expiry_days,
            best_before: item.best_before_days,
            removal_before: item.removal_days_before,
            alert_before: item.alert_days_before,
        }
    }
}

/// The days of a lot: those that follow from the stated expiry, or else from the day on which it was
/// made and how long the item keeps. What would expire beyond the calendar does not expire.
pub(crate) fn lot_dates(keeps: &Keeps, stated: Option<Day>, from: Day) -> LotDates {
    let follows = || (keeps.days > 0).then(|| from.plus(keeps.days).ok()).flatten();
    let expires_on = stated.or_else(follows);
    let before = |days: i64| expires_on.map(|day| day.plus(-days).unwrap_or(day));
    LotDates {
        expires_on,
        best_before: before(keeps.best_before),
        remove_by: before(keeps.removal_before),
        alert_on: before(keeps.alert_before),
        stated: stated.is_some(),
    }
}

/// Room that a rule leaves for goods of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Room {
    pub place: PlaceId,
    pub path: String,
    pub priority: i64,
    /// In the stock unit.
    pub free: Quantity,
}

/// Lower priority first, among equals the place with more room, then by path.
pub(crate) fn fill_order(a: &Room, b: &Room) -> Ordering {
    a.priority.cmp(&b.priority).then(b.free.cmp(&a.free)).then_with(|| a.path.cmp(&b.path))
}

/// Puts a quantity into rooms in their order; `one` is what one of its unit is in the stock unit, and
/// of a whole unit only wholes are put anywhere. Answers how much goes into which room, and what is
/// left over, in the unit of the quantity.
pub(crate) fn put(
    rooms: &mut [Room],
    quantity: Quantity,
    one: Quantity,
    whole: bool,
) -> Result<(Vec<(usize, Quantity)>, Quantity), NumberError> {
    let mut left = quantity;
    let mut parts = Vec::new();
    for (at, room) in rooms.iter_mut().enumerate() {
        let fits = mul_div(room.free.micro(), Quantity::MICRO, one.micro(), Rounding::Down)?;
        let fits = if whole { fits / Quantity::MICRO * Quantity::MICRO } else { fits };
        let part = Quantity::from_micro(fits).min(left);
        if part.is_positive() {
            left = left.checked_sub(part)?;
            let taken = mul_div(part.micro(), one.micro(), Quantity::MICRO, Rounding::HalfUp)?;
            room.free = room.free.checked_sub(Quantity::from_micro(taken))?;
            parts.push((at, part));
        }
    }
    Ok((parts, left))
}

/// What a difference says of the limits: its reason, its value, and what the reason lets pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub reason: i64,
    pub value: i64,
    pub line_limit: Option<i64>,
    pub sheet_limit: Option<i64>,
}

/// The absolute value of all lines, and whether it needs another person's yes: a line above its
/// reason's limit, the lines of a reason above that reason's limit for a sheet, or those of reasons
/// without one above the company's.
pub(crate) fn beyond(
    lines: impl Iterator<Item = Told>,
    company_limit: i64,
) -> Result<(i64, bool), NumberError> {
    let over = || NumberError::OutOfRange;
    let (mut total, mut beyond) = (0_i64, false);
    // Keyed by reason; those without a limit of their own share the company's under 0.
    let mut sheets: BTreeMap<i64, (i64, i64)> = BTreeMap::new();
    for line in lines {
        let value = line.value.checked_abs().ok_or_else(over)?;
        total = total.checked_add(value).ok_or_else(over)?;
        beyond |= line.line_limit.is_some_and(|limit| value > limit);
        let key = if line.sheet_limit.is_some() { line.reason } else { 0 };
        let limit = line.sheet_limit.unwrap_or(company_limit);
        let sheet = sheets.entry(key).or_insert((0, limit));
        sheet.0 = sheet.0.checked_add(value).ok_or_else(over)?;
    }
    beyond |= sheets.values().any(|(sum, limit)| sum > limit);
    Ok((total, beyond))
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{Id, ItemId};

    fn key(place: i64, lot: i64) -> RowKey {
        RowKey { item: ItemId::from_raw(1), place: PlaceId::from_raw(place), lot }
    }

    fn row(on_hand: i64, reserved: i64) -> BTreeMap<RowKey, StockRow> {
        let key = key(1, 0);
        let row = StockRow {
            key,
            on_hand: Quantity::units(on_hand),
            reserved: Quantity::units(reserved),
            since: None,
            seq: 4,
            held: false,
        };
        BTreeMap::from([(key, row)])
    }

    fn out(quantity: i64, reserved: i64) -> Step {
        Step {
            key: key(1, 0),
            quantity: Quantity::units(-quantity),
            reserved: Quantity::units(reserved),
        }
    }

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    /// The days of a lot received on 5 January, as expiry, best before, last picked, looked at.
    #[track_caller]
    fn check_dates(keeps: [i64; 4], stated: Option<&str>, expected: Option<[&str; 4]>) {
        let [days, best_before, removal_before, alert_before] = keeps;
        let keeps = Keeps { days, best_before, removal_before, alert_before };
        let dates = lot_dates(&keeps, stated.map(day), day("2026-01-05"));
        let is = [dates.expires_on, dates.best_before, dates.remove_by, dates.alert_on];
        assert_eq!(is, expected.map_or([None; 4], |days| days.map(|text| Some(day(text)))));
        assert_eq!(dates.stated, stated.is_some());
    }

    #[test]
    fn the_days_of_a_lot_are_counted_back_from_the_stated_expiry_or_from_how_long_it_keeps() {
        check_dates([0, 0, 0, 0], None, None);
        check_dates([0, 5, 2, 6], None, None);
        check_dates([10, 0, 0, 0], None, Some(["2026-01-15"; 4]));
        check_dates(
            [10, 5, 2, 6],
            None,
            Some(["2026-01-15", "2026-01-10", "2026-01-13", "2026-01-09"]),
        );
        check_dates(
            [10, 5, 2, 6],
            Some("2026-02-04"),
            Some(["2026-02-04", "2026-01-30", "2026-02-02", "2026-01-29"]),
        );
        check_dates([10, 0, 0, 0], Some("2025-12-26"), Some(["2025-12-26"; 4]));
        check_dates(
            [0, 0, 1, 0],
            Some("2026-03-01"),
            Some(["2026-03-01", "2026-03-01", "2026-02-28", "2026-03-01"]),
        );
        check_dates([36_500_000, 0, 0, 0], None, None);
    }

    fn check(on_hand: i64, reserved: i64, taken: Step, allowed: bool, left: Result<i64, i64>) {
        let mut rows = row(on_hand, reserved);
        let answer = step(&mut rows, taken, day("2026-01-05"), allowed);
        match (answer, left) {
            (Ok(position), Ok(left)) => {
                assert_eq!((position.seq, position.after), (5, Quantity::units(left)))
            }
            (Err(Refusal::Short { available, .. }), Err(free)) => {
                assert_eq!(available, Quantity::units(free));
            }
            (answer, left) => panic!("{answer:?} where {left:?} was due"),
        }
    }

    #[test]
    fn only_free_or_own_reserved_goods_leave() {
        check(10, 0, out(10, 0), false, Ok(0));
        check(10, 4, out(6, 0), false, Ok(4));
        check(10, 4, out(7, 0), false, Err(6));
        check(10, 4, out(10, 4), false, Ok(0));
        check(10, 4, out(4, 4), false, Ok(6));
        check(2, 0, out(5, 0), true, Ok(-3));
    }

    #[test]
    fn a_limit_counts_absolute_value_by_line_by_reason_and_by_company() {
        let told = |reason, value, line_limit, sheet_limit| Told {
            reason,
            value,
            line_limit,
            sheet_limit,
        };
        let check = |lines: &[Told], company, expected| {
            assert_eq!(beyond(lines.iter().copied(), company), Ok(expected), "{lines:?}");
        };
        check(&[], 0, (0, false));
        check(&[told(1, -100, None, None)], 100, (100, false));
        check(&[told(1, -101, None, None)], 100, (101, true));
        check(&[told(1, -60, None, None), told(2, 60, None, None)], 100, (120, true));
        check(&[told(1, -60, None, Some(60)), told(2, 60, None, None)], 100, (120, false));
        check(&[told(1, -30, None, Some(50)), told(1, 30, None, Some(50))], 900, (60, true));
        check(&[told(1, 41, Some(40), Some(900))], 900, (41, true));
        assert!(beyond([told(1, i64::MIN, None, None)].into_iter(), 0).is_err());
    }

    #[test]
    fn held_goods_stay() {
        let mut rows = row(10, 0);
        rows.values_mut().for_each(|row| row.held = true);
        let answer = step(&mut rows, out(1, 0), day("2026-01-05"), true);
        assert_eq!(answer, Err(Refusal::Held(key(1, 0))));
    }

    #[test]
    fn each_strategy_takes_in_its_own_order() {
        let source =
            |place: i64, available: i64, since: &str, expires: Option<&str>, path: &str| Source {
                key: key(place, 0),
                available: Quantity::units(available),
                since: Some(day(since)),
                expires_on: expires.map(day),
                path: path.to_owned(),
                removal: Removal::Fifo,
            };
        let sources = [
            source(1, 5, "2026-01-02", None, "WH/C"),
            source(2, 5, "2026-01-01", Some("2026-09-01"), "WH/B"),
            source(3, 5, "2026-01-03", Some("2026-08-01"), "WH/A"),
        ];
        for (removal, expected) in [
            (Removal::Fifo, [2, 1]),
            (Removal::Lifo, [3, 1]),
            (Removal::Fefo, [3, 2]),
            (Removal::Closest, [3, 2]),
        ] {
            let mut sources = sources.clone();
            sources.iter_mut().for_each(|source| source.removal = removal);
            let taken = take(&mut sources, Quantity::units(7)).unwrap();
            let places: Vec<i64> = taken.iter().map(|t| t.key.place.raw()).collect();
            assert_eq!(places, expected, "{removal:?}");
            assert_eq!(taken[1].quantity, Quantity::units(2));
        }
    }

    fn room(place: i64, priority: i64, free: i64) -> Room {
        let path = format!("WH/Stock/R{place}");
        Room { place: PlaceId::from_raw(place), path, priority, free: Quantity::units(free) }
    }

    #[test]
    fn rooms_are_filled_by_priority_and_then_the_emptiest_first() {
        let one = Quantity::ONE;
        let cases = [
            (vec![room(1, 1, 200), room(2, 2, 300)], 300, vec![(1, 200), (2, 100)], 0),
            (vec![room(1, 1, 100), room(2, 1, 200)], 350, vec![(2, 200), (1, 100)], 50),
            (vec![room(1, 1, 0), room(2, 9, 5)], 5, vec![(2, 5)], 0),
            (vec![], 5, vec![], 5),
        ];
        for (mut rooms, quantity, expected, unassigned) in cases {
            rooms.sort_by(fill_order);
            let (parts, left) =
                put(&mut rooms, Quantity::units(quantity), one, false).expect("parts");
            let got: Vec<(i64, i64)> = parts
                .iter()
                .map(|(at, part)| (rooms[*at].place.raw(), part.micro() / Quantity::MICRO))
                .collect();
            assert_eq!((got, left), (expected, Quantity::units(unassigned)));
        }
    }

    #[test]
    fn half_a_bag_of_room_is_no_room() {
        let mut rooms = [room(1, 1, 1_000), room(2, 1, 500)];
        let bag = Quantity::units(1_000);
        let (parts, left) = put(&mut rooms, Quantity::units(2), bag, true).expect("parts");
        assert_eq!((parts, left), (vec![(0, Quantity::ONE)], Quantity::ONE));
        assert_eq!(rooms[0].free, Quantity::ZERO);
    }
}
