//! Work that comes again: which job, when, which node has it under which lease, and what became of each
//! run.
//!
//! What a job does is known to whoever runs it; here it is a name with a schedule.

mod ask;
mod checks;
mod error;
mod install;
mod rules;
mod run;
mod schedule;
mod tables;
mod views;
mod words;

pub use ask::{JobAsked, RunJob, run_job};
pub use error::JobError;
pub use install::install_jobs;
pub use run::{
    Due, Noted, RunEnd, Taken, Wanted, free_lost, leases_over, note_run, renew, take_due, waiting,
};
pub use schedule::{
    JobChanged, PauseJob, ResumeJob, ScheduleJob, pause_job, resume_job, schedule_job,
};
pub use views::{JobFilter, JobRow, RunFilter, RunRow, list_jobs, list_runs};
pub use words::{Job, JobState, RunOutcome, Schedule};

use identity::Permission;

/// Looking at jobs and their runs.
pub const READ: Permission = Permission("jobs.read");
/// Asking for a run. A job acts with all rights, as user 0: whoever has this may have all done that jobs
/// do, such as proposing what to order, without the rights to those verbs.
pub const RUN: Permission = Permission("jobs.run");
/// Pausing, resuming and scheduling jobs.
pub const EDIT: Permission = Permission("jobs.edit");

/// The tables about jobs.
pub static SCHEMA: store::Schema = store::Schema {
    name: "jobs",
    migrations: store::migrations!("0001_jobs.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &[],
    below: &[&store::SCHEMA, &identity::SCHEMA],
};
