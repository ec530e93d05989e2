//! What readers get: rows of lists, details, and the doors to them.

use base::{
    BarcodeId, CategoryId, Id, ItemId, PackagingId, Price, Problem, Quantity, Rule, UnitId,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, Value};
use utoipa::ToSchema;

use crate::define_kit::KitComponent;
use crate::item::ratio_text;
use crate::model::{Category, Item, Unit};
use crate::permissions::READ;
use crate::{BarcodeKind, ItemKind, Tracking, tables};

/// The most rows of a page.
pub const MAX_PAGE: u32 = 200;
/// The longest text that is searched for, in characters.
const MAX_SEARCH: usize = 100;

/// Which items to list.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ListItems {
    /// Parts of words of the SKU or name, in any order and capitals, with or without accents; empty
    /// for all.
    pub text: String,
    /// The code of a category; empty for all.
    pub category: String,
    /// What they are; nothing for all.
    pub kind: Option<ItemKind>,
    /// Whether they are in use; nothing for all.
    pub active: Option<bool>,
    /// In which order.
    pub sort: ItemSort,
    /// The `next` of the page before; empty for the first page.
    pub after: String,
    /// How many rows, 1 to 200.
    pub limit: u32,
}

impl Default for ListItems {
    fn default() -> ListItems {
        ListItems {
            text: String::new(),
            category: String::new(),
            kind: None,
            active: None,
            sort: ItemSort::Sku,
            after: String::new(),
            limit: 50,
        }
    }
}

/// The order of a list of items.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemSort {
    /// By SKU.
    #[default]
    Sku,
    /// By name.
    Name,
}

/// A page of items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemPage {
    /// The items.
    pub items: Vec<ItemRow>,
    /// Where the next page begins; nothing at the end.
    pub next: Option<String>,
}

/// An item in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemRow {
    /// Its id.
    pub item_id: ItemId,
    /// Its number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: ItemKind,
    /// The code of its category, empty without one.
    pub category: String,
    /// The code of the unit in which stock is kept.
    pub stock_unit: String,
    /// The code of the unit in which it is usually bought.
    pub purchase_unit: String,
    /// How many stock units make one purchase unit, `12` or `1/3`; empty where the units' family
    /// says it.
    pub purchase_ratio: String,
    /// The list price of one stock unit in the company's currency; zero for none.
    pub list_price: Price,
    /// The weight of one stock unit in grams; zero when not known.
    pub weight_grams: Quantity,
    /// The volume of one stock unit in litres; zero when not known.
    pub volume_litres: Quantity,
    /// How finely it is told apart.
    pub tracking: Tracking,
    /// How many days it keeps; zero when it does not expire.
    pub expiry_days: i64,
    /// How many days before it expires it is best.
    pub best_before_days: i64,
    /// How many days before it expires it is last picked.
    pub removal_days_before: i64,
    /// How many days before it expires somebody should look at it.
    pub alert_days_before: i64,
    /// The code of its tax.
    pub tax_code: String,
    /// Whether it may be used in new documents.
    pub active: bool,
    /// Its revision.
    pub revision: i64,
}

impl From<&Item> for ItemRow {
    fn from(item: &Item) -> ItemRow {
        ItemRow {
            item_id: item.id,
            sku: item.sku.clone(),
            name: item.name.clone(),
            kind: item.kind,
            category: item.category.clone(),
            stock_unit: item.stock_unit.code.clone(),
            purchase_unit: item.purchase_unit.code.clone(),
            purchase_ratio: ratio_text(item),
            list_price: item.list_price,
            weight_grams: item.weight_grams,
            volume_litres: item.volume_litres,
            tracking: item.tracking,
            expiry_days: item.expiry_days,
            best_before_days: item.best_before_days,
            removal_days_before: item.removal_days_before,
            alert_days_before: item.alert_days_before,
            tax_code: item.tax_code.clone(),
            active: item.active,
            revision: item.revision,
        }
    }
}

/// An item with its packagings, barcodes and, for a kit, components.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemDetail {
    /// The item.
    pub item: ItemRow,
    /// Its packagings, smallest first.
    pub packagings: Vec<PackagingRow>,
    /// Its barcodes.
    pub barcodes: Vec<BarcodeRow>,
    /// Its components; none unless it is a kit.
    pub components: Vec<KitComponent>,
}

/// A packaging of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackagingRow {
    /// Its id.
    pub packaging_id: PackagingId,
    /// Its name.
    pub name: String,
    /// How many stock units are in it.
    pub quantity: Quantity,
}

/// A barcode of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BarcodeRow {
    /// Its id.
    pub barcode_id: BarcodeId,
    /// The code.
    pub code: String,
    /// What sort of code it is.
    pub kind: BarcodeKind,
    /// The packaging that carries it.
    pub packaging_id: Option<PackagingId>,
}

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnitRow {
    /// Its id.
    pub unit_id: UnitId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether only whole numbers of it exist.
    pub whole: bool,
    /// The family's base unit.
    pub base_unit_id: UnitId,
    /// How much of the base unit one of it is, as `1000` or `1/60`.
    pub ratio: String,
}

impl From<&Unit> for UnitRow {
    fn from(unit: &Unit) -> UnitRow {
        let (numerator, denominator) = (unit.ratio.numerator(), unit.ratio.denominator());
        let whole_ratio = denominator == 1;
        UnitRow {
            unit_id: unit.id,
            code: unit.code.clone(),
            name: unit.name.clone(),
            whole: unit.whole,
            base_unit_id: unit.family,
            ratio: if whole_ratio {
                numerator.to_string()
            } else {
                format!("{numerator}/{denominator}")
            },
        }
    }
}

