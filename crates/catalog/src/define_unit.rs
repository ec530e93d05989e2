//! Units of measure and categories: what items refer to.

use base::{
    CategoryId, Id, NumberError, Problem, ProblemKind, Ratio, Rule, TextError, UnitId, check_code,
    check_text,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{StoreError, Tx, params};
use utoipa::ToSchema;

use crate::model::Unit;
use crate::permissions::EDIT;
use crate::rules::{self, NAME_LENGTH, parse_ratio};
use crate::tables;

/// A unit: its code, name, whether only whole numbers exist, its base unit and how much of it.
type StandardUnit = (&'static str, &'static str, bool, &'static str, (i64, i64));

/// The units that every company starts with. Packs are bases of their own: how many pieces are in
/// one, each item says.
const STANDARD: &[StandardUnit] = &[
    ("pcs", "Piece", true, "pcs", (1, 1)),
    ("pair", "Pair", true, "pcs", (2, 1)),
    ("dozen", "Dozen", true, "pcs", (12, 1)),
    ("pack", "Pack", true, "pack", (1, 1)),
    ("case", "Case", true, "case", (1, 1)),
    ("pallet", "Pallet", true, "pallet", (1, 1)),
    ("kg", "Kilogram", false, "kg", (1, 1)),
    ("g", "Gram", false, "kg", (1, 1_000)),
    ("t", "Tonne", false, "kg", (1_000, 1)),
    ("lb", "Pound", false, "kg", (45_359_237, 100_000_000)),
    ("oz", "Ounce", false, "kg", (45_359_237, 1_600_000_000)),
    ("l", "Litre", false, "l", (1, 1)),
    ("ml", "Millilitre", false, "l", (1, 1_000)),
    ("m", "Metre", false, "m", (1, 1)),
    ("cm", "Centimetre", false, "m", (1, 100)),
    ("mm", "Millimetre", false, "m", (1, 1_000)),
    ("m2", "Square metre", false, "m2", (1, 1)),
    ("m3", "Cubic metre", false, "l", (1_000, 1)),
    ("h", "Hour", false, "h", (1, 1)),
    ("min", "Minute", false, "h", (1, 60)),
];

/// A unit of measure. It stays as it is defined, since quantities are written in it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineUnit {
    /// Its code, 1 to 64 characters, unique in the company.
    pub code: String,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// Whether only whole numbers of it exist.
    pub whole: bool,
    /// The code of a unit of its family; empty when it starts a family.
    #[serde(default)]
    pub base: String,
    /// How many of `base` one of it is, as `12`, `0.001` or `1/60`; empty when it starts a family.
    #[serde(default)]
    pub ratio: String,
}

/// A unit that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnitDefined {
    /// The unit.
    pub unit_id: UnitId,
}

/// A category. Defining its code again renames or moves it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineCategory {
    /// Its code, 1 to 64 characters, unique in the company.
    pub code: String,
    /// Its name, 1 to 200 characters.
    pub name: String,
    /// The code of the category above it; empty for none.
    #[serde(default)]
    pub parent: String,
}

/// A category that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CategoryDefined {
    /// The category.
    pub category_id: CategoryId,
    /// Its revision now.
    pub revision: i64,
}

