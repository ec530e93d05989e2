//! The replay: the world's days, booked through the product's doors, like anyone.
//!
//! Each event of the calendar is one transaction of the user whose work it is, at the event's time; what
//! customers ask for on a day is one.
//! Nothing here writes a table; what a door refuses ends the replay with the door's own words.
//! Reading order: founding and opening, then buying, selling, credits, notes, money and the month's
//! end, and last what is told of it.

mod found;
mod open;
mod sites;

mod bill;
mod buy;
mod order;
mod plan;
mod receive;

mod cancel;
mod counts;
mod credits;
mod customers;
mod enter;
mod notes;
mod pay;
mod returns;
mod sell;
mod ship;
mod transfers;

mod close;
mod outcome;
mod pace;
mod page;
mod places;
mod screen;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::{Day, DayError, NumberError, Problem, ProblemKind, Rule};
use identity::Ctx;
use store::{Database, StoreError, Tx};

use crate::calendar::{Calendar, DayPlan, Event};
use crate::classify::{Reading, classify_lines, match_adjustments};
use crate::hidden::Hidden;
use crate::levels::TrailingDemand;
use crate::orders::{Channel, Trade};
use crate::read::{Data, ItemIndex, ReadError, data_folder};
use crate::world::{SEED, World, WorldError};

use found::Frame;
use pace::Pace;

pub use outcome::{Figures, Outcome, PlaceFigures, SiteTally, Tally};
pub use pace::Growth;
pub use page::page;
pub use screen::screen;

/// The most days that can be replayed: from 2010-12-01 to 2011-12-09, the end of the data.
pub const MOST_DAYS: u32 = 374;

/// What to replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many days from 2010-12-01 on, 1 to [`MOST_DAYS`].
    pub days: u32,
    /// The folder of the data, see [`data_folder`].
    pub data: Option<PathBuf>,
}

/// Who is told how far the replay has come.
pub trait Progress {
    /// A day is done, as `done` of `total`.
    fn day(&mut self, day: Day, done: u32, total: u32);
}

/// Nobody is told.
impl Progress for () {
    fn day(&mut self, _: Day, _: u32, _: u32) {}
}

/// Why the replay did not come to its end.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The days asked for are not in the data.
    #[error("{asked} days cannot be replayed; give 1 to {MOST_DAYS}")]
    Days {
        /// How many were asked for.
        asked: u32,
    },
    /// The database is in use.
    #[error("the database has the company {company:?} already; the demo needs an empty one")]
    NotEmpty {
        /// A company that is there.
        company: String,
    },
    /// The data could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The world could not be planned.
    #[error(transparent)]
    World(#[from] WorldError),
    /// A door refused what the data asks.
    #[error("{verb}: {} ({})", .problem.detail, .problem.code)]
    Refused {
        /// Which door, and for what.
        verb: String,
        /// What it said.
        problem: Box<Problem>,
    },
    /// Something went wrong on a day.
    #[error("{day}: {error}")]
    OnDay {
        /// The day.
        day: Day,
        /// What.
        error: Box<DemoError>,
    },
    /// The books were not opened.
    #[error("the books were not opened: {0}")]
    Opening(String),
    /// Replenishment was run twice, and the second run found something else.
    #[error("replenishment was run twice, and the second run changed {news} proposals")]
    RunTwice {
        /// How many.
        news: u64,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// A day lies beyond the calendar.
    #[error(transparent)]
    Day(#[from] DayError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for DemoError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            DemoError::Days { .. } => {
                Problem::invalid("demo_days_out_of_range", detail).with_field("days")
            }
            DemoError::NotEmpty { .. } => {
                Problem::new(ProblemKind::Conflict, "demo_database_not_empty", detail)
            }
            DemoError::Read(error) => error.problem(),
            DemoError::World(error) => error.problem(),
            DemoError::Refused { problem, .. } => Problem { detail, ..(**problem).clone() },
            DemoError::OnDay { error, .. } => Problem { detail, ..error.problem() },
            DemoError::Opening(_) => Problem::refused("demo_not_opened", detail),
            DemoError::RunTwice { .. } => Problem::refused("demo_run_twice", detail),
            DemoError::Number(error) => error.problem(),
            DemoError::Day(error) => error.problem(),
            DemoError::Store(error) => error.problem(),
        }
    }
}

