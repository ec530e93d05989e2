//! All SQL of counting.

use crate::model::{Line, LineState, Sheet};
use crate::open_count::CountOpened;
use crate::rules::Moved;
use base::{
    CountId, CountLineId, Day, Id, ItemId, PlaceId, Quantity, Timestamp, UserId, WarehouseId,
};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use stock::ShelfKey;
use store::{Row, Rows, StoreError, Tx, params, row};

macro_rules! line_columns {
    () => {
        "l.id, l.line, l.item_id, l.place_id, l.lot_id, l.threshold_percent, l.expected,
            l.expected_seq, l.counted, l.counted_by, l.counted_at, l.entries, l.again, l.confirmed,
            l.state, l.reason, l.evidence, l.value"
    };
}

mod classes;

pub(crate) use classes::{
    CLASSES_NOW, CLASSIFIED, DELETE_CLASSES, DELETE_LEVELS, DELETE_PROFILE, INSERT_CLASSES,
    INSERT_LEVELS, LIST_CLASSES_BY_RANK, LIST_CLASSES_BY_SKU, LIST_PLACES, LIST_PROFILES,
    LOCK_PROFILE, UPSERT_PROFILE, VALUE_LEFT,
};

/// Every statement of counting.
pub(crate) static ALL: [&store::Statement; COUNT + classes::COUNT] =
    store::statement::joined(&[STATEMENTS, classes::STATEMENTS]);

