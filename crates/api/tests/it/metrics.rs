use super::contract::SCHEMA;
use super::world::Client;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use store::testing::on_both_engines;

#[test]
fn the_metrics_count_the_statements_that_ran() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        let wrote = client.post("/warehouses", "wh", r#"{"code":"WH","name":"Main"}"#);
        assert_eq!(wrote.status, StatusCode::OK);
        let request = Request::get("/metrics").body(Body::empty()).expect("a request");
        let answer = client.send(request);
        let text = String::from_utf8(answer.body).expect("text");
        let count = |line: &str| {
            let value = text.lines().find_map(|found| found.strip_prefix(line));
            value.and_then(|value| value.trim().parse::<u64>().ok()).unwrap_or_default()
        };
        assert!(count("purser_store_commits_total ") > 0, "{text}");
        let of = |what: &str| {
            count(&format!("purser_store_statement_{what}{{statement=\"store::CLAIM_KEY\"}} "))
        };
        assert!(of("runs_total") > 0 && of("microseconds_total") > 0, "{text}");
    });
}
