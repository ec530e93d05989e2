//! `receive`: goods of an order arrive.
//!
//! A truck brings what was ordered, or less, or more. Each line of the receipt says how its goods
//! were taken in: into stock, into quarantine, or refused at the dock. What comes in is ours from
//! this moment: it lies in stock at the order's price, and the books owe the supplier a bill for it
//! (goods received, not invoiced). What the supplier has billed ahead is not owed again; it comes in
//! at the price it was billed for.
//!
//! | | debit | credit |
//! | --- | --- | --- |
//! | received, not billed | stock | goods received, not invoiced |
//! | billed before it came | stock | goods billed, not received |
//!
//! Goods that are inspected (a rule about item or supplier, or the policy `inspect_receipts`) are taken
//! into quarantine, however they looked at the dock; they wait there until somebody has decided.
//!
//! The quantity that comes in lowers what is still due, so the rest of a line *is* its back-order.

use crate::RECEIVE;
use crate::follow::{self, Told};
use crate::model::{Line, Waiting};
use crate::owed::Terms;
use crate::rules::{self, InspectionRule};
use crate::tables::{self, Loaded};
use crate::words::{OrderState, Outcome};
use accounting::{OpenKey, RateError, Role};
use base::{
    Day, DocumentId, Id, ItemId, LotId, Money, NumberError, PlaceId, Problem, ProblemKind,
    PurchaseOrderId, Quantity, ReceiptId, ReceiptLineId, Rule, TextError, check_code, check_text,
};
use catalog::{Item, Tracking};
use documents::EvidenceError;
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use stock::{Cost, Counter, Kind, Lot, LotDates, LotError, Move, Posted, Posting, Warehouse};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Goods of an order that arrived together.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Receive {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// The day they arrived; today when left out.
    #[serde(default)]
    pub received_on: Option<Day>,
    /// The number on the supplier's delivery note.
    #[serde(default)]
    pub delivery_note: String,
    /// What arrived. A line may come several times, as with several lots.
    pub lines: Vec<ReceiveLine>,
    /// Take in more than the tolerance allows.
    #[serde(default)]
    pub confirm_over: bool,
    /// The client's own key of the receipt: a second one with it is the same receipt.
    #[serde(default)]
    pub client_ref: String,
}

/// Goods of one line.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveLine {
    /// The number of the order's line.
    pub line: i64,
    /// How much, above zero.
    pub quantity: Quantity,
    /// The unit of the quantity: that of the line (when left out), or the item's stock unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// How it was taken in; accepted when left out.
    #[serde(default = "accepted")]
    pub outcome: Outcome,
    /// The lot's or the piece's number, for items that have them.
    #[serde(default)]
    pub lot: Option<String>,
    /// The last day the lot keeps. Left out, it is that of the lot, or follows from how long the item
    /// keeps.
    #[serde(default)]
    pub expires_on: Option<Day>,
    /// The path of the place that goods go to: accepted ones at once, others once they are found good;
    /// that of the order's line when left out.
    #[serde(default)]
    pub place: Option<String>,
    /// Why it was refused or put into quarantine.
    #[serde(default)]
    pub reason: String,
    /// Documents that prove how the goods arrived, such as the photo of a damage.
    #[serde(default)]
    pub evidence: Vec<DocumentId>,
}

/// The kinds of records whose documents prove how goods arrived.
const EVIDENCE_OF: &[&str] = &[
    "blind_receipt",
    "item",
    "partner",
    "purchase_order",
    "receipt",
    "unknown_goods",
    "warehouse",
];

fn accepted() -> Outcome {
    Outcome::Accepted
}

/// A receipt as booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Received {
    /// The receipt.
    pub receipt_id: ReceiptId,
    /// Its number.
    pub number: String,
    /// The books' day.
    pub posted_on: Day,
    /// What came in was worth this.
    pub value: Money,
    /// How far the order has come.
    pub order_state: OrderState,
    /// Whether the receipt was there before: nothing was done again.
    pub repeated: bool,
}

