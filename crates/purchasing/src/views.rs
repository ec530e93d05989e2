//! What readers get: offers, orders with their lines, promises and revisions, receipts, bills, and what
//! waits for its bill or its goods.

use crate::model::{Line, progress};
use crate::tables::{self, day_at};
use crate::words::{BillKind, BillState, Billing, MatchState, OrderState, Outcome, Progress};
use crate::READ;
use base::{
    BadCursor, BillId, Currency, Day, Id, ItemId, Money, NumberError, OfferId, Page, Paging, Price,
    Problem, PurchaseLineId, PurchaseOrderId, Quantity, Rate, ReceiptId, Rule, Timestamp, UserId,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, Rows, StoreError, Tx, params};
use utoipa::ToSchema;

/// Why a list was refused.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ListError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor was not given by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// There is no such order.
    #[error("there is no purchase order {0}")]
    NotFound(PurchaseOrderId),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ListError {
    fn problem(&self) -> Problem {
        match self {
            ListError::Denied(error) => error.problem(),
            ListError::Cursor(error) => error.problem(),
            ListError::NotFound(_) => Problem::not_found("order_not_found", self.to_string()),
            ListError::Number(error) => error.problem(),
            ListError::Store(error) => error.problem(),
        }
    }
}

/// After every day: where a list of the newest begins.
const AFTER_ALL: &str = "9999-12-32";

/// What to list of the offers.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OfferFilter {
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only for this item, by SKU.
    pub sku: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// An offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OfferView {
    /// Its id.
    pub offer_id: OfferId,
    /// The supplier's code.
    pub supplier: String,
    /// The item's SKU.
    pub sku: String,
    /// In which currency.
    pub currency: Currency,
    /// The unit of quantity and price.
    pub unit: String,
    /// The least quantity.
    pub min_quantity: Quantity,
    /// The quantity comes in multiples of this; zero for any.
    pub multiple: Quantity,
    /// Days from order to arrival.
    pub lead_days: i64,
    /// The first day it holds.
    pub from_on: Day,
    /// The last day it holds.
    pub to_on: Option<Day>,
    /// What one unit costs.
    pub price: Price,
    /// What is taken off it.
    pub discount: Rate,
    /// The supplier's number of the item.
    pub supplier_sku: String,
}

/// Offers by item.
///
/// # Errors
/// See [`ListError`].
pub fn list_offers(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: OfferFilter,
) -> Result<Page<OfferView>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (sku, id): (String, i64) = paging.after((String::new(), 0))?;
    let filters = params![ctx.company_id, filter.supplier, filter.sku, sku, id, paging.limit()];
    let view = |row: &Row| -> Result<OfferView, StoreError> {
        Ok(OfferView {
            offer_id: row.get(0)?,
            supplier: row.get(1)?,
            sku: row.get(2)?,
            currency: row.get(3)?,
            unit: row.get(4)?,
            min_quantity: row.get(5)?,
            multiple: row.get(6)?,
            lead_days: row.get(7)?,
            from_on: row.get(8)?,
            to_on: day_at(row, 9)?,
            price: row.get(10)?,
            discount: row.get(11)?,
            supplier_sku: row.get(12)?,
        })
    };
    let found = tx.query(&tables::LIST_OFFERS, filters)?;
    let lines = found.iter().map(view).collect::<Result<_, _>>()?;
    Ok(paging.page(lines, |line: &OfferView| (line.sku.clone(), line.offer_id.raw())))
}

/// What to list of the orders.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OrderFilter {
    /// Only in this state.
    pub state: Option<OrderState>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only those that have not ended.
    pub open: bool,
    /// Only those of which something was due before today.
    pub late: bool,
    /// Ordered on this day or later.
    pub from_day: Option<Day>,
    /// Ordered on this day or earlier.
    pub to_day: Option<Day>,
    /// Only those whose client's reference begins so.
    pub client_ref_prefix: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderRow {
    /// Its id.
    pub order_id: PurchaseOrderId,
    /// Its number.
    pub number: String,
    /// The client's own key.
    pub client_ref: String,
    /// The supplier's code.
    pub supplier: String,
    /// The supplier's name.
    pub supplier_name: String,
    /// The code of the warehouse.
    pub warehouse: String,
    /// The day of the order.
    pub ordered_on: Day,
    /// When the supplier bills.
    pub billing: Billing,
    /// How far it has come.
    pub state: OrderState,
    /// Its revision.
    pub revision: i64,
    /// Its net total.
    pub total: Money,
    /// When the next goods are due.
    pub next_due: Option<Day>,
    /// How much was received.
    pub received: Progress,
    /// How much was billed.
    pub billed: Progress,
}

