//! All SQL of planning: the statements here, the functions that read and write with them below.

use crate::basis::{Basis, Dated, Levels};
use crate::model::{Figures, Proposal, Rule, Spot, Version};
use crate::words::ProposalState;
use base::{
    CompanyId, Currency, Day, Id, ItemId, OfferId, PartnerId, PlaceId, Price, ProposalId,
    PurchaseOrderId, Quantity, Rate, RuleId, WarehouseId,
};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{Row, Rows, StoreError, Tx, Value, params, row};

/// The columns of a proposal as [`proposal_of`] reads them, from `planning_proposal as p`.
macro_rules! proposal_columns {
    () => {
        "select p.id, p.version, p.state, p.item_id, p.place_id, p.warehouse_id, p.rule_id,
            p.rule_version, p.algorithm, p.basis_version, p.planned_on, p.arrives_on, p.forecast,
            p.need, p.quantity, p.partner_id, p.currency, p.chosen, p.unit, p.order_quantity,
            p.lead_days, p.unit_cost, p.held_back, p.dismissed_until, p.reason,
            p.approved_quantity, p.order_id, p.order_line"
    };
}

/// The columns of a rule as [`rule_of`] reads them, from `planning_rule as r`.
macro_rules! rule_columns {
    () => {
        "r.id, r.item_id, r.place_id, r.warehouse_id, r.version, r.min, r.max, r.reorder_point,
            r.multiple, r.minimum, r.lead_days, r.horizon_days, r.visibility_days, r.trigger_by,
            r.partner_id, r.snoozed_until, r.active"
    };
}

