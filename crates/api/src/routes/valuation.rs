//! What stock is worth.

use crate::route::{Done, Routes};
use valuation::{CHANGE_METHOD, READ, REVALUE, SET_METHOD, SET_STANDARD};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .rehearsed_verb(
            ("/costs", "/costs/rehearse"),
            REVALUE,
            ("Change an item's cost", "Tell what a new cost would do"),
            valuation::change_cost,
            valuation::rehearse_cost,
        )
        .list("/costs", READ, "List what changed costs", valuation::cost_acts)
        .rehearsed_verb(
            ("/costing-methods", "/costing-methods/rehearse"),
            CHANGE_METHOD,
            ("Change an item's method", "Tell what another method would do"),
            valuation::change_method,
            valuation::rehearse_method,
        )
        .list("/costing-methods", READ, "List items' costing methods", valuation::item_methods)
        .rehearsed_verb(
            ("/costing-methods/categories", "/costing-methods/categories/rehearse"),
            SET_METHOD,
            ("Set a category's method", "Tell what a category's method would do"),
            valuation::set_method,
            valuation::rehearse_category_method,
        )
        .list(
            "/costing-methods/categories",
            READ,
            "List categories' costing methods",
            valuation::category_methods,
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
