//! Lists for readers. Each takes a filter and checks a permission.

use crate::ctx::Ctx;
use crate::grants::{ListError, Permission};
use crate::policies::policies;
use crate::rules;
use crate::second_factor::{SecondFactorReset, SecondFactorState};
use crate::tables;
use base::{ApiKeyId, Day, Money, RoleId, SessionId, Timestamp, UserId, WarehouseId};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// Reading users, roles, grants, keys, sessions and the history of approvals.
pub const READ: Permission = Permission("identity.read");

/// The most rows that a list answers with.
pub const MOST_ROWS: i64 = 1_000;

/// Which users.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UserFilter {
    /// Only those who may sign in.
    pub active_only: bool,
    /// Only those whose second factor is on, off, or missing where the company asks for one.
    pub second_factor: Option<SecondFactorState>,
    /// Only the one of this login; capital letters do not matter.
    pub login: Option<String>,
    /// Only after this login: the last of the page before.
    pub after: String,
}

/// A user whom the company administers, or who holds a role in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UserRow {
    /// The user.
    pub user_id: UserId,
    /// The login.
    pub login: String,
    /// The name.
    pub display_name: String,
    /// Whether the user may sign in.
    pub active: bool,
    /// Whether the user has a password.
    pub has_password: bool,
    /// Where the user stands with the second factor.
    pub second_factor: SecondFactorState,
    /// Since when it is on.
    pub second_factor_since: Option<Timestamp>,
    /// When an administrator last took one away, and why; of users of this company alone.
    pub second_factor_reset: Option<SecondFactorReset>,
    /// Whether this company administers the user: gives the password, switches off and on, and resets the
    /// second factor. Another does for who only holds a role here.
    pub is_own: bool,
}

/// Which roles.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RoleFilter {
    /// Only the role of this name.
    pub name: Option<String>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoleRow {
    /// The role.
    pub role_id: RoleId,
    /// Its name.
    pub name: String,
    /// Whether every company starts with it.
    pub built_in: bool,
    /// What it gives.
    pub permissions: Vec<String>,
    /// Whether whoever holds it has to have a second factor, where the policy `second_factor` is
    /// `required_for_roles`.
    pub second_factor: bool,
}

/// Which grants.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GrantFilter {
    /// Only those of this user.
    pub user_id: Option<UserId>,
}

/// A role that a user holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GrantRow {
    /// The user.
    pub user_id: UserId,
    /// The user's login.
    pub login: String,
    /// The role's name.
    pub role: String,
    /// The only warehouse it is for, or the whole company.
    pub warehouse_id: Option<WarehouseId>,
    /// The highest amount it is for, or any.
    pub amount_limit: Option<Money>,
    /// Who granted it.
    pub granted_by: UserId,
    /// When.
    pub granted_at: Timestamp,
}

/// Which API keys.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ApiKeyFilter {
    /// Only those of this user.
    pub user_id: Option<UserId>,
    /// Only those that still work today.
    pub valid_only: bool,
}

/// An API key, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApiKeyRow {
    /// The key.
    pub api_key_id: ApiKeyId,
    /// What it is for.
    pub name: String,
    /// In whose name it asks.
    pub user_id: UserId,
    /// That user's login.
    pub login: String,
    /// What it may do, of that which its user may.
    pub scopes: Vec<String>,
    /// Since when.
    pub created_on: Day,
    /// The first day on which it no longer works.
    pub expires_on: Day,
    /// The last day on which it was used.
    pub last_used_on: Option<Day>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Which sessions.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SessionFilter {
    /// Only those of this user. One's own need no permission.
    pub user_id: Option<UserId>,
}

/// A session that is not over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SessionRow {
    /// The session.
    pub session_id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// Since when.
    pub started_at: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
}

/// Users by login, at most [`MOST_ROWS`].
///
/// # Errors
/// [`ListError`].
pub fn users(tx: &mut Tx<'_>, ctx: &Ctx, filter: UserFilter) -> Result<Vec<UserRow>, ListError> {
    ctx.require(READ)?;
    let policies = policies(tx, ctx.company_id)?;
    let policy = policies.text(rules::SECOND_FACTOR);
    let asks = |by_role| i64::from(rules::asks_second_factor(policy, by_role));
    let login = filter.login.as_deref().map(rules::plain_login);
    let filter = UserFilter { login, ..filter };
    Ok(tables::users(tx, ctx.company_id, &filter, asks(false) + asks(true))?)
}

/// Roles by name.
///
/// # Errors
/// [`ListError`].
pub fn roles(tx: &mut Tx<'_>, ctx: &Ctx, filter: RoleFilter) -> Result<Vec<RoleRow>, ListError> {
    ctx.require(READ)?;
    let mut rows = tables::roles(tx, ctx.company_id)?;
    rows.retain(|row| filter.name.as_ref().is_none_or(|name| *name == row.name));
    Ok(rows)
}

/// Grants by login and role, at most [`MOST_ROWS`].
///
/// # Errors
/// [`ListError`].
pub fn grants(tx: &mut Tx<'_>, ctx: &Ctx, filter: GrantFilter) -> Result<Vec<GrantRow>, ListError> {
    ctx.require(READ)?;
    Ok(tables::grants(tx, ctx, filter.user_id)?)
}

/// API keys by day of creation, at most [`MOST_ROWS`].
///
/// # Errors
/// [`ListError`].
pub fn api_keys(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ApiKeyFilter,
) -> Result<Vec<ApiKeyRow>, ListError> {
    ctx.require(READ)?;
    let mut rows = tables::api_keys(tx, ctx.company_id, filter.user_id)?;
    if filter.valid_only {
        rows.retain(|row| row.revoked_at.is_none() && ctx.today < row.expires_on);
    }
    Ok(rows)
}

/// Sessions that are not over, the last used first.
///
/// # Errors
/// [`ListError`].
pub fn sessions(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: SessionFilter,
) -> Result<Vec<SessionRow>, ListError> {
    if filter.user_id != Some(ctx.user_id) {
        ctx.require(READ)?;
    }
    Ok(tables::sessions(tx, ctx, filter.user_id)?)
}
