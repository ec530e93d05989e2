//! What readers get: sheets, lines, and how accurate the books were.

use crate::model::{CountKind, CountState, Line, LineState};
use crate::{APPROVE, READ, rules, tables};
use base::{
    BadCursor, BatchId, CountId, Day, Id, Money, NumberError, Page, Paging, Problem, Quantity,
    Rate, Rule, UserId,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// Why a list was refused.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ListError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor was not made by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// Accuracy is by place, class or counter.
    #[error("accuracy is told by place, class or counter, not by {by:?}")]
    UnknownGroup {
        /// What was asked.
        by: String,
    },
    /// There is no such warehouse.
    #[error("there is no warehouse {code:?}")]
    UnknownWarehouse {
        /// The code asked for.
        code: String,
    },
    /// There is no such profile.
    #[error("there is no profile {name:?}; leave it out, or name one of the list of profiles")]
    UnknownProfile {
        /// The name asked for.
        name: String,
    },
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
            ListError::UnknownGroup { .. } => {
                Problem::invalid("unknown_group", self.to_string()).with_field("by")
            }
            ListError::UnknownWarehouse { .. } => {
                Problem::not_found("warehouse_not_found", self.to_string())
            }
            ListError::UnknownProfile { .. } => {
                Problem::not_found("profile_not_found", self.to_string()).with_field("profile")
            }
            ListError::Number(error) => error.problem(),
            ListError::Store(error) => error.problem(),
        }
    }
}

/// A sheet in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountRow {
    /// The sheet.
    pub count_id: CountId,
    /// Its number.
    pub number: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// How it came to its lines.
    pub kind: CountKind,
    /// Whether counters do not see what is expected.
    pub blind: bool,
    /// How far it has come.
    pub state: CountState,
    /// What for.
    pub memo: String,
    /// What the caller calls it.
    pub client_ref: String,
    /// How many lines it has.
    pub lines: i64,
    /// How many are counted.
    pub counted: i64,
    /// How many wait for another person.
    pub again: i64,
    /// How many are in conflict.
    pub conflicts: i64,
    /// What shelf and books differed by, once applied.
    pub value: Money,
    /// When it was opened.
    pub opened_on: Day,
    /// By whom.
    pub opened_by: UserId,
    /// When it was applied or cancelled.
    pub closed_on: Option<Day>,
    /// By whom.
    pub closed_by: Option<UserId>,
    /// Whether somebody had to approve it.
    pub approved: bool,
    /// The adjustment that booked its differences.
    pub adjustment_id: Option<BatchId>,
}

/// Which sheets.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CountFilter {
    /// Only in this state: open, applied or cancelled.
    pub state: Option<String>,
    /// Only of this warehouse.
    pub warehouse: Option<String>,
    /// Opened on this day or later.
    pub from_day: Option<Day>,
    /// Opened on this day or earlier.
    pub to_day: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Sheets, newest first.
///
/// # Errors
/// See [`ListError`].
pub fn list_counts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: CountFilter,
) -> Result<Page<CountRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after(("9999-12-31".to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_COUNTS,
        params![
            ctx.company_id,
            filter.state,
            filter.warehouse,
            filter.from_day,
            filter.to_day,
            day,
            id,
            paging.limit()
        ],
    )?;
    let read = |row: &Row| {
        let (closed_by, adjustment): (i64, i64) = (row.get(12)?, row.get(14)?);
        Ok(CountRow {
            count_id: row.get(0)?,
            number: row.get(1)?,
            warehouse: row.get(2)?,
            kind: row.get(3)?,
            blind: row.get(4)?,
            state: row.get(5)?,
            memo: row.get(6)?,
            client_ref: row.get(7)?,
            lines: row.get(8)?,
            opened_on: row.get(9)?,
            opened_by: row.get(10)?,
            closed_on: Day::parse(&row.get::<String>(11)?).ok(),
            closed_by: (closed_by != 0).then(|| UserId::from_raw(closed_by)),
            approved: row.get(13)?,
            adjustment_id: (adjustment != 0).then(|| BatchId::from_raw(adjustment)),
            counted: row.get(15)?,
            again: row.get(16)?,
            conflicts: row.get(17)?,
            value: Money::new(row.get(18)?, ctx.currency),
        })
    };
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line| (line.opened_on.to_string(), line.count_id.raw())))
}

/// A line of a sheet. On an open blind sheet, what the books say is hidden from those who may not
/// approve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountLineRow {
    /// The sheet.
    pub count_id: CountId,
    /// Its number.
    pub number: String,
    /// The number of the line.
    pub line: i64,
    /// The item's SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The place's path.
    pub place: String,
    /// The lot's code, empty for none.
    pub lot: String,
    /// How far it has come.
    pub state: LineState,
    /// What was counted.
    pub counted: Option<Quantity>,
    /// By whom.
    pub counted_by: Option<UserId>,
    /// Whether another person has to count it.
    pub again: bool,
    /// Whether two persons counted the same.
    pub confirmed: bool,
    /// What the books expected when it was counted or last refreshed.
    pub expected: Option<Quantity>,
    /// What was found more, or missing below zero.
    pub difference: Option<Quantity>,
    /// The same in percent of what was expected.
    pub difference_percent: Option<Rate>,
    /// Whether that is beyond the place's threshold.
    pub over_threshold: Option<bool>,
    /// What the books say now.
    pub on_hand: Option<Quantity>,
    /// Why it differed, once applied.
    pub reason: String,
    /// What the documents are called that prove it.
    pub evidence: String,
    /// What the difference was worth, once applied.
    pub value: Option<Money>,
}

