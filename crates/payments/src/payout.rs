//! `payout` records that a channel paid out what it held for us.

use accounting::Role;
use base::{Day, Money};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

use crate::book_fee::{Fee, parts, tax_rates};
use crate::error::PaymentError;
use crate::model::{Direction, Draft, Key, Kind, Part, Purse, Wanted};
use crate::settle::{Paid, settle_one};
use crate::{CHANNEL, PAYOUT};

/// A payout.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Payout {
    /// The channel, as its owner counts.
    pub channel_id: i64,
    /// What arrived at the bank, in the currency in which the channel holds it.
    pub amount: Money,
    /// What the channel kept of it: the channel then held `amount` and these for us.
    #[serde(default)]
    pub fees: Vec<Fee>,
    /// What the bank moved in the company's currency, for a foreign payout; the day's rate when
    /// absent.
    #[serde(default)]
    pub bank_amount: Option<Money>,
    /// The day; today when absent.
    #[serde(default)]
    pub happened_on: Option<Day>,
    /// What the channel or the bank calls it.
    #[serde(default)]
    pub reference: String,
    /// The client's own reference: the same one is booked once. Empty for none.
    #[serde(default)]
    pub client_ref: String,
    /// A line for people.
    #[serde(default)]
    pub memo: String,
}

/// Records a payout: with its fees never more than the channel holds for us.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn payout(tx: &mut Tx<'_>, ctx: &Ctx, request: Payout) -> Result<Paid, PaymentError> {
    ctx.require(PAYOUT)?;
    let told = serde_json::json!(request);
    let amount = request.amount;
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let rates = tax_rates(tx, ctx, &request.fees, happened_on)?;
    let (mut parts, cost) = parts(amount.currency, &request.fees, &rates, Direction::In)?;
    let held = amount.minor.checked_add(cost).ok_or(PaymentError::OutOfRange)?;
    let key = Key::of(CHANNEL, request.channel_id);
    parts.insert(0, Part::settles(Role::ChannelClearing, key, Wanted::Exactly(held)));
    let draft = Draft {
        bank_amount: request.bank_amount,
        parts,
        reference: request.reference,
        client_ref: request.client_ref,
        memo: request.memo,
        told,
        ..Draft::new(Kind::Payout, Direction::In, Purse::Bank, happened_on, amount)
    };
    settle_one(tx, ctx, draft)
}
