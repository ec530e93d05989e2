//! Reading and writing rules, and what a run looks at.

use super::{
    GOODS_NEXT, LIST_RULES, PATHS, RULED, RULES_AT, RULES_NEXT, SUPPLIED, UPSERT_RULES,
    WITHOUT_RULE_NEXT, day_at, day_text, id_at, raw,
};
use crate::basis::Levels;
use crate::model::{Rule, Spot};
use base::{CompanyId, ItemId, PlaceId, RuleId, WarehouseId};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Row, Rows, StoreError, Tx, params, row};

fn rule_of(row: &Row) -> Result<Rule, StoreError> {
    Ok(Rule {
        id: row.get(0)?,
        item_id: row.get(1)?,
        place_id: row.get(2)?,
        warehouse_id: row.get(3)?,
        version: row.get(4)?,
        levels: Levels {
            min: row.get(5)?,
            max: row.get(6)?,
            reorder_point: row.get(7)?,
            multiple: row.get(8)?,
            minimum: row.get(9)?,
            lead_days: row.get(10)?,
            horizon_days: 0,
            visibility_days: row.get(12)?,
        },
        horizon_days: row.get(11)?,
        trigger: row.get(13)?,
        partner_id: id_at(row, 14)?,
        snoozed_until: day_at(row, 15)?,
        active: row.get(16)?,
        source_id: id_at(row, 17)?,
    })
}

/// The rules of items at places.
pub(crate) fn rules_at(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    at: &BTreeSet<(ItemId, PlaceId)>,
) -> Result<HashMap<(ItemId, PlaceId), Rule>, StoreError> {
    let mut set = Rows::new(2);
    for (item_id, place_id) in at {
        set.push(row![item_id, place_id]);
    }
    if set.is_empty() {
        return Ok(HashMap::new());
    }
    let found = tx.query(&RULES_AT, params![company_id; set])?;
    found.iter().map(rule_of).map(|rule| rule.map(|r| ((r.item_id, r.place_id), r))).collect()
}

/// Writes rules.
pub(crate) fn upsert_rules(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    rules: &[Rule],
) -> Result<(), StoreError> {
    let mut set = Rows::new(18);
    for rule in rules {
        let levels = &rule.levels;
        set.push(row![
            rule.id,
            rule.item_id,
            rule.place_id,
            rule.warehouse_id,
            rule.version,
            levels.min,
            levels.max,
            levels.reorder_point,
            levels.multiple,
            levels.minimum,
            levels.lead_days,
            rule.horizon_days,
            levels.visibility_days,
            rule.trigger,
            raw(rule.partner_id),
            day_text(rule.snoozed_until),
            rule.active,
            raw(rule.source_id)
        ]);
    }
    tx.write(&UPSERT_RULES, params![company_id; set])
}

/// Which warehouse supplies an item at a place: of which warehouse the place is, and which one it is.
pub(crate) type SuppliedBy = BTreeMap<(ItemId, PlaceId), (WarehouseId, WarehouseId)>;

/// What rules in use say of items that warehouses supply.
pub(crate) fn supplied(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &BTreeSet<ItemId>,
) -> Result<SuppliedBy, StoreError> {
    if items.is_empty() {
        return Ok(SuppliedBy::new());
    }
    let found = tx.query(&SUPPLIED, params![company_id; Rows::column(items)])?;
    let supplied = |row: &Row| Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)));
    found.iter().map(supplied).collect()
}

/// The paths of places.
pub(crate) fn paths(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    places: &BTreeSet<PlaceId>,
) -> Result<BTreeMap<PlaceId, String>, StoreError> {
    if places.is_empty() {
        return Ok(BTreeMap::new());
    }
    let found = tx.query(&PATHS, params![company_id; Rows::column(places)])?;
    found.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// A rule in a list: with SKU, place, preferred supplier and source.
pub(crate) struct ListedRule {
    pub rule: Rule,
    pub sku: String,
    pub place: String,
    pub supplier: String,
    pub source: String,
}

/// Which rules to list.
#[derive(Default)]
pub(crate) struct WhichRules<'f> {
    pub sku: Option<&'f str>,
    pub warehouse_id: Option<WarehouseId>,
    pub supplier: Option<&'f str>,
    pub source_id: Option<WarehouseId>,
    pub retired: bool,
}

