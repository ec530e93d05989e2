//! `define_approval_rule`, `change_approval_rule`, `retire_approval_rule`: which document needs whose
//! yes, as data.
//!
//! The rules of a kind are looked at in order; the first whose conditions all hold asks. What no rule
//! asks for needs nobody's yes, but for what the company's own amounts ask for.

use crate::approval_kinds::ApprovalKind;
use crate::ctx::Ctx;
use crate::grants::{Denied, Permission};
use crate::rules::{self, Pattern, Ruling};
use crate::tables;
use crate::views::READ;
use base::{
    ApprovalRuleId, BadCursor, Currency, Id, Money, Page, Paging, Problem, ProblemKind, Rule,
    TextError,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Saying which documents need whose yes.
pub const DEFINE_APPROVAL_RULE: Permission = Permission("identity.define_approval_rule");

/// The most conditions of a rule, and the most words of one.
const MOST_CONDITIONS: usize = 20;
/// The most days after which an approval goes up.
const MOST_DAYS: i64 = 366;

/// What has to hold of a document: a fact that is one of some words, or a number above a limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The fact's name, such as `supplier_category`.
    pub fact: String,
    /// The words of which it is one; for facts that have words.
    #[serde(default)]
    pub is: Vec<String>,
    /// The whole number that it is above, such as 10 of a percentage; for facts that are numbers.
    #[serde(default)]
    pub above: Option<i64>,
}

/// A rule: which documents of a kind ask for whose yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRule {
    /// The kind of document, such as `purchase_order`.
    pub kind: String,
    /// What the rule is called, such as `R2`; one of the kind.
    pub code: String,
    /// What it is for, in words.
    #[serde(default)]
    pub name: String,
    /// Where it stands among the rules of its kind; the first that applies asks.
    #[serde(default)]
    pub position: i64,
    /// Only from this amount on, in the company's currency; any amount when absent.
    #[serde(default)]
    pub from_amount: Option<Money>,
    /// What has to hold, all of it.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// The permission that the approver needs; the kind's own when absent.
    #[serde(default)]
    pub permission: Option<String>,
    /// The role that the approver has to hold, up to its limit; whoever has the permission when absent.
    #[serde(default)]
    pub role: Option<String>,
    /// How many have to agree: 1 or 2.
    #[serde(default = "one")]
    pub people: i64,
    /// After how many days without an answer it goes up; never when absent.
    #[serde(default)]
    pub escalate_after_days: Option<i64>,
    /// The permission with which one may then decide as well.
    #[serde(default)]
    pub escalate_permission: Option<String>,
    /// The role with which one may then decide as well.
    #[serde(default)]
    pub escalate_role: Option<String>,
}

const fn one() -> i64 {
    1
}

/// A rule that says something else from now on. What was asked stays as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeApprovalRule {
    /// The revision that the caller has seen.
    pub revision: i64,
    /// All that it says; kind and code name it.
    pub rule: ApprovalRule,
}

/// A rule that asks no longer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireApprovalRule {
    /// The kind of document.
    pub kind: String,
    /// What the rule is called.
    pub code: String,
    /// The revision that the caller has seen.
    pub revision: i64,
}

/// A rule as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalRuleDefined {
    /// The rule.
    pub rule_id: ApprovalRuleId,
    /// Its revision.
    pub revision: i64,
}

/// Which rules.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ApprovalRuleFilter {
    /// Only of this kind of document.
    pub kind: Option<String>,
    /// Only those that ask (true), or only retired ones (false).
    pub active: Option<bool>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many rows, 1 to 200.
    pub limit: Option<i64>,
}

/// A rule in the list, in the order in which rules of a kind are looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalRuleRow {
    /// The rule.
    pub rule_id: ApprovalRuleId,
    /// The kind of document.
    pub kind: String,
    /// What it is called.
    pub code: String,
    /// What it is for.
    pub name: String,
    /// Where it stands.
    pub position: i64,
    /// From this amount on.
    pub from_amount: Option<Money>,
    /// What has to hold.
    pub conditions: Vec<Condition>,
    /// The permission that the approver needs, or that the approver's key has to have in its scopes.
    pub permission: String,
    /// The role that the approver has to hold.
    pub role: Option<String>,
    /// How many have to agree.
    pub people: i64,
    /// After how many days it goes up.
    pub escalate_after_days: Option<i64>,
    /// The permission with which one may then decide as well.
    pub escalate_permission: Option<String>,
    /// The role with which one may then decide as well.
    pub escalate_role: Option<String>,
    /// Whether it asks; retired rules do not.
    pub active: bool,
    /// Its revision.
    pub revision: i64,
}

