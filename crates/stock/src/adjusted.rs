//! How often the books followed the shelf, by how much, and who and what for.
//!
//! Booked adjustments alone, whether somebody asked for them or a count found them, by the day the
//! shelf was found to differ. *Net* is what was found more less what was missing; *absolute* adds both
//! without their signs, for what is found here and missing there is wrong twice.

use crate::{READ, tables};
use base::{BatchId, Day, Id, Money, MoveId, NumberError, Page, Paging, Period, Quantity};
use identity::{Ctx, ReportError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// What a row of the report is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdjustedBy {
    /// An item.
    #[default]
    Item,
    /// A place.
    Place,
    /// A reason.
    Reason,
    /// Who asked for the adjustment.
    User,
}

/// Which adjustments, and what a row is about.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AdjustedFilter {
    /// What a row is about: `item`, `place`, `reason` or `user`.
    pub by: AdjustedBy,
    /// Happened on this day or later; a year before the last when absent.
    pub from_day: Option<Day>,
    /// Happened on this day or earlier; today when absent.
    pub to_day: Option<Day>,
    /// Only of this item.
    pub sku: Option<String>,
    /// Only at this place, by path.
    pub place: Option<String>,
    /// Only for this reason, by code.
    pub reason: Option<String>,
    /// Only asked for by this user, by login.
    pub user: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// How often and by how much an item, a place, a reason or a user was adjusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdjustedRow {
    /// The item's number, the place's path, the reason's code or the user's login.
    pub code: String,
    /// The name of the item, the reason or the user; of a place, its warehouse.
    pub name: String,
    /// How many adjustments.
    pub adjustments: i64,
    /// How many lines of them.
    pub lines: i64,
    /// How much was found more.
    pub found: Quantity,
    /// How much was missing.
    pub missing: Quantity,
    /// Both without their signs.
    pub absolute: Quantity,
    /// What was found less what was missing.
    pub net: Quantity,
    /// What that was worth without signs.
    pub absolute_value: Money,
    /// What it was worth in all.
    pub net_value: Money,
}

/// Which lines of adjustments.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AdjustedLineFilter {
    /// Happened on this day or later; a year before the last when absent.
    pub from_day: Option<Day>,
    /// Happened on this day or earlier; today when absent.
    pub to_day: Option<Day>,
    /// Only of this item.
    pub sku: Option<String>,
    /// Only at this place, by path.
    pub place: Option<String>,
    /// Only for this reason, by code.
    pub reason: Option<String>,
    /// Only asked for by this user, by login.
    pub user: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A difference that was booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdjustedLine {
    /// The adjustment.
    pub adjustment_id: BatchId,
    /// Its number.
    pub number: String,
    /// The line of it.
    pub line: i64,
    /// When the shelf was found to differ.
    pub happened_on: Day,
    /// The books' day.
    pub posted_on: Day,
    /// The item's number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The place's path.
    pub place: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// The lot's code; empty for none.
    pub lot: String,
    /// What was found more, or missing below zero.
    pub quantity: Quantity,
    /// What it was worth, with the same sign.
    pub value: Money,
    /// The reason's code.
    pub reason: String,
    /// Its name.
    pub reason_name: String,
    /// The login of who asked for it.
    pub user: String,
    /// The name of who asked for it.
    pub user_name: String,
    /// The kind of document that it came from, such as `count`; empty for none.
    pub source_kind: String,
    /// That document's id, 0 for none.
    pub source_id: String,
    /// What the documents are called that prove it.
    pub evidence: String,
    /// The move.
    pub move_id: MoveId,
    /// What the adjustment was for, in words.
    pub memo: String,
}

/// Booked differences by day, the oldest first.
///
/// # Errors
/// [`ReportError`].
pub fn adjusted_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: AdjustedLineFilter,
) -> Result<Page<AdjustedLine>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after = paging.after((String::new(), 0, 0))?;
    let lines = read(tx, ctx, &filter, after, paging.limit())?;
    Ok(paging
        .page(lines, |line| (line.happened_on.to_string(), line.adjustment_id.raw(), line.line)))
}

