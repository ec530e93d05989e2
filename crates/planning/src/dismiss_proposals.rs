//! `dismiss_proposals`: somebody says no to proposals until a day. Runs leave them alone until then,
//! and open them again when the need is still there.

use crate::model::Version;
use crate::propose::tell;
use crate::words::{ProposalState, What};
use crate::{APPROVE, DISMISS, tables};
use base::{Day, Id, Problem, ProblemKind, ProposalId, Rule, TextError, check_text};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Proposals that are not wanted; one refusal refuses all of them.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DismissProposals {
    /// The proposals, at most 1,000.
    pub proposals: Vec<ProposalId>,
    /// The day from which they may be proposed again.
    pub until: Day,
    /// Why.
    pub reason: String,
}

/// What became of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProposalsDismissed {
    /// How many were dismissed with this request.
    pub dismissed: u64,
    /// How many were so already.
    pub repeated: u64,
}

/// Why no proposal was dismissed, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DismissProposalsError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Too many at once.
    #[error("{got} proposals in one request; send at most 1000")]
    TooMany {
        /// How many were sent.
        got: usize,
    },
    /// A reason cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A reason is missing.
    #[error("say why the proposals are not wanted")]
    ReasonMissing,
    /// The day is not ahead.
    #[error("{until} is not after {today}; give a day ahead")]
    NotAhead {
        /// The day asked for.
        until: Day,
        /// Today.
        today: Day,
    },
    /// There is no such proposal.
    #[error("there is no proposal {proposal_id}")]
    NotFound {
        /// The id asked for.
        proposal_id: ProposalId,
    },
    /// It is not to be ordered any more.
    #[error("proposal {proposal_id} is {state} already")]
    NotLive {
        /// The proposal.
        proposal_id: ProposalId,
        /// Its state.
        state: ProposalState,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for DismissProposalsError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            DismissProposalsError::Denied(error) => error.problem(),
            DismissProposalsError::TooMany { .. } => {
                Problem::new(ProblemKind::TooLarge, "too_many_proposals", detail)
            }
            DismissProposalsError::Text(error) => error.problem(),
            DismissProposalsError::ReasonMissing => {
                Problem::refused("reason_missing", detail).with_field("reason")
            }
            DismissProposalsError::NotAhead { .. } => {
                Problem::refused("day_not_ahead", detail).with_field("until")
            }
            DismissProposalsError::NotFound { .. } => {
                Problem::not_found("proposal_not_found", detail)
            }
            DismissProposalsError::NotLive { .. } => {
                Problem::new(ProblemKind::Conflict, "proposal_not_live", detail)
            }
            DismissProposalsError::Store(error) => error.problem(),
        }
    }
}

/// Says no to proposals until a day.
///
/// # Errors
/// The first broken rule in the order of [`DismissProposalsError`].
pub fn dismiss_proposals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DismissProposals,
) -> Result<ProposalsDismissed, DismissProposalsError> {
    ctx.require(APPROVE)?;
    let DismissProposals { proposals, until, reason } = request;
    if proposals.len() > crate::MAX_PROPOSALS {
        return Err(DismissProposalsError::TooMany { got: proposals.len() });
    }
    check_text("reason", &reason, 500)?;
    if reason.trim().is_empty() {
        return Err(DismissProposalsError::ReasonMissing);
    }
    if until <= ctx.today {
        return Err(DismissProposalsError::NotAhead { until, today: ctx.today });
    }
    let ids: BTreeSet<ProposalId> = proposals.into_iter().collect();
    let mut found = tables::lock_proposals(tx, ctx.company_id, &ids)?;
    let (mut written, mut repeated) = (Vec::new(), 0);
    for proposal_id in ids {
        let mut proposal =
            found.remove(&proposal_id).ok_or(DismissProposalsError::NotFound { proposal_id })?;
        let state = proposal.state;
        if !matches!(state, ProposalState::Open | ProposalState::Dismissed) {
            return Err(DismissProposalsError::NotLive { proposal_id, state });
        }
        if proposal.dismissed_until == Some(until) && proposal.reason == reason {
            repeated += 1;
            continue;
        }
        proposal.version += 1;
        proposal.state = ProposalState::Dismissed;
        proposal.dismissed_until = Some(until);
        proposal.reason.clone_from(&reason);
        let version = Version { what: What::Dismissed, basis: None, reason: reason.clone() };
        written.push((proposal, version));
    }
    tables::write_proposals(tx, ctx, &written)?;
    for (proposal, version) in &written {
        tell(tx, ctx, proposal, version.what);
        let detail = serde_json::json!({ "until": until, "reason": reason });
        ctx.audit(tx, DISMISS, "proposal", proposal.id.raw(), detail);
    }
    Ok(ProposalsDismissed { dismissed: written.len() as u64, repeated })
}
