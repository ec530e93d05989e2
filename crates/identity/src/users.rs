//! Users: who may sign in. A user is administered by one company and may hold roles in several.

use crate::access::held_by;
use crate::ctx::Ctx;
use crate::grants::{Denied, Permission};
use crate::secret::Password;
use crate::{rules, tables};
use base::{CompanyId, Id, Problem, ProblemKind, Rule, TextError, UserId};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Creating a user.
pub const CREATE_USER: Permission = Permission("identity.create_user");
/// Giving another user a password.
pub const SET_PASSWORD: Permission = Permission("identity.set_password");
/// Switching a user off or on.
pub const SET_ACTIVE: Permission = Permission("identity.set_active");

/// A new user, who may do nothing until a role is granted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateUser {
    /// What the user signs in with; capital letters do not matter.
    pub login: String,
    /// The user's name.
    pub display_name: String,
    /// The password; without one the user cannot sign in by password.
    #[serde(default)]
    pub password: Option<Password>,
}

/// Another password.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPassword {
    /// Whose.
    pub user_id: UserId,
    /// The new password.
    pub password: Password,
}

/// Switching a user off or on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetActive {
    /// Whom.
    pub user_id: UserId,
    /// Whether the user may sign in.
    pub active: bool,
}

/// Why a user was not created or changed.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum UserError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Somebody has the login.
    #[error("the login {login:?} is taken; choose another")]
    LoginTaken {
        /// The login.
        login: String,
    },
    /// The company administers no such user.
    #[error("there is no user {user_id}")]
    UnknownUser {
        /// The id asked for.
        user_id: UserId,
    },
    /// The password would give more than the caller holds.
    #[error("this user may do more than you; an administrator has to set the password")]
    BeyondOwn,
    /// Nobody would be left to let others in.
    #[error("this is the last active administrator; make another one first")]
    LastAdministrator,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for UserError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            UserError::Denied(denied) => return denied.problem(),
            UserError::Text(error) => return error.problem(),
            UserError::Store(error) => return error.problem(),
            UserError::LoginTaken { .. } => (ProblemKind::Conflict, "login_taken"),
            UserError::UnknownUser { .. } => (ProblemKind::NotFound, "unknown_user"),
            UserError::BeyondOwn => (ProblemKind::Forbidden, "beyond_own_rights"),
            UserError::LastAdministrator => (ProblemKind::Refused, "last_administrator"),
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// Creates a user whom the caller's company administers.
///
/// # Errors
/// [`UserError`].
pub fn create_user(tx: &mut Tx<'_>, ctx: &Ctx, request: CreateUser) -> Result<UserId, UserError> {
    ctx.require(CREATE_USER)?;
    rules::check_login(&request.login)?;
    rules::check_name("display_name", &request.display_name)?;
    let login = rules::plain_login(&request.login);
    if tables::user_of_login(tx, &login)?.is_some() {
        return Err(UserError::LoginTaken { login });
    }
    let user_id = tx.id()?;
    let password = request.password.as_ref().map(Password::stored);
    let name = &request.display_name;
    tables::insert_user(tx, ctx.company_id, user_id, &login, name, password, ctx.at)?;
    let detail = serde_json::json!({"login": login, "display_name": name});
    ctx.audit(tx, CREATE_USER, "user", user_id.raw(), detail);
    Ok(user_id)
}

/// Sets a password: one's own, or with permission another's. All sessions of the user end.
///
/// # Errors
/// [`UserError`].
pub fn set_password(tx: &mut Tx<'_>, ctx: &Ctx, request: SetPassword) -> Result<(), UserError> {
    let SetPassword { user_id, password } = request;
    if user_id != ctx.user_id || !ctx.is_user() {
        ctx.require(SET_PASSWORD)?;
        lock(tx, ctx, user_id)?;
        // Whoever knows a password may do all that its user may.
        let theirs = held_by(tx, ctx.company_id, user_id)?;
        if !ctx.grants().cover_all(&theirs) {
            return Err(UserError::BeyondOwn);
        }
    }
    tables::set_password(tx, user_id, password.stored())?;
    tables::end_sessions_of(tx, user_id, ctx.at)?;
    ctx.audit(tx, SET_PASSWORD, "user", user_id.raw(), serde_json::json!({}));
    Ok(())
}

/// Switches a user off or on. Off ends all sessions, and keys of the user stop at once.
///
/// # Errors
/// [`UserError`].
pub fn set_active(tx: &mut Tx<'_>, ctx: &Ctx, request: SetActive) -> Result<(), UserError> {
    let SetActive { user_id, active } = request;
    ctx.require(SET_ACTIVE)?;
    let companies = tables::lock_companies_of(tx, user_id)?;
    lock(tx, ctx, user_id)?;
    tables::set_active(tx, user_id, active)?;
    if !active {
        tables::end_sessions_of(tx, user_id, ctx.at)?;
        if tables::any_without_administrator(tx, &companies)? {
            return Err(UserError::LastAdministrator);
        }
    }
    ctx.audit(tx, SET_ACTIVE, "user", user_id.raw(), serde_json::json!({"active": active}));
    Ok(())
}

fn lock(tx: &mut Tx<'_>, ctx: &Ctx, user_id: UserId) -> Result<(), UserError> {
    let known = tables::lock_user(tx, ctx.company_id, user_id)?;
    if known { Ok(()) } else { Err(UserError::UnknownUser { user_id }) }
}

/// The user of a login who can be charged with something in a company: active, and of the company or
/// with a role in it. For verbs that have their own permission.
///
/// # Errors
/// The store's own.
pub fn find_member(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    login: &str,
) -> Result<Option<UserId>, StoreError> {
    tables::member_of_login(tx, company_id, &rules::plain_login(login.trim()))
}

/// Whether a user can be charged with something in a company, as in [`find_member`].
///
/// # Errors
/// The store's own.
pub fn is_member(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: UserId,
) -> Result<bool, StoreError> {
    tables::is_member(tx, company_id, user_id)
}
