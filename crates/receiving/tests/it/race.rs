//! Several people at once.

use super::world::{World, for_line, found, scan, units};
use base::Rule;
use receiving::SCHEMA;
use std::collections::BTreeMap;
use std::sync::Barrier;
use store::Engine;
use store::testing::Fresh;

const CLIENTS: usize = 8;

#[test]
fn unknown_goods_are_received_once_of_many_who_match_them() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0]);
    let id = world.found(found("P1", "", 3));
    let orders: Vec<_> =
        (0..CLIENTS).map(|_| world.order("ACME", "2026-06-10", &[("P1", 3, "4")])).collect();
    let answers: Vec<&'static str> = std::thread::scope(|scope| {
        let clients: Vec<_> = orders
            .iter()
            .enumerate()
            .map(|(client, &order)| {
                let world = world.on(&nodes[client % 2]);
                scope.spawn(move || match world.receive(for_line(id, order, 1)) {
                    Ok(_) => "received",
                    Err(error) => error.problem().code,
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().expect("a client")).collect()
    });
    let mut counts = BTreeMap::new();
    answers.into_iter().for_each(|code| *counts.entry(code).or_insert(0) += 1);
    assert_eq!(counts, BTreeMap::from([("received", 1), ("unknown_goods_ended", CLIENTS - 1)]));
    assert_eq!(world.on_hand("P1"), 3);
    world.assert_sound();
    assert_eq!(nodes.iter().map(|node| node.counts().deadlocks).sum::<u64>(), 0);
    nodes[1].close();
}

#[test]
fn several_people_scan_into_one_blind_receipt_and_nothing_is_lost() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0]);
    world.order("ACME", "2026-06-10", &[("P1", 100, "4")]);
    let id = world.open();
    std::thread::scope(|scope| {
        for client in 0..CLIENTS {
            let world = world.on(&nodes[client % 2]);
            scope.spawn(move || {
                for _ in 0..3 {
                    world.scan(id, vec![scan("P1", 1), scan("P1", 2)]).expect("scanned");
                }
            });
        }
    });
    let booked = world.book(id, false);
    assert_eq!(units(booked.lines[0].quantity), 3 * 3 * CLIENTS as i64);
    world.assert_sound();
    nodes[1].close();
}

#[test]
fn two_deliveries_of_one_order_do_not_both_take_what_is_due() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0]);
    let order = world.order("ACME", "2026-06-10", &[("P1", 10, "4")]);
    let deliveries: Vec<_> = (0..4)
        .map(|_| {
            let id = world.open();
            world.scan(id, vec![scan("P1", 4)]).expect("scanned");
            id
        })
        .collect();
    std::thread::scope(|scope| {
        for (client, &id) in deliveries.iter().enumerate() {
            let world = world.on(&nodes[client % 2]);
            scope.spawn(move || world.book(id, false));
        }
    });
    assert_eq!(world.received(order), 10);
    assert_eq!(world.on_hand("P1"), 10);
    world.assert_sound();
    nodes[1].close();
}

#[test]
fn deliveries_of_the_same_items_for_crossed_orders_never_wait_for_each_other() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0]);
    for _ in 0..12 {
        // One supplier's earlier order is of the first item, the other's of the second.
        for (supplier, skus) in [("ACME", ["P1", "P2"]), ("OTHER", ["P2", "P1"])] {
            for sku in skus {
                world.order(supplier, "2026-06-10", &[(sku, 2, "4")]);
            }
        }
        let deliveries = ["ACME", "OTHER"].map(|supplier| {
            let id = world.open_of(supplier);
            world.scan(id, vec![scan("P1", 2), scan("P2", 2)]).expect("scanned");
            id
        });
        let together = &Barrier::new(2);
        std::thread::scope(|scope| {
            for (node, id) in nodes.iter().zip(deliveries) {
                let world = world.on(node);
                scope.spawn(move || {
                    let request = world.booking(id, false);
                    together.wait();
                    let booked = world.ask_book(request).expect("booked");
                    assert_eq!((booked.receipts.len(), booked.unknown.len()), (2, 0));
                });
            }
        });
    }
    assert_eq!((world.on_hand("P1"), world.on_hand("P2")), (48, 48));
    world.assert_sound();
    assert_eq!(nodes.iter().map(|node| node.counts().deadlocks).sum::<u64>(), 0);
    nodes[1].close();
}
