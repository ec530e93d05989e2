//! A company that sells from one warehouse through three channels.

use accounting::{OpenKey, Role};
use base::{Id, ItemId, Price, Quantity, Rate, SalesOrderId};
use catalog::{CreateItems, DefineKit, ItemAnswer, ItemKind, KitComponent, NewItem};
use identity::Ctx;
use sales::{
    AcceptError, AcceptLine, AcceptOrder, Accepted, DefineChannel, InvoiceError, InvoiceOrder,
    Invoiced, Prices, RevenueAt, SCHEMA, Ship, ShipError, ShipLine, Shipped, WhenShort,
};
use stock::{Cost, Counter, CreateWarehouse, Kind, Move, Posting, Warehouse};
use store::{Database, StoreError, Tx};

/// `WEB` is prepaid, gross, refuses shortage; `SHOP` is the same and back-orders; `B2B` is on terms,
/// net, back-orders. `P0000`, `P0001`, ... are goods, `KIT` is two of the first and one of the second.
pub struct World {
    pub ctx: Ctx,
    pub warehouse: Warehouse,
    pub items: Vec<ItemId>,
}

impl World {
    pub fn new(database: &Database, items: usize) -> World {
        let ctx = identity::testing::ctx(database);
        let inside = ctx.clone();
        let made = database.write(move |tx| Ok::<_, StoreError>(set_up(tx, &inside, items.max(2))));
        let (warehouse, items) = made.expect("a world");
        World { ctx, warehouse, items }
    }

    pub fn run<T, E>(
        &self,
        database: &Database,
        work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let ctx = self.ctx.clone();
        database.write(move |tx| work(tx, &ctx))
    }

    /// Goods come in at the value given for all of them, in minor units.
    pub fn receive(&self, database: &Database, goods: &[(usize, i64, i64)]) {
        let come = |&(item, pieces, value): &(usize, i64, i64)| Move {
            cost: Cost::Given(value),
            kind: Kind::Receipt,
            counter: Some(Counter::open(Role::Grni, OpenKey::new("purchase_line", 1))),
            ..Move::plain(
                self.items[item],
                self.warehouse.supplier,
                self.warehouse.stock,
                Quantity::units(pieces),
            )
        };
        let posting = Posting {
            area: accounting::Area::Purchasing,
            happened_on: self.ctx.today,
            source_kind: "receipt",
            source_id: 1,
            memo: "receipt".to_owned(),
            moves: goods.iter().map(come).collect(),
            lines: Vec::new(),
        };
        self.run(database, move |tx, ctx| stock::post(tx, ctx, posting.clone())).expect("goods");
    }

    pub fn accept(
        &self,
        database: &Database,
        order: &AcceptOrder,
    ) -> Result<Accepted, AcceptError> {
        let order = order.clone();
        self.run(database, move |tx, ctx| sales::accept(tx, ctx, order.clone()))
    }

    pub fn ship(
        &self,
        database: &Database,
        order_id: SalesOrderId,
        lines: Option<&[(i64, i64)]>,
    ) -> Result<Shipped, ShipError> {
        let line = |&(line, pieces): &(i64, i64)| ShipLine {
            line,
            quantity: Quantity::units(pieces),
            confirm_expired: false,
        };
        let lines = lines.map(|lines| lines.iter().map(line).collect());
        let ship = Ship { lines, ..shipping(order_id) };
        self.run(database, move |tx, ctx| sales::ship(tx, ctx, ship.clone()))
    }

    pub fn invoice(
        &self,
        database: &Database,
        order_id: SalesOrderId,
    ) -> Result<Invoiced, InvoiceError> {
        let request = InvoiceOrder { order_id, invoiced_on: None, due_on: None, client_ref: None };
        self.run(database, move |tx, ctx| sales::invoice(tx, ctx, request.clone()))
    }

    pub fn order(&self, database: &Database, id: SalesOrderId) -> sales::SalesOrderDetail {
        let ctx = self.ctx.clone();
        database.read(move |tx| sales::order(tx, &ctx, id)).expect("the order")
    }

    /// Debits less credits of a role's account, in minor units.
    pub fn balance(&self, database: &Database, role: Role) -> i64 {
        let ctx = self.ctx.clone();
        let trial = database.read(move |tx| accounting::trial_balance(tx, &ctx, None));
        let trial = trial.expect("a trial balance");
        trial.lines.iter().find(|l| l.role == Some(role)).map_or(0, |line| line.balance.minor)
    }

    pub fn available(&self, database: &Database, item: usize) -> i64 {
        let (company, item) = (self.ctx.company_id, self.items[item]);
        let found = database.read(move |tx| stock::availability(tx, company, None, &[item]));
        whole(found.expect("availability")[&item].available)
    }

