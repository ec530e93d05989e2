//! Tax codes with their rates by day: `define_tax_code`, `set_tax_rate`, and reading them in sets.

use crate::model::TaxKind;
use crate::{DEFINE_TAX_CODE, tables};
use base::{CompanyId, Day, Id, Problem, ProblemKind, Rate, Rule, TaxCodeId, TextError};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

/// A tax code at the rate it has on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaxRate {
    /// The code's id.
    pub id: TaxCodeId,
    /// The code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How it treats a supply.
    pub kind: TaxKind,
    /// The part of the tax on purchases that the tax office gives back: 1 is all.
    pub recoverable: Rate,
    /// The rate on that day: 0.2 is 20 %.
    pub rate: Rate,
    /// Since when.
    pub from: Day,
}

/// A rate from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RateFrom {
    /// The first day.
    pub from: Day,
    /// The rate: 0.2 is 20 %.
    pub rate: Rate,
}

/// A request to define a tax code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineTaxCode {
    /// The code, unique in the company.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How it treats a supply. Zero, exempt and outside have the rate 0.
    pub kind: TaxKind,
    /// The part of the tax on purchases that the tax office gives back, 0 to 1.
    pub recoverable: Rate,
    /// Its rates, at least one, each from another day on.
    pub rates: Vec<RateFrom>,
}

/// The tax code defined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaxCodeDefined {
    /// Its id.
    pub tax_code_id: TaxCodeId,
}

/// A request to change the rate of a tax code from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetTaxRate {
    /// The tax code.
    pub code: String,
    /// The first day of the new rate.
    pub from: Day,
    /// The new rate.
    pub rate: Rate,
}

/// Why a tax code was not defined, changed or found.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum TaxError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Code or name cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A share outside 0 to 1.
    #[error("the recoverable share is {share}; it has to be from 0 to 1")]
    ShareOutOfRange {
        /// The share asked for.
        share: Rate,
    },
    /// A code without a rate.
    #[error("tax code {code} has no rate; give at least one, with the day it begins")]
    NoRate {
        /// The code.
        code: String,
    },
    /// A rate that the kind cannot have.
    #[error("tax code {code} is of kind {kind} and cannot have the rate {rate}")]
    RateOutOfRange {
        /// The code.
        code: String,
        /// Its kind.
        kind: TaxKind,
        /// The rate asked for.
        rate: Rate,
    },
    /// Two rates from one day on.
    #[error("tax code {code} has a rate from {from} already; rates that were used are not changed")]
    RateTwice {
        /// The code.
        code: String,
        /// The day.
        from: Day,
    },
    /// The code exists.
    #[error("tax code {code} exists already; choose another code or set a rate")]
    CodeTaken {
        /// The code.
        code: String,
    },
    /// There is no such code, or it has no rate on the day.
    #[error("there is no tax code {code} with a rate on {day}; define it or set a rate")]
    NotFound {
        /// The code or id asked for.
        code: String,
        /// The day.
        day: Day,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for TaxError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            TaxError::Denied(denied) => denied.problem(),
            TaxError::Text(text) => text.problem(),
            TaxError::ShareOutOfRange { .. } => {
                Problem::invalid("tax_share_out_of_range", detail).with_field("recoverable")
            }
            TaxError::NoRate { .. } => {
                Problem::invalid("tax_code_without_rate", detail).with_field("rates")
            }
            TaxError::RateOutOfRange { .. } => Problem::invalid("tax_rate_out_of_range", detail),
            TaxError::RateTwice { .. } => {
                Problem::new(ProblemKind::Conflict, "tax_rate_twice", detail)
            }
            TaxError::CodeTaken { .. } => {
                Problem::new(ProblemKind::Conflict, "tax_code_taken", detail).with_field("code")
            }
            TaxError::NotFound { .. } => Problem::not_found("tax_code_not_found", detail),
            TaxError::Store(error) => error.problem(),
        }
    }
}

/// Defines a tax code with its rates.
///
/// # Errors
/// [`TaxError`], in its order.
pub fn define_tax_code(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DefineTaxCode,
) -> Result<TaxCodeDefined, TaxError> {
    ctx.require(DEFINE_TAX_CODE)?;
    base::check_code("code", &request.code)?;
    base::check_code("name", &request.name)?;
    let (code, kind, share) = (&request.code, request.kind, request.recoverable);
    if share < Rate::ZERO || share > Rate::ONE {
        return Err(TaxError::ShareOutOfRange { share });
    }
    if request.rates.is_empty() {
        return Err(TaxError::NoRate { code: code.clone() });
    }
    let mut days = std::collections::BTreeSet::new();
    let mut rates = Rows::new(2);
    for RateFrom { from, rate } in &request.rates {
        check_rate(code, kind, *rate)?;
        if !days.insert(*from) {
            return Err(TaxError::RateTwice { code: code.clone(), from: *from });
        }
        rates.push(row![from, rate]);
    }
    if tx.query_opt(&tables::TAX_CODE, params![ctx.company_id, code])?.is_some() {
        return Err(TaxError::CodeTaken { code: code.clone() });
    }
    let id: TaxCodeId = tx.id()?;
    let head = params![ctx.company_id, id, code, request.name, kind, share];
    tx.write(&tables::INSERT_TAX_CODE, head)?;
    tx.write(&tables::INSERT_TAX_RATES, params![ctx.company_id, id; rates])?;
    ctx.audit(tx, DEFINE_TAX_CODE, "tax_code", id.raw(), serde_json::json!(request));
    Ok(TaxCodeDefined { tax_code_id: id })
}

