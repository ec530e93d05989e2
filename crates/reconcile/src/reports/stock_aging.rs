//! How old what lies on hand is, and what it is worth.
//!
//! Goods of an item in a warehouse and class are taken to leave in the order they came: what lies there
//! is what came last. The age is counted from the day it came into that warehouse and class from
//! outside of it; a change of place inside keeps the age, what comes out of quarantine or from another
//! warehouse begins anew. What is on hand below zero is not old: it is of today.
//!
//! Value is what the books say the item is worth in its pool and class. Where the costing method keeps
//! layers, the oldest pieces take the oldest layers' value; else every piece carries its share. The
//! last takes the rest, so that the sum is the books' to the minor unit.

use super::numbers;
use crate::tables;
use base::{
    Currency, Day, Id, ItemId, Money, MoveId, NumberError, Page, Paging, Quantity, Rounding, Spans,
    mul_div,
};
use identity::{Ctx, ReportError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use stock::READ;
use store::{Row, Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

/// Where ages are told apart when nobody says otherwise, in days.
const DAYS: [i64; 5] = [30, 60, 90, 180, 365];

/// Which stock, and how its ages are told apart.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AgingFilter {
    /// Where ages are told apart, in days, ascending: `30,60,90,180,365` when absent, which is 0 to
    /// 30, 31 to 60 and so on, and above 365.
    pub days: Option<String>,
    /// Only this item, by number.
    pub sku: Option<String>,
    /// Only in this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only this class: normal, quarantine, transit or consigned.
    pub class: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// What lies of an item in a warehouse and class within a span of ages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgingRow {
    /// The item.
    pub item_id: ItemId,
    /// Its number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its category's code; empty for none.
    pub category: String,
    /// The warehouse's code; empty for goods on their way between warehouses.
    pub warehouse: String,
    /// The class.
    pub class: String,
    /// The least age, in days.
    pub from_days: i64,
    /// The most; none for the oldest.
    pub to_days: Option<i64>,
    /// How much.
    pub quantity: Quantity,
    /// What it is worth, for who may see it.
    pub value: Option<Money>,
    /// The day the oldest of it came.
    pub oldest_on: Day,
}

/// Which pieces of stock.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AgedRowFilter {
    /// Only this item, by number.
    pub sku: Option<String>,
    /// Only in this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only this class: normal, quarantine, transit or consigned.
    pub class: Option<String>,
    /// Only what is at least so many days old.
    pub from_days: Option<i64>,
    /// Only what is at most so many days old.
    pub to_days: Option<i64>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// What is left of goods that came together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AgedRow {
    /// The item.
    pub item_id: ItemId,
    /// Its number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its category's code; empty for none.
    pub category: String,
    /// The warehouse's code; empty for goods on their way between warehouses.
    pub warehouse: String,
    /// The class.
    pub class: String,
    /// The day they came.
    pub came_on: Day,
    /// For how many days they have been there.
    pub age_days: i64,
    /// The move by which they came; none of what is below zero.
    pub move_id: Option<MoveId>,
    /// The kind of document that brought them.
    pub source_kind: String,
    /// The document's id.
    pub source_id: String,
    /// The document's number; empty when it has none.
    pub number: String,
    /// How much came by that move.
    pub came: Quantity,
    /// How much of it is left.
    pub quantity: Quantity,
    /// What that is worth, for who may see it.
    pub value: Option<Money>,
}

/// Ages of what lies on hand by item, warehouse and class. The pieces of a row are [`aged_rows`] of the
/// same item, warehouse, class and days.
///
/// # Errors
/// [`ReportError`].
pub fn stock_aging(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: AgingFilter,
) -> Result<Page<AgingRow>, ReportError> {
    ctx.require(READ)?;
    let spans = Spans::read(filter.days.as_deref(), &DAYS)
        .map_err(|detail| ReportError::Filter { field: "days", detail })?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: Option<(String, String, String, i64)> = paging.after(None)?;
    let from = after.as_ref().map_or(String::new(), |after| after.0.clone());
    let (pieces, more) = pieces(tx, ctx, (&from, filter.sku.as_deref()), paging.limit())?;
    let mut rows: BTreeMap<(String, String, String, i64), AgingRow> = BTreeMap::new();
    for piece in pieces.iter().filter(|piece| piece.is_of(&filter.warehouse, &filter.class)) {
        let age = piece.age(ctx.today);
        let (from_days, to_days) = spans.of(age);
        let key = (piece.sku.clone(), piece.warehouse.clone(), piece.class.clone(), from_days);
        let value = piece.worth(ctx);
        let row = rows.entry(key).or_insert_with(|| AgingRow {
            item_id: piece.item_id,
            sku: piece.sku.clone(),
            name: piece.name.clone(),
            category: piece.category.clone(),
            warehouse: piece.warehouse.clone(),
            class: piece.class.clone(),
            from_days,
            to_days,
            quantity: Quantity::ZERO,
            value: value.map(|_| Money::new(0, ctx.currency)),
            oldest_on: piece.came_on,
        });
        row.quantity = row.quantity.checked_add(Quantity::from_micro(piece.quantity))?;
        row.value = added(row.value, value, ctx.currency)?;
        row.oldest_on = row.oldest_on.min(piece.came_on);
    }
    let key =
        |row: &AgingRow| (row.sku.clone(), row.warehouse.clone(), row.class.clone(), row.from_days);
    cut(&paging, rows.into_values().collect(), more, key, |sku| (sku, top(), top(), i64::MAX))
}

