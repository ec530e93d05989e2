//! `inspect_ahead`, `pass_ahead`: goods that an order still brings are measured before they are
//! received, at the supplier's or at the dock.
//!
//! Every reading is judged by the limits of its point. Goods of which one is outside are held back:
//! they are not received until an inspection of the same line passes, or somebody lets them in by hand
//! and says why. What an inspection found is never changed.

use crate::rules::{self, JudgeError, Judged};
use crate::words::AheadState;
use crate::{INSPECT, PASS, tables};
use base::{
    Day, HoldId, Id, InspectionId, Problem, ProblemKind, PurchaseOrderId, Quantity, Rule,
    TextError, check_text,
};
use identity::{Ctx, Denied};
use purchasing::{DueGoods, DueGoodsLine};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Readings of goods of one line of an order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectAhead {
    /// The order that brings them.
    pub order_id: PurchaseOrderId,
    /// Its line; the only one of which something is due when absent.
    #[serde(default)]
    pub line: Option<i64>,
    /// The readings, one for each point of the item and of every item.
    pub readings: Vec<Reading>,
    /// The day; today when absent.
    #[serde(default)]
    pub inspected_on: Option<Day>,
    /// What proves it: where photographs lie, who measured.
    #[serde(default)]
    pub evidence: String,
    /// What else was seen.
    #[serde(default)]
    pub note: String,
    /// The client's own key: a second inspection with it is the same one.
    #[serde(default)]
    pub client_ref: String,
}

/// What was measured at a point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    /// The point's name.
    pub point: String,
    /// The reading, in the point's unit.
    pub value: Quantity,
}

/// An inspection as it was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InspectedAhead {
    /// The inspection.
    pub inspection_id: InspectionId,
    /// Its number.
    pub number: String,
    /// Whether the goods may be received.
    pub state: AheadState,
    /// What is outside its limits, in words; empty when nothing is.
    pub found: String,
    /// Whether it was there before: nothing was done again.
    pub repeated: bool,
}

/// A request to let goods in although an inspection failed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PassAhead {
    /// The inspection.
    pub inspection_id: InspectionId,
    /// Why they are taken all the same.
    pub reason: String,
}

/// Why nothing was judged or let in, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum AheadError {
    /// There is no such order.
    #[error("there is no purchase order {order_id}")]
    NotFound {
        /// The id asked for.
        order_id: PurchaseOrderId,
    },
    /// There is no such inspection.
    #[error("there is no inspection {inspection_id} of goods before their receipt")]
    NoInspection {
        /// The id asked for.
        inspection_id: InspectionId,
    },
    /// The caller may not, or not in the order's warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored, or is missing.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Nothing of the order is on its way.
    #[error("nothing of order {number} is due; only goods that are still to come can be inspected")]
    NotDue {
        /// The order.
        number: String,
    },
    /// Which line is meant is not said.
    #[error("{due} lines of order {number} are due; name the line that was inspected")]
    Unclear {
        /// The order.
        number: String,
        /// How many lines are due.
        due: usize,
    },
    /// Nothing is due of the line.
    #[error("nothing is due of line {line} of order {number}")]
    UnknownLine {
        /// The order.
        number: String,
        /// The line asked for.
        line: i64,
    },
    /// The readings do not fit the points.
    #[error(transparent)]
    Judge(#[from] JudgeError),
    /// The goods may be received already.
    #[error("inspection {number} has passed already")]
    Passed {
        /// Its number.
        number: String,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for AheadError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            AheadError::NotFound { .. } => Problem::not_found("order_not_found", detail),
            AheadError::NoInspection { .. } => Problem::not_found("inspection_not_found", detail),
            AheadError::Denied(error) => error.problem(),
            AheadError::Text(error) => error.problem(),
            AheadError::NotDue { .. } => Problem::new(ProblemKind::Conflict, "nothing_due", detail),
            AheadError::Unclear { .. } => {
                Problem::invalid("line_missing", detail).with_field("line")
            }
            AheadError::UnknownLine { line, .. } => Problem::refused("unknown_line", detail)
                .with_line(u32::try_from(*line).unwrap_or(0)),
            AheadError::Judge(error) => {
                Problem::refused(error.code(), detail).with_field("readings")
            }
            AheadError::Passed { .. } => {
                Problem::new(ProblemKind::Conflict, "inspection_passed", detail)
            }
            AheadError::Store(error) => error.problem(),
        }
    }
}

