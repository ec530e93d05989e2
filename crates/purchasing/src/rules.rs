//! Pure decisions of buying: prices and offers, shares, tolerances, approval and the match of bills.

use crate::model::Offer;
use crate::words::MatchState;
use accounting::{Line as EntryLine, OpenKey, Role, TaxKind, TaxRate};
use base::{
    Currency, Day, Money, NumberError, Price, Quantity, Rate, Ratio, Rounding, div_round, mul_div,
};
use catalog::{Item, Unit};

/// The offer for a quantity on a day: among those that hold then and whose least quantity is
/// reached, the one with the highest least quantity (the price break), of equal ones the newest, of
/// those the cheapest. The quantity is in the item's stock unit.
#[must_use]
pub fn choose_offer(offers: &[Offer], quantity: Quantity, day: Day) -> Option<&Offer> {
    offers
        .iter()
        .filter(|offer| offer.from_on <= day && offer.to_on.is_none_or(|last| day <= last))
        .filter_map(|offer| Some((least(offer)?, offer)))
        .filter(|(least, _)| *least <= quantity)
        .max_by_key(|(least, offer)| {
            (*least, offer.from_on, std::cmp::Reverse(unit_price(offer)), std::cmp::Reverse(offer.id))
        })
        .map(|(_, offer)| offer)
}

/// The least quantity of an offer in the stock unit.
fn least(offer: &Offer) -> Option<Quantity> {
    offer.ratio.convert(offer.min_quantity, Rounding::Up).ok()
}

/// What a stock unit costs by an offer after discount, for comparing.
fn unit_price(offer: &Offer) -> Option<Price> {
    let price = price_in(offer.price, offer.ratio, Ratio::ONE).ok()?;
    price.apply_percent_discount(offer.discount).ok()
}

/// A price per unit of `from` as a price per unit of `to`; both are in stock units.
pub(crate) fn price_in(price: Price, from: Ratio, to: Ratio) -> Result<Price, NumberError> {
    let factor = to.times(from.invert())?;
    mul_div(price.micro(), factor.numerator(), factor.denominator(), Rounding::HalfUp)
        .map(Price::from_micro)
}

/// How many stock units of an item make one unit of this code; nothing when they do not convert.
pub(crate) fn ratio_to_stock(item: &Item, units: &[Unit], code: &str) -> Option<Ratio> {
    if item.stock_unit.code == code {
        return Some(Ratio::ONE);
    }
    if item.purchase_unit.code == code {
        return Some(item.purchase_ratio);
    }
    let unit = units.iter().find(|unit| unit.code == code)?;
    if unit.family == item.stock_unit.family {
        return unit.ratio.times(item.stock_unit.ratio.invert()).ok();
    }
    if unit.family == item.purchase_unit.family {
        let purchase = unit.ratio.times(item.purchase_unit.ratio.invert()).ok()?;
        return purchase.times(item.purchase_ratio).ok();
    }
    None
}

/// A sum that is kept in range.
pub(crate) fn sum(parts: impl IntoIterator<Item = i64>) -> Result<i64, NumberError> {
    div_round(parts.into_iter().map(i128::from).sum(), 1, Rounding::Down)
}

/// A part's share of the value of a whole; the whole takes it all.
pub(crate) fn share(value: i64, whole: Quantity, part: Quantity) -> Result<i64, NumberError> {
    if part == whole {
        return Ok(value);
    }
    mul_div(value, part.micro(), whole.micro(), Rounding::HalfUp)
}

/// The value of the next `part` of a whole after `before` of it: the difference of two cumulated
/// shares, so that no partial delivery loses a minor unit. Beyond the whole it goes on evenly.
pub(crate) fn next_share(
    value: i64,
    whole: Quantity,
    before: Quantity,
    part: Quantity,
) -> Result<i64, NumberError> {
    let after = before.checked_add(part)?;
    sum([share(value, whole, after)?, -share(value, whole, before)?])
}

/// What a quantity costs at a price after discount, in minor units.
pub(crate) fn net(
    price: Price,
    discount: Rate,
    quantity: Quantity,
    currency: Currency,
) -> Result<i64, NumberError> {
    price.apply_percent_discount(discount)?.extend(quantity, currency, Rounding::HalfUp)
}

