//! `set_method`: the costing method that items of a category get.

use std::collections::{BTreeMap, BTreeSet};

use base::{CategoryId, Id, ItemId, Price, Problem, ProblemKind, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

use crate::ledger::{Ledger, default_method};
use crate::model::Method;
use crate::tables::{self, Settings};
use crate::{SET_METHOD, SET_STANDARD};

/// The most prices of one request.
pub const MAX_PRICES: usize = 1_000;

/// A costing method for a category.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMethod {
    /// The category.
    pub category_id: CategoryId,
    /// The method.
    pub method: Method,
}

/// What a category's method changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MethodSet {
    /// Items of the category that were never in stock and have the method now.
    pub changed: Vec<ItemId>,
    /// Items that have been in stock and keep theirs; see `change_method`.
    pub kept: Vec<ItemId>,
}

/// Why settings were not written, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum SetError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such category.
    #[error("there is no category {0}")]
    NoCategory(CategoryId),
    /// Too many at once.
    #[error("{got} prices were sent; send at most {max} at once")]
    TooMany {
        /// What is allowed.
        max: usize,
        /// What was sent.
        got: usize,
    },
    /// There is no such item.
    #[error("there is no item {0}")]
    NoItem(ItemId),
    /// An item twice.
    #[error("item {0} is named twice; name it once")]
    Twice(ItemId),
    /// A price below zero.
    #[error("the standard price of item {item} is {price}; it must not be below zero")]
    NegativePrice {
        /// The item.
        item: ItemId,
        /// The price asked.
        price: Price,
    },
    /// Stock would be worth more or less.
    #[error("item {0} is in stock at standard cost; change its cost with a reason instead")]
    InStock(ItemId),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for SetError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            SetError::Denied(error) => return error.problem(),
            SetError::NoCategory(_) => (ProblemKind::NotFound, "category_not_found"),
            SetError::TooMany { .. } => (ProblemKind::TooLarge, "too_many_prices"),
            SetError::NoItem(_) => (ProblemKind::NotFound, "item_not_found"),
            SetError::Twice(_) => (ProblemKind::Invalid, "item_twice"),
            SetError::NegativePrice { .. } => (ProblemKind::Invalid, "negative_cost"),
            SetError::InStock(_) => (ProblemKind::Refused, "item_in_stock"),
            SetError::Store(error) => return error.problem(),
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// Sets the costing method of a category: for items to come, and for those that were never in stock.
/// Items that have been keep theirs. Needs [`SET_METHOD`].
///
/// # Errors
/// The first broken rule in the order of [`SetError`].
pub fn set_method(tx: &mut Tx<'_>, ctx: &Ctx, request: SetMethod) -> Result<MethodSet, SetError> {
    ctx.require(SET_METHOD)?;
    let SetMethod { category_id, method } = request;
    let known = catalog::categories(tx, ctx.company_id)?;
    if !known.iter().any(|category| category.id == category_id) {
        return Err(SetError::NoCategory(category_id));
    }
    tables::upsert_category(tx, ctx.company_id, category_id, method, ctx.today)?;
    let items = tables::lock_items_of_category(tx, ctx.company_id, category_id)?;
    let kept = tables::valued_items(tx, ctx.company_id, &items)?;
    let free: BTreeSet<ItemId> = items.difference(&kept).copied().collect();
    let mut settings = tables::lock_items(tx, ctx.company_id, &free)?;
    settings.values_mut().for_each(|settings| settings.method = method);
    tables::update_items(tx, ctx.company_id, &settings)?;
    let detail = serde_json::json!({ "category_id": category_id, "method": method });
    ctx.audit(tx, SET_METHOD, "category", category_id.raw(), detail);
    Ok(MethodSet { changed: free.into_iter().collect(), kept: kept.into_iter().collect() })
}

/// Standard prices.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetStandard {
    /// The prices, at most [`MAX_PRICES`].
    pub prices: Vec<StandardPrice>,
}

/// The standard price of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StandardPrice {
    /// The item.
    pub item_id: ItemId,
    /// What one stock unit costs, in the company's currency.
    pub price: Price,
}

/// Sets standard prices of items that are not in stock, or not at standard cost. Items at another
/// method take it as the cost they start from. Stock is never worth more or less by this: see
/// `change_cost`. All or nothing. Needs [`SET_STANDARD`].
///
/// # Errors
/// The first broken rule in the order of [`SetError`].
pub fn set_standard(tx: &mut Tx<'_>, ctx: &Ctx, request: SetStandard) -> Result<(), SetError> {
    ctx.require(SET_STANDARD)?;
    let prices = check_prices(&request.prices)?;
    let ids: Vec<ItemId> = prices.keys().copied().collect();
    let known = catalog::items_by_id(tx, ctx.company_id, &ids)?;
    if let Some(unknown) = ids.iter().find(|id| !known.contains_key(id)) {
        return Err(SetError::NoItem(*unknown));
    }
    let items: BTreeSet<ItemId> = ids.into_iter().collect();
    let policies = identity::policies(tx, ctx.company_id)?;
    tables::ensure_items(tx, ctx.company_id, default_method(&policies), &items)?;
    let settings = tables::lock_items(tx, ctx.company_id, &items)?;
    let mut ledger = Ledger::hold_items(tx, ctx, &items)?;
    for held in ledger.held.values_mut() {
        let item = held.now.key.item;
        if held.now.method == Method::Standard && !held.now.quantity.is_zero() {
            return Err(SetError::InStock(item));
        }
        held.now.standard = prices[&item];
    }
    tables::update_standards(tx, ctx.company_id, ledger.held.values())?;
    let settings: BTreeMap<ItemId, Settings> = settings
        .into_iter()
        .map(|(item, settings)| (item, Settings { standard: prices[&item], ..settings }))
        .collect();
    tables::update_items(tx, ctx.company_id, &settings)?;
    for StandardPrice { item_id, price } in request.prices {
        let detail = serde_json::json!({ "price": price });
        ctx.audit(tx, SET_STANDARD, "item", item_id.raw(), detail);
    }
    Ok(())
}

fn check_prices(prices: &[StandardPrice]) -> Result<BTreeMap<ItemId, Price>, SetError> {
    if prices.len() > MAX_PRICES {
        return Err(SetError::TooMany { max: MAX_PRICES, got: prices.len() });
    }
    let mut found = BTreeMap::new();
    for &StandardPrice { item_id: item, price } in prices {
        if found.insert(item, price).is_some() {
            return Err(SetError::Twice(item));
        }
        if price < Price::ZERO {
            return Err(SetError::NegativePrice { item, price });
        }
    }
    Ok(found)
}
