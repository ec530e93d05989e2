//! The nouns of sales as the verbs know them.

use crate::words::{LineKind, OrderState, Prices, ReserveAt, RevenueAt, WhenShort};
use accounting::Role;
use base::{
    Day, Id, ItemId, PartnerId, PlaceId, Price, Quantity, Rate, SalesLineId, SalesOrderId,
    TaxCodeId, Timestamp, WarehouseId,
};

/// The kind of document that owns demands, and the kind of the open line of what a customer paid
/// for it before its shipment; the line's id is the order's.
pub const ORDER: &str = "sales_order";
/// The kind of open line on which the cost of goods waits for its invoice.
pub(crate) const LINE: &str = "sales_line";
/// The kind of document that moves goods.
pub(crate) const SHIPMENT: &str = "shipment";
/// The kind of document that a customer owes for.
pub(crate) const INVOICE: &str = "invoice";

/// The number of a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ChannelId(i64);

impl Id for ChannelId {
    const KIND: &'static str = "sales_channel";

    fn from_raw(raw: i64) -> ChannelId {
        ChannelId(raw)
    }

    fn raw(self) -> i64 {
        self.0
    }
}

impl store::ToValue for ChannelId {
    fn to_value(&self) -> store::Value {
        store::Value::Int(self.0)
    }
}

impl store::FromValue for ChannelId {
    fn from_value(value: &store::Value) -> Option<ChannelId> {
        i64::from_value(value).map(ChannelId)
    }
}

/// What is agreed on a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Terms {
    pub channel: ChannelId,
    pub warehouse_id: WarehouseId,
    pub when_short: WhenShort,
    pub reserve_at: ReserveAt,
    pub prepaid: bool,
    pub prices: Prices,
    pub revenue_at: RevenueAt,
    pub terms_days: i64,
}

/// What a line, or all of them, come to: minor units of the company's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Amounts {
    pub net: i64,
    pub tax: i64,
}

impl Amounts {
    /// Net and tax together.
    pub(crate) const fn gross(self) -> i64 {
        self.net + self.tax
    }
}

/// The tax of a line: a code at the rate of the order's day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LineTax {
    /// None is outside every tax.
    pub code_id: Option<TaxCodeId>,
    pub code: String,
    pub rate: Rate,
}

/// A line about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DraftLine {
    pub id: SalesLineId,
    pub line: i64,
    pub kind: LineKind,
    pub item_id: Option<ItemId>,
    /// What leaves for it, in all: the item itself, or a kit's components.
    pub goods: Vec<(ItemId, Quantity)>,
    pub kit: bool,
    pub description: String,
    pub quantity: Quantity,
    pub price: Price,
    pub tax: LineTax,
    pub role: Role,
    pub amounts: Amounts,
}

/// An order about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    pub id: SalesOrderId,
    pub number: String,
    pub terms: Terms,
    pub cost_at: RevenueAt,
    pub external_ref: String,
    pub client_ref: String,
    pub partner_id: Option<PartnerId>,
    pub country: String,
    pub ordered_on: Day,
    pub ordered_at: Timestamp,
    pub due_on: Day,
    pub total: Amounts,
    pub lines: Vec<DraftLine>,
}

/// An order as its verbs find and lock it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub id: SalesOrderId,
    pub number: String,
    pub partner_id: Option<PartnerId>,
    pub warehouse_id: WarehouseId,
    pub customer_place: PlaceId,
    pub state: OrderState,
    pub prepaid: bool,
    pub prices: Prices,
    pub revenue_at: RevenueAt,
    pub cost_at: RevenueAt,
    pub terms_days: i64,
    pub revision: i64,
    pub lines: Vec<Line>,
}

impl Order {
    /// The open line of the money that was paid for this order before its shipment.
    pub(crate) fn deposit(&self) -> accounting::OpenKey {
        self.key(ORDER, self.id.raw())
    }

    /// An open line with this order's customer.
    pub(crate) fn key(&self, kind: &'static str, id: i64) -> accounting::OpenKey {
        accounting::OpenKey { kind, id, partner_id: self.partner_id }
    }
}

/// A line of an order as its verbs find it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub id: SalesLineId,
    pub line: i64,
    pub kind: LineKind,
    pub kit: bool,
    pub item_id: Option<ItemId>,
    /// Whether only whole numbers of it exist.
    pub whole: bool,
    pub quantity: Quantity,
    pub tax_code_id: Option<TaxCodeId>,
    pub role: Role,
    pub amounts: Amounts,
    pub shipped: Quantity,
    pub invoiced: Quantity,
    pub cancelled: Quantity,
    /// The rate of its tax.
    pub tax_rate: Rate,
    /// How much came back.
    pub returned: Quantity,
    /// Of how much the price was given back.
    pub credited: Quantity,
    /// What was given back.
    pub given_back: Amounts,
}
