//! What waits for whom, and what was decided: approvals of all kinds in one list.

use crate::approvals::ApprovalError;
use crate::authority::Authorities;
use crate::ctx::Ctx;
use crate::grants::{Denied, Permission};
use crate::policies::policies;
use crate::tables::{self, Waiting, Yeses};
use crate::views::READ;
use base::{ApprovalId, BadCursor, Day, Id, Money, Page, Paging, Problem, Rule, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Seeing what waits for one's yes, and deciding it. What exactly one may decide, each approval says.
pub const DECIDE: Permission = Permission("identity.decide");

/// How many approvals are looked at in one statement.
const PART: i64 = 500;

/// What became of an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ApprovalState {
    /// Nobody has decided, or not all who have to.
    Waiting,
    /// Yes.
    Approved,
    /// No.
    Refused,
    /// The document changed.
    Void,
}

impl ApprovalState {
    pub(crate) fn parse(text: &str) -> Option<ApprovalState> {
        match text {
            "waiting" => Some(ApprovalState::Waiting),
            "approved" => Some(ApprovalState::Approved),
            "refused" => Some(ApprovalState::Refused),
            "void" => Some(ApprovalState::Void),
            _ => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            ApprovalState::Waiting => "waiting",
            ApprovalState::Approved => "approved",
            ApprovalState::Refused => "refused",
            ApprovalState::Void => "void",
        }
    }
}

/// Which approvals, of all there are.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ApprovalFilter {
    /// Only for documents of this kind.
    pub kind: Option<String>,
    /// Only for this document of the kind.
    pub subject_id: Option<String>,
    /// Only those of which this became.
    pub state: Option<ApprovalState>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many rows, 1 to 200.
    pub limit: Option<i64>,
}

/// Whose waiting approvals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Those that the caller may approve.
    #[default]
    ForMe,
    /// Those that the caller asked for.
    AskedByMe,
}

/// Which waiting approvals.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WaitingFilter {
    /// Those for the caller to approve, or those that the caller asked for.
    pub which: Whose,
    /// Only for documents of this kind.
    pub kind: Option<String>,
    /// Only for this document of the kind.
    pub subject_id: Option<String>,
    /// Only those that went up (true), or did not (false).
    pub escalated: Option<bool>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many rows, 1 to 200.
    pub limit: Option<i64>,
}

/// An approval, asked or given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalRow {
    /// The approval.
    pub approval_id: ApprovalId,
    /// The kind of document.
    pub kind: String,
    /// The document.
    pub subject_id: String,
    /// Its spoken number.
    pub number: String,
    /// Its revision.
    pub revision: i64,
    /// What the approver should know.
    pub facts: serde_json::Value,
    /// The rule that asked, by code; none when the company's amounts or the caller's limit did.
    pub rule: Option<String>,
    /// Why it was asked for.
    pub why: String,
    /// The permission that the approver needs.
    pub permission: String,
    /// The role that the approver has to hold, when the rule asks for one.
    pub role: Option<String>,
    /// The amount that the approver's limit has to reach.
    pub amount: Money,
    /// How many have to agree.
    pub people: i64,
    /// How many have.
    pub given: i64,
    /// Who asked.
    pub requested_by: UserId,
    /// The name of who asked.
    pub asked_by: String,
    /// When.
    pub requested_at: Timestamp,
    /// How many days ago.
    pub age_days: i64,
    /// On which day it goes up if nobody decides.
    pub escalates_on: Option<Day>,
    /// The permission with which one may then decide as well.
    pub escalate_permission: Option<String>,
    /// The role with which one may then decide as well.
    pub escalate_role: Option<String>,
    /// When it went up.
    pub escalated_at: Option<Timestamp>,
    /// What became of it.
    pub state: ApprovalState,
    /// Who decided.
    pub decided_by: Option<UserId>,
    /// The name of who decided; empty while it waits.
    pub decided_by_name: String,
    /// In whose name, when it was decided for another.
    pub in_name_of: Option<UserId>,
    /// That name; empty without one.
    pub in_name_of_name: String,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why so.
    pub reason: String,
    /// Whether the reader may approve it now.
    pub may_approve: bool,
    /// Whether the reader may refuse or withdraw it now.
    pub may_refuse: bool,
    /// In whose name the reader may approve it, when not in the own.
    pub decides_for: Option<UserId>,
}

/// Why approvals were not listed, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalListError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor is not one of this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// There is no such approval.
    #[error("there is no approval {approval_id} for you to see")]
    NotFound {
        /// The id asked for.
        approval_id: ApprovalId,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ApprovalListError {
    fn problem(&self) -> Problem {
        match self {
            ApprovalListError::Denied(error) => error.problem(),
            ApprovalListError::Cursor(error) => error.problem(),
            ApprovalListError::NotFound { .. } => {
                Problem::not_found("approval_not_found", self.to_string())
            }
            ApprovalListError::Store(error) => error.problem(),
        }
    }
}

/// Approvals, waiting or decided, the newest first.
///
/// # Errors
/// [`ApprovalListError`].
pub fn approvals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ApprovalFilter,
) -> Result<Page<ApprovalRow>, ApprovalListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    let kind = filter.kind.as_deref().unwrap_or_default();
    let state = filter.state.map_or("", ApprovalState::as_str);
    let asked = (kind, subject(filter.subject_id.as_deref()), state);
    let found = tables::approvals(tx, ctx, asked, after, paging.limit())?;
    let eyes = Eyes::of(tx, ctx, &found)?;
    let rows = found.into_iter().map(|found| eyes.seen(ctx, found)).collect();
    Ok(paging.page(rows, |row| (row.requested_at.micros(), row.approval_id.raw())))
}

