//! `purser doctor`: whether the installation is fit for work.

use crate::args::DatabaseArgs;
use crate::failure::Failure;
use crate::place;
use std::process::ExitCode;
use store::{Database, Engine, Options};

pub(crate) fn run(args: &DatabaseArgs) -> Result<ExitCode, Failure> {
    println!("database     {}", without_password(&place::url(args)));
    let options = Options { unsafe_durability: args.unsafe_durability, ..Options::default() };
    let database = Database::open(&place::url(args), options)?;
    let engine = match database.engine() {
        Engine::Sqlite => format!("SQLite {}", store::sqlite_version()),
        Engine::Postgres => "PostgreSQL".to_owned(),
    };
    println!("engine       {engine}");
    let durable = if database.unsafe_durability() {
        "UNSAFE: a power cut may lose acknowledged work"
    } else {
        "acknowledged work survives a power cut"
    };
    println!("durability   {durable}");
    let ran = place::migrate(&database)?;
    println!("schema       up to date ({} migrations ran now)", ran.len());
    let companies = place::companies(&database)?;
    println!("companies    {}", companies.len());
    let mut broken = 0;
    for (company, name) in companies {
        let findings = reconcile::check_at_once(&database, company, Some(place::now()))?;
        let bad = findings.iter().filter(|finding| !finding.breaches.is_empty()).count();
        println!("books        {name}: {} checks, {bad} broken", findings.len());
        broken += bad;
    }
    let unfit = broken > 0 || database.unsafe_durability();
    Ok(if unfit { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The address without a password in it.
fn without_password(url: &str) -> String {
    match (url.split_once("://"), url.split_once('@')) {
        (Some((scheme, rest)), Some((_, host))) => {
            let user = rest.split(['@', ':']).next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        _ => url.to_owned(),
    }
}
