//! Replays days of the demo in an empty database: `run URL DAYS`.

use std::error::Error;

use base::Day;
use store::{Database, Options};

struct Dots;

impl demo::Progress for Dots {
    fn day(&mut self, day: Day, done: u32, total: u32) {
        eprint!("\r{day} {done}/{total}");
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let url = words.next().unwrap_or_else(|| "sqlite::memory:".to_owned());
    let days = words.next().map_or(Ok(10), |days| days.parse())?;
    let database = Database::open(&url, Options::default())?;
    database.migrate(&reconcile::SCHEMA)?;
    let outcome = demo::run(&database, demo::Options { days, data: None }, &mut Dots)?;
    eprintln!();
    println!("{}", demo::screen(&outcome));
    for (kind, spent) in &outcome.spent {
        println!("{kind:>18} {:>8} ms", spent.as_millis());
    }
    let most = std::env::var("PURSER_DEMO_STATEMENTS").ok().and_then(|most| most.parse().ok());
    for (statement, runs, time) in reconcile::SCHEMA.spent().iter().take(most.unwrap_or(25)) {
        println!("{statement:>40} {runs:>8} runs {:>8} ms", time.as_millis());
    }
    for (check, breaches) in &outcome.breaches {
        println!("{check}: {:#?}", &breaches[..breaches.len().min(5)]);
    }
    if std::env::var_os("PURSER_DEMO_TALLY").is_some() {
        println!("{:#?}", outcome.tally);
    }
    if let Some(file) = std::env::var_os("PURSER_DEMO_PAGE") {
        std::fs::write(file, demo::page(&outcome))?;
    }
    Ok(())
}