/// Why goods were not received, in order of precedence. Nothing has then been booked.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ReceiveError {
    /// There is no such order.
    #[error("there is no purchase order {order_id}")]
    NotFound {
        /// The id asked for.
        order_id: PurchaseOrderId,
    },
    /// The caller may not, or not in the order's warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Nothing arrived.
    #[error("the receipt has no lines; name what arrived")]
    Empty,
    /// Nothing is due on an order in this state.
    #[error("order {number} is {state}; goods are received on an approved order")]
    NotDue {
        /// The order.
        number: String,
        /// Its state.
        state: OrderState,
    },
    /// The order has no such line.
    #[error("order {number} has no line {line}")]
    UnknownLine {
        /// The order.
        number: String,
        /// The line asked for.
        line: i64,
    },
    /// The line was closed.
    #[error("line {line} was closed short ({reason}); order the goods anew")]
    LineClosed {
        /// The line.
        line: i64,
        /// Why it was closed.
        reason: String,
    },
    /// Somebody holds the line's goods back.
    #[error(
        "line {line} is held back: {reason}; have it let in first, or refuse the goods at the dock"
    )]
    Held {
        /// The line.
        line: i64,
        /// Why.
        reason: String,
    },
    /// Nothing, or less, was received.
    #[error("line {line}: the quantity is {quantity}; it must be above zero")]
    NotPositive {
        /// The line.
        line: i64,
        /// What was asked.
        quantity: Quantity,
    },
    /// The unit is neither the line's nor the item's.
    #[error("line {line} was ordered in {ordered} and is kept in {kept}; {unit} is neither")]
    WrongUnit {
        /// The line.
        line: i64,
        /// The unit asked for.
        unit: String,
        /// The unit of the line.
        ordered: String,
        /// The item's stock unit.
        kept: String,
    },
    /// The quantity cannot be kept in the stock unit.
    #[error("line {line}: {quantity} is not a whole number of {kept}")]
    NotWhole {
        /// The line.
        line: i64,
        /// In the stock unit, or in the unit given when it does not convert exactly.
        quantity: Quantity,
        /// The item's stock unit.
        kept: String,
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
    /// A serial number stands for one piece.
    #[error("line {line}: {quantity} pieces cannot share the serial number {lot}")]
    SharedSerial {
        /// The line.
        line: i64,
        /// The number.
        lot: String,
        /// How many.
        quantity: Quantity,
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
    /// More came than the tolerance allows.
    #[error(
        "line {line}: {received} would be received where at most {allowed} may; confirm it to take it in"
    )]
    ExceedsTolerance {
        /// The line.
        line: i64,
        /// What may be received in all, in the stock unit.
        allowed: Quantity,
        /// What would be, in the stock unit.
        received: Quantity,
    },
    /// More went straight to a customer than is due.
    #[error(
        "line {line}: {quantity} cannot have gone to the customer, {due} are due; order the rest first"
    )]
    ExceedsDue {
        /// The line.
        line: i64,
        /// What is due, in the stock unit.
        due: Quantity,
        /// What was asked, in the stock unit.
        quantity: Quantity,
    },
    /// A lot was stated to expire on another day.
    #[error(transparent)]
    Lot(#[from] LotError),
    /// A tax code of the order is gone.
    #[error("line {line}: there is no tax code {code} with a rate on {day}")]
    UnknownTax {
        /// The line.
        line: i64,
        /// The code.
        code: String,
        /// The day received.
        day: Day,
    },
    /// The order's currency has no rate.
    #[error(transparent)]
    Rate(#[from] RateError),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The goods could not be moved.
    #[error(transparent)]
    Post(#[from] stock::PostError),
    /// A document is no evidence.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReceiveError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let refused = |code, line: &i64| {
            Problem::refused(code, detail.clone()).with_line(u32::try_from(*line).unwrap_or(0))
        };
        match self {
            ReceiveError::NotFound { .. } => Problem::not_found("order_not_found", detail),
            ReceiveError::Denied(error) => error.problem(),
            ReceiveError::Text(error) => error.problem(),
            ReceiveError::Empty => Problem::invalid("receipt_empty", detail).with_field("lines"),
            ReceiveError::NotDue { .. } => {
                Problem::new(ProblemKind::Conflict, "order_not_due", detail)
            }
            ReceiveError::UnknownLine { line, .. } => refused("unknown_line", line),
            ReceiveError::LineClosed { line, .. } => refused("line_closed", line),
            ReceiveError::Held { line, .. } => refused("line_held", line),
            ReceiveError::NotPositive { line, .. } => refused("quantity_not_positive", line),
            ReceiveError::WrongUnit { line, .. } => refused("wrong_unit", line),
            ReceiveError::NotWhole { line, .. } => refused("quantity_not_whole", line),
            ReceiveError::LotMissing { line, .. } => refused("lot_missing", line),
            ReceiveError::SharedSerial { line, .. } => refused("shared_serial", line),
            ReceiveError::UnknownPlace { line, .. } => refused("unknown_place", line),
            ReceiveError::ExceedsTolerance { line, .. } => refused("exceeds_tolerance", line),
            ReceiveError::ExceedsDue { line, .. } => refused("exceeds_due", line),
            ReceiveError::Lot(error) => error.problem(),
            ReceiveError::UnknownTax { line, .. } => refused("tax_code_not_found", line),
            ReceiveError::Rate(error) => error.problem(),
            ReceiveError::Number(error) => error.problem(),
            ReceiveError::Post(error) => error.problem(),
            ReceiveError::Evidence(error) => error.problem(),
            ReceiveError::Store(error) => error.problem(),
        }
    }
}

