//! What becomes of the proposals of items at places, put together from what a run read for all of
//! them: what each needs, what of that was proposed already, and what changes.

use crate::RUN_REPLENISHMENT;
use crate::basis::Basis;
use crate::gather::{self, Settings, SuppliedFrom};
use crate::model::{Figures, Proposal, Spot, Version};
use crate::readiness::{self, Ready};
use crate::rules::{self, Decision};
use crate::run_replenishment::RunReplenishmentError;
use crate::tables::{self, Drawn};
use crate::words::{Missing, ProposalState, Trigger, What};
use base::{
    Day, Id, ItemId, NumberError, PlaceId, Price, ProposalId, Quantity, RuleId, WarehouseId,
};
use catalog::{Item, ItemKind};
use identity::Ctx;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{StoreError, Tx};

/// A proposal as it shall be, with the version that says why.
pub(crate) type Change = (Proposal, Version);

/// What is needed, with what that was decided from.
pub(crate) type Need = (Basis, Decision);

/// Writes proposals with their versions, and tells of each.
pub(crate) fn record(tx: &mut Tx<'_>, ctx: &Ctx, written: &[Change]) -> Result<(), StoreError> {
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
        "source_warehouse_id": proposal.figures.source_id,
        "needed_on": proposal.figures.needed_on,
        "quantity": proposal.figures.quantity,
        "state": proposal.state,
    });
    ctx.fact(tx, "proposal", proposal.id.raw(), proposal.version, name, payload);
}

/// How warehouses supply each other with the items of a part.
#[derive(Default)]
struct Supplied {
    codes: BTreeMap<WarehouseId, String>,
    lead_days: HashMap<(WarehouseId, WarehouseId), i64>,
    /// By item: to which warehouse from which.
    edges: HashMap<ItemId, BTreeSet<(WarehouseId, WarehouseId)>>,
}

/// The order of an item's places: those that are supplied before those that supply them.
type Order = (Reverse<usize>, PlaceId);

impl Supplied {
    fn load(tx: &mut Tx<'_>, ctx: &Ctx, spots: &[Spot]) -> Result<Supplied, StoreError> {
        if spots.iter().all(|spot| spot.source().is_none()) {
            return Ok(Supplied::default());
        }
        let items = spots.iter().map(|spot| spot.item_id).collect();
        let mut edges: HashMap<ItemId, BTreeSet<_>> = HashMap::new();
        for ((item_id, _), edge) in tables::supplied(tx, ctx.company_id, &items)? {
            edges.entry(item_id).or_default().insert(edge);
        }
        let warehouses = stock::warehouses(tx, ctx.company_id)?;
        Ok(Supplied {
            codes: warehouses.into_iter().map(|it| (it.warehouse_id, it.code)).collect(),
            lead_days: tables::lead_times(tx, ctx.company_id)?,
            edges,
        })
    }

    fn order(&self, item_id: ItemId, warehouse_id: WarehouseId, place_id: PlaceId) -> Order {
        let distance = self.edges.get(&item_id).map_or(0, |of| rules::distance(of, warehouse_id));
        (Reverse(distance), place_id)
    }

    fn order_of(&self, spot: &Spot) -> Order {
        self.order(spot.item_id, spot.warehouse_id, spot.place_id)
    }

    /// The days from the warehouse that supplies a spot, where somebody said how many.
    fn lead_days(&self, spot: &Spot) -> Option<i64> {
        self.lead_days.get(&(spot.source()?, spot.warehouse_id)).copied()
    }

    fn from(&self, spot: &Spot) -> Option<SuppliedFrom<'_>> {
        let warehouse_id = spot.source()?;
        let code = self.codes.get(&warehouse_id).map_or("", String::as_str);
        let lead_days = self.lead_days(spot).unwrap_or(0);
        Some(SuppliedFrom { warehouse_id, code, lead_days })
    }
}

