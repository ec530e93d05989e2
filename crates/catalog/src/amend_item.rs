//! Changing an item, and taking it out of use.

use base::{Id, ItemId, Price, Problem, ProblemKind, Quantity, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{StoreError, Tx};
use utoipa::ToSchema;

use crate::item::{ItemError, NewItem};
use crate::model::{Draft, Item};
use crate::permissions::EDIT;
use crate::rules::{self, World};
use crate::tables;

/// A change of an item: what is not given stays. What an item is, its stock unit and its tracking
/// stay in any case.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendItem {
    /// The item.
    pub item_id: ItemId,
    /// The revision that the caller has seen.
    pub revision: i64,
    /// Another number.
    #[serde(default)]
    pub sku: Option<String>,
    /// Another name.
    #[serde(default)]
    pub name: Option<String>,
    /// The code of another category; empty for none.
    #[serde(default)]
    pub category: Option<String>,
    /// The code of another purchase unit; empty for the stock unit.
    #[serde(default)]
    pub purchase_unit: Option<String>,
    /// How many stock units make one purchase unit, as `12` or `1/3`; empty where the units' family
    /// says it.
    #[serde(default)]
    pub purchase_ratio: Option<String>,
    /// Another list price of one stock unit; zero for none.
    #[serde(default)]
    pub list_price: Option<Price>,
    /// Another weight in grams.
    #[serde(default)]
    pub weight_grams: Option<Quantity>,
    /// Another volume in litres.
    #[serde(default)]
    pub volume_litres: Option<Quantity>,
    /// Another number of days that it keeps.
    #[serde(default)]
    pub expiry_days: Option<i64>,
    /// Another number of days before it expires until which it is best.
    #[serde(default)]
    pub best_before_days: Option<i64>,
    /// Another number of days before it expires on which it is last picked.
    #[serde(default)]
    pub removal_days_before: Option<i64>,
    /// Another number of days before it expires on which somebody should look at it.
    #[serde(default)]
    pub alert_days_before: Option<i64>,
    /// Another tax code; empty for the company's usual one.
    #[serde(default)]
    pub tax_code: Option<String>,
}

impl AmendItem {
    /// A change of nothing yet, of this item as seen at this revision.
    #[must_use]
    pub fn new(item_id: ItemId, revision: i64) -> AmendItem {
        AmendItem {
            item_id,
            revision,
            sku: None,
            name: None,
            category: None,
            purchase_unit: None,
            purchase_ratio: None,
            list_price: None,
            weight_grams: None,
            volume_litres: None,
            expiry_days: None,
            best_before_days: None,
            removal_days_before: None,
            alert_days_before: None,
            tax_code: None,
        }
    }

    fn onto(self, item: &Item) -> NewItem {
        let mut fields = NewItem::of(item);
        if self.purchase_unit.as_ref().is_some_and(|unit| *unit != fields.purchase_unit) {
            // The old ratio says nothing about another unit.
            fields.purchase_ratio.clear();
        }
        take(&mut fields.sku, self.sku);
        take(&mut fields.name, self.name);
        take(&mut fields.category, self.category);
        take(&mut fields.purchase_unit, self.purchase_unit);
        take(&mut fields.purchase_ratio, self.purchase_ratio);
        take(&mut fields.list_price, self.list_price);
        take(&mut fields.weight_grams, self.weight_grams);
        take(&mut fields.volume_litres, self.volume_litres);
        take(&mut fields.expiry_days, self.expiry_days);
        take(&mut fields.best_before_days, self.best_before_days);
        take(&mut fields.removal_days_before, self.removal_days_before);
        take(&mut fields.alert_days_before, self.alert_days_before);
        take(&mut fields.tax_code, self.tax_code);
        fields
    }
}

fn take<T>(field: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *field = given;
    }
}

/// Taking an item out of use, or back into it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireItem {
    /// The item.
    pub item_id: ItemId,
    /// The revision that the caller has seen.
    pub revision: i64,
}

/// An item after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemChanged {
    /// The item.
    pub item_id: ItemId,
    /// Its revision now; the same as before when there was nothing to change.
    pub revision: i64,
}

