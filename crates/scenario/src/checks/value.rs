//! What goods are worth, and what they cost when they moved.

use super::{Compare, Seen, decimals, shown};
use crate::case::Expect;
use crate::support::Check;
use crate::world::{Document, Stop, World};
use accounting::Role;
use base::{ItemId, Price, Quantity, Rounding, format_scaled};
use stock::Movement;
use valuation::{Class, Kind, LayerLine, LayersOf, StandingFilter, StandingRow};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "value",
        args: &["item", "amount"],
        about: "what an item's stock is worth",
        run: value,
    },
    Check {
        name: "unit_cost",
        args: &["item", "warehouse", "amount", "decimals"],
        about: "what one unit costs now, of a warehouse with a pool of its own, at the item's \
                cost_decimals",
        run: unit_cost,
    },
    Check {
        name: "layer",
        args: &["value", "unit_cost"],
        about: "by how much a step's entries change the stock accounts, and that for one unit",
        run: layer,
    },
    Check {
        name: "layer_values",
        args: &["values"],
        about: "the value of everything a step brought in, and below zero of what it took out",
        run: layer_values,
    },
    Check {
        name: "layers",
        args: &["item", "layers"],
        about: "open layers as [quantity, rate], oldest first; below zero what is missing",
        run: layers,
    },
    Check {
        name: "issue_cost",
        args: &["unit_cost"],
        about: "the unit cost at which a step's goods left; of goods that went straight to a \
                customer with what bills added",
        run: issue_cost,
    },
    Check {
        name: "receipt_unit_cost",
        args: &["item", "amount"],
        about: "what one unit of a step's receipt has cost by now, corrections and landed cost in it",
        run: receipt_unit_cost,
    },
    Check {
        name: "correction",
        args: &["value"],
        about: "what later receipts changed the value of a step's issue by",
        run: correction,
    },
    Check {
        name: "rounding_adjustment",
        args: &["value"],
        about: "quantity times the shown unit cost, less what the step's issue took",
        run: rounding_adjustment,
    },
    Check {
        name: "equal_abs_value",
        args: &["steps"],
        about: "steps that moved the same value, whichever way",
        run: equal_abs_value,
    },
    Check {
        name: "audit",
        args: &["old", "new"],
        about: "the unit cost before and after a step that changed it",
        run: audit,
    },
];

impl World {
    /// What an item is worth, by pool and class.
    pub fn standings(&self, item: ItemId) -> Result<Vec<StandingRow>, Stop> {
        let known = self.items.values().find(|known| known.item.id == item);
        let filter = StandingFilter {
            sku: known.map(|known| known.item.sku.clone()),
            ..StandingFilter::default()
        };
        self.read(move |tx, ctx| valuation::standings(tx, ctx, &filter))
    }

    /// The rows of an item's ledger of value.
    pub fn layers(&self, item: ItemId) -> Result<Vec<LayerLine>, Stop> {
        let mut layers: Vec<LayerLine> = Vec::new();
        loop {
            let after = layers.last().map(|last| valuation::LayerCursor {
                pool_id: last.pool_id,
                class: last.class,
                seq: last.seq,
            });
            let filter = LayersOf { item_id: item, after, limit: None };
            let page = self.read(move |tx, ctx| valuation::layers_of(tx, ctx, &filter))?;
            if page.is_empty() {
                return Ok(layers);
            }
            layers.extend(page);
        }
    }

    /// Whether goods at a place of this path are ours.
    pub fn is_ours(&self, path: &str) -> Result<bool, Stop> {
        let wanted = path.to_owned();
        let found = self.read(move |tx, ctx| stock::find_place(tx, ctx.company_id, &wanted))?;
        Ok(found.is_some_and(|place| place.kind.holds_stock()))
    }
}

fn value(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let item = world.item(expect.args.text("item")?)?.item.id;
    let got = world.standings(item)?.iter().map(|standing| standing.value.minor).sum();
    let mut compare = Compare::default();
    compare.amount(world, &expect.args, "amount", got)?;
    compare.done()
}

