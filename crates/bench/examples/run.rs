//! `cargo run --release -p bench --example run -- w1 sqlite:/tmp/bench/x.db 8 2000`

use bench::{Options, Which};
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let Some((which, options)) = read(&words) else {
        eprintln!("usage: run w1|w2 DATABASE CLIENTS OPERATIONS");
        return ExitCode::from(2);
    };
    match bench::run(which, &options) {
        Ok(report) => {
            print!("{}", report.text());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn read(words: &[String]) -> Option<(Which, Options)> {
    let [which, database, clients, operations] = words else { return None };
    let which = match which.as_str() {
        "w1" => Which::W1,
        "w2" => Which::W2,
        _ => return None,
    };
    let (clients, operations) = (clients.parse().ok()?, operations.parse().ok()?);
    Some((which, Options { database: database.clone(), clients, operations }))
}
