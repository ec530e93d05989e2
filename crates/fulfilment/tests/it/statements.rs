use super::world::{SOUTH, WH, World, goods};
use fulfilment::RouteOrders;
use store::testing::on_both_engines;

#[test]
fn every_statement_reads_the_same_on_both_engines() {
    store::testing::assert_statements_agree(&fulfilment::SCHEMA);
}

/// The statements of routing one order of so many lines, each of which is split.
fn count(world: &World<'_>, lines: usize) -> u64 {
    let order = world.order((0..lines).map(|item| goods(item, 2)).collect()).order_id;
    let request = RouteOrders { order_ids: vec![order] };
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
