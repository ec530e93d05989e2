//! A company with accounts and items, and the posting of valued goods as the floor above does it.

use accounting::{Area, Entry, Line, Role, Template};
use base::{Day, Id, ItemId, MoveId, PoolId, Price, Quantity};
use catalog::{CreateItems, NewItem};
use identity::Ctx;
use store::{Database, Row, StoreError, Tx};
use valuation::{
    Change, Class, Cost, CostChange, CostCorrected, Kind, SCHEMA, StandingFilter, StandingKey,
    StandingRow, Valued,
};

/// Any refusal, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed(pub String);

macro_rules! failed {
    ($($error:ty),*) => {$(
        impl From<$error> for Failed {
            fn from(error: $error) -> Failed {
                Failed(error.to_string())
            }
        }
    )*};
}
failed!(
    StoreError,
    valuation::ValueError,
    valuation::RevalueError,
    valuation::SetError,
    accounting::PostError,
    identity::ListError
);

pub struct World<'d> {
    pub db: &'d Database,
    pub ctx: Ctx,
    pub items: Vec<ItemId>,
}

pub const POOL: i64 = 1;

pub fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

pub fn today() -> Day {
    day("2026-01-05")
}

pub fn units(units: i64) -> Quantity {
    Quantity::units(units)
}

pub fn price(text: &str) -> Price {
    Price::parse(text).expect("a price")
}

pub fn key(item: ItemId, class: Class) -> StandingKey {
    StandingKey { item, pool: PoolId::from_raw(POOL), class }
}

/// A change of value of goods of the normal class.
pub fn change(item: ItemId, quantity: i64, cost: Cost, move_id: i64) -> Change {
    let kind = if quantity > 0 { Kind::Receipt } else { Kind::Issue };
    Change {
        key: key(item, Class::Normal),
        quantity: units(quantity),
        cost,
        kind,
        source_kind: "test",
        source_id: move_id,
        move_id: MoveId::from_raw(move_id),
    }
}

/// Goods from one class to another.
pub fn transfer(item: ItemId, quantity: i64, from: Class, to: Class, move_id: i64) -> [Change; 2] {
    let out = change(item, -quantity, Cost::Method, move_id);
    let into = change(item, quantity, Cost::Carried, move_id);
    [
        Change { key: key(item, from), kind: Kind::TransferOut, ..out },
        Change { key: key(item, to), kind: Kind::TransferIn, ..into },
    ]
}

fn role_of(class: Class) -> Role {
    match class {
        Class::Quarantine => Role::Quarantine,
        Class::Transit => Role::GoodsInTransit,
        Class::Normal | Class::Consigned => Role::StockValuation,
    }
}

/// Values changes and posts their entry against capital.
pub fn post(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    happened_on: Day,
    changes: Vec<Change>,
) -> Result<Vec<Valued>, Failed> {
    let classes: Vec<Class> = changes.iter().map(|change| change.key.class).collect();
    let valued = valuation::value(tx, ctx, Area::Stock, happened_on, changes)?;
    let mut lines = Vec::new();
    for (one, class) in valued.changes.iter().zip(classes) {
        lines.push(Line::debit(role_of(class), one.value));
        lines.push(Line::credit(Role::Capital, one.value));
        lines.extend(one.lines.clone());
    }
    book(tx, ctx, &valued.books, happened_on, lines)?;
    Ok(valued.changes)
}

fn book(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &accounting::Books,
    happened_on: Day,
    lines: Vec<Line>,
) -> Result<(), Failed> {
    let entry = Entry {
        kind: "test",
        source_kind: "test",
        source_id: 1,
        happened_on,
        memo: String::new(),
        lines,
    };
    accounting::post(tx, ctx, books, vec![entry])?;
    Ok(())
}