/// Everything that the spots of a part are decided from.
pub(crate) struct Known {
    pub settings: Settings,
    pub items: HashMap<ItemId, Item>,
    supply: tables::Supply,
    live: HashMap<(ItemId, PlaceId), Vec<Proposal>>,
    bases: HashMap<ProposalId, Basis>,
    ready: Ready,
    automatic: BTreeSet<RuleId>,
    supplied: Supplied,
}

impl Known {
    /// Locks what will be written, then reads: what a run before this one ordered is then seen. The
    /// warehouses that supply are locked, too, for what shall leave them is decided here.
    pub(crate) fn load(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        spots: &[Spot],
    ) -> Result<Known, RunReplenishmentError> {
        let company = ctx.company_id;
        let ends = |spot: &Spot| [Some(spot.warehouse_id), spot.source()];
        let warehouses = spots.iter().flat_map(ends).flatten().collect();
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
            bases: tables::bases(tx, company, live.values().flatten())?,
            supply: tables::supply(tx, company, &ids, settings.order_day()?)?,
            ready: Ready::load(tx, ctx, &listed)?,
            supplied: Supplied::load(tx, ctx, spots)?,
            items,
            live,
            settings,
            automatic,
        })
    }

    /// Spots with a rule item by item, those that are supplied before those that supply them; then
    /// those without.
    pub(crate) fn in_order(&self, mut spots: Vec<Spot>) -> Vec<Spot> {
        spots.sort_by_cached_key(|spot| {
            (spot.rule.is_none(), spot.item_id, self.supplied.order_of(spot))
        });
        spots
    }

    pub(crate) fn automatic(&self, proposal: &Proposal) -> bool {
        proposal.rule_id.is_some_and(|rule| self.automatic.contains(&rule))
    }

    fn live_of(&self, spot: &Spot) -> &[Proposal] {
        self.live.get(&(spot.item_id, spot.place_id)).map_or(&[], Vec::as_slice)
    }

    /// What a spot needs; nothing for an item out of use, and for a rule that snoozes.
    pub(crate) fn decide(&self, spot: &Spot) -> Result<Vec<Need>, NumberError> {
        let Some(item) = self.items.get(&spot.item_id) else { return Ok(Vec::new()) };
        let snoozed = spot.rule.as_ref().and_then(|rule| rule.snoozed_until);
        if spot.covered
            || !item.active
            || item.kind != ItemKind::Goods
            || snoozed.is_some_and(|until| self.settings.today < until)
        {
            return Ok(Vec::new());
        }
        let order = self.supplied.order_of(spot);
        let precedes = |drawn: &Drawn| {
            self.supplied.order(drawn.item_id, drawn.warehouse_id, drawn.place_id) < order
        };
        let from = self.supplied.from(spot);
        let basis = gather::basis(spot, item, &self.supply, &self.settings, from, precedes)?;
        let found = rules::decide_all(&basis)?;
        Ok(self.as_kept(spot, &basis, &found)?.unwrap_or(found))
    }

    /// What the live proposals of a spot that a warehouse supplies were decided to, when they were
    /// decided from the same, none of them is missing, and they bring what is `found` to be needed
    /// from today on: another day alone is no reason to move them. What the same stock, deliveries
    /// and demands mean can change with the day, for days come within the horizon, and a delivery
    /// comes as soon as a transfer could.
    ///
    /// # Errors
    /// A quantity or day that cannot be held.
    fn as_kept(
        &self,
        spot: &Spot,
        basis: &Basis,
        found: &[Need],
    ) -> Result<Option<Vec<Need>>, NumberError> {
        let live = self.live_of(spot);
        let kept = |proposal: &Proposal| self.bases.get(&proposal.id);
        let Some(first) = live.first().and_then(kept).filter(|_| basis.source.is_some()) else {
            return Ok(None);
        };
        let then = Basis { planned_on: first.planned_on, ..basis.clone() };
        let before = rules::decide_all(&then)?;
        let all = before.len() == live.len()
            && before.iter().zip(live).all(|((then, _), live)| kept(live) == Some(then));
        let today = basis.planned_on;
        let enough = all && by_day(&before, today)? == by_day(found, today)?;
        Ok(enough.then_some(before))
    }

    /// What a spot needs from the warehouse that supplies it is wanted there, in place of what was
    /// proposed before. What somebody said no to is not.
    pub(crate) fn draw(&mut self, spot: &Spot, found: &[Need]) {
        let live = self.live_of(spot);
        let mut taken = Vec::new();
        for (live, (_, decision)) in paired(live, found).into_iter().zip(found) {
            let dismissed = live.is_some_and(|live| stays_dismissed(live, self.settings.today));
            let supplied = spot.source().zip(decision.transfer).filter(|_| !dismissed);
            taken.extend(supplied.map(|(source_id, supplied)| Drawn {
                item_id: spot.item_id,
                source_id,
                place_id: spot.place_id,
                warehouse_id: spot.warehouse_id,
                on: supplied.depart_on,
                quantity: decision.quantity,
            }));
        }
        let drawn = self.supply.drawn.entry(spot.item_id).or_default();
        drawn.retain(|drawn| drawn.place_id != spot.place_id);
        drawn.extend(taken);
    }

    /// What becomes of a spot's proposals, and how many stay as they are.
    pub(crate) fn changes(
        &self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        spot: &Spot,
        found: Vec<Need>,
    ) -> Result<(Vec<Change>, u64), RunReplenishmentError> {
        let live = self.live_of(spot);
        let pairs = paired(live, &found);
        let kept: BTreeSet<ProposalId> = pairs.iter().flatten().map(|live| live.id).collect();
        let (mut changes, mut unchanged) = (Vec::new(), 0);
        for live in live.iter().filter(|live| !kept.contains(&live.id)) {
            let mut gone = live.clone();
            gone.version += 1;
            gone.state = ProposalState::Withdrawn;
            let version = Version { what: What::Withdrawn, basis: None, reason: String::new() };
            changes.push((gone, version));
        }
        for (live, need) in pairs.into_iter().zip(found) {
            match self.change(tx, ctx, spot, live, need)? {
                Some(change) => changes.push(change),
                None => unchanged += 1,
            }
        }
        Ok((changes, unchanged))
    }

    /// What becomes of a need with its live proposal; none when that stays as it is.
    fn change(
        &self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        spot: &Spot,
        live: Option<&Proposal>,
        (basis, decision): Need,
    ) -> Result<Option<Change>, RunReplenishmentError> {
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
                became: None,
            };
            let version =
                Version { what: What::Proposed, basis: Some(basis), reason: String::new() };
            return Ok(Some((proposal, version)));
        };
        // The days of transfers are netted one after the other: of another day, the same is another.
        let same = self.bases.get(&live.id).is_some_and(|kept| match basis.source {
            None => kept.says_the_same_as(&basis),
            Some(_) => *kept == basis,
        }) && live.rule_id == rule_id
            && live.held_back == held_back;
        let reopens = live.state == ProposalState::Dismissed && !stays_dismissed(live, ctx.today);
        // What is kept back may be ready now, which the same figures do not tell.
        if same && !reopens {
            return Ok(None);
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
        Ok(Some((next, Version { what, basis: Some(basis), reason: String::new() })))
    }

    /// Why an automatic rule's proposal waits for somebody; empty when it does not, and for manual
    /// rules.
    fn held_back(&self, spot: &Spot, decision: &Decision) -> String {
        let auto = spot.rule.as_ref().filter(|rule| rule.trigger == Trigger::Auto);
        let Some((rule, item)) = auto.zip(self.items.get(&spot.item_id)) else {
            return String::new();
        };
        let named = rule.levels.lead_days.is_some();
        let found = match (&decision.transfer, &decision.supplier) {
            (None, None) => return Missing::Supplier.word().to_owned(),
            _ if self.settings.lenient => return String::new(),
            (Some(_), _) => {
                let timed = named || self.supplied.lead_days(spot).is_some();
                readiness::Found { rule: true, untimed_source: !timed, ..Default::default() }
            }
            (None, Some(chosen)) => {
                let timed = named || chosen.lead_days > 0;
                let bought = readiness::Bought { supplier: true, timed };
                readiness::Found { rule: true, bought: Some(bought), untimed_source: false }
            }
        };
        let missing = self.ready.missing(item, found);
        missing.into_iter().map(Missing::word).collect::<Vec<_>>().join(", ")
    }
}

