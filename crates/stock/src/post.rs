//! `post`: the one door through which goods move.
//!
//! A posting takes a set of moves, changes the stock rows, asks `valuation` what the goods are worth
//! and books one entry with `accounting`, all in the caller's transaction. Nobody can move goods
//! without value, or book the value of goods without moving them.

use crate::model::{Place, PlaceKind, RowKey, StockRow, lot_key};
use crate::rules::{self, Position, Refusal, Step};
use crate::tables;
use accounting::{Area, Books, Entry, Line, Role};
use base::{
    Day, DemandId, EntryId, ItemId, LotId, MoveId, NumberError, PlaceId, Problem, Quantity, Rule,
};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use store::{Rows, StoreError, Tx, params, row};
use valuation::{Change, Class, Cost, Kind, StandingKey, Valued};

/// A set of moves that belong together, and the further lines of their one entry.
#[derive(Clone, Debug)]
pub struct Posting {
    /// Which locks apply.
    pub area: Area,
    /// When the goods moved, in the company's time zone.
    pub happened_on: Day,
    /// The kind of document that moves them.
    pub source_kind: &'static str,
    /// The document.
    pub source_id: i64,
    /// What the entry says.
    pub memo: String,
    /// The moves, in the order in which they take effect.
    pub moves: Vec<Move>,
    /// Further lines of the same entry, balanced in themselves.
    pub lines: Vec<Line>,
}

/// Goods from one place to another.
#[derive(Clone, Debug)]
pub struct Move {
    /// What.
    pub item_id: ItemId,
    /// Where from.
    pub from: PlaceId,
    /// Where to.
    pub to: PlaceId,
    /// Which lot, for items that have them.
    pub lot_id: Option<LotId>,
    /// How much, in the item's stock unit, above zero.
    pub quantity: Quantity,
    /// What the goods are worth when they come from outside or go there.
    pub cost: Cost,
    /// Why, for the valuation layer.
    pub kind: Kind,
    /// The other side of the stock account when goods come in or go out.
    pub counter: Option<Counter>,
    /// The second other side of goods that pass from outside to outside (a drop shipment).
    pub through: Option<Counter>,
    /// The caller's document line.
    pub line_id: i64,
    /// The move that this one takes back.
    pub reverses: Option<MoveId>,
    /// The reservation that these goods leave by.
    pub draw: Option<Draw>,
    /// Whether somebody said that they leave for a customer although their lot has expired.
    pub confirm_expired: bool,
}

impl Move {
    /// A move at the item's own cost, with nothing else to it.
    #[must_use]
    pub fn plain(item_id: ItemId, from: PlaceId, to: PlaceId, quantity: Quantity) -> Move {
        Move {
            item_id,
            from,
            to,
            lot_id: None,
            quantity,
            cost: Cost::Method,
            kind: Kind::Issue,
            counter: None,
            through: None,
            line_id: 0,
            reverses: None,
            draw: None,
            confirm_expired: false,
        }
    }
}

/// An account with the open line on it that a move's value goes to or comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter {
    /// The account.
    pub account: accounting::Account,
    /// Its open line, for control accounts.
    pub open: Option<accounting::OpenKey>,
}

impl Counter {
    /// An account without open lines.
    #[must_use]
    pub fn role(role: Role) -> Counter {
        Counter { account: accounting::Account::Role(role), open: None }
    }

    /// An open line of a control account.
    #[must_use]
    pub fn open(role: Role, open: accounting::OpenKey) -> Counter {
        Counter { account: accounting::Account::Role(role), open: Some(open) }
    }

    /// A line of an entry. It names no item: goods of one document that go to one account are one
    /// line, and its moves tell which goods.
    fn line(&self, amount: i64) -> Line {
        Line {
            account: self.account,
            amount,
            foreign: None,
            open: self.open,
            due_on: None,
            tax: None,
            item_id: None,
        }
    }
}