store::statements! {
    /// The sheet that a client calls so.
    COUNT_BY_REF = "select id, number, lines from counting_count
        where company_id = $1 and client_ref = $2 and client_ref <> ''";

    /// Everything that lies in a warehouse.
    ROWS_OF_WAREHOUSE = "select r.item_id, r.place_id, r.lot_id, r.on_hand, r.seq
        from stock_place as p
        join stock_row as r on r.company_id = p.company_id and r.place_id = p.id
        where p.company_id = $1 and p.warehouse_id = $2 and p.kind = 'internal' and r.on_hand <> 0
        order by p.path, r.item_id, r.lot_id";

    /// Everything that lies at some places and inside them.
    ROWS_IN = "select r.item_id, r.place_id, r.lot_id, r.on_hand, r.seq
        from stock_place as p
        join stock_row as r on r.company_id = p.company_id and r.place_id = p.id
        where p.company_id = $1 and p.kind = 'internal' and r.on_hand <> 0
            and exists (select 1 from {rows:d(path text)}
                where p.path = d.path or substr(p.path, 1, length(d.path) + 1) = d.path || '/')
        order by p.path, r.item_id, r.lot_id";

    /// Some items, wherever they lie in a warehouse.
    ROWS_OF = "select r.item_id, r.place_id, r.lot_id, r.on_hand, r.seq
        from {rows:d(item_id)}
        join stock_row as r on r.company_id = $1 and r.item_id = d.item_id
        join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
        where p.warehouse_id = $2 and p.kind = 'internal' and r.on_hand <> 0
        order by p.path, r.item_id, r.lot_id";

    /// The places with a threshold of their own.
    THRESHOLDS = "select p.path, c.threshold_percent
        from counting_place as c
        join stock_place as p on p.company_id = c.company_id and p.id = c.place_id
        where c.company_id = $1 and c.threshold_percent is not null";

    /// The paths of places.
    PATHS = "select p.id, p.path from {rows:d(id)}
        join stock_place as p on p.company_id = $1 and p.id = d.id";

    /// Writes a sheet.
    INSERT_COUNT = "insert into counting_count
        (company_id, id, number, warehouse_id, kind, blind, state, memo, client_ref, lines, seq,
         opened_on, user_id, recorded_at, closed_on, closed_by, approved,
         separate, adjustment_id)
        values ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $11, $12, $13, '', 0, 0, 0, 0)";

    /// Writes the places that a sheet counts whole.
    INSERT_COUNT_PLACES = "insert into counting_count_place (company_id, count_id, place_id)
        select $1, $2, d.place_id from {rows:d(place_id)}";

    /// Writes lines.
    INSERT_LINES = "insert into counting_line
            (company_id, id, count_id, line, item_id, place_id, lot_id, threshold_percent, expected,
             expected_seq, counted, counted_by, counted_at, entries, again, confirmed, state,
             reason, evidence, value)
        select $1, d.id, $2, d.line, d.item_id, d.place_id, d.lot_id, d.threshold, d.expected,
            d.expected_seq, d.counted, d.counted_by, d.counted_at, d.entries, d.again, d.confirmed,
            d.state, '', '', 0
        from {rows:d(id, line, item_id, place_id, lot_id, threshold, expected, expected_seq,
            counted, counted_by, counted_at, entries, again, confirmed, state text)}";

    /// Locks a sheet.
    LOCK_COUNT = "select id, number, warehouse_id, kind, blind, state, lines, seq, recorded_at
        from counting_count where company_id = $1 and id = $2 {for_update}";

    /// All lines of a sheet.
    LINES_OF = concat!("select ", line_columns!(), " from counting_line as l
        where l.company_id = $1 and l.count_id = $2 order by l.line");

    /// The lines of a sheet for some rows.
    LINES_AT = concat!("select ", line_columns!(), "
        from {rows:d(item_id, place_id, lot_id)}
        join counting_line as l on l.company_id = $1 and l.count_id = $2
            and l.item_id = d.item_id and l.place_id = d.place_id and l.lot_id = d.lot_id");

    /// By how much some rows grew after a moment, and in how many moves.
    MOVED_SINCE = "select d.item_id, d.place_id, d.lot_id,
            cast(sum(case when m.to_place_id = d.place_id then m.quantity else -m.quantity end)
                as {i64}) as grew,
            count(*) as moves
        from {rows:d(item_id, place_id, lot_id)}
        join stock_move as m on m.company_id = $1 and m.item_id = d.item_id
            and m.recorded_at > $2 and m.lot_id = d.lot_id
            and (m.to_place_id = d.place_id or m.from_place_id = d.place_id)
        group by d.item_id, d.place_id, d.lot_id";

    /// Writes what became of lines.
    UPDATE_LINES = "update counting_line set expected = d.expected, expected_seq = d.expected_seq,
            counted = d.counted, counted_by = d.counted_by, counted_at = d.counted_at,
            entries = d.entries, again = d.again, confirmed = d.confirmed, state = d.state,
            reason = d.reason, evidence = d.evidence, value = d.value
        from {rows:d(id, expected, expected_seq, counted, counted_by, counted_at, entries, again,
            confirmed, state text, reason text, evidence text, value)}
        where counting_line.company_id = $1 and counting_line.id = d.id
            and counting_line.state in ('open', 'counted', 'conflict')";

    /// Keeps what was entered.
    INSERT_ENTRIES = "insert into counting_entry
            (company_id, line_id, number, kind, expected, counted, user_id, recorded_at)
        select $1, d.line_id, d.number, $2, d.expected, d.counted, $3, $4
        from {rows:d(line_id, number, expected, counted)}";

    /// The lines of a sheet that somebody has counted at any time.
    LINES_COUNTED_BY = "select distinct e.line_id from counting_line as l
        join counting_entry as e on e.company_id = l.company_id and e.line_id = l.id
        where l.company_id = $1 and l.count_id = $2 and e.user_id = $3 and e.kind = 'count'";

    /// Writes the head of an open sheet.
    UPDATE_COUNT = "update counting_count set lines = $3, seq = $4
        where company_id = $1 and id = $2 and state = 'open'";

    /// Closes a sheet.
    CLOSE_COUNT = "update counting_count set state = $3, seq = $4, closed_on = $5, closed_by = $6,
            approved = $7, separate = $8, adjustment_id = $9
        where company_id = $1 and id = $2 and state = 'open'";

    /// Closes the lines of a sheet that is given up, or those that were not counted.
    CLOSE_LINES = "update counting_line set state = $3
        where company_id = $1 and count_id = $2
            and (state = 'open' or (cast($3 as {text}) = 'cancelled'
                and state in ('counted', 'conflict')))";

    /// Notes that rows were counted, and how far their histories had come.
    NOTE_COUNTED = "insert into counting_shelf
            (company_id, item_id, place_id, lot_id, counted_on, seq, count_id)
        select $1, d.item_id, d.place_id, d.lot_id, $2, r.seq, $3
        from {rows:d(item_id, place_id, lot_id)}
        join stock_row as r on r.company_id = $1 and r.item_id = d.item_id
            and r.place_id = d.place_id and r.lot_id = d.lot_id
        where true
        on conflict (company_id, item_id, place_id, lot_id) do update
            set counted_on = excluded.counted_on, seq = excluded.seq, count_id = excluded.count_id";

    /// Notes that the places of a sheet were counted whole.
    NOTE_PLACES = "insert into counting_place
            (company_id, place_id, cycle_days, zero_confirmation, threshold_percent, since,
             counted_on, confirmed_seq)
        select c.company_id, c.place_id, null, 0, null, $3, $3,
            (select cast(coalesce(sum(r.seq), 0) as {i64}) from stock_row as r
             where r.company_id = c.company_id and r.place_id = c.place_id)
        from counting_count_place as c where c.company_id = $1 and c.count_id = $2
        on conflict (company_id, place_id) do update
            set counted_on = excluded.counted_on, confirmed_seq = excluded.confirmed_seq";

    /// Sets how places are counted.
    DEFINE_PLACES = "insert into counting_place
            (company_id, place_id, cycle_days, zero_confirmation, threshold_percent, since,
             counted_on, confirmed_seq)
        select $1, d.place_id, d.cycle_days, d.zero, d.threshold, $2, d.counted_on, 0
        from {rows:d(place_id, cycle_days, zero, threshold, counted_on text)} where true
        on conflict (company_id, place_id) do update set cycle_days = excluded.cycle_days,
            zero_confirmation = excluded.zero_confirmation,
            threshold_percent = excluded.threshold_percent,
            since = case when counting_place.cycle_days = excluded.cycle_days
                then counting_place.since else excluded.since end,
            counted_on = case when excluded.counted_on = '' then counting_place.counted_on
                else excluded.counted_on end";

    /// What ran empty before a place asks for confirmation asks for none.
    CONFIRM_EMPTY = "insert into counting_place
            (company_id, place_id, cycle_days, zero_confirmation, threshold_percent, since,
             counted_on, confirmed_seq)
        select p.company_id, p.id, null, 0, null, $2, '',
            (select cast(coalesce(sum(r.seq), 0) as {i64}) from stock_row as r
             where r.company_id = p.company_id and r.place_id = p.id)
        from stock_place as p
        where p.company_id = $1 and p.kind = 'internal'
            and exists (select 1 from {rows:d(path text)}
                where p.path = d.path or substr(p.path, 1, length(d.path) + 1) = d.path || '/')
        on conflict (company_id, place_id) do update set confirmed_seq = excluded.confirmed_seq";

    /// Rules of places, and when each was last counted whole.
    RULES = "select p.path, c.cycle_days, c.zero_confirmation, c.since, c.counted_on
        from counting_place as c
        join stock_place as p on p.company_id = c.company_id and p.id = c.place_id
        where c.company_id = $1 order by p.path";

    /// What lies in a warehouse, or in all, with when it was last counted, how often its class is, and whether it
    /// is on an open sheet.
    STOCKED = "select r.item_id, r.place_id, r.lot_id, r.on_hand, r.seq, p.path,
            coalesce(s.counted_on, '') as counted_on, v.cycle_days,
            coalesce((select min(f.classified_on) from counting_class as f
                where f.company_id = r.company_id and f.profile = $3 and f.item_id = r.item_id),
                '') as classed_on, w.code as warehouse
        from stock_place as p
        join stock_warehouse as w on w.company_id = p.company_id and w.id = p.warehouse_id
        join stock_row as r on r.company_id = p.company_id and r.place_id = p.id
        left join counting_shelf as s on s.company_id = r.company_id and s.item_id = r.item_id
            and s.place_id = r.place_id and s.lot_id = r.lot_id
        left join counting_class as k on k.company_id = r.company_id and k.profile = $3
            and k.item_id = r.item_id
            and k.classified_on = (select max(g.classified_on) from counting_class as g
                where g.company_id = r.company_id and g.profile = $3 and g.item_id = r.item_id)
        left join counting_level as v on v.company_id = k.company_id and v.profile = k.profile
            and v.number = k.level
        where p.company_id = $1 and p.kind = 'internal' and r.on_hand <> 0
            and (cast($2 as {i64}) = 0 or p.warehouse_id = cast($2 as {i64}))
        order by p.path, r.item_id, r.lot_id";

    /// The rows of stock that are on open sheets of a warehouse, or of all.
    ON_SHEETS = "select l.item_id, l.place_id, l.lot_id
        from counting_count as c
        join counting_line as l on l.company_id = c.company_id and l.count_id = c.id
        where c.company_id = $1 and c.state = 'open'
            and (cast($2 as {i64}) = 0 or c.warehouse_id = cast($2 as {i64}))";

    /// Places that are empty and whose rows have moved since they were last confirmed, with whether a
    /// sheet is open for them.
    EMPTIED = "select p.id, p.path, x.seq, coalesce(c.confirmed_seq, 0) as confirmed_seq,
            (select count(*) from counting_count_place as o
             join counting_count as t on t.company_id = o.company_id and t.id = o.count_id
                and t.state = 'open'
             where o.company_id = p.company_id and o.place_id = p.id) as sheets
        from (select r.place_id as place_id, cast(sum(r.seq) as {i64}) as seq
            from stock_row as r where r.company_id = $1 group by r.place_id
            having sum(case when r.on_hand <> 0 then 1 else 0 end) = 0) as x
        join stock_place as p on p.company_id = $1 and p.id = x.place_id
        left join counting_place as c on c.company_id = p.company_id and c.place_id = p.id
        where p.kind = 'internal' and (cast($2 as {i64}) = 0 or p.warehouse_id = cast($2 as {i64}))
            and x.seq > coalesce(c.confirmed_seq, 0)
        order by p.path";

    /// The rows of places that have moved since they were last counted.
    MOVED_AT = "select r.item_id, r.place_id, r.lot_id, r.on_hand, r.seq
        from {rows:d(place_id)}
        join stock_row as r on r.company_id = $1 and r.place_id = d.place_id
        left join counting_shelf as s on s.company_id = r.company_id and s.item_id = r.item_id
            and s.place_id = r.place_id and s.lot_id = r.lot_id
        where r.seq > coalesce(s.seq, 0) order by r.place_id, r.item_id, r.lot_id";

    /// Keeps how a sheet is to be applied once somebody has agreed.
    UPSERT_ASKED = "insert into counting_asked (company_id, count_id, revision, request)
        values ($1, $2, $3, $4)
        on conflict (company_id, count_id) do update set revision = excluded.revision,
            request = excluded.request";

    /// How a sheet is to be applied once somebody has agreed.
    ASKED = "select request from counting_asked
        where company_id = $1 and count_id = $2 and revision = $3";

    /// Sheets, newest first, with how far their lines have come.
    LIST_COUNTS = "select c.id, c.number, w.code, c.kind, c.blind, c.state, c.memo, c.client_ref,
            c.lines, c.opened_on, c.user_id, c.closed_on, c.closed_by, c.approved, c.adjustment_id,
            (select count(*) from counting_line as l where l.company_id = c.company_id
                and l.count_id = c.id and l.counted is not null) as counted,
            (select count(*) from counting_line as l where l.company_id = c.company_id
                and l.count_id = c.id and l.again = 1 and l.state in ('open', 'counted')) as again,
            (select count(*) from counting_line as l where l.company_id = c.company_id
                and l.count_id = c.id and l.state = 'conflict') as conflicts,
            (select cast(coalesce(sum(l.value), 0) as {i64}) from counting_line as l
             where l.company_id = c.company_id and l.count_id = c.id) as value
        from counting_count as c
        join stock_warehouse as w on w.company_id = c.company_id and w.id = c.warehouse_id
        where c.company_id = $1
            and (cast($2 as {text}) is null or c.state = cast($2 as {text}))
            and (cast($3 as {text}) is null or w.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or c.opened_on >= cast($4 as {text}))
            and (cast($5 as {text}) is null or c.opened_on <= cast($5 as {text}))
            and (c.opened_on < cast($6 as {text}) or (c.opened_on = cast($6 as {text})
                and c.id < cast($7 as {i64})))
        order by c.opened_on desc, c.id desc limit cast($8 as {i64})";

    /// Lines of sheets in the order of their numbers.
    LIST_LINES = concat!("select ", line_columns!(), ",
            c.id as count_id, c.number, c.blind, c.state as sheet_state, i.sku, i.name, p.path,
            coalesce(t.code, '') as lot, coalesce(r.on_hand, 0) as on_hand
        from counting_line as l
        join counting_count as c on c.company_id = l.company_id and c.id = l.count_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join stock_place as p on p.company_id = l.company_id and p.id = l.place_id
        left join stock_lot as t on t.company_id = l.company_id and t.id = l.lot_id
        left join stock_row as r on r.company_id = l.company_id and r.item_id = l.item_id
            and r.place_id = l.place_id and r.lot_id = l.lot_id
        where l.company_id = $1
            and (cast($2 as {i64}) = 0 or l.count_id = cast($2 as {i64}))
            and (cast($3 as {text}) is null or l.state = cast($3 as {text}))
            and (cast($4 as {text}) is null or i.sku = cast($4 as {text}))
            and (cast($5 as {text}) is null or p.path = cast($5 as {text}))
            and (l.count_id < cast($6 as {i64}) or (l.count_id = cast($6 as {i64})
                and l.line > cast($7 as {i64})))
        order by l.count_id desc, l.line limit cast($8 as {i64})");

    /// How many applied lines were as expected, by place, class or counter.
    ACCURACY = "select x.name, count(*) as lines,
            cast(sum(case when x.off = 0 then 1 else 0 end) as {i64}) as right_lines,
            cast(sum(x.expected) as {i64}) as expected, cast(sum(x.off) as {i64}) as off,
            cast(sum(x.value) as {i64}) as value, cast(sum(x.gross) as {i64}) as gross
        from (select case cast($2 as {text}) when 'place' then p.path
                    when 'class' then coalesce(k.name, '-') else coalesce(u.login, '-') end as name,
                case when l.counted > l.expected then l.counted - l.expected
                    else l.expected - l.counted end as off,
                case when l.expected > 0 then l.expected else 0 end as expected, l.value as value,
                case when l.value < 0 then -l.value else l.value end as gross
            from counting_line as l
            join counting_count as c on c.company_id = l.company_id and c.id = l.count_id
            join stock_place as p on p.company_id = l.company_id and p.id = l.place_id
            left join identity_user as u on u.id = l.counted_by
            left join counting_class as k on k.company_id = l.company_id and k.profile = $3
                and k.item_id = l.item_id
                and k.classified_on = (select max(g.classified_on) from counting_class as g
                    where g.company_id = l.company_id and g.profile = $3
                        and g.item_id = l.item_id and g.classified_on <= c.closed_on)
            where l.company_id = $1 and l.state = 'applied'
                and (cast($4 as {text}) is null or c.closed_on >= cast($4 as {text}))
                and (cast($5 as {text}) is null or c.closed_on <= cast($5 as {text}))) as x
        where x.name > cast($6 as {text})
        group by x.name order by x.name limit cast($7 as {i64})";
}

/// A stock row to be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub item_id: ItemId,
    pub place_id: PlaceId,
    pub lot: i64,
    pub on_hand: Quantity,
    pub seq: i64,
}

pub(crate) fn found(row: &Row) -> Result<Found, StoreError> {
    Ok(Found {
        item_id: row.get(0)?,
        place_id: row.get(1)?,
        lot: row.get(2)?,
        on_hand: row.get(3)?,
        seq: row.get(4)?,
    })
}

/// The sheet that a client calls so.
pub(crate) fn count_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<CountOpened>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&COUNT_BY_REF, params![ctx.company_id, client_ref])?;
    let read = |row: Row| {
        let (count_id, number, lines) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(CountOpened { count_id, number, lines, repeated: true })
    };
    found.map(read).transpose()
}

