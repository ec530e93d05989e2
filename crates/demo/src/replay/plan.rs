//! What to buy: anna sets rules from the demand of the last weeks and the lead times that were
//! measured, the product's weekly run proposes, and what she agrees to becomes orders.

use std::collections::{BTreeMap, BTreeSet};

use base::{Day, PurchaseOrderId, Quantity};
use identity::Ctx;
use planning::{
    ApproveProposal, ApproveProposals, DismissProposals, LeadTimeFilter, MAX_PROPOSALS, MAX_RULES,
    ProposalFilter, ProposalRow, ProposalState, ReadinessFilter, ReplenishmentRun,
    RunReplenishment, SetRule, SetRules,
};
use store::Tx;

use crate::levels::{LevelInputs, Levels, WINDOW_DAYS, levels, planned_lead_days};
use crate::seed::Draw;
use crate::suppliers::{Offer, SupplierIndex};
use crate::supply::OrderedLine;

use super::counts::pieces;
use super::order::send_out;
use super::sites::{FIRST, NORTH, SECOND, SiteIndex};
use super::{DemoError, Replay, clock, refused};

/// Of the suppliers nearer by, one in so many delivers to the second warehouse, too.
const DELIVERS_NORTH: usize = 3;
/// One proposal in so many is ordered with a case more or less.
const EDITS: u64 = 50;
/// One run in so many is done a second time, and must find nothing new.
const TWICE: u64 = 4;
/// How long a proposal is not seen again to which anna said no.
const DISMISSED_DAYS: i64 = 28;

/// What anna set for an item at a warehouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Set {
    levels: Levels,
    lead_days: i64,
}

/// What the replay keeps of planning.
#[derive(Debug, Default)]
pub(super) struct Planning {
    /// By warehouse and position of the offer.
    rules: BTreeMap<(SiteIndex, usize), Set>,
    /// The mean days from order to arrival that the product measured, rounded up.
    measured: BTreeMap<String, i64>,
    /// The month and the number of warehouses of the last renewal of all rules.
    renewed: Option<(Day, usize)>,
}

/// An order that came of proposals.
#[derive(Debug, Clone)]
struct Ordered {
    id: PurchaseOrderId,
    supplier: String,
    north: bool,
    /// SKU and pieces, by line.
    lines: Vec<(String, i64)>,
}

