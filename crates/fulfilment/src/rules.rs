//! Pure decisions: from which warehouse an order is filled, and what has to move for it.

use crate::basis::{OpenLine, RouteBasis, RouteDecision, RoutePart};
use crate::words::{RouteChoice, WaitReason};
use base::{ItemId, NumberError, Quantity, Rounding, WarehouseId, mul_div};
use std::collections::{BTreeMap, BTreeSet};
use stock::{Relocation, Standing};

/// The most warehouses that a channel ranks: a split looks at every set of them.
pub const MOST_RANKED: usize = 10;

/// What warehouses have for an order: what is free, and what is kept for it already.
type Pool = BTreeMap<(WarehouseId, ItemId), Quantity>;

/// Decides from where an order is filled.
///
/// It stays where it is when all of it is kept there, or what it lacks is free there. Else the first
/// warehouse that can fill everything does, by rank, the order's own last unless it is ranked. Else,
/// where the channel splits orders, the smallest set of warehouses that fills everything together,
/// the better ranked among equals; and when all of them have too little, each gives what it has and
/// the rest waits at home. Else the whole order waits.
///
/// # Errors
/// When numbers are out of range.
pub fn decide(basis: &RouteBasis) -> Result<RouteDecision, NumberError> {
    let candidates = candidates(basis);
    let pool = pool(basis)?;
    let could_give = could_give(basis, &candidates, &pool)?;
    let (choice, reason, home, parts) = choose(basis, &candidates, &pool, &could_give)?;
    Ok(RouteDecision { choice, reason, home, parts, could_give })
}

type Chosen = (RouteChoice, Option<WaitReason>, WarehouseId, Vec<RoutePart>);

fn choose(
    basis: &RouteBasis,
    candidates: &[WarehouseId],
    pool: &Pool,
    could_give: &[RoutePart],
) -> Result<Chosen, NumberError> {
    let stays = |choice, reason| Ok((choice, reason, basis.home, Vec::new()));
    if basis.placed.iter().all(|placed| placed.reserved >= placed.open) {
        return stays(RouteChoice::Reserved, None);
    }
    if fills_in_place(basis, pool)? {
        return stays(RouteChoice::Here, None);
    }
    for &warehouse in candidates {
        let (parts, whole) = fill(basis, &[warehouse], pool)?;
        if whole {
            return Ok((RouteChoice::Elsewhere, None, warehouse, parts));
        }
    }
    if basis.ranked.is_empty() {
        return stays(RouteChoice::Waits, Some(WaitReason::NotRanked));
    }
    for size in 2..=candidates.len() {
        for set in sets(candidates, size) {
            if !enough(basis, &set, could_give)? {
                continue;
            }
            let (parts, whole) = fill(basis, &set, pool)?;
            if whole && !basis.split {
                return stays(RouteChoice::Waits, Some(WaitReason::SplitNotAllowed));
            }
            if whole {
                return Ok((RouteChoice::Split, None, first_of(&set, basis.home), parts));
            }
        }
    }
    if !basis.split {
        return stays(RouteChoice::Waits, Some(WaitReason::Short));
    }
    let mut order = vec![basis.home];
    order.extend(candidates.iter().filter(|warehouse| **warehouse != basis.home));
    let (mut parts, _) = fill(basis, &order, pool)?;
    if parts.iter().all(|part| part.warehouse_id == basis.home) {
        return stays(RouteChoice::Waits, Some(WaitReason::Short));
    }
    wait_at_home(basis, &mut parts)?;
    Ok((RouteChoice::Split, Some(WaitReason::Short), basis.home, parts))
}

