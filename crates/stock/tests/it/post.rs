use super::world::{World, units};
use base::Quantity;
use stock::{Held, PostError, SCHEMA, Shortage};
use store::testing::on_both_engines;

#[test]
fn goods_come_in_at_their_cost_and_leave_at_the_average() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        world.post(database, vec![world.incoming(0, 10, 10_000)]).expect("ten at 10.00");
        world.post(database, vec![world.incoming(0, 10, 20_000)]).expect("ten at 20.00");
        let out = world.post(database, vec![world.outgoing(0, 5)]).expect("five leave");
        assert_eq!(out.moves[0].value, 7_500);
        assert_eq!(units(world.available(database, 0).on_hand), 15);
        world.assert_sound(database);
    });
}

#[test]
fn goods_that_are_not_there_do_not_leave() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        world.post(database, vec![world.incoming(0, 3, 300)]).expect("three");
        let both = vec![world.outgoing(0, 1), world.outgoing(0, 3)];
        let refused = world.post(database, both);
        let Err(PostError::InsufficientStock { sku, available, wanted, .. }) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(
            (sku.as_str(), available, wanted),
            ("P0000", Quantity::units(2), Quantity::units(3))
        );
        assert_eq!(units(world.available(database, 0).on_hand), 3);
        world.assert_sound(database);
    });
}

#[test]
fn quarantine_is_stock_of_its_own_account_and_not_available() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        world.post(database, vec![world.incoming(0, 10, 1_000)]).expect("ten");
        let aside = world.plain(0, world.warehouse.stock, world.warehouse.quarantine, 4);
        let posted = world.post(database, vec![aside]).expect("four set aside");
        assert_eq!(posted.moves[0].value, 400);
        let quantities = world.available(database, 0);
        assert_eq!((units(quantities.on_hand), units(quantities.available)), (10, 6));
        world.assert_sound(database);
    });
}

#[test]
fn held_goods_neither_leave_nor_are_promised() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        world.post(database, vec![world.incoming(0, 10, 1_000)]).expect("ten");
        let place = world.warehouse.stock;
        let hold = world.within(database, move |tx, ctx| {
            stock::hold(tx, ctx, Held::Place(place), "inspection")
        });
        let refused = world.post(database, vec![world.outgoing(0, 1)]);
        assert!(matches!(refused, Err(PostError::Held { .. })), "{refused:?}");
        assert!(world.demand(database, Shortage::Refuse, &[(0, 1)]).is_err());
        world.within(database, move |tx, ctx| stock::lift_hold(tx, ctx, hold));
        world.post(database, vec![world.outgoing(0, 1)]).expect("goods leave again");
        world.assert_sound(database);
    });
}

#[test]
fn statements_do_not_depend_on_the_number_of_moves() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1_000);
        let count = |lines: usize| {
            let moves = (0..lines).map(|item| world.incoming(item, 2, 200)).collect();
            let out = (0..lines).map(|item| world.outgoing(item, 1)).collect();
            let (first, second) = (world.posting(moves), world.posting(out));
            world.within(database, move |tx, ctx| {
                stock::post(tx, ctx, first.clone())?;
                let before = tx.statements();
                stock::post(tx, ctx, second.clone())?;
                Ok::<_, PostError>(tx.statements() - before)
            })
        };
        assert_eq!(count(1), count(1_000));
        world.assert_sound(database);
    });
}
