//! A company with two warehouses that share one pool, two suppliers and a channel. `A` and `B` are at
//! moving average, `B` of category `BOOKS`; `F`, of category `FIFO`, at first in, first out.

use accounting::Role;
use base::{Day, Money, PurchaseOrderId, Quantity, ReceiptId, SalesOrderId, UserId};
use identity::Ctx;
use reconcile::SCHEMA;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use store::{Database, StoreError, Tx};

pub struct World<'d> {
    pub db: &'d Database,
    pub ctx: Ctx,
}

type Door<Q, T, E> = fn(&mut Tx<'_>, &Ctx, Q) -> Result<T, E>;

impl<'d> World<'d> {
    pub fn new(db: &'d Database) -> World<'d> {
        let world = World { db, ctx: identity::testing::ctx(db) };
        let ctx = world.ctx.on(day("2024-01-01"));
        db.write(move |tx| {
            set_up(tx, &ctx);
            Ok::<_, StoreError>(())
        })
        .expect("a world");
        world
    }

    /// Somebody else, who holds these permissions alone.
    pub fn holding(&self, patterns: &[&str]) -> World<'d> {
        let other: UserId = base::Id::from_raw(4711);
        World { db: self.db, ctx: identity::testing::holding(&self.ctx, other, patterns, None) }
    }

    /// A verb on a day, with its request as in JSON.
    pub fn act<Q, T, E>(&self, on: &str, door: Door<Q, T, E>, request: Value) -> T
    where
        Q: DeserializeOwned + Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + std::fmt::Debug + Send + 'static,
    {
        let ctx = self.ctx.on(day(on));
        let request: Q = serde_json::from_value(request).expect("a request");
        self.db.write(move |tx| door(tx, &ctx, request.clone())).expect("it is done")
    }

    /// A report of today, 2026-01-05, with its filter as in JSON.
    pub fn ask<Q, T, E>(&self, door: Door<Q, T, E>, filter: Value) -> Result<T, E>
    where
        Q: DeserializeOwned + Clone + Send + Sync + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let ctx = self.ctx.on(day("2026-01-05"));
        let filter: Q = serde_json::from_value(filter).expect("a filter");
        self.db.read(move |tx| door(tx, &ctx, filter.clone()))
    }

    /// An order to a supplier that was approved.
    pub fn order(&self, on: &str, supplier: &str, lines: Value) -> PurchaseOrderId {
        let create = json!({ "supplier": supplier, "warehouse": "WH", "lines": lines });
        let order_id = self.act(on, purchasing::create_order, create).order_id;
        self.act(on, purchasing::submit_order, json!({ "order_id": order_id }));
        order_id
    }

    /// Goods of an order's first line that arrive.
    pub fn arrive(&self, on: &str, order_id: PurchaseOrderId, quantity: &str) -> ReceiptId {
        let lines = json!([{ "line": 1, "quantity": quantity }]);
        self.receive(on, order_id, lines)
    }

    pub fn receive(&self, on: &str, order_id: PurchaseOrderId, lines: Value) -> ReceiptId {
        let request = json!({ "order_id": order_id, "lines": lines });
        self.act(on, purchasing::receive, request).receipt_id
    }

    /// An order to ACME of one line that arrives at once.
    pub fn buy(&self, on: &str, sku: &str, quantity: &str, price: &str) -> ReceiptId {
        let line = json!([{ "sku": sku, "quantity": quantity, "price": price }]);
        let order_id = self.order(on, "ACME", line);
        self.arrive(on, order_id, quantity)
    }

    /// An order of the web shop, accepted and not shipped.
    pub fn accept(&self, on: &str, sku: &str, quantity: &str) -> SalesOrderId {
        let line = json!({ "sku": sku, "quantity": quantity, "price": "12" });
        let order = json!({ "channel": "WEB", "lines": [line] });
        let accepted = self.act(on, sales::accept, order);
        let (id, gross) = (accepted.order_id, accepted.gross);
        let ctx = self.ctx.on(day(on));
        self.db
            .write(move |tx| {
                let capture = payments::Capture::new(1, sales::ORDER, base::Id::raw(id), gross);
                payments::capture(tx, &ctx, capture)
            })
            .expect("paid");
        id
    }

    pub fn ship(&self, on: &str, order_id: SalesOrderId, quantity: &str) {
        let lines = json!([{ "line": 1, "quantity": quantity }]);
        self.act(on, sales::ship, json!({ "order_id": order_id, "lines": lines }));
    }

    /// An order of the web shop that leaves at once.
    pub fn sell(&self, on: &str, sku: &str, quantity: &str) -> SalesOrderId {
        let order_id = self.accept(on, sku, quantity);
        self.ship(on, order_id, quantity);
        order_id
    }

    pub fn adjust(&self, on: &str, lines: Value) {
        self.act(on, stock::adjust, json!({ "lines": lines }));
    }

    /// Goods that go from `WH` to `W2` and arrive on the same day.
    pub fn transfer(&self, on: &str, sku: &str, quantity: &str) {
        let lines = json!([{ "sku": sku, "quantity": quantity }]);
        let plan = json!({ "from": "WH", "to": "W2", "arrive_on": on, "lines": lines });
        let transfer_id = self.act(on, stock::plan_transfer, plan).transfer_id;
        self.act(on, stock::send_transfer, json!({ "transfer_id": transfer_id }));
        self.act(on, stock::receive_transfer, json!({ "transfer_id": transfer_id }));
    }

    /// Debits less credits of a role's account, in minor units.
    pub fn balance(&self, role: Role) -> i64 {
        let ctx = self.ctx.clone();
        let trial = self.db.read(move |tx| accounting::trial_balance(tx, &ctx, None));
        let trial = trial.expect("a trial balance");
        trial.lines.iter().find(|l| l.role == Some(role)).map_or(0, |line| line.balance.minor)
    }

    pub fn assert_sound(&self) {
        store::testing::assert_sound(self.db, &SCHEMA, self.ctx.company_id);
    }
}

