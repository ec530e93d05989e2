use super::world::{World, all, goods};
use accounting::Role;
use base::{Id, PurchaseOrderId, Quantity, ReceiptId, Rule};
use quality::{
    Disposition, Inspect, InspectError, InspectLine, Inspected, InspectionFilter, InspectionResult,
    OpenClaim, WaitingFilter, WaitingRow,
};
use store::testing::on_both_engines;

/// An approved order at 5.00 a piece of so many pieces of each item.
pub fn ordered(world: &World<'_>, pieces: &[i64]) -> PurchaseOrderId {
    let line = |(item, pieces): (usize, &i64)| {
        serde_json::json!({
            "sku": format!("P{item:04}"), "quantity": pieces.to_string(), "price": "5",
        })
    };
    let lines: Vec<_> = pieces.iter().enumerate().map(line).collect();
    let order = serde_json::json!({ "supplier": "ACME", "warehouse": "WH", "lines": lines });
    let made = world.run(move |tx, ctx| {
        purchasing::create_order(tx, ctx, serde_json::from_value(order.clone()).unwrap())
    });
    let order_id = made.expect("an order").order_id;
    let submit = purchasing::SubmitOrder { order_id };
    world.run(move |tx, ctx| purchasing::submit_order(tx, ctx, submit.clone())).expect("submitted");
    order_id
}

/// Everything of an order comes and looks good.
fn came(world: &World<'_>, order_id: PurchaseOrderId, pieces: &[i64]) -> ReceiptId {
    let line =
        |(n, pieces): (i64, &i64)| serde_json::json!({ "line": n, "quantity": pieces.to_string() });
    let lines: Vec<_> = (1..).zip(pieces).map(line).collect();
    let receive = serde_json::json!({ "order_id": order_id, "lines": lines });
    let received = world.run(move |tx, ctx| {
        purchasing::receive(tx, ctx, serde_json::from_value(receive.clone()).unwrap())
    });
    received.expect("a receipt").receipt_id
}

pub fn bought(world: &World<'_>, pieces: &[i64]) -> ReceiptId {
    came(world, ordered(world, pieces), pieces)
}

fn found(line: i64, pieces: Option<i64>, result: InspectionResult) -> InspectLine {
    let wrong = result == InspectionResult::Fail;
    InspectLine {
        line,
        quantity: pieces.map(Quantity::units),
        result,
        disposition: None,
        reason: if wrong { "scratched".into() } else { String::new() },
        scrap_reason: String::new(),
        place: None,
        evidence: String::new(),
        note: String::new(),
    }
}

pub fn passed(line: i64, pieces: Option<i64>) -> InspectLine {
    found(line, pieces, InspectionResult::Pass)
}

fn failed(line: i64, pieces: i64, disposition: Option<Disposition>) -> InspectLine {
    InspectLine { disposition, ..found(line, Some(pieces), InspectionResult::Fail) }
}

fn inspect(
    world: &World<'_>,
    receipt_id: ReceiptId,
    lines: Vec<InspectLine>,
) -> Result<Inspected, InspectError> {
    let request = Inspect { receipt_id, inspected_on: None, lines, client_ref: String::new() };
    world.run(move |tx, ctx| quality::inspect(tx, ctx, request.clone()))
}

fn waiting(world: &World<'_>, filter: WaitingFilter) -> Vec<WaitingRow> {
    let ctx = world.ctx.clone();
    let found = world.db.read(move |tx| quality::list_waiting(tx, &ctx, filter.clone()));
    found.expect("a list").lines
}

fn left(world: &World<'_>) -> Vec<i64> {
    let rows = waiting(world, WaitingFilter::default());
    rows.into_iter().map(|row| row.waiting.micro() / Quantity::MICRO).collect()
}

