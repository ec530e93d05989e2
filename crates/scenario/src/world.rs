//! The small world of a case while it runs: its company, what is named in it, and what was done.

use crate::case::{ArgError, Args};
use accounting::{OpenKey, Role};
use base::{
    AccountId, CountId, Day, EntryId, ItemId, MoveId, NumberError, Price, Problem, ProblemKind,
    PurchaseOrderId, Quantity, Rule, SalesOrderId, TransferId, UserId,
};
use catalog::Unit;
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use stock::{StockFilter, StockLine, Warehouse};
use store::{Database, StoreError, Tx};

/// The open lines that a scenario's own receipts make.
pub(crate) const OPEN_KIND: &str = "scenario";

/// The owner of a scenario's own demands, and the source of its own moves.
pub(crate) const SOURCE: &str = "scenario";

/// What a step or check cannot go beyond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// A door said no: a broken rule.
    Refused(Problem),
    /// The case asks for what cannot be, or something broke.
    Failed(String),
}

impl Stop {
    pub fn failed(what: impl Into<String>) -> Stop {
        Stop::Failed(what.into())
    }
}

impl From<ArgError> for Stop {
    fn from(error: ArgError) -> Stop {
        Stop::Failed(error.to_string())
    }
}

impl From<NumberError> for Stop {
    fn from(error: NumberError) -> Stop {
        Stop::Failed(error.to_string())
    }
}

/// An item with what only a scenario knows of it.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    pub item: catalog::Item,
    /// How many decimals its unit cost is shown with.
    pub cost_decimals: Option<u32>,
}

/// How an item is supplied when it is sold.
#[derive(Clone, Debug)]
pub(crate) struct SuppliedOnSale {
    /// What stock has is kept first.
    pub stock_first: bool,
    /// The supplier that sends it straight to customers.
    pub direct: Option<String>,
}

/// Goods that one step moved together.
#[derive(Clone, Debug)]
pub(crate) struct Goods {
    pub moves: Vec<Moved>,
    /// The line on which their value is owed.
    pub open: Option<OpenKey>,
    /// The document as movements name it.
    pub source_id: i64,
}

/// Places that were proposed for goods.
#[derive(Clone, Debug)]
pub(crate) struct Proposed {
    /// The unit of the quantities.
    pub unit: String,
    pub answer: stock::PutawayProposed,
}

/// One move of a step.
#[derive(Clone, Debug)]
pub(crate) struct Moved {
    pub item_id: ItemId,
    pub move_id: MoveId,
    pub quantity: Quantity,
    pub value: i64,
    /// Our side of the move.
    pub place: base::PlaceId,
}

/// A receipt or return of a purchase order.
#[derive(Clone, Debug)]
pub(crate) struct Receipt {
    pub order: PurchaseOrderId,
    /// Lines and quantities in the stock unit.
    pub lines: Vec<(i64, Quantity)>,
    pub goods: Goods,
}

/// A cost spread over receipts.
#[derive(Clone, Debug)]
pub(crate) struct Landed {
    pub shares: Vec<Share>,
    pub open: OpenKey,
    /// What each receipt line weighed in the first split, in minor units when it was by value.
    pub bases: Vec<i64>,
}

/// What one receipt line bears of one cost.
#[derive(Clone, Debug)]
pub(crate) struct Share {
    pub name: String,
    pub item_id: ItemId,
    pub move_id: MoveId,
    pub quantity: Quantity,
    pub share: i64,
    /// What of it went to cost of goods sold.
    pub sold: i64,
}

/// What a case's `id` can name.
#[derive(Clone, Debug)]
pub(crate) enum Document {
    Goods(Goods),
    Receipt(Receipt),
    Order(PurchaseOrderId),
    /// Goods that are on their way, by the order that brings them.
    Planned(PurchaseOrderId),
    Inspection(base::InspectionId),
    Bill {
        order: Option<PurchaseOrderId>,
    },
    Sale(SalesOrderId),
    Claim(base::CustomerReturnId),
    Demand(i64),
    Landed(Landed),
    Transfer(TransferId),
    Count(CountId),
}

/// What a step made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made {
    pub document: Option<Document>,
    /// The price told.
    pub price: Option<Price>,
    /// The unit cost before and after a change of it.
    pub costs: Option<(Price, Price)>,
    /// The places proposed.
    pub proposed: Option<Proposed>,
}

