//! Approvals: who must agree to a document, and who did.
//!
//! The domain that owns the document asks and decides through its own verbs, inside its own
//! transaction; here lies what every such decision has in common. An approval is for one revision
//! of the document: changing what was approved raises the revision and voids it.

use crate::ctx::Ctx;
use crate::grants::{Denied, Permission};
use crate::policies::policies;
use crate::rules;
use crate::tables::{self, Waiting};
use base::{ApprovalId, Id, Problem, ProblemKind, Rule, TextError};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// What needs somebody's yes.
#[derive(Debug, Clone)]
pub struct RequestApproval {
    /// The kind of document, `purchase_order`.
    pub kind: &'static str,
    /// The document.
    pub subject_id: i64,
    /// Its revision, which rises with every change of what is to be approved.
    pub revision: i64,
    /// What the approver should know: supplier, total, why it is asked for.
    pub facts: serde_json::Value,
    /// The permission that the approver needs.
    pub permission: Permission,
    /// The amount that the approver's limit has to reach, in minor units of the company's currency;
    /// its sign does not matter.
    pub amount: i64,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Yes.
    Approve,
    /// No.
    Refuse,
}

/// A decision.
#[derive(Debug, Clone)]
pub struct Decide {
    /// The kind of document.
    pub kind: &'static str,
    /// The document.
    pub subject_id: i64,
    /// The revision that the approver has seen.
    pub revision: i64,
    /// Yes or no.
    pub verdict: Verdict,
    /// Why; a refusal needs it.
    pub reason: String,
}

/// Why nothing was asked or decided.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ApprovalError {
    /// The caller may not, or only up to a lower amount.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// This revision waits already, or is approved.
    #[error("revision {revision} is waiting for approval or approved already")]
    AlreadyAsked {
        /// The revision.
        revision: i64,
    },
    /// Nothing waits for a decision.
    #[error("nothing is waiting for approval here")]
    NotWaiting,
    /// The document changed since the approver saw it.
    #[error("you saw revision {seen}, but revision {waiting} is waiting; look at it again")]
    RevisionChanged {
        /// The revision that the approver saw.
        seen: i64,
        /// The revision that waits.
        waiting: i64,
    },
    /// The policy wants another person.
    #[error("you asked for this approval yourself; another person has to give it")]
    OwnRequest,
    /// A refusal without a reason.
    #[error("say why you refuse")]
    ReasonMissing,
    /// A text is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ApprovalError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            ApprovalError::Denied(denied) => return denied.problem(),
            ApprovalError::Text(error) => return error.problem(),
            ApprovalError::Store(error) => return error.problem(),
            ApprovalError::AlreadyAsked { .. } => (ProblemKind::Conflict, "already_asked"),
            ApprovalError::NotWaiting => (ProblemKind::Conflict, "not_waiting"),
            ApprovalError::RevisionChanged { .. } => (ProblemKind::Conflict, "revision_changed"),
            ApprovalError::OwnRequest => (ProblemKind::Forbidden, "own_request"),
            ApprovalError::ReasonMissing => (ProblemKind::Invalid, "reason_missing"),
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// Asks for an approval in the caller's name. The calling verb has checked that the caller may ask.
///
/// # Errors
/// [`ApprovalError::AlreadyAsked`].
pub fn request_approval(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RequestApproval,
) -> Result<ApprovalId, ApprovalError> {
    let RequestApproval { kind, subject_id, revision, .. } = request;
    if tables::approval_open(tx, ctx.company_id, kind, subject_id, revision)? {
        return Err(ApprovalError::AlreadyAsked { revision });
    }
    let id = tx.id()?;
    tables::insert_approval(tx, ctx, id, &request)?;
    Ok(id)
}

/// Decides what waits for a document. The calling verb goes on with the document in the same
/// transaction, and holds the document's lock.
///
/// # Errors
/// [`ApprovalError`].
pub fn decide(tx: &mut Tx<'_>, ctx: &Ctx, request: Decide) -> Result<ApprovalId, ApprovalError> {
    let Decide { kind, subject_id, revision, verdict, reason } = request;
    base::check_multiline("reason", &reason, 1_000)?;
    let waiting = tables::lock_waiting(tx, ctx.company_id, kind, subject_id)?;
    let waiting = waiting.ok_or(ApprovalError::NotWaiting)?;
    let separate = policies(tx, ctx.company_id)?.is("separate_approver", "1");
    if waiting.revision != revision {
        return Err(ApprovalError::RevisionChanged { seen: revision, waiting: waiting.revision });
    }
    let limit = match verdict {
        Verdict::Approve => may_approve(ctx, &waiting, separate)?,
        Verdict::Refuse => may_refuse(ctx, &waiting, &reason)?,
    };
    tables::decide_approval(tx, ctx, waiting.approval_id, verdict, limit, separate, &reason)?;
    let detail = serde_json::json!({
        "kind": kind, "subject_id": subject_id.to_string(), "revision": revision,
        "verdict": verdict, "permission": waiting.permission, "reason": reason,
    });
    let verb = if verdict == Verdict::Approve { APPROVE } else { REFUSE };
    ctx.audit(tx, verb, "approval", waiting.approval_id.raw(), detail);
    Ok(waiting.approval_id)
}

/// The audit's name of a yes. Who may give it is said by the approval, not by a role here.
const APPROVE: Permission = Permission("identity.approve");
/// The audit's name of a no.
const REFUSE: Permission = Permission("identity.refuse");

/// The limit by which the caller may approve.
fn may_approve(ctx: &Ctx, waiting: &Waiting, separate: bool) -> Result<Option<i64>, ApprovalError> {
    let limit = ctx.grants().allow_amount(&waiting.permission, waiting.amount)?;
    if rules::is_own_request(separate, waiting.requested_by, ctx.user_id) {
        return Err(ApprovalError::OwnRequest);
    }
    Ok(limit)
}

/// Refusing needs the permission, but no limit; whoever asked may also withdraw.
fn may_refuse(ctx: &Ctx, waiting: &Waiting, reason: &str) -> Result<Option<i64>, ApprovalError> {
    let limit = ctx.grants().limit(&waiting.permission);
    if limit.is_none() && waiting.requested_by != ctx.user_id {
        let permission = waiting.permission.clone();
        return Err(Denied::Permission { permission }.into());
    }
    if reason.trim().is_empty() {
        return Err(ApprovalError::ReasonMissing);
    }
    Ok(limit.flatten())
}

/// Voids what was asked or approved for revisions of a document below `revision`.
///
/// # Errors
/// Those of the store.
pub fn void_approvals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: &'static str,
    subject_id: i64,
    revision: i64,
) -> Result<(), StoreError> {
    tables::void_approvals(tx, ctx.company_id, kind, subject_id, revision)
}
