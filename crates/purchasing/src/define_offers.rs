//! `define_offers`: what suppliers ask, in sets. An offer of the same supplier, item, currency, unit,
//! least quantity and first day gets its new terms.

use crate::model::Offer;
use crate::tables::{self, Offers};
use crate::{DEFINE_OFFERS, OFFER, rules};
use base::{
    Currency, Day, Id, OfferId, Price, Problem, ProblemKind, Quantity, Rate, Rule, TextError,
    check_text,
};
use catalog::{Item, Unit};
use identity::{Ctx, Denied};
use partners::Partner;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// How many offers one request may have.
pub const MAX_OFFERS: usize = 1_000;

/// Offers to be written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineOffers {
    /// The offers, at most 1,000. One refusal refuses all of them.
    pub offers: Vec<DefineOffer>,
}

/// What a supplier asks for an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineOffer {
    /// The supplier's code.
    pub supplier: String,
    /// The item's SKU.
    pub sku: String,
    /// The currency; the supplier's when left out.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// The unit of quantity and price; the item's purchase unit when left out.
    #[serde(default)]
    pub unit: Option<String>,
    /// The least quantity; any when left out.
    #[serde(default)]
    pub min_quantity: Quantity,
    /// The quantity comes in multiples of this; any when left out.
    #[serde(default)]
    pub multiple: Quantity,
    /// Days from order to arrival.
    #[serde(default)]
    pub lead_days: i64,
    /// The first day it holds; today when left out.
    #[serde(default)]
    pub from_on: Option<Day>,
    /// The last day it holds; no end when left out.
    #[serde(default)]
    pub to_on: Option<Day>,
    /// What one unit costs, net.
    pub price: Price,
    /// What is taken off it: 0.05 is 5 %.
    #[serde(default)]
    pub discount: Rate,
    /// The supplier's number of the item.
    #[serde(default)]
    pub supplier_sku: String,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OffersDefined {
    /// New offers.
    pub created: u32,
    /// Offers with new terms.
    pub changed: u32,
    /// Offers that were so already.
    pub unchanged: u32,
}

/// Why one offer was refused, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum OfferError {
    /// There is no such supplier in use.
    #[error("there is no supplier {0:?} in use")]
    UnknownSupplier(String),
    /// There is no such item in use.
    #[error("there is no item {0:?} in use")]
    UnknownItem(String),
    /// The unit does not convert into the stock unit.
    #[error("{unit:?} does not convert into {kept}, in which {sku} is kept")]
    WrongUnit {
        /// The unit asked for.
        unit: String,
        /// The item.
        sku: String,
        /// Its stock unit.
        kept: String,
    },
    /// A number below zero, or a discount above 1.
    #[error("{field} is out of range")]
    OutOfRange {
        /// Which one.
        field: &'static str,
    },
    /// The last day lies before the first.
    #[error("the offer ends on {to_on}, before it begins on {from_on}")]
    EndsBefore {
        /// The first day.
        from_on: Day,
        /// The last day.
        to_on: Day,
    },
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
}

impl Rule for OfferError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            OfferError::UnknownSupplier(_) => {
                Problem::refused("unknown_supplier", detail).with_field("supplier")
            }
            OfferError::UnknownItem(_) => {
                Problem::refused("unknown_item", detail).with_field("sku")
            }
            OfferError::WrongUnit { .. } => {
                Problem::refused("wrong_unit", detail).with_field("unit")
            }
            OfferError::OutOfRange { field } => {
                Problem::invalid("offer_out_of_range", detail).with_field(field)
            }
            OfferError::EndsBefore { .. } => {
                Problem::invalid("offer_ends_before", detail).with_field("to_on")
            }
            OfferError::Text(error) => error.problem(),
        }
    }
}

