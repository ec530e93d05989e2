//! `send_order`: an approved order goes to the supplier.

use crate::follow::{self, Told};
use crate::words::OrderState;
use crate::{SEND, tables};
use base::{Problem, ProblemKind, PurchaseOrderId, Rule, TextError, Timestamp};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// An order to be sent.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendOrder {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// Where it goes; the supplier's e-mail when left out.
    #[serde(default)]
    pub recipient: Option<String>,
}

/// An order as sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderSent {
    /// How far it has come.
    pub state: OrderState,
    /// Where it went.
    pub recipient: String,
    /// When.
    pub sent_at: Timestamp,
}

/// Why an order was not sent, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum SendOrderError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such order.
    #[error("there is no purchase order {order_id}")]
    NotFound {
        /// The id asked for.
        order_id: PurchaseOrderId,
    },
    /// Only approved orders are sent; sent ones may be sent again.
    #[error("order {number} is {state}; an order is sent once it is approved")]
    NotApproved {
        /// The order.
        number: String,
        /// Its state.
        state: OrderState,
    },
    /// The supplier has no address.
    #[error("supplier {supplier} has no e-mail; name a recipient")]
    NoRecipient {
        /// The supplier's code.
        supplier: String,
    },
    /// The recipient cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for SendOrderError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            SendOrderError::Denied(error) => error.problem(),
            SendOrderError::NotFound { .. } => Problem::not_found("order_not_found", detail),
            SendOrderError::NotApproved { .. } => {
                Problem::new(ProblemKind::Conflict, "order_not_approved", detail)
            }
            SendOrderError::NoRecipient { .. } => {
                Problem::refused("no_recipient", detail).with_field("recipient")
            }
            SendOrderError::Text(error) => error.problem(),
            SendOrderError::Store(error) => error.problem(),
        }
    }
}

/// Notes that an order was sent, to whom and when. The document itself is made from the order.
///
/// # Errors
/// The first broken rule in the order of [`SendOrderError`].
pub fn send_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: SendOrder,
) -> Result<OrderSent, SendOrderError> {
    ctx.require(SEND)?;
    let order_id = request.order_id;
    let locked = tables::lock_orders(tx, ctx.company_id, &BTreeSet::from([order_id]))?;
    let Some(loaded) = locked.into_values().next() else {
        return Err(SendOrderError::NotFound { order_id });
    };
    let mut order = loaded.order;
    if !order.state.is_due() {
        return Err(SendOrderError::NotApproved { number: order.number, state: order.state });
    }
    let found = partners::partners_by_id(tx, ctx.company_id, &[order.partner_id])?;
    let supplier =
        found.get(&order.partner_id).ok_or_else(|| follow::gone("supplier", order.partner_id))?;
    let recipient = request.recipient.unwrap_or_else(|| supplier.email.clone());
    if recipient.is_empty() {
        return Err(SendOrderError::NoRecipient { supplier: supplier.code.clone() });
    }
    base::check_text("recipient", &recipient, 200)?;
    if order.state == OrderState::Approved {
        order.state = OrderState::Sent;
    }
    order.sent_at = Some(ctx.at);
    order.sent_to.clone_from(&recipient);
    let told = Told {
        verb: SEND,
        fact: "purchasing.order_sent",
        detail: serde_json::json!({ "recipient": recipient, "revision": order.revision }),
    };
    follow::tell(tx, ctx, &mut order, told)?;
    Ok(OrderSent { state: order.state, recipient, sent_at: ctx.at })
}
