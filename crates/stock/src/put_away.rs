//! `propose_putaway`, `put_away`: goods come from where they were received to where they shall lie.

use crate::lots::{Lot, LotDates};
use crate::model::{RowKey, lot_key};
use crate::places::{FoundPlace, Warehouse};
use crate::post::{Move, PostError, Posting, post};
use crate::rules::{self, Room};
use crate::tables;
use crate::views::READ;
use accounting::Area;
use base::{
    BatchId, Day, Id, ItemId, LotId, NumberError, PlaceId, Problem, Quantity, Rule, TextError,
    WarehouseId, check_text,
};
use catalog::Item;
use identity::{Ctx, Denied, Permission};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Row, Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;
use valuation::Class;

/// May put goods of a warehouse away.
pub const PUT_AWAY: Permission = Permission("stock.put_away");

/// Goods for which a place is looked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposePutaway {
    /// The warehouse's code.
    pub warehouse: String,
    /// The item's SKU.
    pub sku: String,
    /// How much, in `unit`.
    pub quantity: Quantity,
    /// The unit's code; the stock unit when absent. Of a whole unit only wholes are put anywhere.
    #[serde(default)]
    pub unit: Option<String>,
}

/// Where goods can lie.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PutawayProposed {
    /// The places in the order in which they are filled.
    pub places: Vec<PutawayPart>,
    /// What no rule has room for, in the unit asked.
    pub unassigned: Quantity,
}

/// A part of goods for one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PutawayPart {
    /// The place's path.
    pub place: String,
    /// How much, in the unit asked.
    pub quantity: Quantity,
    /// How much room the place had, in the stock unit.
    pub room: Quantity,
    /// The rule's priority.
    pub priority: i64,
}

/// Goods of a warehouse to be put away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutAway {
    /// The warehouse's code.
    pub warehouse: String,
    /// The path of the place where they lie; the warehouse's input place when absent.
    #[serde(default)]
    pub from: Option<String>,
    /// The document that brought them, when only what it brought may be put away.
    #[serde(default)]
    pub of: Option<BroughtBy>,
    /// What.
    pub lines: Vec<PutAwayLine>,
    /// When; today when absent.
    #[serde(default)]
    pub happened_on: Option<Day>,
    /// What the caller calls it: a second request with it is the same.
    #[serde(default)]
    pub client_ref: String,
}

/// A document that brought goods, as movements name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BroughtBy {
    /// Its kind, such as `receipt`.
    pub kind: String,
    /// Its id.
    pub id: String,
}

/// A part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutAwayLine {
    /// The item's SKU.
    pub sku: String,
    /// The lot's code, for items that have them.
    #[serde(default)]
    pub lot: Option<String>,
    /// How much, in the stock unit.
    pub quantity: Quantity,
    /// The path of the place where they shall lie; by the rules when absent, what they have no room
    /// for in the warehouse's stock.
    #[serde(default)]
    pub to: Option<String>,
}

/// Goods as put away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PutAwayDone {
    /// The put-away.
    pub putaway_id: BatchId,
    /// Its spoken number.
    pub number: String,
    /// The books' day.
    pub posted_on: Day,
    /// Where the goods lie now; none of a repeat.
    pub moves: Vec<PutAwayMove>,
    /// Whether it had been done before; nothing was written then.
    pub repeated: bool,
}

/// Goods at their new place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PutAwayMove {
    /// The line, from 1.
    pub line: u32,
    /// The place's path.
    pub place: String,
    /// How much, in the stock unit.
    pub quantity: Quantity,
}

