//! From a signed-in user to a [`Ctx`]: grants are read anew for each request.

use crate::ctx::Ctx;
use crate::grants::{Denied, Grants, Held};
use crate::model::Company;
use crate::rules::Pattern;
use crate::second_factor::{TooManyWrongCodes, WrongSecondFactor};
use crate::secret;
use crate::tables::HeldPattern;
use crate::{rules, tables};
use base::{
    ApiKeyId, CompanyId, Day, Id, Problem, ProblemKind, Rule, SessionId, Timestamp, UserId,
};
use std::collections::HashMap;
use store::{StoreError, Tx};

/// Why somebody is not let in.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum SignInError {
    /// No such login, another password, no password at all, or switched off: always the same answer.
    #[error("login or password is wrong")]
    WrongCredentials,
    /// The password is right, and the user has a second factor.
    #[error("give the code of your authenticator app, or one of your recovery codes")]
    SecondFactorNeeded,
    /// The password is right, and the code is not.
    #[error(transparent)]
    WrongSecondFactor(#[from] WrongSecondFactor),
    /// Password is right, and too many codes were not.
    #[error(transparent)]
    TooManyWrongCodes(#[from] TooManyWrongCodes),
    /// The user works in several companies, or in another than was named.
    #[error("name the company to work in; yours are: {}", .names.join(", "))]
    CompanyNeeded {
        /// The companies in which the user holds a role.
        names: Vec<String>,
    },
    /// The company asks for a second factor that the user has not set up.
    #[error("the company asks you for a second factor; set it up, then go on")]
    SecondFactorMissing,
    /// There is no such API key, or it was revoked.
    #[error("the API key is not valid")]
    WrongKey,
    /// The API key's time is over.
    #[error("the API key expired on {expired_on}; create a new one")]
    KeyExpired {
        /// The first day on which it no longer works.
        expired_on: Day,
    },
    /// The session is over or never was.
    #[error("the session is over; sign in again")]
    SessionOver,
    /// The sign-in link is used, too old or never was.
    #[error("the sign-in link is not valid any more; ask for a new one")]
    WrongLink,
    /// The user is switched off or holds no role in the company.
    #[error("you have no role in this company; ask an administrator for one")]
    NoAccess,
    /// The user came by a link, which is for one company.
    #[error("you came by a link, which is for one company; sign in with your password to change")]
    ByLink,
    /// The link would give more than the caller holds.
    #[error("this user may do more than you; an administrator has to give the link")]
    BeyondOwn,
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for SignInError {
    fn problem(&self) -> Problem {
        let code = match self {
            SignInError::WrongCredentials => "wrong_credentials",
            SignInError::SecondFactorNeeded => "second_factor_needed",
            SignInError::WrongSecondFactor(_) => WrongSecondFactor::CODE,
            SignInError::TooManyWrongCodes(_) => TooManyWrongCodes::CODE,
            SignInError::CompanyNeeded { .. } => {
                return Problem::refused("company_needed", self.to_string()).with_field("company");
            }
            SignInError::SecondFactorMissing => {
                return Problem::forbidden("second_factor_missing", self.to_string());
            }
            SignInError::WrongKey => "wrong_api_key",
            SignInError::KeyExpired { .. } => "api_key_expired",
            SignInError::SessionOver => "session_over",
            SignInError::WrongLink => "wrong_sign_in_link",
            SignInError::NoAccess => {
                return Problem::forbidden("no_access", self.to_string());
            }
            SignInError::ByLink => {
                return Problem::forbidden("came_by_link", self.to_string());
            }
            SignInError::BeyondOwn => {
                return Problem::forbidden("beyond_own_rights", self.to_string());
            }
            SignInError::Denied(denied) => return denied.problem(),
            SignInError::Store(error) => return error.problem(),
        };
        Problem::new(ProblemKind::Unauthenticated, code, self.to_string())
    }
}

/// Who came in, and what to note of it.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The caller.
    pub ctx: Ctx,
    /// What [`note_use`] should write, when it is due. Reading a request's caller writes nothing.
    pub due: Option<Use>,
    /// The session, when it was one and no key.
    pub session_id: Option<SessionId>,
    /// When the session began.
    pub started_at: Option<Timestamp>,
    /// Whether the company asks for a second factor that the user does not have.
    pub lacks_second_factor: bool,
}

/// With what a caller came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// A session.
    Session(SessionId),
    /// An API key.
    ApiKey(ApiKeyId),
}

