//! `cancel`, `close`: what was not shipped is no longer wanted.

use crate::model::{Amounts, ORDER, Order};
use crate::rules::{self, Kept, LineError};
use crate::words::OrderState;
use crate::{CANCEL, tables};
use base::{Id, Money, NumberError, Problem, Quantity, Rule, SalesOrderId, TextError, check_text};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use stock::DemandError;
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
}

/// A line that is no longer wanted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelLine {
    /// The order's line, from 1.
    pub line: i64,
    /// How much of it; all that is not shipped when absent.
    pub quantity: Option<Quantity>,
}

/// A request to close an order short: what is shipped stays, the rest is no longer wanted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseOrder {
    /// The order.
    pub order_id: SalesOrderId,
    /// Why.
    pub reason: String,
}

/// What was cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Cancelled {
    /// The order.
    pub order_id: SalesOrderId,
    /// Where it stands now.
    pub state: OrderState,
    /// Its revision.
    pub revision: i64,
    /// What was cancelled is worth this, with tax.
    pub gross: Money,
    /// How much of it a customer who paid before has to get back.
    pub to_refund: Money,
}

/// Why nothing was cancelled, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum CancelError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A reason that cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No such order.
    #[error("there is no order {order_id}")]
    NotFound {
        /// What was asked.
        order_id: SalesOrderId,
    },
    /// The order wants nothing any more.
    #[error("order {number} is {state}; nothing of it is left to cancel")]
    NotOpen {
        /// The order.
        number: String,
        /// Where it stands.
        state: OrderState,
    },
    /// Nothing was shipped: that is a cancellation.
    #[error("nothing of order {number} was shipped; cancel it instead of closing it")]
    NothingShipped {
        /// The order.
        number: String,
    },
    /// A line cannot be cancelled as asked.
    #[error(transparent)]
    Line(#[from] LineError),
    /// Everything was shipped.
    #[error(
        "everything of order {number} was shipped or cancelled; what was shipped can only be returned"
    )]
    NothingOpen {
        /// The order.
        number: String,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The goods could not be let go.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for CancelError {
    fn problem(&self) -> Problem {
        match self {
            CancelError::Denied(error) => error.problem(),
            CancelError::Text(error) => error.problem(),
            CancelError::NotFound { .. } => Problem::not_found("order_not_found", self.to_string()),
            CancelError::NotOpen { .. } => Problem::refused("order_not_open", self.to_string()),
            CancelError::NothingShipped { .. } => {
                Problem::refused("nothing_shipped", self.to_string())
            }
            CancelError::Line(error) => error.problem(),
            CancelError::NothingOpen { .. } => Problem::refused("nothing_open", self.to_string()),
            CancelError::Number(error) => error.problem(),
            CancelError::Demand(error) => error.problem(),
            CancelError::Store(error) => error.problem(),
        }
    }
}

/// Cancels what is asked, or everything that is not shipped: reservation and back-order end, no
/// stock moves. An order of which nothing was shipped and nothing is left is cancelled.
///
/// What a customer paid before stays an open deposit until it is refunded; the answer and the fact
/// say how much of it that is.
///
/// # Errors
/// The first broken rule in the order of [`CancelError`]; nothing has then been written.
pub fn cancel(tx: &mut Tx<'_>, ctx: &Ctx, request: CancelOrder) -> Result<Cancelled, CancelError> {
    let order = open_order(tx, ctx, request.order_id, &request.reason)?;
    let lines = match &request.lines {
        None => everything(&order)?,
        Some(asked) => named(&order, asked)?,
    };
    end(tx, ctx, order, &lines, (&request.reason, "sales.cancelled"))
}

/// Closes an order short, with a reason: what is shipped stays, the rest is no longer wanted.
///
/// # Errors
/// The first broken rule in the order of [`CancelError`].
pub fn close(tx: &mut Tx<'_>, ctx: &Ctx, request: CloseOrder) -> Result<Cancelled, CancelError> {
    let order = open_order(tx, ctx, request.order_id, &request.reason)?;
    if order.lines.iter().all(|line| line.shipped.is_zero()) {
        return Err(CancelError::NothingShipped { number: order.number });
    }
    let lines = everything(&order)?;
    end(tx, ctx, order, &lines, (&request.reason, "sales.closed"))
}

fn open_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: SalesOrderId,
    reason: &str,
) -> Result<Order, CancelError> {
    ctx.require(CANCEL)?;
    if reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    check_text("reason", reason, 500)?;
    let order = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(CancelError::NotFound { order_id })?;
    if order.state != OrderState::Accepted {
        return Err(CancelError::NotOpen { number: order.number, state: order.state });
    }
    Ok(order)
}

