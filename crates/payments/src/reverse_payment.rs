//! `reverse_payment` takes a payment back: a bounced cheque, a transfer sent twice, a slip.

use accounting::Role;
use base::{Day, Id, Money, PaymentId, TextError, check_text};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

use crate::error::PaymentError;
use crate::model::area;
use crate::rules::Standings;
use crate::settle::{Paid, hold};
use crate::tables::{self, Stored};
use crate::{PAYMENT, REVERSE};

/// The longest reason, in characters.
const MAX_REASON: usize = 500;

/// A payment to be taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReversePayment {
    /// The payment.
    pub payment_id: PaymentId,
    /// The day; today when absent.
    #[serde(default)]
    pub happened_on: Option<Day>,
    /// Why.
    pub reason: String,
}

/// Takes a payment back by one of negative amounts: what it settled is open again. A deposit that it
/// opened has to be there still.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn reverse_payment(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReversePayment,
) -> Result<Paid, PaymentError> {
    ctx.require(REVERSE)?;
    if request.reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    check_text("reason", &request.reason, MAX_REASON)?;
    let payment_id = request.payment_id;
    let original = tables::hold_payment(tx, ctx.company_id, payment_id)?
        .ok_or(PaymentError::NotFound { payment_id })?;
    if original.reverses {
        return Err(PaymentError::IsReversal { payment_id });
    }
    if let Some(by) = tables::reversed_by(tx, ctx.company_id, payment_id)? {
        return Err(PaymentError::Reversed { payment_id, by });
    }
    ctx.require_amount(REVERSE, original.amount_company)?;
    let on = request.happened_on.unwrap_or(ctx.today);
    let books = accounting::open_books(tx, ctx, area(original.kind, original.place_role), on)?;
    let standings = hold(tx, ctx, &books, original.keys())?;
    check_deposits(&original, &standings)?;
    let reversed = accounting::reverse(tx, ctx, original.entry_id, on)?;
    let paid = Paid {
        payment_id: tx.id()?,
        number: tx.number(ctx.company_id, "PAY")?,
        entry_id: reversed.entry_id,
        posted_on: reversed.posted_on,
        amount: Money::new(original.amount, original.currency).negate(),
        amount_company: Money::new(original.amount_company, ctx.currency).negate(),
        repeated: false,
    };
    tables::insert_reversal(tx, ctx, &paid, payment_id, on, &request.reason)?;
    let payload = serde_json::json!({ "number": paid.number, "reverses": payment_id });
    ctx.fact(tx, PAYMENT, payment_id.raw(), 2, "payments.reversed", payload);
    let detail = serde_json::json!({ "number": paid.number, "reason": request.reason });
    ctx.audit(tx, REVERSE, PAYMENT, payment_id.raw(), detail);
    Ok(paid)
}

/// Refuses when a deposit would be left with less than nothing.
fn check_deposits(original: &Stored, standings: &Standings) -> Result<(), PaymentError> {
    for ((role, kind, id), given) in original.deposits() {
        let slot = (role, kind.clone(), id, original.currency);
        let standing = standings.get(&slot).map_or(0, |standing| standing.amount_foreign);
        // A customer's deposit is a credit, one paid to a supplier a debit.
        let side = if role == Role::CustomerDeposits { -1 } else { 1 };
        let (left, needed) = (side * standing, side * given);
        if left < needed {
            let money = |minor| Money::new(minor, original.currency);
            let (left, needed) = (money(left), money(needed));
            return Err(PaymentError::DepositUsed { kind, id, left, needed });
        }
    }
    Ok(())
}
