//! `run_replenishment`: what is short is proposed to be ordered.
//!
//! A run looks at every rule, and at every item that somebody wants although no rule speaks for it,
//! which is treated as a rule of 0/0. It looks at so many spots (an item at a place) in one
//! transaction, and answers where to go on. What it finds is kept as proposals: a spot has one live
//! proposal, which is amended when what it was decided from changed, and withdrawn when nothing is
//! needed any more. A run that finds everything as it was writes nothing.
//!
//! What an automatic rule proposes becomes a line of a draft order in the same transaction, when its
//! item is ready for it; what is missing is kept with the proposal otherwise.

use crate::approve_proposals::{self, Approval, ApproveProposalsError};
use crate::basis::Basis;
use crate::gather::{self, Settings};
use crate::model::{Figures, Proposal, Spot, Version};
use crate::readiness::{self, Ready};
use crate::rules::{self, Decision};
use crate::tables::{self, Within};
use crate::words::{Missing, ProposalState, Trigger, What};
use crate::{RUN, RUN_REPLENISHMENT};
use base::{
    BadCursor, Id, ItemId, NumberError, Paging, PlaceId, Problem, ProposalId, PurchaseOrderId,
    Quantity, Rule, RuleId,
};
use catalog::{Item, ItemKind};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
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
    /// How many items at places, 1 to 1,000; 1,000 when absent.
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
    /// Proposals that automatic rules made lines of orders.
    pub approved: u64,
    /// Proposals of automatic rules that wait for somebody, because their item is not ready.
    pub held_back: u64,
    /// The draft orders that took those lines, in the order of their numbers.
    pub orders: Vec<PurchaseOrderId>,
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
        self.next_cursor = part.next_cursor;
    }
}

/// Why nothing was looked at, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
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
    let known = Known::load(tx, ctx, &spots)?;
    let mut written = Vec::new();
    let mut approved = Vec::new();
    for spot in &spots {
        let found = known.decide(spot)?;
        match known.change(tx, ctx, spot, found)? {
            Change::Nothing => {}
            Change::Stays => told.unchanged += 1,
            Change::Written(change) => {
                match change.1.what {
                    What::Proposed => told.proposed += 1,
                    What::Withdrawn => told.withdrawn += 1,
                    _ => told.amended += 1,
                }
                written.push(*change);
            }
        }
    }
    for (proposal, _) in &written {
        let auto = known.automatic(proposal);
        told.held_back += u64::from(auto && !proposal.held_back.is_empty());
        if auto && proposal.held_back.is_empty() && proposal.state == ProposalState::Open {
            approved.push(Approval::as_proposed(proposal.clone()));
        }
    }
    record(tx, ctx, &written)?;
    told.approved = approved.len() as u64;
    told.orders = approve_proposals::order(tx, ctx, &known.settings, &known.items, approved)?;
    Ok(told)
}

/// Writes proposals with their versions, and tells of each.
fn record(tx: &mut Tx<'_>, ctx: &Ctx, written: &[(Proposal, Version)]) -> Result<(), StoreError> {
    if written.is_empty() {
        return Ok(());
    }
    tables::write_proposals(tx, ctx, written)?;
    for (proposal, version) in written {
        tell(tx, ctx, proposal, version.what);
    }
    let detail = serde_json::json!({ "proposals": written.len() });
    ctx.audit(tx, RUN_REPLENISHMENT, "company", ctx.company_id.raw(), detail);
    Ok(())
}

/// States what happened to a proposal.
pub(crate) fn tell(tx: &mut Tx<'_>, ctx: &Ctx, proposal: &Proposal, what: What) {
    let name = match what {
        What::Proposed => "planning.proposed",
        What::Amended => "planning.amended",
        What::Dismissed => "planning.dismissed",
        What::Reopened => "planning.reopened",
        What::Approved => "planning.approved",
        What::Withdrawn => "planning.withdrawn",
    };
    let payload = serde_json::json!({
        "item_id": proposal.item_id,
        "place_id": proposal.place_id,
        "quantity": proposal.figures.quantity,
        "state": proposal.state,
    });
    ctx.fact(tx, "proposal", proposal.id.raw(), proposal.version, name, payload);
}

