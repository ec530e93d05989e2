//! `label_package`: what stands on a package: carrier, service, tracking, weight and sizes.

use crate::PACK;
use crate::model::{Label, PACKAGE};
use crate::tables;
use crate::words::PackageState;
use base::{Id, PackageId, Problem, ProblemKind, Rule, TextError, check_text};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// The heaviest package, in grams, and the longest, in millimetres.
const MOST: i64 = 100_000_000;
/// The longest text on a package.
pub(crate) const LONGEST: usize = 100;

/// What stands on a package; what is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LabelFields {
    /// Who carries it.
    pub carrier: Option<String>,
    /// The carrier's service, such as next day.
    pub service: Option<String>,
    /// The carrier's number.
    pub tracking: Option<String>,
    /// Its weight in grams.
    pub weight_grams: Option<i64>,
    /// Its length in millimetres.
    pub length_mm: Option<i64>,
    /// Its width in millimetres.
    pub width_mm: Option<i64>,
    /// Its height in millimetres.
    pub height_mm: Option<i64>,
}

impl LabelFields {
    /// Puts what is given on a label.
    pub(crate) fn put_on(&self, label: &mut Label) -> Result<(), LabelError> {
        let texts = [
            ("carrier", &self.carrier, &mut label.carrier),
            ("service", &self.service, &mut label.service),
            ("tracking", &self.tracking, &mut label.tracking),
        ];
        for (field, given, text) in texts {
            if let Some(given) = given {
                check_text(field, given, LONGEST)?;
                text.clone_from(given);
            }
        }
        let numbers = [
            ("weight_grams", self.weight_grams, &mut label.weight_grams),
            ("length_mm", self.length_mm, &mut label.length_mm),
            ("width_mm", self.width_mm, &mut label.width_mm),
            ("height_mm", self.height_mm, &mut label.height_mm),
        ];
        for (field, given, number) in numbers {
            if let Some(given) = given {
                if !(0..=MOST).contains(&given) {
                    return Err(LabelError::OutOfRange { field, given });
                }
                *number = given;
            }
        }
        Ok(())
    }
}

/// What is to stand on a package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelPackage {
    /// The package.
    pub package_id: PackageId,
    /// What is to stand on it.
    pub label: LabelFields,
}

/// What stands on a package now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PackageLabelled {
    /// The package.
    pub package_id: PackageId,
    /// Its number.
    pub number: String,
    /// Whether anything changed.
    pub changed: bool,
}

/// Why nothing was put on a package, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum LabelError {
    /// There is no such package.
    #[error("there is no package {package_id}")]
    NotFound {
        /// The id asked for.
        package_id: PackageId,
    },
    /// No permission in the package's warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The package is none any more.
    #[error("package {number} was unpacked; pack its goods anew")]
    Unpacked {
        /// The package.
        number: String,
    },
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A weight or a size that no package has.
    #[error("{field} is {given}; write a whole number from 0 to {MOST}")]
    OutOfRange {
        /// The field.
        field: &'static str,
        /// What was asked.
        given: i64,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for LabelError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            LabelError::NotFound { .. } => Problem::not_found("package_not_found", detail),
            LabelError::Denied(error) => error.problem(),
            LabelError::Unpacked { .. } => {
                Problem::new(ProblemKind::Conflict, "package_unpacked", detail)
            }
            LabelError::Text(error) => error.problem(),
            LabelError::OutOfRange { field, .. } => {
                Problem::invalid("out_of_range", detail).with_field(field)
            }
            LabelError::Store(error) => error.problem(),
        }
    }
}

/// Says what stands on a package, also when it has left: its carrier may tell the number later.
///
/// # Errors
/// The first broken rule in the order of [`LabelError`].
pub fn label_package(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: LabelPackage,
) -> Result<PackageLabelled, LabelError> {
    let package_id = request.package_id;
    let found = tables::lock_packages(tx, ctx.company_id, [package_id])?.pop();
    let mut package = found.ok_or(LabelError::NotFound { package_id })?;
    ctx.require_in(PACK, package.warehouse_id)?;
    if package.state == PackageState::Unpacked {
        return Err(LabelError::Unpacked { number: package.number });
    }
    let before = package.label.clone();
    request.label.put_on(&mut package.label)?;
    let changed = package.label != before;
    if changed {
        tables::update_packages(tx, ctx.company_id, [&package])?;
        let detail = serde_json::json!({ "number": package.number, "label": request.label });
        ctx.audit(tx, PACK, PACKAGE, package_id.raw(), detail.clone());
        let revision = package.revision + 1;
        ctx.fact(tx, PACKAGE, package_id.raw(), revision, "picking.labelled", detail);
    }
    Ok(PackageLabelled { package_id, number: package.number, changed })
}
