use super::world::{Answer, Client, World};
use serde_json::{Value, json};
use store::Engine;

/// What clients do with the same goods at the same time, each as far as it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Orders,
    Ships,
    Transfers,
    Counts,
    TakesBack,
}

const ALL: [Does; 5] = [Does::Orders, Does::Ships, Does::Transfers, Does::Counts, Does::TakesBack];

/// What a client did to the goods of the company, in pieces.
#[derive(Debug, Default, Clone, Copy)]
struct Did {
    shipped: i64,
    came_back: i64,
    found: i64,
    /// How many verbs were done, and how many the state of the goods refused.
    done: usize,
    refused: usize,
}

/// What another client's act may have made impossible.
const LOST: [&str; 4] = ["insufficient_stock", "not_reserved", "nothing_to_send", "needs_approval"];

impl Did {
    /// The answer of a verb that was done; none when somebody else was there before.
    fn hears(&mut self, answer: Answer) -> Option<Value> {
        if answer.status == 200 {
            self.done += 1;
            return Some(answer.body);
        }
        assert_eq!(answer.status, 422, "{}", answer.body);
        assert!(LOST.contains(&answer.code()), "{}", answer.body);
        self.refused += 1;
        None
    }

    fn order(&mut self, http: &Client, pieces: i64) -> Option<Value> {
        let wanted = json!({"channel": "web", "country": "GB",
            "lines": [{"sku": "HOT", "quantity": pieces.to_string(), "price": "10"}]});
        Some(self.hears(http.post("/sales-orders", &wanted))?["order_id"].clone())
    }

    fn ship(&mut self, http: &Client, pieces: i64) -> Option<Value> {
        let order = self.order(http, pieces)?;
        // A count that found less may have freed a part of what was kept.
        let all = json!({"order_id": order,
            "lines": [{"line": 1, "quantity": pieces.to_string()}]});
        self.hears(http.post("/shipments", &all))?;
        self.shipped += pieces;
        Some(order)
    }

    fn transfer(&mut self, http: &Client, (from, to): (&str, &str)) -> Option<()> {
        let planned = json!({"from": from, "to": to,
            "lines": [{"sku": "HOT", "quantity": "2"}]});
        let planned = self.hears(http.post("/transfers", &planned))?;
        let transfer = json!({"transfer_id": planned["transfer_id"]});
        if self.hears(http.post("/transfers/send", &transfer)).is_none() {
            let given_up = json!({"transfer_id": planned["transfer_id"], "reason": "gone"});
            self.hears(http.post("/transfers/cancel", &given_up))?;
            return None;
        }
        self.hears(http.post("/transfers/receive", &transfer)).map(|_| ())
    }

    /// Counts the shelf, one piece more or less than the books say.
    fn count(&mut self, http: &Client, off: i64) -> Option<()> {
        let sheet = json!({"warehouse": "WH", "places": ["WH/Stock"], "skus": ["HOT"]});
        let sheet = self.hears(http.post("/counts", &sheet))?["count_id"].clone();
        let lines = || {
            let of = sheet.as_str().expect("an id");
            let lines = http.get(&format!("/count-lines?count_id={of}")).ok();
            lines["lines"].as_array().expect("lines").clone()
        };
        for line in lines() {
            let there = whole(&line["expected"]) + off;
            let seen = json!({"count_id": sheet, "lines": [{"sku": "HOT", "place": "WH/Stock",
                "quantity": there.max(0).to_string()}]});
            self.hears(http.post("/counts/count", &seen))?;
        }
        let sheet_id = json!({"count_id": sheet});
        let applied = self.hears(http.post("/counts/apply", &sheet_id));
        if applied.is_some_and(|applied| applied["state"] == "applied") {
            self.found += lines().iter().map(|line| whole(&line["difference"])).sum::<i64>();
            return Some(());
        }
        // Goods went while they were counted.
        let given_up = json!({"count_id": sheet, "reason": "goods moved meanwhile"});
        self.hears(http.post("/counts/cancel", &given_up)).map(|_| ())
    }

