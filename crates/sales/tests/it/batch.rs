use super::world::{World, from, goods, whole};
use base::Rule;
use sales::{AcceptOrder, AcceptOrders, BatchResults, ElementOutcome, SCHEMA, WhenShort};
use store::Database;
use store::testing::on_both_engines;

fn send(world: &World, db: &Database, orders: Vec<AcceptOrder>) -> BatchResults {
    let request = AcceptOrders { orders, all_or_nothing: false };
    world.run(db, move |tx, ctx| sales::accept_orders(tx, ctx, request.clone())).unwrap()
}

fn outcomes(results: &BatchResults) -> Vec<ElementOutcome> {
    results.results.iter().map(|result| result.outcome).collect()
}

use ElementOutcome::{Done, Refused, Repeated};

#[test]
fn each_order_of_a_batch_is_answered_for_itself() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 5, 500)]);
        let orders = vec![
            from("SHOP", "1", vec![goods(0, 2, "6")]),
            from("SHOP", "2", vec![goods(0, 2, "6")]),
            from("SHOP", "1", vec![goods(0, 2, "6")]),
            from("WEB", "3", vec![goods(0, 2, "6")]),
            from("WEB", "4", vec![goods(0, 1, "6")]),
            from("SHOP", "5", vec![goods(9, 1, "6")]),
            from("SHOP", "6", vec![goods(0, 1, "6")]),
            from("NOPE", "7", vec![goods(0, 1, "6")]),
        ];
        let first = send(&world, db, orders.clone());
        assert_eq!(outcomes(&first), [Done, Done, Repeated, Refused, Done, Refused, Done, Refused]);
        let code = |place: usize| first.results[place].code.clone().unwrap();
        assert_eq!(
            [code(3), code(5), code(7)],
            ["insufficient_stock", "unknown_item", "unknown_channel"]
        );
        let six = first.results[6].order.clone().unwrap();
        assert_eq!(whole(six.lines[0].back_order), 1);
        let again = send(&world, db, orders);
        assert_eq!(
            outcomes(&again),
            [Repeated, Repeated, Repeated, Refused, Repeated, Refused, Repeated, Refused]
        );
        assert_eq!(again.results[6].order.clone().unwrap().order_id, six.order_id);
        world.assert_sound(db);
    });
}

#[test]
fn one_refusal_undoes_the_batch_that_wants_all_or_nothing() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 5, 500)]);
        let request = AcceptOrders {
            orders: vec![
                from("SHOP", "1", vec![goods(0, 2, "6")]),
                from("WEB", "2", vec![goods(0, 9, "6")]),
            ],
            all_or_nothing: true,
        };
        let error = world
            .run(db, move |tx, ctx| sales::accept_orders(tx, ctx, request.clone()))
            .unwrap_err();
        let problem = error.problem();
        assert_eq!(problem.code, "insufficient_stock");
        assert_eq!(problem.place.and_then(|place| place.row), Some(2));
        assert_eq!(world.available(db, 0), 5);
        world.assert_sound(db);
    });
}

#[test]
fn a_thousand_orders_cost_the_statements_of_two() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 4);
        world.receive(db, &[(0, 900, 90_000), (1, 900, 90_000)]);
        let count = |from_: usize, orders: usize| {
            let orders: Vec<AcceptOrder> = (0..orders)
                .map(|n| {
                    let reference = format!("{}", from_ + n);
                    from("SHOP", &reference, vec![goods(n % 4, 1, "6"), goods((n + 1) % 4, 1, "6")])
                })
                .collect();
            let ctx = world.ctx.clone();
            db.write(move |tx| {
                let request = AcceptOrders { orders: orders.clone(), all_or_nothing: false };
                let results = sales::accept_orders(tx, &ctx, request)?;
                assert!(results.results.iter().all(|result| result.outcome == Done));
                Ok::<_, sales::BatchError>(tx.statements())
            })
            .unwrap()
        };
        assert_eq!(count(0, 2), count(10, 1_000));
        world.assert_sound(db);
    });
}

#[test]
fn a_batch_of_too_many_is_refused_and_each_refusing_order_stands_alone() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 3, 300)]);
        let many = vec![from("SHOP", "1", vec![goods(0, 1, "6")]); sales::MAX_BATCH + 1];
        let request = AcceptOrders { orders: many, all_or_nothing: false };
        let error = world
            .run(db, move |tx, ctx| sales::accept_orders(tx, ctx, request.clone()))
            .unwrap_err();
        assert_eq!(error.problem().code, "batch_too_large");
        let orders: Vec<AcceptOrder> = (0..60)
            .map(|n| AcceptOrder {
                when_short: Some(WhenShort::Refuse),
                ..from("SHOP", &n.to_string(), vec![goods(0, 1, "6")])
            })
            .collect();
        let done = outcomes(&send(&world, db, orders)).iter().filter(|o| **o == Done).count();
        assert_eq!(done, 3);
        world.assert_sound(db);
    });
}
