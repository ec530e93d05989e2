//! What readers get: standings, layers, the value of a day, unit costs.
//!
//! Every list demands [`READ`]. Money is in the company's currency.

mod costing;

pub use costing::{
    CategoryMethodFilter, CategoryMethodRow, CategoryMethodSort, CostActFilter, CostActKind,
    CostActRow, CostActSort, ItemMethodFilter, ItemMethodRow, ItemMethodSort, category_methods,
    cost_acts, item_methods,
};

use std::collections::BTreeMap;

use base::{
    Currency, Day, Id, ItemId, LayerId, Money, MoveId, Page, PoolId, Price, Quantity, Timestamp,
};
use identity::{Ctx, ListError};
use serde::{Deserialize, Serialize};
use store::{Row, Rows, StoreError, Tx, params};
use utoipa::ToSchema;

use crate::READ;
use crate::ledger::mean_cost;
use crate::model::{Class, Kind, Method, Standing, StandingKey};
use crate::tables;

/// The most rows of one page.
pub const MAX_PAGE: u32 = 200;

fn page(limit: Option<u32>) -> i64 {
    i64::from(limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE))
}

/// Which standings to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StandingFilter {
    /// Only this item's number.
    pub sku: Option<String>,
    /// Only this pool.
    pub pool_id: Option<PoolId>,
    /// Only this class.
    pub class: Option<Class>,
    /// The last row seen.
    pub after: Option<StandingCursor>,
    /// How many rows, at most 200; none is 200.
    pub limit: Option<u32>,
}

/// A place in the list of standings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StandingCursor {
    /// The item's number.
    pub sku: String,
    /// The pool.
    pub pool_id: PoolId,
    /// The class.
    pub class: Class,
}

/// What an item is worth in one pool and class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StandingRow {
    /// The item.
    pub item_id: ItemId,
    /// Its number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The pool.
    pub pool_id: PoolId,
    /// The class.
    pub class: Class,
    /// The costing method.
    pub method: Method,
    /// How much there is.
    pub quantity: Quantity,
    /// What it is worth.
    pub value: Money,
    /// What a unit costs; while nothing is there, what it cost last.
    pub unit_cost: Price,
}

/// Standings by item number, pool and class.
///
/// # Errors
/// [`ListError`].
pub fn standings(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &StandingFilter,
) -> Result<Vec<StandingRow>, ListError> {
    ctx.require(READ)?;
    let after = filter.after.as_ref();
    let rows = tx.query(
        &tables::LIST_STANDINGS,
        params![
            ctx.company_id,
            filter.sku,
            filter.class,
            filter.pool_id,
            after.map_or("", |after| after.sku.as_str()),
            after.map_or(i64::MIN, |after| after.pool_id.raw()),
            after.map_or("", |after| after.class.as_str()),
            page(filter.limit)
        ],
    )?;
    let read = |row: &Row| standing_row(row, ctx.currency);
    rows.iter().map(read).collect::<Result<_, StoreError>>().map_err(ListError::from)
}

fn standing_row(row: &Row, currency: Currency) -> Result<StandingRow, StoreError> {
    let key = StandingKey { item: row.get(0)?, pool: row.get(3)?, class: row.get(4)? };
    let mut standing = Standing::new(key, currency, row.get(5)?, row.get(8)?);
    standing.quantity = row.get(6)?;
    standing.value = row.get(7)?;
    standing.last_cost = row.get(9)?;
    Ok(StandingRow {
        item_id: key.item,
        sku: row.get(1)?,
        name: row.get(2)?,
        pool_id: key.pool,
        class: key.class,
        method: standing.method,
        quantity: standing.quantity,
        value: Money::new(standing.value, currency),
        unit_cost: standing.unit_cost().unwrap_or(standing.last_cost),
    })
}

/// Which layers to list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LayersOf {
    /// The item.
    pub item_id: ItemId,
    /// The last row seen.
    #[serde(default)]
    pub after: Option<LayerCursor>,
    /// How many rows, at most 200; none is 200.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A place in the list of layers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LayerCursor {
    /// The pool.
    pub pool_id: PoolId,
    /// The class.
    pub class: Class,
    /// The place in their order.
    pub seq: i64,
}

/// A row of the ledger of value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LayerLine {
    /// Its id.
    pub layer_id: LayerId,
    /// The pool.
    pub pool_id: PoolId,
    /// The class.
    pub class: Class,
    /// Its place in the order of pool and class.
    pub seq: i64,
    /// Why it was booked.
    pub kind: Kind,
    /// What came in, below zero what went out.
    pub quantity: Quantity,
    /// By how much stock is worth more.
    pub value: Money,
    /// What of the cost went to an expense account instead.
    pub expensed: Money,
    /// What one unit came or went at; none for a change of value alone.
    pub unit_cost: Option<Price>,
    /// What is left of it; above zero for FIFO and LIFO alone.
    pub left_quantity: Quantity,
    /// What that is worth.
    pub left_value: Money,
    /// The earlier layer that it corrects.
    pub corrects: Option<LayerId>,
    /// The move of the goods.
    pub move_id: Option<MoveId>,
    /// The kind of document.
    pub source_kind: String,
    /// The document.
    pub source_id: i64,
    /// When it happened.
    pub happened_on: Day,
    /// The books' day.
    pub posted_on: Day,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// An item's layers by pool and class, in the order in which they were booked.
