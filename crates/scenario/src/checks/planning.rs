//! What replenishment proposed, what it became, and how long suppliers take.

use super::{Compare, Seen};
use crate::case::Expect;
use crate::support::Check;
use crate::world::{Document, Stop, World, path_of};
use base::Quantity;
use planning::{LeadTimeFilter, ProposalFilter, ProposalRow, ProposalState};
use purchasing::{OrderFilter, OrderState};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "suggestion",
        args: &["item", "qty", "forecast", "supplier", "uom"],
        about: "what is proposed of an item, in the stock unit; 0 when nothing is, and then the \
                forecast is not compared",
        run: suggestion,
    },
    Check { name: "request", args: &["item", "qty"], about: "as suggestion", run: suggestion },
    Check {
        name: "transfer_request",
        args: &["item", "date", "qty", "from", "to"],
        about: "what is proposed, or was planned, to come from one place to another for the day on \
                which it is needed there; 0 when nothing is",
        run: transfer_request,
    },
    Check {
        name: "request_count",
        args: &["count", "state"],
        about: "how many proposals are open, which is what state draft means",
        run: request_count,
    },
    Check {
        name: "po_origin",
        args: &["is_rule"],
        about: "whether the latest order came of a rule",
        run: po_origin,
    },
    Check {
        name: "po_lines",
        args: &["lines", "lines.item", "lines.qty", "lines.rule"],
        about: "all lines of the latest order, with the number of the rule that each came of",
        run: po_lines,
    },
    Check {
        name: "po",
        args: &["ref", "order_date", "planned_date", "lines", "lines.item", "lines.planned"],
        about: "the days of an order and of its lines, of the latest when none is named",
        run: po,
    },
    Check {
        name: "po_count",
        args: &["supplier", "count"],
        about: "how many orders a supplier has, cancelled ones left out",
        run: |world, expect| po_count(world, expect, |state| state != OrderState::Cancelled),
    },
    Check {
        name: "po_count_open",
        args: &["supplier", "count"],
        about: "how many of them are not at their end",
        run: |world, expect| {
            let ended = [OrderState::Cancelled, OrderState::Closed];
            po_count(world, expect, move |state| !ended.contains(&state))
        },
    },
    Check {
        name: "metric",
        args: &["name", "supplier", "value"],
        about: "average_lead_days: the days from order to arrival, a late line measured to today",
        run: metric,
    },
];

fn proposals(world: &World, filter: ProposalFilter) -> Result<Vec<ProposalRow>, Stop> {
    Ok(world.read(move |tx, ctx| planning::list_proposals(tx, ctx, &filter))?.lines)
}

fn suggestion(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let found = proposals(
        world,
        ProposalFilter {
            state: Some(ProposalState::Open),
            sku: Some(args.text("item")?.to_owned()),
            ..ProposalFilter::default()
        },
    )?;
    let mut compare = Compare::default();
    let total = Quantity::checked_sum(found.iter().map(|row| row.quantity))?;
    compare.quantity(args, "qty", total)?;
    if let Some(row) = found.first() {
        compare.quantity(args, "forecast", row.forecast)?;
        for (name, got) in [("supplier", &row.supplier), ("uom", &row.stock_unit)] {
            if let Some(wanted) = args.text_opt(name)? {
                compare.text(name, wanted, got);
            }
        }
    }
    compare.done()
}

fn transfer_request(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let (needed_on, to) = (args.day("date")?, path_of(args.text("to")?, &world.warehouses));
    let from = path_of(args.text("from")?, &world.warehouses);
    let source = from.split('/').next().map(str::to_owned);
    let sku = Some(args.text("item")?.to_owned());
    let found = proposals(world, ProposalFilter { sku, source, ..ProposalFilter::default() })?;
    let made = [ProposalState::Open, ProposalState::Approved];
    let of_day = found.iter().filter(|row| {
        made.contains(&row.state) && row.needed_on == Some(needed_on) && row.place == to
    });
    let mut compare = Compare::default();
    compare.quantity(args, "qty", Quantity::checked_sum(of_day.map(|row| row.quantity))?)?;
    compare.done()
}

fn request_count(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let state = expect.args.text_opt("state")?.unwrap_or("draft");
    if state != "draft" {
        return Err(Stop::failed(format!("unknown state {state}")));
    }
    let open = ProposalFilter { state: Some(ProposalState::Open), ..ProposalFilter::default() };
    let mut compare = Compare::default();
    compare.scaled(&expect.args, "count", proposals(world, open)?.len() as i64, 0)?;
    compare.done()
}

