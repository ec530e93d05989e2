//! All SQL of fulfilment.

use crate::basis::{ALGORITHM, RouteBasis, RouteDecision};
use crate::rank_warehouses::Ranking;
use crate::supply::{SuppliedLine, SupplyOrdered};
use crate::words::{RouteChoice, WaitReason};
use base::{
    CompanyId, ItemId, PurchaseOrderId, Quantity, RouteId, SalesOrderId, SupplyId, WarehouseId,
};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, Rows, StoreError, Tx, params, row};

/// A route in a list, from `fulfilment_route as r`.
macro_rules! route_row {
    () => {
        "select r.id, r.order_id, o.number, c.code as channel, r.revision, r.choice, r.reason,
            w.code as warehouse, r.reserved, r.algorithm, r.decision, r.decided_at, r.user_id
        from fulfilment_route as r
        join sales_order as o on o.company_id = r.company_id and o.id = r.order_id
        join sales_channel as c on c.company_id = o.company_id and c.id = o.channel_id
        join stock_warehouse as w on w.company_id = r.company_id and w.id = r.warehouse_id"
    };
}

store::statements! {
    /// A channel by code.
    CHANNEL_BY_CODE = "select c.id from sales_channel as c
        where c.company_id = $1 and c.code = $2";

    /// Orders of a channel that lack goods which lie free where they might leave, or that were never
    /// routed, the oldest first. What orders ever wanted is long, what they lack is short: the kind of
    /// owner is no key here, so that the lacking ones are walked. Goods that are held, or too old,
    /// count as free here; the decision looks closer.
    WAITING = "select o.id, o.ordered_at
        from (select distinct m.owner_id from stock_demand as m
            where m.company_id = $1 and m.owner_kind || '' = 'sales_order'
                and m.quantity > m.reserved + m.shipped + m.cancelled
                and (exists (select 1 from stock_row as r
                        join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
                            and p.kind = 'internal' and p.class = 'normal'
                        where r.company_id = m.company_id and r.item_id = m.item_id
                            and r.on_hand > r.reserved
                            and (p.warehouse_id = m.warehouse_id
                                or exists (select 1 from fulfilment_rank as k
                                    where k.company_id = p.company_id and k.channel_id = $2
                                        and k.warehouse_id = p.warehouse_id)))
                    or not exists (select 1 from fulfilment_route as t
                        where t.company_id = m.company_id and t.order_id = m.owner_id))
            ) as d
        cross join sales_order as o
        where o.company_id = $1 and o.id = d.owner_id and o.channel_id = $2
            and o.state = 'accepted'
            and (o.ordered_at > cast($3 as {i64}) or (o.ordered_at = cast($3 as {i64})
                and o.id > cast($4 as {i64})))
        order by o.ordered_at, o.id limit cast($5 as {i64})";

    /// Makes sure that a channel has a row to be held.
    ENSURE_CHANNEL = "insert into fulfilment_channel (company_id, channel_id, split, revision)
        values ($1, $2, 0, 0) on conflict (company_id, channel_id) do nothing";

    /// A channel's ranking, held while it is changed.
    LOCK_RANKING = "select revision from fulfilment_channel
        where company_id = $1 and channel_id = $2 {for_update}";

    /// Whether a channel splits orders.
    UPDATE_CHANNEL = "update fulfilment_channel set split = $3, revision = revision + 1
        where company_id = $1 and channel_id = $2";

    /// Ends a channel's ranking.
    DELETE_RANKS = "delete from fulfilment_rank where company_id = $1 and channel_id = $2";

    /// Ranks warehouses of a channel.
    INSERT_RANKS = "insert into fulfilment_rank (company_id, channel_id, rank, warehouse_id)
        select $1, $2, d.rank, d.warehouse_id from {rows:d(rank, warehouse_id)}";

    /// All rankings, row by row.
    RANKED = "select f.channel_id, f.split, k.warehouse_id
        from fulfilment_channel as f
        join fulfilment_rank as k on k.company_id = f.company_id and k.channel_id = f.channel_id
        where f.company_id = $1 order by f.channel_id, k.rank";

    /// All rankings for people, row by row.
    LIST_RANKINGS = "select c.code as channel, f.split, f.revision,
            coalesce(w.code, '') as warehouse
        from fulfilment_channel as f
        join sales_channel as c on c.company_id = f.company_id and c.id = f.channel_id
        left join fulfilment_rank as k on k.company_id = f.company_id
            and k.channel_id = f.channel_id
        left join stock_warehouse as w on w.company_id = k.company_id and w.id = k.warehouse_id
        where f.company_id = $1 and (cast($2 as {text}) is null or c.code = cast($2 as {text}))
        order by c.code, k.rank";

    /// What was decided last for orders.
    LAST_ROUTES = "select r.order_id, r.choice, r.reason from {rows:d(order_id)}
        join fulfilment_route as r on r.company_id = $1 and r.order_id = d.order_id
        where r.revision = (select max(x.revision) from fulfilment_route as x
            where x.company_id = $1 and x.order_id = r.order_id)
        order by r.order_id, r.decided_at, r.id";

    /// Keeps decisions.
    INSERT_ROUTES = "insert into fulfilment_route
        (company_id, id, order_id, revision, choice, reason, warehouse_id, reserved, algorithm,
         basis, decision, decided_at, user_id)
        select $1, d.id, d.order_id, d.revision, d.choice, d.reason, d.warehouse_id, d.reserved, $2,
            d.basis, d.decision, $3, $4
        from {rows:d(id, order_id, revision, choice text, reason text, warehouse_id, reserved,
            basis text, decision text)}";

    /// One decision as lists tell it.
    ROUTE_ROW = concat!(route_row!(), " where r.company_id = $1 and r.id = $2");

    /// What a decision was made from.
    ROUTE_BASIS = "select basis from fulfilment_route where company_id = $1 and id = $2";

    /// A page of decisions, newest first.
    LIST_ROUTES = concat!(route_row!(), " where r.company_id = $1
            and (cast($2 as {i64}) is null or r.order_id = cast($2 as {i64}))
            and (cast($3 as {text}) is null or r.choice = cast($3 as {text}))
            and (cast($4 as {text}) is null or c.code = cast($4 as {text}))
            and (cast($5 as {text}) is null or w.code = cast($5 as {text}))
            and (r.decided_at < cast($6 as {i64}) or (r.decided_at = cast($6 as {i64})
                and r.id < cast($7 as {i64})))
        order by r.decided_at desc, r.id desc limit cast($8 as {i64})");

    /// Ties lines of a purchase order to the lines of a sales order that they are for.
    INSERT_SUPPLIES = "insert into fulfilment_supply
        (company_id, id, order_id, line, item_id, quantity, direct, purchase_order_id,
         purchase_line, recorded_at, user_id)
        select $1, d.id, $2, d.line, d.item_id, d.quantity, $3, $4, d.purchase_line, $5, $6
        from {rows:d(id, line, item_id, quantity, purchase_line)}";

    /// The ids of a purchase order's lines.
    PURCHASE_LINES = "select l.line, l.id from purchasing_line as l
        where l.company_id = $1 and l.order_id = $2";

    /// What is still to come for lines of orders.
    OPEN_SUPPLIES = "select f.order_id, f.line, f.direct,
            l.stock_quantity - l.received - l.returned as open
        from {rows:d(order_id)}
        join fulfilment_supply as f on f.company_id = $1 and f.order_id = d.order_id
        join purchasing_order as o on o.company_id = f.company_id and o.id = f.purchase_order_id
            and o.state not in ('closed', 'cancelled')
        join purchasing_line as l on l.company_id = o.company_id and l.order_id = o.id
            and l.line = f.purchase_line and l.closed_short = 0
        where l.stock_quantity > l.received + l.returned
        order by f.order_id, f.line, f.id";

    /// The lines of a purchase order whose goods go straight to a customer.
    DIRECT_SUPPLIES = "select f.purchase_line, f.order_id, f.line from fulfilment_supply as f
        where f.company_id = $1 and f.purchase_order_id = $2 and f.direct = 1
        order by f.purchase_line";

    /// What was ordered for an order under the client's key.
    SUPPLIED_BY_REF = "select f.id, f.line, f.purchase_line, f.quantity, f.purchase_order_id,
            o.number
        from purchasing_order as o
        join fulfilment_supply as f on f.company_id = o.company_id and f.purchase_order_id = o.id
        where o.company_id = $1 and o.client_ref = $2 and f.order_id = $3
        order by f.purchase_line";

    /// A page of supplies, newest first.
    LIST_SUPPLIES = "select f.id, f.order_id, s.number as order_number, f.line, i.sku, f.quantity,
            f.direct, f.purchase_order_id, o.number as purchase_number, f.purchase_line, o.state,
            l.received, case when l.closed_short = 1 or o.state in ('closed', 'cancelled')
                or l.stock_quantity <= l.received + l.returned then 0
                else l.stock_quantity - l.received - l.returned end as due,
            k.quantity - k.shipped - k.cancelled as wanted, l.closed_short, f.recorded_at
        from fulfilment_supply as f
        join sales_order as s on s.company_id = f.company_id and s.id = f.order_id
        join sales_line as k on k.company_id = f.company_id and k.order_id = f.order_id
            and k.line = f.line
        join catalog_item as i on i.company_id = f.company_id and i.id = f.item_id
        join purchasing_order as o on o.company_id = f.company_id and o.id = f.purchase_order_id
        join purchasing_line as l on l.company_id = o.company_id and l.order_id = o.id
            and l.line = f.purchase_line
        where f.company_id = $1
            and (cast($2 as {i64}) is null or f.order_id = cast($2 as {i64}))
            and (cast($3 as {i64}) is null or f.purchase_order_id = cast($3 as {i64}))
            and (cast($4 as {i64}) = 0 or (l.closed_short = 0
                and o.state not in ('closed', 'cancelled')
                and l.stock_quantity > l.received + l.returned))
            and (f.recorded_at < cast($5 as {i64}) or (f.recorded_at = cast($5 as {i64})
                and f.id < cast($6 as {i64})))
        order by f.recorded_at desc, f.id desc limit cast($7 as {i64})";

    /// Decisions of this algorithm on open orders, page by page, with what they were made from.
    OPEN_ROUTES = "select r.id, o.number, r.basis, r.decision
        from fulfilment_route as r
        join sales_order as o on o.company_id = r.company_id and o.id = r.order_id
            and o.state = 'accepted'
        where r.company_id = $1 and r.algorithm = $2 and r.id > cast($3 as {i64})
        order by r.id limit cast($4 as {i64})";
}

/// Whether there is a channel of a code.
/// The raw id of a channel by its code.
pub(crate) fn channel_id(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    code: &str,
) -> Result<Option<i64>, StoreError> {
    tx.query_opt(&CHANNEL_BY_CODE, params![company_id, code])?.map(|row| row.get(0)).transpose()
}

/// Orders of a channel that routing may help, with when they were ordered, the oldest first, after
/// one.
pub(crate) fn waiting(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    channel_id: i64,
    (ordered_at, id): (i64, i64),
    limit: usize,
) -> Result<Vec<(SalesOrderId, i64)>, StoreError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = tx.query(&WAITING, params![company_id, channel_id, ordered_at, id, limit])?;
    found.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// A channel whose ranking is held.
pub(crate) struct Channel {
    pub id: i64,
    pub revision: i64,
}

/// The channel of a code, its ranking held.
pub(crate) fn lock_channel(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    code: &str,
) -> Result<Option<Channel>, StoreError> {
    let Some(id) = channel_id(tx, company_id, code)? else { return Ok(None) };
    tx.write(&ENSURE_CHANNEL, params![company_id, id])?;
    let held = tx.query_opt(&LOCK_RANKING, params![company_id, id])?;
    let gone = || StoreError::Unusable("a channel's ranking was not found again".to_owned());
    Ok(Some(Channel { id, revision: held.ok_or_else(gone)?.get(0)? }))
}

/// Writes the ranking of a held channel in place of the one before.
pub(crate) fn write_ranking(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    channel: i64,
    warehouses: &[WarehouseId],
    split: bool,
) -> Result<(), StoreError> {
    let mut set = Rows::new(2);
    for (rank, warehouse) in (1_i64..).zip(warehouses) {
        set.push(row![rank, warehouse]);
    }
    tx.write_exactly(1, &UPDATE_CHANNEL, params![company_id, channel, split])?;
    tx.write(&DELETE_RANKS, params![company_id, channel])?;
    tx.write_exactly(warehouses.len(), &INSERT_RANKS, params![company_id, channel; set])
}

/// How a channel's warehouses are ranked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Ranked {
    pub warehouses: Vec<WarehouseId>,
    pub split: bool,
}

