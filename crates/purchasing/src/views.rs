//! What readers get: offers, orders with their lines, promises and revisions, receipts, returns, bills, and what
//! waits for its bill or its goods.

mod documents;
mod returns;

pub use documents::{
    BillFilter, BillLineView, BillView, ReceiptFilter, ReceiptLineView, ReceiptView, Unmatched,
    UnmatchedFilter, grni_by_line, list_bills, list_receipts,
};

pub(crate) use returns::returned;
pub use returns::{
    SupplierReturnFilter, SupplierReturnLineView, SupplierReturnView, list_supplier_returns,
};

use crate::READ;
use crate::model::{Line, progress};
use crate::tables::{self, day_at};
use crate::words::{Billing, OrderState, Progress};
use base::{
    BadCursor, Currency, Day, Id, ItemId, Money, NumberError, OfferId, Page, Paging, Price,
    Problem, PurchaseLineId, PurchaseOrderId, Quantity, Rate, Rule, Timestamp, UserId,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, StoreError, Tx, params};
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
