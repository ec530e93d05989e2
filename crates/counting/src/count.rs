//! `count`: somebody says what lies there.

use crate::model::{CountState, Line, LineState, Sheet};
use crate::open_count::blank;
use crate::rules::{self, NotTaken};
use crate::tables::{self, Found};
use crate::{COUNT, SOURCE};
use base::{
    CountId, Id, NumberError, PlaceId, Problem, ProblemKind, Quantity, Rule, TextError, Timestamp,
    check_code,
};
use catalog::{Item, Tracking};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use stock::{FoundPlace, ShelfKey};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// How far a device's clock may be off, in microseconds, without anybody being told.
const CLOCKS_DIFFER: i64 = 120_000_000;

/// What was counted.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// The sheet.
    pub count_id: CountId,
    /// What lies there. A row that is not on the sheet is added to it.
    pub lines: Vec<CountedLine>,
    /// When it was counted, for what is entered later, as from a handheld without a network. What the
    /// books expected is read for that moment. Now when left out.
    #[serde(default)]
    pub counted_at: Option<Timestamp>,
}

/// What lies at one place of one item.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CountedLine {
    /// The item's SKU.
    pub sku: String,
    /// The place's path.
    pub place: String,
    /// The lot's or the piece's number, for items that have them.
    #[serde(default)]
    pub lot: Option<String>,
    /// How much lies there, in the stock unit; zero for nothing.
    pub quantity: Quantity,
}

/// What was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountEntered {
    /// The lines, in the order asked.
    pub lines: Vec<EnteredLine>,
}

/// One line as entered. It says nothing of what the books expect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnteredLine {
    /// The number of the sheet's line.
    pub line: i64,
    /// Whether another person has to count it as well.
    pub again: bool,
}

