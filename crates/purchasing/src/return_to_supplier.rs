//! `return_to_supplier`: received goods go back.
//!
//! Goods leave stock at the cost of their method. What was not billed yet is no longer owed; what was
//! billed waits as "billed, not received" for the supplier's credit note, or for other goods in its
//! place. The difference of cost and price is a price difference.

use crate::close_short::check_reason;
use crate::follow::{self, Told};
use crate::model::{Line, Waiting};
use crate::tables::{self, Loaded};
use crate::views::{self, SupplierReturnLineView};
use crate::{RETURN, rules};
use accounting::{Area, BookedLine, Role, TaxRate};
use base::{
    Day, Id, ItemId, LotId, Money, NumberError, PlaceId, Problem, ProblemKind, PurchaseOrderId,
    Quantity, Rate, ReceiptLineId, ReturnId, Rule, TextError, check_text,
};
use catalog::{Item, Tracking};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use stock::{Cost, Counter, Kind, Move, Posting, Warehouse};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Goods that go back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnToSupplier {
    /// The order they came on.
    pub order_id: PurchaseOrderId,
    /// The day they leave; today when left out.
    #[serde(default)]
    pub returned_on: Option<Day>,
    /// What goes back.
    pub lines: Vec<ReturnLine>,
    /// Whether the supplier sends other goods: they are due then. Otherwise nothing more is due of
    /// what goes back.
    #[serde(default)]
    pub replace: bool,
    /// Why.
    pub reason: String,
    /// The client's own key of the return: a second one with it is the same return.
    #[serde(default)]
    pub client_ref: String,
}

/// Goods of one line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnLine {
    /// The number of the order's line.
    pub line: i64,
    /// How much, above zero.
    pub quantity: Quantity,
    /// The unit of the quantity: that of the line (when left out), or the item's stock unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// The lot's or the piece's number, for items that have them.
    #[serde(default)]
    pub lot: Option<String>,
    /// The path of the place they leave from; the warehouse's stock when left out.
    #[serde(default)]
    pub place: Option<String>,
}

/// A return as booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnedToSupplier {
    /// The return.
    pub return_id: ReturnId,
    /// Its number.
    pub number: String,
    /// The books' day.
    pub posted_on: Day,
    /// What is no longer owed, or to be credited.
    pub value: Money,
    /// Whether the return was there before: nothing was done again.
    pub repeated: bool,
}

/// What a return would do, as it was rehearsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnRehearsed {
    /// The books' day.
    pub posted_on: Day,
    /// What would no longer be owed, or be to be credited.
    pub value: Money,
    /// Each line, with what its goods had cost and what of it would wait for a credit note.
    pub lines: Vec<SupplierReturnLineView>,
    /// What it would book, by account.
    pub booked: Vec<BookedLine>,
}

/// Why nothing went back, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ReturnToSupplierError {
    /// There is no such order.
    #[error("there is no purchase order {order_id}")]
    NotFound {
        /// The id asked for.
        order_id: PurchaseOrderId,
    },
    /// The caller may not, or not in the order's warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A reason is missing, or a text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Nothing goes back.
    #[error("the return has no lines; name what goes back")]
    Empty,
    /// The order has no such line.
    #[error("order {number} has no line {line}")]
    UnknownLine {
        /// The order.
        number: String,
        /// The line asked for.
        line: i64,
    },
    /// The quantity is nothing, in another unit, or more than was received.
    #[error("line {line}: {quantity} cannot go back, {received} were received (stock unit)")]
    Quantity {
        /// The line.
        line: i64,
        /// What was asked.
        quantity: Quantity,
        /// What was received and did not go back.
        received: Quantity,
    },
    /// The item is told apart by lot or piece.
    #[error("line {line}: {sku} is tracked by {tracking}; give its number")]
    LotMissing {
        /// The line.
        line: i64,
        /// The item.
        sku: String,
        /// How it is tracked.
        tracking: Tracking,
    },
    /// The place is not one of the order's warehouse.
    #[error("line {line}: there is no place {place:?} in warehouse {warehouse}")]
    UnknownPlace {
        /// The line.
        line: i64,
        /// The path asked for.
        place: String,
        /// The warehouse's code.
        warehouse: String,
    },
    /// The order's currency has no rate.
    #[error(transparent)]
    Rate(#[from] accounting::RateError),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The goods could not be moved.
    #[error(transparent)]
    Post(#[from] stock::PostError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReturnToSupplierError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ReturnToSupplierError::NotFound { .. } => Problem::not_found("order_not_found", detail),
            ReturnToSupplierError::Denied(error) => error.problem(),
            ReturnToSupplierError::Text(error) => error.problem(),
            ReturnToSupplierError::Empty => Problem::invalid("return_empty", detail),
            ReturnToSupplierError::UnknownLine { .. } => Problem::refused("unknown_line", detail),
            ReturnToSupplierError::Quantity { .. } => {
                Problem::new(ProblemKind::Refused, "return_too_much", detail)
            }
            ReturnToSupplierError::LotMissing { .. } => Problem::refused("lot_missing", detail),
            ReturnToSupplierError::UnknownPlace { .. } => Problem::refused("unknown_place", detail),
            ReturnToSupplierError::Rate(error) => error.problem(),
            ReturnToSupplierError::Number(error) => error.problem(),
            ReturnToSupplierError::Post(error) => error.problem(),
            ReturnToSupplierError::Store(error) => error.problem(),
        }
    }
}

