//! `explain`: what was booked as unexplained turns out to have a reason, and its value moves there.

use crate::reasons::reasons;
use crate::tables;
use accounting::{Area, Entry, Line, Role};
use base::{
    BatchId, Day, EntryId, Id, ItemId, Money, Page, Paging, Problem, ProblemKind, Quantity, Rule,
    TextError, UserId, check_text,
};
use identity::{Ctx, Denied, Permission};
use serde::{Deserialize, Serialize};
use store::{Row, Rows, StoreError, Tx, params};
use utoipa::ToSchema;

/// May explain what was unexplained.
pub const EXPLAIN: Permission = Permission("stock.explain");

/// Differences that have been explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Explain {
    /// The adjustment.
    pub adjustment_id: BatchId,
    /// Its lines; all that wait when empty.
    #[serde(default)]
    pub lines: Vec<i64>,
    /// The code of the reason that it was. One that must be explained itself is none.
    pub reason: String,
    /// What was found out.
    pub note: String,
}

/// What was explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Explained {
    /// The lines.
    pub lines: Vec<i64>,
    /// The value that moved from one account to the other: above zero is cost.
    pub value: Money,
    /// The books' day.
    pub posted_on: Day,
}

/// Why nothing was explained, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ExplainError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The note is missing or cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Nothing of this adjustment waits.
    #[error("nothing of adjustment {adjustment_id} waits to be explained")]
    NotWaiting {
        /// The adjustment.
        adjustment_id: BatchId,
    },
    /// A line does not wait.
    #[error("line {line} does not wait to be explained; leave it out")]
    LineNotWaiting {
        /// The line.
        line: i64,
    },
    /// The reason explains nothing.
    #[error("{code:?} is no reason that explains; use one of: {known}")]
    NoExplanation {
        /// What was given.
        code: String,
        /// What there is.
        known: String,
    },
    /// The books are not open.
    #[error(transparent)]
    Books(#[from] accounting::BooksError),
    /// The entry could not be booked.
    #[error(transparent)]
    Entry(#[from] accounting::PostError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ExplainError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ExplainError::Denied(error) => error.problem(),
            ExplainError::Text(error) => error.problem(),
            ExplainError::NotWaiting { .. } => {
                Problem::new(ProblemKind::Conflict, "nothing_to_explain", detail)
            }
            ExplainError::LineNotWaiting { .. } => Problem::refused("line_not_waiting", detail),
            ExplainError::NoExplanation { .. } => Problem::refused("no_explanation", detail),
            ExplainError::Books(error) => error.problem(),
            ExplainError::Entry(error) => error.problem(),
            ExplainError::Store(error) => error.problem(),
        }
    }
}

/// A difference that waits.
struct Open {
    line: i64,
    value: i64,
    item_id: ItemId,
    role: Role,
}

/// Explains differences: their value moves from the account that it was booked to, to that of the
/// reason which it was. Goods do not move.
///
/// # Errors
/// The first broken rule in the order of [`ExplainError`].
pub fn explain(tx: &mut Tx<'_>, ctx: &Ctx, request: Explain) -> Result<Explained, ExplainError> {
    ctx.require(EXPLAIN)?;
    if request.note.trim().is_empty() {
        return Err(TextError::Empty { field: "note" }.into());
    }
    check_text("note", &request.note, 500)?;
    let adjustment_id = request.adjustment_id;
    let found = tx.query(&tables::LOCK_UNEXPLAINED, params![ctx.company_id, adjustment_id])?;
    let mut open = found.iter().map(waiting).collect::<Result<Vec<_>, _>>()?;
    if open.is_empty() {
        return Err(ExplainError::NotWaiting { adjustment_id });
    }
    if let Some(line) =
        request.lines.iter().copied().find(|line| open.iter().all(|open| open.line != *line))
    {
        return Err(ExplainError::LineNotWaiting { line });
    }
    open.retain(|open| request.lines.is_empty() || request.lines.contains(&open.line));
    let known = reasons(tx, ctx)?;
    let explains = |reason: &&crate::reasons::Reason| reason.active && !reason.must_explain;
    let reason = known.get(&request.reason).filter(explains);
    let reason = reason.ok_or_else(|| ExplainError::NoExplanation {
        code: request.reason.clone(),
        known: known
            .values()
            .filter(explains)
            .map(|r| r.code.clone())
            .collect::<Vec<_>>()
            .join(", "),
    })?;

    let books = accounting::open_books(tx, ctx, Area::Stock, ctx.today)?;
    // A line's value is below zero for goods missing, which were a cost on its account.
    let lines = open.iter().filter(|open| open.role != reason.role).flat_map(|open| {
        let from = Line::new(open.role, open.value).item(open.item_id);
        [from, Line::new(reason.role, -open.value).item(open.item_id)]
    });
    let entry = Entry {
        kind: "explanation",
        source_kind: "adjustment",
        source_id: adjustment_id.raw(),
        happened_on: ctx.today,
        memo: request.note.clone(),
        lines: lines.filter(|line| line.amount != 0).collect(),
    };
    let entry_id = match entry.lines.is_empty() {
        true => accounting::no_entry(),
        false => accounting::post(tx, ctx, &books, vec![entry])?
            .first()
            .copied()
            .unwrap_or_else(accounting::no_entry),
    };
    record(tx, ctx, &request, &open, reason.id.raw(), entry_id)?;
    let value = open.iter().fold(0_i64, |sum, open| sum.saturating_sub(open.value));
    Ok(Explained {
        lines: open.iter().map(|open| open.line).collect(),
        value: Money::new(value, ctx.currency),
        posted_on: books.posted_on(),
    })
}

