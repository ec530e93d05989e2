//! `manual_entry` writes what no document does, and never on control accounts;
//! `reverse_manual_entry` takes it back.

use crate::books::{BooksError, open_books, open_books_into_soft_lock};
use crate::model::{Account, Area, Entry, Line};
use crate::reverse::{ReverseError, Reversed, reverse};
use crate::tax::{TaxError, TaxRate, find_tax_codes_by_code};
use crate::{ENTER, PostError, post, tables};
use base::{Currency, Day, EntryId, Id, Money, Problem, Rule, TextError};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to enter lines by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ManualEntry {
    /// When it happened.
    pub happened_on: Day,
    /// What it is, for people.
    pub memo: String,
    /// Whether it pays or moves tax that was reported before, so that tax accounts need no code.
    #[serde(default)]
    pub settles_tax: bool,
    /// Why it has to lie in a softly locked period, if it has to.
    #[serde(default)]
    pub soft_lock_reason: Option<String>,
    /// Its lines, at least two.
    pub lines: Vec<ManualLine>,
}

/// A line entered by hand: either a debit or a credit, in the company's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ManualLine {
    /// The account's code.
    pub account: String,
    /// The amount debited, above 0.
    #[serde(default)]
    pub debit: Option<Money>,
    /// The amount credited, above 0.
    #[serde(default)]
    pub credit: Option<Money>,
    /// The tax code, on tax accounts.
    #[serde(default)]
    pub tax: Option<ManualTax>,
}

/// The tax of a line entered by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ManualTax {
    /// The tax code.
    pub code: String,
    /// The net amount that the tax was reckoned on, above 0, on the side of the line.
    pub base: Money,
}

/// The entry written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Entered {
    /// The entry.
    pub entry_id: EntryId,
    /// The books' day of it.
    pub posted_on: Day,
}

/// A request to take a manual entry back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReverseManualEntry {
    /// The entry.
    pub entry_id: EntryId,
    /// The day of the reversal.
    pub on: Day,
}

