//! The stock card of an item: what was there, what came, what went, and what was there then.
//!
//! Quantity by the day goods moved and value by the day of the books are two cards, for what happened
//! in a locked month is booked in the next one:
//!
//! - by `happened_on`: moves into and out of what is asked for (the company, a warehouse, a place with
//!   all below it, a lot). Goods that only change their place inside it are no line.
//! - by `posted_on`: the layers of value, also those of a later cost, which move nothing. Value is kept
//!   by pool and class, not by place or lot.

use super::numbers;
use crate::tables;
use base::{
    Currency, Day, Id, ItemId, Money, MoveId, NumberError, Page, Paging, Period, Price, Quantity,
    Rounding, Timestamp,
};
use identity::{Ctx, ReportError};
use serde::{Deserialize, Serialize};
use stock::READ;
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// By which days a card is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StockCardBasis)]
pub enum Basis {
    /// The day goods moved: quantities.
    #[default]
    HappenedOn,
    /// The day of the books: quantities and values.
    PostedOn,
}

/// Which card.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StockCardFilter)]
pub struct CardFilter {
    /// The item's number.
    pub sku: String,
    /// By which days: `happened_on` (quantity, when absent) or `posted_on` (value).
    #[serde(default)]
    pub basis: Basis,
    /// The first day; a year before the last when absent.
    #[serde(default)]
    pub from_day: Option<Day>,
    /// The last day; today when absent.
    #[serde(default)]
    pub to_day: Option<Day>,
    /// Only in this warehouse, by code.
    #[serde(default)]
    pub warehouse: Option<String>,
    /// Only at this place and below it, by path; quantity alone.
    #[serde(default)]
    pub place: Option<String>,
    /// Only of this lot, by code; quantity alone.
    #[serde(default)]
    pub lot: Option<String>,
    /// Only of this class; value alone.
    #[serde(default)]
    pub class: Option<String>,
    /// From where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// How many moves, at most 200.
    #[serde(default)]
    pub limit: Option<i64>,
}

/// What a line of a card is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = StockCardLineKind)]
pub enum CardLineKind {
    /// What was there before the first day: the first line of the first page.
    Opening,
    /// Goods moved, or their value changed.
    Move,
    /// What is there at the end of the last day: the last line of the last page.
    Closing,
}

/// A line of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = StockCardLine)]
pub struct CardLine {
    /// What it is.
    pub kind: CardLineKind,
    /// The item's number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The day by which the card is kept.
    pub day: Day,
    /// The day goods moved.
    pub happened_on: Option<Day>,
    /// The day of the books.
    pub posted_on: Option<Day>,
    /// When it was recorded.
    pub recorded_at: Option<Timestamp>,
    /// The move; none of a change of value alone.
    pub move_id: Option<MoveId>,
    /// The kind of document, such as `receipt`; by the books' days also why value was booked.
    pub source_kind: String,
    /// The document's id.
    pub source_id: String,
    /// The document's number; empty when it has none.
    pub number: String,
    /// Why value was booked, such as `receipt`, `issue` or `cost_correction`; empty by days of moves.
    pub layer_kind: String,
    /// The class, by the books' days.
    pub class: String,
    /// From which place, by days of moves.
    pub from: String,
    /// To which place, by days of moves.
    pub to: String,
    /// The lot, by days of moves.
    pub lot: String,
    /// How much came.
    pub quantity_in: Quantity,
    /// How much went.
    pub quantity_out: Quantity,
    /// How much is there then.
    pub balance: Quantity,
    /// What a unit came or went at, by the books' days.
    pub unit_cost: Option<Price>,
    /// By how much it is worth more, by the books' days.
    pub value_in: Option<Money>,
    /// By how much it is worth less.
    pub value_out: Option<Money>,
    /// What all of it is worth then.
    pub value_balance: Option<Money>,
}

