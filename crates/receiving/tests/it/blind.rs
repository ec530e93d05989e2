//! Blind receipts: scanned by several, matched, booked.

use super::world::{CASE, World, for_line, scan, story, told, units};
use accounting::Role;
use base::{Id, Quantity, Rule};
use receiving::{
    BlindError, BlindScan, BlindState, BookBlindReceipt, CancelBlindReceipt, Fit, OpenBlindReceipt,
    SCHEMA, ScanGoods, VoidScan, Why,
};
use store::testing::on_both_engines;
use store::{Statement, params};

#[test]
fn what_came_is_received_for_the_order_that_was_promised_first() {
    story(|world| {
        let later = world.order("ACME", "2026-06-20", &[("P1", 10, "4"), ("P2", 5, "3")]);
        let sooner = world.order("ACME", "2026-06-10", &[("P1", 12, "5")]);
        let other = world.order("OTHER", "2026-06-01", &[("P1", 50, "1")]);
        let id = world.open();
        // A case is twelve pieces, and shows both.
        let done = world.scan(id, vec![scan(CASE, 1), scan("P1", 3)]).unwrap();
        assert_eq!(done.lines[0].packaging, "case");
        assert_eq!((units(done.lines[0].packs), units(done.lines[0].quantity)), (1, 12));
        let look = world.look(id);
        assert_eq!(
            told(&look.lines),
            [("P1", 12, Fit::Accepted, sooner.raw()), ("P1", 3, Fit::Accepted, later.raw())]
        );
        let short: Vec<_> =
            look.short.iter().map(|s| (s.order_id, s.sku.as_str(), units(s.quantity))).collect();
        assert_eq!(short, [(later, "P1", 7), (later, "P2", 5)]);
        // Looking books nothing.
        assert_eq!(world.on_hand("P1"), 0);
        let booked = world.book(id, false);
        assert_eq!(booked.lines, look.lines);
        assert_eq!(booked.short, look.short);
        assert_eq!(booked.unknown, []);
        let values: Vec<_> = booked.receipts.iter().map(|r| (r.order_id, r.value.minor)).collect();
        assert_eq!(values, [(later, 1_200), (sooner, 6_000)]);
        assert_eq!((world.received(sooner), world.received(later)), (12, 3));
        assert_eq!(world.received(other), 0);
        assert_eq!(world.on_hand("P1"), 15);
        assert_eq!(world.balance(Role::Grni), -7_200);
    });
}

#[test]
fn what_fits_no_line_waits_without_value() {
    story(|world| {
        world.policy("receipt_tolerance_percent", "10");
        world.policy("unknown_goods_due_days", "5");
        let order = world.order("ACME", "2026-06-10", &[("P1", 10, "4")]);
        let unknown = BlindScan {
            code: "9999".into(),
            description: "a blue box".into(),
            quantity: Some(Quantity::units(2)),
            ..BlindScan::default()
        };
        let booked = world.came(vec![scan("P1", 13), scan("P2", 4), unknown]);
        assert_eq!(
            told(&booked.lines),
            [
                ("P1", 10, Fit::Accepted, order.raw()),
                ("P1", 1, Fit::WithinTolerance, order.raw()),
                ("P1", 2, Fit::Over, 0),
                ("P2", 4, Fit::NotOrdered, 0),
                ("", 2, Fit::ItemUnknown, 0)
            ]
        );
        let waits: Vec<_> = booked.unknown.iter().map(|u| (u.why, units(u.quantity))).collect();
        assert_eq!(waits, [(Why::Over, 2), (Why::NotOrdered, 4), (Why::ItemUnknown, 2)]);
        assert_eq!((world.on_hand("P1"), world.on_hand("P2")), (11, 0));
        assert_eq!(world.balance(Role::StockValuation), 4_400);
        let last = world.unknown(booked.unknown[2].unknown_goods_id).unknown_goods;
        assert_eq!(
            (last.description.as_str(), last.place.as_str()),
            ("a blue box", "WH/Quarantine")
        );
        assert_eq!(last.due_on, world.ctx.today.plus(5).unwrap());
        assert_eq!(last.owner_id, world.ctx.user_id);
        assert_eq!(last.blind_receipt, booked.number);
    });
}

#[test]
fn what_is_over_is_received_when_somebody_confirms_it() {
    story(|world| {
        let order = world.order("ACME", "2026-06-10", &[("P1", 10, "4")]);
        let id = world.open();
        world.scan(id, vec![scan("P1", 12)]).unwrap();
        assert_eq!(world.look(id).lines[1].fit, Fit::Over);
        let booked = world.book(id, true);
        assert_eq!(booked.lines[1].fit, Fit::ConfirmedOver);
        assert_eq!((booked.unknown.len(), world.received(order)), (0, 12));
    });
}

