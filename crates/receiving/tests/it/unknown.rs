//! Unknown goods: counted, worth nothing, and ended once.

use super::world::{World, day, for_line, found, scan, story, units};
use accounting::Role;
use base::{Id, PurchaseOrderId, Quantity, Rule, UnknownGoodsId, UserId};
use identity::testing::holding;
use receiving::{
    AssignUnknown, BlindScan, End, GiveUpUnknown, IdentifyUnknown, KeepUnknown, Leaving,
    ReceiveUnknown, RecordUnknown, UnknownError, UnknownFilter, UnknownState,
};

fn identify(
    world: &World<'_>,
    unknown_goods_id: UnknownGoodsId,
    sku: &str,
    quantity: Option<i64>,
) -> Result<receiving::UnknownIdentified, UnknownError> {
    let quantity = quantity.map(Quantity::units);
    let request = IdentifyUnknown { unknown_goods_id, sku: sku.into(), quantity };
    world.run(move |tx, ctx| receiving::identify_unknown(tx, ctx, request.clone()))
}

fn give_up(
    world: &World<'_>,
    unknown_goods_id: UnknownGoodsId,
    how: Leaving,
    quantity: Option<i64>,
) -> Result<receiving::UnknownEnded, UnknownError> {
    let quantity = quantity.map(Quantity::units);
    let request = GiveUpUnknown { unknown_goods_id, how, quantity, reason: "not ours".into() };
    world.run(move |tx, ctx| receiving::give_up_unknown(tx, ctx, request.clone()))
}

fn keep(
    world: &World<'_>,
    unknown_goods_id: UnknownGoodsId,
    quantity: Option<i64>,
) -> Result<receiving::UnknownKept, UnknownError> {
    let request = KeepUnknown {
        unknown_goods_id,
        reason: "found".into(),
        quantity: quantity.map(Quantity::units),
        lot: None,
        place: None,
        evidence: Vec::new(),
    };
    world.run(move |tx, ctx| receiving::keep_unknown(tx, ctx, request.clone()))
}

#[test]
fn goods_of_an_order_that_comes_later_are_received_at_its_price() {
    story(|world| {
        let booked = world.came(vec![scan("P1", 8)]);
        let id = booked.unknown[0].unknown_goods_id;
        assert_eq!(world.balance(Role::StockValuation), 0);
        assert_eq!(world.unknown(id).candidates, []);
        // The second matching: the order was written after the goods came.
        let order = world.order("ACME", "2026-06-10", &[("P1", 5, "4")]);
        let candidates = world.unknown(id).candidates;
        assert_eq!((candidates[0].order_id, units(candidates[0].due)), (order, 5));
        let all = world.receive(for_line(id, order, 1)).unwrap_err();
        assert_eq!(all.problem().code, "exceeds_tolerance");
        let part = ReceiveUnknown { quantity: Some(Quantity::units(5)), ..for_line(id, order, 1) };
        let done = world.receive(part).unwrap();
        assert_eq!((done.value.minor, units(done.waiting)), (2_000, 3));
        assert_eq!((world.on_hand("P1"), world.balance(Role::Grni)), (5, -2_000));
        let second = world.order("ACME", "2026-06-12", &[("P1", 9, "6")]);
        let done = world.receive(for_line(id, second, 1)).unwrap();
        assert_eq!(done.state, UnknownState::Ended);
        assert_eq!((world.on_hand("P1"), world.balance(Role::Grni)), (8, -3_800));
        let shown = world.unknown(id);
        let ends: Vec<_> = shown.ends.iter().map(|e| (e.how, units(e.quantity))).collect();
        assert_eq!(ends, [(End::Received, 5), (End::Received, 3)]);
        assert_eq!(shown.ends[0].order_id, Some(order));
        let again = world.receive(for_line(id, second, 1)).unwrap_err();
        assert_eq!(again.problem().code, "unknown_goods_ended");
    });
}

