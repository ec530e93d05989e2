//! `look_up` tells what a scanned code is.

use crate::tables::{items_by_id, items_by_sku};
use crate::{READ, ReadError, find_barcode, gs1};
use base::{Day, ItemId, PackagingId, Page, Quantity};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// What was scanned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LookUp {
    /// The code as the scanner sent it: a barcode, a GS1 code with its fields, or an SKU.
    pub code: String,
}

/// What a scanned code is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Scanned {
    /// The item.
    pub item_id: ItemId,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its stock unit.
    pub stock_unit: String,
    /// The packaging, when the code is of one.
    pub packaging_id: Option<PackagingId>,
    /// The packaging's name, empty without one.
    pub packaging: String,
    /// How many stock units one scan counts for.
    pub quantity: Quantity,
    /// How many of it there are, when a GS1 code says so.
    pub count: Option<Quantity>,
    /// The lot that a GS1 code names.
    pub lot: Option<String>,
    /// The serial number that a GS1 code names.
    pub serial: Option<String>,
    /// The last day that a GS1 code names.
    pub expires_on: Option<Day>,
}

/// Tells what a code is: one line, or none when no item has it. A barcode goes before the fields of a
/// GS1 code, and those before an SKU.
///
/// # Errors
/// See [`ReadError`].
pub fn look_up(tx: &mut Tx<'_>, ctx: &Ctx, request: LookUp) -> Result<Page<Scanned>, ReadError> {
    ctx.require(READ)?;
    let code = request.code.trim();
    let mut fields = gs1::Gs1::default();
    let mut scan = find_barcode(tx, ctx.company_id, code)?;
    if scan.is_none()
        && let Some(told) = gs1::read(code, ctx.today)
    {
        scan = find_barcode(tx, ctx.company_id, &told.gtin)?;
        fields = told;
    }
    let (item, packaging_id, packaging, quantity) = match scan {
        Some(scan) => {
            let item = items_by_id(tx, ctx.company_id, &[scan.item_id])?.remove(&scan.item_id);
            (item, scan.packaging_id, scan.packaging, scan.quantity)
        }
        None => {
            let item = items_by_sku(tx, ctx.company_id, &[code])?.remove(code);
            (item, None, String::new(), Quantity::ONE)
        }
    };
    let line = item.map(|item| {
        let row = crate::ItemRow::from(&item);
        Scanned {
            item_id: row.item_id,
            sku: row.sku,
            name: row.name,
            stock_unit: row.stock_unit,
            packaging_id,
            packaging,
            quantity,
            count: fields.count,
            lot: fields.lot,
            serial: fields.serial,
            expires_on: fields.expires_on,
        }
    });
    Ok(Page { lines: line.into_iter().collect(), next_cursor: None })
}
