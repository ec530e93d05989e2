use super::world::World;
use base::Quantity;
use stock::{
    BroughtBy, CreatePlace, PlaceError, PlaceFilter, PostError, ProposePutaway, PutAway,
    PutAwayDone, PutAwayError, PutAwayLine, PutawayRule, PutawayRuleError, ReceiptSteps, SCHEMA,
    SetPutaway,
};
use store::testing::{Fresh, on_both_engines};
use store::{Database, Engine};

/// Two racks with room for some of the first item.
fn racks(world: &World, database: &Database, room: [(i64, i64); 2]) {
    world.within(database, move |tx, ctx| {
        let mut rules = Vec::new();
        for (code, (priority, capacity)) in ["R1", "R2"].into_iter().zip(room) {
            let place = CreatePlace { parent: "WH/Stock".into(), code: code.into() };
            stock::create_place(tx, ctx, place)?;
            rules.push(PutawayRule {
                sku: "P0000".into(),
                place: format!("WH/Stock/{code}"),
                priority,
                capacity: Quantity::units(capacity),
            });
        }
        stock::set_putaway(tx, ctx, SetPutaway { rules }).expect("rules");
        let steps = ReceiptSteps { warehouse: "WH".into(), steps: 2 };
        stock::set_receipt_steps(tx, ctx, steps).expect("two steps");
        Ok::<_, PlaceError>(())
    });
}

/// Receives units of the first item into the input place, as the document of this number.
fn receive(world: &World, database: &Database, units: i64, document: i64) {
    let goods = stock::Move { to: world.warehouse.input, ..world.incoming(0, units, units * 100) };
    let posting = stock::Posting { source_id: document, ..world.posting(vec![goods]) };
    let ctx = world.ctx.clone();
    let posted: Result<_, PostError> =
        database.write(move |tx| stock::post(tx, &ctx, posting.clone()));
    posted.expect("goods");
}

fn away(lines: &[(&str, i64, Option<&str>)], document: Option<i64>) -> PutAway {
    let line = |(sku, quantity, to): &(&str, i64, Option<&str>)| PutAwayLine {
        sku: (*sku).to_owned(),
        lot: None,
        quantity: Quantity::units(*quantity),
        to: to.map(str::to_owned),
    };
    PutAway {
        warehouse: "WH".into(),
        of: document.map(|id| BroughtBy { kind: "test".into(), id: id.to_string() }),
        lines: lines.iter().map(line).collect(),
        ..PutAway::default()
    }
}

fn put(world: &World, database: &Database, request: PutAway) -> Result<PutAwayDone, PutAwayError> {
    let ctx = world.ctx.clone();
    database.write(move |tx| stock::put_away(tx, &ctx, request.clone()))
}

fn places(done: &PutAwayDone) -> Vec<(&str, i64)> {
    let told = |part: &'_ stock::PutAwayMove| part.quantity.micro() / Quantity::MICRO;
    done.moves.iter().map(|part| (part.place.as_str(), told(part))).collect()
}

#[test]
fn goods_go_where_the_rules_have_room_and_the_rest_into_stock() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        racks(&world, database, [(1, 4), (2, 3)]);
        receive(&world, database, 10, 7);
        let ctx = world.ctx.clone();
        let ask = ProposePutaway {
            warehouse: "WH".into(),
            sku: "P0000".into(),
            quantity: Quantity::units(10),
            unit: None,
        };
        let proposed = database
            .read(move |tx| stock::propose_putaway(tx, &ctx, ask.clone()))
            .expect("a proposal");
        assert_eq!(proposed.places.len(), 2);
        assert_eq!(proposed.unassigned, Quantity::units(3));

        let done = put(&world, database, away(&[("P0000", 5, None)], Some(7))).expect("away");
        assert_eq!(places(&done), [("WH/Stock/R1", 4), ("WH/Stock/R2", 1)]);
        let done = put(&world, database, away(&[("P0000", 3, None)], Some(7))).expect("away");
        assert_eq!(places(&done), [("WH/Stock/R2", 2), ("WH/Stock", 1)]);
        let named = [("P0000", 2, Some("WH/Stock/R1"))];
        let done = put(&world, database, away(&named, Some(7))).expect("away");
        assert_eq!(places(&done), [("WH/Stock/R1", 2)]);
        world.assert_sound(database);
    });
}

#[test]
fn of_a_document_no_more_is_put_away_than_it_brought() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        racks(&world, database, [(1, 100), (1, 100)]);
        receive(&world, database, 10, 7);
        receive(&world, database, 10, 8);
        let more = put(&world, database, away(&[("P0000", 11, None)], Some(7)));
        assert!(matches!(more, Err(PutAwayError::ExceedsBrought { line: 1, .. })));
        let other = away(&[("P0000", 10, None), ("P0001", 1, None)], Some(7));
        let other = put(&world, database, other);
        assert!(matches!(other, Err(PutAwayError::NotBrought { line: 2, .. })));
        put(&world, database, away(&[("P0000", 10, None)], Some(7))).expect("away");
        let again = put(&world, database, away(&[("P0000", 1, None)], Some(7)));
        assert!(matches!(again, Err(PutAwayError::ExceedsBrought { line: 1, .. })));
        world.assert_sound(database);
    });
}