/// The order named by `ref`, or the latest, with the proposals that became its lines.
fn order(
    world: &World,
    expect: &Expect,
) -> Result<(purchasing::OrderDetail, Vec<ProposalRow>), Stop> {
    let id = match expect.args.text_opt("ref")? {
        Some(name) => match world.document(name)? {
            Document::Order(id) => Some(*id),
            _ => None,
        },
        None => {
            let made = world.records.values().filter_map(|record| record.outcome.as_ref().ok());
            let mut orders = made.filter_map(|made| match made.document {
                Some(Document::Order(id)) => Some(id),
                _ => None,
            });
            orders.next_back()
        }
    };
    let id = id.ok_or_else(|| Stop::failed("there is no such purchase order"))?;
    let filter = ProposalFilter { order_id: Some(id), ..ProposalFilter::default() };
    Ok((crate::steps::order(world, id)?, proposals(world, filter)?))
}

fn po_origin(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let (_, origin) = order(world, expect)?;
    let by_rule = !origin.is_empty() && origin.iter().all(|row| row.rule_id.is_some());
    let mut compare = Compare::default();
    compare.text("is_rule", &expect.args.flag("is_rule")?.to_string(), &by_rule.to_string());
    compare.done()
}

fn po_lines(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let (order, origin) = order(world, expect)?;
    let mut numbers = Vec::new();
    for number in 1..=world.rules.len() as i64 {
        numbers.push((crate::steps::rule_of(world, number)?.rule_id, number));
    }
    let number_of = |line: i64| {
        let row = origin.iter().find(|row| row.order_line == line)?;
        let rule = row.rule_id?;
        numbers.iter().find(|(id, _)| *id == rule).map(|(_, number)| *number)
    };
    let told = |sku: &str, quantity: Quantity, rule: Option<i64>| {
        format!("{sku} {quantity} rule {}", rule.map_or("none".to_owned(), |n| n.to_string()))
    };
    let (mut wanted, mut with_rule) = (Vec::new(), true);
    for line in expect.args.list("lines") {
        with_rule &= line.has("rule");
        wanted.push(told(line.text("item")?, line.quantity("qty")?, line.whole_opt("rule")?));
    }
    let got = order
        .lines
        .iter()
        .map(|line| told(&line.sku, line.quantity, number_of(line.line).filter(|_| with_rule)));
    let mut compare = Compare::default();
    compare.multiset("lines", wanted, got.collect());
    compare.done()
}

fn po(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let (order, _) = order(world, expect)?;
    let mut compare = Compare::default();
    if let Some(day) = args.day_opt("order_date")? {
        compare.text("order_date", &day.to_string(), &order.ordered_on.to_string());
    }
    if let Some(day) = args.day_opt("planned_date")? {
        let first = order.lines.iter().map(|line| line.due_on).min();
        let first = first.map(|day| day.to_string()).unwrap_or_default();
        compare.text("planned_date", &day.to_string(), &first);
    }
    if args.has("lines") {
        let (mut wanted, mut dated) = (Vec::new(), true);
        for line in args.list("lines") {
            let day = line.day_opt("planned")?;
            dated &= day.is_some();
            let day = day.map(|day| day.to_string()).unwrap_or_default();
            wanted.push(format!("{} {day}", line.text("item")?));
        }
        let got = order.lines.iter().map(|line| {
            let day = if dated { line.due_on.to_string() } else { String::new() };
            format!("{} {day}", line.sku)
        });
        compare.multiset("lines", wanted, got.collect());
    }
    compare.done()
}

fn po_count(
    world: &World,
    expect: &Expect,
    counts: impl Fn(OrderState) -> bool,
) -> Result<Seen, Stop> {
    let supplier = expect.args.text_opt("supplier")?.map(str::to_owned);
    let filter = OrderFilter { supplier, ..OrderFilter::default() };
    let orders = world.read(move |tx, ctx| purchasing::list_orders(tx, ctx, filter.clone()))?;
    let count = orders.lines.iter().filter(|order| counts(order.state)).count() as i64;
    let mut compare = Compare::default();
    compare.scaled(&expect.args, "count", count, 0)?;
    compare.done()
}

fn metric(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    if args.text("name")? != "average_lead_days" {
        return Err(Stop::failed(format!("unknown metric {}", args.text("name")?)));
    }
    let supplier = args.text("supplier")?.to_owned();
    let filter = LeadTimeFilter { supplier: Some(supplier), ..LeadTimeFilter::default() };
    let found = world.read(move |tx, ctx| planning::lead_times(tx, ctx, &filter))?;
    let average = found.first().map_or(Quantity::ZERO, |all| all.average_days);
    let mut compare = Compare::default();
    compare.quantity(args, "value", average)?;
    compare.done()
}