impl Replay<'_> {
    /// Whether a warehouse buys a supplier's goods itself. The second one does of a few nearby; all
    /// else it gets from the first.
    pub(super) fn buys_for_itself(&self, site: SiteIndex, supplier: SupplierIndex) -> bool {
        let near = !self.world.supplier(supplier).overseas;
        site == FIRST || (near && supplier.0.is_multiple_of(DELIVERS_NORTH))
    }

    /// The weekly run: rules are set, the product proposes, and anna orders.
    pub(super) fn replenish(&mut self, day: Day) -> Result<(), DemoError> {
        self.renew_rules(day)?;
        let run = self.run_replenishment(day, clock(22, 30))?;
        self.tally.planning_runs += 1;
        self.tally.proposed += run.proposed;
        self.tally.withdrawn += run.withdrawn;
        let mut draw = Draw::of(self.world.seed, &["run twice", &day.to_string()]);
        if draw.below(TWICE) == 0 {
            let again = self.run_replenishment(day, clock(22, 35))?;
            let news = again.proposed + again.amended + again.withdrawn;
            if news > 0 {
                return Err(DemoError::RunTwice { news });
            }
            self.tally.run_twice += 1;
        }
        let proposals = self.open_proposals(day)?;
        let (wanted, not): (Vec<ProposalRow>, Vec<ProposalRow>) =
            proposals.into_iter().partition(|row| !self.comes_from_the_first(row));
        self.dismiss(day, &not)?;
        self.order_proposed(day, &wanted)
    }

    /// What the second warehouse lacks of goods that it does not buy itself comes with a transfer.
    fn comes_from_the_first(&self, row: &ProposalRow) -> bool {
        let north = self.sites.get(SECOND).is_some_and(|site| row.place == site.house.shelf);
        north && row.rule_id.is_none()
    }

    /// Sets the rules of items that have none yet and are wanted; each month, and weekly as long as
    /// the days looked back at are few, those of all.
    fn renew_rules(&mut self, day: Day) -> Result<(), DemoError> {
        let of = (day.first_of_month(), self.sites.len());
        let begins = self.world.opening.days_until(day) <= WINDOW_DAYS + 7;
        let all = begins || self.planning.renewed != Some(of);
        if all {
            self.planning.renewed = Some(of);
            self.measure(day)?;
        }
        let mut rules = Vec::new();
        for site in 0..self.sites.len() {
            for (at, offer) in self.world.offers.iter().enumerate() {
                let known = self.planning.rules.get(&(site, at)).copied();
                if !self.buys_for_itself(site, offer.supplier) || (known.is_some() && !all) {
                    continue;
                }
                let set = self.rule(day, site, offer)?;
                let nothing = known.is_none() && set.levels.max == 0;
                if known != Some(set) && !nothing {
                    self.planning.rules.insert((site, at), set);
                    rules.push(self.set_rule(site, offer, set)?);
                }
            }
        }
        self.tally.rules_set += rules.len() as u64;
        for chunk in rules.chunks(MAX_RULES) {
            let anna = self.at(&self.frame.anna, day, clock(22, 20))?;
            let rules = chunk.to_vec();
            self.write(move |tx| {
                planning::set_rules(tx, &anna, SetRules { rules: rules.clone() })
                    .map_err(refused("set rules"))
            })?;
        }
        Ok(())
    }

    /// Asks how long suppliers took.
    fn measure(&mut self, day: Day) -> Result<(), DemoError> {
        let anna = self.at(&self.frame.anna, day, clock(22, 10))?;
        let measured = self.look(move |tx| {
            planning::lead_times(tx, &anna, &LeadTimeFilter::default())
                .map_err(refused("lead times"))
        })?;
        let all = measured.into_iter().filter(|lead| lead.sku.is_empty());
        self.planning.measured = all
            .map(|lead| (lead.supplier, -(-lead.average_days.micro()).div_euclid(Quantity::MICRO)))
            .collect();
        Ok(())
    }

    /// What shall be kept of an item at a warehouse, by the demand of the last weeks and the lead time
    /// that was measured.
    fn rule(&self, day: Day, site: SiteIndex, offer: &Offer) -> Result<Set, DemoError> {
        let (all, days) = self.demand.before(offer.item, day)?;
        let (web, _) = self.web_demand.before(offer.item, day)?;
        let two = self.sites.len() > 1 && self.buys_for_itself(SECOND, offer.supplier);
        let demand = match (site, two) {
            (FIRST, false) => all,
            (FIRST, true) => (all - web).max(0),
            _ => web,
        };
        let measured = self.planning.measured.get(&self.world.supplier(offer.supplier).code);
        let lead_days = planned_lead_days(measured.copied(), offer.lead_days);
        let (minimum, multiple) = (offer.minimum, offer.multiple);
        let levels = levels(LevelInputs { demand, days, lead_days, minimum, multiple })?;
        Ok(Set { levels, lead_days })
    }

    fn set_rule(&self, site: SiteIndex, offer: &Offer, set: Set) -> Result<SetRule, DemoError> {
        Ok(SetRule {
            sku: self.world.item(offer.item).code.clone(),
            place: self.sites[site].house.shelf.to_owned(),
            min: Quantity::from_units(set.levels.min)?,
            max: Quantity::from_units(set.levels.max)?,
            reorder_point: None,
            multiple: Quantity::ZERO,
            minimum: Quantity::ZERO,
            lead_days: Some(set.lead_days),
            horizon_days: None,
            visibility_days: 0,
            trigger: None,
            supplier: None,
            source: None,
            snoozed_until: None,
            retired: false,
        })
    }

    /// One run over everything, a part in a transaction.
    fn run_replenishment(&self, day: Day, minute: u16) -> Result<ReplenishmentRun, DemoError> {
        let mut told = ReplenishmentRun::default();
        let mut cursor = None;
        loop {
            let anna = self.at(&self.frame.anna, day, minute)?;
            let request = RunReplenishment { cursor, ..RunReplenishment::default() };
            let part = self.write(move |tx| {
                planning::run_replenishment(tx, &anna, request.clone())
                    .map_err(refused("run replenishment"))
            })?;
            cursor = part.next_cursor.clone();
            told.proposed += part.proposed;
            told.amended += part.amended;
            told.withdrawn += part.withdrawn;
            told.unchanged += part.unchanged;
            if cursor.is_none() {
                return Ok(told);
            }
        }
    }

    fn open_proposals(&self, day: Day) -> Result<Vec<ProposalRow>, DemoError> {
        let anna = self.at(&self.frame.anna, day, clock(22, 40))?;
        let filter = ProposalFilter { state: Some(ProposalState::Open), ..Default::default() };
        self.look(move |tx| list(tx, &anna, filter.clone()))
    }

    fn dismiss(&mut self, day: Day, proposals: &[ProposalRow]) -> Result<(), DemoError> {
        self.tally.dismissed += proposals.len() as u64;
        for chunk in proposals.chunks(MAX_PROPOSALS) {
            let anna = self.at(&self.frame.anna, day, clock(22, 45))?;
            let request = DismissProposals {
                proposals: chunk.iter().map(|row| row.proposal_id).collect(),
                until: day.plus(DISMISSED_DAYS)?,
                reason: "comes with the next transfer".to_owned(),
            };
            self.write(move |tx| {
                planning::dismiss_proposals(tx, &anna, request.clone())
                    .map_err(refused("dismiss proposals"))
            })?;
        }
        Ok(())
    }

    /// Orders what was proposed, a few of them with another quantity, from each supplier at once.
    fn order_proposed(&mut self, day: Day, proposals: &[ProposalRow]) -> Result<(), DemoError> {
        if proposals.is_empty() {
            return Ok(());
        }
        let mut asked = Vec::with_capacity(proposals.len());
        for row in proposals {
            let approval = self.approval(day, row)?;
            self.tally.edited += u64::from(approval.quantity.is_some());
            asked.push(approval);
        }
        self.tally.approved += asked.len() as u64;
        let mut promised = BTreeMap::new();
        for (at, supplier) in self.world.suppliers.iter().enumerate() {
            let on = self.world.promised_on(SupplierIndex(at), day)?;
            promised.insert(supplier.code.clone(), on);
        }
        let anna = self.at(&self.frame.anna, day, clock(22, 50))?;
        let lee = self.at(&self.frame.lee, day, clock(22, 55))?;
        let (ordered, agreed) =
            self.write(move |tx| order(tx, (&anna, &lee), &asked, &promised))?;
        self.tally.purchase_orders += ordered.len() as u64;
        self.tally.replenishment_orders += ordered.len() as u64;
        self.tally.approved_by_lee += agreed;
        let by_code: BTreeMap<&str, usize> = self
            .world
            .offers
            .iter()
            .enumerate()
            .map(|(at, offer)| (self.world.item(offer.item).code.as_str(), at))
            .collect();
        let mut known = Vec::with_capacity(ordered.len());
        for order in ordered {
            let offers = order.lines.iter().filter_map(|(sku, pieces)| {
                Some((&self.world.offers[*by_code.get(sku.as_str())?], *pieces))
            });
            let lines: Vec<OrderedLine> = offers
                .map(|(offer, quantity)| OrderedLine {
                    item: offer.item,
                    quantity,
                    price: offer.price,
                })
                .collect();
            let supplier = self.world.suppliers.iter().position(|it| it.code == order.supplier);
            known.push((order, SupplierIndex(supplier.unwrap_or(0)), lines));
        }
        for (order, supplier, lines) in known {
            self.tally.purchase_lines += lines.len() as u64;
            let site = if order.north { SECOND } else { FIRST };
            self.tally.north_orders += u64::from(order.north);
            self.know_replenishment(day, site, (supplier, lines, order.id))?;
        }
        Ok(())
    }

    /// Anna's yes to a proposal; now and then with a case more, or less where enough is left.
    fn approval(&self, day: Day, row: &ProposalRow) -> Result<ApproveProposal, DemoError> {
        let yes = ApproveProposal {
            proposal_id: row.proposal_id,
            version: row.version,
            quantity: None,
            reason: String::new(),
        };
        let mut draw = Draw::of(self.world.seed, &["edit", &day.to_string(), &row.place, &row.sku]);
        if draw.below(EDITS) > 0 {
            return Ok(yes);
        }
        let mut offers = self.world.offers.iter().enumerate();
        let of_item = |(_, offer): &(usize, &Offer)| self.world.item(offer.item).code == row.sku;
        let Some((at, offer)) = offers.find(of_item) else { return Ok(yes) };
        let site = usize::from(row.place.starts_with(NORTH));
        let min = self.planning.rules.get(&(site, at)).map_or(0, |set| set.levels.min);
        let (asked, forecast) = (pieces(row.order_quantity), pieces(row.forecast));
        let less = asked - offer.multiple;
        let enough = less >= offer.minimum && forecast + less >= min;
        let (quantity, reason) = match draw.below(2) == 0 && enough {
            true => (less, "a case less: the last ones sell slowly"),
            false => (asked + offer.multiple, "a case more: it goes into the window"),
        };
        Ok(ApproveProposal {
            quantity: Some(Quantity::from_units(quantity)?),
            reason: reason.to_owned(),
            ..yes
        })
    }

    /// How many of the items with a rule lack nothing that automation would ask for, and of how many.
    pub(super) fn readiness(&self, last: Day) -> Result<(u64, u64), DemoError> {
        let anna = self.at(&self.frame.anna, last, clock(23, 57))?;
        let rules = self.planning.rules.keys();
        let ruled: BTreeSet<String> = rules
            .map(|(_, at)| self.world.item(self.world.offers[*at].item).code.clone())
            .collect();
        let ready = self.look(move |tx| {
            let (mut ready, mut cursor) = (BTreeSet::new(), None);
            loop {
                let filter = ReadinessFilter { cursor, ..ReadinessFilter::default() };
                let page = planning::readiness(tx, &anna, &filter).map_err(refused("readiness"))?;
                ready.extend(page.lines.into_iter().filter(|it| it.ready).map(|it| it.sku));
                cursor = page.next_cursor;
                if cursor.is_none() {
                    return Ok(ready);
                }
            }
        })?;
        Ok((ruled.intersection(&ready).count() as u64, ruled.len() as u64))
    }
}

