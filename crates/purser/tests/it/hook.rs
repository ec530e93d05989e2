//! Facts posted to webhooks: tiny receivers in this process, that speak as much HTTP as they need.

use super::server::{Site, purser};
use hmac::{Hmac, KeyInit, Mac};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Mutex, mpsc};
use store::Engine;

/// A request as it came.
struct Heard {
    headers: BTreeMap<String, String>,
    body: String,
}

/// A receiver that answers each request with the same text, once it may.
struct Receiver {
    url: String,
    heard: mpsc::Receiver<Heard>,
    /// Lets one request be answered; without it none is held up.
    release: mpsc::Sender<()>,
}

impl Receiver {
    fn start(answer: &str) -> Receiver {
        Receiver::listen(answer, false)
    }

    /// A receiver that answers only when it is told to.
    fn slow(answer: &str) -> Receiver {
        Receiver::listen(answer, true)
    }

    fn listen(answer: &str, slow: bool) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}/facts", listener.local_addr().expect("its address"));
        let (tell, heard) = mpsc::channel();
        let (release, released) = mpsc::channel();
        let answer = answer.to_owned();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream);
                while let Some(request) = read(&mut reader) {
                    if tell.send(request).is_err() || (slow && released.recv().is_err()) {
                        return;
                    }
                    if reader.get_mut().write_all(answer.as_bytes()).is_err() {
                        break;
                    }
                }
            }
        });
        Receiver { url, heard, release }
    }

    fn is_quiet(&self) -> bool {
        self.heard.try_recv().is_err()
    }
}

