//! What a browser needs for work without a network: its user's key, and that nobody sends what somebody
//! else left.

use super::sessions::{Browser, category};
use super::world::Client;
use axum::http::StatusCode;
use reconcile::SCHEMA;
use serde_json::json;
use store::testing::on_both_engines;

const PASSWORD: &str = "correct horse battery";

#[test]
fn a_device_key_is_handed_to_sessions_of_its_user_alone() {
    on_both_engines(&SCHEMA, |database| {
        let client = Client::new(database);
        let mut browser = Browser::new(database, false);
        assert_eq!(browser.get("/me/device-key").code(), "unauthenticated");
        browser.sign_in(PASSWORD);
        assert_eq!(browser.get("/me/device-key").code(), "device_key_not_made");
        let made = browser.post("/me/device-key", "-", &json!({}));
        assert_eq!(made.status, StatusCode::OK);
        assert_eq!(made.headers["cache-control"], "no-store");
        let secret = made.body["secret"].as_str().expect("a secret").to_owned();
        assert_eq!(secret.len(), 64);
        assert_eq!(browser.post("/me/device-key", "-", &json!({})).body["secret"], secret.as_str());
        // Another sign-in of the same user reads what lies on the device.
        browser.sign_in(PASSWORD);
        assert_eq!(browser.get("/me/device-key").body["secret"], secret.as_str());
        assert_eq!(client.get("/me/device-key").code(), "device_key_needs_session");
        let strange = browser.post_from("/me/device-key", "-", &json!({}), &[]);
        assert_eq!(strange.code(), "not_from_own_page");
    });
}

#[test]
fn what_is_meant_for_one_user_is_not_done_in_anothers_session() {
    on_both_engines(&SCHEMA, |database| {
        Client::new(database);
        let mut browser = Browser::new(database, false);
        let me = browser.sign_in(PASSWORD).body["me"].clone();
        let id = |name: &str| me[name].as_str().expect("an id").to_owned();
        let mine = format!("{}.{}", id("company_id"), id("user_id"));
        let own = |meant: &str| {
            let own = [("x-purser", "desk"), ("sec-fetch-site", "same-origin")];
            own.into_iter()
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
                .chain([("x-purser-user".to_owned(), meant.to_owned())])
                .collect::<Vec<_>>()
        };
        let mut send = |meant: &str| {
            let headers = own(meant);
            let headers: Vec<_> = headers.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            browser.post_from("/categories", "c1", &category("A"), &headers)
        };
        let others = send("1.999");
        assert_eq!((others.status, others.code()), (StatusCode::FORBIDDEN, "another_user"));
        let done = send(&mine);
        assert_eq!((done.status, done.code()), (StatusCode::OK, ""));
        // The refusal kept nothing: the same key did it.
        assert_eq!(send(&mine).headers["idempotent-replay"], "true");
    });
}
