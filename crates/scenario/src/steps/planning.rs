//! Replenishment: rules, runs, and what is wanted on another day.

use crate::case::{Args, Case, Step};
use crate::support::{Verb, any};
use crate::world::{Document, Made, Stop, World, path_of};
use base::Quantity;
use planning::{
    ApproveProposal, ApproveProposals, ProposalFilter, ProposalRow, ProposalState, RuleFilter,
    RuleRow, RunReplenishment, SetRule, SetRules, Trigger,
};

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "set_rule",
        args: &[
            "item",
            "location",
            "min",
            "max",
            "target_qty",
            "multiple",
            "visibility_days",
            "trigger",
            "snooze_until",
            "source",
        ],
        about: "how much of an item there shall be at a place, and which warehouse supplies it, named \
                by a place of it; the rule there before is replaced. Without trigger it is manual, where a rule of the set-up is ordered for by runs",
        fits: any,
        run: |world, step| {
            set_rule(world, &step.args, Some(Trigger::Manual)).map(|()| Made::default())
        },
    },
    Verb {
        name: "set_rule_supplier",
        args: &["rule", "supplier"],
        about: "the rule of this number prefers a supplier",
        fits: any,
        run: set_rule_supplier,
    },
    Verb {
        name: "refresh_suggestions",
        args: &["date"],
        about: "replenishment is run: what is short is proposed",
        fits: any,
        run: |world, step| {
            run(world, step, RunReplenishment::default())?;
            Ok(Made::default())
        },
    },
    Verb {
        name: "run_replenishment",
        args: &["rule", "date"],
        about: "replenishment is run, for one rule or all, and what is proposed for rules that are \
                not manual is ordered, or planned as transfers; $generated is the order",
        fits: any,
        run: run_replenishment,
    },
    Verb {
        name: "request_to_po",
        args: &["unit_price"],
        about: "everything that is proposed is ordered as far as a supplier offers it, or planned as \
                transfers; what the latest \
                sale lacks and a supplier sends straight to customers is ordered for it, at a price",
        fits: any,
        run: request_to_po,
    },
    Verb {
        name: "reschedule",
        args: &["target", "date"],
        about: "what is wanted is wanted on another day",
        fits: any,
        run: reschedule,
    },
    Verb {
        name: "set",
        args: &["key", "value"],
        about: "a setting of the company: merge_window_days or multiple_tolerance_percent",
        fits: known_setting,
        run: set,
    },
];

const SETTINGS: &[&str] = &["merge_window_days", "multiple_tolerance_percent"];

fn known_setting(_: &Case, step: &Step) -> Result<(), String> {
    match step.args.text_opt("key").ok().flatten() {
        Some(key) if SETTINGS.contains(&key) => Ok(()),
        key => Err(format!("argument key: {}", key.unwrap_or_default())),
    }
}

fn set(world: &mut World, step: &Step) -> Result<Made, Stop> {
    crate::setup::set_policy(world, step.args.text("key")?, step.args.text("value")?)?;
    Ok(Made::default())
}

/// Sets a rule as a row of the set-up, or a step, writes it; `trigger` stands for one left out.
pub(crate) fn set_rule(
    world: &mut World,
    args: &Args,
    trigger: Option<Trigger>,
) -> Result<(), Stop> {
    let place = path_of(args.text_opt("location")?.unwrap_or("STOCK"), &world.warehouses);
    let max = args.quantity_opt("max")?.or(args.quantity_opt("target_qty")?);
    let min = args.quantity_opt("min")?.unwrap_or(Quantity::ZERO);
    let named = args.text_opt("trigger")?.map(str::parse::<Trigger>).transpose();
    let trigger = named.map_err(|error| Stop::failed(error.to_string()))?.or(trigger);
    let rule = SetRule {
        sku: args.text("item")?.to_owned(),
        place,
        min,
        max: max.unwrap_or(min),
        reorder_point: None,
        multiple: args.quantity_opt("multiple")?.unwrap_or(Quantity::ZERO),
        minimum: Quantity::ZERO,
        lead_days: None,
        horizon_days: None,
        visibility_days: args.whole_opt("visibility_days")?.unwrap_or(0),
        trigger,
        supplier: None,
        source: source_of(world, args)?,
        snoozed_until: args.day_opt("snooze_until")?,
        retired: false,
    };
    write(world, rule.clone())?;
    let same = |other: &&mut SetRule| (&other.sku, &other.place) == (&rule.sku, &rule.place);
    match world.rules.iter_mut().find(same) {
        Some(other) => *other = rule,
        None => world.rules.push(rule),
    }
    Ok(())
}

/// The warehouse that supplies, which is named by a place of it.
fn source_of(world: &World, args: &Args) -> Result<Option<String>, Stop> {
    let path = args.text_opt("source")?.map(|place| path_of(place, &world.warehouses));
    Ok(path.and_then(|path| path.split('/').next().map(str::to_owned)))
}

