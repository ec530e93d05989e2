//! What lies, comes and is wanted, who offers it, and what came of orders.

use super::{
    DELIVERIES, DRAFTED, DRAFTS, Drawn, EXPECTED, KEPT, LEAD_TIMES, OFFERED, ON_HAND, WANTED,
    day_at, drawn,
};
use crate::basis::Dated;
use base::{
    CompanyId, Currency, Day, ItemId, OfferId, PartnerId, Price, PurchaseOrderId, Quantity, Rate,
    WarehouseId,
};
use std::collections::{BTreeSet, HashMap};
use store::{Row, Rows, StoreError, Tx, params, row};

/// What lies somewhere, or is wanted or due there.
#[derive(Debug, Clone)]
pub(crate) struct There {
    pub warehouse_id: WarehouseId,
    /// The path of the place; empty for the warehouse as such.
    pub path: String,
    pub dated: Dated,
}

/// What lies at a place.
#[derive(Debug, Clone)]
pub(crate) struct Lying {
    pub warehouse_id: WarehouseId,
    pub path: String,
    pub on_hand: Quantity,
    pub reserved: Quantity,
}

/// What lies, comes and is wanted of items.
#[derive(Debug, Default)]
pub(crate) struct Supply {
    pub lying: HashMap<ItemId, Vec<Lying>>,
    pub wanted: HashMap<ItemId, Vec<There>>,
    pub kept: HashMap<ItemId, Vec<There>>,
    pub leaving: HashMap<ItemId, Vec<There>>,
    pub coming: HashMap<ItemId, Vec<There>>,
    pub offered: HashMap<ItemId, Vec<Offered>>,
    /// What open proposals would take from the warehouses that supply.
    pub drawn: HashMap<ItemId, Vec<Drawn>>,
}

/// An offer, and what a unit of its currency is worth.
#[derive(Debug, Clone)]
pub(crate) struct Offered {
    pub partner_id: PartnerId,
    pub supplier: String,
    pub currency: Currency,
    pub offer_id: OfferId,
    pub unit: String,
    pub numerator: i64,
    pub denominator: i64,
    pub whole: bool,
    pub min_quantity: Quantity,
    pub multiple: Quantity,
    pub lead_days: i64,
    pub from_on: Day,
    pub price: Price,
    pub discount: Rate,
    /// None when the company has no rate of the currency.
    pub rate: Option<Rate>,
}

/// Reads what lies, comes and is wanted of items, and who offers them on a day.
pub(crate) fn supply(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &BTreeSet<ItemId>,
    day: Day,
) -> Result<Supply, StoreError> {
    let mut supply = Supply::default();
    if items.is_empty() {
        return Ok(supply);
    }
    let ask = || params![company_id; Rows::column(items)];
    for row in tx.query(&ON_HAND, ask())? {
        supply.lying.entry(row.get(0)?).or_default().push(Lying {
            warehouse_id: row.get(1)?,
            path: row.get(2)?,
            on_hand: row.get(3)?,
            reserved: row.get(4)?,
        });
    }
    for row in tx.query(&WANTED, ask())? {
        let dated = Dated { on: row.get(2)?, quantity: row.get(3)? };
        let there = There { warehouse_id: row.get(1)?, path: String::new(), dated };
        supply.wanted.entry(row.get(0)?).or_default().push(there);
    }
    for row in tx.query(&KEPT, ask())? {
        let dated = Dated { on: row.get(3)?, quantity: row.get(4)? };
        let there = There { warehouse_id: row.get(1)?, path: row.get(2)?, dated };
        supply.kept.entry(row.get(0)?).or_default().push(there);
    }
    for row in tx.query(&EXPECTED, ask())? {
        let dated = Dated { on: row.get(3)?, quantity: row.get(5)? };
        let there = There { warehouse_id: row.get(1)?, path: row.get(4)?, dated };
        let way = if row.get(2)? { &mut supply.coming } else { &mut supply.leaving };
        way.entry(row.get(0)?).or_default().push(there);
    }
    for row in tx.query(&DRAFTED, ask())? {
        let dated = Dated { on: row.get(2)?, quantity: row.get(4)? };
        let there = There { warehouse_id: row.get(1)?, path: row.get(3)?, dated };
        supply.coming.entry(row.get(0)?).or_default().push(there);
    }
    for taken in drawn(tx, company_id, items)? {
        supply.drawn.entry(taken.item_id).or_default().push(taken);
    }
    supply.offered = offered(tx, company_id, items, day)?;
    Ok(supply)
}

