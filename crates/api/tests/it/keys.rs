use super::contract::SCHEMA;
use super::world::{Client, now, retried};
use axum::http::StatusCode;
use base::Id;
use std::sync::mpsc;
use store::StoreError;
use store::testing::on_both_engines;

const WAREHOUSE: &str = r#"{"code":"WH","name":"Main"}"#;

#[test]
fn a_repeated_request_answers_alike_and_acts_once() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        let first = client.post("/warehouses", "k1", WAREHOUSE);
        let again = client.post("/warehouses", "k1", WAREHOUSE);
        assert_eq!((first.status, again.status), (StatusCode::OK, StatusCode::OK));
        assert_eq!((first.replayed, again.replayed), (false, true));
        assert_eq!(first.body, again.body);
        assert_eq!(client.get("/warehouses").json()["lines"].as_array().map(Vec::len), Some(1));
    });
}

#[test]
fn a_key_for_another_request_is_refused() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        client.post("/warehouses", "k1", WAREHOUSE);
        let other = client.post("/warehouses", "k1", r#"{"code":"W2","name":"Second"}"#);
        assert_eq!(
            (other.status, other.code().as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, "key_reused")
        );
    });
}

#[test]
fn a_write_without_a_key_is_told_to_send_one() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        let request = axum::http::Request::post("/api/v1/warehouses")
            .header("authorization", format!("Bearer {}", client.token))
            .header("content-type", "application/json")
            .body(axum::body::Body::from(WAREHOUSE))
            .expect("a request");
        assert_eq!(client.send(request).code(), "idempotency_key_missing");
    });
}

#[test]
fn a_refused_request_may_be_sent_again_with_its_key() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        let place = r#"{"parent":"WH/Stock","code":"A-01"}"#;
        assert_eq!(client.post("/places", "k2", place).code(), "unknown_place");
        client.post("/warehouses", "k1", WAREHOUSE);
        let made = client.post("/places", "k2", place);
        assert_eq!((made.status, made.replayed), (StatusCode::OK, false));
    });
}

#[test]
fn a_key_tells_the_day_on_which_it_was_last_used() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        client.get("/warehouses");
        let keys = client.get("/api-keys").json();
        let today =
            identity::testing::START.day_in(&base::Zone::parse("Europe/London").expect("a zone"));
        assert_eq!(keys["lines"][0]["last_used_on"], today.to_string());
    });
}

#[test]
fn a_key_is_shown_once_and_stops_when_it_is_revoked() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        let asked = serde_json::json!({
            "name": "shop", "scopes": ["stock.read"],
            "expires_on": now().day_in(&base::Zone::parse("Europe/London").expect("a zone"))
                .plus(10).expect("a day"),
        });
        let first = client.post("/api-keys", "k1", asked.to_string());
        let again = client.post("/api-keys", "k1", asked.to_string()).json();
        let made = first.json();
        assert_eq!((&again["api_key_id"], again["key"].as_str()), (&made["api_key_id"], None));
        let ask = |path: &str| {
            let key = made["key"].as_str().expect("the key");
            let request = axum::http::Request::get(format!("/api/v1{path}"))
                .header("authorization", format!("Bearer {key}"))
                .body(axum::body::Body::empty());
            client.send(request.expect("a request")).status
        };
        assert_eq!((ask("/warehouses"), ask("/users")), (StatusCode::OK, StatusCode::FORBIDDEN));
        let revoke = serde_json::json!({ "api_key_id": made["api_key_id"] }).to_string();
        assert_eq!(client.post("/api-keys/revoke", "k2", revoke).status, StatusCode::OK);
        assert_eq!(ask("/warehouses"), StatusCode::UNAUTHORIZED);
        let nobody = client.post("/api-keys/revoke", "k3", r#"{"api_key_id":"999999999999"}"#);
        assert_eq!(nobody.code(), "unknown_api_key");
    });
}

#[test]
fn whoever_may_revoke_no_keys_may_end_their_own() {
    on_both_engines(SCHEMA, |database| {
        let id_of = |client: &Client| client.token.split('_').nth(1).unwrap_or("0").to_owned();
        let admin = Client::new(database);
        let clerk = Client::with_scopes(database, &["stock.read"]);
        let others = serde_json::json!({ "api_key_id": "999999999999" }).to_string();
        let refused = clerk.post("/api-keys/revoke", "k1", others);
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let own = serde_json::json!({ "api_key_id": id_of(&clerk) }).to_string();
        assert_eq!(clerk.post("/api-keys/revoke", "k2", own.clone()).status, StatusCode::OK);
        assert_eq!(clerk.get("/warehouses").status, StatusCode::UNAUTHORIZED);
        assert_eq!(admin.post("/api-keys/revoke", "k3", own).status, StatusCode::OK);
    });
}

