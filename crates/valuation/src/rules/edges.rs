//! What no golden case tells: refusals, goods of others, stock below zero, and the smaller rules.

use base::{Currency, Id, LayerId, NumberError, Quantity, Rounding, Rule};

use super::golden::{Desk, desk, desk_in, price, q};
use super::*;
use crate::model::{
    Class, MethodChangePrice, NegativeStock, PriceDifference, ShortageSettlement, Use,
};

const ANY: ShortageSettlement = ShortageSettlement::RevaluePastIssue;

fn consigned(method: Method) -> Desk {
    let mut desk = desk_in(method, Currency::EUR, "5");
    desk.standing.key.class = Class::Consigned;
    desk
}

#[test]
fn a_refusal_names_the_numbers_and_changes_nothing() {
    let mut desk = desk(Method::Average);
    desk.receive("2", "10");
    let before = desk.standing.clone();
    let post = desk.post(Kind::Issue);
    let standing = &mut desk.standing;
    let no = NegativeStock::Refused;

    let nothing = take_in(standing, post, Quantity::ZERO, Worth::Given(1), ANY);
    assert_eq!(nothing, Err(ValuationError::QuantityNotPositive { quantity: q("0") }));
    let negative = take_in(standing, post, q("1"), Worth::Given(-1), ANY);
    assert_eq!(negative, Err(ValuationError::NegativeValue { value: -1 }));
    let negative = take_out(standing, post, q("1"), OutWorth::Given(-1), no);
    assert_eq!(negative, Err(ValuationError::NegativeValue { value: -1 }));
    let too_much = take_out(standing, post, q("3"), OutWorth::MethodCost, no).unwrap_err();
    assert_eq!(too_much, ValuationError::NotEnough { asked: q("3"), there: q("2") });
    assert_eq!(too_much.problem().code, "insufficient_stock");
    assert_eq!(too_much.to_string(), "3 was to leave but only 2 is there");
    let cost = change_cost(standing, post, price("-1"));
    assert_eq!(cost, Err(ValuationError::NegativeCost { cost: price("-1") }));
    let overflow = take_in(standing, post, q("1"), Worth::Given(i64::MAX), ANY);
    assert_eq!(overflow, Err(ValuationError::Number(NumberError::OutOfRange)));
    assert_eq!(desk.standing, before);
}

#[test]
fn goods_of_others_are_counted_and_never_valued() {
    for method in [Method::Standard, Method::Average, Method::Fifo, Method::Lifo] {
        let mut desk = consigned(method);
        let post = desk.post(Kind::Receipt);
        let given = take_in(&mut desk.standing, post, q("4"), Worth::Given(1), ANY);
        assert_eq!(given, Err(ValuationError::ConsignedHasNoValue { value: 1 }));
        desk.receive_at("4", Worth::CurrentCost);
        desk.check("4", 0, "0");
        let post = desk.post(Kind::Revaluation);
        assert_eq!(change_cost(&mut desk.standing, post, price("7")).unwrap().change, 0);
        let keep = MethodChangePrice::Keep;
        for to in [Method::Fifo, Method::Standard, Method::Average] {
            let post = desk.post(Kind::MethodChange);
            assert_eq!(
                change_method(&mut desk.standing, post, to, keep, None).unwrap().new_value,
                0
            );
        }
        assert_eq!(desk.deliver("6").value, 0);
        desk.check("-2", 0, "0");
        desk.check_layers(&[]);
    }
}

#[test]
fn standard_stock_below_zero_is_worth_its_standard_and_needs_no_settlement() {
    let mut desk = desk_in(Method::Standard, Currency::EUR, "5");
    let out = desk.deliver("3");
    assert_eq!((out.value, out.short), (1_500, q("3")));
    desk.check("-3", -1_500, "5");
    let taken = desk.receive("4", "7");
    assert_eq!((taken.booked, taken.variance, taken.correction), (2_000, 800, 0));
    desk.check("1", 500, "5");
}

