//! Receipts, bills, and what waits for its bill or its goods.

use super::{AFTER_ALL, ListError};
use crate::READ;
use crate::tables::{self, day_at};
use crate::words::{BillKind, BillState, MatchState, Outcome};
use base::{
    BillId, Currency, Day, Id, Money, Page, Paging, Price, PurchaseLineId, PurchaseOrderId,
    Quantity, ReceiptId, Timestamp,
};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, Rows, StoreError, Tx, params};
use utoipa::ToSchema;

/// What to list of the receipts.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReceiptFilter {
    /// Only of this order.
    pub order_id: Option<PurchaseOrderId>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Received on this day or later.
    pub from_day: Option<Day>,
    /// Received on this day or earlier.
    pub to_day: Option<Day>,
    /// Only those whose client's reference begins so.
    pub client_ref_prefix: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiptView {
    /// Its id.
    pub receipt_id: ReceiptId,
    /// Its number.
    pub number: String,
    /// The client's own key.
    pub client_ref: String,
    /// The order.
    pub order_id: PurchaseOrderId,
    /// The order's number.
    pub order_number: String,
    /// The supplier's code.
    pub supplier: String,
    /// When it arrived.
    pub received_on: Day,
    /// The books' day.
    pub posted_on: Day,
    /// The number on the supplier's delivery note.
    pub delivery_note: String,
    /// What came in was worth this.
    pub value: Money,
    /// When it was taken down.
    pub recorded_at: Timestamp,
    /// Its lines.
    pub lines: Vec<ReceiptLineView>,
}

/// A line of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiptLineView {
    /// The number of the order's line.
    pub line: i64,
    /// The item's SKU.
    pub sku: String,
    /// How it was taken in.
    pub outcome: Outcome,
    /// How much, in the stock unit.
    pub quantity: Quantity,
    /// The lot's or the piece's number.
    pub lot: String,
    /// What it was worth.
    pub value: Money,
    /// Whether it was confirmed beyond the tolerance.
    pub over: bool,
    /// Why it was refused or put into quarantine.
    pub reason: String,
    /// The path of the place it was taken into.
    pub place: String,
    /// The number of the receipt's own line.
    pub receipt_line: i64,
    /// The item's stock unit.
    pub stock_unit: String,
}

/// Receipts with their lines, newest first.
///
/// # Errors
/// See [`ListError`].
pub fn list_receipts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ReceiptFilter,
) -> Result<Page<ReceiptView>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((AFTER_ALL.to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_RECEIPTS,
        params![
            ctx.company_id,
            filter.order_id.map_or(0, Id::raw),
            filter.supplier,
            filter.from_day,
            filter.to_day,
            filter.client_ref_prefix,
            day,
            id,
            paging.limit()
        ],
    )?;
    let mut views = found
        .iter()
        .map(|row| receipt_view(row, ctx.currency))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let ids = Rows::column(views.iter().map(|view| view.receipt_id));
    let mut lines: BTreeMap<ReceiptId, Vec<ReceiptLineView>> = BTreeMap::new();
    for row in tx.query(&tables::RECEIPT_LINES, params![ctx.company_id; ids])? {
        let line = ReceiptLineView {
            line: row.get(1)?,
            sku: row.get(2)?,
            outcome: row.get(3)?,
            quantity: row.get(4)?,
            lot: row.get(5)?,
            value: Money::new(row.get(6)?, ctx.currency),
            over: row.get(7)?,
            reason: row.get(8)?,
            place: row.get(9)?,
            receipt_line: row.get(10)?,
            stock_unit: row.get(11)?,
        };
        lines.entry(row.get(0)?).or_default().push(line);
    }
    for view in &mut views {
        view.lines = lines.remove(&view.receipt_id).unwrap_or_default();
    }
    Ok(paging
        .page(views, |view: &ReceiptView| (view.received_on.to_string(), view.receipt_id.raw())))
}

