//! Entering a count: what lies there is written on its sheet, what a delivery note explains is received
//! after all, and the books follow.

use std::collections::BTreeMap;

use base::{CountId, Quantity};
use counting::{
    ApplyCounts, Choice, Count, CountedLine, CountsApplied, LineReason, ResolveConflict,
};
use identity::Ctx;
use purchasing::{Outcome, Receive, ReceiveLine};
use store::Tx;

use super::buy::CaseAsPiece;
use super::{DemoError, refused};

/// The reasons of what is found more, and of what is missing.
const FOUND: &str = "found";
const UNEXPLAINED: &str = "unexplained";

/// By SKU and place: lines of orders of which a case was received as one piece.
pub(super) type Explained = BTreeMap<(String, String), Vec<CaseAsPiece>>;

/// What came of a sheet.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub lines: u64,
    pub off: u64,
    /// What shelf and books differed by, in pence.
    pub value: i64,
}

/// Enters what lies there, as (SKU, place, what the books say, what lies there), and applies the
/// sheet. What a delivery note explains is received before: the line is then in conflict, and what was
/// counted holds.
pub(super) fn enter(
    tx: &mut Tx<'_>,
    will: &Ctx,
    count_id: CountId,
    lines: &[(String, String, i64, i64)],
    explained: &Explained,
) -> Result<Sheet, DemoError> {
    let mut counted = Vec::with_capacity(lines.len());
    for (sku, place, _, lies) in lines {
        counted.push(CountedLine {
            sku: sku.clone(),
            place: place.clone(),
            lot: None,
            quantity: Quantity::from_units(*lies)?,
        });
    }
    let request = Count { count_id, lines: counted, counted_at: None };
    let entered = counting::count(tx, will, request).map_err(refused("count"))?;
    let (mut reasons, mut conflicts) = (Vec::new(), Vec::new());
    for (line, (sku, place, books, lies)) in entered.lines.iter().zip(lines) {
        let mut books = *books;
        if let Some(cases) = explained.get(&(sku.clone(), place.clone())) {
            books += receive_rest(tx, will, cases)?;
            conflicts.push(line.line);
        }
        if books != *lies {
            reasons.push(LineReason {
                line: line.line,
                reason: if *lies > books { FOUND } else { UNEXPLAINED }.to_owned(),
                evidence: Vec::new(),
            });
        }
    }
    if !conflicts.is_empty() {
        // Applied without more ado, the sheet says that goods moved since they were counted.
        apply(tx, will, count_id, Vec::new())?;
        let request = ResolveConflict { count_id, lines: conflicts, choice: Choice::KeepCounted };
        counting::resolve_conflict(tx, will, request).map_err(refused("resolve conflict"))?;
    }
    let applied = apply(tx, will, count_id, reasons)?;
    let lines = lines.len() as u64;
    Ok(Sheet { lines, off: applied.differences as u64, value: applied.value.minor })
}

fn apply(
    tx: &mut Tx<'_>,
    will: &Ctx,
    count_id: CountId,
    reasons: Vec<LineReason>,
) -> Result<CountsApplied, DemoError> {
    let request = ApplyCounts { count_id, reasons, skip_uncounted: false };
    counting::apply_counts(tx, will, request).map_err(refused("apply counts"))
}

/// Receives the pieces of cases that were received as one. Answers with how many.
fn receive_rest(tx: &mut Tx<'_>, will: &Ctx, cases: &[CaseAsPiece]) -> Result<i64, DemoError> {
    let mut pieces = 0;
    for case in cases {
        let line = ReceiveLine {
            line: case.line,
            quantity: Quantity::from_units(case.pieces)?,
            unit: None,
            outcome: Outcome::Accepted,
            lot: None,
            expires_on: None,
            place: None,
            reason: String::new(),
            evidence: Vec::new(),
        };
        let request = Receive {
            order_id: case.order_id,
            received_on: None,
            delivery_note: format!("{}: a case received as one piece", case.note),
            lines: vec![line],
            confirm_over: true,
            client_ref: case.note.clone(),
        };
        purchasing::receive(tx, will, request).map_err(refused("receive the rest of a case"))?;
        pieces += case.pieces;
    }
    Ok(pieces)
}
