//! The floor: the least that an order costs on an engine, to compare the product with.
//!
//! An order, three lines, three reservations and three balance updates in one commit; three moves,
//! three layer uses, an entry with four lines and three balance updates in another. Hand-written for
//! nothing else: no audit, no facts, no keys, no rules.

use crate::tables::*;
use base::{CompanyId, Day, Id, ItemId};
use store::{Database, Rows, StoreError, Tx, params, row};

/// The floor's own tables, beside those of the product: a database knows all its migrations.
pub static SCHEMA: store::Schema = store::Schema {
    name: "bench",
    migrations: store::migrations!("0001_floor.sql", "0002_replenish.sql", "0003_count.sql"),
    statements: STATEMENTS,
    checks: &[],
    append_only: &["bench_move"],
    below: &[&store::SCHEMA, &reconcile::SCHEMA],
};

const COMPANY: i64 = 1;

/// Makes items with stock.
///
/// # Errors
/// The store's own.
pub fn prepare(database: &Database, items: usize) -> Result<Vec<ItemId>, StoreError> {
    database.migrate(&SCHEMA)?;
    database.write(move |tx| {
        let ids = (0..items).map(|_| tx.id()).collect::<Result<Vec<ItemId>, _>>()?;
        let company = CompanyId::from_raw(COMPANY);
        tx.write(&ADD_ITEMS, params![company; Rows::column(ids.clone())])?;
        tx.write(&ADD_ROWS, params![company; Rows::column(ids.clone())])?;
        Ok(ids)
    })
}

/// What the second commit needs to know of the first.
#[derive(Clone, Debug)]
pub struct Placed {
    lines: Vec<(i64, ItemId, i64)>,
}

/// The first commit: the order, its lines and reservations.
///
/// # Errors
/// The store's own.
pub fn accept(
    tx: &mut Tx<'_>,
    reference: &str,
    items: &[ItemId],
    at: i64,
) -> Result<Placed, StoreError> {
    let company = CompanyId::from_raw(COMPANY);
    let order: base::SalesOrderId = tx.id()?;
    tx.write(&ADD_ORDER, params![company, order, reference, at])?;
    let (mut lines, mut kept, mut rows) = (Rows::new(4), Rows::new(3), Rows::new(2));
    let mut placed = Vec::with_capacity(items.len());
    for item in items {
        let line: base::SalesLineId = tx.id()?;
        lines.push(row![line, item, 1_i64, 1000_i64]);
        kept.push(row![line, item, 1_i64]);
        rows.push(row![item, 1_i64]);
        placed.push((line.raw(), *item, 1));
    }
    tx.query(&LOCK_ROWS, params![company; Rows::column(items.iter().copied())])?;
    tx.write(&ADD_LINES, params![company, order; lines])?;
    tx.write_exactly(items.len(), &RESERVE, params![company; rows])?;
    tx.write(&ADD_RESERVATIONS, params![company; kept])?;
    Ok(Placed { lines: placed })
}

/// The second commit: moves, layer uses and the entry.
///
/// # Errors
/// The store's own.
pub fn ship(tx: &mut Tx<'_>, placed: &Placed, at: i64) -> Result<(), StoreError> {
    let company = CompanyId::from_raw(COMPANY);
    let (mut moves, mut uses, mut rows) = (Rows::new(5), Rows::new(5), Rows::new(2));
    for (line, item, quantity) in &placed.lines {
        let moved: base::MoveId = tx.id()?;
        let used: base::LayerId = tx.id()?;
        moves.push(row![moved, item, line, quantity, 600_i64]);
        uses.push(row![used, item, moved, quantity, 600_i64]);
        rows.push(row![item, quantity]);
    }
    let items = placed.lines.iter().map(|(_, item, _)| *item);
    tx.query(&LOCK_ROWS, params![company; Rows::column(items)])?;
    tx.write_exactly(placed.lines.len(), &TAKE, params![company; rows])?;
    tx.write(&ADD_MOVES, params![company, at; moves])?;
    tx.write(&ADD_USES, params![company; uses])?;
    let entry: base::EntryId = tx.id()?;
    tx.write(&ADD_ENTRY, params![company, entry, "2026-01-05"])?;
    let mut lines = Rows::new(4);
    for (line, account, debit, credit) in
        [(1, 1, 3600, 0), (2, 2, 0, 3600), (3, 3, 1800, 0), (4, 4, 0, 1800)]
    {
        lines.push(row![line as i64, account as i64, debit as i64, credit as i64]);
    }
    tx.write(&ADD_ENTRY_LINES, params![company, entry; lines])
}

