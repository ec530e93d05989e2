use super::world::{Client, World};
use serde_json::{Value, json};
use store::Engine;

/// On hand, available and incoming of the mug in a warehouse.
fn mugs(http: &Client, warehouse: &str) -> (i64, i64, i64) {
    let found = http.get(&format!("/availability?sku=MUG&warehouse={warehouse}")).ok();
    let line = &found["lines"][0];
    let pieces = |name: &str| line[name].as_str().and_then(|text| text.parse().ok()).unwrap_or(-1);
    (pieces("on_hand"), pieces("available"), pieces("incoming"))
}

fn order(http: &Client, reference: &str, pieces: &str) -> Value {
    let wanted = json!({"channel": "web", "external_ref": reference, "country": "GB",
        "lines": [{"sku": "MUG", "quantity": pieces, "price": "9.99"}]});
    http.post("/sales-orders", &wanted).ok()["order_id"].clone()
}

fn route(http: &Client, order: &Value) -> Value {
    let routed = http.post("/routes", &json!({"order_ids": [order]})).ok();
    routed["results"][0].clone()
}

fn minor(money: &Value) -> i64 {
    let text = money["amount"].as_str().expect("an amount");
    text.replace('.', "").parse().expect("hundredths")
}

/// At the end of a day the goods of all warehouses, by class, are worth what the ledger says, and
/// every check holds.
fn day_ends(world: &World, http: &Client, expected: i64) {
    let value = http.get("/stock-value").ok();
    let ledger = http.get("/trial-balance").ok();
    let mut total = 0;
    for (class, role) in [
        ("normal", "stock_valuation"),
        ("quarantine", "quarantine"),
        ("transit", "goods_in_transit"),
    ] {
        let lines = |list: &Value| list["lines"].as_array().expect("lines").clone();
        let goods = lines(&value).into_iter().filter(|line| line["class"] == class);
        let goods: i64 = goods.map(|line| minor(&line["value"])).sum();
        let books = lines(&ledger).into_iter().filter(|line| line["role"] == role);
        let books: i64 = books.map(|line| minor(&line["balance"])).sum();
        assert_eq!(goods, books, "{class}");
        total += goods;
    }
    assert_eq!(total, expected);
    world.assert_sound();
}

