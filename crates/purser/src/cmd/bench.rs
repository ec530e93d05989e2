//! `purser bench`: how fast the product is on this machine, beside a floor.

use crate::args::{BenchArgs, BenchWorkload, DatabaseArgs};
use crate::failure::Failure;
use bench::{Furnish, Options, Which};
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
    let options = Options {
        database,
        clients: asked.clients,
        operations: asked.operations,
        http: asked.http,
    };
    let furnish =
        Furnish { database: options.database.clone(), items: asked.items, moves: asked.moves };
    let told = match asked.workload {
        BenchWorkload::W1 => bench::run(Which::W1, &options).map(|report| report.text()),
        BenchWorkload::W2 => bench::run(Which::W2, &options).map(|report| report.text()),
        BenchWorkload::W3 => bench::replenish(&options).map(|report| report.text()),
        BenchWorkload::W4 => bench::count(&options).map(|report| report.text()),
        BenchWorkload::W5 => bench::value(&options).map(|report| report.text()),
        BenchWorkload::W6 => bench::availability(&options).map(|report| report.text()),
        BenchWorkload::Desk => bench::furnish(&furnish).map(|report| report.text()),
    };
    print!("{}", told.map_err(|error| Failure(error.to_string()))?);
    println!("\nwhere the time went, product and floor together:");
    for (statement, runs, time) in reconcile::SCHEMA.spent().iter().take(asked.statements) {
        println!("{statement:>34}{runs:>14} runs{:>11} ms", time.as_millis());
    }
    Ok(ExitCode::SUCCESS)
}