/// Why no offer was written.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DefineOffersError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Too many at once.
    #[error("{got} offers in one request; send at most {MAX_OFFERS}")]
    TooMany {
        /// How many were sent.
        got: usize,
    },
    /// One was refused.
    #[error("offer {number}: {error}")]
    Refused {
        /// Which one, from 1.
        number: usize,
        /// Why.
        error: OfferError,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for DefineOffersError {
    fn problem(&self) -> Problem {
        match self {
            DefineOffersError::Denied(error) => error.problem(),
            DefineOffersError::TooMany { .. } => {
                Problem::new(ProblemKind::TooLarge, "too_many_offers", self.to_string())
            }
            DefineOffersError::Refused { error, .. } => {
                Problem { detail: self.to_string(), ..error.problem() }
            }
            DefineOffersError::Store(error) => error.problem(),
        }
    }
}

/// Writes offers.
///
/// # Errors
/// The first broken rule in the order of [`DefineOffersError`].
pub fn define_offers(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DefineOffers,
) -> Result<OffersDefined, DefineOffersError> {
    ctx.require(OFFER)?;
    if request.offers.len() > MAX_OFFERS {
        return Err(DefineOffersError::TooMany { got: request.offers.len() });
    }
    let mut known = Known::load(tx, ctx, &request.offers)?;
    let mut plan = Plan::default();
    for (index, asked) in request.offers.iter().enumerate() {
        let refused = |error| DefineOffersError::Refused { number: index + 1, error };
        let offer = known.offer(asked).map_err(refused)?;
        plan.add(tx, &mut known.offers, offer)?;
    }
    plan.record(tx, ctx)
}

/// What offers name, and the offers there are.
pub(crate) struct Known {
    partners: HashMap<String, Partner>,
    items: HashMap<String, Item>,
    units: Vec<Unit>,
    pub offers: Offers,
    today: Day,
}

impl Known {
    pub(crate) fn load(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        asked: &[DefineOffer],
    ) -> Result<Known, StoreError> {
        let company = ctx.company_id;
        let codes: BTreeSet<&str> = asked.iter().map(|offer| offer.supplier.as_str()).collect();
        let skus: BTreeSet<&str> = asked.iter().map(|offer| offer.sku.as_str()).collect();
        let partners =
            partners::partners_by_code(tx, company, &codes.into_iter().collect::<Vec<_>>())?;
        let items = catalog::items_by_sku(tx, company, &skus.into_iter().collect::<Vec<_>>())?;
        let key = |offer: &DefineOffer| {
            Some((partners.get(&offer.supplier)?.id, items.get(&offer.sku)?.id))
        };
        let offers = tables::offers_of(tx, company, &asked.iter().filter_map(key).collect())?;
        let units = catalog::units(tx, company)?;
        Ok(Known { partners, items, units, offers, today: ctx.today })
    }

    /// Decides an offer; its id is that of none yet.
    pub(crate) fn offer(&self, asked: &DefineOffer) -> Result<Offer, OfferError> {
        let partner = self.partners.get(&asked.supplier).filter(|p| p.supplier && p.active);
        let partner = partner.ok_or_else(|| OfferError::UnknownSupplier(asked.supplier.clone()))?;
        let item = self.items.get(&asked.sku).filter(|item| item.active);
        let item = item.ok_or_else(|| OfferError::UnknownItem(asked.sku.clone()))?;
        let unit = asked.unit.clone().unwrap_or_else(|| item.purchase_unit.code.clone());
        let ratio = rules::ratio_to_stock(item, &self.units, &unit).ok_or_else(|| {
            let (unit, sku) = (unit.clone(), item.sku.clone());
            OfferError::WrongUnit { unit, sku, kept: item.stock_unit.code.clone() }
        })?;
        let in_range = [
            ("min_quantity", !asked.min_quantity.is_negative()),
            ("multiple", !asked.multiple.is_negative()),
            ("lead_days", (0..=3_650).contains(&asked.lead_days)),
            ("price", asked.price >= Price::ZERO),
            ("discount", (Rate::ZERO..=Rate::ONE).contains(&asked.discount)),
        ];
        if let Some((field, _)) = in_range.iter().find(|(_, fine)| !fine) {
            return Err(OfferError::OutOfRange { field });
        }
        let from_on = asked.from_on.unwrap_or(self.today);
        if let Some(to_on) = asked.to_on.filter(|last| *last < from_on) {
            return Err(OfferError::EndsBefore { from_on, to_on });
        }
        check_text("supplier_sku", &asked.supplier_sku, 64)?;
        Ok(Offer {
            id: OfferId::from_raw(0),
            partner_id: partner.id,
            item_id: item.id,
            currency: asked.currency.unwrap_or(partner.currency),
            unit,
            ratio,
            min_quantity: asked.min_quantity,
            multiple: asked.multiple,
            lead_days: asked.lead_days,
            from_on,
            to_on: asked.to_on,
            price: asked.price,
            discount: asked.discount,
            supplier_sku: asked.supplier_sku.clone(),
        })
    }
}

/// Offers to be written, and how many there are of each sort.
#[derive(Default)]
pub(crate) struct Plan {
    write: Vec<Offer>,
    pub told: Counts,
}

/// How many offers are new, changed and unchanged.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counts {
    pub created: u32,
    pub changed: u32,
    pub unchanged: u32,
}

impl Plan {
    /// Adds an offer against those there are, which take it on.
    pub(crate) fn add(
        &mut self,
        tx: &mut Tx<'_>,
        offers: &mut Offers,
        mut offer: Offer,
    ) -> Result<(), StoreError> {
        let known = offers.entry((offer.partner_id, offer.item_id)).or_default();
        let same = |other: &&mut Offer| {
            (other.currency, &other.unit, other.min_quantity, other.from_on)
                == (offer.currency, &offer.unit, offer.min_quantity, offer.from_on)
        };
        match known.iter_mut().find(same) {
            Some(other) => {
                offer.id = other.id;
                if *other == offer {
                    self.told.unchanged += 1;
                    return Ok(());
                }
                self.told.changed += 1;
                self.write.retain(|planned| planned.id != offer.id);
                *other = offer.clone();
            }
            None => {
                offer.id = tx.id()?;
                self.told.created += 1;
                known.push(offer.clone());
            }
        }
        self.write.push(offer);
        Ok(())
    }

    /// Writes what was planned.
    pub(crate) fn record(
        self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
    ) -> Result<OffersDefined, DefineOffersError> {
        let Counts { created, changed, unchanged } = self.told;
        if !self.write.is_empty() {
            tables::upsert_offers(tx, ctx.company_id, &self.write)?;
            let detail = serde_json::json!({ "created": created, "changed": changed });
            ctx.audit(tx, DEFINE_OFFERS, "company", ctx.company_id.raw(), detail);
        }
        Ok(OffersDefined { created, changed, unchanged })
    }
}
