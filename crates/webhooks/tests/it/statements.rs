use store::testing::{Fresh, assert_statements_agree, plan};
use store::{Engine, Statement};
use webhooks::SCHEMA;

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    assert_statements_agree(&SCHEMA);
}

#[test]
fn what_is_due_is_found_by_key() {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let all = || SCHEMA.in_order().into_iter().flat_map(|part| part.statements.iter().copied());
    let plan = |name: &str| {
        let found: Option<&'static Statement> = all().find(|statement| statement.name == name);
        plan(&fresh.database, found.unwrap_or_else(|| panic!("there is no statement {name}")))
    };
    for (name, key) in [
        ("store::WAITING_FACTS", "store_fact_waiting (company_id=?)"),
        ("webhooks::NEXT_DUE", "webhooks_delivery_due (company_id=? AND webhook_id=? AND state=?"),
        (
            "webhooks::NEXT_DUE",
            "webhooks_delivery_ahead (company_id=? AND webhook_id=? AND aggregate_kind=? AND \
             aggregate_id=? AND seq<?)",
        ),
        (
            "webhooks::NEXT_PING",
            "webhooks_delivery_ping (company_id=? AND webhook_id=? AND aggregate_kind=? AND state=?",
        ),
        (
            "webhooks::DUE_WEBHOOKS",
            "webhooks_delivery_ping (company_id=? AND webhook_id=? AND aggregate_kind=? AND state=?",
        ),
        (
            "webhooks::DUE_WEBHOOKS",
            "webhooks_delivery_due (company_id=? AND webhook_id=? AND state=?",
        ),
        ("webhooks::GIVE_UP", "webhooks_delivery_due (company_id=? AND webhook_id=? AND state=?"),
        ("webhooks::RETIRED_WAITING", "(company_id=? AND webhook_id=? AND state=?"),
        ("webhooks::LEASES_OVER", "webhooks_delivery_leased (company_id=?"),
        ("webhooks::SPAN", "store_fact_time (company_id=?"),
    ] {
        let found = plan(name);
        assert!(found.contains(key), "{name} does not use {key}:\n{found}");
    }
    for name in ["webhooks::NEXT_PING", "webhooks::NEXT_DUE"] {
        let found = plan(name);
        assert!(!found.contains("TEMP B-TREE"), "{name} sorts what is due:\n{found}");
    }
}
