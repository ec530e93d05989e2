//! The nouns of returns as the verbs know them.

use base::{
    CustomerReturnId, CustomerReturnLineId, Id, ItemId, LotId, MoveId, PartnerId, PlaceId, Price,
    Quantity, Rate, SalesOrderId, TaxCodeId, WarehouseId,
};
use sales::Prices;

/// The kind of document.
pub(crate) const RETURN: &str = "customer_return";
/// The kind of source under which stock expects what comes back.
pub(crate) const LINE: &str = "customer_return_line";
/// The kind of document that moves goods after a decision.
pub(crate) const DISPOSITION: &str = "disposition";

/// The kind of document by which somebody decides on received goods.
pub(crate) const INSPECTION: &str = "inspection";

/// The kind of document by which a supplier owes, and of its open line.
pub(crate) const CLAIM: &str = "claim";
/// The kind of document by which a customer gets money, and of its open line.
pub(crate) const REFUND: &str = "refund";

/// Goods that came back together and left together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoodsId(i64);

impl Id for GoodsId {
    const KIND: &'static str = "returned_goods";

    fn from_raw(raw: i64) -> GoodsId {
        GoodsId(raw)
    }

    fn raw(self) -> i64 {
        self.0
    }
}

impl store::ToValue for GoodsId {
    fn to_value(&self) -> store::Value {
        store::Value::Int(self.0)
    }
}

impl store::FromValue for GoodsId {
    fn from_value(value: &store::Value) -> Option<GoodsId> {
        i64::from_value(value).map(GoodsId)
    }
}

/// A return as its verbs find and hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Return {
    pub id: CustomerReturnId,
    pub number: String,
    pub order_id: Option<SalesOrderId>,
    pub partner_id: Option<PartnerId>,
    pub warehouse_id: WarehouseId,
    pub prices: Prices,
    pub revision: i64,
    pub lines: Vec<Line>,
    pub goods: Vec<Goods>,
}

/// A line of a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub id: CustomerReturnLineId,
    pub line: i64,
    /// The order's line; none of a sale that these books do not know.
    pub order_line: Option<i64>,
    pub item_id: ItemId,
    pub quantity: Quantity,
    pub price: Option<Price>,
    pub tax_code_id: Option<TaxCodeId>,
    pub tax_rate: Rate,
    pub received: Quantity,
    pub closed: Quantity,
    pub refunded: Quantity,
}

impl Line {
    /// What is still to come.
    pub(crate) fn expected(&self) -> Result<Quantity, base::NumberError> {
        self.quantity.checked_sub(self.received)?.checked_sub(self.closed)
    }
}

/// Goods that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Goods {
    pub id: GoodsId,
    pub line_id: CustomerReturnLineId,
    pub item_id: ItemId,
    pub lot_id: Option<LotId>,
    pub place: PlaceId,
    pub quantity: Quantity,
    pub decided: Quantity,
    pub back: Quantity,
}

/// A move by which goods of an order's line left, and what of it has not come back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Left {
    pub order_line: i64,
    pub move_id: MoveId,
    pub item_id: ItemId,
    pub lot_id: Option<LotId>,
    pub lot: String,
    pub quantity: Quantity,
    pub open: Quantity,
    /// Whether goods that had come back were sent once more.
    pub again: bool,
    pub happened_on: base::Day,
}

/// What became of goods of a receipt's line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Gone {
    /// How much is claimed.
    pub claimed: Quantity,
    /// How much inspections scrapped or found gone.
    pub lost: Quantity,
}
