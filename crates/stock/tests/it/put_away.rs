use super::world::World;
use base::Quantity;
use stock::{
    BroughtBy, CreatePlace, Held, ListError, PlaceError, PlaceFilter, PostError, ProposePutaway,
    PutAway, PutAwayDone, PutAwayError, PutAwayLine, PutawayRule, PutawayRuleError, ReceiptSteps,
    SCHEMA, SetPutaway, Shortage, ToPutAwayFilter, ToPutAwayRow, ToPutAwaySort,
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

/// What is listed as to be put away.
fn waiting(world: &World, database: &Database, filter: ToPutAwayFilter) -> Vec<ToPutAwayRow> {
    let ctx = world.ctx.clone();
    let found = database.read(move |tx| stock::list_to_put_away(tx, &ctx, filter.clone()));
    found.expect("a list").lines
}

/// A line in short: the item, how much of it waits, how much goes where, and how much nowhere.
fn in_short(row: &ToPutAwayRow) -> String {
    let parts = row
        .places
        .iter()
        .map(|part| format!(" {} to {} of {}", part.quantity, part.place, part.room));
    let parts: String = parts.collect();
    let lot = row.lot.as_deref().unwrap_or("-");
    format!("{} {lot} {}:{parts} {} left", row.sku, row.to_put_away, row.unassigned)
}

#[test]
fn what_waits_is_listed_with_the_room_that_the_goods_before_it_leave() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        racks(&world, database, [(1, 4), (2, 9)]);
        let (item, input) = (world.items[0], world.warehouse.input);
        let lots = world.within(database, move |tx, ctx| {
            let wanted = ["L1", "L2"].map(|code| (item, code.to_owned()));
            stock::lots(tx, ctx.company_id, ctx.today, &wanted)
        });
        let of_lot = |code: &str, units| stock::Move {
            to: input,
            lot_id: lots.get(&(item, code.to_owned())).copied(),
            ..world.incoming(0, units, units * 100)
        };
        let other = stock::Move { to: input, ..world.incoming(1, 5, 500) };
        world.post(database, vec![of_lot("L2", 6), of_lot("L1", 3), other]).expect("goods");

        let all = waiting(&world, database, ToPutAwayFilter::default());
        let told: Vec<String> = all.iter().map(in_short).collect();
        let second = "P0000 L2 6: 1 to WH/Stock/R1 of 1 5 to WH/Stock/R2 of 9 0 left";
        let expected = ["P0000 L1 3: 3 to WH/Stock/R1 of 4 0 left", second, "P0001 - 5: 5 left"];
        assert_eq!(told, expected);
        assert_eq!(all[1].proposed, "WH/Stock/R1");
        assert_eq!((all[2].proposed.as_str(), all[2].otherwise.as_str()), ("WH/Stock", "WH/Stock"));
        assert_eq!((all[0].place.as_str(), all[0].age_days, all[0].held), ("WH/Input", 0, false));

        // A page, or a part of the list, proposes what the whole list does.
        let ctx = world.ctx.clone();
        let paged = database
            .read(move |tx| {
                let mut told = Vec::new();
                let mut cursor = None;
                loop {
                    let filter =
                        ToPutAwayFilter { limit: Some(1), cursor, ..ToPutAwayFilter::default() };
                    let page = stock::list_to_put_away(tx, &ctx, filter)?;
                    told.extend(page.lines.iter().map(in_short));
                    cursor = page.next_cursor;
                    if cursor.is_none() {
                        return Ok::<_, ListError>(told);
                    }
                }
            })
            .expect("pages");
        assert_eq!(paged, expected);
        let done = put(&world, database, away(&[("P0001", 2, None)], None)).expect("away");
        assert_eq!(places(&done), [("WH/Stock", 2)]);
        let some = ToPutAwayFilter { sku: Some("P0001".into()), ..ToPutAwayFilter::default() };
        let told: Vec<String> = waiting(&world, database, some).iter().map(in_short).collect();
        assert_eq!(told, ["P0001 - 3: 3 left"]);
    });
}

#[test]
fn what_is_kept_for_orders_does_not_wait_and_what_is_held_says_so() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        racks(&world, database, [(1, 100), (2, 100)]);
        let places = world.within(database, |tx, ctx| {
            let mut made = Vec::new();
            for (parent, code) in [("WH/Input", "Dock"), ("WH", "Input-2")] {
                let place = CreatePlace { parent: parent.into(), code: code.into() };
                made.push(stock::create_place(tx, ctx, place)?.place_id);
            }
            Ok::<_, PlaceError>(made)
        });
        let goods =
            |item, to, units| stock::Move { to, ..world.incoming(item, units, units * 100) };
        let input = world.warehouse.input;
        let all = vec![goods(0, input, 4), goods(1, places[0], 5), goods(1, places[1], 7)];
        world.post(database, all).expect("goods");
        world.demand(database, Shortage::Refuse, &[(0, 4), (1, 2)]).expect("kept");
        let kept: i64 = [0, 1]
            .map(|item| world.available(database, item).reserved.micro() / Quantity::MICRO)
            .iter()
            .sum();
        assert_eq!(kept, 6);

        let told = |filter| -> Vec<(String, i64, bool)> {
            let rows = waiting(&world, database, filter);
            let units = |quantity: Quantity| quantity.micro() / Quantity::MICRO;
            rows.into_iter()
                .map(|row| {
                    assert_eq!(row.on_hand, row.reserved.checked_add(row.to_put_away).unwrap());
                    (row.place, units(row.to_put_away), row.held)
                })
                .collect()
        };
        // All of the first item is kept; what lies beside the receiving place does not wait there.
        let dock = told(ToPutAwayFilter::default());
        assert_eq!(dock.len(), 1);
        assert_eq!(dock[0].0, "WH/Input/Dock");
        let at = places[0];
        world.within(database, move |tx, ctx| {
            stock::hold(tx, ctx, Held::Place(at), "the dock is being painted")
        });
        assert!(told(ToPutAwayFilter::default())[0].2, "held");

        let elsewhere = [
            ToPutAwayFilter { warehouse: Some("NONE".into()), ..ToPutAwayFilter::default() },
            ToPutAwayFilter { place: Some("WH/Input".into()), ..ToPutAwayFilter::default() },
            ToPutAwayFilter {
                waiting_since: world.ctx.today.plus(-1).ok(),
                ..ToPutAwayFilter::default()
            },
        ];
        for filter in elsewhere {
            assert!(told(filter).is_empty());
        }
        for sort in [ToPutAwaySort::Place, ToPutAwaySort::Sku] {
            assert_eq!(told(ToPutAwayFilter { sort, ..ToPutAwayFilter::default() }).len(), 1);
        }
    });
}

/// The statements of listing so many goods to put away.
fn listing(lines: usize) -> u64 {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let world = World::new(&fresh.database, lines);
    let goods = (0..lines)
        .map(|item| stock::Move { to: world.warehouse.input, ..world.incoming(item, 5, 500) });
    world.post(&fresh.database, goods.collect()).expect("stock");
    world.within(&fresh.database, move |tx, ctx| {
        let before = tx.statements();
        let filter = ToPutAwayFilter { limit: Some(200), ..ToPutAwayFilter::default() };
        assert_eq!(stock::list_to_put_away(tx, ctx, filter)?.lines.len(), lines);
        Ok::<_, ListError>(tx.statements() - before)
    })
}

#[test]
fn listing_two_hundred_lines_takes_the_statements_of_one() {
    assert_eq!(listing(1), listing(200));
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