/// Why nothing was entered, in order of precedence. Lines of the request count from 1.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum CountError {
    /// There is no such sheet.
    #[error("there is no count {count_id}")]
    NotFound {
        /// The id asked for.
        count_id: CountId,
    },
    /// The caller may not, or not in the sheet's warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The sheet is closed.
    #[error("count {number} is {state}; open a new one")]
    NotOpen {
        /// Its number.
        number: String,
        /// Its state.
        state: CountState,
    },
    /// Nothing was counted.
    #[error("the request has no lines; name what you counted")]
    Empty,
    /// It was not counted yet.
    #[error(
        "counted at {counted_at}, which is after {now}; set the device's clock, or leave it out"
    )]
    CountedLater {
        /// What was given.
        counted_at: Timestamp,
        /// When it was asked.
        now: Timestamp,
    },
    /// There was no sheet then.
    #[error("counted at {counted_at}, before the sheet was opened at {opened_at}; count it again")]
    CountedBefore {
        /// What was given.
        counted_at: Timestamp,
        /// When the sheet was opened.
        opened_at: Timestamp,
    },
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such item.
    #[error("line {line}: there is no item {sku:?}")]
    UnknownItem {
        /// The line.
        line: u32,
        /// The SKU asked for.
        sku: String,
    },
    /// The place is not one of the sheet's warehouse.
    #[error("line {line}: there is no place {place:?} of ours in the sheet's warehouse")]
    UnknownPlace {
        /// The line.
        line: u32,
        /// The path asked for.
        place: String,
    },
    /// Less than nothing.
    #[error("line {line}: {quantity} cannot lie there; count zero or more")]
    Negative {
        /// The line.
        line: u32,
        /// What was given.
        quantity: Quantity,
    },
    /// The quantity cannot be kept in the stock unit.
    #[error("line {line}: {quantity} is not a whole number of {unit}")]
    NotWhole {
        /// The line.
        line: u32,
        /// What was given.
        quantity: Quantity,
        /// The stock unit.
        unit: String,
    },
    /// The item is told apart by lot or piece.
    #[error("line {line}: {sku} is tracked by {tracking}; give its number")]
    LotMissing {
        /// The line.
        line: u32,
        /// The item.
        sku: String,
        /// How it is tracked.
        tracking: Tracking,
    },
    /// A serial number stands for one piece.
    #[error("line {line}: {quantity} pieces cannot share the serial number {lot}")]
    SharedSerial {
        /// The line.
        line: u32,
        /// The number.
        lot: String,
        /// How many.
        quantity: Quantity,
    },
    /// The same row twice in one request.
    #[error("line {line}: {sku} at {place} is counted twice in this request; add it up first")]
    Twice {
        /// The line.
        line: u32,
        /// The item.
        sku: String,
        /// The place.
        place: String,
    },
    /// The line waits for a decision.
    #[error("line {line}: {sku} at {place} is {state}; resolve its conflict first")]
    LineClosed {
        /// The line.
        line: u32,
        /// The item.
        sku: String,
        /// The place.
        place: String,
        /// The line's state.
        state: LineState,
    },
    /// Another person has to count it.
    #[error(
        "line {line}: you counted {sku} at {place} already; another person has to count it now"
    )]
    SameCounter {
        /// The line.
        line: u32,
        /// The item.
        sku: String,
        /// The place.
        place: String,
    },
    /// Somebody counted later than this count was made.
    #[error(
        "line {line}: {sku} at {place} was counted again after that; count it anew if that is wrong"
    )]
    CountedAgain {
        /// The line.
        line: u32,
        /// The item.
        sku: String,
        /// The place.
        place: String,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for CountError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let refused = |code, line: &u32| Problem::refused(code, detail.clone()).with_line(*line);
        match self {
            CountError::NotFound { .. } => Problem::not_found("count_not_found", detail),
            CountError::Denied(error) => error.problem(),
            CountError::NotOpen { .. } => {
                Problem::new(ProblemKind::Conflict, "count_not_open", detail)
            }
            CountError::Empty => Problem::invalid("count_empty", detail).with_field("lines"),
            CountError::CountedLater { .. } => {
                Problem::refused("counted_later", detail).with_field("counted_at")
            }
            CountError::CountedBefore { .. } => {
                Problem::refused("counted_before_sheet", detail).with_field("counted_at")
            }
            CountError::Text(error) => error.problem(),
            CountError::UnknownItem { line, .. } => {
                Problem::not_found("item_not_found", detail).with_line(*line)
            }
            CountError::UnknownPlace { line, .. } => {
                Problem::not_found("place_not_found", detail).with_line(*line)
            }
            CountError::Negative { line, .. } => refused("quantity_negative", line),
            CountError::NotWhole { line, .. } => refused("quantity_not_whole", line),
            CountError::LotMissing { line, .. } => refused("lot_missing", line),
            CountError::SharedSerial { line, .. } => refused("shared_serial", line),
            CountError::Twice { line, .. } => refused("counted_twice", line),
            CountError::LineClosed { line, .. } => refused("line_closed", line),
            CountError::CountedAgain { line, .. } => refused("counted_again", line),
            CountError::SameCounter { line, .. } => {
                Problem::forbidden("same_counter", detail).with_line(*line)
            }
            CountError::Number(error) => error.problem(),
            CountError::Store(error) => error.problem(),
        }
    }
}

