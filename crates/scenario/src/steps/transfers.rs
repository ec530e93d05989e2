//! Transfers between warehouses: planned, changed, sent, received.

use crate::case::Step;
use crate::support::{Verb, any};
use crate::world::{Document, Made, Stop, World};
use base::TransferId;
use stock::{
    AmendTransfer, PlanTransfer, ReceiveTransfer, SendTransfer, TransferItem, TransferQuantity,
};

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "plan_transfer",
        args: &["item", "qty", "date", "from", "to"],
        about: "goods shall go to another warehouse and arrive on the date",
        fits: any,
        run: plan,
    },
    Verb {
        name: "edit_transfer",
        args: &["target", "qty"],
        about: "the planned quantity becomes another",
        fits: any,
        run: edit,
    },
    Verb {
        name: "ship_transfer",
        args: &["target", "date", "force"],
        about: "everything planned leaves",
        fits: any,
        run: ship,
    },
    Verb {
        name: "receive_transfer",
        args: &["target", "date"],
        about: "everything under way arrives",
        fits: any,
        run: receive,
    },
];

/// The transfer that a step's `target` names.
fn target(world: &World, step: &Step) -> Result<TransferId, Stop> {
    match world.target(&step.args)? {
        Document::Transfer(id) => Ok(*id),
        _ => Err(Stop::failed("the target is no transfer")),
    }
}

fn plan(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    // Nothing is kept before a step says so.
    let request = PlanTransfer {
        from: args.text("from")?.to_owned(),
        to: args.text("to")?.to_owned(),
        arrive_on: Some(world.day(args)?),
        reserve: Some(false),
        lines: vec![TransferItem {
            sku: args.text("item")?.to_owned(),
            quantity: args.quantity("qty")?,
        }],
        ..PlanTransfer::default()
    };
    let ctx = world.ctx.clone();
    let planned =
        world.write(&ctx, move |tx, ctx| stock::plan_transfer(tx, ctx, request.clone()))?;
    Ok(Made::document(Document::Transfer(planned.transfer_id)))
}

fn edit(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let transfer_id = target(world, step)?;
    let quantity = step.args.quantity("qty")?;
    let request = AmendTransfer {
        transfer_id,
        lines: vec![TransferQuantity { line: 1, quantity }],
        depart_on: None,
        arrive_on: None,
    };
    let ctx = world.actor(&step.args)?;
    world.write(&ctx, move |tx, ctx| stock::amend_transfer(tx, ctx, request.clone()))?;
    Ok(Made::default())
}

fn ship(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let transfer_id = target(world, step)?;
    let found = world.read(move |tx, ctx| stock::transfer(tx, ctx, transfer_id))?;
    let mut lines = Vec::new();
    for line in found.lines {
        let quantity = line.quantity.checked_sub(line.sent)?.checked_sub(line.cancelled)?;
        lines.push(TransferQuantity { line: line.line, quantity });
    }
    let request = SendTransfer {
        transfer_id,
        lines: Some(lines),
        happened_on: Some(world.day(&step.args)?),
        carrier: String::new(),
        tracking: String::new(),
        client_ref: String::new(),
    };
    let ctx = world.actor(&step.args)?;
    world.write(&ctx, move |tx, ctx| stock::send_transfer(tx, ctx, request.clone()))?;
    Ok(Made::default())
}

fn receive(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let request = ReceiveTransfer {
        transfer_id: target(world, step)?,
        lines: None,
        happened_on: Some(world.day(&step.args)?),
        client_ref: String::new(),
    };
    let ctx = world.actor(&step.args)?;
    world.write(&ctx, move |tx, ctx| stock::receive_transfer(tx, ctx, request.clone()))?;
    Ok(Made::default())
}