#[test]
fn damaged_goods_and_lots_keep_apart() {
    story(|world| {
        world.order("ACME", "2026-06-10", &[("P1", 10, "4"), ("LOT", 6, "2"), ("SER", 2, "9")]);
        let lot = |code: &str, lot: &str, quantity: i64| BlindScan {
            lot: Some(lot.into()),
            ..scan(code, quantity)
        };
        let broken = BlindScan { damaged: true, description: "wet".into(), ..scan("P1", 2) };
        let id = world.open();
        let missing = world.scan(id, vec![scan("LOT", 1)]).unwrap_err();
        assert_eq!(missing.problem().code, "lot_missing");
        let shared = world.scan(id, vec![lot("SER", "S1", 2)]).unwrap_err();
        assert_eq!(shared.problem().code, "serial_shared");
        world
            .scan(
                id,
                vec![
                    scan("P1", 3),
                    lot("LOT", "A", 2),
                    lot("LOT", "B", 1),
                    broken,
                    lot("LOT", "A", 1),
                    lot("SER", "S1", 1),
                    lot("SER", "S2", 1),
                ],
            )
            .unwrap();
        let booked = world.book(id, false);
        let told: Vec<_> = booked
            .lines
            .iter()
            .map(|l| (l.sku.as_str(), l.lot.as_str(), units(l.quantity), l.damaged))
            .collect();
        assert_eq!(
            told,
            [
                ("P1", "", 3, false),
                ("LOT", "A", 3, false),
                ("LOT", "B", 1, false),
                ("P1", "", 2, true),
                ("SER", "S1", 1, false),
                ("SER", "S2", 1, false)
            ]
        );
        let receipts = world
            .run(|tx, ctx| purchasing::list_receipts(tx, ctx, Default::default()))
            .unwrap()
            .lines;
        let wet = receipts[0].lines.iter().find(|line| line.reason == "wet").unwrap();
        assert_eq!(wet.outcome, purchasing::Outcome::Quarantine);
    });
}

#[test]
fn a_scan_is_taken_down_once_and_can_be_taken_back() {
    story(|world| {
        world.order("ACME", "2026-06-10", &[("P1", 10, "4")]);
        let id = world.open();
        let one = BlindScan { client_ref: "a".into(), ..scan("P1", 3) };
        let first = world.scan(id, vec![one.clone(), scan("P1", 1)]).unwrap();
        let again = world.scan(id, vec![one.clone(), one, scan("P1", 2)]).unwrap();
        let told: Vec<_> = again.lines.iter().map(|line| (line.line, line.repeated)).collect();
        assert_eq!(told, [(1, true), (1, true), (3, false)]);
        let void = move |line: i64| VoidScan {
            blind_receipt_id: id,
            line,
            reason: "scanned twice".into(),
        };
        world.run(move |tx, ctx| receiving::void_scan(tx, ctx, void(2))).unwrap();
        let twice = world.run(move |tx, ctx| receiving::void_scan(tx, ctx, void(2))).unwrap_err();
        assert_eq!(twice.problem().code, "scan_voided");
        let none = world.run(move |tx, ctx| receiving::void_scan(tx, ctx, void(9))).unwrap_err();
        assert_eq!(none.problem().code, "scan_not_found");
        // Whoever looked before the last scan does not book what they did not see.
        let stale = BookBlindReceipt { seq: first.seq, ..world.booking(id, false) };
        assert_eq!(world.ask_book(stale).unwrap_err().problem().code, "blind_receipt_changed");
        let booked = world.book(id, false);
        assert_eq!(units(booked.lines[0].quantity), 5);
        let late = world.scan(id, vec![scan("P1", 1)]).unwrap_err();
        assert_eq!(late.problem().code, "blind_receipt_not_open");
        let shown = world.run(move |tx, ctx| receiving::blind_receipt(tx, ctx, id)).unwrap();
        assert_eq!(shown.blind_receipt.state, BlindState::Booked);
        assert_eq!((shown.scans.len(), shown.blind_receipt.scans), (3, 2));
        assert_eq!(shown.scans[1].void_reason, "scanned twice");
        assert_eq!(shown.booked[0].receipt, booked.receipts[0].number);
    });
}