#[test]
fn what_is_inspected_waits_in_quarantine_until_it_passed_in_parts() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("inspect_receipts", "yes");
        let receipt_id = bought(&world, &[10, 4]);
        assert_eq!((world.there(0), left(&world)), ((10, 0, 0), vec![10, 4]));
        assert_eq!((world.balance(Role::Quarantine), world.balance(Role::Grni)), (7_000, -7_000));
        let done = inspect(&world, receipt_id, vec![passed(1, Some(6)), passed(2, None)]).unwrap();
        assert_eq!((done.value.minor, done.claims.len(), done.repeated), (5_000, 0, false));
        assert_eq!((world.there(0), world.there(1)), ((10, 6, 0), (4, 4, 0)));
        assert_eq!(left(&world), [4]);
        inspect(&world, receipt_id, vec![passed(1, None)]).unwrap();
        assert_eq!(left(&world), [0; 0]);
        assert_eq!(
            (world.balance(Role::Quarantine), world.balance(Role::StockValuation)),
            (0, 7_000)
        );
        world.assert_sound();
    });
}

#[test]
fn what_fails_is_scrapped_claimed_or_taken_all_the_same() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("inspect_receipts", "yes");
        let receipt_id = bought(&world, &[10]);
        let scrap = InspectLine {
            scrap_reason: "damaged".into(),
            ..failed(1, 1, Some(Disposition::Scrap))
        };
        let lines = vec![
            scrap,
            failed(1, 2, Some(Disposition::SupplierClaim)),
            failed(1, 3, Some(Disposition::Restock)),
            passed(1, None),
        ];
        let request =
            Inspect { receipt_id, inspected_on: None, lines, client_ref: "look-1".into() };
        let again = request.clone();
        let done =
            world.run(move |tx, ctx| quality::inspect(tx, ctx, request.clone())).expect("done");
        assert_eq!((done.value.minor, done.claims.len()), (5_000, 1));
        let twice =
            world.run(move |tx, ctx| quality::inspect(tx, ctx, again.clone())).expect("repeated");
        assert_eq!(twice, Inspected { repeated: true, ..done });
        assert_eq!((world.there(0), left(&world)), ((7, 7, 0), vec![]));
        let balances = [Role::Scrap, Role::SupplierClaims, Role::StockValuation, Role::Quarantine];
        assert_eq!(balances.map(|role| world.balance(role)), [500, 1_000, 3_500, 0]);
        let ctx = world.ctx.clone();
        let failed =
            InspectionFilter { result: Some(InspectionResult::Fail), ..Default::default() };
        let rows = world.db.read(move |tx| quality::list_inspections(tx, &ctx, failed.clone()));
        let rows = rows.expect("a list").lines;
        let told: Vec<_> = rows.iter().map(|row| (row.line, row.disposition)).collect();
        let expected = [Disposition::Scrap, Disposition::SupplierClaim, Disposition::Restock];
        assert_eq!(told, [1, 2, 3].into_iter().zip(expected.map(Some)).collect::<Vec<_>>());
        assert_eq!(
            (rows[1].claim_id, rows[1].reason.as_str()),
            (Some(twice.claims[0]), "scratched")
        );
        world.assert_sound();
    });
}

#[test]
fn what_failed_without_a_disposition_stays_until_somebody_passes_it() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("inspect_receipts", "yes");
        let receipt_id = bought(&world, &[5, 5]);
        let done = inspect(&world, receipt_id, vec![failed(1, 5, None)]).unwrap();
        assert_eq!((done.value.minor, world.there(0)), (0, (5, 0, 0)));
        let only = |failed| {
            let filter = WaitingFilter { failed: Some(failed), ..WaitingFilter::default() };
            let rows = waiting(&world, filter).into_iter();
            rows.map(|row| (row.sku, row.found)).collect::<Vec<_>>()
        };
        assert_eq!(only(true), [("P0000".to_owned(), "scratched".to_owned())]);
        assert_eq!(only(false), [("P0001".to_owned(), String::new())]);
        inspect(&world, receipt_id, vec![passed(1, None)]).unwrap();
        assert_eq!((world.there(0), only(true)), ((5, 5, 0), vec![]));
        world.assert_sound();
    });
}

