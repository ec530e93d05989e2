//! Where goods lie and how they move.
//!
//! [`post()`] is the one door for goods: a move from a place to a place changes the stock rows, is
//! valued, and is booked, in one transaction. Around it stand what is planned ([`expect()`]), what
//! is wanted and kept for whom ([`demand()`], [`reserve`], [`release`], [`pick`]), and what must not
//! move ([`hold()`]). Why goods move is never known here.

mod adjust;
mod checks;
mod demand;
mod expect;
mod hold;
mod lots;
mod model;
mod places;
mod post;
mod rules;
mod tables;
mod views;

pub use adjust::{
    ADJUST, Adjust, AdjustError, Adjusted, AdjustmentFilter, AdjustmentRow, Difference,
    EDIT_REASONS, adjust, install_reasons, list_adjustments, reasons,
};
pub use demand::{
    BackOrder, Demand, DemandError, Demanded, Pick, Short, Shortage, Standing, Wanted, back_orders,
    demand, demands_of, pick, release, reserve,
};
pub use expect::{Expectation, Way, amend_expectations, expect, meet_expectations};
pub use hold::{Held, hold, lift_hold};
pub use lots::{Lot, lots};
pub use model::{PlaceKind, Removal};
pub use places::{
    CreatePlace, CreateWarehouse, EDIT_PLACES, FoundPlace, PlaceCreated, PlaceError, Warehouse,
    create_place, create_warehouse, find_place, find_places, warehouse, warehouse_by_code,
    warehouses,
};
pub use post::{Counter, Draw, Move, PostError, Posted, PostedMove, Posting, post};
pub use valuation::{Class, Cost, Kind};
pub use views::{
    Availability, AvailabilityLine, ItemFilter, ListError, MoveOf, Movement, MovementFilter,
    ProjectedDay, READ, StockFilter, StockLine, WarehouseFilter, WarehouseRow, availability,
    list_availability, list_movements, list_projection, list_stock, list_warehouses, moves_of,
    on_hand_at, projection, set_removal,
};

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "stock",
    migrations: store::migrations!("0001_stock.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &["stock_move"],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &accounting::SCHEMA,
        &valuation::SCHEMA,
    ],
};