/// What is looked at in one transaction.
struct Part {
    spots: Vec<Spot>,
    next_cursor: Option<String>,
}

/// First all rules by item and place, then what has no rule. A cursor says which of the two, and
/// after which item and place.
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

/// Everything that the spots of a part are decided from.
struct Known {
    settings: Settings,
    items: HashMap<ItemId, Item>,
    supply: tables::Supply,
    live: HashMap<(ItemId, PlaceId), Proposal>,
    bases: HashMap<ProposalId, Basis>,
    ready: Ready,
    automatic: BTreeSet<RuleId>,
}

/// What becomes of a spot's proposal.
enum Change {
    /// There is none, and none is needed.
    Nothing,
    /// It is as it was.
    Stays,
    Written(Box<(Proposal, Version)>),
}

impl Change {
    fn written(proposal: Proposal, version: Version) -> Change {
        Change::Written(Box::new((proposal, version)))
    }
}

impl Known {
    /// Locks what will be written, then reads: what a run before this one ordered is then seen.
    fn load(tx: &mut Tx<'_>, ctx: &Ctx, spots: &[Spot]) -> Result<Known, RunReplenishmentError> {
        let company = ctx.company_id;
        let warehouses = spots.iter().map(|spot| spot.warehouse_id).collect();
        tables::lock_scopes(tx, company, &warehouses)?;
        let live = tables::lock_live(tx, company, spots)?;
        let settings = Settings::of(&identity::policies(tx, company)?, ctx.today, ctx.currency);
        let ids: BTreeSet<ItemId> = spots.iter().map(|spot| spot.item_id).collect();
        let listed: Vec<ItemId> = ids.iter().copied().collect();
        let items = catalog::items_by_id(tx, company, &listed)?;
        let auto = |spot: &Spot| {
            spot.rule.as_ref().filter(|rule| rule.trigger == Trigger::Auto).map(|rule| rule.id)
        };
        let automatic: BTreeSet<RuleId> = spots.iter().filter_map(auto).collect();
        Ok(Known {
            bases: tables::bases(tx, company, live.values())?,
            supply: tables::supply(tx, company, &ids, settings.order_day()?)?,
            ready: Ready::load(tx, ctx, &listed)?,
            items,
            live,
            settings,
            automatic,
        })
    }

    fn automatic(&self, proposal: &Proposal) -> bool {
        proposal.rule_id.is_some_and(|rule| self.automatic.contains(&rule))
    }

    /// What a spot needs; none for an item out of use, and for a rule that snoozes.
    fn decide(&self, spot: &Spot) -> Result<Option<(Basis, Decision)>, NumberError> {
        let Some(item) = self.items.get(&spot.item_id) else { return Ok(None) };
        let snoozed = spot.rule.as_ref().and_then(|rule| rule.snoozed_until);
        if spot.covered
            || !item.active
            || item.kind != ItemKind::Goods
            || snoozed.is_some_and(|until| self.settings.today < until)
        {
            return Ok(None);
        }
        let basis = gather::basis(spot, item, &self.supply, &self.settings)?;
        let decision = rules::decide(&basis)?;
        Ok(decision.quantity.is_positive().then_some((basis, decision)))
    }

