use super::world::World;
use serde_json::{Value, json};
use store::Engine;

/// Sixty-four clients on two nodes order one piece each, 160 times in all.
fn fight(world: &World, order: impl Fn(usize) -> Value + Sync) -> (usize, usize) {
    let answers: Vec<u16> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..64)
            .map(|client| {
                let order = &order;
                scope.spawn(move || {
                    let http = world.client(client);
                    let tries = if client < 32 { 3 } else { 2 };
                    (0..tries)
                        .map(|round| {
                            let answer = http.post("/sales-orders", &order(client * 10 + round));
                            if answer.status != 200 {
                                assert_eq!(answer.code(), "insufficient_stock", "{}", answer.body);
                            }
                            answer.status
                        })
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().expect("no panic")).collect()
    });
    let accepted = answers.iter().filter(|status| **status == 200).count();
    let refused = answers.iter().filter(|status| **status == 422).count();
    assert_eq!(accepted + refused, answers.len(), "nothing but 200 and 422");
    (accepted, refused)
}

#[test]
fn the_last_hundred_pieces_are_sold_once() {
    let world = World::new(Engine::Postgres, 2);
    world.client(0).furnish(&[("HOT", 100)], "refuse");
    let (accepted, refused) = fight(&world, |number| {
        json!({
            "channel": "web", "external_ref": format!("W{number}"), "country": "GB",
            "lines": [{"sku": "HOT", "quantity": "1", "price": "10"}]
        })
    });
    assert_eq!((accepted, refused), (100, 60));
    world.assert_sound();
}

#[test]
fn the_last_hundred_pieces_are_sold_once_also_as_parts_of_a_kit() {
    let world = World::new(Engine::Postgres, 2);
    let http = world.client(0);
    http.furnish(&[("HOT", 100), ("BOX", 1000)], "refuse");
    let kit =
        http.post("/items", &json!({"items": [{"sku": "KIT", "name": "Kit", "kind": "kit"}]})).ok();
    let items = http.get("/items").ok();
    let id = |sku: &str| {
        let lines = items["lines"].as_array().cloned().unwrap_or_default();
        lines.iter().find(|line| line["sku"] == sku).map(|line| line["item_id"].clone())
    };
    let components = [("HOT", "1"), ("BOX", "2")]
        .map(|(sku, quantity)| json!({"item_id": id(sku), "quantity": quantity}));
    http.post(
        "/kits",
        &json!({"item_id": kit["items"][0]["item_id"], "revision": 1, "components": components}),
    )
    .ok();
    let (accepted, refused) = fight(&world, |number| {
        let sku = if number % 2 == 0 { "KIT" } else { "HOT" };
        json!({
            "channel": "web", "external_ref": format!("K{number}"), "country": "GB",
            "lines": [{"sku": sku, "quantity": "1", "price": "10"}]
        })
    });
    assert_eq!((accepted, refused), (100, 60));
    world.assert_sound();
}
