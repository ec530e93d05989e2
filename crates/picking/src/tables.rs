//! All SQL of picking: of lists here, of packages and of what readers get in their files.

use crate::model::{Line, List, Spot};
use crate::plan_picks::NewList;
use base::{
    CompanyId, Day, DemandId, Id, ItemId, PickLineId, PickListId, PickScanId, PlaceId, Quantity,
    SalesOrderId, UserId, WarehouseId,
};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, Rows, StoreError, Tx, params, row};

/// Every statement of picking.
pub(crate) static ALL: [&store::Statement; COUNT + packages::COUNT + lists::COUNT] =
    store::statement::joined(&[STATEMENTS, packages::STATEMENTS, lists::STATEMENTS]);

/// A line with the words that people know it by, from `picking_line as l`.
macro_rules! line_row {
    () => {
        "select l.id, l.list_id, l.stop, l.line, l.demand_id, l.order_id, l.order_line,
            l.order_line_id, l.item_id, l.place_id, l.lot_id, l.wanted, l.picked, l.missed,
            l.voided, l.packed, l.shipped, l.put_back, i.sku, p.path as place,
            coalesce(t.code, '') as lot, o.number as order_number"
    };
}

/// What the words of a line come from.
macro_rules! line_words {
    () => {
        " join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join stock_place as p on p.company_id = l.company_id and p.id = l.place_id
        left join stock_lot as t on t.company_id = l.company_id and t.id = l.lot_id
        join sales_order as o on o.company_id = l.company_id and o.id = l.order_id"
    };
}

/// What of lines `l` is still kept, taken and left, where `r` is the reservation.
macro_rules! to_pick {
    () => {
        "case when coalesce(r.quantity, 0) <= l.picked - l.shipped - l.put_back then 0
            when coalesce(r.quantity, 0) - l.picked + l.shipped + l.put_back
                < l.wanted - l.picked - l.missed - l.voided
            then coalesce(r.quantity, 0) - l.picked + l.shipped + l.put_back
            else l.wanted - l.picked - l.missed - l.voided end"
    };
}

/// What was taken for lines `l` and is not kept for them any more, where `r` is the reservation.
macro_rules! to_put_back {
    () => {
        "case when coalesce(r.quantity, 0) < l.picked - l.shipped - l.put_back
            then l.picked - l.shipped - l.put_back - coalesce(r.quantity, 0) else 0 end"
    };
}

macro_rules! reservation {
    () => {
        " left join stock_reservation as r on r.company_id = l.company_id
            and r.demand_id = l.demand_id and r.item_id = l.item_id and r.place_id = l.place_id
            and r.lot_id = l.lot_id"
    };
}

mod lists;
mod packages;

pub(crate) use lists::*;
pub(crate) use packages::*;