/// Receives goods of an order: moves them in, values them and books what is owed for them.
///
/// # Errors
/// The first broken rule in the order of [`ReceiveError`].
pub fn receive(tx: &mut Tx<'_>, ctx: &Ctx, request: Receive) -> Result<Received, ReceiveError> {
    let received = receive_all(tx, ctx, &[request]).map_err(|refused| refused.error)?;
    let none = || StoreError::Unusable("a receipt was not answered".to_owned());
    Ok(received.into_iter().next().ok_or_else(none)?)
}

/// Goods of one of several orders were not received, and so of none.
#[derive(Debug, PartialEq)]
pub struct NotReceived {
    /// The order; none when the set as a whole could not be posted.
    pub order_id: Option<PurchaseOrderId>,
    /// Why.
    pub error: ReceiveError,
}

impl From<ReceiveError> for NotReceived {
    fn from(error: ReceiveError) -> NotReceived {
        NotReceived { order_id: None, error }
    }
}

/// Receives goods of several orders that arrived together, a receipt for each order, all or nothing.
///
/// Their goods are posted as one set: all stock rows are held before the first standing is, whichever
/// order they are of. The requests are of different orders, in the order of their ids, and of one day.
///
/// # Errors
/// The first broken rule of the first order in the order of [`ReceiveError`].
pub fn receive_all(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    requests: &[Receive],
) -> Result<Vec<Received>, NotReceived> {
    if !requests.is_sorted_by(|one, next| one.order_id < next.order_id) {
        let twice = "orders are received as a set once each, by id".to_owned();
        return Err(ReceiveError::from(StoreError::Unusable(twice)).into());
    }
    let mut answers = Vec::with_capacity(requests.len());
    let mut decided = Vec::with_capacity(requests.len());
    for request in requests {
        let of_order = |error| NotReceived { order_id: Some(request.order_id), error };
        match load(tx, ctx, request).map_err(of_order)? {
            Loading::Repeated(received) => answers.push(Some(received)),
            Loading::Fresh(arrival) => {
                let lines = decide(&arrival, request).map_err(of_order)?;
                decided.push((request, *arrival, lines));
                answers.push(None);
            }
        }
    }
    let lines = decided.iter().flat_map(|(request, ..)| &request.lines);
    let proofs = lines.flat_map(|line| line.evidence.iter().copied());
    documents::find_evidence(tx, ctx, proofs, EVIDENCE_OF).map_err(ReceiveError::from)?;
    let mut recorded = record(tx, ctx, decided)?.into_iter();
    Ok(answers.into_iter().filter_map(|known| known.or_else(|| recorded.next())).collect())
}

