//! `route`: orders go to the warehouse that can fill them.

use crate::basis::{RouteBasis, RouteDecision, RoutePart};
use crate::gather::{Gathered, basis, direct, free_for, gather};
use crate::tables::{self, NewRoute};
use crate::words::{RouteChoice, WaitReason};
use crate::{ROUTE, rules};
use base::{
    BadCursor, Id, NumberError, Paging, Problem, Quantity, RouteId, Rule, SalesOrderId, WarehouseId,
};
use identity::{Ctx, Denied};
use sales::{ElementOutcome, MAX_BATCH, OrderState, SupplyError, SupplyFrom, Unshipped};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to route orders: those named, or those of a channel that lack goods.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RouteOrders {
    /// The orders, at most 1,000. Each is decided after those before it.
    pub order_ids: Vec<SalesOrderId>,
    /// The code of a channel: its orders follow that lack goods which lie free where they might leave,
    /// or that were never routed, the oldest first, as many as make 1,000.
    pub waiting: Option<String>,
    /// From where the last part of the waiting orders ended.
    pub cursor: Option<String>,
}

/// What became of the orders of a batch, in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrdersRouted {
    /// One answer for each order.
    pub results: Vec<RouteResult>,
    /// Where the next part of the waiting orders begins; none at their end.
    pub next_cursor: Option<String>,
}

/// The answer for one order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteResult {
    /// Its place in the batch, from 1.
    pub element: u64,
    /// The order.
    pub order_id: SalesOrderId,
    /// What became of it: done when it was moved or goods were newly reserved for it, repeated when
    /// nothing changed.
    pub outcome: ElementOutcome,
    /// The decision as it is kept; absent when it changed nothing and is the same as the last one.
    pub route_id: Option<RouteId>,
    /// From where it is filled, unless it was refused.
    pub choice: Option<RouteChoice>,
    /// Why something of it waits.
    pub reason: Option<WaitReason>,
    /// The warehouse that ships it; with several, the first of them.
    pub warehouse_id: Option<WarehouseId>,
    /// How much of each line leaves which warehouse; nothing when all stays as it was.
    pub parts: Vec<RoutePart>,
    /// How much of each line each warehouse could give, were it the only line.
    pub could_give: Vec<RoutePart>,
    /// How much of all its goods was newly reserved.
    pub reserved: Quantity,
    /// The order's revision.
    pub revision: Option<i64>,
    /// The broken rule's code, when it was refused.
    pub code: Option<String>,
    /// The broken rule in words, when it was refused.
    pub detail: Option<String>,
}

/// Why a batch was refused, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum RouteError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Too many orders.
    #[error("the batch has {count} orders; send at most {MAX_BATCH} at once")]
    TooMany {
        /// How many it has.
        count: usize,
    },
    /// The cursor was not given by an earlier part.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// No such channel.
    #[error("there is no channel {code:?}; define it first")]
    UnknownChannel {
        /// What was asked.
        code: String,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The goods could not be wanted elsewhere.
    #[error(transparent)]
    Supply(#[from] SupplyError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for RouteError {
    fn problem(&self) -> Problem {
        match self {
            RouteError::Denied(error) => error.problem(),
            RouteError::TooMany { .. } => {
                Problem::new(base::ProblemKind::TooLarge, "batch_too_large", self.to_string())
            }
            RouteError::Cursor(error) => error.problem(),
            RouteError::UnknownChannel { .. } => {
                Problem::refused("unknown_channel", self.to_string()).with_field("waiting")
            }
            RouteError::Number(error) => error.problem(),
            RouteError::Supply(error) => error.problem(),
            RouteError::Store(error) => error.problem(),
        }
    }
}

/// Why one order of a batch is refused, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
enum Refused {
    #[error("there is no order {0}")]
    NotFound(SalesOrderId),
    #[error("order {0} is named twice; name it once")]
    Twice(String),
    #[error("order {number} is {state}; it wants no goods any more")]
    NotOpen { number: String, state: OrderState },
}

impl Refused {
    const fn code(&self) -> &'static str {
        match self {
            Refused::NotFound(_) => "order_not_found",
            Refused::Twice(_) => "order_twice",
            Refused::NotOpen { .. } => "order_not_open",
        }
    }
}

/// An order with its decision, on its way into the database.
struct Decided<'a> {
    order: &'a Unshipped,
    basis: RouteBasis,
    decision: RouteDecision,
    /// What comes straight from suppliers, by line.
    coming: BTreeMap<i64, Quantity>,
}

/// Routes orders, each decided after those before it: what it wants is moved to the warehouse that
/// fills it and kept there. A decision that changed something, or that is another than the order's
/// last, is kept with all that it was decided from; routed again, nothing changes.
///
/// # Errors
/// The first broken rule in the order of [`RouteError`]; what is wrong with one order is its own
/// answer.
pub fn route(tx: &mut Tx<'_>, ctx: &Ctx, request: RouteOrders) -> Result<OrdersRouted, RouteError> {
    ctx.require(ROUTE)?;
    let count = request.order_ids.len();
    if count > MAX_BATCH {
        return Err(RouteError::TooMany { count });
    }
    let (order_ids, next_cursor) = named_and_waiting(tx, ctx, &request)?;
    let gathered = gather(tx, ctx, &order_ids)?;
    let mut free = free_for(tx, ctx, &gathered, gathered.orders.values())?;
    let mut decided: BTreeMap<SalesOrderId, usize> = BTreeMap::new();
    let (mut answers, mut decisions) = (Vec::with_capacity(count), Vec::new());
    for &order_id in &order_ids {
        let order = match open(&gathered, order_id, decided.contains_key(&order_id)) {
            Ok(order) => order,
            Err(refused) => {
                answers.push(Err((order_id, refused)));
                continue;
            }
        };
        let coming = direct(&gathered, order);
        let basis = basis(order, gathered.ranked.get(&order.channel), &coming, &free)?;
        let decision = rules::decide(&basis)?;
        rules::free_after(&basis, &decision, &mut free)?;
        decided.insert(order_id, decisions.len());
        answers.push(Ok(decisions.len()));
        decisions.push(Decided { order, basis, decision, coming });
    }
    let made = record(tx, ctx, decisions)?;
    let results = answers.into_iter().enumerate().map(|(place, answer)| {
        let element = place as u64 + 1;
        match answer {
            Ok(index) => RouteResult { element, ..made[index].clone() },
            Err((order_id, refused)) => refusal(element, order_id, &refused),
        }
    });
    Ok(OrdersRouted { results: results.collect(), next_cursor })
}