/// All rankings, by the channel's raw id; a channel that ranks none is left out.
pub(crate) fn ranked(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<BTreeMap<i64, Ranked>, StoreError> {
    let mut all: BTreeMap<i64, Ranked> = BTreeMap::new();
    for row in &tx.query(&RANKED, params![company_id])? {
        let ranked = all.entry(row.get(0)?).or_default();
        ranked.split = row.get(1)?;
        ranked.warehouses.push(row.get(2)?);
    }
    Ok(all)
}

/// Rankings for people, by the channel's code.
pub(crate) fn list_rankings(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    channel: Option<&str>,
) -> Result<Vec<Ranking>, StoreError> {
    let mut all: Vec<Ranking> = Vec::new();
    for row in &tx.query(&LIST_RANKINGS, params![company_id, channel])? {
        let code: String = row.get(0)?;
        if all.last().is_none_or(|last| last.channel != code) {
            let (split, revision) = (row.get(1)?, row.get(2)?);
            all.push(Ranking { channel: code, warehouses: Vec::new(), split, revision });
        }
        let warehouse: String = row.get(3)?;
        if let Some(last) = all.last_mut().filter(|_| !warehouse.is_empty()) {
            last.warehouses.push(warehouse);
        }
    }
    Ok(all)
}

/// Choice and reason of the last decision on orders, where there is one.
pub(crate) fn last_routes(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    orders: &[SalesOrderId],
) -> Result<BTreeMap<SalesOrderId, (RouteChoice, Option<WaitReason>)>, StoreError> {
    let orders: BTreeSet<SalesOrderId> = orders.iter().copied().collect();
    let found = tx.query(&LAST_ROUTES, params![company_id; Rows::column(orders.iter())])?;
    found.iter().map(|row| Ok((row.get(0)?, (row.get(1)?, reason(row, 2)?)))).collect()
}

/// A reason that is empty for none.
pub(crate) fn reason(row: &Row, column: usize) -> Result<Option<WaitReason>, StoreError> {
    let word: String = row.get(column)?;
    if word.is_empty() { Ok(None) } else { row.get(column).map(Some) }
}

/// A decision to be kept.
pub(crate) struct NewRoute {
    pub id: RouteId,
    pub order_id: SalesOrderId,
    /// The order's, afterwards.
    pub revision: i64,
    pub reserved: Quantity,
    pub basis: RouteBasis,
    pub decision: RouteDecision,
}

/// Keeps decisions with what they were made from.
pub(crate) fn insert_routes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    routes: &[NewRoute],
) -> Result<(), StoreError> {
    let text = |json: serde_json::Result<String>| {
        json.map_err(|error| StoreError::Unusable(format!("a route as JSON: {error}")))
    };
    let mut set = Rows::new(9);
    for route in routes {
        set.push(row![
            route.id,
            route.order_id,
            route.revision,
            route.decision.choice,
            route.decision.reason.map_or("", WaitReason::word),
            route.decision.home,
            route.reserved,
            text(serde_json::to_string(&route.basis))?,
            text(serde_json::to_string(&route.decision))?
        ]);
    }
    let rest = params![ctx.company_id, ALGORITHM, ctx.at, ctx.user_id; set];
    tx.write_exactly(routes.len(), &INSERT_ROUTES, rest)
}

