//! What stock is worth.

use crate::route::{Done, Routes};
use valuation::{CHANGE_METHOD, READ, REVALUE, SET_METHOD, SET_STANDARD};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .verb("/costs", REVALUE, "Change an item's cost", valuation::change_cost)
        .verb(
            "/costing-methods",
            CHANGE_METHOD,
            "Change an item's method",
            valuation::change_method,
        )
        .verb(
            "/costing-methods/categories",
            SET_METHOD,
            "Set a category's method",
            valuation::set_method,
        )
        .verb("/standard-costs", SET_STANDARD, "Set standard costs", |tx, ctx, request| {
            valuation::set_standard(tx, ctx, request).map(|()| Done::now())
        })
        .list(
            "/stock-value",
            READ,
            "List what items were worth at the end of a day",
            valuation::stock_value,
        )
}
