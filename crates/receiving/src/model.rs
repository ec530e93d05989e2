//! The nouns: a blind receipt, unknown goods.

use crate::words::{BlindState, UnknownState, Why};
use crate::{BLIND_RECEIPT, UNKNOWN_GOODS};
use base::{
    BlindReceiptId, Day, Id, ItemId, PartnerId, Quantity, UnknownGoodsId, UserId, WarehouseId,
};
use documents::Record;

/// The head of a blind receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BlindReceipt {
    pub id: BlindReceiptId,
    pub number: String,
    pub partner_id: PartnerId,
    pub warehouse_id: WarehouseId,
    pub state: BlindState,
    pub delivery_note: String,
    /// How many scans it has, with those taken back.
    pub lines: i64,
    /// Counts every write.
    pub seq: i64,
    pub opened_on: Day,
}

impl BlindReceipt {
    /// What documents are attached to and prove something of.
    pub(crate) fn record(&self) -> Record {
        let (kind, name) = (BLIND_RECEIPT.to_owned(), self.number.clone());
        Record { kind, id: self.id.raw(), name }
    }
}

/// Goods of which the item or the order is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unknown {
    pub id: UnknownGoodsId,
    pub number: String,
    pub client_ref: String,
    /// The supplier that brought them, when somebody knows.
    pub partner_id: Option<PartnerId>,
    pub warehouse_id: WarehouseId,
    pub blind_receipt_id: Option<BlindReceiptId>,
    pub why: Why,
    pub item_id: Option<ItemId>,
    pub code: String,
    pub description: String,
    pub lot: String,
    pub expires_on: Option<Day>,
    pub damaged: bool,
    /// Where they lie, in words.
    pub place: String,
    /// In the item's stock unit, of an unknown item as they were counted.
    pub quantity: Quantity,
    /// What has not ended.
    pub waiting: Quantity,
    pub state: UnknownState,
    /// Who sees to them, and by when.
    pub owner_id: UserId,
    pub due_on: Day,
    pub found_on: Day,
    pub seq: i64,
}

impl Unknown {
    /// What documents are attached to and prove something of.
    pub(crate) fn record(&self) -> Record {
        let (kind, name) = (UNKNOWN_GOODS.to_owned(), self.number.clone());
        Record { kind, id: self.id.raw(), name }
    }
}