#[test]
fn goods_that_nobody_knows_are_identified_then_received() {
    story(|world| {
        let id = world.found(found("", "three brown cartons", 3));
        let order = world.order("ACME", "2026-06-10", &[("P1", 40, "4"), ("P2", 40, "4")]);
        assert_eq!(identify(world, id, "NO", None).unwrap_err().problem().code, "item_not_found");
        assert_eq!(identify(world, id, "HELP", None).unwrap_err().problem().code, "not_goods");
        // Cartons of twelve: what is counted is pieces from now on, not both.
        assert_eq!(units(identify(world, id, "P1", Some(36)).unwrap().quantity), 36);
        let other = world.receive(for_line(id, order, 2)).unwrap_err();
        assert_eq!(other.problem().code, "other_item");
        let done = world.receive(for_line(id, order, 1)).unwrap();
        assert_eq!((done.state, world.on_hand("P1")), (UnknownState::Ended, 36));
    });
}

#[test]
fn a_receipt_that_somebody_named_like_the_goods_is_not_taken_for_theirs() {
    story(|world| {
        let id = world.found(found("P1", "", 2));
        let order = world.order("ACME", "2026-06-10", &[("P1", 5, "4")]);
        let line = |client_ref: &str| purchasing::Receive {
            order_id: order,
            received_on: None,
            delivery_note: String::new(),
            lines: vec![purchasing::ReceiveLine {
                line: 1,
                quantity: Quantity::units(1),
                unit: None,
                outcome: purchasing::Outcome::Accepted,
                lot: None,
                expires_on: None,
                place: None,
                reason: String::new(),
                evidence: Vec::new(),
            }],
            confirm_over: false,
            client_ref: client_ref.to_owned(),
        };
        let number = world.unknown(id).unknown_goods.number;
        let named = line(&format!("{number} 1"));
        world.run(move |tx, ctx| purchasing::receive(tx, ctx, named.clone())).unwrap();
        world.receive(for_line(id, order, 1)).unwrap();
        assert_eq!(world.on_hand("P1"), 3);
    });
}

#[test]
fn a_line_of_an_order_says_what_goods_are() {
    story(|world| {
        let id = world.found(found("", "a parcel", 2));
        let order = world.order("ACME", "2026-06-10", &[("P2", 4, "4")]);
        world.receive(for_line(id, order, 1)).unwrap();
        let shown = world.unknown(id).unknown_goods;
        assert_eq!((shown.sku.as_str(), world.on_hand("P2")), ("P2", 2));
    });
}

#[test]
fn goods_are_received_for_an_order_that_they_can_be_of() {
    story(|world| {
        let of_acme = world.came(vec![scan("P1", 2)]).unknown[0].unknown_goods_id;
        let other = world.order("OTHER", "2026-06-10", &[("P1", 4, "4")]);
        let code =
            |id, order, line| world.receive(for_line(id, order, line)).unwrap_err().problem().code;
        assert_eq!(code(of_acme, other, 1), "other_order");
        assert_eq!(code(of_acme, other, 9), "nothing_due");
        assert_eq!(code(of_acme, PurchaseOrderId::from_raw(1), 1), "order_not_found");
        let elsewhere =
            world.found(RecordUnknown { warehouse: Some("TWO".into()), ..found("P1", "", 1) });
        assert_eq!(code(elsewhere, other, 1), "other_order");
        assert_eq!(code(UnknownGoodsId::from_raw(1), other, 1), "unknown_goods_not_found");
        let nobodys = world.found(found("P1", "", 3));
        world.receive(for_line(nobodys, other, 1)).unwrap();
        assert_eq!(world.on_hand("P1"), 3);
    });
}

