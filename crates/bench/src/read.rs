//! W5 and W6, which only read: what stock was worth on a past day, after so many moves; and what of an
//! item is available, so many times. Beside the floor, which sums the same rows, or reads one.

use crate::company::{self, Company, sku};
use crate::pass::{Pass, passes, timed};
use crate::{BenchError, ITEMS, Options, assert_sound, floor, open_fresh, refused};
use accounting::{Area, Role};
use base::{Day, ItemId, Quantity};
use stock::{Cost, Counter, ItemFilter, Kind, Move, Posting};
use store::{Database, Engine};
use valuation::ValueFilter;

/// How many moves are posted at once.
const PART: usize = 1_000;
/// How often a report is read.
const READS: u64 = 20;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    title: String,
    elements: &'static str,
    /// The product.
    pub product: Pass,
    /// The floor.
    pub floor: Pass,
}

impl Asked {
    /// The report for people.
    #[must_use]
    pub fn text(&self) -> String {
        let told = |pass: &Pass| format!("{} rows", pass.made);
        let (product, floor) = (self.product, self.floor);
        passes(
            &self.title,
            self.elements,
            &[("product", product, told(&product)), ("floor", floor, told(&floor))],
        )
    }
}

/// W5: as many moves as there are operations are posted, over days; then what stock was worth in
/// their middle is read twenty times. Clients and HTTP play no part.
///
/// # Errors
/// The first that applies in the order of [`BenchError`].
pub fn value(options: &Options) -> Result<Asked, BenchError> {
    if options.operations == 0 {
        return Err(BenchError::NothingToDo);
    }
    let database = open_fresh(&options.database)?;
    let company = company::found(&database)?;
    floor::prepare(&database, 1)?;
    let (moves, middle) = move_goods(&database, &company, options.operations)?;
    let ctx = company.ctx.clone();
    let product = timed(|pass| {
        let ctx = ctx.clone();
        let filter = ValueFilter { on: Some(middle), ..ValueFilter::default() };
        let rows = database.read(move |tx| {
            valuation::stock_value(tx, &ctx, filter.clone()).map_err(refused("stock_value"))
        })?;
        pass.elements += moves;
        (pass.made, pass.statements) = (rows.lines.len() as u64, pass.transactions);
        Ok(pass.transactions < READS)
    })?;
    let company_id = company.ctx.company_id;
    let floor = timed(|pass| {
        let rows = database.read(move |tx| floor::value(tx, company_id, middle))?;
        pass.elements += moves;
        (pass.made, pass.statements) = (rows, pass.transactions);
        Ok(pass.transactions < READS)
    })?;
    assert_sound(&database, company_id)?;
    let engine = database.engine();
    database.close();
    let title = format!("stock value of a past day, {READS} times, {moves} moves, on {engine:?}");
    Ok(Asked { title, elements: "moves", product, floor })
}

/// Goods come and go in turns, a thousand moves a posting, a posting a day. Answers with how many
/// moves there were, and a day in the middle.
fn move_goods(
    database: &Database,
    company: &Company,
    count: usize,
) -> Result<(u64, Day), BenchError> {
    let (ctx, postings) = (&company.ctx, count.div_ceil(PART));
    let began = ctx.today;
    let out_of_range = refused("a day");
    let middle = began.plus(postings as i64 / 2).map_err(out_of_range)?;
    for at in 0..postings {
        let ctx = ctx.clone();
        let happened_on = began.plus(at as i64).map_err(refused("a day"))?;
        database.write(move |tx| {
            let skus: Vec<String> = (0..PART.min(ITEMS)).map(sku).collect();
            let items = catalog::items_by_sku(tx, ctx.company_id, &skus)?;
            let warehouse = stock::warehouse_by_code(tx, ctx.company_id, company::WAREHOUSE)?
                .ok_or_else(|| refused::<&str>("moves")("there is no warehouse"))?;
            let into = at % 2 == 0;
            let one = |item: ItemId| {
                let (from, to) = if into {
                    (warehouse.loss, warehouse.stock)
                } else {
                    (warehouse.stock, warehouse.loss)
                };
                Move {
                    cost: if into { Cost::Given(600 + at as i64) } else { Cost::Method },
                    kind: if into { Kind::Receipt } else { Kind::Issue },
                    counter: Some(Counter::role(Role::Found)),
                    ..Move::plain(item, from, to, Quantity::units(1))
                }
            };
            let posting = Posting {
                area: Area::Stock,
                happened_on,
                source_kind: "bench",
                source_id: at as i64 + 1,
                memo: "goods come and go".to_owned(),
                moves: items.values().map(|item| one(item.id)).collect(),
                lines: Vec::new(),
            };
            stock::post(tx, &ctx, posting).map_err(refused("post"))?;
            Ok::<_, BenchError>(())
        })?;
    }
    Ok(((postings * PART.min(ITEMS)) as u64, middle))
}

/// W6: what of an item is available is read as often as there are operations, of all items in turn,
/// by one client at the doors.
///
/// # Errors
/// The first that applies in the order of [`BenchError`].
pub fn availability(options: &Options) -> Result<Asked, BenchError> {
    if options.operations == 0 {
        return Err(BenchError::NothingToDo);
    }
    let database = open_fresh(&options.database)?;
    let company = company::found(&database)?;
    let items = floor::prepare(&database, ITEMS)?;
    let reads = options.operations as u64;
    let product = timed(|pass| {
        let ctx = company.ctx.clone();
        let sku = sku(usize::try_from(pass.transactions).unwrap_or(0) % ITEMS);
        let (rows, statements) = database.read(move |tx| {
            let filter = ItemFilter { sku: sku.clone(), warehouse: None };
            let before = tx.statements();
            let page =
                stock::list_availability(tx, &ctx, filter).map_err(refused("list_availability"))?;
            Ok::<_, BenchError>((page.lines.len() as u64, tx.statements() - before))
        })?;
        pass.elements += 1;
        pass.made += rows;
        pass.statements += statements;
        Ok(pass.transactions < reads)
    })?;
    let floor = timed(|pass| {
        let item = items[usize::try_from(pass.transactions).unwrap_or(0) % ITEMS];
        let rows = database.read(move |tx| floor::available(tx, item))?;
        pass.elements += 1;
        pass.made += rows;
        pass.statements += 1;
        Ok(pass.transactions < reads)
    })?;
    assert_sound(&database, company.ctx.company_id)?;
    let engine: Engine = database.engine();
    database.close();
    let title = format!("what of an item is available, {reads} reads, on {engine:?}");
    Ok(Asked { title, elements: "reads", product, floor })
}
