//! Places, stock and its movements.

use crate::route::Routes;
use stock::{
    ADJUST, APPROVE, DATE_LOT, EDIT_PLACES, EDIT_REASONS, EXPLAIN, PLAN_TRANSFER, PUT_AWAY, READ,
    RECEIVE_TRANSFER, SEND_TRANSFER,
};

pub(super) fn add(routes: Routes) -> Routes {
    transfers(putting_away(places_and_goods(routes)))
}

fn transfers(routes: Routes) -> Routes {
    routes
        .verb("/transfer-lead-times", EDIT_PLACES, "Set a lead time", stock::set_lead_time)
        .list(
            "/transfer-lead-times",
            READ,
            "List lead times between warehouses",
            stock::list_lead_times,
        )
        .verb("/transfers", PLAN_TRANSFER, "Plan a transfer", stock::plan_transfer)
        .list("/transfers", READ, "List transfers, soonest arrival first", stock::list_transfers)
        .detail("/transfers/{id}", READ, "Show a transfer", stock::transfer)
        .verb("/transfers/amend", PLAN_TRANSFER, "Amend a transfer", stock::amend_transfer)
        .verb("/transfers/cancel", PLAN_TRANSFER, "Cancel a transfer", stock::cancel_transfer)
        .verb("/transfers/send", SEND_TRANSFER, "Send a transfer", stock::send_transfer)
        .verb("/transfers/receive", RECEIVE_TRANSFER, "Receive goods", stock::receive_transfer)
        .list("/goods-in-transit", READ, "List goods under way", stock::list_under_way)
}

fn putting_away(routes: Routes) -> Routes {
    routes
        .verb("/putaway-rules", EDIT_PLACES, "Set where goods shall lie", stock::set_putaway)
        .list("/putaway-rules", READ, "List where goods shall lie", stock::list_putaway)
        .verb("/putaway-proposals", READ, "Propose places for goods", stock::propose_putaway)
        .list(
            "/goods-to-put-away",
            READ,
            "List goods to put away, what waits longest first",
            stock::list_to_put_away,
        )
        .verb("/putaways", PUT_AWAY, "Put goods away", quality::put_away)
        .verb(
            "/warehouses/receipt-steps",
            EDIT_PLACES,
            "Set in how many steps a warehouse receives",
            stock::set_receipt_steps,
        )
}

fn places_and_goods(routes: Routes) -> Routes {
    routes
        .verb("/warehouses", EDIT_PLACES, "Create a warehouse", |tx, ctx, request| {
            stock::create_warehouse(tx, ctx, request).map(stock::WarehouseRow::from)
        })
        .list("/warehouses", READ, "List warehouses", stock::list_warehouses)
        .verb("/places", EDIT_PLACES, "Create a place inside another", stock::create_place)
        .list("/places", READ, "List places by path", stock::list_places)
        .list("/stock", READ, "List stock by item, place and lot", stock::list_stock)
        .verb("/lots/date", DATE_LOT, "Set the days of a lot right", stock::date_lot)
        .list("/lots", READ, "List lots by expiry, soonest first", stock::list_lots)
        .list("/availability", READ, "Show what of an item is available", stock::list_availability)
        .list("/movements", READ, "List movements, newest first", stock::list_movements)
        .list("/projections", READ, "Project an item's stock by day", stock::list_projection)
        .verb("/adjustments", ADJUST, "Adjust stock to the shelf", stock::adjust)
        .list("/adjustments", READ, "List adjustments", stock::list_adjustments)
        .verb("/adjustments/approve", APPROVE, "Decide an adjustment", stock::approve_adjustment)
        .verb("/reasons", EDIT_REASONS, "Define or amend a reason", stock::define_reason)
        .list("/reasons", READ, "List reasons", stock::list_reasons)
        .verb("/unexplained", EXPLAIN, "Explain what was unexplained", stock::explain)
        .list("/unexplained", READ, "List what is unexplained", stock::list_unexplained)
}
