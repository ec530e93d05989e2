//! Deciding what waits, whatever kind it is of: the one place that knows which verb of which domain goes
//! on with a document once somebody has agreed.

use crate::problem::ApiError;
use base::{
    ApprovalId, BatchId, CountId, Id, Page, PartnerId, Problem, ProblemKind, PurchaseOrderId,
    RefundId, Rule,
};
use identity::{ApprovalKind, ApprovalRow, ApprovalState, Ctx, DECIDE, ListError, Verdict};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Every kind that asks for approvals.
pub static KINDS: [&ApprovalKind; 5] = [
    &purchasing::PURCHASE_ORDER,
    &stock::ADJUSTMENT,
    &quality::REFUNDS,
    &counting::COUNTS,
    &partners::BANK_DETAILS,
];

/// The most decisions of one request: each goes through its domain's own verb.
pub const MOST_DECISIONS: usize = 100;

/// Decisions, each on its own unless one refusal is to stop all.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideApprovals {
    /// The decisions.
    pub decisions: Vec<DecideApproval>,
    /// Whether one refusal stops all.
    #[serde(default)]
    pub all_or_nothing: bool,
}

/// A yes or no to what waits.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideApproval {
    /// The approval.
    pub approval_id: ApprovalId,
    /// The revision that was looked at; the one that waits when absent.
    #[serde(default)]
    pub revision: Option<i64>,
    /// Yes or no.
    pub verdict: Verdict,
    /// Why; a refusal needs it.
    #[serde(default)]
    pub reason: String,
}

/// What became of decisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalsDecided {
    /// Each of them, in the order asked.
    pub results: Vec<ApprovalAnswer>,
}

/// What became of one decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ApprovalAnswer {
    /// It was decided, and its domain went on with the document.
    Done {
        /// The approval.
        approval_id: ApprovalId,
        /// The kind of document.
        kind: String,
        /// The document.
        subject_id: String,
        /// Its spoken number.
        number: String,
        /// What became of it: still waiting when another person has to agree as well.
        state: ApprovalState,
    },
    /// It was not decided; nothing changed.
    Refused {
        /// The approval.
        approval_id: ApprovalId,
        /// The broken rule.
        code: String,
        /// The rule in words.
        message: String,
    },
}

/// Why nothing was decided.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DecideApprovalsError {
    /// Nothing, or too much at once.
    #[error("{got} decisions; give 1 to {MOST_DECISIONS}")]
    HowMany {
        /// The number asked for.
        got: usize,
    },
    /// One decision was refused, and none was to be made then.
    #[error("{}", .0.detail)]
    Decision(Problem),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for DecideApprovalsError {
    fn problem(&self) -> Problem {
        match self {
            DecideApprovalsError::HowMany { .. } => {
                Problem::invalid("how_many_decisions", self.to_string()).with_field("decisions")
            }
            DecideApprovalsError::Decision(problem) => problem.clone(),
            DecideApprovalsError::Store(error) => error.problem(),
        }
    }
}

/// Decides on documents of any kind, each through its domain's own verb and against the state left by
/// those before it.
///
/// # Errors
/// [`DecideApprovalsError`]; without `all_or_nothing` a refusal is an answer.
pub fn decide(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DecideApprovals,
) -> Result<ApprovalsDecided, DecideApprovalsError> {
    let got = request.decisions.len();
    if got == 0 || got > MOST_DECISIONS {
        return Err(DecideApprovalsError::HowMany { got });
    }
    let mut results = Vec::with_capacity(got);
    for (index, one) in (1_u64..).zip(request.decisions) {
        let approval_id = one.approval_id;
        let answer = tx.element(|tx| decide_one(tx, ctx, one));
        results.push(match answer {
            Ok(answer) => answer,
            // The store's own failures stop everything: they are nobody's answer.
            Err(ApiError(problem)) if request.all_or_nothing || is_fault(&problem) => {
                return Err(DecideApprovalsError::Decision(problem.with_row(index)));
            }
            Err(ApiError(problem)) => ApprovalAnswer::Refused {
                approval_id,
                code: problem.code.to_owned(),
                message: problem.detail,
            },
        });
    }
    Ok(ApprovalsDecided { results })
}

fn is_fault(problem: &Problem) -> bool {
    matches!(problem.kind, ProblemKind::Internal | ProblemKind::Busy)
}

