//! What readers get of costing methods: by category, by item, and what changed costs.

use base::{
    BadCursor, CategoryId, Currency, Day, Id, ItemId, LayerId, Money, Page, Paging, Price,
    Quantity, Rounding, Timestamp,
};
use identity::{Ctx, ReportError};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

use crate::READ;
use crate::ledger::default_method;
use crate::model::{Class, Kind, Method};
use crate::tables;

/// The day after which no other comes, for lists that begin with the newest.
const LAST_DAY: &str = "9999-12-31";

/// In which order categories are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CategoryMethodSort {
    /// By code.
    #[default]
    Code,
    /// By name.
    Name,
}

/// Which categories' methods to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CategoryMethodFilter {
    /// Only those with this method.
    pub method: Option<Method>,
    /// `true` for those that have a method of their own, `false` for those that have the company's.
    pub own: Option<bool>,
    /// In which order: `code` or `name`.
    pub sort: CategoryMethodSort,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many rows, at most 200.
    pub limit: Option<i64>,
}

/// The costing method that new items of a category get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryMethodRow {
    /// The category.
    pub category_id: CategoryId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The method: the category's own, or the company's.
    pub method: Method,
    /// Whether it is the category's own; otherwise it is that of the policy `costing_method`.
    pub own: bool,
    /// Since when its own holds; none for the company's, and where it was set before days were kept.
    pub since: Option<Day>,
    /// How many goods are in the category.
    pub items: i64,
    /// How many of them were valued before by another method, which they keep.
    pub others: i64,
}

/// The costing methods of categories.
///
/// # Errors
/// [`ReportError`].
pub fn category_methods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: CategoryMethodFilter,
) -> Result<Page<CategoryMethodRow>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (key, id): (String, i64) = paging.after((String::new(), i64::MIN))?;
    let statement = match filter.sort {
        CategoryMethodSort::Code => &tables::CATEGORY_METHODS_BY_CODE,
        CategoryMethodSort::Name => &tables::CATEGORY_METHODS_BY_NAME,
    };
    let company = default_method(&identity::policies(tx, ctx.company_id)?);
    let values = params![
        ctx.company_id,
        company,
        filter.method,
        filter.own,
        storable(key)?,
        id,
        paging.limit()
    ];
    let read = |row: &Row| {
        Ok(CategoryMethodRow {
            category_id: row.get(0)?,
            code: row.get(1)?,
            name: row.get(2)?,
            method: row.get(3)?,
            own: row.get(4)?,
            since: row.get(5)?,
            items: row.get(6)?,
            others: row.get(7)?,
        })
    };
    let found = tx.query(statement, values)?;
    let rows = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(rows, |row: &CategoryMethodRow| {
        let key = if filter.sort == CategoryMethodSort::Code { &row.code } else { &row.name };
        (key.clone(), row.category_id.raw())
    }))
}

/// In which order items are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemMethodSort {
    /// By number.
    #[default]
    Sku,
    /// By name.
    Name,
}

/// Which items' methods to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ItemMethodFilter {
    /// Only the item with this number.
    pub sku: Option<String>,
    /// Only items of this category, by code.
    pub category: Option<String>,
    /// Only those with this method.
    pub method: Option<Method>,
    /// In which order: `sku` or `name`.
    pub sort: ItemMethodSort,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many rows, at most 200.
    pub limit: Option<i64>,
}

/// An item's costing method, and what it costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemMethodRow {
    /// The item.
    pub item_id: ItemId,
    /// Its number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its category's code; empty for none.
    pub category: String,
    /// Its method; of an item that was never valued, the one that it would get.
    pub method: Method,
    /// Since when goods are valued by it: the last change of the method, else the first goods. None
    /// while there never were any.
    pub since: Option<Day>,
    /// The standard price, from which new goods start; zero while none was set.
    pub standard: Price,
    /// How much of our own there is, over all pools and classes.
    pub quantity: Quantity,
    /// What that is worth.
    pub value: Money,
    /// What one of them costs; none while nothing is there.
    pub unit_cost: Option<Price>,
}

/// The costing methods of items that are goods.
///
/// # Errors
/// [`ReportError`].
pub fn item_methods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ItemMethodFilter,
) -> Result<Page<ItemMethodRow>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (key, id): (String, i64) = paging.after((String::new(), i64::MIN))?;
    let statement = match filter.sort {
        ItemMethodSort::Sku => &tables::ITEM_METHODS_BY_SKU,
        ItemMethodSort::Name => &tables::ITEM_METHODS_BY_NAME,
    };
    let company = default_method(&identity::policies(tx, ctx.company_id)?);
    let values = params![
        ctx.company_id,
        company,
        filter.sku,
        filter.category,
        filter.method,
        storable(key)?,
        id,
        paging.limit()
    ];
    let found = tx.query(statement, values)?;
    let read = |row: &Row| item_method(row, ctx.currency);
    let rows = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(rows, |row: &ItemMethodRow| {
        let key = if filter.sort == ItemMethodSort::Sku { &row.sku } else { &row.name };
        (key.clone(), row.item_id.raw())
    }))
}