/// Everything that lies in a warehouse.
pub(crate) fn rows_of_warehouse(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    warehouse_id: WarehouseId,
) -> Result<Vec<Found>, StoreError> {
    let rows = tx.query(&ROWS_OF_WAREHOUSE, params![ctx.company_id, warehouse_id])?;
    rows.iter().map(found).collect()
}

/// Everything that lies at some places and inside them.
pub(crate) fn rows_in<'p>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    paths: impl Iterator<Item = &'p String>,
) -> Result<Vec<Found>, StoreError> {
    let paths = Rows::column(paths.map(String::as_str));
    tx.query(&ROWS_IN, params![ctx.company_id; paths])?.iter().map(found).collect()
}

/// Some items, wherever they lie in a warehouse.
pub(crate) fn rows_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    warehouse_id: WarehouseId,
    items: &BTreeSet<ItemId>,
) -> Result<Vec<Found>, StoreError> {
    let items = Rows::column(items);
    let rows = tx.query(&ROWS_OF, params![ctx.company_id, warehouse_id; items])?;
    rows.iter().map(found).collect()
}

/// How far a count of places may be off: by their own rule or the next one above.
pub(crate) fn thresholds(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    places: impl Iterator<Item = PlaceId>,
) -> Result<BTreeMap<PlaceId, i64>, StoreError> {
    let places: BTreeSet<PlaceId> = places.collect();
    let mut ruled: BTreeMap<String, i64> = BTreeMap::new();
    for row in tx.query(&THRESHOLDS, params![ctx.company_id])? {
        ruled.insert(row.get(0)?, row.get(1)?);
    }
    let mut thresholds = BTreeMap::new();
    for row in tx.query(&PATHS, params![ctx.company_id; Rows::column(&places)])? {
        if let Some(percent) = nearest(&ruled, &row.get::<String>(1)?) {
            thresholds.insert(row.get(0)?, *percent);
        }
    }
    Ok(thresholds)
}

