//! How well suppliers deliver: on time, in full, how fast, at the price agreed, and how good.
//!
//! A line of an order belongs to the day it was first due: the supplier's first promise, else the day
//! asked for. It has *ended* when nothing of it is due, because all came or it was closed short.
//!
//! - *on time*, against the first and against the last day due: it has ended and the last of it came
//!   by that day. It is judged once it has ended or the day has passed; a line closed without any
//!   goods was not on time.
//! - *in full*: what came is at least what was ordered. Judged once it has ended or the last day due
//!   has passed. *On time in full* is both, against the first day due (OTIF).
//! - *lead time*: days from the order to the first goods of the line; its spread is from the tenth to
//!   the ninetieth percentile.
//! - *price deviation*: what was billed, net, less the order's price of the quantity billed, in percent
//!   of the latter (purchase price variance). Credit notes do not count.
//! - *refused*: the share of what came that was refused at the dock; *failed*: the share of what was
//!   inspected that failed.

use crate::tables;
use base::{
    Currency, Day, Id, Money, NumberError, Page, Paging, Period, PurchaseLineId, PurchaseOrderId,
    Quantity, Rate, Rounding, Spread, mul_div, percent,
};
use identity::{Ctx, ReportError};
use purchasing::{PurchasesBy, READ};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, Tx, params};
use utoipa::ToSchema;

/// Which lines of orders, and what a row is about.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = SupplierPerformanceFilter)]
pub struct PerformanceFilter {
    /// What a row is about: `supplier`, `month` (first due), `supplier_month` or `all`; always of one
    /// currency.
    pub by: PurchasesBy,
    /// First due on this day or later; a year before the last when absent.
    pub from_day: Option<Day>,
    /// First due on this day or earlier; today when absent.
    pub to_day: Option<Day>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only of this item, by number.
    pub sku: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// How well a supplier delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SupplierPerformance {
    /// The supplier's code; empty of all.
    pub supplier: String,
    /// Its name; empty of all.
    pub supplier_name: String,
    /// The month, as `2026-01`; empty of all.
    pub month: String,
    /// The currency of the orders.
    pub currency: Currency,
    /// How many lines were due.
    pub lines: i64,
    /// How many of them can be judged against the first day due.
    pub judged_first: i64,
    /// How many of those were on time.
    pub on_time_first: i64,
    /// Their share in percent.
    pub on_time_first_percent: Option<Rate>,
    /// How many can be judged against the last day due.
    pub judged_last: i64,
    /// How many of those were on time.
    pub on_time_last: i64,
    /// Their share in percent.
    pub on_time_last_percent: Option<Rate>,
    /// How many of those judged against the last day came in full.
    pub in_full: i64,
    /// Their share in percent.
    pub in_full_percent: Option<Rate>,
    /// How many of those judged against the first day were on time and in full.
    pub on_time_in_full: i64,
    /// Their share in percent.
    pub on_time_in_full_percent: Option<Rate>,
    /// The median of days from the order to the first goods.
    pub lead_median: Option<i64>,
    /// Their tenth percentile.
    pub lead_p10: Option<i64>,
    /// Their ninetieth percentile.
    pub lead_p90: Option<i64>,
    /// From the tenth to the ninetieth.
    pub lead_spread: Option<i64>,
    /// What was billed, net.
    pub billed: Money,
    /// What the order's prices make of the same quantities.
    pub agreed: Money,
    /// By how much more was billed.
    pub price_deviation: Money,
    /// The same in percent of what was agreed.
    pub price_deviation_percent: Option<Rate>,
    /// How much was taken in.
    pub taken_in: Quantity,
    /// How much was refused at the dock.
    pub refused: Quantity,
    /// Its share of both in percent.
    pub refused_percent: Option<Rate>,
    /// How much was inspected.
    pub inspected: Quantity,
    /// How much of that failed.
    pub failed: Quantity,
    /// Its share in percent.
    pub failed_percent: Option<Rate>,
}

/// Which lines of orders.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = SupplierPerformanceLineFilter)]
pub struct SuppliedLineFilter {
    /// First due on this day or later; a year before the last when absent.
    pub from_day: Option<Day>,
    /// First due on this day or earlier; today when absent.
    pub to_day: Option<Day>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only of this item, by number.
    pub sku: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A line of an order, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SupplierPerformanceLine)]