/// What a decision was made from, or what it was, if this algorithm can still read it.
pub(crate) fn read<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

/// A decision on an open order, as it is kept.
pub(crate) struct OpenRoute {
    pub id: i64,
    pub number: String,
    pub basis: String,
    pub decision: String,
}

/// Decisions of this algorithm on open orders, after an id.
pub(crate) fn open_routes(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    after: i64,
    limit: i64,
) -> Result<Vec<OpenRoute>, StoreError> {
    let found = tx.query(&OPEN_ROUTES, params![company_id, ALGORITHM, after, limit])?;
    let read = |row: &Row| {
        let (id, number) = (row.get(0)?, row.get(1)?);
        Ok(OpenRoute { id, number, basis: row.get(2)?, decision: row.get(3)? })
    };
    found.iter().map(read).collect()
}

/// What is still to come for a line of an order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct OpenSupply {
    pub all: Quantity,
    /// The part that goes straight to the customer.
    pub direct: Quantity,
}

/// What is still to come for lines of orders, by order and line.
pub(crate) fn open_supplies(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    orders: &[SalesOrderId],
) -> Result<BTreeMap<(SalesOrderId, i64), OpenSupply>, StoreError> {
    let orders: BTreeSet<SalesOrderId> = orders.iter().copied().collect();
    let mut open: BTreeMap<(SalesOrderId, i64), OpenSupply> = BTreeMap::new();
    let beyond = |error| StoreError::Unusable(format!("what is to come: {error}"));
    for row in &tx.query(&OPEN_SUPPLIES, params![company_id; Rows::column(orders.iter())])? {
        let of_line = open.entry((row.get(0)?, row.get(1)?)).or_default();
        let quantity: Quantity = row.get(3)?;
        of_line.all = of_line.all.checked_add(quantity).map_err(beyond)?;
        if row.get(2)? {
            of_line.direct = of_line.direct.checked_add(quantity).map_err(beyond)?;
        }
    }
    Ok(open)
}

