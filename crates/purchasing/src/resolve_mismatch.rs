//! `resolve_mismatch`: somebody accepts a bill's lines that differ, with a reason.

use crate::MATCH;
use crate::close_short::check_reason;
use crate::tables;
use crate::words::BillState;
use base::{BillId, Id, Problem, ProblemKind, Rule, TextError};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Rows, StoreError, Tx, params};
use utoipa::ToSchema;

/// What is accepted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResolveMismatch {
    /// The bill.
    pub bill_id: BillId,
    /// Its lines; every line that differs when empty.
    #[serde(default)]
    pub lines: Vec<i64>,
    /// Why the bill is right, or is paid all the same.
    pub reason: String,
}

/// A bill as resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MismatchResolved {
    /// Whether it may be paid now.
    pub state: BillState,
    /// The lines that still differ.
    pub left: Vec<i64>,
}

/// Why nothing was accepted, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ResolveMismatchError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A reason is missing or cannot be stored.
    #[error(transparent)]
    Reason(#[from] TextError),
    /// There is no such bill.
    #[error("there is no bill {bill_id}")]
    NotFound {
        /// The id asked for.
        bill_id: BillId,
    },
    /// Nothing differs.
    #[error("line {line} of bill {number} does not differ (0 is: no line does)")]
    NoMismatch {
        /// The bill.
        number: String,
        /// The line asked for.
        line: i64,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ResolveMismatchError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ResolveMismatchError::Denied(error) => error.problem(),
            ResolveMismatchError::Reason(error) => error.problem().with_field("reason"),
            ResolveMismatchError::NotFound { .. } => Problem::not_found("bill_not_found", detail),
            ResolveMismatchError::NoMismatch { .. } => {
                Problem::new(ProblemKind::Conflict, "no_mismatch", detail)
            }
            ResolveMismatchError::Store(error) => error.problem(),
        }
    }
}

/// Accepts lines of a bill as they are. Nothing booked changes; when no line differs any longer, the
/// bill may be paid.
///
/// # Errors
/// The first broken rule in the order of [`ResolveMismatchError`].
pub fn resolve_mismatch(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ResolveMismatch,
) -> Result<MismatchResolved, ResolveMismatchError> {
    ctx.require(MATCH)?;
    check_reason(&request.reason)?;
    let ResolveMismatch { bill_id, lines, reason } = request;
    let head = tx
        .query_opt(&tables::LOCK_BILL, params![ctx.company_id, bill_id])?
        .ok_or(ResolveMismatchError::NotFound { bill_id })?;
    let (number, seq): (String, i64) = (head.get(0)?, head.get(2)?);
    let found = tx.query(&tables::MISMATCHES, params![ctx.company_id, bill_id])?;
    let open = found.iter().map(|row| row.get(0)).collect::<Result<Vec<i64>, _>>()?;
    let accepted = if lines.is_empty() { open.clone() } else { lines };
    let wrong = accepted.iter().find(|line| !open.contains(line)).copied();
    if let Some(line) = wrong.or(accepted.is_empty().then_some(0)) {
        return Err(ResolveMismatchError::NoMismatch { number, line });
    }
    let left: Vec<i64> = open.into_iter().filter(|line| !accepted.contains(line)).collect();
    let state = if left.is_empty() { BillState::Accepted } else { BillState::Mismatch };
    let set = Rows::column(&accepted);
    tx.write(&tables::ACCEPT_LINES, params![ctx.company_id, bill_id, reason; set])?;
    tx.write_exactly(1, &tables::UPDATE_BILL, params![ctx.company_id, bill_id, state, seq + 1])?;
    let detail = serde_json::json!({ "bill": number, "lines": accepted, "reason": reason });
    ctx.audit(tx, MATCH, "bill", bill_id.raw(), detail.clone());
    ctx.fact(tx, "bill", bill_id.raw(), seq + 1, "purchasing.mismatch_resolved", detail);
    Ok(MismatchResolved { state, left })
}