store::statements! {
    /// The rules of items at places.
    RULES_AT = concat!("select ", rule_columns!(), " from {rows:d(item_id, place_id)}
        join planning_rule as r on r.company_id = $1 and r.item_id = d.item_id
            and r.place_id = d.place_id
        order by r.id {for_update:r}");

    /// Adds rules, or gives the rule of the same item and place its new numbers.
    UPSERT_RULES = "insert into planning_rule
            (company_id, id, item_id, place_id, warehouse_id, version, min, max, reorder_point,
             multiple, minimum, lead_days, horizon_days, visibility_days, trigger_by, partner_id,
             snoozed_until, active)
        select $1, d.id, d.item_id, d.place_id, d.warehouse_id, d.version, d.min, d.max,
            d.reorder_point, d.multiple, d.minimum, d.lead_days, d.horizon_days, d.visibility_days,
            d.trigger_by, d.partner_id, d.snoozed_until, d.active
        from {rows:d(id, item_id, place_id, warehouse_id, version, min, max, reorder_point, multiple,
            minimum, lead_days, horizon_days, visibility_days, trigger_by text, partner_id,
            snoozed_until text, active)} where true
        on conflict (company_id, item_id, place_id) do update set version = excluded.version,
            min = excluded.min, max = excluded.max, reorder_point = excluded.reorder_point,
            multiple = excluded.multiple, minimum = excluded.minimum,
            lead_days = excluded.lead_days, horizon_days = excluded.horizon_days,
            visibility_days = excluded.visibility_days, trigger_by = excluded.trigger_by,
            partner_id = excluded.partner_id, snoozed_until = excluded.snoozed_until,
            active = excluded.active";

    /// Rules for people, by item and place.
    LIST_RULES = concat!("select ", rule_columns!(), ", i.sku, pl.path, coalesce(s.code, '') as supplier
        from planning_rule as r
        join catalog_item as i on i.company_id = r.company_id and i.id = r.item_id
        join stock_place as pl on pl.company_id = r.company_id and pl.id = r.place_id
        left join partners_partner as s on s.company_id = r.company_id and s.id = r.partner_id
        where r.company_id = $1 and (r.active = 1 or cast($2 as {i64}) = 1)
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and (cast($4 as {i64}) = 0 or r.warehouse_id = cast($4 as {i64}))
            and (i.sku > $5 or (i.sku = $5 and r.place_id > $6))
        order by i.sku, r.place_id limit $7");

    /// The rules that a run looks at next.
    RULES_NEXT = concat!("select ", rule_columns!(), ", pl.path, w.stock_place_id, w.code
        from planning_rule as r
        join stock_place as pl on pl.company_id = r.company_id and pl.id = r.place_id
        join stock_warehouse as w on w.company_id = r.company_id and w.id = r.warehouse_id
        where r.company_id = $1 and r.active = 1
            and (r.item_id > $2 or (r.item_id = $2 and r.place_id > $3))
            and (cast($4 as {i64}) = 0 or r.warehouse_id = cast($4 as {i64}))
            and (cast($5 as {i64}) = 0 or r.item_id = cast($5 as {i64}))
            and (cast($6 as {i64}) = 0 or r.id = cast($6 as {i64}))
        order by r.item_id, r.place_id limit $7");

    /// The items that a run looks at although no rule speaks for the warehouse: those that somebody
    /// wants, that are below zero, and those with a proposal.
    WITHOUT_RULE_NEXT = "select k.item_id, k.place_id, k.warehouse_id, pl.path, w.stock_place_id,
            w.code
        from (select d.item_id, x.stock_place_id as place_id, d.warehouse_id
                from stock_demand as d
                join stock_warehouse as x
                    on x.company_id = d.company_id and x.id = d.warehouse_id
                where d.company_id = $1 and d.item_id >= $2
                    and d.quantity > d.shipped + d.cancelled
            union
            select e.item_id, x.stock_place_id as place_id, e.warehouse_id
                from stock_expectation as e
                join stock_warehouse as x
                    on x.company_id = e.company_id and x.id = e.warehouse_id
                where e.company_id = $1 and e.item_id >= $2 and e.incoming = 0
                    and e.open_quantity > 0
            union
            select s.item_id, x.stock_place_id as place_id, x.id as warehouse_id
                from stock_row as s
                join stock_place as sp on sp.company_id = s.company_id and sp.id = s.place_id
                join stock_warehouse as x
                    on x.company_id = sp.company_id and x.id = sp.warehouse_id
                where s.company_id = $1 and s.item_id >= $2 and s.on_hand < 0
            union
            select p.item_id, p.place_id, p.warehouse_id from planning_proposal as p
                where p.company_id = $1 and p.item_id >= $2
                    and p.state in ('open', 'dismissed')) as k
        join stock_place as pl on pl.company_id = $1 and pl.id = k.place_id
        join stock_warehouse as w on w.company_id = $1 and w.id = k.warehouse_id
        where (k.item_id > $2 or (k.item_id = $2 and k.place_id > $3))
            and (cast($4 as {i64}) = 0 or k.warehouse_id = cast($4 as {i64}))
            and (cast($5 as {i64}) = 0 or k.item_id = cast($5 as {i64}))
            and not exists (select 1 from planning_rule as r
                join stock_place as rp on rp.company_id = r.company_id and rp.id = r.place_id
                where r.company_id = $1 and r.item_id = k.item_id and r.active = 1
                    and r.warehouse_id = k.warehouse_id
                    and (r.place_id = k.place_id or rp.path = w.code))
        order by k.item_id, k.place_id limit $6";

    /// Makes sure that there is something to lock for warehouses.
    ENSURE_SCOPES = "insert into planning_scope (company_id, warehouse_id)
        select $1, d.warehouse_id from {rows:d(warehouse_id)} where true
        on conflict (company_id, warehouse_id) do nothing";

    /// Locks warehouses for planning.
    LOCK_SCOPES = "select s.warehouse_id from {rows:d(warehouse_id)}
        join planning_scope as s on s.company_id = $1 and s.warehouse_id = d.warehouse_id
        order by s.warehouse_id {for_update:s}";

    /// Locks the live proposals of items at places.
    LOCK_LIVE = concat!(proposal_columns!(), " from {rows:d(item_id, place_id)}
        join planning_proposal as p on p.company_id = $1 and p.item_id = d.item_id
            and p.place_id = d.place_id and p.state in ('open', 'dismissed')
        order by p.id {for_update:p}");

    /// Locks proposals.
    LOCK_PROPOSALS = concat!(proposal_columns!(), " from {rows:d(id)}
        join planning_proposal as p on p.company_id = $1 and p.id = d.id
        order by p.id {for_update:p}");

    /// What proposals were decided from.
    BASES = "select v.proposal_id, v.basis from {rows:d(proposal_id, version)}
        join planning_version as v on v.company_id = $1 and v.proposal_id = d.proposal_id
            and v.version = d.version";

    /// What lies of items in places of normal stock.
    ON_HAND = "select s.item_id, p.warehouse_id, p.path, cast(sum(s.on_hand) as {i64}) as on_hand,
            cast(sum(s.reserved) as {i64}) as reserved
        from {rows:d(item_id)}
        join stock_row as s on s.company_id = $1 and s.item_id = d.item_id
        join stock_place as p on p.company_id = s.company_id and p.id = s.place_id
        where p.kind = 'internal' and p.class = 'normal'
        group by s.item_id, p.warehouse_id, p.path";

    /// What is wanted of items, by warehouse and day.
    WANTED = "select t.item_id, t.warehouse_id, t.due_on, cast(sum(t.quantity) as {i64}) as quantity
        from (select w.item_id, w.warehouse_id, w.due_on,
                w.quantity - w.shipped - w.cancelled as quantity
            from {rows:d(item_id)}
            join stock_demand as w on w.company_id = $1 and w.item_id = d.item_id
                and w.quantity > w.shipped + w.cancelled) as t
        group by t.item_id, t.warehouse_id, t.due_on";

    /// What of that is kept at which places.
    KEPT = "select v.item_id, p.warehouse_id, p.path, w.due_on,
            cast(sum(v.quantity) as {i64}) as quantity
        from {rows:d(item_id)}
        join stock_reservation as v on v.company_id = $1 and v.item_id = d.item_id
        join stock_demand as w on w.company_id = v.company_id and w.id = v.demand_id
        join stock_place as p on p.company_id = v.company_id and p.id = v.place_id
        group by v.item_id, p.warehouse_id, p.path, w.due_on";

    /// What is planned to come and go, by warehouse, day, and the place that it goes to.
    EXPECTED = "select e.item_id, e.warehouse_id, e.incoming, e.due_on, coalesce(p.path, '') as path,
            cast(sum(e.open_quantity) as {i64}) as quantity
        from {rows:d(item_id)}
        join stock_expectation as e on e.company_id = $1 and e.item_id = d.item_id
            and e.open_quantity > 0
        left join purchasing_line as l on l.company_id = e.company_id and l.id = e.source_id
            and e.source_kind = 'purchase_line' and l.place_id <> 0
        left join stock_place as p on p.company_id = l.company_id and p.id = l.place_id
        group by e.item_id, e.warehouse_id, e.incoming, e.due_on, coalesce(p.path, '')";

    /// What orders that nobody agreed to yet would bring.
    DRAFTED = "select l.item_id, o.warehouse_id, l.due_on, coalesce(p.path, '') as path,
            cast(sum(l.stock_quantity - l.received) as {i64}) as quantity
        from {rows:d(item_id)}
        join purchasing_line as l on l.company_id = $1 and l.item_id = d.item_id
            and l.stock_quantity > l.received and l.closed_short = 0
        join purchasing_order as o on o.company_id = l.company_id and o.id = l.order_id
            and o.state in ('draft', 'to_approve')
        left join stock_place as p on p.company_id = l.company_id and p.id = l.place_id
        group by l.item_id, o.warehouse_id, l.due_on, coalesce(p.path, '')";

    /// Offers for items that hold on a day, of suppliers in use, with what a unit of their currency
    /// is worth.
    OFFERED = "select f.item_id, f.partner_id, s.code, f.currency, f.id, f.unit, f.unit_numerator,
            f.unit_denominator, u.whole, f.min_quantity, f.multiple, f.lead_days, f.from_on,
            f.price, f.discount,
            (select x.rate from accounting_rate as x where x.company_id = f.company_id
                and x.currency = f.currency and x.from_day <= $2
                order by x.from_day desc limit 1) as rate
        from {rows:d(item_id)}
        join purchasing_offer as f on f.company_id = $1 and f.item_id = d.item_id
            and f.from_on <= $2 and (f.to_on = '' or f.to_on >= $2)
        join partners_partner as s on s.company_id = f.company_id and s.id = f.partner_id
            and s.active = 1 and s.supplier = 1
        join catalog_unit as u on u.company_id = f.company_id and u.code = f.unit
        order by f.item_id, s.code, f.currency, f.from_on, f.id";

    /// Adds proposals.
    INSERT_PROPOSALS = "insert into planning_proposal
            (company_id, id, version, state, item_id, place_id, warehouse_id, rule_id,
             rule_version, algorithm, basis_version, planned_on, arrives_on, forecast, need,
             quantity, partner_id, currency, chosen, unit, order_quantity, lead_days, unit_cost,
             held_back, dismissed_until, reason, approved_quantity, order_id, order_line,
             created_at, changed_at)
        select $1, d.id, d.version, d.state, d.item_id, d.place_id, d.warehouse_id, d.rule_id,
            d.rule_version, d.algorithm, d.basis_version, d.planned_on, d.arrives_on, d.forecast,
            d.need, d.quantity, d.partner_id, d.currency, d.chosen, d.unit, d.order_quantity,
            d.lead_days, d.unit_cost, d.held_back, d.dismissed_until, d.reason,
            d.approved_quantity, d.order_id, d.order_line, $2, $2
        from {rows:d(id, version, state text, item_id, place_id, warehouse_id, rule_id,
            rule_version, algorithm, basis_version, planned_on text, arrives_on text, forecast, need,
            quantity, partner_id, currency text, chosen text, unit text, order_quantity, lead_days,
            unit_cost, held_back text, dismissed_until text, reason text, approved_quantity,
            order_id, order_line)}";

    /// Writes what was decided for proposals that were locked.
    UPDATE_PROPOSALS = "update planning_proposal as p
        set version = d.version, state = d.state, rule_id = d.rule_id,
            rule_version = d.rule_version, algorithm = d.algorithm,
            basis_version = d.basis_version, planned_on = d.planned_on,
            arrives_on = d.arrives_on, forecast = d.forecast, need = d.need,
            quantity = d.quantity, partner_id = d.partner_id, currency = d.currency,
            chosen = d.chosen, unit = d.unit, order_quantity = d.order_quantity,
            lead_days = d.lead_days, unit_cost = d.unit_cost, held_back = d.held_back,
            dismissed_until = d.dismissed_until, reason = d.reason,
            approved_quantity = d.approved_quantity, order_id = d.order_id,
            order_line = d.order_line, changed_at = $2
        from {rows:d(id, version, state text, item_id, place_id, warehouse_id, rule_id,
            rule_version, algorithm, basis_version, planned_on text, arrives_on text, forecast, need,
            quantity, partner_id, currency text, chosen text, unit text, order_quantity, lead_days,
            unit_cost, held_back text, dismissed_until text, reason text, approved_quantity,
            order_id, order_line)}
        where p.company_id = $1 and p.id = d.id and p.version < d.version
            and p.state in ('open', 'dismissed')";

    /// Adds versions.
    INSERT_VERSIONS = "insert into planning_version
            (company_id, proposal_id, version, what, quantity, reason, basis, user_id, recorded_at)
        select $1, d.proposal_id, d.version, d.what, d.quantity, d.reason, d.basis, $2, $3
        from {rows:d(proposal_id, version, what text, quantity, reason text, basis text)}";

    /// Draft orders that came of proposals, of some days.
    DRAFTS = "select o.id, s.code, w.code, o.currency, o.ordered_on
        from {rows:d(partner_id, warehouse_id, currency text)}
        join purchasing_order as o on o.company_id = $1 and o.partner_id = d.partner_id
            and o.warehouse_id = d.warehouse_id and o.currency = d.currency and o.state = 'draft'
            and o.ordered_on >= $2 and o.ordered_on <= $3
        join partners_partner as s on s.company_id = o.company_id and s.id = o.partner_id
        join stock_warehouse as w on w.company_id = o.company_id and w.id = o.warehouse_id
        where exists (select 1 from planning_proposal as p
            where p.company_id = o.company_id and p.order_id = o.id)
        order by o.id";

    /// Proposals for people, by id.
    LIST_PROPOSALS = concat!(proposal_columns!(), ", i.sku, i.name, pl.path,
            coalesce(s.code, '') as supplier, coalesce(o.number, '') as order_number, b.code
        from planning_proposal as p
        join catalog_item as i on i.company_id = p.company_id and i.id = p.item_id
        join catalog_unit as b on b.company_id = i.company_id and b.id = i.stock_unit_id
        join stock_place as pl on pl.company_id = p.company_id and pl.id = p.place_id
        left join partners_partner as s on s.company_id = p.company_id and s.id = p.partner_id
        left join purchasing_order as o on o.company_id = p.company_id and o.id = p.order_id
        where p.company_id = $1
            and (cast($2 as {text}) is null or p.state = cast($2 as {text}))
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and (cast($4 as {i64}) = 0 or p.warehouse_id = cast($4 as {i64}))
            and (cast($5 as {text}) is null or s.code = cast($5 as {text}))
            and (cast($6 as {i64}) = 0 or p.order_id = cast($6 as {i64}))
            and (cast($7 as {i64}) = 0 or p.id = cast($7 as {i64}))
            and p.id > $8
        order by p.id limit $9");

    /// What happened to a proposal.
    HISTORY = "select v.version, v.what, v.quantity, v.reason, v.user_id, v.recorded_at
        from planning_version as v where v.company_id = $1 and v.proposal_id = $2
        order by v.version";

    /// Live proposals with what they were decided from.
    LIVE_WITH_BASIS = concat!(proposal_columns!(), ", v.basis
        from planning_proposal as p
        join planning_version as v on v.company_id = p.company_id and v.proposal_id = p.id
            and v.version = p.basis_version
        where p.company_id = $1 and p.state in ('open', 'dismissed') and p.id > $2
        order by p.id limit $3");

    /// Goods in use, by SKU.
    GOODS_NEXT = "select i.id, i.sku, i.name from catalog_item as i
        where i.company_id = $1 and i.kind = 'goods' and i.active = 1 and i.sku > $2
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
        order by i.sku limit $4";

    /// Which items have a rule, and whether all their rules say the lead time.
    RULED = "select r.item_id, count(r.lead_days) as timed, count(*) as rules
        from {rows:d(item_id)}
        join planning_rule as r on r.company_id = $1 and r.item_id = d.item_id and r.active = 1
        group by r.item_id";

    /// Lines of orders since a day, with the day on which each receipt of them came, and what is due.
    DELIVERIES = "select s.code, i.sku, o.ordered_on, coalesce(t.received_on, '') as received_on,
            case when o.state in ('approved', 'sent', 'acknowledged') and l.closed_short = 0
                and l.stock_quantity > l.received then 1 else 0 end as due
        from purchasing_order as o
        join purchasing_line as l on l.company_id = o.company_id and l.order_id = o.id
        join partners_partner as s on s.company_id = o.company_id and s.id = o.partner_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        left join purchasing_receipt_line as c on c.company_id = l.company_id
            and c.line_id = l.id and c.outcome <> 'refused'
        left join purchasing_receipt as t on t.company_id = c.company_id and t.id = c.receipt_id
        where o.company_id = $1 and o.ordered_on >= $2
            and o.state in ('approved', 'sent', 'acknowledged', 'closed')
            and (cast($3 as {text}) is null or s.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or i.sku = cast($4 as {text}))
        order by s.code, i.sku, o.ordered_on, l.id, received_on";
}

/// A day that may be none is an empty text in the database.
pub(crate) fn day_text(day: Option<Day>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

fn day_at(row: &Row, column: usize) -> Result<Option<Day>, StoreError> {
    let text: String = row.get(column)?;
    if text.is_empty() { Ok(None) } else { row.get(column).map(Some) }
}

/// An id that may be none is 0 in the database.
fn id_at<I: Id + store::FromValue>(row: &Row, column: usize) -> Result<Option<I>, StoreError> {
    Ok(Some(row.get::<I>(column)?).filter(|id| id.raw() != 0))
}

fn raw<I: Id>(id: Option<I>) -> i64 {
    id.map_or(0, Id::raw)
}

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
    let mut set = Rows::new(17);
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
            rule.active
        ]);
    }
    tx.write(&UPSERT_RULES, params![company_id; set])
}

/// A rule in a list: with SKU, place and preferred supplier.
pub(crate) struct ListedRule {
    pub rule: Rule,
    pub sku: String,
    pub place: String,
    pub supplier: String,
}

/// Rules by SKU and place.
pub(crate) fn list_rules(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (sku, warehouse, retired): (Option<&str>, Option<WarehouseId>, bool),
    after: (String, PlaceId),
    limit: i64,
) -> Result<Vec<ListedRule>, StoreError> {
    let params = params![
        ctx.company_id,
        retired,
        sku,
        raw(warehouse),
        after.0,
        after.1,
        limit
    ];
    let listed = |row: &Row| {
        Ok(ListedRule {
            rule: rule_of(row)?,
            sku: row.get(17)?,
            place: row.get(18)?,
            supplier: row.get(19)?,
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
            (row.get(17)?, row.get(18)?, row.get(19)?);
        Ok(Spot {
            item_id: rule.item_id,
            place_id: rule.place_id,
            warehouse_id: rule.warehouse_id,
            whole_warehouse: rule.place_id == stock || path == code,
            path,
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
    let params = params![
        company_id,
        after.0,
        after.1,
        raw(within.warehouse_id),
        raw(within.item_id),
        limit
    ];
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
            rule: None,
        })
    };
    tx.query(&WITHOUT_RULE_NEXT, params)?.iter().map(spot).collect()
}

/// Locks warehouses for planning, in the order of their ids.
pub(crate) fn lock_scopes(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    warehouses: &BTreeSet<WarehouseId>,
) -> Result<(), StoreError> {
    let set = || Rows::column(warehouses);
    if tx.query(&LOCK_SCOPES, params![company_id; set()])?.len() < warehouses.len() {
        // The first run of a warehouse; the lock is then asked for again.
        tx.write(&ENSURE_SCOPES, params![company_id; set()])?;
        tx.query(&LOCK_SCOPES, params![company_id; set()])?;
    }
    Ok(())
}

/// The live proposals of spots, locked.
pub(crate) fn lock_live(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    spots: &[Spot],
) -> Result<HashMap<(ItemId, PlaceId), Proposal>, StoreError> {
    let mut set = Rows::new(2);
    for spot in spots {
        set.push(row![spot.item_id, spot.place_id]);
    }
    let found = tx.query(&LOCK_LIVE, params![company_id; set])?;
    found.iter().map(proposal_of).map(|p| p.map(|p| ((p.item_id, p.place_id), p))).collect()
}

/// Proposals, locked, by id.
pub(crate) fn lock_proposals(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: &BTreeSet<ProposalId>,
) -> Result<BTreeMap<ProposalId, Proposal>, StoreError> {
    let found = tx.query(&LOCK_PROPOSALS, params![company_id; Rows::column(ids)])?;
    found.iter().map(proposal_of).map(|p| p.map(|p| (p.id, p))).collect()
}

fn proposal_of(row: &Row) -> Result<Proposal, StoreError> {
    Ok(Proposal {
        id: row.get(0)?,
        version: row.get(1)?,
        state: row.get(2)?,
        item_id: row.get(3)?,
        place_id: row.get(4)?,
        warehouse_id: row.get(5)?,
        rule_id: id_at(row, 6)?,
        basis_version: row.get(9)?,
        figures: Figures {
            rule_version: row.get(7)?,
            algorithm: row.get(8)?,
            planned_on: row.get(10)?,
            arrives_on: row.get(11)?,
            forecast: row.get(12)?,
            need: row.get(13)?,
            quantity: row.get(14)?,
            partner_id: id_at(row, 15)?,
            currency: row.get(16)?,
            chosen: row.get(17)?,
            unit: row.get(18)?,
            order_quantity: row.get(19)?,
            lead_days: row.get(20)?,
            unit_cost: row.get(21)?,
        },
        held_back: row.get(22)?,
        dismissed_until: day_at(row, 23)?,
        reason: row.get(24)?,
        approved_quantity: row.get(25)?,
        order_id: id_at(row, 26)?,
        order_line: row.get(27)?,
    })
}

fn proposal_row(p: &Proposal) -> [Value; 28] {
    let f = &p.figures;
    row![
        p.id,
        p.version,
        p.state,
        p.item_id,
        p.place_id,
        p.warehouse_id,
        raw(p.rule_id),
        f.rule_version,
        f.algorithm,
        p.basis_version,
        f.planned_on,
        f.arrives_on,
        f.forecast,
        f.need,
        f.quantity,
        raw(f.partner_id),
        f.currency,
        f.chosen,
        f.unit,
        f.order_quantity,
        f.lead_days,
        f.unit_cost,
        p.held_back,
        day_text(p.dismissed_until),
        p.reason,
        p.approved_quantity,
        raw(p.order_id),
        p.order_line
    ]
}

/// Writes proposals, new ones and locked ones, with their versions.
pub(crate) fn write_proposals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    written: &[(Proposal, Version)],
) -> Result<(), StoreError> {
    let (mut new, mut known, mut versions) = (Rows::new(28), Rows::new(28), Rows::new(6));
    for (proposal, version) in written {
        let rows = if proposal.version == 1 { &mut new } else { &mut known };
        rows.push(proposal_row(proposal));
        let basis = version.basis.as_ref().map(kept).unwrap_or_default();
        let quantity = match proposal.state {
            ProposalState::Approved => proposal.approved_quantity,
            _ => proposal.figures.quantity,
        };
        versions.push(row![
            proposal.id,
            proposal.version,
            version.what,
            quantity,
            version.reason,
            basis
        ]);
    }
    tx.write(&INSERT_PROPOSALS, params![ctx.company_id, ctx.at; new])?;
    tx.write_exactly(known.len(), &UPDATE_PROPOSALS, params![ctx.company_id, ctx.at; known])?;
    tx.write(&INSERT_VERSIONS, params![ctx.company_id, ctx.user_id, ctx.at; versions])
}

/// A basis as it is kept: fields in their declared order, days and lists sorted when it was made.
fn kept(basis: &Basis) -> String {
    serde_json::to_string(basis).expect("a basis has only strings, numbers and lists of them")
}

/// A kept basis, none when an earlier version of Purser kept it in another form.
pub(crate) fn basis_of(text: &str) -> Option<Basis> {
    serde_json::from_str(text).ok()
}

/// What live proposals were decided from.
pub(crate) fn bases<'p>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    proposals: impl IntoIterator<Item = &'p Proposal>,
) -> Result<HashMap<ProposalId, Basis>, StoreError> {
    let mut set = Rows::new(2);
    for proposal in proposals {
        set.push(row![proposal.id, proposal.basis_version]);
    }
    if set.is_empty() {
        return Ok(HashMap::new());
    }
    let found = tx.query(&BASES, params![company_id; set])?;
    let mut bases = HashMap::with_capacity(found.len());
    for row in &found {
        if let Some(basis) = basis_of(&row.get::<String>(1)?) {
            bases.insert(row.get(0)?, basis);
        }
    }
    Ok(bases)
}

/// What lies somewhere, or is wanted or due there.
#[derive(Debug, Clone)]
pub(crate) struct There {
    pub warehouse_id: WarehouseId,
    /// The path of the place; empty for the warehouse as such.
    pub path: String,
    pub dated: Dated,
}

/// What lies at a place.
#[derive(Debug, Clone)]
pub(crate) struct Lying {
    pub warehouse_id: WarehouseId,
    pub path: String,
    pub on_hand: Quantity,
    pub reserved: Quantity,
}

/// What lies, comes and is wanted of items.
#[derive(Debug, Default)]
pub(crate) struct Supply {
    pub lying: HashMap<ItemId, Vec<Lying>>,
    pub wanted: HashMap<ItemId, Vec<There>>,
    pub kept: HashMap<ItemId, Vec<There>>,
    pub leaving: HashMap<ItemId, Vec<There>>,
    pub coming: HashMap<ItemId, Vec<There>>,
    pub offered: HashMap<ItemId, Vec<Offered>>,
}

/// An offer, and what a unit of its currency is worth.
#[derive(Debug, Clone)]
pub(crate) struct Offered {
    pub partner_id: PartnerId,
    pub supplier: String,
    pub currency: Currency,
    pub offer_id: OfferId,
    pub unit: String,
    pub numerator: i64,
    pub denominator: i64,
    pub whole: bool,
    pub min_quantity: Quantity,
    pub multiple: Quantity,
    pub lead_days: i64,
    pub from_on: Day,
    pub price: Price,
    pub discount: Rate,
    /// None when the company has no rate of the currency.
    pub rate: Option<Rate>,
}

/// Reads what lies, comes and is wanted of items, and who offers them on a day.
pub(crate) fn supply(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &BTreeSet<ItemId>,
    day: Day,
) -> Result<Supply, StoreError> {
    let mut supply = Supply::default();
    if items.is_empty() {
        return Ok(supply);
    }
    let ask = || params![company_id; Rows::column(items)];
    for row in tx.query(&ON_HAND, ask())? {
        supply.lying.entry(row.get(0)?).or_default().push(Lying {
            warehouse_id: row.get(1)?,
            path: row.get(2)?,
            on_hand: row.get(3)?,
            reserved: row.get(4)?,
        });
    }
    for row in tx.query(&WANTED, ask())? {
        let dated = Dated { on: row.get(2)?, quantity: row.get(3)? };
        let there = There { warehouse_id: row.get(1)?, path: String::new(), dated };
        supply.wanted.entry(row.get(0)?).or_default().push(there);
    }
    for row in tx.query(&KEPT, ask())? {
        let dated = Dated { on: row.get(3)?, quantity: row.get(4)? };
        let there = There { warehouse_id: row.get(1)?, path: row.get(2)?, dated };
        supply.kept.entry(row.get(0)?).or_default().push(there);
    }
    for row in tx.query(&EXPECTED, ask())? {
        let dated = Dated { on: row.get(3)?, quantity: row.get(5)? };
        let there = There { warehouse_id: row.get(1)?, path: row.get(4)?, dated };
        let way = if row.get(2)? { &mut supply.coming } else { &mut supply.leaving };
        way.entry(row.get(0)?).or_default().push(there);
    }
    for row in tx.query(&DRAFTED, ask())? {
        let dated = Dated { on: row.get(2)?, quantity: row.get(4)? };
        let there = There { warehouse_id: row.get(1)?, path: row.get(3)?, dated };
        supply.coming.entry(row.get(0)?).or_default().push(there);
    }
    supply.offered = offered(tx, company_id, items, day)?;
    Ok(supply)
}

/// Who offers items on a day.
pub(crate) fn offered(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &BTreeSet<ItemId>,
    day: Day,
) -> Result<HashMap<ItemId, Vec<Offered>>, StoreError> {
    let mut offered: HashMap<ItemId, Vec<Offered>> = HashMap::new();
    for row in tx.query(&OFFERED, params![company_id, day; Rows::column(items)])? {
        offered.entry(row.get(0)?).or_default().push(Offered {
            partner_id: row.get(1)?,
            supplier: row.get(2)?,
            currency: row.get(3)?,
            offer_id: row.get(4)?,
            unit: row.get(5)?,
            numerator: row.get(6)?,
            denominator: row.get(7)?,
            whole: row.get(8)?,
            min_quantity: row.get(9)?,
            multiple: row.get(10)?,
            lead_days: row.get(11)?,
            from_on: row.get(12)?,
            price: row.get(13)?,
            discount: row.get(14)?,
            rate: row.get(15)?,
        });
    }
    Ok(offered)
}

/// A draft order that can take lines.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub order_id: PurchaseOrderId,
    pub supplier: String,
    pub warehouse: String,
    pub currency: String,
    pub ordered_on: Day,
}

/// Draft orders that came of proposals, of suppliers, warehouses and currencies, from day to day.
pub(crate) fn drafts(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    of: &BTreeSet<(PartnerId, WarehouseId, String)>,
    (from, to): (Day, Day),
) -> Result<Vec<Draft>, StoreError> {
    let mut set = Rows::new(3);
    for (partner_id, warehouse_id, currency) in of {
        set.push(row![partner_id, warehouse_id, currency]);
    }
    let draft = |row: &Row| {
        Ok(Draft {
            order_id: row.get(0)?,
            supplier: row.get(1)?,
            warehouse: row.get(2)?,
            currency: row.get(3)?,
            ordered_on: row.get(4)?,
        })
    };
    tx.query(&DRAFTS, params![company_id, from, to; set])?.iter().map(draft).collect()
}

/// A proposal in a list.
pub(crate) struct Listed {
    pub proposal: Proposal,
    pub sku: String,
    pub name: String,
    pub place: String,
    pub supplier: String,
    pub order: String,
    pub stock_unit: String,
}

/// Which proposals to list.
#[derive(Default)]
pub(crate) struct Which<'f> {
    pub state: Option<ProposalState>,
    pub sku: Option<&'f str>,
    pub warehouse_id: Option<WarehouseId>,
    pub supplier: Option<&'f str>,
    pub order_id: Option<PurchaseOrderId>,
    pub id: Option<ProposalId>,
}

/// Proposals by id.
pub(crate) fn list_proposals(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    which: &Which<'_>,
    after: i64,
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let params = params![
        ctx.company_id,
        which.state,
        which.sku,
        raw(which.warehouse_id),
        which.supplier,
        raw(which.order_id),
        raw(which.id),
        after,
        limit
    ];
    let listed = |row: &Row| {
        Ok(Listed {
            proposal: proposal_of(row)?,
            sku: row.get(28)?,
            name: row.get(29)?,
            place: row.get(30)?,
            supplier: row.get(31)?,
            order: row.get(32)?,
            stock_unit: row.get(33)?,
        })
    };
    tx.query(&LIST_PROPOSALS, params)?.iter().map(listed).collect()
}

/// Live proposals after an id, with their kept bases.
pub(crate) fn live_with_basis(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    after: i64,
    limit: i64,
) -> Result<Vec<(Proposal, String)>, StoreError> {
    let found = tx.query(&LIVE_WITH_BASIS, params![company_id, after, limit])?;
    found.iter().map(|row| Ok((proposal_of(row)?, row.get(28)?))).collect()
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

/// Which items have rules, and whether all their rules say the lead time.
pub(crate) fn ruled(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &BTreeSet<ItemId>,
) -> Result<HashMap<ItemId, bool>, StoreError> {
    let found = tx.query(&RULED, params![company_id; Rows::column(items)])?;
    let ruled = |row: &Row| Ok((row.get(0)?, row.get::<i64>(1)? == row.get::<i64>(2)?));
    found.iter().map(ruled).collect()
}

/// A line of an order, with a receipt of it or what is due of it.
pub(crate) struct Delivery {
    pub supplier: String,
    pub sku: String,
    pub ordered_on: Day,
    /// None when nothing of the line came.
    pub received_on: Option<Day>,
    /// Whether something of the line is still due.
    pub due: bool,
}

/// What came, and what is due, of orders since a day.
pub(crate) fn deliveries(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    since: Day,
    supplier: Option<&str>,
    sku: Option<&str>,
) -> Result<Vec<Delivery>, StoreError> {
    let delivery = |row: &Row| {
        Ok(Delivery {
            supplier: row.get(0)?,
            sku: row.get(1)?,
            ordered_on: row.get(2)?,
            received_on: day_at(row, 3)?,
            due: row.get(4)?,
        })
    };
    let found = tx.query(&DELIVERIES, params![company_id, since, supplier, sku])?;
    found.iter().map(delivery).collect()
}

/// What happened to a proposal, oldest first.
pub(crate) fn history(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: ProposalId,
) -> Result<Vec<crate::ProposalVersion>, StoreError> {
    let version = |row: &Row| {
        Ok(crate::ProposalVersion {
            version: row.get(0)?,
            what: row.get(1)?,
            quantity: row.get(2)?,
            reason: row.get(3)?,
            user_id: row.get(4)?,
            recorded_at: row.get(5)?,
        })
    };
    tx.query(&HISTORY, params![company_id, id])?.iter().map(version).collect()
}
