//! `lock_shelf`: the rows that somebody has counted, held until their difference is booked.

use crate::model::RowKey;
use crate::tables;
use base::{ItemId, PlaceId, Quantity};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use store::{StoreError, Tx};

/// Which goods at which place; lot 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ShelfKey {
    /// What.
    pub item_id: ItemId,
    /// Where.
    pub place_id: PlaceId,
    /// Which lot, 0 for none.
    pub lot: i64,
}

/// What the books say lies there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shelf {
    /// How much.
    pub on_hand: Quantity,
    /// The position in the row's history: it grows with every move.
    pub seq: i64,
}

/// Locks stock rows in key order, and says what lies there. Rows that are not there yet are made, so
/// that nobody can make them in between.
///
/// # Errors
/// The store's own.
pub fn lock_shelf(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    keys: impl IntoIterator<Item = ShelfKey>,
) -> Result<BTreeMap<ShelfKey, Shelf>, StoreError> {
    let row_key = |key: ShelfKey| RowKey { item: key.item_id, place: key.place_id, lot: key.lot };
    let keys: BTreeSet<RowKey> = keys.into_iter().map(row_key).collect();
    shelves(tables::lock_rows(tx, ctx.company_id, &keys, &keys)?)
}

/// What lies at some rows, without a lock; rows that are not there are left out.
///
/// # Errors
/// The store's own.
pub fn look_at_shelf(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    keys: impl IntoIterator<Item = ShelfKey>,
) -> Result<BTreeMap<ShelfKey, Shelf>, StoreError> {
    let row_key = |key: ShelfKey| RowKey { item: key.item_id, place: key.place_id, lot: key.lot };
    let keys: BTreeSet<RowKey> = keys.into_iter().map(row_key).collect();
    shelves(tables::look_rows(tx, ctx.company_id, &keys)?)
}

fn shelves(
    rows: BTreeMap<RowKey, crate::model::StockRow>,
) -> Result<BTreeMap<ShelfKey, Shelf>, StoreError> {
    let shelf = |(key, row): (RowKey, crate::model::StockRow)| {
        let key = ShelfKey { item_id: key.item, place_id: key.place, lot: key.lot };
        (key, Shelf { on_hand: row.on_hand, seq: row.seq })
    };
    Ok(rows.into_iter().map(shelf).collect())
}
