//! Reading and writing orders with their lines.

use super::{
    ANOTHER_ORDER, INSERT_LINES, INSERT_ORDERS, LAST_PRICES, LINES_OF, LOCK_ORDERS, OPENED_LINES,
    ORDERS_BY_REF, UPDATE_LINES, UPDATE_ORDERS, day_at, day_text, ratio_at,
};
use crate::model::{Line, Order, Waiting};
use crate::{OrderCreated, rules};
use base::{
    CompanyId, Id, ItemId, Money, PlaceId, Price, PurchaseLineId, PurchaseOrderId, Quantity, Rate,
    Ratio, Timestamp,
};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Row, Rows, StoreError, Tx, params, row};

/// An order with its lines, by line number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Loaded {
    pub order: Order,
    pub lines: Vec<Line>,
    /// The lines as the database has them.
    kept: Vec<Line>,
}

impl Loaded {
    /// The place of the line of this number.
    pub(crate) fn position(&self, number: i64) -> Option<usize> {
        self.lines.iter().position(|line| line.line == number)
    }
}

/// An order, locked until the transaction ends, with its lines.
pub(crate) fn lock_order(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: PurchaseOrderId,
) -> Result<Option<Loaded>, StoreError> {
    Ok(lock_orders(tx, company_id, &BTreeSet::from([id]))?.remove(&id))
}

/// Orders, locked in the order of their ids, with their lines. Ids of no order are left out.
pub(crate) fn lock_orders(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &BTreeSet<PurchaseOrderId>,
) -> Result<BTreeMap<PurchaseOrderId, Loaded>, StoreError> {
    let mut found = BTreeMap::new();
    if ids.is_empty() {
        return Ok(found);
    }
    for row in tx.query(&LOCK_ORDERS, params![company_id; Rows::column(ids)])? {
        let order = order_of(&row)?;
        found.insert(order.id, Loaded { order, lines: Vec::new(), kept: Vec::new() });
    }
    for line in lines_of(tx, company_id, ids)? {
        if let Some(loaded) = found.get_mut(&line.order_id) {
            loaded.kept.push(line.clone());
            loaded.lines.push(line);
        }
    }
    Ok(found)
}

/// What a stock unit of items last cost with the order's supplier, in its currency and after discount.
pub(crate) fn last_prices(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: &Order,
    items: &BTreeSet<ItemId>,
) -> Result<BTreeMap<ItemId, Price>, StoreError> {
    let params =
        params![ctx.company_id, order.partner_id, order.currency, order.id; Rows::column(items)];
    let mut found = BTreeMap::new();
    for row in tx.query(&LAST_PRICES, params)? {
        let (price, discount): (Price, Rate) = (row.get(1)?, row.get(2)?);
        let unit = rules::price_in(price, ratio_at(&row, 3)?, Ratio::ONE);
        // What cannot be reckoned is compared with nothing.
        if let Ok(unit) = unit.and_then(|unit| unit.apply_percent_discount(discount)) {
            found.insert(row.get(0)?, unit);
        }
    }
    Ok(found)
}

/// Whether no other order of the supplier was ever agreed to.
pub(crate) fn is_first_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: &Order,
) -> Result<bool, StoreError> {
    let params = params![ctx.company_id, order.partner_id, order.id];
    Ok(tx.query_opt(&ANOTHER_ORDER, params)?.is_none())
}

/// The lines of orders, by order and line number.
pub(crate) fn lines_of(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &BTreeSet<PurchaseOrderId>,
) -> Result<Vec<Line>, StoreError> {
    tx.query(&LINES_OF, params![company_id; Rows::column(ids)])?.iter().map(line_of).collect()
}

/// An order from the columns of `order_columns!`.
pub(crate) fn order_of(row: &Row) -> Result<Order, StoreError> {
    let sent_at: i64 = row.get(13)?;
    Ok(Order {
        id: row.get(0)?,
        number: row.get(1)?,
        client_ref: row.get(2)?,
        partner_id: row.get(3)?,
        warehouse_id: row.get(4)?,
        currency: row.get(5)?,
        ordered_on: row.get(6)?,
        billing: row.get(7)?,
        state: row.get(8)?,
        revision: row.get(9)?,
        seq: row.get(10)?,
        note: row.get(11)?,
        total: row.get(12)?,
        sent_at: (sent_at != 0).then(|| Timestamp::from_micros(sent_at)),
        sent_to: row.get(14)?,
        acknowledged_on: day_at(row, 15)?,
    })
}

