//! Payments and payouts.

use crate::route::Routes;

pub(super) fn add(routes: Routes) -> Routes {
    routes
}
