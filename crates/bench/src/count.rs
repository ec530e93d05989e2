//! W4: a sheet of so many lines is opened, counted and applied, half of its lines one piece off;
//! beside the floor, which reads the same rows, writes what was seen of each, and moves what differs.

use crate::company::{self, Company, WAREHOUSE, sku};
use crate::pass::{Pass, passes, timed};
use crate::{BenchError, ITEMS, Options, assert_sound, floor, open_fresh, refused};
use base::{CountId, Quantity};
use catalog::{CreateItems, NewItem};
use counting::{ApplyCounts, Count, CountedLine, OpenCount};
use store::{Database, Engine};

/// How many lines are entered at once.
const PART: usize = 1_000;
/// How many pieces lie of each item.
const PIECES: i64 = 1_000_000;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// On which engine.
    pub engine: Engine,
    /// The sheet is opened.
    pub opened: Pass,
    /// What lies there is entered.
    pub entered: Pass,
    /// The differences are posted.
    pub applied: Pass,
    /// The floor, all at once.
    pub floor: Pass,
}

impl Counted {
    /// The report for people.
    #[must_use]
    pub fn text(&self) -> String {
        let Counted { engine, opened, entered, applied, floor } = self;
        let title = format!("a sheet of {} lines on {engine:?}", entered.elements);
        let off = |pass: &Pass| format!("{} corrected", pass.made);
        passes(
            &title,
            "lines",
            &[
                ("opened", *opened, format!("{} lines", opened.made)),
                ("entered", *entered, format!("{} lines", entered.made)),
                ("applied", *applied, off(applied)),
                ("floor", *floor, off(floor)),
            ],
        )
    }
}

/// Sets up a company with stock of as many items as there are operations, at least a thousand, and
/// counts them all. Clients and HTTP play no part.
///
/// # Errors
/// The first that applies in the order of [`BenchError`].
pub fn count(options: &Options) -> Result<Counted, BenchError> {
    if options.operations == 0 {
        return Err(BenchError::NothingToDo);
    }
    let database = open_fresh(&options.database)?;
    let company = company::found(&database)?;
    let lines = options.operations.max(ITEMS);
    let items = floor::prepare(&database, lines)?;
    more_items(&database, &company, lines)?;

    let (opened, count_id) = open(&database, &company)?;
    let entered = enter(&database, &company, count_id, lines)?;
    let applied = apply(&database, &company, count_id, lines)?;
    let floor = timed(|pass| {
        let items = items.clone();
        let (corrected, statements) = database.write(move |tx| {
            let before = tx.statements();
            let corrected = floor::count(tx, &items)?;
            Ok::<_, BenchError>((corrected, tx.statements() - before))
        })?;
        (pass.elements, pass.made, pass.statements) = (lines as u64, corrected, statements);
        Ok(false)
    })?;
    assert_sound(&database, company.ctx.company_id)?;
    let engine = database.engine();
    database.close();
    Ok(Counted { engine, opened, entered, applied, floor })
}

/// Items beyond the first thousand, each with stock.
fn more_items(database: &Database, company: &Company, count: usize) -> Result<(), BenchError> {
    let all: Vec<usize> = (ITEMS..count).collect();
    for part in all.chunks(PART) {
        let (ctx, part) = (company.ctx.clone(), part.to_vec());
        database.write(move |tx| {
            let items = part.iter().map(|at| NewItem::new(sku(*at), "Thing")).collect();
            catalog::create_items(tx, &ctx, CreateItems { items, all_or_nothing: true })
                .map_err(refused("create_items"))?;
            company::open_stock(tx, &ctx, &part)
        })?;
    }
    Ok(())
}

fn open(database: &Database, company: &Company) -> Result<(Pass, CountId), BenchError> {
    let mut made = None;
    let pass = timed(|pass| {
        let ctx = company.ctx.clone();
        let (opened, statements) = database.write(move |tx| {
            let before = tx.statements();
            let request = OpenCount {
                warehouse: Some(WAREHOUSE.to_owned()),
                places: Vec::new(),
                skus: Vec::new(),
                as_counted: false,
                blind: true,
                memo: String::new(),
                client_ref: String::new(),
            };
            let opened = counting::open_count(tx, &ctx, request).map_err(refused("open_count"))?;
            Ok::<_, BenchError>((opened, tx.statements() - before))
        })?;
        let lines = u64::try_from(opened.lines).unwrap_or(0);
        (pass.elements, pass.made, pass.statements) = (lines, lines, statements);
        made = Some(opened.count_id);
        Ok(false)
    })?;
    let count_id = made.ok_or_else(|| refused::<&str>("open_count")("no sheet was opened"))?;
    Ok((pass, count_id))
}

/// Every second line is one piece short.
fn enter(
    database: &Database,
    company: &Company,
    count_id: CountId,
    lines: usize,
) -> Result<Pass, BenchError> {
    let mut next = 0;
    timed(|pass| {
        let part = next..lines.min(next + PART);
        next = part.end;
        let seen = |at: usize| CountedLine {
            sku: sku(at),
            place: format!("{WAREHOUSE}/Stock"),
            lot: None,
            quantity: Quantity::units(PIECES - (at % 2) as i64),
        };
        let request = Count { count_id, lines: part.map(seen).collect(), counted_at: None };
        let ctx = company.ctx.clone();
        let (entered, statements) = database.write(move |tx| {
            let before = tx.statements();
            let entered = counting::count(tx, &ctx, request.clone()).map_err(refused("count"))?;
            Ok::<_, BenchError>((entered.lines.len() as u64, tx.statements() - before))
        })?;
        pass.elements += entered;
        pass.made += entered;
        pass.statements += statements;
        Ok(next < lines)
    })
}

fn apply(
    database: &Database,
    company: &Company,
    count_id: CountId,
    lines: usize,
) -> Result<Pass, BenchError> {
    timed(|pass| {
        let ctx = company.ctx.clone();
        let statements = database.write(move |tx| {
            let before = tx.statements();
            let request = ApplyCounts { count_id, reasons: Vec::new(), skip_uncounted: false };
            counting::apply_counts(tx, &ctx, request).map_err(refused("apply_counts"))?;
            Ok::<_, BenchError>(tx.statements() - before)
        })?;
        pass.elements = lines as u64;
        pass.made = (lines / 2) as u64;
        pass.statements = statements;
        Ok(false)
    })
}
