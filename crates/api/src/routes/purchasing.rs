//! Offers, orders to suppliers, receipts and bills.

use crate::route::Routes;

pub(super) fn add(routes: Routes) -> Routes {
    routes
}