/// Why nothing was proposed or put away, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum PutAwayError {
    /// No permission in the warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text that cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No such warehouse.
    #[error("there is no warehouse {0:?}; write its code")]
    UnknownWarehouse(String),
    /// No lines.
    #[error("the request has no lines; name items and quantities")]
    Empty,
    /// A document that is none.
    #[error("{0:?} is no document's id; write it as movements name it")]
    UnknownDocument(String),
    /// No such place in the warehouse.
    #[error(
        "there is no place {place:?} in warehouse {warehouse}; write its path, such as WH/Stock"
    )]
    UnknownPlace {
        /// What was given.
        place: String,
        /// The warehouse's code.
        warehouse: String,
    },
    /// The goods lie in quarantine.
    #[error(
        "goods in quarantine at {place} wait for whoever put them there; nobody puts them away"
    )]
    Quarantined {
        /// The place.
        place: String,
    },
    /// No such item.
    #[error("line {line}: there is no item {sku:?}")]
    UnknownItem {
        /// The line, from 1.
        line: u32,
        /// What was given.
        sku: String,
    },
    /// No such unit of the item.
    #[error("there is no unit {unit:?} that {sku} could be kept in")]
    UnknownUnit {
        /// What was given.
        unit: String,
        /// The item.
        sku: String,
    },
    /// No such lot of the item.
    #[error("line {line}: {sku} has no lot {lot:?}")]
    UnknownLot {
        /// The line, from 1.
        line: u32,
        /// The item.
        sku: String,
        /// What was given.
        lot: String,
    },
    /// A quantity of nothing or less.
    #[error("line {line}: a quantity of {quantity} cannot be put away; it must be above zero")]
    NotPositive {
        /// The line, from 1.
        line: u32,
        /// What was given.
        quantity: Quantity,
    },
    /// The document brought nothing of it.
    #[error("line {line}: {sku} is not among what the document brought")]
    NotBrought {
        /// The line, from 1.
        line: u32,
        /// The item.
        sku: String,
    },
    /// More than the document brought and is not put away.
    #[error("line {line}: {quantity} of {sku} asked, {open} of the document still to put away")]
    ExceedsBrought {
        /// The line, from 1.
        line: u32,
        /// The item.
        sku: String,
        /// What is still to be put away of it.
        open: Quantity,
        /// What was asked, with the lines before it.
        quantity: Quantity,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The goods could not be moved.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for PutAwayError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            PutAwayError::Denied(error) => error.problem(),
            PutAwayError::Text(error) => error.problem(),
            PutAwayError::Number(error) => error.problem(),
            PutAwayError::Post(error) => error.problem(),
            PutAwayError::Store(error) => error.problem(),
            PutAwayError::UnknownWarehouse(_) => Problem::not_found("warehouse_not_found", detail),
            PutAwayError::Empty => Problem::invalid("putaway_empty", detail).with_field("lines"),
            PutAwayError::UnknownDocument(_) => {
                Problem::invalid("unknown_document", detail).with_field("of")
            }
            PutAwayError::UnknownPlace { .. } => Problem::refused("unknown_place", detail),
            PutAwayError::Quarantined { .. } => Problem::refused("in_quarantine", detail),
            PutAwayError::UnknownUnit { .. } => Problem::refused("wrong_unit", detail),
            PutAwayError::UnknownItem { line, .. } => {
                Problem::not_found("item_not_found", detail).with_line(*line)
            }
            PutAwayError::UnknownLot { line, .. } => {
                Problem::not_found("lot_not_found", detail).with_line(*line)
            }
            PutAwayError::NotPositive { line, .. } => {
                Problem::refused("quantity_not_positive", detail).with_line(*line)
            }
            PutAwayError::NotBrought { line, .. } => {
                Problem::refused("not_brought", detail).with_line(*line)
            }
            PutAwayError::ExceedsBrought { line, .. } => {
                Problem::refused("exceeds_brought", detail).with_line(*line)
            }
        }
    }
}

/// Tells where goods of an item can lie by the warehouse's rules.
///
/// # Errors
/// The first broken rule in the order of [`PutAwayError`].
pub fn propose_putaway(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ProposePutaway,
) -> Result<PutawayProposed, PutAwayError> {
    ctx.require(READ)?;
    let warehouse = find(tx, ctx, &request.warehouse)?;
    let items = catalog::items_by_sku(tx, ctx.company_id, &[request.sku.as_str()])?;
    let unknown = || PutAwayError::UnknownItem { line: 1, sku: request.sku.clone() };
    let item = items.get(&request.sku).ok_or_else(unknown)?;
    if !request.quantity.is_positive() {
        return Err(PutAwayError::NotPositive { line: 1, quantity: request.quantity });
    }
    let unit = unit_of(tx, ctx, item, request.unit.as_deref())?;
    let one = catalog::to_stock_unit(item, Quantity::ONE, &unit).map_err(|_| {
        PutAwayError::UnknownUnit { unit: unit.code.clone(), sku: item.sku.clone() }
    })?;
    let key = (warehouse.warehouse_id, item.id);
    let mut rooms = rooms::<PutAwayError>(tx, ctx, [key])?.remove(&key).unwrap_or_default();
    let before = rooms.clone();
    let (parts, unassigned) = rules::put(&mut rooms, request.quantity, one, unit.whole)?;
    let places = parts.into_iter().map(|part| PutawayPart::of(&before, part));
    Ok(PutawayProposed { places: places.collect(), unassigned })
}

impl PutawayPart {
    /// What goes into the room at a position, of rooms as they were before anything went there.
    pub(crate) fn of(before: &[Room], (at, quantity): (usize, Quantity)) -> PutawayPart {
        let Room { path, free, priority, .. } = &before[at];
        PutawayPart { place: path.clone(), quantity, room: *free, priority: *priority }
    }
}

