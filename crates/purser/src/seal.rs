//! The sealer: while a server runs, the audit trail is sealed every few seconds. Each node has one;
//! they wait for one another and do no work twice.

use crate::place;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;
use store::Database;

/// How long the sealer rests between its rounds.
const REST: Duration = Duration::from_secs(5);

/// A sealer at work, until dropped.
pub(crate) struct Sealer {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sealer {
    /// Starts sealing the audit trails of all companies of a database.
    pub(crate) fn start(database: &Database) -> Sealer {
        let (stop, stopped) = mpsc::channel();
        let database = database.clone();
        let thread = std::thread::spawn(move || {
            loop {
                seal_all(&database);
                if stopped.recv_timeout(REST) != Err(RecvTimeoutError::Timeout) {
                    // What was written while requests under way came to their end.
                    return seal_all(&database);
                }
            }
        });
        Sealer { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Sealer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the sealer ended in a panic");
        }
    }
}

/// One round. What fails is told and tried again in the next.
fn seal_all(database: &Database) {
    let companies = match place::companies(database) {
        Ok(companies) => companies,
        Err(failure) => return tracing::warn!(%failure, "the audit trail was not sealed"),
    };
    for (company, _) in companies {
        match database.seal_trail(company) {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "sealed rows of the audit trail"),
            Err(error) => tracing::warn!(%error, "the audit trail was not sealed"),
        }
    }
}