/// What lies on hand by the goods that came together, the oldest first within item, warehouse and class.
///
/// # Errors
/// [`ReportError`].
pub fn aged_rows(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: AgedRowFilter,
) -> Result<Page<AgedRow>, ReportError> {
    ctx.require(READ)?;
    type Key = (String, String, String, String, i64);
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: Option<Key> = paging.after(None)?;
    let from = after.as_ref().map_or(String::new(), |after| after.0.clone());
    let (pieces, more) = pieces(tx, ctx, (&from, filter.sku.as_deref()), paging.limit())?;
    let (least, most) = (filter.from_days.unwrap_or(0), filter.to_days.unwrap_or(i64::MAX));
    let rows: Vec<AgedRow> = pieces
        .iter()
        .filter(|piece| piece.is_of(&filter.warehouse, &filter.class))
        .filter(|piece| (least..=most).contains(&piece.age(ctx.today)))
        .map(|piece| piece.told(ctx))
        .collect();
    let key = |row: &AgedRow| {
        let id = row.move_id.map_or(0, Id::raw);
        (row.sku.clone(), row.warehouse.clone(), row.class.clone(), row.came_on.to_string(), id)
    };
    let mut page = cut(&paging, rows, more, key, |sku| (sku, top(), top(), top(), i64::MAX))?;
    let document =
        |row: &AgedRow| row.source_id.parse().ok().map(|id| (row.source_kind.clone(), id));
    let numbers = numbers(tx, ctx.company_id, page.lines.iter().filter_map(document))?;
    for row in &mut page.lines {
        let number = document(row).and_then(|document| numbers.get(&document).cloned());
        row.number = number.unwrap_or_default();
    }
    Ok(page)
}

/// After every code.
pub(super) fn top() -> String {
    char::MAX.to_string()
}

/// A page of the rows of some items. When there are more items and their rows are all told, the next
/// page begins after the last item that was looked at.
pub(super) fn cut<T, K: Serialize + serde::de::DeserializeOwned + Ord>(
    paging: &Paging,
    rows: Vec<T>,
    more: Option<String>,
    key: impl Fn(&T) -> K,
    end_of: impl Fn(String) -> K,
) -> Result<Page<T>, ReportError> {
    let mut page = paging.cut(rows, key)?;
    if page.next_cursor.is_none() {
        page.next_cursor = more.map(|sku| Paging::cursor(&end_of(sku)));
    }
    Ok(page)
}

fn added(
    sum: Option<Money>,
    more: Option<Money>,
    currency: Currency,
) -> Result<Option<Money>, NumberError> {
    let (Some(sum), Some(more)) = (sum, more) else { return Ok(sum) };
    let minor = sum.minor.checked_add(more.minor).ok_or(NumberError::OutOfRange)?;
    Ok(Some(Money::new(minor, currency)))
}

/// What is left of goods that came together.
#[derive(Clone, Debug)]
struct Piece {
    item_id: ItemId,
    sku: String,
    name: String,
    category: String,
    warehouse: String,
    pool_id: i64,
    class: String,
    came_on: Day,
    move_id: i64,
    source_kind: String,
    source_id: i64,
    came: i64,
    quantity: i64,
    value: i64,
}

impl Piece {
    /// How old it is; what has yet to come by its own day is of today.
    fn age(&self, today: Day) -> i64 {
        self.came_on.days_until(today).max(0)
    }

