//! `submit_order`: a draft is done, and approved at once or put before somebody who may.

use crate::approval::{self, AskError, Standing};
use crate::follow::{self, Told};
use crate::words::OrderState;
use crate::{ORDER, SUBMIT_ORDER, tables};
use base::{NumberError, Problem, ProblemKind, PurchaseOrderId, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A draft to be submitted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubmitOrder {
    /// The order.
    pub order_id: PurchaseOrderId,
}

/// An order as submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderSubmitted {
    /// Approved, or waiting for it.
    pub state: OrderState,
    /// The revision that waits or is approved.
    pub revision: i64,
}

/// Why a draft was not submitted, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum SubmitOrderError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such order.
    #[error("there is no purchase order {order_id}")]
    NotFound {
        /// The id asked for.
        order_id: PurchaseOrderId,
    },
    /// Only drafts are submitted.
    #[error("order {number} is {state}; only a draft is submitted")]
    NotDraft {
        /// The order.
        number: String,
        /// Its state.
        state: OrderState,
    },
    /// The order's currency has no rate.
    #[error(transparent)]
    Rate(#[from] accounting::RateError),
    /// The approval could not be asked for.
    #[error(transparent)]
    Approval(#[from] identity::ApprovalError),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AskError> for SubmitOrderError {
    fn from(error: AskError) -> Self {
        match error {
            AskError::Rate(error) => error.into(),
            AskError::Approval(error) => error.into(),
            AskError::Number(error) => error.into(),
            AskError::Store(error) => error.into(),
        }
    }
}

impl Rule for SubmitOrderError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            SubmitOrderError::Denied(error) => error.problem(),
            SubmitOrderError::NotFound { .. } => Problem::not_found("order_not_found", detail),
            SubmitOrderError::NotDraft { .. } => {
                Problem::new(ProblemKind::Conflict, "order_not_draft", detail)
            }
            SubmitOrderError::Rate(error) => error.problem(),
            SubmitOrderError::Approval(error) => error.problem(),
            SubmitOrderError::Number(error) => error.problem(),
            SubmitOrderError::Store(error) => error.problem(),
        }
    }
}

/// Submits a draft. Within what the caller may approve, and below what the company wants a second
/// person for, it is approved at once, and stock expects its goods.
///
/// # Errors
/// The first broken rule in the order of [`SubmitOrderError`].
pub fn submit_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: SubmitOrder,
) -> Result<OrderSubmitted, SubmitOrderError> {
    ctx.require(ORDER)?;
    let order_id = request.order_id;
    let mut loaded = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(SubmitOrderError::NotFound { order_id })?;
    if loaded.order.state != OrderState::Draft {
        let (number, state) = (loaded.order.number, loaded.order.state);
        return Err(SubmitOrderError::NotDraft { number, state });
    }
    loaded.order.state = match approval::ask(tx, ctx, &loaded)? {
        Standing::Approved => OrderState::Approved,
        Standing::Waiting => OrderState::ToApprove,
    };
    let (state, revision) = (loaded.order.state, loaded.order.revision);
    let told = Told {
        verb: SUBMIT_ORDER,
        fact: "purchasing.order_submitted",
        detail: serde_json::json!({ "revision": revision, "total": loaded.order.total }),
    };
    follow::write(tx, ctx, &mut loaded, told)?;
    Ok(OrderSubmitted { state, revision })
}