/// Everything that the decision needs to know.
struct Arrival {
    loaded: Loaded,
    warehouse: Warehouse,
    places: BTreeMap<String, PlaceId>,
    items: HashMap<ItemId, Item>,
    terms: Terms,
    tolerance_percent: i64,
    /// Whose goods are inspected; what no rule is about, by policy.
    inspection: Vec<InspectionRule>,
    inspect: bool,
    /// Why lines are held back, by their ids.
    held: BTreeMap<i64, String>,
}

enum Loading {
    Fresh(Box<Arrival>),
    Repeated(Received),
}

fn load(tx: &mut Tx<'_>, ctx: &Ctx, request: &Receive) -> Result<Loading, ReceiveError> {
    let order_id = request.order_id;
    let loaded = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(ReceiveError::NotFound { order_id })?;
    ctx.require_in(RECEIVE, loaded.order.warehouse_id)?;
    check_texts(request)?;
    if let Some(earlier) = tables::receipt_by_ref(tx, ctx, &request.client_ref)? {
        let order_state = loaded.order.state;
        return Ok(Loading::Repeated(Received { order_state, ..earlier }));
    }
    let received_on = request.received_on.unwrap_or(ctx.today);
    let warehouse = stock::warehouse(tx, ctx.company_id, loaded.order.warehouse_id)?
        .ok_or_else(|| follow::gone("warehouse", loaded.order.warehouse_id))?;
    let policies = identity::policies(tx, ctx.company_id)?;
    let items: BTreeSet<ItemId> = loaded.lines.iter().map(|line| line.item_id).collect();
    let partner = loaded.order.partner_id;
    let lines = loaded.lines.iter().map(|line| line.id.raw());
    Ok(Loading::Fresh(Box::new(Arrival {
        inspection: tables::inspection_rules(tx, ctx.company_id, partner, items)?,
        inspect: policies.is("inspect_receipts", "yes"),
        places: follow::places(tx, ctx, &warehouse, request.lines.iter().map(|line| &line.place))?,
        items: follow::items(tx, ctx, &loaded.lines)?,
        terms: Terms::load(tx, ctx, &loaded.order, received_on)?,
        tolerance_percent: policies.number("receipt_tolerance_percent"),
        held: stock::held_expected(tx, ctx.company_id, crate::EXPECTED, lines)?,
        warehouse,
        loaded,
    })))
}

fn check_texts(request: &Receive) -> Result<(), TextError> {
    check_text("client_ref", &request.client_ref, 200)?;
    check_text("delivery_note", &request.delivery_note, 200)?;
    for line in &request.lines {
        check_text("reason", &line.reason, 500)?;
        line.lot.as_ref().map_or(Ok(()), |lot| check_code("lot", lot))?;
    }
    Ok(())
}

/// Goods of one line as they are taken in.
struct Arrived {
    /// The line's place among the order's lines.
    at: usize,
    /// In the stock unit.
    quantity: Quantity,
    outcome: Outcome,
    lot: Option<Lot>,
    place: PlaceId,
    /// The part that was billed before.
    ahead: Waiting,
    /// The part that will be billed.
    grni: Waiting,
    /// Whether it was confirmed beyond the tolerance.
    over: bool,
    reason: String,
    /// Where quarantined goods go once they are found good.
    inspect_to: Option<PlaceId>,
}

impl Arrived {
    fn value(&self) -> Result<i64, NumberError> {
        rules::sum([self.ahead.value, self.grni.value])
    }
}

/// Decides each line against the state left by those before it.
fn decide(arrival: &Arrival, request: &Receive) -> Result<Vec<Arrived>, ReceiveError> {
    let order = &arrival.loaded.order;
    if request.lines.is_empty() {
        return Err(ReceiveError::Empty);
    }
    if !order.state.is_due() {
        return Err(ReceiveError::NotDue { number: order.number.clone(), state: order.state });
    }
    let mut lines = arrival.loaded.lines.clone();
    let mut arrived = Vec::with_capacity(request.lines.len());
    for asked in &request.lines {
        let at = arrival.loaded.position(asked.line).ok_or_else(|| ReceiveError::UnknownLine {
            number: order.number.clone(),
            line: asked.line,
        })?;
        arrived.push(arrive(arrival, &mut lines[at], at, asked, request.confirm_over)?);
    }
    Ok(arrived)
}

