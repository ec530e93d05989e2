//! Suppliers' bills and credit notes.

use super::orders::{arrived, detail, order_of, take_in};
use crate::case::{Args, Case, Step};
use crate::support::{Verb, any};
use crate::world::{Document, Made, Stop, World};
use accounting::Role;
use base::{Id, PurchaseOrderId, Quantity};
use purchasing::{Bill, BillExpense, BillGoods, Billing, CreditGoods, CreditNote};

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "bill",
        args: &[
            "target",
            "supplier",
            "date",
            "override",
            "override.line",
            "override.qty",
            "override.unit_price",
            "lines",
            "lines.item",
            "lines.qty",
            "lines.unit_price",
        ],
        about: "a supplier bills what may be billed of an order now, or services without an order",
        fits: order_or_services,
        run: bill,
    },
    Verb {
        name: "bill_and_receive",
        args: &["target", "date", "lines", "lines.line", "lines.qty"],
        about: "goods arrive with their bill",
        fits: any,
        run: bill_and_receive,
    },
    Verb {
        name: "credit_note",
        args: &["target", "qty", "date"],
        about: "a supplier credits what went back and was billed",
        fits: order_target,
        run: credit_note,
    },
];

/// The verb that made what a step targets, as far as the case says.
fn maker<'a>(case: &'a Case, step: &Step) -> Option<&'a str> {
    let target = step.args.text_opt("target").ok().flatten()?;
    let ordering = |other: &&Step| matches!(&*other.verb, "request_to_po" | "run_replenishment");
    if target == "$generated" {
        return case.steps.iter().find(ordering).map(|other| other.verb.as_str());
    }
    let named = |other: &&Step| other.args.text_opt("id").ok().flatten() == Some(target);
    case.steps.iter().find(named).map(|other| other.verb.as_str())
}

fn order_target(case: &Case, step: &Step) -> Result<(), String> {
    match maker(case, step) {
        Some(
            "create_po" | "receive_po" | "bill" | "bill_and_receive" | "request_to_po"
            | "run_replenishment",
        ) => Ok(()),
        _ => Err("a target that is of no purchase order".to_owned()),
    }
}

fn order_or_services(case: &Case, step: &Step) -> Result<(), String> {
    match (step.args.has("target"), step.args.has("lines")) {
        (true, true) => Err("argument lines beside target".to_owned()),
        (true, false) => order_target(case, step),
        (false, _) => {
            let items = case.setup.iter().find(|(key, _)| key == "items").map(|(_, node)| node);
            let items = items.map_or(&[][..], |node| node.items());
            let service = |sku: &str| {
                items.iter().any(|item| {
                    item.get("sku").and_then(|n| n.text()) == Some(sku)
                        && item.get("kind").and_then(|n| n.text()) == Some("service")
                })
            };
            let lines = step.args.list("lines");
            let mut skus = lines.iter().map(|line| line.text_opt("item").ok().flatten());
            match skus.all(|sku| sku.is_some_and(service)) {
                true => Ok(()),
                false => Err("argument lines with goods".to_owned()),
            }
        }
    }
}

fn draft(world: &mut World, step: &Step, supplier: String) -> Result<Bill, Stop> {
    Ok(Bill {
        supplier,
        reference: format!("B{}", world.draw()),
        billed_on: Some(world.day(&step.args)?),
        due_on: None,
        currency: None,
        goods: Vec::new(),
        expenses: Vec::new(),
        confirm_duplicate: false,
        note: String::new(),
        client_ref: String::new(),
    })
}

fn enter(
    world: &mut World,
    step: &Step,
    bill: Bill,
    order: Option<PurchaseOrderId>,
) -> Result<Made, Stop> {
    let ctx = world.actor(&step.args)?;
    world.write(&ctx, move |tx, ctx| purchasing::bill(tx, ctx, bill.clone()))?;
    if let Some(id) = step.args.text_opt("id")? {
        world.bills.insert(id.to_owned(), step.n);
    }
    Ok(Made::document(Document::Bill { order }))
}

fn bill(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    if !args.has("target") {
        let mut bill = draft(world, step, args.text("supplier")?.to_owned())?;
        bill.expenses = expenses(world, args)?;
        return enter(world, step, bill, None);
    }
    let order_id = order_of(world, args)?;
    let order = detail(world, order_id)?;
    let mut bill = draft(world, step, order.supplier.clone())?;
    for line in &order.lines {
        let may = match order.billing {
            Billing::OnOrder => line.stock_quantity.checked_sub(line.billed)?,
            Billing::OnReceipt => line.not_billed,
        };
        if may.is_positive() {
            bill.goods.push(goods(order_id, line.line, None, None));
        }
    }
    for change in args.list("override") {
        let number = change.whole("line")?;
        let line = bill.goods.iter_mut().find(|line| line.line == number);
        let line =
            line.ok_or_else(|| Stop::failed(format!("line {number} cannot be billed now")))?;
        line.price = change.price_opt("unit_price")?;
        line.quantity = change.quantity_opt("qty")?;
    }
    enter(world, step, bill, Some(order_id))
}

fn goods(
    order_id: PurchaseOrderId,
    line: i64,
    quantity: Option<Quantity>,
    unit: Option<String>,
) -> BillGoods {
    BillGoods { order_id, line, quantity, unit, price: None, tax_code: None, correction: false }
}

fn expenses(world: &World, args: &Args) -> Result<Vec<BillExpense>, Stop> {
    let mut expenses = Vec::new();
    for line in args.list("lines") {
        let sku = line.text("item")?;
        let role = match world.landed_services.contains(sku) {
            true => Role::LandedCostClearing,
            false => Role::Expense,
        };
        expenses.push(BillExpense {
            role,
            description: sku.to_owned(),
            quantity: line.quantity_opt("qty")?.unwrap_or(Quantity::ONE),
            price: line.price("unit_price")?,
            tax_code: String::new(),
        });
    }
    Ok(expenses)
}

fn bill_and_receive(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let order_id = order_of(world, args)?;
    let order = detail(world, order_id)?;
    let mut lines = Vec::new();
    for line in args.list("lines") {
        lines.push(arrived(line.whole("line")?, line.quantity("qty")?, None));
    }
    let mut bill = draft(world, step, order.supplier)?;
    let line =
        |line: &purchasing::ReceiveLine| goods(order_id, line.line, Some(line.quantity), None);
    bill.goods = lines.iter().map(line).collect();
    let receipt = take_in(world, &ctx, day, order_id, lines, false)?;
    enter(world, step, bill, Some(order_id))?;
    Ok(Made::document(Document::Receipt(receipt)))
}

fn credit_note(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let ctx = world.actor(args)?;
    let order_id = order_of(world, args)?;
    let order = detail(world, order_id)?;
    let quantity = args.quantity_opt("qty")?;
    let lines = order.lines.iter().filter(|line| line.billed_ahead.is_positive());
    let goods: Vec<CreditGoods> = lines
        .map(|line| CreditGoods {
            order_id,
            line: line.line,
            quantity,
            unit: None,
            price: None,
            tax_code: None,
        })
        .collect();
    let request = CreditNote {
        supplier: order.supplier,
        reference: format!("C{}-{}", order_id.raw(), world.draw()),
        credited_on: Some(world.day(args)?),
        goods,
        confirm_duplicate: false,
        note: String::new(),
        client_ref: String::new(),
    };
    world.write(&ctx, move |tx, ctx| purchasing::credit_note(tx, ctx, request.clone()))?;
    Ok(Made::document(Document::Bill { order: Some(order_id) }))
}
