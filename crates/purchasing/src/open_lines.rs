//! What is still to come of orders, with everything that suppliers promised about it.

use crate::READ;
use crate::tables::{self, day_at};
use crate::words::OrderState;
use base::{
    Day, Id, Money, NumberError, Page, Paging, PurchaseLineId, PurchaseOrderId, Quantity, Rounding,
    Timestamp, mul_div,
};
use identity::{Ctx, ReportError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, Rows, StoreError, Tx, params};
use utoipa::ToSchema;

/// What a row of a report about buying is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PurchasesBy {
    /// A supplier.
    #[default]
    Supplier,
    /// A month.
    Month,
    /// A supplier in a month.
    SupplierMonth,
    /// Everything.
    All,
}

impl PurchasesBy {
    /// The supplier and the month of a row that something of a supplier on a day belongs to; empty
    /// where rows do not tell them apart.
    #[must_use]
    pub fn key(self, supplier: &str, day: Day) -> (String, String) {
        let by_supplier = matches!(self, PurchasesBy::Supplier | PurchasesBy::SupplierMonth);
        let by_month = matches!(self, PurchasesBy::Month | PurchasesBy::SupplierMonth);
        let supplier = if by_supplier { supplier.to_owned() } else { String::new() };
        (supplier, if by_month { day.month_text() } else { String::new() })
    }
}

/// Which open lines.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpenLineFilter {
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only of this item, by number.
    pub sku: Option<String>,
    /// Only for this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only what is expected on this day or earlier: with today's, what is late or comes today.
    pub to_day: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A promise for a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LinePromise {
    /// Its number, the first is 1.
    pub number: i64,
    /// The day promised.
    pub promised_on: Day,
    /// How much, in the unit ordered.
    pub quantity: Quantity,
    /// When it was noted.
    pub recorded_at: Timestamp,
}

/// A line of which goods are due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenPurchaseLine {
    /// The line.
    pub line_id: PurchaseLineId,
    /// The order.
    pub order_id: PurchaseOrderId,
    /// Its number.
    pub number: String,
    /// The number of the line.
    pub line: i64,
    /// The order's state.
    pub state: OrderState,
    /// The supplier's code.
    pub supplier: String,
    /// Its name.
    pub supplier_name: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// The item's number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The unit that quantities are in: the item's stock unit.
    pub unit: String,
    /// When it was ordered.
    pub ordered_on: Day,
    /// How much was ordered.
    pub ordered: Quantity,
    /// How much came.
    pub received: Quantity,
    /// How much is due.
    pub due: Quantity,
    /// What that costs at the order's price, net.
    pub due_value: Money,
    /// The day it was asked for.
    pub wanted_on: Day,
    /// The day promised first.
    pub first_promised_on: Option<Day>,
    /// The day promised last.
    pub promised_on: Option<Day>,
    /// How often a promise was made.
    pub promise_count: i64,
    /// By how many days the last promise is later than the first; below zero when earlier.
    pub slipped_days: Option<i64>,
    /// The day it is expected: the last promise, else the day asked for.
    pub expected_on: Day,
    /// For how many days it is late; zero when it is not.
    pub late_days: i64,
    /// Every promise, the first first.
    pub promises: Vec<LinePromise>,
}

/// What is due of orders to suppliers, soonest first, with the promises made for it.
///
/// # Errors
/// [`ReportError`].
pub fn open_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: OpenLineFilter,
) -> Result<Page<OpenPurchaseLine>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((String::new(), 0))?;
    let asked = params![
        ctx.company_id,
        filter.supplier,
        filter.sku,
        filter.warehouse,
        filter.to_day,
        day,
        id,
        paging.limit()
    ];
    let found = tx.query(&tables::OPEN_LINES, asked)?;
    let mut lines =
        found.iter().map(|row| open_line(row, ctx)).collect::<Result<Vec<_>, ReportError>>()?;
    let ids = Rows::column(lines.iter().map(|line| line.line_id));
    let mut promises: BTreeMap<i64, Vec<LinePromise>> = BTreeMap::new();
    for row in tx.query(&tables::PROMISES_OF_LINES, params![ctx.company_id; ids])? {
        promises.entry(row.get(0)?).or_default().push(promise(&row)?);
    }
    for line in &mut lines {
        let made = promises.remove(&line.line_id.raw()).unwrap_or_default();
        line.promise_count = made.len() as i64;
        line.first_promised_on = made.first().map(|promise| promise.promised_on);
        let slipped = |last: Day| Some(line.first_promised_on?.days_until(last));
        line.slipped_days = line.promised_on.and_then(slipped);
        line.promises = made;
    }
    Ok(paging.page(lines, |line| (line.expected_on.to_string(), line.line_id.raw())))
}

fn promise(row: &Row) -> Result<LinePromise, StoreError> {
    Ok(LinePromise {
        number: row.get(1)?,
        promised_on: row.get(2)?,
        quantity: row.get(3)?,
        recorded_at: row.get(4)?,
    })
}

fn open_line(row: &Row, ctx: &Ctx) -> Result<OpenPurchaseLine, ReportError> {
    let (ordered, due): (Quantity, Quantity) = (row.get(12)?, row.get(14)?);
    let expected_on: Day = row.get(19)?;
    Ok(OpenPurchaseLine {
        line_id: row.get(0)?,
        order_id: row.get(1)?,
        number: row.get(2)?,
        line: row.get(3)?,
        supplier: row.get(4)?,
        supplier_name: row.get(5)?,
        warehouse: row.get(6)?,
        state: row.get(7)?,
        ordered_on: row.get(8)?,
        sku: row.get(9)?,
        name: row.get(10)?,
        unit: row.get(11)?,
        ordered,
        received: row.get(13)?,
        due,
        due_value: Money::new(share(row.get(16)?, due, ordered)?, row.get(15)?),
        wanted_on: row.get(17)?,
        first_promised_on: None,
        promised_on: day_at(row, 18)?,
        promise_count: 0,
        slipped_days: None,
        expected_on,
        late_days: expected_on.days_until(ctx.today).max(0),
        promises: Vec::new(),
    })
}

/// The part of a line's net price that falls on a part of its quantity.
fn share(net: i64, part: Quantity, whole: Quantity) -> Result<i64, NumberError> {
    mul_div(net, part.micro(), whole.micro(), Rounding::HalfUp)
}