/// What is known of a login, to compare a password with outside the transaction.
#[derive(Clone)]
pub struct Credential {
    pub(crate) user_id: Option<UserId>,
    pub(crate) password: Option<String>,
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential").field("user_id", &self.user_id).finish_non_exhaustive()
    }
}

/// Reads what is known of a login; an unknown one gives a credential that nothing fits.
///
/// # Errors
/// Those of the store.
pub fn find_credential(tx: &mut Tx<'_>, login: &str) -> Result<Credential, StoreError> {
    tables::credential(tx, &rules::plain_login(login))
}

impl Credential {
    /// Authenticates a user by password. This takes some 20 ms of work on purpose, with or without
    /// an account: call it outside a transaction, and throttle it.
    ///
    /// # Errors
    /// [`SignInError::WrongCredentials`], whatever was wrong.
    pub fn authenticate(&self, password: &str) -> Result<UserId, SignInError> {
        let right = secret::verify(password, self.password.as_deref());
        self.user_id.filter(|_| right).ok_or(SignInError::WrongCredentials)
    }
}

/// The companies in which a user holds a role, by name: among these a sign-in chooses.
///
/// # Errors
/// Those of the store.
pub fn companies_of(tx: &mut Tx<'_>, user_id: UserId) -> Result<Vec<Company>, StoreError> {
    tables::companies_of(tx, user_id)
}

/// A user's [`Ctx`] in a company.
///
/// # Errors
/// [`SignInError::NoAccess`] when the user is switched off or holds no role there.
pub fn ctx_for_user(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: UserId,
    at: Timestamp,
    request_id: &str,
) -> Result<Ctx, SignInError> {
    let principal = format!("user:{user_id}");
    ctx_of(tx, company_id, user_id, principal, None, at, request_id)
}

/// The [`Ctx`] of a user, perhaps within the scopes of a key.
pub(crate) fn ctx_of(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: UserId,
    principal: String,
    scopes: Option<Vec<Pattern>>,
    at: Timestamp,
    request_id: &str,
) -> Result<Ctx, SignInError> {
    let found = tables::held_patterns(tx, company_id, user_id)?;
    let (company, patterns) = found.ok_or(SignInError::NoAccess)?;
    let grants = Grants::new(by_grant(patterns), scopes);
    Ok(Ctx::new(&company, user_id, principal, at, request_id.to_owned(), grants))
}

/// What an active user holds in a company, one entry for each grant.
pub(crate) fn held_by(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: UserId,
) -> Result<Vec<Held>, StoreError> {
    let found = tables::held_patterns(tx, company_id, user_id)?;
    Ok(found.map_or_else(Vec::new, |(_, patterns)| by_grant(patterns)))
}

/// What active users hold in a company, in one statement. Who holds nothing is left out.
pub(crate) fn held_by_all(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    users: &[UserId],
) -> Result<HashMap<UserId, Vec<Held>>, StoreError> {
    let mut found: HashMap<UserId, Vec<HeldPattern>> = HashMap::new();
    for (user, line) in tables::held_patterns_of(tx, company_id, users)? {
        found.entry(user).or_default().push(line);
    }
    Ok(found.into_iter().map(|(user, lines)| (user, by_grant(lines))).collect())
}

/// Patterns, one entry for each grant.
pub(crate) fn by_grant(patterns: Vec<HeldPattern>) -> Vec<Held> {
    let mut held: Vec<Held> = Vec::new();
    let mut last = None;
    for line in patterns {
        if last != Some((line.role_id, line.warehouse_id)) {
            last = Some((line.role_id, line.warehouse_id));
            let warehouse_id = line.warehouse_id;
            held.push(Held {
                role_id: line.role_id.raw(),
                patterns: Vec::new(),
                warehouse_id,
                limit: line.limit,
            });
        }
        if let Some(held) = held.last_mut() {
            held.patterns.push(line.pattern);
        }
    }
    held
}

/// Notes that a session or key was used, so that an idle session ends and an unused key shows.
///
/// # Errors
/// Those of the store.
pub fn note_use(tx: &mut Tx<'_>, ctx: &Ctx, used: Use) -> Result<(), StoreError> {
    match used {
        Use::Session(id) => tables::touch_session(tx, ctx.company_id, id, ctx.at),
        Use::ApiKey(id) => tables::touch_api_key(tx, ctx.company_id, id, ctx.today),
    }
}
