use super::world::{World, ask, came, order_of, receipt, wanted};
use purchasing::{Progress, SCHEMA};
use store::Engine;
use store::testing::Fresh;

#[test]
fn two_nodes_never_receive_a_line_twice() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0]);
    let order =
        world.approved(order_of("ACME", vec![wanted("P1", 20, "1"), wanted("P2", 20, "1")]));
    let received: usize = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..32)
            .map(|client| {
                let (node, ctx) = (&nodes[client % 2], &world.ctx);
                // Half of the clients name the lines in the other order.
                let lines = if client % 4 < 2 { [1, 2] } else { [2, 1] };
                let request = receipt(order, lines.map(|line| came(line, 1)).to_vec());
                scope.spawn(move || {
                    ask(node, ctx, move |tx, ctx| purchasing::receive(tx, ctx, request.clone()))
                        .is_ok()
                })
            })
            .collect();
        clients.into_iter().filter_map(|client| client.join().ok()).filter(|won| *won).count()
    });
    assert_eq!(received, 20);
    assert_eq!(world.there("P1"), (20, 0));
    assert_eq!(world.detail(order).received, Progress::Fully);
    assert_eq!(nodes.iter().map(|node| node.counts().deadlocks).sum::<u64>(), 0);
    world.assert_sound();
    nodes[1].close();
}
