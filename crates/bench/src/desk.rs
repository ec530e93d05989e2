//! A company for the desk to be opened on: as many items and moves as asked for, lying on shelves,
//! with orders, invoices, receipts, bills and proposals in their proportion. Nothing is measured here
//! but how long each part took to make; `web/story/pace.mjs` measures the desk.

use crate::company::{self, Company, WAREHOUSE, sku};
use crate::pass::{Pass, passes, timed};
use crate::product::{bill, items_of, shipment, to_accept};
use crate::replenish::{run, terms};
use crate::{BenchError, ITEMS, assert_sound, open_with, refused};
use accounting::{Area, Role};
use base::{Day, Quantity, SalesOrderId};
use catalog::{CreateItems, NewItem};
use identity::Ctx;
use planning::MAX_RULES;
use sales::{AcceptOrders, InvoiceOrder, InvoiceOrders, ShipOrders};
use stock::{Cost, Counter, CreatePlace, Kind, Move, Posting};
use store::{Database, Engine, Tx};

/// How many elements a transaction has.
const PART: usize = 1_000;
/// How many orders one has.
const ORDERS: usize = 100;
/// How many shelves there are at most.
const SHELVES: usize = 200;
/// Over how many days everything happens.
const DAYS: usize = 300;
/// How many moves there are for each order of a customer, and for each to a supplier.
const MOVES_PER_SALE: usize = 50;
const MOVES_PER_PURCHASE: usize = 200;
/// How many items have a rule that they fall short of, at most.
const RULES: usize = 20_000;
/// What such a rule asks for: more than lies of any of them.
const LEVELS: (i64, i64) = (1_000, 1_200);

/// What is made.
#[derive(Clone, Debug)]
pub struct Furnish {
    /// The address of a fresh database, in the forms of [`Database::open`].
    pub database: String,
    /// How many items, at least [`ITEMS`].
    pub items: usize,
    /// About how many moves: those of orders come on top.
    pub moves: usize,
}

/// What was made, and how long each part took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Furnished {
    /// On which engine.
    pub engine: Engine,
    /// Items, with what suppliers ask for them.
    pub items: Pass,
    /// Moves onto shelves and off them.
    pub moves: Pass,
    /// Orders of customers, of which nearly all are shipped and invoiced.
    pub sales: Pass,
    /// Orders to suppliers, of which most are received and billed.
    pub purchases: Pass,
    /// Proposals of replenishment.
    pub proposals: Pass,
}

impl Furnished {
    /// The report for people.
    #[must_use]
    pub fn text(&self) -> String {
        let Furnished { engine, items, moves, sales, purchases, proposals } = self;
        let told = |pass: &Pass, of: &str| format!("{} {of}", pass.made);
        passes(
            &format!("a company for the desk on {engine:?}"),
            "elements",
            &[
                ("items", *items, told(items, "items")),
                ("moves", *moves, told(moves, "moves")),
                ("sales", *sales, told(sales, "shipped")),
                ("purchases", *purchases, told(purchases, "received")),
                ("replenishment", *proposals, told(proposals, "proposals")),
            ],
        )
    }
}

/// Makes the company and checks its books.
///
/// # Errors
/// The first that applies in the order of [`BenchError`].
pub fn furnish(asked: &Furnish) -> Result<Furnished, BenchError> {
    if asked.moves == 0 {
        return Err(BenchError::NothingToDo);
    }
    // The product alone opens it later, so nothing else is in it.
    let database = open_with(&asked.database, &reconcile::SCHEMA)?;
    let company = company::found(&database)?;
    let count = asked.items.max(ITEMS);
    let world = World { database: &database, company: &company, items: count };
    let items = world.more_items()?;
    let moves = world.move_goods(asked.moves)?;
    let sales = world.sell(asked.moves.div_ceil(MOVES_PER_SALE))?;
    let purchases = world.buy(asked.moves.div_ceil(MOVES_PER_PURCHASE))?;
    let proposals = run(&database, &company)?;
    let company_id = company.ctx.company_id;
    database.seal_trail(company_id)?;
    assert_sound(&database, company_id)?;
    let engine = database.engine();
    database.close();
    Ok(Furnished { engine, items, moves, sales, purchases, proposals })
}

/// Where it is made.
struct World<'a> {
    database: &'a Database,
    company: &'a Company,
    items: usize,
}

