//! What a route was decided from, and what was decided: both are kept as JSON, so that the same
//! decision can be had again from it at any time.

use crate::words::{RouteChoice, WaitReason};
use base::{ItemId, Quantity, WarehouseId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The version of [`decide`](crate::rules::decide). It is raised when the same basis would lead to
/// another decision; a basis of an earlier version is not decided again by a later one.
pub const ALGORITHM: i64 = 1;

/// All that a decision was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteBasis {
    /// The warehouse that ships the order now.
    pub home: WarehouseId,
    /// The channel's warehouses, the first to be asked first.
    pub ranked: Vec<WarehouseId>,
    /// Whether the channel lets several warehouses fill an order.
    pub split: bool,
    /// The open lines of goods.
    pub lines: Vec<OpenLine>,
    /// Where their goods are wanted now, and how much of them is kept there.
    pub placed: Vec<Placed>,
    /// What is free, and neither on hold nor in quarantine nor under way.
    pub free: Vec<Free>,
}

/// A line that still wants goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenLine {
    /// Its number.
    pub line: i64,
    /// How much was ordered.
    pub quantity: Quantity,
    /// How much is neither shipped nor cancelled.
    pub open: Quantity,
    /// Whether it leaves in whole numbers only.
    pub whole: bool,
    /// What the whole line is made of: the item, or a kit's components.
    pub goods: Vec<LineGoods>,
}

/// Goods of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineGoods {
    /// The item.
    pub item_id: ItemId,
    /// How much of it the line as ordered takes.
    pub quantity: Quantity,
}

/// Goods of a line that a warehouse is to ship.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Placed {
    /// The line.
    pub line: i64,
    /// The item.
    pub item_id: ItemId,
    /// The warehouse.
    pub warehouse_id: WarehouseId,
    /// How much is to leave it.
    pub open: Quantity,
    /// How much of that is kept.
    pub reserved: Quantity,
}

/// What a warehouse has free of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Free {
    /// The item.
    pub item_id: ItemId,
    /// The warehouse.
    pub warehouse_id: WarehouseId,
    /// How much.
    pub quantity: Quantity,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RouteDecision {
    /// From where the order is filled.
    pub choice: RouteChoice,
    /// Why something of it waits.
    pub reason: Option<WaitReason>,
    /// The warehouse that ships the order from now on; with several, the first of them.
    pub home: WarehouseId,
    /// How much of each line leaves which warehouse; nothing when all stays as it is.
    pub parts: Vec<RoutePart>,
    /// How much of each line each warehouse could give, were it the only line.
    pub could_give: Vec<RoutePart>,
}

/// A part of a line, and a warehouse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutePart {
    /// The line.
    pub line: i64,
    /// The warehouse.
    pub warehouse_id: WarehouseId,
    /// How much of the line, in its unit.
    pub quantity: Quantity,
}