/// What is ruled for a place: by itself or the next place around it.
pub(crate) fn nearest<'r, T>(ruled: &'r BTreeMap<String, T>, path: &str) -> Option<&'r T> {
    let mut path = path;
    loop {
        if let Some(found) = ruled.get(path) {
            return Some(found);
        }
        path = path.rsplit_once('/')?.0;
    }
}

pub(crate) fn insert_count(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    sheet: &Sheet,
    memo: &str,
    client_ref: &str,
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_COUNT,
        params![
            ctx.company_id,
            sheet.id,
            sheet.number,
            sheet.warehouse_id,
            sheet.kind,
            sheet.blind,
            memo,
            client_ref,
            sheet.lines,
            sheet.seq,
            ctx.today,
            ctx.user_id,
            ctx.at
        ],
    )
}

pub(crate) fn insert_count_places(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    count_id: CountId,
    places: &BTreeSet<PlaceId>,
) -> Result<(), StoreError> {
    tx.write(&INSERT_COUNT_PLACES, params![ctx.company_id, count_id; Rows::column(places)])
}

pub(crate) fn insert_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    count_id: CountId,
    lines: &[Line],
) -> Result<(), StoreError> {
    let mut set = Rows::new(15);
    for line in lines {
        set.push(row![
            line.id,
            line.line,
            line.item_id,
            line.place_id,
            line.lot,
            line.threshold_percent,
            line.expected,
            line.expected_seq,
            line.counted,
            line.counted_by,
            line.counted_at,
            line.entries,
            line.again,
            line.confirmed,
            line.state
        ]);
    }
    tx.write(&INSERT_LINES, params![ctx.company_id, count_id; set])
}

