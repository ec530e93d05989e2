//! What customers still wait for, and for how long.
//!
//! What an order still wants of an item is open; the part that is reserved waits to be shipped, the
//! rest is its back-order. The age is counted in calendar days from the day of the order.

use crate::{READ, tables};
use base::{Day, NumberError, Page, Paging, Quantity, SalesOrderId, Spans, Timestamp};
use identity::{Ctx, ReportError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, Tx, params};
use utoipa::ToSchema;

/// Where ages are told apart when nobody says otherwise, in days.
const DAYS: [i64; 5] = [0, 3, 7, 14, 30];

/// Which open orders, and how their ages are told apart.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OrderAgeFilter {
    /// Where ages are told apart, in days, ascending: `0,3,7,14,30` when absent, which is today, 1 to
    /// 3, 4 to 7 and so on, and above 30.
    pub days: Option<String>,
    /// Only of this channel, by code.
    pub channel: Option<String>,
    /// Only this item, by number.
    pub sku: Option<String>,
    /// Only from this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only what is on back-order.
    pub back_orders: bool,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// What of a channel's orders waits within a span of ages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderAgeRow {
    /// The channel's code.
    pub channel: String,
    /// Its name.
    pub channel_name: String,
    /// The least age, in days.
    pub from_days: i64,
    /// The most; none for the oldest.
    pub to_days: Option<i64>,
    /// The last day of the orders.
    pub to_day: Day,
    /// Their first day; none for the oldest.
    pub from_day: Option<Day>,
    /// How many orders.
    pub orders: i64,
    /// How many items of them.
    pub lines: i64,
    /// How much is to be shipped.
    pub open: Quantity,
    /// How much of it is reserved.
    pub reserved: Quantity,
    /// How much is on back-order.
    pub back_order: Quantity,
    /// The day of the oldest order.
    pub oldest_on: Day,
}

/// Which demands.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpenDemandFilter {
    /// Only of this channel, by code.
    pub channel: Option<String>,
    /// Only this item, by number.
    pub sku: Option<String>,
    /// Only from this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only what is on back-order.
    pub back_orders: bool,
    /// Ordered on this day or later.
    pub from_day: Option<Day>,
    /// Ordered on this day or earlier.
    pub to_day: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// What an order still wants of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenDemand {
    /// The demand.
    pub demand_id: i64,
    /// The order.
    pub order_id: SalesOrderId,
    /// Its number.
    pub number: String,
    /// The number of the line.
    pub line: i64,
    /// The channel's code.
    pub channel: String,
    /// Its name.
    pub channel_name: String,
    /// The customer's code, empty when not known.
    pub partner: String,
    /// The customer's name, empty when not known.
    pub partner_name: String,
    /// The order's number at the channel, empty for none.
    pub external_ref: String,
    /// The item's number; of a kit, a component's.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The code of the warehouse that shall ship it.
    pub warehouse: String,
    /// The day it was ordered.
    pub ordered_on: Day,
    /// The moment.
    pub ordered_at: Timestamp,
    /// The day it is due.
    pub due_on: Day,
    /// How much was ordered.
    pub ordered: Quantity,
    /// How much was shipped.
    pub shipped: Quantity,
    /// How much was cancelled.
    pub cancelled: Quantity,
    /// How much is to be shipped.
    pub open: Quantity,
    /// How much of it is reserved.
    pub reserved: Quantity,
    /// How much is on back-order.
    pub back_order: Quantity,
    /// Days since the order.
    pub age_days: i64,
    /// For how many days it is overdue; zero when it is not.
    pub late_days: i64,
}

/// What customers still wait for, the oldest order first.
///
/// # Errors
/// [`ReportError`].
pub fn open_demands(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: OpenDemandFilter,
) -> Result<Page<OpenDemand>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after = paging.after((i64::MIN, 0))?;
    let lines = read(tx, ctx, &filter, after, paging.limit())?;
    Ok(paging.page(lines, |line| (line.ordered_at.micros(), line.demand_id)))
}

