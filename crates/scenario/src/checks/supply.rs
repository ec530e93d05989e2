//! How far what was bought for sales has come.

use super::{Compare, Seen};
use crate::case::Expect;
use crate::support::Check;
use crate::world::{Document, Stop, World};
use accounting::Role;
use base::{ItemId, PurchaseOrderId, Quantity, SalesOrderId};
use fulfilment::{SupplyFilter, SupplyRow};
use planning::{ProposalFilter, ProposalState};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "open_shipment",
        args: &["qty"],
        about: "what suppliers are still to send for sales",
        run: open_shipment,
    },
    Check {
        name: "request_for",
        args: &["target", "exists"],
        about: "whether a sale lacks goods that are proposed to be bought",
        run: request_for,
    },
];

fn supplies(world: &World, filter: SupplyFilter) -> Result<Vec<SupplyRow>, Stop> {
    Ok(world.read(move |tx, ctx| fulfilment::list_supplies(tx, ctx, filter.clone()))?.lines)
}

fn open_shipment(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let rows = supplies(world, SupplyFilter::default())?;
    let due = Quantity::checked_sum(rows.iter().map(|row| row.due))?;
    let mut compare = Compare::default();
    compare.quantity(&expect.args, "qty", due)?;
    compare.done()
}

fn request_for(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let Document::Sale(order) = *world.document(expect.args.text("target")?)? else {
        return Err(Stop::failed("the target must be a sale"));
    };
    let lines = world.read(move |tx, ctx| sales::order(tx, ctx, order))?.lines;
    let filter = ProposalFilter { state: Some(ProposalState::Open), ..ProposalFilter::default() };
    let proposed = world.read(move |tx, ctx| planning::list_proposals(tx, ctx, &filter))?.lines;
    let exists = lines
        .iter()
        .filter(|line| line.back_order.is_positive())
        .any(|line| proposed.iter().any(|row| row.sku == line.sku && row.quantity.is_positive()));
    let mut compare = Compare::default();
    compare.text("exists", &expect.args.flag("exists")?.to_string(), &exists.to_string());
    compare.done()
}

/// Where a purchase order for a sale stands: in exception while its supplier promised less than is
/// due and nobody decided, received when nothing is due of it any more. None of any other order.
pub(super) fn purchase_state(
    world: &World,
    order: PurchaseOrderId,
) -> Result<Option<String>, Stop> {
    let filter = SupplyFilter { purchase_order_id: Some(order), ..SupplyFilter::default() };
    if supplies(world, filter)?.is_empty() {
        return Ok(None);
    }
    let detail = crate::steps::order(world, order)?;
    let promised_less = detail.lines.iter().filter(|line| line.due.is_positive()).any(|line| {
        let last = detail.promises.iter().rfind(|promise| promise.line == line.line);
        last.is_some_and(|promise| promise.quantity < line.quantity)
    });
    let due = detail.lines.iter().any(|line| line.due.is_positive());
    let came = detail.lines.iter().any(|line| line.received.is_positive());
    Ok(match (promised_less, due, came) {
        (true, ..) => Some("exception".to_owned()),
        (false, false, true) => Some("received".to_owned()),
        _ => None,
    })
}

/// Where a sale stands: in exception while it still wants what its supplier was let off.
pub(super) fn sale_state(world: &World, order: SalesOrderId) -> Result<String, Stop> {
    let filter = SupplyFilter { order_id: Some(order), ..SupplyFilter::default() };
    let rows = supplies(world, filter)?;
    let let_off = |row: &SupplyRow| {
        let coming = rows.iter().filter(|other| other.line == row.line).map(|other| other.due);
        let coming = Quantity::checked_sum(coming).unwrap_or_default();
        row.closed_short && row.wanted > coming
    };
    if rows.iter().any(let_off) {
        return Ok("exception".to_owned());
    }
    let detail = world.read(move |tx, ctx| sales::order(tx, ctx, order))?;
    Ok(detail.head.state.to_string())
}

/// What bills added to the cost of goods of an item that went straight to customers.
pub(super) fn billed_later(world: &World, item: ItemId) -> Result<i64, Stop> {
    let mut sum = 0;
    for record in world.records.values() {
        for id in &record.entries {
            let entry = world.entry(*id)?;
            let cost = |line: &&accounting::EntryLineRow| {
                world.role_of(line.account_id) == Some(Role::Cogs) && line.item_id == Some(item)
            };
            if entry.head.source_kind == "bill" {
                let lines = entry.lines.iter().filter(cost);
                sum += lines.map(|line| line.debit.minor - line.credit.minor).sum::<i64>();
            }
        }
    }
    Ok(sum)
}
