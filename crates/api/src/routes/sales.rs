//! Channels, orders of customers, shipments and invoices.

use crate::route::Routes;

pub(super) fn add(routes: Routes) -> Routes {
    routes
}
