//! Who agrees to what: a buyer asks, a delegate approves in the lead's name, bank details take two
//! people, and the report tells who did what two people should do.

use super::world::{Client, World};
use identity::{CreateApiKey, CreateUser, GrantRole, Secret};
use serde_json::{Value, json};
use store::{Engine, StoreError};

/// A person of the company with roles, and a client that asks in that name.
fn person(world: &World, login: &'static str, roles: &'static [&'static str]) -> Client {
    let (company, secret) = (world.company, Secret::random());
    let digest = secret.digest();
    let key = world.nodes[0]
        .write(move |tx| {
            let fault = |error: &dyn std::fmt::Debug| StoreError::Unusable(format!("{error:?}"));
            let at = identity::testing::START;
            let admin = identity::find_member(tx, company, "admin")?.expect("the administrator");
            let ctx = identity::ctx_for_user(tx, company, admin, at, "test")
                .map_err(|error| fault(&error))?;
            let (login, display_name) = (login.to_owned(), login.to_owned());
            let request = CreateUser { login: login.clone(), display_name, password: None };
            let user_id =
                identity::create_user(tx, &ctx, request).map_err(|error| fault(&error))?;
            for role in roles {
                let (login, role) = (login.clone(), (*role).to_owned());
                let request = GrantRole { login, role, warehouse_id: None, amount_limit: None };
                identity::grant(tx, &ctx, request).map_err(|error| fault(&error))?;
            }
            let request = CreateApiKey {
                name: login,
                scopes: vec!["*".to_owned()],
                expires_on: ctx.today.plus(100).expect("a day"),
                user_id: Some(user_id),
            };
            let key = identity::create_api_key(tx, &ctx, request, &digest);
            key.map_err(|error| fault(&error))
        })
        .expect("a person");
    world.client_with(identity::api_key_text(key, &secret))
}

fn lines(answer: &Value) -> &[Value] {
    answer["lines"].as_array().map_or(&[], Vec::as_slice)
}

fn policy(world: &World, name: &'static str, value: &'static str) {
    let company = world.company;
    world.nodes[0]
        .write(move |tx| {
            let found = identity::find_company(tx, company)?.expect("the company");
            let nobody = base::Id::from_raw(0);
            let at = identity::testing::START;
            let ctx = identity::Ctx::all_rights(&found, nobody, at, "test");
            identity::set_policy(tx, &ctx, name, value)
        })
        .expect("a policy");
}

/// What waits for somebody: kinds with numbers.
fn inbox(client: &Client) -> Vec<Value> {
    lines(&client.get("/approvals").ok()).to_vec()
}

fn decide(client: &Client, approvals: &[&Value], verdict: &str, reason: &str) -> Vec<Value> {
    let one = |row: &&Value| json!({"approval_id": row["approval_id"], "verdict": verdict, "reason": reason});
    let decisions: Vec<Value> = approvals.iter().map(one).collect();
    let body = client.post("/approvals/decide", &json!({"decisions": decisions})).ok();
    body["results"].as_array().expect("results").clone()
}

fn agreed(engine: Engine) -> World {
    let world = World::new(engine, 1);
    let admin = world.client(0);
    admin.furnish(&[("MUG", 0)], "back_order");
    let partner = json!({"code": "POTTER", "name": "Potter & Co", "supplier": true,
        "country": "GB", "currency": "GBP", "category": "overseas"});
    let made =
        admin.post("/partners", &json!({"partners": [partner], "all_or_nothing": true})).ok();
    let partner_id = made["partners"][0]["partner_id"].clone();
    admin
        .post(
            "/offers",
            &json!({"offers": [
        {"supplier": "POTTER", "sku": "MUG", "price": "3.00"}]}),
        )
        .ok();
    let [buyer, lead, deputy] =
        [("buyer", &["buyer"][..]), ("lead", &["buyer_lead"]), ("deputy", &["warehouse"])]
            .map(|(login, roles)| person(&world, login, roles));
    let [pat, quinn] = [("pat", &["finance"][..]), ("quinn", &["finance"])]
        .map(|(login, roles)| person(&world, login, roles));

    // A price over the offer needs a yes; everything else of a buyer needs none.
    let kinds = admin.get("/approval-kinds").ok();
    assert_eq!(lines(&kinds).len(), 5, "{kinds}");
    let rule = json!({"kind": "purchase_order", "code": "R2", "name": "Dear goods",
        "conditions": [{"fact": "price_over_offer_percent", "above": 10}],
        "escalate_after_days": 2, "escalate_role": "leader"});
    admin.post("/approval-rules", &rule).ok();
    let unknown = json!({"kind": "purchase_order", "code": "R3",
        "conditions": [{"fact": "weather", "is": ["wet"]}]});
    assert_eq!(admin.post("/approval-rules", &unknown).code(), "unknown_fact");
    let order = |price: &str| {
        let order = json!({"supplier": "POTTER", "warehouse": "WH",
            "lines": [{"sku": "MUG", "quantity": "10", "price": price}]});
        let made = buyer.post("/purchase-orders", &json!({"orders": [order]})).ok();
        let order_id = made["orders"][0]["order"]["order_id"].clone();
        let done = buyer.post("/purchase-orders/submit", &json!({"order_id": order_id})).ok();
        (order_id, done["state"].clone())
    };
    assert_eq!(order("3.00").1, "approved");
    let (dear, state) = order("3.36");
    assert_eq!(state, "to_approve");
    assert!(inbox(&buyer).is_empty(), "one's own is not in one's inbox");
    let own = buyer.get("/approvals?which=asked_by_me").ok();
    assert_eq!(lines(&own).len(), 1);
    assert!(inbox(&deputy).is_empty());
    let row = inbox(&lead).remove(0);
    let why = "because the price of MUG is 12% over the offer, rule R2";
    assert_eq!((row["why"].as_str(), row["rule"].as_str()), (Some(why), Some("R2")));
    assert_eq!(row["escalates_on"], "2026-01-07");

    // The lead is away: the deputy decides in the lead's name, and may not without it.
    let refused = decide(&deputy, &[&row], "approve", "");
    assert_eq!(
        (&refused[0]["outcome"], &refused[0]["code"]),
        (&json!("refused"), &json!("approval_not_found"))
    );
    lead.post(
        "/delegations",
        &json!({"to": "deputy", "to_day": "2026-01-31",
        "kinds": ["purchase_order"], "reason": "holiday"}),
    )
    .ok();
    let seen = inbox(&deputy).remove(0);
    assert!(seen["decides_for"].is_string(), "{seen}");
    let done = decide(&deputy, &[&seen], "approve", "");
    assert_eq!((&done[0]["outcome"], &done[0]["state"]), (&json!("done"), &json!("approved")));
    let found = admin.get(&format!("/purchase-orders/{}", dear.as_str().expect("an id"))).ok();
    assert_eq!(found["order"]["state"].as_str().or(found["state"].as_str()), Some("approved"));
    let history = admin.get("/approvals/history?kind=purchase_order").ok();
    let told = &lines(&history)[0];
    assert_eq!(told["decided_by_name"], "deputy");
    assert_eq!(told["in_name_of_name"], "lead");

    // Bank details take two people; until then the old ones hold, and the list says so.
    let change = |client: &Client, revision: i64, account: &str| {
        client
            .post(
                "/partners/bank-details",
                &json!({"partner_id": partner_id,
            "revision": revision, "bank_account": account}),
            )
            .ok()
    };
    let asked = change(&pat, 1, "GB82 WEST 1234 5698 7654 32");
    assert_eq!(asked["waits"], true, "{asked}");
    let list = admin.get("/partners?bank_details_wait=true").ok();
    assert_eq!(lines(&list).len(), 1, "{list}");
    assert!(inbox(&pat).is_empty(), "whoever asked does not confirm");
    let waiting = inbox(&quinn).remove(0);
    assert_eq!(
        (&waiting["kind"], &waiting["facts"]["after"]),
        (&json!("bank_details"), &json!("…5432"))
    );
    let silent = decide(&quinn, &[&waiting], "refuse", "");
    assert_eq!(silent[0]["code"], "reason_missing");
    let done = decide(&quinn, &[&waiting], "approve", "");
    assert_eq!(done[0]["state"], "approved", "{done:?}");
    let again = decide(&quinn, &[&waiting], "approve", "");
    assert_eq!(again[0]["outcome"], "refused", "a second yes changes nothing");

    // Quinn confirmed the account and pays on it; pat asks for another, and what waits is told.
    admin
        .post("/purchase-orders/send", &json!({"order_id": dear, "recipient": "a@b.example"}))
        .ok();
    let receipt = json!({"order_id": dear, "lines": [{"line": 1, "quantity": "10"}]});
    admin.post("/receipts", &receipt).ok();
    let bill = json!({"supplier": "POTTER", "reference": "B-1",
        "goods": [{"order_id": dear, "line": 1}]});
    let billed = admin.post("/bills", &bill).ok();
    let (bill_id, total) = (billed["bill_id"].clone(), billed["total"].clone());
    change(&pat, 2, "DE89 3704 0044 0532 0130 00");
    let id: i64 = bill_id.as_str().and_then(|id| id.parse().ok()).expect("a bill");
    let pay = json!({"amount": total, "allocations": [{"open": {"kind": "bill", "id": id}}]});
    policy(&world, "pay_while_bank_details_wait", "refused");
    assert_eq!(quinn.post("/supplier-payments", &pay).code(), "bank_details_wait");
    policy(&world, "pay_while_bank_details_wait", "allowed");
    let paid = quinn.post("/supplier-payments", &pay).ok();
    assert!(paid["number"].is_string(), "{paid}");
    let payments = admin.get("/payments?kind=pay").ok();
    assert_eq!(lines(&payments)[0]["bank_details_waited"], true, "{payments}");

    // The report tells whose rights join two duties, and who did both.
    let report = admin.get("/reports/segregation-of-duties?finding=act").ok();
    let acts: Vec<(&str, &str)> = lines(&report)
        .iter()
        .filter_map(|row| Some((row["rule"].as_str()?, row["login"].as_str()?)))
        .collect();
    assert!(acts.contains(&("bank_pay", "quinn")), "{acts:?}");
    assert!(acts.contains(&("receive_bill", "admin")), "{acts:?}");
    assert!(!acts.iter().any(|(rule, _)| *rule == "asked_approved"), "{acts:?}");
    let rights =
        admin.get("/reports/segregation-of-duties?finding=rights&login=quinn&rule=bank_pay").ok();
    assert_eq!(lines(&rights)[0]["first_roles"], "finance");
    let none = admin.get("/reports/segregation-of-duties?finding=rights&login=deputy").ok();
    assert!(lines(&none).is_empty(), "{none}");
    assert_eq!(quinn.get("/reports/segregation-of-duties").code(), "permission_denied");
    world.assert_sound();
    world
}

#[test]
fn who_agrees_is_kept_in_both_names_and_duties_that_join_are_told() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        agreed(engine);
    }
}
