//! A second factor: what it is, where a user stands with it, and why something was not done to it.
//!
//! It belongs to the user and not to a company. A session for whose user it is asked, and who has none,
//! may do nothing but set it up: [`crate::find_session`] refuses it.

use crate::access::{Caller, SignInError};
use crate::ctx::Ctx;
use crate::policies::policies;
use crate::recovery_codes;
use crate::rules;
use crate::tables::{self, Factor};
use crate::totp;
use base::{Problem, ProblemKind, Rule, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// For how many microseconds after its start a session shows by itself who asks, and for how many a
/// secret waits to be confirmed.
pub(crate) const FRESH: i64 = 15 * 60_000_000;

/// After how many wrong codes in a row codes of the app are accepted no more: of guesses without end one
/// would be right.
pub const MOST_WRONG_CODES: i64 = 100;

/// Where a user stands with the second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactorState {
    /// It is asked for at sign-in.
    On,
    /// There is none, and nobody asks for one.
    Off,
    /// There is none, and the company asks for one: sessions can do nothing but set it up.
    Missing,
}

impl SecondFactorState {
    fn of(is_on: bool, is_missing: bool) -> SecondFactorState {
        match (is_on, is_missing) {
            (true, _) => SecondFactorState::On,
            (false, true) => SecondFactorState::Missing,
            (false, false) => SecondFactorState::Off,
        }
    }

    pub(crate) fn word(self) -> &'static str {
        match self {
            SecondFactorState::On => "on",
            SecondFactorState::Off => "off",
            SecondFactorState::Missing => "missing",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<SecondFactorState> {
        use SecondFactorState::{Missing, Off, On};
        [On, Off, Missing].into_iter().find(|state| state.word() == word)
    }
}

/// A second factor that somebody else took away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecondFactorReset {
    /// When.
    pub reset_at: Timestamp,
    /// By whom; empty for the command line.
    pub reset_by: String,
    /// Why.
    pub reason: String,
}

/// One's own second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecondFactor {
    /// Whether there is one, or has to be.
    pub state: SecondFactorState,
    /// Since when.
    pub since: Option<Timestamp>,
    /// How many recovery codes are left.
    pub recovery_codes_left: i64,
    /// Whether the company lets its users set one up.
    pub allowed: bool,
    /// Whether one has a password, with which one shows that it is really oneself.
    pub has_password: bool,
    /// Whether one signed in within the last 15 minutes: then setting it up asks for no password, and who
    /// has none may change it.
    pub is_fresh: bool,
    /// How many codes were wrong since one was last right. From 100 on only a recovery code is accepted.
    pub wrong_codes_in_a_row: i64,
    /// How many were wrong since it is on.
    pub wrong_codes: i64,
    /// When the last of them was given.
    pub wrong_code_at: Option<Timestamp>,
    /// When somebody else last took it away.
    pub reset: Option<SecondFactorReset>,
}

/// How whoever changes the own second factor shows that it is really they.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The password was right, as [`crate::Credential::authenticate`] said of this user.
    Password(UserId),
    /// By a session that has just begun.
    FreshSession,
}

/// Why one's own second factor was not set up or changed, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum SecondFactorError {
    /// The caller is a program.
    #[error("a second factor is for a session of its user alone; sign in with a browser")]
    NoSession,
    /// The company does not want it.
    #[error(
        "the company's policy second_factor is off; ask whoever sets policies to allow second factors"
    )]
    NotAllowed,
    /// The password is wrong.
    #[error("the password is wrong")]
    WrongPassword,
    /// Nothing shows that it is really the user.
    #[error("give your password, or, if you have none, sign in anew and do it within 15 minutes")]
    NotShown,
    /// There is one.
    #[error("the second factor is on already; turn it off first to set up another device")]
    On,
    /// There is none.
    #[error("the second factor is off; set it up first")]
    Off,
    /// There is no secret that could be confirmed.
    #[error("the setting up was not begun, or more than 15 minutes ago; begin again")]
    NotBegun,
    /// The code is of another time or secret, or was used.
    #[error(transparent)]
    Wrong(#[from] WrongSecondFactor),
    /// Too many codes were wrong.
    #[error(transparent)]
    TooMany(#[from] TooManyWrongCodes),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A code that is not accepted.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
#[error(
    "the code is wrong, or was used before; wait for the next one, and look whether the device's clock \
     is right"
)]
pub struct WrongSecondFactor;

impl WrongSecondFactor {
    /// The code of the problem, by which whoever counts wrong codes knows one.
    pub const CODE: &'static str = "wrong_second_factor";
}

/// A code of the app that is not even looked at, for too many before it were wrong.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
#[error(
    "{MOST_WRONG_CODES} codes in a row were wrong, so codes of the app are not accepted any more; give a \
     recovery code, or ask an administrator to reset your second factor; and change the password, for \
     whoever guessed knows it"
)]
pub struct TooManyWrongCodes;

impl TooManyWrongCodes {
    /// The code of the problem.
    pub const CODE: &'static str = "too_many_wrong_codes";
}

