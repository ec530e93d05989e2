use super::world::{World, units};
use stock::{SCHEMA, Shortage};
use store::Engine;
use store::testing::Fresh;

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    store::testing::assert_statements_agree(&SCHEMA);
}

#[test]
fn two_nodes_promise_the_last_pieces_once() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0], 2);
    let stock = vec![world.incoming(0, 40, 4_000), world.incoming(1, 40, 4_000)];
    world.post(&nodes[0], stock).expect("stock");
    let promised: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..64)
            .map(|client| {
                let (node, world) = (&nodes[client % 2], &world);
                // Half of the clients name the items in the other order.
                let lines = if client % 4 < 2 { [(0, 1), (1, 1)] } else { [(1, 1), (0, 1)] };
                scope.spawn(move || world.demand(node, Shortage::Refuse, &lines).is_ok())
            })
            .collect();
        clients.into_iter().filter_map(|client| client.join().ok()).filter(|won| *won).count()
    });
    assert_eq!(promised, 40);
    assert_eq!(units(world.available(&nodes[0], 0).available), 0);
    assert_eq!(nodes.iter().map(|node| node.counts().deadlocks).sum::<u64>(), 0);
    world.assert_sound(&nodes[0]);
    nodes[1].close();
}

#[test]
fn goods_leave_once_however_many_take_them() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0], 1);
    world.post(&nodes[0], vec![world.incoming(0, 20, 2_001)]).expect("stock");
    let left: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..32)
            .map(|client| {
                let (node, world) = (&nodes[client % 2], &world);
                scope.spawn(move || world.post(node, vec![world.outgoing(0, 1)]).is_ok())
            })
            .collect();
        clients.into_iter().filter_map(|client| client.join().ok()).filter(|won| *won).count()
    });
    assert_eq!(left, 20);
    world.assert_sound(&nodes[0]);
    nodes[1].close();
}
