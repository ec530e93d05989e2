//! Approvals: asking, deciding, going up, and lists.

use super::approval_statements::*;
use crate::approvals::{May, RequestApproval, Verdict};
use crate::ctx::Ctx;
use crate::inbox::{ApprovalRow, ApprovalState};
use crate::rules::Ruling;
use base::{ApprovalId, CompanyId, Day, Id, Money, Timestamp, UserId};
use std::collections::HashMap;
use store::{Row, Rows, StoreError, Tx, params};

/// What waits for a decision.
#[derive(Debug, Clone)]
pub(crate) struct Waiting {
    pub approval_id: ApprovalId,
    pub kind: String,
    pub revision: i64,
    pub permission: String,
    pub amount: i64,
    pub requested_by: UserId,
    pub people: i64,
    pub another: bool,
    pub role_id: i64,
    pub role: Option<String>,
    pub up_permission: String,
    pub up_role_id: i64,
    pub escalated: bool,
}

/// A decision about to be written.
pub(crate) struct Deciding<'d> {
    pub may: May,
    pub separate: bool,
    pub reason: &'d str,
}

/// Who has agreed to approvals: the person and the one in whose name.
pub(crate) type Yeses = HashMap<ApprovalId, Vec<[UserId; 2]>>;

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
    (rule, why): (Option<&Ruling>, &str),
) -> Result<(), StoreError> {
    let days = rule.and_then(|rule| rule.up_after_days);
    let up_on = days.and_then(|days| ctx.today.plus(days).ok());
    tx.write(
        &INSERT_APPROVAL,
        params![
            ctx.company_id,
            approval_id,
            asked.kind.name,
            asked.subject_id,
            asked.revision,
            asked.shown().to_string(),
            asked.permission(rule),
            asked.amount.saturating_abs(),
            ctx.user_id,
            ctx.at,
            asked.number,
            rule.map_or(0, |rule| rule.id),
            why,
            rule.map_or(1, |rule| rule.people),
            asked.kind.another,
            rule.map_or(0, |rule| rule.role_id),
            up_on.map_or(String::new(), |day| day.to_string()),
            rule.map_or("", |rule| rule.up_permission.as_str()),
            rule.map_or(0, |rule| rule.up_role_id)
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
        kind: kind.to_owned(),
        revision: row.get(1)?,
        permission: row.get(2)?,
        amount: row.get(3)?,
        requested_by: row.get(4)?,
        people: row.get(5)?,
        another: row.get(6)?,
        role_id: row.get(7)?,
        role: some_text(row, 8)?,
        up_permission: row.get(9)?,
        up_role_id: row.get(10)?,
        escalated: row.get::<i64>(11)? != 0,
    }))
}

fn some_text(row: &Row, column: usize) -> Result<Option<String>, StoreError> {
    row.get::<String>(column).map(|text| (!text.is_empty()).then_some(text))
}

pub(crate) fn yeses(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    approvals: &[ApprovalId],
) -> Result<Yeses, StoreError> {
    let mut found = Yeses::new();
    for row in tx.query(&YESES, params![company_id; Rows::column(approvals)])? {
        let (approval, by, name): (ApprovalId, UserId, UserId) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let name = if name.raw() == 0 { by } else { name };
        found.entry(approval).or_default().push([by, name]);
    }
    Ok(found)
}

pub(crate) fn insert_yes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    approval_id: ApprovalId,
    number: i64,
    deciding: &Deciding<'_>,
) -> Result<(), StoreError> {
    let May { in_name_of, limit } = deciding.may;
    let (company, name) = (ctx.company_id, in_name_of.map_or(0, Id::raw));
    let params =
        params![company, approval_id, number, ctx.user_id, name, ctx.at, limit, deciding.reason];
    tx.write(&INSERT_YES, params)
}

pub(crate) fn decide_approval(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    approval_id: ApprovalId,
    verdict: Verdict,
    deciding: &Deciding<'_>,
) -> Result<(), StoreError> {
    let state = match verdict {
        Verdict::Approve => "approved",
        Verdict::Refuse => "refused",
    };
    let May { in_name_of, limit } = deciding.may;
    tx.write_exactly(
        1,
        &DECIDE,
        params![
            ctx.company_id,
            approval_id,
            state,
            ctx.user_id,
            ctx.at,
            limit,
            deciding.separate,
            deciding.reason,
            in_name_of.map_or(0, Id::raw)
        ],
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

pub(crate) fn void_waiting(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    kind: &str,
    subject_id: i64,
) -> Result<(), StoreError> {
    tx.write(&VOID_WAITING, params![company_id, kind, subject_id])
}

/// Approvals with what is needed to tell who may decide them, the newest first, before a moment and id.
pub(crate) fn approvals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (kind, subject_id, state): (&str, i64, &str),
    (at, id): (i64, i64),
    limit: i64,
) -> Result<Vec<(ApprovalRow, Waiting)>, StoreError> {
    let params = params![ctx.company_id, kind, subject_id, state, at, id, limit];
    tx.query(&APPROVALS, params)?.iter().map(|row| read(row, ctx)).collect()
}

/// What waits, the oldest first, after a moment and id.
pub(crate) fn waiting_approvals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (kind, subject_id): (&str, i64),
    (at, id): (i64, i64),
    limit: i64,
) -> Result<Vec<(ApprovalRow, Waiting)>, StoreError> {
    let params = params![ctx.company_id, kind, subject_id, at, id, limit];
    tx.query(&WAITING_APPROVALS, params)?.iter().map(|row| read(row, ctx)).collect()
}