#[test]
fn the_rule_that_says_most_decides_and_the_clerk_may_quarantine_as_well() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 3);
        let set = |sku: Option<&str>, supplier: Option<&str>, inspect| {
            let (sku, supplier) = (sku.map(str::to_owned), supplier.map(str::to_owned));
            let request = purchasing::SetInspection { sku, supplier, inspect };
            world.run(move |tx, ctx| purchasing::set_inspection(tx, ctx, request.clone()))
        };
        assert_eq!(
            set(None, None, Some(true)).unwrap_err().problem().code,
            "inspection_rule_empty"
        );
        assert_eq!(set(Some("P9"), None, None).unwrap_err().problem().code, "item_not_found");
        let unknown = set(None, Some("C1"), Some(true)).unwrap_err();
        assert_eq!(unknown.problem().code, "unknown_supplier");
        set(None, Some("ACME"), Some(true)).unwrap();
        set(Some("P0001"), None, Some(false)).unwrap();
        bought(&world, &[1, 2, 3]);
        assert_eq!(left(&world), [1, 3]);
        set(None, Some("ACME"), None).unwrap();
        bought(&world, &[4, 5, 6]);
        assert_eq!(left(&world), [1, 3], "the rule is gone");
        let ctx = world.ctx.clone();
        let listed = world.db.read(move |tx| {
            purchasing::list_inspection_rules(tx, &ctx, purchasing::InspectionRuleFilter::default())
        });
        let listed = listed.expect("a list").lines;
        let ctx = world.ctx.clone();
        let told = world.db.read(move |tx| {
            let filter = identity::AuditFilter {
                verb: Some("purchasing.set_inspection".into()),
                ..Default::default()
            };
            identity::audit_trail(tx, &ctx, filter)
        });
        let told = told.expect("the audit trail").lines.into_iter();
        let told: Vec<_> = told.map(|row| (row.object_kind, row.object_id)).collect();
        let item = ("item".to_owned(), world.items[1].raw().to_string());
        assert_eq!((told.len(), told[0].0.as_str(), told.contains(&item)), (3, "partner", true));
        let expected = purchasing::InspectionRuleRow {
            sku: Some("P0001".into()),
            supplier: None,
            inspect: Some(false),
        };
        assert_eq!(listed, [expected]);
        let order_id = ordered(&world, &[7]);
        let receive = serde_json::json!({ "order_id": order_id, "lines": [
            { "line": 1, "quantity": "2", "outcome": "quarantine", "reason": "wet" },
            { "line": 1, "quantity": "5" },
        ]});
        let receipt = world.run(move |tx, ctx| {
            purchasing::receive(tx, ctx, serde_json::from_value(receive.clone()).unwrap())
        });
        let wet =
            waiting(&world, WaitingFilter { sku: Some("P0000".into()), ..Default::default() });
        let wet = wet.last().expect("the wet ones");
        assert_eq!((wet.reason.as_str(), wet.waiting), ("wet", Quantity::units(2)));
        inspect(&world, receipt.expect("a receipt").receipt_id, vec![passed(1, None)]).unwrap();
        assert_eq!(left(&world), [1, 3]);
        world.assert_sound();
    });
}

#[test]
fn a_claim_on_goods_in_quarantine_is_a_failed_inspection() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("inspect_receipts", "yes");
        let receipt_id = bought(&world, &[5]);
        let claim = |pieces: i64, place: Option<&str>| {
            let request = OpenClaim {
                receipt_id,
                line: 1,
                quantity: Quantity::units(pieces),
                cause: "crushed".into(),
                evidence: String::new(),
                place: place.map(str::to_owned),
                opened_on: None,
                client_ref: String::new(),
            };
            world.run(move |tx, ctx| quality::open_claim(tx, ctx, request.clone()))
        };
        claim(2, None).unwrap();
        assert_eq!(left(&world), [3]);
        assert_eq!(claim(4, None).unwrap_err().problem().code, "exceeds_received");
        inspect(&world, receipt_id, vec![passed(1, None)]).unwrap();
        claim(1, Some("WH/Stock")).unwrap();
        assert_eq!((left(&world), world.there(0)), (vec![], (2, 2, 0)));
        assert_eq!(world.balance(Role::SupplierClaims), 1_500);
        world.assert_sound();
    });
}