impl Made {
    pub fn document(document: Document) -> Made {
        Made { document: Some(document), ..Made::default() }
    }
}

/// A step as it went.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub outcome: Result<Made, Problem>,
    /// The entries it posted.
    pub entries: Vec<EntryId>,
    /// The goods it moved.
    pub moves: Vec<stock::Movement>,
    /// The unit costs of all items just before it.
    pub costs_before: BTreeMap<ItemId, Price>,
}

/// The world.
pub(crate) struct World {
    database: Database,
    pub ctx: Ctx,
    pub items: BTreeMap<String, Known>,
    pub units: BTreeMap<String, Unit>,
    pub warehouses: BTreeMap<String, Warehouse>,
    pub users: BTreeMap<String, UserId>,
    pub policy: BTreeMap<String, String>,
    /// Whether a step went below zero by force.
    pub forced: bool,
    /// Services whose bills are spread over receipts.
    pub landed_services: BTreeSet<String>,
    /// The steps that entered bills, by the bills' names.
    pub bills: BTreeMap<String, i64>,
    /// The roles of the company's accounts.
    pub roles: BTreeMap<AccountId, Role>,
    /// The rules of replenishment, as they were last set.
    pub rules: Vec<::planning::SetRule>,
    pub documents: BTreeMap<String, Document>,
    /// The items that are supplied on sale, by SKU.
    pub supplied: BTreeMap<String, SuppliedOnSale>,
    /// The sheet of counts that name none.
    pub sheet: Option<CountId>,
    pub records: BTreeMap<i64, Record>,
    pub seen_entries: BTreeSet<EntryId>,
    pub seen_moves: BTreeSet<MoveId>,
    drawn: i64,
}

impl World {
    pub fn new(database: Database, ctx: Ctx) -> World {
        World {
            database,
            ctx,
            items: BTreeMap::new(),
            units: BTreeMap::new(),
            warehouses: BTreeMap::new(),
            users: BTreeMap::new(),
            policy: BTreeMap::new(),
            forced: false,
            landed_services: BTreeSet::new(),
            bills: BTreeMap::new(),
            roles: BTreeMap::new(),
            rules: Vec::new(),
            documents: BTreeMap::new(),
            supplied: BTreeMap::new(),
            sheet: None,
            records: BTreeMap::new(),
            seen_entries: BTreeSet::new(),
            seen_moves: BTreeSet::new(),
            drawn: 0,
        }
    }

    /// A number for something that only the scenario numbers.
    pub fn draw(&mut self) -> i64 {
        self.drawn += 1;
        self.drawn
    }

