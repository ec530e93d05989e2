//! What a server does by itself, round after round, until it stops: sealing the audit trail, handing
//! mails to the relay, delivering facts. Each node does it; that nothing is done twice is up to the
//! leases and locks of what is done.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::Duration;

/// Somebody at work, until dropped.
pub(crate) struct Worker {
    name: &'static str,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Which round it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Round {
    /// One of many.
    Usual,
    /// The one after a stop was asked for: what is still done before the end.
    Last,
}

impl Worker {
    /// Starts working, with so much rest between the rounds. What fails in a round is told there and
    /// tried again in the next.
    pub(crate) fn start(
        name: &'static str,
        rest: Duration,
        mut work: impl FnMut(Round) + Send + 'static,
    ) -> Worker {
        let (stop, stopped) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            loop {
                work(Round::Usual);
                if stopped.recv_timeout(rest) != Err(RecvTimeoutError::Timeout) {
                    return work(Round::Last);
                }
            }
        });
        Worker { name, stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!(worker = self.name, "a worker ended in a panic");
        }
    }
}
