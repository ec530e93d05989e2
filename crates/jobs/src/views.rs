//! What readers get: jobs with their latest run, and runs.

use crate::words::{Job, JobState, RunOutcome, Schedule};
use crate::{JobError, READ, tables};
use base::{Id, JobRunId, Page, Paging, Timestamp};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, ToValue, Tx, Value};
use utoipa::ToSchema;

/// Which jobs to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JobFilter {
    /// Only in this state: `active`, `paused` or `failed`.
    pub state: Option<JobState>,
}

/// A job in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobRow {
    /// The job.
    pub job: Job,
    /// How it stands.
    pub state: JobState,
    /// Whether it is due at a time of the day or every so many minutes.
    pub schedule: Schedule,
    /// The time of the company's day, such as `02:30`; empty for one that is not daily.
    pub daily_at: String,
    /// Every how many minutes; none for a daily one.
    pub every_minutes: Option<i64>,
    /// When it is due next; none while it is paused.
    pub next_at: Option<Timestamp>,
    /// Since when a run that somebody asked for waits, or when it is tried again.
    pub asked_at: Option<Timestamp>,
    /// Whether a node runs it now.
    pub running: bool,
    /// How often in a row it failed.
    pub failures: i64,
    /// When its latest run began.
    pub began_at: Option<Timestamp>,
    /// When that run ended.
    pub ended_at: Option<Timestamp>,
    /// What became of it.
    pub outcome: Option<RunOutcome>,
    /// What it told, or why it failed.
    pub told: String,
}

/// A moment that is 0 where there is none.
fn moment(micros: Option<i64>) -> Option<Timestamp> {
    micros.filter(|micros| *micros != 0).map(Timestamp::from_micros)
}

fn job_of(row: &Row) -> Result<JobRow, StoreError> {
    let (state, schedule, minute): (JobState, Schedule, i64) =
        (row.get(1)?, row.get(2)?, row.get(3)?);
    let daily = schedule == Schedule::Daily;
    Ok(JobRow {
        job: row.get(0)?,
        state,
        schedule,
        daily_at: if daily {
            format!("{:02}:{:02}", minute / 60, minute % 60)
        } else {
            String::new()
        },
        every_minutes: (!daily).then_some(minute),
        next_at: (state != JobState::Paused).then_some(row.get(4)?),
        asked_at: moment(row.get(5)?),
        failures: row.get(6)?,
        running: row.get::<i64>(7)? > 0,
        began_at: moment(row.get(8)?),
        ended_at: moment(row.get(9)?),
        outcome: row.get(10)?,
        told: row.get::<Option<String>>(11)?.unwrap_or_default(),
    })
}

/// Lists a company's jobs by name.
///
/// # Errors
/// [`JobError`], in its order.
pub fn list_jobs(tx: &mut Tx<'_>, ctx: &Ctx, filter: JobFilter) -> Result<Page<JobRow>, JobError> {
    ctx.require(READ)?;
    let found = tables::list_jobs(tx, ctx, filter.state)?;
    let lines = found.iter().map(job_of).collect::<Result<Vec<_>, _>>()?;
    Ok(Page { lines, next_cursor: None })
}

/// Which runs to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RunFilter {
    /// Only of this job.
    pub job: Option<Job>,
    /// Only with this outcome: `running`, `done`, `failed` or `lost`.
    pub outcome: Option<RunOutcome>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RunRow {
    /// Its id.
    pub run_id: JobRunId,
    /// The job.
    pub job: Job,
    /// Whether somebody asked for it; otherwise it came by itself.
    pub asked: bool,
    /// The login of who asked for it; empty for the system.
    pub asked_by: String,
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What became of it.
    pub outcome: RunOutcome,
    /// What it told, or why it failed.
    pub told: String,
}

fn run_of(row: &Row) -> Result<RunRow, StoreError> {
    Ok(RunRow {
        run_id: row.get(0)?,
        job: row.get(1)?,
        asked: row.get(2)?,
        asked_by: row.get::<Option<String>>(3)?.unwrap_or_default(),
        began_at: row.get(4)?,
        ended_at: moment(row.get(5)?),
        outcome: row.get(6)?,
        told: row.get(7)?,
    })
}

/// Lists runs, the latest first.
///
/// # Errors
/// [`JobError`], in its order.
pub fn list_runs(tx: &mut Tx<'_>, ctx: &Ctx, filter: RunFilter) -> Result<Page<RunRow>, JobError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    let filters = [
        ctx.company_id.to_value(),
        filter.job.to_value(),
        filter.outcome.to_value(),
        Value::Int(at),
        Value::Int(id),
        Value::Int(paging.limit()),
    ];
    let found = tables::list_runs(tx, filters)?;
    let rows = found.iter().map(run_of).collect::<Result<Vec<_>, _>>()?;
    Ok(paging.page(rows, |row| (row.began_at.micros(), row.run_id.raw())))
}
