//! The server over TLS, as clients meet it.

use super::server::{Site, purser};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use store::Engine;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// How often a client tries until the server has read its new certificate.
const TRIES: usize = 10_000;

/// Writes a certificate for `localhost` and its key into a folder; answers the certificate.
fn write_identity(folder: &Path) -> String {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).expect("a pair");
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).expect("a file");
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).expect("a file");
    made.cert.pem()
}

/// A client that trusts one certificate.
fn trusting(pem: &str) -> ureq::Agent {
    let certificate = Certificate::from_pem(pem.as_bytes()).expect("a certificate");
    let tls = TlsConfig::builder().root_certs(RootCerts::new_with_certs(&[certificate])).build();
    ureq::Agent::config_builder().tls_config(tls).build().into()
}

/// A server, ended when dropped.
struct Running {
    child: Child,
    port: String,
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn start(url: &str, folder: &Path) -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_purser"))
        .args(["--database", url, "serve", "--listen", "127.0.0.1:0", "--tls-cert"])
        .arg(folder.join("cert.pem"))
        .arg("--tls-key")
        .arg(folder.join("key.pem"))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the server starts");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let said = output.lines().map_while(Result::ok).find_map(|line| {
        let rest = line.strip_prefix("Purser listens on https://127.0.0.1:")?.to_owned();
        Some(rest.split(' ').next().unwrap_or_default().to_owned())
    });
    Running { child, port: said.expect("the server says where it listens") }
}

#[test]
fn clients_that_trust_the_certificate_are_served_and_nobody_in_plain() {
    let site = Site::new(Engine::Sqlite);
    let folder = std::env::temp_dir().join(format!("purser-tls-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let first = write_identity(&folder);
    let running = start(&site.fresh.url, &folder);
    let live = format!("https://localhost:{}/health/live", running.port);
    let answer = trusting(&first).get(&live).call().expect("an answer");
    assert_eq!(answer.status().as_u16(), 200);
    assert!(answer.headers().contains_key("strict-transport-security"));
    let plain = ureq::get(format!("http://127.0.0.1:{}/health/live", running.port)).call();
    assert!(plain.is_err());

    // A renewed certificate is served without a stop.
    let second = write_identity(&folder);
    assert!(trusting(&second).get(&live).call().is_err(), "not read yet");
    let pid = running.child.id().to_string();
    Command::new("kill").args(["-HUP", &pid]).status().expect("the signal is sent");
    let renewed = (0..TRIES).any(|_| trusting(&second).get(&live).call().is_ok());
    assert!(renewed, "the new certificate is in use");
    std::fs::remove_dir_all(&folder).expect("the folder goes away");
}

#[test]
fn an_identity_that_cannot_be_used_is_told_before_anything_starts() {
    let folder = std::env::temp_dir().join(format!("purser-tls-bad-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    write_identity(&folder);
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (cert, key) = (path("cert.pem"), path("key.pem"));
    let serve = |cert: &str, key: &str| {
        purser("sqlite::memory:", &["serve", "--tls-cert", cert, "--tls-key", key])
            .expect_err("it cannot serve")
    };
    let other = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    std::fs::write(path("other.pem"), other).expect("a file");
    assert!(serve(&cert, &path("other.pem")).contains("do not make a server's identity"));
    assert!(serve(&path("nowhere.pem"), &key).contains("nowhere.pem"));
    assert!(serve(&key, &key).contains("no certificate"));
    assert!(serve(&cert, &cert).contains("no private key"));
    let alone = purser("sqlite::memory:", &["serve", "--tls-cert", &cert]).expect_err("no key");
    assert!(alone.contains("--tls-key"), "{alone}");
    std::fs::remove_dir_all(&folder).expect("the folder goes away");
}