#[test]
fn what_nobody_wants_back_is_kept_as_found_and_the_rest_leaves() {
    story(|world| {
        // Five at 4.00 say what a piece costs.
        let order = world.order("ACME", "2026-06-01", &[("P1", 5, "4")]);
        world.came(vec![scan("P1", 5)]);
        assert_eq!(world.received(order), 5);
        let id = world.found(found("P1", "", 6));
        let kept = keep(world, id, Some(2)).unwrap();
        assert_eq!((kept.value.minor, units(kept.waiting)), (800, 4));
        assert_eq!((world.on_hand("P1"), world.balance(Role::StockValuation)), (7, 2_800));
        let begun = identify(world, id, "P2", None).unwrap_err();
        assert_eq!(begun.problem().code, "unknown_goods_begun");
        let more = give_up(world, id, Leaving::Returned, Some(5)).unwrap_err();
        assert_eq!(more.problem().code, "exceeds_waiting");
        give_up(world, id, Leaving::Returned, Some(3)).unwrap();
        let done = give_up(world, id, Leaving::Disposed, None).unwrap();
        assert_eq!(done.state, UnknownState::Ended);
        // Neither the goods that left nor those that wait were ever ours.
        assert_eq!((world.on_hand("P1"), world.balance(Role::StockValuation)), (7, 2_800));
        let ends: Vec<_> =
            world.unknown(id).ends.iter().map(|e| (e.how, units(e.quantity))).collect();
        assert_eq!(ends, [(End::Kept, 2), (End::Returned, 3), (End::Disposed, 1)]);
        let parcel = world.found(found("", "a parcel", 1));
        assert_eq!(keep(world, parcel, None).unwrap_err().problem().code, "not_identified");
    });
}

#[test]
fn so_much_found_that_another_has_to_agree_is_not_kept_by_one() {
    story(|world| {
        world.order("ACME", "2026-06-01", &[("P1", 5, "4")]);
        world.came(vec![scan("P1", 5)]);
        world.policy("approve_adjustments_above", "500");
        let id = world.found(found("P1", "", 2));
        assert_eq!(keep(world, id, None).unwrap_err().problem().code, "needs_approval");
        assert_eq!((world.on_hand("P1"), units(world.unknown(id).unknown_goods.waiting)), (5, 2));
        keep(world, id, Some(1)).unwrap();
    });
}

#[test]
fn somebody_sees_to_what_waits_by_a_day() {
    story(|world| {
        let request = RecordUnknown {
            due_on: Some(day("2026-01-31")),
            client_ref: "gate".into(),
            ..found("", "a parcel", 1)
        };
        let id = world.found(request.clone());
        assert_eq!(world.found(request), id);
        let late = world.found(RecordUnknown {
            due_on: Some(day("2020-01-01")),
            supplier: Some("ACME".into()),
            ..found("P1", "", 1)
        });
        let list = |filter: UnknownFilter| -> Vec<UnknownGoodsId> {
            let found = world.run(move |tx, ctx| receiving::list_unknown(tx, ctx, filter.clone()));
            found.unwrap().lines.iter().map(|row| row.unknown_goods_id).collect()
        };
        assert_eq!(list(UnknownFilter::default()), [late, id]);
        let due_by = Some(day("2020-12-31"));
        assert_eq!(list(UnknownFilter { due_by, ..Default::default() }), [late]);
        let supplier = Some("ACME".into());
        assert_eq!(list(UnknownFilter { supplier, ..Default::default() }), [late]);
        assert!(world.unknown(late).unknown_goods.late_days > 0);
        let assign = move |owner| AssignUnknown {
            unknown_goods_id: id,
            owner: Some(owner),
            due_on: Some(day("2030-01-01")),
        };
        let nobody = UserId::from_raw(999_999);
        let refused = world.run(move |tx, ctx| receiving::assign_unknown(tx, ctx, assign(nobody)));
        assert_eq!(refused.unwrap_err().problem().code, "unknown_owner");
        let me = world.ctx.user_id;
        world.run(move |tx, ctx| receiving::assign_unknown(tx, ctx, assign(me))).unwrap();
        assert_eq!(world.unknown(id).unknown_goods.due_on, day("2030-01-01"));
        give_up(world, late, Leaving::Returned, None).unwrap();
        let state = Some(UnknownState::Waiting);
        assert_eq!(list(UnknownFilter { state, ..Default::default() }), [id]);
        assert_eq!(world.unknown(late).unknown_goods.late_days, 0);
    });
}

