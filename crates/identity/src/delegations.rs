//! `delegate`, `end_delegation`: a user lets another decide in their name for a span of days.
//!
//! The delegate has what the other one holds at the moment of the decision, for approvals alone, and
//! hands nothing on. What either of them asked for is not theirs to approve.

use crate::access::held_by;
use crate::approval_kinds::ApprovalKind;
use crate::ctx::Ctx;
use crate::grants::{Denied, Permission};
use crate::inbox::DECIDE;
use crate::roles::GRANT;
use crate::tables::{self, NewDelegation};
use crate::users::find_member;
use crate::views::READ;
use base::{
    BadCursor, Day, DelegationId, Id, Page, Paging, Problem, ProblemKind, Rule, TextError,
    Timestamp, UserId,
};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Letting another decide in one's own name; in that of a third it needs `identity.grant` as well.
pub const DELEGATE: Permission = Permission("identity.delegate");

/// The longest span, in days.
const LONGEST: i64 = 366;

/// Who decides in whose name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Delegate {
    /// Who decides, by login.
    pub to: String,
    /// In whose name, by login; the caller's own when absent.
    #[serde(default)]
    pub from: Option<String>,
    /// The first day; today when absent.
    #[serde(default)]
    pub from_day: Option<Day>,
    /// The last day.
    pub to_day: Day,
    /// Only documents of these kinds; all when there are none.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Why, such as a holiday.
    #[serde(default)]
    pub reason: String,
}

/// A delegation to be ended before its last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndDelegation {
    /// The delegation.
    pub delegation_id: DelegationId,
}

/// A delegation as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delegated {
    /// The delegation.
    pub delegation_id: DelegationId,
}

/// Which delegations.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DelegationFilter {
    /// Of or to everybody, for those who may read users; else only of or to the caller.
    pub all: bool,
    /// Only those that hold on this day.
    pub on: Option<Day>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many rows, 1 to 200.
    pub limit: Option<i64>,
}

/// A delegation in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DelegationRow {
    /// The delegation.
    pub delegation_id: DelegationId,
    /// In whose name.
    pub from_user: UserId,
    /// That login.
    pub from_login: String,
    /// That name.
    pub from_name: String,
    /// Who decides.
    pub to_user: UserId,
    /// That login.
    pub to_login: String,
    /// That name.
    pub to_name: String,
    /// The first day.
    pub from_day: Day,
    /// The last day.
    pub to_day: Day,
    /// Only of these kinds; all when there are none.
    pub kinds: Vec<String>,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When it was ended before its last day.
    pub ended_at: Option<Timestamp>,
}

