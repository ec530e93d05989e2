//! `open_count`: a sheet of what is to be counted.

use crate::model::{CountKind, CountState, Line, LineState, Sheet};
use crate::tables::{self, Found};
use crate::{COUNT, SOURCE};
use base::{
    CountId, Id, ItemId, NumberError, PlaceId, Problem, Quantity, Rule, TextError, UserId,
    WarehouseId, check_text,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// The most lines of one sheet.
pub(crate) const MOST_LINES: usize = 20_000;

/// A sheet to be opened. Without places and items it takes everything that lies in the warehouse.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenCount {
    /// The warehouse's code; the only one when left out.
    #[serde(default)]
    pub warehouse: Option<String>,
    /// Only what lies at these places, by path, and in places inside them.
    #[serde(default)]
    pub places: Vec<String>,
    /// Only these items, by SKU.
    #[serde(default)]
    pub skus: Vec<String>,
    /// Begin without lines: they are added as they are counted.
    #[serde(default)]
    pub as_counted: bool,
    /// Do not show to counters what the books expect.
    #[serde(default)]
    pub blind: bool,
    /// What for, in words.
    #[serde(default)]
    pub memo: String,
    /// What the caller calls it: a second request with it is the same sheet.
    #[serde(default)]
    pub client_ref: String,
}

/// A sheet as opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountOpened {
    /// The sheet.
    pub count_id: CountId,
    /// Its number.
    pub number: String,
    /// How many lines it has.
    pub lines: i64,
    /// Whether it was there before: nothing was written again.
    pub repeated: bool,
}

/// Why no sheet was opened, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum OpenCountError {
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such warehouse, or several and none was named.
    #[error("there is no warehouse {code:?}; name one of: {known}")]
    UnknownWarehouse {
        /// The code asked for.
        code: String,
        /// What there is.
        known: String,
    },
    /// The caller may not count there.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A place is not one of the warehouse.
    #[error(
        "there is no place {place:?} in warehouse {warehouse}; write its path, such as WH/Stock"
    )]
    UnknownPlace {
        /// The path asked for.
        place: String,
        /// The warehouse.
        warehouse: String,
    },
    /// There is no such item.
    #[error("there is no item {sku:?}")]
    UnknownItem {
        /// The SKU asked for.
        sku: String,
    },
    /// Nothing lies there.
    #[error("nothing lies there by the books; open the sheet as_counted and add what you find")]
    Nothing,
    /// More than one sheet can hold.
    #[error("{found} rows are more than the {MOST_LINES} of one sheet; name places or items")]
    TooMany {
        /// How many there are.
        found: usize,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for OpenCountError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            OpenCountError::Text(error) => error.problem(),
            OpenCountError::UnknownWarehouse { .. } => {
                Problem::not_found("warehouse_not_found", detail).with_field("warehouse")
            }
            OpenCountError::Denied(error) => error.problem(),
            OpenCountError::UnknownPlace { .. } => {
                Problem::not_found("place_not_found", detail).with_field("places")
            }
            OpenCountError::UnknownItem { .. } => {
                Problem::not_found("item_not_found", detail).with_field("skus")
            }
            OpenCountError::Nothing => Problem::refused("nothing_to_count", detail),
            OpenCountError::TooMany { .. } => Problem::refused("too_many_lines", detail),
            OpenCountError::Number(error) => error.problem(),
            OpenCountError::Store(error) => error.problem(),
        }
    }
}

/// Opens a sheet with one line for each stock row in its scope. What the books expect stays as it was
/// at this moment until a line is counted or the sheet is refreshed.
///
/// # Errors
/// The first broken rule in the order of [`OpenCountError`].
pub fn open_count(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: OpenCount,
) -> Result<CountOpened, OpenCountError> {
    check_text("memo", &request.memo, 500)?;
    check_text("client_ref", &request.client_ref, 200)?;
    let (warehouse_id, code) = warehouse(tx, ctx, request.warehouse.as_deref())?;
    ctx.require_in(COUNT, warehouse_id)?;
    if let Some(earlier) = tables::count_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(earlier);
    }
    let places = places(tx, ctx, warehouse_id, &code, &request.places)?;
    let items = items(tx, ctx, &request.skus)?;
    let kind = match (request.as_counted, places.is_empty(), items.is_empty()) {
        (true, _, _) => CountKind::AsCounted,
        (false, true, true) => CountKind::All,
        (false, false, true) => CountKind::Places,
        (false, _, false) => CountKind::Items,
    };
    let mut found = match kind {
        CountKind::AsCounted => Vec::new(),
        CountKind::Items if places.is_empty() => tables::rows_of(tx, ctx, warehouse_id, &items)?,
        CountKind::Items | CountKind::Places => tables::rows_in(tx, ctx, places.keys())?,
        _ => tables::rows_of_warehouse(tx, ctx, warehouse_id)?,
    };
    found.retain(|row| items.is_empty() || items.contains(&row.item_id));
    if found.is_empty() && kind != CountKind::AsCounted {
        return Err(OpenCountError::Nothing);
    }
    if found.len() > MOST_LINES {
        return Err(OpenCountError::TooMany { found: found.len() });
    }
    let whole: BTreeSet<PlaceId> = match kind {
        CountKind::Places => places.values().copied().chain(places_of(&found)).collect(),
        CountKind::All => places_of(&found).collect(),
        _ => BTreeSet::new(),
    };
    let new = New {
        warehouse_id,
        kind,
        blind: request.blind,
        memo: request.memo,
        client_ref: request.client_ref,
        whole,
        found,
    };
    Ok(write(tx, ctx, new)?)
}

