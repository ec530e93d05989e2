//! Why something about jobs was not done.

use crate::words::{Job, JobState};
use base::{BadCursor, DayError, Problem, ProblemKind, Rule};
use identity::Denied;
use store::StoreError;

/// Why something about jobs was not done, in order of precedence. Nothing has then changed.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum JobError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor was not given by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The job stands so already.
    #[error("job {job} is {state} already")]
    Already {
        /// The job.
        job: Job,
        /// How it stands.
        state: JobState,
    },
    /// Neither a time nor an interval was named, or both.
    #[error("name either a time of day, such as 02:30, or every how many minutes it runs")]
    NoSchedule,
    /// What was named is no time of day.
    #[error("{0:?} is no time of day; write 02:30")]
    NotATime(String),
    /// The interval is too short or too long.
    #[error("a job runs every {least} to {most} minutes, not every {got}")]
    WrongInterval {
        /// What was asked.
        got: i64,
        /// The least.
        least: i64,
        /// The most.
        most: i64,
    },
    /// There is no such moment.
    #[error(transparent)]
    Day(#[from] DayError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for JobError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            JobError::Denied(error) => error.problem(),
            JobError::Cursor(error) => error.problem(),
            JobError::Already { .. } => Problem::new(ProblemKind::Conflict, "job_state", detail),
            JobError::NoSchedule => Problem::invalid("job_schedule", detail).with_field("daily_at"),
            JobError::NotATime(_) => Problem::invalid("job_time", detail).with_field("daily_at"),
            JobError::WrongInterval { .. } => {
                Problem::invalid("job_interval", detail).with_field("every_minutes")
            }
            JobError::Day(error) => error.problem(),
            JobError::Store(error) => error.problem(),
        }
    }
}