/// Judges readings of goods that an order still brings, and holds them back when one is outside.
///
/// # Errors
/// The first broken rule in the order of [`AheadError`]; nothing has then been written.
pub fn inspect_ahead(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: InspectAhead,
) -> Result<InspectedAhead, AheadError> {
    let order_id = request.order_id;
    let goods = purchasing::hold_due(tx, ctx, order_id)?;
    let mut goods = goods.ok_or(AheadError::NotFound { order_id })?;
    goods.lines.retain(|line| line.due.is_positive());
    ctx.require_in(INSPECT, goods.warehouse_id)?;
    for (field, text) in [("evidence", &request.evidence), ("note", &request.note)] {
        check_text(field, text, 2_000)?;
    }
    check_text("client_ref", &request.client_ref, 200)?;
    if let Some(earlier) = tables::ahead_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(earlier);
    }
    let line = line_of(&goods, request.line)?;
    let points = tables::points_of(tx, ctx, line.item_id)?;
    let judged = rules::judge(&points, &request.readings)?;
    record(tx, ctx, &goods, line, &judged, &request)
}

fn line_of(goods: &DueGoods, asked: Option<i64>) -> Result<&DueGoodsLine, AheadError> {
    let number = || goods.number.clone();
    match (asked, goods.lines.as_slice()) {
        (_, []) => Err(AheadError::NotDue { number: number() }),
        (None, [line]) => Ok(line),
        (None, lines) => Err(AheadError::Unclear { number: number(), due: lines.len() }),
        (Some(line), lines) => lines
            .iter()
            .find(|due| due.line == line)
            .ok_or_else(|| AheadError::UnknownLine { number: number(), line }),
    }
}

/// An inspection as it is written.
pub(crate) struct NewAhead<'a> {
    pub id: InspectionId,
    pub number: &'a str,
    pub state: AheadState,
    pub found: &'a str,
    pub hold: Option<HoldId>,
    pub inspected_on: Day,
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    goods: &DueGoods,
    line: &DueGoodsLine,
    judged: &[Judged],
    request: &InspectAhead,
) -> Result<InspectedAhead, AheadError> {
    let id: InspectionId = tx.id()?;
    let number = tx.number(ctx.company_id, "QA")?;
    let found = rules::outside(judged);
    let state = if found.is_empty() { AheadState::Passed } else { AheadState::Failed };
    let hold = match state {
        AheadState::Failed => {
            let reason = format!("inspection {number} failed, {found}");
            let line_id = line.line_id.raw();
            Some(stock::hold_expected(tx, ctx, purchasing::EXPECTED, line_id, &reason)?)
        }
        AheadState::Passed => {
            let failed = tables::failed_of(tx, ctx, line.line_id)?;
            pass(tx, ctx, &failed, &format!("{number} passed"))?;
            None
        }
    };
    let inspected_on = request.inspected_on.unwrap_or(ctx.today);
    let new = NewAhead { id, number: &number, state, found: &found, hold, inspected_on };
    tables::insert_ahead(tx, ctx, &new, (goods.warehouse_id, line), request)?;
    tables::insert_readings(tx, ctx, id, judged)?;
    let told = serde_json::json!({
        "number": number, "order": goods.number, "line": line.line, "state": state, "found": found,
    });
    ctx.fact(tx, KIND, id.raw(), 1, "quality.inspected_ahead", told.clone());
    ctx.audit(tx, INSPECT, KIND, id.raw(), told);
    Ok(InspectedAhead { inspection_id: id, number, state, found, repeated: false })
}

/// The kind of document.
const KIND: &str = "ahead_inspection";

/// An inspection that failed, and what it holds back.
#[derive(Debug, Clone)]
pub(crate) struct FailedAhead {
    pub id: InspectionId,
    pub number: String,
    pub hold: HoldId,
}

/// Lets goods in although their inspection failed.
///
/// # Errors
/// The first broken rule in the order of [`AheadError`]; nothing has then been written.
pub fn pass_ahead(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: PassAhead,
) -> Result<InspectedAhead, AheadError> {
    let PassAhead { inspection_id, reason } = request;
    let found = tables::lock_ahead(tx, ctx, inspection_id)?;
    let (warehouse_id, state, failed, told) =
        found.ok_or(AheadError::NoInspection { inspection_id })?;
    ctx.require_in(PASS, warehouse_id)?;
    check_text("reason", &reason, 500)?;
    if reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    if state == AheadState::Passed {
        return Err(AheadError::Passed { number: failed.number });
    }
    pass(tx, ctx, std::slice::from_ref(&failed), &reason)?;
    let (state, repeated) = (AheadState::Passed, false);
    Ok(InspectedAhead { inspection_id, number: failed.number, state, found: told, repeated })
}

fn pass(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    failed: &[FailedAhead],
    reason: &str,
) -> Result<(), StoreError> {
    if failed.is_empty() {
        return Ok(());
    }
    let holds: Vec<HoldId> = failed.iter().map(|failed| failed.hold).collect();
    stock::lift_expected(tx, ctx, &holds)?;
    tables::pass_ahead(tx, ctx, failed.iter().map(|failed| failed.id), reason)?;
    for failed in failed {
        let told = serde_json::json!({ "number": failed.number, "reason": reason });
        ctx.fact(tx, KIND, failed.id.raw(), 2, "quality.passed_ahead", told.clone());
        ctx.audit(tx, PASS, KIND, failed.id.raw(), told);
    }
    Ok(())
}
