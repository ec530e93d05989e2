//! `decide_refund`, `allow_refund`, `approve_refund`: a customer gets money back.
//!
//! | | debit | credit |
//! | --- | --- | --- |
//! | refund of goods | sales returns, output tax | refunds payable, or the receivable as far as it is open |
//! | allowance | sales allowances, output tax | the same |
//!
//! The policy `refund_on` says when goods of a return may be refunded: when they have been decided
//! on, when they have arrived, or at once. What is payable is paid by `payments::refund` on the open
//! line `refund`.

use crate::error::RefundError;
use crate::model::{REFUND, Return};
use crate::receive_return::check_reason;
use crate::rules::{self, RefundOn};
use crate::words::RefundState;
use crate::{APPROVE, REFUND as PERMISSION, tables};
use accounting::Role;
use base::{
    CustomerReturnId, Day, Id, Money, PartnerId, Price, Quantity, RefundId, Rounding, SalesOrderId,
    check_text,
};
use identity::{
    Agreed, ApprovalKind, Ctx, FactKind, NamedFact, Otherwise, RequestApproval, Verdict,
};
use sales::{Credit, CreditLine, Prices, Sold, Worth};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Refunds, as approvals know them.
pub static REFUNDS: ApprovalKind = ApprovalKind {
    name: REFUND,
    permission: APPROVE,
    another: false,
    facts: &[
        FactKind {
            name: "refund_of",
            number: false,
            about: "goods, or an allowance without goods",
        },
        FactKind {
            name: "unknown_sale",
            number: false,
            about: "yes when no order is known for it",
        },
    ],
};

/// Goods of a return whose price is given back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideRefund {
    /// The return.
    pub return_id: CustomerReturnId,
    /// Of what; all that may be refunded now when absent.
    #[serde(default)]
    pub lines: Option<Vec<RefundLine>>,
    /// The day; today when absent.
    #[serde(default)]
    pub decided_on: Option<Day>,
    /// Why, for the credit note.
    pub reason: String,
    /// The client's own key of the refund: a second one with it is the same refund.
    #[serde(default)]
    pub client_ref: String,
}

/// Goods of one line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundLine {
    /// The return's line.
    pub line: i64,
    /// Of how much; all that may be refunded now when absent.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// What is given back for it in all, net or gross as the prices of the sale are; its price, or
    /// the one agreed with the return, when absent.
    #[serde(default)]
    pub amount: Option<Money>,
}

/// A part of the price that is given back without goods.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllowRefund {
    /// The order.
    pub order_id: SalesOrderId,
    /// Of which lines, and how much.
    pub lines: Vec<AllowanceLine>,
    /// The day; today when absent.
    #[serde(default)]
    pub decided_on: Option<Day>,
    /// Why, for the credit note.
    pub reason: String,
    /// The client's own key of the refund: a second one with it is the same refund.
    #[serde(default)]
    pub client_ref: String,
}

/// A part of the price of one line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AllowanceLine {
    /// The order's line.
    pub line: i64,
    /// How much, net or gross as the order's prices are.
    pub amount: Money,
}

/// A yes or no to a refund.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveRefund {
    /// The refund.
    pub refund_id: RefundId,
    /// Yes or no.
    pub verdict: Verdict,
    /// Why; a refusal needs it.
    #[serde(default)]
    pub reason: String,
}

/// A refund as decided, or as it waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefundDecided {
    /// The refund; also the id of its open line.
    pub refund_id: RefundId,
    /// Its number.
    pub number: String,
    /// How far it is.
    pub state: RefundState,
    /// The credit note's legal number, empty while it waits.
    pub credit_note: String,
    /// Without tax.
    pub net: Money,
    /// The tax, at the rate of the sale.
    pub tax: Money,
    /// With tax.
    pub gross: Money,
    /// How much is to be paid; the rest was taken off what the customer owed.
    pub payable: Money,
    /// Whether it was there before: nothing was done again.
    pub repeated: bool,
}