fn places_of(found: &[Found]) -> impl Iterator<Item = PlaceId> + '_ {
    found.iter().map(|row| row.place_id)
}

/// A sheet about to be written.
pub(crate) struct New {
    pub warehouse_id: WarehouseId,
    pub kind: CountKind,
    pub blind: bool,
    pub memo: String,
    pub client_ref: String,
    /// The places that it counts whole.
    pub whole: BTreeSet<PlaceId>,
    pub found: Vec<Found>,
}

/// Writes a sheet with its lines.
pub(crate) fn write(tx: &mut Tx<'_>, ctx: &Ctx, new: New) -> Result<CountOpened, StoreError> {
    let thresholds = tables::thresholds(tx, ctx, places_of(&new.found))?;
    let sheet = Sheet {
        id: tx.id()?,
        number: tx.number(ctx.company_id, "CN")?,
        warehouse_id: new.warehouse_id,
        kind: new.kind,
        blind: new.blind,
        state: CountState::Open,
        lines: i64::try_from(new.found.len()).unwrap_or(i64::MAX),
        seq: 1,
        opened_at: ctx.at,
    };
    let mut lines = Vec::with_capacity(new.found.len());
    for (number, row) in (1..).zip(new.found) {
        let threshold = thresholds.get(&row.place_id).copied();
        lines.push(blank(tx, number, &row, threshold)?);
    }
    tables::insert_count(tx, ctx, &sheet, &new.memo, &new.client_ref)?;
    tables::insert_count_places(tx, ctx, sheet.id, &new.whole)?;
    tables::insert_lines(tx, ctx, sheet.id, &lines)?;
    let detail = serde_json::json!({
        "number": sheet.number, "kind": sheet.kind, "lines": sheet.lines, "blind": sheet.blind,
    });
    ctx.audit(tx, COUNT, SOURCE, sheet.id.raw(), detail.clone());
    ctx.fact(tx, SOURCE, sheet.id.raw(), 1, "counting.opened", detail);
    let Sheet { id: count_id, number, lines, .. } = sheet;
    Ok(CountOpened { count_id, number, lines, repeated: false })
}

/// A line that nobody has counted.
pub(crate) fn blank(
    tx: &mut Tx<'_>,
    number: i64,
    row: &Found,
    threshold_percent: Option<i64>,
) -> Result<Line, StoreError> {
    Ok(Line {
        id: tx.id()?,
        line: number,
        item_id: row.item_id,
        place_id: row.place_id,
        lot: row.lot,
        threshold_percent,
        expected: row.on_hand,
        expected_seq: row.seq,
        counted: None,
        counted_by: UserId::from_raw(0),
        counted_at: 0,
        entries: 0,
        again: false,
        confirmed: false,
        state: LineState::Open,
        reason: String::new(),
        evidence: String::new(),
        value: 0,
    })
}

fn warehouse(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    code: Option<&str>,
) -> Result<(WarehouseId, String), OpenCountError> {
    let mut all = stock::warehouses(tx, ctx.company_id)?;
    let known = all.iter().map(|warehouse| warehouse.code.clone()).collect::<Vec<_>>().join(", ");
    let only = all.len() == 1;
    all.retain(|warehouse| code.map_or(only, |code| warehouse.code == code));
    let found = all.into_iter().next();
    found.map(|warehouse| (warehouse.warehouse_id, warehouse.code)).ok_or_else(|| {
        OpenCountError::UnknownWarehouse { code: code.unwrap_or_default().to_owned(), known }
    })
}

fn places(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    warehouse_id: WarehouseId,
    warehouse: &str,
    paths: &[String],
) -> Result<BTreeMap<String, PlaceId>, OpenCountError> {
    let found = stock::find_places(tx, ctx.company_id, paths.iter().map(String::as_str))?;
    let here = |path: &String| {
        let place = found.get(path).filter(|place| place.warehouse_id == warehouse_id);
        let place = place.ok_or_else(|| OpenCountError::UnknownPlace {
            place: path.clone(),
            warehouse: warehouse.to_owned(),
        })?;
        Ok((path.clone(), place.place_id))
    };
    paths.iter().map(here).collect()
}

fn items(tx: &mut Tx<'_>, ctx: &Ctx, skus: &[String]) -> Result<BTreeSet<ItemId>, OpenCountError> {
    let found = catalog::items_by_sku(tx, ctx.company_id, skus)?;
    let item = |sku: &String| {
        let item =
            found.get(sku).ok_or_else(|| OpenCountError::UnknownItem { sku: sku.clone() })?;
        Ok(item.id)
    };
    skus.iter().map(item).collect()
}

impl Found {
    /// A row at which the books know of nothing yet.
    pub(crate) fn empty(item_id: ItemId, place_id: PlaceId, lot: i64) -> Found {
        Found { item_id, place_id, lot, on_hand: Quantity::ZERO, seq: 0 }
    }
}
