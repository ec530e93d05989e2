//! `capture` records what a channel took from a customer for us, before anything was shipped.

use accounting::Role;
use base::{Day, Money, PartnerId};
use identity::Ctx;
use serde::Serialize;
use store::Tx;

use crate::CAPTURE;
use crate::error::PaymentError;
use crate::model::{Direction, Draft, Key, Kind, Part, Purse};
use crate::settle::{Paid, PaymentAnswer, settle_all, settle_one};

/// Money captured. It is made by the domain that knows what the deposit is for, so it names the open
/// line in words of its own code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Capture {
    /// The channel that holds the money, as its owner counts.
    pub channel_id: i64,
    /// The kind of what it was paid for: the deposit's open line.
    pub deposit_kind: &'static str,
    /// Its id.
    pub deposit_id: i64,
    /// Who paid, when known.
    pub partner_id: Option<PartnerId>,
    /// How much, above 0.
    pub amount: Money,
    /// The day; today when absent.
    pub happened_on: Option<Day>,
    /// How it was paid: `card`, `wallet`.
    pub method: String,
    /// What the channel calls the payment.
    pub reference: String,
    /// The client's own reference: the same one captures once. Empty for none.
    pub client_ref: String,
}

impl Capture {
    /// A capture of an amount today, without references.
    #[must_use]
    pub fn new(
        channel_id: i64,
        deposit_kind: &'static str,
        deposit_id: i64,
        amount: Money,
    ) -> Capture {
        Capture {
            channel_id,
            deposit_kind,
            deposit_id,
            partner_id: None,
            amount,
            happened_on: None,
            method: String::new(),
            reference: String::new(),
            client_ref: String::new(),
        }
    }
}

/// Captures, at most 1,000.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Captures {
    /// The captures.
    pub captures: Vec<Capture>,
    /// Whether one refusal stops all.
    pub all_or_nothing: bool,
}

/// Records a capture: the channel holds more for us, and the customer has a deposit. No revenue
/// comes of it yet.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn capture(tx: &mut Tx<'_>, ctx: &Ctx, request: Capture) -> Result<Paid, PaymentError> {
    ctx.require(CAPTURE)?;
    settle_one(tx, ctx, draft(ctx, request))
}

/// Records captures in a few statements, however many there are.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn capture_all(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: Captures,
) -> Result<Vec<PaymentAnswer>, PaymentError> {
    ctx.require(CAPTURE)?;
    let drafts = request.captures.into_iter().map(|capture| draft(ctx, capture)).collect();
    settle_all(tx, ctx, drafts, request.all_or_nothing)
}

fn draft(ctx: &Ctx, request: Capture) -> Draft {
    let told = serde_json::json!(request);
    let purse = Purse::Channel(request.channel_id);
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let key = Key::of(request.deposit_kind, request.deposit_id);
    let deposit = Part::opens(Role::CustomerDeposits, key, request.amount.minor);
    Draft {
        partner_id: request.partner_id,
        parts: vec![deposit],
        method: request.method,
        reference: request.reference,
        client_ref: request.client_ref,
        told,
        ..Draft::new(Kind::Capture, Direction::In, purse, happened_on, request.amount)
    }
}
