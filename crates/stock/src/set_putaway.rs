//! `set_putaway`, `set_receipt_steps`: where received goods shall lie, and how they come there.

use crate::places::EDIT_PLACES;
use crate::tables;
use crate::views::{ListError, READ};
use base::{Id, Page, Paging, Problem, Quantity, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

/// A place for goods of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutawayRule {
    /// The item's SKU.
    pub sku: String,
    /// The place's path, such as `WH/Stock/A-01`.
    pub place: String,
    /// Lower comes first, from 1; among equals the place with more room.
    pub priority: i64,
    /// How much of the item there is room for, in the stock unit; zero takes the rule away.
    pub capacity: Quantity,
}

/// Rules to set, each by item and place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPutaway {
    /// The rules, up to 1,000.
    pub rules: Vec<PutawayRule>,
}

/// How many rules were set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PutawaySet {
    /// Rules that stand now.
    pub set: usize,
    /// Rules taken away.
    pub removed: usize,
}

/// In how many steps a warehouse receives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptSteps {
    /// The warehouse's code.
    pub warehouse: String,
    /// 1: straight into stock. 2: into the input place, from where goods are put away.
    pub steps: i64,
}

/// Why nothing was set, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum PutawayRuleError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// More rules than one request may hold.
    #[error("{0} rules are too many for one request; send at most 1,000")]
    TooMany(usize),
    /// No such warehouse.
    #[error("there is no warehouse {0:?}; write its code")]
    UnknownWarehouse(String),
    /// Neither one step nor two.
    #[error("a warehouse receives in 1 step or in 2, not in {0}")]
    BadSteps(i64),
    /// No such item.
    #[error("rule {rule}: there is no item {sku:?}")]
    UnknownItem {
        /// The rule, from 1.
        rule: u32,
        /// What was given.
        sku: String,
    },
    /// No such place.
    #[error("rule {rule}: there is no place {place:?} inside a warehouse; write its path")]
    UnknownPlace {
        /// The rule, from 1.
        rule: u32,
        /// What was given.
        place: String,
    },
    /// A priority or capacity that is none.
    #[error(
        "rule {rule}: priority {priority} and capacity {capacity}; write 1 or more, and 0 or more"
    )]
    OutOfRange {
        /// The rule, from 1.
        rule: u32,
        /// What was given.
        priority: i64,
        /// What was given.
        capacity: Quantity,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for PutawayRuleError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            PutawayRuleError::Denied(error) => error.problem(),
            PutawayRuleError::Store(error) => error.problem(),
            PutawayRuleError::TooMany(_) => Problem::invalid("too_many_rules", detail),
            PutawayRuleError::UnknownWarehouse(_) => {
                Problem::not_found("warehouse_not_found", detail)
            }
            PutawayRuleError::BadSteps(_) => {
                Problem::invalid("steps_out_of_range", detail).with_field("steps")
            }
            PutawayRuleError::UnknownItem { rule, .. } => {
                Problem::not_found("item_not_found", detail).with_line(*rule)
            }
            PutawayRuleError::UnknownPlace { rule, .. } => {
                Problem::not_found("place_not_found", detail).with_line(*rule)
            }
            PutawayRuleError::OutOfRange { rule, .. } => {
                Problem::refused("rule_out_of_range", detail).with_line(*rule)
            }
        }
    }
}

/// Sets where goods of items shall lie.
///
/// # Errors
/// The first broken rule in the order of [`PutawayRuleError`].
pub fn set_putaway(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: SetPutaway,
) -> Result<PutawaySet, PutawayRuleError> {
    ctx.require(EDIT_PLACES)?;
    if request.rules.len() > 1_000 {
        return Err(PutawayRuleError::TooMany(request.rules.len()));
    }
    let skus: Vec<&str> = request.rules.iter().map(|rule| rule.sku.as_str()).collect();
    let items = catalog::items_by_sku(tx, ctx.company_id, &skus)?;
    let paths = request.rules.iter().map(|rule| rule.place.as_str());
    let places = crate::find_places(tx, ctx.company_id, paths)?;
    let (mut set, mut removed) = (Rows::new(4), Rows::new(2));
    let mut done = PutawaySet { set: 0, removed: 0 };
    for (rule, asked) in (1_u32..).zip(&request.rules) {
        let item = items.get(&asked.sku);
        let item =
            item.ok_or_else(|| PutawayRuleError::UnknownItem { rule, sku: asked.sku.clone() })?.id;
        let place = places.get(&asked.place).filter(|place| place.warehouse_id.raw() != 0);
        let unknown = || PutawayRuleError::UnknownPlace { rule, place: asked.place.clone() };
        let place = place.ok_or_else(unknown)?.place_id;
        let (priority, capacity) = (asked.priority, asked.capacity);
        if priority < 1 || capacity.is_negative() {
            return Err(PutawayRuleError::OutOfRange { rule, priority, capacity });
        }
        if capacity.is_zero() {
            removed.push(row![item, place]);
            done.removed += 1;
        } else {
            set.push(row![item, place, priority, capacity]);
            done.set += 1;
        }
    }
    tx.write(&tables::SET_PUTAWAY_RULES, params![ctx.company_id; set])?;
    tx.write(&tables::REMOVE_PUTAWAY_RULES, params![ctx.company_id; removed])?;
    let detail = serde_json::json!({ "set": done.set, "removed": done.removed });
    ctx.audit(tx, EDIT_PLACES, "putaway_rule", 0, detail);
    Ok(done)
}

/// Sets in how many steps a warehouse receives. What lies in its input place stays there until it is
/// put away.
///
/// # Errors
/// The first broken rule in the order of [`PutawayRuleError`].
pub fn set_receipt_steps(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReceiptSteps,
) -> Result<ReceiptSteps, PutawayRuleError> {
    ctx.require(EDIT_PLACES)?;
    let found = crate::warehouse_by_code(tx, ctx.company_id, &request.warehouse)?;
    let unknown = || PutawayRuleError::UnknownWarehouse(request.warehouse.clone());
    let warehouse = found.ok_or_else(unknown)?;
    if !(1..=2).contains(&request.steps) {
        return Err(PutawayRuleError::BadSteps(request.steps));
    }
    tx.write_exactly(
        1,
        &tables::SET_RECEIPT_STEPS,
        params![ctx.company_id, warehouse.warehouse_id, request.steps],
    )?;
    let detail = serde_json::json!({ "code": warehouse.code, "receipt_steps": request.steps });
    ctx.audit(tx, EDIT_PLACES, "warehouse", warehouse.warehouse_id.raw(), detail);
    Ok(request)
}

/// Which rules.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PutawayFilter {
    /// Only those of this item.
    pub sku: Option<String>,
    /// Only those of this place.
    pub place: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Where goods shall lie, by item, priority and place.
///
/// # Errors
/// See [`ListError`].
pub fn list_putaway(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: PutawayFilter,
) -> Result<Page<PutawayRule>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (sku, priority, place): (String, i64, String) = paging.after(Default::default())?;
    let found = tx.query(
        &tables::LIST_PUTAWAY_RULES,
        params![ctx.company_id, filter.sku, filter.place, sku, priority, place, paging.limit()],
    )?;
    let read = |row: &Row| {
        Ok(PutawayRule {
            sku: row.get(0)?,
            place: row.get(1)?,
            priority: row.get(2)?,
            capacity: row.get(3)?,
        })
    };
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line| (line.sku.clone(), line.priority, line.place.clone())))
}
