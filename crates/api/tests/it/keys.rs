use super::contract::SCHEMA;
use super::world::Client;
use axum::http::StatusCode;
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
