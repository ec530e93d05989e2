//! `open_orders`: orders that a going company brings along, with what came of them and was billed.
//!
//! Such an order was written, approved and perhaps half received elsewhere. It is written here as it
//! stands on the day the books open: what came before lies in the opening stock, what was billed
//! before is among the opening bills, and only their difference waits on the line, as it would had
//! everything been booked here.
//!
//! | | debit | credit |
//! | --- | --- | --- |
//! | received, not billed | opening difference | goods received, not invoiced |
//! | billed, not received | goods billed, not received | opening difference |

use crate::OPEN;
use crate::create_orders::{
    CreateOrder, CreateOrderError, CreateOrders, CreateOrdersError, MAX_ORDERS, OrderLine,
    create_orders,
};
use crate::follow::{self, Told};
use crate::model::{Line, Order, Waiting};
use crate::rules;
use crate::tables::{self, Loaded};
use crate::words::OrderState;
use accounting::{Area, Entry, Line as EntryLine, RateError, Role, TaxRate};
use base::{
    Currency, Day, ItemId, NumberError, OpeningId, Problem, ProblemKind, PurchaseOrderId, Quantity,
    Rate, Rule, Timestamp, Zone,
};
use catalog::Item;
use identity::{Ctx, Denied};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Rows, StoreError, Tx, params, row};

/// Orders of a going company. No client sends it: the opening reads it from its files.
#[derive(Debug, Clone)]
pub struct OpenOrders {
    /// The opening that they belong to.
    pub opening_id: OpeningId,
    /// The day the books open.
    pub opened_on: Day,
    /// The orders.
    pub orders: Vec<OpenOrder>,
}

/// An order as it stands on the day the books open.
#[derive(Debug, Clone)]
pub struct OpenOrder {
    /// The supplier's code.
    pub supplier: String,
    /// The code of the warehouse it goes to.
    pub warehouse: String,
    /// The order's number where it was written; kept as its `client_ref`.
    pub reference: String,
    /// Its currency; the supplier's when left out.
    pub currency: Option<Currency>,
    /// The day it was ordered.
    pub ordered_on: Day,
    /// The day it was sent, if it was.
    pub sent_on: Option<Day>,
    /// Its lines.
    pub lines: Vec<OpenOrderLine>,
}

/// A line as it stands on the day the books open.
#[derive(Debug, Clone)]
pub struct OpenOrderLine {
    /// What was ordered.
    pub line: OrderLine,
    /// How much of it came, in the unit ordered.
    pub received: Quantity,
    /// How much of it was billed, in the unit ordered.
    pub billed: Quantity,
    /// What the difference of both is worth, in minor units of the company's currency; its share of
    /// the line at the rate of the day when left out.
    pub waiting_value: Option<i64>,
    /// The day the supplier promised, if it did.
    pub promised_on: Option<Day>,
}

/// Why one order was not opened, in order of precedence. Lines count from 1.
#[derive(thiserror::Error, Debug, Clone, PartialEq)]
pub enum OpenOrderError {
    /// It could not be ordered either.
    #[error(transparent)]
    Order(#[from] CreateOrderError),
    /// An order of this number is here.
    #[error("order {reference} is here already as {number}; leave it out")]
    AlreadyHere {
        /// Its number where it was written.
        reference: String,
        /// Its number here.
        number: String,
    },
    /// Less than nothing came or was billed.
    #[error("line {line}: {quantity} cannot have been {word}")]
    Negative {
        /// The line.
        line: i64,
        /// Received or billed.
        word: &'static str,
        /// How much it says.
        quantity: Quantity,
    },
    /// What came or was billed is not a whole number of the stock unit.
    #[error("line {line}: {quantity} is not a whole number of the item's stock unit")]
    NotWhole {
        /// The line.
        line: i64,
        /// How much it says.
        quantity: Quantity,
    },
    /// A value is given for nothing.
    #[error("line {line}: as much was billed as came, so nothing of it waits; leave the value out")]
    NothingWaits {
        /// The line.
        line: i64,
    },
    /// A value below zero is given.
    #[error("line {line}: what waits is worth zero or more; give it without a sign")]
    BelowZero {
        /// The line.
        line: i64,
    },
    /// The order's tax code has no rate on the day the books open.
    #[error("line {line}: there is no tax code {code} with a rate on {day}")]
    UnknownTax {
        /// The line.
        line: i64,
        /// The code.
        code: String,
        /// The day.
        day: Day,
    },
    /// The order's currency has no rate on the day the books open.
    #[error(transparent)]
    Rate(#[from] RateError),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
}

impl OpenOrderError {
    /// The line that it is about, from 1; nothing when it is about the order.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        match self {
            OpenOrderError::Order(error) => error.problem().place.and_then(|place| place.line),
            OpenOrderError::Negative { line, .. }
            | OpenOrderError::NotWhole { line, .. }
            | OpenOrderError::NothingWaits { line }
            | OpenOrderError::BelowZero { line }
            | OpenOrderError::UnknownTax { line, .. } => u32::try_from(*line).ok(),
            _ => None,
        }
    }
}