/// A sheet's head, locked.
pub(crate) fn lock_count(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    count_id: CountId,
) -> Result<Option<Sheet>, StoreError> {
    let found = tx.query_opt(&LOCK_COUNT, params![ctx.company_id, count_id])?;
    let read = |row: Row| {
        Ok(Sheet {
            id: row.get(0)?,
            number: row.get(1)?,
            warehouse_id: row.get(2)?,
            kind: row.get(3)?,
            blind: row.get(4)?,
            state: row.get(5)?,
            lines: row.get(6)?,
            seq: row.get(7)?,
            opened_at: row.get(8)?,
        })
    };
    found.map(read).transpose()
}

/// By how much stock rows grew after a moment, and in how many moves.
pub(crate) fn moved_since(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    keys: &[ShelfKey],
    at: Timestamp,
) -> Result<BTreeMap<ShelfKey, Moved>, StoreError> {
    let keys = row_keys(keys.iter().copied());
    let mut moved = BTreeMap::new();
    for row in tx.query(&MOVED_SINCE, params![ctx.company_id, at; keys])? {
        let key = ShelfKey { item_id: row.get(0)?, place_id: row.get(1)?, lot: row.get(2)? };
        moved.insert(key, Moved { grew: row.get(3)?, moves: row.get(4)? });
    }
    Ok(moved)
}

