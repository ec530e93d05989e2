//! `ship_direct`: a supplier sent goods straight to a customer. One posting receives and ships them.

use crate::{SHIP_DIRECT, tables};
use base::{
    Day, Money, NumberError, Problem, PurchaseOrderId, Quantity, ReceiptId, Rule, SalesOrderId,
};
use identity::{Ctx, Denied};
use purchasing::{OrderState as PurchaseState, ReceiveError};
use sales::{Direct, DirectLine, ShipError, Shipped};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to confirm that a supplier sent goods straight to a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipDirect {
    /// The purchase order that was made for the customer's order.
    pub purchase_order_id: PurchaseOrderId,
    /// What was sent; everything that is due when absent.
    #[serde(default)]
    pub lines: Option<Vec<ShipDirectLine>>,
    /// The day; today when absent.
    #[serde(default)]
    pub happened_on: Option<Day>,
    /// The number on the supplier's delivery note.
    #[serde(default)]
    pub delivery_note: String,
    /// Who carries them.
    #[serde(default)]
    pub carrier: Option<String>,
    /// The carrier's number.
    #[serde(default)]
    pub tracking: Option<String>,
}

/// A line of the purchase order that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipDirectLine {
    /// The purchase order's line, from 1.
    pub line: i64,
    /// How much, in the stock unit; all that is due when absent.
    #[serde(default)]
    pub quantity: Option<Quantity>,
}

/// What was received and shipped at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DirectDone {
    /// The customer's order.
    pub order_id: SalesOrderId,
    /// The shipment.
    pub shipment: Shipped,
    /// The receipt.
    pub receipt_id: ReceiptId,
    /// Its number.
    pub receipt: String,
    /// What the goods cost.
    pub cost: Money,
    /// Where the purchase order stands.
    pub purchase_state: PurchaseState,
}

/// Why nothing was shipped, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ShipDirectError {
    /// No permission in the order's warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The purchase order is for nobody's order, or its goods come to the warehouse.
    #[error(
        "purchase order {purchase_order_id} sends nothing straight to a customer; receive its goods \
         instead"
    )]
    NotDirect {
        /// What was asked.
        purchase_order_id: PurchaseOrderId,
    },
    /// The line is named twice.
    #[error("line {line} is named twice; name it once with the whole quantity")]
    Twice {
        /// The line.
        line: i64,
    },
    /// A line was added to the purchase order that is for nobody.
    #[error("line {line} of the purchase order is for no line of the customer's order")]
    NotSupplied {
        /// The line.
        line: i64,
    },
    /// Everything was sent.
    #[error("nothing is due of the purchase order")]
    NothingDue,
    /// The goods cannot be received as asked.
    #[error(transparent)]
    Receive(#[from] ReceiveError),
    /// The goods cannot be shipped as asked.
    #[error(transparent)]
    Ship(#[from] ShipError),
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ShipDirectError {
    fn problem(&self) -> Problem {
        let refused = |code, line: &i64| {
            let line = u32::try_from(*line).unwrap_or(0);
            Problem::refused(code, self.to_string()).with_line(line)
        };
        match self {
            ShipDirectError::Denied(error) => error.problem(),
            ShipDirectError::NotDirect { .. } => {
                Problem::refused("not_direct", self.to_string()).with_field("purchase_order_id")
            }
            ShipDirectError::Twice { line } => refused("line_twice", line),
            ShipDirectError::NotSupplied { line } => refused("line_not_supplied", line),
            ShipDirectError::NothingDue => Problem::refused("nothing_due", self.to_string()),
            ShipDirectError::Receive(error) => error.problem(),
            ShipDirectError::Ship(error) => error.problem(),
            ShipDirectError::Number(error) => error.problem(),
            ShipDirectError::Store(error) => error.problem(),
        }
    }
}

/// Receives goods from a supplier and ships them to the customer by one move each, in one entry: cost
/// of sales against goods received, not invoiced, at the purchase price, and the revenue as every
/// shipment takes it. Both documents' lines move on together.
///
/// # Errors
/// The first broken rule in the order of [`ShipDirectError`]; nothing has then been written.
pub fn ship_direct(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ShipDirect,
) -> Result<DirectDone, ShipDirectError> {
    ctx.require_somewhere(SHIP_DIRECT)?;
    let purchase_order_id = request.purchase_order_id;
    let supplies = tables::direct_supplies(tx, ctx.company_id, purchase_order_id)?;
    let Some(order_id) = supplies.values().next().map(|supply| supply.order_id) else {
        return Err(ShipDirectError::NotDirect { purchase_order_id });
    };
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let order = sales::hold_direct(tx, ctx, order_id)?;
    ctx.require_in(SHIP_DIRECT, order.warehouse_id())?;
    let purchase = purchasing::hold_direct(tx, ctx, purchase_order_id, happened_on)?;
    let asked = asked(&request, &purchase.due()?)?;

    let (mut goods, mut lines, mut entry_lines) = (Vec::new(), Vec::new(), Vec::new());
    for (number, quantity) in asked {
        let supply = supplies.get(&number).ok_or(ShipDirectError::NotSupplied { line: number })?;
        let part = purchase.goods(number, quantity)?;
        entry_lines.extend(purchase.entry_lines(&part)?);
        lines.push(DirectLine {
            line: supply.line,
            quantity,
            value: purchase.value(&part)?,
            owed: purchase.counter(&part),
        });
        goods.push(part);
    }
    let direct = Direct {
        lines,
        from: purchase.supplier_place(),
        happened_on,
        carrier: request.carrier,
        tracking: request.tracking,
        entry_lines,
    };
    let done = sales::ship_direct(tx, ctx, order, direct)?;
    let goods = goods.into_iter().zip(done.moves).collect();
    let note = (done.shipped.posted_on, request.delivery_note.as_str());
    let received = purchasing::receive_direct(tx, ctx, purchase, goods, note)?;
    let detail = serde_json::json!({
        "purchase_order_id": purchase_order_id,
        "shipment": done.shipped.number,
        "receipt": received.number,
        "cost": received.value,
    });
    ctx.audit(tx, SHIP_DIRECT, sales::ORDER, base::Id::raw(order_id), detail);
    Ok(DirectDone {
        order_id,
        shipment: done.shipped,
        receipt_id: received.receipt_id,
        receipt: received.number,
        cost: received.value,
        purchase_state: received.order_state,
    })
}

/// What was sent, by the purchase order's line.
fn asked(
    request: &ShipDirect,
    due: &[purchasing::DueLine],
) -> Result<Vec<(i64, Quantity)>, ShipDirectError> {
    let mut asked: Vec<(i64, Quantity)> = Vec::new();
    match &request.lines {
        None => asked.extend(
            due.iter().filter(|line| line.due.is_positive()).map(|line| (line.line, line.due)),
        ),
        Some(lines) => {
            for line in lines {
                if asked.iter().any(|(number, _)| *number == line.line) {
                    return Err(ShipDirectError::Twice { line: line.line });
                }
                let of_line = due.iter().find(|due| due.line == line.line);
                let all = of_line.map_or(Quantity::ONE, |due| due.due);
                asked.push((line.line, line.quantity.unwrap_or(all)));
            }
        }
    }
    if asked.is_empty() { Err(ShipDirectError::NothingDue) } else { Ok(asked) }
}
