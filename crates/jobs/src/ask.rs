//! `run_job`: somebody wants a job to run now.

use crate::words::Job;
use crate::{JobError, RUN, tables};
use base::Id;
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// A job to run as soon as a server has time, also when it is paused.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RunJob {
    /// The job.
    pub job: Job,
}

/// A job that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JobAsked {
    /// The job.
    pub job: Job,
    /// Whether a run is under way: then another follows it.
    pub running: bool,
}

/// Asks for a run. Asked again before it began, it is one run.
///
/// # Errors
/// The first broken rule in the order of [`JobError`].
pub fn run_job(tx: &mut Tx<'_>, ctx: &Ctx, request: RunJob) -> Result<JobAsked, JobError> {
    ctx.require(RUN)?;
    let job = request.job;
    tables::begin(tx, ctx.company_id, &ctx.zone, ctx.at)?;
    let stands = tables::lock(tx, ctx.company_id, job)?;
    tables::ask(tx, ctx, job)?;
    ctx.audit(tx, RUN, "job", ctx.company_id.raw(), serde_json::json!({ "job": job }));
    Ok(JobAsked { job, running: stands.leased })
}
