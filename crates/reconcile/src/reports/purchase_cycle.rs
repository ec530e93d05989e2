//! How long buying takes: ordered, sent, acknowledged, first receipt, complete, billed, paid.
//!
//! An order is *sent* on the day recorded and *acknowledged* on that of the supplier's first answer. Its
//! *first receipt* is the first day on which any of it was taken in. It is *complete* on the day of its
//! last receipt once nothing is due (what was closed short is not due), *billed* on the day of its last
//! bill once it is complete and all that came is billed, and *paid* on the day of the last payment once
//! no bill of it is open.
//!
//! Days are calendar days, once from the stage before and once from the order. A stage that was not
//! reached, or of which the one before has no day, counts nowhere. A bill may come before the goods:
//! then its days from completion are below zero. Medians and ninetieth percentiles are by nearest rank.

use crate::tables;
use base::{Day, Id, Money, Page, Paging, Period, PurchaseOrderId, Spread, Timestamp};
use identity::{Ctx, ReportError};
use purchasing::{PurchasesBy, READ};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// A stage that orders come to after they were made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CycleStep {
    /// It was sent to the supplier.
    Sent,
    /// The supplier promised.
    Acknowledged,
    /// Something of it came.
    FirstReceipt,
    /// Nothing of it is due.
    Complete,
    /// All that came is billed.
    Billed,
    /// No bill of it is open.
    Paid,
}

impl CycleStep {
    const ALL: [CycleStep; 6] = [
        CycleStep::Sent,
        CycleStep::Acknowledged,
        CycleStep::FirstReceipt,
        CycleStep::Complete,
        CycleStep::Billed,
        CycleStep::Paid,
    ];
}

/// Which orders, and what a row is about.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CycleFilter {
    /// What a row is about: `supplier`, `month` (of the order), `supplier_month` or `all`.
    pub by: PurchasesBy,
    /// Ordered on this day or later; a year before the last when absent.
    pub from_day: Option<Day>,
    /// Ordered on this day or earlier; today when absent.
    pub to_day: Option<Day>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// How long orders took to come to a stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CycleRow {
    /// The supplier's code; empty of all.
    pub supplier: String,
    /// Its name; empty of all.
    pub supplier_name: String,
    /// The month in which they were ordered, as `2026-01`; empty of all.
    pub month: String,
    /// The stage.
    pub step: CycleStep,
    /// How many orders there were.
    pub orders: i64,
    /// How many of them came to the stage.
    pub reached: i64,
    /// How many of those have a day of the stage before.
    pub measured: i64,
    /// The median of days since the stage before.
    pub median_days: Option<i64>,
    /// Their ninetieth percentile.
    pub p90_days: Option<i64>,
    /// The median of days since the order.
    pub median_since_ordered: Option<i64>,
    /// Their ninetieth percentile.
    pub p90_since_ordered: Option<i64>,
}

/// Which orders.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CycleOrderFilter {
    /// Ordered on this day or later; a year before the last when absent.
    pub from_day: Option<Day>,
    /// Ordered on this day or earlier; today when absent.
    pub to_day: Option<Day>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// An order with the days on which it came to each stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CycleOrder {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// Its number.
    pub number: String,
    /// Its state.
    pub state: String,
    /// The supplier's code.
    pub supplier: String,
    /// Its name.
    pub supplier_name: String,
    /// What was ordered, net.
    pub total: Money,
    /// When it was ordered.
    pub ordered_on: Day,
    /// When it was sent.
    pub sent_on: Option<Day>,
    /// When the supplier first answered.
    pub acknowledged_on: Option<Day>,
    /// When something of it came.
    pub first_receipt_on: Option<Day>,
    /// When the last of it came.
    pub complete_on: Option<Day>,
    /// When the last of it was billed.
    pub billed_on: Option<Day>,
    /// When the last of it was paid, for who may see payments.
    pub paid_on: Option<Day>,
    /// Days from the order until it was sent.
    pub sent_days: Option<i64>,
    /// Days from there until it was acknowledged.
    pub acknowledged_days: Option<i64>,
    /// Days from there until something came.
    pub first_receipt_days: Option<i64>,
    /// Days from there until it was complete.
    pub complete_days: Option<i64>,
    /// Days from there until all was billed; below zero when the bill came first.
    pub billed_days: Option<i64>,
    /// Days from there until all was paid.
    pub paid_days: Option<i64>,
}

impl CycleOrder {
    /// The days of the order and its stages.
    fn days(&self) -> [Option<Day>; 7] {
        [
            Some(self.ordered_on),
            self.sent_on,
            self.acknowledged_on,
            self.first_receipt_on,
            self.complete_on,
            self.billed_on,
            self.paid_on,
        ]
    }
}

