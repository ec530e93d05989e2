//! Approvals.

use super::statements::*;
use crate::approvals::{RequestApproval, Verdict};
use crate::ctx::Ctx;
use crate::views::{ApprovalFilter, ApprovalRow, ApprovalState, MOST_ROWS};
use base::{ApprovalId, CompanyId, Money, UserId};
use store::{Row, StoreError, Tx, params};

/// What waits for a decision.
pub(crate) struct Waiting {
    pub approval_id: ApprovalId,
    pub revision: i64,
    pub permission: String,
    pub amount: i64,
    pub requested_by: UserId,
}

pub(crate) fn approval_open(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    kind: &str,
    subject_id: i64,
    revision: i64,
) -> Result<bool, StoreError> {
    let params = params![company_id, kind, subject_id, revision];
    Ok(tx.query_opt(&APPROVAL_OPEN, params)?.is_some())
}

pub(crate) fn insert_approval(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    approval_id: ApprovalId,
    asked: &RequestApproval,
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_APPROVAL,
        params![
            ctx.company_id,
            approval_id,
            asked.kind,
            asked.subject_id,
            asked.revision,
            asked.facts.to_string(),
            asked.permission.0,
            asked.amount.saturating_abs(),
            ctx.user_id,
            ctx.at
        ],
    )
}

pub(crate) fn lock_waiting(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    kind: &str,
    subject_id: i64,
) -> Result<Option<Waiting>, StoreError> {
    let rows = tx.query(&LOCK_WAITING, params![company_id, kind, subject_id])?;
    let Some(row) = rows.first() else { return Ok(None) };
    Ok(Some(Waiting {
        approval_id: row.get(0)?,
        revision: row.get(1)?,
        permission: row.get(2)?,
        amount: row.get(3)?,
        requested_by: row.get(4)?,
    }))
}

pub(crate) fn decide_approval(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    approval_id: ApprovalId,
    verdict: Verdict,
    limit: Option<i64>,
    separate: bool,
    reason: &str,
) -> Result<(), StoreError> {
    let state = match verdict {
        Verdict::Approve => "approved",
        Verdict::Refuse => "refused",
    };
    tx.write_exactly(
        1,
        &DECIDE,
        params![ctx.company_id, approval_id, state, ctx.user_id, ctx.at, limit, separate, reason],
    )
}

pub(crate) fn void_approvals(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    kind: &str,
    subject_id: i64,
    revision: i64,
) -> Result<(), StoreError> {
    tx.write(&VOID_APPROVALS, params![company_id, kind, subject_id, revision])
}

/// Approvals, of which `may_approve` is still to be decided.
pub(crate) fn approvals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &ApprovalFilter,
    waiting: bool,
) -> Result<Vec<ApprovalRow>, StoreError> {
    let kind = filter.kind.as_deref().unwrap_or_default();
    // What is no number is the subject of nothing, as -1 is.
    let subject_id = filter.subject_id.as_ref().map_or(0, |id| id.parse().unwrap_or(-1_i64));
    let params = params![ctx.company_id, kind, subject_id, waiting, MOST_ROWS];
    let rows = tx.query(&APPROVALS, params)?;
    rows.iter().map(|row| read(row, ctx)).collect()
}

fn read(row: &Row, ctx: &Ctx) -> Result<ApprovalRow, StoreError> {
    let facts: String = row.get(4)?;
    let state: String = row.get(9)?;
    let wrong = |column, found: &str, wanted| StoreError::Decode {
        column,
        found: found.to_owned(),
        wanted,
    };
    Ok(ApprovalRow {
        approval_id: row.get(0)?,
        kind: row.get(1)?,
        subject_id: row.get::<i64>(2)?.to_string(),
        revision: row.get(3)?,
        facts: serde_json::from_str(&facts).map_err(|_| wrong(4, &facts, "JSON"))?,
        permission: row.get(5)?,
        amount: Money::new(row.get(6)?, ctx.currency),
        requested_by: row.get(7)?,
        requested_at: row.get(8)?,
        state: ApprovalState::parse(&state).ok_or_else(|| wrong(9, &state, "a state"))?,
        decided_by: row.get(10)?,
        decided_at: row.get(11)?,
        reason: row.get(12)?,
        may_approve: false,
    })
}
