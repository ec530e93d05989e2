//! What a posting needs of the books, loaded and held in one go: `open_books`.

use crate::model::{Account, Area, KnownAccount, Role};
use crate::{POST_INTO_SOFT_LOCK, rules, tables};
use base::{AccountId, Day, DayError, Problem, ProblemKind, Rule, TextError};
use identity::{Ctx, Denied};
use std::collections::HashMap;
use store::{StoreError, Tx};

/// The books as one posting sees them: its accounts, and the days that are open. Until the
/// transaction ends no period of its area can be locked.
#[derive(Debug, Clone)]
pub struct Books {
    pub(crate) area: Area,
    pub(crate) posted_on: Day,
    pub(crate) locks: Locks,
    pub(crate) override_reason: String,
    pub(crate) accounts: HashMap<AccountId, KnownAccount>,
    pub(crate) roles: HashMap<Role, AccountId>,
}

/// How far the books are locked for an area, and how often they had been locked or unlocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Locks {
    pub soft_through: Option<Day>,
    pub hard_through: Option<Day>,
    pub revision: i64,
}

/// Why the books could not be opened for a posting.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum BooksError {
    /// The caller may not post into a soft lock.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A posting into a soft lock needs a reason.
    #[error("posting into a locked period needs a reason: {0}")]
    Reason(TextError),
    /// The company has no accounts yet.
    #[error("the company has no accounts yet; run install_accounts first")]
    NotInstalled,
    /// The first open day lies outside the calendar.
    #[error("no open day on or after {happened_on}: {cause}")]
    NoOpenDay {
        /// When it happened.
        happened_on: Day,
        /// What the calendar says.
        cause: DayError,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for BooksError {
    fn problem(&self) -> Problem {
        match self {
            BooksError::Denied(denied) => denied.problem(),
            BooksError::Reason(text) => text.problem().with_field("reason"),
            BooksError::NotInstalled => {
                Problem::new(ProblemKind::Conflict, "accounts_not_installed", self.to_string())
            }
            BooksError::NoOpenDay { .. } => Problem::refused("no_open_day", self.to_string()),
            BooksError::Store(error) => error.problem(),
        }
    }
}

/// Loads the company's accounts and holds the locks of an area, so that a posting of the same
/// transaction lies in an open period when it commits. Two reads, however many entries follow.
///
/// Called after documents, stock rows and valuation standings are locked, and before any legal
/// series is drawn.
///
/// # Errors
/// [`BooksError`], in its order.
pub fn open_books(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    area: Area,
    happened_on: Day,
) -> Result<Books, BooksError> {
    open(tx, ctx, area, happened_on, String::new())
}

/// As [`open_books`], but soft locks do not hold: entries are posted on the day they happened, and
/// keep the reason. Hard locks hold as ever.
///
/// # Errors
/// [`BooksError`], in its order.
pub fn open_books_into_soft_lock(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    area: Area,
    happened_on: Day,
    reason: &str,
) -> Result<Books, BooksError> {
    ctx.require(POST_INTO_SOFT_LOCK)?;
    rules::check_reason(reason).map_err(BooksError::Reason)?;
    open(tx, ctx, area, happened_on, reason.to_owned())
}

fn open(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    area: Area,
    happened_on: Day,
    override_reason: String,
) -> Result<Books, BooksError> {
    let locks = tables::hold_locks(tx, ctx.company_id, area)?.ok_or(BooksError::NotInstalled)?;
    let known = tables::load_accounts(tx, ctx.company_id)?;
    let roles = known.iter().filter_map(|(id, account)| Some((account.role?, *id))).collect();
    let mut books = Books {
        area,
        posted_on: happened_on,
        locks,
        override_reason,
        accounts: known.into_iter().collect(),
        roles,
    };
    books.posted_on = books.first_open_day(happened_on)?;
    Ok(books)
}

impl Books {
    /// The books' day for what happened on the day these books were opened for.
    #[must_use]
    pub const fn posted_on(&self) -> Day {
        self.posted_on
    }

    /// The area these books were opened for.
    #[must_use]
    pub const fn area(&self) -> Area {
        self.area
    }

    /// The books' day for what happened on any day: the first open day on or after it.
    ///
    /// # Errors
    /// [`BooksError::NoOpenDay`] at the end of the calendar.
    pub fn first_open_day(&self, happened_on: Day) -> Result<Day, BooksError> {
        let soft = self.locks.soft_through.filter(|_| self.override_reason.is_empty());
        rules::first_open_day(happened_on, soft.max(self.locks.hard_through))
            .map_err(|cause| BooksError::NoOpenDay { happened_on, cause })
    }

    /// The company's account of a role, if it has one.
    #[must_use]
    pub fn account_of(&self, role: Role) -> Option<AccountId> {
        self.roles.get(&role).copied()
    }

    pub(crate) fn find(&self, account: Account) -> Option<(AccountId, &KnownAccount)> {
        let id = match account {
            Account::Role(role) => self.account_of(role)?,
            Account::Id(id) => id,
        };
        self.accounts.get(&id).map(|known| (id, known))
    }
}
