//! How long it takes from the arrival of returned goods to a decision, and to the money.
//!
//! Goods belong to the day they arrived. Days are calendar days from there: to the disposition, and to
//! the day on which a refund of the return's line was first decided (before the arrival it is below
//! zero, where policy refunds at once). What waits has no day of decision and is
//! counted as waiting; it is refunded once all that came of its line is.

use crate::READ;
use crate::tables;
use base::{
    CustomerReturnId, Day, Money, NumberError, Page, Paging, Period, Quantity, Rounding, Spread,
    mul_div,
};
use identity::{Ctx, ReportError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, Tx, params};
use utoipa::ToSchema;

/// What a row of the report is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReturnTimesBy {
    /// A disposition of goods that came back for a reason.
    #[default]
    ReasonDisposition,
    /// A reason.
    Reason,
    /// A disposition.
    Disposition,
    /// Everything.
    All,
}

/// Which goods, and what a row is about.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReturnTimeFilter {
    /// What a row is about: `reason_disposition`, `reason`, `disposition` or `all`.
    pub by: ReturnTimesBy,
    /// Arrived on this day or later; a year before the last when absent.
    pub from_day: Option<Day>,
    /// Arrived on this day or earlier; today when absent.
    pub to_day: Option<Day>,
    /// Only what came back for this reason, such as `damaged`.
    pub reason: Option<String>,
    /// Only with this disposition, such as `restock`.
    pub disposition: Option<String>,
    /// Only of this item, by number.
    pub sku: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// How long goods that came back waited.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnTimeRow {
    /// Why they came back; empty of all.
    pub reason: String,
    /// What became of them: empty of all, `waiting` where nothing has yet.
    pub disposition: String,
    /// How many goods, each decision for itself.
    pub lines: i64,
    /// How many pieces.
    pub quantity: Quantity,
    /// What they were worth when they were decided on.
    pub value: Money,
    /// How many of the lines wait for a decision.
    pub waiting: i64,
    /// For how many days the longest of them has waited.
    pub longest_waiting_days: Option<i64>,
    /// The median of days from arrival to decision.
    pub decision_median: Option<i64>,
    /// Their ninetieth percentile.
    pub decision_p90: Option<i64>,
    /// How many of the lines were refunded.
    pub refunded: i64,
    /// The median of days from arrival to refund.
    pub refund_median: Option<i64>,
    /// Their ninetieth percentile.
    pub refund_p90: Option<i64>,
}

/// Which goods.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReturnTimeLineFilter {
    /// Arrived on this day or later; a year before the last when absent.
    pub from_day: Option<Day>,
    /// Arrived on this day or earlier; today when absent.
    pub to_day: Option<Day>,
    /// Only what came back for this reason, such as `damaged`.
    pub reason: Option<String>,
    /// Only with this disposition, such as `restock`; `waiting` for what waits.
    pub disposition: Option<String>,
    /// Only of this item, by number.
    pub sku: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Goods that came back and were decided on together, or wait.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnTimeLine {
    /// The goods.
    pub goods_id: i64,
    /// The disposition; 0 while they wait.
    pub disposition_id: i64,
    /// The disposition's line.
    pub disposition_line: i64,
    /// The return.
    pub return_id: CustomerReturnId,
    /// Its number.
    pub number: String,
    /// The order's number; empty when the sale is not known.
    pub order_number: String,
    /// Why they came back.
    pub reason: String,
    /// The item's number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// What became of them; `waiting` where nothing has yet.
    pub disposition: String,
    /// The stock reason of scrap and second grade; empty otherwise.
    pub stock_reason: String,
    /// How many.
    pub quantity: Quantity,
    /// What they were worth.
    pub value: Money,
    /// When they arrived.
    pub arrived_on: Day,
    /// When they were decided on.
    pub decided_on: Option<Day>,
    /// When a refund of the return's line was first decided.
    pub refunded_on: Option<Day>,
    /// Days from arrival to decision.
    pub decision_days: Option<i64>,
    /// Days from arrival to refund.
    pub refund_days: Option<i64>,
    /// Days since arrival, while they wait.
    pub waiting_days: Option<i64>,
}

/// The word for what was not decided on.
const WAITING: &str = "waiting";

/// Goods that came back by the day they arrived, each decision on them a line.
///
/// # Errors
/// [`ReportError`].
pub fn return_time_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ReturnTimeLineFilter,
) -> Result<Page<ReturnTimeLine>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after = paging.after((String::new(), 0, 0, 0))?;
    let lines = read(tx, ctx, &filter, after, paging.limit())?;
    Ok(paging.page(lines, |line| {
        let day = line.arrived_on.to_string();
        (day, line.goods_id, line.disposition_id, line.disposition_line)
    }))
}