/// Sends received goods back.
///
/// # Errors
/// The first broken rule in the order of [`ReturnToSupplierError`].
pub fn return_to_supplier(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReturnToSupplier,
) -> Result<ReturnedToSupplier, ReturnToSupplierError> {
    let order_id = request.order_id;
    let mut loaded = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(ReturnToSupplierError::NotFound { order_id })?;
    ctx.require_in(RETURN, loaded.order.warehouse_id)?;
    check_reason(&request.reason)?;
    check_text("client_ref", &request.client_ref, 200)?;
    if let Some(earlier) = tables::return_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(earlier);
    }
    if request.lines.is_empty() {
        return Err(ReturnToSupplierError::Empty);
    }
    let warehouse = stock::warehouse(tx, ctx.company_id, loaded.order.warehouse_id)?
        .ok_or_else(|| follow::gone("warehouse", loaded.order.warehouse_id))?;
    let places = request.lines.iter().map(|line| &line.place);
    let day = request.returned_on.unwrap_or(ctx.today);
    let dock = Dock {
        places: follow::places(tx, ctx, &warehouse, places)?,
        items: follow::items(tx, ctx, &loaded.lines)?,
        warehouse,
        taxes: follow::taxes(tx, ctx, day)?,
        rate: accounting::rate_on(tx, ctx, loaded.order.currency, day)?,
        day,
        home: ctx.currency,
    };
    let mut back = Vec::with_capacity(request.lines.len());
    for asked in &request.lines {
        back.push(dock.decide(&mut loaded, asked, request.replace)?);
    }
    record(tx, ctx, loaded, &dock, back, &request)
}

/// What a return would book and leave waiting: it is done and taken back at once.
///
/// # Errors
/// As [`return_to_supplier`].
pub fn rehearse_return(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReturnToSupplier,
) -> Result<ReturnRehearsed, ReturnToSupplierError> {
    tx.rehearse(|tx| {
        // What has the client's key was done before; a rehearsal has none.
        let request = ReturnToSupplier { client_ref: String::new(), ..request };
        let done = return_to_supplier(tx, ctx, request)?;
        let listed = views::returned(tx, ctx, done.return_id)?;
        Ok(ReturnRehearsed {
            posted_on: done.posted_on,
            value: done.value,
            lines: listed.map_or_else(Vec::new, |listed| listed.lines),
            booked: accounting::booked_by(tx, ctx, SOURCE_KIND, done.return_id.raw())?,
        })
    })
}

/// The kind of source that a return is of moves and entries.
const SOURCE_KIND: &str = "purchase_return";

/// What the decision needs to know besides the order.
struct Dock {
    places: BTreeMap<String, PlaceId>,
    items: HashMap<ItemId, Item>,
    taxes: BTreeMap<String, TaxRate>,
    warehouse: Warehouse,
    day: Day,
    rate: Rate,
    home: base::Currency,
}

/// Goods of one line as they leave.
struct Back {
    at: usize,
    quantity: Quantity,
    lot: Option<(ItemId, String)>,
    place: PlaceId,
    /// The part that was not billed.
    grni: Waiting,
    /// The part that was.
    ahead: Waiting,
}

impl Dock {
    /// Decides a line; the order's line takes it on.
    fn decide(
        &self,
        loaded: &mut Loaded,
        asked: &ReturnLine,
        replace: bool,
    ) -> Result<Back, ReturnToSupplierError> {
        let number = asked.line;
        let at = loaded.position(number).ok_or_else(|| ReturnToSupplierError::UnknownLine {
            number: loaded.order.number.clone(),
            line: number,
        })?;
        let currency = loaded.order.currency;
        let line = &mut loaded.lines[at];
        let item = follow::item(&self.items, line.item_id)?;
        let refused = |line: &Line| ReturnToSupplierError::Quantity {
            line: number,
            quantity: asked.quantity,
            received: line.received,
        };
        let kept = &item.stock_unit;
        let quantity = line
            .in_stock_unit(asked.quantity, asked.unit.as_deref(), &kept.code)
            .and_then(Result::ok)
            .filter(|quantity| !kept.whole || quantity.micro() % Quantity::MICRO == 0)
            .filter(|quantity| quantity.is_positive() && *quantity <= line.received)
            .ok_or_else(|| refused(line))?;
        let grni = line.grni.take(quantity)?;
        let billed = quantity.checked_sub(grni.quantity)?;
        let sunk = rules::tax_on(line.net, self.taxes.get(&line.tax_code))?.sunk;
        let cost = rules::sum([line.net, sunk])?;
        let foreign = rules::next_share(cost, line.stock_quantity, Quantity::ZERO, billed)?;
        let value = rules::at_rate(foreign, currency, self.rate, self.home)?;
        let ahead = Waiting { quantity: billed, value, foreign };
        line.ahead.add(ahead)?;
        line.received = line.received.checked_sub(quantity)?;
        if !replace {
            line.returned = line.returned.checked_add(quantity)?;
        }
        let (lot, place) = (lot_of(item, asked)?, self.place_of(asked)?);
        Ok(Back { at, quantity, lot, place, grni, ahead })
    }

