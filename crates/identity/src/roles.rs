//! Roles and grants: what a user may do in a company. Nobody hands on more than they hold.

use crate::ctx::Ctx;
use crate::grants::{Denied, Held, Permission};
use crate::rules::{self, Pattern};
use crate::tables::{self, Granting};
use crate::templates::ADMINISTRATOR;
use base::{Currency, Id, Money, Problem, ProblemKind, RoleId, Rule, TextError, WarehouseId};
use serde::{Deserialize, Serialize};
use store::{Rows, StoreError, Tx, row};
use utoipa::ToSchema;

/// Making a role.
pub const CREATE_ROLE: Permission = Permission("identity.create_role");
/// Changing what a role gives.
pub const CHANGE_ROLE: Permission = Permission("identity.change_role");
/// Granting a role.
pub const GRANT: Permission = Permission("identity.grant");
/// Taking a role away.
pub const REVOKE: Permission = Permission("identity.revoke");

/// Saying whether whoever holds a role has to have a second factor.
pub const REQUIRE_SECOND_FACTOR: Permission = Permission("identity.require_second_factor");

/// A new role.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateRole {
    /// Its name.
    pub name: String,
    /// What it gives: `purchasing.receive`, `purchasing.*`, and with a `-` before it what it does
    /// not give all the same.
    pub permissions: Vec<String>,
}

/// What a role gives from now on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRole {
    /// The role's name.
    pub name: String,
    /// All that it gives, as in [`CreateRole`].
    pub permissions: Vec<String>,
}

/// Whether whoever holds a role has to have a second factor.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequireSecondFactor {
    /// The role's name.
    pub name: String,
    /// Whether it is asked for, where the policy `second_factor` is `required_for_roles`.
    pub required: bool,
}

/// A role for a user.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantRole {
    /// The user's login.
    pub login: String,
    /// The role's name.
    pub role: String,
    /// The only warehouse it is for; without it, the whole company.
    #[serde(default)]
    pub warehouse_id: Option<WarehouseId>,
    /// The highest amount it is for, in the company's currency; without it, any.
    #[serde(default)]
    pub amount_limit: Option<Money>,
}

/// A role to take away.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeRole {
    /// The user's login.
    pub login: String,
    /// The role's name.
    pub role: String,
    /// The warehouse it was granted for, if for one only.
    #[serde(default)]
    pub warehouse_id: Option<WarehouseId>,
}

