use super::world::{Client, now};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode, header};
use base::Timestamp;
use identity::{Ctx, Secret, UserFilter};
use reconcile::SCHEMA;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use store::Database;
use store::testing::{Fresh, on_both_engines};
use tower::ServiceExt;

pub const PASSWORD: &str = "correct horse battery";

/// A browser: it keeps the cookie that it was given, and a clock that a test moves.
pub struct Browser {
    router: Router,
    clock: Arc<AtomicI64>,
    cookie: Option<String>,
    runtime: tokio::runtime::Runtime,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }
}

impl Browser {
    pub fn new(database: &Database, over_tls: bool) -> Browser {
        let clock = Arc::new(AtomicI64::new(now().micros()));
        let shared = Arc::clone(&clock);
        let time = move || Timestamp::from_micros(shared.load(Ordering::SeqCst));
        let app = api::App::with_clock(database.clone(), time).over_tls(over_tls);
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        Browser { router: api::router(app), clock, cookie: None, runtime }
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.clock.load(Ordering::SeqCst))
    }

    pub fn wait(&self, minutes: i64) {
        self.clock.fetch_add(minutes * 60_000_000, Ordering::SeqCst);
    }

    fn send(&mut self, mut request: Request<Body>) -> Answer {
        if let Some(cookie) = &self.cookie {
            let cookie = format!("theme=dark; {cookie}");
            request.headers_mut().insert("cookie", cookie.parse().expect("a header"));
        }
        let router = self.router.clone();
        let (parts, body) = self.runtime.block_on(async {
            let answer: Response<Body> = router.oneshot(request).await.expect("an answer");
            let (parts, body) = answer.into_parts();
            (parts, to_bytes(body, usize::MAX).await.expect("a body"))
        });
        if let Some(set) = parts.headers.get(header::SET_COOKIE) {
            let pair = set.to_str().expect("text").split(';').next().unwrap_or_default();
            self.cookie = (!pair.ends_with('=')).then(|| pair.to_owned());
        }
        let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub fn get(&mut self, path: &str) -> Answer {
        let request = Request::get(format!("/api/v1{path}")).body(Body::empty());
        self.send(request.expect("a request"))
    }

    pub fn post(&mut self, path: &str, key: &str, body: &Value) -> Answer {
        self.post_from(path, key, body, &[("x-purser", "desk"), ("sec-fetch-site", "same-origin")])
    }

    pub fn post_from(
        &mut self,
        path: &str,
        key: &str,
        body: &Value,
        own: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::post(format!("/api/v1{path}"))
            .header("content-type", "application/json")
            .header("idempotency-key", key);
        for (name, value) in own {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_string())).expect("a request"))
    }

    pub fn sign_in(&mut self, password: &str) -> Answer {
        self.post("/session", "-", &json!({ "login": "Admin", "password": password }))
    }
}

pub fn category(code: &str) -> Value {
    json!({ "code": code, "name": "Category" })
}

#[test]
fn a_session_does_what_its_user_may_until_it_is_signed_out() {
    on_both_engines(&SCHEMA, |database| {
        Client::new(database);
        let mut browser = Browser::new(database, false);
        assert_eq!(browser.get("/items").code(), "unauthenticated");
        let signed_in = browser.sign_in(PASSWORD);
        assert_eq!(signed_in.status, StatusCode::OK);
        assert_eq!(signed_in.body["me"]["login"], "admin");
        assert_eq!(signed_in.body["me"]["company"], "Acme");
        let may = signed_in.body["permissions"].as_array().expect("permissions");
        assert!(may.iter().any(|name| name == "purchasing.approve"), "{may:?}");
        let cookie = signed_in.headers[header::SET_COOKIE].to_str().expect("text").to_owned();
        assert!(cookie.starts_with("purser="), "{cookie}");
        assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{cookie}");
        assert_eq!(browser.get("/items").status, StatusCode::OK);
        let made = browser.post("/categories", "c1", &category("A"));
        assert_eq!((made.status, made.code()), (StatusCode::OK, ""));
        assert_eq!(browser.post("/session/end", "-", &json!({})).status, StatusCode::OK);
        assert_eq!(browser.cookie, None);
        browser.cookie = Some(cookie.split(';').next().unwrap_or_default().to_owned());
        assert_eq!(browser.get("/items").code(), "session_over");
    });
}

