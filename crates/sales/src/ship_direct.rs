//! `ship_direct`: goods go from a supplier straight to a customer, for whoever arranges that.
//!
//! What the goods cost and on which account that is owed is told by the caller, who receives them
//! from the supplier in the same transaction. Who the supplier is, is not known here.

use crate::batch::only;
use crate::model::{ORDER, Order, SHIPMENT};
use crate::rules::{self, Kept, LineError};
use crate::ship::{
    InBooks, Parcel, Ship, ShipError, Shipped, counter, done_lines, record, revenue,
};
use crate::tables;
use crate::words::{OrderState, RevenueAt};
use accounting::{Area, Role};
use base::{Day, Id, PlaceId, Quantity, SalesOrderId, ShipmentId, check_text};
use identity::Ctx;
use stock::{Cost, Counter, Kind, Move, PostedMove, Posting};
use store::{StoreError, Tx};

/// An order of which goods go straight to its customer, held until the transaction ends.
#[derive(Debug, Clone)]
pub struct DirectOrder {
    order: Order,
}

/// Goods of a line that a supplier sends to the customer.
#[derive(Debug, Clone)]
pub struct DirectLine {
    /// The order's line, each once; of goods, and no kit.
    pub line: i64,
    /// How much of it.
    pub quantity: Quantity,
    /// What the goods cost, in minor units of the company's currency.
    pub value: i64,
    /// Where that is owed.
    pub owed: Counter,
}

/// What goes with a direct shipment.
#[derive(Debug, Clone)]
pub struct Direct {
    /// The goods.
    pub lines: Vec<DirectLine>,
    /// The supplier's place.
    pub from: PlaceId,
    /// The day on which the goods left.
    pub happened_on: Day,
    /// Who carries them.
    pub carrier: Option<String>,
    /// The carrier's number.
    pub tracking: Option<String>,
    /// Further lines of the entry, balanced in themselves.
    pub entry_lines: Vec<accounting::Line>,
}

/// What was shipped, with the move of each line in the order given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectShipped {
    /// The shipment.
    pub shipped: Shipped,
    /// The moves.
    pub moves: Vec<PostedMove>,
}

/// Holds an order of which goods are to go straight to its customer. For verbs that have their own
/// permission.
///
/// # Errors
/// [`ShipError::NotFound`], [`ShipError::NotOpen`], or the store's own.
pub fn hold_direct(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: SalesOrderId,
) -> Result<DirectOrder, ShipError> {
    let order = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(ShipError::NotFound { order_id })?;
    if order.state != OrderState::Accepted {
        return Err(ShipError::NotOpen { number: order.number, state: order.state });
    }
    Ok(DirectOrder { order })
}

