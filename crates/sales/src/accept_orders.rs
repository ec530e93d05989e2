//! `accept_orders`: many orders in one transaction, each answered for itself.

use crate::accept::{AcceptError, AcceptOrder, Accepted, accept_one, record};
use crate::model::Draft;
use crate::price::{Prepared, prepare};
use crate::words::WhenShort;
use crate::{ACCEPT, tables};
use base::{Problem, Rule, SalesOrderId};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// The most orders of one batch.
pub const MAX_BATCH: usize = 1_000;

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

/// What became of one order of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ElementOutcome {
    /// It was accepted.
    Done,
    /// It had been accepted before.
    Repeated,
    /// It was refused; nothing of it was written.
    Refused,
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

/// Why a batch as a whole was refused, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum BatchError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Too many orders.
    #[error("the batch has {count} orders; send at most {MAX_BATCH} at once")]
    TooMany {
        /// How many it has.
        count: usize,
    },
    /// An order was refused, and the request wants all or none.
    #[error("order {element} was refused, and so the whole batch: {error}")]
    Element {
        /// Its place in the batch, from 1.
        element: u64,
        /// Why.
        error: Box<AcceptError>,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for BatchError {
    fn problem(&self) -> Problem {
        match self {
            BatchError::Denied(error) => error.problem(),
            BatchError::TooMany { .. } => {
                Problem::new(base::ProblemKind::TooLarge, "batch_too_large", self.to_string())
            }
            BatchError::Element { element, error } => error.problem().with_row(*element),
            BatchError::Store(error) => error.problem(),
        }
    }
}

type Answer = Result<Accepted, AcceptError>;

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
    if orders.len() > MAX_BATCH {
        return Err(BatchError::TooMany { count: orders.len() });
    }
    // One spoken number for the batch: each order adds its place in it.
    let number = tx.number(ctx.company_id, "SO")?;
    let channels = tables::channels_short(tx, ctx.company_id)?;
    let mut results = Vec::with_capacity(orders.len());
    for run in runs(orders, &channels) {
        let (first, orders) = (run.start, &orders[run]);
        let number = |place: usize| format!("{number}-{}", first + place + 1);
        let answers = match orders {
            [order] => vec![alone(tx, ctx, order, &number(0))?],
            orders => together(tx, ctx, orders, number)?,
        };
        for (place, answer) in answers.into_iter().enumerate() {
            let element = (first + place) as u64 + 1;
            match answer {
                Err(error) if request.all_or_nothing => {
                    return Err(BatchError::Element { element, error: Box::new(error) });
                }
                answer => results.push(told(element, &orders[place], answer)),
            }
        }
    }
    Ok(BatchResults { results })
}

/// Splits a batch into runs that can be written as sets: orders that accept a back-order, none of
/// them twice. Each order that refuses shortage is a run of its own, as it may be undone.
fn runs(
    orders: &[AcceptOrder],
    channels: &BTreeMap<String, WhenShort>,
) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    let mut seen = HashSet::new();
    let mut open = false;
    for (index, order) in orders.iter().enumerate() {
        let by_channel = channels.get(&order.channel).copied();
        let when_short = order.when_short.or(by_channel).unwrap_or(WhenShort::BackOrder);
        let set = when_short == WhenShort::BackOrder;
        let reference = order.external_ref.as_deref().unwrap_or("");
        let key = (order.channel.as_str(), reference);
        let twice = !reference.is_empty() && seen.contains(&key);
        match runs.last_mut() {
            Some(run) if open && set && !twice => run.end = index + 1,
            _ => {
                seen.clear();
                runs.push(index..index + 1);
            }
        }
        seen.insert(key);
        open = set;
    }
    runs
}

/// One order, undone alone when it is refused.
fn alone(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: &AcceptOrder,
    number: &str,
) -> Result<Answer, StoreError> {
    let answer = tx.element(|tx| accept_one(tx, ctx, order, |_| Ok(number.to_owned())));
    match answer {
        Err(AcceptError::Store(error)) => Err(error),
        answer => Ok(answer),
    }
}

/// A run of orders that accept a back-order, written as a set. What refuses the set as a whole can
/// only be a number out of range; each order then stands for itself.
fn together(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &[AcceptOrder],
    number: impl Fn(usize) -> String,
) -> Result<Vec<Answer>, StoreError> {
    match tx.element(|tx| as_set(tx, ctx, orders, &number)) {
        Ok(answers) => Ok(answers),
        Err(AcceptError::Store(error)) => Err(error),
        Err(_) => {
            let one = |(place, order)| alone(tx, ctx, order, &number(place));
            orders.iter().enumerate().map(one).collect()
        }
    }
}

fn as_set(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &[AcceptOrder],
    number: &impl Fn(usize) -> String,
) -> Result<Vec<Answer>, AcceptError> {
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

fn told(element: u64, order: &AcceptOrder, answer: Answer) -> BatchResult {
    let external_ref = order.external_ref.clone().unwrap_or_default();
    match answer {
        Ok(order) => BatchResult {
            element,
            external_ref,
            outcome: if order.repeated { ElementOutcome::Repeated } else { ElementOutcome::Done },
            order: Some(order),
            code: None,
            detail: None,
            line: None,
        },
        Err(error) => {
            let problem = error.problem();
            BatchResult {
                element,
                external_ref,
                outcome: ElementOutcome::Refused,
                order: None,
                code: Some(problem.code.to_owned()),
                detail: Some(problem.detail),
                line: problem.place.and_then(|place| place.line),
            }
        }
    }
}
