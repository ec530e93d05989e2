//! `purser serve`: the HTTP API over a database.

use crate::args::{DatabaseArgs, ServeArgs};
use crate::desk;
use crate::failure::Failure;
use crate::hook::{self, Sender};
use crate::place;
use crate::post;
use crate::runner;
use crate::seal;
use crate::tls::{self, Identity};
use axum::Router;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;
use store::Database;

/// How long requests under way may take after a stop was asked for.
pub(crate) const DRAIN: Duration = Duration::from_secs(10);

pub(crate) fn run(args: &DatabaseArgs, serve: ServeArgs) -> Result<ExitCode, Failure> {
    let identity = serve.tls_cert.zip(serve.tls_key);
    let identity = identity.map(|(chain, key)| Identity { chain, key });
    let identity = match identity {
        Some(identity) => Some((identity.load()?, identity)),
        None => {
            refuse_outside(serve.listen)?;
            None
        }
    };
    let relay = super::mail::relay(&serve.relay)?;
    let database = place::open(args)?;
    let token = set_up_token(&database)?;
    let secure = identity.is_some() || serve.behind_tls;
    let app = api::App::new(database.clone()).over_tls(secure).with_files(desk::file);
    let end_streams = app.end_streams();
    let router = api::router(app);
    let scheme = if identity.is_some() { "https" } else { "http" };
    let ready = |address| {
        println!(
            "Purser listens on {scheme}://{address} (API reference: {scheme}://{address}/api)"
        );
        if let Some(token) = &token {
            tell_set_up_token(token, &format!("{scheme}://{address}"));
        }
        if database.unsafe_durability() {
            println!("UNSAFE DURABILITY: a power cut may lose acknowledged work.");
        }
    };
    let sealer = seal::start(&database);
    let postman = relay.map(|relay| post::start(&database, relay));
    let runner = runner::start(&database);
    let courier = hook::start(&database, Sender::new(&serve.reach.webhooks_reach));
    match identity {
        Some((loaded, identity)) => {
            tls::listen(serve.listen, router, (&identity, loaded), end_streams, ready)?;
        }
        None => listen(serve.listen, router, end_streams, ready)?,
    }
    drop(runner);
    drop(courier);
    drop(postman);
    drop(sealer);
    database.close();
    Ok(ExitCode::SUCCESS)
}

/// Without TLS, only loopback.
pub(crate) fn refuse_outside(listen: SocketAddr) -> Result<(), Failure> {
    if listen.ip().is_loopback() {
        return Ok(());
    }
    Err(Failure(format!(
        "{listen} can be reached from outside, and without TLS everything would be readable on the \
         way; give --tls-cert and --tls-key, or listen on 127.0.0.1 behind a proxy that speaks TLS"
    )))
}

/// On a database without a user, the token with which the first one is made.
fn set_up_token(database: &Database) -> Result<Option<String>, Failure> {
    let (now, secret) = (place::now(), identity::Secret::random());
    let digest = secret.digest();
    let issued = database.write(move |tx| identity::issue_set_up_token(tx, &digest, now))?;
    Ok(issued.then(|| secret.reveal()))
}

fn tell_set_up_token(token: &str, base: &str) {
    println!("This database has no user yet. Make the first one with this one-time token:");
    println!("    {token}");
    if desk::is_built() {
        println!("    {base}/set-up#token={token}");
    }
    println!("    purser user set-up --token {token} --company ... (see --help)");
}

/// Serves a router until the process is asked to stop; then tells so, and finishes what is under way.
pub(crate) fn listen(
    address: SocketAddr,
    router: Router,
    stopping: impl FnOnce() + Send + 'static,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|error| Failure(format!("cannot listen on {address}: {error}")))?;
        ready(listener.local_addr()?);
        let stop = async {
            asked_to_stop().await;
            stopping();
        };
        let served = axum::serve(listener, router).with_graceful_shutdown(stop);
        Ok::<(), Failure>(served.await?)
    })?;
    runtime.shutdown_timeout(DRAIN);
    Ok(())
}

pub(crate) async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt => {}
        () = terminate => {}
    }
}