/// For which line of which order goods go straight to a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DirectSupply {
    pub order_id: SalesOrderId,
    pub line: i64,
}

/// The lines of a purchase order whose goods go straight to a customer, by their numbers.
pub(crate) fn direct_supplies(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    purchase: PurchaseOrderId,
) -> Result<BTreeMap<i64, DirectSupply>, StoreError> {
    let found = tx.query(&DIRECT_SUPPLIES, params![company_id, purchase])?;
    let read =
        |row: &Row| Ok((row.get(0)?, DirectSupply { order_id: row.get(1)?, line: row.get(2)? }));
    found.iter().map(read).collect()
}

/// The ids of a purchase order's lines, by number.
pub(crate) fn purchase_lines(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    order_id: PurchaseOrderId,
) -> Result<BTreeMap<i64, i64>, StoreError> {
    let found = tx.query(&PURCHASE_LINES, params![company_id, order_id])?;
    found.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Ties lines of a purchase order to the lines of a sales order that they are for.
pub(crate) fn insert_supplies(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (order_id, purchase, direct): (SalesOrderId, PurchaseOrderId, bool),
    rows: &[(SupplyId, i64, ItemId, Quantity, i64)],
) -> Result<(), StoreError> {
    let mut set = Rows::new(5);
    for (id, line, item, quantity, purchase_line) in rows {
        set.push(row![id, line, item, quantity, purchase_line]);
    }
    let rest = params![ctx.company_id, order_id, direct, purchase, ctx.at, ctx.user_id; set];
    tx.write_exactly(rows.len(), &INSERT_SUPPLIES, rest)
}

/// What was ordered for an order under the client's key, if it gave one and it was used.
pub(crate) fn supplied_by_ref(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    order_id: SalesOrderId,
    client_ref: &str,
) -> Result<Option<SupplyOrdered>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query(&SUPPLIED_BY_REF, params![company_id, client_ref, order_id])?;
    let Some(first) = found.first() else { return Ok(None) };
    let line = |row: &Row| {
        Ok(SuppliedLine {
            supply_id: row.get(0)?,
            line: row.get(1)?,
            purchase_line: row.get(2)?,
            quantity: row.get(3)?,
        })
    };
    Ok(Some(SupplyOrdered {
        purchase_order_id: first.get(4)?,
        number: first.get(5)?,
        lines: found.iter().map(line).collect::<Result<_, StoreError>>()?,
        repeated: true,
    }))
}