/// Why a unit or category was not defined.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DefineError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text is empty, too long or has a forbidden character.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The company has no unit or category to build on.
    #[error("there is no {base}; define it first")]
    BaseNotFound {
        /// The code asked for.
        base: String,
    },
    /// The ratio is no positive number or fraction.
    #[error(
        "ratio \"{ratio}\" is not accepted ({error}); write how many {base} one {unit} is, such as 12 or 1/60"
    )]
    Ratio {
        /// The unit.
        unit: String,
        /// Its base.
        base: String,
        /// The text.
        ratio: String,
        /// What is wrong with it.
        error: NumberError,
    },
    /// A ratio to nothing.
    #[error("ratio \"{ratio}\" is given without a base; give the unit that it counts")]
    RatioWithoutBase {
        /// The text.
        ratio: String,
    },
    /// The unit is defined otherwise.
    #[error(
        "there is a unit {unit} of another definition; a unit stays as it is, so use another code"
    )]
    UnitTaken {
        /// The code.
        unit: String,
    },
    /// A category would be below itself.
    #[error("{category} cannot be below {parent}, as {parent} is below {category}")]
    Loop {
        /// The category.
        category: String,
        /// The parent asked for.
        parent: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for DefineError {
    fn problem(&self) -> Problem {
        let code = match self {
            DefineError::Denied(error) => return error.problem(),
            DefineError::Text(error) => return error.problem(),
            DefineError::Store(error) => return error.problem(),
            DefineError::UnitTaken { .. } => {
                return Problem::new(ProblemKind::Conflict, "unit_taken", self.to_string());
            }
            DefineError::BaseNotFound { .. } => "base_not_found",
            DefineError::Ratio { .. } => "ratio_invalid",
            DefineError::RatioWithoutBase { .. } => "ratio_without_base",
            DefineError::Loop { .. } => "category_loop",
        };
        Problem::refused(code, self.to_string())
    }
}

/// Gives a new company its usual units; those it has already stay.
///
/// # Errors
/// [`DefineError::Denied`] and those of the store.
pub fn install_units(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), DefineError> {
    ctx.require(EDIT)?;
    let mut there = tables::units(tx, ctx.company_id)?;
    let mut added = Vec::new();
    for (code, name, whole, base, (numerator, denominator)) in STANDARD {
        if there.iter().any(|unit| unit.code == *code) {
            continue;
        }
        let id = tx.id()?;
        let family = match there.iter().find(|unit| unit.code == *base) {
            Some(base) => base.family,
            None => id,
        };
        let ratio = Ratio::new(*numerator, *denominator).unwrap_or(Ratio::ONE);
        let (code, name) = ((*code).to_owned(), (*name).to_owned());
        let unit = Unit { id, code, name, whole: *whole, family, ratio };
        there.push(unit.clone());
        added.push(unit);
    }
    if !added.is_empty() {
        tables::insert_units(tx, ctx.company_id, &added)?;
        let codes: Vec<&str> = added.iter().map(|unit| unit.code.as_str()).collect();
        ctx.audit(tx, EDIT, "unit", 0, json!({ "installed": codes }));
    }
    Ok(())
}

/// Defines a unit. The same definition again is the same unit.
///
/// # Errors
/// See [`DefineError`].
pub fn define_unit(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DefineUnit,
) -> Result<UnitDefined, DefineError> {
    ctx.require(EDIT)?;
    check_code("code", &request.code)?;
    check_name(&request.name)?;
    let there = tables::units(tx, ctx.company_id)?;
    let base = family_of(&request, &there)?;
    if let Some(same) = there.iter().find(|unit| unit.code == request.code) {
        let family = base.map_or(same.id, |(family, _)| family);
        let ratio = base.map_or(Ratio::ONE, |(_, ratio)| ratio);
        let alike = (same.name == request.name, same.whole, same.family, same.ratio)
            == (true, request.whole, family, ratio);
        return match alike {
            true => Ok(UnitDefined { unit_id: same.id }),
            false => Err(DefineError::UnitTaken { unit: request.code }),
        };
    }
    let id: UnitId = tx.id()?;
    let (family, ratio) = base.unwrap_or((id, Ratio::ONE));
    let DefineUnit { code, name, whole, base, ratio: told } = request;
    let detail = json!({ "code": code, "whole": whole, "base": base, "ratio": told });
    tables::insert_units(tx, ctx.company_id, &[Unit { id, code, name, whole, family, ratio }])?;
    ctx.fact(tx, "unit", id.raw(), 1, "catalog.unit_defined", detail.clone());
    ctx.audit(tx, EDIT, "unit", id.raw(), detail);
    Ok(UnitDefined { unit_id: id })
}

/// The family that the unit joins and its ratio to the family's base unit; nothing when it starts
/// one.
fn family_of(request: &DefineUnit, there: &[Unit]) -> Result<Option<(UnitId, Ratio)>, DefineError> {
    let (base, ratio) = (request.base.clone(), request.ratio.clone());
    if base.is_empty() {
        return match ratio.is_empty() {
            true => Ok(None),
            false => Err(DefineError::RatioWithoutBase { ratio }),
        };
    }
    match there.iter().find(|unit| unit.code == base) {
        None => Err(DefineError::BaseNotFound { base }),
        Some(found) => match parse_ratio(&ratio).and_then(|own| own.times(found.ratio)) {
            Ok(own) => Ok(Some((found.family, own))),
            Err(error) => {
                Err(DefineError::Ratio { unit: request.code.clone(), base, ratio, error })
            }
        },
    }
}

/// Defines, renames or moves a category.
///
/// # Errors
/// See [`DefineError`].
pub fn define_category(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DefineCategory,
) -> Result<CategoryDefined, DefineError> {
    ctx.require(EDIT)?;
    check_code("code", &request.code)?;
    check_name(&request.name)?;
    let DefineCategory { code, name, parent } = request;
    let there = tables::categories(tx, ctx.company_id)?;
    let parent_id = match parent.as_str() {
        "" => None,
        wanted => match there.iter().find(|found| found.code == wanted) {
            Some(found) => Some(found.id),
            None => return Err(DefineError::BaseNotFound { base: parent }),
        },
    };
    let detail = json!({ "code": code, "name": name, "parent": parent });
    let (category_id, revision) = match there.iter().find(|found| found.code == code) {
        Some(same) if (&same.name, same.parent_id) == (&name, parent_id) => {
            return Ok(CategoryDefined { category_id: same.id, revision: same.revision });
        }
        Some(same) => {
            if parent_id.is_some_and(|above| rules::would_loop(&there, same.id, above)) {
                return Err(DefineError::Loop { category: code, parent });
            }
            tx.write_exactly(
                1,
                &tables::UPDATE_CATEGORY,
                params![ctx.company_id, same.id, name, parent_id, same.revision],
            )?;
            (same.id, same.revision + 1)
        }
        None => {
            let id: CategoryId = tx.id()?;
            tx.write(&tables::INSERT_CATEGORY, params![ctx.company_id, id, code, name, parent_id])?;
            (id, 1)
        }
    };
    let id = category_id.raw();
    ctx.fact(tx, "category", id, revision, "catalog.category_defined", detail.clone());
    ctx.audit(tx, EDIT, "category", id, detail);
    Ok(CategoryDefined { category_id, revision })
}

fn check_name(name: &str) -> Result<(), TextError> {
    if name.is_empty() {
        return Err(TextError::Empty { field: "name" });
    }
    check_text("name", name, NAME_LENGTH)
}