    fn is_of(&self, warehouse: &Option<String>, class: &Option<String>) -> bool {
        warehouse.as_ref().is_none_or(|code| *code == self.warehouse)
            && class.as_ref().is_none_or(|class| *class == self.class)
    }

    fn worth(&self, ctx: &Ctx) -> Option<Money> {
        ctx.holds(valuation::READ).then(|| Money::new(self.value, ctx.currency))
    }

    fn told(&self, ctx: &Ctx) -> AgedRow {
        AgedRow {
            item_id: self.item_id,
            sku: self.sku.clone(),
            name: self.name.clone(),
            category: self.category.clone(),
            warehouse: self.warehouse.clone(),
            class: self.class.clone(),
            came_on: self.came_on,
            age_days: self.age(ctx.today),
            move_id: (self.move_id != 0).then(|| MoveId::from_raw(self.move_id)),
            source_kind: self.source_kind.clone(),
            source_id: self.source_id.to_string(),
            number: String::new(),
            came: Quantity::from_micro(self.came),
            quantity: Quantity::from_micro(self.quantity),
            value: self.worth(ctx),
        }
    }
}

/// An item, pool and class.
type Standing = (ItemId, i64, String);
/// A quantity and what it is worth, in millionths and minor units.
type Worth = (i64, i64);

/// Everything of some items from `from` on, valued, and the number of the last of them when there may
/// be more.
fn pieces(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (from, only): (&str, Option<&str>),
    limit: i64,
) -> Result<(Vec<Piece>, Option<String>), ReportError> {
    // One item more than lines are wanted, for all lines of the first may have been told.
    let limit = limit + 1;
    let items = tx.query(&tables::AGED_ITEMS, params![ctx.company_id, from, only, limit])?;
    let more = items.last().filter(|_| items.len() as i64 == limit);
    let more = more.map(|row| row.get(1)).transpose()?;
    let ids = items.iter().map(|row| row.get(0)).collect::<Result<Vec<ItemId>, _>>()?;
    let mut pieces = arrived(tx, ctx, &items, &ids)?;
    let mut standings: BTreeMap<Standing, Vec<Worth>> = BTreeMap::new();
    let mut worth: BTreeMap<Standing, Worth> = BTreeMap::new();
    let key = |row: &Row| Ok::<Standing, StoreError>((row.get(0)?, row.get(1)?, row.get(2)?));
    let asked = || params![ctx.company_id; Rows::column(&ids)];
    for row in tx.query(&tables::AGED_STANDINGS, asked())? {
        worth.insert(key(&row)?, (row.get(3)?, row.get(4)?));
    }
    for row in tx.query(&tables::AGED_LAYERS, asked())? {
        standings.entry(key(&row)?).or_default().push((row.get(3)?, row.get(4)?));
    }
    let mut groups: BTreeMap<Standing, Vec<&mut Piece>> = BTreeMap::new();
    for piece in &mut pieces {
        let key = (piece.item_id, piece.pool_id, piece.class.clone());
        groups.entry(key).or_default().push(piece);
    }
    for (key, mut group) in groups {
        group.sort_by_key(|piece| (piece.came_on, piece.move_id));
        let layers = standings.remove(&key).unwrap_or_default();
        let whole = worth.get(&key).copied().unwrap_or_default();
        let quantities: Vec<i64> = group.iter().map(|piece| piece.quantity).collect();
        for (piece, value) in group.into_iter().zip(values(&quantities, layers, whole)?) {
            piece.value = value;
        }
    }
    Ok((pieces, more))
}

