//! How much of what customers order leaves on the same day.
//!
//! *Fill rate* = units shipped on the order's day / units ordered, where what was cancelled on that day
//! counts as not ordered. *Lines filled* is the same of whole lines. Both are of goods, sold and free;
//! a kit counts as one. What was cancelled before cancellations were noted by day counts as ordered.

use crate::{READ, tables};
use base::{
    Day, Id, NumberError, Page, Paging, Period, Quantity, Rate, SalesOrderId, Timestamp, percent,
};
use identity::{Ctx, ReportError};
use serde::{Deserialize, Serialize};
use store::{Row, Tx, params};
use utoipa::ToSchema;

/// What a row of the report is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FillBy {
    /// A channel.
    #[default]
    Channel,
    /// A month.
    Month,
    /// A channel in a month.
    ChannelMonth,
    /// Everything.
    All,
}

/// Which orders, and what a row is about.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = FillRateFilter)]
pub struct FillFilter {
    /// What a row is about: `channel`, `month`, `channel_month` or `all`.
    pub by: FillBy,
    /// Ordered on this day or later; a year before the last when absent.
    pub from_day: Option<Day>,
    /// Ordered on this day or earlier; today when absent.
    pub to_day: Option<Day>,
    /// Only of this channel, by code.
    pub channel: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// How much of what was ordered left on the same day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FillRateRow)]
pub struct FillRow {
    /// The channel's code; empty of all.
    pub channel: String,
    /// The month of the orders, as `2026-01`; empty of all.
    pub month: String,
    /// How many orders.
    pub orders: i64,
    /// How many lines of goods.
    pub lines: i64,
    /// How many units were ordered.
    pub ordered: Quantity,
    /// How many of them were cancelled on the order's day.
    pub cancelled_same_day: Quantity,
    /// How many were wanted at the end of that day: the rest.
    pub wanted: Quantity,
    /// How many were shipped on that day.
    pub shipped_same_day: Quantity,
    /// The fill rate: their share of what was wanted, in percent.
    pub fill_percent: Option<Rate>,
    /// How many lines were wanted at the end of the day.
    pub wanted_lines: i64,
    /// How many of them were shipped whole on that day.
    pub filled_lines: i64,
    /// Their share in percent.
    pub filled_lines_percent: Option<Rate>,
    /// How many units were shipped by now.
    pub shipped: Quantity,
    /// How many were cancelled by now.
    pub cancelled: Quantity,
    /// How many are still to be shipped.
    pub open: Quantity,
}

/// Which lines.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = FillRateLineFilter)]
pub struct FillLineFilter {
    /// Ordered on this day or later; a year before the last when absent.
    pub from_day: Option<Day>,
    /// Ordered on this day or earlier; today when absent.
    pub to_day: Option<Day>,
    /// Only of this channel, by code.
    pub channel: Option<String>,
    /// Only what was not shipped whole on the order's day.
    pub unfilled: bool,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A line of an order, with what of it left on the same day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = FillRateLine)]
pub struct FillLine {
    /// The order.
    pub order_id: SalesOrderId,
    /// Its number.
    pub number: String,
    /// The channel's code.
    pub channel: String,
    /// Its number at the channel, empty for none.
    pub external_ref: String,
    /// The day it was ordered.
    pub ordered_on: Day,
    /// The moment.
    pub ordered_at: Timestamp,
    /// The number of the line.
    pub line: i64,
    /// The item's or the kit's number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// How many were ordered.
    pub ordered: Quantity,
    /// How many of them were cancelled on the order's day.
    pub cancelled_same_day: Quantity,
    /// How many were shipped on that day.
    pub shipped_same_day: Quantity,
    /// How many were shipped by now.
    pub shipped: Quantity,
    /// How many were cancelled by now.
    pub cancelled: Quantity,
}

/// How much of what was ordered was shipped on the same day, by channel, month or both. The lines of a
/// row are [`fill_lines`] of its channel and the days of its month.
///
/// # Errors
/// [`ReportError`].
pub fn fill_rate(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: FillFilter,
) -> Result<Page<FillRow>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let period = Period::of(filter.from_day, filter.to_day, ctx.today);
    let by_channel = matches!(filter.by, FillBy::Channel | FillBy::ChannelMonth);
    let by_month = matches!(filter.by, FillBy::Month | FillBy::ChannelMonth);
    let asked =
        params![ctx.company_id, period.from, period.to, filter.channel, by_channel, by_month];
    let found = tx.query(&tables::FILL_RATE, asked)?;
    let rows = found.iter().map(fill_row).collect::<Result<Vec<_>, ReportError>>()?;
    Ok(paging.cut(rows, |row| (row.channel.clone(), row.month.clone()))?)
}

fn fill_row(row: &Row) -> Result<FillRow, ReportError> {
    let (ordered, gone): (Quantity, Quantity) = (row.get(4)?, row.get(5)?);
    let (same_day, shipped, cancelled): (Quantity, Quantity, Quantity) =
        (row.get(6)?, row.get(7)?, row.get(8)?);
    let wanted = ordered.checked_sub(gone)?;
    // A line of which nothing was wanted is not one that was filled.
    let (lines, wanted_lines): (i64, i64) = (row.get(2)?, row.get(10)?);
    let unwanted = lines.checked_sub(wanted_lines).ok_or(NumberError::OutOfRange)?;
    let filled_lines = row.get::<i64>(9)? - unwanted;
    Ok(FillRow {
        channel: row.get(0)?,
        month: row.get(1)?,
        orders: row.get(3)?,
        lines,
        ordered,
        cancelled_same_day: gone,
        wanted,
        shipped_same_day: same_day,
        fill_percent: percent(same_day.micro(), wanted.micro()),
        wanted_lines,
        filled_lines,
        filled_lines_percent: percent(filled_lines, wanted_lines),
        shipped,
        cancelled,
        open: ordered.checked_sub(shipped)?.checked_sub(cancelled)?,
    })
}

/// Lines of goods by the day of their order, with what of each left on the same day.
///
/// # Errors
/// [`ReportError`].
pub fn fill_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: FillLineFilter,
) -> Result<Page<FillLine>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, order, line): (String, i64, i64) = paging.after((String::new(), 0, 0))?;
    let period = Period::of(filter.from_day, filter.to_day, ctx.today);
    let asked = params![
        ctx.company_id,
        period.from,
        period.to,
        filter.channel,
        filter.unfilled,
        day,
        order,
        line,
        paging.limit()
    ];
    let found = tx.query(&tables::FILL_LINES, asked)?;
    let told = |row: &Row| {
        Ok::<_, ReportError>(FillLine {
            order_id: row.get(0)?,
            number: row.get(1)?,
            channel: row.get(2)?,
            external_ref: row.get(3)?,
            ordered_on: row.get(4)?,
            ordered_at: row.get(5)?,
            line: row.get(6)?,
            sku: row.get(7)?,
            name: row.get(8)?,
            warehouse: row.get(9)?,
            ordered: row.get(10)?,
            cancelled_same_day: row.get(11)?,
            shipped_same_day: row.get(12)?,
            shipped: row.get(13)?,
            cancelled: row.get(14)?,
        })
    };
    let lines = found.iter().map(told).collect::<Result<Vec<_>, _>>()?;
    Ok(paging.page(lines, |line| (line.ordered_on.to_string(), line.order_id.raw(), line.line)))
}
