//! The figures of the golden cases, as far as they can be told without documents and a database. Money
//! is in cents unless the case says otherwise.

use base::{Currency, Day, Id, ItemId, LayerId, PoolId, Price, Quantity, Rounding};

use super::*;
use crate::model::ShortageSettlement::{KeepIssueRate, LastReceiptPrice, RevaluePastIssue};
use crate::model::{
    Class, CorrectionCost, MethodChangePrice, NegativeStock, PriceDifference, ShortageSettlement,
    StandardVariance, StandingKey,
};

/// A standing and the counter of its rows.
pub(super) struct Desk {
    pub standing: Standing,
    pub next: i64,
    pub settlement: ShortageSettlement,
}

pub(super) fn desk(method: Method) -> Desk {
    desk_in(method, Currency::EUR, "0")
}

pub(super) fn desk_in(method: Method, currency: Currency, cost: &str) -> Desk {
    let key =
        StandingKey { item: ItemId::from_raw(1), pool: PoolId::from_raw(1), class: Class::Normal };
    let standing = Standing::new(key, currency, method, price(cost));
    Desk { standing, next: 0, settlement: RevaluePastIssue }
}

pub(super) fn price(text: &str) -> Price {
    Price::parse(text).unwrap()
}

pub(super) fn q(text: &str) -> Quantity {
    Quantity::parse(text).unwrap()
}

impl Desk {
    pub(super) fn post(&mut self, kind: Kind) -> Post {
        self.next += 1;
        Post { layer: LayerId::from_raw(self.next), seq: self.next, kind }
    }

    pub(super) fn receive_at(&mut self, quantity: &str, worth: Worth) -> TakenIn {
        let post = self.post(Kind::Receipt);
        take_in(&mut self.standing, post, q(quantity), worth, self.settlement).unwrap()
    }

    pub(super) fn receive(&mut self, quantity: &str, cost: &str) -> TakenIn {
        let value = self.standing.extend(price(cost), q(quantity)).unwrap();
        self.receive_at(quantity, Worth::Given(value))
    }

    pub(super) fn deliver(&mut self, quantity: &str) -> TakenOut {
        let post = self.post(Kind::Issue);
        let negative = NegativeStock::Allowed;
        take_out(&mut self.standing, post, q(quantity), OutWorth::MethodCost, negative).unwrap()
    }

    pub(super) fn origin(&self, layer: i64, quantity: &str, value: i64, since: &str) -> Origin {
        let layer = LayerId::from_raw(layer);
        Origin { layer, quantity: q(quantity), value, received_since: q(since) }
    }

    pub(super) fn landed(&mut self, origin: Origin, change: i64) -> CostCorrected {
        let post = self.post(Kind::LandedCost);
        correct_cost(&mut self.standing, post, origin, change, PriceDifference::IntoStock).unwrap()
    }

    #[track_caller]
    pub(super) fn check(&self, quantity: &str, value: i64, unit_cost: &str) {
        assert_eq!(self.standing.quantity, q(quantity));
        assert_eq!(self.standing.value, value);
        assert_eq!(self.standing.unit_cost(), Ok(price(unit_cost)));
    }

    #[track_caller]
    pub(super) fn check_layers(&self, expected: &[(&str, i64)]) {
        let layers: Vec<_> =
            self.standing.layers.iter().map(|open| (open.quantity, open.value)).collect();
        let expected: Vec<_> = expected.iter().map(|(many, value)| (q(many), *value)).collect();
        assert_eq!(layers, expected);
    }
}

fn corrections(increase: CorrectionCost, decrease: CorrectionCost) -> CorrectionPolicy {
    let (settlement, negative) = (RevaluePastIssue, NegativeStock::Allowed);
    CorrectionPolicy { increase, decrease, settlement, negative }
}

#[test]
fn val_avco_001_moving_average_over_two_receipts_and_one_delivery() {
    let mut desk = desk(Method::Average);
    assert_eq!(desk.receive("10", "10").booked, 10_000);
    desk.check("10", 10_000, "10");
    assert_eq!(desk.receive("10", "20").booked, 20_000);
    desk.check("20", 30_000, "15");
    assert_eq!(desk.deliver("15").value, 22_500);
    desk.check("5", 7_500, "15");
}

