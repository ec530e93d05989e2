//! All SQL of the verbs and views, and the verbs' half of it as small typed functions.

mod costing;
mod reports;

pub(crate) use costing::{
    CATEGORY_METHODS_BY_CODE, CATEGORY_METHODS_BY_NAME, COST_ACTS_NEWEST, COST_ACTS_OLDEST,
    ITEM_METHODS_BY_NAME, ITEM_METHODS_BY_SKU,
};
pub(crate) use reports::TURNOVER;

use std::collections::{BTreeMap, BTreeSet};

use base::{CategoryId, CompanyId, Currency, Day, Id, ItemId, LayerId, MoveId, Price, Quantity};
use store::{Row, Rows, StoreError, Tx, params, row};

use crate::ledger::{Held, LayerRow};
use crate::model::{Kind, Method, OpenLayer, Shortage, Standing, StandingKey, Use};
use crate::rules::Past;

/// The columns of a standing as `held_of` reads them.
macro_rules! standing_columns {
    () => {
        "select s.item_id, s.pool_id, s.class,
            case when s.method = '' then i.method else s.method end as method,
            s.quantity, s.value,
            case when s.method = '' then i.standard else s.standard end as standard,
            case when s.method = '' then i.standard else s.last_cost end as last_cost, s.seq"
    };
}

/// Every statement of valuation.
pub(crate) static ALL: [&store::Statement; COUNT + costing::COUNT + reports::COUNT] =
    store::statement::joined(&[STATEMENTS, costing::STATEMENTS, reports::STATEMENTS]);

