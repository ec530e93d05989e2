//! How far purchase orders have come.

use super::{Compare, Seen};
use crate::case::{Args, Expect};
use crate::support::Check;
use crate::world::{Document, Stop, World};
use base::{PurchaseOrderId, Quantity, format_scaled};
use purchasing::{BillKind, OrderDetail, OrderLineView};

pub(super) const CHECKS: &[Check] = &[
    Check {
        name: "po_line",
        args: &[
            "po",
            "line",
            "item",
            "supplier",
            "qty",
            "uom",
            "unit_price",
            "subtotal",
            "received",
        ],
        about: "a line of a purchase order, of the latest when none is named",
        run: po_line,
    },
    Check {
        name: "planned_receipt",
        args: &["qty", "uom"],
        about: "what is still to come of the latest order, in the stock unit",
        run: planned_receipt,
    },
    Check {
        name: "planned_receipt_total",
        args: &["qty", "uom"],
        about: "the same over all orders",
        run: planned_receipt_total,
    },
    Check {
        name: "receipts",
        args: &[
            "target",
            "receipts",
            "receipts.state",
            "receipts.qty",
            "receipts.unit_cost",
            "receipts.backorder_of",
        ],
        about: "what came of an order, one done receipt each, and what is still open of the last",
        run: receipts,
    },
    Check {
        name: "documents",
        args: &["target", "receipts", "bills"],
        about: "how many receipts and bills an order has",
        run: documents,
    },
    Check {
        name: "bill_line",
        args: &["qty"],
        about: "the quantity of the latest order's bill line",
        run: bill_line,
    },
    Check {
        name: "bill_quantities",
        args: &["quantities"],
        about: "the quantities of all bill lines of the latest order",
        run: bill_quantities,
    },
    Check {
        name: "match",
        args: &["state", "qty"],
        about: "how much of what was billed stands against goods that came (done) or are to come \
                (open)",
        run: matched,
    },
    Check { name: "price", args: &["amount"], about: "the price that a step was told", run: price },
    Check {
        name: "total",
        args: &["target", "amount"],
        about: "what an order comes to",
        run: total,
    },
];

/// Every purchase order of the case, oldest first.
fn orders(world: &World) -> Vec<PurchaseOrderId> {
    let made = world.records.values().filter_map(|record| record.outcome.as_ref().ok());
    let order = |document: &Document| match document {
        Document::Order(id) => Some(*id),
        _ => None,
    };
    made.filter_map(|made| made.document.as_ref().and_then(order)).collect()
}

fn detail(world: &World, args: &Args) -> Result<OrderDetail, Stop> {
    let named = args.text_opt("po")?.or(args.text_opt("target")?);
    let order = match named {
        Some(name) => match world.document(name)? {
            Document::Order(id) => *id,
            _ => return Err(Stop::failed(format!("{name} is no purchase order"))),
        },
        None => {
            let last = orders(world).last().copied();
            last.ok_or_else(|| Stop::failed("there is no purchase order"))?
        }
    };
    crate::steps::order(world, order)
}

/// A quantity of an order's line as the line's own unit tells it.
fn in_line_unit(line: &OrderLineView, quantity: Quantity) -> Result<Quantity, Stop> {
    if quantity.is_zero() {
        return Ok(quantity);
    }
    let (whole, of) = (line.quantity.micro(), line.stock_quantity.micro());
    Ok(Quantity::from_micro(base::mul_div(quantity.micro(), whole, of, base::Rounding::HalfUp)?))
}

fn po_line(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let order = detail(world, args)?;
    let (number, sku) = (args.whole_opt("line")?, args.text_opt("item")?);
    let mut lines = order.lines.iter();
    let line = lines.find(|line| {
        number.is_none_or(|number| number == line.line) && sku.is_none_or(|sku| sku == line.sku)
    });
    let line = line.ok_or_else(|| Stop::failed("the order has no such line"))?;
    let mut compare = Compare::default();
    compare.quantity(args, "qty", line.quantity)?;
    compare.price(args, "unit_price", line.price)?;
    compare.scaled(args, "subtotal", line.net.minor, line.net.currency.decimals())?;
    compare.quantity(args, "received", in_line_unit(line, line.received)?)?;
    for (name, got) in [("uom", &line.unit), ("supplier", &order.supplier)] {
        if let Some(wanted) = args.text_opt(name)? {
            compare.text(name, wanted, got);
        }
    }
    compare.done()
}

