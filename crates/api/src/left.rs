//! Requests that nobody waits for any more while what they asked for is still being done.
//!
//! A request that takes too long is answered 503, and what it does goes on all the same. Its repeat under the
//! same key would wait for it inside the database, each repeat in a transaction of its own, until none is left
//! for anybody else. So it is told at once that the first is still at work. It knows the requests of this
//! process alone: on another node the first repeat waits, and is then left there as well.

use crate::problem::ApiError;
use base::{Problem, ProblemKind};
use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The requests that were left, each by a hash of who sent it, to where, and under which key.
#[derive(Default)]
pub(crate) struct Left {
    requests: Mutex<HashSet<Vec<u8>>>,
}

impl Left {
    /// Begins a request: one part goes with who waits for the answer, the other with what is done.
    ///
    /// # Errors
    /// A problem when it was left, and is still at work.
    pub(crate) fn begin(
        self: &Arc<Self>,
        request: Vec<u8>,
    ) -> Result<(Waiting, Working), ApiError> {
        if self.lock().contains(&request) {
            return Err(Problem::new(
                ProblemKind::Busy,
                "still_running",
                "the request took longer than its answer was waited for, and is still being worked on; \
                 send it again with the same key to hear what came of it",
            )
            .into());
        }
        let one =
            Arc::new(One { left: Arc::clone(self), request, is_over: AtomicBool::new(false) });
        Ok((Waiting { one: Arc::clone(&one), is_answered: false }, Working { one }))
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<Vec<u8>>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request on its way.
struct One {
    left: Arc<Left>,
    request: Vec<u8>,
    /// Written and read under the lock of those that were left.
    is_over: AtomicBool,
}

/// Who waits for the answer. Dropped before there is one, it leaves the request behind.
pub(crate) struct Waiting {
    one: Arc<One>,
    is_answered: bool,
}

impl Waiting {
    /// The answer is there: nothing is left behind.
    pub(crate) fn answer(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.is_answered {
            return;
        }
        let mut left = self.one.left.lock();
        if !self.one.is_over.load(Ordering::Relaxed) {
            left.insert(self.one.request.clone());
        }
    }
}

/// What is done for the request. When it is dropped, that is over.
pub(crate) struct Working {
    one: Arc<One>,
}

impl Drop for Working {
    fn drop(&mut self) {
        let mut left = self.one.left.lock();
        self.one.is_over.store(true, Ordering::Relaxed);
        left.remove(&self.one.request);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_running(left: &Arc<Left>) -> bool {
        left.begin(vec![1]).is_err_and(|error| error.0.code == "still_running")
    }

    #[test]
    fn a_request_is_at_work_from_when_it_was_left_until_it_is_over() {
        let left = Arc::new(Left::default());
        let (waiting, working) = left.begin(vec![1]).expect("the first");
        // While somebody waits a repeat waits, too; it may be on another wire.
        assert!(!is_running(&left));
        drop(waiting);
        assert!(is_running(&left) && left.begin(vec![2]).is_ok());
        drop(working);
        assert!(!is_running(&left));
    }

    #[test]
    fn what_is_answered_or_over_is_not_left() {
        let left = Arc::new(Left::default());
        let (waiting, _working) = left.begin(vec![1]).expect("the first");
        waiting.answer();
        assert!(!is_running(&left), "a repeat gets the answer, however late the work is dropped");
        let (waiting, working) = left.begin(vec![1]).expect("another");
        drop(working);
        drop(waiting);
        assert!(!is_running(&left));
    }
}