/// How often and by how much the books followed the shelf, by item, place, reason or user. The lines
/// of a row are [`adjusted_lines`] with its code as the filter of that name.
///
/// # Errors
/// [`ReportError`].
pub fn adjusted(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: AdjustedFilter,
) -> Result<Page<AdjustedRow>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let asked = AdjustedLineFilter {
        from_day: filter.from_day,
        to_day: filter.to_day,
        sku: filter.sku,
        place: filter.place,
        reason: filter.reason,
        user: filter.user,
        cursor: None,
        limit: None,
    };
    let mut groups: BTreeMap<String, (String, Vec<AdjustedLine>)> = BTreeMap::new();
    for line in read(tx, ctx, &asked, (String::new(), 0, 0), i64::MAX)? {
        let (code, name) = match filter.by {
            AdjustedBy::Item => (&line.sku, &line.name),
            AdjustedBy::Place => (&line.place, &line.warehouse),
            AdjustedBy::Reason => (&line.reason, &line.reason_name),
            AdjustedBy::User => (&line.user, &line.user_name),
        };
        let (code, name) = (code.clone(), name.clone());
        groups.entry(code).or_insert_with(|| (name, Vec::new())).1.push(line);
    }
    let rows = groups
        .into_iter()
        .map(|(code, (name, lines))| group(ctx, code, name, &lines))
        .collect::<Result<Vec<_>, NumberError>>()?;
    Ok(paging.cut(rows, |row| row.code.clone())?)
}

fn group(
    ctx: &Ctx,
    code: String,
    name: String,
    lines: &[AdjustedLine],
) -> Result<AdjustedRow, NumberError> {
    let quantity = |of: fn(i64) -> i64| {
        let micros = lines.iter().map(|line| of(line.quantity.micro()));
        sum(micros).map(Quantity::from_micro)
    };
    let value = |of: fn(i64) -> i64| {
        let minors = lines.iter().map(|line| of(line.value.minor));
        sum(minors).map(|minor| Money::new(minor, ctx.currency))
    };
    let adjustments: BTreeSet<i64> = lines.iter().map(|line| line.adjustment_id.raw()).collect();
    Ok(AdjustedRow {
        code,
        name,
        adjustments: adjustments.len() as i64,
        lines: lines.len() as i64,
        found: quantity(|micro| micro.max(0))?,
        missing: quantity(|micro| (-micro).max(0))?,
        absolute: quantity(i64::abs)?,
        net: quantity(|micro| micro)?,
        absolute_value: value(i64::abs)?,
        net_value: value(|minor| minor)?,
    })
}

fn sum(mut numbers: impl Iterator<Item = i64>) -> Result<i64, NumberError> {
    numbers.try_fold(0_i64, |sum, more| sum.checked_add(more)).ok_or(NumberError::OutOfRange)
}

fn read(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &AdjustedLineFilter,
    (day, id, line): (String, i64, i64),
    limit: i64,
) -> Result<Vec<AdjustedLine>, StoreError> {
    let period = Period::of(filter.from_day, filter.to_day, ctx.today);
    let asked = params![
        ctx.company_id,
        period.from,
        period.to,
        filter.sku,
        filter.place,
        filter.reason,
        filter.user,
        day,
        id,
        line,
        limit
    ];
    let told = |row: &Row| {
        Ok(AdjustedLine {
            adjustment_id: row.get(0)?,
            number: row.get(1)?,
            line: row.get(2)?,
            happened_on: row.get(3)?,
            posted_on: row.get(4)?,
            sku: row.get(5)?,
            name: row.get(6)?,
            place: row.get(7)?,
            warehouse: row.get(8)?,
            lot: row.get(9)?,
            quantity: row.get(10)?,
            value: Money::new(row.get(11)?, ctx.currency),
            reason: row.get(12)?,
            reason_name: row.get(13)?,
            user: row.get(14)?,
            user_name: row.get(15)?,
            source_kind: row.get(16)?,
            source_id: row.get::<i64>(17)?.to_string(),
            evidence: row.get(18)?,
            move_id: row.get(19)?,
            memo: row.get(20)?,
        })
    };
    tx.query(&tables::ADJUSTED, asked)?.iter().map(told).collect()
}
