//! `escalate_approvals`: what waited longer than its rule lets it goes up, so that others may decide too.

use crate::ctx::Ctx;
use crate::grants::{ListError, Permission};
use crate::tables;
use base::{ApprovalId, Day, Id};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// Letting approvals go up that wait too long.
pub const ESCALATE: Permission = Permission("identity.escalate");

/// The most that go up at once.
const MOST: i64 = 1_000;

/// What is to go up: all that is due.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EscalateApprovals {}

/// What went up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalsEscalated {
    /// Each of them; none when nothing was due.
    pub approvals: Vec<EscalatedApproval>,
    /// Whether there may be more: ask again.
    pub more: bool,
}

/// An approval that went up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EscalatedApproval {
    /// The approval.
    pub approval_id: ApprovalId,
    /// The kind of document.
    pub kind: String,
    /// The document.
    pub subject_id: String,
    /// Its spoken number.
    pub number: String,
    /// The day on which it was due to go up.
    pub due_on: Day,
}

/// Lets everything go up that is due by today. A second time changes nothing.
///
/// # Errors
/// [`ListError`].
pub fn escalate_approvals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    _: EscalateApprovals,
) -> Result<ApprovalsEscalated, ListError> {
    ctx.require(ESCALATE)?;
    let found = tables::lock_overdue(tx, ctx, MOST)?;
    let ids: Vec<ApprovalId> = found.iter().map(|overdue| overdue.approval_id).collect();
    if ids.is_empty() {
        return Ok(ApprovalsEscalated { approvals: Vec::new(), more: false });
    }
    tables::escalate(tx, ctx, &ids)?;
    let mut approvals = Vec::with_capacity(found.len());
    for overdue in found {
        let id = overdue.approval_id.raw();
        let detail = serde_json::json!({
            "kind": overdue.kind, "subject_id": overdue.subject_id.to_string(),
            "number": overdue.number, "due_on": overdue.up_on,
        });
        ctx.fact(tx, "approval", id, 1, "identity.approval_escalated", detail.clone());
        ctx.audit(tx, ESCALATE, "approval", id, detail);
        approvals.push(EscalatedApproval {
            approval_id: overdue.approval_id,
            kind: overdue.kind,
            subject_id: overdue.subject_id.to_string(),
            number: overdue.number,
            due_on: overdue.up_on,
        });
    }
    let more = ids.len() as i64 == MOST;
    Ok(ApprovalsEscalated { approvals, more })
}
