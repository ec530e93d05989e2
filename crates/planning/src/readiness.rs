//! `readiness`: what each item lacks before its replenishment may run by itself, and whose it is to
//! say. Automation that runs on missing lead times and made-up costs buys the wrong things quickly.

use crate::basis::Candidate;
use crate::gather;
use crate::tables;
use crate::words::Missing;
use crate::{READ, gather::Settings};
use base::{BadCursor, ItemId, NumberError, Page, Paging, Price, Problem, Rule};
use catalog::Item;
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Which items to look at.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReadinessFilter {
    /// Only this item, by SKU.
    pub sku: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many items, 1 to 200; 200 when absent.
    pub limit: Option<i64>,
}

/// Whether an item is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Readiness {
    /// The item.
    pub item_id: ItemId,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Whether nothing is missing.
    pub ready: bool,
    /// What is missing.
    pub missing: Vec<Gap>,
}

/// Something that is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Gap {
    /// What.
    pub what: Missing,
    /// The permission of those who own it.
    #[serde(skip_deserializing)]
    pub owner: &'static str,
}

/// Why readiness cannot be told.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ReadinessError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor is not one of this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReadinessError {
    fn problem(&self) -> Problem {
        match self {
            ReadinessError::Denied(error) => error.problem(),
            ReadinessError::Cursor(error) => error.problem(),
            ReadinessError::Number(error) => error.problem(),
            ReadinessError::Store(error) => error.problem(),
        }
    }
}

/// Goods in use by SKU, each with what it lacks.
///
/// # Errors
/// The first broken rule in the order of [`ReadinessError`].
pub fn readiness(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &ReadinessFilter,
) -> Result<Page<Readiness>, ReadinessError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: String = paging.after(String::new())?;
    let goods = tables::goods(tx, ctx.company_id, &after, filter.sku.as_deref(), paging.limit())?;
    let ids: Vec<ItemId> = goods.iter().map(|(id, ..)| *id).collect();
    let mut lines = Vec::with_capacity(goods.len());
    if !ids.is_empty() {
        let settings =
            Settings::of(&identity::policies(tx, ctx.company_id)?, ctx.today, ctx.currency);
        let day = settings.order_day()?;
        let set: BTreeSet<ItemId> = ids.iter().copied().collect();
        let offered = tables::offered(tx, ctx.company_id, &set, day)?;
        let ruled = tables::ruled(tx, ctx.company_id, &set)?;
        let items = catalog::items_by_id(tx, ctx.company_id, &ids)?;
        let ready = Ready::load(tx, ctx, &ids)?;
        for (item_id, sku, name) in goods {
            let Some(item) = items.get(&item_id) else { continue };
            let candidates = gather::candidates_of(offered.get(&item_id), ctx.currency)?;
            let rules = ruled.get(&item_id);
            let bought = Bought {
                supplier: !candidates.is_empty(),
                timed: rules.is_some_and(|rules| rules.timed) || candidates.iter().any(is_timed),
            };
            let found = Found {
                rule: rules.is_some(),
                // Without a rule it is bought, too, when it is short.
                bought: rules.is_none_or(|rules| rules.bought).then_some(bought),
                untimed_source: rules.is_some_and(|rules| rules.untimed_source),
            };
            let missing = ready.missing(item, found);
            let gap = |what: Missing| Gap { what, owner: what.owner() };
            lines.push(Readiness {
                item_id,
                sku,
                name,
                ready: missing.is_empty(),
                missing: missing.into_iter().map(gap).collect(),
            });
        }
    }
    Ok(paging.page(lines, |line| line.sku.clone()))
}

fn is_timed(candidate: &Candidate) -> bool {
    candidate.offers.iter().any(|offer| offer.lead_days > 0)
}

/// What planning itself found of an item.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Found {
    pub rule: bool,
    /// How suppliers deliver it; none where only warehouses supply it.
    pub bought: Option<Bought>,
    /// Whether a warehouse supplies it without anybody saying how long it takes.
    pub untimed_source: bool,
}

/// What planning itself found of an item that suppliers deliver.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bought {
    pub supplier: bool,
    /// Whether rule or offers say how long it takes.
    pub timed: bool,
}

/// What other domains know of items.
pub(crate) struct Ready {
    costs: BTreeMap<ItemId, Price>,
    tax_codes: BTreeSet<String>,
    units: HashMap<String, catalog::Unit>,
}

impl Ready {
    pub(crate) fn load(tx: &mut Tx<'_>, ctx: &Ctx, items: &[ItemId]) -> Result<Ready, StoreError> {
        let units = catalog::units(tx, ctx.company_id)?;
        let taxes = accounting::tax_codes_on(tx, ctx.company_id, ctx.today)?;
        Ok(Ready {
            costs: valuation::unit_cost(tx, ctx, items)?,
            tax_codes: taxes.into_iter().map(|rate| rate.code).collect(),
            units: units.into_iter().map(|unit| (unit.code.clone(), unit)).collect(),
        })
    }

    /// The tax code of an item as an order takes it; none where the books know no such code.
    pub(crate) fn tax_code(&self, item: &Item) -> String {
        if self.tax_codes.contains(&item.tax_code) { item.tax_code.clone() } else { String::new() }
    }

    /// What an item lacks.
    pub(crate) fn missing(&self, item: &Item, found: Found) -> Vec<Missing> {
        // What a warehouse supplies is neither ordered nor priced on its way.
        let bought = found.bought.is_some();
        let is = |what: fn(Bought) -> bool| found.bought.is_none_or(what);
        let bought_in = self.units.get(&item.purchase_unit.code);
        let convertible = bought_in.is_some_and(|unit| catalog::ratio_to_stock(item, unit).is_ok());
        let costed = self.costs.get(&item.id).is_some_and(|cost| *cost > Price::ZERO);
        [
            (Missing::Rule, found.rule),
            (Missing::Supplier, is(|bought| bought.supplier)),
            (Missing::LeadTime, is(|bought| bought.timed)),
            (Missing::PurchaseUnit, !bought || convertible),
            (Missing::Cost, !bought || costed),
            (Missing::TaxCode, !bought || self.tax_codes.contains(&item.tax_code)),
            (Missing::TransferLeadTime, !found.untimed_source),
        ]
        .into_iter()
        .filter_map(|(missing, there)| (!there).then_some(missing))
        .collect()
    }
}
