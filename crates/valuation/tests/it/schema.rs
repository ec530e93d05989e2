use super::world::{World, change, today, units};
use base::Quantity;
use store::testing::{assert_statements_agree, on_both_engines};
use valuation::{Change, Cost, SCHEMA};

#[test]
fn every_statement_reads_the_same_on_both_engines() {
    assert_statements_agree(&SCHEMA);
}

#[test]
fn statements_do_not_depend_on_how_many_changes_are_valued() {
    for method in ["average", "fifo"] {
        on_both_engines(&SCHEMA, |db| {
            let world = World::new(db, 1_000);
            world.policy("costing_method", method);
            let count = |changes: Vec<Change>| {
                let ctx = world.ctx.clone();
                db.write(move |tx| {
                    let before = tx.statements();
                    super::world::post(tx, &ctx, today(), changes.clone())?;
                    Ok::<_, super::world::Failed>(tx.statements() - before)
                })
                .unwrap()
            };
            let receive = |items: std::ops::Range<usize>, first: i64| -> Vec<Change> {
                let receive = |(n, &item)| change(item, 3, Cost::Given(1_000), first + n as i64);
                world.items[items].iter().enumerate().map(receive).collect()
            };
            let issue = |many: usize, first: i64| -> Vec<Change> {
                let issue = |(n, &item)| Change {
                    quantity: Quantity::units(-1),
                    ..change(item, -1, Cost::Method, first + n as i64)
                };
                world.items[..many].iter().enumerate().map(issue).collect()
            };
            assert_eq!(count(receive(0..1, 1)), count(receive(1..1_000, 10)), "first receipts");
            assert_eq!(count(receive(0..1, 2_000)), count(receive(0..1_000, 2_001)));
            assert_eq!(count(issue(1, 4_000)), count(issue(1_000, 4_001)));
            let standings = world.standings();
            assert_eq!(standings[1].quantity, units(5));
            world.assert_sound();
        });
    }
}
