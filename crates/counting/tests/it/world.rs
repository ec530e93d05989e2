//! A company with one warehouse, a bin and goods in both.

use accounting::{OpenKey, Role};
use base::{CountId, Id, ItemId, PlaceId, Quantity, UserId};
use catalog::{CreateItems, ItemAnswer, NewItem};
use counting::{
    ApplyCounts, ApplyCountsError, Count, CountEntered, CountError, CountLineFilter, CountLineRow,
    CountedLine, CountsApplied, OpenCount, SCHEMA,
};
use identity::Ctx;
use stock::{Cost, Counter, CreatePlace, CreateWarehouse, Kind, Move, Posting, Warehouse};
use store::{Database, Tx};

pub const SHELF: &str = "WH/Stock";
pub const BIN: &str = "WH/Stock/BIN";

pub struct World {
    pub ctx: Ctx,
    pub warehouse: Warehouse,
    pub bin: PlaceId,
    pub items: Vec<ItemId>,
}

impl World {
    /// Ten pieces at 1.00 of each item on the shelf.
    pub fn new(database: &Database, items: usize) -> World {
        let ctx = identity::testing::ctx(database);
        let inside = ctx.clone();
        let (warehouse, bin, items) = database
            .write(move |tx| {
                let ctx = &inside;
                accounting::install_accounts(tx, ctx, accounting::Template::Standard)
                    .expect("furnished");
                catalog::install_units(tx, ctx).expect("furnished");
                stock::install_reasons(tx, ctx).expect("furnished");
                let wh = CreateWarehouse { code: "WH".into(), name: "Main".into() };
                let warehouse = stock::create_warehouse(tx, ctx, wh).expect("furnished");
                let bin = CreatePlace { parent: SHELF.into(), code: "BIN".into() };
                let bin = stock::create_place(tx, ctx, bin).expect("furnished").place_id;
                let new = (0..items).map(|i| NewItem::new(format!("P{i:04}"), "Thing")).collect();
                let request = CreateItems { items: new, all_or_nothing: true };
                let made = catalog::create_items(tx, ctx, request).expect("furnished");
                let ids = made.items.into_iter().map(|answer| match answer {
                    ItemAnswer::Done { item_id, .. } => item_id,
                    other => panic!("{other:?}"),
                });
                Ok::<_, store::StoreError>((warehouse, bin, ids.collect::<Vec<_>>()))
            })
            .expect("a world");
        let world = World { ctx, warehouse, bin, items };
        let all = (0..world.items.len()).map(|item| world.incoming(item, 10)).collect();
        world.post(database, all);
        world
    }

    pub fn incoming(&self, item: usize, units: i64) -> Move {
        Move {
            cost: Cost::Given(units * 100),
            kind: Kind::Receipt,
            counter: Some(Counter::open(Role::Grni, OpenKey::new("purchase_line", 1))),
            ..self.plain(item, self.warehouse.supplier, self.warehouse.stock, units)
        }
    }

    pub fn outgoing(&self, item: usize, units: i64) -> Move {
        Move {
            counter: Some(Counter::role(Role::Cogs)),
            ..self.plain(item, self.warehouse.stock, self.warehouse.customer, units)
        }
    }

    pub fn plain(&self, item: usize, from: PlaceId, to: PlaceId, units: i64) -> Move {
        Move::plain(self.items[item], from, to, Quantity::units(units))
    }

    pub fn try_post(&self, database: &Database, moves: Vec<Move>) -> bool {
        let posting = Posting {
            area: accounting::Area::Stock,
            happened_on: self.ctx.today,
            source_kind: "test",
            source_id: 1,
            memo: "test".to_owned(),
            moves,
            lines: Vec::new(),
        };
        let ctx = self.ctx.clone();
        database.write(move |tx| stock::post(tx, &ctx, posting.clone())).is_ok()
    }

    pub fn post(&self, database: &Database, moves: Vec<Move>) {
        assert!(self.try_post(database, moves), "the goods move");
    }

