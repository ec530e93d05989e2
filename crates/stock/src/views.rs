//! What readers get: availability, projections, stock rows and movements.

use crate::tables;
use base::{
    BadCursor, CompanyId, Day, Id, ItemId, Page, Paging, PlaceId, Price, Quantity, Timestamp,
    WarehouseId,
};
use identity::{Ctx, Denied, Permission};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, Rows, StoreError, Tx, Value, params};
use utoipa::ToSchema;

/// May see stock and its movements.
pub const READ: Permission = Permission("stock.read");

/// An item's quantities at one warehouse or in the whole company.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Availability {
    /// What lies at our places, whatever its class.
    pub on_hand: Quantity,
    /// What is kept for demands.
    pub reserved: Quantity,
    /// What can be promised: free goods of the normal class that no hold keeps, of lots that are
    /// still picked.
    pub available: Quantity,
    /// What is planned to come.
    pub incoming: Quantity,
    /// What is planned to leave: planned moves out and open demands.
    pub outgoing: Quantity,
    /// What will be there when all of that has happened.
    pub projected: Quantity,
}

/// Why a list was refused.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ListError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor was not made by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] base::NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl base::Rule for ListError {
    fn problem(&self) -> base::Problem {
        match self {
            ListError::Denied(error) => error.problem(),
            ListError::Cursor(error) => error.problem(),
            ListError::Number(error) => error.problem(),
            ListError::Store(error) => error.problem(),
        }
    }
}

/// Quantities of items at a warehouse, or in the whole company when none is given. Lots past the last
/// day on which they are picked count as available here, where nobody says which day it is.
///
/// # Errors
/// The store's own, or a number out of range.
pub fn availability(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    warehouse_id: Option<WarehouseId>,
    items: &[ItemId],
) -> Result<BTreeMap<ItemId, Availability>, ListError> {
    availability_on(tx, company_id, None, warehouse_id, items)
}

fn availability_on(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    day: Option<Day>,
    warehouse_id: Option<WarehouseId>,
    items: &[ItemId],
) -> Result<BTreeMap<ItemId, Availability>, ListError> {
    let items: BTreeSet<ItemId> = items.iter().copied().collect();
    let warehouse = warehouse_id.map_or(0, base::Id::raw);
    let day = tables::day_text(day);
    let found =
        tx.query(&tables::AVAILABILITY, params![company_id, warehouse, day; Rows::column(items)])?;
    found
        .iter()
        .map(|row| {
            let (on_hand, incoming): (Quantity, Quantity) = (row.get(1)?, row.get(4)?);
            let planned: Quantity = row.get(5)?;
            let outgoing = planned.checked_add(row.get(6)?)?;
            let quantities = Availability {
                on_hand,
                reserved: row.get(2)?,
                available: row.get(3)?,
                incoming,
                outgoing,
                projected: on_hand.checked_add(incoming)?.checked_sub(outgoing)?,
            };
            Ok((row.get(0)?, quantities))
        })
        .collect()
}

/// The stock that an item will have at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProjectedDay {
    /// The day; the first is the day asked from.
    pub day: Day,
    /// What comes in less what leaves on that day.
    pub change: Quantity,
    /// What is there at its end.
    pub on_hand: Quantity,
}

/// An item's projected stock by day: today's, then every day on which something is planned. What
/// was due before today counts as today's.
///
/// # Errors
/// [`ListError::Denied`], a number out of range, or the store's own.
pub fn projection(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    item_id: ItemId,
    warehouse_id: Option<WarehouseId>,
) -> Result<Vec<ProjectedDay>, ListError> {
    ctx.require(READ)?;
    let now = availability(tx, ctx.company_id, warehouse_id, &[item_id])?;
    let mut on_hand = now.get(&item_id).map_or(Quantity::ZERO, |quantities| quantities.on_hand);
    let warehouse = warehouse_id.map_or(0, base::Id::raw);
    let planned = tx.query(&tables::PLANNED, params![ctx.company_id, item_id, warehouse])?;
    let mut days = vec![ProjectedDay { day: ctx.today, change: Quantity::ZERO, on_hand }];
    for row in &planned {
        let due: Day = row.get(0)?;
        let change: Quantity = row.get(1)?;
        on_hand = on_hand.checked_add(change)?;
        match days.last_mut() {
            Some(last) if last.day >= due => {
                last.change = last.change.checked_add(change)?;
                last.on_hand = on_hand;
            }
            _ => days.push(ProjectedDay { day: due, change, on_hand }),
        }
    }
    Ok(days)
}