store::statements! {
    /// Gives items a method where they have none yet: their category's, or the company's.
    ENSURE_ITEMS = "insert into valuation_item (company_id, item_id, method, standard)
        select $1, d.item_id, coalesce((select c.method from catalog_item as i
            join valuation_category as c
                on c.company_id = i.company_id and c.category_id = i.category_id
            where i.company_id = $1 and i.id = d.item_id), $2), 0
        from {rows:d(item_id)} where true
        on conflict (company_id, item_id) do nothing";

    /// Makes the standings that are missing, not valued yet.
    ENSURE_STANDINGS = "insert into valuation_standing
            (company_id, item_id, pool_id, class, method, quantity, value, standard, last_cost, seq)
        select $1, d.item_id, d.pool_id, d.class, '', 0, 0, 0, 0, 0
        from {rows:d(item_id, pool_id, class text)} where true
        on conflict (company_id, item_id, pool_id, class) do nothing";

    /// Locks standings in the order of their keys.
    LOCK_STANDINGS = concat!(standing_columns!(), "
        from {rows:d(item_id, pool_id, class text)}
        join valuation_standing as s on s.company_id = $1 and s.item_id = d.item_id
            and s.pool_id = d.pool_id and s.class = d.class
        join valuation_item as i on i.company_id = s.company_id and i.item_id = s.item_id
        order by s.item_id, s.pool_id, s.class {for_update:s}");

    /// Locks every standing of items in the order of their keys.
    LOCK_STANDINGS_OF_ITEMS = concat!(standing_columns!(), "
        from {rows:d(item_id)}
        join valuation_standing as s on s.company_id = $1 and s.item_id = d.item_id
        join valuation_item as i on i.company_id = s.company_id and i.item_id = s.item_id
        order by s.item_id, s.pool_id, s.class {for_update:s}");

    /// Locks the settings of items, so that no standing of them is made meanwhile.
    LOCK_ITEMS = "select i.item_id, i.method, i.standard
        from {rows:d(item_id)}
        join valuation_item as i on i.company_id = $1 and i.item_id = d.item_id
        order by i.item_id {for_update:i}";

    /// Locks the settings of the items of a category.
    LOCK_ITEMS_OF_CATEGORY = "select i.item_id from valuation_item as i
        join catalog_item as c on c.company_id = i.company_id and c.id = i.item_id
        where i.company_id = $1 and c.category_id = $2
        order by i.item_id {for_update:i}";

    /// Those of some items that were valued before.
    VALUED_ITEMS = "select distinct s.item_id from {rows:d(item_id)}
        join valuation_standing as s on s.company_id = $1 and s.item_id = d.item_id";

    /// Writes the settings of items.
    UPDATE_ITEMS = "update valuation_item as i set method = d.method, standard = d.standard
        from {rows:d(item_id, method text, standard)}
        where i.company_id = $1 and i.item_id = d.item_id";

    /// Writes the method of a category.
    UPSERT_CATEGORY = "insert into valuation_category as c (company_id, category_id, method, since)
        values ($1, $2, $3, $4)
        on conflict (company_id, category_id) do update set method = excluded.method,
            since = case when c.method = excluded.method then c.since else excluded.since end";

    /// Open layers of standings, in the order of the queue.
    OPEN_LAYERS = "select o.item_id, o.pool_id, o.class, o.layer_id, o.seq, o.quantity, o.value
        from {rows:d(item_id, pool_id, class text)}
        join valuation_open_layer as o on o.company_id = $1 and o.item_id = d.item_id
            and o.pool_id = d.pool_id and o.class = d.class
        order by o.item_id, o.pool_id, o.class, o.seq";

    /// Shortages of standings, the oldest first.
    SHORTAGES = "select o.item_id, o.pool_id, o.class, o.issue_id, o.seq, o.quantity, o.value
        from {rows:d(item_id, pool_id, class text)}
        join valuation_shortage as o on o.company_id = $1 and o.item_id = d.item_id
            and o.pool_id = d.pool_id and o.class = d.class
        order by o.item_id, o.pool_id, o.class, o.seq";

    /// The layers that moves made, with what came or went back at their cost since.
    LAYERS_OF_MOVES = "select l.move_id, l.item_id, l.pool_id, l.class, l.id, l.seq, l.quantity,
            l.value,
            cast(coalesce(sum(b.quantity), 0) as {i64}) as back_quantity,
            cast(coalesce(sum(b.value), 0) as {i64}) as back_value
        from {rows:d(move_id)}
        join valuation_layer as l on l.company_id = $1 and l.move_id = d.move_id
            and l.move_id <> 0 and l.quantity <> 0
        left join valuation_layer as b on b.company_id = $1 and b.of_move_id = l.move_id
            and b.of_move_id <> 0 and b.item_id = l.item_id
            and ((l.quantity < 0 and b.quantity > 0) or (l.quantity > 0 and b.quantity < 0))
        group by l.move_id, l.item_id, l.pool_id, l.class, l.id, l.seq, l.quantity, l.value
        order by l.move_id, l.id";

    /// What happened since layers: how much came into their own standings, how much came to the item
    /// from outside in any standing, and how much was transferred away from their own.
    SINCE = "select d.layer_id,
            cast(coalesce(sum(case when l.pool_id = d.pool_id and l.class = d.class
                and l.quantity > 0 then l.quantity else 0 end), 0) as {i64}) as own_in,
            cast(coalesce(sum(case when l.kind <> 'transfer_in' and l.quantity > 0
                then l.quantity else 0 end), 0) as {i64}) as item_in,
            cast(coalesce(sum(case when l.kind = 'transfer_out' and l.pool_id = d.pool_id
                and l.class = d.class then -l.quantity else 0 end), 0) as {i64}) as moved_away
        from {rows:d(layer_id, item_id, pool_id, class text, seq)}
        join valuation_layer as f on f.company_id = $1 and f.id = d.layer_id
        left join valuation_layer as l on l.company_id = $1 and l.item_id = d.item_id
            and l.class <> 'consigned'
            and ((l.pool_id = d.pool_id and l.class = d.class and l.seq > d.seq)
                or ((l.pool_id <> d.pool_id or l.class <> d.class)
                    and l.recorded_at > f.recorded_at))
        group by d.layer_id";

    /// Where the goods of layers went by transfer: from layer to layer, with how much, hop by hop.
    TRACE = "with recursive trace(root_id, from_id, into_id, quantity, hop) as (
            select u.layer_id, u.layer_id, i.id, u.quantity, cast(1 as {i64})
            from {rows:d(layer_id)}
            join valuation_use as u on u.company_id = $1 and u.layer_id = d.layer_id
            join valuation_layer as o on o.company_id = $1 and o.id = u.issue_id
                and o.kind = 'transfer_out' and o.move_id <> 0
            join valuation_layer as i on i.company_id = $1 and i.move_id = o.move_id
                and i.item_id = o.item_id and i.kind = 'transfer_in' and i.move_id <> 0
            union all
            select t.root_id, t.into_id, i.id, u.quantity, t.hop + 1
            from trace as t
            join valuation_use as u on u.company_id = $1 and u.layer_id = t.into_id
            join valuation_layer as o on o.company_id = $1 and o.id = u.issue_id
                and o.kind = 'transfer_out' and o.move_id <> 0
            join valuation_layer as i on i.company_id = $1 and i.move_id = o.move_id
                and i.item_id = o.item_id and i.kind = 'transfer_in' and i.move_id <> 0
        )
        select distinct t.root_id, t.hop, t.from_id, t.into_id, t.quantity,
            f.quantity as from_quantity, i.quantity as into_quantity
        from trace as t
        join valuation_layer as f on f.company_id = $1 and f.id = t.from_id
        join valuation_layer as i on i.company_id = $1 and i.id = t.into_id
        order by t.root_id, t.hop, t.from_id, t.into_id";

    /// Every move of goods of an item, by standing and in order, with what later documents added to
    /// its cost.
    HISTORY = "select l.pool_id, l.class, l.id, l.kind, l.happened_on, l.quantity,
            cast(l.value + coalesce((select sum(c.value) from valuation_layer as c
                where c.company_id = l.company_id and c.corrects_id = l.id and c.corrects_id <> 0
                    and c.kind in ('cost_correction', 'landed_cost')), 0) as {i64}) as value
        from valuation_layer as l
        where l.company_id = $1 and l.item_id = $2 and l.quantity <> 0
        order by l.pool_id, l.class, l.seq";

    /// Appends layers.
    INSERT_LAYERS = "insert into valuation_layer
            (company_id, id, item_id, pool_id, class, seq, kind, quantity, value, expensed,
             corrects_id, move_id, of_move_id, source_kind, source_id, happened_on, posted_on,
             recorded_at)
        select $1, d.id, d.item_id, d.pool_id, d.class, d.seq, d.kind, d.quantity, d.value,
            d.expensed, d.corrects_id, d.move_id, d.of_move_id, d.source_kind, d.source_id,
            $2, $3, $4
        from {rows:d(id, item_id, pool_id, class text, seq, kind text, quantity, value, expensed,
            corrects_id, move_id, of_move_id, source_kind text, source_id)}";

    /// Appends uses.
    INSERT_USES = "insert into valuation_use (company_id, layer_id, issue_id, quantity, value)
        select $1, d.layer_id, d.issue_id, d.quantity, d.value
        from {rows:d(layer_id, issue_id, quantity, value)}";

    /// Writes standings that nobody changed since they were locked.
    UPDATE_STANDINGS = "update valuation_standing as s
        set method = d.method, quantity = d.quantity, value = d.value, standard = d.standard,
            last_cost = d.last_cost, seq = d.seq
        from {rows:d(item_id, pool_id, class text, method text, quantity, value, standard,
            last_cost, seq, seq_before)}
        where s.company_id = $1 and s.item_id = d.item_id and s.pool_id = d.pool_id
            and s.class = d.class and s.seq = d.seq_before";

    /// Writes the standard prices of locked standings.
    UPDATE_STANDARDS = "update valuation_standing as s set standard = d.standard
        from {rows:d(item_id, pool_id, class text, standard)}
        where s.company_id = $1 and s.item_id = d.item_id and s.pool_id = d.pool_id
            and s.class = d.class";

    /// Writes open layers as they are now.
    UPSERT_OPEN_LAYERS = "insert into valuation_open_layer
            (company_id, item_id, pool_id, class, seq, layer_id, quantity, value)
        select $1, d.item_id, d.pool_id, d.class, d.seq, d.layer_id, d.quantity, d.value
        from {rows:d(item_id, pool_id, class text, seq, layer_id, quantity, value)} where true
        on conflict (company_id, item_id, pool_id, class, seq) do update set
            quantity = excluded.quantity, value = excluded.value";

    /// Forgets open layers that are used up.
    DELETE_OPEN_LAYERS = "delete from valuation_open_layer where company_id = $1
        and (item_id, pool_id, class, seq) in
            (select d.item_id, d.pool_id, d.class, d.seq
             from {rows:d(item_id, pool_id, class text, seq)})";

    /// Writes shortages as they are now.
    UPSERT_SHORTAGES = "insert into valuation_shortage
            (company_id, item_id, pool_id, class, seq, issue_id, quantity, value)
        select $1, d.item_id, d.pool_id, d.class, d.seq, d.issue_id, d.quantity, d.value
        from {rows:d(item_id, pool_id, class text, seq, issue_id, quantity, value)} where true
        on conflict (company_id, item_id, pool_id, class, seq) do update set
            quantity = excluded.quantity, value = excluded.value";

    /// Forgets shortages that are covered.
    DELETE_SHORTAGES = "delete from valuation_shortage where company_id = $1
        and (item_id, pool_id, class, seq) in
            (select d.item_id, d.pool_id, d.class, d.seq
             from {rows:d(item_id, pool_id, class text, seq)})";

    /// A page of standings by SKU, with the day's settings.
    LIST_STANDINGS = "select s.item_id, i.sku, i.name, s.pool_id, s.class, s.method, s.quantity,
            s.value, s.standard, s.last_cost
        from valuation_standing as s
        join catalog_item as i on i.company_id = s.company_id and i.id = s.item_id
        where s.company_id = $1
            and (cast($2 as {text}) is null or i.sku = cast($2 as {text}))
            and (cast($3 as {text}) is null or s.class = cast($3 as {text}))
            and (cast($4 as {i64}) is null or s.pool_id = cast($4 as {i64}))
            and (i.sku, s.pool_id, s.class) > ($5, $6, $7)
        order by i.sku, s.pool_id, s.class limit $8";

    /// A page of an item's layers, by standing and in order.
    LIST_LAYERS = "select l.id, l.pool_id, l.class, l.seq, l.kind, l.quantity, l.value, l.expensed,
            l.corrects_id, l.move_id, l.source_kind, l.source_id, l.happened_on, l.posted_on,
            l.recorded_at, coalesce(o.quantity, 0) as left_quantity, coalesce(o.value, 0) as left_value
        from valuation_layer as l
        left join valuation_open_layer as o on o.company_id = l.company_id
            and o.item_id = l.item_id and o.pool_id = l.pool_id and o.class = l.class
            and o.seq = l.seq
        where l.company_id = $1 and l.item_id = $2 and (l.pool_id, l.class, l.seq) > ($3, $4, $5)
        order by l.pool_id, l.class, l.seq limit $6";

    /// What each item was worth in the books at the end of a day.
    VALUE_AT = "select l.item_id, i.sku, i.name, l.class,
            cast(sum(l.quantity) as {i64}) as quantity, cast(sum(l.value) as {i64}) as value
        from valuation_layer as l
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        where l.company_id = $1 and l.posted_on <= $2
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and (cast($4 as {text}) is null or l.class = cast($4 as {text}))
        group by l.item_id, i.sku, i.name, l.class
        having sum(l.quantity) <> 0 or sum(l.value) <> 0
        order by i.sku, l.class";

    /// The standings of items, and the settings of those that have none.
    COSTS = "select i.item_id, i.standard, coalesce(s.method, '') as method,
            coalesce(s.quantity, 0) as quantity, coalesce(s.value, 0) as value,
            coalesce(s.last_cost, i.standard) as last_cost
        from {rows:d(item_id)}
        join valuation_item as i on i.company_id = $1 and i.item_id = d.item_id
        left join valuation_standing as s on s.company_id = i.company_id
            and s.item_id = i.item_id and s.class <> 'consigned'
        order by i.item_id, s.seq, s.pool_id, s.class";
}

fn key_of(row: &Row, at: usize) -> Result<StandingKey, StoreError> {
    Ok(StandingKey { item: row.get(at)?, pool: row.get(at + 1)?, class: row.get(at + 2)? })
}

fn key_rows<'a>(keys: impl IntoIterator<Item = &'a StandingKey>) -> Rows {
    let mut rows = Rows::new(3);
    for key in keys {
        rows.push(row![key.item, key.pool, key.class]);
    }
    rows
}