#[test]
fn val_avco_003_a_receipt_cut_to_its_half_empties_stock_and_value() {
    let mut desk = desk(Method::Average);
    desk.receive("10", "10");
    desk.receive("10", "20");
    desk.deliver("15");
    let (post, origin) = (desk.post(Kind::QuantityCorrection), desk.origin(1, "10", 10_000, "10"));
    let policy = corrections(CorrectionCost::AtDocumentCost, CorrectionCost::AtCurrentCost);
    correct_receipt(&mut desk.standing, post, origin, q("5"), policy).unwrap();
    desk.check("0", 0, "15");
}

#[test]
fn val_avco_004_the_next_receipt_settles_the_shortage_at_its_own_price() {
    let mut desk = desk(Method::Average);
    desk.receive("10", "10");
    desk.receive("10", "20");
    let out = desk.deliver("30");
    assert_eq!((out.value, out.short), (45_000, q("10")));
    desk.check("-10", -15_000, "15");
    let settled = desk.receive("10", "30");
    assert_eq!(settled.correction, -15_000);
    assert_eq!(settled.settled[0].issue, LayerId::from_raw(3));
    assert!(settled.settled[0].corrects_issue);
    desk.check("0", 0, "30");
    desk.receive("10", "40");
    desk.check("10", 40_000, "40");
}

#[test]
fn val_avco_005_the_receipt_back_values_an_issue_at_zero_cost() {
    let mut desk = desk(Method::Average);
    assert_eq!(desk.deliver("2").value, 0);
    assert_eq!(desk.receive("20", "3.33").correction, -666);
    desk.check("18", 5_994, "3.33");
}

#[test]
fn val_avco_007_a_customer_return_comes_back_at_the_cost_it_left_with() {
    let mut desk = desk(Method::Average);
    desk.receive("1", "10");
    desk.receive("1", "20");
    let out = desk.deliver("1");
    desk.receive_at("1", Worth::Given(out.value));
    desk.check("2", 3_000, "15");
}

#[test]
fn val_avco_008_an_undone_supplier_return_comes_back_at_the_current_average() {
    let mut desk = desk(Method::Average);
    desk.receive("1", "10");
    desk.receive("1", "20");
    desk.deliver("1");
    desk.deliver("1");
    desk.check("0", 0, "15");
    desk.receive_at("1", Worth::CurrentCost);
    desk.check("1", 1_500, "15");
}

#[test]
fn val_avco_009_the_last_issue_takes_the_rounding_cent() {
    let mut desk = desk(Method::Average);
    for cost in ["1.00", "1.00", "1.01"] {
        desk.receive("1", cost);
    }
    desk.check("3", 301, "1.003333");
    let shown = round_cost(desk.standing.unit_cost().unwrap(), 2, Rounding::HalfUp).unwrap();
    let out = desk.deliver("3");
    assert_eq!(rounding_adjustment(out.value, q("3"), shown, Currency::EUR), Ok(-1));
    assert_eq!((desk.standing.value, shown), (0, price("1.00")));
}

#[test]
fn val_avco_011_cheap_goods_in_bulk_leave_nothing_over() {
    let mut desk = desk(Method::Average);
    desk.receive("1000", "0.17");
    desk.receive("800", "0.23");
    let cost = desk.standing.unit_cost().unwrap();
    assert_eq!(round_cost(cost, 2, Rounding::HalfUp), Ok(price("0.20")));
    desk.deliver("1000");
    desk.deliver("800");
    assert_eq!(desk.standing.value, 0);
}

#[test]
fn val_avco_013_a_return_of_everything_restores_the_exact_value() {
    let mut desk = desk(Method::Average);
    desk.receive("1", "13.13");
    desk.receive("1", "12.20");
    let out = desk.deliver("2");
    desk.receive_at("2", Worth::Given(out.value));
    assert_eq!((desk.standing.value, desk.standing.quantity), (2_533, q("2")));
}