fn everything(order: &Order) -> Result<Vec<(usize, Quantity)>, CancelError> {
    let mut lines = Vec::new();
    for (index, line) in order.lines.iter().enumerate() {
        let open = line.open()?;
        if open.is_positive() {
            lines.push((index, open));
        }
    }
    if lines.is_empty() {
        return Err(CancelError::NothingOpen { number: order.number.clone() });
    }
    Ok(lines)
}

fn named(order: &Order, asked: &[CancelLine]) -> Result<Vec<(usize, Quantity)>, CancelError> {
    let mut wanted = Vec::with_capacity(asked.len());
    for line in asked {
        let open = || {
            let known = order.lines.binary_search_by_key(&line.line, |line| line.line);
            known.map_or(Ok(Quantity::ONE), |index| order.lines[index].open())
        };
        wanted.push((line.line, line.quantity.map_or_else(open, Ok)?));
    }
    let lines = rules::named(&order.lines, &wanted)?;
    if lines.is_empty() {
        return Err(CancelError::NothingOpen { number: order.number.clone() });
    }
    Ok(lines)
}

fn end(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut order: Order,
    lines: &[(usize, Quantity)],
    (reason, fact): (&str, &'static str),
) -> Result<Cancelled, CancelError> {
    if lines.iter().any(|(index, _)| order.lines[*index].kind.has_goods()) {
        let demands = stock::demands_of(tx, ctx, ORDER, &[order.id.raw()])?;
        let kept = Kept::new(demands, Vec::new());
        let mut parts = Vec::new();
        for (index, quantity) in lines {
            parts.extend(rules::of_demands(&order.lines[*index], *quantity, &kept)?);
        }
        stock::release(tx, ctx, &parts, true)?;
    }
    let mut worth: Vec<Amounts> = Vec::with_capacity(lines.len());
    let mut ended = Vec::with_capacity(lines.len());
    let prices = order.prices;
    for (index, quantity) in lines {
        let line = &mut order.lines[*index];
        worth.push(line.worth_of_last(prices, *quantity)?);
        line.cancelled = line.cancelled.checked_add(*quantity)?;
        ended.push((line.line, *quantity));
    }
    tables::add_cancelled(tx, ctx.company_id, order.id, &ended)?;
    let state = rules::state_of(&order.lines, order.revenue_at, order.state)?;
    let revision = tables::raise_order(tx, ctx.company_id, &order, state)?;
    tables::insert_cancellations(tx, ctx, (order.id, revision), reason, &ended)?;
    let gross = rules::total(worth)?.gross();
    let cancelled = Cancelled {
        order_id: order.id,
        state,
        revision,
        gross: Money::new(gross, ctx.currency),
        to_refund: Money::new(if order.prepaid { gross } else { 0 }, ctx.currency),
    };
    let told: Vec<_> = ended
        .iter()
        .map(|(line, quantity)| serde_json::json!({ "line": line, "quantity": quantity }))
        .collect();
    let payload = serde_json::json!({
        "number": order.number,
        "state": state,
        "reason": reason,
        "lines": told,
        "gross": cancelled.gross,
        "to_refund": cancelled.to_refund,
    });
    ctx.fact(tx, ORDER, order.id.raw(), revision, fact, payload.clone());
    ctx.audit(tx, CANCEL, ORDER, order.id.raw(), payload);
    Ok(cancelled)
}