fn held_of(row: &Row, currency: Currency) -> Result<Held, StoreError> {
    let standing = Standing {
        key: key_of(row, 0)?,
        currency,
        method: row.get(3)?,
        quantity: row.get(4)?,
        value: row.get(5)?,
        standard: row.get(6)?,
        last_cost: row.get(7)?,
        layers: Vec::new(),
        shortages: Vec::new(),
    };
    Ok(Held::new(standing, row.get(8)?))
}

/// Makes the settings of items where they are missing.
pub(crate) fn ensure_items(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    method: Method,
    items: &BTreeSet<ItemId>,
) -> Result<(), StoreError> {
    tx.write(&ENSURE_ITEMS, params![company_id, method; Rows::column(items)])
}

/// Makes standings where they are missing.
pub(crate) fn ensure_standings(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    keys: &BTreeSet<StandingKey>,
) -> Result<(), StoreError> {
    tx.write(&ENSURE_STANDINGS, params![company_id; key_rows(keys)])
}

/// Locks standings; layers and shortages are not loaded yet.
pub(crate) fn lock_standings(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    currency: Currency,
    keys: &BTreeSet<StandingKey>,
) -> Result<Vec<Held>, StoreError> {
    let rows = tx.query(&LOCK_STANDINGS, params![company_id; key_rows(keys)])?;
    rows.iter().map(|row| held_of(row, currency)).collect()
}

