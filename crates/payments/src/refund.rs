//! `refund` gives a customer money back: a deposit that is not needed, or a refund decided before.

use accounting::Role;
use base::{Day, Money, PartnerId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

use crate::REFUND;
use crate::error::PaymentError;
use crate::model::{Direction, Draft, Kind, OpenRef, Part, Through, Wanted};
use crate::settle::{Paid, PaymentAnswer, settle_all, settle_one};

/// What is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundOf {
    /// A customer's deposit.
    Deposit,
    /// A refund that was decided and is payable.
    Decided,
}

impl RefundOf {
    fn role(self) -> Role {
        match self {
            RefundOf::Deposit => Role::CustomerDeposits,
            RefundOf::Decided => Role::RefundsPayable,
        }
    }
}

/// Money to give back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refund {
    /// What is given back.
    pub of: RefundOf,
    /// Its open line.
    pub open: OpenRef,
    /// Through which account it is paid.
    pub through: Through,
    /// How much, above 0 and at most what is open.
    pub amount: Money,
    /// What the bank moved in the company's currency, for a foreign refund; the day's rate when
    /// absent.
    #[serde(default)]
    pub bank_amount: Option<Money>,
    /// The day; today when absent.
    #[serde(default)]
    pub happened_on: Option<Day>,
    /// Who gets it, when known.
    #[serde(default)]
    pub partner_id: Option<PartnerId>,
    /// How it is paid: `card`, `transfer`.
    #[serde(default)]
    pub method: String,
    /// What the channel or the bank calls it.
    #[serde(default)]
    pub reference: String,
    /// The client's own reference: the same one refunds once. Empty for none.
    #[serde(default)]
    pub client_ref: String,
    /// A line for people.
    #[serde(default)]
    pub memo: String,
}

/// Refunds, at most 1,000.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refunds {
    /// The refunds.
    pub refunds: Vec<Refund>,
    /// Whether one refusal stops all.
    #[serde(default)]
    pub all_or_nothing: bool,
}

/// Gives money back, at most what is open.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn refund(tx: &mut Tx<'_>, ctx: &Ctx, request: Refund) -> Result<Paid, PaymentError> {
    ctx.require(REFUND)?;
    settle_one(tx, ctx, draft(ctx, request))
}

/// Gives money back many times in a few statements, each refund decided against what those before
/// it left.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn refund_all(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: Refunds,
) -> Result<Vec<PaymentAnswer>, PaymentError> {
    ctx.require(REFUND)?;
    let drafts = request.refunds.into_iter().map(|refund| draft(ctx, refund)).collect();
    settle_all(tx, ctx, drafts, request.all_or_nothing)
}

fn draft(ctx: &Ctx, request: Refund) -> Draft {
    let told = serde_json::json!(request);
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let wanted = Wanted::Exactly(request.amount.minor);
    let part = Part::settles(request.of.role(), request.open, wanted);
    let purse = request.through.into();
    Draft {
        partner_id: request.partner_id,
        bank_amount: request.bank_amount,
        parts: vec![part],
        method: request.method,
        reference: request.reference,
        client_ref: request.client_ref,
        memo: request.memo,
        told,
        ..Draft::new(Kind::Refund, Direction::Out, purse, happened_on, request.amount)
    }
}
