//! `purser demo`: a real retailer's first weeks, replayed and then served.

use crate::args::{DatabaseArgs, DemoArgs};
use crate::cmd::serve;
use crate::desk;
use crate::failure::{Failure, refused};
use crate::place;
use crate::seal;
use axum::response::Html;
use axum::routing::get;
use base::{Day, Timestamp, Zone};
use identity::{Secret, UserFilter};
use indicatif::{ProgressBar, ProgressStyle};
use std::process::ExitCode;
use std::time::Instant;
use store::Database;

pub(crate) fn run(args: &DatabaseArgs, asked: DemoArgs) -> Result<ExitCode, Failure> {
    serve::refuse_outside(asked.listen)?;
    let args = DatabaseArgs { url: Some(database_url(args)?), ..args.clone() };
    println!("database   {}", place::url(&args));
    let database = place::open(&args)?;
    let options = demo::Options { days: asked.days, data: asked.data };
    let mut bar = Bar(ProgressBar::new(u64::from(asked.days)));
    bar.0.set_style(
        ProgressStyle::with_template("{bar:40} {pos}/{len} days  {msg}  {elapsed}")
            .map_err(|error| Failure(error.to_string()))?,
    );
    let outcome =
        demo::run(&database, options, &mut bar).map_err(|error| Failure(error.to_string()))?;
    bar.0.finish_and_clear();
    println!("{}", demo::screen(&outcome));
    if asked.no_serve {
        return Ok(ExitCode::SUCCESS);
    }
    let page = demo::page(&outcome);
    // The demo's clock goes on from the end of its last day.
    let zone = Zone::parse("Europe/London").map_err(refused)?;
    let end = Timestamp::at(outcome.last, 23, 0, &zone).map_err(refused)?;
    let began = Instant::now();
    let now = move || {
        let passed = i64::try_from(began.elapsed().as_micros()).unwrap_or(i64::MAX);
        end.plus_micros(passed).unwrap_or(end)
    };
    let links = sign_in_links(&database, now())?;
    let app = api::App::with_clock(database.clone(), now).with_files(desk::file);
    let end_streams = app.end_streams();
    let router = api::router(app).route("/demo", get(move || std::future::ready(Html(page))));
    let sealer = seal::start(&database);
    serve::listen(asked.listen, router, end_streams, |address| {
        if desk::is_built() {
            println!("Sign in, each link once and within 15 minutes:");
            for (login, token) in &links {
                let link = desk::sign_in_address(&format!("http://{address}"), token);
                println!("  {login:<16} {link}");
            }
        } else {
            println!("Web UI     not in this binary; `make web` builds it");
        }
        println!("Results    http://{address}/demo");
        println!("API        http://{address}/api");
        println!("API key    {}", outcome.api_key);
        println!("Ctrl+C ends the demo; its database stays where it is.");
    })?;
    drop(sealer);
    database.close();
    Ok(ExitCode::SUCCESS)
}

/// A link for each user, the leader's first.
fn sign_in_links(database: &Database, at: Timestamp) -> Result<Vec<(String, String)>, Failure> {
    let company = place::company(database, None)?;
    let mut links = database.write(move |tx| {
        let ctx = place::operator(tx, company)?.at_moment(at);
        let users = identity::users(tx, &ctx, UserFilter::default()).map_err(refused)?;
        let mut links = Vec::new();
        for user in users {
            let secret = Secret::random();
            identity::issue_sign_in_link(tx, &ctx, user.user_id, &secret.digest())
                .map_err(refused)?;
            links.push((user.login, secret.reveal()));
        }
        Ok::<_, Failure>(links)
    })?;
    links.sort_by_key(|(login, _)| login != "lee.leader");
    Ok(links)
}

/// The database given, or a fresh file in a folder of its own.
fn database_url(args: &DatabaseArgs) -> Result<String, Failure> {
    if let Some(url) = &args.url {
        return Ok(url.clone());
    }
    let folder = std::env::temp_dir().join(format!("purser-demo-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    Ok(format!("sqlite:{}", folder.join("purser.db").display()))
}

/// A bar that moves a day at a time.
struct Bar(ProgressBar);

impl demo::Progress for Bar {
    fn day(&mut self, day: Day, done: u32, _: u32) {
        self.0.set_position(u64::from(done));
        self.0.set_message(day.to_string());
    }
}