fn receipt_view(row: &Row, home: Currency) -> Result<ReceiptView, StoreError> {
    Ok(ReceiptView {
        receipt_id: row.get(0)?,
        number: row.get(1)?,
        client_ref: row.get(2)?,
        order_id: row.get(3)?,
        order_number: row.get(4)?,
        supplier: row.get(5)?,
        received_on: row.get(6)?,
        posted_on: row.get(7)?,
        delivery_note: row.get(8)?,
        value: Money::new(row.get(9)?, home),
        recorded_at: row.get(10)?,
        lines: Vec::new(),
    })
}

/// What to list of the bills and credit notes.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BillFilter {
    /// Only with goods of this order.
    pub order_id: Option<PurchaseOrderId>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only in this state.
    pub state: Option<BillState>,
    /// Dated on this day or later.
    pub from_day: Option<Day>,
    /// Dated on this day or earlier.
    pub to_day: Option<Day>,
    /// Only those whose client's reference begins so.
    pub client_ref_prefix: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A bill or a credit note, whose amounts are below zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BillView {
    /// Its id.
    pub bill_id: BillId,
    /// Which of the two.
    pub kind: BillKind,
    /// Its number.
    pub number: String,
    /// The client's own key.
    pub client_ref: String,
    /// The supplier's code.
    pub supplier: String,
    /// The supplier's number.
    pub reference: String,
    /// Its date.
    pub billed_on: Day,
    /// The books' day.
    pub posted_on: Day,
    /// When it is due.
    pub due_on: Option<Day>,
    /// Before tax.
    pub net: Money,
    /// Tax that the supplier charges.
    pub tax: Money,
    /// What is owed.
    pub total: Money,
    /// The same in the company's currency, as booked.
    pub total_home: Money,
    /// Whether it may be paid.
    pub state: BillState,
    /// When it was entered.
    pub recorded_at: Timestamp,
    /// Its lines.
    pub lines: Vec<BillLineView>,
}

/// A line of a bill or a credit note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BillLineView {
    /// Its number.
    pub line: i64,
    /// The order's number, empty for an expense.
    pub order: String,
    /// The number of the order's line, 0 for an expense.
    pub order_line: i64,
    /// The item's SKU, empty for an expense.
    pub sku: String,
    /// The role of the account of an expense, empty for goods.
    pub role: String,
    /// What an expense is for.
    pub description: String,
    /// How much; of goods in the stock unit.
    pub quantity: Quantity,
    /// Of goods, how much stands against goods received so far.
    pub done: Quantity,
    /// Of goods, how much stands against goods still to come.
    pub open: Quantity,
    /// What one costs, of goods per unit of the order's line.
    pub price: Price,
    /// Its tax code.
    pub tax_code: String,
    /// Before tax.
    pub net: Money,
    /// Tax that the supplier charges.
    pub tax: Money,
    /// How much it is above the value of the goods, at the bill's rate.
    pub price_difference: Money,
    /// What the change of the rate since the receipt made of it.
    pub exchange_difference: Money,
    /// Whether it agrees with order and receipts.
    pub state: MatchState,
    /// Why it was accepted all the same.
    pub reason: String,
}

/// Bills and credit notes with their lines, newest first.
///
/// # Errors
/// See [`ListError`].
pub fn list_bills(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: BillFilter,
) -> Result<Page<BillView>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((AFTER_ALL.to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_BILLS,
        params![
            ctx.company_id,
            filter.order_id.map_or(0, Id::raw),
            filter.supplier,
            filter.state,
            filter.from_day,
            filter.to_day,
            filter.client_ref_prefix,
            day,
            id,
            paging.limit()
        ],
    )?;
    let mut views = found
        .iter()
        .map(|row| bill_view(row, ctx.currency))
        .collect::<Result<Vec<_>, StoreError>>()?;
    let currencies: BTreeMap<BillId, Currency> =
        views.iter().map(|view| (view.bill_id, view.net.currency)).collect();
    let ids = Rows::column(views.iter().map(|view| view.bill_id));
    let mut lines: BTreeMap<BillId, Vec<BillLineView>> = BTreeMap::new();
    for row in tx.query(&tables::BILL_LINES, params![ctx.company_id; ids])? {
        let id: BillId = row.get(0)?;
        let currency = currencies.get(&id).copied().unwrap_or(ctx.currency);
        lines.entry(id).or_default().push(bill_line_view(&row, currency, ctx.currency)?);
    }
    for view in &mut views {
        view.lines = lines.remove(&view.bill_id).unwrap_or_default();
    }
    Ok(paging.page(views, |view: &BillView| (view.billed_on.to_string(), view.bill_id.raw())))
}

