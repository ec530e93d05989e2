//! `hold`, `lift_hold`: goods that must not move until whoever holds them lets go.

use crate::tables;
use base::{HoldId, LotId, PlaceId};
use identity::Ctx;
use store::{StoreError, Tx, params};

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