#[test]
fn a_scan_that_cannot_be_true_stops_the_line() {
    story(|world| {
        let id = world.open();
        #[track_caller]
        fn check(
            world: &super::world::World<'_>,
            id: base::BlindReceiptId,
            scan: BlindScan,
            code: &str,
        ) {
            let refused = world.scan(id, vec![scan]).unwrap_err().problem();
            assert_eq!(refused.code, code);
            assert_eq!(refused.place.unwrap().line, Some(1));
        }
        check(world, id, scan("9999", 1), "unknown_code");
        check(world, id, scan("HELP", 1), "not_goods");
        check(world, id, scan("P1", 0), "quantity_not_positive");
        let half = BlindScan { quantity: Some(Quantity::parse("0.5").unwrap()), ..scan("P1", 1) };
        check(world, id, half, "quantity_not_whole");
        let ten = BlindScan { pack_holds: Some(Quantity::units(10)), ..scan(CASE, 1) };
        check(world, id, ten, "pack_differs");
        let twelve = BlindScan { pack_holds: Some(Quantity::units(12)), ..scan(CASE, 1) };
        world.scan(id, vec![twelve]).unwrap();
        assert_eq!(world.scan(id, Vec::new()).unwrap_err().problem().code, "nothing_scanned");
    });
}

#[test]
fn a_blind_receipt_is_opened_once_and_can_be_given_up() {
    story(|world| {
        let request = OpenBlindReceipt {
            supplier: "ACME".into(),
            warehouse: Some("WH".into()),
            delivery_note: String::new(),
            client_ref: "dock 1".into(),
        };
        let open = |request: OpenBlindReceipt| {
            world.run(move |tx, ctx| receiving::open_blind_receipt(tx, ctx, request.clone()))
        };
        let first = open(request.clone()).unwrap();
        let again = open(request.clone()).unwrap();
        assert_eq!((again.blind_receipt_id, again.repeated), (first.blind_receipt_id, true));
        let nobody = open(OpenBlindReceipt { supplier: "NO".into(), ..request.clone() });
        assert_eq!(nobody.unwrap_err().problem().code, "unknown_supplier");
        let which = open(OpenBlindReceipt { warehouse: None, ..request });
        assert_eq!(which.unwrap_err().problem().code, "warehouse_not_found");
        let blind_receipt_id = first.blind_receipt_id;
        let empty = world.ask_book(world.booking(blind_receipt_id, false));
        assert_eq!(empty.unwrap_err().problem().code, "nothing_scanned");
        world.scan(blind_receipt_id, vec![scan("P1", 1)]).unwrap();
        let cancel = CancelBlindReceipt { blind_receipt_id, reason: "wrong supplier".into() };
        world.run(move |tx, ctx| receiving::cancel_blind_receipt(tx, ctx, cancel.clone())).unwrap();
        let listed = world
            .run(|tx, ctx| {
                let state = Some(BlindState::Cancelled);
                let filter = receiving::BlindReceiptFilter { state, ..Default::default() };
                receiving::list_blind_receipts(tx, ctx, filter)
            })
            .unwrap();
        assert_eq!(listed.lines.len(), 1);
        assert_eq!(listed.lines[0].reason, "wrong supplier");
        assert_eq!(world.on_hand("P1"), 0);
    });
}

#[test]
fn the_photo_of_a_damage_proves_the_line_of_the_receipt() {
    story(|world| {
        world.order("ACME", "2026-06-10", &[("P1", 10, "4")]);
        let id = world.open();
        let photo = world.photo("blind_receipt", id.raw());
        let paper = world.photo("payment", 1);
        let wet = BlindScan {
            damaged: true,
            description: "wet".into(),
            evidence: vec![photo],
            ..scan("P1", 2)
        };
        let other = BlindScan { evidence: vec![paper], ..wet.clone() };
        let refused = world.scan(id, vec![other]).unwrap_err();
        assert_eq!(refused.problem().code, "evidence_of_other_record");
        let box_of = BlindScan { description: "a box".into(), ..scan("9999", 1) };
        let unknown = BlindScan { evidence: vec![photo], ..box_of };
        world.scan(id, vec![scan("P1", 3), wet, unknown]).unwrap();
        let booked = world.book(id, false);
        let receipt = &booked.receipts[0];
        let told = world.evidence("receipt", receipt.receipt_id.raw());
        assert_eq!(told, [(2, photo)]);
        let unknown = booked.unknown[0].unknown_goods_id;
        assert_eq!(world.evidence("unknown_goods", unknown.raw()), [(0, photo)]);
        assert_eq!(world.evidence("blind_receipt", id.raw()), [(2, photo), (3, photo)]);
        // What waited brings its evidence along when it is received.
        let order = world.order("ACME", "2026-06-12", &[("P2", 1, "4")]);
        let done = world.receive(for_line(unknown, order, 1)).unwrap();
        assert_eq!(world.evidence("receipt", done.receipt_id.raw()), [(1, photo)]);
    });
}