store::statements! {
    /// Orders of a warehouse for which goods are kept that are on no open line, the first promised
    /// first: those of which nothing is lacking there, or all.
    CANDIDATES = "select o.id
        from sales_order as o
        join sales_channel as c on c.company_id = o.company_id and c.id = o.channel_id
        where o.company_id = $1 and o.state = 'accepted'
            and (cast($4 as {text}) is null or c.code = cast($4 as {text}))
            and (cast($5 as {text}) is null or o.due_on <= cast($5 as {text}))
            and o.id in (select m.owner_id from stock_demand as m
                join stock_reservation as r on r.company_id = m.company_id
                    and r.demand_id = m.id and r.quantity > 0
                where m.company_id = $1 and m.owner_kind = 'sales_order'
                    and m.warehouse_id = $2 and m.quantity > m.shipped + m.cancelled
                    and not exists (select 1 from picking_line as l
                        where l.company_id = r.company_id and l.demand_id = r.demand_id
                            and l.place_id = r.place_id and l.lot_id = r.lot_id and l.open = 1))
            and (cast($3 as {i64}) = 1 or o.id not in (select m.owner_id from stock_demand as m
                where m.company_id = $1 and m.owner_kind = 'sales_order'
                    and m.warehouse_id = $2 and m.quantity > m.shipped + m.cancelled
                    and m.quantity > m.reserved + m.shipped + m.cancelled))
        order by o.due_on, o.ordered_at, o.id limit cast($6 as {i64})";

    /// What lists need to know of orders.
    ORDER_FACTS = "select o.id, c.code as channel, o.due_on, o.ordered_at from {rows:d(id)}
        join sales_order as o on o.company_id = $1 and o.id = d.id
        join sales_channel as c on c.company_id = o.company_id and c.id = o.channel_id";

    /// Where places are.
    PLACE_PATHS = "select p.id, p.path from {rows:d(id)}
        join stock_place as p on p.company_id = $1 and p.id = d.id";

    /// Codes of lots.
    LOT_CODES = "select t.id, t.code from {rows:d(id)}
        join stock_lot as t on t.company_id = $1 and t.id = d.id";

    /// The open lines of demands, with their lists.
    OPEN_LINES = "select l.demand_id, l.place_id, l.lot_id, h.number from {rows:d(demand_id)}
        join picking_line as l on l.company_id = $1 and l.demand_id = d.demand_id and l.open = 1
        join picking_list as h on h.company_id = l.company_id and h.id = l.list_id";

    /// What a user is called.
    USER_NAME = "select display_name from identity_user where id = $1";

    /// Writes lists.
    INSERT_LISTS = "insert into picking_list
        (company_id, id, number, kind, title, warehouse_id, due_on, state, picker_id, planned_at,
         user_id, revision)
        select $1, d.id, d.number, $2, d.title, $3, d.due_on, 'open', $4, $5, $6, 1
        from {rows:d(id, number text, title text, due_on text)}";

    /// Writes lines.
    INSERT_LINES = "insert into picking_line
        (company_id, id, list_id, stop, line, demand_id, order_id, order_line, order_line_id,
         item_id, place_id, lot_id, wanted, picked, missed, voided, packed, shipped, put_back, open)
        select $1, d.id, d.list_id, d.stop, d.line, d.demand_id, d.order_id, d.order_line,
            d.order_line_id, d.item_id, d.place_id, d.lot_id, d.wanted, 0, 0, 0, 0, 0, 0, 1
        from {rows:d(id, list_id, stop, line, demand_id, order_id, order_line, order_line_id,
            item_id, place_id, lot_id, wanted)}";

    /// Lists, held.
    LOCK_LISTS = "select h.id, h.number, h.kind, h.warehouse_id, h.state, h.picker_id, h.revision
        from {rows:d(id)} join picking_list as h on h.company_id = $1 and h.id = d.id
        order by h.id {for_update:h}";

    /// The lists on which orders have open lines.
    LISTS_OF_ORDERS = "select distinct l.list_id from {rows:d(order_id)}
        join picking_line as l on l.company_id = $1 and l.order_id = d.order_id and l.open = 1";

    /// The lines of lists.
    LINES_OF_LISTS = concat!(line_row!(), " from {rows:d(id)}
        join picking_line as l on l.company_id = $1 and l.list_id = d.id", line_words!(),
        " order by l.list_id, l.line");

    /// Lines by id.
    LINES_BY_ID = concat!(line_row!(), " from {rows:d(id)}
        join picking_line as l on l.company_id = $1 and l.id = d.id", line_words!(),
        " order by l.list_id, l.line");

    /// What became of lines.
    UPDATE_LINES = "update picking_line set wanted = d.wanted, picked = d.picked,
            missed = d.missed, voided = d.voided, packed = d.packed, shipped = d.shipped,
            put_back = d.put_back, open = d.open
        from {rows:d(id, wanted, picked, missed, voided, packed, shipped, put_back, open)}
        where picking_line.company_id = $1 and picking_line.id = d.id";

    /// Where lists stand, and who has them.
    UPDATE_LISTS = "update picking_list set state = d.state, picker_id = d.picker_id,
            revision = picking_list.revision + 1
        from {rows:d(id, state text, picker_id, revision)}
        where picking_list.company_id = $1 and picking_list.id = d.id
            and picking_list.revision = d.revision";

    /// What was taken or not found.
    INSERT_SCANS = "insert into picking_scan
        (company_id, id, list_id, line_id, picked, missed, reason, client_ref, recorded_at, user_id)
        select $1, d.id, $2, d.line_id, d.picked, d.missed, d.reason, $3, $4, $5
        from {rows:d(id, line_id, picked, missed, reason text)}";

    /// What was taken or not found under the caller's name for it.
    SCANS_BY_REF = "select l.line, l.stop, o.number as order_number, l.order_line, i.sku,
            p.path as place, coalesce(t.code, '') as lot, s.picked, s.missed
        from picking_scan as s
        join picking_line as l on l.company_id = s.company_id and l.id = s.line_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join stock_place as p on p.company_id = l.company_id and p.id = l.place_id
        left join stock_lot as t on t.company_id = l.company_id and t.id = l.lot_id
        join sales_order as o on o.company_id = l.company_id and o.id = l.order_id
        where s.company_id = $1 and s.list_id = $2 and s.client_ref = $3 order by l.line";

    /// Goods that wait on an open sheet to be counted.
    BEING_COUNTED = "select distinct l.item_id, l.place_id
        from {rows:d(item_id, place_id)}
        join counting_line as l on l.company_id = $1 and l.item_id = d.item_id
            and l.place_id = d.place_id and l.state in ('open', 'counted', 'conflict')
        join counting_count as h on h.company_id = l.company_id and h.id = l.count_id
            and h.state = 'open'";

    /// What was taken at places and has not left.
    IN_HAND_AT = "select l.item_id, l.place_id,
            cast(sum(l.picked - l.shipped - l.put_back) as {i64}) as quantity
        from {rows:d(item_id, place_id)}
        join picking_line as l on l.company_id = $1 and l.item_id = d.item_id
            and l.place_id = d.place_id and l.open = 1
        group by l.item_id, l.place_id
        having sum(l.picked - l.shipped - l.put_back) > 0";
}

