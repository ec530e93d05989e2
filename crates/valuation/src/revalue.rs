//! What the verbs share that change the worth of an item with all its standings: the request's limits,
//! the locks, and the entry.

use std::collections::BTreeSet;

use accounting::{Area, Books, BooksError, Entry, Line, PostError, Role, open_books};
use base::{Day, EntryId, ItemId, Problem, Rule, TextError, check_text};
use identity::{Ctx, Denied};
use store::{StoreError, Tx};

use crate::ledger::{Ledger, default_method, pair, stock_role};
use crate::model::{Class, ValuationError};
use crate::tables::{self, Settings};

/// Why an item was not valued anew, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum RevalueError {
    /// The caller may not, or not for so much.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The reason is empty or too long.
    #[error("a change of value needs a reason: {0}")]
    Reason(TextError),
    /// There is no such item.
    #[error("there is no item {item}")]
    NoItem {
        /// The id asked for.
        item: ItemId,
    },
    /// A rule of valuation says no.
    #[error("item {item}: {error}")]
    Rule {
        /// The item.
        item: ItemId,
        /// The rule.
        error: ValuationError,
    },
    /// The books could not be opened.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The entry could not be booked.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for RevalueError {
    fn problem(&self) -> Problem {
        match self {
            RevalueError::Denied(error) => error.problem(),
            RevalueError::Reason(error) => error.problem().with_field("reason"),
            RevalueError::NoItem { .. } => Problem::not_found("item_not_found", self.to_string()),
            RevalueError::Rule { error, .. } => {
                Problem { detail: self.to_string(), ..error.problem() }
            }
            RevalueError::Books(error) => error.problem(),
            RevalueError::Post(error) => error.problem(),
            RevalueError::Store(error) => error.problem(),
        }
    }
}

/// A locked item with all its standings, and the books.
pub(crate) struct Locked {
    pub settings: Settings,
    pub ledger: Ledger,
    pub books: Books,
}

pub(crate) fn check_reason(reason: &str) -> Result<(), RevalueError> {
    check_text("reason", reason, 500).map_err(RevalueError::Reason)
}

/// Locks an item's settings, so that no standing of it is made meanwhile, then its standings, then
/// the period.
pub(crate) fn lock(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    item: ItemId,
    happened_on: Day,
) -> Result<Locked, RevalueError> {
    if catalog::items_by_id(tx, ctx.company_id, &[item])?.is_empty() {
        return Err(RevalueError::NoItem { item });
    }
    let policies = identity::policies(tx, ctx.company_id)?;
    let items = BTreeSet::from([item]);
    tables::ensure_items(tx, ctx.company_id, default_method(&policies), &items)?;
    let settings = tables::lock_items(tx, ctx.company_id, &items)?.remove(&item);
    let settings = settings.ok_or(RevalueError::NoItem { item })?;
    let ledger = Ledger::hold_items(tx, ctx, &items)?;
    let books = open_books(tx, ctx, Area::Stock, happened_on)?;
    Ok(Locked { settings, ledger, books })
}

/// The lines of a standing that is worth more, or less.
pub(crate) fn lines(class: Class, item: ItemId, change: i64) -> Vec<Line> {
    pair(stock_role(class), Role::PriceDifference, change, item)
}

/// Books the lines of a change of value; nothing where nothing changed.
pub(crate) fn book(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &Books,
    source: (&'static str, i64),
    happened_on: Day,
    memo: String,
    lines: Vec<Line>,
) -> Result<Option<EntryId>, RevalueError> {
    if lines.is_empty() {
        return Ok(None);
    }
    let entry = Entry {
        kind: source.0,
        source_kind: source.0,
        source_id: source.1,
        happened_on,
        memo,
        lines,
    };
    let ids = accounting::post(tx, ctx, books, vec![entry])?;
    Ok(ids.first().copied().filter(|id| *id != accounting::no_entry()))
}
