//! `set_rules`: how much of which item there shall be where, in sets. A rule of the same item and
//! place gets its new numbers and a new version.

use crate::basis::Levels;
use crate::model::Rule;
use crate::rules;
use crate::tables::{self, SuppliedBy};
use crate::words::Trigger;
use crate::{APPROVE, RULE, SET_RULES};
use base::{
    Day, Id, ItemId, PartnerId, PlaceId, Problem, ProblemKind, Quantity, RuleId, WarehouseId,
};
use catalog::{Item, ItemKind};
use identity::{Ctx, Denied};
use partners::Partner;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use stock::{Class, FoundPlace, PlaceKind};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// How many rules one request may have.
pub const MAX_RULES: usize = 1_000;

/// The most days that a rule can speak of.
const MOST_DAYS: i64 = 3_650;

/// Rules to be written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRules {
    /// The rules, at most 1,000. One refusal refuses all of them.
    pub rules: Vec<SetRule>,
}

/// How much of an item there shall be at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetRule {
    /// The item's SKU.
    pub sku: String,
    /// The path of the place: a warehouse's stock such as `WH/Stock`, or a place in it.
    pub place: String,
    /// Stock that is projected below this is filled up. In the stock unit, like all quantities.
    pub min: Quantity,
    /// Up to here; not below `min`.
    pub max: Quantity,
    /// Stock that is projected at or below this is filled up, too; below `max`.
    #[serde(default)]
    pub reorder_point: Option<Quantity>,
    /// Orders come in multiples of this; any when left out.
    #[serde(default)]
    pub multiple: Quantity,
    /// No order is less; any when left out.
    #[serde(default)]
    pub minimum: Quantity,
    /// Days from order to arrival; the supplier's offer says when left out, and with a `source` the
    /// lead time between the warehouses.
    #[serde(default)]
    pub lead_days: Option<i64>,
    /// Days after the arrival that decide, too, whether to order; the company's when left out.
    #[serde(default)]
    pub horizon_days: Option<i64>,
    /// Days after those that widen the quantity, and not whether to order.
    #[serde(default)]
    pub visibility_days: i64,
    /// Who turns its proposals into orders; a person when left out.
    #[serde(default)]
    pub trigger: Option<Trigger>,
    /// The preferred supplier, by code.
    #[serde(default)]
    pub supplier: Option<String>,
    /// The warehouse that supplies the place instead of suppliers, by code.
    #[serde(default)]
    pub source: Option<String>,
    /// Nothing is proposed before this day.
    #[serde(default)]
    pub snoozed_until: Option<Day>,
    /// Whether it is out of use.
    #[serde(default)]
    pub retired: bool,
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RulesSet {
    /// New rules.
    pub created: u32,
    /// Rules with new numbers.
    pub changed: u32,
    /// Rules that were so already.
    pub unchanged: u32,
}

/// Why one rule was refused, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum RuleError {
    /// There are no such goods in use. A rule is retired also when its goods went out of use.
    #[error("there are no goods {0:?} in use; name an item that is kept in stock")]
    UnknownItem(String),
    /// There is no such place for normal stock.
    #[error("there is no place {0:?} of normal stock; name a warehouse's stock or a place in it")]
    UnknownPlace(String),
    /// There is no such supplier in use. A rule is retired also when its supplier went out of use.
    #[error("there is no supplier {0:?} in use; name one that is, or none to prefer nobody")]
    UnknownSupplier(String),
    /// There is no such warehouse.
    #[error("there is no warehouse {0:?}; name one of the company's")]
    UnknownSource(String),
    /// A place is supplied by its own warehouse.
    #[error("{0} cannot supply itself; name another warehouse, or none to buy from suppliers")]
    OwnWarehouse(String),
    /// A supplier is preferred where a warehouse supplies.
    #[error(
        "the rule names both the supplier {supplier} and the warehouse {source_code}; keep one of them"
    )]
    TwoSources {
        /// The supplier.
        supplier: String,
        /// The warehouse.
        source_code: String,
    },
    /// Warehouses would supply each other.
    #[error(
        "the item would go in a circle: {}; let one of these warehouses buy it from suppliers",
        .0.join(" from ")
    )]
    Circle(Vec<String>),
    /// A number below zero or too large.
    #[error("{field} is out of range")]
    OutOfRange {
        /// Which one.
        field: &'static str,
    },
    /// The maximum lies below the minimum.
    #[error("the maximum {max} is below the minimum {min}; fill up to the minimum or more")]
    MaxBelowMin {
        /// The minimum.
        min: Quantity,
        /// The maximum.
        max: Quantity,
    },
    /// What is filled up to would be short again.
    #[error("the reorder point {point} is not below the maximum {max}; an order would not end it")]
    PointNotBelowMax {
        /// The reorder point.
        point: Quantity,
        /// The maximum.
        max: Quantity,
    },
}

