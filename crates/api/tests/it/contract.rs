use super::world::Client;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use std::path::Path;
use store::testing::Fresh;
use store::{Engine, Schema};

pub static SCHEMA: &Schema = &stock::SCHEMA;

#[test]
fn the_committed_contract_is_the_one_that_is_served() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json");
    let served = serde_json::to_string_pretty(&api::openapi()).expect("JSON") + "\n";
    if std::env::var_os("PURSER_WRITE_CONTRACT").is_some() {
        std::fs::write(&file, &served).expect("openapi.json is written");
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == served,
        "openapi.json is not up to date: run `PURSER_WRITE_CONTRACT=1 cargo test -p api`"
    );
}

#[test]
fn no_two_types_of_the_contract_share_a_name() {
    assert_eq!(api::name_collisions(), Vec::<String>::new());
}

#[test]
fn every_route_asks_for_a_permission_and_refuses_who_lacks_it() {
    let fresh = Fresh::new(Engine::Sqlite, SCHEMA);
    let client = Client::with_scopes(&fresh.database, &["nothing.at_all"]);
    for route in api::route_infos() {
        assert!(route.permission.contains('.'), "{route:?}");
        let path = format!("/api/v1{}", route.path.replace("{id}", "1"));
        let request = Request::builder()
            .method(route.method)
            .uri(&path)
            .header("authorization", format!("Bearer {}", client.token))
            .header("content-type", "application/json")
            .header("idempotency-key", "k")
            .body(Body::from("{}"))
            .expect("a request");
        let answer = client.send(request);
        // A body or query that lacks a field is refused before anybody is asked who he is.
        let allowed = [StatusCode::FORBIDDEN, StatusCode::BAD_REQUEST];
        assert!(allowed.contains(&answer.status), "{route:?}: {}", answer.status);
        let nobody = Request::builder().method(route.method).uri(&path).body(Body::empty());
        let answer = client.send(nobody.expect("a request"));
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{route:?}");
    }
}

#[test]
fn what_is_no_route_says_so() {
    let fresh = Fresh::new(Engine::Sqlite, SCHEMA);
    let client = Client::new(&fresh.database);
    assert_eq!(client.get("/nonsense").code(), "no_such_route");
    let wrong = Request::delete("/api/v1/items").body(Body::empty()).expect("a request");
    assert_eq!(client.send(wrong).status, StatusCode::METHOD_NOT_ALLOWED);
    let health = Request::get("/health/ready").body(Body::empty()).expect("a request");
    assert_eq!(client.send(health).status, StatusCode::OK);
}
