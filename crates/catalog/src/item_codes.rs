//! `list_item_codes`: what a device has to know of items to tell what is scanned without a network.

use crate::tables::{self, items_by_sku};
use crate::views::MAX_PAGE;
use crate::{READ, ReadError, Tracking};
use base::{ItemId, Page, Quantity};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// Of which items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ItemCodesFilter {
    /// Their SKUs, each on a line of its own, at most 200.
    pub skus: String,
}

/// What is known of an item where goods are handled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemCodes {
    /// The item.
    pub item_id: ItemId,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its stock unit.
    pub stock_unit: String,
    /// How finely it is told apart.
    pub tracking: Tracking,
    /// How many days it keeps; zero when it does not expire.
    pub expiry_days: i64,
    /// Its barcodes and those of its packagings.
    pub codes: Vec<ItemCode>,
}

/// A barcode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemCode {
    /// The code.
    pub code: String,
    /// The name of the packaging that it is on, empty for the item itself.
    pub packaging: String,
    /// How many stock units one scan of it counts for.
    pub quantity: Quantity,
}

/// Tells the codes of items, by SKU; what is no item of the company is left out.
///
/// # Errors
/// [`ReadError::Denied`], [`ReadError::Limit`].
pub fn list_item_codes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ItemCodesFilter,
) -> Result<Page<ItemCodes>, ReadError> {
    ctx.require(READ)?;
    let skus: Vec<&str> = filter.skus.lines().filter(|sku| !sku.is_empty()).collect();
    let got = u32::try_from(skus.len()).unwrap_or(u32::MAX);
    if got > MAX_PAGE {
        return Err(ReadError::Limit { got, max: MAX_PAGE });
    }
    let items = items_by_sku(tx, ctx.company_id, &skus)?;
    let ids: Vec<ItemId> = items.values().map(|item| item.id).collect();
    let mut codes = tables::codes_of(tx, ctx.company_id, &ids)?;
    let mut lines: Vec<ItemCodes> = items
        .into_values()
        .map(|item| ItemCodes {
            item_id: item.id,
            sku: item.sku,
            name: item.name,
            stock_unit: item.stock_unit.code,
            tracking: item.tracking,
            expiry_days: item.expiry_days,
            codes: codes.remove(&item.id).unwrap_or_default(),
        })
        .collect();
    lines.sort_by(|one, other| one.sku.cmp(&other.sku));
    Ok(Page { lines, next_cursor: None })
}