#[test]
fn what_left_quarantine_by_another_way_is_found_gone() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("inspect_receipts", "yes");
        let order_id = ordered(&world, &[5]);
        let receipt_id = came(&world, order_id, &[5]);
        let gone = |pieces| InspectLine {
            reason: "sent back".into(),
            ..found(1, Some(pieces), InspectionResult::Gone)
        };
        let refused = inspect(&world, receipt_id, vec![gone(1)]).unwrap_err();
        assert_eq!(refused.problem().code, "still_there");
        let back = serde_json::json!({
            "order_id": order_id, "reason": "crushed",
            "lines": [{ "line": 1, "quantity": "3", "place": "WH/Quarantine" }],
        });
        world
            .run(move |tx, ctx| {
                let request = serde_json::from_value(back.clone()).unwrap();
                purchasing::return_to_supplier(tx, ctx, request)
            })
            .expect("sent back");
        let refused = inspect(&world, receipt_id, vec![gone(2), gone(2)]).unwrap_err();
        assert_eq!(refused.problem().code, "still_there");
        let done = inspect(&world, receipt_id, vec![gone(3), passed(1, None)]).unwrap();
        assert_eq!((done.value.minor, left(&world), world.there(0)), (1_000, vec![], (2, 2, 0)));
        world.assert_sound();
    });
}

/// Puts pieces of the first item out of quarantine into stock.
fn put_away(world: &World<'_>, pieces: i64, client_ref: &str) -> Result<bool, &'static str> {
    let put = serde_json::json!({
        "warehouse": "WH", "from": "WH/Quarantine", "client_ref": client_ref,
        "lines": [{ "sku": "P0000", "quantity": pieces.to_string(), "to": "WH/Stock" }],
    });
    let done = world.run(move |tx, ctx| {
        quality::put_away(tx, ctx, serde_json::from_value(put.clone()).unwrap())
    });
    done.map(|done| done.repeated).map_err(|error| error.problem().code)
}

/// Pieces of the first item come into quarantine and wait for nobody.
fn strays(world: &World<'_>, pieces: i64) {
    let goods = stock::Move {
        cost: stock::Cost::Given(pieces * 100),
        kind: stock::Kind::Receipt,
        counter: Some(stock::Counter::role(Role::Capital)),
        ..stock::Move::plain(
            world.items[0],
            world.warehouse.supplier,
            world.warehouse.quarantine,
            Quantity::units(pieces),
        )
    };
    let posting = stock::Posting {
        area: accounting::Area::Purchasing,
        happened_on: world.ctx.today,
        source_kind: "contribution",
        source_id: 2,
        memo: "strays".to_owned(),
        moves: vec![goods],
        lines: Vec::new(),
    };
    world.run(move |tx, ctx| stock::post(tx, ctx, posting.clone())).expect("strays");
}

#[test]
fn what_waits_in_quarantine_is_not_put_away_and_all_else_there_is() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 3, 3_000)]);
        let order = world.sell("WEB", vec![goods(0, 3, "24")]);
        let back = world.back(order, &[(1, 3)]);
        assert_eq!(put_away(&world, 1, ""), Err("undecided"), "a customer sent it back");
        world.policy("inspect_receipts", "yes");
        let receipt_id = bought(&world, &[5]);
        assert_eq!(put_away(&world, 1, ""), Err("undecided"));
        strays(&world, 2);
        assert_eq!(put_away(&world, 3, ""), Err("undecided"), "two of them wait for nobody");
        assert_eq!(put_away(&world, 2, "shift 1"), Ok(false));
        assert_eq!(put_away(&world, 2, "shift 1"), Ok(true), "the same again is no other");
        assert_eq!((world.there(0), left(&world)), ((10, 2, 0), vec![5]));
        inspect(&world, receipt_id, vec![passed(1, None)]).unwrap();
        world.dispose(back, vec![all(1, Disposition::Restock)]).unwrap();
        assert_eq!(world.there(0), (10, 10, 0));
        assert_eq!(put_away(&world, 1, ""), Err("insufficient_stock"));
        let put = serde_json::json!({
            "warehouse": "WH", "from": "WH/Quarantine", "lines": [],
        });
        let unasked = world.run(move |tx, ctx| {
            stock::put_away(tx, ctx, serde_json::from_value(put.clone()).unwrap())
        });
        assert_eq!(unasked.unwrap_err().problem().code, "in_quarantine");
        world.assert_sound();
    });
}