    fn change(
        &self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        spot: &Spot,
        found: Option<(Basis, Decision)>,
    ) -> Result<Change, RunReplenishmentError> {
        let live = self.live.get(&(spot.item_id, spot.place_id));
        let (basis, decision) = match (found, live) {
            (None, None) => return Ok(Change::Nothing),
            (None, Some(live)) => {
                let mut gone = live.clone();
                gone.version += 1;
                gone.state = ProposalState::Withdrawn;
                let version = Version { what: What::Withdrawn, basis: None, reason: String::new() };
                return Ok(Change::written(gone, version));
            }
            (Some(found), _) => found,
        };
        let rule_id = spot.rule.as_ref().map(|rule| rule.id);
        let held_back = self.held_back(spot, &decision);
        let figures = Figures::of(&basis, &decision);
        let Some(live) = live else {
            let proposal = Proposal {
                id: tx.id()?,
                version: 1,
                state: ProposalState::Open,
                item_id: spot.item_id,
                place_id: spot.place_id,
                warehouse_id: spot.warehouse_id,
                rule_id,
                figures,
                basis_version: 1,
                held_back,
                dismissed_until: None,
                reason: String::new(),
                approved_quantity: Quantity::ZERO,
                order_id: None,
                order_line: 0,
            };
            let version =
                Version { what: What::Proposed, basis: Some(basis), reason: String::new() };
            return Ok(Change::written(proposal, version));
        };
        let same = self.bases.get(&live.id).is_some_and(|kept| kept.says_the_same_as(&basis))
            && live.rule_id == rule_id
            && live.held_back == held_back;
        let ended = live.dismissed_until.is_some_and(|until| until <= ctx.today);
        let reopens = live.state == ProposalState::Dismissed && ended;
        // What is kept back may be ready now, which the same figures do not tell.
        if same && !reopens {
            return Ok(Change::Stays);
        }
        let version = live.version + 1;
        let mut next = Proposal {
            version,
            rule_id,
            figures,
            basis_version: version,
            held_back,
            ..live.clone()
        };
        if reopens {
            next.state = ProposalState::Open;
            next.dismissed_until = None;
            next.reason = String::new();
        }
        let what = if reopens { What::Reopened } else { What::Amended };
        Ok(Change::written(next, Version { what, basis: Some(basis), reason: String::new() }))
    }

    /// Why an automatic rule's proposal waits for somebody; empty when it does not, and for manual
    /// rules.
    fn held_back(&self, spot: &Spot, decision: &Decision) -> String {
        let auto = spot.rule.as_ref().is_some_and(|rule| rule.trigger == Trigger::Auto);
        let Some(item) = self.items.get(&spot.item_id).filter(|_| auto) else {
            return String::new();
        };
        if decision.supplier.is_none() {
            return Missing::Supplier.word().to_owned();
        }
        if self.settings.lenient {
            return String::new();
        }
        let timed = spot.rule.as_ref().is_some_and(|rule| rule.levels.lead_days.is_some())
            || decision.supplier.as_ref().is_some_and(|chosen| chosen.lead_days > 0);
        let missing =
            self.ready.missing(item, readiness::Found { rule: true, supplier: true, timed });
        missing.into_iter().map(Missing::word).collect::<Vec<_>>().join(", ")
    }
}

impl Figures {
    /// What a proposal shows of a decision.
    pub(crate) fn of(basis: &Basis, decision: &Decision) -> Figures {
        let chosen = decision.supplier.as_ref();
        let candidate = chosen.map(|chosen| &basis.candidates[chosen.candidate]);
        let offer =
            chosen.zip(candidate).map(|(chosen, candidate)| &candidate.offers[chosen.offer]);
        Figures {
            rule_version: basis.rule_version,
            algorithm: basis.algorithm,
            planned_on: basis.planned_on,
            arrives_on: decision.arrives_on,
            forecast: decision.forecast,
            need: decision.need,
            quantity: decision.quantity,
            partner_id: candidate.map(|candidate| candidate.partner_id),
            currency: candidate.map(|c| c.currency.to_string()).unwrap_or_default(),
            chosen: chosen.map(|chosen| chosen.reason.word().to_owned()).unwrap_or_default(),
            unit: offer.map(|offer| offer.unit.clone()).unwrap_or_default(),
            order_quantity: chosen.map_or(Quantity::ZERO, |chosen| chosen.order_quantity),
            lead_days: chosen.map_or(0, |chosen| chosen.lead_days),
            unit_cost: offer.map_or(base::Price::ZERO, |offer| offer.unit_cost),
        }
    }
}
