//! What a decision is made from, put together for one spot from what was read for many.

use crate::ALGORITHM;
use crate::basis::{Basis, Break, Candidate, Choose, Dated, Levels, Source};
use crate::model::Spot;
use crate::rules;
use crate::tables::{Drawn, Offered, Supply, There};
use base::{
    Currency, Day, ItemId, NumberError, Price, Quantity, Ratio, Rounding, WarehouseId, mul_div,
};
use catalog::Item;
use identity::Policies;
use std::collections::BTreeMap;

/// The company's settings of planning, and the day from which a run looks ahead.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub today: Day,
    pub home: Currency,
    pub choose: Choose,
    pub horizon_days: i64,
    pub days_to_purchase: i64,
    pub merge_window_days: i64,
    pub multiple_tolerance_percent: i64,
    /// Whether automation asks for nothing but a supplier.
    pub lenient: bool,
}

impl Settings {
    pub(crate) fn of(policies: &Policies, today: Day, home: Currency) -> Settings {
        let choose =
            if policies.is("choose_supplier", "price") { Choose::Price } else { Choose::LeadTime };
        Settings {
            today,
            home,
            choose,
            horizon_days: policies.number("horizon_days"),
            days_to_purchase: policies.number("days_to_purchase"),
            merge_window_days: policies.number("merge_window_days"),
            multiple_tolerance_percent: policies.number("multiple_tolerance_percent"),
            lenient: policies.is("automation_requires", "supplier"),
        }
    }

    /// The day on which an order of today is placed.
    pub(crate) fn order_day(&self) -> Result<Day, NumberError> {
        self.today.plus(self.days_to_purchase).map_err(|_| NumberError::OutOfRange)
    }
}

/// The warehouse that supplies a spot.
pub(crate) struct SuppliedFrom<'s> {
    pub warehouse_id: WarehouseId,
    pub code: &'s str,
    /// Days from there to the spot's warehouse, zero when nobody said.
    pub lead_days: i64,
}

/// The basis of a spot's decisions. What is proposed from its warehouse for other places is wanted
/// there; of what is proposed from the one that supplies it, that which `precedes` is.
pub(crate) fn basis(
    spot: &Spot,
    item: &Item,
    supply: &Supply,
    settings: &Settings,
    source: Option<SuppliedFrom<'_>>,
    precedes: impl Fn(&Drawn) -> bool,
) -> Result<Basis, NumberError> {
    let rule = spot.rule.as_ref();
    let mut levels = rule.map_or(NOTHING, |rule| rule.levels);
    levels.horizon_days = rule.and_then(|rule| rule.horizon_days).unwrap_or(settings.horizon_days);
    let site = Site {
        item_id: spot.item_id,
        warehouse_id: spot.warehouse_id,
        path: &spot.path,
        whole_warehouse: spot.whole_warehouse,
    };
    let (on_hand, reserved) = site.lying(supply)?;
    let preferred = rule.and_then(|rule| rule.partner_id);
    let mut candidates = Vec::new();
    // Where a warehouse supplies, nobody else does.
    let offered = supply.offered.get(&spot.item_id).filter(|_| source.is_none());
    for mut candidate in candidates_of(offered, settings.home)? {
        candidate.preferred = preferred == Some(candidate.partner_id);
        candidates.push(candidate);
    }
    let mut basis = Basis {
        algorithm: ALGORITHM,
        planned_on: settings.today,
        rule_version: rule.map_or(0, |rule| rule.version),
        levels,
        multiple_tolerance_percent: settings.multiple_tolerance_percent,
        choose: settings.choose,
        days_to_purchase: if source.is_some() { 0 } else { settings.days_to_purchase },
        whole: item.stock_unit.whole,
        on_hand,
        reserved,
        incoming: Vec::new(),
        demand: Vec::new(),
        candidates,
        source: source.as_ref().map(|from| Source {
            warehouse_id: from.warehouse_id,
            warehouse: from.code.to_owned(),
            unit: item.stock_unit.code.clone(),
            lead_days: from.lead_days,
            on_hand: Quantity::ZERO,
            incoming: Vec::new(),
            demand: Vec::new(),
        }),
        needed_on: None,
    };
    let last = rules::last_day(&basis)?;
    basis.incoming = site.coming(supply, last)?;
    basis.demand = site.wanted(supply, last, |_| true)?;
    if let Some(source) = &mut basis.source {
        let there = Site {
            item_id: spot.item_id,
            warehouse_id: source.warehouse_id,
            path: &source.warehouse,
            whole_warehouse: true,
        };
        let (on_hand, incoming) = (there.lying(supply)?.0, there.coming(supply, last)?);
        let demand = there.wanted(supply, last, precedes)?;
        (source.on_hand, source.incoming, source.demand) = (on_hand, incoming, demand);
    }
    Ok(basis)
}

/// An item without a rule orders what is short.
const NOTHING: Levels = Levels {
    min: Quantity::ZERO,
    max: Quantity::ZERO,
    reorder_point: None,
    multiple: Quantity::ZERO,
    minimum: Quantity::ZERO,
    lead_days: None,
    horizon_days: 0,
    visibility_days: 0,
};

/// An item at a place, or in a whole warehouse.
struct Site<'s> {
    item_id: ItemId,
    warehouse_id: WarehouseId,
    path: &'s str,
    whole_warehouse: bool,
}

