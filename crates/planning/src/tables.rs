//! All SQL of planning: the statements here, the functions that read and write with them below.

mod proposals;
mod rules;
mod supply;

pub(crate) use proposals::*;
pub(crate) use rules::*;
pub(crate) use supply::*;

use base::{Day, Id};
use store::{Row, StoreError};

/// The columns of a proposal as [`proposal_of`] reads them, from `planning_proposal as p`.
macro_rules! proposal_columns {
    () => {
        "select p.id, p.version, p.state, p.item_id, p.place_id, p.warehouse_id, p.rule_id,
            p.rule_version, p.algorithm, p.basis_version, p.planned_on, p.arrives_on, p.forecast,
            p.need, p.quantity, p.partner_id, p.currency, p.chosen, p.unit, p.order_quantity,
            p.lead_days, p.unit_cost, p.held_back, p.dismissed_until, p.reason,
            p.approved_quantity, p.became_id, p.became_line, p.source_warehouse_id, p.needed_on,
            p.available"
    };
}

/// The columns of a rule as [`rule_of`] reads them, from `planning_rule as r`.
macro_rules! rule_columns {
    () => {
        "r.id, r.item_id, r.place_id, r.warehouse_id, r.version, r.min, r.max, r.reorder_point,
            r.multiple, r.minimum, r.lead_days, r.horizon_days, r.visibility_days, r.trigger_by,
            r.partner_id, r.snoozed_until, r.active, r.source_warehouse_id"
    };
}

