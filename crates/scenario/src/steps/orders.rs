//! Purchase orders from draft to receipt.

use crate::case::{Args, Case, Step};
use crate::support::{Verb, any};
use crate::world::{Document, Goods, Made, Moved, Receipt, Stop, World};
use base::{Currency, Day, Id, PurchaseOrderId};
use identity::Verdict;
use purchasing::{
    AmendOrder, ApproveOrder, Billing, CancelOrder, CreateOrder, LineChange, OrderDetail,
    OrderLine, PriceOf, Receive, ReceiveLine, SubmitOrder,
};
use std::collections::BTreeMap;

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "create_po",
        args: &[
            "supplier",
            "date",
            "user",
            "currency",
            "billing",
            "confirm",
            "lines",
            "lines.item",
            "lines.qty",
            "lines.uom",
            "lines.unit_price",
        ],
        about: "a purchase order is written, and submitted with confirm; a null price is the \
                supplier's offer, or else the item's cost",
        fits: orderable,
        run: create_po,
    },
    Verb {
        name: "confirm_po",
        args: &["target", "date", "user"],
        about: "an order is submitted: approved at once, or waiting for somebody's yes",
        fits: any,
        run: confirm_po,
    },
    Verb {
        name: "approve_po",
        args: &["target", "user"],
        about: "a waiting order is approved",
        fits: any,
        run: approve_po,
    },
    Verb {
        name: "edit_po_line",
        args: &["target", "line", "qty", "unit_price"],
        about: "a line of an order gets another quantity or price",
        fits: any,
        run: edit_po_line,
    },
    Verb {
        name: "cancel_po",
        args: &["target"],
        about: "an order of which nothing came is called off",
        fits: any,
        run: cancel_po,
    },
    Verb {
        name: "receive_po",
        args: &[
            "target",
            "date",
            "user",
            "backorder",
            "confirm_over",
            "lines",
            "lines.line",
            "lines.qty",
            "lines.uom",
        ],
        about: "goods of an order arrive: those of the lines, or all that is due",
        fits: rest_stays_due,
        run: receive_po,
    },
    Verb {
        name: "price_of",
        args: &["item", "supplier", "qty"],
        about: "what a supplier's offer asks for a quantity",
        fits: any,
        run: price_of,
    },
];

/// Orders are for goods that come, at a price that somebody gave.
fn orderable(case: &Case, step: &Step) -> Result<(), String> {
    let supplier = step.args.text_opt("supplier").ok().flatten().unwrap_or_default();
    for line in step.args.list("lines") {
        if line.text_opt("qty").ok().flatten().is_some_and(|qty| qty.starts_with('-')) {
            return Err("argument lines.qty below zero".to_owned());
        }
        let sku = line.text_opt("item").ok().flatten().unwrap_or_default();
        if !line.has("unit_price") && !offered(case, supplier, sku) {
            return Err(
                "argument lines.unit_price: null without a supplier's price or a standard cost"
                    .to_owned(),
            );
        }
    }
    Ok(())
}

fn offered(case: &Case, supplier: &str, sku: &str) -> bool {
    let items = case.setup.iter().find(|(key, _)| key == "items").map(|(_, node)| node);
    let items = items.map_or(&[][..], |node| node.items());
    let word =
        |node: &crate::Node, name: &str| node.get(name).and_then(|n| n.text()).map(str::to_owned);
    let item = items.iter().find(|item| word(item, "sku").as_deref() == Some(sku));
    if item.is_some_and(|item| item.get("standard_cost").is_some()) {
        return true;
    }
    let offers = item.and_then(|item| item.get("suppliers")).map_or(&[][..], |node| node.items());
    offers.iter().any(|offer| {
        word(offer, "supplier").as_deref() == Some(supplier) && offer.get("price").is_some()
    })
}

fn rest_stays_due(_: &Case, step: &Step) -> Result<(), String> {
    match step.args.text_opt("backorder").ok().flatten() {
        None | Some("true") => Ok(()),
        Some(_) => Err("argument backorder: false".to_owned()),
    }
}

/// The order that a step targets, also by one of its receipts or bills.
pub(super) fn order_of(world: &World, args: &Args) -> Result<PurchaseOrderId, Stop> {
    match world.target(args)? {
        Document::Order(id) | Document::Planned(id) => Ok(*id),
        Document::Receipt(receipt) => Ok(receipt.order),
        Document::Bill { order: Some(order) } => Ok(*order),
        _ => Err(Stop::failed("the target must be a purchase order")),
    }
}

/// An order with its lines.
pub(crate) fn detail(world: &World, order: PurchaseOrderId) -> Result<OrderDetail, Stop> {
    world.read(move |tx, ctx| purchasing::order(tx, ctx, order))
}

/// The stock units of an order's lines.
pub(super) fn stock_units(
    world: &World,
    order: PurchaseOrderId,
) -> Result<BTreeMap<i64, String>, Stop> {
    let lines = detail(world, order)?.lines.into_iter();
    Ok(lines.map(|line| (line.line, line.stock_unit)).collect())
}

