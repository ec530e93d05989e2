//! `purser jobs`: work that comes again.

use super::count::act;
use crate::args::{DatabaseArgs, JobArgs, JobsCommand, JobsRunArgs, JobsScheduleArgs, ListArgs};
use crate::failure::{Failure, refused};
use crate::{place, runner};
use jobs::{Job, JobChanged, JobFilter, JobRow, PauseJob, ResumeJob, RunEnd, RunJob, ScheduleJob};
use std::process::ExitCode;

/// Goes through the door of a command of `jobs`. Exit 1 says that a run failed.
pub(crate) fn run(args: &DatabaseArgs, asked: JobsCommand) -> Result<ExitCode, Failure> {
    match asked {
        JobsCommand::List(asked) => list(args, &asked)?,
        JobsCommand::Run(asked) => return run_now(args, &asked),
        JobsCommand::Pause(JobArgs { job, list }) => {
            act(args, &list, PauseJob { job }, jobs::pause_job, stands)?;
        }
        JobsCommand::Resume(JobArgs { job, list }) => {
            act(args, &list, ResumeJob { job }, jobs::resume_job, stands)?;
        }
        JobsCommand::Schedule(JobsScheduleArgs { job, daily_at, every, list }) => {
            let request = ScheduleJob { job, daily_at, every_minutes: every };
            act(args, &list, request, jobs::schedule_job, stands)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn stands(done: &JobChanged) -> String {
    let next = done.next_at.map_or(String::new(), |at| format!(", next at {at}"));
    format!("job {} is {}{next}", done.job, done.state)
}

fn list(args: &DatabaseArgs, asked: &ListArgs) -> Result<(), Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let page = database.read(move |tx| {
        let ctx = place::operator(tx, company)?;
        jobs::list_jobs(tx, &ctx, JobFilter::default()).map_err(refused)
    })?;
    if asked.json {
        let text = serde_json::to_string_pretty(&page.lines);
        println!("{}", text.map_err(|error| Failure(error.to_string()))?);
        return Ok(());
    }
    if page.lines.is_empty() {
        println!("no server ran for this company yet; `purser jobs run` does what is due");
    }
    page.lines.iter().for_each(|row| println!("{}", line(row)));
    Ok(())
}

fn line(row: &JobRow) -> String {
    let when = match row.every_minutes {
        Some(minutes) => format!("every {minutes} min"),
        None => format!("daily {}", row.daily_at),
    };
    let next = row.next_at.map_or_else(|| "-".to_owned(), |at| at.to_string());
    let last = match (row.running, row.outcome, row.ended_at) {
        (true, ..) => "running".to_owned(),
        (_, Some(outcome), Some(at)) => format!("{outcome} at {at}: {}", row.told),
        _ => "never ran".to_owned(),
    };
    format!("{:<19} {:<7} {when:<14} next {next}  {last}", row.job, row.state)
}

fn run_now(args: &DatabaseArgs, asked: &JobsRunArgs) -> Result<ExitCode, Failure> {
    let database = place::open(args)?;
    let company = place::company(&database, asked.list.company.as_deref())?;
    if let Some(job) = asked.job {
        database.write(move |tx| {
            let ctx = place::operator(tx, company)?;
            jobs::run_job(tx, &ctx, RunJob { job }).map_err(refused)
        })?;
    }
    let told = runner::run_due(&database, company, asked.job)?;
    database.seal_trail(company)?;
    if asked.list.json {
        println!("{}", serde_json::Value::Array(told.iter().map(as_json).collect()));
    } else {
        for (job, ended) in &told {
            match ended {
                RunEnd::Done(told) => println!("{job}: {told}"),
                RunEnd::Failed(why) => println!("{job} failed: {why}"),
                RunEnd::Stopped(told) => println!("{job} was stopped: {told}"),
            }
        }
        if told.is_empty() {
            println!("nothing is due here; a server may be running it");
        }
    }
    let failed = told.iter().any(|(_, ended)| !matches!(ended, RunEnd::Done(_)));
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn as_json((job, ended): &(Job, RunEnd)) -> serde_json::Value {
    let (RunEnd::Done(told) | RunEnd::Failed(told) | RunEnd::Stopped(told)) = ended;
    serde_json::json!({ "job": job, "done": matches!(ended, RunEnd::Done(_)), "told": told })
}
