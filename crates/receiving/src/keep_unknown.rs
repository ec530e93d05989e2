//! `keep_unknown`: nobody ordered the goods and nobody wants them back. They become stock as goods
//! found, at current cost, by an adjustment with its reason, limits and evidence.

use crate::receive_unknown::{end, part};
use crate::tables::NewEnd;
use crate::words::{End, UnknownState};
use crate::{KEEP_UNKNOWN, SETTLE, UnknownError, tables};
use base::{BatchId, DocumentId, Id, Money, Quantity, UnknownGoodsId, check_code};
use catalog::{Item, Tracking};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use stock::{Adjust, AdjustmentState, Difference, Lot, LotDates};
use store::Tx;
use utoipa::ToSchema;

/// Unknown goods that become stock.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeepUnknown {
    /// The goods; what item they are has to be known.
    pub unknown_goods_id: UnknownGoodsId,
    /// The code of the adjustment's reason.
    pub reason: String,
    /// How much, in the item's stock unit; all that waits when left out.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// The lot's or the piece's number, when the goods have none yet.
    #[serde(default)]
    pub lot: Option<String>,
    /// The path of the place that they go to; the warehouse's stock when left out.
    #[serde(default)]
    pub place: Option<String>,
    /// Documents that prove it, when the reason asks for them.
    #[serde(default)]
    pub evidence: Vec<DocumentId>,
}

/// Unknown goods as kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownKept {
    /// The goods.
    pub unknown_goods_id: UnknownGoodsId,
    /// The adjustment that took them in.
    pub adjustment_id: BatchId,
    /// Its number.
    pub adjustment: String,
    /// What they are worth at current cost.
    pub value: Money,
    /// How much of the goods still waits.
    pub waiting: Quantity,
    /// Whether anything still waits.
    pub state: UnknownState,
}

/// Takes unknown goods into stock as found.
///
/// # Errors
/// The first broken rule in the order of [`UnknownError`]; nothing has then been written.
pub fn keep_unknown(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: KeepUnknown,
) -> Result<UnknownKept, UnknownError> {
    request.lot.as_ref().map_or(Ok(()), |lot| check_code("lot", lot))?;
    let mut goods = tables::lock_waiting(tx, ctx, request.unknown_goods_id, SETTLE)?;
    let quantity = part(&goods, request.quantity)?;
    let not_identified = || UnknownError::NotIdentified { number: goods.number.clone() };
    let item_id = goods.item_id.ok_or_else(not_identified)?;
    let item = catalog::items_by_id(tx, ctx.company_id, &[item_id])?.remove(&item_id);
    let item = item.ok_or_else(not_identified)?;
    let code = Some(goods.lot.clone()).filter(|lot| !lot.is_empty()).or(request.lot);
    let lot = lot_of(&item, code, quantity)?;
    let place = tables::place(tx, ctx, goods.warehouse_id, request.place)?;
    if let Some(code) = &lot {
        let dates = LotDates::of(&item, goods.expires_on, goods.found_on);
        let lot = Lot { item_id, code: code.clone(), dates };
        stock::dated_lots(tx, ctx.company_id, goods.found_on, &[lot])?;
    }
    let difference = Difference {
        sku: item.sku,
        place,
        lot,
        quantity,
        reason: request.reason.clone(),
        evidence: request.evidence,
    };
    let adjust = Adjust {
        happened_on: None,
        memo: format!("{} kept", goods.number),
        lines: vec![difference],
        client_ref: format!("{} {}", goods.number, goods.seq),
    };
    let reference = adjust.client_ref.clone();
    let done = stock::adjust(tx, ctx, adjust)?;
    if done.repeated {
        return Err(UnknownError::ReferenceUsed { reference, document: done.number });
    }
    // What waits for somebody's yes would be in stock and unknown at once.
    if done.state != AdjustmentState::Booked {
        return Err(UnknownError::NeedsApproval { number: goods.number });
    }
    let ended = NewEnd {
        adjustment_id: done.adjustment_id.raw(),
        reason: &request.reason,
        ..NewEnd::new(End::Kept, quantity)
    };
    end(tx, ctx, &mut goods, KEEP_UNKNOWN, ended)?;
    Ok(UnknownKept {
        unknown_goods_id: goods.id,
        adjustment_id: done.adjustment_id,
        adjustment: done.number,
        value: done.values.first().copied().unwrap_or(Money::new(0, ctx.currency)),
        waiting: goods.waiting,
        state: goods.state,
    })
}

/// The lot under which goods are kept: none for items that have none.
fn lot_of(
    item: &Item,
    code: Option<String>,
    quantity: Quantity,
) -> Result<Option<String>, UnknownError> {
    if item.tracking == Tracking::None {
        return Ok(None);
    }
    let (sku, tracking) = (item.sku.clone(), item.tracking);
    let lot = code.ok_or(UnknownError::LotMissing { sku, tracking })?;
    if tracking == Tracking::Serial && quantity != Quantity::ONE {
        return Err(UnknownError::SharedSerial { lot, quantity });
    }
    Ok(Some(lot))
}
