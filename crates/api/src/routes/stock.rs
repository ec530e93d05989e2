//! Places, stock and its movements.

use crate::route::Routes;
use stock::{ADJUST, APPROVE, EDIT_PLACES, EDIT_REASONS, EXPLAIN, READ};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .verb("/warehouses", EDIT_PLACES, "Create a warehouse", |tx, ctx, request| {
            stock::create_warehouse(tx, ctx, request).map(stock::WarehouseRow::from)
        })
        .list("/warehouses", READ, "List warehouses", stock::list_warehouses)
        .verb("/places", EDIT_PLACES, "Create a place inside another", stock::create_place)
        .list("/stock", READ, "List stock by item, place and lot", stock::list_stock)
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
