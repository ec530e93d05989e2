//! `earmark`: planned goods are for somebody's line alone and never lie in stock.
//!
//! What the line wants is then met by them, so that nothing in stock has to be kept for it. That holds
//! for as long as they are expected: what will not come after all, or has gone, is no longer earmarked,
//! and nobody has to say so.

use crate::tables;
use base::{ItemId, Quantity};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use store::{Rows, StoreError, Tx, params, row};

/// Goods that a document's line plans, and for whom they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Earmark {
    /// The line that plans them, as its expectation names it.
    pub source_id: i64,
    /// The item.
    pub item_id: ItemId,
    /// The document that wants them, as its demand names it.
    pub owner_id: i64,
    /// Its line.
    pub line_id: i64,
    /// How much, in the stock unit, above zero.
    pub quantity: Quantity,
}

/// Earmarks what one kind of document plans for lines of another.
///
/// # Errors
/// The store's own; a line that is earmarked already is refused by the schema.
pub fn earmark(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    source_kind: &str,
    owner_kind: &str,
    earmarks: &[Earmark],
) -> Result<(), StoreError> {
    let mut set = Rows::new(5);
    for one in earmarks {
        set.push(row![one.source_id, one.item_id, one.owner_id, one.line_id, one.quantity]);
    }
    let kinds = params![ctx.company_id, source_kind, owner_kind; set];
    tx.write_exactly(earmarks.len(), &tables::INSERT_EARMARKS, kinds)
}

/// How much of what lines want is still to come to them without lying in stock, by document and line.
///
/// # Errors
/// The store's own.
pub fn earmarked(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    owner_kind: &str,
    owners: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<(i64, i64), Quantity>, StoreError> {
    let owners: BTreeSet<i64> = owners.into_iter().collect();
    let found =
        tx.query(&tables::EARMARKED, params![ctx.company_id, owner_kind; Rows::column(owners)])?;
    found.iter().map(|row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?))).collect()
}
