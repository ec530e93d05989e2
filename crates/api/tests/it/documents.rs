use super::world::{Answer, Client};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use reconcile::SCHEMA;
use serde_json::{Value, json};
use store::testing::on_both_engines;

const PDF: &[u8] = b"%PDF-1.7 a certificate";

impl Client {
    fn upload(&self, query: &str, kind: &str, key: &str, content: &[u8]) -> Answer {
        let request = Request::post(format!("/api/v1/documents?{query}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", kind)
            .header("idempotency-key", key)
            .body(Body::from(content.to_vec()));
        self.send(request.expect("a request"))
    }
}

fn supplier(client: &Client) -> String {
    let partner = json!({
        "code": "S-1", "name": "Smith & Sons", "supplier": true, "customer": false,
        "country": "GB", "currency": "GBP",
    });
    let made = client.post("/partners", "p", json!({ "partners": [partner] }).to_string());
    assert_eq!(made.status, StatusCode::OK, "{}", made.json());
    made.json()["partners"][0]["partner_id"].as_str().expect("an id").to_owned()
}

const QUERY: &str = "record_kind=partner&record=S-1&type=certificate&name=Gr%C3%BCn.pdf&\
                     expires_on=2026-03-01";

#[test]
fn a_file_is_uploaded_listed_and_given_back_as_it_came() {
    on_both_engines(&SCHEMA, |database| {
        let client = Client::new(database);
        let partner = supplier(&client);
        let made = client.upload(QUERY, "application/pdf", "k", PDF);
        assert_eq!(made.status, StatusCode::OK, "{}", made.json());
        let again = client.upload(QUERY, "application/pdf", "k", PDF);
        assert!(again.replayed);
        assert_eq!(again.json(), made.json());
        let other = client.upload(QUERY, "application/pdf", "k", b"%PDF-1.7 another");
        assert_eq!(other.code(), "key_reused");
        let id = made.json()["document_id"].as_str().expect("an id").to_owned();

        let of = format!("/documents?record_kind=partner&record_id={partner}");
        let list = client.get(&of).json();
        assert_eq!(list["lines"].as_array().map(Vec::len), Some(1));
        assert_eq!(list["lines"][0]["name"], "Gr\u{fc}n.pdf");
        assert_eq!(list["lines"][0]["record"], "S-1");
        let table = client.get("/documents?expires_before=2026-04-01&format=csv").body;
        assert!(String::from_utf8(table).expect("text").contains("S-1"));
        let none = client.get("/documents?expires_before=2026-03-01").json();
        assert_eq!(none["lines"], json!([]));

        let request = |path: &str| {
            let request = Request::get(format!("/api/v1/documents/{id}{path}"))
                .header("authorization", format!("Bearer {}", client.token));
            request.body(Body::empty()).expect("a request")
        };
        let (headers, bytes) = client.whole(request("/content"));
        assert_eq!(bytes, PDF);
        assert_eq!(headers["content-type"], "application/pdf");
        assert_eq!(headers["x-content-type-options"], "nosniff");
        let told = headers["content-disposition"].to_str().expect("text");
        assert_eq!(told, "inline; filename=\"Gr_n.pdf\"; filename*=UTF-8''Gr%C3%BCn.pdf");
        let (headers, _) = client.whole(request("/content?download=true"));
        let told = headers["content-disposition"].to_str().expect("text");
        assert!(told.starts_with("attachment;"), "{told}");

        let detach = json!({ "document_id": id, "reason": "of another supplier" }).to_string();
        assert_eq!(client.post("/documents/detach", "d", detach).status, StatusCode::OK);
        assert_eq!(client.get(&format!("{of}&current=true")).json()["lines"], json!([]));
        let row = client.get(&format!("/documents/{id}")).json();
        assert_eq!(row["detach_reason"], "of another supplier");
        let company = database.read(identity::companies).expect("companies").remove(0).company_id;
        let findings = database.read(move |tx| reconcile::check(tx, company, None)).expect("run");
        let broken: Vec<_> = findings.iter().filter(|f| !f.breaches.is_empty()).collect();
        assert!(broken.is_empty(), "{broken:?}");
    });
}

#[test]
fn what_is_not_kept_is_refused_with_its_reason() {
    on_both_engines(&SCHEMA, |database| {
        let client = Client::new(database);
        supplier(&client);
        #[track_caller]
        fn check(answer: &Answer, status: StatusCode, code: &str) {
            assert_eq!((answer.status, answer.code().as_str()), (status, code));
        }
        let refused = StatusCode::UNPROCESSABLE_ENTITY;
        let page = client.upload(QUERY, "text/html", "1", b"<!DOCTYPE html><script>");
        check(&page, refused, "media_type_unknown");
        let said = client.upload(QUERY, "image/png", "2", PDF);
        check(&said, refused, "media_type_differs");
        let nobody = QUERY.replace("S-1", "S-2");
        let nobody = client.upload(&nobody, "application/pdf", "3", PDF);
        check(&nobody, StatusCode::NOT_FOUND, "record_not_found");
        let kind = QUERY.replace("partner", "secret");
        let kind = client.upload(&kind, "application/pdf", "4", PDF);
        check(&kind, StatusCode::BAD_REQUEST, "bad_query");
        let unnamed = QUERY.replace("&record=S-1", "");
        let unnamed = client.upload(&unnamed, "application/pdf", "5", PDF);
        check(&unnamed, StatusCode::BAD_REQUEST, "record_not_named");
        let large = client.upload(QUERY, "text/plain", "6", &vec![b'x'; 11 << 20]);
        check(&large, StatusCode::PAYLOAD_TOO_LARGE, "file_too_large");
        let more = client.upload(QUERY, "text/plain", "7", &vec![b'x'; 34 << 20]);
        assert_eq!(more.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(client.get("/documents").json()["lines"], json!([]));
    });
}

#[test]
fn a_document_is_seen_by_who_sees_its_record() {
    on_both_engines(&SCHEMA, |database| {
        let client = Client::new(database);
        let partner = supplier(&client);
        let made = client.upload(QUERY, "application/pdf", "k", PDF).json();
        let id = made["document_id"].as_str().expect("an id");
        let stranger = Client::with_scopes(database, &["documents.*", "stock.read"]);
        assert_eq!(stranger.get("/documents").json()["lines"], json!([]));
        let of = format!("/documents?record_kind=partner&record_id={partner}");
        for path in [of, format!("/documents/{id}"), format!("/documents/{id}/content")] {
            assert_eq!(stranger.get(&path).status, StatusCode::FORBIDDEN, "{path}");
        }
        let detach = json!({ "document_id": id, "reason": "x" }).to_string();
        let detached = stranger.post("/documents/detach", "d", detach);
        assert_eq!(detached.status, StatusCode::FORBIDDEN);
        let denied = stranger.upload(QUERY, "application/pdf", "u", PDF);
        assert_eq!(denied.status, StatusCode::FORBIDDEN);
        let reader = Client::with_scopes(database, &["documents.read", "partners.read"]);
        let lines: Value = reader.get("/documents").json()["lines"].clone();
        assert_eq!(lines[0]["document_id"], *id);
        let denied = reader.upload(QUERY, "application/pdf", "u", PDF);
        assert_eq!(denied.status, StatusCode::FORBIDDEN);
    });
}

#[test]
fn papers_are_pdfs_that_a_browser_shows() {
    on_both_engines(&SCHEMA, |database| {
        let client = Client::new(database);
        let item = json!({ "items": [{ "sku": "A-1", "name": "Kettle" }] });
        let made = client.post("/items", "i", item.to_string());
        let id = made.json()["items"][0]["item_id"].as_str().expect("an id").to_owned();
        let request = Request::get(format!("/api/v1/items/{id}/label?copies=3"))
            .header("authorization", format!("Bearer {}", client.token));
        let (headers, bytes) = client.whole(request.body(Body::empty()).expect("a request"));
        assert_eq!(headers["content-type"], "application/pdf");
        let told = headers["content-disposition"].to_str().expect("text");
        assert!(told.starts_with("inline; filename=\"label-A-1.pdf\""), "{told}");
        assert!(bytes.starts_with(b"%PDF-1.7"));
        let many = client.get(&format!("/items/{id}/label?copies=501"));
        assert_eq!((many.status, many.code().as_str()), (StatusCode::BAD_REQUEST, "copies"));
        for path in [
            "/purchase-orders/7/pdf",
            "/counts/7/pdf",
            "/packages/7/packing-slip",
            "/packages/7/label",
            "/places/7/label",
            "/items/7/label",
        ] {
            assert_eq!(client.get(path).status, StatusCode::NOT_FOUND, "{path}");
        }
    });
}

#[test]
fn policies_are_told_and_set() {
    on_both_engines(&SCHEMA, |database| {
        let client = Client::new(database);
        let value = |name: &str| {
            let lines = client.get("/policies").json()["lines"].clone();
            let lines = lines.as_array().expect("lines").clone();
            let found = lines.iter().find(|line| line["name"] == name).expect("the policy");
            found["value"].as_str().expect("text").to_owned()
        };
        assert_eq!(value("document_limit_mib"), "10");
        let set = |value: &str| {
            let request = json!({ "name": "document_limit_mib", "value": value });
            client.post("/policies", value, request.to_string())
        };
        assert_eq!(set("20").status, StatusCode::OK);
        assert_eq!(value("document_limit_mib"), "20");
        assert_eq!(set("33").code(), "unknown_policy_value");
        let clerk = Client::with_scopes(database, &["stock.*"]);
        assert_eq!(clerk.get("/policies").status, StatusCode::FORBIDDEN);
    });
}
