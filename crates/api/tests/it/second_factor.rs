use super::sessions::{Answer, Browser, PASSWORD, category};
use super::world::Client;
use axum::http::StatusCode;
use identity::testing::code_of;
use reconcile::SCHEMA;
use serde_json::{Value, json};
use store::testing::{Fresh, on_both_engines};

fn sign_in(browser: &mut Browser, code: &str) -> Answer {
    let body = json!({ "login": "Admin", "password": PASSWORD, "code": code });
    browser.post("/session", "-", &body)
}

/// Sets a second factor up in a browser that is signed in; answers with secret and recovery codes.
fn set_up(browser: &mut Browser) -> (String, Vec<Value>) {
    let begun = browser.post("/me/second-factor", "-", &json!({}));
    assert_eq!((begun.status, begun.code()), (StatusCode::OK, ""));
    let secret = begun.body["secret"].as_str().expect("a secret").to_owned();
    let address = begun.body["address"].as_str().expect("an address");
    assert_eq!(
        address,
        format!("otpauth://totp/Purser:admin%40Acme?secret={secret}&issuer=Purser")
    );
    assert!(begun.body["qr"]["side"].as_u64() > Some(21));
    let code = code_of(&secret, browser.now());
    let confirmed = browser.post("/me/second-factor/confirm", "-", &json!({ "code": code }));
    assert_eq!((confirmed.status, confirmed.code()), (StatusCode::OK, ""));
    (secret, confirmed.body["codes"].as_array().expect("codes").clone())
}

#[test]
fn a_browser_sets_it_up_and_signs_in_with_it() {
    on_both_engines(&SCHEMA, |database| {
        Client::new(database);
        let mut browser = Browser::new(database, false);
        browser.sign_in(PASSWORD);
        assert_eq!(browser.get("/me/second-factor").body["state"], "off");
        let (secret, codes) = set_up(&mut browser);
        assert_eq!(codes.len(), 10);
        let told = browser.get("/me/second-factor").body;
        assert_eq!((&told["state"], &told["recovery_codes_left"]), (&json!("on"), &json!(10)));

        browser.wait(1);
        let needed = browser.sign_in(PASSWORD);
        assert_eq!(
            (needed.status, needed.code()),
            (StatusCode::UNAUTHORIZED, "second_factor_needed")
        );
        let nobody = browser.sign_in("another password");
        assert_eq!(nobody.code(), "wrong_credentials", "a wrong password tells of no factor");
        let code = code_of(&secret, browser.now());
        assert_eq!(sign_in(&mut browser, &code).status, StatusCode::OK);
        assert_eq!(sign_in(&mut browser, &code).code(), "wrong_second_factor");
        let recovery = codes[0].as_str().expect("text");
        assert_eq!(sign_in(&mut browser, recovery).status, StatusCode::OK);
        assert_eq!(sign_in(&mut browser, recovery).code(), "wrong_second_factor");

        let prove = |code: &str, password: &str| json!({ "password": password, "code": code });
        let wrong = browser.post("/me/second-factor/off", "-", &prove("000000", "not it at all"));
        assert_eq!(wrong.code(), "wrong_password");
        browser.wait(1);
        let code = code_of(&secret, browser.now());
        let renewed =
            browser.post("/me/second-factor/recovery-codes", "-", &prove(&code, PASSWORD));
        assert_eq!(renewed.body["codes"].as_array().map(Vec::len), Some(10));
        let last = renewed.body["codes"][9].as_str().expect("text").to_owned();
        let off = browser.post("/me/second-factor/off", "-", &prove(&last, PASSWORD));
        assert_eq!((off.status, off.code()), (StatusCode::OK, ""));
        assert_eq!(browser.sign_in(PASSWORD).status, StatusCode::OK);
    });
}

#[test]
fn wrong_codes_wait_as_wrong_passwords_do_at_sign_in_and_after_it() {
    let fresh = Fresh::new(store::Engine::Sqlite, &SCHEMA);
    Client::new(&fresh.database);
    let mut browser = Browser::new(&fresh.database, false);
    browser.sign_in(PASSWORD);
    let (secret, _) = set_up(&mut browser);
    browser.wait(1);
    for _ in 0..4 {
        assert_eq!(sign_in(&mut browser, "000000").code(), "wrong_second_factor");
        assert_eq!(browser.sign_in(PASSWORD).code(), "second_factor_needed", "that resets nothing");
    }
    assert_eq!(sign_in(&mut browser, "000000").code(), "wrong_second_factor");
    let code = code_of(&secret, browser.now());
    let told = sign_in(&mut browser, &code);
    assert_eq!((told.status, told.code()), (StatusCode::TOO_MANY_REQUESTS, "sign_in_throttled"));
    let off = json!({ "password": PASSWORD, "code": code });
    assert_eq!(browser.post("/me/second-factor/off", "-", &off).code(), "sign_in_throttled");
    browser.wait(1);
    let code = code_of(&secret, browser.now());
    assert_eq!(sign_in(&mut browser, &code).status, StatusCode::OK);
}