impl<'d> World<'d> {
    /// A company with some items, named A000 and so on.
    pub fn new(db: &'d Database, items: usize) -> World<'d> {
        let ctx = identity::testing::ctx(db);
        let worker = ctx.clone();
        let new: Vec<NewItem> =
            (0..items).map(|n| NewItem::new(format!("A{n:03}"), format!("Item {n}"))).collect();
        let skus: Vec<String> = new.iter().map(|item| item.sku.clone()).collect();
        let ids = db
            .write(move |tx| {
                let text = |error: &dyn std::fmt::Display| Failed(error.to_string());
                catalog::install_units(tx, &worker).map_err(|e| text(&e))?;
                accounting::install_accounts(tx, &worker, Template::Standard)
                    .map_err(|e| text(&e))?;
                let request = CreateItems { items: new.clone(), all_or_nothing: true };
                catalog::create_items(tx, &worker, request).map_err(|e| text(&e))?;
                let found = catalog::items_by_sku(tx, worker.company_id, &skus)?;
                Ok::<_, Failed>(skus.iter().map(|sku| found[sku].id).collect::<Vec<_>>())
            })
            .expect("the door takes it");
        World { db, ctx, items: ids }
    }

    pub fn item(&self) -> ItemId {
        self.items[0]
    }

    pub fn policy(&self, name: &'static str, value: &'static str) {
        let ctx = self.ctx.clone();
        self.db
            .write(move |tx| identity::set_policy(tx, &ctx, name, value))
            .expect("the door takes it");
    }

    pub fn try_post(&self, changes: Vec<Change>) -> Result<Vec<Valued>, Failed> {
        self.try_post_on(today(), changes)
    }

    pub fn try_post_on(&self, day: Day, changes: Vec<Change>) -> Result<Vec<Valued>, Failed> {
        let ctx = self.ctx.on(day.max(today()));
        self.db.write(move |tx| post(tx, &ctx, day, changes.clone()))
    }

    #[track_caller]
    pub fn post(&self, changes: Vec<Change>) -> Vec<Valued> {
        self.try_post(changes).expect("the door takes it")
    }

    /// The value of one change.
    #[track_caller]
    pub fn step(&self, quantity: i64, cost: Cost, move_id: i64) -> i64 {
        self.post(vec![change(self.item(), quantity, cost, move_id)])[0].value
    }

    /// Corrects the cost of what a move brought, against landed cost clearing's stand-in.
    #[track_caller]
    pub fn correct(&self, move_id: i64, change: i64) -> CostCorrected {
        let ctx = self.ctx.clone();
        let change = CostChange {
            move_id: MoveId::from_raw(move_id),
            change,
            kind: Kind::LandedCost,
            source_kind: "landed_cost",
            source_id: 7,
        };
        self.db
            .write(move |tx| {
                let area = Area::Purchasing;
                let mut done = valuation::correct_costs(tx, &ctx, area, today(), vec![change])?;
                let one = done.corrections.remove(0);
                let mut lines = one.lines.clone();
                lines.push(Line::credit(Role::Capital, change.change));
                book(tx, &ctx, &done.books, today(), lines)?;
                Ok::<_, Failed>(one)
            })
            .expect("the door takes it")
    }

    pub fn standings(&self) -> Vec<StandingRow> {
        let ctx = self.ctx.clone();
        self.db
            .read(move |tx| valuation::standings(tx, &ctx, &StandingFilter::default()))
            .expect("the door takes it")
    }

    /// Quantity in whole units and value of the first item in a class.
    #[track_caller]
    pub fn standing(&self, class: Class) -> (i64, i64) {
        let rows = self.standings();
        let row = rows.iter().find(|row| row.item_id == self.item() && row.class == class);
        row.map_or((0, 0), |row| (row.quantity.micro() / Quantity::MICRO, row.value.minor))
    }

    /// The layers of the first item.
    pub fn layers(&self) -> Vec<valuation::LayerLine> {
        let (ctx, item_id) = (self.ctx.clone(), self.item());
        let filter = valuation::LayersOf { item_id, after: None, limit: None };
        self.db.read(move |tx| valuation::layers_of(tx, &ctx, &filter)).expect("the door takes it")
    }

    /// The balance of the account of a role, debit positive.
    pub fn balance(&self, role: Role) -> i64 {
        store::statements! {
            BALANCE = "select cast(coalesce(sum(l.debit - l.credit), 0) as {i64})
                from accounting_account as a
                left join accounting_entry_line as l
                    on l.company_id = a.company_id and l.account_id = a.id
                where a.company_id = $1 and a.role = $2";
        }
        let _ = STATEMENTS;
        let company = self.ctx.company_id;
        let rows: Vec<Row> = self
            .db
            .read(move |tx| tx.query(&BALANCE, store::params![company, role]))
            .expect("the door takes it");
        rows[0].get(0).expect("the door takes it")
    }

    pub fn assert_sound(&self) {
        store::testing::assert_sound(self.db, &SCHEMA, self.ctx.company_id);
    }
}
