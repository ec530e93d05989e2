//! `pick`: somebody stands before a place and takes what the list says, or does not find it.
//!
//! A scan names the place, the item (its barcode, a GS1 code or its SKU) and the lot. What is taken goes
//! to the lines of that stop in their order. Goods stay in the books where they were kept until they
//! ship. What was not found is free again, is kept and listed elsewhere or becomes a back-order, and its
//! place is put on a sheet to be counted.

use crate::PICK;
use crate::held::{Held, RecordError};
use crate::model::{LIST, Line, List, Spot};
use crate::rules;
use crate::tables::{self, Named, Scan};
use crate::words::{self, PickState};
use base::{
    CountId, Id, ItemId, NumberError, PickListId, PlaceId, Problem, ProblemKind, Quantity,
    Rounding, Rule, TextError, check_text, mul_div,
};
use catalog::{Item, Scanned};
use counting::{OpenCount, OpenCountError};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use stock::DemandError;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Goods that were taken for a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PickGoods {
    /// The list. Whoever begins one that nobody has takes it.
    pub list_id: PickListId,
    /// What was scanned.
    pub lines: Vec<PickScan>,
    /// The client's own key: a second request with it is the same.
    #[serde(default)]
    pub client_ref: String,
}

/// Goods of one stop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PickScan {
    /// The path of the place.
    pub place: String,
    /// The item: a barcode, a GS1 code with its fields, or an SKU.
    pub code: String,
    /// The lot's or the piece's number, when the code does not say it.
    pub lot: Option<String>,
    /// How many of what was scanned, a case counting for what it holds; 1 when left out, and none when
    /// something is missing.
    pub quantity: Option<Quantity>,
    /// What is still to be taken here was not found.
    pub missing: Option<MissingGoods>,
}

/// Goods that were not found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MissingGoods {
    /// Why, as far as it can be seen.
    pub reason: String,
    /// What becomes of them; they are sought elsewhere when left out.
    #[serde(default = "relocate")]
    pub then: words::WhenMissing,
    /// Ask for a count of the place, unless one is open; the permission is counting.count.
    #[serde(default = "yes")]
    pub count: bool,
}

fn relocate() -> words::WhenMissing {
    words::WhenMissing::Relocate
}

fn yes() -> bool {
    true
}

/// What became of the scans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GoodsPicked {
    /// The list.
    pub list_id: PickListId,
    /// Its number.
    pub number: String,
    /// Where it stands now.
    pub state: PickState,
    /// For which lines goods were taken or missed.
    pub lines: Vec<PickedLine>,
    /// Lines that are to be picked elsewhere instead.
    pub added: Vec<AddedLine>,
    /// What orders lack from now on.
    pub lacking: Vec<LackingLine>,
    /// The sheet on which the places are to be counted, when one was opened.
    pub count: Option<CountAsked>,
    /// Whether this had been done before; nothing was done again.
    pub repeated: bool,
}

/// A line for which goods were taken or missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PickedLine {
    /// The list's line.
    pub line: i64,
    /// Its stop.
    pub stop: i64,
    /// The order that it is for.
    pub order_number: String,
    /// The order's line.
    pub order_line: i64,
    /// The item.
    pub sku: String,
    /// The place.
    pub place: String,
    /// The lot, empty for none.
    pub lot: String,
    /// How much was taken, in the stock unit.
    pub picked: Quantity,
    /// How much was not found.
    pub missed: Quantity,
}

/// Goods to be picked elsewhere instead of those that were not found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AddedLine {
    /// The list's line.
    pub line: i64,
    /// Its stop.
    pub stop: i64,
    /// The order that it is for.
    pub order_number: String,
    /// The item.
    pub sku: String,
    /// The place.
    pub place: String,
    /// The lot, empty for none.
    pub lot: String,
    /// How much more is to be taken there.
    pub quantity: Quantity,
}

/// What an order lacks because it was not found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LackingLine {
    /// The order.
    pub order_number: String,
    /// Its line.
    pub order_line: i64,
    /// The item.
    pub sku: String,
    /// How much.
    pub quantity: Quantity,
}

/// A sheet that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountAsked {
    /// The sheet.
    pub count_id: CountId,
    /// Its number.
    pub number: String,
}