fn decide_one(tx: &mut Tx<'_>, ctx: &Ctx, one: DecideApproval) -> Result<ApprovalAnswer, ApiError> {
    let found = identity::find_approval(tx, ctx, one.approval_id).map_err(refused)?;
    if found.state != ApprovalState::Waiting {
        let detail = format!("{} {} does not wait for approval any more", found.kind, found.number);
        return Err(Problem::new(ProblemKind::Conflict, "not_waiting", detail).into());
    }
    go_on(tx, ctx, &found, one)?;
    let approval_id = found.approval_id;
    let state = identity::approval_state(tx, ctx, approval_id)?.unwrap_or(found.state);
    let ApprovalRow { kind, subject_id, number, .. } = found;
    Ok(ApprovalAnswer::Done { approval_id, kind, subject_id, number, state })
}

/// Lets the document's domain decide and go on.
fn go_on(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    found: &ApprovalRow,
    one: DecideApproval,
) -> Result<(), ApiError> {
    let DecideApproval { revision, verdict, reason, .. } = one;
    let revision = revision.unwrap_or(found.revision);
    let raw: i64 = found.subject_id.parse().unwrap_or(0);
    // Documents that have one revision do not ask for it.
    if revision != found.revision {
        let changed =
            identity::ApprovalError::RevisionChanged { seen: revision, waiting: found.revision };
        return Err(refused(changed));
    }
    match found.kind.as_str() {
        "purchase_order" => {
            let order_id = PurchaseOrderId::from_raw(raw);
            let request = purchasing::ApproveOrder { order_id, revision, verdict, reason };
            purchasing::approve_order(tx, ctx, request).map(drop).map_err(refused)
        }
        "stock_adjustment" => {
            let adjustment_id = BatchId::from_raw(raw);
            let request = stock::ApproveAdjustment { adjustment_id, verdict, reason };
            stock::approve_adjustment(tx, ctx, request).map(drop).map_err(refused)
        }
        "refund" => {
            let refund_id = RefundId::from_raw(raw);
            let request = quality::ApproveRefund { refund_id, verdict, reason };
            quality::approve_refund(tx, ctx, request).map(drop).map_err(refused)
        }
        "count" => {
            let count_id = CountId::from_raw(raw);
            let request = counting::DecideCount { count_id, revision, verdict, reason };
            counting::decide_count(tx, ctx, request).map(drop).map_err(refused)
        }
        "bank_details" => {
            let (partner_id, number) = (PartnerId::from_raw(raw), revision);
            let request = partners::ConfirmBankDetails { partner_id, number, verdict, reason };
            partners::confirm_bank_details(tx, ctx, request).map(drop).map_err(refused)
        }
        other => {
            let words = format!("approvals of kind {other} have no verb that goes on with them");
            Err(StoreError::Unusable(words).into())
        }
    }
}

fn refused(error: impl Rule) -> ApiError {
    ApiError(error.problem())
}

/// The filter of the kinds: none.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ApprovalKindFilter {}

/// A kind of document that asks for approvals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalKindRow {
    /// Its name.
    pub kind: String,
    /// The permission that the approver needs when no rule says otherwise.
    pub permission: String,
    /// Whether it is always another person than who asked.
    pub another: bool,
    /// The facts that a rule may look at.
    pub facts: Vec<ApprovalFactRow>,
}

/// A fact that a rule may look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApprovalFactRow {
    /// Its name.
    pub fact: String,
    /// Whether it is a number, which a rule compares with `above`; else it has words, which `is` names.
    pub number: bool,
    /// What it is.
    pub about: String,
}

/// The kinds that ask for approvals.
///
/// # Errors
/// [`ListError`].
pub fn list_kinds(
    _: &mut Tx<'_>,
    ctx: &Ctx,
    _: ApprovalKindFilter,
) -> Result<Page<ApprovalKindRow>, ListError> {
    ctx.require_somewhere(DECIDE)?;
    let fact = |fact: &identity::FactKind| ApprovalFactRow {
        fact: fact.name.to_owned(),
        number: fact.number,
        about: fact.about.to_owned(),
    };
    let row = |kind: &&ApprovalKind| ApprovalKindRow {
        kind: kind.name.to_owned(),
        permission: kind.permission.0.to_owned(),
        another: kind.another,
        facts: kind.facts.iter().map(fact).collect(),
    };
    Ok(Page { lines: KINDS.iter().map(row).collect(), next_cursor: None })
}