fn read(reader: &mut impl BufRead) -> Option<Heard> {
    let mut line = String::new();
    reader.read_line(&mut line).ok().filter(|count| *count > 0)?;
    assert_eq!(line.trim(), "POST /facts HTTP/1.1");
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        headers.insert(name.to_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some(Heard { headers, body: String::from_utf8(body).ok()? })
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nnoted";

/// Registers a webhook and answers its id and its secret.
fn register(url: &str, name: &str, address: &str) -> (String, String) {
    let told = purser(url, &["webhook", "register", name, address, "--fact", "*"]);
    let told = told.expect("a webhook");
    let (words, secret) = told.trim().split_once('\n').expect("words and a secret");
    (words.split(' ').nth(1).expect("an id").to_owned(), secret.to_owned())
}

fn deliver(url: &str) -> Result<String, String> {
    purser(url, &["webhook", "deliver", "--webhooks-reach", "loopback"])
}

fn attempts(url: &str) -> String {
    purser(url, &["export", "webhook-attempts", "--format", "jsonl"]).expect("the log")
}

#[test]
fn a_fact_is_posted_signed_and_its_answer_kept() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (site, receiver) = (Site::new(engine), Receiver::start(OK));
        let url = site.fresh.url.as_str();
        let (id, secret) = register(url, "shop", &receiver.url);
        purser(url, &["webhook", "ping", &id]).expect("a ping");
        assert!(deliver(url).expect("delivered").contains("1 delivered, 0 not"));
        assert!(deliver(url).expect("nothing to do").contains("0 delivered, 0 not"));
        let heard = receiver.heard.recv().expect("a fact");
        assert!(receiver.is_quiet());
        let body: serde_json::Value = serde_json::from_str(&heard.body).expect("JSON");
        assert_eq!(
            (body["fact"].as_str(), body["seq"].as_i64()),
            (Some("webhooks.pinged"), Some(1))
        );
        assert_eq!(heard.headers["content-type"], "application/json");
        assert_eq!(heard.headers["purser-attempt"], "1");
        // As docs/WEBHOOKS.md says that a receiver does it.
        let signature = &heard.headers["purser-signature"];
        let (second, signed) = signature.split_once(",v1=").expect("a signature");
        let second = second.strip_prefix("t=").expect("a second");
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).expect("a key");
        mac.update(format!("{second}.{}", heard.body).as_bytes());
        let reckoned: String =
            mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(signed, reckoned);
        let log = attempts(url);
        assert!(log.contains(r#""answer":"noted""#) && log.contains(r#""status":200"#), "{log}");
        let list = purser(url, &["webhook", "list", "--json"]).expect("the list");
        assert!(!list.contains(&secret) && list.contains("0"), "{list}");
        purser(url, &["check"]).expect("the books are sound");
    }
}

#[test]
fn nothing_is_sent_to_this_machine_unless_it_may() {
    let (site, receiver) = (Site::new(Engine::Sqlite), Receiver::start(OK));
    let url = site.fresh.url.as_str();
    // A name that leads here is found out when the connection is made.
    let (id, _) = register(url, "shop", "https://localhost:1/facts");
    let (other, _) = register(url, "other", &receiver.url);
    for id in [&id, &other] {
        purser(url, &["webhook", "ping", id]).expect("a ping");
    }
    let told = purser(url, &["webhook", "deliver"]).expect_err("nothing is delivered");
    assert!(told.contains("0 delivered, 2 not"), "{told}");
    assert!(receiver.is_quiet());
    let log = attempts(url);
    assert_eq!(log.matches("allows it with --webhooks-reach loopback").count(), 2, "{log}");
}

#[test]
fn a_redirect_is_not_followed() {
    let (site, elsewhere) = (Site::new(Engine::Sqlite), Receiver::start(OK));
    let answer = format!(
        "HTTP/1.1 307 Go There\r\nlocation: {}\r\ncontent-length: 0\r\n\r\n",
        elsewhere.url
    );
    let receiver = Receiver::start(&answer);
    let url = site.fresh.url.as_str();
    let (id, _) = register(url, "shop", &receiver.url);
    purser(url, &["webhook", "ping", &id]).expect("a ping");
    deliver(url).expect_err("it is not delivered");
    receiver.heard.recv().expect("a fact");
    assert!(elsewhere.is_quiet());
    assert!(attempts(url).contains(r#""status":307"#));
}

#[test]
fn of_a_long_answer_the_first_part_is_kept() {
    let long = "x".repeat(5_000_000);
    let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{long}", long.len());
    let (site, receiver) = (Site::new(Engine::Sqlite), Receiver::start(&answer));
    let url = site.fresh.url.as_str();
    let (id, _) = register(url, "shop", &receiver.url);
    purser(url, &["webhook", "ping", &id]).expect("a ping");
    deliver(url).expect("a 200 is a 200");
    let log = attempts(url);
    assert!(log.contains(&"x".repeat(1_000)) && !log.contains(&"x".repeat(1_001)));
}

#[test]
fn a_slow_receiver_holds_up_no_other() {
    let (site, slow, fast) = (Site::new(Engine::Sqlite), Receiver::slow(OK), Receiver::start(OK));
    let url = site.fresh.url.as_str();
    let (slow_id, _) = register(url, "a-slow", &slow.url);
    let (fast_id, _) = register(url, "fast", &fast.url);
    for id in [&slow_id, &slow_id, &fast_id, &fast_id, &fast_id] {
        purser(url, &["webhook", "ping", id]).expect("a ping");
    }
    let delivered = Mutex::new(None);
    std::thread::scope(|scope| {
        scope.spawn(|| *delivered.lock().expect("free") = Some(deliver(url)));
        slow.heard.recv().expect("the first fact, not answered yet");
        for _ in 0..3 {
            fast.heard.recv().expect("all facts of the other");
        }
        assert!(slow.is_quiet(), "the second comes after the first was answered");
        slow.release.send(()).expect("it waits");
        slow.heard.recv().expect("the second fact");
        slow.release.send(()).expect("it waits");
    });
    let told = delivered.into_inner().expect("free").expect("it ended");
    assert!(told.expect("all delivered").contains("5 delivered, 0 not"));
    purser(url, &["check"]).expect("the books are sound");
}

#[test]
fn a_secret_is_in_the_first_answer_alone() {
    let site = Site::new(Engine::Sqlite);
    let server = site.start();
    let asked = serde_json::json!({
        "name": "shop", "address": "https://shop.example/facts", "facts": ["sales.*"],
    });
    let post = || {
        let answer = ureq::post(format!("{}/webhooks", server.base))
            .header("authorization", format!("Bearer {}", site.token))
            .header("idempotency-key", "the same")
            .send_json(&asked)
            .expect("an answer");
        answer.into_body().read_json::<serde_json::Value>().expect("JSON")
    };
    let (first, again) = (post(), post());
    assert!(first["secret"].as_str().is_some_and(|secret| secret.starts_with("whsec_")));
    assert_eq!(
        (&again["webhook_id"], &again["secret"]),
        (&first["webhook_id"], &serde_json::Value::Null)
    );
    server.kill();
}
