//! `ship`: goods leave for a customer, and with them their cost and, where the channel says so,
//! their revenue, in one entry.

use crate::SHIP;
use crate::batch::only;
use crate::model::{Amounts, LINE, Line, ORDER, Order, SHIPMENT};
use crate::rules::{self, Kept, Leaving, LineError};
use crate::tables::{self, DoneLine, NewShipment};
use crate::words::{LineKind, OrderState, RevenueAt};
use accounting::{Area, BooksError, Role};
use base::{
    Day, EntryId, Id, Money, NumberError, Problem, Quantity, Rule, SalesOrderId, ShipmentId,
    TextError, WarehouseId, check_text,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use stock::{Cost, Counter, Draw, Kind, Move, Pick, PostError, Posting, Standing};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to ship an order, or a part of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ship {
    /// The order.
    pub order_id: SalesOrderId,
    /// The warehouse that the goods leave; the order's own when absent.
    pub warehouse_id: Option<WarehouseId>,
    /// What leaves; everything that is reserved when absent. Lines without goods go with the first
    /// shipment by themselves, and an order that has no other is shipped just so.
    pub lines: Option<Vec<ShipLine>>,
    /// The day on which the goods left; today when absent.
    pub happened_on: Option<Day>,
    /// Who carries them.
    pub carrier: Option<String>,
    /// The carrier's number.
    pub tracking: Option<String>,
    /// What the caller calls the shipment.
    pub client_ref: Option<String>,
}

/// A line that leaves.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShipLine {
    /// The order's line, from 1.
    pub line: i64,
    /// How much of it, at most what is reserved.
    pub quantity: Quantity,
    /// Ship it although a lot that is kept for it has expired.
    #[serde(default)]
    pub confirm_expired: bool,
}

impl Ship {
    /// Whether somebody said that a line leaves although its lot has expired.
    fn confirms_expired(&self, line: i64) -> bool {
        self.lines.iter().flatten().any(|asked| asked.line == line && asked.confirm_expired)
    }
}

/// What was shipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shipped {
    /// The shipment.
    pub shipment_id: ShipmentId,
    /// Its spoken number.
    pub number: String,
    /// The order.
    pub order_id: SalesOrderId,
    /// Where the order stands now.
    pub state: OrderState,
    /// The order's revision.
    pub revision: i64,
    /// The books' day.
    pub posted_on: Day,
    /// What the goods were sold for, without tax, and the lines that went with them.
    pub net: Money,
    /// Their tax.
    pub tax: Money,
    /// What the goods cost.
    pub cost: Money,
}

