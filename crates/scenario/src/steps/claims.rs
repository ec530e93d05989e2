//! Claims of customers: what was sold comes back, and its price is given back.

use super::sale::sale_of;
use crate::case::Step;
use crate::support::{Verb, any};
use crate::world::{Document, Made, Stop, World};
use base::CustomerReturnId;
use quality::{
    AuthorizeLine, AuthorizeReturn, DecideRefund, Dispose, DisposeLine, Disposition, ReceiveReturn,
    ReturnReason,
};
use sales::InvoiceOrder;

pub(super) const VERBS: &[Verb] = &[Verb {
    name: "claim",
    args: &["target", "action", "lines", "lines.line", "lines.qty", "lines.unit_price", "date"],
    about: "a customer's claim: goods of a sale come back, are restocked, and their price is given back; what was not invoiced is invoiced first",
    fits: returns,
    run: claim,
}];

/// The one action that is known.
fn returns(case: &crate::case::Case, step: &Step) -> Result<(), String> {
    any(case, step)?;
    match step.args.text("action") {
        Ok("return") => Ok(()),
        Ok(other) => Err(format!("the action {other} of a claim")),
        Err(error) => Err(error.to_string()),
    }
}

fn claim(world: &mut World, step: &Step) -> Result<Made, Stop> {
    let args = &step.args;
    let (ctx, day) = (world.actor(args)?, world.day(args)?);
    let order_id = sale_of(world, args)?;
    invoice_first(world, step, order_id)?;
    let lines = if args.has("lines") {
        let mut lines = Vec::new();
        for line in args.list("lines") {
            lines.push(AuthorizeLine {
                line: Some(line.whole("line")?),
                quantity: line.quantity_opt("qty")?,
                price: line.price_opt("unit_price")?,
                ..AuthorizeLine::default()
            });
        }
        Some(lines)
    } else {
        None
    };
    let request = AuthorizeReturn {
        order_id: Some(order_id),
        partner: None,
        warehouse: None,
        reason: ReturnReason::Other,
        note: "scenario".to_owned(),
        lines,
        sold_on: None,
        prices: None,
        expected_on: Some(day),
        confirm_late: true,
        client_ref: String::new(),
    };
    let made =
        world.write(&ctx, move |tx, ctx| quality::authorize_return(tx, ctx, request.clone()))?;
    let return_id = made.return_id;
    let arrived =
        ReceiveReturn { return_id, lines: None, received_on: Some(day), client_ref: String::new() };
    world.write(&ctx, move |tx, ctx| quality::receive_return(tx, ctx, arrived.clone()))?;
    restock(world, step, return_id)?;
    let refund = DecideRefund {
        return_id,
        lines: None,
        decided_on: Some(day),
        reason: "scenario".to_owned(),
        client_ref: String::new(),
    };
    world.write(&ctx, move |tx, ctx| quality::decide_refund(tx, ctx, refund.clone()))?;
    Ok(Made::document(Document::Claim(return_id)))
}

/// On terms, only what is invoiced can be given back.
fn invoice_first(world: &mut World, step: &Step, order_id: base::SalesOrderId) -> Result<(), Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let order = world.read(move |tx, ctx| sales::order(tx, ctx, order_id))?;
    if order.lines.iter().any(|line| line.invoiced < line.shipped) {
        let request =
            InvoiceOrder { order_id, invoiced_on: Some(day), due_on: None, client_ref: None };
        world.write(&ctx, move |tx, ctx| sales::invoice(tx, ctx, request.clone()))?;
    }
    Ok(())
}

fn restock(world: &mut World, step: &Step, return_id: CustomerReturnId) -> Result<(), Stop> {
    let (ctx, day) = (world.actor(&step.args)?, world.day(&step.args)?);
    let detail = world.read(move |tx, ctx| quality::customer_return(tx, ctx, return_id))?;
    let line = |line: &quality::ReturnLineRow| DisposeLine {
        line: line.line,
        sku: None,
        quantity: None,
        outcome: Disposition::Restock,
        place: None,
        reason: String::new(),
        grade_sku: None,
        grade_value: None,
        supplier: None,
        note: String::new(),
    };
    let request = Dispose {
        return_id,
        decided_on: Some(day),
        lines: detail.lines.iter().map(line).collect(),
        client_ref: String::new(),
    };
    world.write(&ctx, move |tx, ctx| quality::dispose(tx, ctx, request.clone()))?;
    Ok(())
}
