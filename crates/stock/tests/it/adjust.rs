use super::world::{World, units};
use base::Quantity;
use stock::{Adjust, AdjustError, Difference, SCHEMA, Shortage};
use store::Database;
use store::testing::on_both_engines;

fn adjust(
    world: &World,
    database: &Database,
    pieces: i64,
    reason: &str,
) -> Result<(), AdjustError> {
    let request = Adjust {
        memo: "shelf check".to_owned(),
        lines: vec![Difference {
            sku: "P0000".to_owned(),
            place: "WH/Stock".to_owned(),
            lot: None,
            quantity: Quantity::units(pieces),
            reason: reason.to_owned(),
        }],
        ..Adjust::default()
    };
    let ctx = world.ctx.clone();
    database.write(move |tx| stock::adjust(tx, &ctx, request.clone()).map(|_| ()))
}

#[test]
fn what_is_missing_goes_to_the_reasons_account() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        world.post(database, vec![world.incoming(0, 10, 1_000)]).expect("ten");
        adjust(&world, database, -3, "unexplained").expect("three gone");
        adjust(&world, database, 1, "found").expect("one found");
        assert_eq!(units(world.available(database, 0).on_hand), 8);
        world.assert_sound(database);
    });
}

#[test]
fn reserved_goods_that_go_missing_leave_their_demand_lacking() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        world.post(database, vec![world.incoming(0, 10, 1_000)]).expect("ten");
        world.demand(database, Shortage::Refuse, &[(0, 9)]).expect("nine promised");
        adjust(&world, database, -4, "damaged").expect("four broken");
        let quantities = world.available(database, 0);
        assert_eq!((units(quantities.on_hand), units(quantities.reserved)), (6, 6));
        assert_eq!(units(quantities.outgoing), 9);
        world.assert_sound(database);
    });
}

#[test]
fn a_reason_that_nobody_defined_is_refused_with_those_that_are() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let refused = adjust(&world, database, 1, "magic").expect_err("no such reason");
        assert!(refused.to_string().contains("unexplained"), "{refused}");
    });
}
