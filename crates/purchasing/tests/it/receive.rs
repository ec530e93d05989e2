use super::world::{World, billed, came, day, invoice, on_order, order_of, receipt, units, wanted};
use accounting::Role;
use base::{Id, Quantity, Rule};
use purchasing::{
    CloseShort, OrderLine, OrderState, Outcome, Progress, Receive, ReceiveError, ReceiveLine,
    SCHEMA,
};
use store::testing::on_both_engines;

#[test]
fn a_partial_receipt_leaves_the_rest_due() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "100")]));
        assert_eq!(world.there("P1"), (0, 10));
        let received = world.receive(receipt(order, vec![came(1, 5)])).unwrap();
        assert_eq!(received.value.minor, 50_000);
        assert_eq!(world.there("P1"), (5, 5));
        let detail = world.detail(order);
        assert_eq!((detail.received, detail.billed), (Progress::Partly, Progress::None));
        assert_eq!(units(detail.lines[0].due), 5);
        assert_eq!(detail.receipts[0].lines[0].value.minor, 50_000);
        assert_eq!(world.balance(Role::Grni), -50_000);
        assert_eq!(world.balance(Role::StockValuation), 50_000);
        world.assert_sound();
    });
}

/// The codes and currencies of the lines of a document's entry, and of all open items of orders' lines
/// that were ever opened.
fn booked(world: &World<'_>, kind: &'static str, id: i64) -> (usize, Vec<(Role, String, i64)>) {
    world
        .ask(move |tx, ctx| {
            let entries = accounting::entries_of(tx, ctx, kind, id).expect("entries");
            let entry = accounting::entry(tx, ctx, entries[0].entry_id).expect("an entry");
            let filter = accounting::OpenItemFilter {
                kind: Some("purchase_line".into()),
                settled: true,
                ..Default::default()
            };
            let open = accounting::open_items(tx, ctx, filter).expect("open items").lines;
            let told = |row: accounting::OpenItemRow| {
                (row.role.expect("a role"), row.agreed.currency.to_string(), row.agreed.minor)
            };
            let mut open: Vec<_> = open.into_iter().map(told).collect();
            open.sort_by(|a, b| (a.0.as_str(), &a.1).cmp(&(b.0.as_str(), &b.1)));
            Ok::<_, store::StoreError>((entry.expect("an entry").lines.len(), open))
        })
        .expect("it is read")
}

#[test]
fn a_debt_in_another_currency_is_one_line_and_one_open_item() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.rate("2026-01-01", "0.8");
        let order = world.approved(order_of("BERLIN", vec![wanted("P1", 10, "10")]));
        let received = world.receive(receipt(order, vec![came(1, 10)])).unwrap();
        let owed = |minor| vec![(Role::Grni, "EUR".to_owned(), minor)];
        let told = booked(&world, "receipt", received.receipt_id.raw());
        assert_eq!(told, (2, owed(-10_000)), "stock against what is owed, in euros");
        let back = serde_json::json!({
            "order_id": order, "reason": "wet", "lines": [{ "line": 1, "quantity": "4" }],
        });
        let back = world.ask(move |tx, ctx| {
            let request = serde_json::from_value(back.clone()).unwrap();
            purchasing::return_to_supplier(tx, ctx, request)
        });
        let told = booked(&world, "purchase_return", back.unwrap().return_id.raw());
        assert_eq!(told, (2, owed(-6_000)));
        world.assert_sound();
    });
}

#[test]
fn what_was_billed_ahead_opens_nothing_that_is_not_owed() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = on_order(order_of("ACME", vec![wanted("P1", 10, "5")]));
        let order = world.approved(order);
        world.bill(invoice("ACME", "1", vec![billed(order, 1, Some(6))])).unwrap();
        let home = |role, minor| (role, "GBP".to_owned(), minor);
        let ahead = world.receive(receipt(order, vec![came(1, 4)])).unwrap();
        let told = booked(&world, "receipt", ahead.receipt_id.raw());
        assert_eq!(told, (2, vec![home(Role::BilledNotReceived, 1_000)]));
        let both = world.receive(receipt(order, vec![came(1, 6)])).unwrap();
        let told = booked(&world, "receipt", both.receipt_id.raw());
        let open = vec![home(Role::BilledNotReceived, 0), home(Role::Grni, -2_000)];
        assert_eq!(told, (3, open));
        world.assert_sound();
    });
}

