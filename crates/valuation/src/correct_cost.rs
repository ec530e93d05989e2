//! `correct_costs`: what goods cost is learnt after they came, from a bill at another price or a
//! landed cost.

use std::collections::{BTreeMap, BTreeSet};

use accounting::{Area, Books, Line, Role, open_books};
use base::{Day, ItemId, LayerId, MoveId, Quantity, allocate};
use identity::Ctx;
use store::Tx;

use crate::ledger::{Held, Ledger, Source, stock_role};
use crate::model::{Kind, Method, PriceDifference, StandingKey};
use crate::rules::{self, Origin};
use crate::tables::{self, Hop, LayerOfMove, Since, When};
use crate::value::ValueError;

/// The cost of goods that a move brought is found to be higher, or lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostChange {
    /// The move that brought them.
    pub move_id: MoveId,
    /// By how much they cost more, in minor units of the company's currency; below zero less.
    pub change: i64,
    /// [`Kind::CostCorrection`] or [`Kind::LandedCost`].
    pub kind: Kind,
    /// The kind of document.
    pub source_kind: &'static str,
    /// The document.
    pub source_id: i64,
}

/// Where a change of cost went. The three values add up to the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostCorrected {
    /// What stock took on for what is left of the goods, in minor units.
    pub into_stock: i64,
    /// The share of what is sold, in cost of goods sold.
    pub sold: i64,
    /// All of it for an item at standard cost, in price difference.
    pub variance: i64,
    /// The lines of the three; the caller adds the counter line of the whole change.
    pub lines: Vec<Line>,
}

/// The changes of cost as they were booked, in their order, and the books they have to be posted to.
#[derive(Debug, Clone)]
pub struct CostsCorrected {
    /// The books, opened for the area and day asked.
    pub books: Books,
    /// The changes.
    pub corrections: Vec<CostCorrected>,
}

/// Why costs were not corrected: as goods that move.
pub type CorrectCostsError = ValueError;

/// Adds to the cost of goods that moves brought, or takes from it. What is still there of them takes
/// its share, wherever it was transferred since; the share of what is sold goes to cost of goods sold.
/// A lower cost never takes more from stock than is there.
///
/// FIFO and LIFO follow the layer. Moving average keeps none: goods are taken to leave first in, first
/// out, and what came from outside since is not of the receipt. Standard cost takes nothing.
///
/// It is part of billing and of landed cost and asks for no permission of its own. Locks as
/// [`value`](crate::value()).
///
/// # Errors
/// The first broken rule in the order of the changes; nothing has then been written.
pub fn correct_costs(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    area: Area,
    happened_on: Day,
    changes: Vec<CostChange>,
) -> Result<CostsCorrected, CorrectCostsError> {
    if changes.is_empty() {
        let books = open_books(tx, ctx, area, happened_on)?;
        return Ok(CostsCorrected { books, corrections: Vec::new() });
    }
    let moves: BTreeSet<MoveId> = changes.iter().map(|change| change.move_id).collect();
    let brought = brought(tables::layers_of_moves(tx, ctx.company_id, &moves)?);
    let items: BTreeSet<ItemId> = brought.values().map(|layer| layer.key.item).collect();
    let ledger = Ledger::hold_items(tx, ctx, &items)?;
    let since = tables::since(tx, ctx.company_id, brought.values())?;
    let queued = |layer: &&LayerOfMove| {
        ledger.held.get(&layer.key).is_some_and(|held| held.now.method.is_queue())
    };
    let queued: BTreeSet<LayerId> =
        brought.values().filter(queued).map(|layer| layer.layer).collect();
    let hops = match queued.is_empty() {
        true => BTreeMap::new(),
        false => tables::trace(tx, ctx.company_id, &queued)?,
    };
    let books = open_books(tx, ctx, area, happened_on)?;

    let mut walk = Walk { ledger, brought, since, hops };
    let mut corrections = Vec::with_capacity(changes.len());
    for change in &changes {
        corrections.push(walk.step(tx, change)?);
    }
    let when = When { happened_on, posted_on: books.posted_on(), recorded_at: ctx.at };
    walk.ledger.record(tx, ctx, when)?;
    Ok(CostsCorrected { books, corrections })
}