#[test]
fn a_further_company_has_its_books_and_is_worked_in_under_the_same_sign_in() {
    on_both_engines(&SCHEMA, |database| {
        Client::new(database);
        let mut browser = Browser::new(database, false);
        browser.sign_in(PASSWORD);
        let further = json!({
            "name": "Second", "currency": "EUR", "country": "DE", "zone": "Europe/Berlin",
        });
        let opened = browser.post("/companies", "c1", &further);
        assert_eq!((opened.status, opened.code()), (StatusCode::OK, ""));
        let again = browser.post("/companies", "c2", &further);
        assert_eq!(again.code(), "company_name_taken");
        let mine = browser.get("/companies?sort=country").body;
        assert_eq!(mine["lines"].as_array().map(Vec::len), Some(2));
        assert_eq!(
            browser.get("/session/companies").body["lines"],
            browser.get("/companies").body["lines"]
        );
        let id = &opened.body["company_id"];
        let before = browser.cookie.clone();
        let there = browser.post("/session/company", "-", &json!({ "company_id": id }));
        assert_eq!(
            (there.status, &there.body["me"]["company"]),
            (StatusCode::OK, &json!("Second"))
        );
        let accounts = browser.get("/accounts").body;
        assert!(accounts["lines"].as_array().is_some_and(|lines| !lines.is_empty()));
        let unknown = browser.post("/session/company", "-", &json!({ "company_id": "999999999" }));
        assert_eq!(unknown.code(), "no_access");
        browser.cookie = before;
        assert_eq!(browser.get("/items").code(), "session_over", "the one before has ended");
    });
}

#[test]
fn over_tls_the_cookie_is_this_hosts_alone() {
    let fresh = Fresh::new(store::Engine::Sqlite, &SCHEMA);
    Client::new(&fresh.database);
    let mut browser = Browser::new(&fresh.database, true);
    let answer = browser.sign_in(PASSWORD);
    let cookie = answer.headers[header::SET_COOKIE].to_str().expect("text").to_owned();
    assert!(cookie.starts_with("__Host-purser="), "{cookie}");
    assert!(cookie.ends_with("; Path=/; HttpOnly; SameSite=Strict; Secure"), "{cookie}");
    // Without its prefix it is nobody's.
    browser.cookie = browser.cookie.map(|pair| pair.replace("__Host-", ""));
    assert_eq!(browser.get("/items").code(), "unauthenticated");
}

#[test]
fn another_sites_page_can_change_nothing_with_the_cookie() {
    on_both_engines(&SCHEMA, |database| {
        Client::new(database);
        let mut browser = Browser::new(database, false);
        browser.sign_in(PASSWORD);
        let strangers: [&[(&str, &str)]; 5] = [
            &[],
            &[("sec-fetch-site", "cross-site"), ("x-purser", "desk")],
            &[("sec-fetch-site", "same-site"), ("x-purser", "desk")],
            &[("sec-fetch-site", "same-origin")],
            &[("origin", "https://evil.example"), ("host", "localhost"), ("x-purser", "desk")],
        ];
        for (number, from) in strangers.into_iter().enumerate() {
            for path in ["/categories", "/sessions/end", "/session/end", "/session"] {
                let key = format!("k{number}");
                let answer = browser.post_from(path, &key, &category("X"), from);
                let told = (answer.status, answer.code());
                assert_eq!(told, (StatusCode::FORBIDDEN, "not_from_own_page"), "{path} {from:?}");
            }
            let import = browser.post_from("/items/import", "-", &json!(null), from);
            assert_eq!(import.code(), "not_from_own_page");
        }
        assert_eq!(browser.get("/categories").body["lines"], json!([]));
        let own = [("origin", "http://localhost"), ("host", "localhost"), ("x-purser", "desk")];
        let made = browser.post_from("/categories", "own", &category("X"), &own);
        assert_eq!(made.status, StatusCode::OK);
    });
}

#[test]
fn a_session_that_is_used_stays_and_an_idle_one_is_over() {
    on_both_engines(&SCHEMA, |database| {
        Client::new(database);
        let mut browser = Browser::new(database, false);
        browser.sign_in(PASSWORD);
        for _ in 0..5 {
            browser.wait(25);
            assert_eq!(browser.get("/items").status, StatusCode::OK);
        }
        browser.wait(31);
        assert_eq!(browser.get("/items").code(), "session_over");
        // However busy, it ends after twelve hours.
        browser.sign_in(PASSWORD);
        for _ in 0..28 {
            browser.wait(25);
            assert_eq!(browser.get("/items").status, StatusCode::OK);
        }
        browser.wait(25);
        assert_eq!(browser.get("/items").code(), "session_over");
    });
}

#[test]
fn a_user_sees_the_own_sessions_and_ends_another_of_them() {
    on_both_engines(&SCHEMA, |database| {
        Client::new(database);
        let (mut desk, mut handheld) =
            (Browser::new(database, false), Browser::new(database, false));
        let here = desk.sign_in(PASSWORD).body["session_id"].clone();
        let there = handheld.sign_in(PASSWORD).body["session_id"].clone();
        let listed = desk.get("/sessions").body;
        let lines = listed["lines"].as_array().expect("lines");
        assert!(lines.len() == 2 && lines.iter().any(|line| line["session_id"] == there));
        assert_eq!(desk.get("/session").body["session_id"], here);
        let ended = desk.post("/sessions/end", "-", &json!({ "session_id": there }));
        assert_eq!(ended.status, StatusCode::OK);
        assert_eq!(handheld.get("/items").code(), "session_over");
        assert_eq!(desk.get("/items").status, StatusCode::OK);
        // A second sign-in in the same browser leaves no session behind.
        desk.sign_in(PASSWORD);
        assert_eq!(desk.get("/sessions").body["lines"].as_array().map(Vec::len), Some(1));
    });
}

