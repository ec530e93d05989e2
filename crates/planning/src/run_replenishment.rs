//! `run_replenishment`: what is short is proposed to be ordered, or to be brought from the warehouse
//! that supplies the place.
//!
//! A run looks at every rule, and at every item that somebody wants although no rule speaks for it,
//! which is treated as a rule of 0/0. It looks at so many spots (an item at a place) in one
//! transaction, and answers where to go on. What it finds is kept as proposals: a spot has one live
//! proposal, or one for each day on which a transfer is needed, which is amended when what it was
//! decided from changed, and withdrawn when nothing is needed any more. A run that finds everything as
//! it was writes nothing.
//!
//! What is proposed to leave a warehouse is wanted there. The rules of an item are looked at in one
//! transaction, those that are supplied before those that supply them, so that one run goes down a
//! chain of warehouses to the supplier.
//!
//! What an automatic rule proposes becomes a line of a draft order, or of a transfer, in the same transaction, when its
//! item is ready for it; what is missing is kept with the proposal otherwise.

use crate::RUN;
use crate::approve_proposals::{self, Approval, ApproveProposalsError};
use crate::model::Spot;
use crate::propose::{Known, record};
use crate::tables::{self, Within};
use crate::words::{ProposalState, What};
use base::{
    BadCursor, Id, NumberError, Paging, Problem, PurchaseOrderId, Rule, RuleId, TransferId,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// How many spots one run looks at.
pub const MAX_SPOTS: i64 = 1_000;

/// What a run looks at; everything when nothing is named.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RunReplenishment {
    /// Only this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only this item, by SKU.
    pub sku: Option<String>,
    /// Only this rule.
    pub rule_id: Option<RuleId>,
    /// Where the part before ended; none to begin.
    pub cursor: Option<String>,
    /// How many items at places, 1 to 1,000; 1,000 when absent. The rules of the last item are all
    /// looked at.
    pub limit: Option<i64>,
}

/// What a run found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReplenishmentRun {
    /// How many items at places it looked at.
    pub looked_at: u64,
    /// New proposals.
    pub proposed: u64,
    /// Proposals that changed, or are open again.
    pub amended: u64,
    /// Proposals whose need went away.
    pub withdrawn: u64,
    /// Proposals that stay as they are.
    pub unchanged: u64,
    /// Proposals that automatic rules made lines of orders and transfers.
    pub approved: u64,
    /// Proposals of automatic rules that wait for somebody, because their item is not ready.
    pub held_back: u64,
    /// The draft orders that took those lines, in the order of their numbers.
    pub orders: Vec<PurchaseOrderId>,
    /// The transfers that were planned of such lines, in the order of their ids.
    pub transfers: Vec<TransferId>,
    /// Where to go on; none when the run is done.
    pub next_cursor: Option<String>,
}

impl ReplenishmentRun {
    /// Adds what the next part of the same run found.
    pub fn add(&mut self, part: ReplenishmentRun) {
        self.looked_at += part.looked_at;
        self.proposed += part.proposed;
        self.amended += part.amended;
        self.withdrawn += part.withdrawn;
        self.unchanged += part.unchanged;
        self.approved += part.approved;
        self.held_back += part.held_back;
        self.orders.extend(part.orders);
        self.orders.sort_unstable();
        self.orders.dedup();
        self.transfers.extend(part.transfers);
        self.transfers.sort_unstable();
        self.next_cursor = part.next_cursor;
    }
}

/// Why nothing was looked at, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum RunReplenishmentError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor is not one of this run.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// There is no such warehouse.
    #[error("there is no warehouse {code:?}; name one of the company's")]
    UnknownWarehouse {
        /// The code asked for.
        code: String,
    },
    /// There is no such item.
    #[error("there is no item {sku:?}; name one of the catalogue's")]
    UnknownItem {
        /// The SKU asked for.
        sku: String,
    },
    /// What automatic rules proposed could not be ordered.
    #[error(transparent)]
    Approve(Box<ApproveProposalsError>),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for RunReplenishmentError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            RunReplenishmentError::Denied(error) => error.problem(),
            RunReplenishmentError::Cursor(error) => error.problem(),
            RunReplenishmentError::UnknownWarehouse { .. } => {
                Problem::refused("unknown_warehouse", detail).with_field("warehouse")
            }
            RunReplenishmentError::UnknownItem { .. } => {
                Problem::refused("unknown_item", detail).with_field("sku")
            }
            RunReplenishmentError::Approve(error) => error.problem(),
            RunReplenishmentError::Number(error) => error.problem(),
            RunReplenishmentError::Store(error) => error.problem(),
        }
    }
}

