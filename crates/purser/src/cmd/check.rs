//! `purser check`: every named invariant, or the digest of what the books say.

use crate::args::{CheckArgs, DatabaseArgs};
use crate::failure::Failure;
use crate::place;
use std::process::ExitCode;

/// How many breaches of one check are shown.
const SHOWN: usize = 10;

pub(crate) fn run(args: &DatabaseArgs, check: &CheckArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, check.company.as_deref())?;
    if check.digest {
        let digest = database.read(move |tx| reconcile::digest(tx, company))?;
        if check.list {
            digest.lines.iter().for_each(|line| println!("{line}"));
        }
        println!("{}", digest.sha256);
        return Ok(ExitCode::SUCCESS);
    }
    let now = place::now();
    let findings = reconcile::check_at_once(&database, company, Some(now))?;
    let broken = findings.iter().filter(|finding| !finding.breaches.is_empty()).count();
    if check.json {
        let list: Vec<_> = findings
            .iter()
            .map(|f| serde_json::json!({ "check": f.check, "breaches": f.breaches }))
            .collect();
        println!("{}", serde_json::Value::Array(list));
    } else {
        for finding in &findings {
            let word = if finding.breaches.is_empty() { "holds " } else { "BROKEN" };
            println!("{word}  {}", finding.check);
            for breach in finding.breaches.iter().take(SHOWN) {
                println!("          {breach}");
            }
            if finding.breaches.len() > SHOWN {
                println!("          and {} more", finding.breaches.len() - SHOWN);
            }
        }
        println!("{} checks, {broken} broken", findings.len());
    }
    for (statement, runs, time) in reconcile::SCHEMA.spent().iter().take(check.slowest) {
        println!("{statement:>40}{runs:>8} runs{:>8} ms", time.as_millis());
    }
    Ok(if broken == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
