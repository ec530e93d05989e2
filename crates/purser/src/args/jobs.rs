//! The command line of jobs.

use super::ListArgs;
use clap::Subcommand;
use jobs::Job;

/// `jobs`.
#[derive(Debug, Subcommand)]
pub(crate) enum JobsCommand {
    /// List jobs: when they are due and what became of their latest run.
    List(ListArgs),
    /// Run a job now, in this process; without one, whatever is due.
    Run(JobsRunArgs),
    /// Have a job run only when somebody asks.
    Pause(JobArgs),
    /// Have a job run by its schedule again.
    Resume(JobArgs),
    /// Set when a job runs: --daily-at 02:30, or --every 60 minutes.
    Schedule(JobsScheduleArgs),
}

/// A command about one job.
#[derive(Debug, clap::Args)]
pub(crate) struct JobArgs {
    /// The job, as `purser jobs list` names it.
    pub job: Job,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `jobs run`.
#[derive(Debug, clap::Args)]
pub(crate) struct JobsRunArgs {
    /// The job, also when it is paused.
    pub job: Option<Job>,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `jobs schedule`.
#[derive(Debug, clap::Args)]
pub(crate) struct JobsScheduleArgs {
    /// The job.
    pub job: Job,
    /// At this time of the company's day.
    #[arg(long, value_name = "HH:MM", conflicts_with = "every")]
    pub daily_at: Option<String>,
    /// Every so many minutes, 5 to 1440.
    #[arg(long, value_name = "MINUTES")]
    pub every: Option<i64>,
    #[command(flatten)]
    pub list: ListArgs,
}