/// Locks all standings of items, after their settings.
pub(crate) fn lock_standings_of(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    currency: Currency,
    items: &BTreeSet<ItemId>,
) -> Result<Vec<Held>, StoreError> {
    let rows = tx.query(&LOCK_STANDINGS_OF_ITEMS, params![company_id; Rows::column(items)])?;
    rows.iter().map(|row| held_of(row, currency)).collect()
}

/// An item's settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Settings {
    pub method: Method,
    pub standard: Price,
}

/// Locks the settings of items.
pub(crate) fn lock_items(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &BTreeSet<ItemId>,
) -> Result<BTreeMap<ItemId, Settings>, StoreError> {
    let rows = tx.query(&LOCK_ITEMS, params![company_id; Rows::column(items)])?;
    let settings =
        |row: &Row| Ok((row.get(0)?, Settings { method: row.get(1)?, standard: row.get(2)? }));
    rows.iter().map(settings).collect()
}

/// Locks the settings of the items of a category.
pub(crate) fn lock_items_of_category(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    category_id: CategoryId,
) -> Result<BTreeSet<ItemId>, StoreError> {
    let rows = tx.query(&LOCK_ITEMS_OF_CATEGORY, params![company_id, category_id])?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Those of some items that have a standing.
pub(crate) fn valued_items(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &BTreeSet<ItemId>,
) -> Result<BTreeSet<ItemId>, StoreError> {
    let rows = tx.query(&VALUED_ITEMS, params![company_id; Rows::column(items)])?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Writes the settings of items.
pub(crate) fn update_items(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    items: &BTreeMap<ItemId, Settings>,
) -> Result<(), StoreError> {
    let mut rows = Rows::new(3);
    for (item, settings) in items {
        rows.push(row![item, settings.method, settings.standard]);
    }
    tx.write_exactly(items.len(), &UPDATE_ITEMS, params![company_id; rows])
}

/// Writes the method of a category; one that stays holds since when it did.
pub(crate) fn upsert_category(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    category_id: CategoryId,
    method: Method,
    since: Day,
) -> Result<(), StoreError> {
    tx.write(&UPSERT_CATEGORY, params![company_id, category_id, method, since])
}

/// Open layers of standings, in the order of the queue.
pub(crate) fn open_layers(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    keys: &[StandingKey],
) -> Result<Vec<(StandingKey, OpenLayer)>, StoreError> {
    let rows = tx.query(&OPEN_LAYERS, params![company_id; key_rows(keys)])?;
    rows.iter()
        .map(|row| {
            let open = OpenLayer {
                layer: row.get(3)?,
                seq: row.get(4)?,
                quantity: row.get(5)?,
                value: row.get(6)?,
            };
            Ok((key_of(row, 0)?, open))
        })
        .collect()
}

/// Shortages of standings, the oldest first.
pub(crate) fn shortages(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    keys: &[StandingKey],
) -> Result<Vec<(StandingKey, Shortage)>, StoreError> {
    let rows = tx.query(&SHORTAGES, params![company_id; key_rows(keys)])?;
    rows.iter()
        .map(|row| {
            let open = Shortage {
                issue: row.get(3)?,
                seq: row.get(4)?,
                quantity: row.get(5)?,
                value: row.get(6)?,
            };
            Ok((key_of(row, 0)?, open))
        })
        .collect()
}

/// A layer that a move made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LayerOfMove {
    pub key: StandingKey,
    pub layer: LayerId,
    pub seq: i64,
    pub quantity: Quantity,
    pub value: i64,
    /// What has come or gone back at its cost since, signed the other way.
    pub back: (Quantity, i64),
}

/// The layers that moves made, by move.
pub(crate) fn layers_of_moves(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    moves: &BTreeSet<MoveId>,
) -> Result<BTreeMap<MoveId, Vec<LayerOfMove>>, StoreError> {
    let mut found: BTreeMap<MoveId, Vec<LayerOfMove>> = BTreeMap::new();
    for row in tx.query(&LAYERS_OF_MOVES, params![company_id; Rows::column(moves)])? {
        found.entry(row.get(0)?).or_default().push(LayerOfMove {
            key: key_of(&row, 1)?,
            layer: row.get(4)?,
            seq: row.get(5)?,
            quantity: row.get(6)?,
            value: row.get(7)?,
            back: (row.get(8)?, row.get(9)?),
        });
    }
    Ok(found)
}

/// What happened after a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Since {
    /// How much came into its own standing.
    pub own_in: Quantity,
    /// How much of the item came from outside, into any standing.
    pub item_in: Quantity,
    /// How much was transferred away from its own standing.
    pub moved_away: Quantity,
}