    fn take_back(&mut self, http: &Client) -> Option<()> {
        let order = self.ship(http, 1)?;
        let back = json!({"order_id": order, "reason": "changed_mind",
            "lines": [{"line": 1, "quantity": "1"}]});
        let back = self.hears(http.post("/returns", &back))?["return_id"].clone();
        self.hears(http.post("/returns/receive", &json!({"return_id": back})))?;
        self.came_back += 1;
        let restock = json!({"return_id": back, "lines": [{"line": 1, "outcome": "restock"}]});
        self.hears(http.post("/dispositions", &restock)).map(|_| ())
    }
}

fn whole(quantity: &Value) -> i64 {
    quantity.as_str().and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// So many clients on two nodes, half of them doing one thing and half the other.
fn bout(world: &World, clients: usize, pair: (Does, Does)) -> Did {
    let did: Vec<Did> = std::thread::scope(|scope| {
        let start = std::sync::Arc::new(std::sync::Barrier::new(clients));
        let clients: Vec<_> = (0..clients)
            .map(|client| {
                let start = start.clone();
                scope.spawn(move || {
                    let http = world.client(client / 2);
                    let does = if client % 2 == 0 { pair.0 } else { pair.1 };
                    let there = if client % 4 < 2 { ("WH", "SOUTH") } else { ("SOUTH", "WH") };
                    let mut did = Did::default();
                    start.wait();
                    match does {
                        Does::Orders => drop(did.order(&http, 1)),
                        Does::Ships => drop(did.ship(&http, 2)),
                        Does::Transfers => drop(did.transfer(&http, there)),
                        Does::Counts => drop(did.count(&http, client as i64 % 3 - 1)),
                        Does::TakesBack => drop(did.take_back(&http)),
                    }
                    did
                })
            })
            .collect();
        clients.into_iter().map(|client| client.join().expect("no panic")).collect()
    });
    did.into_iter().fold(Did::default(), |sum, one| Did {
        shipped: sum.shipped + one.shipped,
        came_back: sum.came_back + one.came_back,
        found: sum.found + one.found,
        done: sum.done + one.done,
        refused: sum.refused + one.refused,
    })
}

/// Pieces are bought for a warehouse at 1.00 each, and come.
fn bring(http: &Client, warehouse: &str, pieces: i64) {
    let wanted = json!({"supplier": "POTTER", "warehouse": warehouse,
        "lines": [{"sku": "HOT", "quantity": pieces.to_string(), "price": "1.00"}]});
    let made = http.post("/purchase-orders", &json!({"orders": [wanted]})).ok();
    let order = json!({"order_id": made["orders"][0]["order"]["order_id"]});
    http.post("/purchase-orders/submit", &order).ok();
    let lines = json!([{"line": 1, "quantity": pieces.to_string()}]);
    http.post("/receipts", &json!({"order_id": order["order_id"], "lines": lines})).ok();
}

/// In short eight clients; `PURSER_LONG` makes them sixty-four.
#[test]
fn whatever_two_do_with_the_same_goods_at_once_what_is_sold_is_what_is_gone() {
    let clients = if std::env::var_os("PURSER_LONG").is_some() { 64 } else { 8 };
    let world = World::new(Engine::Postgres, 2);
    let http = world.client(0);
    http.post("/warehouses", &json!({"code": "SOUTH", "name": "South"})).ok();
    http.furnish(&[("HOT", 0)], "refuse");
    let partner = json!({"code": "POTTER", "name": "Potter & Co", "supplier": true,
        "country": "GB", "currency": "GBP", "payment_days": 30});
    http.post("/partners", &json!({"partners": [partner], "all_or_nothing": true})).ok();
    let mut expected = 0;
    let mut refused = 0;
    for (place, first) in ALL.into_iter().enumerate() {
        for second in ALL.into_iter().skip(place) {
            // Fewer than all of them want together.
            let comes = clients as i64 / 2;
            for warehouse in ["WH", "SOUTH"] {
                bring(&http, warehouse, comes);
            }
            let did = bout(&world, clients, (first, second));
            expected += 2 * comes + did.found + did.came_back - did.shipped;
            let there = http.get("/availability?sku=HOT").ok();
            let there = whole(&there["lines"][0]["on_hand"]);
            assert_eq!(there, expected, "{first:?} beside {second:?}: {did:?}");
            assert!(did.done > 0, "{first:?} beside {second:?}");
            refused += did.refused;
        }
    }
    assert!(refused > 0, "there was enough for all");
    world.assert_sound();
}
