//! A running `purser serve` on a fresh database, and a client for it.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use store::Engine;
use store::testing::Fresh;

pub struct Site {
    pub fresh: Fresh,
    pub token: String,
}

impl Site {
    /// A database with a company, two items, a channel and an administrator's key.
    pub fn new(engine: Engine) -> Site {
        let fresh = Fresh::new(engine, &reconcile::SCHEMA);
        let token = purser(&fresh.url, &["migrate"]).and_then(|_| first_token(&fresh.url));
        let token = token.expect("a set-up token");
        // One of each test's own: another would read it while it is written anew.
        let own =
            format!("purser-password-{}-{:?}", std::process::id(), std::thread::current().id());
        let password = std::env::temp_dir().join(own);
        std::fs::write(&password, "correct horse battery\n").expect("a password file");
        let file = password.to_string_lossy().into_owned();
        let set_up = [
            "user",
            "set-up",
            "--token",
            &token,
            "--company",
            "Acme",
            "--currency",
            "GBP",
            "--zone",
            "Europe/London",
            "--country",
            "GB",
            "--login",
            "admin",
            "--name",
            "Admin",
            "--password-file",
            &file,
        ];
        purser(&fresh.url, &set_up).expect("the company");
        let key = purser(&fresh.url, &["apikey", "create", "--login", "admin", "--name", "test"]);
        let token = key.expect("a key").trim().to_owned();
        Site { fresh, token }
    }

    pub fn start(&self) -> Server {
        Server::start(&self.fresh.url, &self.token)
    }
}

/// Runs the command line and returns what it printed.
pub fn purser(url: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(env!("CARGO_BIN_EXE_purser"))
        .args(["--database", url])
        .args(arguments)
        .output()
        .map_err(|error| error.to_string())?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(format!("{}{}", text(&output.stdout), text(&output.stderr)))
    }
}

/// Starts the server once to read the token that it prints on a database without users.
fn first_token(url: &str) -> Result<String, String> {
    let mut child = serve(url)?;
    let lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    let token = lines.map_while(Result::ok).find_map(|line| {
        line.trim()
            .strip_prefix("purser user set-up --token ")
            .map(|rest| rest.split(' ').next().unwrap_or_default().to_owned())
    });
    let _ = child.kill();
    let _ = child.wait();
    token.ok_or_else(|| "the server printed no token".to_owned())
}

fn serve(url: &str) -> Result<Child, String> {
    Command::new(env!("CARGO_BIN_EXE_purser"))
        .args(["--database", url, "serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())
}

pub struct Server {
    child: Child,
    pub base: String,
    token: String,
}

impl Server {
    fn start(url: &str, token: &str) -> Server {
        let mut child = serve(url).expect("the server starts");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let address = output
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let rest = line.strip_prefix("Purser listens on http://")?.to_owned();
                Some(rest.split(' ').next().unwrap_or_default().to_owned())
            })
            .expect("the server says where it listens");
        Server { child, base: format!("http://{address}/api/v1"), token: token.to_owned() }
    }

    /// What `kill -9` does.
    pub fn kill(mut self) {
        self.child.kill().expect("the process dies");
        self.child.wait().expect("it is gone");
    }

    pub fn client(&self) -> Client {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)))
            .build();
        Client { agent: agent.into(), base: self.base.clone(), token: self.token.clone() }
    }
}

pub struct Client {
    agent: ureq::Agent,
    base: String,
    token: String,
}

impl Client {
    /// The answer, or `None` when the connection broke and nobody knows.
    pub fn post(&self, path: &str, key: &str, body: &Value) -> Option<(u16, String)> {
        let response = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .header("idempotency-key", key)
            .send_json(body);
        let mut response = response.ok()?;
        let status = response.status().as_u16();
        Some((status, response.body_mut().read_to_string().ok()?))
    }

    pub fn get(&self, path: &str) -> Value {
        let mut response = self
            .agent
            .get(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .call()
            .expect("an answer");
        response.body_mut().read_json().expect("JSON")
    }

    pub fn furnish(&self) {
        let ok = |answer: Option<(u16, String)>| {
            let (status, body) = answer.expect("an answer");
            assert_eq!(status, 200, "{body}");
        };
        ok(self.post("/warehouses", "f1", &json!({"code": "WH", "name": "Main"})));
        let items = json!({"items": [{"sku": "A", "name": "A"}, {"sku": "B", "name": "B"}]});
        ok(self.post("/items", "f2", &items));
        let line = |sku: &str| json!({"sku": sku, "place": "WH/Stock", "quantity": "1000000", "reason": "found"});
        ok(self.post("/adjustments", "f3", &json!({"lines": [line("A"), line("B")]})));
        let channel = json!({
            "code": "web", "name": "Web", "warehouse": "WH", "when_short": "refuse",
            "prepaid": true, "prices": "net", "revenue_at": "shipment", "terms_days": 0
        });
        ok(self.post("/channels", "f4", &channel));
    }
}
