//! How much lies where, and how much is to come.

use super::{Compare, Seen};
use crate::case::Expect;
use crate::support::Check;
use crate::world::{Stop, World};
use base::{ItemId, Quantity, WarehouseId};
use stock::Availability;

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "on_hand",
        args: &["item", "location", "warehouse", "own_only", "qty"],
        about: "what lies at our places, or at one place with those in it",
        run: on_hand,
    },
    Check {
        name: "available",
        args: &["item", "location", "qty"],
        about: "what is free: on hand less reserved",
        run: available,
    },
    Check {
        name: "reserved",
        args: &["item", "qty"],
        about: "what is kept for demands",
        run: reserved,
    },
    Check {
        name: "on_order",
        args: &["item", "qty"],
        about: "what is planned to come",
        run: on_order,
    },
    Check {
        name: "in_transit",
        args: &["item", "qty"],
        about: "what is on its way between places",
        run: in_transit,
    },
    Check {
        name: "remaining_qty",
        args: &["item", "qty"],
        about: "of an item the valued quantity; of a step what is left of its receipt, or below zero \
                what its issue took that was not there",
        run: remaining_qty,
    },
];

/// An item's quantities at a warehouse or in the company.
pub(super) fn availability(
    world: &World,
    item: ItemId,
    warehouse: Option<WarehouseId>,
) -> Result<Availability, Stop> {
    let found =
        world.read(move |tx, ctx| stock::availability(tx, ctx.company_id, warehouse, &[item]))?;
    Ok(found.get(&item).copied().unwrap_or_default())
}

fn on_hand(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let sku = args.text("item")?;
    let mut compare = Compare::default();
    let got = match args.text_opt("location")? {
        Some(place) => {
            let rows = world.rows_at(sku, place, args.flag("own_only")?)?;
            Quantity::checked_sum(rows.iter().map(|row| row.on_hand))?
        }
        None => {
            let warehouse = match args.text_opt("warehouse")? {
                Some(code) => Some(world.warehouse(Some(code))?.warehouse_id),
                None => None,
            };
            availability(world, world.item(sku)?.item.id, warehouse)?.on_hand
        }
    };
    compare.quantity(args, "qty", got)?;
    compare.done()
}

fn available(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let sku = args.text("item")?;
    let mut compare = Compare::default();
    let got = match args.text_opt("location")? {
        Some(place) => {
            let rows = world.rows_at(sku, place, false)?;
            let on_hand = Quantity::checked_sum(rows.iter().map(|row| row.on_hand))?;
            on_hand.checked_sub(Quantity::checked_sum(rows.iter().map(|row| row.reserved))?)?
        }
        None => availability(world, world.item(sku)?.item.id, None)?.available,
    };
    compare.quantity(args, "qty", got)?;
    compare.done()
}

fn reserved(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let item = world.item(expect.args.text("item")?)?.item.id;
    let mut compare = Compare::default();
    compare.quantity(&expect.args, "qty", availability(world, item, None)?.reserved)?;
    compare.done()
}

fn on_order(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let item = world.item(expect.args.text("item")?)?.item.id;
    let mut compare = Compare::default();
    compare.quantity(&expect.args, "qty", availability(world, item, None)?.incoming)?;
    compare.done()
}

fn in_transit(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let rows = world.rows_of(expect.args.text("item")?)?;
    let moving = rows.iter().filter(|row| row.class == stock::Class::Transit.as_str());
    let mut compare = Compare::default();
    let got = Quantity::checked_sum(moving.map(|row| row.on_hand))?;
    compare.quantity(&expect.args, "qty", got)?;
    compare.done()
}

fn remaining_qty(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let mut compare = Compare::default();
    let got = match expect.step {
        None => {
            let item = world.item(expect.args.text("item")?)?.item.id;
            let standings = world.standings(item)?;
            Quantity::checked_sum(standings.iter().map(|standing| standing.quantity))?
        }
        Some(_) => {
            let record = world.record(expect.step)?;
            let [moved] = record.moves.as_slice() else {
                return Err(Stop::failed("the step must have moved one item"));
            };
            let item = world.item(&moved.sku)?.item.id;
            let layers = world.layers(item)?;
            let layer = layers.iter().find(|layer| layer.move_id == Some(moved.move_id));
            let layer = layer.ok_or_else(|| Stop::failed("the step has no layer"))?;
            if layer.quantity.is_positive() {
                layer.left_quantity
            } else {
                if world.records.keys().next_back() != expect.step.as_ref() {
                    return Err(Stop::failed("what an issue lacks is known only right after it"));
                }
                let standings = world.standings(item)?;
                let there = Quantity::checked_sum(standings.iter().map(|s| s.quantity))?;
                there.min(Quantity::ZERO).max(layer.quantity)
            }
        }
    };
    compare.quantity(&expect.args, "qty", got)?;
    compare.done()
}