/// After every SKU that there can be.
const LAST_SKU: &str = "\u{10FFFF}";

/// One line of the stock list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StockLine {
    /// The item's SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The warehouse's code, none outside.
    pub warehouse: Option<String>,
    /// The place's path.
    pub place: String,
    /// The class of stock.
    pub class: String,
    /// The lot's code.
    pub lot: Option<String>,
    /// What lies there.
    pub on_hand: Quantity,
    /// What of it is kept for demands.
    pub reserved: Quantity,
    /// Since when there has been stock without a break.
    pub since: Option<Day>,
}

/// What to list of the stock.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StockFilter {
    /// Only this SKU.
    pub sku: Option<String>,
    /// Only this warehouse.
    pub warehouse: Option<String>,
    /// Only this class: normal, quarantine, transit or consigned.
    pub class: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Stock by item, place and lot, sorted by SKU and path.
///
/// # Errors
/// See [`ListError`].
pub fn list_stock(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: StockFilter,
) -> Result<Page<StockLine>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (sku, path, lot): (String, String, String) = paging.after(Default::default())?;
    // From where the page begins to where the list ends: a range of SKUs, of one when one is asked for.
    let last = filter.sku.clone().unwrap_or_else(|| LAST_SKU.to_owned());
    let sku = filter.sku.map_or(sku.clone(), |only| only.max(sku));
    let found = tx.query(
        &tables::LIST_ROWS,
        params![
            ctx.company_id,
            last,
            filter.warehouse,
            filter.class,
            sku,
            path,
            lot,
            paging.limit()
        ],
    )?;
    let lines = found.iter().map(stock_line).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(lines, |line: &StockLine| {
        (line.sku.clone(), line.place.clone(), line.lot.clone().unwrap_or_default())
    }))
}

fn stock_line(row: &Row) -> Result<StockLine, StoreError> {
    Ok(StockLine {
        sku: row.get(0)?,
        name: row.get(1)?,
        warehouse: row.get(2)?,
        place: row.get(3)?,
        class: row.get(4)?,
        lot: row.get(5)?,
        on_hand: row.get(6)?,
        reserved: row.get(7)?,
        since: Day::parse(&row.get::<String>(8)?).ok(),
    })
}

/// One movement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Movement {
    /// Its id.
    pub move_id: base::MoveId,
    /// The item's SKU.
    pub sku: String,
    /// From which place.
    pub from: String,
    /// To which place.
    pub to: String,
    /// The lot's code.
    pub lot: Option<String>,
    /// How much.
    pub quantity: Quantity,
    /// What it was worth, in the company's currency's minor units, as decimal text.
    pub value: base::Money,
    /// What a unit was worth.
    pub unit_cost: Option<Price>,
    /// When it happened.
    pub happened_on: Day,
    /// The books' day.
    pub posted_on: Day,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// The kind of document that moved it.
    pub source_kind: String,
    /// The document's id.
    pub source_id: String,
    /// The move that it takes back.
    pub reverses: Option<base::MoveId>,
    /// What lay at the first place afterwards.
    pub from_after: Quantity,
    /// What lay at the second place afterwards.
    pub to_after: Quantity,
}

/// What to list of the movements.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MovementFilter {
    /// Only this SKU.
    pub sku: Option<String>,
    /// Happened on this day or later.
    pub from_day: Option<Day>,
    /// Happened on this day or earlier.
    pub to_day: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Movements, newest first.
///
/// # Errors
/// See [`ListError`].
pub fn list_movements(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: MovementFilter,
) -> Result<Page<Movement>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    let of_item = filter.sku.is_some();
    let found = tx.query(
        if of_item { &tables::LIST_MOVES_OF_ITEM } else { &tables::LIST_MOVES },
        params![ctx.company_id, filter.sku, filter.from_day, filter.to_day, at, id, paging.limit()],
    )?;
    let lines = found.iter().map(|row| movement(row, ctx)).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(lines, |line: &Movement| (line.recorded_at.micros(), line.move_id.raw())))
}