/// What customers still wait for by channel and age. The demands of a row are [`open_demands`] of its
/// channel and days.
///
/// # Errors
/// [`ReportError`].
pub fn order_ages(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: OrderAgeFilter,
) -> Result<Page<OrderAgeRow>, ReportError> {
    ctx.require(READ)?;
    let spans = Spans::read(filter.days.as_deref(), &DAYS)
        .map_err(|detail| ReportError::Filter { field: "days", detail })?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let asked = OpenDemandFilter {
        channel: filter.channel,
        sku: filter.sku,
        warehouse: filter.warehouse,
        back_orders: filter.back_orders,
        ..OpenDemandFilter::default()
    };
    let mut groups: BTreeMap<(String, i64), (Option<i64>, Vec<OpenDemand>)> = BTreeMap::new();
    for line in read(tx, ctx, &asked, (i64::MIN, 0), i64::MAX)? {
        let (from, to) = spans.of(line.age_days);
        let key = (line.channel.clone(), from);
        groups.entry(key).or_insert_with(|| (to, Vec::new())).1.push(line);
    }
    let rows = groups
        .into_iter()
        .map(|((channel, from), (to, lines))| group(ctx.today, channel, (from, to), &lines))
        .collect::<Result<Vec<_>, ReportError>>()?;
    Ok(paging.cut(rows, |row| (row.channel.clone(), row.from_days))?)
}

fn group(
    today: Day,
    channel: String,
    (from_days, to_days): (i64, Option<i64>),
    lines: &[OpenDemand],
) -> Result<OrderAgeRow, ReportError> {
    let sum = |of: fn(&OpenDemand) -> Quantity| {
        let mut all = lines.iter().map(of);
        all.try_fold(Quantity::ZERO, |sum, more| sum.checked_add(more))
    };
    let orders: BTreeSet<SalesOrderId> = lines.iter().map(|line| line.order_id).collect();
    let ago = |days: i64| today.plus(-days).map_err(|_| NumberError::OutOfRange);
    Ok(OrderAgeRow {
        channel,
        channel_name: lines[0].channel_name.clone(),
        from_days,
        to_days,
        to_day: ago(from_days)?,
        from_day: to_days.map(ago).transpose()?,
        orders: orders.len() as i64,
        lines: lines.len() as i64,
        open: sum(|line| line.open)?,
        reserved: sum(|line| line.reserved)?,
        back_order: sum(|line| line.back_order)?,
        oldest_on: lines.iter().map(|line| line.ordered_on).min().unwrap_or(today),
    })
}

fn read(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &OpenDemandFilter,
    (at, id): (i64, i64),
    limit: i64,
) -> Result<Vec<OpenDemand>, ReportError> {
    let asked = params![
        ctx.company_id,
        filter.channel,
        filter.sku,
        filter.warehouse,
        filter.back_orders,
        filter.from_day,
        filter.to_day,
        at,
        id,
        limit
    ];
    let found = tx.query(&tables::OPEN_DEMANDS, asked)?;
    found.iter().map(|row| open_demand(row, ctx.today)).collect()
}

fn open_demand(row: &Row, today: Day) -> Result<OpenDemand, ReportError> {
    let (ordered, shipped, cancelled): (Quantity, Quantity, Quantity) =
        (row.get(15)?, row.get(16)?, row.get(17)?);
    let open = ordered.checked_sub(shipped)?.checked_sub(cancelled)?;
    let reserved: Quantity = row.get(18)?;
    let (ordered_on, due_on): (Day, Day) = (row.get(12)?, row.get(14)?);
    Ok(OpenDemand {
        demand_id: row.get(0)?,
        order_id: row.get(1)?,
        number: row.get(2)?,
        line: row.get(3)?,
        channel: row.get(4)?,
        channel_name: row.get(5)?,
        partner: row.get(6)?,
        partner_name: row.get(7)?,
        external_ref: row.get(8)?,
        sku: row.get(9)?,
        name: row.get(10)?,
        warehouse: row.get(11)?,
        ordered_on,
        ordered_at: row.get(13)?,
        due_on,
        ordered,
        shipped,
        cancelled,
        open,
        reserved,
        back_order: open.checked_sub(reserved)?,
        age_days: ordered_on.days_until(today).max(0),
        late_days: due_on.days_until(today).max(0),
    })
}
