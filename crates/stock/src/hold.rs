//! `hold`, `lift_hold`: goods that must not move until whoever holds them lets go; and
//! `hold_expected`, `lift_expected`: goods that must not come in until then.

use crate::tables;
use base::{CompanyId, HoldId, LotId, PlaceId};
use identity::Ctx;
use std::collections::BTreeMap;
use store::{Rows, StoreError, Tx, params};

/// What is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// Everything that lies at this place itself.
    Place(PlaceId),
    /// A lot, wherever it lies.
    Lot(LotId),
}

/// Places a hold: from now on the goods neither leave nor can be reserved.
///
/// # Errors
/// The store's own.
pub fn hold(tx: &mut Tx<'_>, ctx: &Ctx, subject: Held, reason: &str) -> Result<HoldId, StoreError> {
    let id: HoldId = tx.id()?;
    let (kind, subject) = match subject {
        Held::Place(place) => ("place", base::Id::raw(place)),
        Held::Lot(lot) => ("lot", base::Id::raw(lot)),
    };
    tx.write(&tables::INSERT_HOLD, params![ctx.company_id, id, kind, subject, reason, ctx.at])?;
    Ok(id)
}

/// Lifts a hold.
///
/// # Errors
/// The store's own; lifting a hold that is not in force rolls the command back.
pub fn lift_hold(tx: &mut Tx<'_>, ctx: &Ctx, hold: HoldId) -> Result<(), StoreError> {
    tx.write_exactly(1, &tables::LIFT_HOLD, params![ctx.company_id, hold, ctx.at])
}

/// Holds back what a source's expectations expect: whoever takes it in asks [`held_expected`] first.
///
/// # Errors
/// The store's own.
pub fn hold_expected(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    source_kind: &str,
    source_id: i64,
    reason: &str,
) -> Result<HoldId, StoreError> {
    let id: HoldId = tx.id()?;
    let row = params![ctx.company_id, id, source_kind, source_id, reason, ctx.at];
    tx.write(&tables::INSERT_EXPECTED_HOLD, row)?;
    Ok(id)
}

/// Lets in what was held back.
///
/// # Errors
/// The store's own; lifting a hold that is not in force rolls the command back.
pub fn lift_expected(tx: &mut Tx<'_>, ctx: &Ctx, holds: &[HoldId]) -> Result<(), StoreError> {
    let rows = Rows::column(holds.iter().copied());
    tx.write_exactly(holds.len(), &tables::LIFT_EXPECTED, params![ctx.company_id, ctx.at; rows])
}

/// Why sources are held back, the oldest reason of each; those that are not are left out.
///
/// # Errors
/// The store's own.
pub fn held_expected(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    source_kind: &str,
    sources: impl IntoIterator<Item = i64>,
) -> Result<BTreeMap<i64, String>, StoreError> {
    let rows = Rows::column(sources);
    let mut held = BTreeMap::new();
    for row in tx.query(&tables::HELD_EXPECTED, params![company_id, source_kind; rows])? {
        held.entry(row.get(0)?).or_insert(row.get(1)?);
    }
    Ok(held)
}
