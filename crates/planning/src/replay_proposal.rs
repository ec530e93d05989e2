//! `replay_proposal`: how a proposal came about. Its number is reckoned again from what was kept
//! with it, and compared with what it shows.

use crate::READ;
use crate::basis::{ALGORITHM, Basis};
use crate::model::Figures;
use crate::rules::{self, Decision};
use crate::tables::{self, After, Which};
use crate::views::{self, ProposalRow, ProposalVersion};
use base::{CompanyId, Id, NumberError, Problem, ProposalId, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// How a proposal came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Replayed {
    /// The proposal.
    pub proposal: ProposalRow,
    /// What it was decided from.
    pub basis: Basis,
    /// What that leads to.
    pub decision: Decision,
    /// Whether that is what the proposal shows.
    pub agrees: bool,
    /// What happened to it, oldest first.
    pub history: Vec<ProposalVersion>,
}

/// Why a proposal cannot be replayed, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ReplayProposalError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such proposal.
    #[error("there is no proposal {proposal_id}")]
    NotFound {
        /// The id asked for.
        proposal_id: ProposalId,
    },
    /// It was decided by another version of the algorithm.
    #[error(
        "proposal {proposal_id} was decided by version {found} of the algorithm, this is version \
         {ALGORITHM}; the next run decides it anew"
    )]
    OtherAlgorithm {
        /// The proposal.
        proposal_id: ProposalId,
        /// Its version of the algorithm.
        found: i64,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReplayProposalError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ReplayProposalError::Denied(error) => error.problem(),
            ReplayProposalError::NotFound { .. } => {
                Problem::not_found("proposal_not_found", detail)
            }
            ReplayProposalError::OtherAlgorithm { .. } => {
                Problem::refused("other_algorithm", detail)
            }
            ReplayProposalError::Number(error) => error.problem(),
            ReplayProposalError::Store(error) => error.problem(),
        }
    }
}

/// Reckons a proposal again from what was kept with it.
///
/// # Errors
/// The first broken rule in the order of [`ReplayProposalError`].
pub fn replay_proposal(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    proposal_id: ProposalId,
) -> Result<Replayed, ReplayProposalError> {
    ctx.require(READ)?;
    let which = Which { id: Some(proposal_id), ..Which::default() };
    let listed = tables::list_proposals(tx, ctx, &which, After::Made(0), 1)?.pop();
    let listed = listed.ok_or(ReplayProposalError::NotFound { proposal_id })?;
    let found = listed.proposal.figures.algorithm;
    let bases = tables::bases(tx, ctx.company_id, [&listed.proposal])?;
    let basis = bases.into_values().next().filter(|basis| basis.algorithm == ALGORITHM);
    let basis = basis.ok_or(ReplayProposalError::OtherAlgorithm { proposal_id, found })?;
    let decision = rules::decide(&basis)?;
    Ok(Replayed {
        agrees: Figures::of(&basis, &decision) == listed.proposal.figures,
        history: tables::history(tx, ctx.company_id, proposal_id)?,
        proposal: views::row_of(listed),
        basis,
        decision,
    })
}

/// Reckons every live proposal of a company again, and tells those that come to another number. A
/// check beside those that are statements; proposals of another version of the algorithm are left
/// to the next run.
///
/// # Errors
/// Those of the engine.
pub fn verify_proposals(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<String>, StoreError> {
    const AT_ONCE: i64 = 1_000;
    let (mut breaches, mut after) = (Vec::new(), 0);
    loop {
        let part = tables::live_with_basis(tx, company_id, after, AT_ONCE)?;
        for (proposal, basis) in &part {
            after = proposal.id.raw();
            if proposal.figures.algorithm != ALGORITHM {
                continue;
            }
            let replayed = tables::basis_of(basis).and_then(|basis| {
                rules::decide(&basis).ok().map(|decision| Figures::of(&basis, &decision))
            });
            if replayed.as_ref() != Some(&proposal.figures) {
                let shown = proposal.figures.quantity;
                let found = replayed.map_or_else(
                    || "cannot be reckoned again".to_owned(),
                    |figures| format!("comes to {}", figures.quantity),
                );
                breaches.push(format!("proposal {} shows {shown} and {found}", proposal.id));
            }
        }
        if (part.len() as i64) < AT_ONCE {
            return Ok(breaches);
        }
    }
}
