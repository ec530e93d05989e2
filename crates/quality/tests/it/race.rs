use super::world::{World, goods, of};
use base::Rule;
use std::collections::BTreeMap;
use store::Engine;
use store::testing::Fresh;

#[test]
fn what_a_client_calls_an_inspection_is_the_name_of_one() {
    let fresh = Fresh::new(Engine::Postgres, &reconcile::SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0], 2);
    world.policy("inspect_receipts", "yes");
    let receipts: Vec<_> = (0..8).map(|_| super::inspect::bought(&world, &[3, 3])).collect();
    let done: Vec<_> = std::thread::scope(|scope| {
        let clients: Vec<_> = receipts
            .iter()
            .enumerate()
            .map(|(client, receipt_id)| {
                let world = world.on(&nodes[client % 2]);
                let lines = vec![super::inspect::passed(1, None), super::inspect::passed(2, None)];
                let request = quality::Inspect {
                    receipt_id: *receipt_id,
                    inspected_on: None,
                    lines,
                    client_ref: "bench 3".to_owned(),
                };
                scope.spawn(move || {
                    world.run(move |tx, ctx| quality::inspect(tx, ctx, request.clone()))
                })
            })
            .collect();
        clients.into_iter().filter_map(|client| client.join().expect("a client").ok()).collect()
    });
    let numbers: std::collections::BTreeSet<_> =
        done.iter().map(|done| done.number.as_str()).collect();
    assert_eq!(numbers.len(), 1, "{done:?}");
    assert_eq!(world.there(0), (24, 3, 0));
    world.assert_sound();
    nodes[1].close();
}

#[test]
fn a_line_of_ten_comes_back_to_ten_of_many_who_ask() {
    let fresh = Fresh::new(Engine::Postgres, &reconcile::SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0], 2);
    world.receive(&[(0, 10, 1_000)]);
    let order = world.sell("WEB", vec![goods(0, 10, "12")]);
    let answers: Vec<&'static str> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..16)
            .map(|client| {
                let world = world.on(&nodes[client % 2]);
                scope.spawn(move || match world.authorize(&of(order, &[(1, 1)])) {
                    Ok(made) => {
                        world.arrive(made.return_id).expect("what was authorized comes");
                        "back"
                    }
                    Err(error) => error.problem().code,
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().expect("a client")).collect()
    });
    let mut counts = BTreeMap::new();
    answers.into_iter().for_each(|code| *counts.entry(code).or_insert(0) += 1);
    assert_eq!(counts, BTreeMap::from([("back", 10), ("exceeds_shipped", 6)]));
    assert_eq!(world.there(0), (10, 0, 0));
    world.assert_sound();
    nodes[1].close();
}
