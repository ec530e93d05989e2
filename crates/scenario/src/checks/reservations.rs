//! What is kept for whom, and where it would be picked.

use super::{Compare, Seen};
use crate::case::Expect;
use crate::support::Check;
use crate::world::{Document, Stop, World, path_of};
use base::{Id, Quantity, format_scaled};
use std::collections::BTreeMap;
use stock::{LotFilter, Pick, Standing};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "reserved_for",
        args: &["target", "qty"],
        about: "what is kept for a demand or sale",
        run: reserved_for,
    },
    Check {
        name: "state",
        args: &["target", "state"],
        about: "of a demand: confirmed, partially_reserved or reserved; of an order: draft, \
                to_approve, confirmed, closed or cancelled; of an order for a sale also exception and \
                received; of a sale accepted, closed, cancelled or exception; of a planned receipt \
                planned or received; of an inspection failed or passed",
        run: state,
    },
    Check {
        name: "demand_state",
        args: &["target", "state"],
        about: "as state, of a demand",
        run: state,
    },
    Check {
        name: "picked_lots",
        args: &["target", "lots", "lots.lot", "lots.qty"],
        about: "from which lots goods are kept for a demand",
        run: picked_lots,
    },
    Check {
        name: "picked_from",
        args: &["target", "places", "places.location", "places.qty"],
        about: "from which places goods are kept for a demand",
        run: picked_from,
    },
    Check {
        name: "lot_dates",
        args: &["lot", "item", "expiry", "best_before", "removal", "alert"],
        about: "the days of a lot: the last it keeps, the last it is best, the last it is picked, \
                and when to look at it",
        run: lot_dates,
    },
];

fn demands(world: &World, expect: &Expect) -> Result<Vec<Standing>, Stop> {
    world.demands(world.document(expect.args.text("target")?)?)
}

fn reserved_for(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let demands = demands(world, expect)?;
    let mut compare = Compare::default();
    let got = Quantity::checked_sum(demands.iter().map(|demand| demand.reserved))?;
    compare.quantity(&expect.args, "qty", got)?;
    compare.done()
}

fn state(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let target = world.document(expect.args.text("target")?)?;
    let got = match target {
        Document::Order(order) => {
            let state = crate::steps::order(world, *order)?.state;
            let confirmed = if state.is_due() { "confirmed".to_owned() } else { state.to_string() };
            super::supply::purchase_state(world, *order)?.unwrap_or(confirmed)
        }
        Document::Planned(order) => {
            let due = crate::steps::order(world, *order)?.lines.into_iter();
            let due = Quantity::checked_sum(due.map(|line| line.due))?;
            if due.is_positive() { "planned".to_owned() } else { "received".to_owned() }
        }
        &Document::Inspection(id) => super::inspected(world, id)?,
        Document::Sale(order) => super::supply::sale_state(world, *order)?,
        Document::Demand(_) => {
            let demands = world.demands(target)?;
            let reserved = Quantity::checked_sum(demands.iter().map(|demand| demand.reserved))?;
            let mut missing = Vec::new();
            for demand in &demands {
                missing.push(demand.missing()?);
            }
            let missing = Quantity::checked_sum(missing)?;
            match (reserved.is_positive(), missing.is_positive()) {
                (false, _) => "confirmed".to_owned(),
                (true, true) => "partially_reserved".to_owned(),
                (true, false) => "reserved".to_owned(),
            }
        }
        _ => {
            let what = "only demands, sales, purchase orders, planned receipts and inspections have \
                        a state";
            return Err(Stop::failed(what));
        }
    };
    let mut compare = Compare::default();
    compare.text("state", expect.args.text("state")?, &got);
    compare.done()
}

fn picks(world: &World, expect: &Expect) -> Result<Vec<Pick>, Stop> {
    let ids: Vec<_> = demands(world, expect)?.iter().map(|demand| demand.demand_id).collect();
    world.read(move |tx, ctx| stock::pick(tx, ctx, &ids))
}

/// Quantities by name as words, to compare in any order.
fn told(sums: BTreeMap<String, Quantity>) -> Vec<String> {
    sums.iter().map(|(name, sum)| format!("{name} {}", format_scaled(sum.micro(), 6, 0))).collect()
}

fn picked_lots(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let mut wanted = BTreeMap::new();
    for line in expect.args.list("lots") {
        wanted.insert(line.text("lot")?.to_owned(), line.quantity("qty")?);
    }
    let mut got: BTreeMap<String, Quantity> = BTreeMap::new();
    for pick in picks(world, expect)? {
        let name = lot_name(world, &pick)?;
        let sum = got.entry(name).or_default();
        *sum = sum.checked_add(pick.quantity)?;
    }
    let mut compare = Compare::default();
    compare.multiset("lots", told(wanted), told(got));
    compare.done()
}

/// The code of the lot that a pick takes: the lot of the item that `lots` knows under this id.
fn lot_name(world: &World, pick: &Pick) -> Result<String, Stop> {
    let Some(lot_id) = pick.lot_id else { return Ok("no lot".to_owned()) };
    let known = world.items.values().find(|known| known.item.id == pick.item_id);
    let known = known.ok_or_else(|| Stop::failed("a pick has an unknown item"))?;
    let rows = world.rows_of(&known.item.sku)?;
    for code in rows.into_iter().filter_map(|row| row.lot) {
        if crate::steps::lot(world, &known.item, &code, world.ctx.today, None)? == lot_id {
            return Ok(code);
        }
    }
    Ok(lot_id.raw().to_string())
}

fn picked_from(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let mut wanted = BTreeMap::new();
    let mut paths = BTreeMap::new();
    for line in expect.args.list("places") {
        let name = line.text("location")?;
        let place = crate::steps::place(world, Some(name))?;
        paths.insert(place, path_of(name, &world.warehouses));
        wanted.insert(path_of(name, &world.warehouses), line.quantity("qty")?);
    }
    let mut got: BTreeMap<String, Quantity> = BTreeMap::new();
    for pick in picks(world, expect)? {
        let other = || format!("place {}", pick.place_id);
        let name = paths.get(&pick.place_id).cloned().unwrap_or_else(other);
        let sum = got.entry(name).or_default();
        *sum = sum.checked_add(pick.quantity)?;
    }
    let mut compare = Compare::default();
    compare.multiset("places", told(wanted), told(got));
    compare.done()
}

fn lot_dates(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let sku = args.text_opt("item")?.map(str::to_owned);
    let lot = Some(args.text("lot")?.to_owned());
    let filter = LotFilter { sku, lot, ..LotFilter::default() };
    let found = world.read(move |tx, ctx| stock::list_lots(tx, ctx, filter.clone()))?.lines;
    let [lot] = found.as_slice() else {
        return Err(Stop::failed(format!("{} lots have this code; name the item", found.len())));
    };
    let mut compare = Compare::default();
    for (name, is) in [
        ("expiry", lot.expires_on),
        ("best_before", lot.best_before),
        ("removal", lot.remove_by),
        ("alert", lot.alert_on),
    ] {
        if let Some(expected) = args.day_opt(name)? {
            let is = is.map_or_else(|| "none".to_owned(), |day| day.to_string());
            compare.text(name, &expected.to_string(), &is);
        }
    }
    compare.done()
}
