//! Rules of approval, and who decides in whose name.

use super::approval_statements::*;
use crate::approval_rules::{ApprovalRuleRow, Condition, Written};
use crate::ctx::Ctx;
use crate::delegations::DelegationRow;
use crate::rules::Ruling;
use base::{ApprovalRuleId, CompanyId, Day, DelegationId, Id, Money, Timestamp, UserId};
use std::collections::BTreeMap;
use store::{Row, StoreError, Tx, params};

pub(crate) fn insert_approval_rule(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    rule_id: ApprovalRuleId,
    written: &Written<'_>,
) -> Result<(), StoreError> {
    let rule = written.rule;
    tx.write(
        &INSERT_RULE,
        params![
            company_id,
            rule_id,
            rule.kind,
            rule.code,
            rule.name,
            rule.position,
            rule.from_amount.map(|amount| amount.minor),
            serde_json::json!(rule.conditions).to_string(),
            written.permission,
            written.role_id,
            rule.people,
            rule.escalate_after_days,
            written.up_permission,
            written.up_role_id
        ],
    )
}

pub(crate) fn update_approval_rule(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    rule_id: ApprovalRuleId,
    written: &Written<'_>,
) -> Result<(), StoreError> {
    let rule = written.rule;
    tx.write_exactly(
        1,
        &UPDATE_RULE,
        params![
            company_id,
            rule_id,
            rule.name,
            rule.position,
            rule.from_amount.map(|amount| amount.minor),
            serde_json::json!(rule.conditions).to_string(),
            written.permission,
            written.role_id,
            rule.people,
            rule.escalate_after_days,
            written.up_permission,
            written.up_role_id
        ],
    )
}

pub(crate) fn retire_approval_rule(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    rule_id: ApprovalRuleId,
) -> Result<(), StoreError> {
    tx.write_exactly(1, &RETIRE_RULE, params![company_id, rule_id])
}

/// A rule by its code, with its revision.
pub(crate) fn lock_approval_rule(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    kind: &str,
    code: &str,
) -> Result<Option<(ApprovalRuleId, i64)>, StoreError> {
    let found = tx.query_opt(&LOCK_RULE, params![company_id, kind, code])?;
    found.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// All rules, retired ones too.
pub(crate) fn approval_rules(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
) -> Result<Vec<ApprovalRuleRow>, StoreError> {
    let rows = tx.query(&RULES, params![ctx.company_id])?;
    rows.iter().map(|row| read(row, ctx).map(|(shown, _)| shown)).collect()
}

/// The rules that ask, by kind and in order.
pub(crate) fn rulings(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
) -> Result<BTreeMap<String, Vec<Ruling>>, StoreError> {
    let mut found: BTreeMap<String, Vec<Ruling>> = BTreeMap::new();
    for row in tx.query(&RULES, params![ctx.company_id])? {
        let (shown, ruling) = read(&row, ctx)?;
        if shown.active {
            found.entry(shown.kind).or_default().push(ruling);
        }
    }
    Ok(found)
}

fn read(row: &Row, ctx: &Ctx) -> Result<(ApprovalRuleRow, Ruling), StoreError> {
    let conditions: Vec<Condition> = json(row, 6)?;
    let from_amount = row.get::<Option<i64>>(5)?.map(|minor| Money::new(minor, ctx.currency));
    let (up_permission, up_role): (String, String) = (row.get(12)?, row.get(14)?);
    let role: String = row.get(9)?;
    let ruling = Ruling {
        id: row.get(0)?,
        code: row.get(2)?,
        from_amount,
        conditions: conditions.clone(),
        permission: row.get(7)?,
        role_id: row.get(8)?,
        people: row.get(10)?,
        up_after_days: row.get(11)?,
        up_permission: up_permission.clone(),
        up_role_id: row.get(13)?,
    };
    let shown = ApprovalRuleRow {
        rule_id: row.get(0)?,
        kind: row.get(1)?,
        code: row.get(2)?,
        name: row.get(3)?,
        position: row.get(4)?,
        from_amount,
        conditions,
        permission: row.get(7)?,
        role: (!role.is_empty()).then_some(role),
        people: row.get(10)?,
        escalate_after_days: row.get(11)?,
        escalate_permission: (!up_permission.is_empty() && up_role.is_empty())
            .then_some(up_permission),
        escalate_role: (!up_role.is_empty()).then_some(up_role),
        active: row.get(15)?,
        revision: row.get(16)?,
    };
    Ok((shown, ruling))
}

fn json<T: serde::de::DeserializeOwned>(row: &Row, column: usize) -> Result<T, StoreError> {
    let text: String = row.get(column)?;
    let wrong = |_| StoreError::Decode { column, found: text.clone(), wanted: "JSON" };
    serde_json::from_str(&text).map_err(wrong)
}

/// A delegation about to be written.
pub(crate) struct NewDelegation<'d> {
    pub id: DelegationId,
    pub from_user: UserId,
    pub to_user: UserId,
    pub from_on: Day,
    pub to_on: Day,
    pub kinds: &'d [String],
    pub reason: &'d str,
}

