//! Decisions on small orders, as a table of what is wanted and what is there.

use super::*;
use crate::basis::{Free, LineGoods, Placed};
use base::Id;

/// One warehouse's goods of an order: (warehouse, item, open, reserved).
type At = (i64, i64, i64, i64);

fn warehouse(id: i64) -> WarehouseId {
    WarehouseId::from_raw(id)
}

fn item(id: i64) -> ItemId {
    ItemId::from_raw(id)
}

fn units(n: i64) -> Quantity {
    Quantity::units(n)
}

/// An order of the items 1, 2, ... one line each, at home in warehouse 1.
fn order(wanted: &[i64], placed: &[At], free: &[(i64, i64, i64)], split: bool) -> RouteBasis {
    let line = |(index, wanted): (usize, &i64)| OpenLine {
        line: index as i64 + 1,
        quantity: units(*wanted),
        open: units(*wanted),
        whole: true,
        goods: vec![LineGoods { item_id: item(index as i64 + 1), quantity: units(*wanted) }],
    };
    let at = |&(place, of, open, reserved): &At| Placed {
        line: of,
        item_id: item(of),
        warehouse_id: warehouse(place),
        open: units(open),
        reserved: units(reserved),
    };
    RouteBasis {
        home: warehouse(1),
        ranked: vec![warehouse(1), warehouse(2), warehouse(3)],
        split,
        lines: wanted.iter().enumerate().map(line).collect(),
        placed: placed.iter().map(at).collect(),
        free: free
            .iter()
            .map(|&(place, of, quantity)| Free {
                item_id: item(of),
                warehouse_id: warehouse(place),
                quantity: units(quantity),
            })
            .collect(),
    }
}

/// What was decided: choice, reason, home, and (line, warehouse, quantity).
type Told = (RouteChoice, Option<WaitReason>, i64, Vec<(i64, i64, i64)>);

fn told(basis: &RouteBasis) -> Told {
    let decision = decide(basis).expect("numbers in range");
    let part = |part: &RoutePart| {
        (part.line, part.warehouse_id.raw(), part.quantity.micro() / Quantity::MICRO)
    };
    let parts = decision.parts.iter().map(part).collect();
    (decision.choice, decision.reason, decision.home.raw(), parts)
}

#[test]
fn an_order_stays_where_it_can_be_filled_and_goes_to_the_first_that_fills_all_of_it() {
    use RouteChoice::{Elsewhere, Here, Reserved, Waits};
    for split in [false, true] {
        let check = |placed: &[At], free: &[(i64, i64, i64)], expected: Told| {
            assert_eq!(told(&order(&[10], placed, free, split)), expected, "{placed:?} {free:?}");
        };
        check(&[(1, 1, 10, 10)], &[(2, 1, 99)], (Reserved, None, 1, vec![]));
        check(&[(1, 1, 10, 6)], &[(1, 1, 4), (2, 1, 99)], (Here, None, 1, vec![]));
        check(&[(1, 1, 10, 6)], &[(1, 1, 3), (2, 1, 99)], (Elsewhere, None, 2, vec![(1, 2, 10)]));
        check(&[(1, 1, 10, 0)], &[(2, 1, 9), (3, 1, 10)], (Elsewhere, None, 3, vec![(1, 3, 10)]));
        check(&[(1, 1, 10, 0)], &[], (Waits, Some(WaitReason::Short), 1, vec![]));
    }
}

#[test]
fn an_order_is_split_over_as_few_warehouses_as_possible_and_only_where_that_is_allowed() {
    let placed = [(1, 1, 10, 2), (1, 2, 5, 0)];
    let free = [(1, 1, 3), (2, 1, 5), (3, 1, 7), (3, 2, 5)];
    let split = told(&order(&[10, 5], &placed, &free, true));
    let parts = vec![(1, 1, 5), (1, 3, 5), (2, 3, 5)];
    assert_eq!(split, (RouteChoice::Split, None, 1, parts));
    let waits = told(&order(&[10, 5], &placed, &free, false));
    assert_eq!(waits, (RouteChoice::Waits, Some(WaitReason::SplitNotAllowed), 1, vec![]));
}

#[test]
fn when_all_have_too_little_each_gives_what_it_has_and_the_rest_waits_at_home() {
    let placed = [(1, 1, 10, 2)];
    let free = [(2, 1, 3)];
    let split = told(&order(&[10], &placed, &free, true));
    let parts = vec![(1, 1, 7), (1, 2, 3)];
    assert_eq!(split, (RouteChoice::Split, Some(WaitReason::Short), 1, parts));
    let waits = told(&order(&[10], &placed, &free, false));
    assert_eq!(waits, (RouteChoice::Waits, Some(WaitReason::Short), 1, vec![]));
    let mut nowhere = order(&[10], &placed, &free, true);
    nowhere.ranked.clear();
    assert_eq!(told(&nowhere).1, Some(WaitReason::NotRanked));
}

#[test]
fn a_kit_leaves_one_warehouse_whole() {
    // Two of item 1 and one of item 2 make a kit; five kits are wanted.
    let kit = |free: &[(i64, i64, i64)]| {
        let mut basis = order(&[5], &[], free, true);
        basis.lines[0].goods = vec![
            LineGoods { item_id: item(1), quantity: units(10) },
            LineGoods { item_id: item(2), quantity: units(5) },
        ];
        let at = |of, open| Placed {
            line: 1,
            item_id: item(of),
            warehouse_id: warehouse(1),
            open: units(open),
            reserved: Quantity::ZERO,
        };
        basis.placed = vec![at(1, 10), at(2, 5)];
        basis
    };
    let apart = kit(&[(1, 1, 10), (2, 2, 5)]);
    assert_eq!(told(&apart).0, RouteChoice::Waits);
    let mixed = kit(&[(1, 1, 7), (1, 2, 9), (2, 1, 4), (2, 2, 2)]);
    let parts = vec![(1, 1, 3), (1, 2, 2)];
    assert_eq!(told(&mixed), (RouteChoice::Split, None, 1, parts));
}

#[test]
fn what_an_order_takes_is_not_free_for_the_next_and_what_it_leaves_is() {
    let basis = order(&[10], &[(1, 1, 10, 6)], &[(1, 1, 1), (2, 1, 12)], false);
    let decision = decide(&basis).expect("a decision");
    let mut free = BTreeMap::from([((item(1), warehouse(2)), units(12))]);
    free_after(&basis, &decision, &mut free).expect("numbers");
    assert_eq!(free[&(item(1), warehouse(1))], units(7));
    assert_eq!(free[&(item(1), warehouse(2))], units(2));
}

#[test]
fn a_decision_carried_out_is_decided_the_same_way_again() {
    let basis = order(&[10], &[(1, 1, 10, 2)], &[(2, 1, 3)], true);
    let mut after = order(&[10], &[(1, 1, 7, 2), (2, 1, 3, 3)], &[], true);
    assert_eq!(told(&basis).3, vec![(1, 1, 7), (1, 2, 3)]);
    assert_eq!(told(&after).3, vec![(1, 1, 7), (1, 2, 3)]);
    after.split = false;
    assert_eq!(told(&after), (RouteChoice::Waits, Some(WaitReason::Short), 1, vec![]));
}
