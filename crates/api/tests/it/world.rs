//! A company with an API key, and a client that speaks to the router directly.

use axum::Router;
use axum::body::{Body, BodyDataStream, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use base::Timestamp;
use futures_util::StreamExt;
use identity::{CreateApiKey, CreateCompany, Password, Secret, SetUp};
use serde_json::Value;
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Context, Poll};
use store::{Database, StoreError};
use tower::ServiceExt;

pub struct Client {
    pub app: api::App,
    router: Router,
    pub token: String,
    runtime: tokio::runtime::Runtime,
}

pub struct Answer {
    pub status: StatusCode,
    pub replayed: bool,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&self.body)))
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

pub fn now() -> Timestamp {
    identity::testing::START
}

impl Client {
    pub fn new(database: &Database) -> Client {
        Client::with_scopes(database, &["*"])
    }

    /// A client whose key gives only these scopes; the first one also sets the company up.
    pub fn with_scopes(database: &Database, scopes: &[&str]) -> Client {
        let (token, secret) = (Secret::random(), Secret::random());
        let (issued, digest) = (token.digest(), secret.digest());
        let fresh = database
            .write(move |tx| identity::issue_set_up_token(tx, &issued, now()))
            .expect("a token");
        let scopes: Vec<String> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        let password = Password::new("correct horse battery").expect("a password");
        let key = database
            .write(move |tx| {
                if fresh {
                    set_up(tx, &token.reveal(), password.clone())?;
                }
                let company = identity::companies(tx)?.remove(0);
                let admin =
                    identity::Ctx::all_rights(&company, base::Id::from_raw(0), now(), "test");
                let users = identity::users(tx, &admin, identity::UserFilter::default());
                let request = CreateApiKey {
                    name: "test".to_owned(),
                    scopes: scopes.clone(),
                    expires_on: admin.today.plus(30).expect("a day"),
                    user_id: Some(users.expect("users")[0].user_id),
                };
                let key = identity::create_api_key(tx, &admin, request, &digest);
                retried(key)
            })
            .expect("a key");
        let app = api::App::with_clock(database.clone(), now);
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let token = identity::api_key_text(key, &secret);
        Client { router: api::router(app.clone()), app, token, runtime }
    }

    pub fn send(&self, request: Request<Body>) -> Answer {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("an answer");
            let (parts, body) = response.into_parts();
            Answer {
                status: parts.status,
                replayed: parts.headers.contains_key("idempotent-replay"),
                body: to_bytes(body, usize::MAX).await.expect("a body").to_vec(),
            }
        })
    }

    /// An answer with its headers.
    pub fn whole(&self, request: Request<Body>) -> (HeaderMap, Vec<u8>) {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("an answer");
            let (parts, body) = response.into_parts();
            (parts.headers, to_bytes(body, usize::MAX).await.expect("a body").to_vec())
        })
    }

    pub fn post(&self, path: &str, key: &str, body: impl Into<Body>) -> Answer {
        self.send(self.posting(path, key, body))
    }

    fn posting(&self, path: &str, key: &str, body: impl Into<Body>) -> Request<Body> {
        let request = Request::post(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
            .header("idempotency-key", key)
            .body(body.into());
        request.expect("a request")
    }

    /// Sends a request and goes away before it is answered, as a time limit does.
    pub fn post_and_leave(&self, path: &str, key: &str, body: impl Into<Body>) {
        let request = self.posting(path, key, body);
        self.runtime.block_on(async {
            let mut sent = pin!(self.router.clone().oneshot(request));
            let once = |context: &mut Context<'_>| Poll::Ready(sent.as_mut().poll(context));
            assert!(poll_fn(once).await.is_pending(), "it is answered already");
        });
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(self.asking(path))
    }

    fn asking(&self, path: &str) -> Request<Body> {
        let request = Request::get(format!("/api/v1{path}"))
            .header("authorization", format!("Bearer {}", self.token))
            .body(Body::empty());
        request.expect("a request")
    }

    /// A stream, and what kind of content it has.
    pub fn open(&self, path: &str) -> (String, BodyDataStream) {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(self.asking(path)).await.expect("an answer");
            let kind = response.headers()["content-type"].to_str().expect("text").to_owned();
            (kind, response.into_body().into_data_stream())
        })
    }

    /// What a stream tells next; nothing when it ended.
    pub fn hear(&self, stream: &mut BodyDataStream) -> Option<String> {
        let part = self.runtime.block_on(stream.next())?.expect("a part");
        Some(String::from_utf8(part.to_vec()).expect("text"))
    }
}

/// Lets the store lease ids and run again; anything else is a failed test.
pub fn retried<T, E: std::fmt::Debug + base::Rule>(answer: Result<T, E>) -> Result<T, StoreError> {
    answer.map_err(|error| StoreError::Unusable(format!("{error:?}")))
}

fn set_up(tx: &mut store::Tx<'_>, token: &str, password: Password) -> Result<(), StoreError> {
    let request = SetUp {
        company: CreateCompany {
            name: "Acme".to_owned(),
            currency: base::Currency::parse("GBP").expect("GBP"),
            zone: base::Zone::parse("Europe/London").expect("London"),
            country: "GB".to_owned(),
        },
        login: "admin".to_owned(),
        display_name: "Admin".to_owned(),
        password,
    };
    let done = retried(identity::set_up(tx, token, request, now(), "test"))?;
    let company = identity::find_company(tx, done.company_id)?.expect("the company");
    let ctx = identity::Ctx::all_rights(&company, done.user_id, now(), "test");
    retried(accounting::install_accounts(tx, &ctx, accounting::Template::Standard))?;
    retried(catalog::install_units(tx, &ctx))?;
    retried(stock::install_reasons(tx, &ctx))
}