pub struct SuppliedLine {
    /// The line.
    pub line_id: PurchaseLineId,
    /// The order.
    pub order_id: PurchaseOrderId,
    /// Its number.
    pub number: String,
    /// The number of the line.
    pub line: i64,
    /// The supplier's code.
    pub supplier: String,
    /// Its name.
    pub supplier_name: String,
    /// The item's number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// When it was ordered.
    pub ordered_on: Day,
    /// The day first due: the first promise, else the day asked for.
    pub due_first_on: Day,
    /// The day last due: the last promise, else the day asked for.
    pub due_last_on: Day,
    /// When the first of it came.
    pub first_receipt_on: Option<Day>,
    /// When the last of it came.
    pub last_receipt_on: Option<Day>,
    /// Whether nothing of it is due.
    pub ended: bool,
    /// Whether it was on time by the first day due; none while that cannot be told.
    pub on_time_first: Option<bool>,
    /// Whether it was on time by the last day due; none while that cannot be told.
    pub on_time_last: Option<bool>,
    /// Whether all of it came; none while that cannot be told.
    pub in_full: Option<bool>,
    /// Days from the order to the first goods.
    pub lead_days: Option<i64>,
    /// How much was ordered, in the stock unit.
    pub ordered: Quantity,
    /// How much came of what is not to be replaced.
    pub received: Quantity,
    /// How much was taken in, with what was replaced.
    pub taken_in: Quantity,
    /// How much was refused at the dock.
    pub refused: Quantity,
    /// How much was inspected.
    pub inspected: Quantity,
    /// How much of that failed.
    pub failed: Quantity,
    /// How much was billed.
    pub billed_quantity: Quantity,
    /// What was billed, net.
    pub billed: Money,
    /// What the order's price makes of the same quantity.
    pub agreed: Money,
}

/// Lines of orders by the day they were first due, with what became of them.
///
/// # Errors
/// [`ReportError`].
pub fn supplied_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: SuppliedLineFilter,
) -> Result<Page<SuppliedLine>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after = paging.after((String::new(), 0))?;
    let lines = read(tx, ctx, &filter, after, paging.limit())?;
    Ok(paging.page(lines, |line| (line.due_first_on.to_string(), line.line_id.raw())))
}

/// How well suppliers delivered, by supplier, month or both. The lines of a row are [`supplied_lines`]
/// of its supplier and the days of its month.
///
/// # Errors
/// [`ReportError`].
pub fn supplier_performance(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: PerformanceFilter,
) -> Result<Page<SupplierPerformance>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let asked = SuppliedLineFilter {
        from_day: filter.from_day,
        to_day: filter.to_day,
        supplier: filter.supplier,
        sku: filter.sku,
        cursor: None,
        limit: None,
    };
    let mut groups: BTreeMap<(String, String, String), Vec<SuppliedLine>> = BTreeMap::new();
    for line in read(tx, ctx, &asked, (String::new(), 0), i64::MAX)? {
        let (supplier, month) = filter.by.key(&line.supplier, line.due_first_on);
        let currency = line.agreed.currency.code().to_owned();
        groups.entry((supplier, month, currency)).or_default().push(line);
    }
    let rows = groups
        .into_iter()
        .map(|((supplier, month, _), lines)| judge(supplier, month, &lines))
        .collect::<Result<Vec<_>, NumberError>>()?;
    let key = |row: &SupplierPerformance| {
        (row.supplier.clone(), row.month.clone(), row.currency.code().to_owned())
    };
    Ok(paging.cut(rows, key)?)
}

fn judge(
    supplier: String,
    month: String,
    lines: &[SuppliedLine],
) -> Result<SupplierPerformance, NumberError> {
    let count = |of: fn(&SuppliedLine) -> bool| lines.iter().filter(|line| of(line)).count() as i64;
    let sum = |of: fn(&SuppliedLine) -> i64| {
        let mut numbers = lines.iter().map(of);
        numbers.try_fold(0_i64, |sum, more| sum.checked_add(more)).ok_or(NumberError::OutOfRange)
    };
    let currency = lines[0].agreed.currency;
    let (judged_first, judged_last) =
        (count(|line| line.on_time_first.is_some()), count(|line| line.on_time_last.is_some()));
    let on_time_first = count(|line| line.on_time_first == Some(true));
    let on_time_last = count(|line| line.on_time_last == Some(true));
    let in_full = count(|line| line.in_full == Some(true));
    let otif = count(|line| line.on_time_first == Some(true) && line.in_full == Some(true));
    let lead = Spread::of(lines.iter().filter_map(|line| line.lead_days));
    let (billed, agreed) = (sum(|line| line.billed.minor)?, sum(|line| line.agreed.minor)?);
    let deviation = billed.checked_sub(agreed).ok_or(NumberError::OutOfRange)?;
    let (taken_in, refused) =
        (sum(|line| line.taken_in.micro())?, sum(|line| line.refused.micro())?);
    let came = taken_in.checked_add(refused).ok_or(NumberError::OutOfRange)?;
    let (inspected, failed) =
        (sum(|line| line.inspected.micro())?, sum(|line| line.failed.micro())?);
    Ok(SupplierPerformance {
        supplier_name: if supplier.is_empty() {
            String::new()
        } else {
            lines[0].supplier_name.clone()
        },
        supplier,
        month,
        currency,
        lines: lines.len() as i64,
        judged_first,
        on_time_first,
        on_time_first_percent: percent(on_time_first, judged_first),
        judged_last,
        on_time_last,
        on_time_last_percent: percent(on_time_last, judged_last),
        in_full,
        in_full_percent: percent(in_full, judged_last),
        on_time_in_full: otif,
        on_time_in_full_percent: percent(otif, judged_first),
        lead_median: lead.map(|days| days.median),
        lead_p10: lead.map(|days| days.p10),
        lead_p90: lead.map(|days| days.p90),
        lead_spread: lead.map(|days| days.p90 - days.p10),
        billed: Money::new(billed, currency),
        agreed: Money::new(agreed, currency),
        price_deviation: Money::new(deviation, currency),
        price_deviation_percent: percent(deviation, agreed),
        taken_in: Quantity::from_micro(taken_in),
        refused: Quantity::from_micro(refused),
        refused_percent: percent(refused, came),
        inspected: Quantity::from_micro(inspected),
        failed: Quantity::from_micro(failed),
        failed_percent: percent(failed, inspected),
    })
}