fn arrive(
    arrival: &Arrival,
    line: &mut Line,
    at: usize,
    asked: &ReceiveLine,
    confirm_over: bool,
) -> Result<Arrived, ReceiveError> {
    if line.closed_short {
        return Err(ReceiveError::LineClosed {
            line: line.line,
            reason: line.close_reason.clone(),
        });
    }
    if let Some(reason) = arrival.held.get(&line.id.raw())
        && asked.outcome != Outcome::Refused
    {
        return Err(ReceiveError::Held { line: line.line, reason: reason.clone() });
    }
    let item = follow::item(&arrival.items, line.item_id)?;
    let quantity = quantity_of(line, item, asked)?;
    let lot = lot_of(arrival, item, asked, quantity)?;
    let (outcome, place, inspect_to) = taken_in(arrival, line, asked)?;
    let mut arrived = Arrived {
        at,
        quantity,
        outcome,
        lot,
        place,
        ahead: Waiting::default(),
        grni: Waiting::default(),
        over: false,
        reason: asked.reason.clone(),
        inspect_to,
    };
    if asked.outcome == Outcome::Refused {
        return Ok(arrived);
    }
    let received = line.received.checked_add(quantity)?;
    let allowed =
        rules::most(line.stock_quantity, arrival.tolerance_percent, item.stock_unit.whole)?;
    arrived.over = received > allowed;
    if arrived.over && !confirm_over {
        return Err(ReceiveError::ExceedsTolerance { line: line.line, allowed, received });
    }
    arrived.ahead = line.ahead.take(quantity)?;
    arrived.grni = arrival.terms.owed(line, arrived.ahead.quantity, quantity)?;
    line.received = received;
    Ok(arrived)
}

/// The quantity in the stock unit.
fn quantity_of(line: &Line, item: &Item, asked: &ReceiveLine) -> Result<Quantity, ReceiveError> {
    let (number, kept) = (line.line, &item.stock_unit);
    if !asked.quantity.is_positive() {
        return Err(ReceiveError::NotPositive { line: number, quantity: asked.quantity });
    }
    let converted = line.in_stock_unit(asked.quantity, asked.unit.as_deref(), &kept.code);
    let quantity = converted.ok_or_else(|| ReceiveError::WrongUnit {
        line: number,
        unit: asked.unit.clone().unwrap_or_default(),
        ordered: line.unit.clone(),
        kept: kept.code.clone(),
    })?;
    let not_whole =
        |quantity| ReceiveError::NotWhole { line: number, quantity, kept: kept.code.clone() };
    let quantity = quantity.map_err(|_| not_whole(asked.quantity))?;
    if kept.whole && quantity.micro() % Quantity::MICRO != 0 {
        return Err(not_whole(quantity));
    }
    Ok(quantity)
}

fn lot_of(
    arrival: &Arrival,
    item: &Item,
    asked: &ReceiveLine,
    quantity: Quantity,
) -> Result<Option<Lot>, ReceiveError> {
    if item.tracking == Tracking::None || asked.outcome == Outcome::Refused {
        return Ok(None);
    }
    let code = asked.lot.clone().ok_or_else(|| ReceiveError::LotMissing {
        line: asked.line,
        sku: item.sku.clone(),
        tracking: item.tracking,
    })?;
    if item.tracking == Tracking::Serial && quantity != Quantity::ONE {
        return Err(ReceiveError::SharedSerial { line: asked.line, lot: code, quantity });
    }
    let dates = LotDates::of(item, asked.expires_on, arrival.terms.day);
    Ok(Some(Lot { item_id: item.id, code, dates }))
}

/// How goods are taken in, where they are put, and where they go after that: what waits for an
/// inspection is in quarantine and goes where it would have been put, which is not quarantine itself.
fn taken_in(
    arrival: &Arrival,
    line: &Line,
    asked: &ReceiveLine,
) -> Result<(Outcome, PlaceId, Option<PlaceId>), ReceiveError> {
    let place = place_of(arrival, line, asked)?;
    let inspected = rules::is_inspected(&arrival.inspection, line.item_id.raw(), arrival.inspect);
    match asked.outcome {
        Outcome::Quarantine => {}
        Outcome::Accepted if inspected => {}
        outcome => return Ok((outcome, place, None)),
    }
    let quarantine = arrival.warehouse.quarantine;
    let good = [Some(place), line.place_id].into_iter().flatten().find(|&to| to != quarantine);
    Ok((
        Outcome::Quarantine,
        quarantine,
        Some(good.unwrap_or_else(|| arrival.warehouse.arrivals())),
    ))
}

