//! `approve_adjustment`: another person agrees to an adjustment beyond a limit, and it is booked; or
//! does not agree, and nothing is.

use crate::adjust::{ADJUSTMENT, AdjustmentState};
use crate::book::{self, BookError, Booking, ShelfDifference, Weighed};
use crate::reasons::reasons;
use crate::tables;
use base::{BatchId, Day, Id, LotId, Problem, ProblemKind, Rule, UserId};
use identity::{Agreed, ApprovalError, Ctx, Decide, Verdict};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

/// A yes or no to an adjustment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveAdjustment {
    /// The adjustment.
    pub adjustment_id: BatchId,
    /// Yes or no.
    pub verdict: Verdict,
    /// Why; a refusal needs it.
    #[serde(default)]
    pub reason: String,
}

/// An adjustment as decided on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdjustmentDecided {
    /// Booked or refused; waiting on when another person has to agree as well.
    pub state: AdjustmentState,
    /// The books' day, once booked.
    pub posted_on: Option<Day>,
}

/// Why nothing was decided, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ApproveAdjustmentError {
    /// There is no such adjustment.
    #[error("there is no adjustment {adjustment_id}")]
    NotFound {
        /// The id asked for.
        adjustment_id: BatchId,
    },
    /// It does not wait for anybody.
    #[error("adjustment {number} is {state}; it does not wait for approval")]
    NotWaiting {
        /// Its number.
        number: String,
        /// Its state.
        state: &'static str,
    },
    /// Whoever adjusts does not approve.
    #[error("you made adjustment {number} yourself; another person has to agree to it")]
    OwnAdjustment {
        /// Its number.
        number: String,
    },
    /// The caller may not, or not so much.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// The differences cannot be booked.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ApproveAdjustmentError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ApproveAdjustmentError::NotFound { .. } => {
                Problem::not_found("adjustment_not_found", detail)
            }
            ApproveAdjustmentError::NotWaiting { .. } => {
                Problem::new(ProblemKind::Conflict, "adjustment_not_waiting", detail)
            }
            ApproveAdjustmentError::OwnAdjustment { .. } => {
                Problem::forbidden("own_adjustment", detail)
            }
            ApproveAdjustmentError::Approval(error) => error.problem(),
            ApproveAdjustmentError::Book(error) => error.problem(),
            ApproveAdjustmentError::Store(error) => error.problem(),
        }
    }
}

/// Decides on an adjustment that waits. Approved, its goods move as they would have moved then.
///
/// # Errors
/// The first broken rule in the order of [`ApproveAdjustmentError`].
pub fn approve_adjustment(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ApproveAdjustment,
) -> Result<AdjustmentDecided, ApproveAdjustmentError> {
    let ApproveAdjustment { adjustment_id, verdict, reason } = request;
    let found = tx.query_opt(&tables::LOCK_ADJUSTMENT, params![ctx.company_id, adjustment_id])?;
    let row = found.ok_or(ApproveAdjustmentError::NotFound { adjustment_id })?;
    let number: String = row.get(0)?;
    let state = AdjustmentState::parse(&row.get::<String>(4)?)?;
    if state != AdjustmentState::Waiting {
        return Err(ApproveAdjustmentError::NotWaiting { number, state: state.as_str() });
    }
    let adjuster: UserId = row.get(5)?;
    if verdict == Verdict::Approve && adjuster == ctx.user_id {
        return Err(ApproveAdjustmentError::OwnAdjustment { number });
    }
    let subject_id = adjustment_id.raw();
    let detail = serde_json::json!({ "number": number, "verdict": verdict, "reason": reason });
    let decision = Decide { kind: &ADJUSTMENT, subject_id, revision: 1, verdict, reason };
    let decision = identity::decide(tx, ctx, decision)?;
    if decision.agreed != Agreed::No && decision.in_name_of == Some(adjuster) {
        return Err(ApproveAdjustmentError::OwnAdjustment { number });
    }
    let decided = match decision.agreed {
        Agreed::NotYet => AdjustmentDecided { state, posted_on: None },
        Agreed::No => {
            let (state, value): (_, i64) = (AdjustmentState::Refused, row.get(6)?);
            write(tx, ctx, adjustment_id, state, None, value)?;
            AdjustmentDecided { state, posted_on: None }
        }
        Agreed::Yes => {
            let booking = Booking {
                happened_on: row.get(2)?,
                memo: row.get(1)?,
                client_ref: row.get(3)?,
                source_kind: "",
                source_id: 0,
                approved_by: Some(ctx.user_id),
            };
            let weighed = waiting_lines(tx, ctx, adjustment_id)?;
            let done = book::move_goods(tx, ctx, adjustment_id, &number, &booking, &weighed)?;
            let (state, posted_on) = (AdjustmentState::Booked, Some(done.posted_on));
            write(tx, ctx, adjustment_id, state, posted_on, book::total(&done.values))?;
            let mut set = Rows::new(3);
            for (index, (line, _, _)) in weighed.lines.iter().enumerate() {
                set.push(row![i64::from(line.line), done.values[index], done.moves[index]]);
            }
            let lines = set.len();
            let params = params![ctx.company_id, adjustment_id; set];
            tx.write_exactly(lines, &tables::UPDATE_ADJUSTMENT_LINES, params)?;
            book::must_explain(tx, ctx, adjustment_id, &weighed, adjuster.raw())?;
            AdjustmentDecided { state, posted_on }
        }
    };
    ctx.audit(tx, crate::APPROVE, "adjustment", subject_id, detail.clone());
    if decided.state != AdjustmentState::Waiting {
        ctx.fact(tx, "adjustment", subject_id, 2, "stock.adjustment_decided", detail);
    }
    Ok(decided)
}

fn write(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    adjustment_id: BatchId,
    state: AdjustmentState,
    posted_on: Option<Day>,
    value: i64,
) -> Result<(), StoreError> {
    let posted_on = tables::day_text(posted_on);
    let (company, state) = (ctx.company_id, state.as_str());
    let params = params![company, adjustment_id, state, posted_on, value, ctx.user_id];
    tx.write_exactly(1, &tables::DECIDE_ADJUSTMENT, params)
}

/// The lines as they wait, with their reasons as they are now.
fn waiting_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    adjustment_id: BatchId,
) -> Result<Weighed, StoreError> {
    let known = reasons(tx, ctx)?;
    let found = tx.query(&tables::ADJUSTMENT_LINES, params![ctx.company_id, adjustment_id])?;
    let read = |row: &Row| {
        let (line, lot, code): (i64, i64, String) = (row.get(0)?, row.get(3)?, row.get(7)?);
        let gone = || StoreError::Unusable(format!("the reason {code} of an adjustment is gone"));
        let reason = known.get(&code).cloned().ok_or_else(gone)?;
        let difference = ShelfDifference {
            line: u32::try_from(line).unwrap_or(0),
            item_id: row.get(1)?,
            place_id: row.get(2)?,
            lot_id: (lot != 0).then(|| LotId::from_raw(lot)),
            quantity: row.get(4)?,
            reason: code.clone(),
            // Their evidence was named when they were asked for.
            evidence: Vec::new(),
        };
        Ok((difference, reason, row.get(6)?))
    };
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(Weighed { lines, documents: BTreeMap::new(), amount: 0, beyond: true })
}
