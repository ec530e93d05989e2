//! The segregation of duties: whose rights join what two people should do, and who did both.

use crate::tables;
use base::{Day, Id, Page, Paging, Period, Timestamp, UserId};
use identity::{Ctx, ReportError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{Rows, Statement, StoreError, Tx, params};
use utoipa::ToSchema;

/// Two duties that one person should not have.
struct Conflict {
    /// What it is called.
    code: &'static str,
    /// Both duties in words.
    duties: &'static str,
    /// The permission of the first.
    first: &'static str,
    /// The permission of the second.
    second: &'static str,
}

const fn conflict(
    code: &'static str,
    duties: &'static str,
    first: &'static str,
    second: &'static str,
) -> Conflict {
    Conflict { code, duties, first, second }
}

/// Every pair that is looked for in the rights of users.
static CONFLICTS: &[Conflict] = &[
    conflict(
        "order_approve",
        "writes orders to suppliers and approves them",
        "purchasing.order",
        "purchasing.approve",
    ),
    conflict(
        "order_receive",
        "writes orders to suppliers and receives their goods",
        "purchasing.order",
        "purchasing.receive",
    ),
    conflict(
        "receive_bill",
        "receives goods and enters their bills",
        "purchasing.receive",
        "purchasing.bill",
    ),
    conflict("bill_pay", "enters bills and pays them", "purchasing.bill", "payments.pay"),
    conflict("bank_pay", "changes bank details and pays", "partners.change_bank", "payments.pay"),
    conflict("partner_pay", "makes suppliers and pays them", "partners.edit", "payments.pay"),
    conflict("count_approve", "counts and approves counts", "counting.count", "counting.approve"),
    conflict(
        "adjust_approve",
        "adjusts stock and approves adjustments",
        "stock.adjust",
        "stock.approve",
    ),
    conflict(
        "refund_approve",
        "gives money back and approves refunds",
        "quality.refund",
        "quality.approve",
    ),
    conflict(
        "rule_order",
        "says which orders need a yes and writes orders",
        "identity.define_approval_rule",
        "purchasing.order",
    ),
    conflict("rights_pay", "hands out rights and pays", "identity.grant", "payments.pay"),
];

/// Every pair of acts that is looked for in what was done.
static ACTS: &[(&str, &str, &Statement)] = &[
    ("asked_approved", "asked for an approval and gave it", &tables::ASKED_AND_APPROVED),
    ("order_approve", "wrote an order and approved it", &tables::CREATED_AND_APPROVED),
    ("order_receive", "wrote an order and received its goods", &tables::CREATED_AND_RECEIVED),
    ("receive_bill", "received goods and entered their bill", &tables::RECEIVED_AND_BILLED),
    ("bill_pay", "entered a bill and paid it", &tables::BILLED_AND_PAID),
    (
        "bank_pay",
        "changed or confirmed bank details and paid the supplier",
        &tables::BANK_CHANGED_AND_PAID,
    ),
    ("count_approve", "counted and approved the count", &tables::COUNTED_AND_APPROVED),
];

/// What a line of the report tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DutyFinding {
    /// A user's rights join two duties.
    Rights,
    /// A user did both.
    Act,
}

/// Which lines.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DutyFilter {
    /// Only rights, or only acts.
    pub finding: Option<DutyFinding>,
    /// Only of these duties, such as `order_approve`.
    pub rule: Option<String>,
    /// Only of the user with this login.
    pub login: Option<String>,
    /// Acts of this day or later; a year before the last when absent.
    pub from_day: Option<Day>,
    /// Acts of this day or earlier; today when absent.
    pub to_day: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Two duties of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DutyRow {
    /// Whether it is a matter of rights or was done.
    pub finding: DutyFinding,
    /// What the pair of duties is called.
    pub rule: String,
    /// Both duties in words.
    pub duties: String,
    /// Who.
    pub user_id: UserId,
    /// The login; empty of whoever sat at the machine.
    pub login: String,
    /// The name.
    pub display_name: String,
    /// The roles that give the first duty, for rights.
    pub first_roles: String,
    /// The roles that give the second duty, for rights.
    pub second_roles: String,
    /// The kind of record, for acts.
    pub object_kind: String,
    /// The record, for acts.
    pub object_id: String,
    /// Its spoken number, for acts.
    pub number: String,
    /// When the first was done.
    pub first_at: Option<Timestamp>,
    /// When the second was done.
    pub second_at: Option<Timestamp>,
}

