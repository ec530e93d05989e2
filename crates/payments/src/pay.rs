//! `pay` pays suppliers what is open with them.

use accounting::Role;
use base::{Currency, Day, Money, PartnerId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

use crate::PAY;
use crate::error::PaymentError;
use crate::model::{Direction, Draft, Kind, OpenRef, Part, Purse, Wanted};
use crate::settle::{Paid, PaymentAnswer, settle_all, settle_one};

/// What a payment is for: an open line, wholly or in part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Allocate {
    /// The open line.
    pub open: OpenRef,
    /// How much, in the payment's currency; a credit is set off as a negative amount. What is open,
    /// up to what is left of the payment, when absent.
    #[serde(default)]
    pub amount: Option<Money>,
}

/// The parts that allocations make of a payment.
pub(crate) fn parts(
    role: Role,
    currency: Currency,
    allocations: Vec<Allocate>,
) -> Result<Vec<Part>, PaymentError> {
    let mut parts = Vec::with_capacity(allocations.len());
    for Allocate { open, amount } in allocations {
        let wanted = match amount {
            Some(amount) if amount.currency != currency => {
                let other = amount.currency;
                return Err(PaymentError::CurrencyMismatch { currency, other });
            }
            Some(amount) => Wanted::Exactly(amount.minor),
            None => Wanted::Open,
        };
        parts.push(Part::settles(role, open, wanted));
    }
    Ok(parts)
}

/// A payment to a supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pay {
    /// The supplier; whoever the lines are open with when absent.
    #[serde(default)]
    pub partner_id: Option<PartnerId>,
    /// The whole payment, in the currency of the lines it pays.
    pub amount: Money,
    /// What it pays; the whole payment has to be allocated.
    pub allocations: Vec<Allocate>,
    /// What the bank moved in the company's currency, for a foreign payment; the day's rate when
    /// absent.
    #[serde(default)]
    pub bank_amount: Option<Money>,
    /// The day; today when absent.
    #[serde(default)]
    pub happened_on: Option<Day>,
    /// How it is paid: `transfer`, `direct_debit`.
    #[serde(default)]
    pub method: String,
    /// What the bank calls it.
    #[serde(default)]
    pub reference: String,
    /// The client's own reference: the same one pays once. Empty for none.
    #[serde(default)]
    pub client_ref: String,
    /// A line for people.
    #[serde(default)]
    pub memo: String,
}

/// Payments to suppliers, at most 1,000: a payment run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pays {
    /// The payments.
    pub payments: Vec<Pay>,
    /// Whether one refusal stops all.
    #[serde(default)]
    pub all_or_nothing: bool,
}

/// Pays from the bank what is open with a supplier, never more than that. A foreign line is paid in
/// its currency; the difference to the value it was booked at is the exchange's.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn pay(tx: &mut Tx<'_>, ctx: &Ctx, request: Pay) -> Result<Paid, PaymentError> {
    ctx.require(PAY)?;
    settle_one(tx, ctx, draft(ctx, request)?)
}

/// Pays many suppliers in a few statements, each decided against what those before it left. A
/// request with two currencies in one payment is refused as a whole.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn pay_all(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: Pays,
) -> Result<Vec<PaymentAnswer>, PaymentError> {
    ctx.require(PAY)?;
    let drafts =
        request.payments.into_iter().map(|pay| draft(ctx, pay)).collect::<Result<_, _>>()?;
    settle_all(tx, ctx, drafts, request.all_or_nothing)
}

fn draft(ctx: &Ctx, request: Pay) -> Result<Draft, PaymentError> {
    let told = serde_json::json!(request);
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    Ok(Draft {
        partner_id: request.partner_id,
        bank_amount: request.bank_amount,
        parts: parts(Role::Payable, request.amount.currency, request.allocations)?,
        method: request.method,
        reference: request.reference,
        client_ref: request.client_ref,
        memo: request.memo,
        told,
        ..Draft::new(Kind::Pay, Direction::Out, Purse::Bank, happened_on, request.amount)
    })
}
