use super::world::{SHELF, World, units};
use base::CountId;
use counting::{
    Choice, CountError, CountState, LineState, OpenCount, ResolveConflict, ResolveConflictError,
    SCHEMA,
};
use store::Database;
use store::testing::on_both_engines;

/// Eight of ten are counted, then three leave: the sheet is in conflict.
fn conflicting(world: &World, database: &Database) -> CountId {
    let sheet = world.open(database, OpenCount::default());
    world.count(database, sheet, &[(0, SHELF, 8), (1, SHELF, 9)]);
    world.post(database, vec![world.outgoing(0, 3)]);
    let stopped = world.apply(database, sheet);
    assert_eq!(stopped.state, CountState::Open);
    let seen: Vec<_> = stopped.conflicts.iter().map(|c| (c.line, c.on_hand)).collect();
    assert_eq!(seen, [(1, base::Quantity::units(7))]);
    assert_eq!(world.on_hand(database, 1), 10, "nothing of the sheet is booked");
    sheet
}

fn resolve(
    world: &World,
    database: &Database,
    count_id: CountId,
    choice: Choice,
) -> Result<usize, ResolveConflictError> {
    let request = ResolveConflict { count_id, lines: Vec::new(), choice };
    world.within_as(&world.clerk(50), database, move |tx, ctx| {
        counting::resolve_conflict(tx, ctx, request.clone()).map(|done| done.lines.len())
    })
}

#[test]
fn goods_that_move_before_the_sheet_is_applied_stop_it_until_somebody_says_what_holds() {
    for (choice, left) in [(Choice::KeepCounted, 8), (Choice::Rebase, 5)] {
        on_both_engines(&SCHEMA, |database| {
            let world = World::new(database, 2);
            let sheet = conflicting(&world, database);
            world.assert_sound(database);
            assert_eq!(world.lines(database, sheet)[0].state, LineState::Conflict);
            assert_eq!(resolve(&world, database, sheet, choice), Ok(1));
            assert_eq!(world.apply(database, sheet).state, CountState::Applied);
            let on_hand = (world.on_hand(database, 0), world.on_hand(database, 1));
            assert_eq!(on_hand, (left, 9), "{choice}");
            let none = resolve(&world, database, sheet, choice);
            assert!(matches!(none, Err(ResolveConflictError::NotOpen { .. })), "{none:?}");
            world.assert_sound(database);
        });
    }
}

#[test]
fn a_recount_is_by_another_person() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        let sheet = conflicting(&world, database);
        resolve(&world, database, sheet, Choice::Recount).expect("to be counted again");
        let line = world.lines(database, sheet).remove(0);
        assert_eq!((line.state, line.counted, line.again), (LineState::Open, None, true));
        let same = world.count_as(&world.clerk(50), database, sheet, &[(0, SHELF, 6)]);
        assert!(matches!(same, Err(CountError::SameCounter { line: 1, .. })), "{same:?}");
        world.count_as(&world.clerk(51), database, sheet, &[(0, SHELF, 6)]).expect("another");
        assert_eq!(world.lines(database, sheet)[0].expected, units(7));
        world.apply(database, sheet);
        assert_eq!(world.on_hand(database, 0), 6);
        world.assert_sound(database);
    });
}

#[test]
fn goods_that_came_and_went_are_a_conflict_too() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let sheet = world.open(database, OpenCount::default());
        world.count(database, sheet, &[(0, SHELF, 10)]);
        world.post(database, vec![world.outgoing(0, 3), world.incoming(0, 3)]);
        assert_eq!(world.apply(database, sheet).conflicts.len(), 1);
        world.assert_sound(database);
    });
}