/// Why a role was not made, changed, granted or taken away.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum RoleError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A line of the role is no pattern, or there is none.
    #[error(
        "{pattern:?} is no permission; write purchasing.receive, purchasing.* or -purchasing.approve"
    )]
    NotAPermission {
        /// What was given.
        pattern: String,
    },
    /// The company has a role of this name.
    #[error("there is a role named {name:?} already; choose another name")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// There is no such role.
    #[error("there is no role {name:?}")]
    UnknownRole {
        /// The name asked for.
        name: String,
    },
    /// There is no such user.
    #[error("there is no user {login:?}")]
    UnknownUser {
        /// The login asked for.
        login: String,
    },
    /// The user does not hold the role there.
    #[error("{login} does not hold the role {role:?} there")]
    NotGranted {
        /// The login.
        login: String,
        /// The role.
        role: String,
    },
    /// The administrator's role gives everything, always.
    #[error("the role {ADMINISTRATOR} cannot be changed; make another role")]
    Fixed,
    /// The limit is negative or in another currency.
    #[error("the limit {limit} is not an amount of {currency} from 0")]
    WrongLimit {
        /// What was given.
        limit: Money,
        /// The company's currency.
        currency: Currency,
    },
    /// The role gives more than the caller holds.
    #[error("the role {role:?} gives more than you hold there; ask an administrator to grant it")]
    BeyondOwn {
        /// The role.
        role: String,
    },
    /// Nobody would be left to let others in.
    #[error("this is the last active administrator; make another one first")]
    LastAdministrator,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for RoleError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            RoleError::Denied(denied) => return denied.problem(),
            RoleError::Text(error) => return error.problem(),
            RoleError::Store(error) => return error.problem(),
            RoleError::NotAPermission { .. } => (ProblemKind::Invalid, "not_a_permission"),
            RoleError::NameTaken { .. } => (ProblemKind::Conflict, "role_name_taken"),
            RoleError::UnknownRole { .. } => (ProblemKind::NotFound, "unknown_role"),
            RoleError::UnknownUser { .. } => (ProblemKind::NotFound, "unknown_user"),
            RoleError::NotGranted { .. } => (ProblemKind::NotFound, "not_granted"),
            RoleError::Fixed => (ProblemKind::Refused, "fixed_role"),
            RoleError::WrongLimit { .. } => (ProblemKind::Invalid, "wrong_limit"),
            RoleError::BeyondOwn { .. } => (ProblemKind::Forbidden, "beyond_own_rights"),
            RoleError::LastAdministrator => (ProblemKind::Refused, "last_administrator"),
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// Makes a role of the caller's company.
///
/// # Errors
/// [`RoleError`].
pub fn create_role(tx: &mut Tx<'_>, ctx: &Ctx, request: CreateRole) -> Result<RoleId, RoleError> {
    let CreateRole { name, permissions } = request;
    ctx.require(CREATE_ROLE)?;
    rules::check_name("name", &name)?;
    let patterns = parse(&permissions)?;
    if tables::role_named(tx, ctx.company_id, &name)?.is_some() {
        return Err(RoleError::NameTaken { name });
    }
    within_own(ctx, &name, &patterns, None, None)?;
    let role_id: RoleId = tx.id()?;
    let mut roles = Rows::new(3);
    roles.push(row![role_id, name, false]);
    tables::insert_roles(tx, ctx.company_id, roles)?;
    tables::insert_patterns(tx, ctx.company_id, rows_of(role_id, &patterns))?;
    let detail = serde_json::json!({"name": name, "permissions": permissions});
    ctx.audit(tx, CREATE_ROLE, "role", role_id.raw(), detail);
    Ok(role_id)
}

/// Changes what a role gives, for everybody who holds it and at once.
///
/// # Errors
/// [`RoleError`].
pub fn change_role(tx: &mut Tx<'_>, ctx: &Ctx, request: ChangeRole) -> Result<(), RoleError> {
    let ChangeRole { name, permissions } = request;
    ctx.require(CHANGE_ROLE)?;
    let patterns = parse(&permissions)?;
    let role_id = find_role(tx, ctx, &name)?;
    if name == ADMINISTRATOR {
        return Err(RoleError::Fixed);
    }
    let before = tables::patterns_of_role(tx, ctx.company_id, role_id)?;
    within_own(ctx, &name, &before, None, None)?;
    within_own(ctx, &name, &patterns, None, None)?;
    tables::delete_patterns(tx, ctx.company_id, role_id)?;
    tables::insert_patterns(tx, ctx.company_id, rows_of(role_id, &patterns))?;
    let before: Vec<_> = before.iter().map(Pattern::as_str).collect();
    let detail = serde_json::json!({"name": name, "from": before, "to": permissions});
    ctx.audit(tx, CHANGE_ROLE, "role", role_id.raw(), detail);
    Ok(())
}

/// Says whether whoever holds a role has to have a second factor, where the policy `second_factor` is
/// `required_for_roles`. It holds at once: sessions of those who have none can do nothing but set it up.
///
/// # Errors
/// [`RoleError`].
pub fn require_second_factor(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RequireSecondFactor,
) -> Result<(), RoleError> {
    let RequireSecondFactor { name, required } = request;
    ctx.require(REQUIRE_SECOND_FACTOR)?;
    let role_id = find_role(tx, ctx, &name)?;
    tables::require_of_role(tx, ctx, role_id, required)?;
    let detail = serde_json::json!({"name": name, "second_factor": required});
    ctx.audit(tx, REQUIRE_SECOND_FACTOR, "role", role_id.raw(), detail);
    Ok(())
}