/// What is asked for a line: its number, of how much, and how much money in all.
pub(crate) type Asked = (i64, Quantity, Option<i64>);

/// A refund about to be decided, with what it holds.
struct Planned {
    returned: Option<Return>,
    sold: Option<Sold>,
    partner_id: Option<PartnerId>,
    asked: Vec<Asked>,
    lines: Vec<CreditLine>,
}

/// A refund as it is held.
pub(crate) struct Waiting {
    pub number: String,
    pub return_id: Option<CustomerReturnId>,
    pub order_id: Option<SalesOrderId>,
    pub state: RefundState,
    pub revision: i64,
    pub reason: String,
    pub decided_on: Day,
    pub lines: Vec<Asked>,
}

/// A refund about to be written.
pub(crate) struct NewRefund<'a> {
    pub id: RefundId,
    pub number: &'a str,
    pub client_ref: &'a str,
    pub return_id: Option<CustomerReturnId>,
    pub order_id: Option<SalesOrderId>,
    pub partner_id: Option<PartnerId>,
    pub reason: &'a str,
    pub decided_on: Day,
    pub net: i64,
    pub tax: i64,
    pub credited: Option<&'a sales::Credited>,
    pub lines: &'a [Asked],
}

/// Gives the price of returned goods back, or asks for somebody's yes when it is above what the
/// caller may give.
///
/// # Errors
/// The first broken rule in the order of [`RefundError`].
pub fn decide_refund(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DecideRefund,
) -> Result<RefundDecided, RefundError> {
    ctx.require(PERMISSION)?;
    let return_id = request.return_id;
    let returned =
        tables::lock_return(tx, ctx, return_id)?.ok_or(RefundError::NoReturn { return_id })?;
    let (reason, client_ref) = (request.reason, request.client_ref);
    check_reason(&reason)?;
    check_text("client_ref", &client_ref, 200)?;
    if let Some(earlier) = tables::refund_by_ref(tx, ctx, &client_ref)? {
        return Ok(earlier);
    }
    let planned = of_goods(tx, ctx, returned, request.lines)?;
    let decided_on = request.decided_on.unwrap_or(ctx.today);
    decide(tx, ctx, planned, (&reason, &client_ref, decided_on))
}

/// Gives a part of the price of an order's lines back; its goods stay where they are.
///
/// # Errors
/// The first broken rule in the order of [`RefundError`].
pub fn allow_refund(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AllowRefund,
) -> Result<RefundDecided, RefundError> {
    ctx.require(PERMISSION)?;
    let order_id = request.order_id;
    let sold = sales::hold_sold(tx, ctx, order_id)?.ok_or(RefundError::NoOrder { order_id })?;
    check_reason(&request.reason)?;
    check_text("client_ref", &request.client_ref, 200)?;
    if let Some(earlier) = tables::refund_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(earlier);
    }
    let mut lines = Vec::with_capacity(request.lines.len());
    for AllowanceLine { line, amount } in &request.lines {
        lines.push((*line, Quantity::ZERO, Some(minor(ctx, *line, *amount)?)));
    }
    let planned = without_goods(sold, lines)?;
    let decided_on = request.decided_on.unwrap_or(ctx.today);
    decide(tx, ctx, planned, (&request.reason, &request.client_ref, decided_on))
}

