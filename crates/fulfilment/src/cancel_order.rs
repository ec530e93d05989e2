//! `cancel_order`, `close_order`: what could be filled from elsewhere is not given up in silence.

use crate::basis::{RouteBasis, RouteDecision};
use crate::gather::{basis, direct, free_for, gather};
use crate::{CANCEL_UNFILLED, rules};
use base::{
    NumberError, Problem, Quantity, Rule, SalesOrderId, TextError, WarehouseId, check_text,
};
use identity::{Ctx, Denied};
use sales::{CancelError, CancelLine, Cancelled, OrderState, SupplyError, Unshipped};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to cancel an order, or a part of it that was not shipped.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CancelSalesOrder)]
pub struct CancelOrder {
    /// The order.
    pub order_id: SalesOrderId,
    /// What is no longer wanted; everything that is not shipped when absent.
    pub lines: Option<Vec<CancelLine>>,
    /// Why.
    pub reason: String,
    /// Why what another warehouse could fill is cancelled all the same; asked for only then.
    pub override_reason: Option<String>,
}

/// A request to close an order short: what is shipped stays, the rest is no longer wanted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CloseOrder)]
pub struct CloseOrder {
    /// The order.
    pub order_id: SalesOrderId,
    /// Why.
    pub reason: String,
    /// Why what another warehouse could fill is given up all the same; asked for only then.
    pub override_reason: Option<String>,
}

/// What another warehouse could fill of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The line.
    pub line: i64,
    /// Its item.
    pub sku: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// How much of what the line lacks.
    pub quantity: Quantity,
}

/// Why nothing was cancelled, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum CancelOrderError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A reason that cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Another warehouse can fill what is to be cancelled.
    #[error("{}; route the order, or say in override_reason why not", offers(.0))]
    CouldBeFilledElsewhere(Vec<Offer>),
    /// The order cannot be cancelled as asked.
    #[error(transparent)]
    Cancel(#[from] CancelError),
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// What is free could not be told.
    #[error(transparent)]
    Supply(#[from] SupplyError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn offers(offers: &[Offer]) -> String {
    let told = |offer: &Offer| {
        format!(
            "line {}: {} of {} can be filled from warehouse {}",
            offer.line, offer.quantity, offer.sku, offer.warehouse
        )
    };
    offers.iter().map(told).collect::<Vec<_>>().join("; ")
}

impl Rule for CancelOrderError {
    fn problem(&self) -> Problem {
        match self {
            CancelOrderError::Denied(error) => error.problem(),
            CancelOrderError::Text(error) => error.problem(),
            CancelOrderError::CouldBeFilledElsewhere(offers) => {
                let problem = Problem::refused("could_be_filled_elsewhere", self.to_string());
                match offers.first().and_then(|offer| u32::try_from(offer.line).ok()) {
                    Some(line) => problem.with_line(line),
                    None => problem,
                }
            }
            CancelOrderError::Cancel(error) => error.problem(),
            CancelOrderError::Number(error) => error.problem(),
            CancelOrderError::Supply(error) => error.problem(),
            CancelOrderError::Store(error) => error.problem(),
        }
    }
}

/// Cancels what is asked, or everything that is not shipped, unless [`route`](crate::route()) would
/// now fill something of it from another warehouse; with a reason to override it, it is cancelled
/// all the same, and the audit trail keeps both.
///
/// # Errors
/// The first broken rule in the order of [`CancelOrderError`]; nothing has then been written.
pub fn cancel_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CancelOrder,
) -> Result<Cancelled, CancelOrderError> {
    let CancelOrder { order_id, lines, reason, override_reason } = request;
    ask(tx, ctx, order_id, lines.as_deref(), override_reason.as_deref())?;
    Ok(sales::cancel(tx, ctx, sales::CancelOrder { order_id, lines, reason })?)
}