/// How long goods that came back waited for a decision and for the money, by reason and disposition.
/// The goods of a row are [`return_time_lines`] of its reason and disposition.
///
/// # Errors
/// [`ReportError`].
pub fn return_times(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ReturnTimeFilter,
) -> Result<Page<ReturnTimeRow>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let asked = ReturnTimeLineFilter {
        from_day: filter.from_day,
        to_day: filter.to_day,
        reason: filter.reason,
        disposition: filter.disposition,
        sku: filter.sku,
        cursor: None,
        limit: None,
    };
    let by_reason = matches!(filter.by, ReturnTimesBy::ReasonDisposition | ReturnTimesBy::Reason);
    let by_disposition =
        matches!(filter.by, ReturnTimesBy::ReasonDisposition | ReturnTimesBy::Disposition);
    let mut groups: BTreeMap<(String, String), Vec<ReturnTimeLine>> = BTreeMap::new();
    for line in read(tx, ctx, &asked, (String::new(), 0, 0, 0), i64::MAX)? {
        let word = |told: bool, word: &str| if told { word.to_owned() } else { String::new() };
        let key = (word(by_reason, &line.reason), word(by_disposition, &line.disposition));
        groups.entry(key).or_default().push(line);
    }
    let rows = groups
        .into_iter()
        .map(|((reason, disposition), lines)| group(ctx, reason, disposition, &lines))
        .collect::<Result<Vec<_>, NumberError>>()?;
    Ok(paging.cut(rows, |row| (row.reason.clone(), row.disposition.clone()))?)
}

fn group(
    ctx: &Ctx,
    reason: String,
    disposition: String,
    lines: &[ReturnTimeLine],
) -> Result<ReturnTimeRow, NumberError> {
    let sum = |of: fn(&ReturnTimeLine) -> i64| {
        let mut numbers = lines.iter().map(of);
        numbers.try_fold(0_i64, |sum, more| sum.checked_add(more)).ok_or(NumberError::OutOfRange)
    };
    let decision = Spread::of(lines.iter().filter_map(|line| line.decision_days));
    let refund = Spread::of(lines.iter().filter_map(|line| line.refund_days));
    let waiting = Spread::of(lines.iter().filter_map(|line| line.waiting_days));
    Ok(ReturnTimeRow {
        reason,
        disposition,
        lines: lines.len() as i64,
        quantity: Quantity::from_micro(sum(|line| line.quantity.micro())?),
        value: Money::new(sum(|line| line.value.minor)?, ctx.currency),
        waiting: waiting.map_or(0, |days| days.count),
        longest_waiting_days: waiting.map(|days| days.most),
        decision_median: decision.map(|days| days.median),
        decision_p90: decision.map(|days| days.p90),
        refunded: refund.map_or(0, |days| days.count),
        refund_median: refund.map(|days| days.median),
        refund_p90: refund.map(|days| days.p90),
    })
}

fn read(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &ReturnTimeLineFilter,
    (day, goods, disposition, line): (String, i64, i64, i64),
    limit: i64,
) -> Result<Vec<ReturnTimeLine>, ReportError> {
    let period = Period::of(filter.from_day, filter.to_day, ctx.today);
    // What waits has no disposition.
    let outcome = filter.disposition.as_deref().map(|word| if word == WAITING { "" } else { word });
    let asked = params![
        ctx.company_id,
        period.from,
        period.to,
        filter.reason,
        outcome,
        filter.sku,
        day,
        goods,
        disposition,
        line,
        limit
    ];
    let found = tx.query(&tables::DISPOSED, asked)?;
    found.iter().map(|row| time_line(row, ctx)).collect()
}

fn time_line(row: &Row, ctx: &Ctx) -> Result<ReturnTimeLine, ReportError> {
    let day = |at| row.get::<String>(at).map(|text| Day::parse(&text).ok());
    let arrived_on: Day = row.get(13)?;
    let (decided_on, refunded_on) = (day(14)?, day(17)?);
    let outcome: String = row.get(10)?;
    let (quantity, whole): (Quantity, Quantity) = (row.get(11)?, row.get(16)?);
    let value = mul_div(row.get(12)?, quantity.micro(), whole.micro(), Rounding::HalfUp)?;
    let since = |day: Day| arrived_on.days_until(day);
    let waits = outcome.is_empty();
    Ok(ReturnTimeLine {
        goods_id: row.get(0)?,
        disposition_id: row.get(1)?,
        disposition_line: row.get(2)?,
        return_id: row.get(3)?,
        number: row.get(4)?,
        order_number: row.get(5)?,
        reason: row.get(6)?,
        sku: row.get(7)?,
        name: row.get(8)?,
        warehouse: row.get(9)?,
        disposition: if waits { WAITING.to_owned() } else { outcome },
        stock_reason: row.get(15)?,
        quantity,
        value: Money::new(value, ctx.currency),
        arrived_on,
        decided_on,
        refunded_on,
        decision_days: decided_on.map(since),
        refund_days: refunded_on.map(since),
        waiting_days: waits.then(|| since(ctx.today)),
    })
}
