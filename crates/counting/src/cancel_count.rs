//! `cancel_count`: a sheet is given up; nothing is booked.

use crate::model::CountState;
use crate::{COUNT, SOURCE, tables};
use base::{CountId, Id, Problem, ProblemKind, Rule, TextError, check_text};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A sheet to be given up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelCount {
    /// The sheet.
    pub count_id: CountId,
    /// Why.
    pub reason: String,
}

/// A sheet as given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountCancelled {
    /// Its number.
    pub number: String,
}

/// Why it was not given up, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum CancelCountError {
    /// The reason is missing or cannot be stored.
    #[error(transparent)]
    Reason(#[from] TextError),
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
    #[error("count {number} is {state}; only an open one is cancelled")]
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

impl Rule for CancelCountError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            CancelCountError::Reason(error) => error.problem().with_field("reason"),
            CancelCountError::NotFound { .. } => Problem::not_found("count_not_found", detail),
            CancelCountError::Denied(error) => error.problem(),
            CancelCountError::NotOpen { .. } => {
                Problem::new(ProblemKind::Conflict, "count_not_open", detail)
            }
            CancelCountError::Store(error) => error.problem(),
        }
    }
}

/// Gives up an open sheet with a reason.
///
/// # Errors
/// The first broken rule in the order of [`CancelCountError`].
pub fn cancel_count(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CancelCount,
) -> Result<CountCancelled, CancelCountError> {
    if request.reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    check_text("reason", &request.reason, 500)?;
    let count_id = request.count_id;
    let sheet = tables::lock_count(tx, ctx, count_id)?;
    let mut sheet = sheet.ok_or(CancelCountError::NotFound { count_id })?;
    ctx.require_in(COUNT, sheet.warehouse_id)?;
    if sheet.state != CountState::Open {
        return Err(CancelCountError::NotOpen { number: sheet.number, state: sheet.state });
    }
    sheet.state = CountState::Cancelled;
    sheet.seq += 1;
    tables::cancel_lines(tx, ctx, count_id)?;
    tables::close_count(tx, ctx, &sheet, None, 0)?;
    identity::void_approvals(tx, ctx, &crate::COUNTS, count_id.raw(), sheet.seq)?;
    let number = sheet.number;
    let detail = serde_json::json!({ "number": number, "reason": request.reason });
    ctx.audit(tx, COUNT, SOURCE, count_id.raw(), detail.clone());
    ctx.fact(tx, SOURCE, count_id.raw(), sheet.seq, "counting.cancelled", detail);
    Ok(CountCancelled { number })
}