/// A line from its columns.
pub(crate) fn line(row: &Row) -> Result<Line, StoreError> {
    Ok(Line {
        id: row.get(0)?,
        line: row.get(1)?,
        item_id: row.get(2)?,
        place_id: row.get(3)?,
        lot: row.get(4)?,
        threshold_percent: row.get(5)?,
        expected: row.get(6)?,
        expected_seq: row.get(7)?,
        counted: row.get(8)?,
        counted_by: row.get(9)?,
        counted_at: row.get(10)?,
        entries: row.get(11)?,
        again: row.get(12)?,
        confirmed: row.get(13)?,
        state: row.get(14)?,
        reason: row.get(15)?,
        evidence: row.get(16)?,
        value: row.get(17)?,
    })
}

pub(crate) fn lines_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    count_id: CountId,
) -> Result<Vec<Line>, StoreError> {
    tx.query(&LINES_OF, params![ctx.company_id, count_id])?.iter().map(line).collect()
}

pub(crate) fn lines_at(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    count_id: CountId,
    keys: &[ShelfKey],
) -> Result<BTreeMap<ShelfKey, Line>, StoreError> {
    let keys = row_keys(keys.iter().copied());
    let rows = tx.query(&LINES_AT, params![ctx.company_id, count_id; keys])?;
    rows.iter().map(|row| line(row).map(|line| (line.key(), line))).collect()
}