/// Closes an order short, as [`cancel_order`] cancels.
///
/// # Errors
/// The first broken rule in the order of [`CancelOrderError`]; nothing has then been written.
pub fn close_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CloseOrder,
) -> Result<Cancelled, CancelOrderError> {
    let CloseOrder { order_id, reason, override_reason } = request;
    ask(tx, ctx, order_id, None, override_reason.as_deref())?;
    Ok(sales::close(tx, ctx, sales::CloseOrder { order_id, reason })?)
}

/// Refuses what could be filled from elsewhere, or keeps why that is not wanted.
fn ask(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: SalesOrderId,
    lines: Option<&[CancelLine]>,
    override_reason: Option<&str>,
) -> Result<(), CancelOrderError> {
    ctx.require(sales::CANCEL)?;
    let override_reason = override_reason.unwrap_or("").trim();
    check_text("override_reason", override_reason, 500)?;
    let gathered = gather(tx, ctx, &[order_id])?;
    let order = gathered.orders.get(&order_id);
    let Some(order) = order.filter(|order| order.state == OrderState::Accepted) else {
        // The cancelling itself says what is wrong.
        return Ok(());
    };
    let missing = |demand: &stock::Standing| demand.missing().is_ok_and(Quantity::is_positive);
    if gathered.ranks(order).is_empty() || !order.demands.iter().any(missing) {
        return Ok(());
    }
    let free = free_for(tx, ctx, &gathered, std::iter::once(order))?;
    let coming = direct(&gathered, order);
    let basis = basis(order, gathered.ranked.get(&order.channel), &coming, &free)?;
    let decision = rules::decide(&basis)?;
    let found = filled_elsewhere(order, &basis, &decision, lines)?;
    if found.is_empty() {
        return Ok(());
    }
    let known = stock::warehouses(tx, ctx.company_id)?;
    let code = |id: WarehouseId| {
        let found = known.iter().find(|warehouse| warehouse.warehouse_id == id);
        found.map_or_else(|| id.to_string(), |warehouse| warehouse.code.clone())
    };
    let offers: Vec<Offer> = found
        .into_iter()
        .map(|(line, sku, warehouse, quantity)| Offer {
            line,
            sku,
            warehouse: code(warehouse),
            quantity,
        })
        .collect();
    if override_reason.is_empty() {
        return Err(CancelOrderError::CouldBeFilledElsewhere(offers));
    }
    let told = |offer: &Offer| {
        serde_json::json!({
            "line": offer.line,
            "sku": offer.sku,
            "warehouse": offer.warehouse,
            "quantity": offer.quantity,
        })
    };
    let detail = serde_json::json!({
        "number": order.number,
        "override_reason": override_reason,
        "could_be_filled": offers.iter().map(told).collect::<Vec<_>>(),
    });
    ctx.audit(tx, CANCEL_UNFILLED, sales::ORDER, base::Id::raw(order_id), detail);
    Ok(())
}

/// What of the lines to be cancelled a route would newly fill, by line, and from where.
fn filled_elsewhere(
    order: &Unshipped,
    basis: &RouteBasis,
    decision: &RouteDecision,
    asked: Option<&[CancelLine]>,
) -> Result<Vec<(i64, String, WarehouseId, Quantity)>, NumberError> {
    let mut found = Vec::new();
    for line in &order.lines {
        let cancelled = match asked {
            None => line.open,
            Some(asked) => asked
                .iter()
                .find(|asked| asked.line == line.line)
                .map_or(Quantity::ZERO, |asked| asked.quantity.unwrap_or(line.open)),
        };
        // What is not reserved is cancelled first.
        let mut lacks = rules::lacking(basis, line.line)?.min(cancelled);
        for part in decision.parts.iter().filter(|part| part.line == line.line) {
            let placed = rules::placed_at(basis, line.line, part.warehouse_id)?;
            let quantity = part.quantity.checked_sub(placed)?.min(lacks);
            if part.warehouse_id != order.warehouse_id && quantity.is_positive() {
                lacks = lacks.checked_sub(quantity)?;
                found.push((line.line, line.sku.clone(), part.warehouse_id, quantity));
            }
        }
    }
    Ok(found)
}