fn due(args: &Args, orders: &[OrderDetail]) -> Result<Seen, Stop> {
    let lines: Vec<&OrderLineView> = orders.iter().flat_map(|order| &order.lines).collect();
    let mut compare = Compare::default();
    let planned = orders.iter().any(|order| order.state.is_due());
    let got = match planned {
        true => Quantity::checked_sum(lines.iter().map(|line| line.due))?,
        false => Quantity::ZERO,
    };
    compare.quantity(args, "qty", got)?;
    if let (Some(unit), Some(line)) = (args.text_opt("uom")?, lines.first()) {
        compare.text("uom", unit, &line.stock_unit);
    }
    compare.done()
}

fn planned_receipt(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    due(&expect.args, &[detail(world, &expect.args)?])
}

fn planned_receipt_total(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let mut all = Vec::new();
    for order in orders(world) {
        all.push(crate::steps::order(world, order)?);
    }
    due(&expect.args, &all)
}

fn receipts(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let order = detail(world, &expect.args)?;
    let mut got = Vec::new();
    for (index, receipt) in (1..).zip(&order.receipts) {
        for line in &receipt.lines {
            let cost = base::Price::of(
                line.value.minor,
                line.quantity,
                line.value.currency,
                base::Rounding::HalfUp,
            )?;
            got.push(format!("done {} at {cost}", line.quantity));
        }
        let last = index == order.receipts.len();
        for line in order.lines.iter().filter(|line| last && line.due.is_positive()) {
            got.push(format!("open {} at {} of {index}", line.due, line.price));
        }
    }
    if order.receipts.is_empty() {
        let lines = order.lines.iter().filter(|line| line.due.is_positive());
        got.extend(lines.map(|line| format!("open {} at {}", line.due, line.price)));
    }
    let mut wanted = Vec::new();
    for line in expect.args.list("receipts") {
        let of = match line.text_opt("backorder_of")? {
            Some(number) => format!(" of {number}"),
            None => String::new(),
        };
        wanted.push(format!(
            "{} {} at {}{of}",
            line.text("state")?,
            line.quantity("qty")?,
            line.price("unit_cost")?
        ));
    }
    let mut compare = Compare::default();
    compare.multiset("receipts", wanted, got);
    compare.done()
}

fn count(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

fn documents(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let order = detail(world, &expect.args)?;
    let bills = order.bills.iter().filter(|bill| bill.kind == BillKind::Bill).count();
    let mut compare = Compare::default();
    compare.scaled(&expect.args, "receipts", count(order.receipts.len()), 0)?;
    compare.scaled(&expect.args, "bills", count(bills), 0)?;
    compare.done()
}

fn bill_line(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let order = detail(world, &expect.args)?;
    let lines = order.bills.iter().flat_map(|bill| &bill.lines);
    let line = lines.last().ok_or_else(|| Stop::failed("the order has no bill"))?;
    let mut compare = Compare::default();
    compare.quantity(&expect.args, "qty", line.quantity)?;
    compare.done()
}

fn bill_quantities(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let order = detail(world, &expect.args)?;
    let lines = order.bills.iter().flat_map(|bill| &bill.lines);
    let got = lines.map(|line| format_scaled(line.quantity.micro(), 6, 0)).collect();
    let mut wanted = Vec::new();
    for word in expect.args.words("quantities")? {
        wanted.push(format_scaled(base::parse_scaled(word, 6)?, 6, 0));
    }
    let mut compare = Compare::default();
    compare.multiset("quantities", wanted, got);
    compare.done()
}

fn matched(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let order = detail(world, &expect.args)?;
    let lines = order.bills.iter().flat_map(|bill| &bill.lines);
    let done = match expect.args.text("state")? {
        "done" => true,
        "open" => false,
        other => return Err(Stop::failed(format!("a match is done or open, not {other}"))),
    };
    let part = lines.map(|line| if done { line.done } else { line.open });
    let mut compare = Compare::default();
    compare.quantity(&expect.args, "qty", Quantity::checked_sum(part)?)?;
    compare.done()
}

fn price(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let told = world.made(expect.step)?.price;
    let mut compare = Compare::default();
    let price = told.ok_or_else(|| Stop::failed("the step was told no price"))?;
    compare.price(&expect.args, "amount", price)?;
    compare.done()
}

fn total(world: &World, expect: &Expect) -> Result<Seen, Stop> {
    let args = &expect.args;
    let got = match world.document(args.text("target")?)? {
        Document::Order(id) => crate::steps::order(world, *id)?.total,
        Document::Sale(id) => {
            let id = *id;
            world.read(move |tx, ctx| sales::order(tx, ctx, id))?.head.net
        }
        _ => return Err(Stop::failed("only orders have a total")),
    };
    let mut compare = Compare::default();
    compare.scaled(args, "amount", got.minor, got.currency.decimals())?;
    compare.done()
}