fn bill_view(row: &Row, home: Currency) -> Result<BillView, StoreError> {
    let currency: Currency = row.get(6)?;
    let money = |index| row.get(index).map(|minor| Money::new(minor, currency));
    Ok(BillView {
        bill_id: row.get(0)?,
        kind: row.get(1)?,
        number: row.get(2)?,
        client_ref: row.get(3)?,
        supplier: row.get(4)?,
        reference: row.get(5)?,
        billed_on: row.get(7)?,
        posted_on: row.get(8)?,
        due_on: day_at(row, 9)?,
        net: money(10)?,
        tax: money(11)?,
        total: money(12)?,
        total_home: Money::new(row.get(13)?, home),
        state: row.get(14)?,
        recorded_at: row.get(15)?,
        lines: Vec::new(),
    })
}

/// What was received counts for the bills of a line in the order in which they were entered.
fn bill_line_view(
    row: &Row,
    currency: Currency,
    home: Currency,
) -> Result<BillLineView, ListError> {
    let (quantity, before): (Quantity, Quantity) = (row.get(7)?, row.get(12)?);
    let (order_line, received): (i64, Quantity) = (row.get(3)?, row.get(13)?);
    let (mut done, mut open) = (Quantity::ZERO, Quantity::ZERO);
    if order_line != 0 && quantity.is_positive() {
        done = received.checked_sub(before)?.clamp(Quantity::ZERO, quantity);
        open = quantity.checked_sub(done)?;
    }
    Ok(BillLineView {
        line: row.get(1)?,
        order: row.get(2)?,
        order_line,
        sku: row.get(4)?,
        role: row.get(5)?,
        description: row.get(6)?,
        quantity,
        done,
        open,
        price: row.get(8)?,
        tax_code: row.get(9)?,
        net: Money::new(row.get(10)?, currency),
        tax: Money::new(row.get(11)?, currency),
        price_difference: Money::new(row.get(14)?, home),
        exchange_difference: Money::new(row.get(15)?, home),
        state: row.get(16)?,
        reason: row.get(17)?,
    })
}

/// What to list of what waits for its bill or its goods.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UnmatchedFilter {
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// An order's line of which something waits, by the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unmatched {
    /// The line's id.
    pub line_id: PurchaseLineId,
    /// The order.
    pub order_id: PurchaseOrderId,
    /// The order's number.
    pub order: String,
    /// The line's number.
    pub line: i64,
    /// The supplier's code.
    pub supplier: String,
    /// The item's SKU.
    pub sku: String,
    /// What was received and not billed, in the stock unit.
    pub not_billed: Quantity,
    /// What was billed and not received, in the stock unit.
    pub billed_ahead: Quantity,
    /// The role of the account: `grni` or `billed_not_received`.
    pub role: String,
    /// What is open on it: above zero a debit, below zero a credit.
    pub amount: Money,
    /// Since when something has been open.
    pub opened_on: Day,
}

/// The lines of which something was received and not billed, or billed and not received, with what
/// is open of them in the books.
///
/// # Errors
/// See [`ListError`].
pub fn grni_by_line(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: UnmatchedFilter,
) -> Result<Page<Unmatched>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: i64 = paging.after(0)?;
    let view = |row: &Row| -> Result<Unmatched, StoreError> {
        Ok(Unmatched {
            line_id: row.get(0)?,
            order_id: row.get(1)?,
            order: row.get(2)?,
            line: row.get(3)?,
            supplier: row.get(4)?,
            sku: row.get(5)?,
            not_billed: row.get(6)?,
            billed_ahead: row.get(7)?,
            role: row.get(8)?,
            amount: Money::new(row.get(9)?, ctx.currency),
            opened_on: row.get(10)?,
        })
    };
    let found = tx.query(&tables::UNMATCHED, params![ctx.company_id, after, paging.limit()])?;
    let lines = found.iter().map(view).collect::<Result<_, _>>()?;
    Ok(paging.page(lines, |line: &Unmatched| line.line_id.raw()))
}
