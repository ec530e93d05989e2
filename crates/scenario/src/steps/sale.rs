//! Sales: an order on the scenario's channel, its shipment, its invoice.

use crate::case::{Args, Step};
use crate::setup::{CHANNEL, CUSTOMER};
use crate::support::{Verb, any};
use crate::world::{Document, Made, Stop, World};
use base::{Price, SalesOrderId};
use sales::{AcceptLine, AcceptOrder, InvoiceOrder, ReserveOrder, Ship};

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "create_so",
        args: &["lines", "lines.item", "lines.qty", "lines.unit_price", "date"],
        about: "a sale is accepted; nothing is kept for it yet, but of items that come from stock \
                first. What is supplied on sale and lacks is proposed to be bought",
        fits: any,
        run: create_so,
    },
    Verb {
        name: "deliver_so",
        args: &["target", "date"],
        about: "what is there of a sale is kept and shipped",
        fits: any,
        run: deliver_so,
    },
    Verb {
        name: "invoice_so",
        args: &["target", "date"],
        about: "what was shipped is invoiced",
        fits: any,
        run: invoice_so,
    },
];

fn create_so(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let ctx = world.actor(args)?;
    let mut lines = Vec::new();
    for line in args.list("lines") {
        lines.push(AcceptLine {
            sku: Some(line.text("item")?.to_owned()),
            quantity: line.quantity("qty")?,
            price: line.price_opt("unit_price")?.or(free_of_price(world, line.text("item")?)?),
            ..AcceptLine::default()
        });
    }
    let request = AcceptOrder {
        channel: CHANNEL.to_owned(),
        partner: Some(CUSTOMER.to_owned()),
        ordered_on: Some(world.day(args)?),
        lines,
        ..AcceptOrder::default()
    };
    let accepted = world.write(&ctx, move |tx, ctx| sales::accept(tx, ctx, request.clone()))?;
    super::supply::on_sale(world, step, accepted.order_id)?;
    Ok(Made::document(Document::Sale(accepted.order_id)))
}

/// Where no price matters, of an item without one, goods are sold at none.
fn free_of_price(world: &World, sku: &str) -> Result<Option<Price>, Stop> {
    let none = world.item(sku)?.item.list_price == Price::ZERO;
    Ok(none.then_some(Price::ZERO))
}

pub(super) fn sale_of(world: &World, args: &Args) -> Result<SalesOrderId, Stop> {
    match world.target(args)? {
        Document::Sale(id) => Ok(*id),
        _ => Err(Stop::failed("the target must be a sale")),
    }
}

fn deliver_so(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let order_id = sale_of(world, &step.args)?;
    let keep = ReserveOrder { order_id };
    world.write(&ctx, move |tx, ctx| sales::reserve_order(tx, ctx, keep.clone()))?;
    let request = Ship {
        order_id,
        warehouse_id: None,
        lines: None,
        happened_on: Some(day),
        carrier: None,
        tracking: None,
        client_ref: None,
    };
    world.write(&ctx, move |tx, ctx| sales::ship(tx, ctx, request.clone()))?;
    Ok(Made::default())
}

fn invoice_so(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let order_id = sale_of(world, &step.args)?;
    let request = InvoiceOrder { order_id, invoiced_on: Some(day), due_on: None, client_ref: None };
    world.write(&ctx, move |tx, ctx| sales::invoice(tx, ctx, request.clone()))?;
    Ok(Made::default())
}