impl Site<'_> {
    /// Whether a place is this one or below it; where this stands for the warehouse, every place of
    /// it is, also that where goods are received and wait to be put away.
    fn has(&self, warehouse_id: WarehouseId, path: &str) -> bool {
        let inside = path.strip_prefix(self.path);
        let inside = inside.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        warehouse_id == self.warehouse_id && (self.whole_warehouse || inside)
    }

    /// What lies here, and what of it is kept.
    fn lying(&self, supply: &Supply) -> Result<(Quantity, Quantity), NumberError> {
        let (mut on_hand, mut reserved) = (Quantity::ZERO, Quantity::ZERO);
        for row in supply.lying.get(&self.item_id).into_iter().flatten() {
            if self.has(row.warehouse_id, &row.path) {
                on_hand = on_hand.checked_add(row.on_hand)?;
                reserved = reserved.checked_add(row.reserved)?;
            }
        }
        Ok((on_hand, reserved))
    }

    /// What comes here: what names a place here, and what names none where this stands for the
    /// warehouse.
    fn coming(&self, supply: &Supply, last: Day) -> Result<Vec<Dated>, NumberError> {
        let here = |there: &&There| self.has(there.warehouse_id, &there.path);
        let coming = supply.coming.get(&self.item_id).into_iter().flatten();
        by_day(coming.filter(here).map(|there| there.dated), last)
    }

    /// What is wanted from here: all that is wanted of the warehouse where this stands for it, with
    /// what is proposed from it for other places as far as that `counts`, and elsewhere what is kept
    /// here for somebody.
    fn wanted(
        &self,
        supply: &Supply,
        last: Day,
        counts: impl Fn(&Drawn) -> bool,
    ) -> Result<Vec<Dated>, NumberError> {
        if !self.whole_warehouse {
            let kept = supply.kept.get(&self.item_id).into_iter().flatten();
            let here = kept.filter(|there| self.has(there.warehouse_id, &there.path));
            return by_day(here.map(|there| there.dated), last);
        }
        let wanted = supply.wanted.get(&self.item_id).into_iter().flatten();
        let leaving = supply.leaving.get(&self.item_id).into_iter().flatten();
        let of_warehouse = |there: &&There| there.warehouse_id == self.warehouse_id;
        let all = wanted.chain(leaving).filter(of_warehouse).map(|there| there.dated);
        let drawn = supply.drawn.get(&self.item_id).into_iter().flatten();
        let drawn = drawn.filter(|drawn| drawn.source_id == self.warehouse_id && counts(drawn));
        let drawn = drawn.map(|drawn| Dated { on: drawn.on, quantity: drawn.quantity });
        by_day(all.chain(drawn), last)
    }
}

fn by_day(list: impl Iterator<Item = Dated>, last: Day) -> Result<Vec<Dated>, NumberError> {
    let mut days: BTreeMap<Day, Quantity> = BTreeMap::new();
    for dated in list.filter(|dated| dated.on <= last) {
        let quantity = days.entry(dated.on).or_default();
        *quantity = quantity.checked_add(dated.quantity)?;
    }
    Ok(days.into_iter().map(|(on, quantity)| Dated { on, quantity }).collect())
}

/// The suppliers of offers, each with its offers in the order in which a price is looked for. An
/// offer in a currency without a rate cannot be compared and is left out.
pub(crate) fn candidates_of(
    offered: Option<&Vec<Offered>>,
    home: Currency,
) -> Result<Vec<Candidate>, NumberError> {
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut sorted = Vec::new();
    for offer in offered.into_iter().flatten() {
        if let Some(unit_cost) = unit_cost(offer, home)? {
            let least = ratio_of(offer)?.convert(offer.min_quantity, Rounding::Up)?;
            sorted.push((least, offer, unit_cost));
        }
    }
    sorted.sort_by_key(|(least, offer, cost)| {
        let key = (offer.supplier.clone(), offer.currency);
        (key, *least, offer.from_on, std::cmp::Reverse(*cost), std::cmp::Reverse(offer.offer_id))
    });
    for (_, offer, unit_cost) in sorted {
        let found = Break {
            offer_id: offer.offer_id,
            unit: offer.unit.clone(),
            numerator: offer.numerator,
            denominator: offer.denominator,
            whole: offer.whole,
            min_quantity: offer.min_quantity,
            multiple: offer.multiple,
            lead_days: offer.lead_days,
            price: offer.price,
            discount: offer.discount,
            unit_cost,
        };
        match candidates.last_mut() {
            Some(last)
                if (last.partner_id, last.currency) == (offer.partner_id, offer.currency) =>
            {
                last.offers.push(found);
            }
            _ => candidates.push(Candidate {
                partner_id: offer.partner_id,
                supplier: offer.supplier.clone(),
                preferred: false,
                currency: offer.currency,
                offers: vec![found],
            }),
        }
    }
    Ok(candidates)
}

fn ratio_of(offer: &Offered) -> Result<Ratio, NumberError> {
    Ratio::new(offer.numerator, offer.denominator)
}

/// What a stock unit costs by an offer after discount, in the company's currency.
fn unit_cost(offer: &Offered, home: Currency) -> Result<Option<Price>, NumberError> {
    let price = offer.price.apply_percent_discount(offer.discount)?;
    let each = ratio_of(offer)?.invert();
    let each = mul_div(price.micro(), each.numerator(), each.denominator(), Rounding::HalfUp)?;
    match offer.rate {
        _ if offer.currency == home => Ok(Some(Price::from_micro(each))),
        Some(rate) => Ok(Some(Price::from_micro(rate.apply(each, Rounding::HalfUp)?))),
        None => Ok(None),
    }
}
