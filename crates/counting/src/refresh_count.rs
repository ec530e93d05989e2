//! `refresh_count`: what the books expect is read anew; what was counted stays.

use crate::model::{CountState, Line, LineState};
use crate::{COUNT, SOURCE, rules, tables};
use base::{CountId, Id, Problem, ProblemKind, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A sheet to be refreshed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefreshCount {
    /// The sheet.
    pub count_id: CountId,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountRefreshed {
    /// The lines whose goods had moved.
    pub lines: Vec<i64>,
}

/// Why nothing was refreshed, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum RefreshCountError {
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
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for RefreshCountError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            RefreshCountError::NotFound { .. } => Problem::not_found("count_not_found", detail),
            RefreshCountError::Denied(error) => error.problem(),
            RefreshCountError::NotOpen { .. } => {
                Problem::new(ProblemKind::Conflict, "count_not_open", detail)
            }
            RefreshCountError::Store(error) => error.problem(),
        }
    }
}

/// Reads anew what the books expect of every line. Whoever refreshes says by it that what was counted
/// holds now. Lines already in conflict are left: somebody has to decide on them one by one.
///
/// # Errors
/// The first broken rule in the order of [`RefreshCountError`].
pub fn refresh_count(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RefreshCount,
) -> Result<CountRefreshed, RefreshCountError> {
    let count_id = request.count_id;
    let sheet = tables::lock_count(tx, ctx, count_id)?;
    let mut sheet = sheet.ok_or(RefreshCountError::NotFound { count_id })?;
    ctx.require_in(COUNT, sheet.warehouse_id)?;
    if sheet.state != CountState::Open {
        return Err(RefreshCountError::NotOpen { number: sheet.number, state: sheet.state });
    }
    let mut lines = tables::lines_of(tx, ctx, count_id)?;
    lines.retain(|line| matches!(line.state, LineState::Open | LineState::Counted));
    let shelves = stock::look_at_shelf(tx, ctx, lines.iter().map(Line::key))?;
    let shelf = |line: &Line| shelves.get(&line.key()).copied().unwrap_or_default();
    lines.retain(|line| shelf(line).seq != line.expected_seq);
    let fresh: Vec<Line> = lines.iter().map(|line| rules::refresh(line, shelf(line))).collect();
    tables::update_lines(tx, ctx, &fresh)?;
    tables::insert_entries(tx, ctx, "refresh", &fresh)?;
    sheet.seq += 1;
    tables::update_count(tx, ctx, &sheet)?;
    let detail = serde_json::json!({ "number": sheet.number, "lines": fresh.len() });
    ctx.audit(tx, COUNT, SOURCE, count_id.raw(), detail.clone());
    ctx.fact(tx, SOURCE, count_id.raw(), sheet.seq, "counting.refreshed", detail);
    Ok(CountRefreshed { lines: fresh.iter().map(|line| line.line).collect() })
}
