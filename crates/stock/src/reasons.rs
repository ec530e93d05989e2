//! `define_reason`: why shelf and books differ, the account that pays for it, and what it takes.

use crate::tables;
use accounting::Role;
use base::{Id, Money, Page, Problem, ReasonId, Rule, TextError, UserId, check_code, check_text};
use identity::{Ctx, Denied, Permission};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

/// May define reason codes.
pub const EDIT_REASONS: Permission = Permission("stock.edit_reasons");

/// A reason code as installed: code, name, account, and whether what it books must be explained.
const INSTALLED: &[(&str, &str, Role, bool)] = &[
    ("damaged", "Damaged or broken", Role::Scrap, false),
    ("expired", "Expired", Role::Scrap, false),
    ("found", "Found", Role::Found, false),
    ("marketing", "Given away to sell more", Role::Marketing, false),
    ("sample", "Given away as a sample", Role::Samples, false),
    ("correction", "Correction of a wrong posting", Role::Unexplained, false),
    ("unexplained", "Unexplained", Role::Unexplained, true),
];

/// The accounts that a reason may name: what goods cost us or bring, never a control account.
const ROLES: &[Role] = &[
    Role::Scrap,
    Role::Found,
    Role::Marketing,
    Role::Samples,
    Role::Unexplained,
    Role::Expense,
    Role::StockVariationIn,
    Role::StockVariationOut,
];

/// The longest time that somebody may take to explain, in days: ten years.
const LONGEST: i64 = 3650;

/// A reason as verbs need to know it. Limits are absolute values in minor units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reason {
    pub id: ReasonId,
    pub code: String,
    pub role: Role,
    pub active: bool,
    pub line_limit: Option<i64>,
    pub sheet_limit: Option<i64>,
    pub evidence_limit: Option<i64>,
    pub must_explain: bool,
    pub due_days: Option<i64>,
    /// Who explains; 0 is whoever booked it.
    pub owner_id: i64,
}

/// A reason to be defined, or amended when its code is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineReason {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The account that goods leave to or come from: scrap, found, marketing, samples, unexplained,
    /// expense, stock_variation_in or stock_variation_out.
    pub role: Role,
    /// Whether it can be given from now on.
    #[serde(default = "yes")]
    pub active: bool,
    /// The absolute value of a line above which another person has to agree.
    #[serde(default)]
    pub line_limit: Option<Money>,
    /// The absolute value of all lines of a sheet with this reason above which another person has
    /// to agree; the company's `approve_adjustments_above` when left out.
    #[serde(default)]
    pub sheet_limit: Option<Money>,
    /// The absolute value of a line above which it needs a reference to evidence; the company's
    /// `evidence_above` when left out.
    #[serde(default)]
    pub evidence_limit: Option<Money>,
    /// Whether what is booked with it waits to be explained.
    #[serde(default)]
    pub must_explain: bool,
    /// Within how many days; the company's `unexplained_due_days` when left out.
    #[serde(default)]
    pub due_days: Option<i64>,
    /// Who explains it; whoever booked it when left out.
    #[serde(default)]
    pub owner: Option<UserId>,
}

fn yes() -> bool {
    true
}

/// A reason as defined.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReasonDefined {
    /// The reason.
    pub reason_id: ReasonId,
}

/// Why a reason was not defined, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ReasonError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text that cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The account is not one for reasons.
    #[error("a reason cannot book to {role}; use one of: {known}")]
    WrongRole {
        /// What was given.
        role: Role,
        /// What is taken.
        known: String,
    },
    /// A limit below zero or in another currency.
    #[error("{field} must be zero or more, in the company's currency")]
    WrongLimit {
        /// Which.
        field: &'static str,
    },
    /// Days that nobody can mean.
    #[error("due_days must be from 0 to {LONGEST}")]
    WrongDays,
    /// The owner holds no role here.
    #[error("there is no user {owner} in this company; name one who is")]
    UnknownOwner {
        /// The id given.
        owner: UserId,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReasonError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ReasonError::Denied(error) => error.problem(),
            ReasonError::Text(error) => error.problem(),
            ReasonError::WrongRole { .. } => {
                Problem::invalid("role_not_for_reasons", detail).with_field("role")
            }
            ReasonError::WrongLimit { field } => {
                Problem::invalid("limit_invalid", detail).with_field(field)
            }
            ReasonError::WrongDays => {
                Problem::invalid("days_invalid", detail).with_field("due_days")
            }
            ReasonError::UnknownOwner { .. } => {
                Problem::not_found("user_not_found", detail).with_field("owner")
            }
            ReasonError::Store(error) => error.problem(),
        }
    }
}

/// Installs the usual reason codes.
///
/// # Errors
/// [`ReasonError::Denied`] or the store's own.
pub fn install_reasons(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), ReasonError> {
    ctx.require(EDIT_REASONS)?;
    let mut set = Rows::new(5);
    for (code, name, role, must_explain) in INSTALLED {
        let id: ReasonId = tx.id()?;
        set.push(row![id, *code, *name, role.as_str(), *must_explain]);
    }
    tx.write(&tables::INSERT_REASONS, params![ctx.company_id; set])?;
    Ok(())
}

