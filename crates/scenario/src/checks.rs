//! What checks see: each reads through the doors that readers use, and compares exactly.

mod claims;
mod counting;
mod landed;
mod ledger;
mod orders;
pub(crate) mod outcome;
mod planning;
mod putting_away;
mod quantities;
mod reservations;
mod supply;
mod transfers;
mod value;

use crate::case::{Args, Expect};
use crate::report::Mismatch;
use crate::support::Check;
use crate::world::{Stop, World};
use base::{Price, Quantity, Rounding, format_scaled, parse_scaled};

/// Every check, by group.
pub(crate) const CHECKS: &[&[Check]] = &[
    quantities::CHECKS,
    reservations::CHECKS,
    value::CHECKS,
    landed::CHECKS,
    ledger::CHECKS,
    orders::CHECKS,
    supply::CHECKS,
    counting::CHECKS,
    planning::CHECKS,
    claims::CHECKS,
    outcome::CHECKS,
    transfers::CHECKS,
    putting_away::CHECKS,
];

/// What a check saw: the figures that are not as expected.
pub(crate) type Seen = Vec<Mismatch>;

/// Makes one check.
pub(crate) fn run(world: &World, expect: &Expect) -> Seen {
    let Some(check) = crate::support::check(&expect.check) else {
        return vec![Mismatch::new("check", "a known check", &expect.check)];
    };
    match (check.run)(world, expect) {
        Ok(seen) => seen,
        Err(Stop::Refused(problem)) => vec![Mismatch::new("check", "an answer", problem.detail)],
        Err(Stop::Failed(what)) => vec![Mismatch::new("check", "an answer", what)],
    }
}

/// Collects what is not as expected.
#[derive(Default)]
pub(crate) struct Compare {
    seen: Seen,
}

impl Compare {
    /// Texts that must be the same.
    pub fn text(&mut self, what: &str, expected: &str, got: &str) {
        if expected != got {
            self.seen.push(Mismatch::new(what, expected, got));
        }
    }

    /// A number that the arguments name, if they do, against one of 10^-`scale` units.
    pub fn scaled(&mut self, args: &Args, name: &str, got: i64, scale: u32) -> Result<(), Stop> {
        let Some(text) = args.text_opt(name)? else { return Ok(()) };
        match parse_scaled(text, scale) {
            Ok(expected) if expected == got => {}
            // More decimals than can be had are a figure that is not met, no fault of the case.
            _ => self.seen.push(Mismatch::new(name, text, format_scaled(got, scale, 0))),
        }
        Ok(())
    }

    pub fn quantity(&mut self, args: &Args, name: &str, got: Quantity) -> Result<(), Stop> {
        self.scaled(args, name, got.micro(), 6)
    }

    pub fn price(&mut self, args: &Args, name: &str, got: Price) -> Result<(), Stop> {
        self.scaled(args, name, got.micro(), 6)
    }

    /// An amount of the books.
    pub fn amount(
        &mut self,
        world: &World,
        args: &Args,
        name: &str,
        minor: i64,
    ) -> Result<(), Stop> {
        self.scaled(args, name, minor, world.ctx.currency.decimals())
    }

    /// Lists that must have the same elements, in any order.
    pub fn multiset(&mut self, what: &str, mut expected: Vec<String>, mut got: Vec<String>) {
        expected.sort_unstable();
        got.sort_unstable();
        self.text(what, &expected.join(", "), &got.join(", "));
    }

    pub fn done(self) -> Result<Seen, Stop> {
        Ok(self.seen)
    }
}

/// A unit cost as a check or an item shows it.
pub(crate) fn shown(price: Price, decimals: Option<u32>) -> Result<Price, Stop> {
    match decimals {
        Some(decimals) if decimals < 6 => {
            Ok(valuation::rules::round_cost(price, decimals, Rounding::HalfUp)?)
        }
        _ => Ok(price),
    }
}

/// The decimals that a check names.
pub(crate) fn decimals(args: &Args) -> Result<Option<u32>, Stop> {
    Ok(args.whole_opt("decimals")?.and_then(|n| u32::try_from(n).ok()))
}

/// Whether goods may come in after their inspection.
fn inspected(world: &World, id: base::InspectionId) -> Result<String, Stop> {
    let filter = quality::AheadFilter::default();
    let found = world.read(move |tx, ctx| quality::list_ahead(tx, ctx, filter.clone()))?;
    let found = found.lines.into_iter().find(|row| row.inspection_id == id);
    let found = found.ok_or_else(|| Stop::failed("there is no such inspection"))?;
    Ok(found.state.to_string())
}