impl World<'_> {
    /// The caller on the day of part `at` of `parts`.
    fn on(&self, at: usize, parts: usize) -> Result<Ctx, BenchError> {
        let days = at * DAYS / parts.max(1);
        let day = self.company.ctx.today.plus(days as i64).map_err(refused("a day"))?;
        Ok(self.company.ctx.on(day))
    }

    /// The items beyond the first thousand, the first of which have rules.
    fn more_items(&self) -> Result<Pass, BenchError> {
        let all: Vec<usize> = (ITEMS..self.items).collect();
        let mut parts = all.chunks(MAX_RULES);
        timed(|pass| {
            let Some(part) = parts.next() else { return Ok(false) };
            let (ctx, part) = (self.company.ctx.clone(), part.to_vec());
            pass.elements += part.len() as u64;
            pass.made += part.len() as u64;
            pass.statements += self.database.write(move |tx| {
                let before = tx.statements();
                let items = part.iter().map(|at| NewItem::new(sku(*at), name(*at))).collect();
                catalog::create_items(tx, &ctx, CreateItems { items, all_or_nothing: true })
                    .map_err(refused("create_items"))?;
                let ruled = part.first().is_some_and(|first| *first < ITEMS + RULES);
                terms(tx, &ctx, &part, ruled.then_some(LEVELS))?;
                Ok::<_, BenchError>(tx.statements() - before)
            })?;
            Ok(true)
        })
    }

    /// Each item lies on a shelf of its own; five pieces come and two go, in turns.
    fn move_goods(&self, count: usize) -> Result<Pass, BenchError> {
        let shelves = SHELVES.min(self.items / ITEMS * 10);
        let ctx = self.company.ctx.clone();
        self.database.write(move |tx| {
            for at in 0..shelves {
                let request = CreatePlace { parent: format!("{WAREHOUSE}/Stock"), code: shelf(at) };
                stock::create_place(tx, &ctx, request).map_err(refused("create_place"))?;
            }
            Ok::<_, BenchError>(())
        })?;
        let chunks = self.items.div_ceil(PART);
        let postings = count.div_ceil(PART);
        let mut at = 0;
        timed(|pass| {
            let first = at % chunks * PART;
            let items = first..self.items.min(first + PART);
            let goods = Goods { at, items, into: (at / chunks).is_multiple_of(2), shelves };
            let moved = goods.items.len() as u64;
            let ctx = self.on(at, postings)?;
            pass.statements += self.database.write(move |tx| {
                let before = tx.statements();
                goods.post(tx, &ctx)?;
                Ok::<_, BenchError>(tx.statements() - before)
            })?;
            pass.elements += moved;
            pass.made += moved;
            at += 1;
            Ok(at < postings)
        })
    }

    /// Orders of three lines are accepted; all but those of the last day are shipped and invoiced.
    fn sell(&self, count: usize) -> Result<Pass, BenchError> {
        let parts = count.div_ceil(ORDERS);
        let mut at = 0;
        timed(|pass| {
            let numbers = (at * ORDERS) as u64..count.min((at + 1) * ORDERS) as u64;
            pass.elements += numbers.end - numbers.start;
            at += 1;
            let leaves = at < parts;
            if leaves {
                pass.made += numbers.end - numbers.start;
            }
            let ctx = self.on(at - 1, parts)?;
            pass.statements += self.database.write(move |tx| {
                let before = tx.statements();
                sell(tx, &ctx, numbers.clone(), leaves)?;
                Ok::<_, BenchError>(tx.statements() - before)
            })?;
            Ok(at < parts)
        })
    }

    /// Orders of three lines: eight of ten are received, of those seven billed.
    fn buy(&self, count: usize) -> Result<Pass, BenchError> {
        let mut at = 0;
        timed(|pass| {
            let ctx = self.on(at, count)?;
            let operation = at as u64;
            let (comes, billed) = (at % 10 < 8, at % 10 < 7);
            pass.statements += self.database.write(move |tx| {
                let before = tx.statements();
                let lines = items_of(operation).map(|item| (item, 100));
                let supplier = company::supplier(operation);
                let order_id = company::order(tx, &ctx, supplier, &lines)?;
                if comes {
                    let request = company::receipt(order_id, &lines);
                    purchasing::receive(tx, &ctx, request).map_err(refused("receive"))?;
                }
                if billed {
                    let request = bill(order_id, operation);
                    purchasing::bill(tx, &ctx, request).map_err(refused("bill"))?;
                }
                Ok::<_, BenchError>(tx.statements() - before)
            })?;
            pass.elements += 1;
            pass.made += u64::from(comes);
            at += 1;
            Ok(at < count)
        })
    }
}

