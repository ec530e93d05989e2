//! Approvals: who must agree to a document, and who did.
//!
//! The domain that owns the document asks and decides through its own verbs, inside its own
//! transaction; here lies what every such decision has in common. An approval is for one revision
//! of the document: changing what was approved raises the revision and voids it.

use crate::approval_kinds::{ApprovalKind, NamedFact};
use crate::approval_rules::Rulings;
use crate::authority::Authorities;
use crate::ctx::Ctx;
use crate::grants::{Denied, Permission};
use crate::policies::policies;
use crate::rules::{self, Ruling};
use crate::tables::{self, Deciding, Waiting};
use base::{ApprovalId, Id, Money, Problem, ProblemKind, Rule, TextError, UserId};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// What may need somebody's yes.
#[derive(Debug, Clone)]
pub struct RequestApproval {
    /// The kind of document.
    pub kind: &'static ApprovalKind,
    /// The document.
    pub subject_id: i64,
    /// Its spoken number.
    pub number: String,
    /// Its revision, which rises with every change of what is to be approved.
    pub revision: i64,
    /// What the approver should know: supplier, total, why it is asked for.
    pub facts: serde_json::Value,
    /// What rules may look at; readers get it with the other facts.
    pub named: Vec<NamedFact>,
    /// The amount that the approver's limit has to reach, in minor units of the company's currency;
    /// its sign does not matter.
    pub amount: i64,
    /// Why it is asked for when no rule does.
    pub otherwise: Otherwise,
}

/// Why a yes is asked for when no rule asks for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Otherwise {
    /// What asks whatever rules there are: an amount of the company, a limit of a reason.
    pub always: Option<String>,
    /// What asks as long as the company has no rule for the kind: the caller's own limit.
    pub without_rules: Option<String>,
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
    pub kind: &'static ApprovalKind,
    /// The document.
    pub subject_id: i64,
    /// The revision that the approver has seen.
    pub revision: i64,
    /// Yes or no.
    pub verdict: Verdict,
    /// Why; a refusal needs it.
    pub reason: String,
}

/// What a decision came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreed {
    /// All who had to have said yes: the calling verb goes on with the document.
    Yes,
    /// No.
    No,
    /// Another person has to say yes as well: the document waits on.
    NotYet,
}

/// A decision as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// The approval.
    pub approval_id: ApprovalId,
    /// What it came to.
    pub agreed: Agreed,
    /// In whose name, when the caller decided for another.
    pub in_name_of: Option<UserId>,
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
    /// Two people have to agree, and the caller has.
    #[error("you, or whoever you decide for, agreed already; another person has to as well")]
    AgreedAlready,
    /// A rule wants somebody who holds a role.
    #[error("this needs somebody who holds the role {role}")]
    RoleMissing {
        /// The role.
        role: String,
    },
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
            ApprovalError::AgreedAlready => (ProblemKind::Forbidden, "agreed_already"),
            ApprovalError::RoleMissing { .. } => (ProblemKind::Forbidden, "role_missing"),
            ApprovalError::ReasonMissing => (ProblemKind::Invalid, "reason_missing"),
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// Asks for an approval in the caller's name when a rule of the company, or else the calling verb's own
/// reason, asks for one: the approval that waits, or nothing when nobody else has to agree. The calling
/// verb has checked that the caller may ask.
///
/// # Errors
/// [`ApprovalError::AlreadyAsked`].
pub fn request_approval(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RequestApproval,
) -> Result<Option<ApprovalId>, ApprovalError> {
    let rulings = Rulings::of(tx, ctx, request.kind.name)?;
    let amount = Money::new(request.amount.saturating_abs(), ctx.currency);
    let asked = rules::first_that_asks(&rulings, amount, &request.named);
    let Otherwise { always, without_rules } = &request.otherwise;
    let without_rules = without_rules.clone().filter(|_| rulings.is_empty());
    let (rule, why) = match (asked, always.clone().or(without_rules)) {
        (Some((rule, why)), _) => (Some(rule), why),
        (None, Some(why)) => (None, why),
        (None, None) => return Ok(None),
    };
    let RequestApproval { kind, subject_id, revision, .. } = request;
    if tables::approval_open(tx, ctx.company_id, kind.name, subject_id, revision)? {
        return Err(ApprovalError::AlreadyAsked { revision });
    }
    let id = tx.id()?;
    tables::insert_approval(tx, ctx, id, &request, (rule, &why))?;
    Ok(Some(id))
}

impl RequestApproval {
    /// All facts, as readers get them.
    pub(crate) fn shown(&self) -> serde_json::Value {
        let mut facts = self.facts.as_object().cloned().unwrap_or_default();
        for fact in &self.named {
            facts.entry(fact.name).or_insert_with(|| fact.shown());
        }
        facts.into()
    }

