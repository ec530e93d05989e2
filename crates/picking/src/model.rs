//! The nouns of picking: lists, their lines, packages.

use crate::words::{PackageState, PickKind, PickState};
use base::{
    DemandId, Id, ItemId, LotId, NumberError, PackageId, PickLineId, PickListId, PlaceId, Quantity,
    SalesOrderId, ShipmentId, UserId, WarehouseId,
};
use stock::Pick;

/// The kind of object under which lists are told of.
pub(crate) const LIST: &str = "pick_list";
/// The kind of object under which packages are told of.
pub(crate) const PACKAGE: &str = "package";

/// A list, held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List {
    pub id: PickListId,
    pub number: String,
    pub kind: PickKind,
    pub warehouse_id: WarehouseId,
    pub state: PickState,
    pub picker: Option<UserId>,
    pub revision: i64,
}

/// Where goods of a line are kept, and for whom: at most one open line has them.
pub(crate) type Spot = (DemandId, PlaceId, i64);

/// A line of a list, which its list guards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    pub id: PickLineId,
    pub list_id: PickListId,
    pub stop: i64,
    pub line: i64,
    pub demand_id: DemandId,
    pub order_id: SalesOrderId,
    /// The order's line, from 1.
    pub order_line: i64,
    pub order_line_id: i64,
    pub item_id: ItemId,
    pub place_id: PlaceId,
    /// The lot's raw id, 0 for none.
    pub lot: i64,
    pub wanted: Quantity,
    pub picked: Quantity,
    pub missed: Quantity,
    pub voided: Quantity,
    pub packed: Quantity,
    pub shipped: Quantity,
    pub put_back: Quantity,
}

impl Line {
    /// Where its goods are kept.
    pub(crate) fn spot(&self) -> Spot {
        (self.demand_id, self.place_id, self.lot)
    }

    /// What was wanted and neither taken nor given up.
    pub(crate) fn left(&self) -> Result<Quantity, NumberError> {
        self.wanted.checked_sub(self.picked)?.checked_sub(self.missed)?.checked_sub(self.voided)
    }

    /// What was taken and has neither left nor gone back.
    pub(crate) fn in_hand(&self) -> Result<Quantity, NumberError> {
        self.picked.checked_sub(self.shipped)?.checked_sub(self.put_back)
    }

    /// What was taken and is in no package.
    pub(crate) fn unpacked(&self) -> Result<Quantity, NumberError> {
        self.picked.checked_sub(self.packed)?.checked_sub(self.put_back)
    }

    /// Whether something of it is to be taken, packed, shipped or put back.
    pub(crate) fn is_open(&self) -> Result<bool, NumberError> {
        Ok(self.left()?.is_positive() || self.in_hand()?.is_positive())
    }

    /// So much of its goods, as whoever ships needs to know it.
    pub(crate) fn goods(&self, quantity: Quantity) -> Pick {
        Pick {
            demand_id: self.demand_id,
            item_id: self.item_id,
            place_id: self.place_id,
            lot_id: (self.lot != 0).then(|| LotId::from_raw(self.lot)),
            quantity,
        }
    }
}

/// A package, held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Package {
    pub id: PackageId,
    pub number: String,
    pub order_id: SalesOrderId,
    pub warehouse_id: WarehouseId,
    pub state: PackageState,
    pub label: Label,
    pub shipment_id: Option<ShipmentId>,
    pub revision: i64,
}

/// What stands on a package: texts are empty, numbers 0 when not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Label {
    pub carrier: String,
    pub service: String,
    pub tracking: String,
    pub weight_grams: i64,
    pub length_mm: i64,
    pub width_mm: i64,
    pub height_mm: i64,
}

/// What is in a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Packed {
    pub package_id: PackageId,
    pub pick_line_id: PickLineId,
    pub quantity: Quantity,
}