/// Decides on a refund that waits. Approved, the money is owed, as far as it still may be given back.
///
/// # Errors
/// The first broken rule in the order of [`RefundError`].
pub fn approve_refund(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ApproveRefund,
) -> Result<RefundDecided, RefundError> {
    let refund_id = request.refund_id;
    let waiting =
        tables::lock_refund(tx, ctx, refund_id)?.ok_or(RefundError::NotFound { refund_id })?;
    if waiting.state != RefundState::ToApprove {
        let Waiting { number, state, .. } = waiting;
        return Err(RefundError::NotWaiting { number, state });
    }
    let decision = identity::Decide {
        kind: &REFUNDS,
        subject_id: refund_id.raw(),
        revision: waiting.revision,
        verdict: request.verdict,
        reason: request.reason,
    };
    let agreed = identity::decide(tx, ctx, decision)?.agreed;
    if agreed == Agreed::NotYet {
        return tables::refund(tx, ctx, refund_id)?.ok_or(RefundError::NotFound { refund_id });
    }
    let told = serde_json::json!({ "number": waiting.number, "verdict": request.verdict });
    ctx.fact(tx, REFUND, refund_id.raw(), 2, "quality.refund_decided", told.clone());
    ctx.audit(tx, APPROVE, REFUND, refund_id.raw(), told);
    if request.verdict == Verdict::Approve {
        let planned = again(tx, ctx, &waiting)?;
        let reason = (waiting.reason.as_str(), waiting.decided_on.max(ctx.today));
        let (_, credited) = book(tx, ctx, planned, refund_id, reason)?;
        tables::decide_refund(tx, ctx, refund_id, Some((&credited, reason.1)))?;
    } else {
        tables::decide_refund(tx, ctx, refund_id, None)?;
    }
    tables::refund(tx, ctx, refund_id)?.ok_or(RefundError::NotFound { refund_id })
}

/// What a refund that waited asks for, against what may be given back now.
fn again(tx: &mut Tx<'_>, ctx: &Ctx, waiting: &Waiting) -> Result<Planned, RefundError> {
    if let Some(return_id) = waiting.return_id {
        let returned =
            tables::lock_return(tx, ctx, return_id)?.ok_or(RefundError::NoReturn { return_id })?;
        let lines = waiting.lines.iter().map(|&(line, quantity, amount)| RefundLine {
            line,
            quantity: Some(quantity),
            amount: amount.map(|minor| Money::new(minor, ctx.currency)),
        });
        return of_goods(tx, ctx, returned, Some(lines.collect()));
    }
    let gone = || StoreError::Unusable("a refund is of no return and of no order".to_owned());
    let order_id = waiting.order_id.ok_or_else(gone)?;
    let sold = sales::hold_sold(tx, ctx, order_id)?.ok_or(RefundError::NoOrder { order_id })?;
    without_goods(sold, waiting.lines.clone())
}

/// Plans a refund of goods: of each line at most what the policy lets be refunded now.
fn of_goods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    returned: Return,
    lines: Option<Vec<RefundLine>>,
) -> Result<Planned, RefundError> {
    let waits_for = identity::policies(tx, ctx.company_id)?.text("refund_on").to_owned();
    let on = RefundOn::of(&waits_for);
    let mut sold = match returned.order_id {
        Some(order_id) => sales::hold_sold(tx, ctx, order_id)?,
        None => None,
    };
    let all = lines.is_none();
    let whole = |line: i64| RefundLine { line, quantity: None, amount: None };
    let lines =
        lines.unwrap_or_else(|| returned.lines.iter().map(|known| whole(known.line)).collect());
    check_once(lines.iter().map(|line| line.line))?;
    let (mut asked, mut credit) = (Vec::new(), Vec::new());
    for RefundLine { line, quantity, amount } in lines {
        let amount = amount.map(|amount| minor(ctx, line, amount)).transpose()?;
        let at = returned.lines.binary_search_by_key(&line, |known| known.line);
        let of = &returned.lines[at.map_err(|_| RefundError::UnknownLine { line })?];
        let open = rules::refundable(on, of, &returned.goods)?;
        let quantity = quantity.unwrap_or(open);
        if quantity.is_negative() || amount.is_some_and(|amount| amount < 0) {
            return Err(RefundError::NotPositive { line });
        }
        if quantity > open || (!all && quantity.is_zero()) {
            let (asked, waits_for) = (quantity, waits_for.clone());
            return Err(RefundError::NotDue { line, asked, open, waits_for });
        }
        if quantity.is_zero() {
            continue;
        }
        let agreed = |price: Price| price.extend(quantity, ctx.currency, Rounding::HalfUp);
        let amount_now = match amount {
            Some(amount) => Some(amount),
            None => of.price.map(agreed).transpose()?,
        };
        credit.push(match (&mut sold, of.order_line) {
            (Some(sold), Some(order_line)) => {
                let worth = amount_now.map_or(Worth::AsSold, Worth::Amount);
                sold.worth(order_line, quantity, worth)?
            }
            _ => unknown(of, returned.prices, quantity, amount_now.unwrap_or(0))?,
        });
        asked.push((line, quantity, amount));
    }
    if credit.iter().all(|line| line.net == 0 && line.tax == 0) {
        return Err(RefundError::Nothing { waits_for });
    }
    let partner_id = returned.partner_id;
    Ok(Planned { returned: Some(returned), sold, partner_id, asked, lines: credit })
}