/// Enters what was counted. What the books expect is read at this moment, so that a difference is one
/// of this moment, too; what was counted before is compared with the books of then, and goods that
/// moved since are a conflict when the sheet is applied. A second entry of the same person corrects the first; a line too far off asks
/// for another person.
///
/// # Errors
/// The first broken rule in the order of [`CountError`].
pub fn count(tx: &mut Tx<'_>, ctx: &Ctx, request: Count) -> Result<CountEntered, CountError> {
    let mut sheet = lock_open(tx, ctx, request.count_id)?;
    let known = Known::load(tx, ctx, &sheet, &request)?;
    let counted_at = moment(ctx, &sheet, request.counted_at)?;
    let asked = understand(&request, &known)?;
    let keys: Vec<ShelfKey> = asked.iter().map(|(key, _)| *key).collect();
    let mut lines = tables::lines_at(tx, ctx, sheet.id, &keys)?;
    let shelves = match request.counted_at {
        None => stock::look_at_shelf(tx, ctx, keys.iter().copied())?,
        // Locked, so that nothing moves between what lies there now and what moved since.
        Some(_) => {
            let now = stock::lock_shelf(tx, ctx, keys.iter().copied())?;
            rules::back_then(now, &tables::moved_since(tx, ctx, &keys, counted_at)?)?
        }
    };
    let missing = keys.iter().filter(|key| !lines.contains_key(key)).map(|key| key.place_id);
    let thresholds = tables::thresholds(tx, ctx, missing)?;
    let mut added = Vec::new();
    for key in &keys {
        if !lines.contains_key(key) {
            sheet.lines += 1;
            let row = Found::empty(key.item_id, key.place_id, key.lot);
            let line = blank(tx, sheet.lines, &row, thresholds.get(&key.place_id).copied())?;
            added.push(line.id);
            lines.insert(*key, line);
        }
    }
    let by_another = identity::policies(tx, ctx.company_id)?.is("recount_by_another", "1");
    let mut entered = Vec::with_capacity(asked.len());
    for ((number, asked_line), (key, quantity)) in (1_u32..).zip(&request.lines).zip(&asked) {
        let shelf = shelves.get(key).copied().unwrap_or_default();
        let who = (ctx.user_id, counted_at);
        if request.counted_at.is_some() && rules::counted_after(&lines[key], counted_at) {
            return Err(not_taken(NotTaken::Later, number, asked_line));
        }
        let line = rules::enter(&lines[key], *quantity, shelf, who, by_another)?;
        entered.push(line.map_err(|why| not_taken(why, number, asked_line))?);
    }
    let (new, old): (Vec<Line>, Vec<Line>) =
        entered.iter().cloned().partition(|line| added.contains(&line.id));
    tables::insert_lines(tx, ctx, sheet.id, &new)?;
    tables::update_lines(tx, ctx, &old)?;
    tables::insert_entries(tx, ctx, "count", &entered)?;
    sheet.seq += 1;
    tables::update_count(tx, ctx, &sheet)?;
    let detail = serde_json::json!({ "number": sheet.number, "lines": entered.len() });
    ctx.audit(tx, COUNT, SOURCE, sheet.id.raw(), detail.clone());
    ctx.fact(tx, SOURCE, sheet.id.raw(), sheet.seq, "counting.counted", detail);
    let told = |line: &Line| EnteredLine { line: line.line, again: line.again };
    Ok(CountEntered { lines: entered.iter().map(told).collect() })
}

/// When it was counted. Clocks of devices are not all the same: a little ahead is now.
fn moment(
    ctx: &Ctx,
    sheet: &Sheet,
    counted_at: Option<Timestamp>,
) -> Result<Timestamp, CountError> {
    let Some(counted_at) = counted_at else { return Ok(ctx.at) };
    let (now, opened_at) = (ctx.at, sheet.opened_at);
    if counted_at.micros().saturating_sub(now.micros()) > CLOCKS_DIFFER {
        return Err(CountError::CountedLater { counted_at, now });
    }
    if opened_at.micros().saturating_sub(counted_at.micros()) > CLOCKS_DIFFER {
        return Err(CountError::CountedBefore { counted_at, opened_at });
    }
    Ok(counted_at.min(now))
}

fn not_taken(why: NotTaken, line: u32, asked: &CountedLine) -> CountError {
    let (sku, place) = (asked.sku.clone(), asked.place.clone());
    match why {
        NotTaken::State(state) => CountError::LineClosed { line, sku, place, state },
        NotTaken::SameCounter => CountError::SameCounter { line, sku, place },
        NotTaken::Later => CountError::CountedAgain { line, sku, place },
    }
}