#[test]
fn goods_that_nobody_would_know_again_are_not_taken_down() {
    story(|world| {
        let code = |request: RecordUnknown| {
            let done =
                world.run(move |tx, ctx| receiving::record_unknown(tx, ctx, request.clone()));
            done.unwrap_err().problem().code
        };
        assert_eq!(code(found("9999", "", 1)), "goods_not_described");
        assert_eq!(code(found("", "a parcel", 0)), "exceeds_waiting");
        assert_eq!(code(found("HELP", "", 1)), "not_goods");
        let nobody = RecordUnknown { supplier: Some("NO".into()), ..found("P1", "", 1) };
        assert_eq!(code(nobody), "unknown_supplier");
        let nowhere = RecordUnknown { warehouse: Some("X".into()), ..found("P1", "", 1) };
        assert_eq!(code(nowhere), "warehouse_not_found");
    });
}

#[test]
fn what_was_over_is_received_for_the_line_that_it_came_with() {
    story(|world| {
        let order = world.order("ACME", "2026-06-10", &[("P1", 10, "4")]);
        let booked = world.came(vec![scan("P1", 12)]);
        let id = booked.unknown[0].unknown_goods_id;
        // All of the line came: it is told last, and only a confirmation lets in more.
        let later = world.order("ACME", "2026-07-10", &[("P1", 1, "5")]);
        let told: Vec<_> = world
            .unknown(id)
            .candidates
            .iter()
            .map(|one| (one.order_id, units(one.due), units(one.room)))
            .collect();
        assert_eq!(told, [(later, 1, 0), (order, 0, 0)]);
        let over = world.receive(for_line(id, order, 1)).unwrap_err();
        assert_eq!(over.problem().code, "exceeds_tolerance");
        let one = ReceiveUnknown {
            quantity: Some(Quantity::ONE),
            confirm_over: true,
            ..for_line(id, order, 1)
        };
        assert_eq!(world.receive(one.clone()).unwrap().value.minor, 400);
        assert_eq!((world.received(order), world.on_hand("P1")), (11, 11));
        // Within the tolerance nothing is confirmed.
        world.policy("receipt_tolerance_percent", "20");
        assert_eq!(units(world.unknown(id).candidates[1].room), 1);
        world.receive(ReceiveUnknown { confirm_over: false, ..one }).unwrap();
        assert_eq!(world.received(order), 12);
    });
}

#[test]
fn nothing_more_is_received_for_a_line_that_was_closed_short() {
    story(|world| {
        let order = world.order("ACME", "2026-06-10", &[("P1", 10, "4"), ("P2", 1, "4")]);
        world.came(vec![scan("P1", 4)]);
        world
            .run(move |tx, ctx| {
                let reason = "discontinued".to_owned();
                let request = purchasing::CloseShort { order_id: order, lines: vec![1], reason };
                purchasing::close_short(tx, ctx, request)
            })
            .unwrap();
        let id = world.found(found("P1", "", 1));
        assert_eq!(world.unknown(id).candidates, []);
        let line = ReceiveUnknown { confirm_over: true, ..for_line(id, order, 1) };
        assert_eq!(world.receive(line).unwrap_err().problem().code, "nothing_due");
    });
}

#[test]
fn what_proves_unknown_goods_proves_the_line_that_they_are_received_on() {
    story(|world| {
        let id = world.open();
        let photo = world.photo("blind_receipt", id.raw());
        let broken = BlindScan {
            damaged: true,
            description: "wet".into(),
            evidence: vec![photo],
            ..scan("P1", 2)
        };
        world.scan(id, vec![broken]).unwrap();
        let goods = world.book(id, false).unknown[0].unknown_goods_id;
        let order = world.order("ACME", "2026-06-10", &[("P1", 10, "4")]);
        let note = world.photo("purchase_order", order.raw());
        // Whoever matches need not be able to read documents: these prove the goods already.
        let ctx = holding(
            &world.ctx,
            UserId::from_raw(7),
            &["receiving.match", "purchasing.receive"],
            None,
        );
        let matcher = World { db: world.db, ctx };
        let own = ReceiveUnknown { evidence: vec![note], ..for_line(goods, order, 1) };
        assert_eq!(matcher.receive(own).unwrap_err().problem().code, "evidence_not_found");
        let done = matcher.receive(for_line(goods, order, 1)).unwrap();
        assert_eq!(world.evidence("receipt", done.receipt_id.raw()), [(1, photo)]);
    });
}