/// Why a rule was not defined, changed, retired or listed, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ApprovalRuleError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Nothing asks for approvals of that kind.
    #[error("nothing of kind {kind:?} asks for approvals; there are: {known}")]
    UnknownKind {
        /// The kind asked for.
        kind: String,
        /// All kinds.
        known: String,
    },
    /// The kind has no such fact.
    #[error("{kind} has no fact {fact:?}; it has: {known}")]
    UnknownFact {
        /// The kind.
        kind: &'static str,
        /// The fact asked for.
        fact: String,
        /// All its facts.
        known: String,
    },
    /// A fact with words is compared with a number, or the other way round.
    #[error("{fact} {takes}; write that and nothing else")]
    WrongCondition {
        /// The fact.
        fact: &'static str,
        /// What it takes.
        takes: &'static str,
    },
    /// Too many conditions or words.
    #[error("{got} {of}; a rule has at most {max}")]
    TooMany {
        /// Conditions or words.
        of: &'static str,
        /// The number asked for.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// The amount is negative or in another currency.
    #[error("the amount {amount} is not an amount of {currency} from 0")]
    WrongAmount {
        /// What was given.
        amount: Money,
        /// The company's currency.
        currency: Currency,
    },
    /// One or two people.
    #[error("{people} people cannot be asked; ask 1 or 2")]
    People {
        /// What was given.
        people: i64,
    },
    /// What goes up needs days and somebody.
    #[error(
        "what goes up needs escalate_after_days from 1 to {MOST_DAYS} and either escalate_permission or escalate_role"
    )]
    Escalation,
    /// A permission is asked for by its whole name.
    #[error("{permission:?} is no permission; write one such as purchasing.approve")]
    NotAPermission {
        /// What was given.
        permission: String,
    },
    /// There is no such role.
    #[error("there is no role {name:?}")]
    UnknownRole {
        /// The name asked for.
        name: String,
    },
    /// The kind has a rule of this code.
    #[error("there is a rule {code} for {kind} already; change it, or choose another code")]
    CodeTaken {
        /// The kind.
        kind: String,
        /// The code.
        code: String,
    },
    /// The kind has no such rule.
    #[error("there is no rule {code} for {kind}")]
    NotFound {
        /// The kind.
        kind: String,
        /// The code asked for.
        code: String,
    },
    /// Somebody changed it meanwhile.
    #[error("rule {code} is at revision {found}, not {seen}; look at it again")]
    Stale {
        /// The rule.
        code: String,
        /// The revision that the caller has seen.
        seen: i64,
        /// The revision it has.
        found: i64,
    },
    /// The cursor is not one of this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ApprovalRuleError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            ApprovalRuleError::Denied(error) => return error.problem(),
            ApprovalRuleError::Text(error) => return error.problem(),
            ApprovalRuleError::Cursor(error) => return error.problem(),
            ApprovalRuleError::Store(error) => return error.problem(),
            ApprovalRuleError::UnknownKind { .. } => (ProblemKind::Invalid, "unknown_kind"),
            ApprovalRuleError::UnknownFact { .. } => (ProblemKind::Invalid, "unknown_fact"),
            ApprovalRuleError::WrongCondition { .. } => (ProblemKind::Invalid, "wrong_condition"),
            ApprovalRuleError::TooMany { .. } => (ProblemKind::Invalid, "too_many_conditions"),
            ApprovalRuleError::WrongAmount { .. } => (ProblemKind::Invalid, "wrong_amount"),
            ApprovalRuleError::People { .. } => (ProblemKind::Invalid, "people_out_of_range"),
            ApprovalRuleError::Escalation => (ProblemKind::Invalid, "wrong_escalation"),
            ApprovalRuleError::NotAPermission { .. } => (ProblemKind::Invalid, "not_a_permission"),
            ApprovalRuleError::UnknownRole { .. } => (ProblemKind::NotFound, "unknown_role"),
            ApprovalRuleError::CodeTaken { .. } => (ProblemKind::Conflict, "rule_code_taken"),
            ApprovalRuleError::NotFound { .. } => (ProblemKind::NotFound, "rule_not_found"),
            ApprovalRuleError::Stale { .. } => (ProblemKind::Conflict, "rule_changed"),
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// A rule as it is written.
pub(crate) struct Written<'r> {
    pub rule: &'r ApprovalRule,
    pub permission: String,
    pub role_id: i64,
    pub up_permission: String,
    pub up_role_id: i64,
}