#[test]
fn a_repeat_of_a_request_that_was_left_is_told_at_once_that_it_runs() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        let (is_held, held) = mpsc::channel();
        let (go_on, told_to) = mpsc::channel::<()>();
        std::thread::scope(|scope| {
            // Another transaction makes the same warehouse, and takes its time.
            let holding = scope.spawn(|| {
                database.write(move |tx| {
                    let company = identity::companies(tx)?.remove(0);
                    let user = base::UserId::from_raw(0);
                    let ctx = identity::Ctx::all_rights(&company, user, now(), "test");
                    let request = stock::CreateWarehouse { code: "WH".into(), name: "Main".into() };
                    retried(stock::create_warehouse(tx, &ctx, request))?;
                    // Reading sends what was to be written.
                    stock::warehouses(tx, company.company_id)?;
                    is_held.send(()).ok();
                    told_to.recv().ok();
                    Err::<(), _>(StoreError::Unusable("it is given up".into()))
                })
            });
            held.recv().expect("the warehouse is being made");
            client.post_and_leave("/warehouses", "k1", WAREHOUSE);
            let told = client.post("/warehouses", "k1", WAREHOUSE);
            assert_eq!(
                (told.status, told.code().as_str()),
                (StatusCode::SERVICE_UNAVAILABLE, "still_running")
            );
            go_on.send(()).expect("it waits");
            assert!(holding.join().expect("no panic").is_err());
        });
        // Until it is over the repeat is told so; then it gets the first answer.
        let answer = std::iter::repeat_with(|| client.post("/warehouses", "k1", WAREHOUSE))
            .find(|answer| answer.status != StatusCode::SERVICE_UNAVAILABLE);
        let answer = answer.expect("an answer");
        assert_eq!((answer.status, answer.replayed), (StatusCode::OK, true));
    });
}

#[test]
fn how_far_a_request_is_is_told_under_its_key_while_it_is_at_work() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let client = Client::new(database);
        let ask = |client: &Client, query: &str| {
            let request = axum::http::Request::get(format!("/api/v1/opening-progress{query}"))
                .header("authorization", format!("Bearer {}", client.token))
                .header("idempotency-key", "k1")
                .body(axum::body::Body::empty());
            client.send(request.expect("a request"))
        };
        assert_eq!(client.get("/opening-progress").code(), "idempotency_key_missing");
        let nothing = serde_json::json!({ "running": false, "step": "", "done": 0, "total": 0 });
        assert_eq!(ask(&client, "").json(), nothing, "nothing has been sent");
        let files = serde_json::json!({ "trial_balance": "account,debit,credit\n1300,5.00,\n" });
        let open =
            serde_json::json!({ "opened_on": "2026-01-01", "files": files, "dry_run": true });
        assert_eq!(client.post("/openings", "k1", open.to_string()).status, StatusCode::OK);
        assert_eq!(ask(&client, "").json(), nothing, "it is over");
        assert_eq!(ask(&client, "?key=k1").code(), "bad_query");
        let other = Client::with_scopes(database, &["stock.read"]);
        assert_eq!(ask(&other, "").status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_question_needs_no_key_and_keeps_none() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        let ask = |rows: &str| {
            let files = serde_json::json!({ "files": { "channel_clearing": rows } });
            let answer = client.post("/opening-files/read", "k1", files.to_string());
            assert_eq!((answer.status, answer.replayed), (StatusCode::OK, false));
            answer.json()["files"][0]["rows"].clone()
        };
        // The same key with another body would be refused, were it looked at.
        assert_eq!(
            (ask("channel,amount\nWEB,1.00\n"), ask("channel,amount\n")),
            (1.into(), 0.into())
        );
        let request = axum::http::Request::post("/api/v1/opening-files/read")
            .header("authorization", format!("Bearer {}", client.token))
            .header("content-type", "application/json")
            .body(axum::body::Body::from(r#"{"files":{}}"#))
            .expect("a request");
        assert_eq!(client.send(request).status, StatusCode::OK);
    });
}
