//! The process is killed while clients write: what was acknowledged is there, once.

use super::server::{Client, Site, purser};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::Engine;

const CLIENTS: u64 = 8;

/// What was sent under one key, and what is known of it.
struct Sent {
    path: &'static str,
    body: Value,
    answer: Option<String>,
}

#[derive(Default)]
struct Ledger {
    sent: Mutex<BTreeMap<String, Sent>>,
    next: AtomicU64,
}

impl Ledger {
    fn send(
        &self,
        client: &Client,
        path: &'static str,
        reference: &str,
        body: &Value,
    ) -> Option<Value> {
        let answer = client.post(path, reference, body);
        let mut sent = self.sent.lock().expect("the ledger");
        let entry = sent.entry(reference.to_owned()).or_insert(Sent {
            path,
            body: body.clone(),
            answer: None,
        });
        let (status, text) = answer?;
        assert_eq!(status, 200, "{path} {text}");
        entry.answer = Some(text.clone());
        serde_json::from_str(&text).ok()
    }

    /// One order accepted and shipped, and one adjustment; ends at the first broken connection.
    fn work(&self, client: &Client) -> Option<()> {
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let order = json!({
                "channel": "web", "external_ref": format!("order-{number}"),
                "client_ref": format!("order-{number}"), "country": "GB",
                "lines": [{"sku": "A", "quantity": "1", "price": "5"},
                          {"sku": "B", "quantity": "2", "price": "3"}]
            });
            let accepted =
                self.send(client, "/sales-orders", &format!("order-{number}"), &order)?;
            let ship =
                json!({"order_id": accepted["order_id"], "client_ref": format!("ship-{number}")});
            self.send(client, "/shipments", &format!("ship-{number}"), &ship)?;
            let adjust = json!({
                "client_ref": format!("adjust-{number}"),
                "lines": [{"sku": "A", "place": "WH/Stock", "quantity": "1", "reason": "found"}]
            });
            self.send(client, "/adjustments", &format!("adjust-{number}"), &adjust)?;
        }
    }
}

fn references(client: &Client, path: &str, prefix: &str) -> Vec<String> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}?client_ref_prefix={prefix}{cursor}"));
        let lines = page["lines"].as_array().cloned().unwrap_or_default();
        found
            .extend(lines.iter().filter_map(|line| line["client_ref"].as_str().map(str::to_owned)));
        let Some(next) = page["next_cursor"].as_str() else { return found };
        cursor = format!("&cursor={next}");
    }
}

fn kills() -> u64 {
    if std::env::var_os("PURSER_LONG").is_some() { 100 } else { 6 }
}

fn survive(engine: Engine) {
    let site = Site::new(engine);
    let server = site.start();
    server.client().furnish();
    let ledger = Ledger::default();
    let mut server = server;
    for round in 0..kills() {
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                let (client, ledger) = (server.client(), &ledger);
                scope.spawn(move || ledger.work(&client));
            }
            // Another moment each time, so that kills meet every step.
            std::thread::park_timeout(Duration::from_millis(150 + round * 37 % 200));
            server.kill();
        });
        server = site.start();
    }
    let client = server.client();
    settle_and_replay(&ledger, &client);
    for (path, prefix) in
        [("/sales-orders", "order-"), ("/shipments", "ship-"), ("/adjustments", "adjust-")]
    {
        let found = references(&client, path, prefix);
        let distinct: BTreeSet<&String> = found.iter().collect();
        assert_eq!(distinct.len(), found.len(), "{path}: nothing is there twice");
        let sent = ledger.sent.lock().expect("the ledger");
        let due: BTreeSet<&String> = sent.keys().filter(|key| key.starts_with(prefix)).collect();
        assert_eq!(distinct, due, "{path}: nothing is lost and nothing was made up");
        println!("{engine:?}: {} of {path} after {} kills", found.len(), kills());
    }
    server.kill();
    let told = purser(&site.fresh.url, &["check"]);
    assert!(told.as_ref().is_ok_and(|text| text.contains(", 0 broken")), "{told:?}");
}

/// Unknown outcomes are settled by sending again; acknowledged ones answer as they did.
fn settle_and_replay(ledger: &Ledger, client: &Client) {
    let mut sent = ledger.sent.lock().expect("the ledger");
    for (reference, entry) in sent.iter_mut() {
        let (status, text) = client.post(entry.path, reference, &entry.body).expect("an answer");
        assert_eq!(status, 200, "{reference}: {text}");
        if let Some(first) = &entry.answer {
            assert_eq!(&text, first, "{reference} answers as it did");
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_on_sqlite() {
    survive(Engine::Sqlite);
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_on_postgres() {
    survive(Engine::Postgres);
}
