//! What was paid in advance, and what channels hold: open lines of their accounts that belong to no
//! document of the opening but to an order, a partner or a channel.

use crate::files::{
    AMOUNT, CHANNEL, ClearingRow, DepositRow, HOME_VALUE, Numbered, OF_ORDER, PARTNER, Side,
};
use crate::papers;
use accounting::{Line, OpenKey, Role};
use base::{Currency, Id, Money};
use identity::Ctx;
use partners::Partner;
use sales::{Channel, OpenedOrder};
use std::collections::{HashMap, HashSet};
use store::{StoreError, Tx};
use tabular::RowError;

/// The kind of the open line of a deposit that belongs to no order; its id is the deposit's own.
const DEPOSIT: &str = "opening_deposit";

/// The lines of deposits, against the opening difference.
pub(crate) fn lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rows: &[Numbered<DepositRow>],
    orders: &[OpenedOrder],
) -> Result<Result<Vec<Line>, Vec<RowError>>, StoreError> {
    let named = rows.iter().map(|row| row.is.partner.as_str());
    let customers = orders.iter().map(|order| order.partner.as_str());
    let partners =
        papers::partners(tx, ctx, named.chain(customers).filter(|code| !code.is_empty()))?;
    let orders: HashMap<(&str, &str), &OpenedOrder> = orders
        .iter()
        .map(|order| ((order.channel.as_str(), order.external_ref.as_str()), order))
        .collect();
    let (mut lines, mut errors, mut paid) = (Vec::new(), Vec::new(), HashSet::new());
    for Numbered { row, is } in rows {
        let partner = partners.get(&is.partner);
        let place = (*row, AMOUNT);
        let read = papers::amount(&is.amount, is.currency, partner, ctx.currency, place)
            .and_then(|amount| Ok((amount, worth(*row, is, amount, ctx.currency)?)));
        let key = match key(is, &partners, &orders) {
            Ok(Some(key)) => Ok(key),
            Ok(None) => Ok(OpenKey::new(DEPOSIT, tx.id::<base::OpenItemId>()?.raw())),
            Err((column, message)) => Err(RowError::of(*row, column, message)),
        };
        match (read, key) {
            (Ok((amount, value)), Ok(key)) if paid.insert((key.kind, key.id)) => {
                let key = OpenKey { partner_id: key.partner_id.or(partner.map(|p| p.id)), ..key };
                lines.extend(opened(is.side, key, amount, value, ctx.currency));
            }
            (Ok(_), Ok(_)) => {
                errors.push(RowError::of(
                    *row,
                    OF_ORDER,
                    "the order is there twice; add its rows up",
                ));
            }
            (read, key) => errors.extend(read.err().into_iter().chain(key.err())),
        }
    }
    Ok(if errors.is_empty() { Ok(lines) } else { Err(errors) })
}

/// What a deposit is worth in minor units of the company's currency.
fn worth(row: u64, is: &DepositRow, amount: Money, home: Currency) -> Result<i64, RowError> {
    if amount.minor <= 0 {
        return Err(RowError::of(row, AMOUNT, "a deposit is above zero"));
    }
    match is.value {
        Some(value) if amount.currency == home && value != amount.minor => {
            let message =
                format!("the amount is in {home}, the company's own; leave the value out");
            Err(RowError::of(row, HOME_VALUE, message))
        }
        Some(value) if value <= 0 => Err(RowError::of(row, HOME_VALUE, "it is above zero")),
        Some(value) => Ok(value),
        None if amount.currency == home => Ok(amount.minor),
        None => {
            let currency = amount.currency;
            let message =
                format!("a deposit in {currency} stays at the rate it was paid at; give its value");
            Err(RowError::of(row, HOME_VALUE, message))
        }
    }
}

type Refusal = (tabular::Column, String);

/// The open line of a deposit: its order's, or nothing for one of its own.
fn key(
    is: &DepositRow,
    partners: &HashMap<String, Partner>,
    orders: &HashMap<(&str, &str), &OpenedOrder>,
) -> Result<Option<OpenKey>, Refusal> {
    if is.order.is_empty() {
        let fits = |partner: &&Partner| match is.side {
            Side::Customer => partner.customer,
            Side::Supplier => partner.supplier,
        };
        let side = if is.side == Side::Customer { "customer" } else { "supplier" };
        let found = partners.get(&is.partner).filter(fits);
        return match found {
            Some(_) => Ok(None),
            None => Err((PARTNER, format!("there is no {side} {:?}", is.partner))),
        };
    }
    if is.side == Side::Supplier {
        return Err((
            OF_ORDER,
            "a supplier's deposit belongs to the supplier; leave it out".to_owned(),
        ));
    }
    let order = orders.get(&(is.channel.as_str(), is.order.as_str())).ok_or_else(|| {
        let message =
            format!("sales_orders.csv has no order {:?} of channel {:?}", is.order, is.channel);
        (OF_ORDER, message)
    })?;
    let partner_id = partners.get(&order.partner).map(|partner| partner.id);
    Ok(Some(OpenKey { kind: sales::ORDER, id: order.order_id.raw(), partner_id }))
}

/// A deposit of a customer is owed, one to a supplier is ours.
fn opened(side: Side, key: OpenKey, amount: Money, value: i64, home: Currency) -> [Line; 2] {
    let (role, sign) = match side {
        Side::Customer => (Role::CustomerDeposits, -1),
        Side::Supplier => (Role::SupplierDeposits, 1),
    };
    let mut line = Line::new(role, sign * value).open(key);
    if amount.currency != home {
        line = line.foreign(Money::new(sign * amount.minor, amount.currency));
    }
    [line, Line::new(Role::OpeningDifference, -sign * value)]
}

/// The lines of what channels hold for us, against the opening difference.
pub(crate) fn clearing(
    channels: &[Channel],
    rows: &[Numbered<ClearingRow>],
) -> Result<Vec<Line>, Vec<RowError>> {
    let (mut lines, mut errors, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for Numbered { row, is } in rows {
        let channel = channels.iter().find(|channel| channel.code == is.channel);
        match channel.and_then(|channel| channel.channel_id.parse::<i64>().ok()) {
            Some(id) if seen.insert(id) => {
                let key = OpenKey::new(payments::CHANNEL, id);
                lines.push(Line::new(Role::ChannelClearing, is.amount).open(key));
                lines.push(Line::new(Role::OpeningDifference, -is.amount));
            }
            Some(_) => {
                let message = "the channel is there twice; add its rows up";
                errors.push(RowError::of(*row, CHANNEL, message));
            }
            None => {
                let message = format!("there is no channel {:?}", is.channel);
                errors.push(RowError::of(*row, CHANNEL, message));
            }
        }
    }
    if errors.is_empty() { Ok(lines) } else { Err(errors) }
}
