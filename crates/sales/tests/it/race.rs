use super::world::{World, from, goods};
use base::{Price, Quantity, Rule};
use sales::{AcceptLine, AcceptOrder, SCHEMA};
use std::collections::BTreeMap;
use store::testing::Fresh;
use store::{Database, Engine};

fn nodes(fresh: &Fresh) -> [Database; 2] {
    [fresh.database.clone(), fresh.open_again()]
}

fn deadlocks(nodes: &[Database]) -> u64 {
    nodes.iter().map(|node| node.counts().deadlocks).sum()
}

/// Sends orders from 64 clients over two nodes; how many ended with each code.
fn storm(
    world: &World,
    nodes: &[Database; 2],
    orders: impl Fn(usize) -> AcceptOrder + Sync,
) -> BTreeMap<&'static str, usize> {
    const CLIENTS: usize = 64;
    let codes: Vec<&'static str> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let (node, world, orders) = (&nodes[client % 2], world, &orders);
                scope.spawn(move || {
                    (0..4)
                        .map(|n| match world.accept(node, &orders(client + n * CLIENTS)) {
                            Ok(_) => "accepted",
                            Err(error) => error.problem().code,
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().expect("a client")).collect()
    });
    let mut counts = BTreeMap::new();
    codes.into_iter().for_each(|code| *counts.entry(code).or_insert(0) += 1);
    counts
}

#[test]
fn the_last_hundred_pieces_are_promised_to_a_hundred_orders() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = nodes(&fresh);
    let world = World::new(&nodes[0], 2);
    world.receive(&nodes[0], &[(0, 100, 1_000), (1, 100, 1_000)]);
    let counts = storm(&world, &nodes, |n| {
        // Half of the clients name the items in the other order.
        let (a, b) = if n % 4 < 2 { (0, 1) } else { (1, 0) };
        from("WEB", &n.to_string(), vec![goods(a, 1, "6"), goods(b, 1, "6")])
    });
    assert_eq!(counts, BTreeMap::from([("accepted", 100), ("insufficient_stock", 156)]));
    assert_eq!((world.available(&nodes[0], 0), deadlocks(&nodes)), (0, 0));
    world.assert_sound(&nodes[0]);
    nodes[1].close();
}

#[test]
fn the_last_hundred_kits_are_promised_to_a_hundred_orders() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = nodes(&fresh);
    let world = World::new(&nodes[0], 2);
    world.receive(&nodes[0], &[(0, 201, 2_000), (1, 130, 1_000)]);
    let counts = storm(&world, &nodes, |n| {
        let kit = AcceptLine {
            sku: Some("KIT".into()),
            quantity: Quantity::ONE,
            price: Some(Price::parse("12").unwrap()),
            ..AcceptLine::default()
        };
        from("WEB", &n.to_string(), vec![kit])
    });
    assert_eq!(counts, BTreeMap::from([("accepted", 100), ("insufficient_stock", 156)]));
    assert_eq!((world.available(&nodes[0], 0), world.available(&nodes[0], 1)), (1, 30));
    assert_eq!(deadlocks(&nodes), 0);
    world.assert_sound(&nodes[0]);
    nodes[1].close();
}

#[test]
fn an_order_that_arrives_many_times_at_once_is_one_order() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = nodes(&fresh);
    let world = World::new(&nodes[0], 2);
    world.receive(&nodes[0], &[(0, 100, 1_000)]);
    let counts =
        storm(&world, &nodes, |n| from("WEB", &format!("same-{}", n % 8), vec![goods(0, 1, "6")]));
    assert_eq!(counts, BTreeMap::from([("accepted", 256)]));
    assert_eq!((world.available(&nodes[0], 0), deadlocks(&nodes)), (92, 0));
    world.assert_sound(&nodes[0]);
    nodes[1].close();
}

#[test]
fn invoices_of_sixteen_posters_are_numbered_without_a_gap() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = nodes(&fresh);
    let world = World::new(&nodes[0], 2);
    world.receive(&nodes[0], &[(0, 200, 2_000)]);
    let mut positions: Vec<String> = std::thread::scope(|scope| {
        let posters: Vec<_> = (0..16)
            .map(|poster| {
                let (node, world) = (&nodes[poster % 2], &world);
                scope.spawn(move || {
                    (0..8)
                        .map(|n| {
                            let reference = format!("{poster}-{n}");
                            let order = from("B2B", &reference, vec![goods(0, 1, "6")]);
                            let order = world.accept(node, &order).expect("an order");
                            world.ship(node, order.order_id, None).expect("a shipment");
                            world.invoice(node, order.order_id).expect("an invoice").number
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        posters.into_iter().flat_map(|poster| poster.join().expect("a poster")).collect()
    });
    positions.sort();
    let expected: Vec<String> = (1..=128).map(|n| format!("INV-2026-{n:06}")).collect();
    assert_eq!(positions, expected);
    assert_eq!(deadlocks(&nodes), 0);
    world.assert_sound(&nodes[0]);
    nodes[1].close();
}