#[test]
fn val_avco_014_average_across_kilograms_and_grams() {
    let mut desk = desk_in(Method::Average, Currency::EUR, "60");
    desk.receive("10", "60");
    desk.receive("30", "80");
    desk.deliver("20");
    desk.check("20", 150_000, "75");
    desk.receive("0.5", "200");
    assert_eq!(desk.standing.quantity, q("20.5"));
    let cost = desk.standing.unit_cost().unwrap();
    assert_eq!(round_cost(cost, 2, Rounding::HalfUp), Ok(price("78.05")));
}

#[test]
fn val_avco_015_below_zero_the_cost_becomes_the_last_receipt_price() {
    let mut desk = desk_in(Method::Average, Currency::EUR, "5");
    desk.settlement = LastReceiptPrice;
    desk.deliver("1");
    desk.check("-1", -500, "5");
    desk.deliver("1");
    desk.check("-2", -1_000, "5");
    let taken = desk.receive("1", "3");
    assert_eq!(taken.correction, 400);
    desk.check("-1", -300, "3");
    desk.receive("2", "2");
    desk.check("1", 200, "2");

    let start = desk_in(Method::Average, Currency::EUR, "5").standing;
    let rows = [
        past(1, 0, "-1", Some(500)),
        past(2, 0, "-1", Some(500)),
        past(3, 0, "1", Some(300)),
        past(4, 0, "2", Some(400)),
    ];
    let post = desk.post(Kind::Recomputation);
    let found = recompute(&mut desk.standing, post, &start, &rows).unwrap();
    assert_eq!((found.change, found.difference), (0, -600));
    desk.check("1", 200, "2");
}

pub(super) fn past(layer: i64, day: i64, quantity: &str, value: Option<i64>) -> Past {
    let first = Day::parse("2026-01-01").unwrap();
    let day = first.plus(day).unwrap();
    Past { layer: LayerId::from_raw(layer), day, quantity: q(quantity), value }
}

#[test]
fn val_avco_017_a_recomputation_gives_issues_the_cost_at_the_end_of_their_day() {
    let mut desk = desk_in(Method::Average, Currency::EUR, "80");
    let nothing = desk.standing.clone();
    desk.receive("1", "100");
    let first_day = desk.standing.clone();
    assert_eq!(desk.deliver("2").value, 20_000);
    assert_eq!(desk.receive("2", "120").correction, -2_000);
    desk.receive("3", "100");
    desk.check("4", 42_000, "105");

    let mut rows = vec![
        past(1, 0, "1", Some(10_000)),
        past(2, 1, "-2", Some(22_000)),
        past(3, 1, "2", Some(24_000)),
        past(4, 2, "3", Some(30_000)),
    ];
    let post = desk.post(Kind::Recomputation);
    let found = recompute(&mut desk.standing, post, &nothing, &rows).unwrap();
    assert_eq!(found.issues[0].cost, price("120"));
    assert_eq!((found.change, found.difference), (0, 2_000));
    desk.check("4", 42_000, "105");

    let origin = desk.origin(3, "2", 24_000, "3");
    let change = origin.change_to(&desk.standing, price("130")).unwrap();
    let corrected = desk.landed(origin, change);
    assert_eq!((corrected.into_stock, corrected.sold), (1_000, 1_000));
    rows[1].value = Some(25_000);
    rows[2].value = Some(26_000);
    let post = desk.post(Kind::Recomputation);
    let found = recompute(&mut desk.standing, post, &first_day, &rows[1..]).unwrap();
    assert_eq!(found.issues[0].cost, price("130"));
    desk.check("4", 43_000, "107.5");
}

#[test]
fn val_avco_018_a_transfer_carries_the_cost_of_its_origin() {
    let (mut one, mut two) = (desk(Method::Average), desk(Method::Average));
    one.receive("1", "100");
    two.check("0", 0, "0");
    one.receive("1", "80");
    two.receive("1", "80");
    one.check("2", 18_000, "90");
    let sent = one.deliver("1");
    assert_eq!(sent.value, 9_000);
    two.receive_at("1", Worth::Given(sent.value));
    one.check("1", 9_000, "90");
    two.check("2", 17_000, "85");
}

