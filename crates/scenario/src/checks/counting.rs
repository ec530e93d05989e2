//! What sheets say, and when places are due.

use super::{Compare, Seen};
use crate::case::{Args, Expect, day};
use crate::support::Check;
use crate::world::{Stop, World, path_of};
use base::Quantity;
use counting::{CountLineFilter, CountLineRow, CountRequestFilter, LineState, NextCountFilter};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "count_line",
        args: &[
            "item",
            "location",
            "expected",
            "counted",
            "difference",
            "difference_percent",
            "over_threshold",
            "on_hand",
            "open",
        ],
        about: "the latest line of a count of an item",
        run: count_line,
    },
    Check {
        name: "conflict",
        args: &["item", "location"],
        about: "the goods of a line moved since it was counted, and nothing was booked",
        run: conflict,
    },
    Check {
        name: "adjustment",
        args: &["item", "qty"],
        about: "what a count booked of an item in the last step",
        run: adjustment,
    },
    Check {
        name: "no_adjustment",
        args: &["item"],
        about: "a count booked nothing of an item in the last step",
        run: no_adjustment,
    },
    Check {
        name: "next_count",
        args: &["location", "date", "same_day_and_month_as"],
        about: "when a place is next counted",
        run: next_count,
    },
    Check {
        name: "count_request",
        args: &["location", "kind", "exists"],
        about: "whether a place asks to be counted out of turn; zero, that it ran empty",
        run: count_request,
    },
];

fn line_of(world: &World, args: &Args) -> Result<CountLineRow, Stop> {
    let filter = CountLineFilter {
        sku: Some(args.text("item")?.to_owned()),
        place: args.text_opt("location")?.map(|name| path_of(name, &world.warehouses)),
        limit: Some(1),
        ..CountLineFilter::default()
    };
    let page = world.read(move |tx, ctx| counting::list_count_lines(tx, ctx, filter.clone()))?;
    page.lines.into_iter().next().ok_or_else(|| Stop::failed("the item is on no sheet"))
}

fn count_line(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let line = line_of(world, args)?;
    let mut compare = Compare::default();
    for (name, got) in [
        ("expected", line.expected),
        ("counted", line.counted),
        ("difference", line.difference),
        ("on_hand", line.on_hand),
    ] {
        match got {
            Some(got) => compare.quantity(args, name, got)?,
            None => told(&mut compare, args, name, "nothing")?,
        }
    }
    match line.difference_percent {
        Some(percent) => compare.scaled(args, "difference_percent", percent.nano(), 9)?,
        None => told(&mut compare, args, "difference_percent", "nothing")?,
    }
    if args.has("over_threshold") {
        let got = line.over_threshold == Some(true);
        told(&mut compare, args, "over_threshold", &got.to_string())?;
    }
    let open = matches!(line.state, LineState::Open | LineState::Counted | LineState::Conflict);
    told(&mut compare, args, "open", &open.to_string())?;
    compare.done()
}

/// A word that the arguments name, if they do.
fn told(compare: &mut Compare, args: &Args, name: &str, got: &str) -> Result<(), Stop> {
    if let Some(expected) = args.text_opt(name)? {
        compare.text(name, expected, got);
    }
    Ok(())
}

fn conflict(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let line = line_of(world, &expect.args)?;
    let record = world.record(expect.step)?;
    let mut compare = Compare::default();
    compare.text("state", LineState::Conflict.word(), line.state.word());
    compare.text("moves", "0", &record.moves.len().to_string());
    compare.done()
}

/// What the step just taken booked of an item by adjustment.
fn booked(world: &World, args: &Args) -> Result<Quantity, Stop> {
    let sku = args.text("item")?;
    let last = world.records.keys().next_back().copied();
    let moves = &world.record(last)?.moves;
    let of_item = moves.iter().filter(|m| m.sku == sku && m.source_kind == "adjustment");
    // Goods found come from the loss place, outside every warehouse.
    let inside = |path: &str| world.warehouses.keys().any(|code| path.starts_with(code.as_str()));
    let signed = of_item.map(|m| if inside(&m.to) { m.quantity } else { m.quantity.negate() });
    Ok(Quantity::checked_sum(signed)?)
}

fn adjustment(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let mut compare = Compare::default();
    compare.quantity(&expect.args, "qty", booked(world, &expect.args)?)?;
    compare.done()
}

fn no_adjustment(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let mut compare = Compare::default();
    compare.text("adjustment", "0", &booked(world, &expect.args)?.to_string());
    compare.done()
}

fn next_count(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let place = path_of(args.text("location")?, &world.warehouses);
    let warehouse = Some(world.warehouse(None)?.code.clone());
    let filter = NextCountFilter { warehouse, ..NextCountFilter::default() };
    let page = world.read(move |tx, ctx| counting::list_next_counts(tx, ctx, filter.clone()))?;
    let found = page.lines.into_iter().find(|line| line.place == place);
    let next = found.ok_or_else(|| Stop::failed(format!("{place} is never counted")))?.next_on;
    let mut compare = Compare::default();
    if let Some(date) = args.day_opt("date")? {
        compare.text("date", &date.to_string(), &next.to_string());
    }
    if let Some(text) = args.text_opt("same_day_and_month_as")? {
        let wanted = day(text, world.ctx.today);
        let wanted = wanted.ok_or_else(|| Stop::failed(format!("{text} is no day")))?;
        let of_year = |day: base::Day| format!("{:02}-{:02}", day.month(), day.day_of_month());
        compare.text("same_day_and_month_as", &of_year(wanted), &of_year(next));
    }
    compare.done()
}

fn count_request(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let place = path_of(args.text("location")?, &world.warehouses);
    let kind = args.text_opt("kind")?.unwrap_or("zero");
    let page = world
        .read(|tx, ctx| counting::list_count_requests(tx, ctx, CountRequestFilter::default()))?;
    let exists = page.lines.iter().any(|line| line.place == place && line.kind.word() == kind);
    let mut compare = Compare::default();
    let wanted = args.text_opt("exists")?.unwrap_or("true");
    compare.text("exists", wanted, &exists.to_string());
    compare.done()
}
