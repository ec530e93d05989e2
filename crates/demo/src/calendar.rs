//! What happens on a day, and in which order.
//!
//! The order is fixed, so that two runs agree: money of the night, goods in, the customers' day,
//! goods out, the warehouse's notes, money that is due, and at last what to order and the month's
//! lock. Goods go out after the day's credits: what a customer cancels the same day never ships.

use std::collections::BTreeMap;

use base::{Day, DayError};
use jiff::civil::Weekday;

use crate::open_days::{is_open, is_weekly};
use crate::orders::Trade;
use crate::read::InvoiceKind;
use crate::world::World;

/// After how many days what could not be shipped is cancelled.
pub const BACK_ORDER_DAYS: i64 = 14;

/// How many days after its end a month is locked, while the next one is already busy.
pub const CLOSE_DAYS: i64 = 10;

/// The day on which the second warehouse opens, as (year, month, day): a Friday.
pub const NORTH_FROM: (i16, i8, i8) = (2011, 4, 1);
/// The day of the week on which the second warehouse is supplied, or the first open day after it.
const SUPPLY_DAY: Weekday = Weekday::Tuesday;

/// The day of the week on which replenishment is run, or the first open day after it.
const RUN_DAY: Weekday = Weekday::Wednesday;
/// How many days of demand there are at the first run.
const FIRST_RUN: i64 = 7;

/// One thing that happens on a day. Positions point into the world and the trade; what depends on
/// how the run went so far (what is reserved, owed or due) is for whoever replays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The books open: stock, open purchase orders, balances. First on the opening day alone.
    Open,
    /// The second warehouse opens. On [`NORTH_FROM`] alone.
    OpenNorth,
    /// The web shop pays out the clearing balance of Sunday's end, if positive. Mondays, before
    /// anything changes the balance.
    PayOut,
    /// A planned order is sent, by position in `World::planned_orders`. Those open at the opening
    /// are part of [`Event::Open`].
    SendPlanned(usize),
    /// Suppliers change promises: (planned order, position in `Supply::promise_changes`). Those of
    /// other orders are the replay's to add.
    ChangePromises(Vec<(usize, usize)>),
    /// Goods arrive: (planned order, position in `Supply::deliveries`), and all other deliveries
    /// that are due. Goods that orders wait for are reserved for them, oldest first.
    Receive(Vec<(usize, usize)>),
    /// Goods of the other warehouse that are due arrive, and what was missing is told of. Open days
    /// since there are two.
    ReceiveTransfers,
    /// Supplier bills come: (planned order, delivery, position in `Delivery::bills`), and all other
    /// bills of the day.
    Bill(Vec<(usize, usize, usize)>),
    /// Goods that came back in the days before are decided on, and refunded. Open days.
    Dispose,
    /// A customer orders, by position in `Trade::invoices`; what is there is reserved.
    Order(usize),
    /// A C invoice, by position: cancellation, return or unknown origin, and credited services.
    Credit(usize),
    /// An A invoice, by position.
    BadDebt(usize),
    /// Orders that lack goods go to the warehouse that has them. Open days since there are two.
    Route,
    /// Everything reserved is shipped, and invoiced where the shipment is the revenue.
    Ship,
    /// The second warehouse is sent what it needs: on the day it opens, then once a week.
    SendTransfers,
    /// What is due is counted. Fridays on which the warehouse works.
    Count,
    /// A note of the warehouse changes the stock that is left, by position in `Trade::notes`.
    Note(usize),
    /// What orders of this day still lack is cancelled; web orders are refunded.
    CancelBackOrders {
        /// 14 days before.
        ordered_on: Day,
    },
    /// Supplier bills and wholesale invoices that are due are paid. Every day, also closed ones.
    Pay,
    /// Rules are set from what is known before today, the weekly run proposes, and orders are sent. From
    /// the second week on, when there is something to look back at.
    Replenish,
    /// The checks begin to look at the month, as it is after the last event of its last day.
    CloseMonth {
        /// The first day of the month.
        month: Day,
    },
    /// The month is locked if every check holds: [`CLOSE_DAYS`] after its last day.
    LockMonth {
        /// The first day of the month.
        month: Day,
    },
}

impl Event {
    /// Whether a customer's paper came.
    #[must_use]
    pub const fn is_of_customers(&self) -> bool {
        matches!(self, Event::Order(_) | Event::Credit(_) | Event::BadDebt(_))
    }
}

/// A day and its events in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPlan {
    /// The day.
    pub day: Day,
    /// Whether the warehouse works.
    pub open: bool,
    /// The events in the order in which they happen.
    pub events: Vec<Event>,
}

