//! `hold_received`, `hold_quarantined`: goods of a receipt, held while somebody decides on them.

use crate::tables;
use base::{ItemId, LotId, PartnerId, PlaceId, Quantity, ReceiptId, ReceiptLineId, WarehouseId};
use identity::Ctx;
use store::{StoreError, Tx};

/// Goods of a receipt's line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedGoods {
    /// The line.
    pub receipt_line_id: ReceiptLineId,
    /// The supplier.
    pub partner_id: PartnerId,
    /// The item.
    pub item_id: ItemId,
    /// How much came, in the stock unit.
    pub quantity: Quantity,
    /// Where it was put.
    pub place_id: PlaceId,
    /// Its lot, for items that have them.
    pub lot_id: Option<LotId>,
    /// Whether they went straight to a customer and never lay with us.
    pub direct: bool,
}

/// Holds the order of a receipt's line and tells what came; `None` for a line that brought nothing.
/// For verbs that have their own permission.
///
/// # Errors
/// The store's own.
pub fn hold_received(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    receipt_id: ReceiptId,
    line: i64,
) -> Result<Option<ReceivedGoods>, StoreError> {
    tables::hold_received(tx, ctx.company_id, receipt_id, line)
}

/// Goods that a receipt's line took into quarantine, where they wait for somebody to look at them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantinedGoods {
    /// The number of the receipt's line.
    pub line: i64,
    /// The line.
    pub receipt_line_id: ReceiptLineId,
    /// The supplier.
    pub partner_id: PartnerId,
    /// The warehouse.
    pub warehouse_id: WarehouseId,
    /// The item.
    pub item_id: ItemId,
    /// Its lot, for items that have them.
    pub lot_id: Option<LotId>,
    /// How much came, in the stock unit.
    pub quantity: Quantity,
    /// Where it was put.
    pub place_id: PlaceId,
    /// Where it goes once it is found good.
    pub inspect_to: PlaceId,
}

/// Holds the order of a receipt and tells what it brought into quarantine, by line. For verbs that
/// have their own permission.
///
/// # Errors
/// The store's own.
pub fn hold_quarantined(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    receipt_id: ReceiptId,
) -> Result<Vec<QuarantinedGoods>, StoreError> {
    tables::hold_quarantined(tx, ctx.company_id, receipt_id)
}
