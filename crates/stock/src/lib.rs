//! Where goods lie and how they move.
//!
//! [`post()`] is the one door for goods: a move from a place to a place changes the stock rows, is
//! valued, and is booked, in one transaction. Around it stand what is planned ([`expect()`]), what
//! is wanted and kept for whom ([`demand()`], [`reserve`], [`release`], [`pick`], [`miss()`]), and what must not
//! move ([`hold()`]). Goods go from warehouse to warehouse by [`plan_transfer()`], [`send_transfer()`] and
//! [`receive_transfer()`]. Why goods move is never known here.

mod adjust;
mod adjusted;
mod amend_transfer;
mod approve_adjustment;
mod book;
mod checks;
mod date_lot;
mod demand;
mod earmark;
mod expect;
mod explain;
mod hold;
mod lots;
mod meet;
mod miss;
mod model;
mod places;
mod plan_transfer;
mod post;
mod put_away;
mod reasons;
mod receive_transfer;
mod relocate;
mod rules;
mod send_transfer;
mod set_lead_time;
mod set_putaway;
mod shelf;
mod tables;
mod to_put_away;
mod transfer;
mod transfers;
mod views;

pub use adjust::{
    ADJUST, ADJUSTMENT, APPROVE, Adjust, AdjustError, Adjusted, AdjustmentFilter, AdjustmentRow,
    AdjustmentState, Difference, adjust, list_adjustments,
};
pub use adjusted::{
    AdjustedBy, AdjustedFilter, AdjustedLine, AdjustedLineFilter, AdjustedRow, adjusted,
    adjusted_lines,
};
pub use amend_transfer::{
    AmendTransfer, CancelTransfer, TransferAmended, amend_transfer, cancel_transfer,
};
pub use approve_adjustment::{
    AdjustmentDecided, ApproveAdjustment, ApproveAdjustmentError, approve_adjustment,
};
pub use book::{BookError, Booked, Booking, ShelfDifference, WeighError, Weighed, book, weigh};
pub use date_lot::{DATE_LOT, DateLot, DateLotError, LotDated, date_lot};
pub use demand::{
    BackOrder, Demand, DemandError, Demanded, Pick, Short, Shortage, Standing, Wanted, back_orders,
    demand, demands_of, lock_all_sources, pick, release, reschedule, reserve,
};
pub use earmark::{Earmark, earmark, earmarked};
pub use expect::{Expectation, Way, amend_expectations, expect, meet_expectations};
pub use explain::{
    EXPLAIN, Explain, ExplainError, Explained, UnexplainedFilter, UnexplainedRow, explain,
    list_unexplained,
};
pub use hold::{Held, held_expected, hold, hold_expected, lift_expected, lift_hold};
pub use lots::{Lot, LotDates, LotError, LotFilter, LotRow, dated_lots, list_lots, lots};
pub use meet::meet;
pub use miss::{Missing, miss};
pub use model::{PlaceKind, Removal};
pub use places::{
    CreatePlace, CreateWarehouse, EDIT_PLACES, FoundPlace, PlaceCreated, PlaceError, Warehouse,
    create_place, create_warehouse, find_place, find_places, warehouse, warehouse_by_code,
    warehouses,
};
pub use plan_transfer::{
    PLAN_TRANSFER, PlanTransfer, TransferItem, TransferPlanned, plan_transfer,
};
pub use post::{Counter, Draw, Move, PostError, Posted, PostedMove, Posting, post, post_all};
pub use put_away::{
    BroughtBy, PUT_AWAY, ProposePutaway, PutAway, PutAwayDone, PutAwayError, PutAwayLine,
    PutAwayMove, PutawayPart, PutawayProposed, propose_putaway, put_away, put_away_released,
};
pub use reasons::{
    DefineReason, EDIT_REASONS, ReasonDefined, ReasonError, ReasonFilter, ReasonRow, define_reason,
    install_reasons, list_reasons, reason_accounts,
};
pub use receive_transfer::{
    ArrivedLine, RECEIVE_TRANSFER, ReceiveTransfer, TransferReceived, receive_transfer,
};
pub use relocate::{Relocation, free_at, relocate};
pub use send_transfer::{
    SEND_TRANSFER, SendTransfer, TransferQuantity, TransferSent, send_transfer,
};
pub use set_lead_time::{TransferLeadTime, TransferLeadTimeFilter, list_lead_times, set_lead_time};
pub use set_putaway::{
    PutawayFilter, PutawayRule, PutawayRuleError, PutawaySet, ReceiptSteps, SetPutaway,
    list_putaway, set_putaway, set_receipt_steps,
};
pub use shelf::{Shelf, ShelfKey, lock_shelf, look_at_shelf};
pub use to_put_away::{ToPutAwayFilter, ToPutAwayRow, ToPutAwaySort, list_to_put_away};
pub use transfer::{ArrivalOutcome, TransferError, TransferState};
pub use transfers::{
    TransferDetail, TransferFilter, TransferLineDetail, TransferRow, TransferStep, UnderWayFilter,
    UnderWayRow, list_transfers, list_under_way, transfer,
};
pub use valuation::{Class, Cost, Kind};
pub use views::{
    Availability, AvailabilityLine, ItemFilter, ListError, MoveOf, Movement, MovementFilter,
    PlaceFilter, PlaceRow, ProjectedDay, READ, StockFilter, StockLine, WarehouseFilter,
    WarehouseRow, availability, list_availability, list_movements, list_places, list_projection,
    list_stock, list_warehouses, moves_of, on_hand_at, projection, set_removal,
};

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "stock",
    migrations: store::migrations!(
        "0001_stock.sql",
        "0002_transfers.sql",
        "0003_open_demands.sql",
        "0004_put_away.sql",
        "0005_reasons.sql",
        "0006_narrow_indexes.sql",
        "0007_lot_dates.sql",
        "0008_earmarks.sql",
        "0009_open_demands_alone.sql",
        "0010_expected_holds.sql",
        "0011_moves_by_time.sql",
        "0012_lacking_demands.sql"
    ),
    statements: &tables::ALL,
    checks: checks::CHECKS,
    append_only: &[
        "stock_move",
        "stock_dispatch",
        "stock_arrival",
        "stock_arrival_line",
        "stock_putaway",
    ],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &documents::SCHEMA,
        &accounting::SCHEMA,
        &valuation::SCHEMA,
    ],
};
