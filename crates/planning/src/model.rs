//! The nouns: rules and proposals as the database keeps them.

use crate::basis::{Basis, Levels};
use crate::words::{ProposalState, Trigger, What};
use base::{
    Day, ItemId, PartnerId, PlaceId, Price, ProposalId, PurchaseOrderId, Quantity, RuleId,
    TransferId, WarehouseId,
};

/// How much of an item there shall be at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub id: RuleId,
    pub item_id: ItemId,
    pub place_id: PlaceId,
    pub warehouse_id: WarehouseId,
    pub version: i64,
    pub levels: Levels,
    /// As the rule says; the company's otherwise.
    pub horizon_days: Option<i64>,
    pub trigger: Trigger,
    /// The preferred supplier.
    pub partner_id: Option<PartnerId>,
    /// The warehouse that supplies the place instead of suppliers.
    pub source_id: Option<WarehouseId>,
    pub snoozed_until: Option<Day>,
    pub active: bool,
}

/// An item at a place for which a run decides.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    pub item_id: ItemId,
    pub place_id: PlaceId,
    pub warehouse_id: WarehouseId,
    pub path: String,
    /// Whether the place is the warehouse's stock, or the warehouse: what is wanted from the
    /// warehouse, and what comes to it, is then its own.
    pub whole_warehouse: bool,
    /// Whether a rule of another place speaks for it: nothing is needed here then.
    pub covered: bool,
    pub rule: Option<Rule>,
}

impl Spot {
    /// The warehouse that supplies it; none where suppliers do.
    pub fn source(&self) -> Option<WarehouseId> {
        self.rule.as_ref().and_then(|rule| rule.source_id)
    }
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proposal {
    pub id: ProposalId,
    pub version: i64,
    pub state: ProposalState,
    pub item_id: ItemId,
    pub place_id: PlaceId,
    pub warehouse_id: WarehouseId,
    pub rule_id: Option<RuleId>,
    pub figures: Figures,
    /// The version whose basis led to the figures.
    pub basis_version: i64,
    pub held_back: String,
    pub dismissed_until: Option<Day>,
    pub reason: String,
    /// What was ordered, in the stock unit; zero until it was.
    pub approved_quantity: Quantity,
    pub became: Option<Became>,
}

/// The document that took a proposal, and its line there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Became {
    pub document: Document,
    pub line: i64,
}

/// An order where suppliers deliver, a transfer where a warehouse supplies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Document {
    Order(PurchaseOrderId),
    Transfer(TransferId),
}

/// What a basis led to, as a proposal shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Figures {
    pub rule_version: i64,
    pub algorithm: i64,
    pub planned_on: Day,
    pub arrives_on: Day,
    pub forecast: Quantity,
    pub need: Quantity,
    pub quantity: Quantity,
    pub partner_id: Option<PartnerId>,
    pub currency: String,
    pub chosen: String,
    pub unit: String,
    pub order_quantity: Quantity,
    pub lead_days: i64,
    pub unit_cost: Price,
    /// The warehouse that supplies; none where suppliers deliver.
    pub source_id: Option<WarehouseId>,
    /// The day on which a transfer is needed; none of a purchase.
    pub needed_on: Option<Day>,
    /// What the source can give; zero of a purchase.
    pub available: Quantity,
}

/// A version of a proposal, to be kept.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub what: What,
    pub basis: Option<Basis>,
    pub reason: String,
}