/// Whether warehouses could give every line, were each the only one: no set that could not is worth
/// trying.
fn enough(
    basis: &RouteBasis,
    set: &[WarehouseId],
    could_give: &[RoutePart],
) -> Result<bool, NumberError> {
    for line in &basis.lines {
        let here = |part: &&RoutePart| part.line == line.line && set.contains(&part.warehouse_id);
        let could = could_give.iter().filter(here).map(|part| part.quantity);
        if Quantity::checked_sum(could)? < line.open {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The warehouses that are asked, in their order.
fn candidates(basis: &RouteBasis) -> Vec<WarehouseId> {
    let mut all = basis.ranked.clone();
    if !all.contains(&basis.home) {
        all.push(basis.home);
    }
    all
}

fn first_of(set: &[WarehouseId], home: WarehouseId) -> WarehouseId {
    if set.contains(&home) { home } else { set.first().copied().unwrap_or(home) }
}

fn pool(basis: &RouteBasis) -> Result<Pool, NumberError> {
    let mut pool = Pool::new();
    let free = basis.free.iter().map(|free| ((free.warehouse_id, free.item_id), free.quantity));
    let kept = basis.placed.iter().map(|p| ((p.warehouse_id, p.item_id), p.reserved));
    for (spot, quantity) in free.chain(kept) {
        let sum = pool.entry(spot).or_default();
        *sum = sum.checked_add(quantity)?;
    }
    Ok(pool)
}

fn fills_in_place(basis: &RouteBasis, pool: &Pool) -> Result<bool, NumberError> {
    let wanted = basis.placed.iter().map(|p| ((p.warehouse_id, p.item_id), p.open));
    Ok(sums(wanted)?.iter().all(|(spot, wanted)| pool.get(spot).is_some_and(|has| has >= wanted)))
}

fn sums<K: Ord>(
    parts: impl Iterator<Item = (K, Quantity)>,
) -> Result<BTreeMap<K, Quantity>, NumberError> {
    let mut sums: BTreeMap<K, Quantity> = BTreeMap::new();
    for (key, quantity) in parts {
        let sum = sums.entry(key).or_default();
        *sum = sum.checked_add(quantity)?;
    }
    Ok(sums)
}

/// `whole` times `part` over `of`, rounded down.
fn share(whole: Quantity, part: Quantity, of: Quantity) -> Result<Quantity, NumberError> {
    mul_div(whole.micro(), part.micro(), of.micro(), Rounding::Down).map(Quantity::from_micro)
}

/// How much of a line a warehouse can give of what the pool still has: of a kit, as many as the
/// scarcest component allows.
fn capacity(line: &OpenLine, warehouse: WarehouseId, pool: &Pool) -> Result<Quantity, NumberError> {
    let mut least = line.open;
    for goods in &line.goods {
        let has = pool.get(&(warehouse, goods.item_id)).copied().unwrap_or_default();
        least = least.min(share(line.quantity, has.min(goods.quantity), goods.quantity)?);
    }
    if line.whole {
        least = Quantity::from_micro(least.micro() / Quantity::MICRO * Quantity::MICRO);
    }
    Ok(if line.goods.is_empty() { Quantity::ZERO } else { least })
}

/// Fills line after line from warehouse after warehouse; tells whether that was everything.
fn fill(
    basis: &RouteBasis,
    warehouses: &[WarehouseId],
    pool: &Pool,
) -> Result<(Vec<RoutePart>, bool), NumberError> {
    let mut pool = pool.clone();
    let (mut parts, mut whole) = (Vec::new(), true);
    for line in &basis.lines {
        let mut left = line.open;
        for &warehouse_id in warehouses {
            let quantity = capacity(line, warehouse_id, &pool)?.min(left);
            if !quantity.is_positive() {
                continue;
            }
            left = left.checked_sub(quantity)?;
            parts.push(RoutePart { line: line.line, warehouse_id, quantity });
            for goods in &line.goods {
                let taken = share(goods.quantity, quantity, line.quantity)?;
                if let Some(has) = pool.get_mut(&(warehouse_id, goods.item_id)) {
                    *has = has.checked_sub(taken)?;
                }
            }
        }
        whole &= left.is_zero();
    }
    Ok((parts, whole))
}

/// What no warehouse could give waits at home.
fn wait_at_home(basis: &RouteBasis, parts: &mut Vec<RoutePart>) -> Result<(), NumberError> {
    for line in &basis.lines {
        let of_line = parts.iter().filter(|part| part.line == line.line);
        let filled = Quantity::checked_sum(of_line.map(|part| part.quantity))?;
        let left = line.open.checked_sub(filled)?;
        if !left.is_positive() {
            continue;
        }
        let at_home =
            |part: &&mut RoutePart| part.line == line.line && part.warehouse_id == basis.home;
        match parts.iter_mut().find(at_home) {
            Some(part) => part.quantity = part.quantity.checked_add(left)?,
            None => {
                parts.push(RoutePart { line: line.line, warehouse_id: basis.home, quantity: left })
            }
        }
    }
    Ok(())
}

fn could_give(
    basis: &RouteBasis,
    candidates: &[WarehouseId],
    pool: &Pool,
) -> Result<Vec<RoutePart>, NumberError> {
    let mut could = Vec::new();
    for &warehouse_id in candidates {
        for line in &basis.lines {
            let quantity = capacity(line, warehouse_id, pool)?;
            could.push(RoutePart { line: line.line, warehouse_id, quantity });
        }
    }
    Ok(could)
}

/// The sets of so many of some warehouses, those of better ranks first.
fn sets(of: &[WarehouseId], size: usize) -> Vec<Vec<WarehouseId>> {
    if size == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (index, &first) in of.iter().enumerate() {
        for mut rest in sets(&of[index + 1..], size - 1) {
            rest.insert(0, first);
            all.push(rest);
        }
    }
    all
}

/// How much of a line is not kept anywhere: of a kit, of the component that lacks most.
pub(crate) fn lacking(basis: &RouteBasis, line: i64) -> Result<Quantity, NumberError> {
    let Some(of) = basis.lines.iter().find(|of| of.line == line) else {
        return Ok(Quantity::ZERO);
    };
    let mut kept = of.open;
    for goods in &of.goods {
        let here = |p: &&crate::Placed| p.line == line && p.item_id == goods.item_id;
        let reserved = basis.placed.iter().filter(here).map(|placed| placed.reserved);
        let reserved = Quantity::checked_sum(reserved)?;
        kept = kept.min(share(of.quantity, reserved, goods.quantity)?);
    }
    of.open.checked_sub(kept)
}

/// How much of a line a warehouse is to ship already.
pub(crate) fn placed_at(
    basis: &RouteBasis,
    line: i64,
    warehouse: WarehouseId,
) -> Result<Quantity, NumberError> {
    let Some(of) = basis.lines.iter().find(|of| of.line == line) else {
        return Ok(Quantity::ZERO);
    };
    let Some(goods) = of.goods.first() else { return Ok(Quantity::ZERO) };
    let here = |p: &&crate::Placed| {
        p.line == line && p.item_id == goods.item_id && p.warehouse_id == warehouse
    };
    let open = basis.placed.iter().filter(here).map(|placed| placed.open);
    share(of.quantity, Quantity::checked_sum(open)?, goods.quantity)
}

/// Where the goods of an order are wanted once a decision is carried out.
fn wanted_after(
    basis: &RouteBasis,
    decision: &RouteDecision,
) -> Result<BTreeMap<(i64, ItemId, WarehouseId), Quantity>, NumberError> {
    if decision.parts.is_empty() {
        let as_is = basis.placed.iter().map(|p| ((p.line, p.item_id, p.warehouse_id), p.open));
        return sums(as_is);
    }
    let mut wanted = Vec::new();
    for part in &decision.parts {
        let Some(line) = basis.lines.iter().find(|line| line.line == part.line) else { continue };
        for goods in &line.goods {
            let quantity = share(goods.quantity, part.quantity, line.quantity)?;
            wanted.push(((part.line, goods.item_id, part.warehouse_id), quantity));
        }
    }
    sums(wanted.into_iter())
}

/// What is free once a decision is carried out and the order keeps what it can: what the next order
/// of a batch is decided from.
pub(crate) fn free_after(
    basis: &RouteBasis,
    decision: &RouteDecision,
    free: &mut BTreeMap<(ItemId, WarehouseId), Quantity>,
) -> Result<(), NumberError> {
    let wanted = wanted_after(basis, decision)?;
    let wanted = sums(wanted.into_iter().map(|((_, item, place), q)| ((place, item), q)))?;
    for (spot, has) in pool(basis)? {
        let kept = wanted.get(&spot).copied().unwrap_or_default().min(has);
        free.insert((spot.1, spot.0), has.checked_sub(kept)?);
    }
    Ok(())
}

/// What has to move so that the goods are wanted where a decision says. `line_of` tells the number
/// of a demand's line.
pub(crate) fn relocations(
    basis: &RouteBasis,
    decision: &RouteDecision,
    demands: &[Standing],
    line_of: impl Fn(i64) -> Option<i64>,
) -> Result<Vec<Relocation>, NumberError> {
    if decision.parts.is_empty() {
        return Ok(Vec::new());
    }
    let wanted = wanted_after(basis, decision)?;
    let mut is: BTreeMap<(i64, ItemId, WarehouseId), Quantity> = BTreeMap::new();
    for placed in &basis.placed {
        let sum = is.entry((placed.line, placed.item_id, placed.warehouse_id)).or_default();
        *sum = sum.checked_add(placed.open)?;
    }
    let spots: BTreeSet<_> = is.keys().chain(wanted.keys()).copied().collect();
    let (mut surplus, mut lacks) = (BTreeMap::new(), BTreeMap::new());
    for spot in spots {
        let has = is.get(&spot).copied().unwrap_or_default();
        let off = has.checked_sub(wanted.get(&spot).copied().unwrap_or_default())?;
        if off.is_positive() {
            surplus.insert(spot, off);
        } else if off.is_negative() {
            lacks.insert(spot, off.negate());
        }
    }
    let mut moves = Vec::new();
    for demand in demands {
        let Some(line) = line_of(demand.line_id) else { continue };
        let Some(surplus) = surplus.get_mut(&(line, demand.item_id, demand.warehouse_id)) else {
            continue;
        };
        let mut left = demand.open()?.min(*surplus);
        *surplus = surplus.checked_sub(left)?;
        for ((of, item, to), lack) in &mut lacks {
            let quantity = left.min(*lack);
            if *of == line && *item == demand.item_id && quantity.is_positive() {
                left = left.checked_sub(quantity)?;
                *lack = lack.checked_sub(quantity)?;
                moves.push(Relocation { demand: *demand, quantity, to: *to });
            }
        }
    }
    Ok(moves)
}

#[cfg(test)]
mod tests;
