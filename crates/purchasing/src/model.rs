//! The nouns of buying: offers, orders with their lines, and what waits on a line.

use crate::rules;
use crate::words::{Billing, OrderState, Progress};
use base::{
    Currency, Day, ItemId, NumberError, OfferId, PartnerId, PlaceId, Price, PurchaseLineId,
    PurchaseOrderId, Quantity, Rate, Ratio, Timestamp, WarehouseId,
};

/// What a supplier asks for an item. Several of one supplier and item are price breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its id.
    pub id: OfferId,
    /// Who offers.
    pub partner_id: PartnerId,
    /// What.
    pub item_id: ItemId,
    /// In which currency.
    pub currency: Currency,
    /// The code of the unit that the price is for.
    pub unit: String,
    /// How many stock units make one such unit.
    pub ratio: Ratio,
    /// The least quantity, in that unit.
    pub min_quantity: Quantity,
    /// The quantity comes in multiples of this, in that unit; zero for any.
    pub multiple: Quantity,
    /// Days from order to arrival.
    pub lead_days: i64,
    /// The first day it holds.
    pub from_on: Day,
    /// The last day it holds.
    pub to_on: Option<Day>,
    /// What one unit costs.
    pub price: Price,
    /// What is taken off it: 0.05 is 5 %.
    pub discount: Rate,
    /// The supplier's number of the item.
    pub supplier_sku: String,
}

/// The head of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    pub id: PurchaseOrderId,
    pub number: String,
    pub client_ref: String,
    pub partner_id: PartnerId,
    pub warehouse_id: WarehouseId,
    pub currency: Currency,
    pub ordered_on: Day,
    pub billing: Billing,
    pub state: OrderState,
    pub revision: i64,
    pub seq: i64,
    pub note: String,
    /// Net, in minor units of the order's currency.
    pub total: i64,
    pub sent_at: Option<Timestamp>,
    pub sent_to: String,
    pub acknowledged_on: Option<Day>,
}

/// A line of an order. Quantities but the ordered one are in the item's stock unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub id: PurchaseLineId,
    pub order_id: PurchaseOrderId,
    pub line: i64,
    pub item_id: ItemId,
    /// As ordered, in `unit`.
    pub quantity: Quantity,
    pub unit: String,
    /// How many stock units make one `unit`.
    pub ratio: Ratio,
    pub stock_quantity: Quantity,
    /// Per `unit`, in the order's currency.
    pub price: Price,
    pub discount: Rate,
    pub tax_code: String,
    /// After discount, before tax, in minor units of the order's currency.
    pub net: i64,
    pub due_on: Day,
    pub promised_on: Option<Day>,
    pub received: Quantity,
    pub billed: Quantity,
    /// Sent back, and not to be replaced.
    pub returned: Quantity,
    /// Received, not billed.
    pub grni: Waiting,
    /// Billed, not received.
    pub ahead: Waiting,
    pub closed_short: bool,
    pub close_reason: String,
    /// Whether stock was ever told to expect it.
    pub expected: bool,
    /// Where its goods go inside the warehouse; none for the warehouse's stock.
    pub place_id: Option<PlaceId>,
}

/// Goods on one side of the match of receipts and bills, waiting for the other side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub quantity: Quantity,
    /// Minor units of the company's currency.
    pub value: i64,
    /// Minor units of the order's currency.
    pub foreign: i64,
}

impl Waiting {
    /// Adds what begins to wait.
    pub(crate) fn add(&mut self, more: Waiting) -> Result<(), NumberError> {
        *self = Waiting {
            quantity: self.quantity.checked_add(more.quantity)?,
            value: rules::sum([self.value, more.value])?,
            foreign: rules::sum([self.foreign, more.foreign])?,
        };
        Ok(())
    }

    /// The same the other way.
    pub(crate) fn negate(self) -> Waiting {
        Waiting { quantity: self.quantity.negate(), value: -self.value, foreign: -self.foreign }
    }

    /// Takes up to `wanted` out with its share of the value; the last takes what is left.
    pub(crate) fn take(&mut self, wanted: Quantity) -> Result<Waiting, NumberError> {
        let quantity = wanted.min(self.quantity);
        let taken = Waiting {
            quantity,
            value: rules::share(self.value, self.quantity, quantity)?,
            foreign: rules::share(self.foreign, self.quantity, quantity)?,
        };
        self.quantity = self.quantity.checked_sub(quantity)?;
        self.value = rules::sum([self.value, -taken.value])?;
        self.foreign = rules::sum([self.foreign, -taken.foreign])?;
        Ok(taken)
    }
}

impl Line {
    /// What is still to come: nothing of a line closed short.
    pub(crate) fn due(&self) -> Result<Quantity, NumberError> {
        if self.closed_short {
            return Ok(Quantity::ZERO);
        }
        let gone = self.received.checked_add(self.returned)?;
        Ok(self.stock_quantity.checked_sub(gone)?.max(Quantity::ZERO))
    }

    /// The day it is due as far as is known: the supplier's last promise, or the day asked for.
    pub(crate) fn expected_on(&self) -> Day {
        self.promised_on.unwrap_or(self.due_on)
    }

    /// Whether nothing more comes and nothing more is billed.
    pub(crate) fn is_settled(&self) -> Result<bool, NumberError> {
        let matched = self.grni.quantity.is_zero() && self.ahead.quantity.is_zero();
        Ok(matched && self.due()?.is_zero())
    }

    /// A quantity in a unit of the line, or in the stock unit when `stock_unit` names it.
    pub(crate) fn in_stock_unit(
        &self,
        quantity: Quantity,
        unit: Option<&str>,
        stock_unit: &str,
    ) -> Option<Result<Quantity, NumberError>> {
        match unit {
            None => Some(self.ratio.convert_exact(quantity)),
            Some(code) if code == self.unit => Some(self.ratio.convert_exact(quantity)),
            Some(code) if code == stock_unit => Some(Ok(quantity)),
            Some(_) => None,
        }
    }
}

/// How much of `whole` is done.
pub(crate) fn progress(done: Quantity, whole: Quantity) -> Progress {
    if !done.is_positive() {
        Progress::None
    } else if done < whole {
        Progress::Partly
    } else {
        Progress::Fully
    }
}