#[test]
fn goods_refused_at_the_dock_give_no_day_to_a_lot_and_block_none() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("LOT", 10, "1")]));
        let lot = |quantity, expires_on: &str, outcome| ReceiveLine {
            lot: Some("A".into()),
            expires_on: Some(day(expires_on)),
            outcome,
            ..came(1, quantity)
        };
        let dates = || {
            let lots = world.ask(|tx, ctx| stock::list_lots(tx, ctx, stock::LotFilter::default()));
            lots.expect("lots").lines.into_iter().map(|lot| lot.expires_on).collect::<Vec<_>>()
        };
        let spoilt = lot(2, "2026-01-02", Outcome::Refused);
        world.receive(receipt(order, vec![spoilt.clone()])).unwrap();
        assert_eq!(dates(), [], "what was refused makes no lot");
        let both = vec![spoilt.clone(), lot(3, "2026-09-30", Outcome::Accepted)];
        world.receive(receipt(order, both)).unwrap();
        assert_eq!(dates(), [Some(day("2026-09-30"))]);
        world.receive(receipt(order, vec![spoilt])).expect("another day of refused goods is none");
        let other = lot(1, "2026-01-02", Outcome::Accepted);
        let refused = world.receive(receipt(order, vec![other])).unwrap_err();
        assert_eq!(refused.problem().code, "lot_other_expiry");
        assert_eq!(dates(), [Some(day("2026-09-30"))]);
        world.assert_sound();
    });
}

#[test]
fn the_same_receipt_twice_is_one_receipt() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "1")]));
        let request = Receive { client_ref: "truck-1".into(), ..receipt(order, vec![came(1, 4)]) };
        let first = world.receive(request.clone()).unwrap();
        let again = world.receive(request).unwrap();
        assert_eq!((again.receipt_id, again.repeated), (first.receipt_id, true));
        assert_eq!(again.value, first.value);
        assert_eq!(world.there("P1"), (4, 6));
        world.assert_sound();
    });
}

#[test]
fn partial_receipts_lose_no_cent() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("P1", 3, "3.333333")]));
        for expected in [333, 334, 333] {
            let received = world.receive(receipt(order, vec![came(1, 1)])).unwrap();
            assert_eq!(received.value.minor, expected);
        }
        assert_eq!(world.balance(Role::Grni), -1_000);
        world.assert_sound();
    });
}

#[test]
fn more_than_ordered_is_taken_within_the_tolerance_and_beyond_it_when_confirmed() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.policy("receipt_tolerance_percent", "50");
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "5")]));
        world.receive(receipt(order, vec![came(1, 4)])).unwrap();
        world.receive(receipt(order, vec![came(1, 8)])).unwrap();
        assert_eq!(world.there("P1"), (12, 0));
        let refused = world.receive(receipt(order, vec![came(1, 4)])).unwrap_err();
        let (allowed, received) = (Quantity::units(15), Quantity::units(16));
        assert_eq!(refused, ReceiveError::ExceedsTolerance { line: 1, allowed, received });
        let over = Receive { confirm_over: true, ..receipt(order, vec![came(1, 4)]) };
        world.receive(over).unwrap();
        assert_eq!(world.there("P1"), (16, 0));
        assert!(world.detail(order).receipts.iter().any(|receipt| receipt.lines[0].over));
        world.assert_sound();
    });
}

#[test]
fn quarantine_is_stock_of_its_own_and_refused_goods_are_still_due() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "1")]));
        let as_found =
            |quantity, outcome| ReceiveLine { outcome, reason: "wet".into(), ..came(1, quantity) };
        let lines =
            vec![came(1, 5), as_found(2, Outcome::Quarantine), as_found(3, Outcome::Refused)];
        let received = world.receive(receipt(order, lines)).unwrap();
        assert_eq!(received.value.minor, 700);
        assert_eq!(world.there("P1"), (7, 3));
        assert_eq!(world.balance(Role::Quarantine), 200);
        assert_eq!(world.balance(Role::StockValuation), 500);
        let refused = vec![as_found(3, Outcome::Refused)];
        assert_eq!(world.receive(receipt(order, refused)).unwrap().value.minor, 0);
        assert_eq!(world.there("P1"), (7, 3));
        world.assert_sound();
    });
}

#[test]
fn dozens_ordered_are_pieces_in_stock() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("DOZ", 2, "250")]));
        assert_eq!(world.there("DOZ"), (0, 24));
        let single =
            |quantity, unit: &str| ReceiveLine { unit: Some(unit.into()), ..came(1, quantity) };
        world.receive(receipt(order, vec![single(6, "pcs")])).unwrap();
        world.receive(receipt(order, vec![single(1, "dozen")])).unwrap();
        assert_eq!(world.there("DOZ"), (18, 6));
        let refused = world.receive(receipt(order, vec![single(1, "kg")])).unwrap_err();
        assert!(matches!(refused, ReceiveError::WrongUnit { line: 1, .. }), "{refused}");
        let part = ReceiveLine { quantity: Quantity::parse("0.3").unwrap(), ..came(1, 1) };
        let refused = world.receive(receipt(order, vec![part])).unwrap_err();
        assert!(matches!(refused, ReceiveError::NotWhole { line: 1, .. }), "{refused}");
        assert_eq!(world.balance(Role::Grni), -37_500);
        world.assert_sound();
    });
}

