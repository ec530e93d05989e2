//! What became of claims of customers.

use super::{Compare, Seen};
use crate::case::Expect;
use crate::support::Check;
use crate::world::{Document, Stop, World};
use quality::RefundFilter;

pub(super) const CHECKS: &[Check] = &[Check {
    name: "claim",
    args: &["target", "amount", "returned_qty"],
    about: "what a claim gave back without tax, and how much came back",
    run: claim,
}];

fn claim(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let Document::Claim(return_id) = *world.document(args.text("target")?)? else {
        return Err(Stop::failed("the target must be a claim"));
    };
    let detail = world.read(move |tx, ctx| quality::customer_return(tx, ctx, return_id))?;
    let refunds = world.read(move |tx, ctx| {
        let filter = RefundFilter { return_id: Some(return_id), ..RefundFilter::default() };
        quality::list_refunds(tx, ctx, filter)
    })?;
    let given: i64 = refunds.lines.iter().map(|refund| refund.net.minor).sum();
    let mut compare = Compare::default();
    compare.scaled(args, "amount", given, world.ctx.currency.decimals())?;
    compare.scaled(args, "returned_qty", detail.head.received.micro(), 6)?;
    compare.done()
}