/// The plan of every day, from what is known without a run.
#[derive(Debug)]
pub struct Calendar<'a> {
    world: &'a World,
    trade: &'a Trade,
    sent: BTreeMap<Day, Vec<usize>>,
    changed: BTreeMap<Day, Vec<(usize, usize)>>,
    received: BTreeMap<Day, Vec<(usize, usize)>>,
    billed: BTreeMap<Day, Vec<(usize, usize, usize)>>,
}

impl<'a> Calendar<'a> {
    /// Sorts what the world has planned by day.
    #[must_use]
    pub fn of(world: &'a World, trade: &'a Trade) -> Calendar<'a> {
        let mut calendar = Calendar {
            world,
            trade,
            sent: BTreeMap::new(),
            changed: BTreeMap::new(),
            received: BTreeMap::new(),
            billed: BTreeMap::new(),
        };
        let orders = world.planned_orders.iter().zip(&world.planned_supply).enumerate();
        for (at, (order, supply)) in orders {
            if !world.is_open_at_opening(order) {
                calendar.sent.entry(order.ordered_on).or_default().push(at);
            }
            for (change, told) in supply.promise_changes.iter().enumerate() {
                // What was told before the opening is news on its first day.
                let day = told.told_on.max(world.opening);
                calendar.changed.entry(day).or_default().push((at, change));
            }
            for (delivery, goods) in supply.deliveries.iter().enumerate() {
                calendar.received.entry(goods.day).or_default().push((at, delivery));
                for (bill, paper) in goods.bills.iter().enumerate() {
                    calendar.billed.entry(paper.day).or_default().push((at, delivery, bill));
                }
            }
        }
        calendar
    }

    /// The plan of a day, on or after the opening.
    ///
    /// # Errors
    ///
    /// `OutOfRange` at the beginning of the calendar.
    pub fn plan(&self, day: Day) -> Result<DayPlan, DayError> {
        let invoices = self.trade.invoices_on(day);
        let open = is_open(day) || !invoices.is_empty();
        let date = (day.year(), day.month(), day.day_of_month());
        let (opens, two) = (date == NORTH_FROM, date >= NORTH_FROM);
        let mut events = Vec::new();
        if day == self.world.opening {
            events.push(Event::Open);
        }
        if day.weekday() == Weekday::Monday {
            events.push(Event::PayOut);
        }
        if opens {
            events.push(Event::OpenNorth);
        }
        if open {
            self.goods_in(day, &mut events);
        }
        events.extend(invoices.map(|at| match self.trade.invoices[at].number.kind {
            InvoiceKind::Plain => Event::Order(at),
            InvoiceKind::Credit => Event::Credit(at),
            InvoiceKind::BadDebt => Event::BadDebt(at),
        }));
        if open {
            if two {
                events.push(Event::Route);
            }
            events.push(Event::Ship);
            if two && (opens || is_weekly(SUPPLY_DAY, day)?) {
                events.push(Event::SendTransfers);
            }
            if day.weekday() == Weekday::Friday {
                events.push(Event::Count);
            }
        }
        events.extend(self.trade.notes_on(day).map(Event::Note));
        let ordered_on = day.plus(-BACK_ORDER_DAYS)?;
        if ordered_on >= self.world.opening {
            events.push(Event::CancelBackOrders { ordered_on });
        }
        events.push(Event::Pay);
        if open && self.world.opening.days_until(day) >= FIRST_RUN && is_weekly(RUN_DAY, day)? {
            events.push(Event::Replenish);
        }
        if day == day.last_of_month() {
            events.push(Event::CloseMonth { month: day.first_of_month() });
        }
        let ended = day.plus(-CLOSE_DAYS)?;
        if ended >= self.world.opening && ended == ended.last_of_month() {
            events.push(Event::LockMonth { month: ended.first_of_month() });
        }
        Ok(DayPlan { day, open, events })
    }

    /// The plans of the days from the opening to the last one, which is included.
    pub fn plans(&self, last: Day) -> impl Iterator<Item = Result<DayPlan, DayError>> {
        let days = self.world.opening.days_until(last);
        (0..=days).map(|after| self.plan(self.world.opening.plus(after)?))
    }

    fn goods_in(&self, day: Day, events: &mut Vec<Event>) {
        let sent = self.sent.get(&day).into_iter().flatten();
        events.extend(sent.map(|order| Event::SendPlanned(*order)));
        if let Some(changed) = self.changed.get(&day) {
            events.push(Event::ChangePromises(changed.clone()));
        }
        events.push(Event::Receive(self.received.get(&day).cloned().unwrap_or_default()));
        if (day.year(), day.month(), day.day_of_month()) > NORTH_FROM {
            events.push(Event::ReceiveTransfers);
        }
        events.push(Event::Bill(self.billed.get(&day).cloned().unwrap_or_default()));
        events.push(Event::Dispose);
    }
}
