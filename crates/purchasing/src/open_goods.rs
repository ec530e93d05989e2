//! `open_goods`: what orders to a supplier still bring of items, for whoever knows what arrived and
//! not yet for which order.

use crate::{rules, tables};
use base::{
    Day, Id, ItemId, NumberError, PartnerId, PurchaseLineId, PurchaseOrderId, Quantity, WarehouseId,
};
use identity::Ctx;
use std::collections::BTreeSet;
use store::{Row, Rows, Statement, StoreError, Tx, params};

/// A line of an order that goods may come for, in the item's stock unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenGoods {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// Its number.
    pub number: String,
    /// Its supplier.
    pub partner_id: PartnerId,
    /// The day it was ordered.
    pub ordered_on: Day,
    /// The number of the line.
    pub line: i64,
    /// The line.
    pub line_id: PurchaseLineId,
    /// The item.
    pub item_id: ItemId,
    /// How much is still to come.
    pub due: Quantity,
    /// How much more than that the policy `receipt_tolerance_percent` lets in: a whole number where the
    /// unit is whole.
    pub room: Quantity,
    /// The day it is expected: the last promise, else the day asked for.
    pub expected_on: Day,
    /// Whether somebody holds its goods back.
    pub held: bool,
}

/// The lines of orders to a supplier, or to any when none is named, for a warehouse, of which goods of
/// the items are due: the one promised first, first. For verbs that have their own permission.
///
/// # Errors
/// The store's own.
pub fn open_goods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    of: (Option<PartnerId>, WarehouseId),
    items: &BTreeSet<ItemId>,
) -> Result<Vec<OpenGoods>, StoreError> {
    goods(tx, ctx, &tables::OPEN_GOODS, of, items)
}

/// As [`open_goods`], followed by the lines of which all came while their order still waits for its
/// bill: what is beyond a line is received for it within `room`, or confirmed. For verbs that have
/// their own permission.
///
/// # Errors
/// The store's own.
pub fn receivable_goods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    of: (Option<PartnerId>, WarehouseId),
    items: &BTreeSet<ItemId>,
) -> Result<Vec<OpenGoods>, StoreError> {
    goods(tx, ctx, &tables::RECEIVABLE_GOODS, of, items)
}

fn goods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    statement: &'static Statement,
    (partner_id, warehouse_id): (Option<PartnerId>, WarehouseId),
    items: &BTreeSet<ItemId>,
) -> Result<Vec<OpenGoods>, StoreError> {
    let partner = partner_id.map_or(0, Id::raw);
    let asked = params![ctx.company_id, warehouse_id, partner; Rows::column(items)];
    let found = tx.query(statement, asked)?;
    let percent = identity::policies(tx, ctx.company_id)?.number("receipt_tolerance_percent");
    let lines = found.iter().map(|row| row.get(0)).collect::<Result<Vec<i64>, _>>()?;
    let held = stock::held_expected(tx, ctx.company_id, crate::EXPECTED, lines)?;
    let open = |row: &Row| {
        let mut open = open(row, percent)?;
        open.held = held.contains_key(&open.line_id.raw());
        Ok(open)
    };
    found.iter().map(open).collect()
}

fn open(row: &Row, percent: i64) -> Result<OpenGoods, StoreError> {
    let (ordered, received): (Quantity, Quantity) = (row.get(7)?, row.get(8)?);
    let due: Quantity = row.get(9)?;
    Ok(OpenGoods {
        line_id: row.get(0)?,
        order_id: row.get(1)?,
        number: row.get(2)?,
        partner_id: row.get(3)?,
        ordered_on: row.get(4)?,
        line: row.get(5)?,
        item_id: row.get(6)?,
        due,
        room: room((ordered, received, due), percent, row.get(11)?).map_err(|_| beyond())?,
        expected_on: row.get(10)?,
        held: false,
    })
}

fn beyond() -> StoreError {
    StoreError::Unusable("what is due of an order is no number".to_owned())
}

/// What may come beyond what is due.
fn room(
    (ordered, received, due): (Quantity, Quantity, Quantity),
    percent: i64,
    whole: bool,
) -> Result<Quantity, NumberError> {
    let most = rules::most(ordered, percent, whole)?;
    Ok(most.checked_sub(received.checked_add(due)?)?.max(Quantity::ZERO))
}

/// Holds orders until the transaction ends, in the order of their ids, so that what is due of them
/// stays so. For verbs that have their own permission.
///
/// # Errors
/// The store's own.
pub fn hold_goods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &BTreeSet<PurchaseOrderId>,
) -> Result<(), StoreError> {
    tables::lock_orders(tx, ctx.company_id, orders).map(drop)
}

/// What of an order's line has not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StillDue {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// Its number.
    pub number: String,
    /// The number of the line.
    pub line: i64,
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its stock unit.
    pub unit: String,
    /// How much, in that unit.
    pub due: Quantity,
    /// The day it is expected.
    pub expected_on: Day,
}

/// What is still due of orders, by order and line. For verbs that have their own permission.
///
/// # Errors
/// The store's own.
pub fn still_due(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &BTreeSet<PurchaseOrderId>,
) -> Result<Vec<StillDue>, StoreError> {
    let found = tx.query(&tables::STILL_DUE, params![ctx.company_id; Rows::column(orders)])?;
    let read = |row: &Row| {
        Ok(StillDue {
            order_id: row.get(0)?,
            number: row.get(1)?,
            line: row.get(2)?,
            sku: row.get(3)?,
            name: row.get(4)?,
            unit: row.get(5)?,
            due: row.get(6)?,
            expected_on: row.get(7)?,
        })
    };
    found.iter().map(read).collect()
}
