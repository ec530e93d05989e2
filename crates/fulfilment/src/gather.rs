//! What decisions are made from: orders, the ranked warehouses of their channels, and what is free.

use crate::basis::{Free, LineGoods, OpenLine, Placed, RouteBasis};
use crate::tables::{self, OpenSupply, Ranked};
use base::{Id, ItemId, NumberError, Quantity, SalesOrderId, WarehouseId};
use identity::Ctx;
use sales::{OrderState, SupplyError, Unshipped};
use std::collections::{BTreeMap, BTreeSet};
use store::{StoreError, Tx};

/// What is free, by item and warehouse.
pub(crate) type FreeAt = BTreeMap<(ItemId, WarehouseId), Quantity>;

/// Orders with all that their routes are decided from but what is free, held.
pub(crate) struct Gathered {
    /// By id.
    pub orders: BTreeMap<SalesOrderId, Unshipped>,
    /// By the channel's raw id.
    pub ranked: BTreeMap<i64, Ranked>,
    /// What is still to come from suppliers, by order and line.
    pub coming: BTreeMap<(SalesOrderId, i64), OpenSupply>,
}

impl Gathered {
    /// The warehouses that an order's channel asks.
    pub fn ranks(&self, order: &Unshipped) -> &[WarehouseId] {
        self.ranked.get(&order.channel).map_or(&[], |ranked| ranked.warehouses.as_slice())
    }
}

/// Holds orders.
pub(crate) fn gather(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    orders: &[SalesOrderId],
) -> Result<Gathered, StoreError> {
    let held = sales::hold_unshipped(tx, ctx, orders)?;
    let ranked = tables::ranked(tx, ctx.company_id)?;
    let coming = tables::open_supplies(tx, ctx.company_id, orders)?;
    let orders = held.into_iter().map(|order| (order.order_id, order)).collect();
    Ok(Gathered { orders, ranked, coming })
}

/// Holds the rows from which orders may be filled, and tells what is free in them.
pub(crate) fn free_for<'a>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    gathered: &Gathered,
    orders: impl Iterator<Item = &'a Unshipped>,
) -> Result<FreeAt, SupplyError> {
    let mut spots = BTreeSet::new();
    for order in orders.filter(|order| order.state == OrderState::Accepted) {
        let ranks = gathered.ranks(order);
        for demand in &order.demands {
            if demand.open()?.is_positive() {
                spots.insert((demand.item_id, demand.warehouse_id));
                spots.insert((demand.item_id, order.warehouse_id));
                spots.extend(ranks.iter().map(|warehouse| (demand.item_id, *warehouse)));
            }
        }
    }
    Ok(stock::free_at(tx, ctx, &spots)?)
}

/// What of an order comes straight from a supplier, by its lines' raw ids.
pub(crate) fn direct(gathered: &Gathered, order: &Unshipped) -> BTreeMap<i64, Quantity> {
    let of_line = |line: &sales::UnshippedLine| {
        let coming = gathered.coming.get(&(order.order_id, line.line))?;
        coming.direct.is_positive().then_some((line.line_id.raw(), coming.direct))
    };
    order.lines.iter().filter_map(of_line).collect()
}

/// What an order's route is decided from, with what is free now. What comes straight from a supplier
/// is not routed, as far as nothing is kept for it.
pub(crate) fn basis(
    order: &Unshipped,
    ranked: Option<&Ranked>,
    coming: &BTreeMap<i64, Quantity>,
    free: &FreeAt,
) -> Result<RouteBasis, NumberError> {
    let mut coming = coming.clone();
    let mut of_line: BTreeMap<i64, Quantity> = BTreeMap::new();
    let number: BTreeMap<i64, i64> =
        order.lines.iter().map(|line| (line.line_id.raw(), line.line)).collect();
    let mut placed = Vec::new();
    for demand in &order.demands {
        let mut open = demand.open()?;
        if let Some(coming) = coming.get_mut(&demand.line_id) {
            let part = demand.missing()?.min(*coming);
            *coming = coming.checked_sub(part)?;
            open = open.checked_sub(part)?;
            let sum = of_line.entry(demand.line_id).or_default();
            *sum = sum.checked_add(part)?;
        }
        if let Some(&line) = number.get(&demand.line_id).filter(|_| open.is_positive()) {
            placed.push(Placed {
                line,
                item_id: demand.item_id,
                warehouse_id: demand.warehouse_id,
                open,
                reserved: demand.reserved,
            });
        }
    }
    let mut lines = Vec::new();
    for line in order.lines.iter().filter(|line| line.open.is_positive()) {
        let direct = of_line.get(&line.line_id.raw()).copied().unwrap_or_default();
        let open = line.open.checked_sub(direct)?;
        if !open.is_positive() {
            continue;
        }
        let mut goods: BTreeMap<ItemId, Quantity> = BTreeMap::new();
        for demand in order.demands.iter().filter(|d| d.line_id == line.line_id.raw()) {
            let sum = goods.entry(demand.item_id).or_default();
            *sum = sum.checked_add(demand.quantity)?;
        }
        let goods = goods.into_iter().map(|(item_id, quantity)| LineGoods { item_id, quantity });
        lines.push(OpenLine {
            line: line.line,
            quantity: line.quantity,
            open,
            whole: line.whole,
            goods: goods.collect(),
        });
    }
    let warehouses = ranked.map_or(&[][..], |ranked| ranked.warehouses.as_slice());
    let items: BTreeSet<ItemId> = placed.iter().map(|placed| placed.item_id).collect();
    let mut places: BTreeSet<WarehouseId> = placed.iter().map(|p| p.warehouse_id).collect();
    places.extend(warehouses);
    places.insert(order.warehouse_id);
    let spots = items.iter().flat_map(|item| places.iter().map(|place| (*item, *place)));
    let there = |spot| free.get(&spot).copied().unwrap_or_default();
    let free = spots.map(|(item_id, warehouse_id)| Free {
        item_id,
        warehouse_id,
        quantity: there((item_id, warehouse_id)),
    });
    Ok(RouteBasis {
        home: order.warehouse_id,
        ranked: warehouses.to_vec(),
        split: ranked.is_some_and(|ranked| ranked.split),
        lines,
        placed,
        free: free.filter(|free| free.quantity.is_positive()).collect(),
    })
}