impl Rule for SecondFactorError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            SecondFactorError::NoSession => (ProblemKind::Forbidden, "second_factor_needs_session"),
            SecondFactorError::NotAllowed => (ProblemKind::Refused, "second_factor_not_allowed"),
            SecondFactorError::WrongPassword => (ProblemKind::Refused, "wrong_password"),
            SecondFactorError::NotShown => (ProblemKind::Forbidden, "not_shown_to_be_you"),
            SecondFactorError::On => (ProblemKind::Conflict, "second_factor_is_on"),
            SecondFactorError::Off => (ProblemKind::Conflict, "second_factor_is_off"),
            SecondFactorError::NotBegun => (ProblemKind::Refused, "second_factor_not_begun"),
            SecondFactorError::Wrong(_) => (ProblemKind::Refused, WrongSecondFactor::CODE),
            SecondFactorError::TooMany(_) => (ProblemKind::Refused, TooManyWrongCodes::CODE),
            SecondFactorError::Store(error) => return error.problem(),
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// With what a second factor was passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passed {
    /// A code of the app.
    App,
    /// A recovery code.
    Recovery,
}

/// Why a second factor was not passed.
pub(crate) enum NotPassed {
    Wrong,
    TooMany,
    Store(StoreError),
}

impl From<StoreError> for NotPassed {
    fn from(error: StoreError) -> NotPassed {
        NotPassed::Store(error)
    }
}

impl From<NotPassed> for SecondFactorError {
    fn from(not: NotPassed) -> SecondFactorError {
        match not {
            NotPassed::Wrong => WrongSecondFactor.into(),
            NotPassed::TooMany => TooManyWrongCodes.into(),
            NotPassed::Store(error) => error.into(),
        }
    }
}

impl From<NotPassed> for SignInError {
    fn from(not: NotPassed) -> SignInError {
        match not {
            NotPassed::Wrong => WrongSecondFactor.into(),
            NotPassed::TooMany => TooManyWrongCodes.into(),
            NotPassed::Store(error) => error.into(),
        }
    }
}

/// Tells a caller about the own second factor.
///
/// # Errors
/// [`SecondFactorError::NoSession`]; those of the store.
pub fn second_factor(tx: &mut Tx<'_>, caller: &Caller) -> Result<SecondFactor, SecondFactorError> {
    let ctx = of_session(caller)?;
    let allowed = !policies(tx, ctx.company_id)?.is(rules::SECOND_FACTOR, "off");
    let found = tables::own_factor(tx, ctx.user_id)?;
    Ok(SecondFactor {
        state: SecondFactorState::of(found.since.is_some(), caller.lacks_second_factor),
        since: found.since,
        recovery_codes_left: found.recovery_codes_left,
        allowed,
        has_password: found.has_password,
        is_fresh: is_fresh(caller),
        wrong_codes_in_a_row: found.wrong_in_a_row,
        wrong_codes: found.wrong_codes,
        wrong_code_at: found.wrong_at,
        reset: tables::last_reset(tx, ctx.user_id)?,
    })
}

/// The caller of a session.
pub(crate) fn of_session(caller: &Caller) -> Result<&Ctx, SecondFactorError> {
    caller.session_id.map(|_| &caller.ctx).ok_or(SecondFactorError::NoSession)
}

/// Whether the session has just begun.
fn is_fresh(caller: &Caller) -> bool {
    let since = |then: Timestamp| caller.ctx.at.micros().saturating_sub(then.micros());
    caller.started_at.is_some_and(|then| since(then) < FRESH)
}

/// Demands that it is really the user who sets a factor up: with the password, or in a session that has
/// just begun.
pub(crate) fn require_fresh(caller: &Caller, proof: Proof) -> Result<(), SecondFactorError> {
    let shown = match proof {
        Proof::Password(user_id) => user_id == caller.ctx.user_id,
        Proof::FreshSession => is_fresh(caller),
    };
    if shown { Ok(()) } else { Err(SecondFactorError::NotShown) }
}

/// As [`require_fresh`], for what weakens the sign-in: whoever has a password has to give it.
pub(crate) fn require_password(
    tx: &mut Tx<'_>,
    caller: &Caller,
    proof: Proof,
) -> Result<(), SecondFactorError> {
    require_fresh(caller, proof)?;
    let by_session = proof == Proof::FreshSession;
    if by_session && tables::own_factor(tx, caller.ctx.user_id)?.has_password {
        return Err(SecondFactorError::NotShown);
    }
    Ok(())
}

/// Accepts a code of the app or a recovery code, for the only time. The factor is locked: of two requests
/// with the same code at once the second finds it used.
pub(crate) fn pass(
    tx: &mut Tx<'_>,
    factor: &Factor,
    typed: &str,
    at: Timestamp,
) -> Result<Passed, NotPassed> {
    let plain: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if totp::is_code(&plain) {
        if factor.wrong_in_a_row >= MOST_WRONG_CODES {
            return Err(NotPassed::TooMany);
        }
        let step = factor.secret.step_of(&plain, at, factor.last_step).ok_or(NotPassed::Wrong)?;
        tables::accept_step(tx, factor, step)?;
        return Ok(Passed::App);
    }
    let digest = recovery_codes::digest_of(&plain).ok_or(NotPassed::Wrong)?;
    let used = tables::use_recovery_code(tx, factor, &digest, at)?;
    if used { Ok(Passed::Recovery) } else { Err(NotPassed::Wrong) }
}

/// Passes the second factor of a user who signs in with a password; there may be none to pass.
pub(crate) fn pass_to_sign_in(
    tx: &mut Tx<'_>,
    user_id: UserId,
    typed: Option<&str>,
    at: Timestamp,
) -> Result<Option<Passed>, SignInError> {
    let found = tables::lock_factor(tx, user_id)?.filter(|factor| factor.confirmed_at.is_some());
    let Some(factor) = found else { return Ok(None) };
    let typed = typed.map(str::trim).filter(|typed| !typed.is_empty());
    let typed = typed.ok_or(SignInError::SecondFactorNeeded)?;
    Ok(Some(pass(tx, &factor, typed, at)?))
}
