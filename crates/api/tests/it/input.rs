use super::contract::SCHEMA;
use super::world::Client;
use axum::http::StatusCode;
use store::testing::on_both_engines;

#[test]
fn bad_input_is_refused_with_its_place_and_changes_nothing() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        client.post("/warehouses", "wh", r#"{"code":"WH","name":"Main"}"#);
        let items = r#"{"items":[{"sku":"A","name":"Thing"}]}"#;
        assert_eq!(client.post("/items", "items", items).status, StatusCode::OK);
        let line = |quantity: &str| {
            format!(
                r#"{{"lines":[{{"sku":"A","place":"WH/Stock","quantity":{quantity},"reason":"found"}}]}}"#
            )
        };
        let long = format!(r#"{{"lines":[],"memo":"{}"}}"#, "x".repeat(1_000_000));
        let bodies = [
            ("", "bad_request"),
            ("{", "bad_request"),
            ("[]", "bad_request"),
            (r#"{"lines":[],"extra":1}"#, "bad_request"),
            (r#"{"lines":[]} trailing"#, "bad_request"),
            (r#"{"lines":[]}"#, "adjustment_empty"),
            (&line("1"), "bad_request"),
            (&line("null"), "bad_request"),
            (&line("\"1e3\""), "bad_request"),
            (&line("\"0.0000001\""), "bad_request"),
            (&line("\"99999999999999999999\""), "bad_request"),
            (&line("\"1,5\""), "bad_request"),
            (&line("\"NaN\""), "bad_request"),
            (&line("\"0\""), "quantity_zero"),
            (&line("\"-5\""), "insufficient_stock"),
            (&line("\"9223372036854\""), ""),
            (r#"{"lines":[],"memo":"\u0000"}"#, ""),
            (&long, ""),
        ];
        for (number, (body, code)) in bodies.iter().enumerate() {
            let answer = client.post("/adjustments", &format!("k{number}"), (*body).to_owned());
            let shown = body.chars().take(60).collect::<String>();
            assert!(!answer.status.is_server_error(), "{shown}: {}", answer.status);
            if code.is_empty() {
                continue;
            }
            assert!(answer.status.is_client_error(), "{shown}: {}", answer.status);
            assert_eq!(answer.code(), *code, "{shown}");
        }
        let wrong_field = client.post("/adjustments", "kf", line("true"));
        let place = wrong_field.json()["place"]["field"].as_str().unwrap_or_default().to_owned();
        assert_eq!(place, "lines[0].quantity");
    });
}

#[test]
fn a_body_beyond_the_limit_is_refused() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        let huge = format!(r#"{{"lines":[],"memo":"{}"}}"#, "x".repeat(api::BODY_LIMIT));
        let answer = client.post("/adjustments", "k", huge);
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    });
}

#[test]
fn lists_page_by_cursor_and_export_whole() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        let items: Vec<String> =
            (0..7).map(|i| format!(r#"{{"sku":"S{i}","name":"=Thing {i}"}}"#)).collect();
        let body = format!(r#"{{"items":[{}]}}"#, items.join(","));
        assert_eq!(client.post("/items", "k", body).status, StatusCode::OK);
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = client.get(&format!("/items?limit=3{cursor}")).json();
            let lines = page["lines"].as_array().cloned().unwrap_or_default();
            seen.extend(lines.iter().filter_map(|line| line["sku"].as_str().map(str::to_owned)));
            let Some(next) = page["next_cursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(seen, ["S0", "S1", "S2", "S3", "S4", "S5", "S6"]);
        let csv = String::from_utf8(client.get("/items?limit=2&format=csv").body).expect("text");
        assert_eq!(csv.lines().count(), 8, "{csv}");
        assert!(csv.contains("'=Thing 0"), "{csv}");
        let book = client.get("/items?limit=2&format=xlsx").body;
        assert!(book.starts_with(b"PK"), "a workbook is a zip");
        assert_eq!(client.get("/items?format=pdf").code(), "bad_query");
        assert_eq!(client.get("/items?nonsense=1").code(), "bad_query");
        assert_eq!(client.get("/stock?cursor=zz").code(), "bad_cursor");
    });
}

#[test]
fn a_nul_is_named_with_its_path_and_an_escaped_backslash_is_none() {
    on_both_engines(SCHEMA, |database| {
        let client = Client::new(database);
        let body = r#"{"lines":[{"sku":"A","place":"W\u0000","quantity":"1","reason":"found"}]}"#;
        let refused = client.post("/adjustments", "k", body);
        assert_eq!(
            (refused.status, refused.code()),
            (StatusCode::BAD_REQUEST, "bad_request".into())
        );
        assert_eq!(refused.json()["place"]["field"], "lines[0].place");
        let plain = r#"{"items":[{"sku":"A","name":"back\\u0000slash"}]}"#;
        assert_eq!(client.post("/items", "plain", plain).status, StatusCode::OK);
        assert_eq!(client.get("/stock?sku=%00").code(), "bad_query");
    });
}
