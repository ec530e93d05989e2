//! `replay_route`: a decision is made again from what it was made from.

use crate::basis::{ALGORITHM, RouteBasis, RouteDecision};
use crate::views::{ListError, RouteRow, read_route};
use crate::{READ, rules, tables};
use base::{CompanyId, Id, RouteId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, params};
use utoipa::ToSchema;

/// A route with all that it was decided from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteDetail {
    /// The route as lists tell it.
    pub route: RouteRow,
    /// What it was decided from; absent when another version of the algorithm kept it.
    pub basis: Option<RouteBasis>,
    /// What the same basis leads to now; absent when another version of the algorithm decided.
    pub replayed: Option<RouteDecision>,
    /// Whether that is what was decided.
    pub same: bool,
}

/// Shows a route with its basis, and decides it again.
///
/// # Errors
/// The first broken rule in the order of [`ListError`].
pub fn replay_route(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    route_id: RouteId,
) -> Result<RouteDetail, ListError> {
    ctx.require(READ)?;
    let key = || params![ctx.company_id, route_id];
    let found = tx.query_opt(&tables::ROUTE_ROW, key())?;
    let route = read_route(&found.ok_or(ListError::NotFound { route_id })?)?;
    let text = tx.query_opt(&tables::ROUTE_BASIS, key())?;
    let text: String = text.ok_or(ListError::NotFound { route_id })?.get(0)?;
    let basis: Option<RouteBasis> =
        if route.algorithm == ALGORITHM { tables::read(&text) } else { None };
    let replayed = basis.as_ref().and_then(|basis| rules::decide(basis).ok());
    let same = replayed.is_some() && replayed == route.decision;
    Ok(RouteDetail { route, basis, replayed, same })
}

/// Decides every route of open orders again; tells those that come to something else.
///
/// # Errors
/// The store's own.
pub fn verify_routes(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<String>, StoreError> {
    const AT_ONCE: i64 = 1_000;
    let (mut breaches, mut after) = (Vec::new(), 0);
    loop {
        let part = tables::open_routes(tx, company_id, after, AT_ONCE)?;
        for route in &part {
            after = route.id;
            let shown: Option<RouteDecision> = tables::read(&route.decision);
            let basis: Option<RouteBasis> = tables::read(&route.basis);
            let replayed = basis.and_then(|basis| rules::decide(&basis).ok());
            if replayed.is_none() || replayed != shown {
                breaches.push(format!(
                    "route {} of order {} is decided otherwise from its basis",
                    RouteId::from_raw(route.id),
                    route.number
                ));
            }
        }
        if (part.len() as i64) < AT_ONCE {
            return Ok(breaches);
        }
    }
}