pub(crate) fn insert_delegation(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    new: &NewDelegation<'_>,
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_DELEGATION,
        params![
            ctx.company_id,
            new.id,
            new.from_user,
            new.to_user,
            new.from_on,
            new.to_on,
            serde_json::json!(new.kinds).to_string(),
            new.reason,
            ctx.user_id,
            ctx.at
        ],
    )
}

/// Whose a delegation is that has not ended, and to whom.
pub(crate) fn lock_delegation(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: DelegationId,
) -> Result<Option<(UserId, UserId)>, StoreError> {
    let found = tx.query_opt(&LOCK_DELEGATION, params![company_id, id])?;
    found.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

pub(crate) fn end_delegation(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DelegationId,
) -> Result<(), StoreError> {
    tx.write_exactly(1, &END_DELEGATION, params![ctx.company_id, id, ctx.at, ctx.user_id])
}

/// In whose name the caller decides today, which kinds, none being all, and who made it so.
pub(crate) fn delegated_to(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
) -> Result<Vec<(UserId, Vec<String>, UserId)>, StoreError> {
    let rows = tx.query(&DELEGATED_TO, params![ctx.company_id, ctx.user_id, ctx.today])?;
    rows.iter().map(|row| Ok((row.get(0)?, json(row, 1)?, row.get(2)?))).collect()
}

/// Delegations of or to a user (0 for all), of a day if given, before a day and id.
pub(crate) fn delegations(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    (user, on): (i64, &str),
    (day, id): (&str, i64),
    limit: i64,
) -> Result<Vec<DelegationRow>, StoreError> {
    let delegation = |row: &Row| {
        let ended: i64 = row.get(13)?;
        Ok(DelegationRow {
            delegation_id: row.get(0)?,
            from_user: row.get(1)?,
            from_login: row.get(2)?,
            from_name: row.get(3)?,
            to_user: row.get(4)?,
            to_login: row.get(5)?,
            to_name: row.get(6)?,
            from_day: row.get(7)?,
            to_day: row.get(8)?,
            kinds: json(row, 9)?,
            reason: row.get(10)?,
            created_by: row.get(11)?,
            created_at: row.get(12)?,
            ended_at: (ended != 0).then(|| Timestamp::from_micros(ended)),
        })
    };
    let params = params![company_id, user, on, day, id, limit];
    tx.query(&DELEGATIONS, params)?.iter().map(delegation).collect()
}

impl NewDelegation<'_> {
    /// The delegation as the audit trail tells it.
    pub(crate) fn told(&self) -> serde_json::Value {
        serde_json::json!({
            "from": self.from_user.raw().to_string(), "to": self.to_user.raw().to_string(),
            "from_day": self.from_on, "to_day": self.to_on, "kinds": self.kinds,
            "reason": self.reason,
        })
    }
}

/// Whether a rule asked for an approval of a revision, and it waits.
pub(crate) fn asked_by_rule(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    kind: &str,
    subject_id: i64,
    revision: i64,
) -> Result<bool, StoreError> {
    let found = tx.query(&ASKED_BY_RULE, params![company_id, kind, subject_id, revision])?;
    Ok(!found.is_empty())
}