fn unit_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    item: &Item,
    code: Option<&str>,
) -> Result<catalog::Unit, PutAwayError> {
    let Some(code) = code else { return Ok(item.stock_unit.clone()) };
    let known = catalog::units(tx, ctx.company_id)?;
    known
        .into_iter()
        .find(|unit| unit.code == code)
        .ok_or_else(|| PutAwayError::UnknownUnit { unit: code.to_owned(), sku: item.sku.clone() })
}

fn find(tx: &mut Tx<'_>, ctx: &Ctx, code: &str) -> Result<Warehouse, PutAwayError> {
    let found = crate::warehouse_by_code(tx, ctx.company_id, code)?;
    found.ok_or_else(|| PutAwayError::UnknownWarehouse(code.to_owned()))
}

/// An item in a warehouse.
type Stocked = (WarehouseId, ItemId);

/// The room that rules leave for items in warehouses, in the order in which it is filled.
pub(crate) fn rooms<E: From<StoreError> + From<NumberError>>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    wanted: impl IntoIterator<Item = Stocked>,
) -> Result<BTreeMap<Stocked, Vec<Room>>, E> {
    let wanted: BTreeSet<Stocked> = wanted.into_iter().collect();
    let mut keys = Rows::new(2);
    wanted.iter().for_each(|&(warehouse, item)| keys.push(row![warehouse, item]));
    let found = tx.query(&tables::ROOM_FOR, params![ctx.company_id; keys])?;
    let mut rooms: BTreeMap<Stocked, Vec<Room>> = BTreeMap::new();
    for row in &found {
        let (capacity, on_hand): (Quantity, Quantity) = (row.get(5)?, row.get(6)?);
        let free = capacity.checked_sub(on_hand)?.max(Quantity::ZERO);
        rooms.entry((row.get(0)?, row.get(1)?)).or_default().push(Room {
            place: row.get(2)?,
            path: row.get(3)?,
            priority: row.get(4)?,
            free,
        });
    }
    rooms.values_mut().for_each(|rooms| rooms.sort_by(rules::fill_order));
    Ok(rooms)
}

/// Puts goods of a warehouse away: to the places named, or where the rules have room. The goods stay
/// what they are worth. Of a document no more is put away than it brought. Nothing is put away out of
/// quarantine, where goods wait for whoever put them there.
///
/// # Errors
/// The first broken rule in the order of [`PutAwayError`].
pub fn put_away(tx: &mut Tx<'_>, ctx: &Ctx, request: PutAway) -> Result<PutAwayDone, PutAwayError> {
    away(tx, ctx, request, false)
}

/// As [`put_away`], also out of quarantine: for whoever knows which goods there wait for nobody, and
/// refuses the rest.
///
/// # Errors
/// The first broken rule in the order of [`PutAwayError`].
pub fn put_away_released(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: PutAway,
) -> Result<PutAwayDone, PutAwayError> {
    away(tx, ctx, request, true)
}

fn away(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: PutAway,
    released: bool,
) -> Result<PutAwayDone, PutAwayError> {
    ctx.require_somewhere(PUT_AWAY)?;
    check_text("client_ref", &request.client_ref, 200)?;
    let warehouse = find(tx, ctx, &request.warehouse)?;
    ctx.require_in(PUT_AWAY, warehouse.warehouse_id)?;
    if let Some(earlier) = by_ref(tx, ctx, &request.client_ref)? {
        return Ok(earlier);
    }
    let of = brought_by(request.of.as_ref())?;
    let known = Known::load(tx, ctx, &request, warehouse)?;
    if let Some(path) = request.from.as_ref().filter(|_| known.quarantined && !released) {
        return Err(PutAwayError::Quarantined { place: path.clone() });
    }
    let goods = goods(&request, &known)?;
    if let Some(of) = &of {
        refuse_beyond(tx, ctx, of, &known, &goods)?;
    }
    let warehouse = known.warehouse.warehouse_id;
    let items = goods.iter().map(|goods| (warehouse, goods.item.id));
    let rooms = rooms::<PutAwayError>(tx, ctx, items)?;
    let parts = decide(&goods, &known, rooms)?;
    record(tx, ctx, &request, &known, of.unwrap_or_default(), parts)
}

/// The document as moves name it.
fn brought_by(of: Option<&BroughtBy>) -> Result<Option<(String, i64)>, PutAwayError> {
    let Some(BroughtBy { kind, id }) = of else { return Ok(None) };
    check_text("of", kind, 64)?;
    let number = id.parse().map_err(|_| PutAwayError::UnknownDocument(id.clone()))?;
    Ok(Some((kind.clone(), number)))
}