/// An amount in the company's currency, in minor units.
fn minor(ctx: &Ctx, line: i64, amount: Money) -> Result<i64, RefundError> {
    if amount.currency == ctx.currency {
        Ok(amount.minor)
    } else {
        Err(RefundError::OtherCurrency { line, currency: amount.currency })
    }
}

/// A line of a sale that the books do not know, at its rate.
fn unknown(
    of: &crate::model::Line,
    prices: Prices,
    quantity: Quantity,
    amount: i64,
) -> Result<CreditLine, RefundError> {
    let rounding = Rounding::HalfUp;
    let (net, tax) = match prices {
        Prices::Net => (amount, accounting::rules::tax_on_net(amount, of.tax_rate, rounding)?),
        Prices::Gross => {
            let tax = accounting::rules::tax_in_gross(amount, of.tax_rate, rounding)?;
            (amount - tax, tax)
        }
    };
    Ok(CreditLine { order_line: None, quantity, tax_code_id: of.tax_code_id, net, tax })
}

fn without_goods(mut sold: Sold, asked: Vec<Asked>) -> Result<Planned, RefundError> {
    check_once(asked.iter().map(|line| line.0))?;
    let mut lines = Vec::with_capacity(asked.len());
    for &(line, quantity, amount) in &asked {
        let amount = amount.unwrap_or(0);
        if amount <= 0 {
            return Err(RefundError::NotPositive { line });
        }
        lines.push(sold.worth(line, quantity, Worth::Amount(amount))?);
    }
    if lines.is_empty() {
        return Err(RefundError::Nothing { waits_for: "lines".to_owned() });
    }
    let partner_id = sold.partner_id();
    Ok(Planned { returned: None, sold: Some(sold), partner_id, asked, lines })
}

fn check_once(lines: impl Iterator<Item = i64>) -> Result<(), RefundError> {
    let mut seen = BTreeSet::new();
    for line in lines {
        if !seen.insert(line) {
            return Err(RefundError::Twice { line });
        }
    }
    Ok(())
}

