//! `cancel_order`: an order is called off before anything came of it.

use crate::approval;
use crate::close_short::check_reason;
use crate::follow::{self, Told};
use crate::words::OrderState;
use crate::{CANCEL_ORDER, ORDER, tables};
use base::{NumberError, Problem, ProblemKind, PurchaseOrderId, Rule, TextError};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// An order to be called off.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelOrder {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// Why.
    pub reason: String,
}

/// An order as called off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderCancelled {
    /// Its state.
    pub state: OrderState,
}

/// Why an order was not called off, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum CancelOrderError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A reason is missing or cannot be stored.
    #[error(transparent)]
    Reason(#[from] TextError),
    /// There is no such order.
    #[error("there is no purchase order {order_id}")]
    NotFound {
        /// The id asked for.
        order_id: PurchaseOrderId,
    },
    /// The order has ended.
    #[error("order {number} is {state} already")]
    Ended {
        /// The order.
        number: String,
        /// Its state.
        state: OrderState,
    },
    /// Goods came, or a bill.
    #[error("line {line} of order {number} was received or billed; close the rest short instead")]
    Begun {
        /// The order.
        number: String,
        /// The line.
        line: i64,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for CancelOrderError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            CancelOrderError::Denied(error) => error.problem(),
            CancelOrderError::Reason(error) => error.problem().with_field("reason"),
            CancelOrderError::NotFound { .. } => Problem::not_found("order_not_found", detail),
            CancelOrderError::Ended { .. } => {
                Problem::new(ProblemKind::Conflict, "order_ended", detail)
            }
            CancelOrderError::Begun { .. } => {
                Problem::new(ProblemKind::Conflict, "order_begun", detail)
            }
            CancelOrderError::Number(error) => error.problem(),
            CancelOrderError::Store(error) => error.problem(),
        }
    }
}

/// Calls an order off, of which nothing was received or billed. Stock expects nothing more of it,
/// and nobody is asked to approve it any longer.
///
/// # Errors
/// The first broken rule in the order of [`CancelOrderError`].
pub fn cancel_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CancelOrder,
) -> Result<OrderCancelled, CancelOrderError> {
    ctx.require(ORDER)?;
    check_reason(&request.reason)?;
    let order_id = request.order_id;
    let mut loaded = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(CancelOrderError::NotFound { order_id })?;
    let (number, state) = (loaded.order.number.clone(), loaded.order.state);
    if matches!(state, OrderState::Closed | OrderState::Cancelled) {
        return Err(CancelOrderError::Ended { number, state });
    }
    let begun = |line: &&crate::model::Line| {
        !line.received.is_zero() || !line.billed.is_zero() || !line.returned.is_zero()
    };
    if let Some(line) = loaded.lines.iter().find(begun) {
        return Err(CancelOrderError::Begun { number, line: line.line });
    }
    approval::void(tx, ctx, &loaded.order)?;
    loaded.order.state = OrderState::Cancelled;
    let told = Told {
        verb: CANCEL_ORDER,
        fact: "purchasing.order_cancelled",
        detail: serde_json::json!({ "reason": request.reason }),
    };
    follow::write(tx, ctx, &mut loaded, told)?;
    Ok(OrderCancelled { state: loaded.order.state })
}
