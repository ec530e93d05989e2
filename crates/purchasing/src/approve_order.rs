//! `approve_order`: somebody who may agrees to an order, or refuses it.

use crate::approval::PURCHASE_ORDER;
use crate::follow::{self, Told};
use crate::words::OrderState;
use crate::{APPROVE, tables};
use base::{Id, NumberError, Problem, ProblemKind, PurchaseOrderId, Rule};
use identity::{Agreed, Ctx, Decide, Verdict};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A yes or no to an order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveOrder {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// The revision that was looked at.
    pub revision: i64,
    /// Yes or no. A refused order is a draft again.
    pub verdict: Verdict,
    /// Why; a refusal needs it.
    #[serde(default)]
    pub reason: String,
}

/// An order as decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderDecided {
    /// How far it has come.
    pub state: OrderState,
}

/// Why nothing was decided, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ApproveOrderError {
    /// There is no such order.
    #[error("there is no purchase order {order_id}")]
    NotFound {
        /// The id asked for.
        order_id: PurchaseOrderId,
    },
    /// The order does not wait for anybody.
    #[error("order {number} is {state}; it does not wait for approval")]
    NotWaiting {
        /// The order.
        number: String,
        /// Its state.
        state: OrderState,
    },
    /// The caller may not, or the order changed.
    #[error(transparent)]
    Approval(#[from] identity::ApprovalError),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ApproveOrderError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ApproveOrderError::NotFound { .. } => Problem::not_found("order_not_found", detail),
            ApproveOrderError::NotWaiting { .. } => {
                Problem::new(ProblemKind::Conflict, "order_not_waiting", detail)
            }
            ApproveOrderError::Approval(error) => error.problem(),
            ApproveOrderError::Number(error) => error.problem(),
            ApproveOrderError::Store(error) => error.problem(),
        }
    }
}

/// Decides on an order that waits. Approved, stock expects its goods; when another person has to agree
/// as well, it waits on.
///
/// # Errors
/// The first broken rule in the order of [`ApproveOrderError`].
pub fn approve_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ApproveOrder,
) -> Result<OrderDecided, ApproveOrderError> {
    let ApproveOrder { order_id, revision, verdict, reason } = request;
    let mut loaded = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(ApproveOrderError::NotFound { order_id })?;
    if loaded.order.state != OrderState::ToApprove {
        let (number, state) = (loaded.order.number, loaded.order.state);
        return Err(ApproveOrderError::NotWaiting { number, state });
    }
    let subject_id = order_id.raw();
    let detail = serde_json::json!({
        "revision": revision, "verdict": verdict, "reason": reason,
    });
    let decision = Decide { kind: &PURCHASE_ORDER, subject_id, revision, verdict, reason };
    loaded.order.state = match identity::decide(tx, ctx, decision)?.agreed {
        Agreed::Yes => OrderState::Approved,
        Agreed::No => OrderState::Draft,
        Agreed::NotYet => return Ok(OrderDecided { state: loaded.order.state }),
    };
    let told = Told { verb: APPROVE, fact: "purchasing.order_decided", detail };
    follow::write(tx, ctx, &mut loaded, told)?;
    Ok(OrderDecided { state: loaded.order.state })
}