fn write(world: &World, rule: SetRule) -> Result<(), Stop> {
    let ctx = world.ctx.clone();
    let request = SetRules { rules: vec![rule] };
    world.write(&ctx, move |tx, ctx| planning::set_rules(tx, ctx, request.clone()))?;
    Ok(())
}

/// Where a rule of this number, counted from 1, stands.
fn numbered(world: &World, number: i64) -> Result<usize, Stop> {
    let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
    at.filter(|at| *at < world.rules.len())
        .ok_or_else(|| Stop::failed(format!("there is no rule {number}")))
}

/// The rule of this number as it is kept.
pub(crate) fn rule_of(world: &World, number: i64) -> Result<RuleRow, Stop> {
    let rule = world.rules[numbered(world, number)?].clone();
    let filter = RuleFilter { sku: Some(rule.sku), ..RuleFilter::default() };
    let found = world.read(move |tx, ctx| planning::list_rules(tx, ctx, &filter))?;
    let found = found.lines.into_iter().find(|row| row.place == rule.place);
    found.ok_or_else(|| Stop::failed(format!("rule {number} is gone")))
}

fn set_rule_supplier(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let at = numbered(world, step.args.whole("rule")?)?;
    world.rules[at].supplier = Some(step.args.text("supplier")?.to_owned());
    write(world, world.rules[at].clone())?;
    Ok(Made::default())
}

/// Runs replenishment to its end; answers with the orders that automatic rules made.
pub(super) fn run(
    world: &World,
    step: &Step,
    mut request: RunReplenishment,
) -> Result<Vec<base::PurchaseOrderId>, Stop> {
    let ctx = world.actor(&step.args)?;
    let mut orders = Vec::new();
    loop {
        let asked = request.clone();
        let part = world
            .write(&ctx, move |tx, ctx| planning::run_replenishment(tx, ctx, asked.clone()))?;
        orders.extend(part.orders);
        request.cursor = part.next_cursor;
        if request.cursor.is_none() {
            return Ok(orders);
        }
    }
}

fn run_replenishment(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let mut rules = Vec::new();
    match step.args.whole_opt("rule")? {
        Some(number) => rules.push(rule_of(world, number)?.rule_id),
        None => {
            for (number, rule) in (1..).zip(&world.rules) {
                if rule.trigger != Some(Trigger::Manual) {
                    rules.push(rule_of(world, number)?.rule_id);
                }
            }
        }
    }
    let only = step.args.whole_opt("rule")?.and(rules.first().copied());
    let mut orders =
        run(world, step, RunReplenishment { rule_id: only, ..RunReplenishment::default() })?;
    let of_rules = |row: &ProposalRow| row.rule_id.is_some_and(|rule| rules.contains(&rule));
    orders.extend(approve(world, step, of_rules)?);
    generated(world, step, &orders)
}

/// Orders, or plans as transfers, the open proposals that are `wanted` and that somebody supplies.
fn approve(
    world: &World,
    step: &Step,
    wanted: impl Fn(&ProposalRow) -> bool,
) -> Result<Vec<base::PurchaseOrderId>, Stop> {
    let filter = ProposalFilter { state: Some(ProposalState::Open), ..ProposalFilter::default() };
    let open = world.read(move |tx, ctx| planning::list_proposals(tx, ctx, &filter))?.lines;
    let proposals: Vec<_> = open
        .iter()
        .filter(|row| !(row.supplier.is_empty() && row.source.is_empty()) && wanted(row))
        .map(|row| ApproveProposal {
            proposal_id: row.proposal_id,
            version: row.version,
            quantity: None,
            reason: String::new(),
        })
        .collect();
    if proposals.is_empty() {
        return Ok(Vec::new());
    }
    let ctx = world.actor(&step.args)?;
    let request = ApproveProposals { proposals };
    let done =
        world.write(&ctx, move |tx, ctx| planning::approve_proposals(tx, ctx, request.clone()))?;
    Ok(done.orders)
}

fn request_to_po(world: &mut World, step: &Step) -> Result<Made, Stop> {
    if let Some(order) = super::supply::order_direct(world, step)? {
        return generated(world, step, &[order]);
    }
    if step.args.has("unit_price") {
        return Err(Stop::failed("a price is given only to what goes straight to a customer"));
    }
    let orders = approve(world, step, |_| true)?;
    generated(world, step, &orders)
}

/// Names the last of the orders that a step made.
fn generated(
    world: &mut World,
    step: &Step,
    orders: &[base::PurchaseOrderId],
) -> Result<Made, Stop> {
    let Some(order) = orders.last() else { return Ok(Made::default()) };
    let document = Document::Order(*order);
    if !step.args.has("id") {
        world.documents.insert("$generated".to_owned(), document.clone());
    }
    Ok(Made::document(document))
}

fn reschedule(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let day = step.args.day("date")?;
    let demands = world.demands(world.target(&step.args)?)?;
    let asked: Vec<_> = demands.into_iter().map(|demand| (demand.demand_id, day)).collect();
    let ctx = world.ctx.clone();
    world.write(&ctx, move |tx, ctx| stock::reschedule(tx, ctx, &asked))?;
    Ok(Made::default())
}