fn unit_cost(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let known = world.item(expect.args.text("item")?)?;
    let cost = match expect.args.text_opt("warehouse")? {
        None => world.unit_costs()?.get(&known.item.id).copied(),
        Some(code) => {
            let pool = world.warehouse(Some(code))?.pool_id;
            let of_pool = |row: &StandingRow| row.pool_id == pool && row.class == Class::Normal;
            world.standings(known.item.id)?.into_iter().find(of_pool).map(|row| row.unit_cost)
        }
    };
    let cost = cost.unwrap_or(Price::ZERO);
    let places = decimals(&expect.args)?.or(known.cost_decimals);
    let mut compare = Compare::default();
    compare.price(&expect.args, "amount", shown(cost, places)?)?;
    compare.done()
}

/// By how much the entries of a step change the accounts of stock.
fn booked(world: &World, expect: &Expect) -> Result<i64, Stop> {
    let stock = [Role::StockValuation, Role::Quarantine, Role::GoodsInTransit];
    let mut sum = 0;
    for entry in &world.record(expect.step)?.entries {
        for line in world.entry(*entry)?.lines {
            if world.role_of(line.account_id).is_some_and(|role| stock.contains(&role)) {
                sum += line.debit.minor - line.credit.minor;
            }
        }
    }
    Ok(sum)
}

/// The quantity that a step moved.
fn moved(world: &World, expect: &Expect) -> Result<Quantity, Stop> {
    let record = world.record(expect.step)?;
    Ok(Quantity::checked_sum(record.moves.iter().map(|moved| moved.quantity))?)
}

fn per_unit(world: &World, value: i64, quantity: Quantity) -> Result<Price, Stop> {
    Ok(Price::of(value, quantity, world.ctx.currency, Rounding::HalfUp)?)
}

fn layer(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let value = booked(world, expect)?;
    let mut compare = Compare::default();
    compare.amount(world, &expect.args, "value", value)?;
    if expect.args.has("unit_cost") {
        let cost = per_unit(world, value.abs(), moved(world, expect)?)?;
        compare.price(&expect.args, "unit_cost", cost)?;
    }
    compare.done()
}

/// A movement's value as it came in and went out: goods from outside bring theirs, goods that go
/// outside take it along.
fn sides(world: &World, movement: &Movement) -> Result<Vec<i64>, Stop> {
    let value = movement.value.minor;
    let (from, to) = (world.is_ours(&movement.from)?, world.is_ours(&movement.to)?);
    Ok(match (from, to) {
        (false, true) => vec![value],
        (true, false) => vec![-value],
        (false, false) => vec![value, -value],
        (true, true) => Vec::new(),
    })
}

fn layer_values(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let decimals = world.ctx.currency.decimals();
    let mut got = Vec::new();
    for movement in &world.record(expect.step)?.moves {
        got.extend(sides(world, movement)?);
    }
    let mut wanted = Vec::new();
    for word in expect.args.words("values")? {
        wanted.push(base::parse_scaled(word, decimals)?);
    }
    let told = |values: Vec<i64>| values.iter().map(|v| format_scaled(*v, decimals, 0)).collect();
    let mut compare = Compare::default();
    compare.multiset("values", told(wanted), told(got));
    compare.done()
}

