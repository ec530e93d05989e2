//! Every route, one file per domain, each line a door with its permission.

mod accounting;
mod approvals;
mod catalog;
mod counting;
mod documents;
mod fulfilment;
mod identity;
mod jobs;
mod mail;
mod opening;
mod partners;
mod payments;
mod picking;
mod planning;
mod policies;
mod print;
mod purchasing;
mod quality;
mod receiving;
mod reconcile;
mod reports;
mod sales;
mod stock;
mod valuation;
mod webhooks;

use crate::route::Routes;

/// All routes below `/api/v1`.
#[must_use]
pub fn routes() -> Routes {
    let domains: [fn(Routes) -> Routes; 30] = [
        crate::session::add,
        crate::second_factor::add,
        crate::device_key::add,
        crate::events::add,
        crate::imports::add,
        reconcile::add,
        identity::add,
        approvals::add,
        catalog::add,
        partners::add,
        accounting::add,
        valuation::add,
        stock::add,
        purchasing::add,
        receiving::add,
        sales::add,
        payments::add,
        opening::add,
        counting::add,
        planning::add,
        quality::add,
        fulfilment::add,
        picking::add,
        documents::add,
        print::add,
        mail::add,
        webhooks::add,
        jobs::add,
        policies::add,
        reports::add,
    ];
    domains.into_iter().fold(Routes::default(), |routes, add| add(routes))
}
