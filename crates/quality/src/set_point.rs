//! `set_point`: what is measured of goods before they are received, and between which limits.

use crate::views::ListError;
use crate::{READ, SET_POINT, tables};
use base::{Id, Page, Paging, Problem, Quantity, Rule, TextError, check_text};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// A point at which an item is measured. A later request about the same item and name replaces it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPoint {
    /// The item; every item when absent.
    #[serde(default)]
    pub sku: Option<String>,
    /// What is measured, such as a length, with its unit.
    pub name: String,
    /// The least reading that passes; no least when absent.
    #[serde(default)]
    pub lower: Option<Quantity>,
    /// The greatest reading that passes; no greatest when absent. Without both the point is taken away.
    #[serde(default)]
    pub upper: Option<Quantity>,
}

/// A point as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PointRow {
    /// The item; absent for every one.
    pub sku: Option<String>,
    /// What is measured.
    pub name: String,
    /// The least reading that passes.
    pub lower: Option<Quantity>,
    /// The greatest reading that passes. Without both there is no such point any more.
    pub upper: Option<Quantity>,
}

/// Which points to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PointFilter {
    /// Only of this item.
    pub sku: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Why a point was not set, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum PointError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The name cannot be stored, or is missing.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No reading could pass.
    #[error("no reading is at least {lower} and at most {upper}; change one of the limits")]
    Empty {
        /// The least.
        lower: Quantity,
        /// The greatest.
        upper: Quantity,
    },
    /// There is no such item.
    #[error("there is no item {sku:?}")]
    UnknownItem {
        /// The SKU asked for.
        sku: String,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for PointError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            PointError::Denied(error) => error.problem(),
            PointError::Text(error) => error.problem(),
            PointError::Empty { .. } => {
                Problem::refused("limits_crossed", detail).with_field("lower")
            }
            PointError::UnknownItem { .. } => {
                Problem::not_found("item_not_found", detail).with_field("sku")
            }
            PointError::Store(error) => error.problem(),
        }
    }
}

/// Sets or takes away a point.
///
/// # Errors
/// The first broken rule in the order of [`PointError`].
pub fn set_point(tx: &mut Tx<'_>, ctx: &Ctx, request: SetPoint) -> Result<PointRow, PointError> {
    ctx.require(SET_POINT)?;
    let SetPoint { sku, name, lower, upper } = request;
    check_text("name", &name, 100)?;
    if name.trim().is_empty() {
        return Err(TextError::Empty { field: "name" }.into());
    }
    if let (Some(lower), Some(upper)) = (lower, upper)
        && lower > upper
    {
        return Err(PointError::Empty { lower, upper });
    }
    let item_id = match &sku {
        None => 0,
        Some(sku) => {
            let found = catalog::items_by_sku(tx, ctx.company_id, &[sku])?;
            let item = found.get(sku).map(|item| item.id.raw());
            item.ok_or_else(|| PointError::UnknownItem { sku: sku.clone() })?
        }
    };
    if lower.is_none() && upper.is_none() {
        tx.write(&tables::REMOVE_POINT, params![ctx.company_id, item_id, name])?;
    } else {
        tx.write(&tables::SET_POINT, params![ctx.company_id, item_id, name, lower, upper])?;
    }
    let set = PointRow { sku, name, lower, upper };
    ctx.audit(tx, SET_POINT, "item", item_id, serde_json::json!(set));
    Ok(set)
}

/// Points by item and name, those of every item first.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_points(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: PointFilter,
) -> Result<Page<PointRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (sku, name): (String, String) = paging.after(Default::default())?;
    let found = tx.query(
        &tables::LIST_POINTS,
        params![ctx.company_id, filter.sku, sku, name, paging.limit()],
    )?;
    let read = |row: &Row| {
        let sku: String = row.get(0)?;
        let sku = Some(sku).filter(|sku| !sku.is_empty());
        Ok(PointRow { sku, name: row.get(1)?, lower: row.get(2)?, upper: row.get(3)? })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    let after = |row: &PointRow| (row.sku.clone().unwrap_or_default(), row.name.clone());
    Ok(paging.page(rows, after))
}
