//! The pure decision: for which lines of orders counted goods came.
//!
//! Goods go to the lines of their item in the order of the day that they are expected on (the last
//! promise, else the day asked for), then of the day ordered, the order and the line. Every group
//! first takes what is due. What is left then takes what the tolerance lets in beyond, in the same
//! order, but only of lines that goods of this delivery came for. What is left of that is received on
//! the last line of the item when somebody confirmed it, and waits else.

use crate::words::Fit;
use base::{Day, ItemId, NumberError, PurchaseOrderId, Quantity};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The version of the rule, kept with each decision.
pub(crate) const RULE: i64 = 1;

/// Goods that were counted together: of one item, lot, expiry and condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counted {
    /// None of an item that nobody knows.
    pub item_id: Option<ItemId>,
    pub code: String,
    pub description: String,
    pub lot: String,
    pub expires_on: Option<Day>,
    pub damaged: bool,
    pub quantity: Quantity,
    /// The scans that counted them.
    pub scans: Vec<i64>,
}

/// Puts what is the same together, in the order in which it was first scanned.
pub(crate) fn group(scans: Vec<Counted>) -> Result<Vec<Counted>, NumberError> {
    type Key = (Option<ItemId>, String, String, String, Option<Day>, bool);
    let mut places: HashMap<Key, usize> = HashMap::new();
    let mut groups: Vec<Counted> = Vec::new();
    for scan in scans {
        let words = (scan.code.clone(), scan.description.clone(), scan.lot.clone());
        let key = (scan.item_id, words.0, words.1, words.2, scan.expires_on, scan.damaged);
        let at = *places.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            None => groups.push(scan),
            Some(group) => {
                group.quantity = group.quantity.checked_add(scan.quantity)?;
                group.scans.extend(scan.scans);
            }
        }
    }
    Ok(groups)
}

/// A line of an order that goods may have come for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OpenLine {
    pub order_id: PurchaseOrderId,
    pub number: String,
    pub line: i64,
    pub item_id: ItemId,
    pub ordered_on: Day,
    pub expected_on: Day,
    pub due: Quantity,
    /// What the tolerance lets in beyond what is due.
    pub room: Quantity,
    pub held: bool,
}

/// Everything that the decision is made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Basis {
    pub rule: i64,
    pub counted: Vec<Counted>,
    pub open: Vec<OpenLine>,
    pub confirm_over: bool,
}

/// A part of counted goods and what it fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    /// The group's place among the counted ones.
    pub counted: usize,
    pub quantity: Quantity,
    pub fit: Fit,
    /// The line's place among the open ones, of goods that are received.
    pub open: Option<usize>,
}

/// Matches counted goods with open lines. The matches are by group, and their quantities of a group
/// add up to what was counted.
pub(crate) fn match_goods(basis: &Basis) -> Result<Vec<Match>, NumberError> {
    let mut order: Vec<usize> = (0..basis.open.len()).collect();
    order.sort_by_key(|&at| {
        let line = &basis.open[at];
        (line.expected_on, line.ordered_on, line.order_id, line.line)
    });
    let mut lines: Vec<Taking> = basis.open.iter().map(Taking::of).collect();
    let mut left: Vec<Quantity> = basis.counted.iter().map(|counted| counted.quantity).collect();
    let mut matches = Vec::new();
    for fit in [Fit::Accepted, Fit::WithinTolerance] {
        for (group, counted) in basis.counted.iter().enumerate() {
            for &at in &order {
                let line = &basis.open[at];
                if counted.item_id != Some(line.item_id) || line.held {
                    continue;
                }
                let taken = lines[at].take(fit, left[group])?;
                if taken.is_positive() {
                    left[group] = left[group].checked_sub(taken)?;
                    matches.push(Match { counted: group, quantity: taken, fit, open: Some(at) });
                }
            }
        }
    }
    for (group, counted) in basis.counted.iter().enumerate() {
        if left[group].is_positive() {
            let (fit, open) = rest(basis, counted, &order);
            matches.push(Match { counted: group, quantity: left[group], fit, open });
        }
    }
    matches.sort_by_key(|found| found.counted);
    Ok(matches)
}

/// What becomes of goods that no line takes by itself.
fn rest(basis: &Basis, counted: &Counted, order: &[usize]) -> (Fit, Option<usize>) {
    let Some(item_id) = counted.item_id else { return (Fit::ItemUnknown, None) };
    let of_item = || order.iter().copied().filter(|&at| basis.open[at].item_id == item_id);
    match of_item().rfind(|&at| !basis.open[at].held) {
        Some(at) if basis.confirm_over => (Fit::ConfirmedOver, Some(at)),
        Some(_) => (Fit::Over, None),
        None if of_item().next().is_some() => (Fit::Held, None),
        None => (Fit::NotOrdered, None),
    }
}

/// What a line can still take.
struct Taking {
    due: Quantity,
    room: Quantity,
    /// Whether goods of this delivery came for it.
    came: bool,
}

impl Taking {
    fn of(line: &OpenLine) -> Taking {
        Taking { due: line.due, room: line.room, came: false }
    }