/// Whose rights join duties that two people should have, and who did both: rights first, then acts with
/// the latest first. For those who may see who holds which role.
///
/// # Errors
/// [`ReportError`].
pub fn segregation_of_duties(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: DutyFilter,
) -> Result<Page<DutyRow>, ReportError> {
    ctx.require(identity::READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let users = identity::user_rights(tx, ctx)?;
    let mut rows = Vec::new();
    if filter.finding != Some(DutyFinding::Act) {
        for user in &users {
            rows.extend(CONFLICTS.iter().filter_map(|pair| of_rights(user, pair)));
        }
    }
    if filter.finding != Some(DutyFinding::Rights) {
        acts(tx, ctx, &filter, &mut rows)?;
    }
    rows.retain(|row: &DutyRow| {
        filter.rule.as_ref().is_none_or(|rule| *rule == row.rule)
            && filter.login.as_ref().is_none_or(|login| *login == row.login)
    });
    Ok(paging.cut(rows, |row| {
        let latest = row.second_at.map_or(0, |at| -at.micros());
        (
            row.finding,
            latest,
            row.rule.clone(),
            row.login.clone(),
            row.object_id.clone(),
            row.first_at.map_or(0, Timestamp::micros),
        )
    })?)
}

fn of_rights(user: &identity::UserRights, pair: &Conflict) -> Option<DutyRow> {
    let [first, second] = [pair.first, pair.second].map(|permission| {
        let roles: Vec<String> = user.roles_giving(permission).into_iter().collect();
        roles.join(", ")
    });
    (!first.is_empty() && !second.is_empty()).then(|| DutyRow {
        finding: DutyFinding::Rights,
        rule: pair.code.to_owned(),
        duties: pair.duties.to_owned(),
        user_id: user.user_id,
        login: user.login.clone(),
        display_name: user.display_name.clone(),
        first_roles: first,
        second_roles: second,
        object_kind: String::new(),
        object_id: String::new(),
        number: String::new(),
        first_at: None,
        second_at: None,
    })
}

fn acts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &DutyFilter,
    rows: &mut Vec<DutyRow>,
) -> Result<(), StoreError> {
    let period = Period::of(filter.from_day, filter.to_day, ctx.today);
    let begins = |day: Day| Timestamp::at(day, 0, 0, &ctx.zone).map_or(0, Timestamp::micros);
    let until = period.to.plus(1).map_or(i64::MAX, |next| begins(next) - 1);
    let span = params![ctx.company_id, begins(period.from), until];
    let mut found = Vec::new();
    for (code, duties, statement) in ACTS {
        for row in tx.query(statement, span.clone())? {
            found.push(DutyRow {
                finding: DutyFinding::Act,
                rule: (*code).to_owned(),
                duties: (*duties).to_owned(),
                user_id: row.get(0)?,
                login: String::new(),
                display_name: String::new(),
                first_roles: String::new(),
                second_roles: String::new(),
                object_kind: row.get(1)?,
                object_id: row.get::<i64>(2)?.to_string(),
                number: row.get(3)?,
                first_at: Some(row.get(4)?),
                second_at: Some(row.get(5)?),
            });
        }
    }
    let who: BTreeSet<i64> = found.iter().map(|row| row.user_id.raw()).collect();
    let mut names: BTreeMap<i64, (String, String)> = BTreeMap::new();
    for row in tx.query(&tables::USER_NAMES, params![; Rows::column(&who)])? {
        names.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
    }
    for mut row in found {
        let named = names.get(&row.user_id.raw()).cloned();
        (row.login, row.display_name) = named.unwrap_or_default();
        rows.push(row);
    }
    Ok(())
}
