//! The companies in which a user works: to list them, and to choose another.

use crate::access::companies_of;
use crate::ctx::Ctx;
use crate::model::Company;
use crate::report::ReportError;
use crate::views::READ;
use base::{CompanyId, Currency, Id, Page, Paging, Zone};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// In which order companies are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompanySort {
    /// By name.
    #[default]
    Name,
    /// By country, then name.
    Country,
}

/// Which companies to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CompanyFilter {
    /// Only those in this country, as two capital letters.
    pub country: Option<String>,
    /// Only those with books in this currency.
    pub currency: Option<Currency>,
    /// In which order: `name` or `country`.
    pub sort: CompanySort,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many rows, at most 200.
    pub limit: Option<i64>,
}

/// A company in which the caller works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CompanyRow {
    /// The company.
    pub company_id: CompanyId,
    /// Its name.
    pub name: String,
    /// Its country, as two capital letters of ISO 3166.
    pub country: String,
    /// The currency of its books.
    pub currency: Currency,
    /// The time zone in which its days begin.
    pub zone: Zone,
    /// Whether it is the one in whose books the caller works now.
    pub is_current: bool,
}

/// Lists the companies in which the caller holds a role; a program with a key knows that of the key
/// alone.
///
/// # Errors
/// [`ReportError`].
pub fn list_companies(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: CompanyFilter,
) -> Result<Page<CompanyRow>, ReportError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let mut rows = own_companies(tx, ctx)?;
    rows.retain(|row| {
        filter.country.as_ref().is_none_or(|country| *country == row.country)
            && filter.currency.is_none_or(|currency| currency == row.currency)
    });
    Ok(paging.cut(rows, |row: &CompanyRow| {
        let country = match filter.sort {
            CompanySort::Name => String::new(),
            CompanySort::Country => row.country.clone(),
        };
        (country, row.name.clone(), row.company_id.raw())
    })?)
}

/// The companies in which the caller holds a role, by name. One's own need no permission.
///
/// # Errors
/// Those of the store.
pub fn own_companies(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<CompanyRow>, StoreError> {
    let by_key = ctx.principal.starts_with("key:");
    let found = companies_of(tx, ctx.user_id)?;
    let known = found.into_iter().filter(|one| !by_key || one.company_id == ctx.company_id);
    let row = |Company { company_id, name, currency, zone, country }| CompanyRow {
        company_id,
        name,
        country,
        currency,
        zone,
        is_current: company_id == ctx.company_id,
    };
    Ok(known.map(row).collect())
}