#[test]
fn one_receipt_settles_several_shortages_oldest_first() {
    #[track_caller]
    fn check(settlement: ShortageSettlement, corrections: &[i64], value: i64) {
        let mut desk = desk_in(Method::Fifo, Currency::EUR, "10");
        desk.settlement = settlement;
        desk.deliver("2");
        desk.deliver("4");
        let taken = desk.receive("3", "12");
        let found: Vec<i64> = taken.settled.iter().map(|one| one.correction).collect();
        assert_eq!((found.as_slice(), desk.standing.value), (corrections, value));
        assert_eq!(taken.correction, corrections.iter().sum::<i64>());
        assert_eq!(desk.standing.shortages.len(), 1);
    }
    check(ShortageSettlement::RevaluePastIssue, &[-400, -200], -3_000);
    check(ShortageSettlement::KeepIssueRate, &[-400, -200], -3_000);
    check(ShortageSettlement::LastReceiptPrice, &[-400, -200, -600], -3_600);
}

#[test]
fn a_supplier_return_can_take_its_own_layer_first() {
    let mut desk = desk(Method::Fifo);
    desk.receive("2", "10");
    desk.receive("2", "20");
    let post = desk.post(Kind::SupplierReturn);
    let worth = OutWorth::FromLayer(LayerId::from_raw(2));
    let out = take_out(&mut desk.standing, post, q("3"), worth, NegativeStock::Refused).unwrap();
    assert_eq!(out.value, 5_000);
    desk.check_layers(&[("1", 1_000)]);
}

#[test]
fn a_layer_is_found_by_its_unit_cost() {
    let mut desk = desk(Method::Fifo);
    desk.receive("2", "10");
    desk.receive("2", "20");
    assert_eq!(desk.standing.layer_at(price("20")), Ok(Some(LayerId::from_raw(2))));
    assert_eq!(desk.standing.layer_at(price("15")), Ok(None));
}

#[test]
fn what_goes_below_zero_at_a_given_value_is_short_at_it() {
    let mut desk = desk(Method::Fifo);
    desk.receive("1", "10");
    let post = desk.post(Kind::Opening);
    let (worth, allowed) = (OutWorth::Given(50_000), NegativeStock::Allowed);
    let out = take_out(&mut desk.standing, post, q("5"), worth, allowed).unwrap();
    assert_eq!((out.value, out.difference), (41_000, 9_000));
    desk.check("-4", -40_000, "100");
}

#[test]
fn an_average_gives_a_named_value_only_as_far_as_it_is_there() {
    let mut desk = desk(Method::Average);
    desk.receive("3", "10");
    let mut out = |quantity: &str, value| {
        let post = desk.post(Kind::SupplierReturn);
        let (worth, no) = (OutWorth::Given(value), NegativeStock::Refused);
        let taken = take_out(&mut desk.standing, post, q(quantity), worth, no).unwrap();
        (taken.value, taken.difference)
    };
    assert_eq!(out("1", 1_200), (1_200, 0));
    assert_eq!(out("1", 2_500), (1_800, 700));
    assert_eq!(out("1", 900), (0, 900));
}

#[test]
fn a_lower_cost_never_takes_more_than_is_there() {
    let mut desk = desk(Method::Fifo);
    desk.receive("4", "1");
    desk.deliver("3");
    let corrected = desk.landed(desk.origin(1, "4", 400, "0"), -1_000);
    assert_eq!((corrected.into_stock, corrected.sold), (-100, -900));
    desk.check("1", 0, "0");
}

#[test]
fn without_layers_goods_flow_first_in_first_out() {
    let mut desk = desk(Method::Average);
    desk.receive("10", "1");
    desk.receive("10", "1");
    desk.deliver("12");
    let left = |layer, since| left_of(&desk.standing, desk.origin(layer, "10", 1_000, since));
    assert_eq!(left(1, "10"), Ok(q("0")));
    assert_eq!(left(2, "0"), Ok(q("8")));
}

#[test]
fn a_standard_item_takes_no_late_cost() {
    let mut desk = desk_in(Method::Standard, Currency::EUR, "5");
    desk.receive("4", "5");
    let corrected = desk.landed(desk.origin(1, "4", 2_000, "0"), 300);
    assert_eq!((corrected.variance, corrected.into_stock, corrected.sold), (300, 0, 0));
    desk.check("4", 2_000, "5");
}

