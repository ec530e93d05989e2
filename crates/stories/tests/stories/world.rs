//! A company behind one or two nodes, and a client that speaks HTTP to them.

use base::{Currency, Id, Zone};
use identity::{CreateApiKey, CreateCompany, Password, Secret, SetUp};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use store::testing::Fresh;
use store::{Database, Engine};

pub struct World {
    pub fresh: Fresh,
    pub nodes: Vec<Database>,
    pub addresses: Vec<SocketAddr>,
    pub token: String,
    pub company: base::CompanyId,
    _runtime: tokio::runtime::Runtime,
}

#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    #[track_caller]
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }
}

impl World {
    pub fn new(engine: Engine, nodes: usize) -> World {
        let fresh = Fresh::new(engine, &reconcile::SCHEMA);
        let (company, token) = found(&fresh.database);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .expect("a runtime");
        let mut world = World {
            nodes: vec![fresh.database.clone()],
            fresh,
            addresses: Vec::new(),
            token,
            company,
            _runtime: runtime,
        };
        world.nodes.extend((1..nodes).map(|_| world.fresh.open_again()));
        for node in &world.nodes {
            let app = api::App::with_clock(node.clone(), || identity::testing::START);
            let listener = world
                ._runtime
                .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
                .expect("a port");
            world.addresses.push(listener.local_addr().expect("its address"));
            let router = api::router(app);
            world._runtime.spawn(async move { axum::serve(listener, router).await });
        }
        world
    }

    pub fn client(&self, node: usize) -> Client {
        self.client_of(node, self.token.clone())
    }

    /// A client of the first node with another's key.
    pub fn client_with(&self, token: String) -> Client {
        self.client_of(0, token)
    }

    fn client_of(&self, node: usize, token: String) -> Client {
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        Client {
            agent: config.into(),
            base: format!("http://{}/api/v1", self.addresses[node % self.addresses.len()]),
            token,
        }
    }

    /// Every check of every domain holds.
    pub fn assert_sound(&self) {
        let company = self.company;
        let findings =
            reconcile::check_at_once(&self.nodes[0], company, None).expect("the checks run");
        let broken: Vec<_> = findings.iter().filter(|f| !f.breaches.is_empty()).collect();
        assert!(broken.is_empty(), "broken: {broken:#?}");
        assert_eq!(self.nodes.iter().map(|node| node.counts().deadlocks).sum::<u64>(), 0);
    }

    pub fn digest(&self) -> reconcile::Digest {
        let company = self.company;
        self.nodes[0].read(move |tx| reconcile::digest(tx, company)).expect("a digest")
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.nodes.iter().for_each(Database::close);
    }
}

pub struct Client {
    agent: ureq::Agent,
    base: String,
    token: String,
}

impl Client {
    pub fn post_with(&self, path: &str, key: &str, body: &Value) -> Answer {
        let response = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .header("idempotency-key", key)
            .send_json(body);
        answer(response)
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        static KEY: AtomicU64 = AtomicU64::new(0);
        let key = format!("key-{}", KEY.fetch_add(1, Ordering::Relaxed));
        self.post_with(path, &key, body)
    }

    /// Sends a CSV file.
    pub fn file(&self, path: &str, rows: &str) -> Answer {
        let response = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "text/csv")
            .send(rows);
        answer(response)
    }

    pub fn get(&self, path: &str) -> Answer {
        let response = self
            .agent
            .get(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .call();
        answer(response)
    }

    /// A warehouse with items, each with some pieces in stock, and a web channel.
    pub fn furnish(&self, items: &[(&str, i64)], when_short: &str) {
        self.post("/warehouses", &json!({"code": "WH", "name": "Main"})).ok();
        let list: Vec<Value> = items
            .iter()
            .map(|(sku, _)| json!({"sku": sku, "name": sku, "list_price": "10"}))
            .collect();
        self.post("/items", &json!({"items": list, "all_or_nothing": true})).ok();
        let lines: Vec<Value> = items
            .iter()
            .filter(|(_, pieces)| *pieces > 0)
            .map(|(sku, pieces)| {
                json!({"sku": sku, "place": "WH/Stock", "quantity": pieces.to_string(), "reason": "found"})
            })
            .collect();
        if !lines.is_empty() {
            self.post("/adjustments", &json!({"lines": lines})).ok();
        }
        self.post(
            "/channels",
            &json!({
                "code": "web", "name": "Web shop", "warehouse": "WH", "when_short": when_short,
                "prepaid": true, "prices": "net", "revenue_at": "shipment", "terms_days": 0
            }),
        )
        .ok();
    }
}

fn answer(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut response = response.expect("an answer");
    let status = response.status().as_u16();
    let text = response.body_mut().read_to_string().unwrap_or_default();
    Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
}

/// A company with accounts, units, reasons and an administrator's key.
pub fn found(database: &Database) -> (base::CompanyId, String) {
    let (token, secret) = (Secret::random(), Secret::random());
    let (issued, digest) = (token.digest(), secret.digest());
    let password = Password::new("correct horse battery").expect("a password");
    let at = identity::testing::START;
    database.write(move |tx| identity::issue_set_up_token(tx, &issued, at)).expect("a token");
    let (company, key) = database
        .write(move |tx| {
            let request = SetUp {
                company: CreateCompany {
                    name: "Acme".to_owned(),
                    currency: Currency::parse("GBP").expect("GBP"),
                    zone: Zone::parse("Europe/London").expect("London"),
                    country: "GB".to_owned(),
                },
                login: "admin".to_owned(),
                display_name: "Admin".to_owned(),
                password: password.clone(),
            };
            let fault =
                |error: &dyn std::fmt::Debug| store::StoreError::Unusable(format!("{error:?}"));
            let done = identity::set_up(tx, &token.reveal(), request, at, "test")
                .map_err(|e| fault(&e))?;
            let company = identity::find_company(tx, done.company_id)?.expect("the company");
            let ctx = identity::Ctx::all_rights(&company, done.user_id, at, "test");
            accounting::install_accounts(tx, &ctx, accounting::Template::Standard)
                .map_err(|e| fault(&e))?;
            catalog::install_units(tx, &ctx).map_err(|e| fault(&e))?;
            stock::install_reasons(tx, &ctx).map_err(|e| fault(&e))?;
            let request = CreateApiKey {
                name: "stories".to_owned(),
                scopes: vec!["*".to_owned()],
                expires_on: ctx.today.plus(100).expect("a day"),
                user_id: Some(done.user_id),
            };
            let key =
                identity::create_api_key(tx, &ctx, request, &digest).map_err(|e| fault(&e))?;
            Ok::<_, store::StoreError>((done.company_id, key))
        })
        .expect("a company");
    let _ = company.raw();
    (company, identity::api_key_text(key, &secret))
}
