//! `decide_count`: somebody agrees to a sheet that waits, and it is applied as it was asked for; or does
//! not agree, and it stays open.

use crate::apply_counts::{ApplyCountsError, Manner, apply, refuse_counter, waiting};
use crate::{APPROVE, ApplyCounts, COUNTS, CountsApplied, SOURCE, tables};
use base::{CountId, Id};
use identity::{Agreed, Ctx, Decide, Verdict};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// A yes or no to a sheet.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideCount {
    /// The sheet.
    pub count_id: CountId,
    /// The revision that was looked at, as its approval says.
    pub revision: i64,
    /// Yes or no. A refused sheet stays open, to be counted again or cancelled.
    pub verdict: Verdict,
    /// Why; a refusal needs it.
    #[serde(default)]
    pub reason: String,
}

/// Decides on a sheet that waits. Approved, it is applied with the reasons it was asked with; who counted
/// a line beyond a limit does not approve it, in whatever name, and who agrees to what documents prove
/// has to be able to read them.
///
/// # Errors
/// The first broken rule in the order of [`ApplyCountsError`].
pub fn decide_count(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DecideCount,
) -> Result<CountsApplied, ApplyCountsError> {
    let DecideCount { count_id, revision, verdict, reason } = request;
    let sheet = tables::lock_count(tx, ctx, count_id)?;
    let sheet = sheet.ok_or(ApplyCountsError::NotFound { count_id })?;
    let subject_id = count_id.raw();
    let detail = serde_json::json!({
        "number": sheet.number, "verdict": verdict, "reason": reason,
    });
    let agrees = verdict == Verdict::Approve;
    let decision = Decide { kind: &COUNTS, subject_id, revision, verdict, reason };
    let decision = identity::decide(tx, ctx, decision)?;
    if agrees {
        refuse_counter(tx, ctx, &sheet, decision.in_name_of)?;
    }
    ctx.audit(tx, APPROVE, SOURCE, subject_id, detail);
    if !agrees {
        return Ok(CountsApplied { waits: decision.agreed == Agreed::NotYet, ..waiting(ctx) });
    }
    let kept = tables::asked(tx, ctx, count_id, revision)?;
    let changed = || ApplyCountsError::Changed { number: sheet.number.clone() };
    // What was asked before evidence was documents is asked again.
    let asked: ApplyCounts =
        serde_json::from_str(&kept.ok_or_else(changed)?).map_err(|_| changed())?;
    if asked.reasons.iter().any(|reason| !reason.evidence.is_empty()) {
        ctx.require(documents::READ)?;
    }
    match decision.agreed {
        Agreed::Yes => apply(tx, ctx, asked, Manner::Agreed { in_name_of: decision.in_name_of }),
        Agreed::No | Agreed::NotYet => Ok(waiting(ctx)),
    }
}