/// Names the door that refused.
fn refused<E: Rule>(verb: impl Into<String>) -> impl FnOnce(E) -> DemoError {
    move |error| DemoError::Refused { verb: verb.into(), problem: Box::new(error.problem()) }
}

/// Replays the first days of the demo's world in an empty database, whose schema
/// ([`reconcile::SCHEMA`]) is up to date.
///
/// The same data and days give the same books, on either engine: nothing that is posted depends on
/// the machine's clock or on chance without the world's seed.
///
/// # Errors
/// [`DemoError`]. What was booked before stays.
pub fn run(
    database: &Database,
    options: Options,
    progress: &mut dyn Progress,
) -> Result<Outcome, DemoError> {
    if options.days == 0 || options.days > MOST_DAYS {
        return Err(DemoError::Days { asked: options.days });
    }
    if let Some(company) = database.read(identity::companies)?.into_iter().next() {
        return Err(DemoError::NotEmpty { company: company.name });
    }
    let began = Instant::now();
    let opening = Day::of(2010, 12, 1)?;
    let data = Data::read(&data_folder(options.data.as_deref())?)?;
    let classes = classify_lines(&data);
    let matches = match_adjustments(&data);
    let trade = Trade::of(&data, &classes, &matches);
    let world = World::plan(&data, &classes, &trade, SEED, opening)?;
    let last = opening.plus(i64::from(options.days) - 1)?;
    let reading = Reading::of(&data, &classes, Some(last.plus(1)?));
    let read_in = began.elapsed();

    let frame = found::found(database, &data, &world)?;
    let mut replay = Replay::new(database, &data, &trade, &world, frame)?;
    replay.spent.insert("read", read_in);
    replay.spent.insert("found", began.elapsed().saturating_sub(read_in));
    let calendar = Calendar::of(&world, &trade);
    for (done, plan) in (1..).zip(calendar.plans(last)) {
        let plan = plan?;
        let day = plan.day;
        let on_day = |error| DemoError::OnDay { day, error: Box::new(error) };
        replay.day(plan).map_err(on_day)?;
        replay.pace.day(day, began.elapsed());
        progress.day(day, done, options.days);
    }
    replay.finish(reading, last, options.days, began)
}

/// The replay between two events.
struct Replay<'a> {
    database: &'a Database,
    data: &'a Data,
    trade: &'a Trade,
    world: &'a World,
    demand: TrailingDemand,
    /// The web shop's part of it.
    web_demand: TrailingDemand,
    frame: Arc<Frame>,
    /// The warehouses, in the order in which they were opened.
    sites: Vec<sites::Site>,
    buying: buy::Buying,
    planning: plan::Planning,
    selling: sell::Selling,
    money: pay::MoneyDue,
    returning: returns::Returning,
    transferring: transfers::Transferring,
    /// The month that the checks look at.
    closing: Option<close::Closing>,
    tally: Tally,
    /// How long each kind of event took on this machine. Told, never posted.
    spent: BTreeMap<&'static str, Duration>,
    pace: Pace,
}