    fn take(&mut self, fit: Fit, wanted: Quantity) -> Result<Quantity, NumberError> {
        let beyond = fit == Fit::WithinTolerance;
        if beyond && !self.came {
            return Ok(Quantity::ZERO);
        }
        let from = if beyond { &mut self.room } else { &mut self.due };
        let taken = wanted.min(*from);
        *from = from.checked_sub(taken)?;
        self.came = self.came || taken.is_positive();
        Ok(taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Id;

    fn counted(item: i64, quantity: i64) -> Counted {
        Counted {
            item_id: (item != 0).then(|| ItemId::from_raw(item)),
            code: format!("C{item}"),
            description: String::new(),
            lot: String::new(),
            expires_on: None,
            damaged: false,
            quantity: Quantity::units(quantity),
            scans: Vec::new(),
        }
    }

    /// A line of order `order` that expects `due` of item 1 on a day of May.
    fn open(order: i64, day: u8, due: i64, room: i64) -> OpenLine {
        let may = |day: u8| Day::parse(&format!("2026-05-{day:02}")).unwrap();
        OpenLine {
            order_id: PurchaseOrderId::from_raw(order),
            number: format!("PO-{order}"),
            line: 1,
            item_id: ItemId::from_raw(1),
            ordered_on: may(1),
            expected_on: may(day),
            due: Quantity::units(due),
            room: Quantity::units(room),
            held: false,
        }
    }

    /// Group, quantity, fit and order of each match.
    type Told = (usize, i64, Fit, i64);

    #[track_caller]
    fn check(counted: &[Counted], open: &[OpenLine], confirm_over: bool, expected: &[Told]) {
        let basis =
            Basis { rule: RULE, counted: counted.to_vec(), open: open.to_vec(), confirm_over };
        let told: Vec<Told> = match_goods(&basis)
            .unwrap()
            .iter()
            .map(|found| {
                let order = found.open.map_or(0, |at| open[at].order_id.raw());
                (found.counted, found.quantity.micro() / Quantity::MICRO, found.fit, order)
            })
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn what_was_promised_first_is_received_first() {
        let lines = [open(7, 20, 5, 0), open(8, 10, 5, 0)];
        check(&[counted(1, 3)], &lines, false, &[(0, 3, Fit::Accepted, 8)]);
        check(
            &[counted(1, 8)],
            &lines,
            false,
            &[(0, 5, Fit::Accepted, 8), (0, 3, Fit::Accepted, 7)],
        );
        // On the same day the order of the lower id.
        let lines = [open(9, 10, 5, 0), open(8, 10, 5, 0)];
        check(&[counted(1, 3)], &lines, false, &[(0, 3, Fit::Accepted, 8)]);
        let earlier =
            OpenLine { ordered_on: Day::parse("2026-04-01").unwrap(), ..open(9, 10, 5, 0) };
        check(&[counted(1, 3)], &[open(8, 10, 5, 0), earlier], false, &[(0, 3, Fit::Accepted, 9)]);
    }

    #[test]
    fn beyond_what_is_due_the_tolerance_decides() {
        let lines = [open(7, 10, 10, 1)];
        check(
            &[counted(1, 13)],
            &lines,
            false,
            &[(0, 10, Fit::Accepted, 7), (0, 1, Fit::WithinTolerance, 7), (0, 2, Fit::Over, 0)],
        );
        check(
            &[counted(1, 13)],
            &lines,
            true,
            &[
                (0, 10, Fit::Accepted, 7),
                (0, 1, Fit::WithinTolerance, 7),
                (0, 2, Fit::ConfirmedOver, 7),
            ],
        );
    }

    #[test]
    fn what_is_due_goes_to_every_group_before_the_tolerance_does() {
        // The second lot of the item takes what is due of the later order, not the first lot's excess.
        check(
            &[counted(1, 11), counted(1, 5)],
            &[open(7, 10, 10, 2), open(8, 20, 6, 2)],
            false,
            &[(0, 10, Fit::Accepted, 7), (0, 1, Fit::Accepted, 8), (1, 5, Fit::Accepted, 8)],
        );
    }

    #[test]
    fn a_line_that_nothing_came_for_lends_no_tolerance() {
        let none_due = OpenLine { due: Quantity::ZERO, ..open(8, 20, 0, 5) };
        check(
            &[counted(1, 12)],
            &[open(7, 10, 10, 1), none_due],
            false,
            &[(0, 10, Fit::Accepted, 7), (0, 1, Fit::WithinTolerance, 7), (0, 1, Fit::Over, 0)],
        );
    }

    #[test]
    fn scans_of_the_same_goods_are_one_group() {
        let scan = |line: i64, item: i64, lot: &str, quantity: i64| Counted {
            lot: lot.to_owned(),
            scans: vec![line],
            ..counted(item, quantity)
        };
        let groups = group(vec![
            scan(1, 1, "A", 2),
            scan(2, 1, "B", 1),
            Counted { damaged: true, ..scan(3, 1, "A", 1) },
            scan(4, 1, "A", 3),
        ]);
        let told: Vec<_> = groups
            .unwrap()
            .into_iter()
            .map(|group| (group.lot, group.quantity, group.damaged, group.scans))
            .collect();
        let one = |lot: &str, quantity, damaged, scans: &[i64]| {
            (lot.to_owned(), Quantity::units(quantity), damaged, scans.to_vec())
        };
        let expected =
            [one("A", 5, false, &[1, 4]), one("B", 1, false, &[2]), one("A", 1, true, &[3])];
        assert_eq!(told, expected);
    }

    #[test]
    fn what_nobody_ordered_or_knows_or_lets_in_waits() {
        let held = OpenLine { held: true, ..open(7, 10, 10, 1) };
        check(&[counted(1, 3)], std::slice::from_ref(&held), true, &[(0, 3, Fit::Held, 0)]);
        check(&[counted(1, 3)], &[held, open(8, 20, 5, 0)], false, &[(0, 3, Fit::Accepted, 8)]);
        check(&[counted(2, 3)], &[open(7, 10, 10, 1)], true, &[(0, 3, Fit::NotOrdered, 0)]);
        check(&[counted(0, 3)], &[open(7, 10, 10, 1)], true, &[(0, 3, Fit::ItemUnknown, 0)]);
        check(&[], &[open(7, 10, 10, 1)], false, &[]);
    }
}