/// Why nothing was shipped, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ShipError {
    /// No permission in the warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text that cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No such order.
    #[error("there is no order {order_id}")]
    NotFound {
        /// What was asked.
        order_id: SalesOrderId,
    },
    /// The order wants nothing any more.
    #[error("order {number} is {state}; nothing of it can be shipped")]
    NotOpen {
        /// The order.
        number: String,
        /// Where it stands.
        state: OrderState,
    },
    /// A line cannot be shipped as asked.
    #[error(transparent)]
    Line(#[from] LineError),
    /// Nothing is reserved.
    #[error(
        "nothing of order {number} is reserved in the warehouse; reserve goods for it first, or name \
         the warehouse in which they are"
    )]
    NothingToShip {
        /// The order.
        number: String,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The goods could not be moved.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The books are not open.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ShipError {
    fn problem(&self) -> Problem {
        match self {
            ShipError::Denied(error) => error.problem(),
            ShipError::Text(error) => error.problem(),
            ShipError::NotFound { .. } => Problem::not_found("order_not_found", self.to_string()),
            ShipError::NotOpen { .. } => Problem::refused("order_not_open", self.to_string()),
            ShipError::Line(error) => error.problem(),
            ShipError::NothingToShip { .. } => {
                Problem::refused("nothing_to_ship", self.to_string())
            }
            ShipError::Number(error) => error.problem(),
            ShipError::Post(error) => error.problem(),
            ShipError::Books(error) => error.problem(),
            ShipError::Store(error) => error.problem(),
        }
    }
}

/// Ships what is asked, or what is reserved.
///
/// The goods go to the customer's place at the cost that the books have for them: to cost of sales,
/// to marketing when they are free, or, by the policy `cost_of_sales`, to goods delivered and not
/// invoiced. Where revenue is taken at the shipment, the same entry takes it from what the customer
/// paid before. A part of a line is worth the difference of two shares, so that all parts together
/// are worth the line.
///
/// # Errors
/// The first broken rule in the order of [`ShipError`]; nothing has then been written.
pub fn ship(tx: &mut Tx<'_>, ctx: &Ctx, request: Ship) -> Result<Shipped, ShipError> {
    Ok(only(ship_set(tx, ctx, std::slice::from_ref(&request), None)?)?)
}

/// Ships different orders, all on the day of the first, each from exactly where `from` says that its
/// goods were taken: the rows at which they are kept, and how much of each. One refusal refuses all.
/// For whoever knows what was picked.
///
/// # Errors
/// The first broken rule in the order of [`ShipError`]; nothing has then been written.
pub fn ship_picked(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    requests: &[Ship],
    from: &[Vec<Pick>],
) -> Result<Vec<Shipped>, ShipError> {
    ship_set(tx, ctx, requests, Some(from))
}

/// Ships different orders, all on the day of the first, as one set; from what is kept in its order, or
/// from exactly where it is said for each.
pub(crate) fn ship_set(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    requests: &[Ship],
    from: Option<&[Vec<Pick>]>,
) -> Result<Vec<Shipped>, ShipError> {
    for request in requests {
        for (field, text) in [
            ("carrier", &request.carrier),
            ("tracking", &request.tracking),
            ("client_ref", &request.client_ref),
        ] {
            check_text(field, text.as_deref().unwrap_or(""), 200)?;
        }
    }
    let orders = hold(tx, ctx, requests)?;
    let mut parcels = plan(tx, ctx, orders, requests, from)?;
    let happened_on = requests.first().and_then(|ship| ship.happened_on).unwrap_or(ctx.today);
    let booked = post(tx, ctx, happened_on, &mut parcels)?;
    record(tx, ctx, happened_on, &mut parcels, &booked)
}

/// Writes shipments whose goods have moved, raises their orders and tells of both.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    happened_on: Day,
    parcels: &mut [Parcel<'_>],
    booked: &[InBooks],
) -> Result<Vec<Shipped>, ShipError> {
    let mut states = Vec::with_capacity(parcels.len());
    for Parcel { order, leaving, done, .. } in &mut *parcels {
        for (leaving, done) in leaving.iter().zip(done) {
            let line = &mut order.lines[leaving.index];
            line.shipped = line.shipped.checked_add(done.quantity)?;
        }
        states.push(rules::state_of(&order.lines, order.revenue_at, order.state)?);
    }
    let new: Vec<NewShipment<'_>> = parcels
        .iter()
        .zip(booked)
        .map(|(parcel, booked)| NewShipment {
            id: parcel.id,
            number: &parcel.number,
            order: &parcel.order,
            request: parcel.request,
            happened_on,
            posted_on: booked.posted_on,
            entry_id: booked.entry_id,
            lines: &parcel.done,
        })
        .collect();
    tables::insert_shipments(tx, ctx, &new)?;
    let raised = parcels.iter().map(|parcel| &parcel.order).zip(states.iter().copied());
    tables::raise_orders(tx, ctx.company_id, raised)?;

    let mut answers = Vec::with_capacity(parcels.len());
    for ((parcel, booked), state) in parcels.iter().zip(booked).zip(states) {
        let shipped = parcel.shipped(ctx, state, booked.posted_on)?;
        tell(tx, ctx, &parcel.order, &shipped, &parcel.done);
        answers.push(shipped);
    }
    Ok(answers)
}

/// A shipment that is being decided.
pub(crate) struct Parcel<'a> {
    pub request: &'a Ship,
    pub order: Order,
    pub leaving: Vec<Leaving>,
    pub id: ShipmentId,
    pub number: String,
    /// As `leaving`, one for one.
    pub done: Vec<DoneLine>,
}

