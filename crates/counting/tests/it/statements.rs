use super::world::{SHELF, World};
use base::CountId;
use counting::{ApplyCountsError, CountError, OpenCount, RefreshCount, SCHEMA};
use store::testing::on_both_engines;

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    store::testing::assert_statements_agree(&SCHEMA);
}

#[test]
fn statements_do_not_depend_on_the_number_of_lines() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1_000);
        let walk = |items: usize| {
            let skus = (0..items).map(|item| format!("P{item:04}")).collect();
            let sheet = OpenCount { skus, ..OpenCount::default() };
            let (opened, count_id) = world.within(database, move |tx, ctx| {
                let before = tx.statements();
                let made = counting::open_count(tx, ctx, sheet.clone())?;
                Ok::<(u64, CountId), counting::OpenCountError>((
                    tx.statements() - before,
                    made.count_id,
                ))
            });
            let lines = (0..items)
                .map(|item| counting::CountedLine {
                    sku: format!("P{item:04}"),
                    place: SHELF.into(),
                    lot: None,
                    quantity: base::Quantity::units(9),
                })
                .collect();
            let request = counting::Count { count_id, lines, counted_at: None };
            let counted = world.within(database, move |tx, ctx| {
                let before = tx.statements();
                counting::count(tx, ctx, request.clone())?;
                Ok::<_, CountError>(tx.statements() - before)
            });
            let back = (0..items).map(|item| world.incoming(item, 1)).collect();
            world.post(database, back);
            let refreshed = world.within(database, move |tx, ctx| {
                let before = tx.statements();
                counting::refresh_count(tx, ctx, RefreshCount { count_id })?;
                Ok::<_, counting::RefreshCountError>(tx.statements() - before)
            });
            let request =
                counting::ApplyCounts { count_id, reasons: Vec::new(), skip_uncounted: false };
            let applied = world.within(database, move |tx, ctx| {
                let before = tx.statements();
                counting::apply_counts(tx, ctx, request.clone())?;
                Ok::<_, ApplyCountsError>(tx.statements() - before)
            });
            [opened, counted, refreshed, applied]
        };
        assert_eq!(walk(1), walk(1_000));
        world.assert_sound(database);
    });
}