    /// The permission that the approver needs.
    pub(crate) fn permission<'r>(&'r self, rule: Option<&'r Ruling>) -> &'r str {
        rule.map_or(self.kind.permission.0, |rule| rule.permission.as_str())
    }
}

/// Decides what waits for a document, in the caller's name or in that of whoever the caller decides
/// for. The calling verb goes on with the document in the same transaction, and holds the document's
/// lock. When two people have to agree, the first yes lets it wait on.
///
/// # Errors
/// [`ApprovalError`].
pub fn decide(tx: &mut Tx<'_>, ctx: &Ctx, request: Decide) -> Result<Decision, ApprovalError> {
    let Decide { kind, subject_id, revision, verdict, reason } = request;
    base::check_multiline("reason", &reason, 1_000)?;
    let waiting = tables::lock_waiting(tx, ctx.company_id, kind.name, subject_id)?;
    let waiting = waiting.ok_or(ApprovalError::NotWaiting)?;
    let separate = waiting.another || policies(tx, ctx.company_id)?.is("separate_approver", "1");
    if waiting.revision != revision {
        return Err(ApprovalError::RevisionChanged { seen: revision, waiting: waiting.revision });
    }
    let who = Authorities::of(tx, ctx)?;
    let given = tables::yeses(tx, ctx.company_id, &[waiting.approval_id])?;
    let given = given.get(&waiting.approval_id).cloned().unwrap_or_default();
    let (may, agreed) = match verdict {
        Verdict::Approve => {
            let may = who.may_approve(ctx, &waiting, separate, &given)?;
            let all = given.len() as i64 + 1 >= waiting.people;
            (may, if all { Agreed::Yes } else { Agreed::NotYet })
        }
        Verdict::Refuse => {
            let may = may_refuse(&who, ctx, &waiting)?;
            if reason.trim().is_empty() {
                return Err(ApprovalError::ReasonMissing);
            }
            (may, Agreed::No)
        }
    };
    let deciding = Deciding { may, separate, reason: &reason };
    if verdict == Verdict::Approve {
        let number = given.len() as i64 + 1;
        tables::insert_yes(tx, ctx, waiting.approval_id, number, &deciding)?;
    }
    if agreed != Agreed::NotYet {
        tables::decide_approval(tx, ctx, waiting.approval_id, verdict, &deciding)?;
    }
    let in_name_of = deciding.may.in_name_of;
    let detail = serde_json::json!({
        "kind": kind.name, "subject_id": subject_id.to_string(), "revision": revision,
        "verdict": verdict, "permission": waiting.permission, "reason": reason,
        "in_name_of": in_name_of, "waits_on": agreed == Agreed::NotYet,
    });
    let verb = if verdict == Verdict::Approve { APPROVE } else { REFUSE };
    ctx.audit(tx, verb, "approval", waiting.approval_id.raw(), detail);
    Ok(Decision { approval_id: waiting.approval_id, agreed, in_name_of })
}

/// The audit's name of a yes. Who may give it is said by the approval, not by a role here.
const APPROVE: Permission = Permission("identity.approve");
/// The audit's name of a no.
const REFUSE: Permission = Permission("identity.refuse");

/// Refusing needs what approving needs, but no limit; whoever asked may also withdraw.
fn may_refuse(who: &Authorities, ctx: &Ctx, waiting: &Waiting) -> Result<May, ApprovalError> {
    match who.may_refuse(waiting) {
        Some(may) => Ok(may),
        None if waiting.requested_by == ctx.user_id => Ok(May::default()),
        None => Err(waiting.lacking()),
    }
}

/// In whose name somebody may decide, and up to which amount.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct May {
    /// Another's name.
    pub in_name_of: Option<UserId>,
    /// The limit, none for any amount.
    pub limit: Option<i64>,
}

/// Voids what was asked or approved for revisions of a document below `revision`.
///
/// # Errors
/// Those of the store.
pub fn void_approvals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: &ApprovalKind,
    subject_id: i64,
    revision: i64,
) -> Result<(), StoreError> {
    tables::void_approvals(tx, ctx.company_id, kind.name, subject_id, revision)
}

/// Whether a rule has asked for an approval of this revision of a document, and it waits.
///
/// # Errors
/// Those of the store.
pub fn asked_by_rule(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: &ApprovalKind,
    subject_id: i64,
    revision: i64,
) -> Result<bool, StoreError> {
    tables::asked_by_rule(tx, ctx.company_id, kind.name, subject_id, revision)
}

/// Voids what waits for a document; what was approved of it before stays so.
///
/// # Errors
/// Those of the store.
pub fn void_waiting(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: &ApprovalKind,
    subject_id: i64,
) -> Result<(), StoreError> {
    tables::void_waiting(tx, ctx.company_id, kind.name, subject_id)
}