impl Parcel<'_> {
    fn shipped(
        &self,
        ctx: &Ctx,
        state: OrderState,
        posted_on: Day,
    ) -> Result<Shipped, NumberError> {
        let total = rules::total(self.done.iter().map(|done| done.amounts))?;
        let cost = self.done.iter().try_fold(0, |sum, done| rules::plus(sum, done.cost))?;
        Ok(Shipped {
            shipment_id: self.id,
            number: self.number.clone(),
            order_id: self.order.id,
            state,
            revision: self.order.revision + 1,
            posted_on,
            net: Money::new(total.net, ctx.currency),
            tax: Money::new(total.tax, ctx.currency),
            cost: Money::new(cost, ctx.currency),
        })
    }
}

/// Locks the orders, and sees that each can be shipped by this user.
fn hold(tx: &mut Tx<'_>, ctx: &Ctx, requests: &[Ship]) -> Result<Vec<Order>, ShipError> {
    let ids: Vec<SalesOrderId> = requests.iter().map(|request| request.order_id).collect();
    let mut found = tables::lock_orders(tx, ctx.company_id, &ids)?;
    let mut orders = Vec::with_capacity(requests.len());
    for request in requests {
        let order_id = request.order_id;
        let mut order = found.remove(&order_id).ok_or(ShipError::NotFound { order_id })?;
        // From here on the order's warehouse is the one that this shipment leaves.
        order.warehouse_id = request.warehouse_id.unwrap_or(order.warehouse_id);
        ctx.require_in(SHIP, order.warehouse_id)?;
        if order.state != OrderState::Accepted {
            return Err(ShipError::NotOpen { number: order.number, state: order.state });
        }
        orders.push(order);
    }
    Ok(orders)
}

/// What leaves of each order, from where, and what it was sold for.
fn plan<'a>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: Vec<Order>,
    requests: &'a [Ship],
    from: Option<&[Vec<Pick>]>,
) -> Result<Vec<Parcel<'a>>, ShipError> {
    let has_goods = |order: &&Order| order.lines.iter().any(|line| line.kind.has_goods());
    let owners: Vec<i64> = orders.iter().filter(has_goods).map(|order| order.id.raw()).collect();
    let kept = if owners.is_empty() {
        Kept::default()
    } else {
        let mut demands = stock::demands_of(tx, ctx, ORDER, &owners)?;
        let leaves: BTreeMap<i64, WarehouseId> =
            orders.iter().map(|order| (order.id.raw(), order.warehouse_id)).collect();
        let here = |demand: &Standing| leaves.get(&demand.owner_id) == Some(&demand.warehouse_id);
        // What another warehouse keeps is shipped by that one.
        let elsewhere = demands.iter_mut().filter(|demand| !here(demand));
        elsewhere.for_each(|demand| demand.reserved = Quantity::ZERO);
        let ids: Vec<_> =
            demands.iter().filter(|demand| here(demand)).map(|it| it.demand_id).collect();
        let picks = stock::pick(tx, ctx, &ids)?;
        Kept::new(demands, picks)
    };
    let mut parcels = Vec::with_capacity(orders.len());
    for (place, (order, request)) in orders.into_iter().zip(requests).enumerate() {
        let from = from.and_then(|from| from.get(place)).map(Vec::as_slice);
        let asked: Option<Vec<(i64, Quantity)>> = request
            .lines
            .as_ref()
            .map(|lines| lines.iter().map(|line| (line.line, line.quantity)).collect());
        let leaving = rules::leaving(&order.lines, &kept, asked.as_deref(), from)?;
        if leaving.is_empty() {
            return Err(ShipError::NothingToShip { number: order.number });
        }
        let done = done_lines(tx, &order, &leaving)?;
        let number = tx.number(ctx.company_id, "SH")?;
        parcels.push(Parcel { request, order, leaving, id: tx.id()?, number, done });
    }
    Ok(parcels)
}