#[test]
fn goods_of_returns_that_lie_with_them_do_not_hide_what_is_gone() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 3, 3_000)]);
        let order = world.sell("WEB", vec![goods(0, 3, "24")]);
        world.back(order, &[(1, 3)]);
        world.policy("inspect_receipts", "yes");
        let order_id = ordered(&world, &[5]);
        let receipt_id = came(&world, order_id, &[5]);
        let back = serde_json::json!({
            "order_id": order_id, "reason": "crushed",
            "lines": [{ "line": 1, "quantity": "2", "place": "WH/Quarantine" }],
        });
        world
            .run(move |tx, ctx| {
                let request = serde_json::from_value(back.clone()).unwrap();
                purchasing::return_to_supplier(tx, ctx, request)
            })
            .expect("sent back");
        let gone = |pieces| InspectLine {
            reason: "sent back".into(),
            ..found(1, Some(pieces), InspectionResult::Gone)
        };
        let refused = inspect(&world, receipt_id, vec![gone(3)]).unwrap_err();
        assert_eq!(refused.problem().code, "still_there");
        inspect(&world, receipt_id, vec![gone(2), passed(1, None)]).expect("two are gone");
        assert_eq!((left(&world), world.there(0)), (vec![], (6, 3, 0)));
        world.assert_sound();
    });
}

#[test]
fn what_was_found_is_told_by_the_latest_inspection() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("inspect_receipts", "yes");
        let receipt_id = bought(&world, &[9]);
        let told = |world: &World<'_>| {
            let rows = waiting(world, WaitingFilter::default()).into_iter();
            rows.map(|row| row.found).collect::<Vec<_>>()
        };
        inspect(&world, receipt_id, vec![failed(1, 9, None)]).unwrap();
        assert_eq!(told(&world), ["scratched"]);
        let later = |minutes: i64| {
            let mut later = world.on(world.db);
            later.ctx.at = later.ctx.at.plus_micros(minutes * 60_000_000).unwrap();
            later
        };
        inspect(&later(1), receipt_id, vec![passed(1, Some(2))]).unwrap();
        assert_eq!(told(&world), [""], "nothing was wrong with what was looked at last");
        let wet = InspectLine { reason: "wet".into(), ..failed(1, 3, None) };
        inspect(&later(2), receipt_id, vec![wet, passed(1, Some(1))]).unwrap();
        assert_eq!(told(&world), ["wet"], "one of the same inspection passed, three did not");
        inspect(&later(3), receipt_id, vec![passed(1, Some(1))]).unwrap();
        assert_eq!(told(&world), [""]);
        world.assert_sound();
    });
}

