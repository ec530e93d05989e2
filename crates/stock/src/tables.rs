//! All SQL of stock: the statements here and, of lots, put-away, transfers, earmarks and reports, in their files;
//! the functions that read and write lots, rows and transfers in theirs.

mod earmarks;
mod lots;
mod put_away;
mod reports;
mod rows;
mod transfers;

pub(crate) use earmarks::{EARMARKED, INSERT_EARMARKS};
pub(crate) use lots::*;
pub(crate) use put_away::*;
pub(crate) use reports::ADJUSTED;
pub(crate) use rows::*;
pub(crate) use transfers::*;

use crate::model::{Place, PlaceKind, RowKey, StockRow};
use base::{CompanyId, PlaceId};
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, Rows, StoreError, Tx, params, row};

/// Every statement of stock.
pub(crate) static ALL: [&store::Statement;
    COUNT + lots::COUNT + transfers::COUNT + put_away::COUNT + earmarks::COUNT + reports::COUNT] =
    store::statement::joined(&[
        STATEMENTS,
        lots::STATEMENTS,
        transfers::STATEMENTS,
        put_away::STATEMENTS,
        earmarks::STATEMENTS,
        reports::STATEMENTS,
    ]);

/// The columns of a movement.
macro_rules! move_row {
    () => {
        "select m.id, i.sku, f.path, t.path, l.code, m.quantity, m.value, m.happened_on,
            m.posted_on, m.recorded_at, m.source_kind, m.source_id, m.line_id, m.reverses_id,
            m.from_after, m.to_after"
    };
}

/// What movements need besides the item, and the beginning of their filters.
macro_rules! move_joins {
    () => {
        " join stock_place as f on f.company_id = m.company_id and f.id = m.from_place_id
        join stock_place as t on t.company_id = m.company_id and t.id = m.to_place_id
        left join stock_lot as l on l.company_id = m.company_id and l.id = m.lot_id
        where m.company_id = $1 and i.company_id = $1 and m.item_id = i.id"
    };
}

/// The rest of their filters, and their order.
macro_rules! move_order {
    () => {
        " and (cast($3 as {text}) is null or m.happened_on >= cast($3 as {text}))
            and (cast($4 as {text}) is null or m.happened_on <= cast($4 as {text}))
            and m.recorded_at <= cast($5 as {i64})
            and (m.recorded_at < cast($5 as {i64}) or m.id < cast($6 as {i64}))
        order by m.recorded_at desc, m.id desc limit cast($7 as {i64})"
    };
}