/// Where goods that nobody keeps apart are put: the place named, or that of the order's line.
fn place_of(arrival: &Arrival, line: &Line, asked: &ReceiveLine) -> Result<PlaceId, ReceiveError> {
    let Some(path) = &asked.place else {
        return Ok(line.place_id.unwrap_or_else(|| arrival.warehouse.arrivals()));
    };
    arrival.places.get(path).copied().ok_or_else(|| ReceiveError::UnknownPlace {
        line: asked.line,
        place: path.clone(),
        warehouse: arrival.warehouse.code.clone(),
    })
}

/// A line of the receipt with the id it is written under.
struct Booked {
    id: ReceiptLineId,
    arrived: Arrived,
}

/// A receipt that is about to be written.
struct Draft<'r> {
    id: ReceiptId,
    number: String,
    request: &'r Receive,
    arrival: Arrival,
    booked: Vec<Booked>,
}

impl Draft<'_> {
    /// The lines that were not refused.
    fn taken_in(&self) -> impl Iterator<Item = &Booked> {
        self.booked.iter().filter(|booked| booked.arrived.outcome != Outcome::Refused)
    }
}

/// Moves the goods of all receipts as one set, then writes receipt after receipt.
fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    decided: Vec<(&Receive, Arrival, Vec<Arrived>)>,
) -> Result<Vec<Received>, ReceiveError> {
    let mut drafts = Vec::with_capacity(decided.len());
    for (request, arrival, lines) in decided {
        let (id, number) = (tx.id()?, tx.number(ctx.company_id, "RC")?);
        let booked = lines.into_iter().map(|arrived| Ok(Booked { id: tx.id()?, arrived }));
        let booked = booked.collect::<Result<Vec<_>, StoreError>>()?;
        drafts.push(Draft { id, number, request, arrival, booked });
    }
    let mut posted = post(tx, ctx, &drafts)?.into_iter();
    let mut received = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let moved = draft.taken_in().next().and_then(|_| posted.next());
        received.push(write(tx, ctx, draft, moved)?);
    }
    Ok(received)
}

/// Writes a receipt and what it changed of its order.
fn write(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    draft: Draft<'_>,
    posted: Option<Posted>,
) -> Result<Received, ReceiveError> {
    let Draft { id: receipt_id, number, request, mut arrival, booked } = draft;
    let posted_on = posted.as_ref().map_or(arrival.terms.day, |posted| posted.posted_on);
    let rows = receipt_rows(&mut arrival, booked, posted)?;
    let value = rules::sum(rows.iter().map(|row| row.value))?;
    let receipt = tables::NewReceipt {
        id: receipt_id,
        number: number.clone(),
        order_id: request.order_id,
        received_on: arrival.terms.day,
        posted_on,
        delivery_note: request.delivery_note.clone(),
        client_ref: request.client_ref.clone(),
        value,
    };
    tables::insert_receipt(tx, ctx, &receipt, &rows)?;
    let (kind, name) = ("receipt".to_owned(), number.clone());
    let proven = documents::Record { kind, id: receipt_id.raw(), name };
    let lines = rows.iter().zip(&request.lines);
    let proofs = lines.map(|(row, asked)| (&proven, row.line, asked.evidence.as_slice()));
    documents::name_evidence(tx, ctx, proofs)?;
    let told = Told {
        verb: RECEIVE,
        fact: "purchasing.received",
        detail: serde_json::json!({ "receipt": number, "lines": rows.len() }),
    };
    let order_state = follow::goods(tx, ctx, &mut arrival.loaded, told)?;
    let value = Money::new(value, ctx.currency);
    Ok(Received { receipt_id, number, posted_on, value, order_state, repeated: false })
}

