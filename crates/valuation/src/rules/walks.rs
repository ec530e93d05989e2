//! Random walks: whatever happens, nothing is lost to rounding.

use std::collections::{BTreeMap, BTreeSet};

use base::{Id, LayerId, Price, Quantity};
use proptest::collection::vec;
use proptest::prelude::*;

use super::golden::{Desk, desk};
use super::*;
use crate::model::{
    Booking, CorrectionCost, Kind, Method, MethodChangePrice, NegativeStock, PriceDifference,
    ShortageSettlement,
};

#[derive(Debug, Clone)]
enum Step {
    In(i64, i64),
    Found(i64),
    Out(i64),
    OutAt(i64, i64),
    FromLayer(i64, usize),
    Correct(usize, i64),
    Quantity(usize, i64),
    Cost(i64),
    Method(Method, Option<i64>),
}

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![
        Just(Method::Standard),
        Just(Method::Average),
        Just(Method::Fifo),
        Just(Method::Lifo)
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let some = prop_oneof![1_i64..10, 1_i64..9_000_000, Just(1_000_000), Just(333_333)];
    prop_oneof![
        6 => (some.clone(), 0_i64..5_000).prop_map(|(many, value)| Step::In(many, value)),
        1 => some.clone().prop_map(Step::Found),
        6 => some.clone().prop_map(Step::Out),
        1 => (some.clone(), 0_i64..5_000).prop_map(|(many, value)| Step::OutAt(many, value)),
        1 => (some.clone(), 0_usize..9).prop_map(|(many, at)| Step::FromLayer(many, at)),
        2 => (0_usize..9, -4_000_i64..4_000).prop_map(|(at, change)| Step::Correct(at, change)),
        1 => (0_usize..9, 0_i64..9_000_000).prop_map(|(at, new)| Step::Quantity(at, new)),
        1 => (0_i64..20_000_000).prop_map(Step::Cost),
        1 => (method(), proptest::option::of(0_i64..9_000)).prop_map(|(to, value)| Step::Method(to, value)),
    ]
}

fn settlement() -> impl Strategy<Value = ShortageSettlement> {
    prop_oneof![
        Just(ShortageSettlement::RevaluePastIssue),
        Just(ShortageSettlement::LastReceiptPrice),
        Just(ShortageSettlement::KeepIssueRate),
    ]
}

/// The receipts of a walk, with what each has brought and cost by now.
#[derive(Default)]
struct Receipts(Vec<Origin>);

impl Receipts {
    fn at(&self, index: usize) -> Option<Origin> {
        self.0.get(index % self.0.len().max(1)).copied()
    }
}

fn take(
    desk: &mut Desk,
    step: &Step,
    receipts: &mut Receipts,
    negative: NegativeStock,
) -> Result<Option<Booking>, ValuationError> {
    let settlement = desk.settlement;
    let post = desk.post(Kind::Receipt);
    let many = Quantity::from_micro;
    let standing = &mut desk.standing;
    let out = |standing: &mut Standing, quantity, worth| {
        take_out(standing, post, quantity, worth, negative).map(|taken| Some(taken.booking))
    };
    match *step {
        Step::In(quantity, value) => {
            let taken = take_in(standing, post, many(quantity), Worth::Given(value), settlement)?;
            assert_eq!(taken.given, taken.booked + taken.variance);
            let (layer, quantity) = (post.layer, many(quantity));
            receipts.0.push(Origin { layer, quantity, value, received_since: Quantity::ZERO });
            Ok(Some(taken.booking))
        }
        Step::Found(quantity) => {
            take_in(standing, post, many(quantity), Worth::CurrentCost, settlement)
                .map(|taken| Some(taken.booking))
        }
        Step::Out(quantity) => out(standing, many(quantity), OutWorth::MethodCost),
        Step::OutAt(quantity, value) => out(standing, many(quantity), OutWorth::Given(value)),
        Step::FromLayer(quantity, at) => {
            let layer = receipts.at(at).map_or(LayerId::from_raw(0), |origin| origin.layer);
            out(standing, many(quantity), OutWorth::FromLayer(layer))
        }
        Step::Correct(at, change) => {
            let Some(origin) = receipts.at(at) else { return Ok(None) };
            let policy = PriceDifference::IntoStock;
            let corrected = correct_cost(standing, post, origin, change, policy)?;
            assert_eq!(corrected.into_stock + corrected.sold + corrected.variance, change);
            Ok(Some(corrected.booking))
        }
        Step::Quantity(at, new) => {
            let Some(origin) = receipts.at(at) else { return Ok(None) };
            let (increase, decrease) =
                (CorrectionCost::AtDocumentCost, CorrectionCost::AtDocumentCost);
            let policy = CorrectionPolicy { increase, decrease, settlement, negative };
            Ok(match correct_receipt(standing, post, origin, many(new), policy)? {
                QuantityCorrected::Unchanged => None,
                QuantityCorrected::In(taken) => Some(taken.booking),
                QuantityCorrected::Out(taken) => Some(taken.booking),
            })
        }
        Step::Cost(new) => {
            change_cost(standing, post, Price::from_micro(new)).map(|changed| Some(changed.booking))
        }
        Step::Method(to, value) => {
            let price = value.map_or(MethodChangePrice::Keep, |value| {
                MethodChangePrice::AverageOfHistory { value }
            });
            change_method(standing, post, to, price, None).map(|changed| Some(changed.booking))
        }
    }
}