/// A line with the words that people know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub line: Line,
    pub sku: String,
    pub place: String,
    pub lot: String,
    pub order: String,
}

fn named(row: &Row) -> Result<Named, StoreError> {
    Ok(Named {
        line: Line {
            id: row.get(0)?,
            list_id: row.get(1)?,
            stop: row.get(2)?,
            line: row.get(3)?,
            demand_id: row.get(4)?,
            order_id: row.get(5)?,
            order_line: row.get(6)?,
            order_line_id: row.get(7)?,
            item_id: row.get(8)?,
            place_id: row.get(9)?,
            lot: row.get(10)?,
            wanted: row.get(11)?,
            picked: row.get(12)?,
            missed: row.get(13)?,
            voided: row.get(14)?,
            packed: row.get(15)?,
            shipped: row.get(16)?,
            put_back: row.get(17)?,
        },
        sku: row.get(18)?,
        place: row.get(19)?,
        lot: row.get(20)?,
        order: row.get(21)?,
    })
}

/// Which orders are asked for when none is named.
pub(crate) struct Candidates<'a> {
    pub warehouse_id: WarehouseId,
    pub partly: bool,
    pub channel: Option<&'a str>,
    pub due_by: Option<Day>,
    pub limit: usize,
}

/// Orders for which goods are kept that are on no open line.
pub(crate) fn candidates(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    asked: &Candidates<'_>,
) -> Result<Vec<SalesOrderId>, StoreError> {
    let Candidates { warehouse_id, partly, channel, due_by, limit } = asked;
    let limit = i64::try_from(*limit).unwrap_or(i64::MAX);
    let found =
        tx.query(&CANDIDATES, params![company_id, warehouse_id, partly, channel, due_by, limit])?;
    found.iter().map(|row| row.get(0)).collect()
}

/// What lists need to know of an order.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    pub channel: String,
    pub due_on: Day,
    pub ordered_at: i64,
}

/// Channel, day promised and time of orders.
pub(crate) fn order_facts(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    orders: &[SalesOrderId],
) -> Result<BTreeMap<SalesOrderId, Facts>, StoreError> {
    let found = tx.query(&ORDER_FACTS, params![company_id; Rows::column(orders)])?;
    let read = |row: &Row| {
        let facts = Facts { channel: row.get(1)?, due_on: row.get(2)?, ordered_at: row.get(3)? };
        Ok((row.get(0)?, facts))
    };
    found.iter().map(read).collect()
}