/// Rules by SKU and place.
pub(crate) fn list_rules(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    which: &WhichRules<'_>,
    after: (String, PlaceId),
    limit: i64,
) -> Result<Vec<ListedRule>, StoreError> {
    let params = params![
        ctx.company_id,
        which.retired,
        which.sku,
        raw(which.warehouse_id),
        which.supplier,
        raw(which.source_id),
        after.0,
        after.1,
        limit
    ];
    let listed = |row: &Row| {
        Ok(ListedRule {
            rule: rule_of(row)?,
            sku: row.get(18)?,
            place: row.get(19)?,
            supplier: row.get(20)?,
            source: row.get(21)?,
        })
    };
    tx.query(&LIST_RULES, params)?.iter().map(listed).collect()
}

/// Which spots a run looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Within {
    pub warehouse_id: Option<WarehouseId>,
    pub item_id: Option<ItemId>,
    pub rule_id: Option<RuleId>,
}

/// The next spots that have a rule.
pub(crate) fn spots_with_rule(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    within: Within,
    after: (i64, i64),
    limit: i64,
) -> Result<Vec<Spot>, StoreError> {
    let params = params![
        company_id,
        after.0,
        after.1,
        raw(within.warehouse_id),
        raw(within.item_id),
        raw(within.rule_id),
        limit
    ];
    let spot = |row: &Row| {
        let rule = rule_of(row)?;
        let (path, stock, code): (String, PlaceId, String) =
            (row.get(18)?, row.get(19)?, row.get(20)?);
        Ok(Spot {
            item_id: rule.item_id,
            place_id: rule.place_id,
            warehouse_id: rule.warehouse_id,
            whole_warehouse: rule.place_id == stock || path == code,
            path,
            covered: false,
            rule: Some(rule),
        })
    };
    tx.query(&RULES_NEXT, params)?.iter().map(spot).collect()
}

/// The next spots for which no rule speaks.
pub(crate) fn spots_without_rule(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    within: Within,
    after: (i64, i64),
    limit: i64,
) -> Result<Vec<Spot>, StoreError> {
    let params =
        params![company_id, after.0, after.1, raw(within.warehouse_id), raw(within.item_id), limit];
    let spot = |row: &Row| {
        let (path, stock, code): (String, PlaceId, String) =
            (row.get(3)?, row.get(4)?, row.get(5)?);
        let place_id: PlaceId = row.get(1)?;
        Ok(Spot {
            item_id: row.get(0)?,
            place_id,
            warehouse_id: row.get(2)?,
            whole_warehouse: place_id == stock || path == code,
            path,
            covered: row.get(6)?,
            rule: None,
        })
    };
    tx.query(&WITHOUT_RULE_NEXT, params)?.iter().map(spot).collect()
}

/// Goods in use after a SKU.
pub(crate) fn goods(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    after: &str,
    sku: Option<&str>,
    limit: i64,
) -> Result<Vec<(ItemId, String, String)>, StoreError> {
    let found = tx.query(&GOODS_NEXT, params![company_id, after, sku, limit])?;
    found.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

/// What the rules of an item say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ruled {
    /// Whether suppliers deliver for one of them.
    pub bought: bool,
    /// Whether all of these say the lead time.
    pub timed: bool,
    /// Whether one is supplied from a warehouse without a lead time of rule or warehouses.
    pub untimed_source: bool,
}

/// Which items have rules, and what these say.
pub(crate) fn ruled(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &BTreeSet<ItemId>,
) -> Result<HashMap<ItemId, Ruled>, StoreError> {
    let found = tx.query(&RULED, params![company_id; Rows::column(items)])?;
    let ruled = |row: &Row| {
        let count = |column| row.get::<i64>(column);
        let bought = count(1)? > 0;
        Ok((
            row.get(0)?,
            Ruled {
                bought,
                timed: bought && count(1)? == count(2)?,
                untimed_source: count(3)? > count(4)?,
            },
        ))
    };
    found.iter().map(ruled).collect()
}