/// One warehouse becomes two: what each could give is known, and an order leaves from where it can.
fn growth(engine: Engine) -> World {
    let world = World::new(engine, 1);
    let http = world.client(0);
    http.furnish(&[("MUG", 0)], "back_order");
    let partner = json!({"code": "POTTER", "name": "Potter & Co", "supplier": true,
        "country": "GB", "currency": "GBP", "payment_days": 30});
    http.post("/partners", &json!({"partners": [partner], "all_or_nothing": true})).ok();

    // The first day: 100 mugs are bought, 60 come.
    let bought = json!({"supplier": "POTTER", "warehouse": "WH", "client_ref": "first",
        "lines": [{"sku": "MUG", "quantity": "100", "price": "3.00"}]});
    let made = http.post("/purchase-orders", &json!({"orders": [bought]})).ok();
    let purchase = made["orders"][0]["order"]["order_id"].clone();
    http.post("/purchase-orders/submit", &json!({"order_id": purchase})).ok();
    let come = |pieces: &str| {
        json!({"order_id": purchase, "received_on": "2026-01-02",
            "lines": [{"line": 1, "quantity": pieces}]})
    };
    http.post("/receipts", &come("60")).ok();
    day_ends(&world, &http, 18_000);

    // A second warehouse: the buyer sees what is on its way to it, and what is still to come.
    http.post("/warehouses", &json!({"code": "SOUTH", "name": "South"})).ok();
    let planned = json!({"from": "WH", "to": "SOUTH", "depart_on": "2026-01-03",
        "arrive_on": "2026-01-04", "lines": [{"sku": "MUG", "quantity": "30"}]});
    let transfer = http.post("/transfers", &planned).ok()["transfer_id"].clone();
    http.post("/transfers/send", &json!({"transfer_id": transfer, "happened_on": "2026-01-03"}))
        .ok();
    let under_way = http.get("/goods-in-transit?sku=MUG").ok();
    assert_eq!(under_way["lines"][0]["quantity"], "30", "{under_way}");
    assert_eq!(under_way["lines"][0]["to"], "SOUTH");
    assert_eq!(mugs(&http, "WH"), (30, 30, 40));
    assert_eq!(mugs(&http, "SOUTH"), (0, 0, 30));
    let ranking = json!({"channel": "web", "warehouses": ["WH", "SOUTH"], "split": false});
    http.post("/rankings", &ranking).ok();
    day_ends(&world, &http, 18_000);

    // Twenty are sold, eight of them come back: until somebody has looked at them, they are not there.
    let sold = order(&http, "W1", "20");
    let shipped = http.post("/shipments", &json!({"order_id": sold})).ok();
    assert_eq!(shipped["cost"]["amount"], "60.00");
    let back = json!({"order_id": sold, "reason": "changed_mind",
        "lines": [{"line": 1, "quantity": "8"}]});
    let back = http.post("/returns", &back).ok()["return_id"].clone();
    http.post("/returns/receive", &json!({"return_id": back})).ok();
    assert_eq!(mugs(&http, "WH"), (18, 10, 40));
    day_ends(&world, &http, 14_400);

    // Fifteen are wanted. Neither the returns here nor the goods on their way there fill them.
    let wanted = order(&http, "W2", "15");
    let waits = route(&http, &wanted);
    assert_eq!((&waits["choice"], &waits["reason"]), (&json!("waits"), &json!("short")));
    let could: Vec<&str> = waits["could_give"]
        .as_array()
        .expect("what each could give")
        .iter()
        .filter_map(|could| could["quantity"].as_str())
        .collect();
    assert_eq!(could, ["10", "0"], "{waits}");

    // The transfer arrives. Now a refund is no answer before the other warehouse was asked.
    http.post("/transfers/receive", &json!({"transfer_id": transfer})).ok();
    assert_eq!(mugs(&http, "SOUTH"), (30, 30, 0));
    let cancel = json!({"order_id": wanted, "reason": "waits too long"});
    let offered = http.post("/sales-orders/cancel", &cancel);
    assert_eq!((offered.status, offered.code()), (422, "could_be_filled_elsewhere"));
    let detail = offered.body["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("5 of MUG can be filled from warehouse SOUTH"), "{detail}");
    let routed = route(&http, &wanted);
    assert_eq!((&routed["outcome"], &routed["choice"]), (&json!("done"), &json!("elsewhere")));
    assert_eq!(route(&http, &wanted)["outcome"], "repeated");
    let shipped = http.post("/shipments", &json!({"order_id": wanted})).ok();
    assert_eq!(
        (&shipped["cost"]["amount"], &shipped["state"]),
        (&json!("45.00"), &json!("closed"))
    );
    assert_eq!((mugs(&http, "WH"), mugs(&http, "SOUTH")), ((18, 10, 40), (15, 15, 0)));
    day_ends(&world, &http, 9_900);

    // The returns are put back, the rest of the purchase comes, and the books are even.
    let decided = json!({"return_id": back, "lines": [{"line": 1, "outcome": "restock"}]});
    http.post("/dispositions", &decided).ok();
    http.post("/receipts", &come("40")).ok();
    assert_eq!(mugs(&http, "WH"), (58, 58, 0));
    let bill = json!({"supplier": "POTTER", "reference": "B-1",
        "goods": [{"order_id": purchase, "line": 1}]});
    assert_eq!(http.post("/bills", &bill).ok()["total"]["amount"], "300.00");

    // What no warehouse can fill alone is not offered, where the channel does not split.
    let large = order(&http, "W3", "70");
    let waits = route(&http, &large);
    assert_eq!(waits["reason"], "split_not_allowed", "{waits}");
    http.post("/sales-orders/cancel", &json!({"order_id": large, "reason": "too many"})).ok();
    assert_eq!((mugs(&http, "WH"), mugs(&http, "SOUTH")), ((58, 58, 0), (15, 15, 0)));

    // Every decision can be read, and is made again from what it was made from.
    let routes = http.get(&format!("/routes?order_id={}", wanted.as_str().expect("an id"))).ok();
    let routes = routes["lines"].as_array().expect("routes").clone();
    assert_eq!(routes.len(), 2);
    for kept in &routes {
        let id = kept["route_id"].as_str().expect("an id");
        assert_eq!(http.get(&format!("/routes/{id}")).ok()["same"], true);
    }
    day_ends(&world, &http, 21_900);
    world
}

#[test]
fn one_warehouse_becomes_two_alike_on_both_engines() {
    let [sqlite, postgres] = [Engine::Sqlite, Engine::Postgres].map(growth);
    assert_eq!(sqlite.digest(), postgres.digest());
}
