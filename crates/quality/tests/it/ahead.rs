use super::inspect::ordered;
use super::world::World;
use base::{Id, ProblemKind, PurchaseOrderId, Quantity, Rule};
use purchasing::{Receive, ReceiveError};
use quality::{
    AheadError, AheadFilter, AheadRow, AheadState, InspectAhead, InspectedAhead, PassAhead,
    PointFilter, PointRow, Reading, SetPoint,
};
use store::testing::on_both_engines;

fn point(sku: Option<&str>, name: &str, lower: Option<i64>, upper: Option<i64>) -> SetPoint {
    SetPoint {
        sku: sku.map(str::to_owned),
        name: name.to_owned(),
        lower: lower.map(Quantity::units),
        upper: upper.map(Quantity::units),
    }
}

fn set(world: &World<'_>, point: SetPoint) -> PointRow {
    world.run(move |tx, ctx| quality::set_point(tx, ctx, point.clone())).expect("a point")
}

fn readings(readings: &[(&str, i64)]) -> Vec<Reading> {
    let reading = |(point, value): &(&str, i64)| Reading {
        point: (*point).to_owned(),
        value: Quantity::units(*value),
    };
    readings.iter().map(reading).collect()
}

fn measure(
    world: &World<'_>,
    order_id: PurchaseOrderId,
    line: Option<i64>,
    read: &[(&str, i64)],
) -> Result<InspectedAhead, AheadError> {
    let request = InspectAhead {
        order_id,
        line,
        readings: readings(read),
        inspected_on: None,
        evidence: "photographs 12 to 14".to_owned(),
        note: String::new(),
        client_ref: String::new(),
    };
    world.run(move |tx, ctx| quality::inspect_ahead(tx, ctx, request.clone()))
}

fn arrive(world: &World<'_>, order_id: PurchaseOrderId, outcome: &str) -> Result<(), ReceiveError> {
    let receive = serde_json::json!({
        "order_id": order_id,
        "lines": [{ "line": 1, "quantity": "4", "outcome": outcome, "reason": "as inspected" }],
    });
    world.run(move |tx, ctx| {
        let request: Receive = serde_json::from_value(receive.clone()).expect("a receipt");
        purchasing::receive(tx, ctx, request).map(|_| ())
    })
}

fn let_in(
    world: &World<'_>,
    inspected: &InspectedAhead,
    reason: &str,
) -> Result<InspectedAhead, AheadError> {
    let request = PassAhead { inspection_id: inspected.inspection_id, reason: reason.to_owned() };
    world.run(move |tx, ctx| quality::pass_ahead(tx, ctx, request.clone()))
}

fn listed(world: &World<'_>, filter: AheadFilter) -> Vec<AheadRow> {
    let ctx = world.ctx.clone();
    let found = world.db.read(move |tx| quality::list_ahead(tx, &ctx, filter.clone()));
    found.expect("a list").lines
}

#[test]
fn goods_whose_inspection_failed_come_in_only_when_somebody_lets_them() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 1);
        set(&world, point(None, "width", Some(20), Some(50)));
        let order_id = ordered(&world, &[10]);
        let failed = measure(&world, order_id, None, &[("width", 60)]).expect("judged");
        assert_eq!(failed.state, AheadState::Failed);
        assert_eq!(failed.found, "width is 60, outside 20 to 50");
        world.assert_sound();

        let held = arrive(&world, order_id, "accepted").expect_err("held back");
        let reason = format!("inspection {} failed, width is 60, outside 20 to 50", failed.number);
        assert_eq!(held, ReceiveError::Held { line: 1, reason });
        assert_eq!(held.problem().code, "line_held");
        // What is held back can still be sent away at the dock.
        arrive(&world, order_id, "refused").expect("refused");
        assert_eq!(world.there(0).0, 0);

        let silent = let_in(&world, &failed, " ").expect_err("no reason");
        assert_eq!(silent.problem().kind, ProblemKind::Invalid);
        let passed = let_in(&world, &failed, "the customer takes them").expect("let in");
        assert_eq!((passed.state, passed.number.as_str()), (AheadState::Passed, &*failed.number));
        let again = let_in(&world, &failed, "twice").expect_err("it has passed");
        assert_eq!(again, AheadError::Passed { number: failed.number.clone() });
        arrive(&world, order_id, "accepted").expect("received");
        assert_eq!(world.there(0).0, 4);

        let rows = listed(&world, AheadFilter::default());
        let [row] = rows.as_slice() else { panic!("{rows:?}") };
        assert_eq!(
            (row.state, row.passed_reason.as_str()),
            (AheadState::Passed, "the customer takes them")
        );
        assert_eq!((row.readings.len(), row.readings[0].within), (1, false));
        assert_eq!(row.passed_on, Some(world.ctx.today));
        let held = AheadFilter { state: Some(AheadState::Failed), ..AheadFilter::default() };
        assert_eq!(listed(&world, held), []);
        world.assert_sound();
    });
}