/// Ships goods straight from a supplier: one move for each line, from the supplier's place to the
/// customer's, and one entry with cost, revenue and what is owed for the goods. Lines without goods
/// go with the order's first shipment, as in [`ship`](crate::ship()).
///
/// # Errors
/// The first broken rule in the order of [`ShipError`]; nothing has then been written.
pub fn ship_direct(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: DirectOrder,
    direct: Direct,
) -> Result<DirectShipped, ShipError> {
    let order = held.order;
    for (field, text) in [("carrier", &direct.carrier), ("tracking", &direct.tracking)] {
        check_text(field, text.as_deref().unwrap_or(""), 200)?;
    }
    let leaving = leaving(&order, &direct)?;
    if leaving.is_empty() {
        return Err(ShipError::NothingToShip { number: order.number });
    }
    let shipment_id: ShipmentId = tx.id()?;
    let number = tx.number(ctx.company_id, "SH")?;
    let mut done = done_lines(tx, &order, &leaving)?;
    meet(tx, ctx, &order, &leaving)?;

    let mut moves = Vec::with_capacity(direct.lines.len());
    let mut of_move = Vec::with_capacity(direct.lines.len());
    for goods in &direct.lines {
        let of_line = |done: &&mut tables::DoneLine| done.line == goods.line;
        let Some(done) = done.iter_mut().find(of_line) else { continue };
        let index = order.lines.iter().position(|line| line.line == goods.line).unwrap_or(0);
        let line = &order.lines[index];
        let Some(item_id) = line.item_id else { continue };
        of_move.push(goods.line);
        moves.push(Move {
            cost: Cost::Given(goods.value),
            kind: Kind::DropShip,
            counter: Some(goods.owed.clone()),
            through: Some(counter(&order, line)),
            line_id: done.id,
            ..Move::plain(item_id, direct.from, order.customer_place, goods.quantity)
        });
    }
    let mut lines = direct.entry_lines;
    if order.revenue_at == RevenueAt::Shipment {
        let sold = leaving.iter().zip(&done).map(|(leaving, done)| (leaving.index, done.amounts));
        let deposit = accounting::Line::debit(Role::CustomerDeposits, 0).open(order.deposit());
        lines.extend(revenue(&order, sold, deposit)?);
    }
    let posting = Posting {
        area: Area::Sales,
        happened_on: direct.happened_on,
        source_kind: SHIPMENT,
        source_id: shipment_id.raw(),
        memo: format!("{number} of {}", order.number),
        moves,
        lines,
    };
    let posted = stock::post(tx, ctx, posting)?;
    for (line, moved) in of_move.iter().zip(&posted.moves) {
        for done in done.iter_mut().filter(|done| done.line == *line) {
            done.cost = rules::plus(done.cost, moved.value)?;
        }
    }
    let request = Ship {
        order_id: order.id,
        warehouse_id: None,
        lines: None,
        happened_on: None,
        carrier: direct.carrier,
        tracking: direct.tracking,
        client_ref: None,
    };
    let booked = InBooks { posted_on: posted.posted_on, entry_id: posted.entry_id };
    let parcel = Parcel { request: &request, order, leaving, id: shipment_id, number, done };
    let shipped = only(record(tx, ctx, direct.happened_on, &mut [parcel], &[booked])?)?;
    Ok(DirectShipped { shipped, moves: posted.moves })
}

/// The goods that go, and the lines without goods that were not booked yet.
fn leaving(order: &Order, direct: &Direct) -> Result<Vec<rules::Leaving>, ShipError> {
    let asked: Vec<(i64, Quantity)> =
        direct.lines.iter().map(|line| (line.line, line.quantity)).collect();
    let mut parts = Vec::new();
    for (index, quantity) in rules::named(&order.lines, &asked)? {
        let line = &order.lines[index];
        if !line.kind.has_goods() || line.kit {
            return Err(LineError::NoGoods { line: line.line }.into());
        }
        parts.push(rules::Leaving { index, quantity, takes: Vec::new() });
    }
    if parts.is_empty() {
        return Ok(parts);
    }
    Ok(rules::with_services(&order.lines, parts)?)
}

/// The demands of the goods are met, though nothing was drawn for them.
fn meet(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: &Order,
    leaving: &[rules::Leaving],
) -> Result<(), ShipError> {
    let mut demands = stock::demands_of(tx, ctx, ORDER, &[order.id.raw()])?;
    // Those that lack goods are met before those for which goods are kept.
    demands.sort_by_key(|demand| (demand.reserved, demand.demand_id));
    let kept = Kept::new(demands, Vec::new());
    let mut met = Vec::new();
    for part in leaving {
        let line = &order.lines[part.index];
        if line.kind.has_goods() {
            met.extend(rules::of_demands(line, part.quantity, &kept)?);
        }
    }
    stock::meet(tx, ctx, &met).map_err(|error| match error {
        stock::DemandError::Number(error) => ShipError::Number(error),
        stock::DemandError::Store(error) => ShipError::Store(error),
        other => ShipError::Store(StoreError::Unusable(other.to_string())),
    })
}

impl DirectOrder {
    /// The warehouse that ships the order otherwise.
    #[must_use]
    pub fn warehouse_id(&self) -> base::WarehouseId {
        self.order.warehouse_id
    }
}