/// The paths of places.
pub(crate) fn place_paths(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    places: &BTreeSet<PlaceId>,
) -> Result<BTreeMap<PlaceId, String>, StoreError> {
    let found = tx.query(&PLACE_PATHS, params![company_id; Rows::column(places)])?;
    found.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// The codes of lots, by raw id.
pub(crate) fn lot_codes(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    lots: &BTreeSet<i64>,
) -> Result<BTreeMap<i64, String>, StoreError> {
    let found = tx.query(&LOT_CODES, params![company_id; Rows::column(lots)])?;
    found.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Where goods of demands are on an open line, and on which list.
pub(crate) fn open_lines(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    demands: &[DemandId],
) -> Result<BTreeMap<Spot, String>, StoreError> {
    let demands: BTreeSet<DemandId> = demands.iter().copied().collect();
    let found = tx.query(&OPEN_LINES, params![company_id; Rows::column(demands)])?;
    let read = |row: &Row| Ok(((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?));
    found.iter().map(read).collect()
}

/// What a user is called.
pub(crate) fn user_name(tx: &mut Tx<'_>, user: UserId) -> Result<String, StoreError> {
    let found = tx.query_opt(&USER_NAME, params![user])?;
    found.map_or_else(|| Ok(user.to_string()), |row| row.get(0))
}

/// Writes new lists with their lines.
pub(crate) fn insert_lists(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (warehouse_id, picker): (WarehouseId, Option<UserId>),
    lists: &[NewList],
) -> Result<(), StoreError> {
    let Some(first) = lists.first() else { return Ok(()) };
    let mut set = Rows::new(4);
    for list in lists {
        set.push(row![list.id, list.number, list.title, list.due_on]);
    }
    let picker = picker.map_or(0, Id::raw);
    let rest = params![
        ctx.company_id, first.kind, warehouse_id, picker, ctx.at, ctx.user_id; set
    ];
    tx.write_exactly(lists.len(), &INSERT_LISTS, rest)?;
    insert_lines(tx, ctx.company_id, lists.iter().flat_map(|list| &list.lines))
}

/// Writes new lines.
pub(crate) fn insert_lines<'l>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    lines: impl IntoIterator<Item = &'l Line>,
) -> Result<(), StoreError> {
    let mut set = Rows::new(12);
    for l in lines {
        set.push(row![
            l.id,
            l.list_id,
            l.stop,
            l.line,
            l.demand_id,
            l.order_id,
            l.order_line,
            l.order_line_id,
            l.item_id,
            l.place_id,
            l.lot,
            l.wanted
        ]);
    }
    tx.write_exactly(set.len(), &INSERT_LINES, params![company_id; set])
}

/// Lists, held, in the order of their ids.
pub(crate) fn lock_lists(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    lists: &BTreeSet<PickListId>,
) -> Result<Vec<List>, StoreError> {
    let read = |row: &Row| {
        let picker: i64 = row.get(5)?;
        Ok(List {
            id: row.get(0)?,
            number: row.get(1)?,
            kind: row.get(2)?,
            warehouse_id: row.get(3)?,
            state: row.get(4)?,
            picker: (picker != 0).then(|| UserId::from_raw(picker)),
            revision: row.get(6)?,
        })
    };
    let found = tx.query(&LOCK_LISTS, params![company_id; Rows::column(lists)])?;
    found.iter().map(read).collect()
}

/// The lists on which orders have open lines.
pub(crate) fn lists_of_orders(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    orders: &[SalesOrderId],
) -> Result<BTreeSet<PickListId>, StoreError> {
    let orders: BTreeSet<SalesOrderId> = orders.iter().copied().collect();
    let found = tx.query(&LISTS_OF_ORDERS, params![company_id; Rows::column(orders)])?;
    found.iter().map(|row| row.get(0)).collect()
}

/// The lines of held lists, list by list in the order of their numbers.
pub(crate) fn lines_of_lists(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    lists: &BTreeSet<PickListId>,
) -> Result<Vec<Named>, StoreError> {
    let found = tx.query(&LINES_OF_LISTS, params![company_id; Rows::column(lists)])?;
    found.iter().map(named).collect()
}

/// Lines by id.
pub(crate) fn lines_by_id(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    lines: &BTreeSet<PickLineId>,
) -> Result<Vec<Named>, StoreError> {
    let found = tx.query(&LINES_BY_ID, params![company_id; Rows::column(lines)])?;
    found.iter().map(named).collect()
}

/// Writes what became of lines of held lists.
pub(crate) fn update_lines<'l>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    lines: impl IntoIterator<Item = &'l Line>,
) -> Result<(), StoreError> {
    let mut set = Rows::new(9);
    for l in lines {
        let open = l.is_open().map_err(|error| StoreError::Unusable(error.to_string()))?;
        set.push(row![
            l.id, l.wanted, l.picked, l.missed, l.voided, l.packed, l.shipped, l.put_back, open
        ]);
    }
    tx.write_exactly(set.len(), &UPDATE_LINES, params![company_id; set])
}

/// Writes where held lists stand; their revisions are raised.
pub(crate) fn update_lists<'l>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    lists: impl IntoIterator<Item = &'l List>,
) -> Result<(), StoreError> {
    let mut set = Rows::new(4);
    for list in lists {
        set.push(row![list.id, list.state, list.picker.map_or(0, Id::raw), list.revision]);
    }
    tx.write_exactly(set.len(), &UPDATE_LISTS, params![company_id; set])
}