/// What lies of items, by the moves that brought it.
fn arrived(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    items: &[Row],
    ids: &[ItemId],
) -> Result<Vec<Piece>, ReportError> {
    let mut named = BTreeMap::new();
    for row in items {
        let words: (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        named.insert(row.get::<ItemId>(0)?, words);
    }
    type Shelf = (ItemId, i64, i64, String);
    let (mut lying, mut wanted) = (BTreeMap::<Shelf, (String, i64)>::new(), Rows::new(5));
    let found = tx.query(&tables::AGED_ON_HAND, params![ctx.company_id; Rows::column(ids)])?;
    for row in &found {
        let shelf: Shelf = (row.get(0)?, row.get(1)?, row.get(3)?, row.get(4)?);
        let on_hand: i64 = row.get(5)?;
        wanted.push(row![shelf.0, shelf.1, shelf.2, shelf.3, on_hand]);
        lying.insert(shelf, (row.get(2)?, on_hand));
    }
    let piece = |shelf: &Shelf, warehouse: &str| {
        let (sku, name, category) = named.get(&shelf.0).cloned().unwrap_or_default();
        Piece {
            item_id: shelf.0,
            sku,
            name,
            category,
            warehouse: warehouse.to_owned(),
            pool_id: shelf.2,
            class: shelf.3.clone(),
            came_on: ctx.today,
            move_id: 0,
            source_kind: String::new(),
            source_id: 0,
            came: 0,
            quantity: 0,
            value: 0,
        }
    };
    let mut pieces = Vec::new();
    for (shelf, (warehouse, on_hand)) in lying.iter().filter(|(_, (_, on_hand))| *on_hand < 0) {
        pieces.push(Piece { quantity: *on_hand, ..piece(shelf, warehouse) });
    }
    for row in tx.query(&tables::AGED_ARRIVALS, params![ctx.company_id; wanted])? {
        let shelf: Shelf = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
        let Some((warehouse, on_hand)) = lying.get(&shelf) else { continue };
        let (came, newer): (i64, i64) = (row.get(8)?, row.get(9)?);
        pieces.push(Piece {
            came_on: row.get(5)?,
            move_id: row.get(4)?,
            source_kind: row.get(6)?,
            source_id: row.get(7)?,
            came,
            quantity: came.min(on_hand - newer),
            ..piece(&shelf, warehouse)
        });
    }
    Ok(pieces)
}

/// What pieces are worth, the oldest first: they take from the layers in order where those account for
/// all of them, else from the whole. Each takes its share of what it takes from, and the last the rest.
pub(super) fn values(
    pieces: &[i64],
    layers: Vec<Worth>,
    whole: Worth,
) -> Result<Vec<i64>, NumberError> {
    let sum = |numbers: &mut dyn Iterator<Item = i64>| -> i128 { numbers.map(i128::from).sum() };
    let there = sum(&mut pieces.iter().copied());
    let plain = pieces.iter().all(|piece| *piece > 0);
    let layered = plain && sum(&mut layers.iter().map(|layer| layer.0)) == there;
    let mut layers = if layered && !layers.is_empty() { layers } else { vec![whole] };
    // The first is the one to take from.
    layers.reverse();
    let mut values = Vec::with_capacity(pieces.len());
    for (at, piece) in pieces.iter().enumerate() {
        let (mut wanted, mut value) = (*piece, 0_i64);
        let last = at + 1 == pieces.len();
        while let Some(layer) = layers.last_mut() {
            let all = if layered { wanted >= layer.0 } else { last };
            let (quantity, share) = match all {
                true => *layer,
                false if layer.0 == 0 => (0, 0),
                false => (wanted, mul_div(layer.1, wanted, layer.0, Rounding::HalfUp)?),
            };
            layer.0 -= quantity;
            layer.1 -= share;
            wanted -= quantity;
            value = value.checked_add(share).ok_or(NumberError::OutOfRange)?;
            if !all {
                break;
            }
            layers.pop();
            if wanted == 0 {
                break;
            }
        }
        values.push(value);
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_take_the_value_of_layers_or_their_share_and_sum_to_the_books() {
        // Pieces, layers, the whole; what each piece is worth.
        for (pieces, layers, whole, expected) in [
            // An average: 100 of 3 pieces.
            (vec![1, 1, 1], vec![], (3, 100), vec![33, 34, 33]),
            (vec![3], vec![], (3, 100), vec![100]),
            // Layers of 2 at 10 and 3 at 20, the pieces cut across.
            (vec![1, 3, 1], vec![(2, 20), (3, 60)], (5, 80), vec![10, 50, 20]),
            (vec![5], vec![(2, 20), (3, 60)], (5, 80), vec![80]),
            // Layers that do not account for what is there: by share of the whole.
            (vec![2, 2], vec![(3, 30)], (4, 40), vec![20, 20]),
            // Below zero in one warehouse, above in another.
            (vec![10, -4], vec![], (6, 60), vec![100, -40]),
            (vec![5, -5], vec![], (0, 0), vec![0, 0]),
            // Goods of others have no value.
            (vec![5, 5], vec![], (0, 0), vec![0, 0]),
            (vec![], vec![], (0, 0), vec![]),
        ] {
            let found = values(&pieces, layers.clone(), whole).unwrap();
            assert_eq!(found, expected, "{pieces:?} {layers:?} {whole:?}");
        }
    }
}