/// Why nothing was picked, in order of precedence. `scan` is the scan's place in the request, from 1.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum PickError {
    /// There is no such list.
    #[error("there is no pick list {list_id}")]
    NotFound {
        /// The id asked for.
        list_id: PickListId,
    },
    /// No permission in the list's warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Nothing was scanned.
    #[error("nothing was scanned; name what was taken")]
    Empty,
    /// Nothing is to be picked any more.
    #[error("list {number} is {state}; nothing of it is to be picked any more")]
    NotOpen {
        /// The list.
        number: String,
        /// Where it stands.
        state: PickState,
    },
    /// Somebody else has the list.
    #[error("list {number} is with {picker}; assign it to yourself first")]
    TakenBy {
        /// The list.
        number: String,
        /// Who has it.
        picker: String,
    },
    /// No item has the code.
    #[error("scan {scan}: no item has the code {code:?}")]
    UnknownCode {
        /// The scan.
        scan: usize,
        /// The code.
        code: String,
    },
    /// The item is not on the list.
    #[error("scan {scan}: {sku} is not on list {number}")]
    NotOnList {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// The list.
        number: String,
    },
    /// The item is on the list, at another place.
    #[error("scan {scan}: {sku} is not to be picked at {place}, but at {places}")]
    WrongPlace {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// The place that was scanned.
        place: String,
        /// Where it is to be picked.
        places: String,
    },
    /// The goods are told apart, and nobody said which they are.
    #[error("scan {scan}: {sku} is to be picked from {lots}; scan the lot's number, too")]
    LotMissing {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// The lots to be picked.
        lots: String,
    },
    /// Another lot is to be picked.
    #[error("scan {scan}: {sku} is to be picked from {lots}, not from {lot}")]
    WrongLot {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// The lot that was scanned.
        lot: String,
        /// The lots to be picked.
        lots: String,
    },
    /// Nothing, or less, was taken.
    #[error("scan {scan}: the quantity is {quantity}; it must be above zero")]
    NotPositive {
        /// The scan.
        scan: usize,
        /// What was asked.
        quantity: Quantity,
    },
    /// The item is kept in whole units.
    #[error("scan {scan}: {quantity} of {sku} is not a whole number")]
    NotWhole {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// What was asked, in the stock unit.
        quantity: Quantity,
    },
    /// More than is to be picked.
    #[error("scan {scan}: {asked} of {sku} were taken at {place}, but {to_pick} are to be picked")]
    TooMany {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// The place.
        place: String,
        /// What was taken, in the stock unit.
        asked: Quantity,
        /// What is still to be picked there.
        to_pick: Quantity,
    },
    /// Nothing can be missing.
    #[error("scan {scan}: nothing more of {sku} is to be picked at {place}, so nothing is missing")]
    NothingMissing {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// The place.
        place: String,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The goods could not be kept elsewhere.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The place could not be put on a sheet.
    #[error(transparent)]
    Count(#[from] OpenCountError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<RecordError> for PickError {
    fn from(error: RecordError) -> PickError {
        match error {
            RecordError::Number(error) => error.into(),
            RecordError::Store(error) => error.into(),
        }
    }
}

impl Rule for PickError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let (code, scan) = match self {
            PickError::NotFound { .. } => return Problem::not_found("pick_list_not_found", detail),
            PickError::Denied(error) => return error.problem(),
            PickError::Text(error) => return error.problem(),
            PickError::Empty => {
                return Problem::invalid("nothing_scanned", detail).with_field("lines");
            }
            PickError::NotOpen { .. } => {
                return Problem::new(ProblemKind::Conflict, "pick_list_not_open", detail);
            }
            PickError::TakenBy { .. } => {
                return Problem::new(ProblemKind::Conflict, "pick_list_taken", detail);
            }
            PickError::UnknownCode { scan, .. } => ("unknown_code", scan),
            PickError::NotOnList { scan, .. } => ("not_on_list", scan),
            PickError::WrongPlace { scan, .. } => ("wrong_place", scan),
            PickError::LotMissing { scan, .. } => ("lot_missing", scan),
            PickError::WrongLot { scan, .. } => ("wrong_lot", scan),
            PickError::NotPositive { scan, .. } => ("quantity_not_positive", scan),
            PickError::NotWhole { scan, .. } => ("quantity_not_whole", scan),
            PickError::TooMany { scan, .. } => ("exceeds_to_pick", scan),
            PickError::NothingMissing { scan, .. } => ("nothing_missing", scan),
            PickError::Number(error) => return error.problem(),
            PickError::Demand(error) => return error.problem(),
            PickError::Count(error) => return error.problem(),
            PickError::Store(error) => return error.problem(),
        };
        Problem::refused(code, detail).with_line(u32::try_from(*scan).unwrap_or(0))
    }
}

