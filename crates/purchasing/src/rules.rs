//! Pure decisions of buying: prices and offers, shares, tolerances, approval and the match of bills.

use crate::model::{Line, Offer};
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
            (
                *least,
                offer.from_on,
                std::cmp::Reverse(unit_price(offer)),
                std::cmp::Reverse(offer.id),
            )
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
    let unit = units.iter().find(|unit| unit.code == code)?;
    catalog::ratio_to_stock(item, unit).ok()
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

/// The most that may be received of a quantity ordered. Of goods that are kept in whole units the
/// tolerance is whole as well: a part of a piece never comes.
pub(crate) fn most(ordered: Quantity, percent: i64, whole: bool) -> Result<Quantity, NumberError> {
    let over = mul_div(ordered.micro(), percent, 100, Rounding::Down)?;
    let part = if whole { over % Quantity::MICRO } else { 0 };
    ordered.checked_add(Quantity::from_micro(over - part))
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

/// What a stock unit of a line costs after discount.
pub(crate) fn unit_net(line: &Line) -> Result<Price, NumberError> {
    price_in(line.price, line.ratio, Ratio::ONE)?.apply_percent_discount(line.discount)
}

/// By how many percent a price is over another, to two decimals; nothing when it is not, or beside a
/// price of nothing.
pub(crate) fn percent_over(price: Price, than: Price) -> Option<Quantity> {
    let over = price.micro().checked_sub(than.micro())?;
    if over <= 0 || than.micro() <= 0 {
        return None;
    }
    let hundredths = mul_div(over, 10_000, than.micro(), Rounding::HalfUp).ok()?;
    hundredths.checked_mul(10_000).map(Quantity::from_micro)
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

/// A rule about the inspection of goods of a supplier, already known to hold for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct InspectionRule {
    /// The item, 0 for any.
    pub item: i64,
    /// Whether it names the supplier.
    pub partner: bool,
    pub inspect: bool,
}

/// Whether goods of an item are inspected: by the rule that says most, of which one about the item
/// says more than one about the supplier; without any, by the company's policy.
pub(crate) fn is_inspected(rules: &[InspectionRule], item: i64, policy: bool) -> bool {
    let about = rules.iter().filter(|rule| rule.item == 0 || rule.item == item);
    about.max_by_key(|rule| (rule.item != 0, rule.partner)).map_or(policy, |rule| rule.inspect)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Waiting;
    use base::{Id, ItemId, OfferId, PartnerId};

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn offer(
        id: i64,
        unit_size: i64,
        least: i64,
        price: &str,
        from: &str,
        to: Option<&str>,
    ) -> Offer {
        Offer {
            id: OfferId::from_raw(id),
            partner_id: PartnerId::from_raw(1),
            item_id: ItemId::from_raw(1),
            currency: Currency::GBP,
            unit: "any".to_owned(),
            ratio: Ratio::new(unit_size, 1).unwrap(),
            min_quantity: Quantity::units(least),
            multiple: Quantity::ZERO,
            lead_days: 0,
            from_on: day(from),
            to_on: to.map(day),
            price: Price::parse(price).unwrap(),
            discount: Rate::ZERO,
            supplier_sku: String::new(),
        }
    }

    #[test]
    fn the_rule_that_says_most_about_the_goods_says_whether_they_are_inspected() {
        let rule = |item, partner, inspect| InspectionRule { item, partner, inspect };
        let check = |rules: &[InspectionRule], policy, expected| {
            assert_eq!(is_inspected(rules, 7, policy), expected, "{rules:?} {policy}");
        };
        check(&[], false, false);
        check(&[], true, true);
        check(&[rule(8, false, true), rule(8, true, true)], false, false);
        check(&[rule(0, true, true)], false, true);
        check(&[rule(0, true, true), rule(7, false, false)], true, false);
        check(&[rule(7, true, true), rule(7, false, false), rule(0, true, false)], false, true);
        check(&[rule(7, false, false)], true, false);
    }

    #[test]
    fn the_highest_break_reached_wins_then_the_newest_then_the_cheapest() {
        let offers = [
            offer(1, 1, 1, "790", "2026-01-01", None),
            offer(2, 1, 3, "785", "2026-01-01", None),
            offer(3, 1, 3, "780", "2026-02-01", Some("2026-02-28")),
            offer(4, 12, 1, "9000", "2026-01-01", None),
            offer(5, 12, 1, "8999", "2026-01-01", None),
        ];
        let check = |quantity: &str, on: &str, expected: Option<i64>| {
            let quantity = Quantity::parse(quantity).unwrap();
            let chosen = choose_offer(&offers, quantity, day(on)).map(|offer| offer.id.raw());
            assert_eq!(chosen, expected, "{quantity} on {on}");
        };
        check("0.5", "2026-01-05", None);
        check("1", "2026-01-05", Some(1));
        check("3", "2026-01-05", Some(2));
        check("3", "2026-02-05", Some(3));
        check("3", "2026-03-01", Some(2));
        check("11", "2026-01-05", Some(2));
        check("12", "2026-01-05", Some(5));
        check("12", "2025-12-31", None);
    }

    #[test]
    fn a_price_follows_the_unit() {
        let price = |text: &str, from: i64, to: i64| {
            let ratio = |of| Ratio::new(of, 1).unwrap();
            price_in(Price::parse(text).unwrap(), ratio(from), ratio(to)).unwrap().to_string()
        };
        assert_eq!(price("100", 1, 2), "200");
        assert_eq!(price("100", 1, 12), "1200");
        assert_eq!(price("10", 12, 1), "0.833333");
    }

    #[test]
    fn partial_receipts_lose_no_cent() {
        for (value, whole, parts) in [
            (1_000, 3, vec![1, 1, 1]),
            (1, 7, vec![2, 2, 3]),
            (999_999, 11, vec![5, 5, 1]),
            (0, 4, vec![1, 3]),
        ] {
            let (mut before, mut total) = (Quantity::ZERO, 0);
            for part in parts {
                let part = Quantity::units(part);
                total += next_share(value, Quantity::units(whole), before, part).unwrap();
                before = before.checked_add(part).unwrap();
            }
            assert_eq!(total, value, "{value} over {whole}");
        }
    }

    #[test]
    fn what_waits_is_taken_to_the_last_cent() {
        let mut waiting = Waiting { quantity: Quantity::units(3), value: 100, foreign: 50 };
        let mut taken = (0, 0);
        for _ in 0..4 {
            let part = waiting.take(Quantity::ONE).unwrap();
            taken = (taken.0 + part.value, taken.1 + part.foreign);
        }
        assert_eq!((taken, waiting), ((100, 50), Waiting::default()));
    }

    #[test]
    fn an_approval_is_asked_above_the_own_limit_or_the_companys() {
        for (total, limit, above, expected) in [
            (100, None, i64::MAX, false),
            (100, Some(100), i64::MAX, false),
            (101, Some(100), i64::MAX, true),
            (100, Some(0), i64::MAX, true),
            (2_001, None, 2_000, true),
            (2_000, None, 2_000, false),
        ] {
            assert_eq!(needs_approval(total, limit, above), expected, "{total} {limit:?} {above}");
        }
    }

    #[test]
    fn a_rise_asks_again_and_a_fall_does_not() {
        for (before, after, percent, expected) in [
            (100, 100, 0, false),
            (100, 101, 0, true),
            (100, 110, 10, false),
            (100, 111, 10, true),
            (100, 1, 0, false),
            (0, 1, 50, true),
        ] {
            assert_eq!(
                rises_beyond(before, after, percent),
                expected,
                "{before} {after} {percent}"
            );
        }
    }

    #[test]
    fn a_line_is_matched_by_quantity_then_price() {
        let check = |billed, price: &str, difference, percent, amount, expected| {
            let found = match_line(Matching {
                allowed: Quantity::units(10),
                billed: Quantity::units(billed),
                ordered_price: Price::parse("10").unwrap(),
                billed_price: Price::parse(price).unwrap(),
                difference,
                percent,
                amount,
            });
            assert_eq!(found, expected, "{billed} at {price}");
        };
        check(10, "10", 0, 0, 0, MatchState::Matched);
        check(11, "15", 500, 0, 0, MatchState::QuantityMismatch);
        check(10, "10.01", 10, 0, 0, MatchState::PriceMismatch);
        check(10, "10.01", 10, 0, 10, MatchState::Matched);
        check(10, "10.5", 500, 5, 0, MatchState::Matched);
        check(10, "9.4", -600, 5, 0, MatchState::PriceMismatch);
    }

    #[test]
    fn tax_is_charged_given_back_or_sunk() {
        let rate = |kind, rate: &str, recoverable: &str| TaxRate {
            id: base::TaxCodeId::from_raw(1),
            code: "T".to_owned(),
            name: String::new(),
            kind,
            recoverable: Rate::parse(recoverable).unwrap(),
            rate: Rate::parse(rate).unwrap(),
            from: day("2026-01-01"),
        };
        for (code, expected) in [
            (rate(TaxKind::Standard, "0.2", "1"), (200, 200, 0, 0)),
            (rate(TaxKind::Standard, "0.5", "0"), (500, 0, 500, 0)),
            (rate(TaxKind::Standard, "0.2", "0.5"), (200, 100, 100, 0)),
            (rate(TaxKind::ReverseCharge, "0.2", "1"), (0, 200, 0, 200)),
        ] {
            let tax = tax_on(1_000, Some(&code)).unwrap();
            assert_eq!((tax.charged, tax.recoverable, tax.sunk, tax.declared), expected);
        }
        assert_eq!(tax_on(1_000, None).unwrap(), Tax::default());
    }

    #[test]
    fn a_bill_covers_receipts_in_the_order_they_came() {
        let units = |all: &[i64]| all.iter().map(|n| Quantity::units(*n)).collect::<Vec<_>>();
        for (from, to, expected) in [(0, 4, [4, 0]), (4, 8, [2, 2]), (0, 9, [6, 3]), (9, 9, [0, 0])]
        {
            let parts = overlap(&units(&[6, 3]), Quantity::units(from), Quantity::units(to));
            assert_eq!(parts.unwrap(), units(&expected), "{from} to {to}");
        }
    }

    #[test]
    fn a_tolerance_is_of_what_was_ordered() {
        for (ordered, percent, whole, expected) in [
            (10, 0, true, "10"),
            (10, 50, true, "15"),
            (10, 5, true, "10"),
            (10, 5, false, "10.5"),
            (3, 50, true, "4"),
        ] {
            let found = most(Quantity::units(ordered), percent, whole).unwrap();
            assert_eq!(found.to_string(), expected, "{ordered} at {percent} %, whole: {whole}");
        }
    }
}
