//! How far requests are that take long.
//!
//! It is told while their transaction is at work, which may still be undone, so it is kept beside the
//! database: in the memory of the process that does the work, until it is done. On another node, and
//! before and after, there is nothing to tell.

use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use utoipa::ToSchema;

/// How far a request is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct RequestProgress {
    /// Whether this node is at work on it, and has come to something.
    running: bool,
    /// What it is at, as in `stock`; empty while it finishes.
    step: String,
    /// How much of it is done: rows of files.
    done: u64,
    /// How much there is.
    total: u64,
}

/// The requests that tell how far they are, each by a hash of who sent it, to where, and under which key.
#[derive(Default)]
pub(crate) struct Progress {
    told: Mutex<HashMap<Vec<u8>, RequestProgress>>,
}

impl Progress {
    /// Begins a request that is going to tell.
    pub(crate) fn begin(self: &Arc<Self>, request: Vec<u8>) -> Telling {
        Telling { progress: Arc::clone(self), request, has_told: AtomicBool::new(false) }
    }

    /// How far a request is.
    pub(crate) fn of(&self, request: &[u8]) -> RequestProgress {
        self.lock().get(request).cloned().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Vec<u8>, RequestProgress>> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is done for a request, and tells. When it is dropped, that is over.
pub(crate) struct Telling {
    progress: Arc<Progress>,
    request: Vec<u8>,
    has_told: AtomicBool,
}

impl Telling {
    /// Tells how far it is, in place of what was told before.
    pub(crate) fn tell(&self, step: &str, done: u64, total: u64) {
        self.has_told.store(true, Ordering::Relaxed);
        let so_far = RequestProgress { running: true, step: step.to_owned(), done, total };
        self.progress.lock().insert(self.request.clone(), so_far);
    }
}

impl Drop for Telling {
    /// A repeat under the same key that waits for the first has told nothing, and takes nothing away.
    fn drop(&mut self) {
        if self.has_told.load(Ordering::Relaxed) {
            self.progress.lock().remove(&self.request);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_told_of_from_its_first_word_until_it_is_over() {
        let progress = Arc::new(Progress::default());
        let first = progress.begin(vec![1]);
        assert_eq!(progress.of(&[1]), RequestProgress::default());
        first.tell("stock", 10, 30);
        first.tell("bills", 20, 30);
        let heard = progress.of(&[1]);
        assert_eq!((heard.running, heard.step.as_str()), (true, "bills"));
        assert_eq!((heard.done, heard.total), (20, 30));
        assert!(!progress.of(&[2]).running, "another's is not heard");
        drop(progress.begin(vec![1]));
        assert!(progress.of(&[1]).running, "a repeat that told nothing ends nothing");
        drop(first);
        assert_eq!(progress.of(&[1]), RequestProgress::default());
    }
}
