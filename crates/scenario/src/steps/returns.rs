//! Goods that come back, or go back.

use super::goods::{open_key, post, posting};
use crate::case::Step;
use crate::support::{Verb, any};
use crate::world::{Document, Goods, Made, Receipt, Stop, World};
use accounting::{Line, Role};
use base::{Quantity, Rounding};
use purchasing::{ReturnLine, ReturnToSupplier};
use stock::{Cost, Counter, Kind, Move};

pub(super) const VERBS: &[Verb] = &[
    Verb {
        name: "return_to_supplier",
        args: &["target", "item", "qty", "unit_price", "force", "date"],
        about: "goods go back to the supplier at the cost of their method",
        fits: any,
        run: return_to_supplier,
    },
    Verb {
        name: "undo_return",
        args: &["target", "qty", "date"],
        about: "returned goods come again, at the current cost",
        fits: any,
        run: undo_return,
    },
    Verb {
        name: "return_from_customer",
        args: &["target", "qty", "date"],
        about: "goods of a delivery come back at the cost they left with",
        fits: any,
        run: return_from_customer,
    },
    Verb {
        name: "cancel_receipt",
        args: &["target", "date"],
        about: "all goods of an order's receipt go back and are due again",
        fits: any,
        run: cancel_receipt,
    },
];

/// The one move that a step targets.
pub(super) fn single(goods: &Goods) -> Result<&crate::world::Moved, Stop> {
    match goods.moves.as_slice() {
        [one] => Ok(one),
        _ => Err(Stop::failed("the target must have moved one item")),
    }
}

fn return_to_supplier(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let target = if args.has("target") { Some(world.target(args)?.clone()) } else { None };
    match target {
        Some(Document::Receipt(receipt)) => {
            let [(line, _)] = receipt.lines.as_slice() else {
                return Err(Stop::failed("the target must be a receipt of one line"));
            };
            let lines = vec![(*line, args.quantity("qty")?)];
            send_back(world, step, &receipt, lines, false)
        }
        Some(Document::Goods(goods)) => {
            let moved = single(&goods)?.clone();
            let quantity = args.quantity_opt("qty")?.unwrap_or(moved.quantity);
            let owed = valuation::rules::share(moved.value, moved.quantity, quantity)?;
            let owed = match args.price_opt("unit_price")? {
                Some(price) => price.extend(quantity, world.ctx.currency, Rounding::HalfUp)?,
                None => owed,
            };
            give_back(world, step, moved.item_id, quantity, owed, goods.open, Some(moved.move_id))
        }
        Some(_) => Err(Stop::failed("the target of a return must be a receipt")),
        None => {
            let item = world.item(args.text("item")?)?.item.id;
            let quantity = args.quantity("qty")?;
            let owed = match args.price_opt("unit_price")? {
                Some(price) => price.extend(quantity, world.ctx.currency, Rounding::HalfUp)?,
                None => 0,
            };
            give_back(world, step, item, quantity, owed, None, None)
        }
    }
}

/// Goods without an order go back: no longer owed is what they were received for, or the price
/// given; its difference to their cost is a price difference.
fn give_back(
    world: &mut World,
    step: &Step,
    item: base::ItemId,
    quantity: Quantity,
    owed: i64,
    open: Option<accounting::OpenKey>,
    reverses: Option<base::MoveId>,
) -> Result<Made, Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let warehouse = world.warehouse(None)?;
    let (from, supplier) = (warehouse.stock, warehouse.supplier);
    let open = open.unwrap_or_else(|| open_key(world));
    let goods = Move {
        kind: Kind::SupplierReturn,
        counter: Some(Counter::role(Role::PriceDifference)),
        reverses,
        ..Move::plain(item, from, supplier, quantity)
    };
    let mut posting = posting(world, day, "return to supplier", vec![goods]);
    posting.lines =
        vec![Line::debit(Role::Grni, owed).open(open), Line::credit(Role::PriceDifference, owed)];
    let goods = post(world, &ctx, posting, &[from], Some(open))?;
    Ok(Made::document(Document::Goods(goods)))
}

/// Goods of an order go back.
fn send_back(
    world: &mut World,
    step: &Step,
    receipt: &Receipt,
    lines: Vec<(i64, Quantity)>,
    replace: bool,
) -> Result<Made, Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let units = super::orders::stock_units(world, receipt.order)?;
    let line = |(line, quantity): (i64, Quantity)| ReturnLine {
        line,
        quantity,
        unit: units.get(&line).cloned(),
        lot: None,
        place: None,
    };
    let request = ReturnToSupplier {
        order_id: receipt.order,
        returned_on: Some(day),
        lines: lines.into_iter().map(line).collect(),
        replace,
        reason: "scenario".to_owned(),
        client_ref: String::new(),
    };
    world.write(&ctx, move |tx, ctx| purchasing::return_to_supplier(tx, ctx, request.clone()))?;
    Ok(Made::default())
}

fn cancel_receipt(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let Document::Receipt(receipt) = world.target(&step.args)?.clone() else {
        return Err(Stop::failed("the target must be a receipt of an order"));
    };
    let lines = receipt.lines.clone();
    send_back(world, step, &receipt, lines, true)
}

fn undo_return(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let Document::Goods(returned) = world.target(&step.args)?.clone() else {
        return Err(Stop::failed("the target must be a return"));
    };
    let moved = single(&returned)?;
    let quantity = step.args.quantity_opt("qty")?.unwrap_or(moved.quantity);
    let supplier = world.warehouse(None)?.supplier;
    let open = open_key(world);
    let goods = Move {
        kind: Kind::Receipt,
        counter: Some(Counter::open(Role::Grni, open)),
        reverses: Some(moved.move_id),
        ..Move::plain(moved.item_id, supplier, moved.place, quantity)
    };
    let posting = posting(world, day, "return undone", vec![goods]);
    let goods = post(world, &ctx, posting, &[moved.place], Some(open))?;
    Ok(Made::document(Document::Goods(goods)))
}

fn return_from_customer(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let Document::Goods(delivered) = world.target(&step.args)?.clone() else {
        return Err(Stop::failed("the target must be a delivery"));
    };
    let moved = single(&delivered)?;
    let quantity = step.args.quantity_opt("qty")?.unwrap_or(moved.quantity);
    let customer = world.warehouse(None)?.customer;
    let goods = Move {
        cost: Cost::FromMove(moved.move_id),
        kind: Kind::CustomerReturn,
        counter: Some(Counter::role(Role::Cogs)),
        reverses: Some(moved.move_id),
        ..Move::plain(moved.item_id, customer, moved.place, quantity)
    };
    let posting = posting(world, day, "return from customer", vec![goods]);
    let goods = post(world, &ctx, posting, &[moved.place], None)?;
    Ok(Made::document(Document::Goods(goods)))
}
