//! From where orders are filled, and cancelling what could be filled elsewhere.

use crate::route::Routes;
use fulfilment::{RANK, READ, ROUTE, RouteOrders, SHIP_DIRECT, SUPPLY};
use sales::CANCEL;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .verb("/rankings", RANK, "Rank a channel's warehouses", fulfilment::rank_warehouses)
        .list("/rankings", READ, "List rankings", fulfilment::list_rankings)
        .verb("/routes", ROUTE, "Route orders, up to 1,000", |tx, ctx, request: RouteOrders| {
            let orders = request.order_ids.clone();
            picking::tell_lists(tx, ctx, &orders, |tx, ctx| fulfilment::route(tx, ctx, request))
        })
        .list("/routes", READ, "List routes", fulfilment::list_routes)
        .detail("/routes/{id}", READ, "Decide a route again", fulfilment::replay_route)
        .verb("/supplies", SUPPLY, "Order from a supplier what an order lacks", fulfilment::supply)
        .list("/supplies", READ, "List what is ordered for orders", fulfilment::list_supplies)
        .verb(
            "/supplies/ship",
            SHIP_DIRECT,
            "Confirm that a supplier sent goods straight to a customer",
            fulfilment::ship_direct,
        )
        .verb(
            "/sales-orders/cancel",
            CANCEL,
            "Cancel what was not shipped, unless it could be filled elsewhere",
            |tx, ctx, request: fulfilment::CancelOrder| {
                picking::tell_lists(tx, ctx, &[request.order_id], |tx, ctx| {
                    fulfilment::cancel_order(tx, ctx, request)
                })
            },
        )
        .verb(
            "/sales-orders/close",
            CANCEL,
            "Close an order short, unless it could be filled elsewhere",
            |tx, ctx, request: fulfilment::CloseOrder| {
                picking::tell_lists(tx, ctx, &[request.order_id], |tx, ctx| {
                    fulfilment::close_order(tx, ctx, request)
                })
            },
        )
}