/// Orders by day, with the day that each came to a stage. Drafts and what was cancelled are left out.
///
/// # Errors
/// [`ReportError`].
pub fn cycle_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: CycleOrderFilter,
) -> Result<Page<CycleOrder>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after = paging.after((String::new(), 0))?;
    let lines = read(tx, ctx, &filter, after, paging.limit())?;
    Ok(paging.page(lines, |line| (line.ordered_on.to_string(), line.order_id.raw())))
}

/// How long orders took from stage to stage, by supplier, month of the order or both. The orders of a
/// row are [`cycle_orders`] of its supplier and the days of its month.
///
/// # Errors
/// [`ReportError`].
pub fn purchase_cycle(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: CycleFilter,
) -> Result<Page<CycleRow>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let asked = CycleOrderFilter {
        from_day: filter.from_day,
        to_day: filter.to_day,
        supplier: filter.supplier,
        cursor: None,
        limit: None,
    };
    let mut groups: BTreeMap<(String, String), Vec<CycleOrder>> = BTreeMap::new();
    for order in read(tx, ctx, &asked, (String::new(), 0), i64::MAX)? {
        let key = filter.by.key(&order.supplier, order.ordered_on);
        groups.entry(key).or_default().push(order);
    }
    let mut rows = Vec::with_capacity(groups.len() * CycleStep::ALL.len());
    for ((supplier, month), orders) in &groups {
        let name = if supplier.is_empty() { "" } else { &orders[0].supplier_name };
        for step in CycleStep::ALL {
            rows.push(measure((supplier, name, month), step, orders));
        }
    }
    Ok(paging.cut(rows, |row| (row.supplier.clone(), row.month.clone(), row.step))?)
}

fn measure(
    (supplier, name, month): (&str, &str, &str),
    step: CycleStep,
    orders: &[CycleOrder],
) -> CycleRow {
    let at = step as usize + 1;
    let since = |order: &CycleOrder, earlier: usize| {
        let days = order.days();
        Some(days[earlier]?.days_until(days[at]?))
    };
    let step_days = Spread::of(orders.iter().filter_map(|order| since(order, at - 1)));
    let all_days = Spread::of(orders.iter().filter_map(|order| since(order, 0)));
    CycleRow {
        supplier: supplier.to_owned(),
        supplier_name: name.to_owned(),
        month: month.to_owned(),
        step,
        orders: orders.len() as i64,
        reached: all_days.map_or(0, |days| days.count),
        measured: step_days.map_or(0, |days| days.count),
        median_days: step_days.map(|days| days.median),
        p90_days: step_days.map(|days| days.p90),
        median_since_ordered: all_days.map(|days| days.median),
        p90_since_ordered: all_days.map(|days| days.p90),
    }
}

fn read(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &CycleOrderFilter,
    (day, id): (String, i64),
    limit: i64,
) -> Result<Vec<CycleOrder>, StoreError> {
    let period = Period::of(filter.from_day, filter.to_day, ctx.today);
    let asked = params![ctx.company_id, period.from, period.to, filter.supplier, day, id, limit];
    let found = tx.query(&tables::CYCLE_ORDERS, asked)?;
    found.iter().map(|row| order(row, ctx)).collect()
}

fn order(row: &Row, ctx: &Ctx) -> Result<CycleOrder, StoreError> {
    let day = |at| row.get::<String>(at).map(|text| Day::parse(&text).ok());
    let none_left = |at| row.get::<i64>(at).map(|left| left == 0);
    let sent_at: Timestamp = row.get(6)?;
    let answer: Timestamp = row.get(17)?;
    let answered = (answer.micros() != 0).then(|| answer.day_in(&ctx.zone));
    let mut order = CycleOrder {
        order_id: row.get(0)?,
        number: row.get(1)?,
        state: row.get(2)?,
        supplier: row.get(3)?,
        supplier_name: row.get(4)?,
        total: Money::new(row.get(9)?, row.get(8)?),
        ordered_on: row.get(5)?,
        sent_on: (sent_at.micros() != 0).then(|| sent_at.day_in(&ctx.zone)),
        acknowledged_on: answered.into_iter().chain(day(7)?).min(),
        first_receipt_on: day(10)?,
        complete_on: None,
        billed_on: None,
        paid_on: None,
        sent_days: None,
        acknowledged_days: None,
        first_receipt_days: None,
        complete_days: None,
        billed_days: None,
        paid_days: None,
    };
    order.complete_on = day(11)?.filter(|_| none_left(12).is_ok_and(|none| none));
    let all_billed = order.complete_on.is_some() && none_left(13)?;
    order.billed_on = day(14)?.filter(|_| all_billed);
    let all_paid = order.billed_on.is_some() && none_left(15)?;
    order.paid_on = day(16)?.filter(|_| all_paid && ctx.holds(payments::READ));
    let days = order.days();
    let step = |at: usize| Some(days[at - 1]?.days_until(days[at]?));
    order.sent_days = step(1);
    order.acknowledged_days = step(2);
    order.first_receipt_days = step(3);
    order.complete_days = step(4);
    order.billed_days = step(5);
    order.paid_days = step(6);
    Ok(order)
}
