//! What is bought for sales: what stock lacks, and what suppliers send straight to customers.

use super::orders::{detail, order_of};
use crate::case::{Case, Step};
use crate::support::{Verb, any};
use crate::world::{Document, Made, Stop, SuppliedOnSale, World};
use base::{PurchaseOrderId, SalesOrderId};
use fulfilment::{ShipDirect, ShipDirectLine, Supply, SupplyLine};
use planning::RunReplenishment;
use purchasing::{AcknowledgeOrder, CloseShort, Promise};
use sales::ReserveOrder;

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "dropship_po",
        args: &["target", "qty", "date"],
        about: "the supplier of an order sends goods straight to the customer: so many of its first \
                line, or all that is due",
        fits: any,
        run: dropship_po,
    },
    Verb {
        name: "cancel_open_shipment",
        args: &["target", "date"],
        about: "the supplier says that what is due of an order will not come: it confirms what came",
        fits: any,
        run: cancel_open_shipment,
    },
    Verb {
        name: "handle_exception",
        args: &["target", "choice"],
        about: "what a supplier will not send is closed short, which is choice ignore",
        fits: ignored,
        run: handle_exception,
    },
    Verb {
        name: "recompute_cost",
        args: &["item"],
        about: "nothing: what goods cost is corrected by the bill itself",
        fits: any,
        run: |world, step| world.item(step.args.text("item")?).map(|_| Made::default()),
    },
];

fn ignored(_: &Case, step: &Step) -> Result<(), String> {
    match step.args.text_opt("choice").ok().flatten() {
        Some("ignore") => Ok(()),
        other => Err(format!("argument choice: {}", other.unwrap_or_default())),
    }
}

/// A sale of items that are supplied on sale keeps what stock has of them where they come from stock
/// first, and replenishment proposes what is short.
pub(super) fn on_sale(world: &World, step: &Step, order: SalesOrderId) -> Result<(), Stop> {
    let lines = world.read(move |tx, ctx| sales::order(tx, ctx, order))?.lines;
    let supplied = || lines.iter().filter_map(|line| world.supplied.get(&line.sku));
    if supplied().any(|supplied| supplied.stock_first) {
        let ctx = world.actor(&step.args)?;
        let keep = ReserveOrder { order_id: order };
        world.write(&ctx, move |tx, ctx| sales::reserve_order(tx, ctx, keep.clone()))?;
    }
    if supplied().next().is_some() {
        super::planning::run(world, step, RunReplenishment::default())?;
    }
    Ok(())
}

/// Orders what the latest sale lacks from the suppliers that send it straight to customers; nothing
/// when there is no such sale.
pub(super) fn order_direct(world: &World, step: &Step) -> Result<Option<PurchaseOrderId>, Stop> {
    let made = world.records.values().filter_map(|record| record.outcome.as_ref().ok());
    let sale = |made: &Made| match made.document {
        Some(Document::Sale(id)) => Some(id),
        _ => None,
    };
    let Some(order_id) = made.filter_map(sale).next_back() else { return Ok(None) };
    let detail = world.read(move |tx, ctx| sales::order(tx, ctx, order_id))?;
    let direct =
        |sku: &str| world.supplied.get(sku).and_then(|s: &SuppliedOnSale| s.direct.clone());
    let lacking = detail.lines.iter().filter(|line| line.back_order.is_positive());
    let lacking: Vec<_> =
        lacking.filter_map(|line| direct(&line.sku).map(|code| (line.line, code))).collect();
    let Some((_, supplier)) = lacking.first().cloned() else { return Ok(None) };
    let price = step.args.price_opt("unit_price")?;
    let of_supplier = lacking.iter().filter(|(_, code)| *code == supplier);
    let lines = of_supplier.map(|(line, _)| SupplyLine { line: *line, quantity: None, price });
    let request = Supply {
        order_id,
        supplier: supplier.clone(),
        lines: Some(lines.collect()),
        direct: true,
        note: String::new(),
        client_ref: String::new(),
    };
    let ctx = world.actor(&step.args)?;
    let made = world.write(&ctx, move |tx, ctx| fulfilment::supply(tx, ctx, request.clone()))?;
    Ok(Some(made.purchase_order_id))
}

fn dropship_po(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let quantity = args.quantity_opt("qty")?;
    let line = |quantity| ShipDirectLine { line: 1, quantity: Some(quantity) };
    let request = ShipDirect {
        purchase_order_id: order_of(world, args)?,
        lines: quantity.map(|quantity| vec![line(quantity)]),
        happened_on: Some(day),
        delivery_note: String::new(),
        carrier: None,
        tracking: None,
    };
    world.write(&ctx, move |tx, ctx| fulfilment::ship_direct(tx, ctx, request.clone()))?;
    Ok(Made::default())
}

fn cancel_open_shipment(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let order_id = order_of(world, &step.args)?;
    let lines = detail(world, order_id)?.lines.into_iter();
    let promise = |line: purchasing::OrderLineView| Promise {
        line: line.line,
        promised_on: day,
        quantity: Some(line.received),
    };
    let lines = lines.filter(|line| line.due.is_positive()).map(promise).collect();
    let request = AcknowledgeOrder { order_id, lines, accept: true };
    world.write(&ctx, move |tx, ctx| purchasing::acknowledge_order(tx, ctx, request.clone()))?;
    Ok(Made::default())
}

fn handle_exception(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let ctx = world.actor(&step.args)?;
    let order_id = order_of(world, &step.args)?;
    let request = CloseShort { order_id, lines: Vec::new(), reason: "scenario".to_owned() };
    world.write(&ctx, move |tx, ctx| purchasing::close_short(tx, ctx, request.clone()))?;
    Ok(Made::default())
}
