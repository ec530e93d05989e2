//! `receive_payment` records what a customer paid to the bank.

use accounting::Role;
use base::{Day, Money, PartnerId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

use crate::RECEIVE;
use crate::error::PaymentError;
use crate::model::{Direction, Draft, Kind, Purse};
use crate::pay::{Allocate, parts};
use crate::settle::{Paid, PaymentAnswer, settle_all, settle_one};

/// A payment by a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceivePayment {
    /// The customer; whoever the lines are open with when absent.
    #[serde(default)]
    pub partner_id: Option<PartnerId>,
    /// What arrived, in the currency of the lines it pays.
    pub amount: Money,
    /// What it pays.
    #[serde(default)]
    pub allocations: Vec<Allocate>,
    /// Whether what is left is kept as the customer's deposit, under the payment's own key. Without
    /// it the whole payment has to be allocated.
    #[serde(default)]
    pub keep_rest_as_deposit: bool,
    /// What the bank moved in the company's currency, for a foreign payment; the day's rate when
    /// absent.
    #[serde(default)]
    pub bank_amount: Option<Money>,
    /// The day; today when absent.
    #[serde(default)]
    pub happened_on: Option<Day>,
    /// How it was paid: `transfer`, `cheque`.
    #[serde(default)]
    pub method: String,
    /// What the bank calls it.
    #[serde(default)]
    pub reference: String,
    /// The client's own reference: the same one is received once. Empty for none.
    #[serde(default)]
    pub client_ref: String,
    /// A line for people.
    #[serde(default)]
    pub memo: String,
}

/// Payments by customers, at most 1,000: a day's bank statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceivePayments {
    /// The payments.
    pub payments: Vec<ReceivePayment>,
    /// Whether one refusal stops all.
    #[serde(default)]
    pub all_or_nothing: bool,
}

/// Records a customer's payment: it settles what is open, never more, and the rest becomes a deposit
/// where that was asked for.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn receive_payment(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReceivePayment,
) -> Result<Paid, PaymentError> {
    ctx.require(RECEIVE)?;
    settle_one(tx, ctx, draft(ctx, request)?)
}

/// Records many payments in a few statements, each decided against what those before it left. A
/// request with two currencies in one payment is refused as a whole.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn receive_payments(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReceivePayments,
) -> Result<Vec<PaymentAnswer>, PaymentError> {
    ctx.require(RECEIVE)?;
    let drafts =
        request.payments.into_iter().map(|paid| draft(ctx, paid)).collect::<Result<_, _>>()?;
    settle_all(tx, ctx, drafts, request.all_or_nothing)
}

fn draft(ctx: &Ctx, request: ReceivePayment) -> Result<Draft, PaymentError> {
    let told = serde_json::json!(request);
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let (kind, amount) = (Kind::ReceivePayment, request.amount);
    Ok(Draft {
        partner_id: request.partner_id,
        bank_amount: request.bank_amount,
        parts: parts(Role::Receivable, amount.currency, request.allocations)?,
        keep_rest: request.keep_rest_as_deposit,
        method: request.method,
        reference: request.reference,
        client_ref: request.client_ref,
        memo: request.memo,
        told,
        ..Draft::new(kind, Direction::In, Purse::Bank, happened_on, amount)
    })
}