#[test]
fn quarantined_goods_go_where_the_clerk_would_have_put_them() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        let rack = stock::CreatePlace { parent: "WH/Stock".into(), code: "A1".into() };
        world.run(move |tx, ctx| stock::create_place(tx, ctx, rack.clone())).expect("a rack");
        let order_id = ordered(&world, &[9]);
        let receive = |pieces: i64, place: &str| {
            let receive = serde_json::json!({ "order_id": order_id, "lines": [{
                "line": 1, "quantity": pieces.to_string(), "outcome": "quarantine",
                "reason": "wet", "place": place,
            }]});
            let received = world.run(move |tx, ctx| {
                purchasing::receive(tx, ctx, serde_json::from_value(receive.clone()).unwrap())
            });
            received.map(|received| received.receipt_id).map_err(|error| error.problem().code)
        };
        assert_eq!(receive(1, "WH/Attic"), Err("unknown_place"));
        let named = receive(2, "WH/Stock/A1").expect("goods");
        let other = receive(3, "WH/Quarantine").expect("goods");
        for receipt_id in [named, other] {
            inspect(&world, receipt_id, vec![passed(1, None)]).expect("they pass");
        }
        let ctx = world.ctx.clone();
        let lies =
            world.db.read(move |tx| stock::list_stock(tx, &ctx, stock::StockFilter::default()));
        let mut lies: Vec<_> = lies
            .expect("stock")
            .lines
            .into_iter()
            .filter(|line| line.on_hand.is_positive())
            .map(|line| (line.place, line.on_hand))
            .collect();
        lies.sort();
        let expected = [("WH/Stock", 3), ("WH/Stock/A1", 2)];
        assert_eq!(lies, expected.map(|(place, n)| (place.to_owned(), Quantity::units(n))));
        world.assert_sound();
    });
}

#[test]
fn no_more_is_claimed_than_came_wherever_it_is_claimed_from() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 20, 20_000)]);
        world.policy("inspect_receipts", "yes");
        let receipt_id = bought(&world, &[10]);
        let claim = |pieces: i64, place: Option<&str>| {
            let request = OpenClaim {
                receipt_id,
                line: 1,
                quantity: Quantity::units(pieces),
                cause: "crushed".into(),
                evidence: String::new(),
                place: place.map(str::to_owned),
                opened_on: None,
                client_ref: String::new(),
            };
            let made = world.run(move |tx, ctx| quality::open_claim(tx, ctx, request.clone()));
            made.map(|made| made.amount.minor).map_err(|error| error.problem().code)
        };
        assert_eq!(claim(1, Some("WH/Stock")), Err("exceeds_received"), "all of it waits");
        let scrap = InspectLine {
            scrap_reason: "damaged".into(),
            ..failed(1, 2, Some(Disposition::Scrap))
        };
        inspect(&world, receipt_id, vec![scrap, passed(1, Some(3))]).unwrap();
        assert_eq!(claim(4, Some("WH/Stock")), Err("exceeds_received"), "three left quarantine");
        assert_eq!(claim(6, None), Err("exceeds_received"), "five wait");
        claim(3, Some("WH/Stock")).expect("those that passed");
        let take = failed(1, 5, Some(Disposition::SupplierClaim));
        inspect(&world, receipt_id, vec![take]).expect("the rest is claimed");
        assert_eq!(claim(1, Some("WH/Stock")), Err("exceeds_received"), "nothing is left");
        let others = bought(&world, &[4]);
        assert_eq!(claim(1, None), Err("exceeds_received"), "those there are another receipt's");
        inspect(&world, others, vec![passed(1, None)]).unwrap();
        world.assert_sound();
    });
}

#[test]
fn an_inspection_claims_nothing_that_was_claimed_before() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("inspect_receipts", "yes");
        let receipt_id = bought(&world, &[4]);
        let rows = waiting(&world, WaitingFilter::default());
        // As a claim from elsewhere was once taken for goods that still wait.
        let row = (rows[0].receipt_line_id.raw(), world.items[0].raw());
        world
            .run(move |tx, ctx| {
                let supplier = partners::partners_by_code(tx, ctx.company_id, &["ACME"])?;
                let new = store::params![
                    ctx.company_id,
                    1_i64,
                    supplier["ACME"].id,
                    row.0,
                    row.1,
                    Quantity::units(3),
                    ctx.at,
                    ctx.user_id
                ];
                tx.write(&CLAIM, new)
            })
            .expect("a claim of old");
        let take = |pieces| vec![failed(1, pieces, Some(Disposition::SupplierClaim))];
        let refused = inspect(&world, receipt_id, take(2)).unwrap_err();
        assert_eq!(refused.problem().code, "exceeds_received");
        let twice = [take(1), take(1)].concat();
        let refused = inspect(&world, receipt_id, twice).unwrap_err();
        assert_eq!(refused.problem().code, "exceeds_received");
        inspect(&world, receipt_id, take(1)).expect("one was not claimed");
        world.assert_sound();
    });
}