fn row_keys(keys: impl Iterator<Item = ShelfKey>) -> Rows {
    let mut set = Rows::new(3);
    keys.for_each(|key| set.push(row![key.item_id, key.place_id, key.lot]));
    set
}

pub(crate) fn update_lines(tx: &mut Tx<'_>, ctx: &Ctx, lines: &[Line]) -> Result<(), StoreError> {
    let mut set = Rows::new(13);
    for line in lines {
        set.push(row![
            line.id,
            line.expected,
            line.expected_seq,
            line.counted,
            line.counted_by,
            line.counted_at,
            line.entries,
            line.again,
            line.confirmed,
            line.state,
            line.reason,
            line.evidence,
            line.value
        ]);
    }
    tx.write_exactly(lines.len(), &UPDATE_LINES, params![ctx.company_id; set])
}

pub(crate) fn insert_entries(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: &'static str,
    lines: &[Line],
) -> Result<(), StoreError> {
    let mut set = Rows::new(4);
    for line in lines {
        set.push(row![line.id, line.entries, line.expected, line.counted]);
    }
    tx.write(&INSERT_ENTRIES, params![ctx.company_id, kind, ctx.user_id, ctx.at; set])
}

/// The lines of a sheet that somebody has counted at any time.
pub(crate) fn lines_counted_by(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    count_id: CountId,
    user_id: UserId,
) -> Result<BTreeSet<CountLineId>, StoreError> {
    let rows = tx.query(&LINES_COUNTED_BY, params![ctx.company_id, count_id, user_id])?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Writes a sheet that changed; whose yes was asked for has to be asked again.
pub(crate) fn update_count(tx: &mut Tx<'_>, ctx: &Ctx, sheet: &Sheet) -> Result<(), StoreError> {
    identity::void_approvals(tx, ctx, &crate::COUNTS, sheet.id.raw(), sheet.seq)?;
    let params = params![ctx.company_id, sheet.id, sheet.lines, sheet.seq];
    tx.write_exactly(1, &UPDATE_COUNT, params)
}

pub(crate) fn close_count(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    sheet: &Sheet,
    approval: Option<Approval>,
    adjustment_id: i64,
) -> Result<(), StoreError> {
    tx.write_exactly(
        1,
        &CLOSE_COUNT,
        params![
            ctx.company_id,
            sheet.id,
            sheet.state,
            sheet.seq,
            ctx.today,
            ctx.user_id,
            approval.is_some(),
            approval.is_some_and(|approval| approval.separate),
            adjustment_id
        ],
    )
}

pub(crate) fn ask(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    sheet: &Sheet,
    request: &str,
) -> Result<(), StoreError> {
    tx.write(&UPSERT_ASKED, params![ctx.company_id, sheet.id, sheet.seq, request])
}

pub(crate) fn asked(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    count_id: CountId,
    revision: i64,
) -> Result<Option<String>, StoreError> {
    let found = tx.query_opt(&ASKED, params![ctx.company_id, count_id, revision])?;
    found.map(|row| row.get(0)).transpose()
}

pub(crate) fn cancel_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    count_id: CountId,
) -> Result<(), StoreError> {
    tx.write(&CLOSE_LINES, params![ctx.company_id, count_id, LineState::Cancelled])
}

pub(crate) fn skip_lines(tx: &mut Tx<'_>, ctx: &Ctx, count_id: CountId) -> Result<(), StoreError> {
    tx.write(&CLOSE_LINES, params![ctx.company_id, count_id, LineState::Skipped])
}

pub(crate) fn note_counted(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    count_id: CountId,
    lines: &[Line],
) -> Result<(), StoreError> {
    let keys = row_keys(lines.iter().map(Line::key));
    tx.write(&NOTE_COUNTED, params![ctx.company_id, ctx.today, count_id; keys])
}

pub(crate) fn note_places(tx: &mut Tx<'_>, ctx: &Ctx, count_id: CountId) -> Result<(), StoreError> {
    tx.write(&NOTE_PLACES, params![ctx.company_id, count_id, ctx.today])
}

/// Somebody agreed to what is beyond a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Approval {
    /// Whether it had to be another person than the counter.
    pub separate: bool,
}

/// An optional day as its column holds it.
pub(crate) fn day_text(day: Option<Day>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// A warehouse in a statement, 0 for all.
pub(crate) fn raw(warehouse_id: Option<WarehouseId>) -> i64 {
    warehouse_id.map_or(0, Id::raw)
}
