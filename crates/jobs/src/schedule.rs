//! `pause_job`, `resume_job`, `schedule_job`: whether and when a job comes by itself.

use crate::rules::{self, EVERY, When};
use crate::tables::{self, Stands};
use crate::words::{Job, JobState, Schedule};
use crate::{EDIT, JobError};
use base::{Id, Timestamp};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// A job that is to run only when somebody asks.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseJob {
    /// The job.
    pub job: Job,
}

/// A job that is to run by its schedule.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeJob {
    /// The job.
    pub job: Job,
}

/// When a job is to run; one of the two is named.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleJob {
    /// The job.
    pub job: Job,
    /// At this time of the company's day, such as `02:30`.
    #[serde(default)]
    pub daily_at: Option<String>,
    /// Every so many minutes, 5 to 1440.
    #[serde(default)]
    pub every_minutes: Option<i64>,
}

/// How a job stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobChanged {
    /// The job.
    pub job: Job,
    /// How it stands.
    pub state: JobState,
    /// When it is due next, unless it is paused.
    pub next_at: Option<Timestamp>,
}

/// Pauses a job. A run that is under way goes on.
///
/// # Errors
/// The first broken rule in the order of [`JobError`].
pub fn pause_job(tx: &mut Tx<'_>, ctx: &Ctx, request: PauseJob) -> Result<JobChanged, JobError> {
    let job = request.job;
    let before = hold(tx, ctx, job)?;
    if before.state == JobState::Paused {
        return Err(JobError::Already { job, state: before.state });
    }
    change(tx, ctx, job, &before, (JobState::Paused, before.when))
}

/// Resumes a job that is paused or has failed: it runs when it is due next.
///
/// # Errors
/// The first broken rule in the order of [`JobError`].
pub fn resume_job(tx: &mut Tx<'_>, ctx: &Ctx, request: ResumeJob) -> Result<JobChanged, JobError> {
    let job = request.job;
    let before = hold(tx, ctx, job)?;
    if before.state == JobState::Active {
        return Err(JobError::Already { job, state: before.state });
    }
    change(tx, ctx, job, &before, (JobState::Active, before.when))
}

/// Sets when a job runs. Whether it is paused or has failed stays as it was.
///
/// # Errors
/// The first broken rule in the order of [`JobError`].
pub fn schedule_job(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ScheduleJob,
) -> Result<JobChanged, JobError> {
    let job = request.job;
    let before = hold(tx, ctx, job)?;
    let when = match (request.daily_at, request.every_minutes) {
        (Some(text), None) => {
            let minute = rules::minute_of(&text).ok_or(JobError::NotATime(text))?;
            When { schedule: Schedule::Daily, minute }
        }
        (None, Some(minute)) if (EVERY.0..=EVERY.1).contains(&minute) => {
            When { schedule: Schedule::Every, minute }
        }
        (None, Some(got)) => {
            return Err(JobError::WrongInterval { got, least: EVERY.0, most: EVERY.1 });
        }
        _ => return Err(JobError::NoSchedule),
    };
    change(tx, ctx, job, &before, (before.state, when))
}

fn hold(tx: &mut Tx<'_>, ctx: &Ctx, job: Job) -> Result<Stands, JobError> {
    ctx.require(EDIT)?;
    tables::begin(tx, ctx.company_id, &ctx.zone, ctx.at)?;
    Ok(tables::lock(tx, ctx.company_id, job)?)
}

fn change(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    job: Job,
    before: &Stands,
    (state, when): (JobState, When),
) -> Result<JobChanged, JobError> {
    let next_at = rules::next(when, &ctx.zone, ctx.at)?;
    let failures = rules::failures_left((before.state, before.failures), state);
    tables::schedule(tx, ctx, job, (state, failures), (when, next_at))?;
    let told = |state: JobState, when: When| serde_json::json!({ "state": state, "schedule": when.schedule, "minute": when.minute });
    let detail = serde_json::json!({
        "job": job, "before": told(before.state, before.when), "after": told(state, when),
    });
    ctx.audit(tx, EDIT, "job", ctx.company_id.raw(), detail);
    Ok(JobChanged { job, state, next_at: (state != JobState::Paused).then_some(next_at) })
}