    /// Goes through a door that writes.
    pub fn write<T, E, F>(&self, ctx: &Ctx, mut door: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    {
        let ctx = ctx.clone();
        self.database.write(move |tx| door(tx, &ctx)).map_err(|error| told(&error))
    }

    /// Goes through a door that reads.
    pub fn read<T, E, F>(&self, mut door: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        E: Rule + From<StoreError> + Send + 'static,
        F: FnMut(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    {
        let ctx = self.ctx.clone();
        self.database.read(move |tx| door(tx, &ctx)).map_err(|error| told(&error))
    }

    /// Who does a step, and on which day.
    pub fn actor(&self, args: &Args) -> Result<Ctx, Stop> {
        let day = args.day_opt("date")?.unwrap_or(self.ctx.today);
        let ctx = self.ctx.on(day);
        let Some(login) = args.text_opt("user")? else { return Ok(ctx) };
        let user = self.users.get(login).copied();
        let user = user.ok_or_else(|| Stop::failed(format!("there is no user {login}")))?;
        let (company, at) = (ctx.company_id, ctx.at);
        self.read(move |tx, _| identity::ctx_for_user(tx, company, user, at, "scenario"))
    }

    /// The day of a step.
    pub fn day(&self, args: &Args) -> Result<Day, Stop> {
        Ok(args.day_opt("date")?.unwrap_or(self.ctx.today))
    }

    pub fn item(&self, sku: &str) -> Result<&Known, Stop> {
        self.items.get(sku).ok_or_else(|| Stop::failed(format!("there is no item {sku}")))
    }

    pub fn unit(&self, code: &str) -> Result<&Unit, Stop> {
        self.units.get(code).ok_or_else(|| Stop::failed(format!("there is no unit {code}")))
    }

    /// A quantity in the item's stock unit.
    pub fn in_stock_unit(
        &self,
        item: &catalog::Item,
        quantity: Quantity,
        unit: Option<&str>,
    ) -> Result<Quantity, Stop> {
        let Some(code) = unit else { return Ok(quantity) };
        catalog::to_stock_unit(item, quantity, self.unit(code)?)
            .map_err(|error| Stop::Refused(error.problem()))
    }

    /// The only warehouse, or the one named.
    pub fn warehouse(&self, code: Option<&str>) -> Result<&Warehouse, Stop> {
        let found = match code {
            Some(code) => self.warehouses.get(code),
            None => self.warehouses.values().next(),
        };
        found.ok_or_else(|| Stop::failed(format!("there is no warehouse {}", code.unwrap_or("WH"))))
    }

    /// The document that a step's `target` names.
    pub fn target(&self, args: &Args) -> Result<&Document, Stop> {
        self.document(args.text("target")?)
    }

    pub fn document(&self, id: &str) -> Result<&Document, Stop> {
        self.documents.get(id).ok_or_else(|| Stop::failed(format!("nothing is named {id}")))
    }

    /// What an account of the company is for.
    pub fn role_of(&self, account: AccountId) -> Option<Role> {
        self.roles.get(&account).copied()
    }

    /// The stock rows of an item at a place, and in the places in it unless only its own are meant.
    pub fn rows_at(&self, sku: &str, place: &str, own_only: bool) -> Result<Vec<StockLine>, Stop> {
        let whole = path_of(place, &self.warehouses);
        let inside = format!("{whole}/");
        let mut rows = self.rows_of(sku)?;
        rows.retain(|row| row.place == whole || (!own_only && row.place.starts_with(&inside)));
        Ok(rows)
    }

    /// The stock rows of an item.
    pub fn rows_of(&self, sku: &str) -> Result<Vec<StockLine>, Stop> {
        let (mut rows, mut cursor) = (Vec::new(), None);
        loop {
            let filter = StockFilter {
                sku: Some(sku.to_owned()),
                cursor,
                limit: Some(200),
                ..StockFilter::default()
            };
            let page = self.read(move |tx, ctx| stock::list_stock(tx, ctx, filter.clone()))?;
            rows.extend(page.lines);
            cursor = page.next_cursor;
            if cursor.is_none() {
                return Ok(rows);
            }
        }
    }

    /// The record of a step.
    pub fn record(&self, step: Option<i64>) -> Result<&Record, Stop> {
        let step = step.ok_or_else(|| Stop::failed("the check needs its step"))?;
        self.records.get(&step).ok_or_else(|| Stop::failed(format!("step {step} was not run")))
    }

    /// What a step made, when it was not refused.
    pub fn made(&self, step: Option<i64>) -> Result<&Made, Stop> {
        match &self.record(step)?.outcome {
            Ok(made) => Ok(made),
            Err(problem) => Err(Stop::failed(format!("the step was refused: {}", problem.detail))),
        }
    }
}

/// A refusal in the words of its door; a fault keeps its own words.
fn told(error: &dyn Rule) -> Stop {
    let problem = error.problem();
    match problem.kind {
        ProblemKind::Internal | ProblemKind::Busy => Stop::Failed(error.to_string()),
        _ => Stop::Refused(problem),
    }
}

/// The path of a place as the product writes it. `STOCK` is a warehouse's stock; a name without a
/// warehouse lies in the stock of the first.
pub(crate) fn path_of(name: &str, warehouses: &BTreeMap<String, Warehouse>) -> String {
    let mut parts: Vec<&str> = name.split('/').collect();
    let first = warehouses.keys().next().map_or("WH", String::as_str);
    let code = match parts.first() {
        Some(code) if warehouses.contains_key(*code) => parts.remove(0),
        _ => first,
    };
    if parts.first().is_some_and(|part| part.eq_ignore_ascii_case("stock")) {
        parts.remove(0);
    } else if parts.is_empty() {
        return code.to_owned();
    }
    let mut path = format!("{code}/Stock");
    for part in parts {
        path.push('/');
        path.push_str(part);
    }
    path
}