fn lock_open(tx: &mut Tx<'_>, ctx: &Ctx, count_id: CountId) -> Result<Sheet, CountError> {
    let sheet = tables::lock_count(tx, ctx, count_id)?.ok_or(CountError::NotFound { count_id })?;
    ctx.require_in(COUNT, sheet.warehouse_id)?;
    if sheet.state != CountState::Open {
        return Err(CountError::NotOpen { number: sheet.number, state: sheet.state });
    }
    Ok(sheet)
}

/// What the request's words stand for.
struct Known {
    items: HashMap<String, Item>,
    places: BTreeMap<String, PlaceId>,
    lots: BTreeMap<(base::ItemId, String), base::LotId>,
}

impl Known {
    fn load(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        sheet: &Sheet,
        request: &Count,
    ) -> Result<Known, CountError> {
        if request.lines.is_empty() {
            return Err(CountError::Empty);
        }
        for line in &request.lines {
            line.lot.as_ref().map_or(Ok(()), |lot| check_code("lot", lot))?;
        }
        let skus: Vec<&str> = request.lines.iter().map(|line| line.sku.as_str()).collect();
        let items = catalog::items_by_sku(tx, ctx.company_id, &skus)?;
        let paths = request.lines.iter().map(|line| line.place.as_str());
        let here = |place: &FoundPlace| {
            place.warehouse_id == sheet.warehouse_id && place.kind == stock::PlaceKind::Internal
        };
        let found = stock::find_places(tx, ctx.company_id, paths)?.into_iter();
        let found = found.filter(|(_, place)| here(place));
        let lot = |line: &CountedLine| {
            let item = items.get(&line.sku)?;
            Some((item.id, line.lot.clone()?))
        };
        let wanted: Vec<_> = request.lines.iter().filter_map(lot).collect();
        let places = found.map(|(path, place)| (path, place.place_id)).collect();
        let lots = stock::lots(tx, ctx.company_id, ctx.today, &wanted)?;
        Ok(Known { items, places, lots })
    }
}

/// The rows and quantities that the request means, each row once.
fn understand(request: &Count, known: &Known) -> Result<Vec<(ShelfKey, Quantity)>, CountError> {
    let mut asked: Vec<(ShelfKey, Quantity)> = Vec::with_capacity(request.lines.len());
    let mut seen = std::collections::BTreeSet::new();
    for (line, counted) in (1_u32..).zip(&request.lines) {
        let (sku, place) = (counted.sku.clone(), counted.place.clone());
        let item = known.items.get(&sku);
        let item = item.ok_or_else(|| CountError::UnknownItem { line, sku: sku.clone() })?;
        let place_id = known.places.get(&place).copied();
        let place_id =
            place_id.ok_or_else(|| CountError::UnknownPlace { line, place: place.clone() })?;
        check_quantity(line, item, counted)?;
        let lot = counted.lot.as_ref().and_then(|code| known.lots.get(&(item.id, code.clone())));
        let lot = lot.map_or(0, |lot| lot.raw());
        let key = ShelfKey { item_id: item.id, place_id, lot };
        if !seen.insert(key) {
            return Err(CountError::Twice { line, sku, place });
        }
        asked.push((key, counted.quantity));
    }
    Ok(asked)
}

fn check_quantity(line: u32, item: &Item, counted: &CountedLine) -> Result<(), CountError> {
    let quantity = counted.quantity;
    if quantity.is_negative() {
        return Err(CountError::Negative { line, quantity });
    }
    if item.stock_unit.whole && quantity.micro() % Quantity::MICRO != 0 {
        return Err(CountError::NotWhole { line, quantity, unit: item.stock_unit.code.clone() });
    }
    match (&counted.lot, item.tracking) {
        // Goods may lie there without a number, and are then counted away.
        (None, tracking) if tracking != Tracking::None && quantity.is_positive() => {
            Err(CountError::LotMissing { line, sku: item.sku.clone(), tracking })
        }
        (Some(lot), Tracking::Serial) if quantity > Quantity::units(1) => {
            Err(CountError::SharedSerial { line, lot: lot.clone(), quantity })
        }
        _ => Ok(()),
    }
}
