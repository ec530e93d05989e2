//! What the store counts.

use crate::growth::Growth;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Running counts since the database was opened.
#[derive(Debug, Default)]
pub struct Metrics {
    pub(crate) commits: AtomicU64,
    pub(crate) commands: AtomicU64,
    pub(crate) retries: AtomicU64,
    pub(crate) deadlocks: AtomicU64,
    pub(crate) busy: AtomicU64,
    /// On PostgreSQL.
    pub(crate) growth: Growth,
}

/// The counts at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Transactions committed.
    pub commits: u64,
    /// Commands answered after a commit; on SQLite many share one commit.
    pub commands: u64,
    /// Transactions run again because the database asked for it.
    pub retries: u64,
    /// How many of those were deadlocks.
    pub deadlocks: u64,
    /// Commands turned away because the queue was full.
    pub busy: u64,
}

impl Metrics {
    /// The counts now.
    pub fn counts(&self) -> Counts {
        Counts {
            commits: self.commits.load(Relaxed),
            commands: self.commands.load(Relaxed),
            retries: self.retries.load(Relaxed),
            deadlocks: self.deadlocks.load(Relaxed),
            busy: self.busy.load(Relaxed),
        }
    }
}
