//! Who keeps trying passwords or codes waits, longer each time; nobody is locked out for good.

use crate::problem::ApiError;
use base::Timestamp;
use identity::{TooManyWrongCodes, WrongSecondFactor};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::{Semaphore, SemaphorePermit};

/// Wrong passwords or codes of a login that cost nothing.
const FREE: u32 = 4;
/// The longest wait between two tries, in seconds.
const LONGEST: i64 = 60;
/// How many logins are remembered at most; then the oldest waits are forgotten.
const REMEMBERED: usize = 10_000;
/// How many passwords and codes are compared at the same time: a password takes 19 MiB and a processor,
/// and of guesses sent together all but these wait for what became of those before.
const AT_ONCE: usize = 2;

/// The wrong passwords and codes of late. It knows them of this process alone: another node counts its own.
pub(crate) struct Doorkeeper {
    wrong: Mutex<HashMap<String, Tries>>,
    pub(crate) comparing: Semaphore,
}

#[derive(Clone, Copy)]
struct Tries {
    count: u32,
    until: i64,
}

impl Default for Doorkeeper {
    fn default() -> Doorkeeper {
        Doorkeeper { wrong: Mutex::default(), comparing: Semaphore::new(AT_ONCE) }
    }
}

/// A try that was let in. While it lasts, few others are.
pub(crate) struct Guess<'k> {
    keeper: &'k Doorkeeper,
    login: String,
    at: Timestamp,
    _turn: Option<SemaphorePermit<'k>>,
}

impl Guess<'_> {
    /// The password or code was wrong.
    pub(crate) fn was_wrong(&self) {
        self.keeper.was_wrong(&self.login, self.at);
    }

    /// The request was refused after the password was right: a wrong code counts as a wrong password. Tells
    /// whether it was one.
    pub(crate) fn was_refused(&self, error: &ApiError) -> bool {
        let is_wrong = error.0.code == WrongSecondFactor::CODE;
        if is_wrong || error.0.code == TooManyWrongCodes::CODE {
            tracing::warn!("a code of a second factor was refused");
            self.was_wrong();
        }
        is_wrong
    }

    /// Password and code were right: what was wrong before is forgotten.
    pub(crate) fn was_right(&self) {
        self.keeper.was_right(&self.login);
    }
}

impl Doorkeeper {
    /// Lets a try of a login in.
    ///
    /// # Errors
    /// How many seconds it has to wait instead.
    pub(crate) async fn guess(&self, login: &str, at: Timestamp) -> Result<Guess<'_>, i64> {
        // Who has to wait takes nobody's turn; and those before may have been wrong since.
        if let Some(seconds) = self.wait(login, at) {
            return Err(seconds);
        }
        let turn = self.comparing.acquire().await.ok();
        match self.wait(login, at) {
            Some(seconds) => Err(seconds),
            None => Ok(Guess { keeper: self, login: login.to_owned(), at, _turn: turn }),
        }
    }

    /// How many seconds a login has to wait before its next try: none, as a rule.
    fn wait(&self, login: &str, at: Timestamp) -> Option<i64> {
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let left = wrong.get(&plain(login))?.until.saturating_sub(at.micros());
        (left > 0).then(|| left.div_euclid(1_000_000).saturating_add(1))
    }

    /// A password or code was wrong: the next try waits 1, 2, 4 ... seconds.
    fn was_wrong(&self, login: &str, at: Timestamp) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= REMEMBERED {
            wrong.retain(|_, tries| tries.until > at.micros());
        }
        let tries = wrong.entry(plain(login)).or_insert(Tries { count: 0, until: 0 });
        tries.count = tries.count.saturating_add(1);
        if tries.count > FREE {
            let seconds = (1_i64 << (tries.count - FREE - 1).min(10)).min(LONGEST);
            tries.until = at.micros().saturating_add(seconds.saturating_mul(1_000_000));
        }
    }

    /// All was right.
    fn was_right(&self, login: &str) {
        self.wrong.lock().unwrap_or_else(PoisonError::into_inner).remove(&plain(login));
    }
}

/// Capitals do not matter, and nobody makes us remember a novel.
fn plain(login: &str) -> String {
    login.chars().take(100).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fifth_wrong_password_waits_and_each_further_one_longer_but_never_more_than_a_minute() {
        let keeper = Doorkeeper::default();
        let at = Timestamp::from_micros(0);
        for _ in 0..4 {
            keeper.was_wrong("Anna", at);
        }
        assert_eq!(keeper.wait("anna", at), None);
        let mut waits = Vec::new();
        for _ in 0..9 {
            keeper.was_wrong("anna", at);
            waits.push(keeper.wait("ANNA", at).unwrap_or(0) - 1);
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(keeper.wait("anna", Timestamp::from_micros(60_000_000)), None);
        assert_eq!(keeper.wait("will", at), None);
        keeper.was_right("anna");
        assert_eq!(keeper.wait("anna", at), None);
    }
}