/// A reservation, as [`crate::pick`] found it, that goods leave by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    /// Whose goods these are.
    pub demand_id: DemandId,
    /// How much the reservation kept at this row; the move takes all or a part of it.
    pub reserved: Quantity,
}

/// What was posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// The entry, when the moves changed any value or the posting had lines of its own.
    pub entry_id: Option<EntryId>,
    /// The books' day.
    pub posted_on: Day,
    /// The moves in the order given.
    pub moves: Vec<PostedMove>,
}

/// One move as posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PostedMove {
    /// Its id.
    pub move_id: MoveId,
    /// The value that moved with the goods, in minor units of the company's currency; never negative
    /// for goods at a cost above zero.
    pub value: i64,
}

/// Why goods did not move, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum PostError {
    /// A place is unknown or no longer in use.
    #[error("place {0} is unknown or no longer in use; choose another place")]
    UnknownPlace(PlaceId),
    /// The same place on both sides.
    #[error("goods cannot move from {path} to itself")]
    SamePlace {
        /// The place.
        path: String,
    },
    /// Nothing to move.
    #[error("a quantity of {0} cannot move; it must be above zero")]
    NotPositive(Quantity),
    /// Goods from outside need a counter account.
    #[error("goods that come from or go outside need an account for their value")]
    NoCounter,
    /// Goods for a customer whose lot has expired.
    #[error("lot {lot} of {sku} expired on {expires_on}; confirm it to ship it all the same")]
    ExpiredLot {
        /// The item.
        sku: String,
        /// The lot's code.
        lot: String,
        /// The last day it kept.
        expires_on: Day,
    },
    /// Goods on hold.
    #[error("{sku} at {path} is on hold; lift the hold first")]
    Held {
        /// The item.
        sku: String,
        /// The place.
        path: String,
    },
    /// Not enough free goods.
    #[error("{sku} at {path}: {wanted} wanted, {available} available")]
    InsufficientStock {
        /// The item.
        sku: String,
        /// The place.
        path: String,
        /// What is free there.
        available: Quantity,
        /// What was asked.
        wanted: Quantity,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The goods' value could not be decided.
    #[error(transparent)]
    Value(#[from] valuation::ValueError),
    /// The entry could not be booked.
    #[error(transparent)]
    Entry(#[from] accounting::PostError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for PostError {
    fn problem(&self) -> Problem {
        let code = match self {
            PostError::UnknownPlace(_) => "unknown_place",
            PostError::SamePlace { .. } => "same_place",
            PostError::NotPositive(_) => "quantity_not_positive",
            PostError::NoCounter => "no_counter",
            PostError::ExpiredLot { .. } => "expired_lot",
            PostError::Held { .. } => "held",
            PostError::InsufficientStock { .. } => "insufficient_stock",
            PostError::Number(error) => return error.problem(),
            PostError::Value(error) => return error.problem(),
            PostError::Entry(error) => return error.problem(),
            PostError::Store(error) => return error.problem(),
        };
        Problem::refused(code, self.to_string())
    }
}

/// Moves goods and books their value.
///
/// Allowed to every verb that has its own permission; `post` itself asks for none. Afterwards the
/// rows, the layers and the ledger agree, and whoever reserved or expected the goods knows.
///
/// # Errors
/// The first broken rule in the order of [`PostError`]; nothing has then been written.
pub fn post(tx: &mut Tx<'_>, ctx: &Ctx, posting: Posting) -> Result<Posted, PostError> {
    let posted = post_all(tx, ctx, std::slice::from_ref(&posting))?;
    let none = || StoreError::Unusable("a posting was not answered".to_owned());
    Ok(posted.into_iter().next().ok_or_else(none)?)
}

/// Moves the goods of several documents as one set, each with an entry of its own. Each posting
/// finds what those before it left behind; all have to be of one area and day.
///
/// # Errors
/// The first broken rule in the order of [`PostError`]; nothing of any posting has then been written.
pub fn post_all(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    postings: &[Posting],
) -> Result<Vec<Posted>, PostError> {
    let Some(&Posting { area, happened_on, .. }) = postings.first() else { return Ok(Vec::new()) };
    if postings.iter().any(|it| (it.area, it.happened_on) != (area, happened_on)) {
        let mixed = "postings of several areas or days cannot be posted as one set".to_owned();
        return Err(StoreError::Unusable(mixed).into());
    }
    let moves: Vec<&Move> = postings.iter().flat_map(|posting| &posting.moves).collect();
    let ends = moves.iter().flat_map(|m| [m.from, m.to]);
    let places = tables::load_places(tx, ctx.company_id, ends)?;
    check_shape(&moves, &places)?;
    check_expiry(tx, ctx, &moves, happened_on, &places)?;
    let (all, to) = touched(&moves, &places);
    let negative = identity::policies(tx, ctx.company_id)?.is("negative_stock", "allowed");
    let mut rows = tables::lock_rows(tx, ctx.company_id, &all, if negative { &all } else { &to })?;
    let before = rows.clone();

    let positions = match walk(&mut rows, &moves, happened_on, &places, negative) {
        Ok(positions) => positions,
        Err(refusal) => return Err(told(tx, ctx, refusal, &places)?),
    };
    let ids = moves.iter().map(|_| tx.id()).collect::<Result<Vec<MoveId>, _>>()?;
    let (changes, sides) = changes(postings, &places, &ids);
    let valued = valuation::value(tx, ctx, area, happened_on, changes)?;
    let values = values(&moves, &sides, &valued.changes);

    let lines = lines(postings, &places, &sides, &valued.changes, &values);
    let entries = book(tx, ctx, &valued.books, postings, lines)?;
    record_rows(tx, ctx, &before, &rows)?;
    record_draws(tx, ctx, &moves)?;
    let posted_on = valued.books.posted_on();
    let recorded = Recorded {
        ids: &ids,
        values: &values,
        positions: &positions,
        entries: &entries,
        happened_on,
        posted_on,
    };
    record_moves(tx, ctx, postings, &recorded)?;

    let mut moved = ids.iter().zip(&values).map(|(&move_id, &value)| PostedMove { move_id, value });
    let answer = |(posting, entry_id): (&Posting, _)| Posted {
        entry_id,
        posted_on,
        moves: moved.by_ref().take(posting.moves.len()).collect(),
    };
    Ok(postings.iter().zip(entries.iter().copied()).map(answer).collect())
}

fn check_shape(moves: &[&Move], places: &BTreeMap<PlaceId, Place>) -> Result<(), PostError> {
    for m in moves {
        for end in [m.from, m.to] {
            if !places.contains_key(&end) {
                return Err(PostError::UnknownPlace(end));
            }
        }
        if m.from == m.to {
            return Err(PostError::SamePlace { path: places[&m.from].path.clone() });
        }
        if !m.quantity.is_positive() {
            return Err(PostError::NotPositive(m.quantity));
        }
        let outside = [m.from, m.to].iter().filter(|end| !places[end].kind.holds_stock()).count();
        let counters = usize::from(m.counter.is_some()) + usize::from(m.through.is_some());
        if outside > counters {
            return Err(PostError::NoCounter);
        }
    }
    Ok(())
}

/// What we sell has not expired, unless somebody confirmed it. Goods that go back to a customer are
/// not sold by us.
fn check_expiry(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    moves: &[&Move],
    happened_on: Day,
    places: &BTreeMap<PlaceId, Place>,
) -> Result<(), PostError> {
    let sold = |m: &&&Move| {
        m.kind == Kind::Issue
            && !m.confirm_expired
            && places[&m.from].kind.holds_stock()
            && places[&m.to].kind == PlaceKind::Customer
    };
    let lots = moves.iter().filter(sold).filter_map(|m| m.lot_id).collect();
    match tables::expired_lot(tx, ctx.company_id, happened_on, lots)? {
        Some((sku, lot, expires_on)) => Err(PostError::ExpiredLot { sku, lot, expires_on }),
        None => Ok(()),
    }
}

/// The rows that a posting touches, and those of them to which goods come.
fn touched(
    moves: &[&Move],
    places: &BTreeMap<PlaceId, Place>,
) -> (BTreeSet<RowKey>, BTreeSet<RowKey>) {
    let key = |m: &Move, place| RowKey { item: m.item_id, place, lot: lot_key(m.lot_id) };
    let ours = |place: &PlaceId| places[place].kind.holds_stock();
    let to: BTreeSet<RowKey> = moves.iter().filter(|m| ours(&m.to)).map(|m| key(m, m.to)).collect();
    let from = moves.iter().filter(|m| ours(&m.from)).map(|m| key(m, m.from));
    (to.iter().copied().chain(from).collect(), to)
}

/// Walks the moves in order over the rows: each side's new position, or the first refusal.
fn walk(
    rows: &mut BTreeMap<RowKey, StockRow>,
    moves: &[&Move],
    happened_on: Day,
    places: &BTreeMap<PlaceId, Place>,
    negative: bool,
) -> Result<Vec<[Position; 2]>, Refusal> {
    const NOWHERE: Position = Position { seq: 0, after: Quantity::ZERO };
    let mut positions = Vec::with_capacity(moves.len());
    for m in moves {
        let mut sides = [NOWHERE; 2];
        for (side, place, quantity) in [(0, m.from, m.quantity.negate()), (1, m.to, m.quantity)] {
            if places[&place].kind.holds_stock() {
                let key = RowKey { item: m.item_id, place, lot: lot_key(m.lot_id) };
                let drawn = m.draw.filter(|_| side == 0).map(|draw| draw.reserved.min(m.quantity));
                let reserved = drawn.unwrap_or(Quantity::ZERO);
                let step = Step { key, quantity, reserved };
                sides[side] = rules::step(rows, step, happened_on, negative)?;
            }
        }
        positions.push(sides);
    }
    Ok(positions)
}

/// Which changes of value a move asked for: positions in the list given to `valuation`.
#[derive(Clone, Copy, Debug, Default)]
struct Sides {
    out: Option<usize>,
    into: Option<usize>,
}

fn changes(
    postings: &[Posting],
    places: &BTreeMap<PlaceId, Place>,
    ids: &[MoveId],
) -> (Vec<Change>, Vec<Sides>) {
    let mut changes = Vec::new();
    let mut sides = Vec::with_capacity(ids.len());
    let moves = postings.iter().flat_map(|posting| posting.moves.iter().map(move |m| (posting, m)));
    for ((posting, m), &move_id) in moves.zip(ids) {
        let (from, to) = (&places[&m.from], &places[&m.to]);
        let valued = |place: &Place| place.kind.holds_stock() && place.class.is_valued();
        let mut side = Sides::default();
        let stays =
            valued(from) && valued(to) && (from.pool_id, from.class) == (to.pool_id, to.class);
        if !stays {
            let mut change = |place: &Place, quantity, cost, kind| {
                changes.push(Change {
                    key: StandingKey { item: m.item_id, pool: place.pool_id, class: place.class },
                    quantity,
                    cost,
                    kind,
                    source_kind: posting.source_kind,
                    source_id: posting.source_id,
                    move_id,
                });
                Some(changes.len() - 1)
            };
            let across = valued(from) && valued(to);
            if valued(from) {
                let kind = if across { Kind::TransferOut } else { m.kind };
                side.out = change(from, m.quantity.negate(), m.cost, kind);
            }
            if valued(to) {
                let (cost, kind) =
                    if across { (Cost::Carried, Kind::TransferIn) } else { (m.cost, m.kind) };
                side.into = change(to, m.quantity, cost, kind);
            }
        }
        sides.push(side);
    }
    (changes, sides)
}

/// The value that each move carries.
fn values(moves: &[&Move], sides: &[Sides], changes: &[Valued]) -> Vec<i64> {
    let value = |(m, side): (&&Move, &Sides)| match (side.out, side.into, m.cost) {
        (Some(out), _, _) => -changes[out].value,
        (None, Some(into), _) => changes[into].value,
        (None, None, Cost::Given(value)) => value,
        (None, None, _) => 0,
    };
    moves.iter().zip(sides).map(value).collect()
}

/// Each entry's lines: stock accounts against counters, what valuation found besides, and the
/// caller's own.
fn lines(
    postings: &[Posting],
    places: &BTreeMap<PlaceId, Place>,
    sides: &[Sides],
    changes: &[Valued],
    values: &[i64],
) -> Vec<Vec<Line>> {
    let mut valued = sides.iter().zip(values);
    let mut entries = Vec::with_capacity(postings.len());
    for posting in postings {
        let mut lines = posting.lines.clone();
        let mut besides = Vec::new();
        for (m, (side, &value)) in posting.moves.iter().zip(valued.by_ref()) {
            lines.extend(of_move(m, places, *side, value).into_iter().flatten());
            for change in [side.out, side.into].into_iter().flatten() {
                besides.extend(changes[change].lines.iter().cloned());
            }
        }
        lines.extend(besides);
        entries.push(lines);
    }
    entries
}

/// The lines of a move: debit and credit of its value, as far as it has both.
fn of_move(
    m: &Move,
    places: &BTreeMap<PlaceId, Place>,
    side: Sides,
    value: i64,
) -> [Option<Line>; 2] {
    let stock =
        |place: PlaceId, amount| Some(Counter::role(stock_role(places[&place].class)).line(amount));
    let counter = |amount| m.counter.as_ref().map(|counter| counter.line(amount));
    let through = |amount| m.through.as_ref().map(|counter| counter.line(amount));
    match (side.out, side.into) {
        (Some(_), Some(_)) => [stock(m.to, value), stock(m.from, -value)],
        (None, Some(_)) => [stock(m.to, value), counter(-value)],
        (Some(_), None) => [counter(value), stock(m.from, -value)],
        (None, None) => [through(value), counter(-value)],
    }
}

/// The account of a class of stock.
pub(crate) fn stock_role(class: Class) -> Role {
    match class {
        Class::Normal | Class::Consigned => Role::StockValuation,
        Class::Quarantine => Role::Quarantine,
        Class::Transit => Role::GoodsInTransit,
    }
}

/// Books the entries that have anything to say; each posting learns its entry.
fn book(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &Books,
    postings: &[Posting],
    lines: Vec<Vec<Line>>,
) -> Result<Vec<Option<EntryId>>, PostError> {
    let mut entries = Vec::with_capacity(postings.len());
    let mut said = Vec::with_capacity(postings.len());
    for (posting, lines) in postings.iter().zip(lines) {
        let says = lines.iter().any(|line| line.amount != 0);
        said.push(says);
        if says {
            entries.push(Entry {
                kind: posting.source_kind,
                source_kind: posting.source_kind,
                source_id: posting.source_id,
                happened_on: posting.happened_on,
                memo: posting.memo.clone(),
                lines,
            });
        }
    }
    if entries.is_empty() {
        return Ok(vec![None; postings.len()]);
    }
    let mut ids = accounting::post(tx, ctx, books, entries)?.into_iter();
    Ok(said.into_iter().map(|says| if says { ids.next() } else { None }).collect())
}

fn record_rows(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    before: &BTreeMap<RowKey, StockRow>,
    rows: &BTreeMap<RowKey, StockRow>,
) -> Result<(), StoreError> {
    let mut set = Rows::new(8);
    for (key, row) in rows {
        let seq_before = before.get(key).map_or(0, |row| row.seq);
        set.push(row![
            key.item,
            key.place,
            key.lot,
            row.on_hand,
            row.reserved,
            tables::day_text(row.since),
            row.seq,
            seq_before
        ]);
    }
    tx.write_exactly(rows.len(), &tables::UPDATE_ROWS, params![ctx.company_id; set])
}

/// Ends or lowers the reservations that goods left by, and counts them as shipped.
fn record_draws(tx: &mut Tx<'_>, ctx: &Ctx, moves: &[&Move]) -> Result<(), PostError> {
    let (mut ended, mut lowered) = (Rows::new(5), Rows::new(5));
    let mut shipped: BTreeMap<DemandId, Quantity> = BTreeMap::new();
    for (m, draw) in moves.iter().filter_map(|m| m.draw.map(|draw| (m, draw))) {
        let quantity = m.quantity.min(draw.reserved);
        let set = if quantity == draw.reserved { &mut ended } else { &mut lowered };
        set.push(row![draw.demand_id, m.item_id, m.from, lot_key(m.lot_id), quantity]);
        let sum = shipped.entry(draw.demand_id).or_default();
        *sum = sum.checked_add(quantity)?;
    }
    let mut demands = Rows::new(5);
    for (demand, quantity) in &shipped {
        demands.push(row![demand, quantity.negate(), quantity, 0_i64, false]);
    }
    let company = ctx.company_id;
    tx.write_exactly(ended.len(), &tables::END_RESERVATIONS, params![company; ended])?;
    tx.write_exactly(lowered.len(), &tables::LOWER_RESERVATIONS, params![company; lowered])?;
    tx.write_exactly(shipped.len(), &tables::UPDATE_DEMANDS, params![company; demands])?;
    Ok(())
}

/// What was decided: of each move, in order, and of each posting its entry.
struct Recorded<'a> {
    ids: &'a [MoveId],
    values: &'a [i64],
    positions: &'a [[Position; 2]],
    entries: &'a [Option<EntryId>],
    happened_on: Day,
    posted_on: Day,
}

fn record_moves(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    postings: &[Posting],
    recorded: &Recorded<'_>,
) -> Result<(), StoreError> {
    let mut set = Rows::new(16);
    let mut index = 0;
    for (posting, entry_id) in postings.iter().zip(recorded.entries) {
        for m in &posting.moves {
            let [from, to] = recorded.positions[index];
            set.push(row![
                recorded.ids[index],
                m.item_id,
                lot_key(m.lot_id),
                m.from,
                m.to,
                m.quantity,
                recorded.values[index],
                m.line_id,
                m.reverses.map_or(0, base::Id::raw),
                from.seq,
                from.after,
                to.seq,
                to.after,
                entry_id.map_or(0, base::Id::raw),
                posting.source_kind,
                posting.source_id
            ]);
            index += 1;
        }
    }
    tx.write(
        &tables::INSERT_MOVES,
        params![ctx.company_id, recorded.happened_on, recorded.posted_on, ctx.at; set],
    )
}

/// A refusal in the user's words: with SKU and place, not with ids.
fn told(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    refusal: Refusal,
    places: &BTreeMap<PlaceId, Place>,
) -> Result<PostError, StoreError> {
    let mut sku = |key: RowKey| -> Result<String, StoreError> {
        let items = catalog::items_by_id(tx, ctx.company_id, &[key.item])?;
        Ok(items.get(&key.item).map_or_else(|| key.item.to_string(), |item| item.sku.clone()))
    };
    Ok(match refusal {
        Refusal::Held(key) => {
            PostError::Held { sku: sku(key)?, path: places[&key.place].path.clone() }
        }
        Refusal::Short { key, available, wanted } => PostError::InsufficientStock {
            sku: sku(key)?,
            path: places[&key.place].path.clone(),
            available,
            wanted,
        },
        Refusal::Number(error) => PostError::Number(error),
    })
}
