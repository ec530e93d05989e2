use super::world::World;
use serde_json::{Value, json};
use store::Engine;

/// Bought in two parts, billed, sold and shipped: at the end nothing is open that should not be.
fn buy_and_sell(engine: Engine) -> World {
    let world = World::new(engine, 1);
    let http = world.client(0);
    http.furnish(&[("MUG", 0), ("TEA", 0)], "back_order");
    let partner = json!({"code": "POTTER", "name": "Potter & Co", "supplier": true,
        "country": "GB", "currency": "GBP", "payment_days": 30});
    http.post("/partners", &json!({"partners": [partner], "all_or_nothing": true})).ok();

    let order = json!({"supplier": "POTTER", "warehouse": "WH", "client_ref": "first",
        "lines": [{"sku": "MUG", "quantity": "100", "price": "3.33"},
                  {"sku": "TEA", "quantity": "12", "price": "1.005"}]});
    let made = http.post("/purchase-orders", &json!({"orders": [order]})).ok();
    let order_id = made["orders"][0]["order"]["order_id"].clone();
    assert!(order_id.is_string(), "{made}");
    http.post("/purchase-orders/submit", &json!({"order_id": order_id})).ok();
    http.post("/purchase-orders/send", &json!({"order_id": order_id, "recipient": "a@b.example"}))
        .ok();

    let wanted = json!({"channel": "web", "external_ref": "W1", "country": "GB",
        "lines": [{"sku": "MUG", "quantity": "70", "price": "9.99"}]});
    let accepted = http.post("/sales-orders", &wanted).ok();
    assert_eq!(accepted["lines"][0]["back_order"], "70");

    let receive = |lines: Value| json!({"order_id": order_id, "lines": lines});
    http.post("/receipts", &receive(json!([{"line": 1, "quantity": "60"}]))).ok();
    http.post(
        "/receipts",
        &receive(json!([{"line": 1, "quantity": "40"}, {"line": 2, "quantity": "12"}])),
    )
    .ok();
    let over = http.post("/receipts", &receive(json!([{"line": 1, "quantity": "1"}])));
    assert_eq!((over.status, over.code()), (422, "exceeds_tolerance"), "{}", over.body);

    let grni = http.get("/grni").ok();
    assert!(!grni["lines"].as_array().is_none_or(Vec::is_empty), "{grni}");
    let bill = json!({"supplier": "POTTER", "reference": "B-77",
        "goods": [{"order_id": order_id, "line": 1}, {"order_id": order_id, "line": 2}]});
    let billed = http.post("/bills", &bill).ok();
    assert_eq!(billed["total"]["amount"], "345.06");
    let grni = http.get("/grni").ok();
    assert_eq!(grni["lines"].as_array().map(Vec::len), Some(0), "{grni}");

    let order = accepted["order_id"].clone();
    http.post("/sales-orders/reserve", &json!({"order_id": order})).ok();
    let shipped = http.post("/shipments", &json!({"order_id": order})).ok();
    assert_eq!(shipped["cost"]["amount"], "233.10");
    let available = http.get("/availability?sku=MUG").ok();
    assert_eq!(available["lines"][0]["available"], "30");
    world.assert_sound();
    world
}

#[test]
fn goods_are_bought_billed_and_sold_alike_on_both_engines() {
    let [sqlite, postgres] = [Engine::Sqlite, Engine::Postgres].map(buy_and_sell);
    assert_eq!(sqlite.digest(), postgres.digest());
}