/// Which lines.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CountLineFilter {
    /// Only of this sheet.
    pub count_id: Option<CountId>,
    /// Only in this state: open, counted, conflict, applied, skipped or cancelled.
    pub state: Option<String>,
    /// Only of this item.
    pub sku: Option<String>,
    /// Only at this place.
    pub place: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Lines of sheets, the newest sheet first, in the order of their numbers.
///
/// # Errors
/// See [`ListError`].
pub fn list_count_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: CountLineFilter,
) -> Result<Page<CountLineRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (count, line): (i64, i64) = paging.after((i64::MAX, 0))?;
    let found = tx.query(
        &tables::LIST_LINES,
        params![
            ctx.company_id,
            filter.count_id.map_or(0, Id::raw),
            filter.state,
            filter.sku,
            filter.place,
            count,
            line,
            paging.limit()
        ],
    )?;
    let lines =
        found.iter().map(|row| line_row(row, ctx)).collect::<Result<Vec<_>, ListError>>()?;
    Ok(paging.page(lines, |line| (line.count_id.raw(), line.line)))
}

fn line_row(row: &Row, ctx: &Ctx) -> Result<CountLineRow, ListError> {
    let line: Line = tables::line(row)?;
    let (blind, sheet): (bool, CountState) = (row.get(20)?, row.get(21)?);
    let shown = !blind || sheet != CountState::Open || ctx.holds(APPROVE);
    let difference = rules::difference(&line)?;
    let percent = difference.and_then(|difference| rules::percent(line.expected, difference));
    let counted = line.entries > 0 && line.counted.is_some();
    Ok(CountLineRow {
        count_id: row.get(18)?,
        number: row.get(19)?,
        line: line.line,
        sku: row.get(22)?,
        name: row.get(23)?,
        place: row.get(24)?,
        lot: row.get(25)?,
        state: line.state,
        counted: line.counted,
        counted_by: counted.then_some(line.counted_by),
        again: line.again,
        confirmed: line.confirmed,
        expected: shown.then_some(line.expected),
        difference: difference.filter(|_| shown),
        difference_percent: percent.filter(|_| shown).map(Rate::from_nano),
        over_threshold: if shown { Some(rules::line_is_over(&line)?) } else { None },
        on_hand: if shown { Some(row.get(26)?) } else { None },
        reason: line.reason,
        evidence: line.evidence,
        value: (line.state == LineState::Applied).then(|| Money::new(line.value, ctx.currency)),
    })
}

/// How accurate the books were at a place, for a class, or by a counter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccuracyRow {
    /// The place's path, the class, or the counter's login; `-` for none.
    pub name: String,
    /// How many lines were counted and applied.
    pub lines: i64,
    /// How many were as expected.
    pub right: i64,
    /// Their share in percent.
    pub right_percent: Rate,
    /// What was expected in all, in stock units.
    pub expected: Quantity,
    /// What was found more or missing in all, without its sign.
    pub off: Quantity,
    /// What shelf and books differed by.
    pub value: Money,
    /// The same without its sign.
    pub gross: Money,
}

/// Which figures.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AccuracyFilter {
    /// By `place`, `class` or `counter`.
    pub by: String,
    /// The profile whose classes count; needed by class only.
    #[serde(default)]
    pub profile: Option<String>,
    /// Applied on this day or later.
    #[serde(default)]
    pub from_day: Option<Day>,
    /// Applied on this day or earlier.
    #[serde(default)]
    pub to_day: Option<Day>,
    /// From where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    #[serde(default)]
    pub limit: Option<i64>,
}

/// How many applied lines were as expected, by place, class or counter.
///
/// # Errors
/// See [`ListError`].
pub fn list_accuracy(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: AccuracyFilter,
) -> Result<Page<AccuracyRow>, ListError> {
    ctx.require(READ)?;
    if !["place", "class", "counter"].contains(&filter.by.as_str()) {
        return Err(ListError::UnknownGroup { by: filter.by });
    }
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: String = paging.after(String::new())?;
    let found = tx.query(
        &tables::ACCURACY,
        params![
            ctx.company_id,
            filter.by,
            filter.profile.unwrap_or_default(),
            filter.from_day,
            filter.to_day,
            after,
            paging.limit()
        ],
    )?;
    let read = |row: &Row| {
        let (lines, right): (i64, i64) = (row.get(1)?, row.get(2)?);
        let percent = rules::percent(Quantity::from_micro(lines), Quantity::from_micro(right));
        Ok(AccuracyRow {
            name: row.get(0)?,
            lines,
            right,
            right_percent: Rate::from_nano(percent.unwrap_or(0)),
            expected: row.get(3)?,
            off: row.get(4)?,
            value: Money::new(row.get(5)?, ctx.currency),
            gross: Money::new(row.get(6)?, ctx.currency),
        })
    };
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line: &AccuracyRow| line.name.clone()))
}
