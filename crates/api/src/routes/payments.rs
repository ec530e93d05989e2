//! Payments, deposits, fees and payouts.

use crate::problem::ApiError;
use crate::route::Routes;
use base::{Day, Money, Problem, ProblemKind, Rule, SalesOrderId};
use identity::Ctx;
use payments::{CAPTURE, PAY, PAYOUT, READ, RECEIVE, REFUND, REVERSE};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// What a channel captured for an order of a customer.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CaptureForOrder {
    /// The order, of a channel that is paid before shipment.
    order_id: SalesOrderId,
    /// How much, above zero.
    amount: Money,
    /// The day; today when absent.
    #[serde(default)]
    happened_on: Option<Day>,
    /// How it was paid: `card`, `wallet`.
    #[serde(default)]
    method: String,
    /// What the channel calls the payment.
    #[serde(default)]
    reference: String,
    /// The client's own reference: the same one captures once.
    #[serde(default)]
    client_ref: String,
}

/// Why nothing was captured.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.detail)]
struct CaptureError(Problem);

impl Rule for CaptureError {
    fn problem(&self) -> Problem {
        self.0.clone()
    }
}

impl From<StoreError> for CaptureError {
    fn from(error: StoreError) -> CaptureError {
        CaptureError(ApiError::from(error).0)
    }
}

/// Payments know no orders and sales no payments; the door joins the two.
fn capture_for_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CaptureForOrder,
) -> Result<payments::Paid, CaptureError> {
    let refused = |problem: Problem| CaptureError(problem);
    let order = sales::order(tx, ctx, request.order_id).map_err(|e| refused(e.problem()))?;
    let channels = sales::channels(tx, ctx).map_err(|e| refused(e.problem()))?;
    let channel = channels.iter().find(|channel| channel.code == order.head.channel);
    let channel_id =
        channel.and_then(|channel| channel.channel_id.parse().ok()).ok_or_else(|| {
            refused(Problem::new(ProblemKind::Internal, "internal", "the order's channel is gone"))
        })?;
    let amount = request.amount;
    let capture = payments::Capture {
        happened_on: request.happened_on,
        method: request.method,
        reference: request.reference,
        client_ref: request.client_ref,
        ..payments::Capture::new(channel_id, "sales_order", base::Id::raw(request.order_id), amount)
    };
    payments::capture(tx, ctx, capture).map_err(|e| refused(e.problem()))
}

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .verb("/captures", CAPTURE, "Record what a channel captured", capture_for_order)
        .verb("/refunds", REFUND, "Refund a customer", payments::refund)
        .verb(
            "/customer-payments",
            RECEIVE,
            "Record a customer's payment",
            payments::receive_payment,
        )
        .verb("/supplier-payments", PAY, "Pay a supplier", payments::pay)
        .rehearsal(
            "/captures/rehearse",
            CAPTURE,
            "Tell what a capture would do",
            |tx, ctx, request| payments::rehearse(tx, ctx, request, capture_for_order),
        )
        .rehearsal(
            "/refunds/rehearse",
            REFUND,
            "Tell what a refund would do",
            |tx, ctx, request| payments::rehearse(tx, ctx, request, payments::refund),
        )
        .rehearsal(
            "/customer-payments/rehearse",
            RECEIVE,
            "Tell what a customer's payment would do",
            |tx, ctx, request| payments::rehearse(tx, ctx, request, payments::receive_payment),
        )
        .rehearsal(
            "/supplier-payments/rehearse",
            PAY,
            "Tell what a payment to a supplier would do",
            |tx, ctx, request| payments::rehearse(tx, ctx, request, payments::pay),
        )
        .rehearsal(
            "/payouts/rehearse",
            PAYOUT,
            "Tell what a payout would do",
            |tx, ctx, request| payments::rehearse(tx, ctx, request, payments::payout),
        )
        .rehearsal(
            "/payments/reverse/rehearse",
            REVERSE,
            "Tell what a reversal would do",
            |tx, ctx, request| payments::rehearse(tx, ctx, request, payments::reverse_payment),
        )
        .verb("/payouts", PAYOUT, "Record a channel's payout", payments::payout)
        .verb("/fees", PAYOUT, "Book a fee of a channel or the bank", payments::book_fee)
        .verb("/payments/reverse", REVERSE, "Reverse a payment", payments::reverse_payment)
        .list("/payments", READ, "List payments", |tx, ctx, filter| {
            payments::list_payments(tx, ctx, &filter)
        })
        .detail("/payments/{id}", READ, "Show a payment", reconcile::payment)
}