pub fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

pub fn units(quantity: Quantity) -> i64 {
    assert_eq!(quantity.micro() % Quantity::MICRO, 0, "{quantity}");
    quantity.micro() / Quantity::MICRO
}

pub fn minor(money: Option<Money>) -> Option<i64> {
    money.map(|money| money.minor)
}

fn set_up(tx: &mut Tx<'_>, ctx: &Ctx) {
    accounting::install_accounts(tx, ctx, accounting::Template::Standard).expect("accounts");
    let tax = json!({ "code": "S20", "name": "S20", "kind": "standard", "recoverable": "1",
        "rates": [{ "from": "2010-01-01", "rate": "0.2" }] });
    let tax = serde_json::from_value(tax).expect("a tax code");
    accounting::define_tax_code(tx, ctx, tax).expect("a tax code");
    catalog::install_units(tx, ctx).expect("units");
    for (code, name) in [("WH", "Main"), ("W2", "Second")] {
        let warehouse = stock::CreateWarehouse { code: code.into(), name: name.into() };
        stock::create_warehouse(tx, ctx, warehouse).expect("a warehouse");
    }
    stock::install_reasons(tx, ctx).expect("reasons");
    for code in ["BOOKS", "FIFO"] {
        let category =
            catalog::DefineCategory { code: code.into(), name: code.into(), parent: String::new() };
        let made = catalog::define_category(tx, ctx, category).expect("a category");
        let category_id = made.category_id;
        if code == "FIFO" {
            let method = valuation::SetMethod { category_id, method: valuation::Method::Fifo };
            valuation::set_method(tx, ctx, method).expect("a method");
        }
    }
    for (sku, category) in [("A", ""), ("B", "BOOKS"), ("F", "FIFO")] {
        let item = catalog::NewItem {
            category: category.into(),
            ..catalog::NewItem::new(sku, format!("Thing {sku}"))
        };
        catalog::create_item(tx, ctx, item).expect("an item");
    }
    let britain = "GB".parse().expect("a country");
    for code in ["ACME", "BOLT"] {
        let partner = partners::NewPartner {
            email: "orders@example.com".into(),
            ..partners::NewPartner::supplier(code, code, britain)
        };
        partners::create_partner(tx, ctx, partner).expect("a supplier");
    }
    let channel = json!({ "code": "WEB", "name": "Web shop", "warehouse": "WH",
        "when_short": "back_order", "prepaid": true, "prices": "gross", "revenue_at": "shipment",
        "terms_days": 0, "tax_code": "S20" });
    let channel = serde_json::from_value(channel).expect("a channel");
    sales::define_channel(tx, ctx, channel).expect("a channel");
}