/// Why nobody decides for another, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DelegationError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such user here.
    #[error("there is no active user {login:?} with a role in this company")]
    UnknownUser {
        /// The login asked for.
        login: String,
    },
    /// Nobody decides for themselves.
    #[error("{login} decides in the own name already; name another person")]
    Same {
        /// The login.
        login: String,
    },
    /// The days are not in order, over, or too many.
    #[error("{from_day} to {to_day} cannot be; give days from {today} on, at most {LONGEST}")]
    Days {
        /// The first day.
        from_day: Day,
        /// The last day.
        to_day: Day,
        /// Today.
        today: Day,
    },
    /// Nothing asks for approvals of that kind.
    #[error("nothing of kind {kind:?} asks for approvals; there are: {known}")]
    UnknownKind {
        /// The kind asked for.
        kind: String,
        /// All kinds.
        known: String,
    },
    /// The caller would hand on more than they hold.
    #[error("{login} may do more than you; only {login} can name somebody")]
    BeyondOwn {
        /// The login.
        login: String,
    },
    /// There is no such delegation, or it has ended.
    #[error("there is no delegation {delegation_id} that you could end")]
    NotFound {
        /// The id asked for.
        delegation_id: DelegationId,
    },
    /// The cursor is not one of this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for DelegationError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            DelegationError::Denied(error) => return error.problem(),
            DelegationError::Text(error) => return error.problem(),
            DelegationError::Cursor(error) => return error.problem(),
            DelegationError::Store(error) => return error.problem(),
            DelegationError::UnknownUser { .. } => (ProblemKind::NotFound, "unknown_user"),
            DelegationError::Same { .. } => (ProblemKind::Refused, "delegates_to_self"),
            DelegationError::Days { .. } => (ProblemKind::Refused, "delegation_days"),
            DelegationError::UnknownKind { .. } => (ProblemKind::Invalid, "unknown_kind"),
            DelegationError::BeyondOwn { .. } => (ProblemKind::Forbidden, "beyond_own_rights"),
            DelegationError::NotFound { .. } => (ProblemKind::NotFound, "delegation_not_found"),
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// Lets a user decide in another's name, never beyond that one's own rights and limits.
///
/// # Errors
/// [`DelegationError`].
pub fn delegate(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kinds: &[&ApprovalKind],
    request: Delegate,
) -> Result<Delegated, DelegationError> {
    ctx.require_somewhere(DELEGATE)?;
    base::check_text("reason", &request.reason, 500)?;
    let (from_day, to_day) = (request.from_day.unwrap_or(ctx.today), request.to_day);
    if to_day < from_day || to_day < ctx.today || from_day.days_until(to_day) >= LONGEST {
        return Err(DelegationError::Days { from_day, to_day, today: ctx.today });
    }
    if let Some(kind) = request.kinds.iter().find(|kind| kinds.iter().all(|k| k.name != **kind)) {
        return Err(DelegationError::UnknownKind {
            kind: kind.chars().take(40).collect(),
            known: kinds.iter().map(|kind| kind.name).collect::<Vec<_>>().join(", "),
        });
    }
    let to_user = member(tx, ctx, &request.to)?;
    let from_user = match &request.from {
        None => ctx.user_id,
        Some(login) => member(tx, ctx, login)?,
    };
    if from_user != ctx.user_id {
        ctx.require(GRANT)?;
    }
    // In the own name as well: a key may do less than its user.
    if !ctx.grants().cover_all(&held_by(tx, ctx.company_id, from_user)?) {
        let login = request.from.unwrap_or_default();
        return Err(DelegationError::BeyondOwn { login });
    }
    if from_user == to_user {
        return Err(DelegationError::Same { login: request.to });
    }
    let id: DelegationId = tx.id()?;
    let (from_on, to_on) = (from_day, to_day);
    let (kinds, reason) = (request.kinds.as_slice(), request.reason.as_str());
    let new = NewDelegation { id, from_user, to_user, from_on, to_on, kinds, reason };
    tables::insert_delegation(tx, ctx, &new)?;
    ctx.audit(tx, DELEGATE, "user", from_user.raw(), new.told());
    Ok(Delegated { delegation_id: id })
}

/// Ends a delegation at once: one's own, one to oneself, or with `identity.grant` any.
///
/// # Errors
/// [`DelegationError`].
pub fn end_delegation(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: EndDelegation,
) -> Result<Delegated, DelegationError> {
    ctx.require_somewhere(DELEGATE)?;
    let delegation_id = request.delegation_id;
    let found = tables::lock_delegation(tx, ctx.company_id, delegation_id)?;
    let concerns =
        |(from, to): &(UserId, UserId)| [*from, *to].contains(&ctx.user_id) || ctx.holds(GRANT);
    let (from_user, _) =
        found.filter(concerns).ok_or(DelegationError::NotFound { delegation_id })?;
    tables::end_delegation(tx, ctx, delegation_id)?;
    let detail = serde_json::json!({ "ended": delegation_id });
    ctx.audit(tx, DELEGATE, "user", from_user.raw(), detail);
    Ok(Delegated { delegation_id })
}

/// Delegations, those that begin last first: of or to the caller, or all.
///
/// # Errors
/// [`DelegationError`].
pub fn delegations(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: DelegationFilter,
) -> Result<Page<DelegationRow>, DelegationError> {
    ctx.require_somewhere(DECIDE)?;
    if filter.all {
        ctx.require(READ)?;
    }
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after(("9999-99".to_owned(), i64::MAX))?;
    let user = if filter.all { 0 } else { ctx.user_id.raw() };
    let on = filter.on.map_or(String::new(), |day| day.to_string());
    let asked = (user, on.as_str());
    let rows = tables::delegations(tx, ctx.company_id, asked, (&day, id), paging.limit())?;
    Ok(paging.page(rows, |row| (row.from_day.to_string(), row.delegation_id.raw())))
}

fn member(tx: &mut Tx<'_>, ctx: &Ctx, login: &str) -> Result<UserId, DelegationError> {
    base::check_text("login", login, 200)?;
    let unknown = || DelegationError::UnknownUser { login: login.to_owned() };
    find_member(tx, ctx.company_id, login)?.ok_or_else(unknown)
}