/// One posting.
#[derive(Clone)]
struct Goods {
    at: usize,
    items: std::ops::Range<usize>,
    into: bool,
    shelves: usize,
}

impl Goods {
    fn post(&self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), BenchError> {
        let skus: Vec<String> = self.items.clone().map(sku).collect();
        let found = catalog::items_by_sku(tx, ctx.company_id, &skus)?;
        let warehouse = stock::warehouse_by_code(tx, ctx.company_id, WAREHOUSE)?
            .ok_or_else(|| refused::<&str>("moves")("there is no warehouse"))?;
        let paths: Vec<String> =
            (0..self.shelves).map(|at| format!("{WAREHOUSE}/Stock/{}", shelf(at))).collect();
        let places = stock::find_places(tx, ctx.company_id, paths.iter().map(String::as_str))?;
        let mut moves = Vec::with_capacity(skus.len());
        for (at, sku) in self.items.clone().zip(&skus) {
            let item = found.get(sku).ok_or_else(|| refused("moves")(format!("no item {sku}")))?;
            let place = places.get(&paths[at % self.shelves]).map(|place| place.place_id);
            let place = place.ok_or_else(|| refused::<&str>("moves")("there is no shelf"))?;
            let (from, to, pieces) =
                if self.into { (warehouse.loss, place, 5) } else { (place, warehouse.loss, 2) };
            moves.push(Move {
                cost: if self.into { Cost::Given(3_000) } else { Cost::Method },
                kind: if self.into { Kind::Receipt } else { Kind::Issue },
                counter: Some(Counter::role(Role::Found)),
                ..Move::plain(item.id, from, to, Quantity::units(pieces))
            });
        }
        let happened_on: Day = ctx.today;
        let posting = Posting {
            area: Area::Stock,
            happened_on,
            source_kind: "bench",
            source_id: self.at as i64 + 1,
            memo: "goods come and go".to_owned(),
            moves,
            lines: Vec::new(),
        };
        stock::post(tx, ctx, posting).map_err(refused("post"))?;
        Ok(())
    }
}

fn sell(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    numbers: std::ops::Range<u64>,
    leaves: bool,
) -> Result<(), BenchError> {
    let orders = numbers.map(to_accept).collect();
    let request = AcceptOrders { orders, all_or_nothing: true };
    let accepted = sales::accept_orders(tx, ctx, request).map_err(refused("accept_orders"))?;
    if !leaves {
        return Ok(());
    }
    let orders = accepted.results.iter().filter_map(|result| result.order.as_ref());
    let ids: Vec<SalesOrderId> = orders.map(|order| order.order_id).collect();
    let shipments = ids.iter().copied().map(shipment).collect();
    let request = ShipOrders { shipments, all_or_nothing: true };
    sales::ship_orders(tx, ctx, request).map_err(refused("ship_orders"))?;
    let invoice =
        |order_id| InvoiceOrder { order_id, invoiced_on: None, due_on: None, client_ref: None };
    let invoices = ids.into_iter().map(invoice).collect();
    let request = InvoiceOrders { invoices, all_or_nothing: true };
    sales::invoice_orders(tx, ctx, request).map_err(refused("invoice_orders"))?;
    Ok(())
}

fn shelf(at: usize) -> String {
    format!("A-{at:03}")
}

/// A name with words that many items share, and one of its own.
fn name(at: usize) -> String {
    const LOOKS: [&str; 10] = [
        "red", "blue", "small", "large", "vintage", "plain", "striped", "round", "folding", "gilt",
    ];
    const THINGS: [&str; 12] = [
        "cup", "lamp", "basket", "cushion", "clock", "frame", "lantern", "plate", "hook", "vase",
        "tray", "candle",
    ];
    format!("{} {} {at}", LOOKS[at % LOOKS.len()], THINGS[at / 7 % THINGS.len()])
}
