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
            evidence: Vec::new(),
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

#[test]
fn statements_do_not_depend_on_the_number_of_lines() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1_000);
        let all = (0..1_000).map(|item| world.incoming(item, 10, 1_000)).collect();
        world.post(database, all).expect("ten of each");
        let count = |lines: usize| {
            let line = |item: usize| Difference {
                sku: format!("P{item:04}"),
                place: "WH/Stock".to_owned(),
                lot: None,
                quantity: Quantity::units(if item.is_multiple_of(2) { 1 } else { -1 }),
                reason: if item.is_multiple_of(2) { "found" } else { "unexplained" }.to_owned(),
                evidence: Vec::new(),
            };
            let lines = (0..lines).map(line).collect();
            let request = Adjust { lines, ..Adjust::default() };
            let ctx = world.ctx.clone();
            let counted = database.write(move |tx| {
                let before = tx.statements();
                stock::adjust(tx, &ctx, request.clone())?;
                Ok::<_, AdjustError>(tx.statements() - before)
            });
            counted.expect("adjusted")
        };
        assert_eq!(count(2), count(1_000));
        world.assert_sound(database);
    });
}