fn line_of(row: &Row) -> Result<Line, StoreError> {
    let waiting = |first: usize| -> Result<Waiting, StoreError> {
        Ok(Waiting {
            quantity: row.get(first)?,
            value: row.get(first + 1)?,
            foreign: row.get(first + 2)?,
        })
    };
    Ok(Line {
        id: row.get(0)?,
        order_id: row.get(1)?,
        line: row.get(2)?,
        item_id: row.get(3)?,
        quantity: row.get(4)?,
        unit: row.get(5)?,
        ratio: ratio_at(row, 6)?,
        stock_quantity: row.get(8)?,
        price: row.get(9)?,
        discount: row.get(10)?,
        tax_code: row.get(11)?,
        net: row.get(12)?,
        due_on: row.get(13)?,
        promised_on: day_at(row, 14)?,
        received: row.get(15)?,
        billed: row.get(16)?,
        returned: row.get(17)?,
        grni: waiting(18)?,
        ahead: waiting(21)?,
        closed_short: row.get(24)?,
        close_reason: row.get(25)?,
        expected: row.get(26)?,
        place_id: Some(row.get::<PlaceId>(27)?).filter(|place| place.raw() != 0),
    })
}

/// Writes new orders.
pub(crate) fn insert_orders<'o>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: impl IntoIterator<Item = &'o Order>,
) -> Result<(), StoreError> {
    let mut set = Rows::new(10);
    for order in orders {
        set.push(row![
            order.id,
            order.number,
            order.client_ref,
            order.partner_id,
            order.warehouse_id,
            order.currency,
            order.ordered_on,
            order.billing,
            order.note,
            order.total
        ]);
    }
    tx.write(&INSERT_ORDERS, params![ctx.company_id, ctx.user_id, ctx.at; set])
}

/// Writes new lines.
pub(crate) fn insert_lines<'l>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    lines: impl IntoIterator<Item = &'l Line>,
) -> Result<(), StoreError> {
    let mut set = Rows::new(14);
    for line in lines {
        set.push(row![
            line.id,
            line.order_id,
            line.line,
            line.item_id,
            line.quantity,
            line.unit,
            line.ratio.numerator(),
            line.ratio.denominator(),
            line.stock_quantity,
            line.price,
            line.discount,
            line.tax_code,
            line.net,
            line.due_on
        ]);
    }
    tx.write(&INSERT_LINES, params![company_id; set])
}

/// Writes orders that were locked and whose `seq` was raised by one.
pub(crate) fn update_orders<'o>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    orders: impl IntoIterator<Item = &'o Order>,
) -> Result<(), StoreError> {
    let mut set = Rows::new(11);
    for order in orders {
        set.push(row![
            order.id,
            order.partner_id,
            order.currency,
            order.state,
            order.revision,
            order.seq,
            order.note,
            order.total,
            order.sent_at.map_or(0, Timestamp::micros),
            order.sent_to,
            day_text(order.acknowledged_on)
        ]);
    }
    tx.write_exactly(set.len(), &UPDATE_ORDERS, params![company_id; set])
}

/// Writes the lines of held orders that changed.
pub(crate) fn update_lines(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    orders: &mut [&mut Loaded],
) -> Result<(), StoreError> {
    let mut set = Rows::new(21);
    // Lines that were added since have none to compare with.
    let changed = orders.iter().flat_map(|loaded| {
        let kept = |at: usize| loaded.kept.get(at);
        loaded.lines.iter().enumerate().filter(move |(at, line)| kept(*at) != Some(line))
    });
    for (_, line) in changed {
        set.push(row![
            line.id,
            line.quantity,
            line.stock_quantity,
            line.price,
            line.discount,
            line.tax_code,
            line.net,
            line.due_on,
            day_text(line.promised_on),
            line.received,
            line.billed,
            line.returned,
            line.grni.quantity,
            line.grni.value,
            line.grni.foreign,
            line.ahead.quantity,
            line.ahead.value,
            line.ahead.foreign,
            line.closed_short,
            line.close_reason,
            line.expected
        ]);
    }
    tx.write_exactly(set.len(), &UPDATE_LINES, params![company_id; set])?;
    orders.iter_mut().for_each(|loaded| loaded.kept.clone_from(&loaded.lines));
    Ok(())
}

/// The orders that were written under references of the client, by reference.
pub(crate) fn orders_by_ref<'r>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    references: impl Iterator<Item = &'r str>,
) -> Result<HashMap<String, OrderCreated>, StoreError> {
    let wanted: BTreeSet<&str> = references.filter(|text| !text.is_empty()).collect();
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let found = tx.query(&ORDERS_BY_REF, params![company_id; Rows::column(wanted)])?;
    let created = |row: &Row| {
        let created = OrderCreated {
            order_id: row.get(1)?,
            number: row.get(2)?,
            state: row.get(3)?,
            total: Money::new(row.get(5)?, row.get(4)?),
            repeated: true,
        };
        Ok((row.get(0)?, created))
    };
    found.iter().map(created).collect()
}

/// What of the lines of orders had come and been billed at an opening that stands.
pub(crate) fn opened_lines(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    orders: &[PurchaseOrderId],
) -> Result<HashMap<PurchaseLineId, (Quantity, Quantity)>, StoreError> {
    let found = tx.query(&OPENED_LINES, params![company_id; Rows::column(orders)])?;
    found.iter().map(|row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))).collect()
}
