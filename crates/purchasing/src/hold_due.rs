//! `hold_due`: what of an order is still to come, held while somebody decides on it.

use crate::tables;
use base::{ItemId, PartnerId, PurchaseLineId, PurchaseOrderId, Quantity, WarehouseId};
use identity::Ctx;
use store::{StoreError, Tx};

/// An order of which goods may still come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueGoods {
    /// The order's number.
    pub number: String,
    /// Its supplier.
    pub partner_id: PartnerId,
    /// The warehouse that it is for.
    pub warehouse_id: WarehouseId,
    /// Its lines that were not closed short; none when the order is not on its way.
    pub lines: Vec<DueGoodsLine>,
}

/// A line of an order that goods can be received for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueGoodsLine {
    /// Its number.
    pub line: i64,
    /// The line, the id of what stock expects of it.
    pub line_id: PurchaseLineId,
    /// The item.
    pub item_id: ItemId,
    /// How much is still to come, in the stock unit; zero when all came.
    pub due: Quantity,
}

/// Holds an order and tells what of it is still to come; `None` for no order. For verbs that have
/// their own permission.
///
/// # Errors
/// The store's own.
pub fn hold_due(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: PurchaseOrderId,
) -> Result<Option<DueGoods>, StoreError> {
    let Some(loaded) = tables::lock_order(tx, ctx.company_id, order_id)? else { return Ok(None) };
    let mut lines = Vec::new();
    let on_its_way = loaded.order.state.is_due();
    for line in loaded.lines.iter().filter(|line| on_its_way && !line.closed_short) {
        let beyond = |_| StoreError::Unusable("what is due of an order is no number".to_owned());
        let due = line.due().map_err(beyond)?;
        lines.push(DueGoodsLine { line: line.line, line_id: line.id, item_id: line.item_id, due });
    }
    let (partner_id, warehouse_id) = (loaded.order.partner_id, loaded.order.warehouse_id);
    Ok(Some(DueGoods { number: loaded.order.number, partner_id, warehouse_id, lines }))
}
