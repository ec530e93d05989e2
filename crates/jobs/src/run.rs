//! Running: a job that is due is taken by one node under a lease, which it renews while it works, and
//! what became of the run is noted under the run's token alone.

use crate::RUN;
use crate::rules::{self, End};
use crate::tables;
use crate::words::{Job, JobState, RunOutcome};
use base::{CompanyId, Id, JobRunId, Timestamp, UserId, Zone};
use store::{Audit, Fact, StoreError, Tx};

/// For how long a run is leased, in microseconds. The node renews it long before.
const LEASE: i64 = 2 * 60 * 1_000_000;
/// How long a run may take, in microseconds: after that its lease is renewed no more.
const LONGEST: i64 = 6 * 60 * 60 * 1_000_000;
/// What is said of a run whose lease ran out.
const LOST: &str = "the server that ran it stopped, or it took longer than 6 hours";

/// What is to be done for a company's jobs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Due {
    /// The company has no row for some job yet.
    pub begin: bool,
    /// A job is due.
    pub due: bool,
    /// A lease ran out.
    pub lost: bool,
}

/// Which of the jobs that are due are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// Only this one.
    pub job: Option<Job>,
    /// Those due by then: now, or a moment before it.
    pub due_by: Timestamp,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunEnd {
    /// It did what it had to, and tells what.
    Done(String),
    /// It did not, and tells why.
    Failed(String),
    /// Its server was stopped in between. That is no failure of the job, which is due again at once.
    Stopped(String),
}

/// A run to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The company.
    pub company_id: CompanyId,
    /// The job.
    pub job: Job,
    /// The run.
    pub run_id: JobRunId,
    /// The token of the lease.
    pub token: i64,
    /// Whether somebody asked for it.
    pub asked: bool,
}

/// What follows from a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// The job stands so now.
    Stands(JobState),
    /// The lease was over: nothing was noted.
    Overtaken,
}

/// Looks what is to be done.
///
/// # Errors
/// Those of the engine.
pub fn waiting(tx: &mut Tx<'_>, company_id: CompanyId, now: Timestamp) -> Result<Due, StoreError> {
    tables::waiting(tx, company_id, now)
}

/// Whether a lease of a company ran out before a moment, and nobody noticed.
///
/// # Errors
/// Those of the engine.
pub fn leases_over(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    before: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tables::waiting(tx, company_id, before)?.lost)
}

/// Takes the job of a company that has been due for longest, under a lease from now on; nothing when none
/// is. A company that has no jobs yet gets them.
///
/// # Errors
/// Those of the engine.
pub fn take_due(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    zone: &Zone,
    wanted: Wanted,
    now: Timestamp,
) -> Result<Option<Taken>, StoreError> {
    if tables::waiting(tx, company_id, now)?.begin {
        tables::begin(tx, company_id, zone, now)?;
    }
    let Some(found) = tables::lock_due(tx, company_id, wanted)? else { return Ok(None) };
    let run_id: JobRunId = tx.id()?;
    let (job, token, asked) = (found.job, found.token + 1, found.asked);
    let taken = Taken { company_id, job, run_id, token, asked };
    tables::lease(tx, &taken, until(now))?;
    tables::insert_run(tx, &taken, found.asked_by, now)?;
    Ok(Some(taken))
}

/// Renews the lease of a run that is under way; answers whether it was. Whoever has no lease any more,
/// or has been at it for longer than six hours, is to stop: another node may take the job.
///
/// # Errors
/// Those of the engine.
pub fn renew(tx: &mut Tx<'_>, taken: &Taken, now: Timestamp) -> Result<bool, StoreError> {
    let began_after = Timestamp::from_micros(now.micros().saturating_sub(LONGEST));
    tables::renew(tx, taken, until(now), began_after)
}

fn until(now: Timestamp) -> Timestamp {
    Timestamp::from_micros(now.micros().saturating_add(LEASE))
}

/// Notes what became of a run. Who lost the lease meanwhile changes nothing.
///
/// # Errors
/// Those of the engine.
pub fn note_run(
    tx: &mut Tx<'_>,
    taken: &Taken,
    ended: &RunEnd,
    zone: &Zone,
    now: Timestamp,
) -> Result<Noted, StoreError> {
    let stands = tables::lock(tx, taken.company_id, taken.job)?;
    if stands.token != taken.token || !stands.leased {
        return Ok(Noted::Overtaken);
    }
    let (end, outcome, told) = match ended {
        RunEnd::Done(told) => (End::Done, RunOutcome::Done, told),
        RunEnd::Failed(why) => (End::Failed, RunOutcome::Failed, why),
        RunEnd::Stopped(told) => (End::Stopped, RunOutcome::Lost, told),
    };
    let state = note(tx, taken, &stands, (end, outcome, told), zone, now)?;
    Ok(Noted::Stands(state))
}

/// Notes runs whose lease ran out as lost, and lets their jobs be tried again; answers how many.
///
/// # Errors
/// Those of the engine.
pub fn free_lost(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    zone: &Zone,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let lost = tables::lock_lost(tx, company_id, now)?;
    for (taken, stands) in &lost {
        // Perhaps it took the server with it: that counts as a failure, lest it does so for ever.
        note(tx, taken, stands, (End::Failed, RunOutcome::Lost, LOST), zone, now)?;
    }
    Ok(lost.len())
}

fn note(
    tx: &mut Tx<'_>,
    taken: &Taken,
    stands: &tables::Stands,
    (end, outcome, told): (End, RunOutcome, &str),
    zone: &Zone,
    now: Timestamp,
) -> Result<JobState, StoreError> {
    let Taken { company_id, job, token, .. } = *taken;
    let regular = rules::next(stands.when, zone, now)
        .map_err(|error| StoreError::Unusable(format!("a job is due never more: {error}")))?;
    let ended = (end, taken.asked);
    let after = rules::after(ended, (stands.state, stands.failures), regular, now);
    let told = rules::told(told);
    tables::note(tx, taken, &after)?;
    tables::end_run(tx, taken, (outcome, &told), now)?;
    let audit = |detail| Audit {
        company_id,
        user_id: UserId::from_raw(0),
        recorded_at: now,
        request_id: "jobs".to_owned(),
        verb: RUN.0,
        object_kind: "job_run",
        object_id: taken.run_id.raw(),
        detail,
    };
    // Whoever asked looks for what became of it.
    if taken.asked {
        tx.audit(audit(serde_json::json!({ "job": job, "outcome": outcome, "told": told })));
    }
    if after.state == JobState::Failed && stands.state != JobState::Failed {
        tx.state_fact(Fact {
            company_id,
            aggregate_kind: "job_run",
            aggregate_id: taken.run_id.raw(),
            seq: 1,
            name: "jobs.job_failed",
            payload: serde_json::json!({
                "job": job, "run": token, "failures": after.failures, "told": told,
            }),
            recorded_at: now,
        });
        let detail = serde_json::json!({ "job": job, "failures": after.failures, "told": told });
        tx.audit(audit(detail));
    }
    Ok(after.state)
}
