//! Lots: goods that came together and can be told apart.

use crate::tables;
use base::{CompanyId, Day, ItemId, LotId};
use std::collections::BTreeMap;
use store::{Rows, StoreError, Tx, params, row};

/// A lot to find or to make.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lot {
    /// The item.
    pub item_id: ItemId,
    /// The lot's code, unique for the item.
    pub code: String,
    /// When it expires; kept from the first time the lot is seen.
    pub expires_on: Option<Day>,
}

/// The lots' ids by item and code; lots that do not exist are made.
///
/// # Errors
/// The store's own.
pub fn lots(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    received_on: Day,
    wanted: &[Lot],
) -> Result<BTreeMap<(ItemId, String), LotId>, StoreError> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut ordered: Vec<&Lot> = wanted.iter().collect();
    ordered.sort();
    ordered.dedup_by(|a, b| (a.item_id, &a.code) == (b.item_id, &b.code));
    let mut made = Rows::new(5);
    for lot in ordered {
        let id: LotId = tx.id()?;
        let expires_on = tables::day_text(lot.expires_on);
        made.push(row![id, lot.item_id, lot.code, expires_on, received_on]);
    }
    tx.write(&tables::ENSURE_LOTS, params![company_id; made])?;
    tables::find_lots(tx, company_id, wanted)
}