/// Takes goods for a list, scan by scan, each against what those before it left.
///
/// What was not found is free again where it was kept. With `relocate` as much is kept elsewhere in the
/// warehouse and comes to the end of the list; what cannot be, and with `back_order` all of it, the
/// order lacks.
///
/// # Errors
/// The first broken rule in the order of [`PickError`]; nothing has then been written.
pub fn pick(tx: &mut Tx<'_>, ctx: &Ctx, request: PickGoods) -> Result<GoodsPicked, PickError> {
    let list_id = request.list_id;
    let mut held = Held::lists(tx, ctx, &BTreeSet::from([list_id]))?;
    let list = held.list(list_id).cloned().ok_or(PickError::NotFound { list_id })?;
    ctx.require_in(PICK, list.warehouse_id)?;
    check_texts(&request)?;
    let before = tables::scans_by_ref(tx, ctx, list_id, &request.client_ref)?;
    if !before.is_empty() {
        return Ok(repeated(list, before));
    }
    held.settle()?;
    let state = rules::state_of(held.lines.iter().map(|named| &named.line))?;
    if !matches!(state, PickState::Open | PickState::Picking) {
        return Err(PickError::NotOpen { number: list.number, state });
    }
    if let Some(picker) = list.picker.filter(|picker| *picker != ctx.user_id) {
        let picker = tables::user_name(tx, picker)?;
        return Err(PickError::TakenBy { number: list.number, picker });
    }
    let codes: Vec<&str> = request.lines.iter().map(|scan| scan.code.as_str()).collect();
    let codes = catalog::scanned(tx, ctx, &codes)?;
    let ids: Vec<ItemId> = codes.values().map(|scanned| scanned.item_id).collect();
    let items = catalog::items_by_id(tx, ctx.company_id, &ids)?;
    let mut done = Done::default();
    for (number, scan) in (1..).zip(&request.lines) {
        let stop = stop(&held, &list, number, scan, &codes)?;
        take(&mut held, &mut done, (number, scan), &stop, &items)?;
    }
    let elsewhere = seek(tx, ctx, &mut held, &list, &done)?;
    if let Some(list) = held.list_mut(list_id) {
        list.picker = Some(ctx.user_id);
    }
    held.record(tx, ctx)?;
    tables::insert_scans(tx, ctx, (list_id, &request.client_ref), &done.scans)?;
    let count = ask_for_count(tx, ctx, &held, &list, &done)?;
    Ok(told(tx, ctx, &held, &list, (&done, elsewhere, count)))
}

fn check_texts(request: &PickGoods) -> Result<(), PickError> {
    check_text("client_ref", &request.client_ref, 200)?;
    for scan in &request.lines {
        check_text("place", &scan.place, 500)?;
        if let Some(missing) = &scan.missing {
            if missing.reason.trim().is_empty() {
                return Err(TextError::Empty { field: "reason" }.into());
            }
            check_text("reason", &missing.reason, 500)?;
        }
    }
    if request.lines.is_empty() { Err(PickError::Empty) } else { Ok(()) }
}

fn repeated(list: List, lines: Vec<PickedLine>) -> GoodsPicked {
    GoodsPicked {
        list_id: list.id,
        number: list.number,
        state: list.state,
        lines,
        added: Vec::new(),
        lacking: Vec::new(),
        count: None,
        repeated: true,
    }
}

/// Where somebody stands: the lines, by their places among the held ones, and what one scan counts.
struct Stop {
    item_id: ItemId,
    sku: String,
    place: String,
    each: Quantity,
    lines: Vec<usize>,
}

