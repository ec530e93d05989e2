//! `price_of`: what a supplier asks for a quantity on a day.

use crate::define_offers::{DefineOffer, Known, OfferError};
use crate::{READ, rules};
use base::{Currency, Day, NumberError, OfferId, Price, Problem, Quantity, Rate, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// What is asked.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceOf {
    /// The supplier's code.
    pub supplier: String,
    /// The item's SKU.
    pub sku: String,
    /// How much.
    pub quantity: Quantity,
    /// The unit of quantity and price; the item's purchase unit when left out.
    #[serde(default)]
    pub unit: Option<String>,
    /// The currency; the supplier's when left out.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// The day; today when left out.
    #[serde(default)]
    pub day: Option<Day>,
}

/// A supplier's price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Priced {
    /// The offer it comes from.
    pub offer_id: OfferId,
    /// What one unit costs, net.
    pub price: Price,
    /// What is taken off it.
    pub discount: Rate,
    /// In this currency.
    pub currency: Currency,
    /// Per this unit.
    pub unit: String,
    /// Days from order to arrival.
    pub lead_days: i64,
}

/// Why there is no price, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum PriceOfError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Supplier, item or unit is unknown.
    #[error(transparent)]
    Asked(#[from] OfferError),
    /// No offer holds.
    #[error("{supplier} has no offer for {quantity} {unit} of {sku} in {currency} on {day}")]
    NoOffer {
        /// The supplier.
        supplier: String,
        /// The item.
        sku: String,
        /// How much.
        quantity: Quantity,
        /// In this unit.
        unit: String,
        /// The currency.
        currency: Currency,
        /// The day.
        day: Day,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for PriceOfError {
    fn problem(&self) -> Problem {
        match self {
            PriceOfError::Denied(error) => error.problem(),
            PriceOfError::Asked(error) => error.problem(),
            PriceOfError::NoOffer { .. } => Problem::refused("no_offer", self.to_string()),
            PriceOfError::Number(error) => error.problem(),
            PriceOfError::Store(error) => error.problem(),
        }
    }
}

/// The price of a supplier's best offer for a quantity, per unit asked for.
///
/// # Errors
/// The first broken rule in the order of [`PriceOfError`].
pub fn price_of(tx: &mut Tx<'_>, ctx: &Ctx, request: PriceOf) -> Result<Priced, PriceOfError> {
    ctx.require(READ)?;
    let day = request.day.unwrap_or(ctx.today);
    let wanted = DefineOffer {
        supplier: request.supplier,
        sku: request.sku,
        currency: request.currency,
        unit: request.unit,
        min_quantity: Quantity::ZERO,
        multiple: Quantity::ZERO,
        lead_days: 0,
        from_on: Some(day),
        to_on: None,
        price: Price::ZERO,
        discount: Rate::ZERO,
        supplier_sku: String::new(),
    };
    let known = Known::load(tx, ctx, std::slice::from_ref(&wanted))?;
    let asked = known.offer(&wanted)?;
    let quantity = asked.ratio.convert(request.quantity, base::Rounding::Down)?;
    let offers: Vec<_> = known
        .offers
        .get(&(asked.partner_id, asked.item_id))
        .into_iter()
        .flatten()
        .filter(|offer| offer.currency == asked.currency)
        .cloned()
        .collect();
    let offer =
        rules::choose_offer(&offers, quantity, day).ok_or_else(|| PriceOfError::NoOffer {
            supplier: wanted.supplier.clone(),
            sku: wanted.sku.clone(),
            quantity: request.quantity,
            unit: asked.unit.clone(),
            currency: asked.currency,
            day,
        })?;
    Ok(Priced {
        offer_id: offer.id,
        price: rules::price_in(offer.price, offer.ratio, asked.ratio)?,
        discount: offer.discount,
        currency: offer.currency,
        unit: asked.unit,
        lead_days: offer.lead_days,
    })
}
