//! `book_fee` books what a channel or the bank charged, or gave back.

use accounting::{Role, TaxKind, TaxRate, rules};
use base::{Currency, Day, Money, Rounding};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Tx;
use utoipa::ToSchema;

use crate::PAYOUT;
use crate::error::PaymentError;
use crate::model::{Direction, Draft, Kind, Part, Through};
use crate::settle::{Paid, settle_one};

/// On which account a fee is a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeeAccount {
    /// What channels charge.
    ChannelFees,
    /// What the bank charges.
    BankFees,
    /// What agents and causes get of a sale.
    Commission,
}

impl FeeAccount {
    fn role(self) -> Role {
        match self {
            FeeAccount::ChannelFees => Role::ChannelFees,
            FeeAccount::BankFees => Role::BankFees,
            FeeAccount::Commission => Role::Commission,
        }
    }
}

/// A fee: a cost is positive, a fee given back negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// On which account.
    pub account: FeeAccount,
    /// The fee without its tax.
    pub net: Money,
    /// The code of its tax; none when absent.
    #[serde(default)]
    pub tax_code: Option<String>,
    /// The tax as it was charged, with the sign of `net`; by the code's rate when absent.
    #[serde(default)]
    pub tax: Option<Money>,
}

/// A fee to be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookFee {
    /// Who took it: a channel of what it holds for us, or the bank.
    pub through: Through,
    /// The fee.
    pub fee: Fee,
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

/// Books a fee with its tax. What a channel holds for us may become negative: the next payout is
/// smaller.
///
/// # Errors
/// [`PaymentError`], in its order.
pub fn book_fee(tx: &mut Tx<'_>, ctx: &Ctx, request: BookFee) -> Result<Paid, PaymentError> {
    ctx.require(PAYOUT)?;
    let told = serde_json::json!(request);
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let fees = [request.fee];
    let net = fees[0].net;
    let direction = if net.minor < 0 { Direction::In } else { Direction::Out };
    let rates = tax_rates(tx, ctx, &fees, happened_on)?;
    let (parts, _) = parts(net.currency, &fees, &rates, direction)?;
    let purse = request.through.into();
    let draft = Draft {
        amount: None,
        parts,
        reference: request.reference,
        client_ref: request.client_ref,
        memo: request.memo,
        told,
        ..Draft::new(Kind::BookFee, direction, purse, happened_on, net)
    };
    settle_one(tx, ctx, draft)
}

/// The rates of the fees' tax codes on a day.
pub(crate) fn tax_rates(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    fees: &[Fee],
    day: Day,
) -> Result<BTreeMap<String, TaxRate>, PaymentError> {
    let codes: Vec<&str> = fees.iter().filter_map(|fee| fee.tax_code.as_deref()).collect();
    if codes.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(accounting::find_tax_codes_by_code(tx, ctx.company_id, &codes, day)?)
}

/// What fees are for a payment of a direction, and what they cost in all: money that comes in is
/// lessened by them. Tax that nobody gives back is part of the cost; under reverse charge the tax is
/// ours to declare, and not paid here.
pub(crate) fn parts(
    currency: Currency,
    fees: &[Fee],
    rates: &BTreeMap<String, TaxRate>,
    direction: Direction,
) -> Result<(Vec<Part>, i64), PaymentError> {
    let sign = direction.sign();
    let mut parts = Vec::with_capacity(2 * fees.len());
    let mut cost: i64 = 0;
    for fee in fees {
        let net = minor(fee.net, currency)?;
        let Some(rate) = fee.tax_code.as_ref().and_then(|code| rates.get(code)) else {
            parts.push(Part::books(fee.account.role(), sign * net));
            cost = add(cost, net)?;
            continue;
        };
        let tax = match fee.tax {
            Some(tax) => minor(tax, currency)?,
            None => rules::tax_on_net(net, rate.rate, Rounding::HalfUp)?,
        };
        let recoverable = rules::recoverable_tax(tax, rate.recoverable, Rounding::HalfUp)?;
        let fee_cost = add(net, tax - recoverable)?;
        parts.push(Part::books(fee.account.role(), sign * fee_cost));
        let tagged = |role, tax: i64, net: i64| Part {
            tax: Some((rate.id, sign * net)),
            ..Part::books(role, sign * tax)
        };
        parts.push(tagged(Role::InputTax, recoverable, net));
        if rate.kind == TaxKind::ReverseCharge {
            parts.push(tagged(Role::OutputTax, -tax, -net));
            cost = add(cost, net)?;
        } else {
            cost = add(cost, add(net, tax)?)?;
        }
    }
    Ok((parts, cost))
}

fn minor(money: Money, currency: Currency) -> Result<i64, PaymentError> {
    if money.currency == currency {
        Ok(money.minor)
    } else {
        Err(PaymentError::CurrencyMismatch { currency, other: money.currency })
    }
}

fn add(a: i64, b: i64) -> Result<i64, PaymentError> {
    a.checked_add(b).ok_or(PaymentError::OutOfRange)
}
