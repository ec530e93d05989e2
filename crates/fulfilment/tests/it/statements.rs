use super::world::{SOUTH, WH, World, goods};
use base::Price;
use fulfilment::{RouteOrders, ShipDirect, Supply, SupplyLine};
use store::testing::on_both_engines;

#[test]
fn every_statement_reads_the_same_on_both_engines() {
    store::testing::assert_statements_agree(&fulfilment::SCHEMA);
}

/// The statements of routing one order of so many lines, each of which is split.
fn count(world: &World<'_>, lines: usize) -> u64 {
    let order = world.order((0..lines).map(|item| goods(item, 2)).collect()).order_id;
    let request = RouteOrders { order_ids: vec![order], ..RouteOrders::default() };
    let issued = world.run(move |tx, ctx| {
        let before = tx.statements();
        let routed = fulfilment::route(tx, ctx, request.clone())?;
        assert_eq!(routed.results[0].choice, Some(fulfilment::RouteChoice::Split));
        Ok::<_, fulfilment::RouteError>(tx.statements() - before)
    });
    issued.expect("a route")
}

#[test]
fn statements_do_not_depend_on_the_number_of_lines() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 1_000);
        world.rank(&["WH", "SOUTH"], true);
        let all: Vec<(usize, i64)> = (0..1_000).map(|item| (item, 1)).collect();
        for place in [WH, SOUTH] {
            world.receive(place, &[(0, 1)]);
        }
        let one = count(&world, 1);
        for place in [WH, SOUTH] {
            world.receive(place, &all);
        }
        assert_eq!(one, count(&world, 1_000));
        world.assert_sound();
    });
}

/// The statements of ordering so many lines of an order from a supplier, and of shipping them direct.
fn count_direct(world: &World<'_>, lines: usize) -> [u64; 2] {
    let order = world.order((0..lines).map(|item| goods(item, 2)).collect()).order_id;
    let line = |line| SupplyLine { line, quantity: None, price: Price::parse("1").ok() };
    let request = Supply {
        order_id: order,
        supplier: "ACME".to_owned(),
        lines: Some((1..=lines as i64).map(line).collect()),
        direct: true,
        note: String::new(),
        client_ref: String::new(),
    };
    let ordered = world.run(move |tx, ctx| {
        let before = tx.statements();
        let made = fulfilment::supply(tx, ctx, request.clone())?;
        Ok::<_, fulfilment::SupplyOrderError>((made, tx.statements() - before))
    });
    let (made, supply) = ordered.expect("ordered");
    let submit = purchasing::SubmitOrder { order_id: made.purchase_order_id };
    world.run(move |tx, ctx| purchasing::submit_order(tx, ctx, submit.clone())).expect("submitted");
    let request = ShipDirect {
        purchase_order_id: made.purchase_order_id,
        lines: None,
        happened_on: None,
        delivery_note: String::new(),
        carrier: None,
        tracking: None,
    };
    let shipped = world.run(move |tx, ctx| {
        let before = tx.statements();
        fulfilment::ship_direct(tx, ctx, request.clone())?;
        Ok::<_, fulfilment::ShipDirectError>(tx.statements() - before)
    });
    [supply, shipped.expect("shipped")]
}

#[test]
fn statements_of_direct_supply_do_not_depend_on_the_number_of_lines() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 1_000);
        assert_eq!(count_direct(&world, 1), count_direct(&world, 1_000));
        world.assert_sound();
    });
}
