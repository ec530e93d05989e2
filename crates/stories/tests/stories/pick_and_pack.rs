use super::world::{Client, World};
use serde_json::{Value, json};
use store::Engine;

/// An order of the web shop; its id and number.
fn order(http: &Client, reference: &str, lines: Value) -> (Value, String) {
    let wanted =
        json!({"channel": "web", "external_ref": reference, "country": "GB", "lines": lines});
    let accepted = http.post("/sales-orders", &wanted).ok();
    let number = accepted["number"].as_str().unwrap_or_default().to_owned();
    (accepted["order_id"].clone(), number)
}

fn lines(list: &Value) -> &[Value] {
    list["lines"].as_array().map_or(&[], Vec::as_slice)
}

/// Orders are picked, packed and handed to a carrier, while others are shipped by hand or cancelled.
fn pick_and_pack(engine: Engine) -> World {
    let world = World::new(engine, 1);
    let http = world.client(0);
    http.furnish(&[("MUG", 20), ("TEA", 20)], "back_order");
    let two = json!([{"sku": "MUG", "quantity": "2", "price": "9"},
                     {"sku": "TEA", "quantity": "1", "price": "4"}]);
    let (first, number) = order(&http, "W1", two.clone());
    let (second, _) = order(&http, "W2", two.clone());
    let (third, _) = order(&http, "W3", two);

    let plan = json!({"warehouse": "WH"});
    let planned = http.post_with("/pick-lists", "plan", &plan).ok();
    assert_eq!(planned["lists"].as_array().map(Vec::len), Some(3), "{planned}");
    assert_eq!(http.post_with("/pick-lists", "plan", &plan).ok(), planned);
    let again = http.post("/pick-lists", &plan).ok();
    assert_eq!(again["lists"], json!([]));
    let list = planned["lists"][0]["list_id"].clone();
    let id = list.as_str().unwrap_or_default();

    let scan =
        |sku: &str, quantity: &str| json!({"place": "WH/Stock", "code": sku, "quantity": quantity});
    let wrong = json!({"list_id": list, "lines": [scan("TEA", "5")]});
    let wrong = http.post("/pick-lists/pick", &wrong);
    assert_eq!((wrong.status, wrong.code()), (422, "exceeds_to_pick"), "{}", wrong.body);
    let right = json!({"list_id": list, "lines": [scan("MUG", "2"), scan("TEA", "1")]});
    let picked = http.post("/pick-lists/pick", &right).ok();
    assert_eq!(picked["state"], "picked");
    let shown = http.get(&format!("/pick-lists/{id}")).ok();
    assert_eq!((&shown["list"]["state"], lines(&shown).len()), (&json!("picked"), 2));

    // What is in hand does not leave by hand; what is only listed does, and is not picked any more.
    let by_hand = http.post("/shipments", &json!({"order_id": first}));
    assert_eq!((by_hand.status, by_hand.code()), (422, "picked_not_shipped"), "{}", by_hand.body);
    http.post("/shipments", &json!({"order_id": second})).ok();
    let cancel = json!({"order_id": third, "reason": "changed mind"});
    http.post("/sales-orders/cancel", &cancel).ok();
    let ended = http.get("/pick-lists?state=cancelled").ok();
    assert_eq!(lines(&ended).len(), 2, "{ended}");
    let waiting = http.get("/pick-lines?to_pick=true").ok();
    assert_eq!(lines(&waiting), [] as [Value; 0]);

    let packing = json!({"order_id": first, "everything": true,
        "label": {"carrier": "DPD", "weight_grams": 1200}});
    let package = http.post("/packages", &packing).ok();
    let file = http.get("/ready-packages?format=csv").ok();
    let file = file.as_str().unwrap_or_default();
    let package_number = package["number"].as_str().unwrap_or_default();
    assert!(file.contains(package_number) && file.contains(&number), "{file}");
    let tracking = format!("package_number,tracking\n{package_number},T-77\n");
    let tried = http.file("/tracking/import?dry_run=true", &tracking).ok();
    assert_eq!((&tried["applied"], &tried["created"]), (&json!(false), &json!(1)));
    let taken = http.file("/tracking/import", &tracking).ok();
    assert_eq!((&taken["applied"], &taken["created"]), (&json!(true), &json!(1)));
    let unknown = http.file("/tracking/import", "package_number,tracking\nPK-9,T\n").ok();
    assert_eq!(unknown["errors"][0]["row"], 2, "{unknown}");

    let leave = json!({"order_ids": [first]});
    let shipped = http.post("/packages/ship", &leave).ok();
    assert_eq!(shipped["shipments"][0]["packages"], json!([package_number]));
    let again = json!({"package_ids": [package["package_id"]]});
    let again = http.post("/packages/ship", &again).ok();
    assert_eq!(
        (&again["shipments"], &again["repeated"]),
        (&json!([]), &json!([package["package_id"]]))
    );
    let told = http.get("/packages?state=shipped&carrier=DPD").ok();
    assert_eq!((lines(&told).len(), &told["lines"][0]["tracking"]), (1, &json!("T-77")));
    let available = http.get("/availability?sku=MUG").ok();
    assert_eq!(available["lines"][0]["on_hand"], "16");
    world.assert_sound();
    world
}

#[test]
fn goods_are_picked_and_packed_alike_on_both_engines() {
    let [sqlite, postgres] = [Engine::Sqlite, Engine::Postgres].map(pick_and_pack);
    assert_eq!(sqlite.digest(), postgres.digest());
}