/// What happened after layers.
pub(crate) fn since<'a>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    layers: impl IntoIterator<Item = &'a LayerOfMove>,
) -> Result<BTreeMap<LayerId, Since>, StoreError> {
    let mut set = Rows::new(5);
    for layer in layers {
        let key = layer.key;
        set.push(row![layer.layer, key.item, key.pool, key.class, layer.seq]);
    }
    let rows = tx.query(&SINCE, params![company_id; set])?;
    let since = |row: &Row| {
        let since = Since { own_in: row.get(1)?, item_in: row.get(2)?, moved_away: row.get(3)? };
        Ok((row.get(0)?, since))
    };
    rows.iter().map(since).collect()
}

/// A transfer of goods of one layer into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hop {
    pub from: LayerId,
    pub into: LayerId,
    /// How much went.
    pub quantity: Quantity,
    /// How much the layer that it came from had brought in all.
    pub whole: Quantity,
    /// How much the layer that it went into had brought in all.
    pub into_whole: Quantity,
}

/// Where the goods of layers went by transfer, by layer, in the order in which they went.
pub(crate) fn trace(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    layers: &BTreeSet<LayerId>,
) -> Result<BTreeMap<LayerId, Vec<Hop>>, StoreError> {
    let mut found: BTreeMap<LayerId, Vec<Hop>> = BTreeMap::new();
    for row in tx.query(&TRACE, params![company_id; Rows::column(layers)])? {
        found.entry(row.get(0)?).or_default().push(Hop {
            from: row.get(2)?,
            into: row.get(3)?,
            quantity: row.get(4)?,
            whole: row.get(5)?,
            into_whole: row.get(6)?,
        });
    }
    Ok(found)
}

