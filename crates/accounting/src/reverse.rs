//! `reverse` posts an entry's mirror image.

use crate::books::{BooksError, open_books};
use crate::model::BookedEntry;
use crate::{PostError, tables};
use base::{Day, EntryId, Id, Problem, ProblemKind, Rule};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// The entry that reverses another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reversed {
    /// The new entry.
    pub entry_id: EntryId,
    /// The books' day of it.
    pub posted_on: Day,
}

/// Why an entry was not reversed.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ReverseError {
    /// There is no such entry.
    #[error("there is no entry {entry_id}")]
    NotFound {
        /// The id asked for.
        entry_id: EntryId,
    },
    /// The entry is a reversal itself.
    #[error("entry {entry_id} reverses entry {original} and cannot be reversed; post it anew")]
    IsReversal {
        /// The entry.
        entry_id: EntryId,
        /// What it reverses.
        original: EntryId,
    },
    /// The entry was reversed before.
    #[error("entry {entry_id} was reversed by entry {by} before")]
    Reversed {
        /// The entry.
        entry_id: EntryId,
        /// Its reversal.
        by: EntryId,
    },
    /// The reversal would lie before what it reverses.
    #[error(
        "the reversal of entry {entry_id} would be posted on {on}, before the entry itself ({posted_on}); choose a later day"
    )]
    BeforeOriginal {
        /// The entry.
        entry_id: EntryId,
        /// The day of the reversal.
        on: Day,
        /// The day of the entry.
        posted_on: Day,
    },
    /// The books cannot be posted to.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The reversal was not written.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReverseError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ReverseError::NotFound { .. } => Problem::not_found("entry_not_found", detail),
            ReverseError::IsReversal { .. } => Problem::refused("entry_is_reversal", detail),
            ReverseError::Reversed { .. } => {
                Problem::new(ProblemKind::Conflict, "entry_reversed_before", detail)
            }
            ReverseError::BeforeOriginal { .. } => {
                Problem::refused("reversal_before_entry", detail)
            }
            ReverseError::Books(error) => error.problem(),
            ReverseError::Post(error) => error.problem(),
            ReverseError::Store(error) => error.problem(),
        }
    }
}

/// Posts the mirror image of an entry: same accounts, open lines, tax and foreign amounts, the other
/// side. For the verbs of documents, which have checked their own permission; goods are never taken
/// back this way, they move back through stock.
///
/// # Errors
/// [`ReverseError`], in its order.
pub fn reverse(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    entry: EntryId,
    on: Day,
) -> Result<Reversed, ReverseError> {
    let original = tables::lock_entry(tx, ctx.company_id, entry)?
        .ok_or(ReverseError::NotFound { entry_id: entry })?;
    if original.reverses_id != 0 {
        let original = EntryId::from_raw(original.reverses_id);
        return Err(ReverseError::IsReversal { entry_id: entry, original });
    }
    if let Some(by) = tables::reversed_by(tx, ctx.company_id, entry)? {
        return Err(ReverseError::Reversed { entry_id: entry, by });
    }
    let books = open_books(tx, ctx, original.area, on)?;
    if books.posted_on() < original.posted_on {
        let posted_on = original.posted_on;
        return Err(ReverseError::BeforeOriginal { entry_id: entry, on, posted_on });
    }
    let lines = tables::lines_reversed(tx, ctx.company_id, entry, &books)?;
    let entry_id = tx.id()?;
    let reversal = BookedEntry {
        id: entry_id,
        number: tx.number(ctx.company_id, "JE")?,
        kind: original.kind,
        source_kind: original.source_kind,
        source_id: original.source_id,
        happened_on: on,
        posted_on: books.posted_on(),
        memo: String::new(),
        reverses_id: entry.raw(),
        lines,
    };
    tables::write_entries(tx, ctx, &books, &[reversal])?;
    Ok(Reversed { entry_id, posted_on: books.posted_on() })
}