#[test]
fn an_inspection_that_passes_lifts_those_of_its_line_that_failed() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        set(&world, point(None, "width", Some(20), Some(50)));
        // An item's own limits come before those of every item.
        set(&world, point(Some("P0001"), "width", Some(90), None));
        let order_id = ordered(&world, &[10, 10]);
        for line in [Some(1), Some(2)] {
            let judged = measure(&world, order_id, line, &[("width", 60)]).expect("judged");
            assert_eq!(judged.state, AheadState::Failed, "{line:?}");
        }
        measure(&world, order_id, Some(1), &[("width", 10)]).expect("judged again");
        let unclear = measure(&world, order_id, None, &[("width", 30)]).expect_err("which line");
        assert!(matches!(unclear, AheadError::Unclear { due: 2, .. }), "{unclear}");
        let passed = measure(&world, order_id, Some(1), &[("width", 30)]).expect("judged");
        assert_eq!(passed.state, AheadState::Passed);
        let rows = listed(&world, AheadFilter::default());
        let states: Vec<_> = rows.iter().map(|row| (row.line, row.state)).collect();
        assert_eq!(states.iter().filter(|(line, _)| *line == 1).count(), 3);
        assert_eq!(
            states.iter().filter(|(_, state)| *state == AheadState::Failed).collect::<Vec<_>>(),
            [&(2, AheadState::Failed)]
        );
        arrive(&world, order_id, "accepted").expect("line 1 is received");
        world.assert_sound();
    });
}

#[test]
fn readings_fit_the_points_and_goods_are_still_to_come() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 1);
        let order_id = ordered(&world, &[4]);
        let code = |read: &[(&str, i64)]| {
            measure(&world, order_id, None, read).expect_err("refused").problem().code
        };
        assert_eq!(code(&[("width", 1)]), "no_points");
        set(&world, point(Some("P0000"), "width", None, Some(50)));
        set(&world, point(None, "weight", Some(2), None));
        assert_eq!(code(&[("width", 1)]), "reading_missing");
        assert_eq!(code(&[("width", 1), ("width", 1), ("weight", 3)]), "reading_twice");
        assert_eq!(code(&[("depth", 1)]), "unknown_point");
        let crossed = point(None, "weight", Some(3), Some(2));
        let crossed = world.run(move |tx, ctx| quality::set_point(tx, ctx, crossed.clone()));
        assert_eq!(crossed.expect_err("crossed").problem().code, "limits_crossed");
        // A point without limits is taken away.
        set(&world, point(None, "weight", None, None));
        let ctx = world.ctx.clone();
        let points =
            world.db.read(move |tx| quality::list_points(tx, &ctx, PointFilter::default()));
        let points = points.expect("a list").lines;
        assert_eq!(points.len(), 1);
        assert_eq!((points[0].sku.as_deref(), points[0].name.as_str()), (Some("P0000"), "width"));
        measure(&world, order_id, None, &[("width", 50)]).expect("judged");
        arrive(&world, order_id, "accepted").expect("all of it came");
        let late = measure(&world, order_id, None, &[("width", 50)]).expect_err("nothing is due");
        assert_eq!(late.problem().code, "nothing_due");
        let nowhere = PurchaseOrderId::from_raw(1);
        let nowhere = measure(&world, nowhere, None, &[("width", 50)]).expect_err("no order");
        assert_eq!(nowhere.problem().code, "order_not_found");
        world.assert_sound();
    });
}

#[test]
fn a_second_inspection_with_the_same_key_is_the_same_one() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 1);
        set(&world, point(None, "width", Some(20), Some(50)));
        let order_id = ordered(&world, &[4]);
        let twice = || {
            let request = InspectAhead {
                order_id,
                line: None,
                readings: readings(&[("width", 9)]),
                inspected_on: None,
                evidence: String::new(),
                note: String::new(),
                client_ref: "psi-1".to_owned(),
            };
            world.run(move |tx, ctx| quality::inspect_ahead(tx, ctx, request.clone()))
        };
        let (first, second) = (twice().expect("judged"), twice().expect("the same"));
        assert_eq!(second, InspectedAhead { repeated: true, ..first });
        assert_eq!(listed(&world, AheadFilter::default()).len(), 1);
        world.assert_sound();
    });
}
