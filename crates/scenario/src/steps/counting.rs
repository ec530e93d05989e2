//! Counts that are applied at once: the difference to the books is adjusted.

use super::goods::book_difference;
use crate::case::{Case, Step};
use crate::support::Verb;
use crate::world::{Made, Stop, World};

pub(super) const VERBS: &[Verb] = &[Verb {
    name: "count",
    args: &["item", "qty", "location", "apply"],
    about: "what lies at a place is counted and applied at once; the difference is unexplained",
    fits: applied,
    run: count,
}];

fn applied(_: &Case, step: &Step) -> Result<(), String> {
    match step.args.flag("apply") {
        Ok(true) => Ok(()),
        _ => Err("a count that is not applied at once".to_owned()),
    }
}

fn count(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let (sku, location) = (args.text("item")?, args.text_opt("location")?);
    let there = world.rows_at(sku, location.unwrap_or("STOCK"), true)?;
    let on_hand = base::Quantity::checked_sum(there.iter().map(|row| row.on_hand))?;
    let difference = args.quantity("qty")?.checked_sub(on_hand)?;
    if !difference.is_zero() {
        book_difference(world, &ctx, day, sku, location, difference, "unexplained")?;
    }
    Ok(Made::default())
}
