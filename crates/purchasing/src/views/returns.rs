//! What went back to suppliers.

use super::{AFTER_ALL, ListError};
use crate::words::ReturnState;
use crate::{READ, tables};
use base::{Day, Id, Money, Page, Paging, PurchaseOrderId, Quantity, ReturnId, Timestamp};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, Rows, StoreError, Tx, params};
use utoipa::ToSchema;

/// What to list of the returns to suppliers.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SupplierReturnFilter {
    /// Only of this order.
    pub order_id: Option<PurchaseOrderId>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only those in this state.
    pub state: Option<ReturnState>,
    /// Gone on this day or later.
    pub from_day: Option<Day>,
    /// Gone on this day or earlier.
    pub to_day: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Goods that went back to a supplier together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SupplierReturnView {
    /// Its id.
    pub return_id: ReturnId,
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
    /// The supplier's name.
    pub supplier_name: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// The day they left.
    pub returned_on: Day,
    /// The books' day.
    pub posted_on: Day,
    /// Why they went back.
    pub reason: String,
    /// Whether something of it waits.
    pub state: ReturnState,
    /// What is no longer owed, or to be credited.
    pub value: Money,
    /// When it was taken down.
    pub recorded_at: Timestamp,
    /// Its lines.
    pub lines: Vec<SupplierReturnLineView>,
}

/// Goods of one line of the order that went back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SupplierReturnLineView {
    /// The number of the order's line.
    pub line: i64,
    /// The item's SKU.
    pub sku: String,
    /// The item's name.
    pub name: String,
    /// How much, in the stock unit.
    pub quantity: Quantity,
    /// The item's stock unit.
    pub stock_unit: String,
    /// The lot's or the piece's number.
    pub lot: String,
    /// The path of the place they left from.
    pub place: String,
    /// What is no longer owed, or to be credited.
    pub value: Money,
    /// What the goods had cost.
    pub cost: Money,
    /// How much of it was not billed and is no longer owed.
    pub not_billed: Quantity,
    /// What that was worth.
    pub not_billed_value: Money,
    /// Whether the supplier sends other goods in their place.
    pub replace: bool,
    /// How much still waits for a credit note, or for other goods. What several returns of a line wait
    /// for together is told of each of them.
    pub waits: Quantity,
}

/// Returns to suppliers with their lines, newest first.
///
/// # Errors
/// See [`ListError`].
pub fn list_supplier_returns(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: SupplierReturnFilter,
) -> Result<Page<SupplierReturnView>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: (String, i64) = paging.after((AFTER_ALL.to_owned(), i64::MAX))?;
    let views = read(tx, ctx, &filter, after, (paging.limit(), 0))?;
    let key = |view: &SupplierReturnView| (view.returned_on.to_string(), view.return_id.raw());
    Ok(paging.page(views, key))
}

/// One return as it is listed; for verbs, which have checked their permission.
pub(crate) fn returned(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    return_id: ReturnId,
) -> Result<Option<SupplierReturnView>, StoreError> {
    let after = (AFTER_ALL.to_owned(), i64::MAX);
    let filter = SupplierReturnFilter::default();
    Ok(read(tx, ctx, &filter, after, (1, return_id.raw()))?.pop())
}

fn read(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &SupplierReturnFilter,
    (day, id): (String, i64),
    (limit, only): (i64, i64),
) -> Result<Vec<SupplierReturnView>, StoreError> {
    let found = tx.query(
        &tables::LIST_RETURNS,
        params![
            ctx.company_id,
            filter.order_id.map_or(0, Id::raw),
            filter.supplier,
            filter.from_day,
            filter.to_day,
            filter.state,
            day,
            id,
            limit,
            only
        ],
    )?;
    let money = |minor| Money::new(minor, ctx.currency);
    let view = |row: &Row| {
        Ok(SupplierReturnView {
            return_id: row.get(0)?,
            number: row.get(1)?,
            client_ref: row.get(2)?,
            order_id: row.get(3)?,
            order_number: row.get(4)?,
            supplier: row.get(5)?,
            supplier_name: row.get(6)?,
            warehouse: row.get(7)?,
            returned_on: row.get(8)?,
            posted_on: row.get(9)?,
            reason: row.get(10)?,
            value: money(row.get(11)?),
            recorded_at: row.get(12)?,
            state: row.get(13)?,
            lines: Vec::new(),
        })
    };
    let mut views = found.iter().map(view).collect::<Result<Vec<_>, StoreError>>()?;
    let ids = Rows::column(views.iter().map(|view| view.return_id));
    let mut lines: BTreeMap<ReturnId, Vec<SupplierReturnLineView>> = BTreeMap::new();
    for row in tx.query(&tables::RETURN_LINES, params![ctx.company_id; ids])? {
        let line = SupplierReturnLineView {
            line: row.get(1)?,
            sku: row.get(2)?,
            name: row.get(3)?,
            quantity: row.get(4)?,
            lot: row.get(5)?,
            place: row.get(6)?,
            value: money(row.get(7)?),
            not_billed: row.get(8)?,
            not_billed_value: money(row.get(9)?),
            replace: row.get(10)?,
            waits: row.get(11)?,
            cost: money(row.get(12)?),
            stock_unit: row.get(13)?,
        };
        lines.entry(row.get(0)?).or_default().push(line);
    }
    for view in &mut views {
        view.lines = lines.remove(&view.return_id).unwrap_or_default();
    }
    Ok(views)
}