/// Who offers items on a day.
pub(crate) fn offered(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &BTreeSet<ItemId>,
    day: Day,
) -> Result<HashMap<ItemId, Vec<Offered>>, StoreError> {
    let mut offered: HashMap<ItemId, Vec<Offered>> = HashMap::new();
    for row in tx.query(&OFFERED, params![company_id, day; Rows::column(items)])? {
        offered.entry(row.get(0)?).or_default().push(Offered {
            partner_id: row.get(1)?,
            supplier: row.get(2)?,
            currency: row.get(3)?,
            offer_id: row.get(4)?,
            unit: row.get(5)?,
            numerator: row.get(6)?,
            denominator: row.get(7)?,
            whole: row.get(8)?,
            min_quantity: row.get(9)?,
            multiple: row.get(10)?,
            lead_days: row.get(11)?,
            from_on: row.get(12)?,
            price: row.get(13)?,
            discount: row.get(14)?,
            rate: row.get(15)?,
        });
    }
    Ok(offered)
}

/// The days from a warehouse to another, where somebody said how many.
pub(crate) fn lead_times(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<HashMap<(WarehouseId, WarehouseId), i64>, StoreError> {
    let found = tx.query(&LEAD_TIMES, params![company_id])?;
    found.iter().map(|row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?))).collect()
}

/// A draft order that can take lines.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub order_id: PurchaseOrderId,
    pub supplier: String,
    pub warehouse: String,
    pub currency: String,
    pub ordered_on: Day,
}

/// Draft orders that came of proposals, of suppliers, warehouses and currencies, from day to day.
pub(crate) fn drafts(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    of: &BTreeSet<(PartnerId, WarehouseId, String)>,
    (from, to): (Day, Day),
) -> Result<Vec<Draft>, StoreError> {
    let mut set = Rows::new(3);
    for (partner_id, warehouse_id, currency) in of {
        set.push(row![partner_id, warehouse_id, currency]);
    }
    let draft = |row: &Row| {
        Ok(Draft {
            order_id: row.get(0)?,
            supplier: row.get(1)?,
            warehouse: row.get(2)?,
            currency: row.get(3)?,
            ordered_on: row.get(4)?,
        })
    };
    tx.query(&DRAFTS, params![company_id, from, to; set])?.iter().map(draft).collect()
}

/// A line of an order, with a receipt of it or what is due of it.
pub(crate) struct Delivery {
    pub supplier: String,
    pub sku: String,
    pub ordered_on: Day,
    /// None when nothing of the line came.
    pub received_on: Option<Day>,
    /// Whether something of the line is still due.
    pub due: bool,
}

/// What came, and what is due, of orders since a day.
pub(crate) fn deliveries(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    since: Day,
    supplier: Option<&str>,
    sku: Option<&str>,
) -> Result<Vec<Delivery>, StoreError> {
    let delivery = |row: &Row| {
        Ok(Delivery {
            supplier: row.get(0)?,
            sku: row.get(1)?,
            ordered_on: row.get(2)?,
            received_on: day_at(row, 3)?,
            due: row.get(4)?,
        })
    };
    let found = tx.query(&DELIVERIES, params![company_id, since, supplier, sku])?;
    found.iter().map(delivery).collect()
}