/// The lines of a shipment, with ids and what they are worth.
pub(crate) fn done_lines(
    tx: &mut Tx<'_>,
    order: &Order,
    leaving: &[Leaving],
) -> Result<Vec<DoneLine>, ShipError> {
    let mut done = Vec::with_capacity(leaving.len());
    for leaving in leaving {
        let line = &order.lines[leaving.index];
        done.push(DoneLine {
            id: tx.id::<base::ShipmentLineId>()?.raw(),
            line: line.line,
            line_id: line.id,
            quantity: leaving.quantity,
            amounts: line.worth_of_next(order.prices, leaving.quantity)?,
            cost: 0,
        });
    }
    Ok(done)
}

/// Where the books have a shipment.
#[derive(Clone, Copy)]
pub(crate) struct InBooks {
    pub posted_on: Day,
    pub entry_id: Option<EntryId>,
}

/// Moves the goods and books the entries; each line learns what its goods cost.
fn post(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    happened_on: Day,
    parcels: &mut [Parcel<'_>],
) -> Result<Vec<InBooks>, ShipError> {
    let (mut postings, mut services) = (Vec::new(), Vec::new());
    for parcel in &*parcels {
        let posting = posting(parcel, happened_on)?;
        let of = if posting.moves.is_empty() { &mut services } else { &mut postings };
        of.push(posting);
    }
    let mut posted = stock::post_all(tx, ctx, &postings)?.into_iter();
    let mut served = book(tx, ctx, happened_on, services)?.into_iter();
    let lost = || StoreError::Unusable("a shipment was not posted".to_owned());
    let mut booked = Vec::with_capacity(parcels.len());
    for parcel in parcels {
        if parcel.takes().next().is_none() {
            booked.push(served.next().ok_or_else(lost)?);
            continue;
        }
        let posted = posted.next().ok_or_else(lost)?;
        let places: Vec<usize> = parcel.takes().map(|(place, _)| place).collect();
        for (place, moved) in places.into_iter().zip(&posted.moves) {
            let done = &mut parcel.done[place];
            done.cost = rules::plus(done.cost, moved.value)?;
        }
        booked.push(InBooks { posted_on: posted.posted_on, entry_id: posted.entry_id });
    }
    Ok(booked)
}

impl Parcel<'_> {
    /// What is taken from where, each with its place among the leaving lines.
    fn takes(&self) -> impl Iterator<Item = (usize, &(Pick, Quantity))> {
        let leaving = self.leaving.iter().enumerate();
        leaving.flat_map(|(place, leaving)| leaving.takes.iter().map(move |take| (place, take)))
    }
}

/// The moves of a shipment, and the revenue that its entry takes besides.
fn posting(parcel: &Parcel<'_>, happened_on: Day) -> Result<Posting, NumberError> {
    let Parcel { request, order, leaving, done, .. } = parcel;
    let moves = parcel.takes().map(|(place, (pick, quantity))| Move {
        item_id: pick.item_id,
        from: pick.place_id,
        to: order.customer_place,
        lot_id: pick.lot_id,
        quantity: *quantity,
        cost: Cost::Method,
        kind: Kind::Issue,
        counter: Some(counter(order, &order.lines[leaving[place].index])),
        through: None,
        line_id: done[place].id,
        reverses: None,
        draw: Some(Draw { demand_id: pick.demand_id, reserved: pick.quantity }),
        confirm_expired: request.confirms_expired(done[place].line),
    });
    let lines = if order.revenue_at == RevenueAt::Shipment {
        let sold = leaving.iter().zip(done).map(|(leaving, done)| (leaving.index, done.amounts));
        let owed = accounting::Line::debit(Role::CustomerDeposits, 0).open(order.deposit());
        revenue(order, sold, owed)?
    } else {
        Vec::new()
    };
    Ok(Posting {
        area: Area::Sales,
        happened_on,
        source_kind: SHIPMENT,
        source_id: parcel.id.raw(),
        memo: format!("{} of {}", parcel.number, order.number),
        moves: moves.collect(),
        lines,
    })
}

