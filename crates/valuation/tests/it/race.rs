use super::world::{World, change, post, today};
use store::Engine;
use store::testing::Fresh;
use valuation::{Class, Cost, SCHEMA};

#[test]
fn two_nodes_that_issue_one_item_leave_its_standing_exact() {
    for method in ["average", "fifo"] {
        let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
        let world = World::new(&fresh.database, 1);
        world.policy("costing_method", method);
        world.step(60, Cost::Given(1_000), 1);
        world.step(40, Cost::Given(999), 2);
        let other = fresh.open_again();
        let issued: i64 = std::thread::scope(|scope| {
            let threads: Vec<_> = [&fresh.database, &other, &fresh.database, &other]
                .into_iter()
                .enumerate()
                .map(|(thread, node)| {
                    let (ctx, item) = (&world.ctx, world.item());
                    scope.spawn(move || {
                        let mut issued = 0;
                        for n in 0..20 {
                            let ctx = ctx.clone();
                            let move_id = 100 + thread as i64 * 100 + n;
                            let change = change(item, -1, Cost::Method, move_id);
                            let valued = node
                                .write(move |tx| post(tx, &ctx, today(), vec![change.clone()]))
                                .unwrap();
                            issued -= valued[0].value;
                        }
                        issued
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        let (left, value) = world.standing(Class::Normal);
        assert_eq!((left, value), (20, 1_999 - issued));
        world.assert_sound();
        other.close();
    }
}

#[test]
fn two_nodes_that_value_an_item_for_the_first_time_share_one_standing() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let world = World::new(&fresh.database, 20);
    let other = fresh.open_again();
    std::thread::scope(|scope| {
        for (thread, node) in [&fresh.database, &other].into_iter().enumerate() {
            let (ctx, items) = (world.ctx.clone(), world.items.clone());
            scope.spawn(move || {
                for (n, chunk) in items.chunks(2).enumerate() {
                    let ctx = ctx.clone();
                    let receive =
                        |&item| change(item, 1, Cost::Given(10), (thread * 1_000 + n + 1) as i64);
                    let mut changes: Vec<_> = chunk.iter().map(receive).collect();
                    if thread == 1 {
                        changes.reverse();
                    }
                    node.write(move |tx| post(tx, &ctx, today(), changes.clone())).unwrap();
                }
            });
        }
    });
    let standings = world.standings();
    assert_eq!(standings.len(), 20);
    assert!(standings.iter().all(|row| row.value.minor == 20));
    world.assert_sound();
    other.close();
}