#[test]
fn val_drop_001_a_drop_shipment_passes_through_at_standard() {
    let desk = desk_in(Method::Standard, Currency::EUR, "10");
    let passed = pass_through(&desk.standing, q("10"), 10_000).unwrap();
    assert_eq!((passed.value, passed.variance), (10_000, 0));
    desk.check("0", 0, "10");
}

#[test]
fn drop_001_the_bill_becomes_the_cost_of_what_was_drop_shipped() {
    let mut desk = desk_in(Method::Average, Currency::EUR, "4");
    let passed = pass_through(&desk.standing, q("100"), 30_000).unwrap();
    assert_eq!(passed.value, 30_000);
    let corrected = desk.landed(desk.origin(1, "100", 30_000, "0"), 10_000);
    assert_eq!((corrected.into_stock, corrected.sold), (0, 10_000));
}

#[test]
fn val_fifo_001_the_older_layer_goes_first() {
    let mut desk = desk(Method::Fifo);
    desk.receive("10", "10");
    desk.receive("10", "20");
    let out = desk.deliver("15");
    assert_eq!((out.value, out.booking.uses.len()), (20_000, 2));
    desk.check("5", 10_000, "20");
}

#[test]
fn val_fifo_003_a_receipt_doubled_later_opens_a_layer_at_its_own_cost() {
    let mut desk = desk(Method::Fifo);
    desk.receive("10", "10");
    desk.receive("10", "12");
    desk.deliver("15");
    assert_eq!(desk.deliver("20").value, 24_000);
    desk.receive("100", "15");
    let (post, origin) = (desk.post(Kind::QuantityCorrection), desk.origin(1, "10", 10_000, "0"));
    let policy = corrections(CorrectionCost::AtDocumentCost, CorrectionCost::AtDocumentCost);
    correct_receipt(&mut desk.standing, post, origin, q("20"), policy).unwrap();
    assert_eq!((desk.standing.quantity, desk.standing.value), (q("95"), 137_500));
    desk.check_layers(&[("85", 127_500), ("10", 10_000)]);
}

#[test]
fn val_fifo_005_a_return_restores_its_cost() {
    let mut desk = desk(Method::Fifo);
    desk.receive("10", "10");
    let out = desk.deliver("10");
    desk.receive("10", "20");
    desk.receive_at("10", Worth::Given(out.value));
    desk.check("20", 30_000, "15");
}

#[test]
fn val_fifo_008_the_cost_shown_is_the_mean_of_what_is_left() {
    let mut desk = desk_in(Method::Fifo, Currency::EUR, "80");
    desk.receive("4", "10");
    desk.check("4", 4_000, "10");
    desk.receive("2", "25");
    desk.check("6", 9_000, "15");
    assert_eq!(desk.deliver("3").value, 3_000);
    desk.check("3", 6_000, "20");
    assert_eq!(desk.deliver("1").value, 1_000);
    assert_eq!(desk.deliver("1").value, 2_500);
    desk.check("1", 2_500, "25");
}

#[test]
fn val_fifo_010_a_recomputation_pools_the_issues_of_a_day() {
    let start = desk_in(Method::Fifo, Currency::EUR, "80").standing;
    let rows = [
        past(1, 0, "1", Some(10_000)),
        past(2, 1, "2", Some(24_000)),
        past(3, 1, "1", None),
        past(4, 1, "-2", Some(22_000)),
        past(5, 2, "3", Some(30_000)),
        past(6, 2, "-2", Some(23_333)),
        past(7, 2, "-1", Some(10_000)),
    ];
    let shown = shown_costs(&start, Method::Fifo, &rows, 4, Rounding::Down).unwrap();
    let expected = [
        ("100", "100"),
        ("120", "113.3333"),
        ("113.3333", "113.3333"),
        ("110", "116.6666"),
        ("100", "106.6666"),
        ("116.6666", "99.9999"),
        ("100", "99.9998"),
    ];
    for (row, (moved_at, after)) in shown.iter().zip(expected) {
        assert_eq!((row.moved_at, row.after), (price(moved_at), price(after)), "{:?}", row.layer);
    }
    let replayed = replay(&start, Method::Fifo, &rows, true).unwrap();
    let cost = |at: usize| round_cost(replayed.issues[at].cost, 4, Rounding::Down).unwrap();
    assert_eq!([cost(0), cost(1), cost(2)], ["110", "111.1111", "111.1111"].map(price));
    assert_eq!(replayed.unit_cost, price("100"));
    assert_eq!((replayed.quantity, replayed.value), (q("2"), 20_000));
}

