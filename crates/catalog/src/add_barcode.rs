//! Packagings of an item, and the barcodes that name the item or one of them.

use std::collections::HashMap;

use base::{
    BarcodeId, CompanyId, Id, ItemId, PackagingId, Problem, ProblemKind, Quantity, Rule, TextError,
    check_code, check_text,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{StoreError, Tx, params};
use utoipa::ToSchema;

use crate::model::{Item, Scan};
use crate::permissions::EDIT;
use crate::rules::{self, NAME_LENGTH};
use crate::{BarcodeKind, tables};

/// A packaging of an item, such as a case of twelve.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddPackaging {
    /// The item.
    pub item_id: ItemId,
    /// Its name, 1 to 200 characters, unique for the item.
    pub name: String,
    /// How many stock units are in it.
    pub quantity: Quantity,
}

/// A packaging that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackagingAdded {
    /// The packaging.
    pub packaging_id: PackagingId,
}

/// A barcode of an item or of one of its packagings.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddBarcode {
    /// The item.
    pub item_id: ItemId,
    /// The code. Eight, twelve, thirteen or fourteen digits are a GTIN and need a right check
    /// digit; anything else up to 64 characters is a code of the company's own.
    pub code: String,
    /// The packaging that carries it; none when one scan counts for one stock unit.
    #[serde(default)]
    pub packaging_id: Option<PackagingId>,
}

/// A barcode that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BarcodeAdded {
    /// The barcode.
    pub barcode_id: BarcodeId,
    /// What sort of code it is.
    pub kind: BarcodeKind,
}