fn by_ref(tx: &mut Tx<'_>, ctx: &Ctx, client_ref: &str) -> Result<Option<PutAwayDone>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&tables::PUTAWAY_BY_REF, params![ctx.company_id, client_ref])?;
    let read = |row: Row| {
        Ok(PutAwayDone {
            putaway_id: row.get(0)?,
            number: row.get(1)?,
            posted_on: row.get(2)?,
            moves: Vec::new(),
            repeated: true,
        })
    };
    found.map(read).transpose()
}

/// What the request's words stand for.
struct Known {
    warehouse: Warehouse,
    from: PlaceId,
    /// Whether they lie in quarantine.
    quarantined: bool,
    items: HashMap<String, Item>,
    lots: BTreeMap<(ItemId, String), LotId>,
    places: BTreeMap<String, PlaceId>,
}

impl Known {
    fn load(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        request: &PutAway,
        warehouse: Warehouse,
    ) -> Result<Known, PutAwayError> {
        let skus: Vec<&str> = request.lines.iter().map(|line| line.sku.as_str()).collect();
        let items = catalog::items_by_sku(tx, ctx.company_id, &skus)?;
        let lot = |line: &PutAwayLine| {
            let item_id = items.get(&line.sku)?.id;
            Some(Lot { item_id, code: line.lot.clone()?, dates: LotDates::default() })
        };
        let wanted: Vec<Lot> = request.lines.iter().filter_map(lot).collect();
        let lots = tables::find_lots(tx, ctx.company_id, &wanted)?;
        let lots = lots.into_iter().map(|(key, (lot_id, _))| (key, lot_id)).collect();
        let named = request.lines.iter().filter_map(|line| line.to.as_deref());
        let paths = named.chain(request.from.as_deref());
        let found = crate::find_places(tx, ctx.company_id, paths)?;
        let inside = found.into_iter().filter(|(_, place)| {
            place.warehouse_id == warehouse.warehouse_id && place.kind.holds_stock()
        });
        let inside: BTreeMap<String, FoundPlace> = inside.collect();
        let from = request.from.as_ref().and_then(|path| inside.get(path));
        let quarantined = from.is_some_and(|place| place.class == Class::Quarantine);
        let places: BTreeMap<String, PlaceId> =
            inside.into_iter().map(|(path, place)| (path, place.place_id)).collect();
        let from = match &request.from {
            None => warehouse.input,
            Some(path) => place(&places, path, &warehouse)?,
        };
        Ok(Known { warehouse, from, quarantined, items, lots, places })
    }
}

fn place(
    places: &BTreeMap<String, PlaceId>,
    path: &str,
    warehouse: &Warehouse,
) -> Result<PlaceId, PutAwayError> {
    places.get(path).copied().ok_or_else(|| PutAwayError::UnknownPlace {
        place: path.to_owned(),
        warehouse: warehouse.code.clone(),
    })
}

/// Goods of one line.
struct Goods<'a> {
    line: u32,
    item: &'a Item,
    lot: Option<LotId>,
    quantity: Quantity,
    to: Option<PlaceId>,
}

impl Goods<'_> {
    fn key(&self, from: PlaceId) -> RowKey {
        RowKey { item: self.item.id, place: from, lot: lot_key(self.lot) }
    }
}

fn goods<'a>(request: &PutAway, known: &'a Known) -> Result<Vec<Goods<'a>>, PutAwayError> {
    if request.lines.is_empty() {
        return Err(PutAwayError::Empty);
    }
    let mut goods = Vec::with_capacity(request.lines.len());
    for (line, asked) in (1_u32..).zip(&request.lines) {
        let item = known.items.get(&asked.sku);
        let item =
            item.ok_or_else(|| PutAwayError::UnknownItem { line, sku: asked.sku.clone() })?;
        let lot = asked.lot.as_ref().map(|code| {
            let found = known.lots.get(&(item.id, code.clone())).copied();
            found.ok_or_else(|| PutAwayError::UnknownLot {
                line,
                sku: asked.sku.clone(),
                lot: code.clone(),
            })
        });
        if !asked.quantity.is_positive() {
            return Err(PutAwayError::NotPositive { line, quantity: asked.quantity });
        }
        let to = asked.to.as_ref().map(|path| place(&known.places, path, &known.warehouse));
        let (lot, to) = (lot.transpose()?, to.transpose()?);
        goods.push(Goods { line, item, lot, quantity: asked.quantity, to });
    }
    Ok(goods)
}