#[test]
fn val_fifo_011_an_issue_in_grams_takes_its_share_of_a_layer() {
    let mut desk = desk_in(Method::Fifo, Currency::EUR, "70");
    desk.receive("10", "50");
    desk.receive("30", "80");
    desk.check("40", 290_000, "72.5");
    desk.deliver("20");
    desk.check("20", 160_000, "80");
    desk.deliver("0.5");
    desk.check("19.5", 156_000, "80");
}

fn short_of_five_at_100() -> Desk {
    let mut desk = desk(Method::Fifo);
    desk.settlement = KeepIssueRate;
    let post = desk.post(Kind::Opening);
    let (worth, allowed) = (OutWorth::Given(50_000), NegativeStock::Allowed);
    take_out(&mut desk.standing, post, q("5"), worth, allowed).unwrap();
    desk
}

#[test]
fn val_fifo_013_a_small_receipt_keeps_the_negative_rate_and_a_covering_one_replaces_it() {
    let mut desk = short_of_five_at_100();
    let taken = desk.receive("1", "10");
    assert!(!taken.settled[0].corrects_issue);
    assert_eq!(taken.correction, 9_000);
    desk.check("-4", -40_000, "100");

    let mut desk = short_of_five_at_100();
    desk.receive("6", "10");
    desk.check("1", 1_000, "10");
    desk.check_layers(&[("1", 1_000)]);
}

#[test]
fn val_lifo_001_the_stack_after_each_movement() {
    let mut desk = desk(Method::Lifo);
    desk.receive("1", "1");
    desk.receive("2", "2");
    desk.check_layers(&[("1", 100), ("2", 400)]);
    desk.deliver("1");
    desk.check_layers(&[("1", 100), ("1", 200)]);
    desk.receive("3", "3");
    desk.check_layers(&[("1", 100), ("1", 200), ("3", 900)]);
    desk.deliver("4");
    desk.check_layers(&[("1", 100)]);
    desk.receive("4", "4");
    desk.check_layers(&[("1", 100), ("4", 1_600)]);
    desk.deliver("5");
    desk.check_layers(&[]);
    desk.receive("5", "5");
    desk.check_layers(&[("5", 2_500)]);
    desk.deliver("5");
    desk.check_layers(&[]);
}

#[test]
fn val_method_001_standard_to_fifo_is_neutral() {
    let mut desk = desk_in(Method::Standard, Currency::EUR, "10");
    desk.receive("10", "10");
    desk.receive("10", "10");
    desk.deliver("1");
    let post = desk.post(Kind::MethodChange);
    let changed =
        change_method(&mut desk.standing, post, Method::Fifo, MethodChangePrice::Keep, None);
    assert_eq!(changed.unwrap().new_value, 19_000);
    desk.check_layers(&[("19", 19_000)]);
}

#[test]
fn val_method_002_fifo_to_average_is_valued_as_if_it_had_always_been_so() {
    let mut desk = desk(Method::Fifo);
    let start = desk.standing.clone();
    desk.receive("10", "10");
    desk.receive("10", "20");
    desk.deliver("1");
    desk.check("19", 29_000, "15.263158");
    let rows = [
        past(1, 0, "10", Some(10_000)),
        past(2, 0, "10", Some(20_000)),
        past(3, 0, "-1", Some(1_000)),
    ];
    let value = replay(&start, Method::Average, &rows, false).unwrap().value;
    let post = desk.post(Kind::MethodChange);
    let price = MethodChangePrice::AverageOfHistory { value };
    let changed = change_method(&mut desk.standing, post, Method::Average, price, None).unwrap();
    assert_eq!((changed.old_value, changed.new_value), (29_000, 28_500));
    desk.check("19", 28_500, "15");
    desk.check_layers(&[]);
}

