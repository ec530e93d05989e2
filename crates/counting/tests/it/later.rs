//! What is entered later than it was counted, as from a handheld without a network.

use super::world::{SHELF, World, units};
use base::{CountId, Quantity, Rule, Timestamp};
use counting::{
    Choice, Count, CountError, CountState, CountedLine, OpenCount, ResolveConflict, SCHEMA,
};
use identity::Ctx;
use store::Database;
use store::testing::on_both_engines;

const MINUTE: i64 = 60_000_000;

/// The same caller some minutes on.
fn later(ctx: &Ctx, minutes: i64) -> Ctx {
    ctx.at_moment(after(ctx, minutes))
}

fn after(ctx: &Ctx, minutes: i64) -> Timestamp {
    ctx.at.plus_micros(minutes * MINUTE).expect("a moment")
}

/// The world some minutes on: what is posted then is recorded then.
fn world_at(world: &World, minutes: i64) -> World {
    World {
        ctx: later(&world.ctx, minutes),
        warehouse: world.warehouse.clone(),
        bin: world.bin,
        items: world.items.clone(),
    }
}

fn enter(
    world: &World,
    database: &Database,
    count_id: CountId,
    found: i64,
    (entered, counted): (i64, i64),
) -> Result<(), CountError> {
    let line = CountedLine {
        sku: "P0000".into(),
        place: SHELF.into(),
        lot: None,
        quantity: Quantity::units(found),
    };
    let counted_at = Some(after(&world.ctx, counted));
    let request = Count { count_id, lines: vec![line], counted_at };
    world.within_as(&later(&world.clerk(50), entered), database, move |tx, ctx| {
        counting::count(tx, ctx, request.clone()).map(|_| ())
    })
}

#[test]
fn what_was_counted_before_is_compared_with_the_books_of_then() {
    for (choice, left) in [(Choice::Rebase, 6), (Choice::KeepCounted, 9)] {
        on_both_engines(&SCHEMA, |database| {
            let world = World::new(database, 1);
            let sheet = world.open(database, OpenCount::default());
            // Nine are seen after ten minutes; three leave after twenty; it is entered after thirty.
            world_at(&world, 20).post(database, vec![world.outgoing(0, 3)]);
            enter(&world, database, sheet, 9, (30, 10)).expect("entered");
            let line = world.lines(database, sheet).remove(0);
            assert_eq!((line.expected, line.difference), (units(10), units(-1)));
            let stopped = world.apply(database, sheet);
            assert_eq!((stopped.state, stopped.conflicts.len()), (CountState::Open, 1));
            let request = ResolveConflict { count_id: sheet, lines: Vec::new(), choice };
            world
                .within_as(&world.clerk(50), database, move |tx, ctx| {
                    counting::resolve_conflict(tx, ctx, request.clone())
                })
                .expect("resolved");
            assert_eq!(world.apply(database, sheet).state, CountState::Applied);
            assert_eq!(world.on_hand(database, 0), left, "{choice}");
            world.assert_sound(database);
        });
    }
}

#[test]
fn what_did_not_move_since_is_no_conflict() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        let sheet =
            world.open(database, OpenCount { skus: vec!["P0000".into()], ..OpenCount::default() });
        world_at(&world, 5).post(database, vec![world.outgoing(0, 3)]);
        world_at(&world, 20).post(database, vec![world.outgoing(1, 3)]);
        enter(&world, database, sheet, 6, (30, 10)).expect("entered");
        assert_eq!(world.lines(database, sheet)[0].expected, units(7));
        assert_eq!(world.apply(database, sheet).state, CountState::Applied);
        assert_eq!(world.on_hand(database, 0), 6);
        world.assert_sound(database);
    });
}

#[test]
fn nobody_counts_in_the_future_or_before_there_was_a_sheet() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let sheet = world.open(database, OpenCount::default());
        let ahead = enter(&world, database, sheet, 9, (30, 33));
        assert!(matches!(ahead, Err(CountError::CountedLater { .. })), "{ahead:?}");
        let before = enter(&world, database, sheet, 9, (30, -3));
        assert!(matches!(before, Err(CountError::CountedBefore { .. })), "{before:?}");
        // Clocks are never all the same.
        enter(&world, database, sheet, 9, (30, -1)).expect("a little behind");
        enter(&world, database, sheet, 9, (30, 31)).expect("a little ahead");
    });
}

#[test]
fn what_arrives_late_does_not_undo_what_was_counted_after_it() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let sheet = world.open(database, OpenCount::default());
        enter(&world, database, sheet, 8, (20, 20)).expect("entered");
        let late = enter(&world, database, sheet, 10, (30, 10)).expect_err("counted before");
        assert!(matches!(late, CountError::CountedAgain { line: 1, .. }), "{late}");
        assert_eq!(late.problem().code, "counted_again");
        assert_eq!(world.lines(database, sheet)[0].difference, units(-2));
        enter(&world, database, sheet, 9, (40, 35)).expect("counted after");
        assert_eq!(world.lines(database, sheet)[0].difference, units(-1));
    });
}