/// Defines a rule for one of the `kinds` that ask for approvals.
///
/// # Errors
/// [`ApprovalRuleError`].
pub fn define_approval_rule(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kinds: &[&ApprovalKind],
    rule: ApprovalRule,
) -> Result<ApprovalRuleDefined, ApprovalRuleError> {
    ctx.require(DEFINE_APPROVAL_RULE)?;
    let written = check(tx, ctx, kinds, &rule)?;
    if tables::lock_approval_rule(tx, ctx.company_id, &rule.kind, &rule.code)?.is_some() {
        return Err(ApprovalRuleError::CodeTaken { kind: rule.kind, code: rule.code });
    }
    let rule_id: ApprovalRuleId = tx.id()?;
    tables::insert_approval_rule(tx, ctx.company_id, rule_id, &written)?;
    told(tx, ctx, rule_id, serde_json::json!({ "rule": rule }))?;
    Ok(ApprovalRuleDefined { rule_id, revision: 1 })
}

/// Changes a rule, or takes a retired one up again.
///
/// # Errors
/// [`ApprovalRuleError`].
pub fn change_approval_rule(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kinds: &[&ApprovalKind],
    request: ChangeApprovalRule,
) -> Result<ApprovalRuleDefined, ApprovalRuleError> {
    ctx.require(DEFINE_APPROVAL_RULE)?;
    let ChangeApprovalRule { revision, rule } = request;
    let written = check(tx, ctx, kinds, &rule)?;
    let rule_id = seen(tx, ctx, (&rule.kind, &rule.code), revision)?;
    tables::update_approval_rule(tx, ctx.company_id, rule_id, &written)?;
    told(tx, ctx, rule_id, serde_json::json!({ "rule": rule }))?;
    Ok(ApprovalRuleDefined { rule_id, revision: revision + 1 })
}

/// Retires a rule: it asks for nothing more. What it has asked for still waits.
///
/// # Errors
/// [`ApprovalRuleError`].
pub fn retire_approval_rule(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RetireApprovalRule,
) -> Result<ApprovalRuleDefined, ApprovalRuleError> {
    ctx.require(DEFINE_APPROVAL_RULE)?;
    let RetireApprovalRule { kind, code, revision } = request;
    let rule_id = seen(tx, ctx, (&kind, &code), revision)?;
    tables::retire_approval_rule(tx, ctx.company_id, rule_id)?;
    told(tx, ctx, rule_id, serde_json::json!({ "kind": kind, "code": code, "retired": true }))?;
    Ok(ApprovalRuleDefined { rule_id, revision: revision + 1 })
}

/// Rules by kind, in the order in which they are looked at.
///
/// # Errors
/// [`ApprovalRuleError`].
pub fn approval_rules(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ApprovalRuleFilter,
) -> Result<Page<ApprovalRuleRow>, ApprovalRuleError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let mut rows = tables::approval_rules(tx, ctx)?;
    rows.retain(|row| {
        filter.kind.as_ref().is_none_or(|kind| *kind == row.kind)
            && filter.active.is_none_or(|active| active == row.active)
    });
    Ok(paging.cut(rows, |row| (row.kind.clone(), row.position, row.code.clone()))?)
}

/// The rules of a kind that ask, in order. Whoever asks for approvals need not gather facts without any.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rulings(BTreeMap<String, Vec<Ruling>>);

impl Rulings {
    pub(crate) fn of(tx: &mut Tx<'_>, ctx: &Ctx, kind: &str) -> Result<Vec<Ruling>, StoreError> {
        let company_id = ctx.company_id;
        let found: Rulings = match tx.recall(company_id.raw()) {
            Some(found) => found,
            None => {
                let found = Rulings(tables::rulings(tx, ctx)?);
                tx.remember(company_id.raw(), found.clone());
                found
            }
        };
        Ok(found.0.get(kind).cloned().unwrap_or_default())
    }
}

/// Whether a company has rules for a kind. Without any, the facts that rules look at need not be
/// gathered.
///
/// # Errors
/// Those of the store.
pub fn has_approval_rules(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: &ApprovalKind,
) -> Result<bool, StoreError> {
    Ok(!Rulings::of(tx, ctx, kind.name)?.is_empty())
}

/// Tells the audit trail, and has rules read anew.
fn told(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rule_id: ApprovalRuleId,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    ctx.audit(tx, DEFINE_APPROVAL_RULE, "approval_rule", rule_id.raw(), detail);
    let found = Rulings(tables::rulings(tx, ctx)?);
    tx.remember(ctx.company_id.raw(), found);
    Ok(())
}

/// The rule, locked, if it is still as the caller has seen it.
fn seen(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (kind, code): (&str, &str),
    seen: i64,
) -> Result<ApprovalRuleId, ApprovalRuleError> {
    let found = tables::lock_approval_rule(tx, ctx.company_id, kind, code)?;
    let Some((rule_id, found)) = found else {
        return Err(ApprovalRuleError::NotFound { kind: kind.to_owned(), code: code.to_owned() });
    };
    if found != seen {
        return Err(ApprovalRuleError::Stale { code: code.to_owned(), seen, found });
    }
    Ok(rule_id)
}

