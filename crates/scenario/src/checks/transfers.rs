//! What transfers between warehouses plan.

use super::{Compare, Seen};
use crate::case::Expect;
use crate::support::Check;
use crate::world::{Document, Stop, World};
use base::Quantity;

pub(super) const CHECKS: &[Check] = &[Check {
    name: "transfer_plan",
    args: &["target", "depart", "arrive", "qty"],
    about: "when a transfer leaves and arrives, and how much goes",
    run: transfer_plan,
}];

fn transfer_plan(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let Document::Transfer(id) = *world.target(args)? else {
        return Err(Stop::failed("the target is no transfer"));
    };
    let found = world.read(move |tx, ctx| stock::transfer(tx, ctx, id))?;
    let mut compare = Compare::default();
    for (name, got) in [("depart", found.head.depart_on), ("arrive", found.head.arrive_on)] {
        if let Some(day) = args.day_opt(name)? {
            compare.text(name, &day.to_string(), &got.to_string());
        }
    }
    let planned = Quantity::checked_sum(found.lines.iter().map(|line| line.quantity))?;
    compare.quantity(args, "qty", planned)?;
    compare.done()
}