/// Grants a role to a user in the caller's company, or changes the limit of one granted before.
///
/// # Errors
/// [`RoleError`].
pub fn grant(tx: &mut Tx<'_>, ctx: &Ctx, request: GrantRole) -> Result<(), RoleError> {
    let GrantRole { login, role, warehouse_id, amount_limit } = request;
    ctx.require(GRANT)?;
    let limit = amount_limit.map(|limit| check_limit(limit, ctx.currency)).transpose()?;
    let user_id = find_user(tx, &login)?;
    let companies = tables::lock_companies_of(tx, user_id)?;
    let role_id = find_role(tx, ctx, &role)?;
    let patterns = tables::patterns_of_role(tx, ctx.company_id, role_id)?;
    within_own(ctx, &role, &patterns, warehouse_id, limit)?;
    let (company_id, by, at) = (ctx.company_id, ctx.user_id, ctx.at);
    let grant = Granting { company_id, user_id, role_id, warehouse_id, limit, by, at };
    tables::upsert_grant(tx, &grant)?;
    // A limit on the last administrator would leave none without one.
    if tables::any_without_administrator(tx, &companies)? {
        return Err(RoleError::LastAdministrator);
    }
    let detail = serde_json::json!({
        "login": login, "role": role, "warehouse_id": warehouse_id, "amount_limit": amount_limit,
    });
    ctx.audit(tx, GRANT, "user", user_id.raw(), detail);
    Ok(())
}

/// Takes a role from a user. It works from the user's next request.
///
/// # Errors
/// [`RoleError`].
pub fn revoke(tx: &mut Tx<'_>, ctx: &Ctx, request: RevokeRole) -> Result<(), RoleError> {
    let RevokeRole { login, role, warehouse_id } = request;
    ctx.require(REVOKE)?;
    let user_id = find_user(tx, &login)?;
    let companies = tables::lock_companies_of(tx, user_id)?;
    let role_id = find_role(tx, ctx, &role)?;
    if !tables::delete_grant(tx, ctx.company_id, user_id, role_id, warehouse_id)? {
        return Err(RoleError::NotGranted { login, role });
    }
    if tables::any_without_administrator(tx, &companies)? {
        return Err(RoleError::LastAdministrator);
    }
    let detail = serde_json::json!({"login": login, "role": role, "warehouse_id": warehouse_id});
    ctx.audit(tx, REVOKE, "user", user_id.raw(), detail);
    Ok(())
}

fn parse(permissions: &[String]) -> Result<Vec<Pattern>, RoleError> {
    if !permissions.iter().any(|text| !text.starts_with('-')) {
        return Err(RoleError::NotAPermission { pattern: String::new() });
    }
    let mut patterns = permissions
        .iter()
        .map(|text| {
            Pattern::parse(text).ok_or_else(|| RoleError::NotAPermission { pattern: text.clone() })
        })
        .collect::<Result<Vec<_>, _>>()?;
    patterns.sort();
    patterns.dedup();
    Ok(patterns)
}

fn rows_of(role_id: RoleId, patterns: &[Pattern]) -> Rows {
    let mut rows = Rows::new(2);
    for pattern in patterns {
        rows.push(row![role_id, pattern.as_str()]);
    }
    rows
}

fn within_own(
    ctx: &Ctx,
    role: &str,
    patterns: &[Pattern],
    warehouse_id: Option<WarehouseId>,
    limit: Option<i64>,
) -> Result<(), RoleError> {
    let asked = Held { role_id: 0, patterns: patterns.to_vec(), warehouse_id, limit };
    if ctx.grants().cover(&asked) {
        Ok(())
    } else {
        Err(RoleError::BeyondOwn { role: role.to_owned() })
    }
}

fn check_limit(limit: Money, currency: Currency) -> Result<i64, RoleError> {
    if limit.currency == currency && limit.minor >= 0 {
        Ok(limit.minor)
    } else {
        Err(RoleError::WrongLimit { limit, currency })
    }
}

fn find_user(tx: &mut Tx<'_>, login: &str) -> Result<base::UserId, RoleError> {
    tables::user_of_login(tx, &rules::plain_login(login))?
        .ok_or_else(|| RoleError::UnknownUser { login: login.to_owned() })
}

fn find_role(tx: &mut Tx<'_>, ctx: &Ctx, name: &str) -> Result<RoleId, RoleError> {
    tables::role_named(tx, ctx.company_id, name)?
        .ok_or_else(|| RoleError::UnknownRole { name: name.to_owned() })
}