///
/// # Errors
/// [`ListError`].
pub fn layers_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &LayersOf,
) -> Result<Vec<LayerLine>, ListError> {
    ctx.require(READ)?;
    let after = filter.after.as_ref();
    let rows = tx.query(
        &tables::LIST_LAYERS,
        params![
            ctx.company_id,
            filter.item_id,
            after.map_or(i64::MIN, |after| after.pool_id.raw()),
            after.map_or("", |after| after.class.as_str()),
            after.map_or(0, |after| after.seq),
            page(filter.limit)
        ],
    )?;
    let read = |row: &Row| layer_line(row, ctx.currency);
    rows.iter().map(read).collect::<Result<_, StoreError>>().map_err(ListError::from)
}

fn layer_line(row: &Row, currency: Currency) -> Result<LayerLine, StoreError> {
    let (quantity, value): (Quantity, i64) = (row.get(5)?, row.get(6)?);
    let id_at = |index| row.get::<i64>(index).map(|raw| (raw != 0).then_some(raw));
    let money = |index| row.get(index).map(|minor| Money::new(minor, currency));
    Ok(LayerLine {
        layer_id: row.get(0)?,
        pool_id: row.get(1)?,
        class: row.get(2)?,
        seq: row.get(3)?,
        kind: row.get(4)?,
        quantity,
        value: Money::new(value, currency),
        expensed: money(7)?,
        unit_cost: Price::of(value, quantity, currency, base::Rounding::HalfUp).ok(),
        left_quantity: row.get(15)?,
        left_value: money(16)?,
        corrects: id_at(8)?.map(LayerId::from_raw),
        move_id: id_at(9)?.map(MoveId::from_raw),
        source_kind: row.get(10)?,
        source_id: row.get(11)?,
        happened_on: row.get(12)?,
        posted_on: row.get(13)?,
        recorded_at: row.get(14)?,
    })
}

/// What an item was worth at the end of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ValueRow {
    /// The item.
    pub item_id: ItemId,
    /// Its number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The class, which tells the account.
    pub class: Class,
    /// How much the books had.
    pub quantity: Quantity,
    /// What it was worth.
    pub value: Money,
}

/// Which values to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ValueFilter {
    /// At the end of this day of the books; today when absent.
    pub on: Option<Day>,
    /// Only this item's number.
    pub sku: Option<String>,
    /// Only this class.
    pub class: Option<Class>,
}

/// What each item was worth in the books at the end of a day, by the books' days: the sum of a class
/// is the balance of its account on that day.
///
/// # Errors
/// [`ListError`].
pub fn stock_value(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ValueFilter,
) -> Result<Page<ValueRow>, ListError> {
    ctx.require(READ)?;
    let day = filter.on.unwrap_or(ctx.today);
    let found =
        tx.query(&tables::VALUE_AT, params![ctx.company_id, day, filter.sku, filter.class])?;
    let read = |row: &Row| {
        Ok(ValueRow {
            item_id: row.get(0)?,
            sku: row.get(1)?,
            name: row.get(2)?,
            class: row.get(3)?,
            quantity: row.get(4)?,
            value: Money::new(row.get(5)?, ctx.currency),
        })
    };
    let lines = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(Page { lines, next_cursor: None })
}

/// What one unit of items costs now, over all pools and classes: value over quantity of what is
/// there, else the last known cost, else the standard price. Items that were never valued are left
/// out. One statement; for verbs, which have checked their permission.
///
/// # Errors
/// Those of the engine.
pub fn unit_cost(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    items: &[ItemId],
) -> Result<BTreeMap<ItemId, Price>, StoreError> {
    let mut parts: BTreeMap<ItemId, (Price, Vec<(Quantity, i64)>)> = BTreeMap::new();
    for row in tx.query(&tables::COSTS, params![ctx.company_id; Rows::column(items)])? {
        let method: String = row.get(2)?;
        let last = if method == Method::Standard.as_str() { row.get(1)? } else { row.get(5)? };
        let entry = parts.entry(row.get(0)?).or_default();
        entry.0 = last;
        entry.1.push((row.get(3)?, row.get(4)?));
    }
    let cost = |(last, parts): (Price, Vec<_>)| mean_cost(&parts, last, ctx.currency);
    Ok(parts.into_iter().map(|(item, found)| (item, cost(found))).collect())
}
