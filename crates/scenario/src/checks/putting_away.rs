//! Where goods can lie.

use super::{Compare, Seen};
use crate::case::Expect;
use crate::support::Check;
use crate::world::{Stop, World, path_of};
use base::{Quantity, format_scaled};
use stock::PutawayFilter;

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "putaway",
        args: &[
            "places",
            "places.location",
            "places.qty",
            "places.uom",
            "unassigned",
            "unassigned_uom",
        ],
        about: "the places of the last proposal in the order in which they are filled, and what no \
                place has room for",
        run: putaway,
    },
    Check {
        name: "capacity",
        args: &["location", "qty", "uom"],
        about: "how much there is room for at a place, in the stock unit",
        run: capacity,
    },
    Check {
        name: "planned_putaway",
        args: &["qty"],
        about: "what lies at the input place and is still to be put away, of all items",
        run: planned_putaway,
    },
];

fn putaway(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let made = world.records.values().filter_map(|record| record.outcome.as_ref().ok());
    let proposed = made.filter_map(|made| made.proposed.as_ref()).next_back();
    let proposed = proposed.ok_or_else(|| Stop::failed("nothing was proposed"))?;
    let told = |place: &str, quantity: Quantity, unit: &str| {
        format!("{} {unit} at {place}", format_scaled(quantity.micro(), 6, 0))
    };
    let mut expected = Vec::new();
    for place in args.list("places") {
        let unit = place.text_opt("uom")?.unwrap_or(&proposed.unit);
        let path = path_of(place.text("location")?, &world.warehouses);
        expected.push(told(&path, place.quantity("qty")?, unit));
    }
    let got = proposed.answer.places.iter();
    let got: Vec<String> =
        got.map(|part| told(&part.place, part.quantity, &proposed.unit)).collect();
    let mut compare = Compare::default();
    compare.text("places", &expected.join(", "), &got.join(", "));
    compare.quantity(args, "unassigned", proposed.answer.unassigned)?;
    if let Some(unit) = args.text_opt("unassigned_uom")? {
        compare.text("unassigned_uom", unit, &proposed.unit);
    }
    compare.done()
}

fn capacity(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let path = path_of(args.text("location")?, &world.warehouses);
    let filter = PutawayFilter { place: Some(path), ..PutawayFilter::default() };
    let rules = world.read(move |tx, ctx| stock::list_putaway(tx, ctx, filter.clone()))?;
    let [rule] = rules.lines.as_slice() else {
        return Err(Stop::failed("the place must have room for one item"));
    };
    let mut compare = Compare::default();
    compare.quantity(args, "qty", rule.capacity)?;
    if let Some(unit) = args.text_opt("uom")? {
        compare.text("uom", unit, &world.item(&rule.sku)?.item.stock_unit.code);
    }
    compare.done()
}

fn planned_putaway(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let input = format!("{}/Input", world.warehouse(None)?.code);
    let mut waits = Vec::new();
    for sku in world.items.keys() {
        let here = world.rows_of(sku)?.into_iter().filter(|row| row.place == input);
        waits.extend(here.map(|row| row.on_hand));
    }
    let mut compare = Compare::default();
    compare.quantity(&expect.args, "qty", Quantity::checked_sum(waits)?)?;
    compare.done()
}