/// Where a page ended: the last line's sort key, and what was there after it.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Ended {
    day: String,
    recorded_at: i64,
    pool: i64,
    class: String,
    id: i64,
    quantity: i64,
    value: i64,
}

/// What is there, and what it is worth.
#[derive(Clone, Copy, Debug, Default)]
struct Balance {
    quantity: i64,
    value: i64,
}

impl Balance {
    fn add(&mut self, quantity: i64, value: i64) -> Result<(), NumberError> {
        self.quantity = self.quantity.checked_add(quantity).ok_or(NumberError::OutOfRange)?;
        self.value = self.value.checked_add(value).ok_or(NumberError::OutOfRange)?;
        Ok(())
    }
}

/// Of what a card is.
struct Scope {
    item: ItemId,
    sku: String,
    name: String,
    warehouse: i64,
    pool: i64,
    period: Period,
    /// In which currency values are told; none by days of moves.
    currency: Option<Currency>,
}

/// The stock card of an item, day by day. Quantity is for those who see stock, value for those who see
/// what it is worth.
///
/// # Errors
/// [`ReportError`].
pub fn stock_card(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: CardFilter,
) -> Result<Page<CardLine>, ReportError> {
    ctx.require(READ)?;
    let by_books = filter.basis == Basis::PostedOn;
    if by_books {
        ctx.require(valuation::READ)?;
    }
    let scope = scope(tx, ctx, &filter)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let ended: Option<Ended> = paging.after(None)?;
    let before = ended.as_ref().map(|e| Balance { quantity: e.quantity, value: e.value });
    let mut balance = match before {
        Some(balance) => balance,
        None if by_books => worth_before(tx, ctx, &filter, &scope)?,
        None => lay_before(tx, ctx, &filter, &scope)?,
    };
    let mut lines = Vec::new();
    if ended.is_none() {
        lines.push(scope.still(CardLineKind::Opening, balance));
    }
    let ended = ended.unwrap_or_else(Ended::none);
    let (moves, last) = if by_books {
        layers(tx, ctx, &filter, &scope, (&ended, paging.limit()), &mut balance)?
    } else {
        moves(tx, ctx, &filter, &scope, (&ended, paging.limit()), &mut balance)?
    };
    let more = moves.len() as i64 == paging.limit();
    lines.extend(moves);
    if !more {
        lines.push(scope.still(CardLineKind::Closing, balance));
    }
    let next_cursor = last.filter(|_| more).map(|ended| Paging::cursor(&Some(ended)));
    Ok(Page { lines, next_cursor })
}

impl Ended {
    fn none() -> Ended {
        let (day, class) = (String::new(), String::new());
        Ended { day, recorded_at: 0, pool: 0, class, id: 0, quantity: 0, value: 0 }
    }
}

impl Scope {
    fn money(&self, minor: i64) -> Option<Money> {
        self.currency.map(|currency| Money::new(minor, currency))
    }

    /// A line on which nothing moves.
    fn still(&self, kind: CardLineKind, balance: Balance) -> CardLine {
        CardLine {
            kind,
            sku: self.sku.clone(),
            name: self.name.clone(),
            day: if kind == CardLineKind::Opening { self.period.from } else { self.period.to },
            happened_on: None,
            posted_on: None,
            recorded_at: None,
            move_id: None,
            source_kind: String::new(),
            source_id: String::new(),
            number: String::new(),
            layer_kind: String::new(),
            class: String::new(),
            from: String::new(),
            to: String::new(),
            lot: String::new(),
            quantity_in: Quantity::ZERO,
            quantity_out: Quantity::ZERO,
            balance: Quantity::from_micro(balance.quantity),
            unit_cost: None,
            value_in: self.money(0),
            value_out: self.money(0),
            value_balance: self.money(balance.value),
        }
    }