/// Something that was taken or not found.
#[derive(Debug, Clone)]
pub(crate) struct Scan {
    pub line_id: PickLineId,
    pub picked: Quantity,
    pub missed: Quantity,
    pub reason: String,
}

/// Keeps what was taken or not found.
pub(crate) fn insert_scans(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (list_id, client_ref): (PickListId, &str),
    scans: &[Scan],
) -> Result<(), StoreError> {
    let mut set = Rows::new(5);
    for scan in scans {
        let id: PickScanId = tx.id()?;
        set.push(row![id, scan.line_id, scan.picked, scan.missed, scan.reason]);
    }
    let rest = params![ctx.company_id, list_id, client_ref, ctx.at, ctx.user_id; set];
    tx.write_exactly(scans.len(), &INSERT_SCANS, rest)
}

/// What was taken or not found under the caller's name for it.
pub(crate) fn scans_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    list_id: PickListId,
    client_ref: &str,
) -> Result<Vec<crate::pick::PickedLine>, StoreError> {
    if client_ref.is_empty() {
        return Ok(Vec::new());
    }
    let found = tx.query(&SCANS_BY_REF, params![ctx.company_id, list_id, client_ref])?;
    let read = |row: &Row| {
        Ok(crate::pick::PickedLine {
            line: row.get(0)?,
            stop: row.get(1)?,
            order_number: row.get(2)?,
            order_line: row.get(3)?,
            sku: row.get(4)?,
            place: row.get(5)?,
            lot: row.get(6)?,
            picked: row.get(7)?,
            missed: row.get(8)?,
        })
    };
    found.iter().map(read).collect()
}

/// Goods at places that wait to be counted.
pub(crate) fn being_counted(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    spots: &BTreeSet<(ItemId, PlaceId)>,
) -> Result<BTreeSet<(ItemId, PlaceId)>, StoreError> {
    let mut set = Rows::new(2);
    spots.iter().for_each(|(item, place)| set.push(row![item, place]));
    let found = tx.query(&BEING_COUNTED, params![company_id; set])?;
    found.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// How much of items was taken at places and has not left.
pub(crate) fn in_hand_at(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    spots: &BTreeSet<(ItemId, PlaceId)>,
) -> Result<BTreeMap<(ItemId, PlaceId), Quantity>, StoreError> {
    let mut set = Rows::new(2);
    spots.iter().for_each(|(item, place)| set.push(row![item, place]));
    let found = tx.query(&IN_HAND_AT, params![company_id; set])?;
    found.iter().map(|row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?))).collect()
}