/// What waits for the caller's yes by permission, role, limit or in another's name, or what the caller
/// asked for; the oldest first.
///
/// # Errors
/// [`ApprovalListError`].
pub fn waiting_approvals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: WaitingFilter,
) -> Result<Page<ApprovalRow>, ApprovalListError> {
    ctx.require_somewhere(DECIDE)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let mut after: (i64, i64) = paging.after((i64::MIN, 0))?;
    let kind = filter.kind.as_deref().unwrap_or_default();
    let asked = (kind, subject(filter.subject_id.as_deref()));
    let limit = usize::try_from(paging.limit()).unwrap_or(1);
    let mut rows = Vec::new();
    loop {
        let found = tables::waiting_approvals(tx, ctx, asked, after, PART)?;
        let last = found.last().map(|(row, _)| (row.requested_at.micros(), row.approval_id.raw()));
        let whole = (found.len() as i64) < PART;
        let eyes = Eyes::of(tx, ctx, &found)?;
        let seen = found.into_iter().map(|found| eyes.seen(ctx, found));
        rows.extend(seen.filter(|row| {
            let concerns = match filter.which {
                Whose::ForMe => row.may_approve,
                Whose::AskedByMe => row.requested_by == ctx.user_id,
            };
            concerns && filter.escalated.is_none_or(|up| up == row.escalated_at.is_some())
        }));
        match last {
            Some(last) if !whole && rows.len() < limit => after = last,
            _ => break,
        }
    }
    rows.truncate(limit);
    Ok(paging.page(rows, |row| (row.requested_at.micros(), row.approval_id.raw())))
}

/// Approvals by id, for whoever dispatches decisions on them; each only to whom it concerns: those who
/// may decide it, who asked for it, or who may read all.
///
/// # Errors
/// [`ApprovalListError`]; an approval that is not there or concerns others is not found.
pub fn find_approval(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    approval_id: ApprovalId,
) -> Result<ApprovalRow, ApprovalListError> {
    ctx.require_somewhere(DECIDE)?;
    let found = tables::approvals_by_id(tx, ctx, &[approval_id])?;
    let eyes = Eyes::of(tx, ctx, &found)?;
    let row = found.into_iter().next().map(|found| eyes.seen(ctx, found));
    row.filter(|row| row.may_refuse || row.may_approve || ctx.holds(READ))
        .ok_or(ApprovalListError::NotFound { approval_id })
}

/// What became of an approval, for whoever has just decided it.
///
/// # Errors
/// Those of the store; none when there is no such approval.
pub fn approval_state(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    approval_id: ApprovalId,
) -> Result<Option<ApprovalState>, StoreError> {
    let found = tables::approvals_by_id(tx, ctx, &[approval_id])?;
    Ok(found.first().map(|(row, _)| row.state))
}

/// The number of a document; what is no number is that of none, as -1 is.
fn subject(given: Option<&str>) -> i64 {
    given.map_or(0, |id| id.parse().unwrap_or(-1_i64))
}

/// With whose eyes approvals are looked at.
struct Eyes {
    separate: bool,
    who: Authorities,
    given: Yeses,
}

impl Eyes {
    fn of(tx: &mut Tx<'_>, ctx: &Ctx, rows: &[(ApprovalRow, Waiting)]) -> Result<Eyes, StoreError> {
        let partly = |(row, _): &&(ApprovalRow, Waiting)| row.people > 1 && row.given > 0;
        let ids: Vec<_> = rows.iter().filter(partly).map(|(row, _)| row.approval_id).collect();
        let given = match ids.is_empty() {
            true => Yeses::new(),
            false => tables::yeses(tx, ctx.company_id, &ids)?,
        };
        let separate = policies(tx, ctx.company_id)?.is("separate_approver", "1");
        Ok(Eyes { separate, who: Authorities::of(tx, ctx)?, given })
    }

    /// The row with what the caller may do with it.
    fn seen(&self, ctx: &Ctx, (mut row, waiting): (ApprovalRow, Waiting)) -> ApprovalRow {
        if row.state != ApprovalState::Waiting {
            return row;
        }
        let given = self.given.get(&row.approval_id).map_or(&[][..], Vec::as_slice);
        let separate = self.separate || waiting.another;
        let may: Result<_, ApprovalError> = self.who.may_approve(ctx, &waiting, separate, given);
        row.may_refuse = row.requested_by == ctx.user_id || self.who.may_refuse(&waiting).is_some();
        if let Ok(may) = may {
            row.may_approve = true;
            row.decides_for = may.in_name_of;
        }
        row
    }
}