/// Finds the stop that a scan is about.
fn stop(
    held: &Held,
    list: &List,
    number: usize,
    scan: &PickScan,
    codes: &HashMap<String, Scanned>,
) -> Result<Stop, PickError> {
    let code = scan.code.clone();
    let scanned = codes.get(&code).ok_or(PickError::UnknownCode { scan: number, code })?;
    let (item_id, sku) = (scanned.item_id, scanned.sku.clone());
    let of_item = |at: &usize| held.lines[*at].line.item_id == item_id;
    let all: Vec<usize> = (0..held.lines.len()).filter(of_item).collect();
    if all.is_empty() {
        return Err(PickError::NotOnList { scan: number, sku, number: list.number.clone() });
    }
    let words = |lines: &[usize], word: fn(&Named) -> &String| {
        let words: BTreeSet<&String> = lines.iter().map(|at| word(&held.lines[*at])).collect();
        words.into_iter().cloned().collect::<Vec<_>>().join(", ")
    };
    let here = |at: &usize| held.lines[*at].place == scan.place;
    let mut lines: Vec<usize> = all.iter().copied().filter(here).collect();
    if lines.is_empty() {
        let (place, places) = (scan.place.clone(), words(&all, |named| &named.place));
        return Err(PickError::WrongPlace { scan: number, sku, place, places });
    }
    if lines.iter().any(|at| !held.lines[*at].lot.is_empty()) {
        let lots = words(&lines, |named| &named.lot);
        let lot = scan.lot.as_ref().or(scanned.lot.as_ref()).or(scanned.serial.as_ref());
        let Some(lot) = lot else {
            return Err(PickError::LotMissing { scan: number, sku, lots });
        };
        lines.retain(|at| held.lines[*at].lot == *lot);
        if lines.is_empty() {
            return Err(PickError::WrongLot { scan: number, sku, lot: lot.clone(), lots });
        }
    }
    Ok(Stop { item_id, sku, place: scan.place.clone(), each: scanned.quantity, lines })
}

/// What the scans of a request come to.
#[derive(Default)]
struct Done {
    scans: Vec<Scan>,
    /// What was not found: the line's place among the held ones, and how much of it.
    missing: Vec<(usize, Quantity, bool)>,
    /// Where something was not found and a count is asked for.
    to_count: BTreeSet<(ItemId, PlaceId)>,
}

/// Takes what one scan says, and misses the rest when it says so.
fn take(
    held: &mut Held,
    done: &mut Done,
    (number, scan): (usize, &PickScan),
    stop: &Stop,
    items: &HashMap<ItemId, Item>,
) -> Result<(), PickError> {
    let given = if scan.missing.is_some() { Quantity::ZERO } else { Quantity::ONE };
    let quantity = scan.quantity.unwrap_or(given);
    if quantity.is_negative() || (quantity.is_zero() && scan.missing.is_none()) {
        return Err(PickError::NotPositive { scan: number, quantity });
    }
    let each = stop.each.micro();
    let asked = mul_div(quantity.micro(), each, Quantity::MICRO, Rounding::HalfUp)?;
    let asked = Quantity::from_micro(asked);
    let whole = items.get(&stop.item_id).is_some_and(|item| item.stock_unit.whole);
    if whole && asked.micro() % Quantity::MICRO != 0 {
        let sku = stop.sku.clone();
        return Err(PickError::NotWhole { scan: number, sku, quantity: asked });
    }
    let mut rooms = Vec::with_capacity(stop.lines.len());
    for at in &stop.lines {
        rooms.push(held.holds(&held.lines[*at].line)?.to_pick);
    }
    let to_pick = Quantity::checked_sum(rooms.iter().copied())?;
    let (sku, place) = (stop.sku.clone(), stop.place.clone());
    if asked > to_pick {
        return Err(PickError::TooMany { scan: number, sku, place, asked, to_pick });
    }
    if scan.missing.is_some() && asked == to_pick {
        return Err(PickError::NothingMissing { scan: number, sku, place });
    }
    let (parts, _) = rules::spread(asked, rooms.iter().copied())?;
    for ((at, part), room) in stop.lines.iter().zip(parts).zip(rooms) {
        let line = &mut held.lines[*at].line;
        line.picked = line.picked.checked_add(part)?;
        let mut missed = Quantity::ZERO;
        if let Some(missing) = &scan.missing {
            missed = room.checked_sub(part)?;
            line.missed = line.missed.checked_add(missed)?;
            if missed.is_positive() {
                let relocate = missing.then == words::WhenMissing::Relocate;
                done.missing.push((*at, missed, relocate));
            }
            if missing.count && missed.is_positive() {
                done.to_count.insert((line.item_id, line.place_id));
            }
        }
        if part.is_positive() || missed.is_positive() {
            let reason = scan.missing.as_ref().filter(|_| missed.is_positive());
            let reason = reason.map_or_else(String::new, |missing| missing.reason.clone());
            done.scans.push(Scan { line_id: line.id, picked: part, missed, reason });
        }
    }
    Ok(())
}