/// The orders named, then those of the channel that routing may help and are not named.
fn named_and_waiting(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &RouteOrders,
) -> Result<(Vec<SalesOrderId>, Option<String>), RouteError> {
    let mut order_ids = request.order_ids.clone();
    let after: (i64, i64) = Paging::new(&request.cursor, None).after((i64::MIN, 0))?;
    let Some(channel) = &request.waiting else { return Ok((order_ids, None)) };
    let Some(channel_id) = tables::channel_id(tx, ctx.company_id, channel)? else {
        return Err(RouteError::UnknownChannel { code: channel.clone() });
    };
    let room = MAX_BATCH - order_ids.len();
    if room == 0 {
        return Ok((order_ids, Some(Paging::cursor(&after))));
    }
    let waiting = tables::waiting(tx, ctx.company_id, channel_id, after, room)?;
    let next = match waiting.last() {
        Some((last, at)) if waiting.len() == room => Some(Paging::cursor(&(*at, last.raw()))),
        _ => None,
    };
    for (order_id, _) in waiting {
        if !order_ids.contains(&order_id) {
            order_ids.push(order_id);
        }
    }
    Ok((order_ids, next))
}

fn open(gathered: &Gathered, order_id: SalesOrderId, known: bool) -> Result<&Unshipped, Refused> {
    let order = gathered.orders.get(&order_id).ok_or(Refused::NotFound(order_id))?;
    if known {
        return Err(Refused::Twice(order.number.clone()));
    }
    if order.state != OrderState::Accepted {
        return Err(Refused::NotOpen { number: order.number.clone(), state: order.state });
    }
    Ok(order)
}

/// Carries the decisions out and keeps those that say something new.
fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    decisions: Vec<Decided<'_>>,
) -> Result<Vec<RouteResult>, RouteError> {
    let mut changes = Vec::with_capacity(decisions.len());
    for Decided { order, basis, decision, coming } in &decisions {
        let line = |id| order.lines.iter().find(|l| l.line_id.raw() == id).map(|l| l.line);
        let parts = rules::relocations(basis, decision, &order.demands, line)?;
        let (warehouse_id, coming) = (decision.home, coming.clone());
        changes.push(SupplyFrom { order, warehouse_id, parts, coming });
    }
    let supplied = sales::supply_from(tx, ctx, &changes)?;
    let ids: Vec<SalesOrderId> = decisions.iter().map(|decided| decided.order.order_id).collect();
    let last = tables::last_routes(tx, ctx.company_id, &ids)?;
    let (mut made, mut kept) = (Vec::with_capacity(decisions.len()), Vec::new());
    for (Decided { order, basis, decision, .. }, supplied) in decisions.into_iter().zip(supplied) {
        let said = (decision.choice, decision.reason);
        let settled = decision.choice == RouteChoice::Reserved;
        let new = supplied.changed || (!settled && last.get(&order.order_id) != Some(&said));
        let route_id = if new { Some(tx.id::<RouteId>()?) } else { None };
        made.push(RouteResult {
            element: 0,
            order_id: order.order_id,
            outcome: if supplied.changed { ElementOutcome::Done } else { ElementOutcome::Repeated },
            route_id,
            choice: Some(decision.choice),
            reason: decision.reason,
            warehouse_id: Some(decision.home),
            parts: decision.parts.clone(),
            could_give: decision.could_give.clone(),
            reserved: supplied.reserved,
            revision: Some(supplied.revision),
            code: None,
            detail: None,
        });
        if let Some(id) = route_id {
            tell(tx, ctx, order, &decision, supplied.reserved);
            let (order_id, revision) = (order.order_id, supplied.revision);
            let reserved = supplied.reserved;
            kept.push(NewRoute { id, order_id, revision, reserved, basis, decision });
        }
    }
    tables::insert_routes(tx, ctx, &kept)?;
    Ok(made)
}

fn tell(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: &Unshipped,
    decision: &RouteDecision,
    reserved: Quantity,
) {
    let detail = serde_json::json!({
        "number": order.number,
        "choice": decision.choice,
        "reason": decision.reason,
        "from": order.warehouse_id,
        "to": decision.home,
        "parts": decision.parts,
        "reserved": reserved,
    });
    ctx.audit(tx, ROUTE, sales::ORDER, order.order_id.raw(), detail);
}

fn refusal(element: u64, order_id: SalesOrderId, refused: &Refused) -> RouteResult {
    RouteResult {
        element,
        order_id,
        outcome: ElementOutcome::Refused,
        route_id: None,
        choice: None,
        reason: None,
        warehouse_id: None,
        parts: Vec::new(),
        could_give: Vec::new(),
        reserved: Quantity::ZERO,
        revision: None,
        code: Some(refused.code().to_owned()),
        detail: Some(refused.to_string()),
    }
}