/// Orders, newest first.
///
/// # Errors
/// See [`ListError`].
pub fn list_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: OrderFilter,
) -> Result<Page<OrderRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((AFTER_ALL.to_owned(), i64::MAX))?;
    let late_before = filter.late.then_some(ctx.today);
    let found = tx.query(
        &tables::LIST_ORDERS,
        params![
            ctx.company_id,
            filter.state,
            filter.supplier,
            filter.open,
            late_before,
            filter.from_day,
            filter.to_day,
            filter.client_ref_prefix,
            day,
            id,
            paging.limit()
        ],
    )?;
    let lines = found.iter().map(order_row).collect::<Result<_, _>>()?;
    Ok(paging.page(lines, |line: &OrderRow| (line.ordered_on.to_string(), line.order_id.raw())))
}

fn order_row(row: &Row) -> Result<OrderRow, StoreError> {
    let lines: i64 = row.get(13)?;
    let told = |begun: i64, done: i64| match (begun, done) {
        (0, _) => Progress::None,
        (_, done) if done == lines => Progress::Fully,
        _ => Progress::Partly,
    };
    Ok(OrderRow {
        order_id: row.get(0)?,
        number: row.get(1)?,
        client_ref: row.get(2)?,
        supplier: row.get(3)?,
        supplier_name: row.get(4)?,
        warehouse: row.get(5)?,
        ordered_on: row.get(7)?,
        billing: row.get(8)?,
        state: row.get(9)?,
        revision: row.get(10)?,
        total: Money::new(row.get(11)?, row.get(6)?),
        next_due: row.get(12)?,
        received: told(row.get(14)?, row.get(15)?),
        billed: told(row.get(16)?, row.get(17)?),
    })
}

/// An order with everything that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderDetail {
    /// Its id.
    pub order_id: PurchaseOrderId,
    /// Its number.
    pub number: String,
    /// The client's own key.
    pub client_ref: String,
    /// The supplier's code.
    pub supplier: String,
    /// The supplier's name.
    pub supplier_name: String,
    /// The code of the warehouse.
    pub warehouse: String,
    /// The day of the order.
    pub ordered_on: Day,
    /// When the supplier bills.
    pub billing: Billing,
    /// How far it has come.
    pub state: OrderState,
    /// Its revision.
    pub revision: i64,
    /// A note to the supplier.
    pub note: String,
    /// Its net total.
    pub total: Money,
    /// When it was sent last.
    pub sent_at: Option<Timestamp>,
    /// To whom.
    pub sent_to: String,
    /// When the supplier confirmed it last.
    pub acknowledged_on: Option<Day>,
    /// How much was received.
    pub received: Progress,
    /// How much was billed.
    pub billed: Progress,
    /// Its lines.
    pub lines: Vec<OrderLineView>,
    /// What the supplier promised, oldest first by line.
    pub promises: Vec<PromiseView>,
    /// What was changed since it was written.
    pub revisions: Vec<RevisionView>,
    /// What was received.
    pub receipts: Vec<ReceiptView>,
    /// What was billed.
    pub bills: Vec<BillView>,
}

/// A line of an order. Received, billed, returned and due are in the stock unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderLineView {
    /// Its id.
    pub line_id: PurchaseLineId,
    /// Its number.
    pub line: i64,
    /// The item's SKU.
    pub sku: String,
    /// The item's name.
    pub name: String,
    /// How much was ordered.
    pub quantity: Quantity,
    /// In this unit.
    pub unit: String,
    /// How much that is in the stock unit.
    pub stock_quantity: Quantity,
    /// The item's stock unit.
    pub stock_unit: String,
    /// What one unit costs.
    pub price: Price,
    /// What is taken off it.
    pub discount: Rate,
    /// Its tax code.
    pub tax_code: String,
    /// What it costs before tax.
    pub net: Money,
    /// The day asked for.
    pub due_on: Day,
    /// The day promised last.
    pub promised_on: Option<Day>,
    /// What was received, less what went back.
    pub received: Quantity,
    /// What was billed, less what was credited.
    pub billed: Quantity,
    /// What went back and is not replaced.
    pub returned: Quantity,
    /// What is still to come.
    pub due: Quantity,
    /// What was received and not billed.
    pub not_billed: Quantity,
    /// What was billed and not received.
    pub billed_ahead: Quantity,
    /// How much was received.
    pub receiving: Progress,
    /// How much was billed.
    pub billing: Progress,
    /// Whether the rest was closed short.
    pub closed_short: bool,
    /// Why.
    pub close_reason: String,
}

/// A promise of the supplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PromiseView {
    /// The line.
    pub line: i64,
    /// When it comes.
    pub promised_on: Day,
    /// How much comes, in the line's unit.
    pub quantity: Quantity,
    /// When it was taken down.
    pub recorded_at: Timestamp,
    /// By whom.
    pub user_id: UserId,
}

/// A change of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RevisionView {
    /// The revision that it made.
    pub revision: i64,
    /// What was changed, as JSON.
    pub changes: String,
    /// Whether it asked for a new approval.
    pub to_approval: bool,
    /// When.
    pub recorded_at: Timestamp,
    /// By whom.
    pub user_id: UserId,
}