/// What came of what was not found.
#[derive(Default)]
struct Elsewhere {
    added: Vec<AddedLine>,
    lacking: Vec<LackingLine>,
}

/// Frees what was not found, and puts on the list what is kept elsewhere instead.
fn seek(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: &mut Held,
    list: &List,
    done: &Done,
) -> Result<Elsewhere, PickError> {
    if done.missing.is_empty() {
        return Ok(Elsewhere::default());
    }
    let gone = || StoreError::Unusable("what was kept for a line was not found again".to_owned());
    let mut missing = Vec::with_capacity(done.missing.len());
    for (at, quantity, elsewhere) in &done.missing {
        let line = &held.lines[*at].line;
        let demand = held.demands.get(&line.demand_id).copied().ok_or_else(gone)?;
        let kept = held.kept(line).ok_or_else(gone)?;
        let (quantity, elsewhere) = (*quantity, *elsewhere);
        missing.push(stock::Missing { demand, at: kept, quantity, elsewhere });
    }
    let kept = stock::miss(tx, ctx, &missing)?;
    let places: BTreeSet<PlaceId> = kept.iter().flatten().map(|pick| pick.place_id).collect();
    let paths = tables::place_paths(tx, ctx.company_id, &places)?;
    let lots = kept.iter().flatten().filter_map(|pick| pick.lot_id).map(Id::raw).collect();
    let lots = tables::lot_codes(tx, ctx.company_id, &lots)?;
    let demands: Vec<_> = missing.iter().map(|missing| missing.demand.demand_id).collect();
    let listed = tables::open_lines(tx, ctx.company_id, &demands)?;
    let mut told = Elsewhere::default();
    let mut more: Vec<(String, usize, stock::Pick)> = Vec::new();
    for ((at, quantity, _), picks) in done.missing.iter().zip(kept) {
        let named = &held.lines[*at];
        let again = Quantity::checked_sum(picks.iter().map(|pick| pick.quantity))?;
        let quantity = quantity.checked_sub(again)?;
        if quantity.is_positive() {
            told.lacking.push(LackingLine {
                order_number: named.order.clone(),
                order_line: named.line.order_line,
                sku: named.sku.clone(),
                quantity,
            });
        }
        let path = |pick: &stock::Pick| paths.get(&pick.place_id).cloned().unwrap_or_default();
        more.extend(picks.into_iter().map(|pick| (path(&pick), *at, pick)));
    }
    more.sort_by(|(a, x, _), (b, y, _)| rules::natural(a, b).then_with(|| x.cmp(y)));
    for (place, at, pick) in more {
        let lot = pick.lot_id.and_then(|lot| lots.get(&lot.raw())).cloned().unwrap_or_default();
        told.added.extend(add(tx, held, list, &listed, ((place, lot), at, &pick))?);
    }
    Ok(told)
}

/// Puts goods that are kept elsewhere on the list: more of a line that it has, or a line of its own at
/// its end. What is on another list already is picked there, or planned once that line is done.
fn add(
    tx: &mut Tx<'_>,
    held: &mut Held,
    list: &List,
    listed: &BTreeMap<Spot, String>,
    ((place, lot), at, pick): ((String, String), usize, &stock::Pick),
) -> Result<Option<AddedLine>, PickError> {
    let named = held.lines[at].clone();
    let told = |line: &Line| AddedLine {
        line: line.line,
        stop: line.stop,
        order_number: named.order.clone(),
        sku: named.sku.clone(),
        place: place.clone(),
        lot: lot.clone(),
        quantity: pick.quantity,
    };
    let spot = (pick.demand_id, pick.place_id, pick.lot_id.map_or(0, Id::raw));
    for known in &mut held.lines {
        let line = &mut known.line;
        if line.spot() == spot && line.is_open()? {
            line.wanted = line.wanted.checked_add(pick.quantity)?;
            return Ok(Some(told(line)));
        }
    }
    if listed.get(&spot).is_some_and(|number| *number != list.number) {
        return Ok(None);
    }
    let last = |number: fn(&Line) -> i64| held.lines.iter().map(|named| number(&named.line)).max();
    let same = |named: &&Named| {
        let line = &named.line;
        (line.item_id, line.place_id, line.lot) == (pick.item_id, pick.place_id, spot.2)
    };
    let stop = held.lines.iter().find(same).map(|named| named.line.stop);
    let line = Line {
        id: tx.id()?,
        stop: stop.unwrap_or(last(|line| line.stop).unwrap_or(0) + 1),
        line: last(|line| line.line).unwrap_or(0) + 1,
        place_id: pick.place_id,
        lot: spot.2,
        wanted: pick.quantity,
        picked: Quantity::ZERO,
        missed: Quantity::ZERO,
        voided: Quantity::ZERO,
        packed: Quantity::ZERO,
        shipped: Quantity::ZERO,
        put_back: Quantity::ZERO,
        ..named.line
    };
    let answer = told(&line);
    held.lines.push(Named { line, place, lot, ..named });
    Ok(Some(answer))
}