store::statements! {
    /// Adds places.
    INSERT_PLACES = "insert into stock_place
        (company_id, id, parent_id, warehouse_id, pool_id, code, path, kind, class, active)
        select $1, d.id, d.parent_id, d.warehouse_id, d.pool_id, d.code, d.path, d.kind, d.class, 1
        from {rows:d(id, parent_id, warehouse_id, pool_id, code text, path text, kind text,
            class text)}";

    /// Adds a warehouse.
    INSERT_WAREHOUSE = "insert into stock_warehouse
        (company_id, id, code, name, pool_id, input_place_id, stock_place_id, quarantine_place_id,
         supplier_place_id, customer_place_id, loss_place_id, transit_place_id, active)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)";

    /// A warehouse by id or by code.
    FIND_WAREHOUSE = "select id, code, name, pool_id, input_place_id, stock_place_id,
            quarantine_place_id, supplier_place_id, customer_place_id, loss_place_id,
            transit_place_id, receipt_steps
        from stock_warehouse
        where company_id = $1 and active = 1
            and (id = cast($2 as {i64}) or code = cast($3 as {text}))";

    /// All warehouses by code.
    LIST_WAREHOUSES = "select id, code, name, pool_id, input_place_id, stock_place_id,
            quarantine_place_id, supplier_place_id, customer_place_id, loss_place_id,
            transit_place_id, receipt_steps
        from stock_warehouse where company_id = $1 and active = 1 order by code";

    /// The company's places outside every warehouse.
    PLACES_OUTSIDE = "select id, kind, pool_id from stock_place where company_id = $1 and warehouse_id = 0";

    /// A place by its path.
    FIND_PLACE = "select id, warehouse_id, pool_id, path, kind, class from stock_place
        where company_id = $1 and path = $2";

    /// Places of a posting.
    LOAD_PLACES = "select p.id, p.pool_id, p.kind, p.class, p.path
        from {rows:d(id)} join stock_place as p on p.company_id = $1 and p.id = d.id
        where p.active = 1";

    /// Demands become due on another day.
    RESCHEDULE = "update stock_demand as w set due_on = d.due_on
        from {rows:d(id, due_on text)} where w.company_id = $1 and w.id = d.id";

    /// Makes sure that the rows exist to which goods come, so that they can be locked.
    ENSURE_ROWS = "insert into stock_row
        (company_id, item_id, place_id, lot_id, on_hand, reserved, since, seq)
        select $1, d.item_id, d.place_id, d.lot_id, 0, 0, '', 0
        from {rows:d(item_id, place_id, lot_id)} where true
        on conflict (company_id, item_id, place_id, lot_id) do nothing";

    /// Locks stock rows in key order, and tells which are held.
    LOCK_ROWS = "select r.item_id, r.place_id, r.lot_id, r.on_hand, r.reserved, r.since, r.seq,
            (select count(*) from stock_hold as h
             where h.company_id = r.company_id and h.lifted_at is null
                and ((h.subject_kind = 'place' and h.subject_id = r.place_id)
                    or (h.subject_kind = 'lot' and h.subject_id = r.lot_id))) as holds
        from {rows:d(item_id, place_id, lot_id)}
        join stock_row as r on r.company_id = $1 and r.item_id = d.item_id
            and r.place_id = d.place_id and r.lot_id = d.lot_id
        order by r.item_id, r.place_id, r.lot_id {for_update:r}";

    /// Looks at rows without locking them.
    LOOK_ROWS = "select r.item_id, r.place_id, r.lot_id, r.on_hand, r.reserved, r.since, r.seq,
            cast(0 as {i64}) as holds
        from {rows:d(item_id, place_id, lot_id)}
        join stock_row as r on r.company_id = $1 and r.item_id = d.item_id
            and r.place_id = d.place_id and r.lot_id = d.lot_id";

    /// Installs reason codes.
    INSERT_REASONS = "insert into stock_reason
            (company_id, id, code, name, role, active, must_explain)
        select $1, d.id, d.code, d.name, d.role, 1, d.must_explain
        from {rows:d(id, code text, name text, role text, must_explain)}";

    /// Defines a reason, or amends the one with its code.
    UPSERT_REASON = "insert into stock_reason
            (company_id, id, code, name, role, active, line_limit, sheet_limit, evidence_limit,
             must_explain, due_days, owner_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        on conflict (company_id, code) do update set name = excluded.name, role = excluded.role,
            active = excluded.active, line_limit = excluded.line_limit,
            sheet_limit = excluded.sheet_limit, evidence_limit = excluded.evidence_limit,
            must_explain = excluded.must_explain, due_days = excluded.due_days,
            owner_id = excluded.owner_id";

    /// The reason of a code.
    REASON_ID = "select id from stock_reason where company_id = $1 and code = $2";

    /// All reasons by code.
    LIST_REASONS = "select id, code, name, role, active, line_limit, sheet_limit, evidence_limit,
            must_explain, due_days, owner_id
        from stock_reason where company_id = $1 order by code";

    /// Places by path.
    FIND_PLACES = "select p.id, p.warehouse_id, p.pool_id, p.path, p.kind, p.class
        from {rows:d(path text)}
        join stock_place as p on p.company_id = $1 and p.path = d.path where p.active = 1";

    /// Writes an adjustment.
    INSERT_ADJUSTMENT = "insert into stock_adjustment
        (company_id, id, number, memo, happened_on, posted_on, client_ref, user_id, recorded_at,
         state, value, beyond, approved_by, source_kind, source_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";

    /// Writes the lines of an adjustment.
    INSERT_ADJUSTMENT_LINES = "insert into stock_adjustment_line
            (company_id, adjustment_id, line, item_id, place_id, lot_id, quantity, reason_id,
             evidence, value, move_id)
        select $1, $2, d.line, d.item_id, d.place_id, d.lot_id, d.quantity, d.reason_id,
            d.evidence, d.value, d.move_id
        from {rows:d(line, item_id, place_id, lot_id, quantity, reason_id, evidence text, value,
            move_id)}";

    /// Notes which booked lines have to be explained.
    INSERT_UNEXPLAINED = "insert into stock_unexplained
            (company_id, adjustment_id, line, owner_id, due_on, explained_at, explained_by,
             reason_id, note, entry_id)
        select $1, $2, d.line, d.owner_id, d.due_on, 0, 0, 0, '', 0
        from {rows:d(line, owner_id, due_on text)}";

    /// The adjustment that a client calls so.
    ADJUSTMENT_BY_REF = "select id, number, posted_on, state from stock_adjustment
        where company_id = $1 and client_ref = $2";

    /// Locks an adjustment.
    LOCK_ADJUSTMENT = "select number, memo, happened_on, client_ref, state, user_id, value
        from stock_adjustment where company_id = $1 and id = $2 {for_update}";

    /// The lines of an adjustment.
    ADJUSTMENT_LINES = "select l.line, l.item_id, l.place_id, l.lot_id, l.quantity, l.reason_id,
            l.value, r.code
        from stock_adjustment_line as l
        join stock_reason as r on r.company_id = l.company_id and r.id = l.reason_id
        where l.company_id = $1 and l.adjustment_id = $2 order by l.line";

    /// Decides a waiting adjustment.
    DECIDE_ADJUSTMENT = "update stock_adjustment set state = $3, posted_on = $4, value = $5,
            approved_by = $6
        where company_id = $1 and id = $2 and state = 'waiting'";

    /// Writes what the lines of an adjustment became.
    UPDATE_ADJUSTMENT_LINES = "update stock_adjustment_line
        set value = d.value, move_id = d.move_id
        from {rows:d(line, value, move_id)}
        where stock_adjustment_line.company_id = $1 and stock_adjustment_line.adjustment_id = $2
            and stock_adjustment_line.line = d.line and stock_adjustment_line.move_id = 0";

    /// Locks the differences of an adjustment that wait to be explained.
    LOCK_UNEXPLAINED = "select u.line, l.value, l.item_id, r.role
        from stock_unexplained as u
        join stock_adjustment_line as l on l.company_id = u.company_id
            and l.adjustment_id = u.adjustment_id and l.line = u.line
        join stock_reason as r on r.company_id = l.company_id and r.id = l.reason_id
        where u.company_id = $1 and u.adjustment_id = $2 and u.explained_at = 0
        order by u.line {for_update:u}";

    /// Ends the wait of differences that are explained.
    EXPLAIN = "update stock_unexplained set explained_at = $3, explained_by = $4, reason_id = $5,
            note = $6, entry_id = $7
        from {rows:d(line)}
        where stock_unexplained.company_id = $1 and stock_unexplained.adjustment_id = $2
            and stock_unexplained.line = d.line and stock_unexplained.explained_at = 0";

    /// Differences that wait to be explained, the longest due first.
    LIST_UNEXPLAINED = "select u.adjustment_id, u.line, a.number, i.sku, p.path, l.quantity, l.value,
            u.owner_id, u.due_on, a.happened_on, a.source_kind, a.source_id, u.explained_at,
            coalesce(x.code, '') as explained_as, u.note
        from stock_unexplained as u
        join stock_adjustment_line as l on l.company_id = u.company_id
            and l.adjustment_id = u.adjustment_id and l.line = u.line
        join stock_adjustment as a on a.company_id = u.company_id and a.id = u.adjustment_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join stock_place as p on p.company_id = l.company_id and p.id = l.place_id
        left join stock_reason as x on x.company_id = u.company_id and x.id = u.reason_id
        where u.company_id = $1
            and (cast($2 as {i64}) = 1 or u.explained_at = 0)
            and (cast($3 as {i64}) = 0 or u.owner_id = cast($3 as {i64}))
            and (cast($4 as {text}) is null or u.due_on < cast($4 as {text}))
            and (u.due_on > cast($5 as {text}) or (u.due_on = cast($5 as {text})
                and (u.adjustment_id > cast($6 as {i64}) or (u.adjustment_id = cast($6 as {i64})
                    and u.line > cast($7 as {i64})))))
        order by u.due_on, u.adjustment_id, u.line limit cast($8 as {i64})";

    /// Adjustments, newest day first, with a cursor.
    LIST_ADJUSTMENTS = "select a.id, a.number, a.memo, a.happened_on, a.posted_on, a.client_ref,
            a.recorded_at, a.state, a.value, a.user_id, a.approved_by
        from stock_adjustment as a
        where a.company_id = $1
            and (cast($2 as {text}) is null or a.happened_on >= cast($2 as {text}))
            and (cast($3 as {text}) is null or a.happened_on <= cast($3 as {text}))
            and (cast($4 as {text}) is null
                or substr(a.client_ref, 1, length(cast($4 as {text}))) = cast($4 as {text}))
            and (a.happened_on < cast($5 as {text}) or (a.happened_on = cast($5 as {text})
                and a.id < cast($6 as {i64})))
            and (cast($8 as {text}) is null or a.state = cast($8 as {text}))
        order by a.happened_on desc, a.id desc limit cast($7 as {i64})";

    /// Writes what was decided for locked rows, if nobody was there in between.
    UPDATE_ROWS = "update stock_row set on_hand = d.on_hand, reserved = d.reserved,
            since = d.since, seq = d.seq
        from {rows:d(item_id, place_id, lot_id, on_hand, reserved, since text, seq, seq_before)}
        where stock_row.company_id = $1 and stock_row.item_id = d.item_id
            and stock_row.place_id = d.place_id and stock_row.lot_id = d.lot_id
            and stock_row.seq = d.seq_before";

    /// Writes moves.
    INSERT_MOVES = "insert into stock_move
        (company_id, id, item_id, lot_id, from_place_id, to_place_id, quantity, value, happened_on,
         posted_on, recorded_at, entry_id, source_kind, source_id, line_id, reverses_id, from_seq,
         from_after, to_seq, to_after)
        select $1, d.id, d.item_id, d.lot_id, d.from_place_id, d.to_place_id, d.quantity, d.value,
            $2, $3, $4, d.entry_id, d.source_kind, d.source_id, d.line_id, d.reverses_id,
            d.from_seq, d.from_after, d.to_seq, d.to_after
        from {rows:d(id, item_id, lot_id, from_place_id, to_place_id, quantity, value, line_id,
            reverses_id, from_seq, from_after, to_seq, to_after, entry_id, source_kind text,
            source_id)}";

    /// The rows from which demands of a warehouse can be met, locked in key order.
    LOCK_SOURCES = "select r.item_id, r.place_id, r.lot_id, r.on_hand - r.reserved as available, r.since,
            l.expires_on, p.path, coalesce(s.strategy, t.strategy) as strategy
        from stock_row as r
        join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
        join catalog_item as i on i.company_id = r.company_id and i.id = r.item_id
        left join stock_removal_rule as s
            on s.company_id = r.company_id and s.category_id = i.category_id
        left join stock_removal_rule as t on t.company_id = r.company_id and t.category_id = 0
        left join stock_lot as l on l.company_id = r.company_id and l.id = r.lot_id
        where r.company_id = $1 and p.warehouse_id = $2 and p.kind = 'internal'
            and p.class = 'normal' and r.item_id in (select d.item_id from {rows:d(item_id)})
            and (cast($3 as {text}) = '' or p.path = cast($3 as {text})
                or substr(p.path, 1, length(cast($3 as {text})) + 1) = cast($3 as {text}) || '/')
            and (coalesce(l.remove_by, '') = '' or l.remove_by >= cast($4 as {text}))
            and not exists (select 1 from stock_hold as h
                where h.company_id = r.company_id and h.lifted_at is null
                    and ((h.subject_kind = 'place' and h.subject_id = r.place_id)
                        or (h.subject_kind = 'lot' and h.subject_id = r.lot_id)))
        order by r.item_id, r.place_id, r.lot_id {for_update:r}";

    /// The rows from which items can leave warehouses, locked in key order.
    LOCK_ALL_SOURCES = "select r.item_id from {rows:d(warehouse_id, item_id)}
        join stock_row as r on r.company_id = $1 and r.item_id = d.item_id
        join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
            and p.warehouse_id = d.warehouse_id and p.kind = 'internal' and p.class = 'normal'
        order by r.item_id, r.place_id, r.lot_id {for_update:r}";

    /// Sets the removal strategy of a category.
    SET_REMOVAL = "insert into stock_removal_rule (company_id, category_id, strategy)
        values ($1, $2, $3)
        on conflict (company_id, category_id) do update set strategy = excluded.strategy";

    /// Keeps goods, if they are still free.
    RESERVE_ROWS = "update stock_row set reserved = stock_row.reserved + d.quantity
        from {rows:d(item_id, place_id, lot_id, quantity)}
        where stock_row.company_id = $1 and stock_row.item_id = d.item_id
            and stock_row.place_id = d.place_id and stock_row.lot_id = d.lot_id
            and stock_row.on_hand - stock_row.reserved >= d.quantity";

    /// Lets kept goods go.
    FREE_ROWS = "update stock_row set reserved = stock_row.reserved - d.quantity
        from {rows:d(item_id, place_id, lot_id, quantity)}
        where stock_row.company_id = $1 and stock_row.item_id = d.item_id
            and stock_row.place_id = d.place_id and stock_row.lot_id = d.lot_id
            and stock_row.reserved >= d.quantity";

    /// Notes which goods are kept for which demand.
    ADD_RESERVATIONS = "insert into stock_reservation
        (company_id, demand_id, item_id, place_id, lot_id, quantity)
        select $1, d.demand_id, d.item_id, d.place_id, d.lot_id, d.quantity
        from {rows:d(demand_id, item_id, place_id, lot_id, quantity)} where true
        on conflict (company_id, demand_id, item_id, place_id, lot_id)
            do update set quantity = stock_reservation.quantity + excluded.quantity";

    /// Ends reservations that are used up.
    END_RESERVATIONS = "delete from stock_reservation
        where company_id = $1 and (demand_id, item_id, place_id, lot_id, quantity) in (
            select d.demand_id, d.item_id, d.place_id, d.lot_id, d.quantity
            from {rows:d(demand_id, item_id, place_id, lot_id, quantity)})";

    /// Lowers reservations of which a part is used up.
    LOWER_RESERVATIONS = "update stock_reservation
        set quantity = stock_reservation.quantity - d.quantity
        from {rows:d(demand_id, item_id, place_id, lot_id, quantity)}
        where stock_reservation.company_id = $1 and stock_reservation.demand_id = d.demand_id
            and stock_reservation.item_id = d.item_id and stock_reservation.place_id = d.place_id
            and stock_reservation.lot_id = d.lot_id and stock_reservation.quantity > d.quantity";

    /// Writes demands.
    INSERT_DEMANDS = "insert into stock_demand
        (company_id, id, owner_kind, owner_id, line_id, item_id, warehouse_id, quantity, reserved,
         shipped, cancelled, back_order, due_on, recorded_at)
        select $1, d.id, $2, d.owner_id, d.line_id, d.item_id, $3, d.quantity, d.reserved, 0, 0, $4,
            d.due_on, $5
        from {rows:d(id, owner_id, line_id, item_id, quantity, reserved, due_on text)}";

    /// The demands of some owners, locked in key order.
    LOCK_DEMANDS_OF = "select m.id, m.owner_id, m.line_id, m.item_id, m.warehouse_id, m.quantity,
            m.reserved, m.shipped, m.cancelled
        from {rows:d(owner_id)}
        join stock_demand as m on m.company_id = $1 and m.owner_kind = $2
            and m.owner_id = d.owner_id
        order by m.id {for_update:m}";

    /// Demands by id, locked in key order.
    LOCK_DEMANDS = "select m.id, m.owner_id, m.line_id, m.item_id, m.warehouse_id, m.quantity,
            m.reserved, m.shipped, m.cancelled
        from {rows:d(id)} join stock_demand as m on m.company_id = $1 and m.id = d.id
        order by m.id {for_update:m}";

    /// What is kept for some demands.
    RESERVATIONS_OF = "select r.demand_id, r.item_id, r.place_id, r.lot_id, r.quantity
        from {rows:d(id)}
        join stock_reservation as r on r.company_id = $1 and r.demand_id = d.id
        order by r.demand_id, r.item_id, r.place_id, r.lot_id";

    /// What is kept at some rows, latest demand first: who gives way when goods are missing.
    RESERVATIONS_AT = "select r.demand_id, r.item_id, r.place_id, r.lot_id, r.quantity
        from {rows:d(item_id, place_id, lot_id)}
        join stock_reservation as r on r.company_id = $1 and r.item_id = d.item_id
            and r.place_id = d.place_id and r.lot_id = d.lot_id
        join stock_demand as m on m.company_id = r.company_id and m.id = r.demand_id
        order by m.recorded_at desc, m.id desc {for_update:m}";

    /// Moves quantities between a demand's columns; a demand that loses goods is a back-order.
    UPDATE_DEMANDS = "update stock_demand set reserved = stock_demand.reserved + d.reserved,
            shipped = stock_demand.shipped + d.shipped,
            cancelled = stock_demand.cancelled + d.cancelled,
            back_order = case when d.lacks = 1 then 1 else stock_demand.back_order end
        from {rows:d(id, reserved, shipped, cancelled, lacks)}
        where stock_demand.company_id = $1 and stock_demand.id = d.id
            and stock_demand.reserved + d.reserved >= 0";

    /// Demands, or what is left of them, are to be met elsewhere.
    MOVE_DEMANDS = "update stock_demand set warehouse_id = d.warehouse_id, quantity = d.quantity,
            back_order = 1
        from {rows:d(id, warehouse_id, quantity, was)}
        where stock_demand.company_id = $1 and stock_demand.id = d.id
            and stock_demand.quantity = d.was";

    /// Parts of demands become demands of another warehouse, as old as what they were a part of.
    SPLIT_DEMANDS = "insert into stock_demand
        (company_id, id, owner_kind, owner_id, line_id, item_id, warehouse_id, quantity, reserved,
         shipped, cancelled, back_order, due_on, recorded_at)
        select $1, d.id, m.owner_kind, m.owner_id, m.line_id, m.item_id, d.warehouse_id, d.quantity,
            0, 0, 0, 1, m.due_on, m.recorded_at
        from {rows:d(id, of_id, warehouse_id, quantity)}
        join stock_demand as m on m.company_id = $1 and m.id = d.of_id";

    /// What is free of items in warehouses on a day, row by row, locked in key order.
    LOCK_FREE = "select r.item_id, p.warehouse_id, r.on_hand - r.reserved as available
        from {rows:d(item_id, warehouse_id)}
        join stock_row as r on r.company_id = $1 and r.item_id = d.item_id
        join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
            and p.warehouse_id = d.warehouse_id and p.kind = 'internal' and p.class = 'normal'
        left join stock_lot as l on l.company_id = r.company_id and l.id = r.lot_id
        where (coalesce(l.remove_by, '') = '' or l.remove_by >= cast($2 as {text}))
            and not exists (select 1 from stock_hold as h
            where h.company_id = r.company_id and h.lifted_at is null
                and ((h.subject_kind = 'place' and h.subject_id = r.place_id)
                    or (h.subject_kind = 'lot' and h.subject_id = r.lot_id)))
        order by r.item_id, r.place_id, r.lot_id {for_update:r}";

    /// Demands that still lack something, oldest first.
    OPEN_DEMANDS = "select m.id, m.owner_kind, m.owner_id, m.line_id, m.item_id, m.warehouse_id,
            m.quantity - m.reserved - m.shipped - m.cancelled as missing
        from stock_demand as m
        where m.company_id = $1 and m.warehouse_id = $2 and m.back_order = 1
            and m.quantity > m.reserved + m.shipped + m.cancelled
            and m.item_id in (select d.item_id from {rows:d(item_id)})
        order by m.recorded_at, m.id {for_update:m}";

    /// Plans goods to come in or go out; planned again, the quantities add up.
    ADD_EXPECTATIONS = "insert into stock_expectation
        (company_id, id, item_id, warehouse_id, incoming, open_quantity, due_on, source_kind,
         source_id)
        select $1, d.id, d.item_id, $2, $3, d.quantity, d.due_on, $4, d.source_id
        from {rows:d(id, item_id, quantity, due_on text, source_id)}";

    /// Lowers what is still expected by what came.
    MEET_EXPECTATIONS = "update stock_expectation set open_quantity =
            case when stock_expectation.open_quantity > d.quantity
                then stock_expectation.open_quantity - d.quantity else 0 end
        from {rows:d(source_id, item_id, quantity)}
        where stock_expectation.company_id = $1 and stock_expectation.source_kind = $2
            and stock_expectation.incoming = $3
            and stock_expectation.source_id = d.source_id
            and stock_expectation.item_id = d.item_id";

    /// Sets what is still expected and when.
    AMEND_EXPECTATIONS = "update stock_expectation
        set open_quantity = d.quantity, due_on = d.due_on
        from {rows:d(source_id, item_id, quantity, due_on text)}
        where stock_expectation.company_id = $1 and stock_expectation.source_kind = $2
            and stock_expectation.incoming = $3
            and stock_expectation.source_id = d.source_id
            and stock_expectation.item_id = d.item_id";

    /// Places a hold.
    INSERT_HOLD = "insert into stock_hold
        (company_id, id, subject_kind, subject_id, reason, placed_at, lifted_at)
        values ($1, $2, $3, $4, $5, $6, null)";

    /// Lifts a hold.
    LIFT_HOLD = "update stock_hold set lifted_at = $3
        where company_id = $1 and id = $2 and lifted_at is null";

    /// Holds expected goods back.
    INSERT_EXPECTED_HOLD = "insert into stock_expected_hold
        (company_id, id, source_kind, source_id, reason, placed_at, lifted_at)
        values ($1, $2, $3, $4, $5, $6, null)";

    /// Lets expected goods in.
    LIFT_EXPECTED = "update stock_expected_hold set lifted_at = $2
        from {rows:d(id)}
        where stock_expected_hold.company_id = $1 and stock_expected_hold.id = d.id
            and stock_expected_hold.lifted_at is null";

    /// Why sources are held back, the oldest reason first.
    HELD_EXPECTED = "select h.source_id, h.reason from {rows:d(source_id)}
        join stock_expected_hold as h on h.company_id = $1 and h.source_kind = $2
            and h.source_id = d.source_id and h.lifted_at is null
        order by h.source_id, h.placed_at, h.id";

    /// On hand, reserved, incoming and outgoing of items at one warehouse (0 = all of them).
    AVAILABILITY = "select d.item_id,
            cast(coalesce(sum(case when p.id is null then 0 else r.on_hand end), 0) as {i64})
                as on_hand,
            cast(coalesce(sum(case when p.id is null then 0 else r.reserved end), 0) as {i64})
                as reserved,
            cast(coalesce(sum(case when p.class = 'normal'
                and (coalesce(l.remove_by, '') = '' or l.remove_by >= cast($3 as {text}))
                and not exists (select 1 from stock_hold as h
                    where h.company_id = r.company_id and h.lifted_at is null
                        and ((h.subject_kind = 'place' and h.subject_id = r.place_id)
                            or (h.subject_kind = 'lot' and h.subject_id = r.lot_id)))
                then r.on_hand - r.reserved else 0 end), 0) as {i64}) as available,
            (select cast(coalesce(sum(e.open_quantity), 0) as {i64}) from stock_expectation as e
             where e.company_id = $1 and e.item_id = d.item_id and e.incoming = 1
                and e.open_quantity > 0
                and (cast($2 as {i64}) = 0 or e.warehouse_id = cast($2 as {i64}))) as incoming,
            (select cast(coalesce(sum(e.open_quantity), 0) as {i64}) from stock_expectation as e
             where e.company_id = $1 and e.item_id = d.item_id and e.incoming = 0
                and e.open_quantity > 0
                and (cast($2 as {i64}) = 0 or e.warehouse_id = cast($2 as {i64}))) as planned_out,
            (select cast(coalesce(sum(m.quantity - m.shipped - m.cancelled), 0) as {i64})
             from stock_demand as m
             where m.company_id = $1 and m.item_id = d.item_id
                and m.quantity > m.shipped + m.cancelled
                and (cast($2 as {i64}) = 0 or m.warehouse_id = cast($2 as {i64}))) as wanted
        from {rows:d(item_id)}
        left join stock_row as r on r.company_id = $1 and r.item_id = d.item_id
        left join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
            and p.kind = 'internal'
            and (cast($2 as {i64}) = 0 or p.warehouse_id = cast($2 as {i64}))
        left join stock_lot as l on l.company_id = r.company_id and l.id = r.lot_id
        group by d.item_id";

    /// Planned changes of one item by day.
    PLANNED = "select due_on, cast(sum(change) as {i64}) as change from (
            select e.due_on as due_on,
                case when e.incoming = 1 then e.open_quantity else -e.open_quantity end as change
            from stock_expectation as e
            where e.company_id = $1 and e.item_id = $2 and e.open_quantity > 0
                and (cast($3 as {i64}) = 0 or e.warehouse_id = cast($3 as {i64}))
            union all
            select m.due_on as due_on, -(m.quantity - m.shipped - m.cancelled) as change
            from stock_demand as m
            where m.company_id = $1 and m.item_id = $2
                and m.quantity > m.shipped + m.cancelled
                and (cast($3 as {i64}) = 0 or m.warehouse_id = cast($3 as {i64}))
        ) as planned group by due_on order by due_on";

    /// Places by path, with a cursor.
    LIST_PLACES = "select p.id, p.path, w.code, p.kind, p.class
        from stock_place as p
        left join stock_warehouse as w on w.company_id = p.company_id and w.id = p.warehouse_id
        where p.company_id = $1 and p.active = 1
            and (cast($2 as {text}) is null or w.code = cast($2 as {text}))
            and (cast($3 as {text}) is null
                or substr(p.path, 1, length(cast($3 as {text}))) = cast($3 as {text}))
            and (cast($4 as {text}) is null or p.kind = cast($4 as {text}))
            and p.path > cast($5 as {text})
        order by p.path limit cast($6 as {i64})";

    /// Stock rows by item, place and lot, with a cursor: the items are walked, so that a page ends the
    /// reading.
    LIST_ROWS = "select i.sku, i.name, w.code, p.path, p.class, l.code, r.on_hand, r.reserved,
            r.since, r.item_id, r.place_id, r.lot_id
        from catalog_item as i
        cross join stock_row as r
        join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
        left join stock_warehouse as w on w.company_id = r.company_id and w.id = p.warehouse_id
        left join stock_lot as l on l.company_id = r.company_id and l.id = r.lot_id
        where i.company_id = $1 and r.company_id = $1 and r.item_id = i.id
            and (r.on_hand <> 0 or r.reserved <> 0)
            and i.sku between cast($5 as {text}) and cast($2 as {text})
            and (cast($3 as {text}) is null or w.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or p.class = cast($4 as {text}))
            and (i.sku > cast($5 as {text})
                or p.path > cast($6 as {text}) or (p.path = cast($6 as {text})
                    and coalesce(l.code, '') > cast($7 as {text})))
        order by i.sku, p.path, coalesce(l.code, '') limit cast($8 as {i64})";

    /// Movements, newest first, with a cursor.
    LIST_MOVES = concat!(
        move_row!(),
        " from stock_move as m cross join catalog_item as i",
        move_joins!(),
        " and (cast($2 as {text}) is null or i.sku = cast($2 as {text}))",
        move_order!()
    );

    /// Those of an item: its moves are found by it, and not by walking all there are.
    LIST_MOVES_OF_ITEM = concat!(
        move_row!(),
        " from catalog_item as i cross join stock_move as m",
        move_joins!(),
        " and i.sku = cast($2 as {text})",
        move_order!()
    );

    /// The moves of a document: what left or came, at which value, and how much went back.
    MOVES_OF = "select m.id, m.item_id, m.lot_id, m.from_place_id, m.to_place_id, m.quantity,
            m.value, m.line_id,
            (select cast(coalesce(sum(b.quantity), 0) as {i64}) from stock_move as b
             where b.company_id = m.company_id and b.item_id = m.item_id
                and b.reverses_id = m.id) as quantity_back,
            (select cast(coalesce(sum(b.value), 0) as {i64}) from stock_move as b
             where b.company_id = m.company_id and b.item_id = m.item_id
                and b.reverses_id = m.id) as value_back
        from {rows:d(source_id)}
        join stock_move as m on m.company_id = $1 and m.source_kind = $2
            and m.source_id = d.source_id
        order by m.recorded_at, m.id";

    /// The quantity on hand of each item by the day it happened.
    ON_HAND_AT = "select i.sku, cast(sum(x.quantity) as {i64}) as on_hand from (
            select m.item_id as item_id, m.quantity as quantity from stock_move as m
            join stock_place as p on p.company_id = m.company_id and p.id = m.to_place_id
            where m.company_id = $1 and m.happened_on <= $2 and p.kind in ('internal', 'transit')
            union all
            select m.item_id as item_id, -m.quantity as quantity from stock_move as m
            join stock_place as p on p.company_id = m.company_id and p.id = m.from_place_id
            where m.company_id = $1 and m.happened_on <= $2 and p.kind in ('internal', 'transit')
        ) as x join catalog_item as i on i.company_id = $1 and i.id = x.item_id
        group by i.sku having sum(x.quantity) <> 0 order by i.sku";

    /// Sets in how many steps a warehouse receives.
    SET_RECEIPT_STEPS = "update stock_warehouse set receipt_steps = $3
        where company_id = $1 and id = $2";
}
