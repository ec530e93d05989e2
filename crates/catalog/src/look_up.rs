//! `look_up` tells what a scanned code is.

use crate::tables::{items_by_id, items_by_sku};
use crate::{Item, READ, ReadError, Scan, find_barcodes, gs1};
use base::{Day, ItemId, PackagingId, Page, Quantity};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::{StoreError, Tx};
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
    let line = scanned(tx, ctx, &[request.code.as_str()])?.remove(&request.code);
    Ok(Page { lines: line.into_iter().collect(), next_cursor: None })
}

/// What scanned codes are, by the code as it was sent; what no item has is left out. For verbs that
/// have their own permission.
///
/// # Errors
/// Those of the engine.
pub fn scanned<S: AsRef<str>>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    codes: &[S],
) -> Result<HashMap<String, Scanned>, StoreError> {
    let fields: HashMap<&str, gs1::Gs1> = codes
        .iter()
        .filter_map(|code| Some((code.as_ref(), gs1::read(code.as_ref().trim(), ctx.today)?)))
        .collect();
    let trimmed = codes.iter().map(|code| code.as_ref().trim());
    let keys: Vec<&str> = trimmed.clone().chain(fields.values().map(|it| &*it.gtin)).collect();
    let barcodes = find_barcodes(tx, ctx.company_id, &keys)?;
    let ids: Vec<ItemId> = barcodes.values().map(|scan| scan.item_id).collect();
    let by_id = items_by_id(tx, ctx.company_id, &ids)?;
    let skus: Vec<&str> = trimmed.collect();
    let by_sku = items_by_sku(tx, ctx.company_id, &skus)?;
    let mut found = HashMap::new();
    for code in codes.iter().map(AsRef::as_ref) {
        let none = gs1::Gs1::default();
        let own = barcodes.get(code.trim());
        let told = fields.get(code).filter(|_| own.is_none());
        let scan = own.or_else(|| barcodes.get(told?.gtin.as_str()));
        let item = match scan {
            Some(scan) => by_id.get(&scan.item_id),
            None => by_sku.get(code.trim()),
        };
        let told = told.unwrap_or(&none);
        if let Some(item) = item {
            found.insert(code.to_owned(), line(item, scan, told));
        }
    }
    Ok(found)
}

fn line(item: &Item, scan: Option<&Scan>, told: &gs1::Gs1) -> Scanned {
    let row = crate::ItemRow::from(item);
    Scanned {
        item_id: row.item_id,
        sku: row.sku,
        name: row.name,
        stock_unit: row.stock_unit,
        packaging_id: scan.and_then(|scan| scan.packaging_id),
        packaging: scan.map_or_else(String::new, |scan| scan.packaging.clone()),
        quantity: scan.map_or(Quantity::ONE, |scan| scan.quantity),
        count: told.count,
        lot: told.lot.clone(),
        serial: told.serial.clone(),
        expires_on: told.expires_on,
    }
}