fn waiting(row: &Row) -> Result<Open, StoreError> {
    let word: String = row.get(3)?;
    let role = Role::parse(&word).ok_or_else(|| {
        StoreError::Unusable(format!("a reason names the unknown account role {word}"))
    })?;
    Ok(Open { line: row.get(0)?, value: row.get(1)?, item_id: row.get(2)?, role })
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &Explain,
    open: &[Open],
    reason_id: i64,
    entry_id: EntryId,
) -> Result<(), StoreError> {
    let lines = Rows::column(open.iter().map(|open| open.line));
    let adjustment_id = request.adjustment_id;
    tx.write_exactly(
        open.len(),
        &tables::EXPLAIN,
        params![
            ctx.company_id,
            adjustment_id,
            ctx.at,
            ctx.user_id,
            reason_id,
            request.note,
            entry_id;
            lines
        ],
    )?;
    let detail = serde_json::to_value(request).unwrap_or_default();
    ctx.audit(tx, EXPLAIN, "adjustment", adjustment_id.raw(), detail.clone());
    // Asking and deciding are 1 and 2; a line is explained once, so its number tells these apart.
    let seq = 2 + open.iter().map(|open| open.line).min().unwrap_or(1);
    ctx.fact(tx, "adjustment", adjustment_id.raw(), seq, "stock.explained", detail);
    Ok(())
}

/// A difference that somebody has to explain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnexplainedRow {
    /// The adjustment.
    pub adjustment_id: BatchId,
    /// Its line.
    pub line: i64,
    /// Its number.
    pub number: String,
    /// The item's SKU.
    pub sku: String,
    /// The place's path.
    pub place: String,
    /// What was found more, or missing below zero.
    pub quantity: Quantity,
    /// What it was worth, with the same sign.
    pub value: Money,
    /// Who has to explain it.
    pub owner: UserId,
    /// By which day.
    pub due_on: Day,
    /// Whether that day is past and it still waits.
    pub overdue: bool,
    /// When it was found.
    pub happened_on: Day,
    /// The kind of document that found it, empty for none.
    pub source_kind: String,
    /// That document.
    pub source_id: String,
    /// The reason that it was, once explained.
    pub explained_as: String,
    /// What was found out.
    pub note: String,
}

/// Which differences.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UnexplainedFilter {
    /// Also those that are explained.
    pub explained: bool,
    /// Only this user's.
    pub owner: Option<UserId>,
    /// Only those due before this day.
    pub due_before: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Differences that wait to be explained, the longest due first.
///
/// # Errors
/// See [`crate::ListError`].
pub fn list_unexplained(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: UnexplainedFilter,
) -> Result<Page<UnexplainedRow>, crate::ListError> {
    ctx.require(crate::READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (due, id, line): (String, i64, i64) = paging.after((String::new(), 0, 0))?;
    let owner = filter.owner.map_or(0, Id::raw);
    let found = tx.query(
        &tables::LIST_UNEXPLAINED,
        params![
            ctx.company_id,
            filter.explained,
            owner,
            filter.due_before,
            due,
            id,
            line,
            paging.limit()
        ],
    )?;
    let read = |row: &Row| {
        let (due_on, explained_at): (Day, i64) = (row.get(8)?, row.get(12)?);
        Ok(UnexplainedRow {
            adjustment_id: row.get(0)?,
            line: row.get(1)?,
            number: row.get(2)?,
            sku: row.get(3)?,
            place: row.get(4)?,
            quantity: row.get(5)?,
            value: Money::new(row.get(6)?, ctx.currency),
            owner: row.get(7)?,
            due_on,
            overdue: explained_at == 0 && due_on < ctx.today,
            happened_on: row.get(9)?,
            source_kind: row.get(10)?,
            source_id: row.get::<i64>(11)?.to_string(),
            explained_as: row.get(13)?,
            note: row.get(14)?,
        })
    };
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line: &UnexplainedRow| {
        (line.due_on.to_string(), line.adjustment_id.raw(), line.line)
    }))
}