/// Books a planned refund, or has it wait for somebody's yes.
fn decide(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    planned: Planned,
    (reason, client_ref, decided_on): (&str, &str, Day),
) -> Result<RefundDecided, RefundError> {
    let sum = |part: fn(&CreditLine) -> i64| {
        let add = |sum: i64, line: &CreditLine| sum.checked_add(part(line));
        planned.lines.iter().try_fold(0, add).ok_or(base::NumberError::OutOfRange)
    };
    let (net, tax) = (sum(|line| line.net)?, sum(|line| line.tax)?);
    let gross = net.checked_add(tax).ok_or(base::NumberError::OutOfRange)?;
    let id: RefundId = tx.id()?;
    let number = tx.number(ctx.company_id, "RF")?;
    let (return_id, order_id) = (
        planned.returned.as_ref().map(|returned| returned.id),
        planned.sold.as_ref().map(Sold::order_id),
    );
    let (partner_id, asked) = (planned.partner_id, planned.asked.clone());
    let waits = ask(tx, ctx, (id, &number), &planned, (gross, reason))?;
    let credited = match waits {
        true => None,
        false => Some(book(tx, ctx, planned, id, (reason, decided_on))?.1),
    };
    let new = NewRefund {
        id,
        number: &number,
        client_ref,
        return_id,
        order_id,
        partner_id,
        reason,
        decided_on,
        net,
        tax,
        credited: credited.as_ref(),
        lines: &asked,
    };
    tables::insert_refund(tx, ctx, &new)?;
    let told = serde_json::json!({
        "number": number, "gross": Money::new(gross, ctx.currency), "reason": reason,
        "waits": waits,
    });
    ctx.fact(tx, REFUND, id.raw(), 1, "quality.refund_decided", told.clone());
    ctx.audit(tx, PERMISSION, REFUND, id.raw(), told);
    let money = |minor| Money::new(minor, ctx.currency);
    let state = if waits { RefundState::ToApprove } else { RefundState::Decided };
    let payable = credited.as_ref().map_or(0, |credited| credited.payable);
    Ok(RefundDecided {
        refund_id: id,
        number,
        state,
        credit_note: credited.map_or_else(String::new, |credited| credited.number),
        net: money(net),
        tax: money(tax),
        gross: money(gross),
        payable: money(payable),
        repeated: false,
    })
}

/// Whether another person has to agree to a refund: who is then asked.
fn ask(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (id, number): (RefundId, &str),
    planned: &Planned,
    (gross, reason): (i64, &str),
) -> Result<bool, RefundError> {
    let above = identity::policies(tx, ctx.company_id)?.number("approve_refunds_above");
    let total = Money::new(gross, ctx.currency);
    let company = || {
        let above = Money::new(above, ctx.currency);
        format!("because {total} is above {above}, up to which the company asks nobody")
    };
    let limit = ctx.amount_limit(PERMISSION);
    let own = || format!("because {total} is above the limit of whoever gives it back");
    let of = match planned.returned {
        Some(_) => NamedFact::word("refund_of", "goods", "it is for goods"),
        None => NamedFact::word("refund_of", "allowance", "it is an allowance without goods"),
    };
    let mut named = vec![of];
    if planned.sold.is_none() {
        named.push(NamedFact::word("unknown_sale", "yes", "no order is known for it"));
    }
    let request = RequestApproval {
        kind: &REFUNDS,
        subject_id: id.raw(),
        number: number.to_owned(),
        revision: 1,
        facts: serde_json::json!({ "refund": number, "gross": total, "reason": reason }),
        named,
        amount: gross,
        otherwise: Otherwise {
            always: rules::needs_approval(gross, None, above).then(company),
            without_rules: rules::needs_approval(gross, limit, i64::MAX).then(own),
        },
    };
    Ok(identity::request_approval(tx, ctx, request)?.is_some())
}

/// Books a refund: its credit note, and what is refunded of the return's lines.
fn book(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    planned: Planned,
    id: RefundId,
    (reason, decided_on): (&str, Day),
) -> Result<(Option<CustomerReturnId>, sales::Credited), RefundError> {
    let Planned { returned, sold, partner_id, asked, lines } = planned;
    let return_id = returned.as_ref().map(|returned| returned.id);
    if let Some(returned) = &returned {
        let refunded: Vec<_> = asked
            .iter()
            .map(|(line, quantity, _)| (*line, Quantity::ZERO, Quantity::ZERO, *quantity))
            .collect();
        tables::add_to_lines(tx, ctx, returned.id, &refunded)?;
        tables::raise_return(tx, ctx, returned)?;
    }
    let credit = Credit {
        sold,
        partner_id,
        lines,
        role: if returned.is_some() { Role::SalesReturns } else { Role::SalesAllowances },
        credited_on: decided_on,
        reason: reason.to_owned(),
        source_kind: REFUND,
        source_id: id.raw(),
    };
    Ok((return_id, sales::credit(tx, ctx, credit)?))
}
