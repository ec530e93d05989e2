//! `demand`: somebody wants goods. Demanding and reserving are one step, under the rows' locks, so
//! that two orders can never be promised the same piece.

use crate::model::{Removal, RowKey, Source, Taken};
use crate::rules;
use crate::tables;
use base::{Day, DemandId, Id, ItemId, NumberError, Problem, Quantity, Rule, WarehouseId};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, Rows, StoreError, Tx, params, row};

/// What to do when there is less than is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// Refuse the whole request.
    Refuse,
    /// Reserve what is there; the rest stays open.
    BackOrder,
}

/// Lets the goods of demands be due on another day; what is kept for them stays.
///
/// # Errors
/// The store's own; a demand that is not there rolls the command back.
pub fn reschedule(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    demands: &[(DemandId, Day)],
) -> Result<(), StoreError> {
    let mut set = Rows::new(2);
    for (demand_id, due_on) in demands {
        set.push(row![demand_id, due_on]);
    }
    tx.write_exactly(demands.len(), &tables::RESCHEDULE, params![ctx.company_id; set])
}

/// A document's wish for goods from one warehouse.
#[derive(Clone, Debug)]
pub struct Demand {
    /// The kind of document.
    pub owner_kind: &'static str,
    /// The warehouse.
    pub warehouse_id: WarehouseId,
    /// Goods only from this place and those in it; empty for the whole warehouse.
    pub place_path: String,
    /// Refuse or back-order.
    pub shortage: Shortage,
    /// Whether to reserve now (policy `reserve_at: accept`) or later with [`reserve`].
    pub reserve: bool,
    /// What is wanted.
    pub lines: Vec<Wanted>,
}

/// One wish.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The document.
    pub owner_id: i64,
    /// Its line, as the owner counts them.
    pub line_id: i64,
    /// The item; a kit's components are lines of their own.
    pub item_id: ItemId,
    /// How much, in the stock unit, above zero.
    pub quantity: Quantity,
    /// When the goods are due to leave.
    pub due_on: Day,
}

/// What became of one wish.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demanded {
    /// The demand.
    pub demand_id: DemandId,
    /// How much is kept for it.
    pub reserved: Quantity,
}

/// An item of which there is too little.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Short {
    /// The item.
    pub sku: String,
    /// What the whole request wants of it.
    pub wanted: Quantity,
    /// What is free.
    pub available: Quantity,
}

/// Why a demand was refused.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum DemandError {
    /// A quantity is not above zero.
    #[error("a quantity of {0} cannot be wanted; it must be above zero")]
    NotPositive(Quantity),
    /// There is less than is wanted, and the request does not accept a back-order.
    #[error("insufficient stock: {}", shorts(.0))]
    InsufficientStock(Vec<Short>),
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn shorts(list: &[Short]) -> String {
    let told = |s: &Short| format!("{} ({} wanted, {} available)", s.sku, s.wanted, s.available);
    list.iter().map(told).collect::<Vec<_>>().join(", ")
}

impl Rule for DemandError {
    fn problem(&self) -> Problem {
        match self {
            DemandError::NotPositive(_) => {
                Problem::refused("quantity_not_positive", self.to_string())
            }
            DemandError::InsufficientStock(_) => {
                Problem::refused("insufficient_stock", self.to_string())
            }
            DemandError::Number(error) => error.problem(),
            DemandError::Store(error) => error.problem(),
        }
    }
}

