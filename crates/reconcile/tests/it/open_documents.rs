use super::world::World;
use base::Rule;
use reconcile::{OpenDocument, SCHEMA, open_documents};
use serde_json::{Value, json};
use store::testing::on_both_engines;

fn lines(world: &World<'_>, filter: Value) -> Vec<OpenDocument> {
    world.ask(open_documents, filter).expect("a list").lines
}

/// An order of ACME that is received and billed.
fn billed(world: &World<'_>, reference: &str) {
    let lines = json!([{ "sku": "A", "quantity": "10", "price": "2" }]);
    let order_id = world.order("2025-11-03", "ACME", lines);
    world.arrive("2025-11-03", order_id, "10");
    let goods = json!([{ "order_id": order_id, "line": 1, "quantity": "10" }]);
    let bill = json!({ "supplier": "ACME", "reference": reference, "currency": "GBP",
        "goods": goods });
    world.act("2025-11-10", purchasing::bill, bill);
}

#[test]
fn open_lines_are_told_by_number_and_partner() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db);
        billed(&world, "INV-77");
        billed(&world, "INV-78");
        let order_id = world.accept("2025-12-01", "A", "3");
        let payable = lines(&world, json!({ "role": "payable" }));
        assert_eq!(payable.len(), 2);
        let first = &payable[0];
        assert_eq!((first.kind.as_str(), first.reference.as_str()), ("bill", "INV-77"));
        assert!(first.number.starts_with("BI-"), "{}", first.number);
        assert_eq!((first.partner.as_str(), first.partner_name.as_str()), ("ACME", "ACME"));
        assert_eq!((first.amount.minor, first.agreed.minor), (-2_000, -2_000));
        let with = lines(&world, json!({ "role": "payable", "partner": "ACME" }));
        assert_eq!(with, payable);
        assert_eq!(lines(&world, json!({ "role": "payable", "partner": "BOLT" })), []);
        assert_eq!(lines(&world, json!({ "partner": "NOBODY" })), []);
        // What a channel holds for us is there, too; what was paid ahead, by the order's number.
        let held = lines(&world, json!({ "role": "channel_clearing" }));
        assert_eq!((held[0].kind.as_str(), held[0].source_id), ("channel", 1));
        let ahead = lines(&world, json!({ "role": "customer_deposits" }));
        assert_eq!(ahead[0].source_id, base::Id::raw(order_id));
        assert!(ahead[0].number.starts_with("SO-"), "{}", ahead[0].number);
        // Page by page it is the same.
        let (mut told, mut cursor) = (Vec::new(), Value::Null);
        loop {
            let filter = json!({ "limit": 1, "cursor": cursor });
            let page = world.ask(open_documents, filter).expect("a page");
            told.extend(page.lines);
            let Some(next) = page.next_cursor else { break };
            cursor = json!(next);
        }
        assert_eq!(told, lines(&world, json!({})));
    });
}

#[test]
fn open_lines_are_told_to_who_may_read_the_books() {
    on_both_engines(&SCHEMA, |db| {
        let other = World::new(db).holding(&["payments.pay"]).ask(open_documents, json!({}));
        assert_eq!(other.expect_err("no list").problem().code, "permission_denied");
    });
}