/// Gives a tax code another rate from a day on. What was posted keeps its rate.
///
/// # Errors
/// [`TaxError`], in its order.
pub fn set_tax_rate(tx: &mut Tx<'_>, ctx: &Ctx, request: SetTaxRate) -> Result<(), TaxError> {
    ctx.require(DEFINE_TAX_CODE)?;
    let SetTaxRate { code, from, rate } = &request;
    let found = tx.query_opt(&tables::TAX_CODE, params![ctx.company_id, code])?;
    let row = found.ok_or(TaxError::NotFound { code: code.clone(), day: *from })?;
    let (id, kind): (TaxCodeId, TaxKind) = (row.get(0)?, row.get(1)?);
    check_rate(code, kind, *rate)?;
    if tx.query_opt(&tables::TAX_RATE_FROM, params![ctx.company_id, id, from])?.is_some() {
        return Err(TaxError::RateTwice { code: code.clone(), from: *from });
    }
    let mut rates = Rows::new(2);
    rates.push(row![from, rate]);
    tx.write(&tables::INSERT_TAX_RATES, params![ctx.company_id, id; rates])?;
    ctx.audit(tx, DEFINE_TAX_CODE, "tax_code", id.raw(), serde_json::json!(request));
    Ok(())
}

fn check_rate(code: &str, kind: TaxKind, rate: Rate) -> Result<(), TaxError> {
    let most = match kind {
        TaxKind::Zero | TaxKind::Exempt | TaxKind::Outside => Rate::ZERO,
        TaxKind::Standard | TaxKind::Reduced | TaxKind::ReverseCharge | TaxKind::Import => {
            Rate::ONE
        }
    };
    if rate < Rate::ZERO || rate > most {
        return Err(TaxError::RateOutOfRange { code: code.to_owned(), kind, rate });
    }
    Ok(())
}

fn read_rate(row: &Row) -> Result<TaxRate, StoreError> {
    Ok(TaxRate {
        id: row.get(0)?,
        code: row.get(1)?,
        name: row.get(2)?,
        kind: row.get(3)?,
        recoverable: row.get(4)?,
        rate: row.get(5)?,
        from: row.get(6)?,
    })
}

/// Every tax code that has a rate on a day, sorted by code. One read.
///
/// # Errors
/// Those of the engine.
pub fn tax_codes_on(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    day: Day,
) -> Result<Vec<TaxRate>, StoreError> {
    tx.query(&tables::TAX_CODES_ON, params![company_id, day])?.iter().map(read_rate).collect()
}

/// The rates of some tax codes on a day, by id. One read for any number of codes.
///
/// # Errors
/// [`TaxError::NotFound`] for the first that does not exist or has no rate then; the engine's.
pub fn find_tax_codes(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &[TaxCodeId],
    day: Day,
) -> Result<BTreeMap<TaxCodeId, TaxRate>, TaxError> {
    let set = Rows::column(ids.iter().collect::<std::collections::BTreeSet<_>>());
    let rows = tx.query(&tables::TAX_CODES_BY_ID, params![company_id, day; set])?;
    let found: BTreeMap<TaxCodeId, TaxRate> = rows
        .iter()
        .map(|row| read_rate(row).map(|rate| (rate.id, rate)))
        .collect::<Result<_, StoreError>>()?;
    match ids.iter().find(|id| !found.contains_key(id)) {
        Some(id) => Err(TaxError::NotFound { code: id.to_string(), day }),
        None => Ok(found),
    }
}

/// As [`find_tax_codes`], by code.
///
/// # Errors
/// As [`find_tax_codes`].
pub fn find_tax_codes_by_code(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    codes: &[&str],
    day: Day,
) -> Result<BTreeMap<String, TaxRate>, TaxError> {
    let set = Rows::column(codes.iter().collect::<std::collections::BTreeSet<_>>());
    let rows = tx.query(&tables::TAX_CODES_BY_CODE, params![company_id, day; set])?;
    let found: BTreeMap<String, TaxRate> = rows
        .iter()
        .map(|row| read_rate(row).map(|rate| (rate.code.clone(), rate)))
        .collect::<Result<_, StoreError>>()?;
    match codes.iter().find(|code| !found.contains_key(**code)) {
        Some(code) => Err(TaxError::NotFound { code: (*code).to_owned(), day }),
        None => Ok(found),
    }
}