#[test]
fn val_std_001_value_stays_quantity_times_standard() {
    let mut desk = desk_in(Method::Standard, Currency::EUR, "10");
    desk.receive_at("10", Worth::CurrentCost);
    desk.receive_at("10", Worth::CurrentCost);
    desk.deliver("15");
    desk.check("5", 5_000, "10");
}

#[test]
fn val_std_002_a_new_standard_revalues_what_is_on_hand() {
    let mut desk = desk_in(Method::Standard, Currency::EUR, "10");
    desk.receive_at("5", Worth::CurrentCost);
    let post = desk.post(Kind::Revaluation);
    let changed = change_cost(&mut desk.standing, post, price("15")).unwrap();
    assert_eq!((changed.old, changed.new), (price("10"), price("15")));
    assert_eq!(changed.change, 2_500);
    desk.check("5", 7_500, "15");
}

#[test]
fn val_std_003_a_receipt_corrected_upwards_adds_stock_at_standard() {
    let mut desk = desk_in(Method::Standard, Currency::EUR, "10");
    desk.receive("10", "10");
    desk.receive("10", "10");
    desk.deliver("15");
    let (post, origin) = (desk.post(Kind::QuantityCorrection), desk.origin(1, "10", 10_000, "10"));
    let policy = corrections(CorrectionCost::AtDocumentCost, CorrectionCost::AtDocumentCost);
    correct_receipt(&mut desk.standing, post, origin, q("15"), policy).unwrap();
    desk.check("10", 10_000, "10");
}

#[test]
fn val_std_005_half_a_unit_leaves_nothing_behind_without_decimals() {
    let mut desk = desk_in(Method::Standard, Currency::parse("JPY").unwrap(), "3");
    assert_eq!(desk.receive_at("0.5", Worth::CurrentCost).booked, 2);
    assert_eq!(desk.deliver("0.5").value, 2);
    desk.check("0", 0, "3");
}

#[test]
fn ap_008_the_variance_of_a_standard_receipt_is_known_both_ways() {
    let mut standard = desk_in(Method::Standard, Currency::EUR, "5");
    let taken = standard.receive("4", "4");
    assert_eq!((taken.given, taken.booked, taken.variance), (1_600, 2_000, -400));
    assert_eq!(taken.grni(StandardVariance::AtReceipt), (1_600, -400));
    assert_eq!(taken.grni(StandardVariance::AtBill), (2_000, 0));
    let mut average = desk_in(Method::Average, Currency::EUR, "5");
    assert_eq!(average.receive("5", "6").booked, 3_000);
    assert_eq!(standard.deliver("2").value + average.deliver("3").value, 2_800);
}

#[test]
fn ap_012_a_correction_bill_lowers_the_cost_of_the_receipt() {
    let mut desk = desk(Method::Average);
    desk.receive("10", "40");
    assert_eq!(desk.landed(desk.origin(1, "10", 40_000, "0"), -1_000).into_stock, -1_000);
    desk.check("10", 39_000, "39");
}

#[test]
fn ap_001_a_price_difference_of_its_own_leaves_stock_alone() {
    let mut desk = desk(Method::Fifo);
    desk.receive("1", "10");
    let (post, origin) = (desk.post(Kind::CostCorrection), desk.origin(1, "1", 1_000, "0"));
    let policy = PriceDifference::SeparateAccount;
    let corrected = correct_cost(&mut desk.standing, post, origin, 500, policy).unwrap();
    assert_eq!((corrected.variance, corrected.into_stock, corrected.sold), (500, 0, 0));
    desk.check("1", 1_000, "10");
}

fn line(quantity: &str, weight: &str, volume: &str, value: i64) -> SplitBase {
    SplitBase { quantity: q(quantity), weight: q(weight), volume: q(volume), value }
}

fn fridge_and_oven() -> [SplitBase; 2] {
    [line("5", "10", "1", 50_000), line("10", "20", "1.5", 200_000)]
}

