use super::world::{SHELF, World};
use counting::{Choice, CountState, OpenCount, ResolveConflict, SCHEMA};
use store::Engine;
use store::testing::Fresh;

#[test]
fn a_count_applied_while_goods_move_books_what_it_saw_or_is_in_conflict() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0], 2);
    let mut left = 10;
    for round in 0..8 {
        let sheet = world.open(&nodes[0], OpenCount::default());
        // One piece less than the books say is on the shelf each time, as long as there are some.
        let counted = left - 1;
        world.count(&nodes[0], sheet, &[(0, SHELF, counted), (1, SHELF, 10)]);
        let (moved, applied) = std::thread::scope(|scope| {
            let goods = scope.spawn(|| {
                world.try_post(&nodes[1], vec![world.incoming(1, 1), world.outgoing(1, 1)])
                    && world.try_post(&nodes[1], vec![world.incoming(0, 1)])
            });
            let applied = scope.spawn(|| world.apply(&nodes[0], sheet));
            (goods.join().expect("goods"), applied.join().expect("a sheet"))
        });
        assert!(moved, "round {round}");
        left = match applied.state {
            CountState::Applied => counted + 1,
            _ => {
                assert!(!applied.conflicts.is_empty());
                let request = ResolveConflict {
                    count_id: sheet,
                    lines: Vec::new(),
                    choice: Choice::KeepCounted,
                };
                world.within(&nodes[0], move |tx, ctx| {
                    counting::resolve_conflict(tx, ctx, request.clone())
                });
                let settled = world.apply(&nodes[0], sheet);
                // What came in after the line was resolved or before it was first looked at conflicts
                // once more only if it moved again, and nothing does any more.
                assert!(settled.state == CountState::Applied || !settled.conflicts.is_empty());
                if settled.state != CountState::Applied {
                    let request = ResolveConflict {
                        count_id: sheet,
                        lines: Vec::new(),
                        choice: Choice::KeepCounted,
                    };
                    world.within(&nodes[0], move |tx, ctx| {
                        counting::resolve_conflict(tx, ctx, request.clone())
                    });
                    assert_eq!(world.apply(&nodes[0], sheet).state, CountState::Applied);
                }
                counted
            }
        };
        assert_eq!(world.on_hand(&nodes[0], 0), left, "round {round}");
        world.assert_sound(&nodes[0]);
    }
    assert_eq!(nodes.iter().map(|node| node.counts().deadlocks).sum::<u64>(), 0);
    nodes[1].close();
}

#[test]
fn a_sheet_is_applied_once_however_many_apply_it() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0], 1);
    let sheet = world.open(&nodes[0], OpenCount::default());
    world.count(&nodes[0], sheet, &[(0, SHELF, 7)]);
    let applied: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..16)
            .map(|client| {
                let (node, world) = (&nodes[client % 2], &world);
                scope.spawn(move || world.apply_as(&world.clerk(50), node, sheet).is_ok())
            })
            .collect();
        clients.into_iter().filter_map(|client| client.join().ok()).filter(|won| *won).count()
    });
    assert_eq!((applied, world.on_hand(&nodes[0], 0)), (1, 7));
    world.assert_sound(&nodes[0]);
    nodes[1].close();
}