    pub fn assert_sound(&self, database: &Database) {
        store::testing::assert_sound(database, &SCHEMA, self.ctx.company_id);
    }
}

pub fn shipping(order_id: SalesOrderId) -> Ship {
    Ship {
        order_id,
        warehouse_id: None,
        lines: None,
        happened_on: None,
        carrier: None,
        tracking: None,
        client_ref: None,
    }
}

pub fn whole(quantity: Quantity) -> i64 {
    quantity.micro() / Quantity::MICRO
}

pub fn goods(item: usize, pieces: i64, price: &str) -> AcceptLine {
    AcceptLine {
        sku: Some(format!("P{item:04}")),
        quantity: Quantity::units(pieces),
        price: Some(Price::parse(price).unwrap()),
        ..AcceptLine::default()
    }
}

pub fn without_goods(kind: sales::LineKind, price: &str) -> AcceptLine {
    AcceptLine {
        kind: Some(kind),
        quantity: Quantity::ONE,
        price: Some(Price::parse(price).unwrap()),
        ..AcceptLine::default()
    }
}

pub fn from(channel: &str, external_ref: &str, lines: Vec<AcceptLine>) -> AcceptOrder {
    AcceptOrder {
        channel: channel.to_owned(),
        external_ref: Some(external_ref.to_owned()),
        lines,
        ..AcceptOrder::default()
    }
}

fn set_up(tx: &mut Tx<'_>, ctx: &Ctx, items: usize) -> (Warehouse, Vec<ItemId>) {
    accounting::install_accounts(tx, ctx, accounting::Template::Standard).unwrap();
    for (code, kind, rate) in
        [("S20", accounting::TaxKind::Standard, "0.2"), ("Z", accounting::TaxKind::Zero, "0")]
    {
        let rates = vec![accounting::RateFrom {
            from: base::Day::parse("2010-01-01").unwrap(),
            rate: Rate::parse(rate).unwrap(),
        }];
        let define = accounting::DefineTaxCode {
            code: code.into(),
            name: code.into(),
            kind,
            recoverable: Rate::ONE,
            rates,
        };
        accounting::define_tax_code(tx, ctx, define).unwrap();
    }
    catalog::install_units(tx, ctx).unwrap();
    let wh = CreateWarehouse { code: "WH".into(), name: "Main".into() };
    let warehouse = stock::create_warehouse(tx, ctx, wh).unwrap();
    let goods = (0..items).map(|i| NewItem::new(format!("P{i:04}"), "Thing")).collect();
    let ids = create(tx, ctx, goods);
    let others = vec![
        NewItem { kind: ItemKind::Kit, ..NewItem::new("KIT", "Set") },
        NewItem { kind: ItemKind::Service, ..NewItem::new("ENGRAVE", "Engraving") },
    ];
    let kit = create(tx, ctx, others)[0];
    let part = |item: usize, pieces| KitComponent {
        item_id: ids[item],
        quantity: Quantity::units(pieces),
    };
    let components = vec![part(0, 2), part(1, 1)];
    let define = DefineKit { item_id: kit, revision: 1, components };
    catalog::define_kit(tx, ctx, define).unwrap();
    let britain = "GB".parse().unwrap();
    partners::create_partner(tx, ctx, partners::NewPartner::customer("C1", "Ann", britain))
        .unwrap();
    let channel = |code: &str, when_short, prepaid, prices, revenue_at| DefineChannel {
        code: code.into(),
        name: code.into(),
        warehouse: "WH".into(),
        when_short,
        reserve_at: None,
        prepaid,
        prices,
        revenue_at,
        terms_days: 30,
        tax_code: Some("S20".into()),
        active: None,
        revision: None,
    };
    let back = Some(WhenShort::BackOrder);
    for request in [
        channel("WEB", None, true, Prices::Gross, RevenueAt::Shipment),
        channel("SHOP", back, true, Prices::Gross, RevenueAt::Shipment),
        channel("B2B", back, false, Prices::Net, RevenueAt::Invoice),
    ] {
        sales::define_channel(tx, ctx, request).unwrap();
    }
    (warehouse, ids)
}

fn create(tx: &mut Tx<'_>, ctx: &Ctx, items: Vec<NewItem>) -> Vec<ItemId> {
    let made = catalog::create_items(tx, ctx, CreateItems { items, all_or_nothing: true }).unwrap();
    let id = |answer| match answer {
        ItemAnswer::Done { item_id, .. } => item_id,
        other => panic!("{other:?}"),
    };
    made.items.into_iter().map(id).collect()
}

/// The id of no order.
pub fn nobody() -> SalesOrderId {
    SalesOrderId::from_raw(1)
}