#[test]
fn lc_001_lc_002_four_costs_split_four_ways_and_their_part_reversal() {
    #[track_caller]
    fn check(amount: i64, by: SplitBy, expected: [i64; 2]) {
        assert_eq!(split(amount, by, &fridge_and_oven()), Ok(expected.to_vec()));
    }
    check(1_000, SplitBy::Equal, [500, 500]);
    check(15_000, SplitBy::Quantity, [5_000, 10_000]);
    check(25_000, SplitBy::Weight, [5_000, 20_000]);
    check(2_000, SplitBy::Volume, [500, 1_500]);
    check(-500, SplitBy::Equal, [-250, -250]);
    check(-5_000, SplitBy::Quantity, [-1_667, -3_333]);
    check(-5_000, SplitBy::Weight, [-1_000, -4_000]);
    check(-500, SplitBy::Volume, [-125, -375]);
}

#[test]
fn lc_002_the_share_of_what_is_delivered_goes_to_cost_of_goods_sold() {
    let mut desk = desk(Method::Average);
    desk.receive("5", "100");
    desk.deliver("2");
    for (share, sold) in [(-250, -100), (-1_667, -667), (-1_000, -400), (-125, -50)] {
        let corrected = desk.landed(desk.origin(1, "5", 50_000, "0"), share);
        assert_eq!((corrected.left, corrected.sold), (q("3"), sold));
        assert_eq!(corrected.into_stock, share - sold);
    }
}

#[test]
fn lc_003_landed_cost_on_the_first_of_two_fifo_receipts() {
    let mut desk = desk(Method::Fifo);
    desk.receive("10", "10");
    desk.receive("10", "20");
    desk.landed(desk.origin(1, "10", 10_000, "0"), 10_000);
    desk.deliver("1");
    desk.check("19", 38_000, "20");
}

#[test]
fn lc_007_one_hundred_over_three_units() {
    let mut desk = desk(Method::Fifo);
    desk.receive("3", "20");
    desk.landed(desk.origin(1, "3", 6_000, "0"), 4_000);
    assert_eq!([(); 3].map(|()| desk.deliver("1").value), [3_333, 3_334, 3_333]);
    desk.check("0", 0, "33.33");
}

#[test]
fn lc_010_landed_cost_by_weight_and_its_cancellation() {
    let lines = [line("10", "20", "0", 100_000), line("10", "10", "0", 50_000)];
    assert_eq!(split(3_000, SplitBy::Weight, &lines), Ok(vec![2_000, 1_000]));
    let mut desk = desk(Method::Average);
    desk.receive("10", "100");
    desk.landed(desk.origin(1, "10", 100_000, "0"), 2_000);
    desk.check("10", 102_000, "102");
    desk.landed(desk.origin(1, "10", 102_000, "0"), -2_000);
    desk.check("10", 100_000, "100");
}

#[test]
fn lc_012_a_fully_discounted_line_gets_nothing() {
    let lines = [12_000, 20_000, 0].map(|value| line("2", "0", "0", value));
    assert_eq!(split(8_000, SplitBy::Value, &lines), Ok(vec![3_000, 5_000, 0]));
    let nothing = ValuationError::NothingToSplitBy { by: SplitBy::Weight };
    assert_eq!(split(8_000, SplitBy::Weight, &lines), Err(nothing));
}

#[test]
fn lc_013_four_cents_over_seven_lines() {
    let shares = split(4, SplitBy::Quantity, &[line("1", "0", "0", 10_000); 7]).unwrap();
    assert!(shares.iter().all(|share| *share >= 0));
    assert_eq!(shares.iter().sum::<i64>(), 4);
}

#[test]
fn lc_014_a_bill_is_never_claimed_beyond_its_amount() {
    let first = claim(100_000, 0, 40_000).unwrap();
    let second = claim(100_000, first, 60_000).unwrap();
    assert_eq!(second, 100_000);
    let refused = ValuationError::ClaimExceedsBill { asked: 500_000, left: 40_000 };
    assert_eq!(claim(100_000, second - 40_000, 500_000), Err(refused));
}

#[test]
fn lc_015_a_carrier_cost_known_at_receipt_is_part_of_the_unit_cost() {
    let mut desk = desk(Method::Average);
    desk.receive_at("4", Worth::Given(2_000 + 300));
    desk.check("4", 2_300, "5.75");
}
