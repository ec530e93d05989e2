//! `accept_orders`: many orders in one transaction, each answered for itself.

use crate::accept::{AcceptError, AcceptOrder, Accepted, accept_one, record};
use crate::batch::{self, Answer, BatchError, ElementOutcome, Refusal};
use crate::model::Draft;
use crate::price::{Prepared, prepare};
use crate::words::WhenShort;
use crate::{ACCEPT, tables};
use base::SalesOrderId;
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to accept many orders.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptOrders {
    /// The orders, at most 1,000. Each is decided after those before it; its identity is its
    /// channel and external reference.
    pub orders: Vec<AcceptOrder>,
    /// Whether one refusal undoes the whole batch.
    #[serde(default)]
    pub all_or_nothing: bool,
}

/// The answer for one order of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchResult {
    /// Its place in the batch, from 1.
    pub element: u64,
    /// Its external reference, empty without one.
    pub external_ref: String,
    /// What became of it.
    pub outcome: ElementOutcome,
    /// The order, unless it was refused.
    pub order: Option<Accepted>,
    /// The broken rule's code, when it was refused.
    pub code: Option<String>,
    /// The broken rule in words, when it was refused.
    pub detail: Option<String>,
    /// The line that broke it, from 1, when it was one line.
    pub line: Option<u32>,
}

/// The answers of a batch in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BatchResults {
    /// One answer for each order.
    pub results: Vec<BatchResult>,
}

impl Refusal for AcceptError {
    fn of_store(self) -> Result<StoreError, AcceptError> {
        match self {
            AcceptError::Store(error) => Ok(error),
            refusal => Err(refusal),
        }
    }
}

/// Accepts orders one after another and answers for each: done, repeated or refused. Runs of orders
/// that accept a back-order are written as one set.
///
/// # Errors
/// The first broken rule in the order of [`BatchError`]; what is wrong with one order is its own
/// answer, unless all or nothing is asked for.
pub fn accept_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AcceptOrders,
) -> Result<BatchResults, BatchError> {
    ctx.require(ACCEPT)?;
    let orders = &request.orders;
    batch::check_size(orders.len())?;
    // One spoken number for the batch: each order adds its place in it.
    let number = tx.number(ctx.company_id, "SO")?;
    let channels = tables::channels_short(tx, ctx.company_id)?;
    let number = |index: usize| format!("{number}-{}", index + 1);
    let answers = batch::decide(
        tx,
        runs(orders, &channels),
        request.all_or_nothing,
        |tx, run| as_set(tx, ctx, &orders[run.clone()], &|place| number(run.start + place)),
        |tx, index| accept_one(tx, ctx, &orders[index], |_| Ok(number(index))),
    )?;
    let results = answers.into_iter().enumerate().map(|(index, answer)| {
        let element = index as u64 + 1;
        told(element, &orders[index], answer)
    });
    Ok(BatchResults { results: results.collect() })
}

/// Splits a batch into runs that can be written as sets: orders that accept a back-order, none of
/// them twice. Each order that refuses shortage is a run of its own, as it may be undone.
fn runs(
    orders: &[AcceptOrder],
    channels: &BTreeMap<String, WhenShort>,
) -> Vec<std::ops::Range<usize>> {
    let waits = |index: usize| {
        let by_channel = channels.get(&orders[index].channel).copied();
        let when_short = orders[index].when_short.or(by_channel);
        when_short.unwrap_or(WhenShort::BackOrder) == WhenShort::BackOrder
    };
    let key = |index: usize| {
        let reference = orders[index].external_ref.as_deref().unwrap_or("");
        Some((orders[index].channel.as_str(), reference)).filter(|_| !reference.is_empty())
    };
    batch::runs(orders.len(), |before, index| waits(before) && waits(index), key)
}

fn as_set(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &[AcceptOrder],
    number: &impl Fn(usize) -> String,
) -> Result<Vec<Result<Accepted, AcceptError>>, AcceptError> {
    let asked: Vec<&AcceptOrder> = orders.iter().collect();
    let prepared = prepare(tx, ctx, &asked, |_, index| Ok(number(index)))?;
    let drafts: Vec<&Draft> = prepared.iter().filter_map(new).collect();
    let written = tables::insert_new_orders(tx, ctx, &drafts)?;
    let (fresh, raced): (Vec<&Draft>, Vec<&Draft>) =
        drafts.into_iter().partition(|draft| written.contains(&draft.id));
    let mut by_id: BTreeMap<SalesOrderId, Accepted> =
        record(tx, ctx, &fresh)?.into_iter().map(|made| (made.order_id, made)).collect();
    let met: BTreeMap<SalesOrderId, SalesOrderId> =
        raced.iter().map(|draft| draft.id).zip(tables::known(tx, ctx, &raced)?).collect();
    let known = prepared.iter().filter_map(|answer| match answer {
        Ok(Prepared::Known(id)) => Some(*id),
        Ok(Prepared::New(draft)) => met.get(&draft.id).copied(),
        Err(_) => None,
    });
    let known: Vec<SalesOrderId> = known.collect();
    let found = tables::accepted(tx, ctx, &known)?;
    by_id.extend(found.into_iter().map(|order| (order.order_id, order)));
    let gone = || StoreError::Unusable("an accepted order was not found again".to_owned());
    let answer = |prepared| {
        let id = match prepared {
            Err(error) => return Ok(Err(error)),
            Ok(Prepared::Known(id)) => id,
            Ok(Prepared::New(draft)) => met.get(&draft.id).copied().unwrap_or(draft.id),
        };
        by_id.get(&id).cloned().map(Ok).ok_or_else(|| gone().into())
    };
    prepared.into_iter().map(answer).collect()
}

fn new(answer: &Result<Prepared, AcceptError>) -> Option<&Draft> {
    match answer {
        Ok(Prepared::New(draft)) => Some(draft),
        _ => None,
    }
}

fn told(element: u64, order: &AcceptOrder, answer: Answer<Accepted>) -> BatchResult {
    let external_ref = order.external_ref.clone().unwrap_or_default();
    let batch::Told { outcome, code, detail, line } = batch::told(&answer, |made| made.repeated);
    BatchResult { element, external_ref, outcome, order: answer.ok(), code, detail, line }
}