fn read(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &SuppliedLineFilter,
    (day, id): (String, i64),
    limit: i64,
) -> Result<Vec<SuppliedLine>, ReportError> {
    let period = Period::of(filter.from_day, filter.to_day, ctx.today);
    let asked = params![
        ctx.company_id,
        period.from,
        period.to,
        filter.supplier,
        filter.sku,
        day,
        id,
        limit
    ];
    let found = tx.query(&tables::SUPPLIED_LINES, asked)?;
    found.iter().map(|row| supplied_line(row, ctx.today)).collect()
}

fn supplied_line(row: &Row, today: Day) -> Result<SuppliedLine, ReportError> {
    let day = |at| row.get::<String>(at).map(|text| Day::parse(&text).ok());
    let currency: Currency = row.get(8)?;
    let (ordered, received): (Quantity, Quantity) = (row.get(12)?, row.get(15)?);
    let closed: bool = row.get(14)?;
    let billed_quantity: Quantity = row.get(22)?;
    let agreed = mul_div(row.get(13)?, billed_quantity.micro(), ordered.micro(), Rounding::HalfUp)?;
    let mut line = SuppliedLine {
        line_id: row.get(0)?,
        order_id: row.get(1)?,
        number: row.get(2)?,
        line: row.get(3)?,
        supplier: row.get(4)?,
        supplier_name: row.get(5)?,
        sku: row.get(6)?,
        name: row.get(7)?,
        ordered_on: row.get(9)?,
        due_first_on: row.get(10)?,
        due_last_on: row.get(11)?,
        first_receipt_on: day(16)?,
        last_receipt_on: day(17)?,
        ended: closed || received >= ordered,
        on_time_first: None,
        on_time_last: None,
        in_full: None,
        lead_days: None,
        ordered,
        received,
        taken_in: row.get(18)?,
        refused: row.get(19)?,
        inspected: row.get(20)?,
        failed: row.get(21)?,
        billed_quantity,
        billed: Money::new(row.get(23)?, currency),
        agreed: Money::new(agreed, currency),
    };
    line.on_time_first = on_time(line.ended, line.last_receipt_on, line.due_first_on, today);
    line.on_time_last = on_time(line.ended, line.last_receipt_on, line.due_last_on, today);
    line.in_full = line.on_time_last.map(|_| received >= ordered);
    line.lead_days = line.first_receipt_on.map(|day| line.ordered_on.days_until(day));
    Ok(line)
}

/// Whether a line was on time by a day; none while that cannot be told.
fn on_time(ended: bool, last: Option<Day>, due: Day, today: Day) -> Option<bool> {
    let judged = ended || due < today;
    judged.then(|| ended && last.is_some_and(|last| last <= due))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_on_time_when_it_ended_by_its_day() {
        let day = |text: &str| Day::parse(&format!("2026-01-{text}")).unwrap();
        // Ended, the last goods, today; due on the tenth.
        for (ended, last, today, expected) in [
            (true, Some("10"), "05", Some(true)),
            (true, Some("11"), "11", Some(false)),
            (true, None, "05", Some(false)),
            (false, None, "10", None),
            (false, Some("09"), "10", None),
            (false, Some("09"), "11", Some(false)),
            (false, None, "11", Some(false)),
        ] {
            let found = on_time(ended, last.map(day), day("10"), day(today));
            assert_eq!(found, expected, "{ended} {last:?} {today}");
        }
    }
}
