//! `ship`: goods leave for a customer, and with them their cost and, where the channel says so,
//! their revenue, in one entry.

use crate::SHIP;
use crate::model::{Amounts, LINE, Line, ORDER, Order, SHIPMENT};
use crate::rules::{self, Kept, Leaving, LineError};
use crate::tables::{self, DoneLine};
use crate::words::{LineKind, OrderState, RevenueAt};
use accounting::{Area, BooksError, Role};
use base::{
    Day, EntryId, Id, Money, NumberError, Problem, Quantity, Rule, SalesOrderId, ShipmentId,
    TextError, check_text,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use stock::{Cost, Counter, Draw, Kind, Move, PostError, Posting};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to ship an order, or a part of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ship {
    /// The order.
    pub order_id: SalesOrderId,
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
    #[error("nothing of order {number} is reserved; reserve goods for it first")]
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
    for (field, text) in [
        ("carrier", &request.carrier),
        ("tracking", &request.tracking),
        ("client_ref", &request.client_ref),
    ] {
        check_text(field, text.as_deref().unwrap_or(""), 200)?;
    }
    let order_id = request.order_id;
    let mut order = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(ShipError::NotFound { order_id })?;
    ctx.require_in(SHIP, order.warehouse_id)?;
    if order.state != OrderState::Accepted {
        return Err(ShipError::NotOpen { number: order.number, state: order.state });
    }
    let leaving = plan(tx, ctx, &order, &request)?;
    if leaving.is_empty() {
        return Err(ShipError::NothingToShip { number: order.number });
    }
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let shipment_id: ShipmentId = tx.id()?;
    let number = tx.number(ctx.company_id, "SH")?;
    let mut done = done_lines(tx, &order, &leaving)?;
    let asked = request.lines.iter().flatten().filter(|line| line.confirm_expired);
    let confirmed = asked.map(|line| line.line).collect();
    let as_booked = (shipment_id, &*number, happened_on);
    let posted = post(tx, ctx, &order, &leaving, &confirmed, &mut done, as_booked)?;

    for (leaving, done) in leaving.iter().zip(&done) {
        let line = &mut order.lines[leaving.index];
        line.shipped = line.shipped.checked_add(done.quantity)?;
    }
    let state = rules::state_of(&order.lines, order.revenue_at, order.state)?;
    tables::insert_shipment(
        tx,
        ctx,
        &order,
        &request,
        &tables::NewShipment {
            id: shipment_id,
            number: &number,
            happened_on,
            posted_on: posted.posted_on,
            entry_id: posted.entry_id,
        },
    )?;
    tables::insert_shipment_lines(tx, ctx.company_id, shipment_id, order_id, &done)?;
    tables::add_shipped(tx, ctx.company_id, order_id, &done)?;
    let revision = tables::raise_order(tx, ctx.company_id, &order, state)?;
    let total = rules::total(done.iter().map(|done| done.amounts))?;
    let cost = done.iter().try_fold(0, |sum, done| rules::plus(sum, done.cost))?;
    let shipped = Shipped {
        shipment_id,
        number,
        order_id,
        state,
        revision,
        posted_on: posted.posted_on,
        net: Money::new(total.net, ctx.currency),
        tax: Money::new(total.tax, ctx.currency),
        cost: Money::new(cost, ctx.currency),
    };
    tell(tx, ctx, &order, &shipped, &done);
    Ok(shipped)
}

fn plan(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: &Order,
    request: &Ship,
) -> Result<Vec<Leaving>, ShipError> {
    let kept = if order.lines.iter().any(|line| line.kind.has_goods()) {
        let demands = stock::demands_of(tx, ctx, ORDER, &[order.id.raw()])?;
        let ids: Vec<_> = demands.iter().map(|demand| demand.demand_id).collect();
        let picks = stock::pick(tx, ctx, &ids)?;
        Kept::new(demands, picks)
    } else {
        Kept::default()
    };
    let asked: Option<Vec<(i64, Quantity)>> = request
        .lines
        .as_ref()
        .map(|lines| lines.iter().map(|line| (line.line, line.quantity)).collect());
    Ok(rules::leaving(&order.lines, &kept, asked.as_deref())?)
}

fn done_lines(
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

struct InBooks {
    posted_on: Day,
    entry_id: Option<EntryId>,
}

/// Moves the goods and books the entry; each line learns what its goods cost.
fn post(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: &Order,
    leaving: &[Leaving],
    confirmed: &BTreeSet<i64>,
    done: &mut [DoneLine],
    (id, number, happened_on): (ShipmentId, &str, Day),
) -> Result<InBooks, ShipError> {
    let mut moves = Vec::new();
    let mut of_move = Vec::new();
    for (place, leaving) in leaving.iter().enumerate() {
        let line = &order.lines[leaving.index];
        for (pick, quantity) in &leaving.takes {
            of_move.push(place);
            moves.push(Move {
                item_id: pick.item_id,
                from: pick.place_id,
                to: order.customer_place,
                lot_id: pick.lot_id,
                quantity: *quantity,
                cost: Cost::Method,
                kind: Kind::Issue,
                counter: Some(counter(order, line)),
                through: None,
                line_id: done[place].id,
                reverses: None,
                draw: Some(Draw { demand_id: pick.demand_id, reserved: pick.quantity }),
                confirm_expired: confirmed.contains(&line.line),
            });
        }
    }
    let lines = if order.revenue_at == RevenueAt::Shipment {
        let sold = leaving.iter().zip(&*done).map(|(leaving, done)| (leaving.index, done.amounts));
        revenue(
            order,
            sold,
            accounting::Line::debit(Role::CustomerDeposits, 0).open(order.deposit()),
        )?
    } else {
        Vec::new()
    };
    let memo = format!("{number} of {}", order.number);
    if moves.is_empty() {
        return book(tx, ctx, id, happened_on, memo, lines);
    }
    let posting = Posting {
        area: Area::Sales,
        happened_on,
        source_kind: SHIPMENT,
        source_id: id.raw(),
        memo,
        moves,
        lines,
    };
    let posted = stock::post(tx, ctx, posting)?;
    for (place, moved) in of_move.into_iter().zip(&posted.moves) {
        done[place].cost = rules::plus(done[place].cost, moved.value)?;
    }
    Ok(InBooks { posted_on: posted.posted_on, entry_id: posted.entry_id })
}

/// The account that the cost of a line's goods goes to.
fn counter(order: &Order, line: &Line) -> Counter {
    match (line.kind, order.cost_at) {
        (LineKind::Free, _) => Counter::role(Role::Marketing),
        (_, RevenueAt::Shipment) => Counter::role(Role::Cogs),
        (_, RevenueAt::Invoice) => {
            Counter::open(Role::DeliveredNotInvoiced, order.key(LINE, line.id.raw()))
        }
    }
}

/// Books a shipment of services alone.
fn book(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ShipmentId,
    happened_on: Day,
    memo: String,
    lines: Vec<accounting::Line>,
) -> Result<InBooks, ShipError> {
    let books = accounting::open_books(tx, ctx, Area::Sales, happened_on)?;
    let posted_on = books.posted_on();
    if lines.is_empty() {
        return Ok(InBooks { posted_on, entry_id: None });
    }
    let entry = accounting::Entry {
        kind: SHIPMENT,
        source_kind: SHIPMENT,
        source_id: id.raw(),
        happened_on,
        memo,
        lines,
    };
    let ids = accounting::post(tx, ctx, &books, vec![entry]).map_err(PostError::Entry)?;
    Ok(InBooks { posted_on, entry_id: ids.first().copied().filter(|id| id.raw() != 0) })
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
