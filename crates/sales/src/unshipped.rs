//! What orders still want, held while somebody decides from where it leaves.
//!
//! Whoever decides holds the orders here first, decides, and says so through [`supply_from`]. Why
//! another warehouse is better is not known here.

use crate::model::ORDER;
use crate::tables;
use crate::words::OrderState;
use base::{
    Id, ItemId, NumberError, Problem, Quantity, Rule, SalesLineId, SalesOrderId, WarehouseId,
};
use identity::Ctx;
use std::collections::BTreeMap;
use stock::{DemandError, Relocation, Standing};
use store::{StoreError, Tx};

/// An order with its lines of goods, held until the transaction ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unshipped {
    /// The order.
    pub order_id: SalesOrderId,
    /// Its spoken number.
    pub number: String,
    /// The channel it came from, by the raw id.
    pub channel: i64,
    /// The warehouse that ships it.
    pub warehouse_id: WarehouseId,
    /// Where it stands.
    pub state: OrderState,
    /// Its revision.
    pub revision: i64,
    /// Its lines of goods, by number.
    pub lines: Vec<UnshippedLine>,
    /// What they want, and what is kept for them.
    pub demands: Vec<Standing>,
}

/// A line of goods as whoever decides from where it leaves needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnshippedLine {
    /// Its number.
    pub line: i64,
    /// Its id.
    pub line_id: SalesLineId,
    /// The item, or the kit.
    pub item_id: ItemId,
    /// Its code.
    pub sku: String,
    /// Whether it leaves in whole numbers only, as a kit does.
    pub whole: bool,
    /// How much was ordered.
    pub quantity: Quantity,
    /// How much is neither shipped nor cancelled.
    pub open: Quantity,
}

/// From where what an order wants leaves from now on.
#[derive(Debug, Clone)]
pub struct SupplyFrom<'a> {
    /// The order, held.
    pub order: &'a Unshipped,
    /// The warehouse that ships it.
    pub warehouse_id: WarehouseId,
    /// What another warehouse than before is to meet.
    pub parts: Vec<Relocation>,
    /// By line, by its raw id, how much comes from elsewhere: nothing is kept for it.
    pub coming: BTreeMap<i64, Quantity>,
}

/// What came of it for an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supplied {
    /// The order.
    pub order_id: SalesOrderId,
    /// Its revision: raised when anything changed.
    pub revision: i64,
    /// How much of all its goods was newly reserved.
    pub reserved: Quantity,
    /// Whether anything changed.
    pub changed: bool,
}

/// Why goods cannot be supplied from where they were to.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum SupplyError {
    /// The demands could not be moved or reserved for.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for SupplyError {
    fn problem(&self) -> Problem {
        match self {
            SupplyError::Demand(error) => error.problem(),
            SupplyError::Number(error) => error.problem(),
            SupplyError::Store(error) => error.problem(),
        }
    }
}

/// Holds orders with what they still want, in the order of their ids; one that is not there is left
/// out. For verbs that have their own permission.
///
/// # Errors
/// The store's own.
pub fn hold_unshipped(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &[SalesOrderId],
) -> Result<Vec<Unshipped>, StoreError> {
    let mut held = tables::lock_unshipped(tx, ctx.company_id, orders)?;
    let ids: Vec<i64> = held.keys().map(|id| id.raw()).collect();
    for demand in stock::demands_of(tx, ctx, ORDER, &ids)? {
        if let Some(order) = held.get_mut(&Id::from_raw(demand.owner_id)) {
            order.demands.push(demand);
        }
    }
    Ok(held.into_values().collect())
}

/// Moves what held orders want to other warehouses and reserves there what they lack and is free, in
/// the order given. An order for which nothing changed keeps its revision.
///
/// # Errors
/// The first broken rule in the order of [`SupplyError`].
pub fn supply_from(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    changes: &[SupplyFrom<'_>],
) -> Result<Vec<Supplied>, SupplyError> {
    let parts: Vec<Relocation> = changes.iter().flat_map(|change| change.parts.clone()).collect();
    stock::relocate(tx, ctx, &parts)?;
    let kept = reserve(tx, ctx, changes)?;
    let mut supplied = Vec::with_capacity(changes.len());
    let mut raised = Vec::new();
    for change in changes {
        let order = change.order;
        let reserved = kept.get(&order.order_id).copied().unwrap_or(Quantity::ZERO);
        let changed = reserved.is_positive()
            || !change.parts.is_empty()
            || change.warehouse_id != order.warehouse_id;
        let revision = order.revision + i64::from(changed);
        if changed {
            raised.push((order.order_id, order.revision, change.warehouse_id));
            let payload = serde_json::json!({
                "number": order.number,
                "warehouse_id": change.warehouse_id,
                "reserved": reserved,
            });
            ctx.fact(tx, ORDER, order.order_id.raw(), revision, "sales.supplied_from", payload);
        }
        supplied.push(Supplied { order_id: order.order_id, revision, reserved, changed });
    }
    tables::rehome(tx, ctx.company_id, &raised)?;
    Ok(supplied)
}

/// Reserves what the orders lack where it is now wanted, in the order given.
fn reserve(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    changes: &[SupplyFrom<'_>],
) -> Result<BTreeMap<SalesOrderId, Quantity>, SupplyError> {
    let place: BTreeMap<i64, usize> =
        changes.iter().enumerate().map(|(n, change)| (change.order.order_id.raw(), n)).collect();
    let mut coming: BTreeMap<i64, Quantity> =
        changes.iter().flat_map(|change| change.coming.clone()).collect();
    // What was not moved is as it was when it was held.
    let (moved, held): (Vec<_>, Vec<_>) =
        changes.iter().partition(|change| !change.parts.is_empty());
    let moved: Vec<i64> = moved.iter().map(|change| change.order.order_id.raw()).collect();
    let mut demands = stock::demands_of(tx, ctx, ORDER, &moved)?;
    demands.extend(held.iter().flat_map(|change| change.order.demands.iter().copied()));
    demands.sort_by_key(|demand| demand.demand_id);
    let mut lacking = Vec::new();
    for demand in demands {
        let mut missing = demand.missing()?;
        if let Some(coming) = coming.get_mut(&demand.line_id) {
            let part = missing.min(*coming);
            *coming = coming.checked_sub(part)?;
            missing = missing.checked_sub(part)?;
        }
        if missing.is_positive() {
            lacking.push((demand, missing));
        }
    }
    lacking.sort_by_key(|(demand, _)| (place.get(&demand.owner_id), demand.demand_id));
    let mut kept: BTreeMap<SalesOrderId, Quantity> = BTreeMap::new();
    for ((demand, _), quantity) in lacking.iter().zip(stock::reserve(tx, ctx, &lacking)?) {
        let sum = kept.entry(Id::from_raw(demand.owner_id)).or_default();
        *sum = sum.checked_add(quantity)?;
    }
    Ok(kept)
}
