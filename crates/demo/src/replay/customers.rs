//! A day of customers: orders, cancellations, returns and fees.
//!
//! What each of their papers asks for is known from the data and from the days before. So it is decided
//! in memory, paper by paper, and the day's steps are booked in one transaction, in their order.

use std::collections::BTreeMap;

use base::{CustomerReturnId, Day, Id, SalesOrderId};
use identity::Ctx;
use partners::{CreatePartners, NewPartner};
use payments::{BookFee, Capture, Captures, PaymentAnswer};
use quality::{AuthorizeReturn, ReceiveReturn};
use sales::{AcceptOrder, AcceptOrders, CancelLine, CancelOrder, ElementOutcome};
use store::Tx;

use super::cancel::give_back;
use super::returns::Coming;
use super::sell::{ORDER, OrderIndex};
use super::{DemoError, Replay, refused};
use crate::calendar::Event;

/// What is booked at once for one paper, or for the orders between two.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// A channel or the bank takes a fee, or gives it back.
    Fee { fay: Ctx, request: BookFee },
    /// New customers, then orders; what web customers pay is captured at once.
    Take { lee: Ctx, fay: Ctx, new: Vec<NewPartner>, orders: Vec<Order> },
    /// Customers cancel what has not left; web customers get their money back.
    Cancel { lee: Ctx, fay: Ctx, cancels: Vec<Cancel> },
    /// Goods come back.
    Arrive { lee: Ctx, will: Ctx, returns: Vec<AuthorizeReturn> },
}

/// An order that is asked for.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub at: OrderIndex,
    pub request: AcceptOrder,
    pub prepaid: bool,
}

/// What of an order is cancelled.
#[derive(Debug, Clone)]
pub(super) struct Cancel {
    pub at: OrderIndex,
    /// None for an order of the same day, which gets its id when it is booked.
    pub order_id: Option<SalesOrderId>,
    pub lines: Vec<CancelLine>,
    pub reason: String,
}

/// A day of customers as it was decided.
#[derive(Debug, Default)]
pub(super) struct CustomersDay {
    pub steps: Vec<Step>,
    /// The returns of its steps, in their order, with the paper of each.
    pub coming: Vec<(usize, Coming)>,
}

/// What came of the steps of a day.
#[derive(Debug, Default)]
struct Booked {
    /// The orders: ids, and what they come to with tax.
    orders: BTreeMap<OrderIndex, (SalesOrderId, i64)>,
    /// What web customers paid, in pence.
    captured: i64,
    /// What they got back, in pence.
    refunded: i64,
    /// The returns, in the order of the steps: ids, and what they were worth.
    returns: Vec<(CustomerReturnId, i64)>,
}

impl Replay<'_> {
    /// Decides a day's papers one after the other, and books them.
    pub(super) fn customers(&mut self, day: Day, papers: &[Event]) -> Result<(), DemoError> {
        let mut decided = CustomersDay::default();
        let mut papers = papers.iter().peekable();
        while let Some(paper) = papers.next() {
            match paper {
                Event::Order(at) => {
                    // Orders up to the next credit are accepted one after the other in one batch.
                    let mut batch = vec![*at];
                    while let Some(Event::Order(next)) = papers.peek() {
                        batch.push(*next);
                        papers.next();
                    }
                    self.accept(day, &batch, &mut decided)?;
                }
                Event::Credit(at) => self.credit(day, *at, &mut decided)?,
                Event::BadDebt(at) => self.bad_debt(day, *at, &mut decided)?,
                _ => {}
            }
        }
        let CustomersDay { steps, coming } = decided;
        if steps.is_empty() {
            return Ok(());
        }
        let web = self.frame.web;
        let booked = self.write(move |tx| book(tx, (web, day), &steps))?;
        self.tally.captured += booked.captured;
        self.tally.refunded += booked.refunded;
        for (at, (order_id, gross)) in booked.orders {
            self.selling.is_booked(at, order_id, gross);
        }
        for ((at, coming), (return_id, value)) in coming.into_iter().zip(booked.returns) {
            self.tally.returns += 1;
            self.tally.returned_value += value;
            self.await_decision(day, &self.trade.invoices[at], coming, return_id)?;
        }
        Ok(())
    }
}