/// Everything that must hold of a standing at any time.
fn assert_sound(standing: &Standing) {
    let zero = standing.quantity.is_zero();
    assert!(!zero || standing.value == 0, "a residue at zero: {standing:?}");
    assert!(!standing.quantity.is_positive() || standing.value >= 0, "worth less than nothing");
    let layers = Quantity::checked_sum(standing.layers.iter().map(|open| open.quantity)).unwrap();
    let layer_value: i64 = standing.layers.iter().map(|open| open.value).sum();
    let short = Quantity::checked_sum(standing.shortages.iter().map(|open| open.quantity)).unwrap();
    let short_value: i64 = standing.shortages.iter().map(|open| open.value).sum();
    assert!(standing.layers.iter().all(|open| open.quantity.is_positive() && open.value >= 0));
    assert!(standing.layers.is_sorted_by_key(|open| open.seq));
    assert!(standing.shortages.iter().all(|open| open.quantity.is_positive() && open.value >= 0));
    if standing.method == Method::Standard {
        let worth = standing.extend(standing.standard, standing.quantity);
        assert_eq!(Ok(standing.value), worth, "not quantity times standard");
        assert!(standing.layers.is_empty() && standing.shortages.is_empty());
    } else if standing.quantity.is_negative() {
        assert_eq!((short.negate(), -short_value), (standing.quantity, standing.value));
        assert!(standing.layers.is_empty());
    } else {
        assert!(standing.shortages.is_empty());
        if standing.method.is_queue() {
            assert_eq!((layers, layer_value), (standing.quantity, standing.value));
        } else {
            assert!(standing.layers.is_empty());
        }
    }
}

/// One statement writes all rows, so each may be named only once.
fn rows_are_named_once(booking: &Booking) -> bool {
    let layers: BTreeSet<_> = booking.layers.iter().map(|open| open.layer).collect();
    let shortages: BTreeSet<_> = booking.shortages.iter().map(|open| open.issue).collect();
    layers.len() == booking.layers.len() && shortages.len() == booking.shortages.len()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn nothing_is_lost_whatever_happens(
        first in method(),
        settlement in settlement(),
        allowed in any::<bool>(),
        steps in vec(step(), 1..60),
    ) {
        let negative = if allowed { NegativeStock::Allowed } else { NegativeStock::Refused };
        let mut desk = desk(first);
        desk.settlement = settlement;
        let mut receipts = Receipts::default();
        let (mut quantity, mut value) = (Quantity::ZERO, 0);
        for step in &steps {
            let before = desk.standing.clone();
            match take(&mut desk, step, &mut receipts, negative) {
                Ok(Some(booking)) => {
                    for entry in &booking.entries {
                        quantity = quantity.checked_add(entry.quantity).unwrap();
                        value += entry.value;
                    }
                    prop_assert!(rows_are_named_once(&booking));
                    prop_assert!(allowed || !desk.standing.quantity.is_negative());
                }
                Ok(None) => prop_assert_eq!(&before, &desk.standing),
                Err(_) => prop_assert_eq!(&before, &desk.standing, "a refusal changes nothing"),
            }
            prop_assert_eq!((quantity, value), (desk.standing.quantity, desk.standing.value));
            assert_sound(&desk.standing);
        }
    }

    #[test]
    fn what_a_layer_brought_is_used_or_left(
        lifo in any::<bool>(),
        steps in vec((1_i64..4_000_000, 0_i64..5_000, any::<bool>()), 1..40),
    ) {
        let mut desk = desk(if lifo { Method::Lifo } else { Method::Fifo });
        let mut brought = BTreeMap::new();
        for (quantity, value, comes) in steps {
            let step = if comes { Step::In(quantity, value) } else { Step::Out(quantity) };
            let layer = LayerId::from_raw(desk.next + 1);
            if comes {
                brought.insert(layer, (quantity, value));
            }
            let mut receipts = Receipts::default();
            let booking = take(&mut desk, &step, &mut receipts, NegativeStock::Allowed);
            for used in booking.unwrap().unwrap().uses {
                let left = brought.get_mut(&used.layer).unwrap();
                *left = (left.0 - used.quantity.micro(), left.1 - used.value);
            }
        }
        brought.retain(|_, left| *left != (0, 0));
        let mut open: Vec<_> = desk.standing.layers.iter()
            .map(|open| (open.layer, (open.quantity.micro(), open.value)))
            .collect();
        open.sort();
        prop_assert_eq!(brought.into_iter().collect::<Vec<_>>(), open);
    }

    #[test]
    fn a_replay_of_a_sound_history_finds_what_is_booked(
        fifo in any::<bool>(),
        steps in vec((1_i64..50, 0_i64..5_000, any::<bool>()), 1..40),
    ) {
        let method = if fifo { Method::Fifo } else { Method::Average };
        let mut desk = desk(method);
        let start = desk.standing.clone();
        let day = base::Day::parse("2026-01-01").unwrap();
        let mut past = Vec::new();
        for (units, value, comes) in steps {
            let quantity = Quantity::units(units);
            let step = if comes { Step::In(quantity.micro(), value) } else { Step::Out(quantity.micro()) };
            let mut receipts = Receipts::default();
            let layer = LayerId::from_raw(desk.next + 1);
            if let Ok(Some(booking)) = take(&mut desk, &step, &mut receipts, NegativeStock::Refused) {
                let entry = booking.entries[0];
                past.push(Past { layer, day, quantity: entry.quantity, value: Some(entry.value.abs()) });
            }
        }
        let replayed = replay(&start, method, &past, false).unwrap();
        prop_assert_eq!(replayed.quantity, desk.standing.quantity);
        let rounded = i64::try_from(past.len()).unwrap();
        prop_assert!((replayed.value - desk.standing.value).abs() <= rounded);
    }
}