/// Writes demands and reserves for them, in the order of the lines.
///
/// Demand is summed per item over all lines before anything is promised; with
/// [`Shortage::Refuse`] either everything is reserved or nothing is written.
///
/// # Errors
/// The first broken rule in the order of [`DemandError`].
pub fn demand(tx: &mut Tx<'_>, ctx: &Ctx, demand: Demand) -> Result<Vec<Demanded>, DemandError> {
    if let Some(line) = demand.lines.iter().find(|line| !line.quantity.is_positive()) {
        return Err(DemandError::NotPositive(line.quantity));
    }
    let items: BTreeSet<ItemId> = demand.lines.iter().map(|line| line.item_id).collect();
    let mut sources = if demand.reserve || demand.shortage == Shortage::Refuse {
        lock_sources(tx, ctx, demand.warehouse_id, &demand.place_path, items)?
    } else {
        BTreeMap::new()
    };
    if demand.shortage == Shortage::Refuse {
        refuse_short(tx, ctx, &demand.lines, &sources)?;
    }
    let mut answers = Vec::with_capacity(demand.lines.len());
    let mut taken: Vec<(DemandId, Taken)> = Vec::new();
    let mut set = Rows::new(7);
    for line in &demand.lines {
        let demand_id: DemandId = tx.id()?;
        let from = sources.get_mut(&line.item_id).filter(|_| demand.reserve);
        let kept = from.map_or(Ok(Vec::new()), |from| rules::take(from, line.quantity))?;
        let reserved = sum(&kept)?;
        taken.extend(kept.into_iter().map(|kept| (demand_id, kept)));
        set.push(row![
            demand_id,
            line.owner_id,
            line.line_id,
            line.item_id,
            line.quantity,
            reserved,
            line.due_on
        ]);
        answers.push(Demanded { demand_id, reserved });
    }
    let back_order = demand.shortage == Shortage::BackOrder || !demand.reserve;
    tx.write(
        &tables::INSERT_DEMANDS,
        params![ctx.company_id, demand.owner_kind, demand.warehouse_id, back_order, ctx.at; set],
    )?;
    keep(tx, ctx, &taken)?;
    Ok(answers)
}

fn sum(taken: &[Taken]) -> Result<Quantity, NumberError> {
    Quantity::checked_sum(taken.iter().map(|taken| taken.quantity))
}

/// Refuses when the lines together want more of an item than is free.
fn refuse_short(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    lines: &[Wanted],
    sources: &BTreeMap<ItemId, Vec<Source>>,
) -> Result<(), DemandError> {
    let mut wanted: BTreeMap<ItemId, Quantity> = BTreeMap::new();
    for line in lines {
        let sum = wanted.entry(line.item_id).or_default();
        *sum = sum.checked_add(line.quantity)?;
    }
    let mut short = Vec::new();
    for (item, wanted) in wanted {
        let free = sources.get(&item).map_or(&[][..], Vec::as_slice);
        let free = free.iter().map(|source| source.available.max(Quantity::ZERO));
        let available = Quantity::checked_sum(free)?;
        if available < wanted {
            short.push((item, wanted, available));
        }
    }
    if short.is_empty() {
        return Ok(());
    }
    let ids: Vec<ItemId> = short.iter().map(|(item, ..)| *item).collect();
    let items = catalog::items_by_id(tx, ctx.company_id, &ids)?;
    let sku = |id: &ItemId| items.get(id).map_or_else(|| id.to_string(), |item| item.sku.clone());
    let told = short.iter().map(|(item, wanted, available)| Short {
        sku: sku(item),
        wanted: *wanted,
        available: *available,
    });
    Err(DemandError::InsufficientStock(told.collect()))
}

/// Locks the rows from which items can leave warehouses, all at once and in key order. Who demands of
/// several warehouses, or of one again and again, in one transaction locks them so before the first
/// demand; each demand alone would lock its own rows in order, and all together not.
///
/// # Errors
/// The store's own.
pub fn lock_all_sources(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    wanted: &BTreeSet<(WarehouseId, ItemId)>,
) -> Result<(), StoreError> {
    let mut set = Rows::new(2);
    for (warehouse_id, item_id) in wanted {
        set.push(row![warehouse_id, item_id]);
    }
    tx.query(&tables::LOCK_ALL_SOURCES, params![ctx.company_id; set]).map(drop)
}

/// The rows that can meet a demand, by item, locked in key order: not those of lots past the last day
/// on which they are picked.
pub(crate) fn lock_sources(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    warehouse: WarehouseId,
    place_path: &str,
    items: BTreeSet<ItemId>,
) -> Result<BTreeMap<ItemId, Vec<Source>>, StoreError> {
    let found = tx.query(
        &tables::LOCK_SOURCES,
        params![ctx.company_id, warehouse, place_path, ctx.today; Rows::column(items)],
    )?;
    let mut sources: BTreeMap<ItemId, Vec<Source>> = BTreeMap::new();
    for row in &found {
        let source = source(row)?;
        sources.entry(source.key.item).or_default().push(source);
    }
    Ok(sources)
}