#[test]
fn a_session_without_what_the_company_asks_for_can_only_set_it_up() {
    on_both_engines(&SCHEMA, |database| {
        let client = Client::new(database);
        let mut browser = Browser::new(database, false);
        browser.sign_in(PASSWORD);
        let policy = json!({ "name": "second_factor", "value": "required_for_all" });
        assert_eq!(browser.post("/policies", "p", &policy).status, StatusCode::OK);

        for path in ["/items", "/sessions", "/me/device-key", "/imports", "/events"] {
            let answer = browser.get(path);
            let told = (answer.status, answer.code());
            assert_eq!(told, (StatusCode::FORBIDDEN, "second_factor_missing"), "{path}");
        }
        let made = browser.post("/categories", "c", &category("A"));
        assert_eq!(made.code(), "second_factor_missing");
        let who = browser.get("/session").body;
        assert_eq!((&who["lacks_second_factor"], &who["permissions"]), (&json!(true), &json!([])));
        assert_eq!(client.get("/items").status, StatusCode::OK, "a key carries its own grants");

        set_up(&mut browser);
        assert_eq!(browser.get("/items").status, StatusCode::OK);
        let who = browser.get("/session").body;
        assert_eq!(who["lacks_second_factor"], false);
        assert_eq!(client.get("/me/second-factor").code(), "second_factor_needs_session");
        let users = client.get("/users?second_factor=on").json();
        assert_eq!(users["lines"].as_array().map(Vec::len), Some(1));
        assert_eq!(client.get("/users?second_factor=missing").json()["lines"], json!([]));
        assert_eq!(client.get("/users?second_factor=perhaps").code(), "bad_query");
    });
}

#[test]
fn setting_up_late_in_a_session_asks_for_the_password() {
    on_both_engines(&SCHEMA, |database| {
        Client::new(database);
        let mut browser = Browser::new(database, false);
        browser.sign_in(PASSWORD);
        browser.wait(16);
        let late = browser.post("/me/second-factor", "-", &json!({}));
        assert_eq!((late.status, late.code()), (StatusCode::FORBIDDEN, "not_shown_to_be_you"));
        let wrong =
            browser.post("/me/second-factor", "-", &json!({ "password": "something else" }));
        assert_eq!(wrong.code(), "wrong_password");
        let begun = browser.post("/me/second-factor", "-", &json!({ "password": PASSWORD }));
        assert_eq!(begun.status, StatusCode::OK);
        let stranger = browser.post_from("/me/second-factor", "-", &json!({}), &[]);
        assert_eq!(stranger.code(), "not_from_own_page");
    });
}

#[test]
fn a_wrong_code_is_noted_although_what_it_was_given_for_is_refused() {
    on_both_engines(&SCHEMA, |database| {
        let client = Client::new(database);
        let mut browser = Browser::new(database, false);
        browser.sign_in(PASSWORD);
        let (secret, _) = set_up(&mut browser);
        browser.wait(1);
        assert_eq!(sign_in(&mut browser, "000000").code(), "wrong_second_factor");
        let off = json!({ "password": PASSWORD, "code": "111111" });
        let refused = browser.post("/me/second-factor/off", "-", &off);
        assert_eq!(refused.code(), "wrong_second_factor");
        let told = browser.get("/me/second-factor").body;
        assert_eq!((&told["wrong_codes"], &told["wrong_codes_in_a_row"]), (&json!(2), &json!(2)));
        let trail = client.get("/audit?verb=identity.wrong_code").json();
        assert_eq!(trail["lines"].as_array().map(Vec::len), Some(2));
        assert_eq!(trail["lines"][0]["login"], "admin");

        let code = code_of(&secret, browser.now());
        assert_eq!(sign_in(&mut browser, &code).status, StatusCode::OK);
        let told = browser.get("/me/second-factor").body;
        assert_eq!((&told["wrong_codes"], &told["wrong_codes_in_a_row"]), (&json!(2), &json!(0)));
    });
}