/// A category.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryRow {
    /// Its id.
    pub category_id: CategoryId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The category above it.
    pub parent_id: Option<CategoryId>,
    /// Its revision.
    pub revision: i64,
}

impl From<Category> for CategoryRow {
    fn from(found: Category) -> CategoryRow {
        CategoryRow {
            category_id: found.id,
            code: found.code,
            name: found.name,
            parent_id: found.parent_id,
            revision: found.revision,
        }
    }
}

/// Why nothing is shown.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The company has no such item.
    #[error("there is no item {item_id}")]
    NotFound {
        /// The item asked for.
        item_id: ItemId,
    },
    /// The page is empty or too long.
    #[error("a page of {got} rows; give 1 to {max}")]
    Limit {
        /// The rows asked for.
        got: u32,
        /// The most allowed.
        max: u32,
    },
    /// The text is too long.
    #[error("{got} characters to look for; give at most {max}")]
    SearchTooLong {
        /// The characters given.
        got: usize,
        /// The most allowed.
        max: usize,
    },
    /// The mark is none that a page gave.
    #[error("`after` is not the `next` of an earlier page; begin with the first page")]
    After,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReadError {
    fn problem(&self) -> Problem {
        let code = match self {
            ReadError::Denied(error) => return error.problem(),
            ReadError::Store(error) => return error.problem(),
            ReadError::NotFound { .. } => {
                return Problem::not_found("item_not_found", self.to_string());
            }
            ReadError::Limit { .. } => "page_limit",
            ReadError::SearchTooLong { .. } => "search_too_long",
            ReadError::After => "after_invalid",
        };
        Problem::invalid(code, self.to_string())
    }
}

/// Lists items.
///
/// # Errors
/// See [`ReadError`].
pub fn list_items(tx: &mut Tx<'_>, ctx: &Ctx, request: &ListItems) -> Result<ItemPage, ReadError> {
    ctx.require(READ)?;
    let limit = request.limit;
    if limit == 0 || limit > MAX_PAGE {
        return Err(ReadError::Limit { got: limit, max: MAX_PAGE });
    }
    let got = request.text.chars().count();
    if got > MAX_SEARCH {
        return Err(ReadError::SearchTooLong { got, max: MAX_SEARCH });
    }
    let filters = [
        Value::Int(ctx.company_id.raw()),
        Value::Text(storable(&request.category)),
        Value::Text(request.kind.map_or(String::new(), |kind| kind.word().to_owned())),
        Value::Int(request.active.map_or(-1, i64::from)),
    ];
    let after = cursor(&request.after)?;
    let search = tables::WORDS.search(tx, ctx.company_id, &request.text)?;
    let rows = i64::from(limit) + 1;
    let mut found = tables::list_items(tx, request.sort, search, filters, after, rows)?;
    let more = found.len() > limit as usize;
    found.truncate(limit as usize);
    let next = found.last().filter(|_| more).map(|item| {
        let key = if request.sort == ItemSort::Sku { &item.sku } else { &item.name };
        format!("{}.{key}", item.id)
    });
    Ok(ItemPage { items: found.iter().map(ItemRow::from).collect(), next })
}

/// A NUL is in no stored text, and PostgreSQL refuses to be asked for one. Two line breaks are in
/// none either.
fn storable(text: &str) -> String {
    text.replace('\0', "\n\n")
}

fn cursor(after: &str) -> Result<(&str, i64), ReadError> {
    if after.is_empty() {
        return Ok(("", 0));
    }
    let (id, key) = after.split_once('.').ok_or(ReadError::After)?;
    if key.contains('\0') {
        return Err(ReadError::After);
    }
    Ok((key, id.parse::<ItemId>().map_err(|_| ReadError::After)?.raw()))
}

/// One item with all that belongs to it.
///
/// # Errors
/// See [`ReadError`].
pub fn item(tx: &mut Tx<'_>, ctx: &Ctx, item_id: ItemId) -> Result<ItemDetail, ReadError> {
    ctx.require(READ)?;
    let items = tables::items_by_id(tx, ctx.company_id, &[item_id])?;
    let item = items.get(&item_id).ok_or(ReadError::NotFound { item_id })?;
    let mut kits = tables::kit_components(tx, ctx.company_id, &[item_id])?;
    let components = kits.remove(&item_id).unwrap_or_default();
    Ok(ItemDetail {
        item: item.into(),
        packagings: tables::packagings(tx, ctx.company_id, item_id)?,
        barcodes: tables::barcodes(tx, ctx.company_id, item_id)?,
        components: components
            .into_iter()
            .map(|found| KitComponent { item_id: found.item_id, quantity: found.quantity })
            .collect(),
    })
}

/// Every unit, by code.
///
/// # Errors
/// See [`ReadError`].
pub fn list_units(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<UnitRow>, ReadError> {
    ctx.require(READ)?;
    Ok(tables::units(tx, ctx.company_id)?.iter().map(UnitRow::from).collect())
}

/// Every category, by code.
///
/// # Errors
/// See [`ReadError`].
pub fn list_categories(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<CategoryRow>, ReadError> {
    ctx.require(READ)?;
    Ok(tables::categories(tx, ctx.company_id)?.into_iter().map(CategoryRow::from).collect())
}