/// The account that the cost of a line's goods goes to.
pub(crate) fn counter(order: &Order, line: &Line) -> Counter {
    match (line.kind, order.cost_at) {
        (LineKind::Free, _) => Counter::role(Role::Marketing),
        (_, RevenueAt::Shipment) => Counter::role(Role::Cogs),
        (_, RevenueAt::Invoice) => {
            Counter::open(Role::DeliveredNotInvoiced, order.key(LINE, line.id.raw()))
        }
    }
}

/// Books shipments of services alone.
fn book(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    happened_on: Day,
    services: Vec<Posting>,
) -> Result<Vec<InBooks>, ShipError> {
    if services.is_empty() {
        return Ok(Vec::new());
    }
    let books = accounting::open_books(tx, ctx, Area::Sales, happened_on)?;
    let posted_on = books.posted_on();
    let entry = |posting: Posting| accounting::Entry {
        kind: SHIPMENT,
        source_kind: SHIPMENT,
        source_id: posting.source_id,
        happened_on,
        memo: posting.memo,
        lines: posting.lines,
    };
    let entries = services.into_iter().map(entry).collect();
    let ids = accounting::post(tx, ctx, &books, entries).map_err(PostError::Entry)?;
    let booked = |id: EntryId| (id != accounting::no_entry()).then_some(id);
    Ok(ids.into_iter().map(|id| InBooks { posted_on, entry_id: booked(id) }).collect())
}

/// The lines of an entry that turn a sale into income: to the accounts of the order's lines, their
/// tax to output tax by code, and all of it from `owed`, which says who pays.
pub(crate) fn revenue(
    order: &Order,
    sold: impl Iterator<Item = (usize, Amounts)>,
    owed: accounting::Line,
) -> Result<Vec<accounting::Line>, NumberError> {
    let mut lines = Vec::new();
    let mut gross = 0;
    for (index, amounts) in sold {
        let line = &order.lines[index];
        gross = rules::plus(gross, amounts.gross())?;
        if amounts.net != 0 {
            lines.push(accounting::Line::credit(line.role, amounts.net));
        }
        if let Some(code) = line.tax_code_id {
            let tax = |minor| accounting::Line::credit(Role::OutputTax, minor);
            if amounts.net.signum() * amounts.tax.signum() < 0 {
                // A part so small that its tax is rounded past it: tax and base stand alone.
                lines.push(tax(amounts.tax).tax(code, 0));
                lines.push(tax(0).tax(code, -amounts.net));
            } else {
                lines.push(tax(amounts.tax).tax(code, -amounts.net));
            }
        } else if amounts.tax != 0 {
            return Err(NumberError::OutOfRange);
        }
    }
    lines.retain(|line| line.amount != 0 || line.tax.is_some_and(|tax| tax.base != 0));
    lines.push(accounting::Line { amount: gross, ..owed });
    Ok(lines)
}

fn tell(tx: &mut Tx<'_>, ctx: &Ctx, order: &Order, shipped: &Shipped, done: &[DoneLine]) {
    let lines: Vec<_> = done
        .iter()
        .map(|done| serde_json::json!({ "line": done.line, "quantity": done.quantity }))
        .collect();
    let payload = serde_json::json!({
        "number": order.number,
        "shipment": shipped.number,
        "shipment_id": shipped.shipment_id,
        "state": shipped.state,
        "lines": lines,
    });
    ctx.fact(tx, ORDER, order.id.raw(), shipped.revision, "sales.shipped", payload);
    let detail = serde_json::json!({
        "order": order.number,
        "number": shipped.number,
        "lines": done.len(),
        "net": shipped.net,
        "cost": shipped.cost,
    });
    ctx.audit(tx, SHIP, SHIPMENT, shipped.shipment_id.raw(), detail);
}