static CLAIM: store::Statement = store::Statement::new(
    "quality::tests::CLAIM",
    "insert into quality_claim
        (company_id, id, number, client_ref, partner_id, receipt_line_id, item_id, quantity, amount,
         cause, evidence, state, outcome, reference, opened_on, settled_on, recorded_at, user_id)
        values ($1, $2, 'CL-OLD', '', $3, $4, $5, $6, 0, 'old', '', 'settled', 'write_off', '',
            '2026-01-01', '2026-01-01', $7, $8)",
);

#[test]
fn what_cannot_be_decided_is_refused_and_nothing_moves() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("inspect_receipts", "yes");
        let receipt_id = bought(&world, &[5]);
        let refused = |line: InspectLine| {
            let lines = vec![passed(1, Some(1)), line];
            inspect(&world, receipt_id, lines).unwrap_err().problem().code
        };
        assert_eq!(refused(passed(2, None)), "unknown_line");
        assert_eq!(refused(passed(1, Some(5))), "exceeds_waiting");
        assert_eq!(refused(passed(1, Some(0))), "exceeds_waiting");
        let half = Some(Quantity::parse("0.5").unwrap());
        assert_eq!(refused(InspectLine { quantity: half, ..passed(1, None) }), "exceeds_waiting");
        let mute = InspectLine { reason: " ".into(), ..failed(1, 1, None) };
        assert_eq!(refused(mute), "text_empty");
        assert_eq!(refused(failed(1, 1, Some(Disposition::SecondGrade))), "bad_disposition");
        let kept = InspectLine { disposition: Some(Disposition::Restock), ..passed(1, Some(1)) };
        assert_eq!(refused(kept), "bad_disposition");
        assert_eq!(refused(failed(1, 1, Some(Disposition::Scrap))), "reason_not_found");
        for place in ["WH/Quarantine", "Nowhere"] {
            let line = InspectLine { place: Some(place.into()), ..passed(1, Some(1)) };
            assert_eq!(refused(line), "unknown_place");
        }
        let nothing = inspect(&world, receipt_id, vec![]).unwrap_err();
        assert_eq!(nothing.problem().code, "inspection_empty");
        world.policy("inspect_receipts", "no");
        let stocked = bought(&world, &[1]);
        let refused = inspect(&world, stocked, vec![passed(1, None)]).unwrap_err();
        assert_eq!(refused.problem().code, "receipt_not_found");
        assert_eq!((left(&world), world.there(0)), (vec![5], (6, 1, 0)));
        world.assert_sound();
    });
}

#[test]
fn statements_do_not_depend_on_the_number_of_lines() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 300);
        world.policy("inspect_receipts", "yes");
        let count = |items: usize| {
            let receipt_id = bought(&world, &vec![2; items]);
            let lines = (1..=items as i64)
                .flat_map(|line| {
                    let claim = failed(line, 1, Some(Disposition::SupplierClaim));
                    [claim, passed(line, None)]
                })
                .collect();
            let request =
                Inspect { receipt_id, inspected_on: None, lines, client_ref: String::new() };
            let counted = world.run(move |tx, ctx| {
                let before = tx.statements();
                quality::inspect(tx, ctx, request.clone())?;
                Ok::<_, InspectError>(tx.statements() - before)
            });
            counted.expect("an inspection")
        };
        assert_eq!(count(1), count(300));
        world.assert_sound();
    });
}
