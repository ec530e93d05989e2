//! The product over HTTP: nodes on loopback ports of this process, and clients that keep their
//! connections.

use crate::company::Company;
use crate::{BenchError, refused};
use identity::{CreateApiKey, Secret};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;
use store::{Database, Engine};
use tokio::runtime::Runtime;

/// How long a request may take before it counts as lost.
const PATIENCE: Duration = Duration::from_secs(60);
/// How many days the bench's API key works.
const KEY_DAYS: i64 = 2;

/// Nodes that serve one database, until dropped.
pub(crate) struct Site {
    /// Where they listen.
    bases: Vec<String>,
    token: String,
    /// Which node the next client speaks to.
    next: AtomicUsize,
    /// The databases of the nodes after the first.
    pub others: Vec<Database>,
    _runtime: Runtime,
}

impl Site {
    /// Starts nodes over a database: the first on the given one, the others on connections of their
    /// own.
    pub(crate) fn open(
        database: &Database,
        url: &str,
        company: &Company,
        nodes: usize,
    ) -> Result<Site, BenchError> {
        if nodes == 0 || (nodes > 1 && database.engine() == Engine::Sqlite) {
            return Err(BenchError::Nodes);
        }
        let token = key(database, company)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(refused("a runtime"))?;
        let mut others = Vec::with_capacity(nodes - 1);
        for _ in 1..nodes {
            others.push(Database::open(url, store::Options::default())?);
        }
        let mut bases = Vec::with_capacity(nodes);
        for database in std::iter::once(database).chain(&others) {
            bases.push(serve(&runtime, database, company)?);
        }
        Ok(Site { bases, token, next: AtomicUsize::new(0), others, _runtime: runtime })
    }

    /// A client of one of the nodes, taking turns.
    pub(crate) fn caller(&self) -> Caller {
        let node = self.next.fetch_add(1, Relaxed) % self.bases.len();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build();
        Caller { agent: agent.into(), base: self.bases[node].clone(), token: self.token.clone() }
    }
}

/// An API key of the company's administrator.
fn key(database: &Database, company: &Company) -> Result<String, BenchError> {
    let ctx = company.ctx.clone();
    let expires_on = ctx.today.plus(KEY_DAYS).map_err(refused("a day"))?;
    let request = CreateApiKey {
        name: "bench".to_owned(),
        scopes: vec!["*".to_owned()],
        expires_on,
        user_id: None,
    };
    let secret = Secret::random();
    let digest = secret.digest();
    let id = database.write(move |tx| {
        identity::create_api_key(tx, &ctx, request.clone(), &digest).map_err(refused("a key"))
    })?;
    Ok(identity::api_key_text(id, &secret))
}

/// Serves a database at the company's moment; answers the address.
fn serve(runtime: &Runtime, database: &Database, company: &Company) -> Result<String, BenchError> {
    let at = company.ctx.at;
    let router = api::router(api::App::with_clock(database.clone(), move || at));
    let listener = runtime
        .block_on(tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .map_err(refused("a port"))?;
    let address = listener.local_addr().map_err(refused("a port"))?;
    runtime.spawn(async move {
        if let Err(error) = axum::serve(listener, router).await {
            eprintln!("the node on {address} ended: {error}");
        }
    });
    Ok(format!("http://{address}/api/v1"))
}

/// A client with a connection of its own.
pub(crate) struct Caller {
    agent: ureq::Agent,
    base: String,
    token: String,
}

impl Caller {
    /// Sends a request under its key.
    pub(crate) fn post<T: DeserializeOwned>(
        &self,
        path: &'static str,
        key: &str,
        request: &impl Serialize,
    ) -> Result<T, BenchError> {
        let sent = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .header("idempotency-key", key)
            .send_json(request);
        let mut answer = sent.map_err(refused(path))?;
        let (status, body) = (answer.status(), answer.body_mut().read_to_vec());
        let body = body.map_err(refused(path))?;
        if !status.is_success() {
            let reason = format!("{status}: {}", String::from_utf8_lossy(&body));
            return Err(BenchError::Refused { verb: path, reason });
        }
        serde_json::from_slice(&body).map_err(refused(path))
    }
}