impl base::Rule for RuleError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            RuleError::UnknownItem(_) => Problem::refused("unknown_item", detail).with_field("sku"),
            RuleError::UnknownPlace(_) => {
                Problem::refused("unknown_place", detail).with_field("place")
            }
            RuleError::UnknownSupplier(_) => {
                Problem::refused("unknown_supplier", detail).with_field("supplier")
            }
            RuleError::UnknownSource(_) => {
                Problem::refused("unknown_warehouse", detail).with_field("source")
            }
            RuleError::OwnWarehouse(_) => {
                Problem::refused("same_warehouse", detail).with_field("source")
            }
            RuleError::TwoSources { .. } => {
                Problem::refused("two_sources", detail).with_field("source")
            }
            RuleError::Circle(_) => Problem::refused("source_circle", detail).with_field("source"),
            RuleError::OutOfRange { field } => {
                Problem::invalid("rule_out_of_range", detail).with_field(field)
            }
            RuleError::MaxBelowMin { .. } => {
                Problem::invalid("max_below_min", detail).with_field("max")
            }
            RuleError::PointNotBelowMax { .. } => {
                Problem::invalid("point_not_below_max", detail).with_field("reorder_point")
            }
        }
    }
}

/// Why no rule was written.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum SetRulesError {
    /// The caller may not; automatic rules need the permission to approve, too.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Too many at once.
    #[error("{got} rules in one request; send at most {MAX_RULES}")]
    TooMany {
        /// How many were sent.
        got: usize,
    },
    /// One was refused.
    #[error("rule {number}: {error}")]
    Refused {
        /// Which one, from 1.
        number: usize,
        /// Why.
        error: RuleError,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl base::Rule for SetRulesError {
    fn problem(&self) -> Problem {
        match self {
            SetRulesError::Denied(error) => error.problem(),
            SetRulesError::TooMany { .. } => {
                Problem::new(ProblemKind::TooLarge, "too_many_rules", self.to_string())
            }
            SetRulesError::Refused { error, .. } => {
                Problem { detail: self.to_string(), ..error.problem() }
            }
            SetRulesError::Store(error) => error.problem(),
        }
    }
}

/// Writes rules.
///
/// # Errors
/// The first broken rule in the order of [`SetRulesError`].
pub fn set_rules(tx: &mut Tx<'_>, ctx: &Ctx, request: SetRules) -> Result<RulesSet, SetRulesError> {
    ctx.require(RULE)?;
    if request.rules.len() > MAX_RULES {
        return Err(SetRulesError::TooMany { got: request.rules.len() });
    }
    let mut known = Known::load(tx, ctx, &request.rules)?;
    let mut plan = Plan::default();
    for (index, asked) in request.rules.iter().enumerate() {
        let refused = |error| SetRulesError::Refused { number: index + 1, error };
        let rule = known.rule(asked).map_err(refused)?;
        plan.add(tx, &mut known.rules, rule)?;
    }
    for (index, asked) in request.rules.iter().enumerate() {
        let refused = |error| SetRulesError::Refused { number: index + 1, error };
        known.refuse_circle(asked).map_err(refused)?;
    }
    plan.record(tx, ctx)
}

/// What rules name, and the rules there are.
pub(crate) struct Known {
    items: HashMap<String, Item>,
    places: BTreeMap<String, FoundPlace>,
    partners: HashMap<String, Partner>,
    /// By id; only where a rule names one.
    warehouses: BTreeMap<WarehouseId, String>,
    /// How warehouses supply the items, before this request.
    supplied: SuppliedBy,
    pub rules: HashMap<(ItemId, PlaceId), Rule>,
}

impl Known {
    pub(crate) fn load(tx: &mut Tx<'_>, ctx: &Ctx, asked: &[SetRule]) -> Result<Known, StoreError> {
        let company = ctx.company_id;
        let skus: BTreeSet<&str> = asked.iter().map(|rule| rule.sku.as_str()).collect();
        let codes: BTreeSet<&str> =
            asked.iter().filter_map(|rule| rule.supplier.as_deref()).collect();
        let items = catalog::items_by_sku(tx, company, &skus.into_iter().collect::<Vec<_>>())?;
        let places = stock::find_places(tx, company, asked.iter().map(|rule| rule.place.as_str()))?;
        let partners =
            partners::partners_by_code(tx, company, &codes.into_iter().collect::<Vec<_>>())?;
        let (mut warehouses, mut supplied) = (BTreeMap::new(), SuppliedBy::new());
        if asked.iter().any(|rule| rule.source.is_some()) {
            let all = stock::warehouses(tx, company)?;
            warehouses = all.into_iter().map(|it| (it.warehouse_id, it.code)).collect();
            // Two rules set at once, which make a circle only together, come one after the other.
            tables::lock_scopes(tx, company, &warehouses.keys().copied().collect())?;
            let ids = items.values().map(|item| item.id).collect();
            supplied = tables::supplied(tx, company, &ids)?;
        }
        let at =
            |rule: &SetRule| Some((items.get(&rule.sku)?.id, places.get(&rule.place)?.place_id));
        let rules = tables::rules_at(tx, company, &asked.iter().filter_map(at).collect())?;
        Ok(Known { items, places, partners, warehouses, supplied, rules })
    }

    /// Refuses a rule by which an item would go in a circle from warehouse to warehouse, once all
    /// rules of the request were added.
    pub(crate) fn refuse_circle(&self, asked: &SetRule) -> Result<(), RuleError> {
        let at = self.items.get(&asked.sku).zip(self.places.get(&asked.place));
        let Some((item, place)) = at.filter(|_| asked.source.is_some() && !asked.retired) else {
            return Ok(());
        };
        let before = self
            .supplied
            .iter()
            .filter(|((id, place), _)| *id == item.id && !self.rules.contains_key(&(*id, *place)));
        let before = before.map(|(_, (to, from))| (*to, *from));
        let now = self.rules.values().filter(|rule| rule.item_id == item.id && rule.active);
        let now = now.filter_map(|rule| Some((rule.warehouse_id, rule.source_id?)));
        let edges: BTreeSet<(WarehouseId, WarehouseId)> = before.chain(now).collect();
        match rules::circle(&edges, place.warehouse_id) {
            None => Ok(()),
            Some(circle) => {
                let code = |id: WarehouseId| self.warehouses.get(&id).cloned().unwrap_or_default();
                Err(RuleError::Circle(circle.into_iter().map(code).collect()))
            }
        }
    }

    /// Decides a rule; its id and version are those of none yet. One that goes out of use may name an
    /// item and a supplier that did so before it.
    ///
    /// # Errors
    /// The first that is wrong with it, in the order of [`RuleError`].
    pub(crate) fn rule(&self, asked: &SetRule) -> Result<Rule, RuleError> {
        let item = self.items.get(&asked.sku);
        let item = item
            .filter(|item| (item.active || asked.retired) && item.kind == ItemKind::Goods)
            .ok_or_else(|| RuleError::UnknownItem(asked.sku.clone()))?;
        let place = self.places.get(&asked.place);
        let place = place
            .filter(|place| place.kind == PlaceKind::Internal && place.class == Class::Normal)
            .ok_or_else(|| RuleError::UnknownPlace(asked.place.clone()))?;
        let supplier = |code: &String| {
            let found = self.partners.get(code);
            let found = found.filter(|p| asked.retired || (p.supplier && p.active));
            found.map(|p| p.id).ok_or_else(|| RuleError::UnknownSupplier(code.clone()))
        };
        let partner_id: Option<PartnerId> = asked.supplier.as_ref().map(supplier).transpose()?;
        let source_id = asked.source.as_ref().map(|code| self.source(code)).transpose()?;
        if source_id == Some(place.warehouse_id) {
            let code = asked.source.clone().unwrap_or_default();
            return Err(RuleError::OwnWarehouse(code));
        }
        if let (Some(supplier), Some(source_code)) = (&asked.supplier, &asked.source) {
            let (supplier, source_code) = (supplier.clone(), source_code.clone());
            return Err(RuleError::TwoSources { supplier, source_code });
        }
        let days = |days: Option<i64>| (0..=MOST_DAYS).contains(&days.unwrap_or(0));
        let in_range = [
            ("multiple", !asked.multiple.is_negative()),
            ("minimum", !asked.minimum.is_negative()),
            ("lead_days", days(asked.lead_days)),
            ("horizon_days", days(asked.horizon_days)),
            ("visibility_days", days(Some(asked.visibility_days))),
        ];
        if let Some((field, _)) = in_range.iter().find(|(_, fine)| !fine) {
            return Err(RuleError::OutOfRange { field });
        }
        let (min, max) = (asked.min, asked.max);
        if max < min {
            return Err(RuleError::MaxBelowMin { min, max });
        }
        if let Some(point) = asked.reorder_point.filter(|point| *point >= max) {
            return Err(RuleError::PointNotBelowMax { point, max });
        }
        Ok(Rule {
            id: RuleId::from_raw(0),
            item_id: item.id,
            place_id: place.place_id,
            warehouse_id: place.warehouse_id,
            version: 0,
            levels: Levels {
                min,
                max,
                reorder_point: asked.reorder_point,
                multiple: asked.multiple,
                minimum: asked.minimum,
                lead_days: asked.lead_days,
                horizon_days: 0,
                visibility_days: asked.visibility_days,
            },
            horizon_days: asked.horizon_days,
            trigger: asked.trigger.unwrap_or(Trigger::Manual),
            partner_id,
            source_id,
            snoozed_until: asked.snoozed_until,
            active: !asked.retired,
        })
    }

    fn source(&self, code: &str) -> Result<WarehouseId, RuleError> {
        let found = self.warehouses.iter().find(|(_, known)| *known == code);
        found.map(|(id, _)| *id).ok_or_else(|| RuleError::UnknownSource(code.to_owned()))
    }
}

/// Rules to be written, and how many there are of each sort.
#[derive(Default)]
pub(crate) struct Plan {
    write: BTreeMap<RuleId, Rule>,
    /// Whether one becomes automatic, or an automatic one changes.
    automatic: bool,
    pub created: u32,
    pub changed: u32,
    pub unchanged: u32,
}

impl Plan {
    /// Adds a rule against those there are, which take it on.
    pub(crate) fn add(
        &mut self,
        tx: &mut Tx<'_>,
        rules: &mut HashMap<(ItemId, PlaceId), Rule>,
        mut rule: Rule,
    ) -> Result<(), StoreError> {
        let key = (rule.item_id, rule.place_id);
        match rules.get(&key) {
            Some(other) => {
                (rule.id, rule.version) = (other.id, other.version);
                if *other == rule {
                    self.unchanged += 1;
                    return Ok(());
                }
                rule.version += 1;
                self.changed += 1;
            }
            None => {
                rule.id = tx.id()?;
                rule.version = 1;
                self.created += 1;
            }
        }
        self.automatic |= rule.trigger == Trigger::Auto;
        rules.insert(key, rule.clone());
        self.write.insert(rule.id, rule);
        Ok(())
    }

    /// Writes what was planned. Who lets a rule order by itself must be allowed to approve.
    pub(crate) fn record(self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<RulesSet, SetRulesError> {
        let Plan { write, automatic, created, changed, unchanged } = self;
        if automatic {
            ctx.require(APPROVE)?;
        }
        if !write.is_empty() {
            let rules: Vec<Rule> = write.into_values().collect();
            tables::upsert_rules(tx, ctx.company_id, &rules)?;
            for rule in &rules {
                let detail = serde_json::json!({
                    "version": rule.version,
                    "levels": rule.levels,
                    "horizon_days": rule.horizon_days,
                    "trigger": rule.trigger,
                    "partner_id": rule.partner_id,
                    "source_warehouse_id": rule.source_id,
                    "snoozed_until": rule.snoozed_until,
                    "retired": !rule.active,
                });
                ctx.audit(tx, SET_RULES, "rule", rule.id.raw(), detail.clone());
                ctx.fact(tx, "rule", rule.id.raw(), rule.version, "planning.rule_set", detail);
            }
        }
        Ok(RulesSet { created, changed, unchanged })
    }
}
