//! From where orders are filled.
//!
//! A channel's warehouses are ranked ([`rank_warehouses`](rank_warehouses())); [`route`](route())
//! moves what an order wants to the one that can fill it. Each decision is kept with all that it was
//! made from, so that [`replay_route`](replay_route()) comes to the same. What another warehouse
//! could fill is not cancelled in silence ([`cancel_order`](cancel_order())). What no warehouse has is
//! ordered for just that order ([`supply`](supply())), and may go straight from the supplier to the
//! customer ([`ship_direct`](ship_direct())).
//!
//! Reading order: the words, the basis of a decision and the pure decision, one file per verb, then
//! what readers get.

mod basis;
pub mod rules;
mod words;

mod gather;

mod cancel_order;
mod rank_warehouses;
mod replay_route;
mod route;
mod ship_direct;
mod supply;

mod checks;
mod tables;
mod views;

use identity::Permission;

pub use basis::{
    ALGORITHM, Free, LineGoods, OpenLine, Placed, RouteBasis, RouteDecision, RoutePart,
};
pub use cancel_order::{
    CancelOrder, CancelOrderError, CloseOrder, Offer, cancel_order, close_order,
};
pub use rank_warehouses::{
    RankError, RankWarehouses, Ranking, RankingFilter, list_rankings, rank_warehouses,
};
pub use replay_route::{RouteDetail, replay_route, verify_routes};
pub use route::{OrdersRouted, RouteError, RouteOrders, RouteResult, route};
pub use ship_direct::{DirectDone, ShipDirect, ShipDirectError, ShipDirectLine, ship_direct};
pub use supply::{SuppliedLine, Supply, SupplyLine, SupplyOrderError, SupplyOrdered, supply};
pub use views::{
    ListError, RouteFilter, RouteRow, SupplyFilter, SupplyRow, list_routes, list_supplies,
};
pub use words::{RouteChoice, WaitReason};

/// May see rankings and routes.
pub const READ: Permission = Permission("fulfilment.read");
/// May rank the warehouses of channels.
pub const RANK: Permission = Permission("fulfilment.rank");
/// May route orders, whatever warehouse they are in.
pub const ROUTE: Permission = Permission("fulfilment.route");
/// May order from suppliers what orders lack; ordering itself is purchasing.order.
pub const SUPPLY: Permission = Permission("fulfilment.supply");
/// May confirm that a supplier sent goods straight to a customer, by the order's warehouse.
pub const SHIP_DIRECT: Permission = Permission("fulfilment.ship_direct");

/// The audit's name of cancelling, by the permission of sales, what could be filled elsewhere.
const CANCEL_UNFILLED: Permission = Permission("fulfilment.cancel_unfilled");

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "fulfilment",
    migrations: store::migrations!("0001_routing.sql", "0002_supply.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &["fulfilment_route", "fulfilment_supply"],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &partners::SCHEMA,
        &accounting::SCHEMA,
        &valuation::SCHEMA,
        &stock::SCHEMA,
        &purchasing::SCHEMA,
        &sales::SCHEMA,
    ],
};
