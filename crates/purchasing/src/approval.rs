//! Who must agree to an order: asking, and forgetting that it was asked.

use crate::model::Order;
use crate::{APPROVE, rules};
use accounting::RateError;
use base::{Id, NumberError};
use identity::{ApprovalError, Ctx, RequestApproval};
use store::{StoreError, Tx};

/// The kind under which approvals of orders are kept.
pub(crate) const KIND: &str = "purchase_order";

/// What became of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// Nobody else has to agree.
    Approved,
    /// Somebody has to.
    Waiting,
}

/// Why it could not be asked.
#[derive(Debug)]
pub(crate) enum AskError {
    Rate(RateError),
    Approval(ApprovalError),
    Number(NumberError),
    Store(StoreError),
}

macro_rules! ask_errors {
    ($($variant:ident($error:ty)),+ $(,)?) => {$(
        impl From<$error> for AskError {
            fn from(error: $error) -> AskError {
                AskError::$variant(error)
            }
        }
    )+};
}

ask_errors!(Rate(RateError), Approval(ApprovalError), Number(NumberError), Store(StoreError));

/// Asks for somebody's yes to an order, unless the caller may give it and the company asks for no
/// other. Its net total counts, in the company's currency at the rate of the day.
pub(crate) fn ask(tx: &mut Tx<'_>, ctx: &Ctx, order: &Order) -> Result<Standing, AskError> {
    let rate = accounting::rate_on(tx, ctx, order.currency, ctx.today)?;
    let total = rules::at_rate(order.total, order.currency, rate, ctx.currency)?;
    let above = identity::policies(tx, ctx.company_id)?.number("approve_orders_above");
    let limit = if ctx.holds(APPROVE) { ctx.amount_limit(APPROVE) } else { Some(0) };
    if !rules::needs_approval(total, limit, above) {
        return Ok(Standing::Approved);
    }
    let request = RequestApproval {
        kind: KIND,
        subject_id: order.id.raw(),
        revision: order.revision,
        facts: serde_json::json!({
            "order": order.number,
            "total": base::Money::new(order.total, order.currency),
            "revision": order.revision,
        }),
        permission: APPROVE,
        amount: total,
    };
    identity::request_approval(tx, ctx, request)?;
    Ok(Standing::Waiting)
}

/// Forgets what was asked or given for an order as it is.
pub(crate) fn void(tx: &mut Tx<'_>, ctx: &Ctx, order: &Order) -> Result<(), StoreError> {
    identity::void_approvals(tx, ctx, KIND, order.id.raw(), order.revision + 1)
}