fn source(row: &Row) -> Result<Source, StoreError> {
    let day = |text: Option<String>| text.and_then(|text| Day::parse(&text).ok());
    let removal = row.get::<Option<String>>(7)?.and_then(|word| Removal::parse(&word));
    Ok(Source {
        key: tables::row_key(row, 0)?,
        available: row.get(3)?,
        since: day(row.get(4)?),
        expires_on: day(row.get(5)?),
        path: row.get(6)?,
        removal: removal.unwrap_or(Removal::Fifo),
    })
}

/// Raises the rows' reserved quantity and writes the reservations.
pub(crate) fn keep(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    taken: &[(DemandId, Taken)],
) -> Result<(), DemandError> {
    let mut by_row: BTreeMap<RowKey, Quantity> = BTreeMap::new();
    let mut reservations = Rows::new(5);
    for (demand, taken) in taken {
        let sum = by_row.entry(taken.key).or_default();
        *sum = sum.checked_add(taken.quantity)?;
        let key = taken.key;
        reservations.push(row![demand, key.item, key.place, key.lot, taken.quantity]);
    }
    tx.write_exactly(
        by_row.len(),
        &tables::RESERVE_ROWS,
        params![ctx.company_id; by_row_set(&by_row)],
    )?;
    tx.write(&tables::ADD_RESERVATIONS, params![ctx.company_id; reservations])?;
    Ok(())
}

fn by_row_set(by_row: &BTreeMap<RowKey, Quantity>) -> Rows {
    let mut set = Rows::new(4);
    for (key, quantity) in by_row {
        set.push(row![key.item, key.place, key.lot, quantity]);
    }
    set
}

/// A demand as it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The demand.
    pub demand_id: DemandId,
    /// Its document.
    pub owner_id: i64,
    /// Its document's line.
    pub line_id: i64,
    /// The item.
    pub item_id: ItemId,
    /// The warehouse.
    pub warehouse_id: WarehouseId,
    /// How much was wanted.
    pub quantity: Quantity,
    /// How much is kept.
    pub reserved: Quantity,
    /// How much has left.
    pub shipped: Quantity,
    /// How much is no longer wanted.
    pub cancelled: Quantity,
}

impl Standing {
    /// What is still to be reserved: the back-order.
    ///
    /// # Errors
    /// When the numbers are out of range.
    pub fn missing(&self) -> Result<Quantity, NumberError> {
        self.open()?.checked_sub(self.reserved)
    }

    /// What is still to leave, reserved or not.
    ///
    /// # Errors
    /// When the numbers are out of range.
    pub fn open(&self) -> Result<Quantity, NumberError> {
        self.quantity.checked_sub(self.shipped)?.checked_sub(self.cancelled)
    }
}

fn standing(row: &Row) -> Result<Standing, StoreError> {
    Ok(Standing {
        demand_id: row.get(0)?,
        owner_id: row.get(1)?,
        line_id: row.get(2)?,
        item_id: row.get(3)?,
        warehouse_id: row.get(4)?,
        quantity: row.get(5)?,
        reserved: row.get(6)?,
        shipped: row.get(7)?,
        cancelled: row.get(8)?,
    })
}

/// The demands of some documents, locked.
///
/// # Errors
/// The store's own.
pub fn demands_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    owner_kind: &str,
    owners: &[i64],
) -> Result<Vec<Standing>, StoreError> {
    let owners: BTreeSet<i64> = owners.iter().copied().collect();
    let found = tx.query(
        &tables::LOCK_DEMANDS_OF,
        params![ctx.company_id, owner_kind; Rows::column(owners)],
    )?;
    found.iter().map(standing).collect()
}

/// Demands that lack goods of some items at a warehouse, oldest first: who is served next.
///
/// # Errors
/// The store's own.
pub fn back_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    warehouse_id: WarehouseId,
    items: &[ItemId],
) -> Result<Vec<BackOrder>, StoreError> {
    let items: BTreeSet<ItemId> = items.iter().copied().collect();
    let found = tx
        .query(&tables::OPEN_DEMANDS, params![ctx.company_id, warehouse_id; Rows::column(items)])?;
    found
        .iter()
        .map(|row| {
            Ok(BackOrder {
                demand_id: row.get(0)?,
                owner_kind: row.get(1)?,
                owner_id: row.get(2)?,
                line_id: row.get(3)?,
                item_id: row.get(4)?,
                warehouse_id: row.get(5)?,
                missing: row.get(6)?,
            })
        })
        .collect()
}