/// Why a packaging or barcode was not added.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum AddBarcodeError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text is empty, too long or has a forbidden character.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The last digit does not belong to the others.
    #[error("{code} ends in {found}, but its check digit is {expected}; read it again")]
    CheckDigit {
        /// The code.
        code: String,
        /// The right check digit.
        expected: u8,
        /// The last digit.
        found: u8,
    },
    /// The company has no such item.
    #[error("there is no item {item_id}")]
    NotFound {
        /// The item asked for.
        item_id: ItemId,
    },
    /// The item has no such packaging.
    #[error("{sku} has no packaging {packaging_id}")]
    PackagingNotFound {
        /// The item.
        sku: String,
        /// The packaging asked for.
        packaging_id: PackagingId,
    },
    /// The quantity is not positive, or splits a whole unit.
    #[error(
        "{quantity} {unit} of {sku} is not possible; give a positive quantity that {unit} allows"
    )]
    Quantity {
        /// The item.
        sku: String,
        /// The quantity asked for.
        quantity: Quantity,
        /// The item's stock unit.
        unit: String,
    },
    /// The item has another packaging of this name.
    #[error("{sku} has a packaging {name} of {quantity} already")]
    PackagingTaken {
        /// The item.
        sku: String,
        /// The packaging.
        name: String,
        /// What is in it.
        quantity: Quantity,
    },
    /// The code means something else already.
    #[error("{code} is the barcode of item {item_id} already, {quantity} for each scan")]
    Taken {
        /// The code.
        code: String,
        /// The item that has it.
        item_id: ItemId,
        /// What one scan of it counts for.
        quantity: Quantity,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for AddBarcodeError {
    fn problem(&self) -> Problem {
        let code = match self {
            AddBarcodeError::Denied(error) => return error.problem(),
            AddBarcodeError::Text(error) => return error.problem(),
            AddBarcodeError::Store(error) => return error.problem(),
            AddBarcodeError::NotFound { .. } => {
                return Problem::not_found("item_not_found", self.to_string());
            }
            AddBarcodeError::Taken { .. } => {
                return Problem::new(ProblemKind::Conflict, "barcode_taken", self.to_string());
            }
            AddBarcodeError::CheckDigit { .. } => "check_digit_wrong",
            AddBarcodeError::PackagingNotFound { .. } => "packaging_not_found",
            AddBarcodeError::Quantity { .. } => "packaging_quantity",
            AddBarcodeError::PackagingTaken { .. } => "packaging_taken",
        };
        Problem::refused(code, self.to_string())
    }
}

fn item(tx: &mut Tx<'_>, ctx: &Ctx, item_id: ItemId) -> Result<Item, AddBarcodeError> {
    let mut items = tables::lock_items(tx, ctx.company_id, &[item_id])?;
    items.remove(&item_id).ok_or(AddBarcodeError::NotFound { item_id })
}

/// Adds a packaging to an item. The same name and quantity again is the same packaging.
///
/// # Errors
/// See [`AddBarcodeError`].
pub fn add_packaging(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AddPackaging,
) -> Result<PackagingAdded, AddBarcodeError> {
    ctx.require(EDIT)?;
    let AddPackaging { item_id, name, quantity } = request;
    if name.is_empty() {
        return Err(TextError::Empty { field: "name" }.into());
    }
    check_text("name", &name, NAME_LENGTH)?;
    let item = item(tx, ctx, item_id)?;
    if !quantity.is_positive() || !rules::is_possible(quantity, &item.stock_unit) {
        let unit = item.stock_unit.code;
        return Err(AddBarcodeError::Quantity { sku: item.sku, quantity, unit });
    }
    let there = tables::packagings(tx, ctx.company_id, item_id)?;
    if let Some(same) = there.iter().find(|packaging| packaging.name == name) {
        if same.quantity == quantity {
            return Ok(PackagingAdded { packaging_id: same.packaging_id });
        }
        let quantity = same.quantity;
        return Err(AddBarcodeError::PackagingTaken { sku: item.sku, name, quantity });
    }
    let packaging_id: PackagingId = tx.id()?;
    tx.write(
        &tables::INSERT_PACKAGING,
        params![ctx.company_id, packaging_id, item_id, name, quantity],
    )?;
    let detail = json!({ "item_id": item_id, "name": name, "quantity": quantity });
    let id = packaging_id.raw();
    ctx.fact(tx, "packaging", id, 1, "catalog.packaging_added", detail.clone());
    ctx.audit(tx, EDIT, "packaging", id, detail);
    Ok(PackagingAdded { packaging_id })
}

/// Adds a barcode. The same code for the same thing again is the same barcode.
///
/// # Errors
/// See [`AddBarcodeError`].
pub fn add_barcode(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AddBarcode,
) -> Result<BarcodeAdded, AddBarcodeError> {
    ctx.require(EDIT)?;
    let AddBarcode { item_id, code, packaging_id } = request;
    check_code("code", &code)?;
    let kind = rules::barcode_kind(&code).map_err(|wrong| AddBarcodeError::CheckDigit {
        code: code.clone(),
        expected: wrong.expected,
        found: wrong.found,
    })?;
    let item = item(tx, ctx, item_id)?;
    if let Some(packaging_id) = packaging_id
        && !tables::packagings(tx, ctx.company_id, item_id)?
            .iter()
            .any(|packaging| packaging.packaging_id == packaging_id)
    {
        return Err(AddBarcodeError::PackagingNotFound { sku: item.sku, packaging_id });
    }
    let scan = rules::scan_key(&code);
    let there = tables::scans(tx, ctx.company_id, &[&scan])?;
    if let Some(there) = there.get(&scan) {
        if (there.item_id, there.packaging_id) == (item_id, packaging_id) {
            return Ok(BarcodeAdded { barcode_id: there.barcode_id, kind });
        }
        let (item_id, quantity) = (there.item_id, there.quantity);
        return Err(AddBarcodeError::Taken { code, item_id, quantity });
    }
    let barcode_id: BarcodeId = tx.id()?;
    tx.write(
        &tables::INSERT_BARCODE,
        params![ctx.company_id, barcode_id, scan, code, kind, item_id, packaging_id],
    )?;
    let detail = json!({ "item_id": item_id, "code": code, "packaging_id": packaging_id });
    let id = barcode_id.raw();
    ctx.fact(tx, "barcode", id, 1, "catalog.barcode_added", detail.clone());
    ctx.audit(tx, EDIT, "barcode", id, detail);
    Ok(BarcodeAdded { barcode_id, kind })
}

/// What scans of these codes mean, in one statement, by the code as it was scanned. Unknown codes
/// are left out.
///
/// # Errors
/// Those of the engine.
pub fn find_barcodes<S: AsRef<str>>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    codes: &[S],
) -> Result<HashMap<String, Scan>, StoreError> {
    let keys: Vec<String> = codes.iter().map(|code| rules::scan_key(code.as_ref())).collect();
    let found = tables::scans(tx, company_id, &keys)?;
    let meant = codes.iter().zip(&keys).filter_map(|(code, key)| {
        found.get(key).map(|scan| (code.as_ref().to_owned(), scan.clone()))
    });
    Ok(meant.collect())
}

/// What a scan of this code means.
///
/// # Errors
/// Those of the engine.
pub fn find_barcode(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    code: &str,
) -> Result<Option<Scan>, StoreError> {
    Ok(find_barcodes(tx, company_id, &[code])?.remove(code))
}