/// One order with its lines, promises, revisions, receipts and bills.
///
/// # Errors
/// See [`ListError`].
pub fn order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: PurchaseOrderId,
) -> Result<OrderDetail, ListError> {
    ctx.require(READ)?;
    let company = ctx.company_id;
    let head = tx
        .query_opt(&tables::ORDER, params![company, order_id])?
        .ok_or(ListError::NotFound(order_id))?;
    let order = tables::order_of(&head)?;
    let mut items: BTreeMap<ItemId, (String, String, String)> = BTreeMap::new();
    for row in tx.query(&tables::ITEMS_OF_ORDER, params![company, order_id])? {
        items.insert(row.get(0)?, (row.get(1)?, row.get(2)?, row.get(3)?));
    }
    let found = tables::lines_of(tx, company, &BTreeSet::from([order_id]))?;
    let lines = found
        .iter()
        .map(|line| line_view(line, &items, order.currency))
        .collect::<Result<Vec<_>, _>>()?;
    let all = |told: fn(&OrderLineView) -> Progress| {
        let is = |wanted| lines.iter().all(|line| told(line) == wanted);
        if is(Progress::None) {
            Progress::None
        } else if is(Progress::Fully) {
            Progress::Fully
        } else {
            Progress::Partly
        }
    };
    let of_order = Some(order_id);
    let receipts = ReceiptFilter { order_id: of_order, ..ReceiptFilter::default() };
    let bills = BillFilter { order_id: of_order, ..BillFilter::default() };
    Ok(OrderDetail {
        order_id,
        supplier: head.get(16)?,
        supplier_name: head.get(17)?,
        warehouse: head.get(18)?,
        total: Money::new(order.total, order.currency),
        received: all(|line| line.receiving),
        billed: all(|line| line.billing),
        promises: promises(tx, ctx, order_id)?,
        revisions: revisions(tx, ctx, order_id)?,
        receipts: list_receipts(tx, ctx, receipts)?.lines,
        bills: list_bills(tx, ctx, bills)?.lines,
        number: order.number,
        client_ref: order.client_ref,
        ordered_on: order.ordered_on,
        billing: order.billing,
        state: order.state,
        revision: order.revision,
        note: order.note,
        sent_at: order.sent_at,
        sent_to: order.sent_to,
        acknowledged_on: order.acknowledged_on,
        lines,
    })
}

fn line_view(
    line: &Line,
    items: &BTreeMap<ItemId, (String, String, String)>,
    currency: Currency,
) -> Result<OrderLineView, ListError> {
    let (sku, name, stock_unit) = items.get(&line.item_id).cloned().unwrap_or_default();
    Ok(OrderLineView {
        line_id: line.id,
        line: line.line,
        sku,
        name,
        quantity: line.quantity,
        unit: line.unit.clone(),
        stock_quantity: line.stock_quantity,
        stock_unit,
        price: line.price,
        discount: line.discount,
        tax_code: line.tax_code.clone(),
        net: Money::new(line.net, currency),
        due_on: line.due_on,
        promised_on: line.promised_on,
        received: line.received,
        billed: line.billed,
        returned: line.returned,
        due: line.due()?,
        not_billed: line.grni.quantity,
        billed_ahead: line.ahead.quantity,
        receiving: progress(line.received, line.stock_quantity),
        billing: progress(line.billed, line.stock_quantity),
        closed_short: line.closed_short,
        close_reason: line.close_reason.clone(),
    })
}

fn promises(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: PurchaseOrderId,
) -> Result<Vec<PromiseView>, StoreError> {
    let view = |row: &Row| {
        Ok(PromiseView {
            line: row.get(0)?,
            promised_on: row.get(1)?,
            quantity: row.get(2)?,
            recorded_at: row.get(3)?,
            user_id: row.get(4)?,
        })
    };
    let found = tx.query(&tables::PROMISES_OF, params![ctx.company_id, order_id])?;
    found.iter().map(view).collect()
}

fn revisions(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: PurchaseOrderId,
) -> Result<Vec<RevisionView>, StoreError> {
    let view = |row: &Row| {
        Ok(RevisionView {
            revision: row.get(0)?,
            changes: row.get(1)?,
            to_approval: row.get(2)?,
            recorded_at: row.get(3)?,
            user_id: row.get(4)?,
        })
    };
    let found = tx.query(&tables::REVISIONS_OF, params![ctx.company_id, order_id])?;
    found.iter().map(view).collect()
}

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
        };
        lines.entry(row.get(0)?).or_default().push(line);
    }
    for view in &mut views {
        view.lines = lines.remove(&view.receipt_id).unwrap_or_default();
    }
    Ok(paging.page(views, |view: &ReceiptView| {
        (view.received_on.to_string(), view.receipt_id.raw())
    }))
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
fn bill_line_view(row: &Row, currency: Currency, home: Currency) -> Result<BillLineView, ListError> {
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
