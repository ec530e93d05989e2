//! Goods that are measured before they are received.

use super::orders::{arrived, detail, order_of, take_in};
use crate::case::Step;
use crate::support::{Verb, any};
use crate::world::{Document, Made, Stop, World};
use purchasing::{CreateOrder, OrderLine, SubmitOrder};
use quality::{InspectAhead, PassAhead, Reading};

/// Who sends goods of which no supplier is named.
pub(crate) const SENDER: &str = "SENDER";

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "plan_receipt",
        args: &["item", "qty", "unit_cost", "date"],
        about: "goods are ordered and on their way",
        fits: any,
        run: plan_receipt,
    },
    Verb {
        name: "inspect",
        args: &["target", "readings", "readings.*"],
        about: "goods that are to come are measured, each point with its reading",
        fits: any,
        run: inspect,
    },
    Verb {
        name: "pass_inspection",
        args: &["target"],
        about: "goods are let in although their inspection failed",
        fits: any,
        run: pass_inspection,
    },
    Verb {
        name: "receive_planned",
        args: &["target", "date"],
        about: "all goods that were planned arrive",
        fits: any,
        run: receive_planned,
    },
];

fn plan_receipt(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let ctx = world.actor(args)?;
    let line = OrderLine {
        sku: args.text("item")?.to_owned(),
        quantity: args.quantity("qty")?,
        unit: None,
        price: Some(args.price("unit_cost")?),
        discount: None,
        tax_code: String::new(),
        due_on: None,
    };
    let request = CreateOrder {
        supplier: SENDER.to_owned(),
        warehouse: world.warehouse(None)?.code.clone(),
        currency: None,
        ordered_on: Some(world.day(args)?),
        billing: None,
        lines: vec![line],
        note: String::new(),
        client_ref: String::new(),
    };
    let made =
        world.write(&ctx, move |tx, ctx| purchasing::create_order(tx, ctx, request.clone()))?;
    let submit = SubmitOrder { order_id: made.order_id };
    world.write(&ctx, move |tx, ctx| purchasing::submit_order(tx, ctx, submit.clone()))?;
    Ok(Made::document(Document::Planned(made.order_id)))
}

fn inspect(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let readings = args.map("readings");
    let mut read = Vec::new();
    for point in readings.keys() {
        read.push(Reading { point: point.to_owned(), value: readings.quantity(point)? });
    }
    let request = InspectAhead {
        order_id: order_of(world, args)?,
        line: None,
        readings: read,
        inspected_on: Some(world.day(args)?),
        evidence: String::new(),
        note: "scenario".to_owned(),
        client_ref: String::new(),
    };
    let ctx = world.actor(args)?;
    let done =
        world.write(&ctx, move |tx, ctx| quality::inspect_ahead(tx, ctx, request.clone()))?;
    Ok(Made::document(Document::Inspection(done.inspection_id)))
}

fn pass_inspection(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let &Document::Inspection(inspection_id) = world.target(&step.args)? else {
        return Err(Stop::failed("the target must be an inspection"));
    };
    let request = PassAhead { inspection_id, reason: "scenario".to_owned() };
    let ctx = world.actor(&step.args)?;
    world.write(&ctx, move |tx, ctx| quality::pass_ahead(tx, ctx, request.clone()))?;
    Ok(Made::default())
}

fn receive_planned(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let order = order_of(world, args)?;
    let due = detail(world, order)?.lines.into_iter().filter(|line| line.due.is_positive());
    let lines = due.map(|line| arrived(line.line, line.due, Some(line.stock_unit))).collect();
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let receipt = take_in(world, &ctx, day, order, lines, false)?;
    Ok(Made::document(Document::Receipt(receipt)))
}