/// Of the layers that moves made, those that brought goods.
fn brought(layers: BTreeMap<MoveId, Vec<LayerOfMove>>) -> BTreeMap<MoveId, LayerOfMove> {
    let came = |layers: Vec<LayerOfMove>| layers.into_iter().find(|l| l.quantity.is_positive());
    layers.into_iter().filter_map(|(id, layers)| Some((id, came(layers)?))).collect()
}

/// Some of a receipt's goods, where they lie now.
#[derive(Debug, Clone, Copy)]
struct Part {
    key: StandingKey,
    layer: LayerId,
    quantity: Quantity,
}

/// The decision over a list of changes, as far as it has come.
struct Walk {
    ledger: Ledger,
    brought: BTreeMap<MoveId, LayerOfMove>,
    since: BTreeMap<LayerId, Since>,
    hops: BTreeMap<LayerId, Vec<Hop>>,
}

impl Walk {
    fn step(&mut self, tx: &mut Tx<'_>, change: &CostChange) -> Result<CostCorrected, ValueError> {
        let Some(layer) = self.brought.get(&change.move_id).copied() else {
            return Err(ValueError::MoveBroughtNothing { move_id: change.move_id });
        };
        let item = layer.key.item;
        let number = ValueError::number(item);
        let quantity = layer.quantity.checked_add(layer.back.0).map_err(number)?;
        let parts = self.parts(&layer, quantity)?;
        let left = Quantity::checked_sum(parts.iter().map(|part| part.quantity)).map_err(number)?;
        let mut done = CostCorrected { into_stock: 0, sold: 0, variance: 0, lines: Vec::new() };
        if left.is_zero() || !quantity.is_positive() {
            let none = Part { key: layer.key, layer: layer.layer, quantity: Quantity::ZERO };
            self.correct(tx, change, none, (change.change, 0), &mut done)?;
        } else {
            let out = quantity.checked_sub(left).map_err(number)?;
            let sold = rules::share(change.change, quantity, out).map_err(number)?;
            let kept = rules::minus(change.change, sold).map_err(number)?;
            let weights: Vec<i64> = parts.iter().map(|part| part.quantity.micro()).collect();
            let shares = allocate(kept, &weights).map_err(number)?;
            let mut sold = Some(sold);
            for (part, share) in parts.iter().zip(shares) {
                let sold = sold.take().unwrap_or(0);
                self.correct(tx, change, *part, (share, sold), &mut done)?;
            }
        }
        let cost = |role, amount| Line::new(role, amount).item(item);
        done.lines.push(cost(Role::Cogs, done.sold));
        done.lines.push(cost(Role::PriceDifference, done.variance));
        done.lines.retain(|line| line.amount != 0);
        Ok(done)
    }

    /// Books a part's share on its standing; `sold` is the share of what is gone, told on its row.
    fn correct(
        &mut self,
        tx: &mut Tx<'_>,
        change: &CostChange,
        part: Part,
        (share, sold): (i64, i64),
        done: &mut CostCorrected,
    ) -> Result<(), ValueError> {
        let item = part.key.item;
        let number = ValueError::number(item);
        let layer_id = tx.id()?;
        let Some(held) = self.ledger.held.get_mut(&part.key) else {
            return Err(ValueError::MoveBroughtNothing { move_id: change.move_id });
        };
        let post = held.next(layer_id, change.kind);
        // A part of nothing is a receipt of which all is gone: one unit that nothing is left of.
        let gone = part.quantity.is_zero();
        let origin = Origin {
            layer: part.layer,
            quantity: if gone { Quantity::ONE } else { part.quantity },
            value: 0,
            received_since: held.now.quantity.checked_sub(part.quantity).map_err(number)?,
        };
        let policy = PriceDifference::IntoStock;
        let corrected = rules::correct_cost(&mut held.now, post, origin, share, policy)
            .map_err(ValueError::of(item))?;
        let expensed = rules::sum([corrected.sold, corrected.variance, sold]).map_err(number)?;
        let source =
            Source { kind: change.source_kind, id: change.source_id, move_id: None, of_move: None };
        self.ledger.book(tx, part.key, post, &corrected.booking, source, expensed)?;
        done.into_stock = rules::sum([done.into_stock, corrected.into_stock]).map_err(number)?;
        done.sold = rules::sum([done.sold, corrected.sold, sold]).map_err(number)?;
        done.variance = rules::sum([done.variance, corrected.variance]).map_err(number)?;
        let stock = stock_role(part.key.class);
        done.lines.push(Line::new(stock, corrected.into_stock).item(item));
        Ok(())
    }