    /// Another person with some permissions.
    pub fn person(&self, user: i64, patterns: &[&str]) -> Ctx {
        identity::testing::holding(&self.ctx, UserId::from_raw(user), patterns, None)
    }

    pub fn clerk(&self, user: i64) -> Ctx {
        let patterns =
            ["counting.*", "stock.*", "documents.*", "-counting.approve", "-stock.approve"];
        self.person(user, &patterns)
    }

    pub fn within<T: Send + 'static, E>(
        &self,
        database: &Database,
        work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    ) -> T
    where
        E: From<store::StoreError> + std::fmt::Debug + Send + 'static,
    {
        self.within_as(&self.ctx, database, work).expect("the work")
    }

    pub fn within_as<T: Send + 'static, E>(
        &self,
        ctx: &Ctx,
        database: &Database,
        work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        E: From<store::StoreError> + std::fmt::Debug + Send + 'static,
    {
        let ctx = ctx.clone();
        database.write(move |tx| work(tx, &ctx))
    }

    pub fn open(&self, database: &Database, request: OpenCount) -> CountId {
        self.within(database, move |tx, ctx| counting::open_count(tx, ctx, request.clone()))
            .count_id
    }

    pub fn count_as(
        &self,
        ctx: &Ctx,
        database: &Database,
        count_id: CountId,
        lines: &[(usize, &str, i64)],
    ) -> Result<CountEntered, CountError> {
        let line = |(item, place, units): &(usize, &str, i64)| CountedLine {
            sku: format!("P{item:04}"),
            place: (*place).to_owned(),
            lot: None,
            quantity: Quantity::units(*units),
        };
        let request = Count { count_id, lines: lines.iter().map(line).collect(), counted_at: None };
        self.within_as(ctx, database, move |tx, ctx| counting::count(tx, ctx, request.clone()))
    }

    pub fn count(&self, database: &Database, count_id: CountId, lines: &[(usize, &str, i64)]) {
        self.count_as(&self.clerk(50), database, count_id, lines).expect("counted");
    }

    pub fn apply_as(
        &self,
        ctx: &Ctx,
        database: &Database,
        count_id: CountId,
    ) -> Result<CountsApplied, ApplyCountsError> {
        let request = ApplyCounts { count_id, reasons: Vec::new(), skip_uncounted: false };
        self.within_as(ctx, database, move |tx, ctx| {
            counting::apply_counts(tx, ctx, request.clone())
        })
    }

    pub fn apply(&self, database: &Database, count_id: CountId) -> CountsApplied {
        self.apply_as(&self.clerk(50), database, count_id).expect("applied")
    }

    pub fn lines_as(&self, ctx: &Ctx, database: &Database, count_id: CountId) -> Vec<CountLineRow> {
        let filter = CountLineFilter { count_id: Some(count_id), ..CountLineFilter::default() };
        self.within_as(ctx, database, move |tx, ctx| {
            counting::list_count_lines(tx, ctx, filter.clone())
        })
        .expect("lines")
        .lines
    }

    pub fn lines(&self, database: &Database, count_id: CountId) -> Vec<CountLineRow> {
        self.lines_as(&self.ctx, database, count_id)
    }

    pub fn on_hand(&self, database: &Database, item: usize) -> i64 {
        let (company, item) = (self.ctx.company_id, self.items[item]);
        let found = database
            .read(move |tx| stock::availability(tx, company, None, &[item]))
            .expect("availability");
        found[&item].on_hand.micro() / Quantity::MICRO
    }

    pub fn assert_sound(&self, database: &Database) {
        store::testing::assert_sound(database, &SCHEMA, self.ctx.company_id);
    }
}

pub fn as_counted() -> OpenCount {
    OpenCount { as_counted: true, ..OpenCount::default() }
}

pub fn units(units: i64) -> Option<Quantity> {
    Some(Quantity::units(units))
}