fn layers(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let item = world.item(expect.args.text("item")?)?.item.id;
    let mut got: Vec<(Quantity, Price)> = Vec::new();
    for standing in world.standings(item)? {
        if standing.quantity.is_negative() {
            let (value, quantity) = (standing.value.minor, standing.quantity);
            got.push((quantity, per_unit(world, value.abs(), quantity.abs())?));
        }
    }
    for layer in world.layers(item)? {
        if layer.left_quantity.is_positive() {
            let cost = per_unit(world, layer.left_value.minor, layer.left_quantity)?;
            got.push((layer.left_quantity, cost));
        }
    }
    let mut wanted = Vec::new();
    for layer in expect.args.node("layers").map_or(&[][..], |node| node.items()) {
        let number = |index: usize| {
            let text = layer.items().get(index).and_then(|node| node.text());
            let text = text.ok_or_else(|| Stop::failed("a layer is [quantity, rate]"))?;
            Ok::<i64, Stop>(base::parse_scaled(text, 6)?)
        };
        wanted.push((Quantity::from_micro(number(0)?), Price::from_micro(number(1)?)));
    }
    let told = |layers: &[(Quantity, Price)]| {
        let one = |(quantity, rate): &(Quantity, Price)| format!("[{quantity}, {rate}]");
        layers.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let mut compare = Compare::default();
    compare.text("layers", &told(&wanted), &told(&got));
    compare.done()
}

fn issue_cost(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let record = world.record(expect.step)?;
    let moved = record.moves.first().ok_or_else(|| Stop::failed("the step moved nothing"))?;
    // Goods that never lay in stock cost what was ordered, and what bills added to that.
    let direct = moved.from == "Supplier" && moved.to == "Customer";
    let later = match direct {
        true => super::supply::billed_later(world, world.item(&moved.sku)?.item.id)?,
        false => 0,
    };
    let cost = per_unit(world, moved.value.minor + later, moved.quantity)?;
    let mut compare = Compare::default();
    compare.price(&expect.args, "unit_cost", cost)?;
    compare.done()
}

/// What later rows of the ledger of value say about the rows that moves made, whatever went into
/// stock and whatever was expensed.
fn receipt_unit_cost(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let record = world.record(expect.step)?;
    let sku = expect.args.text_opt("item")?;
    let of_item = |moved: &&Movement| sku.is_none_or(|sku| sku == moved.sku);
    let (mut value, mut quantity) = (0, Quantity::ZERO);
    for moved in record.moves.iter().filter(of_item) {
        let item = world.item(&moved.sku)?.item.id;
        let layers = world.layers(item)?;
        let own = layers.iter().find(|layer| layer.move_id == Some(moved.move_id));
        let own = own.ok_or_else(|| Stop::failed("the receipt has no layer"))?;
        quantity = quantity.checked_add(own.quantity)?;
        value += own.value.minor;
        let later = layers.iter().filter(|layer| {
            layer.corrects == Some(own.layer_id)
                && matches!(layer.kind, Kind::CostCorrection | Kind::LandedCost)
        });
        value += later.map(|layer| layer.value.minor + layer.expensed.minor).sum::<i64>();
    }
    let mut compare = Compare::default();
    compare.price(&expect.args, "amount", per_unit(world, value, quantity)?)?;
    compare.done()
}

fn correction(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let record = world.record(expect.step)?;
    let mut sum = 0;
    for moved in &record.moves {
        let layers = world.layers(world.item(&moved.sku)?.item.id)?;
        let own = layers.iter().find(|layer| layer.move_id == Some(moved.move_id));
        let Some(own) = own else { continue };
        let later = layers.iter().filter(|layer| layer.corrects == Some(own.layer_id));
        sum += later.map(|layer| layer.value.minor).sum::<i64>();
    }
    let mut compare = Compare::default();
    compare.amount(world, &expect.args, "value", sum)?;
    compare.done()
}

fn rounding_adjustment(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let record = world.record(expect.step)?;
    let moved = record.moves.first().ok_or_else(|| Stop::failed("the step moved nothing"))?;
    let known = world.item(&moved.sku)?;
    let before = record.costs_before.get(&known.item.id).copied().unwrap_or(Price::ZERO);
    let got = valuation::rules::rounding_adjustment(
        moved.value.minor,
        moved.quantity,
        shown(before, known.cost_decimals)?,
        world.ctx.currency,
    )?;
    let mut compare = Compare::default();
    compare.amount(world, &expect.args, "value", got)?;
    compare.done()
}

fn equal_abs_value(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let decimals = world.ctx.currency.decimals();
    let mut values = Vec::new();
    for word in expect.args.words("steps")? {
        let step = base::parse_scaled(word, 0)?;
        let record = world.record(Some(step))?;
        let sum: i64 = record.moves.iter().map(|moved| moved.value.minor).sum();
        values.push(format_scaled(sum.abs(), decimals, 0));
    }
    let mut compare = Compare::default();
    for pair in values.windows(2) {
        compare.text("value", &pair[0], &pair[1]);
    }
    compare.done()
}

fn audit(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let (old, new) = world.made(expect.step)?.costs.unwrap_or((Price::ZERO, Price::ZERO));
    let mut compare = Compare::default();
    compare.price(&expect.args, "old", old)?;
    compare.price(&expect.args, "new", new)?;
    compare.done()
}

/// The landed cost that a step made.
pub(super) fn landed(world: &World, step: Option<i64>) -> Result<&crate::world::Landed, Stop> {
    match &world.made(step)?.document {
        Some(Document::Landed(landed)) => Ok(landed),
        _ => Err(Stop::failed("the step made no landed cost")),
    }
}