/// The tax on a net amount of a purchase, all in the same minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tax {
    /// What the supplier adds to the bill.
    pub charged: i64,
    /// What the tax office gives back.
    pub recoverable: i64,
    /// What it does not: a part of the goods' cost.
    pub sunk: i64,
    /// What the buyer declares instead of the supplier.
    pub declared: i64,
}

/// The tax on a net amount.
pub(crate) fn tax_on(net: i64, rate: Option<&TaxRate>) -> Result<Tax, NumberError> {
    let Some(rate) = rate else { return Ok(Tax::default()) };
    let tax = rate.rate.apply(net, Rounding::HalfUp)?;
    let recoverable = rate.recoverable.apply(tax, Rounding::HalfUp)?;
    let reverse = rate.kind == TaxKind::ReverseCharge;
    Ok(Tax {
        charged: if reverse { 0 } else { tax },
        recoverable,
        sunk: sum([tax, -recoverable])?,
        declared: if reverse { tax } else { 0 },
    })
}

/// An amount of a document in the company's currency.
pub(crate) fn at_rate(
    minor: i64,
    from: Currency,
    rate: Rate,
    to: Currency,
) -> Result<i64, NumberError> {
    if from == to {
        return Ok(minor);
    }
    rate.convert(Money::new(minor, from), to, Rounding::HalfUp).map(|money| money.minor)
}

/// A line on an open item of a control account, with the amount in the document's currency.
pub(crate) fn open_line(
    role: Role,
    key: OpenKey,
    value: i64,
    foreign: i64,
    currency: Currency,
    home: Currency,
) -> EntryLine {
    let line = EntryLine::new(role, value).open(key);
    if currency == home { line } else { line.foreign(Money::new(foreign, currency)) }
}

/// The most that may be received of a quantity ordered.
pub(crate) fn most(ordered: Quantity, percent: i64) -> Result<Quantity, NumberError> {
    let over = mul_div(ordered.micro(), percent, 100, Rounding::Down)?;
    ordered.checked_add(Quantity::from_micro(over))
}

/// Whether `after` is above `before` by more than so many percent.
pub(crate) fn rises_beyond(before: i64, after: i64, percent: i64) -> bool {
    i128::from(after) * 100 > i128::from(before) * (100 + i128::from(percent))
}

/// Whether `after` differs from `before` by more than so many percent.
pub(crate) fn differs_beyond(before: i64, after: i64, percent: i64) -> bool {
    (i128::from(after) - i128::from(before)).abs() * 100
        > i128::from(before).abs() * i128::from(percent)
}

/// Whether an order needs somebody else's yes: above what its author may approve, or above the
/// amount from which the company asks for one. Amounts in the company's currency.
pub(crate) fn needs_approval(total: i64, limit: Option<i64>, above: i64) -> bool {
    limit.is_some_and(|limit| total > limit) || total > above
}

/// How a bill's line is matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Matching {
    /// What may be billed at most, and what is billed after this line; in the stock unit.
    pub allowed: Quantity,
    pub billed: Quantity,
    /// The price ordered and the price billed.
    pub ordered_price: Price,
    pub billed_price: Price,
    /// The line's price difference in the company's currency.
    pub difference: i64,
    /// What is tolerated of the price: percent, or minor units of the line.
    pub percent: i64,
    pub amount: i64,
}

/// Matches a bill's line with order and receipts. A wrong quantity is told before a wrong price.
pub(crate) fn match_line(matching: Matching) -> MatchState {
    let Matching { allowed, billed, ordered_price, billed_price, difference, .. } = matching;
    if billed > allowed {
        return MatchState::QuantityMismatch;
    }
    let differs = differs_beyond(ordered_price.micro(), billed_price.micro(), matching.percent);
    if differs && difference.abs() > matching.amount {
        return MatchState::PriceMismatch;
    }
    MatchState::Matched
}

/// How much of each of some receipts, in their order, lies in a range of what was received.
pub(crate) fn overlap(
    receipts: &[Quantity],
    from: Quantity,
    to: Quantity,
) -> Result<Vec<Quantity>, NumberError> {
    let mut begin = Quantity::ZERO;
    let mut parts = Vec::with_capacity(receipts.len());
    for receipt in receipts {
        let end = begin.checked_add(*receipt)?;
        let part = end.min(to).checked_sub(begin.max(from))?;
        parts.push(part.max(Quantity::ZERO));
        begin = end;
    }
    Ok(parts)
}
