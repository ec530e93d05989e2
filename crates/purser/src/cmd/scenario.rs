//! `purser scenario run`.

use crate::args::{ScenarioCommand, ScenarioRunArgs};
use crate::failure::Failure;
use std::process::ExitCode;

pub(crate) fn run(database: Option<&str>, command: ScenarioCommand) -> Result<ExitCode, Failure> {
    let ScenarioCommand::Run(ScenarioRunArgs { files, json }) = command;
    let options = scenario::Options { database: database.map(str::to_owned) };
    let report = scenario::run(&files, options).map_err(|error| Failure(error.to_string()))?;
    if json {
        println!("{}", report.json());
    } else {
        println!("{}", report.text());
    }
    Ok(if report.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
