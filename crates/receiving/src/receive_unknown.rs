//! `receive_unknown`: unknown goods turn out to be of an order. They are received for its line by
//! `purchasing::receive`, at the order's price, in the transaction in which they end.

use crate::model::Unknown;
use crate::tables::NewEnd;
use crate::words::{End, UnknownState};
use crate::{MATCH, RECEIVE_UNKNOWN, UNKNOWN_GOODS, UnknownError, tables};
use base::{
    Day, DocumentId, Id, ItemId, Money, PurchaseOrderId, Quantity, ReceiptId, UnknownGoodsId,
    check_code,
};
use identity::{Ctx, Permission};
use purchasing::{Outcome, Receive, ReceiveLine};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// Unknown goods that came for an order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveUnknown {
    /// The goods.
    pub unknown_goods_id: UnknownGoodsId,
    /// The order. It is of the goods' warehouse and, when their supplier is known, to that one.
    pub order_id: PurchaseOrderId,
    /// The number of its line, of which goods may still be due or all have come: what is more than the
    /// tolerance lets in is confirmed. Goods that nobody has identified are what the line is about.
    pub line: i64,
    /// How much, in the item's stock unit; all that waits when left out.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// The lot's or the piece's number, when the goods have none yet.
    #[serde(default)]
    pub lot: Option<String>,
    /// The path of the place that they go to; that of the order's line when left out.
    #[serde(default)]
    pub place: Option<String>,
    /// The day they arrived; the day they were found when left out.
    #[serde(default)]
    pub received_on: Option<Day>,
    /// Take in more than the tolerance allows.
    #[serde(default)]
    pub confirm_over: bool,
    /// Documents that prove how they arrived, beside those that prove something of the goods: these
    /// prove the line of the receipt by themselves.
    #[serde(default)]
    pub evidence: Vec<DocumentId>,
}

/// Unknown goods as received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownReceived {
    /// The goods.
    pub unknown_goods_id: UnknownGoodsId,
    /// The receipt.
    pub receipt_id: ReceiptId,
    /// Its number.
    pub receipt: String,
    /// What they are worth at the order's price.
    pub value: Money,
    /// How much of the goods still waits.
    pub waiting: Quantity,
    /// Whether anything still waits.
    pub state: UnknownState,
}

/// Receives unknown goods for a line of an order.
///
/// # Errors
/// The first broken rule in the order of [`UnknownError`]; nothing has then been written.
pub fn receive_unknown(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReceiveUnknown,
) -> Result<UnknownReceived, UnknownError> {
    request.lot.as_ref().map_or(Ok(()), |lot| check_code("lot", lot))?;
    let mut goods = tables::lock_waiting(tx, ctx, request.unknown_goods_id, MATCH)?;
    let quantity = part(&goods, request.quantity)?;
    let item_id = came_for(tx, ctx, &goods, &request)?;
    goods.item_id = Some(item_id);
    let item = catalog::items_by_id(tx, ctx.company_id, &[item_id])?.remove(&item_id);
    let unit = item.map(|item| item.stock_unit.code);
    let lot = Some(goods.lot.clone()).filter(|lot| !lot.is_empty()).or(request.lot);
    let proofs = documents::evidence_of(tx, ctx, &goods.record())?;
    let proofs = proofs.into_iter().map(|proof| proof.document_id);
    let line = ReceiveLine {
        line: request.line,
        quantity,
        unit,
        outcome: if goods.damaged { Outcome::Quarantine } else { Outcome::Accepted },
        lot,
        expires_on: goods.expires_on,
        place: request.place,
        reason: goods.description.clone(),
        evidence: proofs.chain(request.evidence).collect(),
    };
    let asked = Receive {
        order_id: request.order_id,
        received_on: Some(request.received_on.unwrap_or(goods.found_on)),
        delivery_note: String::new(),
        lines: vec![line],
        confirm_over: request.confirm_over,
        // The goods are held and end once: a name of the client's could be that of another receipt.
        client_ref: String::new(),
    };
    let done = purchasing::receive(tx, ctx, asked)?;
    let ended =
        NewEnd { receipt_id: done.receipt_id.raw(), ..NewEnd::new(End::Received, quantity) };
    end(tx, ctx, &mut goods, RECEIVE_UNKNOWN, ended)?;
    Ok(UnknownReceived {
        unknown_goods_id: goods.id,
        receipt_id: done.receipt_id,
        receipt: done.number,
        value: done.value,
        waiting: goods.waiting,
        state: goods.state,
    })
}

/// The part of what waits that is asked for; all of it when nothing is.
pub(crate) fn part(goods: &Unknown, asked: Option<Quantity>) -> Result<Quantity, UnknownError> {
    let (quantity, waiting) = (asked.unwrap_or(goods.waiting), goods.waiting);
    if quantity.is_positive() && quantity <= waiting {
        return Ok(quantity);
    }
    Err(UnknownError::WrongQuantity { number: goods.number.clone(), quantity, waiting })
}

/// Holds the order and sees that goods of the line can be these: what item they are, which of goods
/// that nobody identified is that of the line. How much it can take is seen to by the receipt.
fn came_for(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    goods: &Unknown,
    request: &ReceiveUnknown,
) -> Result<ItemId, UnknownError> {
    let (order_id, line) = (request.order_id, request.line);
    let due = purchasing::hold_due(tx, ctx, order_id)?;
    let due = due.ok_or(UnknownError::OrderNotFound(order_id))?;
    let order = due.number;
    if due.warehouse_id != goods.warehouse_id {
        let whose = "for the warehouse that they are in".to_owned();
        return Err(UnknownError::OtherOrder { order, whose });
    }
    let found = due.lines.iter().find(|due| due.line == line);
    let found = found.ok_or_else(|| UnknownError::NotDue { order: order.clone(), line })?;
    let item_id = goods.item_id.unwrap_or(found.item_id);
    if item_id != found.item_id {
        let number = goods.number.clone();
        return Err(UnknownError::OtherItem { order, line, number });
    }
    if goods.partner_id.is_some_and(|partner_id| partner_id != due.partner_id) {
        let whose = "to the supplier that brought them".to_owned();
        return Err(UnknownError::OtherOrder { order, whose });
    }
    Ok(item_id)
}

/// Writes that a part of unknown goods ended. Ends are numbered by the revision of the goods that they
/// make, each of which is made once.
pub(crate) fn end(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    goods: &mut Unknown,
    verb: Permission,
    ended: NewEnd<'_>,
) -> Result<(), UnknownError> {
    goods.waiting = goods.waiting.checked_sub(ended.quantity)?;
    if goods.waiting.is_zero() {
        goods.state = UnknownState::Ended;
    }
    let detail = serde_json::json!({
        "number": goods.number, "how": ended.how, "quantity": ended.quantity,
        "waiting": goods.waiting, "reason": ended.reason,
    });
    tables::update_unknown(tx, ctx, goods)?;
    tables::insert_end(tx, ctx, goods, &ended)?;
    ctx.audit(tx, verb, UNKNOWN_GOODS, goods.id.raw(), detail.clone());
    let name = "receiving.unknown_ended";
    ctx.fact(tx, UNKNOWN_GOODS, goods.id.raw(), goods.seq, name, detail);
    Ok(())
}
