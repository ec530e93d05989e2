//! Making items, one or many at once.

use std::collections::HashMap;

use base::{Id, ItemId, Problem, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{StoreError, Tx};
use utoipa::ToSchema;

use crate::item::{ItemError, NewItem};
use crate::model::Draft;
use crate::permissions::EDIT;
use crate::rules::{self, World};
use crate::tables;

/// The most items of one request.
pub const MAX_ITEMS: usize = 1_000;

/// Items to be made.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateItems {
    /// The items, at most 1,000. An item is known by its SKU.
    pub items: Vec<NewItem>,
    /// Whether one refusal stops all.
    #[serde(default)]
    pub all_or_nothing: bool,
}

/// What became of each item, in the order asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemsCreated {
    /// One answer for each item.
    pub items: Vec<ItemAnswer>,
}

/// What became of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum ItemAnswer {
    /// It was made.
    Done {
        /// Its number.
        sku: String,
        /// Its id.
        item_id: ItemId,
    },
    /// It was there before, just as asked.
    Repeated {
        /// Its number.
        sku: String,
        /// Its id.
        item_id: ItemId,
    },
    /// It was refused; the others were not.
    Refused {
        /// Its number.
        sku: String,
        /// The broken rule.
        code: String,
        /// The rule in words.
        message: String,
        /// The field at fault.
        field: String,
    },
}

/// Why items were not made.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum CreateItemsError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The request is too large.
    #[error("{got} items; at most {max} in one request")]
    TooMany {
        /// The most allowed.
        max: usize,
        /// The number asked for.
        got: usize,
    },
    /// One was refused, and the request wants all or none.
    #[error("item {element}: {error}; nothing was made")]
    Refused {
        /// The item's position in the request, from 1.
        element: u64,
        /// Why.
        error: ItemError,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for CreateItemsError {
    fn problem(&self) -> Problem {
        match self {
            CreateItemsError::Denied(error) => error.problem(),
            CreateItemsError::TooMany { .. } => {
                Problem::invalid("too_many_items", self.to_string())
            }
            CreateItemsError::Refused { element, error } => error.problem().with_row(*element),
            CreateItemsError::Store(error) => error.problem(),
        }
    }
}

/// Makes items. Each is decided against those before it; one that is there already, just as asked,
/// is answered as repeated.
///
/// # Errors
/// See [`CreateItemsError`].
pub fn create_items(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CreateItems,
) -> Result<ItemsCreated, CreateItemsError> {
    ctx.require(EDIT)?;
    let got = request.items.len();
    if got > MAX_ITEMS {
        return Err(CreateItemsError::TooMany { max: MAX_ITEMS, got });
    }
    let world =
        World::new(tables::units(tx, ctx.company_id)?, tables::categories(tx, ctx.company_id)?);
    let skus: Vec<&str> = request.items.iter().map(|item| item.sku.as_str()).collect();
    let mut known: HashMap<String, (ItemId, Draft)> =
        tables::items_by_sku(tx, ctx.company_id, &skus)?
            .into_iter()
            .map(|(sku, item)| (sku, (item.id, Draft::of(&item))))
            .collect();

    let mut answers = Vec::with_capacity(got);
    let mut made = Vec::new();
    for (index, fields) in request.items.iter().enumerate() {
        match decide(fields, &world, &known) {
            Ok(Decision::New(draft)) => {
                let item_id = tx.id()?;
                known.insert(draft.sku.clone(), (item_id, draft.clone()));
                made.push((item_id, draft));
                answers.push(ItemAnswer::Done { sku: fields.sku.clone(), item_id });
            }
            Ok(Decision::There(item_id)) => {
                answers.push(ItemAnswer::Repeated { sku: fields.sku.clone(), item_id });
            }
            Err(error) if request.all_or_nothing => {
                return Err(CreateItemsError::Refused { element: index as u64 + 1, error });
            }
            Err(error) => answers.push(refused(&fields.sku, &error)),
        }
    }
    tables::insert_items(
        tx,
        ctx.company_id,
        ctx.at,
        made.iter().map(|(item_id, draft)| (*item_id, draft)),
    )?;
    for (item_id, draft) in &made {
        ctx.fact(tx, "item", item_id.raw(), 1, "catalog.item_created", json!({ "sku": draft.sku }));
        ctx.audit(tx, EDIT, "item", item_id.raw(), json!({ "created": draft.told() }));
    }
    Ok(ItemsCreated { items: answers })
}

/// Makes one item, or finds it there just as asked.
///
/// # Errors
/// See [`CreateItemsError`].
pub fn create_item(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    item: NewItem,
) -> Result<ItemAnswer, CreateItemsError> {
    let request = CreateItems { items: vec![item], all_or_nothing: true };
    let mut created = create_items(tx, ctx, request)?;
    Ok(created.items.remove(0))
}

enum Decision {
    New(Draft),
    There(ItemId),
}

fn decide(
    fields: &NewItem,
    world: &World,
    known: &HashMap<String, (ItemId, Draft)>,
) -> Result<Decision, ItemError> {
    let draft = rules::draft(fields, true, world)?;
    match known.get(&draft.sku) {
        None => Ok(Decision::New(draft)),
        Some((item_id, there)) if *there == draft => Ok(Decision::There(*item_id)),
        Some(_) => Err(ItemError::SkuTaken { sku: draft.sku }),
    }
}

fn refused(sku: &str, error: &ItemError) -> ItemAnswer {
    ItemAnswer::Refused {
        sku: sku.to_owned(),
        code: error.problem().code.to_owned(),
        message: error.to_string(),
        field: error.field().to_owned(),
    }
}
