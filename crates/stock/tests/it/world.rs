//! A company with one warehouse and some items.

use accounting::{OpenKey, Role};
use base::{ItemId, Quantity};
use catalog::{CreateItems, ItemAnswer, NewItem};
use identity::Ctx;
use stock::{
    Availability, Cost, Counter, CreateWarehouse, Demand, DemandError, Demanded, Kind, Move,
    PostError, Posted, Posting, SCHEMA, Shortage, Wanted, Warehouse,
};
use store::{Database, Tx};

pub struct World {
    pub ctx: Ctx,
    pub warehouse: Warehouse,
    pub items: Vec<ItemId>,
}

impl World {
    pub fn new(database: &Database, items: usize) -> World {
        let ctx = identity::testing::ctx(database);
        let inside = ctx.clone();
        let (warehouse, items) = database
            .write(move |tx| {
                let ctx = &inside;
                accounting::install_accounts(tx, ctx, accounting::Template::Standard)
                    .expect("furnished");
                catalog::install_units(tx, ctx).expect("furnished");
                stock::install_reasons(tx, ctx).expect("furnished");
                let wh = CreateWarehouse { code: "WH".into(), name: "Main".into() };
                let warehouse = stock::create_warehouse(tx, ctx, wh).expect("furnished");
                let new = (0..items).map(|i| NewItem::new(format!("P{i:04}"), "Thing")).collect();
                let request = CreateItems { items: new, all_or_nothing: true };
                let made = catalog::create_items(tx, ctx, request).expect("furnished");
                let ids = made.items.into_iter().map(|answer| match answer {
                    ItemAnswer::Done { item_id, .. } => item_id,
                    other => panic!("{other:?}"),
                });
                Ok::<_, store::StoreError>((warehouse, ids.collect::<Vec<_>>()))
            })
            .expect("a world");
        World { ctx, warehouse, items }
    }

    pub fn posting(&self, moves: Vec<Move>) -> Posting {
        Posting {
            area: accounting::Area::Stock,
            happened_on: self.ctx.today,
            source_kind: "test",
            source_id: 1,
            memo: "test".to_owned(),
            moves,
            lines: Vec::new(),
        }
    }

    pub fn incoming(&self, item: usize, units: i64, value: i64) -> Move {
        let open = OpenKey::new("purchase_line", 1);
        Move {
            cost: Cost::Given(value),
            kind: Kind::Receipt,
            counter: Some(Counter::open(Role::Grni, open)),
            ..self.plain(item, self.warehouse.supplier, self.warehouse.stock, units)
        }
    }

    pub fn outgoing(&self, item: usize, units: i64) -> Move {
        Move {
            counter: Some(Counter::role(Role::Cogs)),
            ..self.plain(item, self.warehouse.stock, self.warehouse.customer, units)
        }
    }

    pub fn plain(&self, item: usize, from: base::PlaceId, to: base::PlaceId, units: i64) -> Move {
        Move::plain(self.items[item], from, to, Quantity::units(units))
    }

    pub fn post(&self, database: &Database, moves: Vec<Move>) -> Result<Posted, PostError> {
        let (ctx, posting) = (self.ctx.clone(), self.posting(moves));
        database.write(move |tx| stock::post(tx, &ctx, posting.clone()))
    }

    pub fn wish(&self, shortage: Shortage, lines: &[(usize, i64)]) -> Demand {
        let line = |(number, (item, units)): (usize, &(usize, i64))| Wanted {
            owner_id: 77,
            line_id: number as i64 + 1,
            item_id: self.items[*item],
            quantity: Quantity::units(*units),
            due_on: self.ctx.today,
        };
        Demand {
            owner_kind: "test_order",
            warehouse_id: self.warehouse.warehouse_id,
            place_path: String::new(),
            shortage,
            reserve: true,
            lines: lines.iter().enumerate().map(line).collect(),
        }
    }

    pub fn demand(
        &self,
        database: &Database,
        shortage: Shortage,
        lines: &[(usize, i64)],
    ) -> Result<Vec<Demanded>, DemandError> {
        let (ctx, demand) = (self.ctx.clone(), self.wish(shortage, lines));
        database.write(move |tx| stock::demand(tx, &ctx, demand.clone()))
    }

    pub fn available(&self, database: &Database, item: usize) -> Availability {
        let (company, item) = (self.ctx.company_id, self.items[item]);
        let found = database
            .read(move |tx| stock::availability(tx, company, None, &[item]))
            .expect("availability");
        found[&item]
    }

    pub fn within<T: Send + 'static, E>(
        &self,
        database: &Database,
        work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    ) -> T
    where
        E: From<store::StoreError> + std::fmt::Debug + Send + 'static,
    {
        let ctx = self.ctx.clone();
        database.write(move |tx| work(tx, &ctx)).expect("the work")
    }

    pub fn assert_sound(&self, database: &Database) {
        store::testing::assert_sound(database, &SCHEMA, self.ctx.company_id);
    }
}

pub fn units(quantity: Quantity) -> i64 {
    quantity.micro() / Quantity::MICRO
}