/// All proposals of a filter.
fn list(
    tx: &mut Tx<'_>,
    anna: &Ctx,
    mut filter: ProposalFilter,
) -> Result<Vec<ProposalRow>, DemoError> {
    let mut rows = Vec::new();
    loop {
        let page =
            planning::list_proposals(tx, anna, &filter).map_err(refused("list proposals"))?;
        rows.extend(page.lines);
        filter.cursor = page.next_cursor;
        if filter.cursor.is_none() {
            return Ok(rows);
        }
    }
}

/// Approves proposals, and sends the orders that they became. Answers with the orders, and how many of
/// them lee had to agree to.
fn order(
    tx: &mut Tx<'_>,
    (anna, lee): (&Ctx, &Ctx),
    asked: &[ApproveProposal],
    promised: &BTreeMap<String, Day>,
) -> Result<(Vec<Ordered>, u64), DemoError> {
    let mut ids: BTreeSet<PurchaseOrderId> = BTreeSet::new();
    for chunk in asked.chunks(MAX_PROPOSALS) {
        let request = ApproveProposals { proposals: chunk.to_vec() };
        let approved =
            planning::approve_proposals(tx, anna, request).map_err(refused("approve proposals"))?;
        ids.extend(approved.orders);
    }
    let (mut ordered, mut agreed) = (Vec::with_capacity(ids.len()), 0);
    for id in ids {
        let filter = ProposalFilter { order_id: Some(id), ..ProposalFilter::default() };
        let mut rows = list(tx, anna, filter)?;
        rows.sort_by_key(|row| row.order_line);
        let Some(first) = rows.first() else { continue };
        let (supplier, north) = (first.supplier.clone(), first.place.starts_with(NORTH));
        let promised = promised.get(&supplier).copied().unwrap_or(anna.today);
        agreed += u64::from(send_out(tx, (anna, lee), id, rows.len(), promised)?);
        let lines = rows.into_iter().map(|row| (row.sku, pieces(row.approved_quantity))).collect();
        ordered.push(Ordered { id, supplier, north, lines });
    }
    Ok((ordered, agreed))
}
