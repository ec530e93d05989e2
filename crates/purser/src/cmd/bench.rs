//! `purser bench`: how fast the product is on this machine, beside a floor.

use crate::args::{BenchArgs, BenchWorkload, DatabaseArgs};
use crate::failure::Failure;
use bench::{Options, Which};
use std::process::ExitCode;

pub(crate) fn run(args: &DatabaseArgs, asked: &BenchArgs) -> Result<ExitCode, Failure> {
    if args.unsafe_durability {
        return Err(Failure(
            "a bench measures durable work; leave --unsafe-durability out".to_owned(),
        ));
    }
    // A bench fills what it is given, so it never falls back on the data folder.
    let Some(database) = args.url.clone() else {
        return Err(Failure(
            "name a new file or an empty database with --database: the bench fills it with a \
             company of its own"
                .to_owned(),
        ));
    };
    let which = match asked.workload {
        BenchWorkload::W1 => Which::W1,
        BenchWorkload::W2 => Which::W2,
    };
    let options = Options {
        database,
        clients: asked.clients,
        operations: asked.operations,
        http: asked.http,
    };
    let report = bench::run(which, &options).map_err(|error| Failure(error.to_string()))?;
    print!("{}", report.text());
    println!("\nwhere the time went, product and floor together:");
    for (statement, runs, time) in reconcile::SCHEMA.spent().iter().take(asked.statements) {
        println!("{statement:>34}{runs:>14} runs{:>11} ms", time.as_millis());
    }
    Ok(ExitCode::SUCCESS)
}