fn item_method(row: &Row, currency: Currency) -> Result<ItemMethodRow, StoreError> {
    let (quantity, value): (Quantity, i64) = (row.get(7)?, row.get(8)?);
    Ok(ItemMethodRow {
        item_id: row.get(0)?,
        sku: row.get(1)?,
        name: row.get(2)?,
        category: row.get(3)?,
        method: row.get(4)?,
        since: row.get(5)?,
        standard: row.get(6)?,
        quantity,
        value: Money::new(value, currency),
        unit_cost: Price::of(value, quantity, currency, Rounding::HalfUp).ok(),
    })
}

/// In which order changes of cost are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CostActSort {
    /// The newest first, by the books' day.
    #[default]
    Newest,
    /// The oldest first.
    Oldest,
}

/// What changed a cost without moving goods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CostActKind {
    /// Somebody gave a new cost.
    Revaluation,
    /// The costing method was changed.
    MethodChange,
    /// A bill or a credit note came at another price.
    CostCorrection,
    /// Freight, duty and the like.
    LandedCost,
}

impl CostActKind {
    /// The kind of a layer that changes cost; none of a kind that moves goods.
    fn of(kind: Kind) -> Option<CostActKind> {
        match kind {
            Kind::Revaluation => Some(CostActKind::Revaluation),
            Kind::MethodChange => Some(CostActKind::MethodChange),
            Kind::CostCorrection => Some(CostActKind::CostCorrection),
            Kind::LandedCost => Some(CostActKind::LandedCost),
            _ => None,
        }
    }

    const fn layer(self) -> Kind {
        match self {
            CostActKind::Revaluation => Kind::Revaluation,
            CostActKind::MethodChange => Kind::MethodChange,
            CostActKind::CostCorrection => Kind::CostCorrection,
            CostActKind::LandedCost => Kind::LandedCost,
        }
    }
}

/// Which changes of cost to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CostActFilter {
    /// Only of the item with this number.
    pub sku: Option<String>,
    /// Only of this kind.
    pub kind: Option<CostActKind>,
    /// Only those of this day of the books or later.
    pub from: Option<Day>,
    /// Only those of this day of the books or before.
    pub through: Option<Day>,
    /// In which order: `newest` or `oldest`.
    pub sort: CostActSort,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many rows, at most 200.
    pub limit: Option<i64>,
}

/// What changed the cost of goods of one pool and class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CostActRow {
    /// The row of the ledger of value.
    pub layer_id: LayerId,
    /// The item.
    pub item_id: ItemId,
    /// Its number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The class of the goods.
    pub class: Class,
    /// Why.
    pub kind: CostActKind,
    /// By how much stock is worth more.
    pub value: Money,
    /// What of the change went to an expense account instead, as the share of what is sold.
    pub expensed: Money,
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

/// What changed costs without moving goods: a new cost, another method, a bill at another price, a
/// landed cost.
///
/// # Errors
/// [`ReportError`].
pub fn cost_acts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: CostActFilter,
) -> Result<Page<CostActRow>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (statement, first) = match filter.sort {
        CostActSort::Newest => (&tables::COST_ACTS_NEWEST, (LAST_DAY.to_owned(), i64::MAX)),
        CostActSort::Oldest => (&tables::COST_ACTS_OLDEST, (String::new(), i64::MIN)),
    };
    let (day, id): (String, i64) = paging.after(first)?;
    let values = params![
        ctx.company_id,
        filter.sku,
        filter.kind.map(CostActKind::layer),
        filter.from,
        filter.through,
        storable(day)?,
        id,
        paging.limit()
    ];
    let found = tx.query(statement, values)?;
    let read = |row: &Row| {
        Ok(CostActRow {
            layer_id: row.get(0)?,
            item_id: row.get(1)?,
            sku: row.get(2)?,
            name: row.get(3)?,
            class: row.get(4)?,
            kind: CostActKind::of(row.get(5)?)
                .ok_or_else(|| StoreError::Unusable("a change of cost moves goods".to_owned()))?,
            value: Money::new(row.get(6)?, ctx.currency),
            expensed: Money::new(row.get(7)?, ctx.currency),
            source_kind: row.get(8)?,
            source_id: row.get(9)?,
            happened_on: row.get(10)?,
            posted_on: row.get(11)?,
            recorded_at: row.get(12)?,
        })
    };
    let rows = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(rows, |row: &CostActRow| (row.posted_on.to_string(), row.layer_id.raw())))
}

/// A cursor's key as the store can take it: no list gives a key with a NUL.
fn storable(text: String) -> Result<String, BadCursor> {
    if text.contains('\0') { Err(BadCursor(text)) } else { Ok(text) }
}