    /// Where the goods of a receipt lie now; nothing where all are gone, or at standard cost.
    fn parts(&self, layer: &LayerOfMove, whole: Quantity) -> Result<Vec<Part>, ValueError> {
        let number = ValueError::number(layer.key.item);
        let Some(held) = self.ledger.held.get(&layer.key) else { return Ok(Vec::new()) };
        let mut parts = match held.now.method {
            Method::Standard => Vec::new(),
            Method::Average => {
                let since = self.since.get(&layer.layer).copied().unwrap_or_default();
                self.average_parts(held, layer, whole, since).map_err(number)?
            }
            Method::Fifo | Method::Lifo => self.queue_parts(layer, whole).map_err(number)?,
        };
        parts.retain(|part| part.quantity.is_positive());
        Ok(parts)
    }

    /// Moving average: what lies in the receipt's own standing less what came since, and of what was
    /// transferred from there as much as the item's other standings can still hold of it.
    fn average_parts(
        &self,
        own: &Held,
        layer: &LayerOfMove,
        whole: Quantity,
        since: Since,
    ) -> Result<Vec<Part>, base::NumberError> {
        let part = |key, quantity| Part { key, layer: layer.layer, quantity };
        let there = own.now.quantity;
        if !since.moved_away.is_positive() {
            let left = there.checked_sub(since.own_in)?.clamp(Quantity::ZERO, whole);
            return Ok(vec![part(layer.key, left)]);
        }
        let valued = |held: &&Held| held.now.key.class.is_valued();
        let others = || {
            let of_item = |held: &&Held| held.now.key.item == layer.key.item;
            let all = self.ledger.held.values().filter(of_item).filter(valued);
            all.filter(|held| held.now.key != layer.key && held.now.quantity.is_positive())
        };
        let all = Quantity::checked_sum(others().map(|held| held.now.quantity))?;
        let total = all.checked_add(there)?.checked_sub(since.item_in)?;
        let total = total.clamp(Quantity::ZERO, whole);
        let here = total.min(there.max(Quantity::ZERO));
        let mut parts = vec![part(layer.key, here)];
        let mut away = total.checked_sub(here)?.min(since.moved_away);
        let mut others: Vec<&Held> = others().collect();
        others.sort_by_key(|held| (held.now.key.pool != layer.key.pool, held.now.key));
        for held in others {
            let quantity = away.min(held.now.quantity);
            away = away.checked_sub(quantity)?;
            parts.push(part(held.now.key, quantity));
        }
        Ok(parts)
    }

    /// FIFO and LIFO: what the receipt's layer still has, and what the layers still have that its
    /// goods were transferred into, by the part of them that is of the receipt.
    fn queue_parts(
        &self,
        layer: &LayerOfMove,
        whole: Quantity,
    ) -> Result<Vec<Part>, base::NumberError> {
        let mut of_receipt = BTreeMap::from([(layer.layer, (layer.quantity, layer.quantity))]);
        for hop in self.hops.get(&layer.layer).into_iter().flatten() {
            let Some(&(part, _)) = of_receipt.get(&hop.from) else { continue };
            let went = share_of(hop.quantity, hop.whole, part)?;
            let entry = of_receipt.entry(hop.into).or_insert((Quantity::ZERO, hop.into_whole));
            entry.0 = entry.0.checked_add(went)?;
        }
        let mut parts = Vec::new();
        let mut left = whole;
        for held in self.ledger.held.values() {
            for open in &held.now.layers {
                let Some(&(part, whole)) = of_receipt.get(&open.layer) else { continue };
                let quantity = share_of(open.quantity, whole, part)?.min(left);
                left = left.checked_sub(quantity)?;
                parts.push(Part { key: held.now.key, layer: open.layer, quantity });
            }
        }
        Ok(parts)
    }
}

/// The part of a quantity that is of a receipt, when `part` of `whole` is.
fn share_of(
    quantity: Quantity,
    whole: Quantity,
    part: Quantity,
) -> Result<Quantity, base::NumberError> {
    if part == whole {
        return Ok(quantity);
    }
    let (quantity, part, whole) = (quantity.micro(), part.micro(), whole.micro());
    base::mul_div(quantity, part, whole, base::Rounding::Down).map(Quantity::from_micro)
}
