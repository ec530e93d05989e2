//! `unpack`: a package that has not left is opened again; its goods are to be packed anew or put back.

use crate::PACK;
use crate::held::{Held, RecordError};
use crate::model::PACKAGE;
use crate::tables;
use crate::words::PackageState;
use base::{
    Id, NumberError, PackageId, PickLineId, Problem, ProblemKind, Quantity, Rule, TextError,
    check_text,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A package to be opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unpack {
    /// The package.
    pub package_id: PackageId,
    /// Why.
    pub reason: String,
}

/// A package that was opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Unpacked {
    /// The package.
    pub package_id: PackageId,
    /// Its number.
    pub number: String,
    /// Whether it was open before; nothing was done again.
    pub repeated: bool,
}

/// Why a package was not opened, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum UnpackError {
    /// There is no such package.
    #[error("there is no package {package_id}")]
    NotFound {
        /// The id asked for.
        package_id: PackageId,
    },
    /// No permission in the package's warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The package has left.
    #[error("package {number} has left; take its goods back as a return")]
    Shipped {
        /// The package.
        number: String,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<RecordError> for UnpackError {
    fn from(error: RecordError) -> UnpackError {
        match error {
            RecordError::Number(error) => error.into(),
            RecordError::Store(error) => error.into(),
        }
    }
}

impl Rule for UnpackError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            UnpackError::NotFound { .. } => Problem::not_found("package_not_found", detail),
            UnpackError::Denied(error) => error.problem(),
            UnpackError::Text(error) => error.problem(),
            UnpackError::Shipped { .. } => {
                Problem::new(ProblemKind::Conflict, "package_shipped", detail)
            }
            UnpackError::Number(error) => error.problem(),
            UnpackError::Store(error) => error.problem(),
        }
    }
}

/// Opens a package again. What was in it is picked and in no package from then on.
///
/// # Errors
/// The first broken rule in the order of [`UnpackError`].
pub fn unpack(tx: &mut Tx<'_>, ctx: &Ctx, request: Unpack) -> Result<Unpacked, UnpackError> {
    let package_id = request.package_id;
    let not_found = || UnpackError::NotFound { package_id };
    let order = tables::find_packages(tx, ctx.company_id, &[package_id], &[])?;
    let order_id = order.get(&package_id).copied().ok_or_else(not_found)?;
    let mut held = Held::of_orders(tx, ctx, &[order_id])?;
    let found = tables::lock_packages(tx, ctx.company_id, [package_id])?.pop();
    let mut package = found.ok_or_else(not_found)?;
    ctx.require_in(PACK, package.warehouse_id)?;
    if request.reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    check_text("reason", &request.reason, 500)?;
    let number = package.number.clone();
    match package.state {
        PackageState::Open | PackageState::Ready => {}
        PackageState::Unpacked => return Ok(Unpacked { package_id, number, repeated: true }),
        PackageState::Shipped => return Err(UnpackError::Shipped { number }),
    }
    let mut out: BTreeMap<PickLineId, Quantity> = BTreeMap::new();
    for packed in tables::packed_in(tx, ctx.company_id, [package_id])? {
        let sum = out.entry(packed.pick_line_id).or_default();
        *sum = sum.checked_add(packed.quantity)?;
    }
    for named in &mut held.lines {
        if let Some(quantity) = out.get(&named.line.id) {
            named.line.packed = named.line.packed.checked_sub(*quantity)?;
        }
    }
    held.record(tx, ctx)?;
    package.state = PackageState::Unpacked;
    tables::update_packages(tx, ctx.company_id, [&package])?;
    let detail = serde_json::json!({ "number": number, "reason": request.reason });
    ctx.audit(tx, crate::UNPACK, PACKAGE, package_id.raw(), detail.clone());
    let revision = package.revision + 1;
    ctx.fact(tx, PACKAGE, package_id.raw(), revision, "picking.unpacked", detail);
    Ok(Unpacked { package_id, number, repeated: false })
}
