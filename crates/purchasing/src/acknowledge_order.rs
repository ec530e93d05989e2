//! `acknowledge_order`: the supplier confirms what comes and when, or promises another day.

use crate::follow::{self, Told};
use crate::words::OrderState;
use crate::{ACKNOWLEDGE_ORDER, ORDER, rules, tables};
use base::{Day, NumberError, Problem, ProblemKind, PurchaseOrderId, Quantity, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

/// A supplier's confirmation.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcknowledgeOrder {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// What is promised by line; lines left out keep their day.
    #[serde(default)]
    pub lines: Vec<Promise>,
    /// The buyer's yes to quantities beyond the tolerance.
    #[serde(default)]
    pub accept: bool,
}

/// What a supplier promises for a line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Promise {
    /// The number of the order's line.
    pub line: i64,
    /// When it comes.
    pub promised_on: Day,
    /// How much comes, in the line's unit; what was ordered when left out.
    #[serde(default)]
    pub quantity: Option<Quantity>,
}

/// An order as confirmed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderAcknowledged {
    /// How far it has come.
    pub state: OrderState,
    /// The lines that come later than asked for, or less of them.
    pub changed: Vec<i64>,
}

/// Why a confirmation was not taken, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum AcknowledgeOrderError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such order.
    #[error("there is no purchase order {order_id}")]
    NotFound {
        /// The id asked for.
        order_id: PurchaseOrderId,
    },
    /// Only orders on their way are confirmed.
    #[error("order {number} is {state}; only an approved order can be confirmed")]
    NotDue {
        /// The order.
        number: String,
        /// Its state.
        state: OrderState,
    },
    /// The order has no such line.
    #[error("order {number} has no line {line}")]
    UnknownLine {
        /// The order.
        number: String,
        /// The line asked for.
        line: i64,
    },
    /// A promise of less than nothing.
    #[error("line {line}: {quantity} cannot be promised")]
    Negative {
        /// The line.
        line: i64,
        /// What was promised.
        quantity: Quantity,
    },
    /// The quantity differs beyond the tolerance.
    #[error(
        "line {line}: {promised} promised where {ordered} were ordered; accept it or amend the order"
    )]
    BeyondTolerance {
        /// The line.
        line: i64,
        /// What was ordered, in the line's unit.
        ordered: Quantity,
        /// What was promised, in the same.
        promised: Quantity,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for AcknowledgeOrderError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            AcknowledgeOrderError::Denied(error) => error.problem(),
            AcknowledgeOrderError::NotFound { .. } => Problem::not_found("order_not_found", detail),
            AcknowledgeOrderError::NotDue { .. } => {
                Problem::new(ProblemKind::Conflict, "order_not_due", detail)
            }
            AcknowledgeOrderError::UnknownLine { .. } => Problem::refused("unknown_line", detail),
            AcknowledgeOrderError::Negative { .. } => {
                Problem::refused("quantity_not_positive", detail)
            }
            AcknowledgeOrderError::BeyondTolerance { .. } => {
                Problem::refused("confirmation_beyond_tolerance", detail)
            }
            AcknowledgeOrderError::Number(error) => error.problem(),
            AcknowledgeOrderError::Store(error) => error.problem(),
        }
    }
}

/// Takes down what the supplier promises, keeping every earlier promise, and moves the days on which
/// stock expects the goods.
///
/// # Errors
/// The first broken rule in the order of [`AcknowledgeOrderError`].
pub fn acknowledge_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AcknowledgeOrder,
) -> Result<OrderAcknowledged, AcknowledgeOrderError> {
    ctx.require(ORDER)?;
    let order_id = request.order_id;
    let mut loaded = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(AcknowledgeOrderError::NotFound { order_id })?;
    let number = loaded.order.number.clone();
    if !loaded.order.state.is_due() {
        return Err(AcknowledgeOrderError::NotDue { number, state: loaded.order.state });
    }
    let percent = identity::policies(tx, ctx.company_id)?.number("confirmation_tolerance_percent");
    let mut made: BTreeMap<i64, i64> = BTreeMap::new();
    for row in tx.query(&tables::PROMISES_MADE, params![ctx.company_id, order_id])? {
        made.insert(row.get(0)?, row.get(1)?);
    }

    let (mut changed, mut rows) = (Vec::new(), Rows::new(5));
    for promise in &request.lines {
        let at = loaded.position(promise.line).ok_or_else(|| {
            AcknowledgeOrderError::UnknownLine { number: number.clone(), line: promise.line }
        })?;
        let line = &mut loaded.lines[at];
        let promised = promise.quantity.unwrap_or(line.quantity);
        let (ordered, line_number) = (line.quantity, line.line);
        if promised.is_negative() {
            return Err(AcknowledgeOrderError::Negative { line: line_number, quantity: promised });
        }
        let beyond = rules::differs_beyond(ordered.micro(), promised.micro(), percent);
        if beyond && !request.accept {
            return Err(AcknowledgeOrderError::BeyondTolerance {
                line: line_number,
                ordered,
                promised,
            });
        }
        if promise.promised_on > line.due_on || promised < ordered {
            changed.push(line_number);
        }
        line.promised_on = Some(promise.promised_on);
        let count = made.entry(base::Id::raw(line.id)).or_default();
        *count += 1;
        rows.push(row![line.id, *count, order_id, promise.promised_on, promised]);
    }
    tx.write(&tables::INSERT_PROMISES, params![ctx.company_id, ctx.at, ctx.user_id; rows])?;
    loaded.order.state = OrderState::Acknowledged;
    loaded.order.acknowledged_on = Some(ctx.today);
    let told = Told {
        verb: ACKNOWLEDGE_ORDER,
        fact: "purchasing.order_acknowledged",
        detail: serde_json::json!({ "changed": changed }),
    };
    follow::write(tx, ctx, &mut loaded, told)?;
    Ok(OrderAcknowledged { state: loaded.order.state, changed })
}