/// A demand that lacks goods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackOrder {
    /// The demand.
    pub demand_id: DemandId,
    /// The kind of document.
    pub owner_kind: String,
    /// The document.
    pub owner_id: i64,
    /// Its line.
    pub line_id: i64,
    /// The item.
    pub item_id: ItemId,
    /// The warehouse.
    pub warehouse_id: WarehouseId,
    /// What it lacks.
    pub missing: Quantity,
}

/// Reserves for demands what they lack and is free, up to a quantity each. Returns how much was
/// newly kept, in the order given.
///
/// # Errors
/// The store's own, or a number out of range.
pub fn reserve(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    demands: &[(Standing, Quantity)],
) -> Result<Vec<Quantity>, DemandError> {
    let mut kept = vec![Quantity::ZERO; demands.len()];
    let mut taken = Vec::new();
    let mut raised = Rows::new(5);
    let warehouses: BTreeSet<WarehouseId> = demands.iter().map(|(d, _)| d.warehouse_id).collect();
    for warehouse in warehouses {
        let of_warehouse =
            || demands.iter().enumerate().filter(|(_, (d, _))| d.warehouse_id == warehouse);
        let items = of_warehouse().map(|(_, (d, _))| d.item_id).collect();
        let mut sources = lock_sources(tx, ctx, warehouse, "", items)?;
        for (index, (demand, up_to)) in of_warehouse() {
            let wanted = demand.missing()?.min(*up_to);
            let Some(from) = sources.get_mut(&demand.item_id) else { continue };
            let parts = rules::take(from, wanted)?;
            kept[index] = sum(&parts)?;
            if kept[index].is_positive() {
                raised.push(row![demand.demand_id, kept[index], 0_i64, 0_i64, false]);
            }
            taken.extend(parts.into_iter().map(|part| (demand.demand_id, part)));
        }
    }
    tx.write_exactly(raised.len(), &tables::UPDATE_DEMANDS, params![ctx.company_id; raised])?;
    keep(tx, ctx, &taken)?;
    Ok(kept)
}

/// Goods that are kept for a demand at one row: what a picker takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// For whom.
    pub demand_id: DemandId,
    /// What.
    pub item_id: ItemId,
    /// Where it lies.
    pub place_id: base::PlaceId,
    /// Which lot.
    pub lot_id: Option<base::LotId>,
    /// How much is kept there.
    pub quantity: Quantity,
}

/// What is kept for some demands, whose locks the caller has.
///
/// # Errors
/// The store's own.
pub fn pick(tx: &mut Tx<'_>, ctx: &Ctx, demands: &[DemandId]) -> Result<Vec<Pick>, StoreError> {
    let demands: BTreeSet<DemandId> = demands.iter().copied().collect();
    let found =
        tx.query(&tables::RESERVATIONS_OF, params![ctx.company_id; Rows::column(demands)])?;
    found.iter().map(picked).collect()
}

fn picked(row: &Row) -> Result<Pick, StoreError> {
    let lot: i64 = row.get(3)?;
    Ok(Pick {
        demand_id: row.get(0)?,
        item_id: row.get(1)?,
        place_id: row.get(2)?,
        lot_id: (lot != 0).then(|| base::LotId::from_raw(lot)),
        quantity: row.get(4)?,
    })
}

