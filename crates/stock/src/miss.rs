//! `miss`: goods are not where they were kept for somebody.

use crate::demand::{DemandError, Freed, Pick, Standing, keep, lock_sources};
use crate::model::{RowKey, Source, Taken, lot_key};
use crate::{rules, tables};
use base::{DemandId, ItemId, Quantity, WarehouseId};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use store::{Rows, Tx, params, row};

/// Kept goods that were not found where they are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// For whom they are kept; the demand is held by the caller.
    pub demand: Standing,
    /// Where they are kept, and how much is.
    pub at: Pick,
    /// How much of that was not found.
    pub quantity: Quantity,
    /// Keep as much elsewhere in the demand's warehouse, as far as it is free there.
    pub elsewhere: bool,
}

/// Frees goods that were not found, and keeps what is free elsewhere in the same warehouse when that
/// is asked for: never at a row of which something was missed. What is not kept again the demand lacks
/// from then on. Returns for each what is newly kept and where.
///
/// # Errors
/// The store's own, or a number out of range; more than is kept rolls the command back.
pub fn miss(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    missing: &[Missing],
) -> Result<Vec<Vec<Pick>>, DemandError> {
    let mut sources = elsewhere(tx, ctx, missing)?;
    let mut freed = Freed::default();
    let mut change: BTreeMap<DemandId, Quantity> = BTreeMap::new();
    let mut taken: Vec<(DemandId, Taken)> = Vec::new();
    let mut answers = Vec::with_capacity(missing.len());
    for Missing { demand, at, quantity, elsewhere } in missing {
        freed.take(&[*at], *quantity)?;
        let spot = (demand.warehouse_id, demand.item_id);
        let from = sources.get_mut(&spot).filter(|_| *elsewhere);
        let kept = from.map_or(Ok(Vec::new()), |from| rules::take(from, *quantity))?;
        let sum = change.entry(demand.demand_id).or_default();
        *sum = sum.checked_sub(*quantity)?;
        let mut picks = Vec::with_capacity(kept.len());
        for part in kept {
            *sum = sum.checked_add(part.quantity)?;
            picks.push(Pick {
                demand_id: demand.demand_id,
                item_id: part.key.item,
                place_id: part.key.place,
                lot_id: (part.key.lot != 0).then(|| base::Id::from_raw(part.key.lot)),
                quantity: part.quantity,
            });
            taken.push((demand.demand_id, part));
        }
        answers.push(picks);
    }
    let mut changed = Rows::new(5);
    for (demand, quantity) in change.iter().filter(|(_, quantity)| !quantity.is_zero()) {
        changed.push(row![demand, quantity, 0_i64, 0_i64, true]);
    }
    freed.record(tx, ctx)?;
    tx.write_exactly(changed.len(), &tables::UPDATE_DEMANDS, params![ctx.company_id; changed])?;
    keep(tx, ctx, &taken)?;
    Ok(answers)
}

/// What is free of the items that are sought elsewhere, by warehouse, without the rows at which
/// goods are missing.
fn elsewhere(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    missing: &[Missing],
) -> Result<BTreeMap<(WarehouseId, ItemId), Vec<Source>>, DemandError> {
    let lost: BTreeSet<RowKey> = missing
        .iter()
        .map(|Missing { at, .. }| RowKey {
            item: at.item_id,
            place: at.place_id,
            lot: lot_key(at.lot_id),
        })
        .collect();
    let mut sought: BTreeMap<WarehouseId, BTreeSet<ItemId>> = BTreeMap::new();
    for Missing { demand, .. } in missing.iter().filter(|missing| missing.elsewhere) {
        sought.entry(demand.warehouse_id).or_default().insert(demand.item_id);
    }
    let mut sources = BTreeMap::new();
    for (warehouse, items) in sought {
        for (item, mut rows) in lock_sources(tx, ctx, warehouse, "", items)? {
            rows.retain(|source| !lost.contains(&source.key));
            sources.insert((warehouse, item), rows);
        }
    }
    Ok(sources)
}
