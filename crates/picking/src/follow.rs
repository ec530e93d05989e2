//! What happens to orders outside of their lists: they are shipped by hand, cancelled, sent elsewhere.
//!
//! A list never owns goods; the reservation does. Whatever ends a reservation ends what of a line is
//! still to be picked. What was picked by then has to go back, and cannot leave by hand: the packages
//! say what left.

use crate::held::{Held, RecordError};
use base::{NumberError, Problem, Quantity, Rule, SalesOrderId};
use identity::Ctx;
use sales::{
    BatchError, ElementOutcome, Ship, ShipError, ShipOrders, ShipResult, ShipResults, Shipped,
};
use std::collections::BTreeMap;
use store::{StoreError, Tx};

/// Why an order was not shipped by hand.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ShipOrderError {
    /// Goods of it are in hand.
    #[error(transparent)]
    InHand(#[from] InHand),
    /// It could not be shipped.
    #[error(transparent)]
    Ship(#[from] ShipError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ShipOrderError {
    fn problem(&self) -> Problem {
        match self {
            ShipOrderError::InHand(error) => error.problem(),
            ShipOrderError::Ship(error) => error.problem(),
            ShipOrderError::Store(error) => error.problem(),
        }
    }
}

/// Goods of an order are picked and have not left.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
#[error(
    "{quantity} of order {order} are picked on list {list} and have not left; pack them and ship the \
     packages, or put them back"
)]
pub struct InHand {
    /// The order.
    pub order: String,
    /// The list.
    pub list: String,
    /// How much.
    pub quantity: Quantity,
}

impl Rule for InHand {
    fn problem(&self) -> Problem {
        Problem::refused("picked_not_shipped", self.to_string())
    }
}

/// Ships an order, or a part of it, by hand: as `sales::ship` does, unless goods of it are in hand. What
/// was to be picked for it is so no longer.
///
/// # Errors
/// The first broken rule in the order of [`ShipOrderError`].
pub fn ship_order(tx: &mut Tx<'_>, ctx: &Ctx, request: Ship) -> Result<Shipped, ShipOrderError> {
    let order_id = request.order_id;
    let mut held = Held::of_orders(tx, ctx, &[order_id])?;
    let mut refused = in_hand(&held).map_err(out_of_range)?;
    if let Some(in_hand) = refused.remove(&order_id) {
        return Err(in_hand.into());
    }
    let shipped = sales::ship(tx, ctx, request)?;
    settle(tx, ctx, &mut held)?;
    Ok(shipped)
}

/// Ships many orders by hand, as [`ship_order`] each.
///
/// # Errors
/// The first broken rule in the order of [`BatchError`]; what is wrong with one order is its own
/// answer, unless all or nothing is asked for.
pub fn ship_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ShipOrders,
) -> Result<ShipResults, BatchError> {
    ctx.require_somewhere(sales::SHIP)?;
    let ids: Vec<SalesOrderId> = request.shipments.iter().map(|ship| ship.order_id).collect();
    if ids.len() > sales::MAX_BATCH {
        return Err(BatchError::TooMany { count: ids.len() });
    }
    let mut held = Held::of_orders(tx, ctx, &ids)?;
    let refused = in_hand(&held).map_err(out_of_range)?;
    let ours = |ship: &Ship| refused.get(&ship.order_id);
    let first =
        request.shipments.iter().zip(1_u64..).find_map(|(ship, at)| Some((at, ours(ship)?)));
    if let Some((element, in_hand)) = first.filter(|_| request.all_or_nothing) {
        return Err(BatchError::Element { element, problem: Box::new(in_hand.problem()) });
    }
    let free = request.shipments.iter().filter(|ship| ours(ship).is_none()).cloned().collect();
    let batch = ShipOrders { shipments: free, all_or_nothing: request.all_or_nothing };
    let mut done = sales::ship_orders(tx, ctx, batch)?.results.into_iter();
    settle(tx, ctx, &mut held)?;
    let mut results = Vec::with_capacity(request.shipments.len());
    for (ship, element) in request.shipments.iter().zip(1..) {
        match ours(ship) {
            None => results.extend(done.next().map(|result| ShipResult { element, ..result })),
            Some(in_hand) => {
                let problem = in_hand.problem();
                results.push(ShipResult {
                    element,
                    order_id: ship.order_id,
                    outcome: ElementOutcome::Refused,
                    shipment: None,
                    code: Some(problem.code.to_owned()),
                    detail: Some(problem.detail),
                    line: None,
                });
            }
        }
    }
    Ok(ShipResults { results })
}

/// Does something to orders that may end what is kept for them, and tells their lists. The lists are
/// held first, as pickers hold them.
///
/// # Errors
/// Those of what is done, and the store's.
pub fn tell_lists<T, E: From<StoreError>>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &[SalesOrderId],
    verb: impl FnOnce(&mut Tx<'_>, &Ctx) -> Result<T, E>,
) -> Result<T, E> {
    let mut held = Held::of_orders(tx, ctx, orders)?;
    let done = verb(tx, ctx)?;
    settle(tx, ctx, &mut held)?;
    Ok(done)
}

/// Gives up what is no longer kept of the lines of held lists.
fn settle(tx: &mut Tx<'_>, ctx: &Ctx, held: &mut Held) -> Result<(), StoreError> {
    if held.lines.is_empty() {
        return Ok(());
    }
    held.hold_demands(tx, ctx)?;
    held.settle().map_err(out_of_range)?;
    held.record(tx, ctx).map_err(|error| match error {
        RecordError::Number(error) => out_of_range(error),
        RecordError::Store(error) => error,
    })
}

fn out_of_range(error: NumberError) -> StoreError {
    StoreError::Unusable(format!("a pick list: {error}"))
}

/// The orders of held lists of which goods are in hand.
fn in_hand(held: &Held) -> Result<BTreeMap<SalesOrderId, InHand>, NumberError> {
    let mut found: BTreeMap<SalesOrderId, InHand> = BTreeMap::new();
    for named in &held.lines {
        let quantity = named.line.in_hand()?;
        if !quantity.is_positive() {
            continue;
        }
        let list = held.list(named.line.list_id).map_or("", |list| list.number.as_str());
        let (order, list) = (named.order.clone(), list.to_owned());
        let none = InHand { order, list, quantity: Quantity::ZERO };
        let sum = found.entry(named.line.order_id).or_insert(none);
        sum.quantity = sum.quantity.checked_add(quantity)?;
    }
    Ok(found)
}