fn movement(row: &Row, ctx: &Ctx) -> Result<Movement, StoreError> {
    let (quantity, value): (Quantity, i64) = (row.get(5)?, row.get(6)?);
    let reverses: i64 = row.get(13)?;
    Ok(Movement {
        move_id: row.get(0)?,
        sku: row.get(1)?,
        from: row.get(2)?,
        to: row.get(3)?,
        lot: row.get(4)?,
        quantity,
        value: base::Money::new(value, ctx.currency),
        unit_cost: Price::of(value, quantity, ctx.currency, base::Rounding::HalfUp).ok(),
        happened_on: row.get(7)?,
        posted_on: row.get(8)?,
        recorded_at: row.get(9)?,
        source_kind: row.get(10)?,
        source_id: row.get::<i64>(11)?.to_string(),
        reverses: (reverses != 0).then(|| base::Id::from_raw(reverses)),
        from_after: row.get(14)?,
        to_after: row.get(15)?,
    })
}

/// A move of a document, with how much of it has been taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoveOf {
    /// The move.
    pub move_id: base::MoveId,
    /// The item.
    pub item_id: ItemId,
    /// The lot, 0 for none.
    pub lot: i64,
    /// From which place.
    pub from: base::PlaceId,
    /// To which place.
    pub to: base::PlaceId,
    /// How much.
    pub quantity: Quantity,
    /// Its value.
    pub value: i64,
    /// The document's line.
    pub line_id: i64,
    /// How much was taken back.
    pub quantity_back: Quantity,
    /// The value taken back.
    pub value_back: i64,
}

/// The moves of some documents in the order recorded.
///
/// # Errors
/// The store's own.
pub fn moves_of(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    source_kind: &str,
    sources: &[i64],
) -> Result<Vec<MoveOf>, StoreError> {
    let sources: BTreeSet<i64> = sources.iter().copied().collect();
    let found =
        tx.query(&tables::MOVES_OF, params![company_id, source_kind; Rows::column(sources)])?;
    let read = |row: &Row| {
        Ok(MoveOf {
            move_id: row.get(0)?,
            item_id: row.get(1)?,
            lot: row.get(2)?,
            from: row.get(3)?,
            to: row.get(4)?,
            quantity: row.get(5)?,
            value: row.get(6)?,
            line_id: row.get(7)?,
            quantity_back: row.get(8)?,
            value_back: row.get(9)?,
        })
    };
    found.iter().map(read).collect()
}

/// On hand of every item at the end of a day, by the day goods moved: quantity by `happened_on`.
///
/// # Errors
/// See [`ListError`].
pub fn on_hand_at(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    day: Day,
) -> Result<Vec<(String, Quantity)>, ListError> {
    ctx.require(READ)?;
    let found = tx.query(&tables::ON_HAND_AT, params![ctx.company_id, day])?;
    Ok(found.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect::<Result<_, StoreError>>()?)
}

/// Sets how goods of a category are taken when several rows have some.
///
/// # Errors
/// [`ListError::Denied`] or the store's own.
pub fn set_removal(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    category_id: Option<base::CategoryId>,
    strategy: crate::Removal,
) -> Result<(), ListError> {
    ctx.require(crate::EDIT_PLACES)?;
    let category = category_id.map_or(Value::Int(0), |id| Value::Int(base::Id::raw(id)));
    tx.write(&tables::SET_REMOVAL, params![ctx.company_id, category, strategy.as_str()])?;
    Ok(())
}

/// A warehouse in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WarehouseRow {
    /// Its id.
    pub warehouse_id: WarehouseId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// In how many steps it receives: 1 into stock, 2 into the input place first.
    pub receipt_steps: i64,
}

impl From<crate::Warehouse> for WarehouseRow {
    fn from(warehouse: crate::Warehouse) -> WarehouseRow {
        WarehouseRow {
            warehouse_id: warehouse.warehouse_id,
            code: warehouse.code,
            name: warehouse.name,
            receipt_steps: warehouse.receipt_steps,
        }
    }
}

/// Which warehouses: all of them.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WarehouseFilter {}

/// Warehouses by code.
///
/// # Errors
/// See [`ListError`].
pub fn list_warehouses(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    _: WarehouseFilter,
) -> Result<Page<WarehouseRow>, ListError> {
    ctx.require(READ)?;
    let lines = crate::warehouses(tx, ctx.company_id)?.into_iter().map(WarehouseRow::from);
    Ok(Page { lines: lines.collect(), next_cursor: None })
}

