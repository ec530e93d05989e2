//! `meet`: goods came to whoever demanded them without lying in stock first.

use crate::demand::{DemandError, Standing, release};
use crate::tables;
use base::Quantity;
use identity::Ctx;
use store::{Rows, Tx, params, row};

/// Counts quantities of demands as shipped that were not drawn from stock, as when a supplier sends
/// goods straight to a customer. What is not reserved is met first; what was kept for the rest is let
/// go.
///
/// # Errors
/// The store's own, or a number out of range; more than a demand still wants rolls the command back.
pub fn meet(tx: &mut Tx<'_>, ctx: &Ctx, met: &[(Standing, Quantity)]) -> Result<(), DemandError> {
    let (mut freed, mut shipped) = (Vec::new(), Rows::new(5));
    for (demand, quantity) in met {
        let kept = quantity.checked_sub(demand.missing()?)?;
        if kept.is_positive() {
            freed.push((*demand, kept));
        }
        shipped.push(row![demand.demand_id, 0_i64, quantity, 0_i64, false]);
    }
    release(tx, ctx, &freed, false)?;
    tx.write_exactly(shipped.len(), &tables::UPDATE_DEMANDS, params![ctx.company_id; shipped])?;
    Ok(())
}