    /// A line on which so much came, or went below zero.
    fn moved(&self, (quantity, value): (i64, i64), balance: Balance) -> CardLine {
        let currency = self.currency;
        let unit = |currency| {
            Price::of(value, Quantity::from_micro(quantity), currency, Rounding::HalfUp).ok()
        };
        CardLine {
            quantity_in: Quantity::from_micro(quantity.max(0)),
            quantity_out: Quantity::from_micro(quantity.min(0).saturating_neg()),
            unit_cost: currency.filter(|_| quantity != 0).and_then(unit),
            value_in: self.money(value.max(0)),
            value_out: self.money(value.min(0).saturating_neg()),
            ..self.still(CardLineKind::Move, balance)
        }
    }
}

fn scope(tx: &mut Tx<'_>, ctx: &Ctx, filter: &CardFilter) -> Result<Scope, ReportError> {
    let refused = |field, detail: String| ReportError::Filter { field, detail };
    let by_books = filter.basis == Basis::PostedOn;
    if by_books && (filter.place.is_some() || filter.lot.is_some()) {
        let detail = "value is kept by pool and class, not by place or lot; leave them out, or ask \
                      for the card by happened_on";
        return Err(refused("basis", detail.to_owned()));
    }
    if !by_books && filter.class.is_some() {
        let detail = "the card by happened_on is of places; name a place instead of a class, or ask \
                      for the card by posted_on";
        return Err(refused("class", detail.to_owned()));
    }
    let mut items = catalog::items_by_sku(tx, ctx.company_id, &[filter.sku.as_str()])?;
    let Some(item) = items.remove(&filter.sku) else {
        return Err(refused("sku", format!("there is no item {:?}", filter.sku)));
    };
    let (mut warehouse, mut pool, mut sharing) = (0, 0, 0);
    if let Some(code) = &filter.warehouse {
        let all = stock::warehouses(tx, ctx.company_id)?;
        let Some(found) = all.iter().find(|warehouse| warehouse.code == *code) else {
            return Err(refused("warehouse", format!("there is no warehouse {code:?}")));
        };
        (warehouse, pool) = (found.warehouse_id.raw(), found.pool_id.raw());
        sharing = all.iter().filter(|other| other.pool_id == found.pool_id).count();
    }
    if let Some(path) = &filter.place
        && stock::find_place(tx, ctx.company_id, path)?.is_none()
    {
        return Err(refused("place", format!("there is no place {path:?}")));
    }
    if by_books && sharing > 1 {
        let detail = format!(
            "{sharing} warehouses share one pool of value; leave the warehouse out, or ask for the \
             card by happened_on"
        );
        return Err(refused("warehouse", detail));
    }
    Ok(Scope {
        item: item.id,
        sku: item.sku,
        name: item.name,
        warehouse,
        pool,
        period: Period::of(filter.from_day, filter.to_day, ctx.today),
        currency: by_books.then_some(ctx.currency),
    })
}

fn lay_before(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &CardFilter,
    scope: &Scope,
) -> Result<Balance, StoreError> {
    let place = filter.place.clone().unwrap_or_default();
    let asked =
        params![ctx.company_id, scope.item, scope.warehouse, place, filter.lot, scope.period.from];
    let found = tx.query(&tables::CARD_BEFORE, asked)?;
    let quantity = found.first().map_or(Ok(0), |row| row.get(0))?;
    Ok(Balance { quantity, value: 0 })
}

fn worth_before(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &CardFilter,
    scope: &Scope,
) -> Result<Balance, StoreError> {
    let asked = params![ctx.company_id, scope.item, scope.pool, filter.class, scope.period.from];
    let found = tx.query(&tables::CARD_WORTH, asked)?;
    let Some(row) = found.first() else { return Ok(Balance::default()) };
    Ok(Balance { quantity: row.get(0)?, value: row.get(1)? })
}