fn create_po(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let ctx = world.actor(args)?;
    let mut lines = Vec::new();
    for line in args.list("lines") {
        lines.push(OrderLine {
            sku: line.text("item")?.to_owned(),
            quantity: line.quantity("qty")?,
            unit: line.text_opt("uom")?.map(str::to_owned),
            price: line.price_opt("unit_price")?,
            discount: None,
            tax_code: String::new(),
            due_on: None,
        });
    }
    let currency = match args.text_opt("currency")? {
        Some(code) => Some(Currency::parse(code).map_err(|e| Stop::failed(e.to_string()))?),
        None => None,
    };
    let billing = match args.text_opt("billing")? {
        None | Some("on_receipt") => Billing::OnReceipt,
        Some("on_order") => Billing::OnOrder,
        Some(other) => return Err(Stop::failed(format!("unknown billing {other}"))),
    };
    let request = CreateOrder {
        supplier: args.text("supplier")?.to_owned(),
        warehouse: world.warehouse(None)?.code.clone(),
        currency,
        ordered_on: Some(world.day(args)?),
        billing: Some(billing),
        lines,
        note: String::new(),
        client_ref: String::new(),
    };
    let created =
        world.write(&ctx, move |tx, ctx| purchasing::create_order(tx, ctx, request.clone()))?;
    if args.flag("confirm")? {
        let request = SubmitOrder { order_id: created.order_id };
        world.write(&ctx, move |tx, ctx| purchasing::submit_order(tx, ctx, request.clone()))?;
    }
    Ok(Made::document(Document::Order(created.order_id)))
}

fn confirm_po(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let ctx = world.actor(&step.args)?;
    let request = SubmitOrder { order_id: order_of(world, &step.args)? };
    world.write(&ctx, move |tx, ctx| purchasing::submit_order(tx, ctx, request.clone()))?;
    Ok(Made::default())
}

fn approve_po(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let ctx = world.actor(&step.args)?;
    let order_id = order_of(world, &step.args)?;
    let revision = detail(world, order_id)?.revision;
    let request =
        ApproveOrder { order_id, revision, verdict: Verdict::Approve, reason: String::new() };
    world.write(&ctx, move |tx, ctx| purchasing::approve_order(tx, ctx, request.clone()))?;
    Ok(Made::default())
}

fn edit_po_line(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let ctx = world.actor(args)?;
    let change = LineChange {
        line: args.whole("line")?,
        quantity: args.quantity_opt("qty")?,
        price: args.price_opt("unit_price")?,
        discount: None,
        due_on: None,
    };
    let request = AmendOrder {
        order_id: order_of(world, args)?,
        revision: None,
        supplier: None,
        currency: None,
        note: None,
        lines: vec![change],
        add: Vec::new(),
    };
    world.write(&ctx, move |tx, ctx| purchasing::amend_order(tx, ctx, request.clone()))?;
    Ok(Made::default())
}

fn cancel_po(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let ctx = world.actor(&step.args)?;
    let order_id = order_of(world, &step.args)?;
    let request = CancelOrder { order_id, reason: "scenario".to_owned() };
    world.write(&ctx, move |tx, ctx| purchasing::cancel_order(tx, ctx, request.clone()))?;
    Ok(Made::default())
}

fn receive_po(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let order = order_of(world, args)?;
    let mut lines = Vec::new();
    for line in args.list("lines") {
        let unit = line.text_opt("uom")?.map(str::to_owned);
        lines.push(arrived(line.whole("line")?, line.quantity("qty")?, unit));
    }
    if lines.is_empty() {
        let due = detail(world, order)?.lines.into_iter().filter(|line| line.due.is_positive());
        lines.extend(due.map(|line| arrived(line.line, line.due, Some(line.stock_unit))));
    }
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let receipt = take_in(world, &ctx, day, order, lines, args.flag("confirm_over")?)?;
    Ok(Made::document(Document::Receipt(receipt)))
}

/// Goods of a line as they arrive.
pub(super) fn arrived(line: i64, quantity: base::Quantity, unit: Option<String>) -> ReceiveLine {
    ReceiveLine {
        line,
        quantity,
        unit,
        outcome: purchasing::Outcome::Accepted,
        lot: None,
        expires_on: None,
        place: None,
        reason: String::new(),
        evidence: Vec::new(),
    }
}

/// Receives goods of an order, and keeps what moved.
pub(super) fn take_in(
    world: &World,
    ctx: &identity::Ctx,
    day: Day,
    order: PurchaseOrderId,
    lines: Vec<ReceiveLine>,
    confirm_over: bool,
) -> Result<Receipt, Stop> {
    let before = detail(world, order)?;
    let request = Receive {
        order_id: order,
        received_on: Some(day),
        delivery_note: String::new(),
        lines,
        confirm_over,
        client_ref: String::new(),
    };
    let done = world.write(ctx, move |tx, ctx| purchasing::receive(tx, ctx, request.clone()))?;
    let source = done.receipt_id.raw();
    let moves = world
        .read(move |tx, ctx| stock::moves_of(tx, ctx.company_id, "receipt", &[source]))?
        .into_iter()
        .map(|moved| Moved {
            item_id: moved.item_id,
            move_id: moved.move_id,
            quantity: moved.quantity,
            value: moved.value,
            place: moved.to,
        })
        .collect();
    let after = detail(world, order)?;
    let came = before.lines.iter().zip(&after.lines);
    let came = came.map(|(old, new)| Ok((new.line, new.received.checked_sub(old.received)?)));
    let lines: Vec<_> = came.collect::<Result<_, base::NumberError>>()?;
    let lines = lines.into_iter().filter(|(_, quantity)| quantity.is_positive()).collect();
    Ok(Receipt { order, lines, goods: Goods { moves, open: None, source_id: source } })
}

fn price_of(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let request = PriceOf {
        supplier: args.text("supplier")?.to_owned(),
        sku: args.text("item")?.to_owned(),
        quantity: args.quantity("qty")?,
        unit: None,
        currency: None,
        day: None,
    };
    let priced = world.read(move |tx, ctx| purchasing::price_of(tx, ctx, request.clone()))?;
    Ok(Made { price: Some(priced.price), ..Made::default() })
}