/// Approvals by id, the oldest first.
pub(crate) fn approvals_by_id(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    ids: &[ApprovalId],
) -> Result<Vec<(ApprovalRow, Waiting)>, StoreError> {
    let params = params![ctx.company_id; Rows::column(ids)];
    tx.query(&APPROVALS_BY_ID, params)?.iter().map(|row| read(row, ctx)).collect()
}

/// What has waited too long.
pub(crate) struct Overdue {
    pub approval_id: ApprovalId,
    pub kind: String,
    pub subject_id: i64,
    pub number: String,
    pub up_on: Day,
}

pub(crate) fn lock_overdue(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    limit: i64,
) -> Result<Vec<Overdue>, StoreError> {
    let overdue = |row: &Row| {
        Ok(Overdue {
            approval_id: row.get(0)?,
            kind: row.get(1)?,
            subject_id: row.get(2)?,
            number: row.get(3)?,
            up_on: row.get(4)?,
        })
    };
    tx.query(&LOCK_UP, params![ctx.company_id, ctx.today, limit])?.iter().map(overdue).collect()
}

pub(crate) fn escalate(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    approvals: &[ApprovalId],
) -> Result<(), StoreError> {
    let params = params![ctx.company_id, ctx.at; Rows::column(approvals)];
    tx.write_exactly(approvals.len(), &ESCALATE, params)
}

fn read(row: &Row, ctx: &Ctx) -> Result<(ApprovalRow, Waiting), StoreError> {
    let facts: String = row.get(4)?;
    let state: String = row.get(9)?;
    let wrong = |column, found: &str, wanted| StoreError::Decode {
        column,
        found: found.to_owned(),
        wanted,
    };
    let escalated_at: i64 = row.get(25)?;
    let in_name_of: UserId = row.get(26)?;
    let requested_at: Timestamp = row.get(8)?;
    let waiting = Waiting {
        approval_id: row.get(0)?,
        kind: row.get(1)?,
        revision: row.get(3)?,
        permission: row.get(5)?,
        amount: row.get(6)?,
        requested_by: row.get(7)?,
        people: row.get(16)?,
        another: row.get(18)?,
        role_id: row.get(19)?,
        role: some_text(row, 20)?,
        up_permission: row.get(22)?,
        up_role_id: row.get(23)?,
        escalated: escalated_at != 0,
    };
    let goes_up = !waiting.up_permission.is_empty();
    let up_role = some_text(row, 24)?;
    let shown = ApprovalRow {
        approval_id: waiting.approval_id,
        kind: waiting.kind.clone(),
        subject_id: row.get::<i64>(2)?.to_string(),
        number: row.get(13)?,
        revision: waiting.revision,
        facts: serde_json::from_str(&facts).map_err(|_| wrong(4, &facts, "JSON"))?,
        rule: some_text(row, 14)?,
        why: row.get(15)?,
        permission: waiting.permission.clone(),
        role: waiting.role.clone(),
        amount: Money::new(waiting.amount, ctx.currency),
        people: waiting.people,
        given: row.get(17)?,
        requested_by: waiting.requested_by,
        asked_by: row.get(27)?,
        requested_at,
        age_days: requested_at.day_in(&ctx.zone).days_until(ctx.today),
        escalates_on: Day::parse(&row.get::<String>(21)?).ok(),
        escalate_permission: (goes_up && up_role.is_none()).then(|| waiting.up_permission.clone()),
        escalate_role: up_role,
        escalated_at: (escalated_at != 0).then(|| Timestamp::from_micros(escalated_at)),
        state: ApprovalState::parse(&state).ok_or_else(|| wrong(9, &state, "a state"))?,
        decided_by: row.get(10)?,
        decided_by_name: row.get(28)?,
        in_name_of: (in_name_of.raw() != 0).then_some(in_name_of),
        in_name_of_name: row.get(29)?,
        decided_at: row.get(11)?,
        reason: row.get(12)?,
        may_approve: false,
        may_refuse: false,
        decides_for: None,
    };
    Ok((shown, waiting))
}
