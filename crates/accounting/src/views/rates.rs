//! What readers get of tax codes and rates: codes at the rate of a day, every rate of theirs, and
//! exchange rates, each with the days on which it holds.

use super::ListError;
use crate::VIEW;
use crate::model::TaxKind;
use crate::tables::{
    LAST_DAY, LIST_TAX_CODES_BY_CODE, LIST_TAX_CODES_BY_NAME, RATES_BY_CURRENCY, RATES_NEWEST,
    TAX_RATES_BY_CODE, TAX_RATES_NEWEST,
};
use base::{BadCursor, Currency, Day, Id, Page, Paging, Rate, TaxCodeId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// In which order tax codes are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxCodeSort {
    /// By code.
    #[default]
    Code,
    /// By name.
    Name,
}

/// Which tax codes to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TaxCodeFilter {
    /// Only this code.
    pub code: Option<String>,
    /// Only of this kind.
    pub kind: Option<TaxKind>,
    /// The day whose rates are told; today when absent.
    pub on: Option<Day>,
    /// `true` for those that have a rate on that day, `false` for those that have none yet.
    pub in_force: Option<bool>,
    /// In which order: `code` or `name`.
    pub sort: TaxCodeSort,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many rows, at most 200.
    pub limit: Option<i64>,
}

/// A tax code with its rate on a day, and the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaxCodeRow {
    /// Its id.
    pub tax_code_id: TaxCodeId,
    /// The code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How it treats a supply.
    pub kind: TaxKind,
    /// The part of the tax on purchases that the tax office gives back: 1 is all.
    pub recoverable: Rate,
    /// The rate on the day: 0.2 is 20 %. None before its first.
    pub rate: Option<Rate>,
    /// Since when it has that rate.
    pub from: Option<Day>,
    /// The rate that comes next, if one is set.
    pub next_rate: Option<Rate>,
    /// From when on it has that one.
    pub next_from: Option<Day>,
}

/// Tax codes with the rate that they have on a day.
///
/// # Errors
/// [`ListError`].
pub fn list_tax_codes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: TaxCodeFilter,
) -> Result<Page<TaxCodeRow>, ListError> {
    ctx.require(VIEW)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (key, id): (String, i64) = paging.after((String::new(), 0))?;
    let statement = match filter.sort {
        TaxCodeSort::Code => &LIST_TAX_CODES_BY_CODE,
        TaxCodeSort::Name => &LIST_TAX_CODES_BY_NAME,
    };
    let values = params![
        ctx.company_id,
        filter.on.unwrap_or(ctx.today),
        filter.code,
        filter.kind,
        filter.in_force,
        storable(key)?,
        id,
        paging.limit()
    ];
    let read = |row: &Row| {
        Ok(TaxCodeRow {
            tax_code_id: row.get(0)?,
            code: row.get(1)?,
            name: row.get(2)?,
            kind: row.get(3)?,
            recoverable: row.get(4)?,
            rate: row.get(5)?,
            from: row.get(6)?,
            next_rate: row.get(7)?,
            next_from: row.get(8)?,
        })
    };
    let found = tx.query(statement, values)?;
    let rows = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(rows, |row: &TaxCodeRow| {
        let key = if filter.sort == TaxCodeSort::Code { &row.code } else { &row.name };
        (key.clone(), row.tax_code_id.raw())
    }))
}

/// In which order the rates of tax codes are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxRateSort {
    /// By code, the newest first of each.
    #[default]
    Code,
    /// The newest first.
    Newest,
}

/// Which rates of tax codes to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TaxRateFilter {
    /// Only of this tax code.
    pub code: Option<String>,
    /// Only of codes of this kind.
    pub kind: Option<TaxKind>,
    /// Only those that begin on this day or later.
    pub from: Option<Day>,
    /// Only those that begin on this day or before.
    pub through: Option<Day>,
    /// Only those that hold on this day.
    pub on: Option<Day>,
    /// In which order: `code` or `newest`.
    pub sort: TaxRateSort,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many rows, at most 200.
    pub limit: Option<i64>,
}

