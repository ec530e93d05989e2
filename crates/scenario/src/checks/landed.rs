//! How freight, duty and the like were spread.

use super::value::landed;
use super::{Compare, Seen};
use crate::case::Expect;
use crate::support::Check;
use crate::world::{Document, Landed, Stop, World};
use base::{ItemId, Price, Quantity, Rounding, format_scaled, parse_scaled};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "landed_share",
        args: &["item", "shares", "shares.*"],
        about: "what an item bears of each cost; without step, of the last landed cost",
        run: landed_share,
    },
    Check {
        name: "landed_share_per_unit",
        args: &["item", "amount"],
        about: "what one unit of an item bears of all landed costs",
        run: landed_share_per_unit,
    },
    Check {
        name: "landed_already_out",
        args: &["item", "qty", "shares", "shares.*"],
        about: "what of an item's shares went to cost of goods sold, whatever its sign, and for how \
                many units",
        run: landed_already_out,
    },
    Check {
        name: "split_base",
        args: &["amounts"],
        about: "what each receipt line weighed in a split by value",
        run: split_base,
    },
    Check {
        name: "split_result",
        args: &["amounts"],
        about: "what each receipt line bears",
        run: split_result,
    },
    Check {
        name: "split_invariant",
        args: &["non_negative", "sum"],
        about: "what the shares add up to, and that none is below zero",
        run: split_invariant,
    },
];

/// The landed cost of a step, or the latest.
fn of_step<'a>(world: &'a World, expect: &Expect) -> Result<&'a Landed, Stop> {
    if expect.step.is_some() {
        return landed(world, expect.step);
    }
    let made = world.records.values().rev().filter_map(|record| record.outcome.as_ref().ok());
    let mut landed = made.filter_map(|made| match &made.document {
        Some(Document::Landed(landed)) => Some(landed),
        _ => None,
    });
    landed.next().ok_or_else(|| Stop::failed("there is no landed cost"))
}

fn by_cost(
    world: &World,
    expect: &Expect,
    landed: &Landed,
    item: ItemId,
    part: fn(&crate::world::Share) -> i64,
) -> Result<Compare, Stop> {
    let shares = expect.args.map("shares");
    let mut compare = Compare::default();
    for name in shares.keys() {
        let of = landed.shares.iter().filter(|share| share.item_id == item && share.name == name);
        compare.amount(world, &shares, name, of.map(part).sum())?;
    }
    Ok(compare)
}

fn landed_share(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let item = world.item(expect.args.text("item")?)?.item.id;
    by_cost(world, expect, of_step(world, expect)?, item, |share| share.share)?.done()
}

fn landed_already_out(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let item = world.item(expect.args.text("item")?)?.item.id;
    let landed = of_step(world, expect)?;
    let mut compare = by_cost(world, expect, landed, item, |share| share.sold.abs())?;
    // How many units are out, by the share that went with them.
    let own = landed.shares.iter().find(|share| share.item_id == item && share.share != 0);
    if let Some(own) = own {
        let out = base::mul_div(own.quantity.micro(), own.sold, own.share, Rounding::HalfUp)?;
        compare.quantity(&expect.args, "qty", Quantity::from_micro(out))?;
    }
    compare.done()
}

fn landed_share_per_unit(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let item = world.item(expect.args.text("item")?)?.item.id;
    let (mut total, mut quantity) = (0, Quantity::ZERO);
    for record in world.records.values() {
        let Ok(made) = &record.outcome else { continue };
        let Some(Document::Landed(landed)) = &made.document else { continue };
        for share in landed.shares.iter().filter(|share| share.item_id == item) {
            total += share.share;
            quantity = quantity.max(share.quantity);
        }
    }
    let mut compare = Compare::default();
    let got = Price::of(total, quantity, world.ctx.currency, Rounding::HalfUp)?;
    compare.price(&expect.args, "amount", got)?;
    compare.done()
}

fn amounts(world: &World, expect: &Expect, got: &[i64]) -> Result<Seen, Stop> {
    let decimals = world.ctx.currency.decimals();
    let mut wanted = Vec::new();
    for word in expect.args.words("amounts")? {
        wanted.push(parse_scaled(word, decimals)?);
    }
    let told = |values: &[i64]| {
        values.iter().map(|value| format_scaled(*value, decimals, 0)).collect::<Vec<_>>().join(", ")
    };
    let mut compare = Compare::default();
    compare.text("amounts", &told(&wanted), &told(got));
    compare.done()
}

fn split_base(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    amounts(world, expect, &of_step(world, expect)?.bases)
}

fn split_result(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let shares = &of_step(world, expect)?.shares;
    amounts(world, expect, &shares.iter().map(|share| share.share).collect::<Vec<_>>())
}

fn split_invariant(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let shares = &of_step(world, expect)?.shares;
    let mut compare = Compare::default();
    compare.amount(world, &expect.args, "sum", shares.iter().map(|share| share.share).sum())?;
    if expect.args.flag("non_negative")? {
        let least = shares.iter().map(|share| share.share).min().unwrap_or(0);
        if least < 0 {
            let got = format_scaled(least, world.ctx.currency.decimals(), 0);
            compare.text("non_negative", "no share below zero", &got);
        }
    }
    compare.done()
}
