//! Exchange rates by day: `set_rate`, and reading them.

use crate::{SET_RATE, tables};
use base::{Currency, Day, Id, Problem, Rate, Rule, TextError, check_text};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{Rows, StoreError, Tx, params};
use utoipa::ToSchema;

/// The most characters that say where a rate was taken from.
const MOST_SOURCE: usize = 200;

/// A request to set an exchange rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRate {
    /// The foreign currency.
    pub currency: Currency,
    /// The first day of the rate; it holds until the next.
    pub from: Day,
    /// What one unit of the foreign currency is worth in the company's.
    pub rate: Rate,
    /// Where it was taken from, such as `ECB` or a bank's name, up to 200 characters; empty when that
    /// is not known.
    #[serde(default)]
    pub source: String,
}

/// Why an exchange rate was not set or found.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum RateError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The company's own currency has no rate.
    #[error("{currency} is the company's own currency and always counts 1")]
    OwnCurrency {
        /// The currency.
        currency: Currency,
    },
    /// A rate of zero or less.
    #[error("the rate of {currency} is {rate}; it has to be above 0")]
    NotPositive {
        /// The currency.
        currency: Currency,
        /// The rate asked for.
        rate: Rate,
    },
    /// A source that cannot be written.
    #[error(transparent)]
    Source(#[from] TextError),
    /// No rate was set for the day or before.
    #[error("there is no exchange rate of {currency} on {day} or before; set one with set_rate")]
    NotFound {
        /// The currency.
        currency: Currency,
        /// The day.
        day: Day,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for RateError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            RateError::Denied(denied) => denied.problem(),
            RateError::OwnCurrency { .. } => {
                Problem::invalid("own_currency", detail).with_field("currency")
            }
            RateError::NotPositive { .. } => {
                Problem::invalid("rate_not_positive", detail).with_field("rate")
            }
            RateError::Source(error) => error.problem(),
            RateError::NotFound { .. } => Problem::refused("rate_not_found", detail),
            RateError::Store(error) => error.problem(),
        }
    }
}

/// Sets the exchange rate of a currency from a day on; a rate of the same day is replaced. What was
/// posted keeps the rate of its posting.
///
/// # Errors
/// [`RateError`], in its order.
pub fn set_rate(tx: &mut Tx<'_>, ctx: &Ctx, request: SetRate) -> Result<(), RateError> {
    ctx.require(SET_RATE)?;
    let SetRate { currency, from, rate, ref source } = request;
    if currency == ctx.currency {
        return Err(RateError::OwnCurrency { currency });
    }
    if rate <= Rate::ZERO {
        return Err(RateError::NotPositive { currency, rate });
    }
    check_text("source", source, MOST_SOURCE)?;
    tx.write(&tables::SET_RATE, params![ctx.company_id, currency, from, rate, source])?;
    ctx.audit(tx, SET_RATE, "company", ctx.company_id.raw(), serde_json::json!(request));
    Ok(())
}

/// The rates of some currencies on a day: what one unit of each is worth in the company's currency,
/// which counts 1 itself. One read for any number of currencies.
///
/// # Errors
/// [`RateError::NotFound`] for the first currency without a rate; the engine's.
pub fn rates_on(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    currencies: &[Currency],
    day: Day,
) -> Result<BTreeMap<Currency, Rate>, RateError> {
    let mut rates: BTreeMap<Currency, Rate> = BTreeMap::new();
    let mut foreign: BTreeSet<Currency> = currencies.iter().copied().collect();
    if foreign.remove(&ctx.currency) {
        rates.insert(ctx.currency, Rate::ONE);
    }
    if foreign.is_empty() {
        return Ok(rates);
    }
    let set = Rows::column(foreign.iter().copied());
    for row in tx.query(&tables::RATES_ON, params![ctx.company_id, day; set])? {
        rates.insert(row.get(0)?, row.get(1)?);
    }
    match foreign.into_iter().find(|currency| !rates.contains_key(currency)) {
        Some(currency) => Err(RateError::NotFound { currency, day }),
        None => Ok(rates),
    }
}

/// The rate of one currency on a day, see [`rates_on`].
///
/// # Errors
/// As [`rates_on`].
pub fn rate_on(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    currency: Currency,
    day: Day,
) -> Result<Rate, RateError> {
    let rates = rates_on(tx, ctx, &[currency], day)?;
    rates.get(&currency).copied().ok_or(RateError::NotFound { currency, day })
}
