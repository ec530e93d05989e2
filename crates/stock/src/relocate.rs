//! `relocate`: what a demand still wants is met by another warehouse; and what warehouses could give.

use crate::demand::{DemandError, Standing, release};
use crate::tables;
use base::{DemandId, ItemId, Quantity, WarehouseId};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use store::{Rows, Tx, params, row};

/// A part of a demand that another warehouse is to meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relocation {
    /// The demand, held by the caller.
    pub demand: Standing,
    /// How much of what it still wants.
    pub quantity: Quantity,
    /// The warehouse that is to meet it.
    pub to: WarehouseId,
}

/// Lets other warehouses meet parts of demands. What is not reserved goes first; what was kept for
/// the rest of the part is let go. Nothing is reserved at the other end: that is
/// [`reserve`](crate::reserve)'s.
///
/// The quantity of a demand is lowered by what goes, so that an owner's demands together want what
/// they wanted before. A part keeps its day, and its place in the row of those who wait.
///
/// # Errors
/// The store's own, or a number out of range; more than a demand still wants rolls the command back.
pub fn relocate(tx: &mut Tx<'_>, ctx: &Ctx, relocations: &[Relocation]) -> Result<(), DemandError> {
    let mut of_demand: BTreeMap<DemandId, Vec<&Relocation>> = BTreeMap::new();
    for relocation in relocations {
        of_demand.entry(relocation.demand.demand_id).or_default().push(relocation);
    }
    let (mut freed, mut moved, mut split) = (Vec::new(), Rows::new(4), Rows::new(4));
    for parts in of_demand.values() {
        let demand = parts[0].demand;
        let gone = Quantity::checked_sum(parts.iter().map(|part| part.quantity))?;
        let kept = gone.checked_sub(demand.missing()?)?;
        if kept.is_positive() {
            freed.push((demand, kept));
        }
        let stays = demand.quantity.checked_sub(gone)?;
        let mut parts = parts.iter();
        if stays.is_positive() {
            moved.push(row![demand.demand_id, demand.warehouse_id, stays, demand.quantity]);
        } else if let Some(part) = parts.next() {
            // The whole demand goes: it stays one row.
            moved.push(row![demand.demand_id, part.to, part.quantity, demand.quantity]);
        }
        for part in parts {
            split.push(row![tx.id::<DemandId>()?, demand.demand_id, part.to, part.quantity]);
        }
    }
    release(tx, ctx, &freed, false)?;
    tx.write_exactly(moved.len(), &tables::MOVE_DEMANDS, params![ctx.company_id; moved])?;
    tx.write_exactly(split.len(), &tables::SPLIT_DEMANDS, params![ctx.company_id; split])?;
    Ok(())
}

/// What is free of items in warehouses, whose rows are then held: neither reserved, nor on hold, nor
/// in quarantine or under way, nor of a lot whose last day is over. A pair of which there is nothing is
/// left out.
///
/// # Errors
/// The store's own.
pub fn free_at(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    spots: &BTreeSet<(ItemId, WarehouseId)>,
) -> Result<BTreeMap<(ItemId, WarehouseId), Quantity>, DemandError> {
    let mut set = Rows::new(2);
    spots.iter().for_each(|(item, warehouse)| set.push(row![item, warehouse]));
    let mut free: BTreeMap<(ItemId, WarehouseId), Quantity> = BTreeMap::new();
    for row in &tx.query(&tables::LOCK_FREE, params![ctx.company_id, ctx.today; set])? {
        let available: Quantity = row.get(2)?;
        if available.is_positive() {
            let sum = free.entry((row.get(0)?, row.get(1)?)).or_default();
            *sum = sum.checked_add(available)?;
        }
    }
    Ok(free)
}