#[test]
fn a_tolerance_that_is_no_whole_number_lets_in_whole_pieces() {
    story(|world| {
        world.policy("receipt_tolerance_percent", "5");
        // Of ten pieces half a piece would be let in, of thirty one and a half.
        let order = world.order("ACME", "2026-06-10", &[("P1", 10, "4"), ("P2", 30, "1")]);
        let booked = world.came(vec![scan("P1", 11), scan("P2", 32)]);
        let raw = order.raw();
        assert_eq!(
            told(&booked.lines),
            [
                ("P1", 10, Fit::Accepted, raw),
                ("P1", 1, Fit::Over, 0),
                ("P2", 30, Fit::Accepted, raw),
                ("P2", 1, Fit::WithinTolerance, raw),
                ("P2", 1, Fit::Over, 0),
            ]
        );
        assert_eq!((world.on_hand("P1"), world.on_hand("P2")), (10, 31));
    });
}

#[test]
fn what_is_booked_is_what_was_looked_at() {
    story(|world| {
        let order = world.order("ACME", "2026-06-20", &[("P1", 10, "4")]);
        let id = world.open();
        world.scan(id, vec![scan("P1", 4)]).unwrap();
        let seen = world.booking(id, false);
        // Nobody scans, but goods of another order are expected first now.
        let sooner = world.order("ACME", "2026-06-10", &[("P1", 10, "5")]);
        assert_eq!(world.ask_book(seen).unwrap_err().problem().code, "blind_receipt_changed");
        assert_eq!(world.on_hand("P1"), 0);
        // Confirming what is over is no other match.
        assert_eq!(world.booking(id, true).fingerprint, world.booking(id, false).fingerprint);
        world.book(id, false);
        assert_eq!((world.received(order), world.received(sooner)), (0, 4));
    });
}

/// Says that blind receipts were decided from something else.
static FORGE: Statement = Statement::new(
    "test::FORGE",
    "update receiving_blind_receipt set basis = '{}' where company_id = $1 and number = $2",
);

#[test]
fn every_match_is_decided_again_and_few_are_held_at_once() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db);
        // Goods that nobody knows: a decision without an order.
        let numbers = world.run(|tx, ctx| {
            let mut numbers = Vec::new();
            for _ in 0..51 {
                let request = OpenBlindReceipt {
                    supplier: "ACME".into(),
                    warehouse: Some("WH".into()),
                    delivery_note: String::new(),
                    client_ref: String::new(),
                };
                let opened = receiving::open_blind_receipt(tx, ctx, request)?;
                let blind_receipt_id = opened.blind_receipt_id;
                let goods = BlindScan { description: "a box".into(), ..scan("9999", 1) };
                let scans = ScanGoods { blind_receipt_id, scans: vec![goods] };
                receiving::scan_goods(tx, ctx, scans)?;
                let look = receiving::blind_match(tx, ctx, blind_receipt_id).expect("a match");
                let request = BookBlindReceipt {
                    blind_receipt_id,
                    seq: look.seq,
                    fingerprint: look.fingerprint,
                    received_on: None,
                    confirm_over: false,
                };
                receiving::book_blind_receipt(tx, ctx, request)?;
                numbers.push(opened.number);
            }
            Ok::<_, BlindError>(numbers)
        });
        let numbers = numbers.unwrap();
        world.assert_sound();
        let forged = [numbers[0].clone(), numbers[50].clone()];
        let (broken, statements) = world
            .run(move |tx, ctx| {
                for number in &forged {
                    tx.write_exactly(1, &FORGE, params![ctx.company_id, number.clone()])?;
                }
                tx.flush()?;
                let before = tx.statements();
                let broken = receiving::verify_matches(tx, ctx.company_id)?;
                Ok::<_, store::StoreError>((broken, tx.statements() - before))
            })
            .unwrap();
        let told = |number: &str| format!("{number}: what it was decided from cannot be read");
        assert_eq!(broken, [told(&numbers[0]), told(&numbers[50])]);
        // Two for the first fifty, two for the last one, and one that finds no more.
        assert_eq!(statements, 5);
    });
}
