//! What a document books, account by account: what a rehearsal of a verb tells.

use crate::model::Role;
use crate::tables;
use base::{EntryId, Money};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// What a document books on one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BookedLine {
    /// The account's code.
    pub code: String,
    /// The account's name.
    pub name: String,
    /// What it is for, if postings find it by that.
    pub role: Option<Role>,
    /// Everything debited.
    pub debit: Money,
    /// Everything credited.
    pub credit: Money,
}

/// What the entries of one document book, by account. One statement; for doors, which have checked
/// their permission.
///
/// # Errors
/// The store's own.
pub fn booked_by(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    source_kind: &str,
    source_id: i64,
) -> Result<Vec<BookedLine>, StoreError> {
    let found = tx.query(&tables::BOOKED_BY, params![ctx.company_id, source_kind, source_id])?;
    lines(ctx, &found)
}

/// What one entry books, by account. One statement; for doors, which have checked their permission.
///
/// # Errors
/// The store's own.
pub fn booked_in(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    entry_id: EntryId,
) -> Result<Vec<BookedLine>, StoreError> {
    let found = tx.query(&tables::BOOKED_IN, params![ctx.company_id, entry_id])?;
    lines(ctx, &found)
}

fn lines(ctx: &Ctx, found: &[Row]) -> Result<Vec<BookedLine>, StoreError> {
    let read = |row: &Row| {
        Ok(BookedLine {
            code: row.get(0)?,
            name: row.get(1)?,
            role: Role::parse(&row.get::<String>(2)?),
            debit: Money::new(row.get(3)?, ctx.currency),
            credit: Money::new(row.get(4)?, ctx.currency),
        })
    };
    found.iter().map(read).collect()
}