/// What a list of proposals tells of each besides, and which it lists.
macro_rules! listed_proposals {
    () => {
        ", i.sku, i.name, pl.path,
            coalesce(s.code, '') as supplier, coalesce(o.number, '') as order_number, b.code,
            coalesce(x.code, '') as source, coalesce(t.number, '') as transfer_number
        from planning_proposal as p
        join catalog_item as i on i.company_id = p.company_id and i.id = p.item_id
        join catalog_unit as b on b.company_id = i.company_id and b.id = i.stock_unit_id
        join stock_place as pl on pl.company_id = p.company_id and pl.id = p.place_id
        left join partners_partner as s on s.company_id = p.company_id and s.id = p.partner_id
        left join purchasing_order as o on o.company_id = p.company_id and o.id = p.became_id
            and p.source_warehouse_id = 0
        left join stock_transfer as t on t.company_id = p.company_id and t.id = p.became_id
            and p.source_warehouse_id <> 0
        left join stock_warehouse as x
            on x.company_id = p.company_id and x.id = p.source_warehouse_id
        where p.company_id = $1
            and (cast($2 as {text}) is null or p.state = cast($2 as {text}))
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and (cast($4 as {i64}) = 0 or p.warehouse_id = cast($4 as {i64}))
            and (cast($5 as {text}) is null or s.code = cast($5 as {text}))
            and (cast($6 as {i64}) = 0
                or (p.became_id = cast($6 as {i64}) and p.source_warehouse_id = 0))
            and (cast($7 as {i64}) = 0 or p.id = cast($7 as {i64}))
            and (cast($8 as {i64}) = 0 or p.source_warehouse_id = cast($8 as {i64}))
            and (cast($9 as {i64}) = 0
                or (p.became_id = cast($9 as {i64}) and p.source_warehouse_id <> 0))"
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
             snoozed_until, active, source_warehouse_id)
        select $1, d.id, d.item_id, d.place_id, d.warehouse_id, d.version, d.min, d.max,
            d.reorder_point, d.multiple, d.minimum, d.lead_days, d.horizon_days, d.visibility_days,
            d.trigger_by, d.partner_id, d.snoozed_until, d.active, d.source_warehouse_id
        from {rows:d(id, item_id, place_id, warehouse_id, version, min, max, reorder_point, multiple,
            minimum, lead_days, horizon_days, visibility_days, trigger_by text, partner_id,
            snoozed_until text, active, source_warehouse_id)} where true
        on conflict (company_id, item_id, place_id) do update set version = excluded.version,
            min = excluded.min, max = excluded.max, reorder_point = excluded.reorder_point,
            multiple = excluded.multiple, minimum = excluded.minimum,
            lead_days = excluded.lead_days, horizon_days = excluded.horizon_days,
            visibility_days = excluded.visibility_days, trigger_by = excluded.trigger_by,
            partner_id = excluded.partner_id, snoozed_until = excluded.snoozed_until,
            active = excluded.active, source_warehouse_id = excluded.source_warehouse_id";

    /// From which warehouse to which items are supplied by rules in use.
    SUPPLIED = "select r.item_id, r.place_id, r.warehouse_id, r.source_warehouse_id
        from {rows:d(item_id)}
        join planning_rule as r on r.company_id = $1 and r.item_id = d.item_id
            and r.source_warehouse_id <> 0 and r.active = 1
        order by r.item_id, r.place_id";

    /// The paths of places.
    PATHS = "select pl.id, pl.path from {rows:d(place_id)}
        join stock_place as pl on pl.company_id = $1 and pl.id = d.place_id";

    /// Rules for people, by item and place.
    LIST_RULES = concat!("select ", rule_columns!(), ", i.sku, pl.path, coalesce(s.code, '') as supplier,
            coalesce(x.code, '') as source
        from planning_rule as r
        join catalog_item as i on i.company_id = r.company_id and i.id = r.item_id
        join stock_place as pl on pl.company_id = r.company_id and pl.id = r.place_id
        left join partners_partner as s on s.company_id = r.company_id and s.id = r.partner_id
        left join stock_warehouse as x
            on x.company_id = r.company_id and x.id = r.source_warehouse_id
        where r.company_id = $1 and (r.active = 1 or cast($2 as {i64}) = 1)
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and (cast($4 as {i64}) = 0 or r.warehouse_id = cast($4 as {i64}))
            and (cast($5 as {text}) is null or s.code = cast($5 as {text}))
            and (cast($6 as {i64}) = 0 or r.source_warehouse_id = cast($6 as {i64}))
            and (i.sku > $7 or (i.sku = $7 and r.place_id > $8))
        order by i.sku, r.place_id limit $9");

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
    /// wants, that are below zero, those that the warehouse supplies others with, and those with a
    /// proposal. A proposal of before there was such a
    /// rule is looked at once more, as covered by it.
    WITHOUT_RULE_NEXT = "select k.item_id, k.place_id, k.warehouse_id, pl.path, w.stock_place_id,
            w.code, case when exists (select 1 from planning_rule as r
                join stock_place as rp on rp.company_id = r.company_id and rp.id = r.place_id
                where r.company_id = $1 and r.item_id = k.item_id and r.active = 1
                    and r.warehouse_id = k.warehouse_id
                    and (r.place_id = k.place_id or r.place_id = w.stock_place_id
                        or rp.path = w.code)) then 1 else 0 end as covered
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
            select r.item_id, x.stock_place_id as place_id, x.id as warehouse_id
                from planning_rule as r
                join stock_warehouse as x
                    on x.company_id = r.company_id and x.id = r.source_warehouse_id
                where r.company_id = $1 and r.item_id >= $2 and r.active = 1
                    and r.source_warehouse_id <> 0
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
                where r.company_id = $1 and r.item_id = k.item_id and r.active = 1
                    and r.place_id = k.place_id)
            and (exists (select 1 from planning_proposal as p
                    where p.company_id = $1 and p.item_id = k.item_id
                        and p.place_id = k.place_id and p.state in ('open', 'dismissed'))
                or not exists (select 1 from planning_rule as r
                    join stock_place as rp on rp.company_id = r.company_id and rp.id = r.place_id
                    where r.company_id = $1 and r.item_id = k.item_id and r.active = 1
                        and r.warehouse_id = k.warehouse_id
                        and (r.place_id = w.stock_place_id or rp.path = w.code)))
        order by k.item_id, k.place_id limit $6";

    /// Makes sure that there is something to lock for warehouses.
    ENSURE_SCOPES = "insert into planning_scope (company_id, warehouse_id)
        select $1, d.warehouse_id from {rows:d(warehouse_id)} where true
        on conflict (company_id, warehouse_id) do nothing";

    /// Locks warehouses for planning.
    LOCK_SCOPES = "select s.warehouse_id from {rows:d(warehouse_id)}
        join planning_scope as s on s.company_id = $1 and s.warehouse_id = d.warehouse_id
        order by s.warehouse_id {for_update:s}";

    /// Locks the warehouses at both ends of transfers that are proposed.
    LOCK_ENDS = "select s.warehouse_id from planning_scope as s
        where s.company_id = $1 and exists (select 1 from {rows:d(id)}
            join planning_proposal as p on p.company_id = $1 and p.id = d.id
            where p.source_warehouse_id <> 0
                and (p.warehouse_id = s.warehouse_id or p.source_warehouse_id = s.warehouse_id))
        order by s.warehouse_id {for_update:s}";

    /// Locks the live proposals of items at places.
    LOCK_LIVE = concat!(proposal_columns!(), " from {rows:d(item_id, place_id)}
        join planning_proposal as p on p.company_id = $1 and p.item_id = d.item_id
            and p.place_id = d.place_id and p.state in ('open', 'dismissed')
        order by p.id {for_update:p}");

    /// What open proposals would take of items from the warehouses that supply, as far as their rules
    /// still say so.
    DRAWN = "select p.item_id, p.source_warehouse_id, p.warehouse_id, p.place_id, p.arrives_on,
            p.lead_days, p.quantity
        from {rows:d(item_id)}
        join planning_proposal as p on p.company_id = $1 and p.item_id = d.item_id
            and p.source_warehouse_id <> 0 and p.state = 'open'
        join planning_rule as r on r.company_id = p.company_id and r.id = p.rule_id
            and r.active = 1 and r.source_warehouse_id = p.source_warehouse_id
        order by p.item_id, p.place_id, p.needed_on";

    /// How long goods are on their way between the warehouses of a company.
    LEAD_TIMES = "select l.from_warehouse_id, l.to_warehouse_id, l.days from stock_lead_time as l
        where l.company_id = $1";

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

    /// What is planned to come and go, by warehouse, day, and the place that it goes to; a transfer to
    /// a warehouse's stock goes to none inside it.
    EXPECTED = "select e.item_id, e.warehouse_id, e.incoming, e.due_on, coalesce(p.path, '') as path,
            cast(sum(e.open_quantity) as {i64}) as quantity
        from {rows:d(item_id)}
        join stock_expectation as e on e.company_id = $1 and e.item_id = d.item_id
            and e.open_quantity > 0
        left join purchasing_line as l on l.company_id = e.company_id and l.id = e.source_id
            and e.source_kind = 'purchase_line' and l.place_id <> 0
        left join stock_transfer_line as tl on tl.company_id = e.company_id and tl.id = e.source_id
            and e.source_kind = 'transfer_line'
        left join stock_transfer as t on t.company_id = tl.company_id and t.id = tl.transfer_id
        left join stock_warehouse as w on w.company_id = t.company_id
            and w.id = t.to_warehouse_id and w.stock_place_id <> t.to_place_id
        left join stock_place as p on p.company_id = e.company_id
            and p.id = coalesce(l.place_id, case when w.id is null then 0 else t.to_place_id end)
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
             held_back, dismissed_until, reason, approved_quantity, became_id, became_line,
             source_warehouse_id, needed_on, available, created_at, changed_at)
        select $1, d.id, d.version, d.state, d.item_id, d.place_id, d.warehouse_id, d.rule_id,
            d.rule_version, d.algorithm, d.basis_version, d.planned_on, d.arrives_on, d.forecast,
            d.need, d.quantity, d.partner_id, d.currency, d.chosen, d.unit, d.order_quantity,
            d.lead_days, d.unit_cost, d.held_back, d.dismissed_until, d.reason,
            d.approved_quantity, d.became_id, d.became_line, d.source_warehouse_id, d.needed_on,
            d.available, $2, $2
        from {rows:d(id, version, state text, item_id, place_id, warehouse_id, rule_id,
            rule_version, algorithm, basis_version, planned_on text, arrives_on text, forecast, need,
            quantity, partner_id, currency text, chosen text, unit text, order_quantity, lead_days,
            unit_cost, held_back text, dismissed_until text, reason text, approved_quantity,
            became_id, became_line, source_warehouse_id, needed_on text, available)}";

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
            approved_quantity = d.approved_quantity, became_id = d.became_id,
            became_line = d.became_line, source_warehouse_id = d.source_warehouse_id,
            needed_on = d.needed_on, available = d.available, changed_at = $2
        from {rows:d(id, version, state text, item_id, place_id, warehouse_id, rule_id,
            rule_version, algorithm, basis_version, planned_on text, arrives_on text, forecast, need,
            quantity, partner_id, currency text, chosen text, unit text, order_quantity, lead_days,
            unit_cost, held_back text, dismissed_until text, reason text, approved_quantity,
            became_id, became_line, source_warehouse_id, needed_on text, available)}
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
            where p.company_id = o.company_id and p.became_id = o.id
                and p.source_warehouse_id = 0)
        order by o.id";

    /// Proposals for people, by id.
    LIST_PROPOSALS = concat!(proposal_columns!(), listed_proposals!(), "
            and p.id > $10
        order by p.id limit $11");

    /// Proposals for people, by who supplies them.
    LIST_BY_SUPPLY = concat!(proposal_columns!(), listed_proposals!(), "
            and (coalesce(x.code, s.code, '') > $10
                or (coalesce(x.code, s.code, '') = $10 and p.id > $11))
        order by coalesce(x.code, s.code, ''), p.id limit $12");

    /// Proposals in a state that one supplier, or one warehouse, would supply, by id.
    LIST_OF_SUPPLY = concat!(proposal_columns!(), listed_proposals!(), "
            and p.state = cast($2 as {text}) and p.partner_id = $10
            and p.source_warehouse_id = $11 and p.id > $12
        order by p.id limit $13");

    /// What is proposed, with who supplies it and what it costs, to be summed.
    PROPOSED_BY_SUPPLY = "select coalesce(x.code, '') as supplier, coalesce(x.name, '') as supplier_name,
            coalesce(s.code, '') as source, coalesce(s.name, '') as source_name, p.quantity,
            p.unit_cost, p.arrives_on, p.held_back
        from planning_proposal as p
        left join partners_partner as x on x.company_id = p.company_id and x.id = p.partner_id
        left join stock_warehouse as s on s.company_id = p.company_id
            and s.id = p.source_warehouse_id
        where p.company_id = $1 and p.state = $2
            and (cast($3 as {i64}) = 0 or p.warehouse_id = cast($3 as {i64}))";

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

    /// Which items have rules: how many there are that suppliers deliver for, with how many of them
    /// say the lead time, and the same of those that a warehouse supplies, where the warehouses may say
    /// it.
    RULED = "select r.item_id,
            cast(sum(case when r.source_warehouse_id = 0 then 1 else 0 end) as {i64}) as bought,
            cast(sum(case when r.source_warehouse_id = 0 and r.lead_days is not null then 1 else 0
                end) as {i64}) as bought_timed,
            cast(sum(case when r.source_warehouse_id <> 0 then 1 else 0 end) as {i64}) as supplied,
            cast(sum(case when r.source_warehouse_id <> 0
                and (r.lead_days is not null or l.days is not null) then 1 else 0
                end) as {i64}) as supplied_timed
        from {rows:d(item_id)}
        join planning_rule as r on r.company_id = $1 and r.item_id = d.item_id and r.active = 1
        left join stock_lead_time as l on l.company_id = r.company_id
            and l.from_warehouse_id = r.source_warehouse_id and l.to_warehouse_id = r.warehouse_id
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