    fn place_of(&self, asked: &ReturnLine) -> Result<PlaceId, ReturnToSupplierError> {
        let Some(path) = &asked.place else { return Ok(self.warehouse.stock) };
        self.places.get(path).copied().ok_or_else(|| ReturnToSupplierError::UnknownPlace {
            line: asked.line,
            place: path.clone(),
            warehouse: self.warehouse.code.clone(),
        })
    }
}

fn lot_of(
    item: &Item,
    asked: &ReturnLine,
) -> Result<Option<(ItemId, String)>, ReturnToSupplierError> {
    if item.tracking == Tracking::None {
        return Ok(None);
    }
    let code = asked.lot.clone().ok_or_else(|| ReturnToSupplierError::LotMissing {
        line: asked.line,
        sku: item.sku.clone(),
        tracking: item.tracking,
    })?;
    Ok(Some((item.id, code)))
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut loaded: Loaded,
    dock: &Dock,
    back: Vec<Back>,
    request: &ReturnToSupplier,
) -> Result<ReturnedToSupplier, ReturnToSupplierError> {
    let return_id: ReturnId = tx.id()?;
    let number = tx.number(ctx.company_id, "RT")?;
    let mut ids = Vec::with_capacity(back.len());
    for _ in &back {
        ids.push(tx.id::<ReceiptLineId>()?);
    }
    let wanted: Vec<_> = back.iter().filter_map(|line| line.lot.clone()).collect();
    let lots = stock::lots(tx, ctx.company_id, dock.day, &wanted)?;
    let (mut moves, mut lines) = (Vec::new(), Vec::new());
    for (one, id) in back.iter().zip(&ids) {
        let line = &loaded.lines[one.at];
        moves.push(outgoing(&loaded, dock, one, id.raw(), &lots)?);
        let split = (one.grni.negate(), one.ahead.negate());
        lines.extend(follow::split_counter(&loaded.order, line, split, ctx.currency)?);
    }
    let posting = Posting {
        area: Area::Purchasing,
        happened_on: dock.day,
        source_kind: SOURCE_KIND,
        source_id: return_id.raw(),
        memo: format!("{number} of {}", loaded.order.number),
        moves,
        lines,
    };
    let posted = stock::post(tx, ctx, posting)?;
    let rows = return_rows(&loaded, back, ids, &posted, request.replace);
    let value = rules::sum(rows.iter().map(|row| row.value))?;
    let head = tables::NewReturn {
        id: return_id,
        number: number.clone(),
        client_ref: request.client_ref.clone(),
        order_id: request.order_id,
        returned_on: dock.day,
        posted_on: posted.posted_on,
        reason: request.reason.clone(),
        value,
    };
    tables::insert_return(tx, ctx, &head, &rows)?;
    let told = Told {
        verb: RETURN,
        fact: "purchasing.returned",
        detail: serde_json::json!({ "return": number, "reason": request.reason }),
    };
    follow::reopen(&mut loaded)?;
    follow::goods(tx, ctx, &mut loaded, told)?;
    let value = Money::new(value, ctx.currency);
    let posted_on = posted.posted_on;
    Ok(ReturnedToSupplier { return_id, number, posted_on, value, repeated: false })
}

fn return_rows(
    loaded: &Loaded,
    back: Vec<Back>,
    ids: Vec<ReceiptLineId>,
    posted: &stock::Posted,
    replaced: bool,
) -> Vec<tables::ReturnRow> {
    let mut rows = Vec::with_capacity(back.len());
    for (((one, id), moved), number) in back.into_iter().zip(ids).zip(&posted.moves).zip(1_i64..) {
        rows.push(tables::ReturnRow {
            id,
            line_id: loaded.lines[one.at].id,
            line: number,
            quantity: one.quantity,
            lot: one.lot.map_or_else(String::new, |(_, code)| code),
            place_id: one.place,
            move_id: moved.move_id,
            value: moved.value,
            grni_quantity: one.grni.quantity,
            grni_value: one.grni.value,
            replaced,
        });
    }
    rows
}

fn outgoing(
    loaded: &Loaded,
    dock: &Dock,
    back: &Back,
    line_id: i64,
    lots: &BTreeMap<(ItemId, String), LotId>,
) -> Result<Move, ReturnToSupplierError> {
    let line = &loaded.lines[back.at];
    Ok(Move {
        lot_id: back.lot.as_ref().and_then(|lot| lots.get(lot).copied()),
        cost: Cost::Given(rules::sum([back.grni.value, back.ahead.value])?),
        kind: Kind::SupplierReturn,
        counter: Some(Counter::open(Role::Grni, follow::open_key(&loaded.order, line))),
        line_id,
        ..Move::plain(line.item_id, back.place, dock.warehouse.supplier, back.quantity)
    })
}