/// Which places.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlaceFilter {
    /// Only those of this warehouse.
    pub warehouse: Option<String>,
    /// Only those whose path begins so, such as `WH/Stock/A-`.
    pub path: Option<String>,
    /// Only of this kind: internal, transit, supplier, customer or loss.
    pub kind: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A place where goods can be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlaceRow {
    /// Its id.
    pub place_id: PlaceId,
    /// Its path from the warehouse down.
    pub path: String,
    /// The warehouse's code, none outside.
    pub warehouse: Option<String>,
    /// What it stands for: internal, transit, supplier, customer or loss.
    pub kind: String,
    /// The class of what lies there: normal, quarantine, transit or consigned.
    pub class: String,
}

/// Places in use, by path.
///
/// # Errors
/// See [`ListError`].
pub fn list_places(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: PlaceFilter,
) -> Result<Page<PlaceRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: String = paging.after(String::new())?;
    let PlaceFilter { warehouse, path, kind, .. } = &filter;
    let found = tx.query(
        &tables::LIST_PLACES,
        params![ctx.company_id, warehouse, path, kind, after, paging.limit()],
    )?;
    let read = |row: &Row| {
        Ok(PlaceRow {
            place_id: row.get(0)?,
            path: row.get(1)?,
            warehouse: row.get(2)?,
            kind: row.get(3)?,
            class: row.get(4)?,
        })
    };
    let lines = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(lines, |line: &PlaceRow| line.path.clone()))
}

/// Of which item, and where.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemFilter {
    /// The item's SKU.
    pub sku: String,
    /// The warehouse's code; the whole company when absent.
    #[serde(default)]
    pub warehouse: Option<String>,
}

/// What of an item is available.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AvailabilityLine {
    /// The item's SKU.
    pub sku: String,
    /// What lies at our places, whatever its class.
    pub on_hand: Quantity,
    /// What is kept for demands.
    pub reserved: Quantity,
    /// What can be promised.
    pub available: Quantity,
    /// What is planned to come.
    pub incoming: Quantity,
    /// What is planned to leave, or wanted.
    pub outgoing: Quantity,
    /// What will be there when all of that has happened.
    pub projected: Quantity,
}

/// The item and warehouse of a filter, or nothing when there are none such.
fn find_item(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &ItemFilter,
) -> Result<Option<(ItemId, Option<WarehouseId>)>, StoreError> {
    let items = catalog::items_by_sku(tx, ctx.company_id, &[filter.sku.as_str()])?;
    let Some(item) = items.get(&filter.sku) else { return Ok(None) };
    let Some(code) = &filter.warehouse else { return Ok(Some((item.id, None))) };
    let warehouse = crate::warehouse_by_code(tx, ctx.company_id, code)?;
    Ok(warehouse.map(|warehouse| (item.id, Some(warehouse.warehouse_id))))
}

/// An item's quantities: one line, or none when there is no such item or warehouse.
///
/// # Errors
/// See [`ListError`].
pub fn list_availability(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ItemFilter,
) -> Result<Page<AvailabilityLine>, ListError> {
    ctx.require(READ)?;
    let mut lines = Vec::new();
    if let Some((item, warehouse)) = find_item(tx, ctx, &filter)? {
        let found = availability_on(tx, ctx.company_id, Some(ctx.today), warehouse, &[item])?;
        lines.extend(found.values().map(|quantities| AvailabilityLine {
            sku: filter.sku.clone(),
            on_hand: quantities.on_hand,
            reserved: quantities.reserved,
            available: quantities.available,
            incoming: quantities.incoming,
            outgoing: quantities.outgoing,
            projected: quantities.projected,
        }));
    }
    Ok(Page { lines, next_cursor: None })
}

/// An item's projected stock by day; no line when there is no such item or warehouse.
///
/// # Errors
/// See [`ListError`].
pub fn list_projection(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ItemFilter,
) -> Result<Page<ProjectedDay>, ListError> {
    ctx.require(READ)?;
    let lines = match find_item(tx, ctx, &filter)? {
        Some((item, warehouse)) => projection(tx, ctx, item, warehouse)?,
        None => Vec::new(),
    };
    Ok(Page { lines, next_cursor: None })
}