/// Why no order was opened, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum OpenOrdersError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Some of the orders were refused: their positions, from 0, and why.
    #[error("{} of the orders cannot be opened; the first: {}", .0.len(), .0[0].1)]
    Refused(Vec<(usize, OpenOrderError)>),
    /// The books cannot be posted to.
    #[error(transparent)]
    Books(#[from] accounting::BooksError),
    /// What waits could not be booked.
    #[error(transparent)]
    Entry(#[from] accounting::PostError),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for OpenOrdersError {
    fn problem(&self) -> Problem {
        match self {
            OpenOrdersError::Denied(error) => error.problem(),
            OpenOrdersError::Refused(_) => {
                Problem::new(ProblemKind::Refused, "orders_not_opened", self.to_string())
            }
            OpenOrdersError::Books(error) => error.problem(),
            OpenOrdersError::Entry(error) => error.problem(),
            OpenOrdersError::Number(error) => error.problem(),
            OpenOrdersError::Store(error) => error.problem(),
        }
    }
}

impl From<follow::GoodsError> for OpenOrdersError {
    fn from(error: follow::GoodsError) -> Self {
        match error {
            follow::GoodsError::Number(error) => error.into(),
            follow::GoodsError::Store(error) => error.into(),
        }
    }
}

/// Writes the orders of a going company as they stand, all or none, and books what waits for its
/// bill or its goods against the opening difference. Answers their ids in the order asked.
///
/// # Errors
/// The first broken rule in the order of [`OpenOrdersError`]; then the transaction is to be given up.
pub fn open_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &OpenOrders,
) -> Result<Vec<PurchaseOrderId>, OpenOrdersError> {
    ctx.require(OPEN)?;
    let ids = write(tx, ctx, request)?;
    let day = request.opened_on;
    let mut orders = tables::lock_orders(tx, ctx.company_id, &ids.iter().copied().collect())?;
    let lines: Vec<Line> = orders.values().flat_map(|loaded| loaded.lines.clone()).collect();
    let terms = Terms {
        day,
        home: ctx.currency,
        zone: &ctx.zone,
        rates: rates(tx, ctx, &orders, day)?,
        taxes: follow::taxes(tx, ctx, day)?,
        items: follow::items(tx, ctx, &lines)?,
    };

    let mut refused = Vec::new();
    for (at, (id, asked)) in ids.iter().zip(&request.orders).enumerate() {
        let loaded = orders.get_mut(id).ok_or_else(|| follow::gone("order", *id))?;
        if let Err(error) = stand(loaded, asked, &terms) {
            refused.push((at, error));
        }
    }
    if !refused.is_empty() {
        return Err(OpenOrdersError::Refused(refused));
    }
    record(tx, ctx, request, orders)?;
    Ok(ids)
}

