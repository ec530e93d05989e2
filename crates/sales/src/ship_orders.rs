//! `ship_orders`: many orders leave in one transaction, each answered for itself.

use crate::SHIP;
use crate::batch::{self, BatchError, ElementOutcome, Refusal};
use crate::ship::{Ship, ShipError, Shipped, ship, ship_set};
use base::SalesOrderId;
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to ship many orders.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipOrders {
    /// The shipments, at most 1,000. Each is decided after those before it.
    pub shipments: Vec<Ship>,
    /// Whether one refusal undoes the whole batch.
    #[serde(default)]
    pub all_or_nothing: bool,
}

/// The answer for one shipment of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShipResult {
    /// Its place in the batch, from 1.
    pub element: u64,
    /// The order.
    pub order_id: SalesOrderId,
    /// What became of it.
    pub outcome: ElementOutcome,
    /// The shipment, unless it was refused.
    pub shipment: Option<Shipped>,
    /// The broken rule's code, when it was refused.
    pub code: Option<String>,
    /// The broken rule in words, when it was refused.
    pub detail: Option<String>,
    /// The line that broke it, from 1, when it was one line.
    pub line: Option<u32>,
}

/// The answers of a batch in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShipResults {
    /// One answer for each shipment.
    pub results: Vec<ShipResult>,
}

impl Refusal for ShipError {
    fn of_store(self) -> Result<StoreError, ShipError> {
        match self {
            ShipError::Store(error) => Ok(error),
            refusal => Err(refusal),
        }
    }
}

/// Ships orders one after another and answers for each. Different orders that leave on one day are
/// written as one set; each has its own shipment and its own entry.
///
/// # Errors
/// The first broken rule in the order of [`BatchError`]; what is wrong with one order is its own
/// answer, unless all or nothing is asked for.
pub fn ship_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ShipOrders,
) -> Result<ShipResults, BatchError> {
    ctx.require_somewhere(SHIP)?;
    let ShipOrders { shipments, all_or_nothing } = request;
    batch::check_size(shipments.len())?;
    let day = |index: usize| shipments[index].happened_on.unwrap_or(ctx.today);
    let runs = batch::by_day(shipments.len(), day, |index| shipments[index].order_id);
    let answers = batch::decide(
        tx,
        runs,
        all_or_nothing,
        |tx, run| Ok(ship_set(tx, ctx, &shipments[run], None)?.into_iter().map(Ok).collect()),
        |tx, index| ship(tx, ctx, shipments[index].clone()),
    )?;
    let told = |(index, answer): (usize, batch::Answer<Shipped>)| {
        let batch::Told { outcome, code, detail, line } = batch::told(&answer, |_| false);
        let (element, order_id) = (index as u64 + 1, shipments[index].order_id);
        ShipResult { element, order_id, outcome, shipment: answer.ok(), code, detail, line }
    };
    Ok(ShipResults { results: answers.into_iter().enumerate().map(told).collect() })
}