#[test]
fn what_is_asked_wrongly_is_refused_and_a_repeat_is_the_same() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        racks(&world, database, [(1, 4), (2, 3)]);
        receive(&world, database, 10, 7);
        let refused = |request| put(&world, database, request).expect_err("refused");
        assert_eq!(refused(away(&[], None)), PutAwayError::Empty);
        let nowhere = away(&[("P0000", 1, Some("WH/Attic"))], None);
        assert!(matches!(refused(nowhere), PutAwayError::UnknownPlace { .. }));
        let nothing = away(&[("P0000", 0, None)], None);
        assert!(matches!(refused(nothing), PutAwayError::NotPositive { line: 1, .. }));
        let too_many = away(&[("P0000", 11, None)], None);
        assert!(matches!(refused(too_many), PutAwayError::Post(_)));
        let lot = PutAwayLine {
            sku: "P0000".into(),
            lot: Some("L1".into()),
            quantity: Quantity::ONE,
            to: None,
        };
        let lot = PutAway { lines: vec![lot], ..away(&[], None) };
        assert!(matches!(refused(lot), PutAwayError::UnknownLot { line: 1, .. }));
        let bad = world.ctx.clone();
        let rule = PutawayRule {
            sku: "P0000".into(),
            place: "WH/Stock".into(),
            priority: 0,
            capacity: Quantity::ONE,
        };
        let set = database.write(move |tx| {
            stock::set_putaway(tx, &bad, SetPutaway { rules: vec![rule.clone()] })
        });
        assert!(matches!(set, Err(PutawayRuleError::OutOfRange { rule: 1, .. })));

        let request = PutAway { client_ref: "shift 1".into(), ..away(&[("P0000", 2, None)], None) };
        let first = put(&world, database, request.clone()).expect("away");
        let second = put(&world, database, request).expect("the same");
        assert!(second.repeated);
        assert_eq!(first.putaway_id, second.putaway_id);
        world.assert_sound(database);
    });
}

#[test]
fn two_who_put_the_same_away_put_it_away_once() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0], 1);
    racks(&world, &nodes[0], [(1, 100), (2, 100)]);
    receive(&world, &nodes[0], 10, 7);
    receive(&world, &nodes[0], 10, 8);
    let done: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..16)
            .map(|client| {
                let (node, world) = (&nodes[client % 2], &world);
                scope.spawn(move || put(world, node, away(&[("P0000", 1, None)], Some(7))).is_ok())
            })
            .collect();
        clients.into_iter().filter_map(|client| client.join().ok()).filter(|won| *won).count()
    });
    assert_eq!(done, 10);
    assert_eq!(nodes.iter().map(|node| node.counts().deadlocks).sum::<u64>(), 0);
    world.assert_sound(&nodes[0]);
    nodes[1].close();
}

/// The statements of putting so many lines away.
fn statements(lines: usize) -> u64 {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let world = World::new(&fresh.database, lines);
    let goods = (0..lines)
        .map(|item| stock::Move { to: world.warehouse.input, ..world.incoming(item, 5, 500) });
    world.post(&fresh.database, goods.collect()).expect("stock");
    let line = |item: usize| PutAwayLine {
        sku: format!("P{item:04}"),
        lot: None,
        quantity: Quantity::units(5),
        to: None,
    };
    let request = PutAway { lines: (0..lines).map(line).collect(), ..away(&[], Some(1)) };
    world.within(&fresh.database, move |tx, ctx| {
        let before = tx.statements();
        stock::put_away(tx, ctx, request.clone())?;
        Ok::<_, PutAwayError>(tx.statements() - before)
    })
}

#[test]
fn putting_a_thousand_lines_away_takes_the_statements_of_one() {
    assert_eq!(statements(1), statements(1_000));
}

#[test]
fn places_are_listed_by_path_and_narrowed_down() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        racks(&world, database, [(1, 5), (2, 5)]);
        let list = |filter: PlaceFilter| {
            let ctx = world.ctx.clone();
            database
                .read(move |tx| stock::list_places(tx, &ctx, filter.clone()))
                .expect("the places")
        };
        let paths = |filter| -> Vec<String> {
            list(filter).lines.into_iter().map(|line| line.path).collect()
        };
        let under = PlaceFilter { path: Some("WH/Stock".into()), ..PlaceFilter::default() };
        assert_eq!(paths(under.clone()), ["WH/Stock", "WH/Stock/R1", "WH/Stock/R2"]);
        // A wildcard is a letter like others.
        let odd = PlaceFilter { path: Some("WH/%".into()), ..PlaceFilter::default() };
        assert!(paths(odd).is_empty());
        let first = list(PlaceFilter { limit: Some(2), ..under.clone() });
        let rest = PlaceFilter { cursor: first.next_cursor, ..under };
        assert_eq!(paths(rest), ["WH/Stock/R2"]);
        let elsewhere = PlaceFilter { warehouse: Some("NONE".into()), ..PlaceFilter::default() };
        assert!(paths(elsewhere).is_empty());
        let lost = PlaceFilter { kind: Some("loss".into()), ..PlaceFilter::default() };
        let lost = list(lost).lines;
        assert_eq!(lost.len(), 1);
        assert_eq!(lost[0].place_id, world.warehouse.loss);
    });
}