/// Refuses what a document did not bring, or has been put away of it. The rows are locked first, so
/// that two who put the same away see one another.
fn refuse_beyond(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (kind, id): &(String, i64),
    known: &Known,
    goods: &[Goods<'_>],
) -> Result<(), PutAwayError> {
    let keys: BTreeSet<RowKey> = goods.iter().map(|goods| goods.key(known.from)).collect();
    tables::lock_rows(tx, ctx.company_id, &keys, &BTreeSet::new())?;
    let found =
        tx.query(&tables::STILL_TO_PUT_AWAY, params![ctx.company_id, kind, id, known.from])?;
    let mut open: BTreeMap<(ItemId, i64), Quantity> = BTreeMap::new();
    for row in &found {
        open.insert((row.get(0)?, row.get(1)?), row.get(2)?);
    }
    let mut asked: BTreeMap<(ItemId, i64), Quantity> = BTreeMap::new();
    for goods in goods {
        let (line, sku) = (goods.line, || goods.item.sku.clone());
        let key = (goods.item.id, lot_key(goods.lot));
        let open = open.get(&key).copied();
        let open = open.ok_or_else(|| PutAwayError::NotBrought { line, sku: sku() })?;
        let sum = asked.entry(key).or_default();
        *sum = sum.checked_add(goods.quantity)?;
        if *sum > open {
            return Err(PutAwayError::ExceedsBrought { line, sku: sku(), open, quantity: *sum });
        }
    }
    Ok(())
}

/// A part of a line for one place.
struct Part<'a> {
    goods: &'a Goods<'a>,
    place: PlaceId,
    quantity: Quantity,
}

/// Sends each line to its place, or where the rules have room after the lines before it.
fn decide<'a>(
    goods: &'a [Goods<'a>],
    known: &Known,
    mut rooms: BTreeMap<Stocked, Vec<Room>>,
) -> Result<Vec<Part<'a>>, PutAwayError> {
    let mut parts = Vec::with_capacity(goods.len());
    for goods in goods {
        if let Some(place) = goods.to {
            parts.push(Part { goods, place, quantity: goods.quantity });
            continue;
        }
        let key = (known.warehouse.warehouse_id, goods.item.id);
        let rooms = rooms.entry(key).or_default();
        let whole = goods.item.stock_unit.whole;
        let (filled, unassigned) = rules::put(rooms, goods.quantity, Quantity::ONE, whole)?;
        for (at, quantity) in filled {
            parts.push(Part { goods, place: rooms[at].place, quantity });
        }
        if unassigned.is_positive() {
            parts.push(Part { goods, place: known.warehouse.stock, quantity: unassigned });
        }
    }
    Ok(parts)
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &PutAway,
    known: &Known,
    (of_kind, of_id): (String, i64),
    parts: Vec<Part<'_>>,
) -> Result<PutAwayDone, PutAwayError> {
    let putaway_id: BatchId = tx.id()?;
    let number = tx.number(ctx.company_id, "PA")?;
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let moves = parts.iter().map(|part| Move {
        lot_id: part.goods.lot,
        line_id: i64::from(part.goods.line),
        ..Move::plain(part.goods.item.id, known.from, part.place, part.quantity)
    });
    let posting = Posting {
        area: Area::Stock,
        happened_on,
        source_kind: "putaway",
        source_id: putaway_id.raw(),
        memo: number.clone(),
        moves: moves.collect(),
        lines: Vec::new(),
    };
    let posted = post(tx, ctx, posting)?;
    tx.write(
        &tables::INSERT_PUTAWAY,
        params![
            ctx.company_id,
            putaway_id,
            number,
            known.warehouse.warehouse_id,
            of_kind,
            of_id,
            happened_on,
            posted.posted_on,
            request.client_ref,
            ctx.user_id,
            ctx.at
        ],
    )?;
    let detail = serde_json::json!({
        "number": number, "warehouse": known.warehouse.code, "lines": parts.len(),
    });
    ctx.audit(tx, PUT_AWAY, "putaway", putaway_id.raw(), detail.clone());
    ctx.fact(tx, "putaway", putaway_id.raw(), 1, "stock.put_away", detail);
    let paths = tables::load_places(tx, ctx.company_id, parts.iter().map(|part| part.place))?;
    let told = parts.iter().map(|part| PutAwayMove {
        line: part.goods.line,
        place: paths.get(&part.place).map_or_else(String::new, |place| place.path.clone()),
        quantity: part.quantity,
    });
    let (posted_on, moves) = (posted.posted_on, told.collect());
    Ok(PutAwayDone { putaway_id, number, posted_on, moves, repeated: false })
}