/// Proposes what is short of the next rules, at the least: the same rows are read and written, and
/// nothing is kept of why. Answers with how many rules and proposals there were, and with the last
/// item; none when there are no more rules.
///
/// # Errors
/// The store's own.
pub fn propose(
    tx: &mut Tx<'_>,
    company: CompanyId,
    after: ItemId,
    limit: i64,
) -> Result<Option<(u64, u64, ItemId)>, StoreError> {
    let rules = tx.query(&NEXT_RULES, params![company, after, limit])?;
    let mut items = Vec::with_capacity(rules.len());
    for rule in &rules {
        items.push((rule.get::<ItemId>(0)?, rule.get::<i64>(1)?, rule.get::<i64>(2)?));
    }
    let Some((last, ..)) = items.last().copied() else { return Ok(None) };
    let ids = || Rows::column(items.iter().map(|(item, ..)| *item));
    let mut level = std::collections::HashMap::new();
    for (statement, sign) in [(&LYING, 1), (&WANTED, -1)] {
        for row in tx.query(statement, params![company; ids()])? {
            *level.entry(row.get::<ItemId>(0)?).or_insert(0_i64) += sign * row.get::<i64>(1)?;
        }
    }
    tx.query(&OFFERED, params![company; ids()])?;
    let mut set = Rows::new(4);
    for (item, min, max) in &items {
        let level = level.get(item).copied().unwrap_or(0);
        if level < *min {
            let id: base::ProposalId = tx.id()?;
            set.push(row![id, item, max - level, level.to_string()]);
        }
    }
    let proposed = set.len() as u64;
    tx.write(&ADD_PROPOSALS, params![company; set])?;
    Ok(Some((items.len() as u64, proposed, last)))
}

/// Counts every item, each second one a piece short, at the least: the rows are locked and read, what
/// was seen of each is written, and what differs is moved and booked. Answers with how many differ.
///
/// # Errors
/// The store's own.
pub fn count(tx: &mut Tx<'_>, items: &[ItemId]) -> Result<u64, StoreError> {
    let company = CompanyId::from_raw(COMPANY);
    let lying = tx.query(&LOCK_ROWS, params![company; Rows::column(items.iter().copied())])?;
    let (mut seen, mut moves, mut uses, mut rows) =
        (Rows::new(3), Rows::new(5), Rows::new(5), Rows::new(2));
    for (at, row) in lying.iter().enumerate() {
        let (item, on_hand): (ItemId, i64) = (row.get(0)?, row.get(1)?);
        let short = (at % 2) as i64;
        seen.push(row![item, on_hand, on_hand - short]);
        if short > 0 {
            let moved: base::MoveId = tx.id()?;
            let used: base::LayerId = tx.id()?;
            moves.push(row![moved, item, at as i64 + 1, short, 600_i64]);
            uses.push(row![used, item, moved, short, 600_i64]);
            rows.push(row![item, short]);
        }
    }
    let corrected = rows.len();
    tx.write(&ADD_SEEN, params![company; seen])?;
    tx.write_exactly(corrected, &CORRECT, params![company; rows])?;
    tx.write(&ADD_MOVES, params![company, 0_i64; moves])?;
    tx.write(&ADD_USES, params![company; uses])?;
    let entry: base::EntryId = tx.id()?;
    tx.write(&ADD_ENTRY, params![company, entry, "2026-01-05"])?;
    let mut lines = Rows::new(4);
    let value = 600 * corrected as i64;
    lines.push(row![1_i64, 1_i64, value, 0_i64]);
    lines.push(row![2_i64, 2_i64, 0_i64, value]);
    tx.write(&ADD_ENTRY_LINES, params![company, entry; lines])?;
    Ok(corrected as u64)
}

/// Sums what stock was worth on a day, without names. Answers with how many rows there were.
///
/// # Errors
/// The store's own.
pub fn value(tx: &mut Tx<'_>, company: CompanyId, day: Day) -> Result<u64, StoreError> {
    Ok(tx.query(&WORTH, params![company, day])?.len() as u64)
}

/// Reads what of an item is free.
///
/// # Errors
/// The store's own.
pub fn available(tx: &mut Tx<'_>, item: ItemId) -> Result<u64, StoreError> {
    let company = CompanyId::from_raw(COMPANY);
    Ok(tx.query(&FREE, params![company, item])?.len() as u64)
}
