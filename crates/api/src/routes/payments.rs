//! Payments, deposits, fees and payouts.

use crate::problem::ApiError;
use crate::route::Routes;
use base::{Day, Money, Problem, ProblemKind, Rule, SalesOrderId};
use identity::{Ctx, Permission};
use payments::{CAPTURE, PAY, PAYOUT, Paid, READ, RECEIVE, REFUND, REVERSE};
use serde::de::DeserializeOwned;
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
) -> Result<Paid, CaptureError> {
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

/// A verb that makes one payment, with the rehearsal that all of them have.
fn paying<Q, E>(
    routes: Routes,
    paths: (&'static str, &'static str),
    permission: Permission,
    says: (&'static str, &'static str),
    verb: fn(&mut Tx<'_>, &Ctx, Q) -> Result<Paid, E>,
) -> Routes
where
    Q: DeserializeOwned + Serialize + ToSchema + Clone + Send + Sync + 'static,
    E: Rule + From<StoreError> + Send + 'static,
{
    routes.rehearsed_verb(paths, permission, says, verb, move |tx, ctx, request| {
        payments::rehearse(tx, ctx, request, verb)
    })
}

pub(super) fn add(routes: Routes) -> Routes {
    let routes = paying(
        routes,
        ("/captures", "/captures/rehearse"),
        CAPTURE,
        ("Record what a channel captured", "Tell what a capture would do"),
        capture_for_order,
    );
    let routes = paying(
        routes,
        ("/refunds", "/refunds/rehearse"),
        REFUND,
        ("Refund a customer", "Tell what a refund would do"),
        payments::refund,
    );
    let routes = paying(
        routes,
        ("/customer-payments", "/customer-payments/rehearse"),
        RECEIVE,
        ("Record a customer's payment", "Tell what a customer's payment would do"),
        payments::receive_payment,
    );
    let routes = paying(
        routes,
        ("/supplier-payments", "/supplier-payments/rehearse"),
        PAY,
        ("Pay a supplier", "Tell what a payment to a supplier would do"),
        payments::pay,
    );
    let routes = paying(
        routes,
        ("/payouts", "/payouts/rehearse"),
        PAYOUT,
        ("Record a channel's payout", "Tell what a payout would do"),
        payments::payout,
    );
    paying(
        routes,
        ("/payments/reverse", "/payments/reverse/rehearse"),
        REVERSE,
        ("Reverse a payment", "Tell what a reversal would do"),
        payments::reverse_payment,
    )
    .verb("/fees", PAYOUT, "Book a fee of a channel or the bank", payments::book_fee)
    .list("/payments", READ, "List payments", |tx, ctx, filter| {
        payments::list_payments(tx, ctx, &filter)
    })
    .detail("/payments/{id}", READ, "Show a payment", reconcile::payment)
}