/// Asks for a count of the places where goods were not found, unless they wait for one. The sheet says
/// how much was taken from there and has not left, for the books still have it there.
fn ask_for_count(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: &Held,
    list: &List,
    done: &Done,
) -> Result<Option<CountAsked>, PickError> {
    if done.to_count.is_empty() {
        return Ok(None);
    }
    let waiting = tables::being_counted(tx, ctx.company_id, &done.to_count)?;
    let spots: BTreeSet<_> = done.to_count.difference(&waiting).copied().collect();
    if spots.is_empty() {
        return Ok(None);
    }
    let in_hand = tables::in_hand_at(tx, ctx.company_id, &spots)?;
    let here = |named: &&Named| spots.contains(&(named.line.item_id, named.line.place_id));
    let named: BTreeMap<_, &Named> = held
        .lines
        .iter()
        .filter(here)
        .map(|named| ((named.line.item_id, named.line.place_id), named))
        .collect();
    let mut memo = format!("not found when {} was picked", list.number);
    for (spot, quantity) in &in_hand {
        if let Some(Named { sku, place, .. }) = named.get(spot) {
            memo.push_str(&format!("; {quantity} {sku} of {place} are taken and not shipped"));
        }
    }
    let words = |word: fn(&Named) -> &String| {
        let words: BTreeSet<String> = named.values().map(|named| word(named).clone()).collect();
        words.into_iter().collect()
    };
    let warehouse = stock::warehouse(tx, ctx.company_id, list.warehouse_id)?;
    let request = OpenCount {
        warehouse: warehouse.map(|warehouse| warehouse.code),
        places: words(|named| &named.place),
        skus: words(|named| &named.sku),
        memo: memo.chars().take(500).collect(),
        ..OpenCount::default()
    };
    let opened = counting::open_count(tx, ctx, request)?;
    Ok(Some(CountAsked { count_id: opened.count_id, number: opened.number }))
}

fn told(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    held: &Held,
    list: &List,
    (done, elsewhere, count): (&Done, Elsewhere, Option<CountAsked>),
) -> GoodsPicked {
    let by_id: BTreeMap<_, &Named> =
        held.lines.iter().map(|named| (named.line.id, named)).collect();
    let mut lines = Vec::with_capacity(done.scans.len());
    for scan in &done.scans {
        let Some(named) = by_id.get(&scan.line_id) else { continue };
        lines.push(PickedLine {
            line: named.line.line,
            stop: named.line.stop,
            order_number: named.order.clone(),
            order_line: named.line.order_line,
            sku: named.sku.clone(),
            place: named.place.clone(),
            lot: named.lot.clone(),
            picked: scan.picked,
            missed: scan.missed,
        });
    }
    let now = held.list(list.id).unwrap_or(list);
    let detail = serde_json::json!({
        "number": list.number, "state": now.state, "lines": lines,
        "added": elsewhere.added, "lacking": elsewhere.lacking,
    });
    ctx.audit(tx, PICK, LIST, list.id.raw(), detail.clone());
    ctx.fact(tx, LIST, list.id.raw(), now.revision, "picking.picked", detail);
    GoodsPicked {
        list_id: list.id,
        number: list.number.clone(),
        state: now.state,
        lines,
        added: elsewhere.added,
        lacking: elsewhere.lacking,
        count,
        repeated: false,
    }
}
