//! What is found to be wrong later: quantities, costs, methods.

use super::goods::{post, posting};
use super::returns::single;
use crate::case::Step;
use crate::support::{Verb, any};
use crate::world::{Document, Made, SOURCE, Stop, World};
use accounting::{Area, Entry, Line, Role};
use base::Rounding;
use stock::{Cost, Counter, Kind, Move};
use valuation::{ChangeCost, ChangeMethod, CostChange, Method, MethodBasis};

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "correct_done_qty",
        args: &["target", "new_qty"],
        about: "a receipt brought more, at its own cost, or less: a queue gives its own layer back, \
                moving average its current cost",
        fits: any,
        run: correct_done_qty,
    },
    Verb {
        name: "correct_unit_cost",
        args: &["target", "new_unit_cost"],
        about: "the goods of a receipt cost more or less than was booked",
        fits: any,
        run: correct_unit_cost,
    },
    Verb {
        name: "change_cost",
        args: &["item", "new_cost", "date"],
        about: "a new unit cost, which revalues what is there",
        fits: any,
        run: change_cost,
    },
    Verb {
        name: "change_cost_method",
        args: &["item", "to"],
        about: "another costing method, by policy from the value as it is or from history",
        fits: any,
        run: change_cost_method,
    },
];

fn correct_done_qty(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let Document::Goods(goods) = world.target(&step.args)?.clone() else {
        return Err(Stop::failed("the target must be a receipt"));
    };
    let moved = single(&goods)?;
    let open = goods.open.ok_or_else(|| Stop::failed("the target must be a receipt"))?;
    let more = step.args.quantity("new_qty")?.checked_sub(moved.quantity)?;
    if more.is_zero() {
        return Ok(Made::default());
    }
    let supplier = world.warehouse(None)?.supplier;
    let queue = method_of(world, moved.item_id)?.is_queue();
    let own = Cost::FromMove(moved.move_id);
    let (from, to, cost) = match more.is_negative() {
        true => (moved.place, supplier, if queue { own } else { Cost::Method }),
        false => (supplier, moved.place, own),
    };
    let correction = Move {
        cost,
        kind: Kind::QuantityCorrection,
        counter: Some(Counter::open(Role::Grni, open)),
        ..Move::plain(moved.item_id, from, to, more.abs())
    };
    let posting = posting(world, day, "correction", vec![correction]);
    post(world, &ctx, posting, &[moved.place], Some(open))?;
    Ok(Made::default())
}

fn method_of(world: &World, item: base::ItemId) -> Result<Method, Stop> {
    let known = world.items.values().find(|known| known.item.id == item);
    let category = known.map_or("", |known| known.item.category.as_str());
    Ok(Method::parse(category).unwrap_or(Method::Average))
}

fn correct_unit_cost(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let Document::Goods(goods) = world.target(&step.args)?.clone() else {
        return Err(Stop::failed("the target must be a receipt"));
    };
    let moved = single(&goods)?.clone();
    let open = goods.open.ok_or_else(|| Stop::failed("the target must be a receipt"))?;
    let cost = step.args.price("new_unit_cost")?;
    let change = cost.extend(moved.quantity, ctx.currency, Rounding::HalfUp)? - moved.value;
    let id = world.draw();
    let request = CostChange {
        move_id: moved.move_id,
        change,
        kind: Kind::CostCorrection,
        source_kind: SOURCE,
        source_id: id,
    };
    world.write(&ctx, move |tx, ctx| {
        let done = valuation::correct_costs(tx, ctx, Area::Stock, day, vec![request])
            .map_err(stock::PostError::from)?;
        let mut lines: Vec<Line> =
            done.corrections.iter().flat_map(|one| one.lines.iter().cloned()).collect();
        lines.push(Line::new(Role::Grni, -change).open(open));
        let entry = Entry {
            kind: SOURCE,
            source_kind: SOURCE,
            source_id: id,
            happened_on: day,
            memo: "cost correction".to_owned(),
            lines,
        };
        accounting::post(tx, ctx, &done.books, vec![entry])?;
        Ok::<(), stock::PostError>(())
    })?;
    Ok(Made::default())
}

fn change_cost(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let item_id = world.item(step.args.text("item")?)?.item.id;
    let request = ChangeCost {
        item_id,
        cost: step.args.price("new_cost")?,
        happened_on: day,
        reason: "scenario".to_owned(),
    };
    let changed =
        world.write(&ctx, move |tx, ctx| valuation::change_cost(tx, ctx, request.clone()))?;
    let costs = changed.standings.first().map(|standing| (standing.old, standing.new));
    Ok(Made { costs, ..Made::default() })
}

fn change_cost_method(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let item_id = world.item(step.args.text("item")?)?.item.id;
    let word = step.args.text("to")?;
    let method = Method::parse(word).ok_or_else(|| Stop::failed(format!("no method {word}")))?;
    let history =
        world.policy.get("method_change_price").is_some_and(|v| v == "average_of_history");
    let request = ChangeMethod {
        item_id,
        method,
        basis: if history { MethodBasis::History } else { MethodBasis::Keep },
        standard: None,
        happened_on: day,
        reason: "scenario".to_owned(),
        dry_run: false,
    };
    world.write(&ctx, move |tx, ctx| valuation::change_method(tx, ctx, request.clone()))?;
    Ok(Made::default())
}