impl<'a> Replay<'a> {
    fn new(
        database: &'a Database,
        data: &'a Data,
        trade: &'a Trade,
        world: &'a World,
        frame: Frame,
    ) -> Result<Replay<'a>, DemoError> {
        let goods: Vec<(ItemIndex, &str)> = world
            .offers
            .iter()
            .map(|offer| (offer.item, world.item(offer.item).code.as_str()))
            .collect();
        let hidden = Hidden::of(world.seed, world.opening, trade, &goods)?;
        let sites = vec![sites::Site::first(&frame.warehouse, hidden)];
        let (items, opening) = (data.items.len(), world.opening);
        Ok(Replay {
            database,
            data,
            trade,
            world,
            demand: TrailingDemand::of(trade, items, opening),
            web_demand: TrailingDemand::of_channel(trade, items, opening, Channel::WebShop),
            frame: Arc::new(frame),
            sites,
            buying: buy::Buying::default(),
            planning: plan::Planning::default(),
            selling: sell::Selling::default(),
            money: pay::MoneyDue::default(),
            returning: returns::Returning::default(),
            transferring: transfers::Transferring::default(),
            closing: None,
            tally: Tally::default(),
            spent: BTreeMap::new(),
            pace: Pace::of(data),
        })
    }

    /// One event, one transaction.
    fn write<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, DemoError> + Send + 'static,
    ) -> Result<T, DemoError> {
        self.database.write(work)
    }

    /// Looks at one snapshot.
    fn look<T: Send + 'static>(
        &self,
        work: impl FnMut(&mut Tx<'_>) -> Result<T, DemoError> + Send + 'static,
    ) -> Result<T, DemoError> {
        self.database.read(work)
    }

    fn day(&mut self, plan: DayPlan) -> Result<(), DemoError> {
        let day = plan.day;
        for site in &mut self.sites {
            site.hidden.day(day);
        }
        let mut events = plan.events.into_iter().peekable();
        while let Some(event) = events.next() {
            let began = Instant::now();
            let kind = match event {
                Event::Open => self.open(day).map(|()| "open"),
                Event::OpenNorth => self.open_north(day).map(|()| "open"),
                Event::PayOut => self.pay_out(day).map(|()| "pay out"),
                Event::SendPlanned(at) => self.send_planned(day, at).map(|()| "order"),
                Event::ChangePromises(told) => self.change_promises(day, &told).map(|()| "promise"),
                Event::Receive(planned) => self.receive(day, &planned).map(|()| "receive"),
                Event::ReceiveTransfers => self.receive_transfers(day).map(|()| "transfer"),
                Event::Bill(planned) => self.bill(day, &planned).map(|()| "bill"),
                Event::Dispose => self.dispose(day).map(|()| "dispose"),
                paper @ (Event::Order(_) | Event::Credit(_) | Event::BadDebt(_)) => {
                    let mut papers = vec![paper];
                    let of_customers = |event: &Event| event.is_of_customers();
                    while let Some(next) = events.next_if(of_customers) {
                        papers.push(next);
                    }
                    self.customers(day, &papers).map(|()| "customers")
                }
                Event::Route => self.route(day).map(|()| "route"),
                Event::Ship => {
                    self.count_short_picks(day)?;
                    self.ship(day).map(|()| "ship")
                }
                Event::SendTransfers => self.send_transfers(day).map(|()| "transfer"),
                Event::Count => self.count_due(day).map(|()| "count"),
                Event::Note(at) => {
                    let mut notes = vec![at];
                    while let Some(Event::Note(next)) = events.peek() {
                        notes.push(*next);
                        events.next();
                    }
                    self.notes(day, &notes).map(|()| "note")
                }
                Event::CancelBackOrders { ordered_on } => {
                    self.cancel_back_orders(day, ordered_on).map(|()| "cancel")
                }
                Event::Pay => self.pay(day).map(|()| "pay"),
                Event::Replenish => self.replenish(day).map(|()| "replenish"),
                Event::CloseMonth { month } => self.close_month(day, month).map(|()| "lock"),
                Event::LockMonth { .. } => self.lock_month(day).map(|()| "lock"),
            }?;
            *self.spent.entry(kind).or_default() += began.elapsed();
        }
        Ok(())
    }

    /// A user at a time of a day.
    fn at(&self, who: &Ctx, day: Day, minute: u16) -> Result<Ctx, DemoError> {
        self.frame.at(who, day, minute)
    }
}

/// A time of day in minutes since midnight.
const fn clock(hour: u16, minute: u16) -> u16 {
    hour * 60 + minute
}