/// A rate of a tax code, with the days on which it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaxRateRow {
    /// The tax code's id.
    pub tax_code_id: TaxCodeId,
    /// The code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How it treats a supply.
    pub kind: TaxKind,
    /// The rate: 0.2 is 20 %.
    pub rate: Rate,
    /// The first day.
    pub from: Day,
    /// The last day; none for the code's last rate.
    pub through: Option<Day>,
}

/// Every rate that tax codes had, have and will have.
///
/// # Errors
/// [`ListError`].
pub fn list_tax_rates(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: TaxRateFilter,
) -> Result<Page<TaxRateRow>, ListError> {
    ctx.require(VIEW)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (code, day): (String, String) = paging.after((String::new(), LAST_DAY.to_owned()))?;
    let statement = match filter.sort {
        TaxRateSort::Code => &TAX_RATES_BY_CODE,
        TaxRateSort::Newest => &TAX_RATES_NEWEST,
    };
    let values = params![
        ctx.company_id,
        filter.code,
        filter.kind,
        filter.from,
        filter.through,
        filter.on,
        storable(code)?,
        storable(day)?,
        paging.limit()
    ];
    let read = |row: &Row| {
        Ok(TaxRateRow {
            tax_code_id: row.get(0)?,
            code: row.get(1)?,
            name: row.get(2)?,
            kind: row.get(3)?,
            rate: row.get(4)?,
            from: row.get(5)?,
            through: day_before(row.get(6)?),
        })
    };
    let found = tx.query(statement, values)?;
    let rows = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(rows, |row: &TaxRateRow| (row.code.clone(), row.from.to_string())))
}

/// In which order exchange rates are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExchangeRateSort {
    /// The newest first.
    #[default]
    Newest,
    /// By currency, the newest first of each.
    Currency,
}

/// Which exchange rates to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ExchangeRateFilter {
    /// Only of this foreign currency, as in `USD`.
    pub currency: Option<String>,
    /// Only those that begin on this day or later.
    pub from: Option<Day>,
    /// Only those that begin on this day or before.
    pub through: Option<Day>,
    /// Only those that hold on this day.
    pub on: Option<Day>,
    /// In which order: `newest` or `currency`.
    pub sort: ExchangeRateSort,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many rows, at most 200.
    pub limit: Option<i64>,
}

/// An exchange rate, with the days on which it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExchangeRateRow {
    /// The foreign currency.
    pub currency: Currency,
    /// The company's currency.
    pub worth_in: Currency,
    /// What one unit of the foreign currency is worth in the company's.
    pub rate: Rate,
    /// The first day.
    pub from: Day,
    /// The last day; none for the currency's last rate.
    pub through: Option<Day>,
    /// Where it was taken from; empty when that is not known.
    pub source: String,
}

/// Every exchange rate that was set.
///
/// # Errors
/// [`ListError`].
pub fn list_exchange_rates(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ExchangeRateFilter,
) -> Result<Page<ExchangeRateRow>, ListError> {
    ctx.require(VIEW)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (currency, day): (String, String) = paging.after((String::new(), LAST_DAY.to_owned()))?;
    let statement = match filter.sort {
        ExchangeRateSort::Newest => &RATES_NEWEST,
        ExchangeRateSort::Currency => &RATES_BY_CURRENCY,
    };
    let values = params![
        ctx.company_id,
        filter.currency,
        filter.from,
        filter.through,
        filter.on,
        storable(currency)?,
        storable(day)?,
        paging.limit()
    ];
    let read = |row: &Row| {
        Ok(ExchangeRateRow {
            currency: row.get(0)?,
            worth_in: ctx.currency,
            rate: row.get(1)?,
            from: row.get(2)?,
            through: day_before(row.get(3)?),
            source: row.get(4)?,
        })
    };
    let found = tx.query(statement, values)?;
    let rows = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging
        .page(rows, |row: &ExchangeRateRow| (row.currency.code().to_owned(), row.from.to_string())))
}

/// The last day before the next rate begins. That one follows another, so it is never the first day
/// of the calendar.
fn day_before(next: Option<Day>) -> Option<Day> {
    next.and_then(|next| next.plus(-1).ok())
}

/// A text of a cursor, which may be anybody's.
fn storable(text: String) -> Result<String, BadCursor> {
    if text.contains('\0') { Err(BadCursor(text)) } else { Ok(text) }
}