#[test]
fn an_issue_corrected_down_comes_back_at_the_value_it_left_with() {
    let mut desk = desk(Method::Fifo);
    desk.receive("3", "10");
    let out = desk.deliver("3");
    let post = desk.post(Kind::QuantityCorrection);
    let policy = CorrectionPolicy {
        increase: crate::model::CorrectionCost::AtCurrentCost,
        decrease: crate::model::CorrectionCost::AtDocumentCost,
        settlement: ANY,
        negative: NegativeStock::Refused,
    };
    let back = correct_issue(&mut desk.standing, post, q("3"), out.value, q("1"), policy).unwrap();
    assert!(matches!(back, QuantityCorrected::In(taken) if taken.booked == 2_000));
    desk.check_layers(&[("2", 2_000)]);
    let post = desk.post(Kind::QuantityCorrection);
    let more = correct_issue(&mut desk.standing, post, q("1"), 1_000, q("2"), policy).unwrap();
    assert!(matches!(more, QuantityCorrected::Out(taken) if taken.value == 1_000));
    let post = desk.post(Kind::QuantityCorrection);
    let same = correct_issue(&mut desk.standing, post, q("2"), 2_000, q("2"), policy);
    assert_eq!(same, Ok(QuantityCorrected::Unchanged));
}

#[test]
fn the_sold_share_follows_the_issues_that_used_the_receipt() {
    let used = |issue, quantity| Use {
        layer: LayerId::from_raw(1),
        issue: LayerId::from_raw(issue),
        quantity: q(quantity),
        value: 0,
    };
    let spread = spread_over_issues(100, &[used(2, "1"), used(3, "2")]).unwrap();
    assert_eq!(spread, [(LayerId::from_raw(2), 33), (LayerId::from_raw(3), 67)]);
    assert_eq!(spread_over_issues(0, &[]), Ok(Vec::new()));
    assert_eq!(spread_over_issues(1, &[]), Err(NumberError::OutOfRange.into()));
}

#[test]
fn pieces_that_come_back_add_up_to_what_left() {
    assert_eq!(returned_value(q("3"), 100, q("1")), Ok(33));
    assert_eq!(returned_value(q("2"), 67, q("1")), Ok(34));
    assert_eq!(returned_value(q("1"), 33, q("1")), Ok(33));
    let beyond = ValuationError::MoreThanDocument { asked: q("2"), whole: q("1") };
    assert_eq!(returned_value(q("1"), 33, q("2")), Err(beyond));
}

#[test]
fn a_queue_is_revalued_layer_by_layer() {
    let mut desk = desk(Method::Fifo);
    desk.receive("1", "10");
    desk.receive("2", "20");
    let post = desk.post(Kind::Revaluation);
    assert_eq!(change_cost(&mut desk.standing, post, price("3.335")).unwrap().change, -3_999);
    desk.check_layers(&[("1", 334), ("2", 667)]);
}

#[test]
fn a_shortage_survives_a_change_of_method() {
    let mut desk = desk_in(Method::Standard, Currency::EUR, "5");
    desk.deliver("2");
    let mut change = |to| {
        let post = desk.post(Kind::MethodChange);
        change_method(&mut desk.standing, post, to, MethodChangePrice::Keep, None).unwrap();
        desk.standing.shortages.iter().map(|open| (open.quantity, open.value)).collect::<Vec<_>>()
    };
    assert_eq!(change(Method::Average), [(q("2"), 1_000)]);
    assert_eq!(change(Method::Lifo), [(q("2"), 1_000)]);
    assert_eq!(change(Method::Standard), []);
    assert_eq!(desk.standing.value, -1_000);
}

#[test]
fn a_price_difference_aside_and_into_stock_name_the_same_change() {
    for policy in [PriceDifference::SeparateAccount, PriceDifference::IntoStock] {
        let mut desk = desk(Method::Average);
        desk.receive("3", "10");
        desk.deliver("1");
        let (post, origin) = (desk.post(Kind::CostCorrection), desk.origin(1, "3", 3_000, "0"));
        let found = correct_cost(&mut desk.standing, post, origin, 100, policy).unwrap();
        assert_eq!(found.into_stock + found.sold + found.variance, 100);
        assert_eq!(found.sold == 33, policy == PriceDifference::IntoStock);
    }
}

#[test]
fn a_cost_is_rounded_as_it_is_shown() {
    assert_eq!(round_cost(price("1.003333"), 2, Rounding::HalfUp), Ok(price("1")));
    assert_eq!(round_cost(price("113.333366"), 4, Rounding::Down), Ok(price("113.3333")));
    assert_eq!(round_cost(price("1.234567"), 6, Rounding::Down), Ok(price("1.234567")));
}
