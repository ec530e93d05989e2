//! `reserve_order`, `allocate_back_orders`: goods that are there are kept for who waits for them.
//!
//! Nothing is kept for what comes to the customer without lying in stock
//! ([`stock::earmarked`]), as long as it is still to come.

use crate::model::ORDER;
use crate::words::OrderState;
use crate::{ACCEPT, tables};
use base::{Id, ItemId, NumberError, Problem, Quantity, Rule, SalesOrderId, WarehouseId};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use stock::{BackOrder, DemandError, Standing};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to reserve what an order lacks and is there.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReserveOrder {
    /// The order.
    pub order_id: SalesOrderId,
}

/// What was reserved for an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reserved {
    /// The order.
    pub order_id: SalesOrderId,
    /// Its revision: raised when anything was reserved.
    pub revision: i64,
    /// What was newly reserved.
    pub lines: Vec<AllocatedLine>,
}

/// A request to give goods that came in to the orders that wait for them, the oldest first.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllocateBackOrders {
    /// The warehouse.
    pub warehouse_id: WarehouseId,
    /// What came in.
    pub item_ids: Vec<ItemId>,
}

/// Who got what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Allocated {
    /// What was newly reserved, in the order in which it was given.
    pub lines: Vec<AllocatedLine>,
}

/// Goods newly reserved for a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AllocatedLine {
    /// The order.
    pub order_id: SalesOrderId,
    /// The order's line, by its id.
    pub line_id: base::SalesLineId,
    /// The item; of a kit a component.
    pub item_id: ItemId,
    /// How much of the item was newly reserved.
    pub quantity: Quantity,
}

/// Why nothing was reserved, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ReserveError {
    /// No permission in the warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No such order.
    #[error("there is no order {order_id}")]
    NotFound {
        /// What was asked.
        order_id: SalesOrderId,
    },
    /// The order wants nothing any more.
    #[error("order {number} is {state}; it wants no goods any more")]
    NotOpen {
        /// The order.
        number: String,
        /// Where it stands.
        state: OrderState,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The goods could not be reserved.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReserveError {
    fn problem(&self) -> Problem {
        match self {
            ReserveError::Denied(error) => error.problem(),
            ReserveError::NotFound { .. } => {
                Problem::not_found("order_not_found", self.to_string())
            }
            ReserveError::NotOpen { .. } => Problem::refused("order_not_open", self.to_string()),
            ReserveError::Number(error) => error.problem(),
            ReserveError::Demand(error) => error.problem(),
            ReserveError::Store(error) => error.problem(),
        }
    }
}

/// Reserves for an order what it lacks and is there; the rest stays a back-order.
///
/// # Errors
/// The first broken rule in the order of [`ReserveError`].
pub fn reserve_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReserveOrder,
) -> Result<Reserved, ReserveError> {
    let order_id = request.order_id;
    let order = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(ReserveError::NotFound { order_id })?;
    ctx.require_in(ACCEPT, order.warehouse_id)?;
    if order.state != OrderState::Accepted {
        return Err(ReserveError::NotOpen { number: order.number, state: order.state });
    }
    let demands = stock::demands_of(tx, ctx, ORDER, &[order_id.raw()])?;
    let lines = reserve(tx, ctx, &demands)?;
    if lines.is_empty() {
        return Ok(Reserved { order_id, revision: order.revision, lines });
    }
    let revision = tables::raise_order(tx, ctx.company_id, &order, order.state)?;
    let detail = serde_json::json!({ "number": order.number, "lines": lines });
    ctx.fact(tx, ORDER, order_id.raw(), revision, "sales.reserved", detail.clone());
    ctx.audit(tx, ACCEPT, ORDER, order_id.raw(), detail);
    Ok(Reserved { order_id, revision, lines })
}

/// Gives what is free of some items to the orders that lack it, oldest first. Orders are not
/// revised by it: what is kept for them is the demand's own.
///
/// # Errors
/// The first broken rule in the order of [`ReserveError`].
pub fn allocate_back_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AllocateBackOrders,
) -> Result<Allocated, ReserveError> {
    ctx.require_in(ACCEPT, request.warehouse_id)?;
    let waiting = stock::back_orders(tx, ctx, request.warehouse_id, &request.item_ids)?;
    let ours: Vec<Standing> =
        waiting.iter().filter(|waiting| waiting.owner_kind == ORDER).map(lacking).collect();
    let lines = reserve(tx, ctx, &ours)?;
    if !lines.is_empty() {
        let detail = serde_json::json!({ "lines": lines });
        ctx.audit(tx, ACCEPT, "warehouse", request.warehouse_id.raw(), detail);
    }
    Ok(Allocated { lines })
}

/// A back-order as a demand of just what it lacks.
fn lacking(waiting: &BackOrder) -> Standing {
    Standing {
        demand_id: waiting.demand_id,
        owner_id: waiting.owner_id,
        line_id: waiting.line_id,
        item_id: waiting.item_id,
        warehouse_id: waiting.warehouse_id,
        quantity: waiting.missing,
        reserved: Quantity::ZERO,
        shipped: Quantity::ZERO,
        cancelled: Quantity::ZERO,
    }
}

fn reserve(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    demands: &[Standing],
) -> Result<Vec<AllocatedLine>, ReserveError> {
    let owners = demands.iter().map(|demand| demand.owner_id);
    let mut coming = match demands.is_empty() {
        true => BTreeMap::new(),
        false => stock::earmarked(tx, ctx, ORDER, owners)?,
    };
    let mut wanted = Vec::with_capacity(demands.len());
    for demand in demands {
        let mut missing = demand.missing()?;
        if let Some(coming) = coming.get_mut(&(demand.owner_id, demand.line_id)) {
            let part = missing.min(*coming);
            *coming = coming.checked_sub(part)?;
            missing = missing.checked_sub(part)?;
        }
        if missing.is_positive() {
            wanted.push((*demand, missing));
        }
    }
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let kept = stock::reserve(tx, ctx, &wanted)?;
    let lines = wanted.iter().zip(kept).filter(|(_, quantity)| quantity.is_positive());
    let line = |((demand, _), quantity): (&(Standing, Quantity), Quantity)| AllocatedLine {
        order_id: Id::from_raw(demand.owner_id),
        line_id: Id::from_raw(demand.line_id),
        item_id: demand.item_id,
        quantity,
    };
    Ok(lines.map(line).collect())
}