/// Why an item was not changed.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum AmendItemError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The company has no such item.
    #[error("there is no item {item_id}")]
    NotFound {
        /// The item asked for.
        item_id: ItemId,
    },
    /// Somebody changed it meanwhile.
    #[error("{sku} is at revision {found}, not {seen}; look at it again and repeat the change")]
    Stale {
        /// The item.
        sku: String,
        /// The revision that the caller has seen.
        seen: i64,
        /// The revision it has.
        found: i64,
    },
    /// The item would not be sound.
    #[error(transparent)]
    Item(#[from] ItemError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for AmendItemError {
    fn problem(&self) -> Problem {
        match self {
            AmendItemError::Denied(error) => error.problem(),
            AmendItemError::NotFound { .. } => {
                Problem::not_found("item_not_found", self.to_string())
            }
            AmendItemError::Stale { .. } => {
                Problem::new(ProblemKind::Conflict, "item_changed", self.to_string())
            }
            AmendItemError::Item(error) => error.problem(),
            AmendItemError::Store(error) => error.problem(),
        }
    }
}

/// Changes an item.
///
/// # Errors
/// See [`AmendItemError`].
pub fn amend_item(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AmendItem,
) -> Result<ItemChanged, AmendItemError> {
    ctx.require(EDIT)?;
    let item = seen(tx, ctx, request.item_id, request.revision)?;
    let fields = request.onto(&item);
    let world =
        World::new(tables::units(tx, ctx.company_id)?, tables::categories(tx, ctx.company_id)?);
    let draft = rules::draft(&fields, item.active, &world)?;
    if draft.sku != item.sku && !tables::items_by_sku(tx, ctx.company_id, &[&draft.sku])?.is_empty()
    {
        return Err(ItemError::SkuTaken { sku: draft.sku }.into());
    }
    record(tx, ctx, &item, &draft, "catalog.item_amended")
}

/// Takes an item out of use: it stays in every document and on every shelf, but new documents
/// refuse it.
///
/// # Errors
/// See [`AmendItemError`].
pub fn retire_item(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RetireItem,
) -> Result<ItemChanged, AmendItemError> {
    set_active(tx, ctx, &request, false, "catalog.item_retired")
}

/// Takes a retired item into use again.
///
/// # Errors
/// See [`AmendItemError`].
pub fn restore_item(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RetireItem,
) -> Result<ItemChanged, AmendItemError> {
    set_active(tx, ctx, &request, true, "catalog.item_restored")
}

fn set_active(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &RetireItem,
    active: bool,
    fact: &'static str,
) -> Result<ItemChanged, AmendItemError> {
    ctx.require(EDIT)?;
    let item = seen(tx, ctx, request.item_id, request.revision)?;
    let draft = Draft { active, ..Draft::of(&item) };
    record(tx, ctx, &item, &draft, fact)
}

/// The item, locked, if it is still as the caller has seen it.
pub(crate) fn seen(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    item_id: ItemId,
    revision: i64,
) -> Result<Item, AmendItemError> {
    let item = tables::lock_items(tx, ctx.company_id, &[item_id])?
        .remove(&item_id)
        .ok_or(AmendItemError::NotFound { item_id })?;
    if item.revision == revision {
        Ok(item)
    } else {
        Err(AmendItemError::Stale { sku: item.sku, seen: revision, found: item.revision })
    }
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    item: &Item,
    draft: &Draft,
    fact: &'static str,
) -> Result<ItemChanged, AmendItemError> {
    let before = Draft::of(item);
    if before == *draft {
        return Ok(ItemChanged { item_id: item.id, revision: item.revision });
    }
    let changed = [(item.id, item.revision, [&before, draft])];
    tables::update_items(tx, ctx.company_id, ctx.at, changed)?;
    let revision = item.revision + 1;
    let (id, detail) = (item.id.raw(), json!({ "fields": before.changes(draft) }));
    ctx.fact(tx, "item", id, revision, fact, json!({ "sku": draft.sku }));
    ctx.audit(tx, EDIT, "item", id, detail);
    Ok(ItemChanged { item_id: item.id, revision })
}