/// Why nothing was entered. Lines count from 1.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ManualEntryError {
    /// The caller may not, or not such an amount.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The memo cannot be used.
    #[error(transparent)]
    Memo(#[from] TextError),
    /// Not exactly one of debit and credit, or not above 0.
    #[error("line {line}: give either a debit or a credit, above 0")]
    OneSide {
        /// The line.
        line: u32,
    },
    /// The amount is in another currency.
    #[error("line {line}: the amount is in {found}; enter it in {expected}")]
    ForeignCurrency {
        /// The line.
        line: u32,
        /// The currency given.
        found: Currency,
        /// The company's currency.
        expected: Currency,
    },
    /// There is no such account.
    #[error("line {line}: there is no account {code}")]
    NoAccount {
        /// The line.
        line: u32,
        /// The code given.
        code: String,
    },
    /// The account is a control account.
    #[error(
        "line {line}: account {code} is a control account; it changes only through its documents"
    )]
    ControlAccount {
        /// The line.
        line: u32,
        /// The account's code.
        code: String,
    },
    /// The entry to be reversed was not entered by hand.
    #[error("entry {entry_id} was not entered by hand; correct it through its document")]
    NotManual {
        /// The entry.
        entry_id: EntryId,
    },
    /// A tax code was not found.
    #[error(transparent)]
    Tax(#[from] TaxError),
    /// The books cannot be posted to.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The entry is not right.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The reversal was refused.
    #[error(transparent)]
    Reverse(#[from] ReverseError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ManualEntryError {
    fn problem(&self) -> Problem {
        let refused = |code, line: u32| Problem::refused(code, self.to_string()).with_line(line);
        match self {
            ManualEntryError::Denied(denied) => denied.problem(),
            ManualEntryError::Memo(text) => text.problem(),
            ManualEntryError::OneSide { line } => refused("one_side", *line),
            ManualEntryError::ForeignCurrency { line, .. } => refused("foreign_currency", *line),
            ManualEntryError::NoAccount { line, .. } => refused("no_account", *line),
            ManualEntryError::ControlAccount { line, .. } => refused("control_account", *line),
            ManualEntryError::NotManual { .. } => Problem::refused("not_manual", self.to_string()),
            ManualEntryError::Tax(error) => error.problem(),
            ManualEntryError::Books(error) => error.problem(),
            ManualEntryError::Post(error) => error.problem(),
            ManualEntryError::Reverse(error) => error.problem(),
            ManualEntryError::Store(error) => error.problem(),
        }
    }
}

/// Enters lines by hand. Control accounts are refused: they change only through their documents.
///
/// # Errors
/// [`ManualEntryError`], in its order.
pub fn manual_entry(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ManualEntry,
) -> Result<Entered, ManualEntryError> {
    ctx.require(ENTER)?;
    if request.memo.trim().is_empty() {
        return Err(TextError::Empty { field: "memo" }.into());
    }
    base::check_text("memo", &request.memo, crate::rules::MAX_TEXT)?;
    let amounts = request
        .lines
        .iter()
        .zip(1_u32..)
        .map(|(line, number)| signed_amount(ctx.currency, line, number))
        .collect::<Result<Vec<i64>, _>>()?;
    let total =
        amounts.iter().filter(|amount| **amount > 0).try_fold(0_i64, |a, b| a.checked_add(*b));
    ctx.require_amount(ENTER, total.ok_or(PostError::OutOfRange { entry: 1 })?)?;
    let on = request.happened_on;
    let codes: Vec<&str> =
        request.lines.iter().filter_map(|line| Some(line.tax.as_ref()?.code.as_str())).collect();
    let rates = find_tax_codes_by_code(tx, ctx.company_id, &codes, on)?;
    let books = match &request.soft_lock_reason {
        Some(reason) => open_books_into_soft_lock(tx, ctx, Area::All, on, reason)?,
        None => open_books(tx, ctx, Area::All, on)?,
    };
    let by_code: HashMap<&str, _> = books
        .accounts
        .iter()
        .map(|(id, known)| (known.code.as_str(), (*id, known.control)))
        .collect();
    let mut lines = Vec::with_capacity(amounts.len());
    for ((line, number), amount) in request.lines.iter().zip(1_u32..).zip(amounts) {
        let code = || line.account.clone();
        let (id, control) = *by_code
            .get(line.account.as_str())
            .ok_or_else(|| ManualEntryError::NoAccount { line: number, code: code() })?;
        if control {
            return Err(ManualEntryError::ControlAccount { line: number, code: code() });
        }
        lines.push(with_tax(Line::new(Account::Id(id), amount), line, &rates));
    }
    let kind = if request.settles_tax { "tax_settlement" } else { "manual" };
    let memo = request.memo.clone();
    let entry = Entry { kind, source_kind: "manual", source_id: 0, happened_on: on, memo, lines };
    let ids = post(tx, ctx, &books, vec![entry])?;
    let entry_id = ids.first().copied().filter(|id| id.raw() != 0);
    let entry_id = entry_id.ok_or(PostError::SingleLine { entry: 1 })?;
    ctx.audit(tx, ENTER, "entry", entry_id.raw(), serde_json::json!(request));
    Ok(Entered { entry_id, posted_on: books.posted_on() })
}

fn signed_amount(home: Currency, line: &ManualLine, number: u32) -> Result<i64, ManualEntryError> {
    let (money, sign) = match (line.debit, line.credit) {
        (Some(money), None) => (money, 1),
        (None, Some(money)) => (money, -1),
        _ => return Err(ManualEntryError::OneSide { line: number }),
    };
    let monies = [Some(money), line.tax.as_ref().map(|tax| tax.base)];
    for found in monies.into_iter().flatten() {
        if found.currency != home {
            let (found, expected) = (found.currency, home);
            return Err(ManualEntryError::ForeignCurrency { line: number, found, expected });
        }
        if found.minor <= 0 {
            return Err(ManualEntryError::OneSide { line: number });
        }
    }
    Ok(sign * money.minor)
}

fn with_tax(line: Line, given: &ManualLine, rates: &BTreeMap<String, TaxRate>) -> Line {
    let tag = given.tax.as_ref().and_then(|tax| Some((rates.get(&tax.code)?.id, tax.base.minor)));
    match tag {
        Some((id, base)) => {
            let base = base * line.amount.signum();
            line.tax(id, base)
        }
        None => line,
    }
}

/// Takes back what was entered by hand, on a later day.
///
/// # Errors
/// [`ManualEntryError`], in its order.
pub fn reverse_manual_entry(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReverseManualEntry,
) -> Result<Reversed, ManualEntryError> {
    ctx.require(ENTER)?;
    let ReverseManualEntry { entry_id, on } = request;
    let found = tables::lock_entry(tx, ctx.company_id, entry_id)?;
    if found.is_some_and(|entry| entry.source_kind != "manual") {
        return Err(ManualEntryError::NotManual { entry_id });
    }
    let reversed = reverse(tx, ctx, entry_id, on)?;
    ctx.audit(tx, ENTER, "entry", reversed.entry_id.raw(), serde_json::json!(request));
    Ok(reversed)
}