fn check<'r>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kinds: &[&ApprovalKind],
    rule: &'r ApprovalRule,
) -> Result<Written<'r>, ApprovalRuleError> {
    base::check_code("code", &rule.code)?;
    base::check_text("name", &rule.name, 200)?;
    let known = |names: Vec<&str>| names.join(", ");
    let kind = kinds.iter().find(|kind| kind.name == rule.kind);
    let kind = kind.ok_or_else(|| ApprovalRuleError::UnknownKind {
        kind: rule.kind.chars().take(40).collect(),
        known: known(kinds.iter().map(|kind| kind.name).collect()),
    })?;
    check_conditions(kind, &rule.conditions)?;
    if let Some(amount) = rule.from_amount
        && (amount.minor < 0 || amount.currency != ctx.currency)
    {
        return Err(ApprovalRuleError::WrongAmount { amount, currency: ctx.currency });
    }
    if !(1..=2).contains(&rule.people) {
        return Err(ApprovalRuleError::People { people: rule.people });
    }
    let up = (&rule.escalate_permission, &rule.escalate_role);
    match (rule.escalate_after_days, up) {
        (None, (None, None)) => {}
        (Some(1..=MOST_DAYS), (Some(_), None) | (None, Some(_))) => {}
        _ => return Err(ApprovalRuleError::Escalation),
    }
    let own = || kind.permission.0.to_owned();
    let permission = permission(rule.permission.as_deref())?.unwrap_or_else(own);
    let up_permission = permission_up(rule)?.unwrap_or_default();
    Ok(Written {
        rule,
        role_id: role(tx, ctx, rule.role.as_deref())?,
        up_role_id: role(tx, ctx, rule.escalate_role.as_deref())?,
        up_permission: match rule.escalate_role {
            Some(_) => permission.clone(),
            None => up_permission,
        },
        permission,
    })
}

fn permission_up(rule: &ApprovalRule) -> Result<Option<String>, ApprovalRuleError> {
    permission(rule.escalate_permission.as_deref())
}

fn check_conditions(
    kind: &ApprovalKind,
    conditions: &[Condition],
) -> Result<(), ApprovalRuleError> {
    let few = |of, got| match got > MOST_CONDITIONS {
        true => Err(ApprovalRuleError::TooMany { of, got, max: MOST_CONDITIONS }),
        false => Ok(()),
    };
    few("conditions", conditions.len())?;
    for condition in conditions {
        let fact = kind.facts.iter().find(|fact| fact.name == condition.fact);
        let fact = fact.ok_or_else(|| ApprovalRuleError::UnknownFact {
            kind: kind.name,
            fact: condition.fact.chars().take(40).collect(),
            known: kind.facts.iter().map(|fact| fact.name).collect::<Vec<_>>().join(", "),
        })?;
        few("words", condition.is.len())?;
        for word in &condition.is {
            base::check_code("is", word)?;
        }
        let fact_name = fact.name;
        match (fact.number, condition.is.is_empty(), condition.above) {
            (true, true, Some(_)) | (false, false, None) => {}
            (true, ..) => {
                let takes = "is a number: give above";
                return Err(ApprovalRuleError::WrongCondition { fact: fact_name, takes });
            }
            (false, ..) => {
                let takes = "has words: give is";
                return Err(ApprovalRuleError::WrongCondition { fact: fact_name, takes });
            }
        }
    }
    Ok(())
}

fn permission(given: Option<&str>) -> Result<Option<String>, ApprovalRuleError> {
    let Some(text) = given else { return Ok(None) };
    let whole = Pattern::parse(text).is_some()
        && text.contains('.')
        && !text.contains('*')
        && !text.starts_with('-');
    match whole {
        true => Ok(Some(text.to_owned())),
        false => {
            let permission = text.chars().take(100).collect();
            Err(ApprovalRuleError::NotAPermission { permission })
        }
    }
}

/// The id of a role of the company; 0 without one.
fn role(tx: &mut Tx<'_>, ctx: &Ctx, name: Option<&str>) -> Result<i64, ApprovalRuleError> {
    let Some(name) = name else { return Ok(0) };
    rules::check_name("role", name)?;
    let found = tables::role_named(tx, ctx.company_id, name)?;
    let role = found.ok_or_else(|| ApprovalRuleError::UnknownRole { name: name.to_owned() })?;
    Ok(role.raw())
}