/// Writes the orders as drafts.
fn write(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &OpenOrders,
) -> Result<Vec<PurchaseOrderId>, OpenOrdersError> {
    let (mut ids, mut refused) = (Vec::with_capacity(request.orders.len()), Vec::new());
    for (chunk, orders) in request.orders.chunks(MAX_ORDERS).enumerate() {
        let orders = orders.iter().map(OpenOrder::to_create).collect();
        let asked = CreateOrders { orders, all_or_nothing: false };
        let answers = create_orders(tx, ctx, asked).map_err(|error| match error {
            CreateOrdersError::Denied(error) => OpenOrdersError::Denied(error),
            CreateOrdersError::Store(error) => error.into(),
            error => StoreError::Unusable(error.to_string()).into(),
        })?;
        for (answer, at) in answers.into_iter().zip(chunk * MAX_ORDERS..) {
            match answer {
                Ok(order) if order.repeated => {
                    let (reference, number) = (request.orders[at].reference.clone(), order.number);
                    refused.push((at, OpenOrderError::AlreadyHere { reference, number }));
                }
                Ok(order) => ids.push(order.order_id),
                Err(error) => refused.push((at, error.into())),
            }
        }
    }
    if refused.is_empty() { Ok(ids) } else { Err(OpenOrdersError::Refused(refused)) }
}

impl OpenOrder {
    fn to_create(&self) -> CreateOrder {
        CreateOrder {
            supplier: self.supplier.clone(),
            warehouse: self.warehouse.clone(),
            currency: self.currency,
            ordered_on: Some(self.ordered_on),
            billing: None,
            lines: self.lines.iter().map(|line| line.line.clone()).collect(),
            note: String::new(),
            client_ref: self.reference.clone(),
        }
    }
}

type Rates = BTreeMap<Currency, Result<Rate, RateError>>;

/// The rates of the orders' currencies on the day: one read for each foreign currency.
fn rates(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &BTreeMap<PurchaseOrderId, Loaded>,
    day: Day,
) -> Result<Rates, StoreError> {
    let currencies: BTreeSet<Currency> =
        orders.values().map(|loaded| loaded.order.currency).collect();
    let mut rates = Rates::new();
    for currency in currencies {
        let rate = match accounting::rate_on(tx, ctx, currency, day) {
            Err(RateError::Store(error)) => return Err(error),
            answer => answer,
        };
        rates.insert(currency, rate);
    }
    Ok(rates)
}

/// What the orders are reckoned with.
struct Terms<'a> {
    day: Day,
    home: Currency,
    zone: &'a Zone,
    rates: Rates,
    taxes: BTreeMap<String, TaxRate>,
    items: HashMap<ItemId, Item>,
}

/// Puts a written order where it stood: its lines take on what came and was billed.
fn stand(loaded: &mut Loaded, asked: &OpenOrder, terms: &Terms<'_>) -> Result<(), OpenOrderError> {
    let Loaded { order, lines, .. } = loaded;
    order.state = OrderState::Approved;
    if let Some(day) = asked.sent_on {
        order.state = OrderState::Sent;
        // The hour is not known; noon is on that day in every zone near the company's.
        order.sent_at = Timestamp::at(day, 12, 0, terms.zone).ok();
    }
    if asked.lines.iter().any(|line| line.promised_on.is_some()) {
        order.state = OrderState::Acknowledged;
        order.acknowledged_on = Some(terms.day);
    }
    for (line, asked) in lines.iter_mut().zip(&asked.lines) {
        line.promised_on = asked.promised_on;
        line.received = in_stock_unit(line, asked.received, "received", terms)?;
        line.billed = in_stock_unit(line, asked.billed, "billed", terms)?;
        wait(order, line, asked.waiting_value, terms)?;
    }
    Ok(())
}

fn in_stock_unit(
    line: &Line,
    quantity: Quantity,
    word: &'static str,
    terms: &Terms<'_>,
) -> Result<Quantity, OpenOrderError> {
    let number = line.line;
    if quantity.is_negative() {
        return Err(OpenOrderError::Negative { line: number, word, quantity });
    }
    let whole = terms.items.get(&line.item_id).is_some_and(|item| item.stock_unit.whole);
    let converted = line.ratio.convert_exact(quantity).ok();
    converted
        .filter(|found| !whole || found.micro() % Quantity::MICRO == 0)
        .ok_or(OpenOrderError::NotWhole { line: number, quantity })
}

