//! What a proposal was decided from: everything that [`decide`](crate::rules::decide) reads, kept
//! with the proposal as JSON, so that the same number can be had again from it at any time.

use base::{Currency, Day, OfferId, PartnerId, Price, Quantity, Rate, WarehouseId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The version of [`decide`](crate::rules::decide). It is raised when the same inputs would give
/// another number; a basis of an earlier version is not reckoned again by a later one.
pub const ALGORITHM: i64 = 1;

/// All inputs of one decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The version of the algorithm that decides.
    pub algorithm: i64,
    /// The day from which it looks ahead.
    pub planned_on: Day,
    /// The version of the rule; 0 for an item without one, which is treated as 0/0.
    pub rule_version: i64,
    /// What the rule says.
    pub levels: Levels,
    /// What of a multiple may be rounded down instead of up, in percent of the multiple.
    pub multiple_tolerance_percent: i64,
    /// How a supplier is chosen.
    pub choose: Choose,
    /// Days before the order is placed.
    pub days_to_purchase: i64,
    /// Whether the item's stock unit exists only whole.
    pub whole: bool,
    /// What lies at the rule's place and below.
    pub on_hand: Quantity,
    /// What of it is kept for demands; they count with the demand, this is told only.
    pub reserved: Quantity,
    /// What comes, by day, draft orders included. What is late counts as coming today.
    pub incoming: Vec<Dated>,
    /// What is wanted, by day. What is late counts as wanted today.
    pub demand: Vec<Dated>,
    /// Who could deliver; nobody where a warehouse supplies.
    pub candidates: Vec<Candidate>,
    /// The warehouse that supplies the place; none where suppliers do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The day that a transfer is decided for; those before it are netted first. None for a purchase,
    /// which is decided for all days that its arrival can change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_on: Option<Day>,
}

/// The warehouse that supplies a place, and what it has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The warehouse.
    pub warehouse_id: WarehouseId,
    /// Its code.
    pub warehouse: String,
    /// The stock unit, in which transfers are made.
    pub unit: String,
    /// Days from there to here; zero when nobody said how many.
    pub lead_days: i64,
    /// What lies there.
    pub on_hand: Quantity,
    /// What comes there, by day. What is late counts as coming today.
    pub incoming: Vec<Dated>,
    /// What is wanted there, by day, with what is proposed from there for other places that come
    /// before this one. What is late counts as wanted today.
    pub demand: Vec<Dated>,
}

/// The numbers of a rule, in the item's stock unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Stock that is projected below this is filled up.
    pub min: Quantity,
    /// Up to here.
    pub max: Quantity,
    /// Stock that is projected at or below this is filled up, too; none when there is no such point.
    pub reorder_point: Option<Quantity>,
    /// Orders come in multiples of this; zero for any.
    pub multiple: Quantity,
    /// No order is less; zero for any.
    pub minimum: Quantity,
    /// Days from order to arrival; the supplier's offer says when left out, and for transfers the
    /// lead time between the warehouses.
    pub lead_days: Option<i64>,
    /// Days after the arrival that decide, too, whether to order.
    pub horizon_days: i64,
    /// Days after those that widen the quantity, and not whether to order.
    pub visibility_days: i64,
}

/// A quantity on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    /// The day.
    pub on: Day,
    /// The quantity, in the item's stock unit.
    pub quantity: Quantity,
}

/// How a supplier is chosen among those that could deliver. A rule's preferred supplier comes first
/// always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Choose {
    /// The cheapest for the quantity; of equal ones the fastest.
    Price,
    /// The fastest; of equal ones the cheapest for the quantity.
    LeadTime,
}

/// A supplier that could deliver, in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    /// The supplier.
    pub partner_id: PartnerId,
    /// Its code.
    pub supplier: String,
    /// Whether the rule prefers it.
    pub preferred: bool,
    /// The currency.
    pub currency: Currency,
    /// Its offers that hold on the day, the least quantity first.
    pub offers: Vec<Break>,
}

/// An offer of a supplier: its price from a least quantity on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Break {
    /// The offer.
    pub offer_id: OfferId,
    /// The unit of price and quantities.
    pub unit: String,
    /// How many stock units make that unit: the numerator of the fraction.
    pub numerator: i64,
    /// And its denominator.
    pub denominator: i64,
    /// Whether the unit exists only whole.
    pub whole: bool,
    /// The least quantity, in the unit.
    pub min_quantity: Quantity,
    /// Orders come in multiples of this, in the unit; zero for any.
    pub multiple: Quantity,
    /// Days from order to arrival.
    pub lead_days: i64,
    /// What one unit costs, in the candidate's currency.
    pub price: Price,
    /// What is taken off it.
    pub discount: Rate,
    /// What one stock unit costs after discount, in the company's currency.
    pub unit_cost: Price,
}

impl Basis {
    /// Whether two decisions were made from the same, whatever the day from which they looked ahead
    /// and the day that they are for.
    #[must_use]
    pub fn says_the_same_as(&self, other: &Basis) -> bool {
        let (planned_on, needed_on) = (other.planned_on, other.needed_on);
        Basis { planned_on, needed_on, ..self.clone() } == *other
    }
}
