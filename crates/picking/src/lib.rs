//! Goods on their way out: picked, packed, shipped.
//!
//! What `stock` keeps for orders is put on lists in the order in which places are walked
//! ([`plan_picks`](plan_picks())), taken by scan ([`pick`](pick())), packed by scan against what was
//! taken ([`pack`](pack())), and leaves in packages ([`ship_packages`](ship_packages())), from exactly
//! where it was taken. A list never owns goods: the reservation does. What ends the reservation ends
//! what is still to be picked; what was picked then has to go back ([`put_back`](put_back())).
//!
//! Reading order: the words and nouns, the pure decisions, how lists are held, one file per verb, then
//! what readers get.

mod model;
mod rules;
mod words;

mod held;

mod assign_picks;
mod plan_picks;

mod pick;
mod put_back;

mod label_package;
mod pack;
mod unpack;

mod follow;
mod import_tracking;
mod ship_packages;

mod checks;
mod tables;
mod views;

use identity::Permission;

pub use assign_picks::{AssignError, AssignPicks, PicksAssigned, assign_picks};
pub use follow::{InHand, ShipOrderError, ship_order, ship_orders, tell_lists};
pub use import_tracking::{ImportTrackingError, TRACKING_COLUMNS, import_tracking};
pub use label_package::{LabelError, LabelFields, LabelPackage, PackageLabelled, label_package};
pub use pack::{GoodsPacked, PackError, PackGoods, PackScan, PackedGoods, pack};
pub use pick::{
    AddedLine, CountAsked, GoodsPicked, LackingLine, MissingGoods, PickError, PickGoods, PickScan,
    PickedLine, pick,
};
pub use plan_picks::{
    LeftOut, MAX_ORDERS, PicksPlanned, PlanPicks, PlanPicksError, PlannedPicks, plan_picks,
};
pub use put_back::{
    BackLine, CancelPicks, GoodsPutBack, PutBack, PutBackError, PutBackLine, cancel_picks, put_back,
};
pub use ship_packages::{
    MAX_PACKAGES, PackagesShipped, ShipPackages, ShipPackagesError, ShippedPackages, ship_packages,
};
pub use unpack::{Unpack, UnpackError, Unpacked, unpack};
pub use views::{
    CarrierFilter, CarrierRow, ListError, PackageDetail, PackageFilter, PackageLine, PackageRow,
    PickLineFilter, PickLineRow, PickListDetail, PickListFilter, PickListRow, list_carrier_file,
    list_packages, list_pick_lines, list_pick_lists, package, pick_list,
};
pub use words::{IfMissing, PackageState, PickKind, PickState};

/// May see lists and packages.
pub const READ: Permission = Permission("picking.read");
/// May make lists, give them to pickers, and give them up.
pub const PLAN: Permission = Permission("picking.plan");
/// May take goods for lists and put them back.
pub const PICK: Permission = Permission("picking.pick");
/// May pack what was picked, and say what stands on packages. Shipping them is sales.ship.
pub const PACK: Permission = Permission("picking.pack");

/// The audit's name of giving a list to somebody.
const ASSIGN: Permission = Permission("picking.assign_picks");
/// The audit's name of giving a list up.
const CANCEL_PICKS: Permission = Permission("picking.cancel_picks");
/// The audit's name of putting goods back.
const PUT_BACK: Permission = Permission("picking.put_back");
/// The audit's name of opening a package again.
const UNPACK: Permission = Permission("picking.unpack");
/// The audit's name of a package that leaves.
const SHIP_PACKAGES: Permission = Permission("picking.ship_packages");
/// The audit's name of taking over a carrier's numbers.
const IMPORT_TRACKING: Permission = Permission("picking.import_tracking");

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "picking",
    migrations: store::migrations!("0001_picking.sql"),
    statements: &tables::ALL,
    checks: checks::CHECKS,
    append_only: &["picking_scan", "picking_package_line"],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &partners::SCHEMA,
        &accounting::SCHEMA,
        &valuation::SCHEMA,
        &stock::SCHEMA,
        &counting::SCHEMA,
        &sales::SCHEMA,
    ],
};