/// What is brought for each day; what was needed before today is needed today.
fn by_day(needs: &[Need], today: Day) -> Result<BTreeMap<Day, Quantity>, NumberError> {
    let mut days: BTreeMap<Day, Quantity> = BTreeMap::new();
    for (basis, decision) in needs {
        let on = basis.needed_on.map_or(today, |on| on.max(today));
        let quantity = days.entry(on).or_default();
        *quantity = quantity.checked_add(decision.quantity)?;
    }
    Ok(days)
}

/// Whether somebody's no to a proposal still holds on a day.
fn stays_dismissed(live: &Proposal, today: Day) -> bool {
    live.state == ProposalState::Dismissed && live.dismissed_until.is_none_or(|until| until > today)
}

/// The live proposal of each need: that of the same day. A transfer that was needed before today and
/// was not made is needed today; of several, one that nobody said no to.
fn paired<'p>(live: &'p [Proposal], found: &[Need]) -> Vec<Option<&'p Proposal>> {
    let of_day = |day: Option<Day>| live.iter().find(|live| live.figures.needed_on == day);
    let late = |today: Day| {
        let late = |live: &&Proposal| live.figures.needed_on.is_some_and(|on| on < today);
        live.iter().filter(late).min_by_key(|live| live.state == ProposalState::Dismissed)
    };
    let pair = |(basis, _): &Need| {
        let today = Some(basis.planned_on).filter(|today| basis.needed_on == Some(*today));
        of_day(basis.needed_on).or_else(|| today.and_then(late))
    };
    found.iter().map(pair).collect()
}