/// Moves in what was not refused, a posting for each receipt that brought any.
fn post(tx: &mut Tx<'_>, ctx: &Ctx, drafts: &[Draft<'_>]) -> Result<Vec<Posted>, ReceiveError> {
    let Some(day) = drafts.first().map(|draft| draft.arrival.terms.day) else {
        return Ok(Vec::new());
    };
    let booked = drafts.iter().flat_map(|draft| &draft.booked);
    let wanted: Vec<Lot> = booked.filter_map(|booked| booked.arrived.lot.clone()).collect();
    let lots = stock::dated_lots(tx, ctx.company_id, day, &wanted)?;
    let mut postings = Vec::with_capacity(drafts.len());
    for draft in drafts.iter().filter(|draft| draft.taken_in().next().is_some()) {
        postings.push(posting(ctx, draft, &lots)?);
    }
    Ok(stock::post_all(tx, ctx, &postings)?)
}

fn posting(
    ctx: &Ctx,
    draft: &Draft<'_>,
    lots: &BTreeMap<(ItemId, String), LotId>,
) -> Result<Posting, ReceiveError> {
    let Loaded { order, lines: of_order, .. } = &draft.arrival.loaded;
    let (mut moves, mut lines) = (Vec::new(), Vec::new());
    for Booked { id, arrived } in draft.taken_in() {
        moves.push(incoming(&draft.arrival, arrived, id.raw(), lots)?);
        let both = (arrived.grni, arrived.ahead);
        lines.extend(follow::split_counter(order, &of_order[arrived.at], both, ctx.currency)?);
    }
    Ok(Posting {
        area: accounting::Area::Purchasing,
        happened_on: draft.arrival.terms.day,
        source_kind: "receipt",
        source_id: draft.id.raw(),
        memo: format!("{} of {}", draft.number, order.number),
        moves,
        lines,
    })
}

fn incoming(
    arrival: &Arrival,
    arrived: &Arrived,
    line_id: i64,
    lots: &BTreeMap<(ItemId, String), LotId>,
) -> Result<Move, ReceiveError> {
    let line = &arrival.loaded.lines[arrived.at];
    let open = OpenKey::new("purchase_line", line.id.raw()).with(arrival.loaded.order.partner_id);
    let lot = |lot: &Lot| lots.get(&(lot.item_id, lot.code.clone())).copied();
    Ok(Move {
        lot_id: arrived.lot.as_ref().and_then(lot),
        cost: Cost::Given(arrived.value()?),
        kind: Kind::Receipt,
        counter: Some(Counter::open(Role::Grni, open)),
        line_id,
        ..Move::plain(line.item_id, arrival.warehouse.supplier, arrived.place, arrived.quantity)
    })
}

/// The rows to write; the order's lines take on what was received. The counter account carries what
/// was posted, which for goods at a standard cost may be another value than the order's.
fn receipt_rows(
    arrival: &mut Arrival,
    booked: Vec<Booked>,
    posted: Option<Posted>,
) -> Result<Vec<tables::ReceiptRow>, ReceiveError> {
    let mut moves = posted.into_iter().flat_map(|posted| posted.moves);
    let mut rows = Vec::with_capacity(booked.len());
    for Booked { id, arrived } in booked {
        let line = &mut arrival.loaded.lines[arrived.at];
        let moved = if arrived.outcome == Outcome::Refused { None } else { moves.next() };
        if let Some(moved) = moved {
            let value = rules::sum([moved.value, -arrived.ahead.value])?;
            line.ahead.take(arrived.ahead.quantity)?;
            line.grni.add(Waiting { value, ..arrived.grni })?;
            line.received = line.received.checked_add(arrived.quantity)?;
        }
        rows.push(tables::ReceiptRow {
            id,
            line_id: line.id,
            line: rows.len() as i64 + 1,
            outcome: arrived.outcome,
            quantity: arrived.quantity,
            lot: arrived.lot.map_or_else(String::new, |lot| lot.code),
            place_id: arrived.place,
            move_id: moved.map_or(0, |moved| moved.move_id.raw()),
            value: moved.map_or(0, |moved| moved.value),
            over: arrived.over,
            reason: arrived.reason,
            inspect_to: arrived.inspect_to,
        });
    }
    Ok(rows)
}
