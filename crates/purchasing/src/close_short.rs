//! `close_short`: what is still due of an order, or of some of its lines, will not come.

use crate::follow::{self, Told};
use crate::words::OrderState;
use crate::{CLOSE_SHORT, ORDER, tables};
use base::{NumberError, Problem, ProblemKind, PurchaseOrderId, Quantity, Rule, TextError};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// What is no longer waited for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseShort {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// The lines; every line of which something is due when empty.
    #[serde(default)]
    pub lines: Vec<i64>,
    /// Why.
    pub reason: String,
}

/// What was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClosedShort {
    /// The lines, with what will not come in the stock unit.
    pub lines: Vec<(i64, Quantity)>,
    /// How far the order has come.
    pub state: OrderState,
}

/// Why nothing was closed, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum CloseShortError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A reason is missing or cannot be stored.
    #[error(transparent)]
    Reason(#[from] TextError),
    /// There is no such order.
    #[error("there is no purchase order {order_id}")]
    NotFound {
        /// The id asked for.
        order_id: PurchaseOrderId,
    },
    /// Nothing is due on an order in this state.
    #[error("order {number} is {state}; only an approved order is closed short")]
    NotDue {
        /// The order.
        number: String,
        /// Its state.
        state: OrderState,
    },
    /// The order has no such line.
    #[error("order {number} has no line {line}")]
    UnknownLine {
        /// The order.
        number: String,
        /// The line asked for.
        line: i64,
    },
    /// Nothing is due of a line.
    #[error("nothing is due of line {line}")]
    NothingDue {
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

impl Rule for CloseShortError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            CloseShortError::Denied(error) => error.problem(),
            CloseShortError::Reason(error) => error.problem().with_field("reason"),
            CloseShortError::NotFound { .. } => Problem::not_found("order_not_found", detail),
            CloseShortError::NotDue { .. } => {
                Problem::new(ProblemKind::Conflict, "order_not_due", detail)
            }
            CloseShortError::UnknownLine { .. } => Problem::refused("unknown_line", detail),
            CloseShortError::NothingDue { .. } => Problem::refused("nothing_due", detail),
            CloseShortError::Number(error) => error.problem(),
            CloseShortError::Store(error) => error.problem(),
        }
    }
}

/// Ends lines of which less came than was ordered, with a reason. Stock expects nothing more of them.
///
/// # Errors
/// The first broken rule in the order of [`CloseShortError`].
pub fn close_short(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CloseShort,
) -> Result<ClosedShort, CloseShortError> {
    ctx.require(ORDER)?;
    check_reason(&request.reason)?;
    let order_id = request.order_id;
    let mut loaded = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(CloseShortError::NotFound { order_id })?;
    let number = loaded.order.number.clone();
    if !loaded.order.state.is_due() {
        return Err(CloseShortError::NotDue { number, state: loaded.order.state });
    }
    let all = request.lines.is_empty();
    let asked: Vec<i64> =
        if all { loaded.lines.iter().map(|line| line.line).collect() } else { request.lines };
    let mut closed = Vec::new();
    for line in asked {
        let at = loaded
            .position(line)
            .ok_or_else(|| CloseShortError::UnknownLine { number: number.clone(), line })?;
        let line = &mut loaded.lines[at];
        let due = line.due()?;
        if due.is_positive() {
            line.closed_short = true;
            line.close_reason.clone_from(&request.reason);
            closed.push((line.line, due));
        } else if !all {
            return Err(CloseShortError::NothingDue { line: line.line });
        }
    }
    let told = Told {
        verb: CLOSE_SHORT,
        fact: "purchasing.closed_short",
        detail: serde_json::json!({ "lines": closed, "reason": request.reason }),
    };
    let state = follow::goods(tx, ctx, &mut loaded, told)?;
    Ok(ClosedShort { lines: closed, state })
}

/// A reason is one line that says something.
pub(crate) fn check_reason(reason: &str) -> Result<(), TextError> {
    if reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" });
    }
    base::check_text("reason", reason, 500)
}
