//! A command on its way to a worker and its answer on the way back.

use crate::{StoreError, Tx};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// A command that waited longer than this is answered `Busy` and not run: its caller has gone.
const WAIT_LIMIT: Duration = Duration::from_secs(10);

/// What a run of a command asks for.
#[derive(Debug)]
pub(crate) enum Outcome {
    Commit,
    Rollback,
    Failed(StoreError),
}

/// A unit of work for a worker thread. It may run several times before it is answered once.
pub(crate) trait Command: Send {
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome;
    /// Delivers the last run's answer, or the error that took its place.
    fn answer(self: Box<Self>, error: Option<StoreError>);
    fn expired(&self) -> bool;
    /// Whether a repeat after an unknown commit is harmless, because a key guards it.
    fn keyed(&self) -> bool;
}

pub(crate) struct Typed<T, E, F> {
    work: F,
    result: Option<Result<T, E>>,
    answer: oneshot::Sender<Result<T, E>>,
    queued_at: Instant,
    patient: bool,
    keyed: bool,
}

impl<T, E, F> Typed<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
{
    pub(crate) fn new(
        work: F,
        keyed: bool,
        patient: bool,
    ) -> (Self, oneshot::Receiver<Result<T, E>>) {
        let (answer, receiver) = oneshot::channel();
        let queued_at = Instant::now();
        (Typed { work, result: None, answer, queued_at, patient, keyed }, receiver)
    }
}

impl<T, E, F> Command for Typed<T, E, F>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> Outcome {
        let result = (self.work)(tx);
        let accepted = result.is_ok();
        self.result = Some(result);
        if let Some(error) = tx.take_failure() {
            return Outcome::Failed(error);
        }
        if !accepted {
            return Outcome::Rollback;
        }
        match tx.finish() {
            Ok(()) => Outcome::Commit,
            Err(error) => Outcome::Failed(error),
        }
    }

    fn answer(self: Box<Self>, error: Option<StoreError>) {
        let result = match (error, self.result) {
            (None, Some(result)) => result,
            (Some(error), _) => Err(error.into()),
            (None, None) => Err(StoreError::Panicked.into()),
        };
        // The caller may have gone; what was committed stays committed.
        let _ = self.answer.send(result);
    }

    fn expired(&self) -> bool {
        !self.patient && self.queued_at.elapsed() > WAIT_LIMIT
    }

    fn keyed(&self) -> bool {
        self.keyed
    }
}

/// Runs a command so that its panic is its own failure and nobody else's.
pub(crate) fn run_guarded(command: &mut dyn Command, tx: &mut Tx<'_>) -> Outcome {
    match catch_unwind(AssertUnwindSafe(|| command.run(tx))) {
        Ok(outcome) => outcome,
        Err(panic) => {
            let words = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("no message");
            tracing::error!(words, "a command panicked; its changes are rolled back");
            Outcome::Failed(StoreError::Panicked)
        }
    }
}