/// The moves of an item's goods, by standing and in order.
pub(crate) fn history(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    item: ItemId,
) -> Result<BTreeMap<StandingKey, Vec<Past>>, StoreError> {
    let mut found: BTreeMap<StandingKey, Vec<Past>> = BTreeMap::new();
    for row in tx.query(&HISTORY, params![company_id, item])? {
        let key = StandingKey { item, pool: row.get(0)?, class: row.get(1)? };
        let kind: Kind = row.get(3)?;
        let value: i64 = row.get(6)?;
        found.entry(key).or_default().push(Past {
            layer: row.get(2)?,
            day: row.get(4)?,
            quantity: row.get(5)?,
            value: (kind != Kind::Found).then_some(value.abs()),
        });
    }
    Ok(found)
}

/// When rows are written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct When {
    pub happened_on: Day,
    pub posted_on: Day,
    pub recorded_at: base::Timestamp,
}

/// Appends layers and uses.
pub(crate) fn insert_layers(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    when: When,
    layers: &[LayerRow],
    uses: &[Use],
) -> Result<(), StoreError> {
    let mut set = Rows::new(14);
    for layer in layers {
        set.push(row![
            layer.id,
            layer.key.item,
            layer.key.pool,
            layer.key.class,
            layer.seq,
            layer.entry.kind,
            layer.entry.quantity,
            layer.entry.value,
            layer.expensed,
            layer.entry.corrects.map_or(0, Id::raw),
            layer.source.move_id.map_or(0, Id::raw),
            layer.source.of_move.map_or(0, Id::raw),
            layer.source.kind,
            layer.source.id
        ]);
    }
    let head = params![company_id, when.happened_on, when.posted_on, when.recorded_at; set];
    tx.write(&INSERT_LAYERS, head)?;
    let mut set = Rows::new(4);
    for used in uses {
        set.push(row![used.layer, used.issue, used.quantity, used.value]);
    }
    tx.write(&INSERT_USES, params![company_id; set])
}