/// Lets goods of demands go, up to a quantity each; `cancel` says that they are no longer wanted,
/// otherwise they stay open as a back-order. Cancelling takes what is not reserved first. Returns
/// how much was freed of each.
///
/// # Errors
/// The store's own, or a number out of range.
pub fn release(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    demands: &[(Standing, Quantity)],
    cancel: bool,
) -> Result<Vec<Quantity>, DemandError> {
    if demands.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<DemandId> = demands.iter().map(|(demand, _)| demand.demand_id).collect();
    let mut kept: BTreeMap<DemandId, Vec<Pick>> = BTreeMap::new();
    for pick in pick(tx, ctx, &ids)? {
        kept.entry(pick.demand_id).or_default().push(pick);
    }
    let mut freed = Freed::default();
    let mut changed = Rows::new(5);
    let mut answers = Vec::with_capacity(demands.len());
    for (demand, up_to) in demands {
        let gone = demand.open()?.min(*up_to);
        let unreserved = if cancel { demand.missing()? } else { Quantity::ZERO };
        let free = gone.checked_sub(unreserved)?.max(Quantity::ZERO).min(demand.reserved);
        let picks = kept.get(&demand.demand_id).map_or(&[][..], Vec::as_slice);
        freed.take(picks, free)?;
        let cancelled = if cancel { gone } else { Quantity::ZERO };
        if free.is_positive() || cancelled.is_positive() {
            changed.push(row![demand.demand_id, free.negate(), 0_i64, cancelled, !cancel]);
        }
        answers.push(free);
    }
    tx.write_exactly(changed.len(), &tables::UPDATE_DEMANDS, params![ctx.company_id; changed])?;
    freed.record(tx, ctx)?;
    Ok(answers)
}

/// Frees goods at rows that are about to lose them: the latest demands give way, and lack the goods
/// from then on. `short` names for each row how much must become free.
///
/// # Errors
/// The store's own, or a number out of range.
pub(crate) fn give_way(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    short: &BTreeMap<RowKey, Quantity>,
) -> Result<(), DemandError> {
    let mut rows = Rows::new(3);
    short.keys().for_each(|key| rows.push(row![key.item, key.place, key.lot]));
    let found = tx.query(&tables::RESERVATIONS_AT, params![ctx.company_id; rows])?;
    let mut open = short.clone();
    let mut freed = Freed::default();
    let mut lowered: BTreeMap<DemandId, Quantity> = BTreeMap::new();
    for row in &found {
        let pick = picked(row)?;
        let missing = open.entry(tables::row_key(row, 1)?).or_default();
        let free = pick.quantity.min(*missing);
        if free.is_positive() {
            *missing = missing.checked_sub(free)?;
            freed.take(&[pick], free)?;
            let sum = lowered.entry(pick.demand_id).or_default();
            *sum = sum.checked_add(free)?;
        }
    }
    let mut changed = Rows::new(5);
    for (demand, quantity) in &lowered {
        changed.push(row![demand, quantity.negate(), 0_i64, 0_i64, true]);
    }
    tx.write_exactly(lowered.len(), &tables::UPDATE_DEMANDS, params![ctx.company_id; changed])?;
    freed.record(tx, ctx)?;
    Ok(())
}

/// Reservations on their way out.
#[derive(Default)]
pub(crate) struct Freed {
    by_row: BTreeMap<RowKey, Quantity>,
    ended: Vec<Pick>,
    lowered: Vec<Pick>,
}

impl Freed {
    pub(crate) fn take(&mut self, picks: &[Pick], quantity: Quantity) -> Result<(), NumberError> {
        let mut missing = quantity;
        for pick in picks {
            let part = pick.quantity.min(missing);
            if !part.is_positive() {
                break;
            }
            missing = missing.checked_sub(part)?;
            let list = if part == pick.quantity { &mut self.ended } else { &mut self.lowered };
            list.push(Pick { quantity: part, ..*pick });
            let lot = crate::model::lot_key(pick.lot_id);
            let key = RowKey { item: pick.item_id, place: pick.place_id, lot };
            let sum = self.by_row.entry(key).or_default();
            *sum = sum.checked_add(part)?;
        }
        Ok(())
    }

    pub(crate) fn record(self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), StoreError> {
        let set = |picks: &[Pick]| {
            let mut rows = Rows::new(5);
            for p in picks {
                let lot = crate::model::lot_key(p.lot_id);
                rows.push(row![p.demand_id, p.item_id, p.place_id, lot, p.quantity]);
            }
            rows
        };
        let company = ctx.company_id;
        tx.write_exactly(
            self.by_row.len(),
            &tables::FREE_ROWS,
            params![company; by_row_set(&self.by_row)],
        )?;
        tx.write_exactly(
            self.ended.len(),
            &tables::END_RESERVATIONS,
            params![company; set(&self.ended)],
        )?;
        tx.write_exactly(
            self.lowered.len(),
            &tables::LOWER_RESERVATIONS,
            params![company; set(&self.lowered)],
        )
    }
}