/// Defines a reason, or amends the one that has this code. What was booked with it stays as it is.
///
/// # Errors
/// The first broken rule in the order of [`ReasonError`].
pub fn define_reason(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DefineReason,
) -> Result<ReasonDefined, ReasonError> {
    ctx.require(EDIT_REASONS)?;
    check_code("code", &request.code)?;
    check_text("name", &request.name, 200)?;
    if !ROLES.contains(&request.role) {
        let known = ROLES.iter().map(|role| role.as_str()).collect::<Vec<_>>().join(", ");
        return Err(ReasonError::WrongRole { role: request.role, known });
    }
    let limit = |field, limit: Option<Money>| match limit {
        Some(money) if money.minor < 0 || money.currency != ctx.currency => {
            Err(ReasonError::WrongLimit { field })
        }
        limit => Ok(limit.map(|money| money.minor)),
    };
    let line_limit = limit("line_limit", request.line_limit)?;
    let sheet_limit = limit("sheet_limit", request.sheet_limit)?;
    let evidence_limit = limit("evidence_limit", request.evidence_limit)?;
    if request.due_days.is_some_and(|days| !(0..=LONGEST).contains(&days)) {
        return Err(ReasonError::WrongDays);
    }
    let owner_id = match request.owner {
        None => 0,
        Some(owner) => {
            let found = identity::ctx_for_user(tx, ctx.company_id, owner, ctx.at, &ctx.request_id);
            match found {
                Ok(_) => owner.raw(),
                Err(identity::SignInError::Store(error)) => return Err(error.into()),
                Err(_) => return Err(ReasonError::UnknownOwner { owner }),
            }
        }
    };
    let new: ReasonId = tx.id()?;
    tx.write(
        &tables::UPSERT_REASON,
        params![
            ctx.company_id,
            new,
            request.code,
            request.name,
            request.role.as_str(),
            request.active,
            line_limit,
            sheet_limit,
            evidence_limit,
            request.must_explain,
            request.due_days,
            owner_id
        ],
    )?;
    let stored = tx.query_opt(&tables::REASON_ID, params![ctx.company_id, request.code])?;
    let reason_id = stored.map_or(Ok(new), |row| row.get(0))?;
    let detail = serde_json::to_value(&request).unwrap_or_default();
    ctx.audit(tx, EDIT_REASONS, "reason", reason_id.raw(), detail);
    Ok(ReasonDefined { reason_id })
}

/// The accounts of the reasons in use, by code. For verbs, which have checked their permission.
///
/// # Errors
/// The store's own.
pub fn reason_accounts(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<BTreeMap<String, Role>, StoreError> {
    let known = reasons(tx, ctx)?.into_iter().filter(|(_, reason)| reason.active);
    Ok(known.map(|(code, reason)| (code, reason.role)).collect())
}

/// All reasons by code.
pub(crate) fn reasons(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<BTreeMap<String, Reason>, StoreError> {
    let found = tx.query(&tables::LIST_REASONS, params![ctx.company_id])?;
    let mut known = BTreeMap::new();
    for row in &found {
        let reason = Reason {
            id: row.get(0)?,
            code: row.get(1)?,
            role: role(row)?,
            active: row.get(4)?,
            line_limit: row.get(5)?,
            sheet_limit: row.get(6)?,
            evidence_limit: row.get(7)?,
            must_explain: row.get(8)?,
            due_days: row.get(9)?,
            owner_id: row.get(10)?,
        };
        known.insert(reason.code.clone(), reason);
    }
    Ok(known)
}

fn role(row: &Row) -> Result<Role, StoreError> {
    let word: String = row.get(3)?;
    Role::parse(&word).ok_or_else(|| {
        StoreError::Unusable(format!("a reason names the unknown account role {word}"))
    })
}

/// A reason in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReasonRow {
    /// The reason.
    pub reason_id: ReasonId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The account that pays for it.
    pub role: Role,
    /// Whether it can be given.
    pub active: bool,
    /// The absolute value of a line above which another person has to agree.
    pub line_limit: Option<Money>,
    /// The same of all lines of a sheet.
    pub sheet_limit: Option<Money>,
    /// The absolute value of a line above which it needs evidence.
    pub evidence_limit: Option<Money>,
    /// Whether what is booked with it waits to be explained.
    pub must_explain: bool,
    /// Within how many days, if not by policy.
    pub due_days: Option<i64>,
    /// Who explains it, if not whoever booked it.
    pub owner: Option<UserId>,
}

/// Which reasons: all of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReasonFilter {}

/// Reasons by code, also those no longer in use.
///
/// # Errors
/// See [`crate::ListError`].
pub fn list_reasons(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    _: ReasonFilter,
) -> Result<Page<ReasonRow>, crate::ListError> {
    ctx.require(crate::READ)?;
    let found = tx.query(&tables::LIST_REASONS, params![ctx.company_id])?;
    let money = |minor: Option<i64>| minor.map(|minor| Money::new(minor, ctx.currency));
    let read = |row: &Row| {
        let owner: i64 = row.get(10)?;
        Ok(ReasonRow {
            reason_id: row.get(0)?,
            code: row.get(1)?,
            name: row.get(2)?,
            role: role(row)?,
            active: row.get(4)?,
            line_limit: money(row.get(5)?),
            sheet_limit: money(row.get(6)?),
            evidence_limit: money(row.get(7)?),
            must_explain: row.get(8)?,
            due_days: row.get(9)?,
            owner: (owner != 0).then(|| UserId::from_raw(owner)),
        })
    };
    let lines = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(Page { lines, next_cursor: None })
}