fn moves(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &CardFilter,
    scope: &Scope,
    (ended, limit): (&Ended, i64),
    balance: &mut Balance,
) -> Result<(Vec<CardLine>, Option<Ended>), ReportError> {
    let place = filter.place.clone().unwrap_or_default();
    let asked = params![
        ctx.company_id,
        scope.item,
        scope.warehouse,
        place,
        filter.lot,
        scope.period.from,
        scope.period.to,
        ended.day,
        ended.recorded_at,
        ended.id,
        limit
    ];
    let found = tx.query(&tables::CARD_MOVES, asked)?;
    let numbers = numbers(tx, ctx.company_id, documents(&found)?)?;
    let (mut lines, mut last) = (Vec::with_capacity(found.len()), None);
    for row in &found {
        let comes: bool = row.get(10)?;
        let quantity: i64 = row.get(9)?;
        let quantity = if comes { quantity } else { -quantity };
        balance.add(quantity, 0)?;
        let (move_id, day): (MoveId, Day) = (row.get(0)?, row.get(1)?);
        let recorded_at: Timestamp = row.get(3)?;
        let document = (row.get::<String>(4)?, row.get::<i64>(5)?);
        lines.push(CardLine {
            day,
            happened_on: Some(day),
            posted_on: Some(row.get(2)?),
            recorded_at: Some(recorded_at),
            move_id: Some(move_id),
            number: numbers.get(&document).cloned().unwrap_or_default(),
            source_kind: document.0,
            source_id: document.1.to_string(),
            from: row.get(6)?,
            to: row.get(7)?,
            lot: row.get(8)?,
            ..scope.moved((quantity, 0), *balance)
        });
        last = Some(Ended {
            day: day.to_string(),
            recorded_at: recorded_at.micros(),
            id: move_id.raw(),
            quantity: balance.quantity,
            ..Ended::none()
        });
    }
    Ok((lines, last))
}

fn layers(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &CardFilter,
    scope: &Scope,
    (ended, limit): (&Ended, i64),
    balance: &mut Balance,
) -> Result<(Vec<CardLine>, Option<Ended>), ReportError> {
    let asked = params![
        ctx.company_id,
        scope.item,
        scope.pool,
        filter.class,
        scope.period.from,
        scope.period.to,
        ended.day,
        ended.recorded_at,
        ended.pool,
        ended.class,
        ended.id,
        limit
    ];
    let found = tx.query(&tables::CARD_LAYERS, asked)?;
    let numbers = numbers(tx, ctx.company_id, documents(&found)?)?;
    let (mut lines, mut last) = (Vec::with_capacity(found.len()), None);
    for row in &found {
        let (quantity, value): (i64, i64) = (row.get(10)?, row.get(11)?);
        balance.add(quantity, value)?;
        let (day, recorded_at): (Day, Timestamp) = (row.get(2)?, row.get(3)?);
        let document = (row.get::<String>(4)?, row.get::<i64>(5)?);
        let (class, move_id): (String, i64) = (row.get(7)?, row.get(12)?);
        lines.push(CardLine {
            day,
            happened_on: Some(row.get(1)?),
            posted_on: Some(day),
            recorded_at: Some(recorded_at),
            move_id: (move_id != 0).then(|| MoveId::from_raw(move_id)),
            number: numbers.get(&document).cloned().unwrap_or_default(),
            source_kind: document.0,
            source_id: document.1.to_string(),
            layer_kind: row.get(9)?,
            class: class.clone(),
            ..scope.moved((quantity, value), *balance)
        });
        last = Some(Ended {
            day: day.to_string(),
            recorded_at: recorded_at.micros(),
            pool: row.get(6)?,
            class,
            id: row.get(8)?,
            quantity: balance.quantity,
            value: balance.value,
        });
    }
    Ok((lines, last))
}

/// The documents of rows that tell kind and id as their fifth and sixth column.
fn documents(found: &[Row]) -> Result<Vec<super::Document>, StoreError> {
    found.iter().map(|row| Ok((row.get(4)?, row.get(5)?))).collect()
}
