//! `resolve_conflict`: goods moved between counting and applying; somebody says what holds.

use crate::model::{Choice, CountState, Line, LineState};
use crate::{RESOLVE, SOURCE, rules, tables};
use base::{CountId, Id, NumberError, Problem, ProblemKind, Quantity, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// What holds for lines in conflict.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveConflict {
    /// The sheet.
    pub count_id: CountId,
    /// The numbers of its lines; all in conflict when empty.
    #[serde(default)]
    pub lines: Vec<i64>,
    /// What holds.
    pub choice: Choice,
}

/// Lines as resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConflictResolved {
    /// The lines with their difference now; none for those that are counted again.
    pub lines: Vec<(i64, Option<Quantity>)>,
    /// How many lines are still in conflict.
    pub left: usize,
}

/// Why nothing was resolved, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ResolveConflictError {
    /// There is no such sheet.
    #[error("there is no count {count_id}")]
    NotFound {
        /// The id asked for.
        count_id: CountId,
    },
    /// The caller may not, or not in the sheet's warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The sheet is closed.
    #[error("count {number} is {state}; nothing of it changes any more")]
    NotOpen {
        /// Its number.
        number: String,
        /// Its state.
        state: CountState,
    },
    /// No line is in conflict.
    #[error("no line of count {number} is in conflict")]
    NoConflict {
        /// Its number.
        number: String,
    },
    /// A line is not in conflict.
    #[error("line {line} is not in conflict; leave it out")]
    NotInConflict {
        /// The line.
        line: i64,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ResolveConflictError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ResolveConflictError::NotFound { .. } => Problem::not_found("count_not_found", detail),
            ResolveConflictError::Denied(error) => error.problem(),
            ResolveConflictError::NotOpen { .. } => {
                Problem::new(ProblemKind::Conflict, "count_not_open", detail)
            }
            ResolveConflictError::NoConflict { .. } => {
                Problem::new(ProblemKind::Conflict, "no_conflict", detail)
            }
            ResolveConflictError::NotInConflict { .. } => {
                Problem::refused("not_in_conflict", detail)
            }
            ResolveConflictError::Number(error) => error.problem(),
            ResolveConflictError::Store(error) => error.problem(),
        }
    }
}

/// Says what holds for lines in conflict. What was counted stays, or moves along with the goods, or
/// another person counts again. The sheet is applied as before.
///
/// # Errors
/// The first broken rule in the order of [`ResolveConflictError`].
pub fn resolve_conflict(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ResolveConflict,
) -> Result<ConflictResolved, ResolveConflictError> {
    let count_id = request.count_id;
    let sheet = tables::lock_count(tx, ctx, count_id)?;
    let mut sheet = sheet.ok_or(ResolveConflictError::NotFound { count_id })?;
    ctx.require_in(RESOLVE, sheet.warehouse_id)?;
    if sheet.state != CountState::Open {
        return Err(ResolveConflictError::NotOpen { number: sheet.number, state: sheet.state });
    }
    let mut lines = tables::lines_of(tx, ctx, count_id)?;
    lines.retain(|line| line.state == LineState::Conflict);
    if lines.is_empty() {
        return Err(ResolveConflictError::NoConflict { number: sheet.number });
    }
    let absent = |number: &&i64| lines.iter().all(|line| line.line != **number);
    if let Some(&line) = request.lines.iter().find(absent) {
        return Err(ResolveConflictError::NotInConflict { line });
    }
    let all = lines.len();
    lines.retain(|line| request.lines.is_empty() || request.lines.contains(&line.line));
    let shelves = stock::look_at_shelf(tx, ctx, lines.iter().map(Line::key))?;
    let resolve = |line: &Line| {
        let shelf = shelves.get(&line.key()).copied().unwrap_or_default();
        rules::resolve(line, request.choice, shelf)
    };
    let resolved = lines.iter().map(resolve).collect::<Result<Vec<_>, _>>()?;
    tables::update_lines(tx, ctx, &resolved)?;
    tables::insert_entries(tx, ctx, request.choice.word(), &resolved)?;
    sheet.seq += 1;
    tables::update_count(tx, ctx, &sheet)?;
    let detail = serde_json::json!({
        "number": sheet.number, "choice": request.choice, "lines": resolved.len(),
    });
    ctx.audit(tx, RESOLVE, SOURCE, count_id.raw(), detail.clone());
    ctx.fact(tx, SOURCE, count_id.raw(), sheet.seq, "counting.resolved", detail);
    let told = |line: &Line| Ok((line.line, rules::difference(line)?));
    let told = resolved.iter().map(told).collect::<Result<Vec<_>, NumberError>>()?;
    Ok(ConflictResolved { left: all - told.len(), lines: told })
}