/// Writes the standard prices of locked standings.
pub(crate) fn update_standards<'a>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    changed: impl IntoIterator<Item = &'a Held>,
) -> Result<(), StoreError> {
    let mut rows = Rows::new(4);
    for Held { now, .. } in changed {
        rows.push(row![now.key.item, now.key.pool, now.key.class, now.standard]);
    }
    tx.write_exactly(rows.len(), &UPDATE_STANDARDS, params![company_id; rows])
}

/// Writes standings with what is open of them: before, as it was loaded, and now.
pub(crate) fn update_standings<'a>(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    changed: impl IntoIterator<Item = &'a Held>,
) -> Result<(), StoreError> {
    let mut standings = Rows::new(10);
    let (mut layers, mut shortages) = (Rows::new(7), Rows::new(7));
    let (mut used_up, mut covered) = (Rows::new(4), Rows::new(4));
    for held in changed {
        let Standing { key, method, quantity, value, standard, last_cost, .. } = held.now;
        let StandingKey { item, pool, class } = key;
        standings.push(row![
            item,
            pool,
            class,
            method,
            quantity,
            value,
            standard,
            last_cost,
            held.seq,
            held.seq_before
        ]);
        let was: BTreeMap<i64, &OpenLayer> =
            held.before.layers.iter().map(|o| (o.seq, o)).collect();
        for open in held.now.layers.iter().filter(|open| was.get(&open.seq) != Some(open)) {
            layers.push(row![item, pool, class, open.seq, open.layer, open.quantity, open.value]);
        }
        let is: BTreeSet<i64> = held.now.layers.iter().map(|open| open.seq).collect();
        for seq in was.keys().filter(|seq| !is.contains(seq)) {
            used_up.push(row![item, pool, class, seq]);
        }
        let was: BTreeMap<i64, &Shortage> =
            held.before.shortages.iter().map(|o| (o.seq, o)).collect();
        for open in held.now.shortages.iter().filter(|open| was.get(&open.seq) != Some(open)) {
            let issue = open.issue;
            shortages.push(row![item, pool, class, open.seq, issue, open.quantity, open.value]);
        }
        let is: BTreeSet<i64> = held.now.shortages.iter().map(|open| open.seq).collect();
        for seq in was.keys().filter(|seq| !is.contains(seq)) {
            covered.push(row![item, pool, class, seq]);
        }
    }
    tx.write_exactly(standings.len(), &UPDATE_STANDINGS, params![company_id; standings])?;
    tx.write(&UPSERT_OPEN_LAYERS, params![company_id; layers])?;
    tx.write_exactly(used_up.len(), &DELETE_OPEN_LAYERS, params![company_id; used_up])?;
    tx.write(&UPSERT_SHORTAGES, params![company_id; shortages])?;
    tx.write_exactly(covered.len(), &DELETE_SHORTAGES, params![company_id; covered])
}