/// Books the steps of a day in their order.
fn book(tx: &mut Tx<'_>, (web, day): (i64, Day), steps: &[Step]) -> Result<Booked, DemoError> {
    let mut booked = Booked::default();
    for step in steps {
        match step {
            Step::Fee { fay, request } => {
                payments::book_fee(tx, fay, request.clone()).map_err(refused("fee"))?;
            }
            Step::Take { lee, fay, new, orders } => {
                let taken = take(tx, (lee, fay), (web, day), new, orders)?;
                for (order, order_id, gross) in taken {
                    booked.captured += if order.prepaid { gross.max(0) } else { 0 };
                    booked.orders.insert(order.at, (order_id, gross));
                }
            }
            Step::Cancel { lee, fay, cancels } => {
                for cancel in cancels {
                    let booked_today = || booked.orders.get(&cancel.at).map(|(id, _)| *id);
                    let Some(order_id) = cancel.order_id.or_else(booked_today) else { continue };
                    let (lines, reason) = (Some(cancel.lines.clone()), cancel.reason.clone());
                    let request = CancelOrder { order_id, lines, reason };
                    let done = sales::cancel(tx, lee, request).map_err(refused("cancel"))?;
                    booked.refunded +=
                        give_back(tx, fay, (web, day), order_id, done.to_refund.minor)?;
                }
            }
            Step::Arrive { lee, will, returns } => {
                for request in returns {
                    booked.returns.push(arrive(tx, (lee, will), day, request.clone())?);
                }
            }
        }
    }
    Ok(booked)
}

/// Takes orders, and captures what web customers paid for them. Returns those that were taken, with
/// their ids and what they come to with tax.
fn take<'a>(
    tx: &mut Tx<'_>,
    (lee, fay): (&Ctx, &Ctx),
    (web, day): (i64, Day),
    new: &[NewPartner],
    orders: &'a [Order],
) -> Result<Vec<(&'a Order, SalesOrderId, i64)>, DemoError> {
    if !new.is_empty() {
        let request = CreatePartners { partners: new.to_vec(), all_or_nothing: true };
        partners::create_partners(tx, lee, request).map_err(refused("new customers"))?;
    }
    if orders.is_empty() {
        return Ok(Vec::new());
    }
    let requests = orders.iter().map(|order| order.request.clone()).collect();
    let request = AcceptOrders { orders: requests, all_or_nothing: true };
    let accepted = sales::accept_orders(tx, lee, request).map_err(refused("accept orders"))?;
    let (mut made, mut captures) = (Vec::with_capacity(orders.len()), Vec::new());
    for (order, result) in orders.iter().zip(accepted.results) {
        let Some(accepted) = result.order.filter(|_| result.outcome != ElementOutcome::Refused)
        else {
            continue;
        };
        let (order_id, gross) = (accepted.order_id, accepted.gross);
        made.push((order, order_id, gross.minor));
        if order.prepaid && gross.minor > 0 {
            captures.push(Capture {
                happened_on: Some(day),
                method: "card".to_owned(),
                ..Capture::new(web, ORDER, order_id.raw(), gross)
            });
        }
    }
    if !captures.is_empty() {
        let request = Captures { captures, all_or_nothing: true };
        let answers = payments::capture_all(tx, fay, request).map_err(refused("capture"))?;
        debug_assert!(!answers.iter().any(|it| matches!(it, PaymentAnswer::Refused { .. })));
    }
    Ok(made)
}

/// Lee lets goods come, and will takes them in. Returns what they were worth.
fn arrive(
    tx: &mut Tx<'_>,
    (lee, will): (&Ctx, &Ctx),
    day: Day,
    request: AuthorizeReturn,
) -> Result<(CustomerReturnId, i64), DemoError> {
    let made = quality::authorize_return(tx, lee, request).map_err(refused("authorize return"))?;
    let arrival = ReceiveReturn {
        return_id: made.return_id,
        lines: None,
        received_on: Some(day),
        client_ref: String::new(),
    };
    let received = quality::receive_return(tx, will, arrival).map_err(refused("receive return"))?;
    Ok((made.return_id, received.value.minor))
}