impl From<ApproveProposalsError> for RunReplenishmentError {
    fn from(error: ApproveProposalsError) -> Self {
        match error {
            ApproveProposalsError::Denied(error) => error.into(),
            ApproveProposalsError::Store(error) => error.into(),
            other => RunReplenishmentError::Approve(Box::new(other)),
        }
    }
}

/// Looks at the next part of what a run has to look at. Parts are independent: a run that stopped is
/// taken up at its cursor, or begun again.
///
/// # Errors
/// The first broken rule in the order of [`RunReplenishmentError`].
pub fn run_replenishment(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RunReplenishment,
) -> Result<ReplenishmentRun, RunReplenishmentError> {
    ctx.require(RUN)?;
    let Part { spots, next_cursor } = next_part(tx, ctx, &request)?;
    let mut told = ReplenishmentRun {
        looked_at: spots.len() as u64,
        next_cursor,
        ..ReplenishmentRun::default()
    };
    if spots.is_empty() {
        return Ok(told);
    }
    let mut known = Known::load(tx, ctx, &spots)?;
    let mut written = Vec::new();
    for spot in known.in_order(spots) {
        let found = known.decide(&spot)?;
        known.draw(&spot, &found);
        let (changes, unchanged) = known.changes(tx, ctx, &spot, found)?;
        told.unchanged += unchanged;
        written.extend(changes);
    }
    let mut approved = Vec::new();
    for (proposal, version) in &written {
        match version.what {
            What::Proposed => told.proposed += 1,
            What::Withdrawn => told.withdrawn += 1,
            _ => told.amended += 1,
        }
        let auto = known.automatic(proposal) && version.what != What::Withdrawn;
        told.held_back += u64::from(auto && !proposal.held_back.is_empty());
        if auto && proposal.held_back.is_empty() && proposal.state == ProposalState::Open {
            approved.push(Approval::as_proposed(proposal.clone()));
        }
    }
    record(tx, ctx, &written)?;
    told.approved = approved.len() as u64;
    let made = approve_proposals::order(tx, ctx, &known.settings, &known.items, approved)?;
    (told.orders, told.transfers) = (made.orders, made.transfers);
    Ok(told)
}

/// What is looked at in one transaction.
struct Part {
    spots: Vec<Spot>,
    next_cursor: Option<String>,
}

/// First all rules by item and place, then what has no rule. A cursor says which of the two, and
/// after which item and place. The rules of an item are not parted: what is decided for one of its
/// places may be wanted of another.
fn next_part(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &RunReplenishment,
) -> Result<Part, RunReplenishmentError> {
    let within = within(tx, ctx, request)?;
    let limit = request.limit.unwrap_or(MAX_SPOTS).clamp(1, MAX_SPOTS);
    let begin: (bool, i64, i64) = Paging::new(&request.cursor, None).after((true, 0, 0))?;
    let (mut ruled, mut after) = (begin.0, (begin.1, begin.2));
    let mut spots = Vec::new();
    if ruled {
        spots = tables::spots_with_rule(tx, ctx.company_id, within, after, limit)?;
        if (spots.len() as i64) < limit {
            (ruled, after) = (false, (0, 0));
        } else if let Some(last) = spots.last() {
            let rest = Within { item_id: Some(last.item_id), ..within };
            let after = (last.item_id.raw(), last.place_id.raw());
            spots.extend(tables::spots_with_rule(tx, ctx.company_id, rest, after, i64::MAX)?);
        }
    }
    let room = limit - spots.len() as i64;
    if !ruled && within.rule_id.is_none() && room > 0 {
        let more = tables::spots_without_rule(tx, ctx.company_id, within, after, room)?;
        let full = more.len() as i64 == room;
        spots.extend(more);
        if !full {
            return Ok(Part { spots, next_cursor: None });
        }
    } else if !ruled {
        return Ok(Part { spots, next_cursor: None });
    }
    let last = spots.last().map_or((0, 0), |spot| (spot.item_id.raw(), spot.place_id.raw()));
    let next_cursor = Some(Paging::cursor(&(ruled, last.0, last.1)));
    Ok(Part { spots, next_cursor })
}

fn within(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &RunReplenishment,
) -> Result<Within, RunReplenishmentError> {
    let mut within = Within { warehouse_id: None, item_id: None, rule_id: request.rule_id };
    if let Some(code) = &request.warehouse {
        let found = stock::warehouse_by_code(tx, ctx.company_id, code)?;
        let unknown = || RunReplenishmentError::UnknownWarehouse { code: code.clone() };
        within.warehouse_id = Some(found.ok_or_else(unknown)?.warehouse_id);
    }
    if let Some(sku) = &request.sku {
        let found = catalog::items_by_sku(tx, ctx.company_id, &[sku])?;
        let unknown = || RunReplenishmentError::UnknownItem { sku: sku.clone() };
        within.item_id = Some(found.get(sku).ok_or_else(unknown)?.id);
    }
    Ok(within)
}