/// What waits on a line is what came less what was billed, on one side only.
fn wait(
    order: &Order,
    line: &mut Line,
    given: Option<i64>,
    terms: &Terms<'_>,
) -> Result<(), OpenOrderError> {
    let number = line.line;
    let grni = line.received.checked_sub(line.billed)?;
    if given.is_some_and(|value| value < 0) {
        return Err(OpenOrderError::BelowZero { line: number });
    }
    if grni.is_zero() {
        let nothing = given.is_none_or(|value| value == 0);
        return if nothing { Ok(()) } else { Err(OpenOrderError::NothingWaits { line: number }) };
    }
    let tax = terms.taxes.get(&line.tax_code);
    if tax.is_none() && !line.tax_code.is_empty() {
        let (code, day) = (line.tax_code.clone(), terms.day);
        return Err(OpenOrderError::UnknownTax { line: number, code, day });
    }
    let cost = rules::sum([line.net, rules::tax_on(line.net, tax)?.sunk])?;
    let before = line.received.min(line.billed);
    let foreign = rules::next_share(cost, line.stock_quantity, before, grni.abs())?;
    let value = match given {
        Some(value) => value,
        None => rules::at_rate(foreign, order.currency, terms.rate(order.currency)?, terms.home)?,
    };
    let foreign = if order.currency == terms.home { value } else { foreign };
    let waiting = Waiting { quantity: grni.abs(), value, foreign };
    if grni.is_positive() {
        line.grni = waiting
    } else {
        line.ahead = waiting
    }
    Ok(())
}

impl Terms<'_> {
    fn rate(&self, currency: Currency) -> Result<Rate, OpenOrderError> {
        match self.rates.get(&currency) {
            Some(rate) => Ok(rate.clone()?),
            None => Ok(Rate::ONE),
        }
    }
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &OpenOrders,
    mut orders: BTreeMap<PurchaseOrderId, Loaded>,
) -> Result<(), OpenOrdersError> {
    let books = accounting::open_books(tx, ctx, Area::All, request.opened_on)?;
    let mut lines = Vec::new();
    let (mut opened, mut promised) = (Rows::new(5), Rows::new(5));
    for Loaded { order, lines: of_order, .. } in orders.values() {
        for line in of_order {
            opened.push(row![line.id, 1_i64, order.id, line.received, line.billed]);
            if let Some(day) = line.promised_on {
                promised.push(row![line.id, 1_i64, order.id, day, line.quantity]);
            }
            lines.extend(opening_lines(order, line, ctx.currency)?);
        }
    }
    tx.write(&tables::INSERT_OPENED_LINES, params![ctx.company_id; opened])?;
    tx.write(&tables::INSERT_PROMISES, params![ctx.company_id, ctx.at, ctx.user_id; promised])?;
    let entry =
        Entry::of_opening(request.opening_id, request.opened_on, "open orders to suppliers", lines);
    accounting::post(tx, ctx, &books, vec![entry])?;
    let told = Told {
        verb: OPEN,
        fact: "purchasing.order_opened",
        detail: serde_json::json!({ "opening_id": request.opening_id }),
    };
    follow::all_goods(tx, ctx, orders.values_mut().collect(), &told)?;
    Ok(())
}

/// What waits on a line, against the opening difference.
fn opening_lines(
    order: &Order,
    line: &Line,
    home: Currency,
) -> Result<Vec<EntryLine>, NumberError> {
    let key = follow::open_key(order, line);
    let on = |role, waiting: Waiting| {
        rules::open_line(role, key, waiting.value, waiting.foreign, order.currency, home)
            .item(line.item_id)
    };
    let off = rules::sum([line.grni.value, -line.ahead.value])?;
    Ok(vec![
        on(Role::Grni, line.grni.negate()),
        on(Role::BilledNotReceived, line.ahead),
        EntryLine::new(Role::OpeningDifference, off),
    ])
}