#[test]
fn a_wrong_password_says_no_more_than_that_and_the_sixth_waits() {
    let fresh = Fresh::new(store::Engine::Sqlite, &SCHEMA);
    Client::new(&fresh.database);
    let mut browser = Browser::new(&fresh.database, false);
    let nobody = json!({ "login": "nobody", "password": "whatever it is" });
    let unknown = browser.post("/session", "-", &nobody);
    let wrong = browser.sign_in("whatever it is");
    assert_eq!((wrong.status, wrong.code()), (StatusCode::UNAUTHORIZED, "wrong_credentials"));
    assert_eq!(wrong.body, unknown.body);
    for _ in 0..4 {
        browser.sign_in("whatever it is");
    }
    let told = browser.sign_in(PASSWORD);
    assert_eq!((told.status, told.code()), (StatusCode::TOO_MANY_REQUESTS, "sign_in_throttled"));
    assert!(told.headers.contains_key(header::RETRY_AFTER));
    browser.wait(1);
    assert_eq!(browser.sign_in(PASSWORD).status, StatusCode::OK);
}

#[test]
fn a_link_signs_in_once_and_within_a_quarter_of_an_hour() {
    on_both_engines(&SCHEMA, |database| {
        Client::new(database);
        let mut browser = Browser::new(database, false);
        let token = link(database);
        assert_eq!(browser.post("/session/link", "-", &json!({ "token": token })).status, 200);
        assert_eq!(browser.get("/session").body["me"]["login"], "admin");
        let again = browser.post("/session/link", "-", &json!({ "token": token }));
        assert_eq!(again.code(), "wrong_sign_in_link");
        let token = link(database);
        browser.wait(15);
        let late = browser.post("/session/link", "-", &json!({ "token": token }));
        assert_eq!(late.code(), "wrong_sign_in_link");
    });
}

fn link(database: &Database) -> String {
    let secret = Secret::random();
    let digest = secret.digest();
    let issued: Result<(), store::StoreError> = database.write(move |tx| {
        let company = identity::companies(tx)?.remove(0);
        let ctx = Ctx::all_rights(&company, base::Id::from_raw(0), now(), "test");
        let users = identity::users(tx, &ctx, UserFilter::default()).expect("users");
        identity::issue_sign_in_link(tx, &ctx, users[0].user_id, &digest).expect("a link");
        Ok(())
    });
    issued.expect("a link");
    secret.reveal()
}

#[test]
fn the_first_start_is_set_up_from_the_browser_with_the_token() {
    on_both_engines(&SCHEMA, |database| {
        let secret = Secret::random();
        let digest = secret.digest();
        let issued = database.write(move |tx| identity::issue_set_up_token(tx, &digest, now()));
        assert!(issued.expect("a token"));
        let mut browser = Browser::new(database, false);
        let request = |token: &str| {
            json!({ "token": token, "set_up": {
                "company": { "name": "Acme", "currency": "GBP", "zone": "Europe/London", "country": "GB" },
                "login": "ada", "display_name": "Ada", "password": PASSWORD } })
        };
        let wrong = browser.post("/session/set-up", "-", &request("00"));
        assert_eq!(wrong.code(), "wrong_set_up_token");
        let done = browser.post("/session/set-up", "-", &request(&secret.reveal()));
        assert_eq!(done.status, StatusCode::OK);
        assert_eq!(browser.get("/session").body["me"]["display_name"], "Ada");
        let accounts = browser.get("/accounts").body["lines"].as_array().map_or(0, Vec::len);
        assert!(accounts > 10, "a new company has its accounts: {accounts}");
        let jobs = browser.get("/jobs").body["lines"].as_array().map_or(0, Vec::len);
        assert_eq!(jobs, jobs::Job::ALL.len(), "and its jobs, before any server ran for it");
        let again = browser.post("/session/set-up", "-", &request(&secret.reveal()));
        assert_eq!(again.code(), "already_set_up");
    });
}

#[test]
fn the_checks_are_a_list_of_those_that_hold_and_those_that_do_not() {
    on_both_engines(&SCHEMA, |database| {
        let client = Client::new(database);
        let checks = client.get("/checks").json();
        let lines = checks["lines"].as_array().expect("lines");
        assert!(lines.len() > 50, "{}", lines.len());
        let broken = client.get("/checks?broken_only=true").json();
        let shown = broken["lines"].as_array().expect("lines");
        assert!(shown.iter().all(|line| line["holds"] == false));
    });
}