#[test]
fn lots_and_serials_are_named() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let lines = vec![wanted("LOT", 10, "1"), wanted("SER", 2, "9")];
        let order = world.approved(order_of("ACME", lines));
        let refused = world.receive(receipt(order, vec![came(1, 1)])).unwrap_err();
        assert!(matches!(refused, ReceiveError::LotMissing { line: 1, .. }), "{refused}");
        let lot = |line, quantity, code: &str| ReceiveLine {
            lot: Some(code.into()),
            ..came(line, quantity)
        };
        let refused = world.receive(receipt(order, vec![lot(2, 2, "S1")])).unwrap_err();
        assert!(matches!(refused, ReceiveError::SharedSerial { line: 2, .. }), "{refused}");
        let all = vec![lot(1, 6, "A"), lot(1, 4, "B"), lot(2, 1, "S1"), lot(2, 1, "S2")];
        world.receive(receipt(order, all)).unwrap();
        assert_eq!((world.there("LOT").0, world.there("SER").0), (10, 2));
        world.assert_sound();
    });
}

#[test]
fn a_stated_expiry_replaces_one_that_follows_and_stands_against_another() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("LOT", 10, "1")]));
        let lot = |quantity, expires_on: Option<&str>| ReceiveLine {
            lot: Some("A".into()),
            expires_on: expires_on.map(day),
            ..came(1, quantity)
        };
        world.receive(receipt(order, vec![lot(1, None)])).unwrap();
        world.receive(receipt(order, vec![lot(2, Some("2026-03-01"))])).unwrap();
        world.receive(receipt(order, vec![lot(1, None)])).unwrap();
        let refused = world.receive(receipt(order, vec![lot(3, Some("2026-03-02"))])).unwrap_err();
        assert_eq!(refused.problem().code, "lot_other_expiry");
        assert_eq!(
            refused.to_string(),
            "lot A expires on 2026-03-01, not on 2026-03-02; state that day, or another lot"
        );
        assert_eq!(world.there("LOT").0, 4, "nothing of a refused receipt is there");
        world.assert_sound();
    });
}

#[test]
fn only_orders_on_their_way_are_received() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let draft = world.draft(order_of("ACME", vec![wanted("P1", 10, "1")]));
        let refused = world.receive(receipt(draft, vec![came(1, 1)])).unwrap_err();
        assert!(matches!(refused, ReceiveError::NotDue { state: OrderState::Draft, .. }));
        let lines = vec![wanted("P1", 10, "1"), wanted("P2", 10, "1")];
        let order_id = world.approved(order_of("ACME", lines));
        let refused = world.receive(receipt(order_id, vec![came(3, 1)])).unwrap_err();
        assert!(matches!(refused, ReceiveError::UnknownLine { line: 3, .. }), "{refused}");
        let close = CloseShort { order_id, lines: vec![1], reason: "sold out".into() };
        world.ask(move |tx, ctx| purchasing::close_short(tx, ctx, close.clone())).unwrap();
        let refused = world.receive(receipt(order_id, vec![came(1, 1)])).unwrap_err();
        assert!(matches!(refused, ReceiveError::LineClosed { line: 1, .. }), "{refused}");
        let close = CloseShort { order_id, lines: Vec::new(), reason: "sold out".into() };
        let closed =
            world.ask(move |tx, ctx| purchasing::close_short(tx, ctx, close.clone())).unwrap();
        assert_eq!(closed.state, OrderState::Closed);
        let refused = world.receive(receipt(order_id, vec![came(2, 1)])).unwrap_err();
        assert!(matches!(refused, ReceiveError::NotDue { state: OrderState::Closed, .. }));
        assert_eq!((world.there("P1").1, world.there("P2").1), (0, 0));
        world.assert_sound();
    });
}

#[test]
fn a_tax_that_nobody_gives_back_is_part_of_the_cost() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let taxed = |code: &str| OrderLine { tax_code: code.into(), ..wanted("P1", 10, "10") };
        let order = world.approved(order_of("ACME", vec![taxed("SUNK"), taxed("VAT")]));
        let received = world.receive(receipt(order, vec![came(1, 10), came(2, 10)])).unwrap();
        assert_eq!(received.value.minor, 15_000 + 10_000);
        world.assert_sound();
    });
}

#[test]
fn a_receipt_is_valued_at_its_own_day() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.rate("2026-01-01", "0.9");
        world.rate("2026-01-03", "0.8");
        let order = world.approved(order_of("BERLIN", vec![wanted("P1", 2, "100")]));
        let early =
            Receive { received_on: Some(day("2026-01-02")), ..receipt(order, vec![came(1, 1)]) };
        assert_eq!(world.receive(early).unwrap().value.minor, 9_000);
        assert_eq!(world.receive(receipt(order, vec![came(1, 1)])).unwrap().value.minor, 8_000);
        world.assert_sound();
    });
}

#[test]
fn statements_do_not_depend_on_the_number_of_lines() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let mut counts = Vec::new();
        for lines in [1, 1_000] {
            let ordered = (0..lines).map(|_| wanted("P1", 1, "1.01")).collect();
            let order = world.approved(on_order(order_of("ACME", ordered)));
            let request = receipt(order, (1..=lines).map(|line| came(line, 1)).collect());
            let statements = world.ask(move |tx, ctx| {
                purchasing::receive(tx, ctx, request.clone())?;
                Ok::<_, ReceiveError>(tx.statements())
            });
            counts.push(statements.unwrap());
        }
        assert_eq!(counts[0], counts[1]);
        world.assert_sound();
    });
}