impl Figures {
    /// What a proposal shows of a decision.
    pub(crate) fn of(basis: &Basis, decision: &Decision) -> Figures {
        let mut figures = Figures {
            rule_version: basis.rule_version,
            algorithm: basis.algorithm,
            planned_on: basis.planned_on,
            arrives_on: decision.arrives_on,
            forecast: decision.forecast,
            need: decision.need,
            quantity: decision.quantity,
            partner_id: None,
            currency: String::new(),
            chosen: String::new(),
            unit: String::new(),
            order_quantity: Quantity::ZERO,
            lead_days: 0,
            unit_cost: Price::ZERO,
            source_id: None,
            needed_on: None,
            available: Quantity::ZERO,
        };
        if let Some(chosen) = &decision.supplier {
            let candidate = &basis.candidates[chosen.candidate];
            let offer = &candidate.offers[chosen.offer];
            figures.partner_id = Some(candidate.partner_id);
            figures.currency = candidate.currency.to_string();
            chosen.reason.word().clone_into(&mut figures.chosen);
            figures.unit.clone_from(&offer.unit);
            figures.order_quantity = chosen.order_quantity;
            figures.lead_days = chosen.lead_days;
            figures.unit_cost = offer.unit_cost;
        }
        if let Some((source, supplied)) = basis.source.as_ref().zip(decision.transfer) {
            figures.source_id = Some(source.warehouse_id);
            figures.needed_on = Some(supplied.needed_on);
            figures.available = supplied.available;
            supplied.reason.word().clone_into(&mut figures.chosen);
            figures.unit.clone_from(&source.unit);
            figures.order_quantity = decision.quantity;
            figures.lead_days = supplied.lead_days;
        }
        figures
    }
}
