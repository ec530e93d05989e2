//! A company with a warehouse, two suppliers and some items.

use accounting::{Role, TaxKind};
use base::{Currency, Day, ItemId, Price, PurchaseOrderId, Quantity, Rate};
use catalog::{NewItem, Tracking};
use identity::Ctx;
use purchasing::{
    Bill, BillExpense, BillGoods, Billed, Billing, CreateOrder, OrderLine, Receive, ReceiveLine,
    Received, SCHEMA, SubmitOrder,
};
use stock::{CreateWarehouse, Warehouse};
use store::{Database, StoreError, Tx};

pub struct World<'d> {
    pub database: &'d Database,
    pub ctx: Ctx,
    pub warehouse: Warehouse,
}

/// `P1`, `P2` in pieces; `DOZ` is bought by the dozen; `LOT` has lots that keep 30 days; `SER` has
/// serial numbers; `HELP` is a service. `ACME` deals in GBP, `BERLIN` in EUR.
impl<'d> World<'d> {
    pub fn new(database: &'d Database) -> World<'d> {
        let ctx = identity::testing::ctx(database);
        let inside = ctx.clone();
        let warehouse = database.write(move |tx| set_up(tx, &inside)).expect("a world");
        World { database, ctx, warehouse }
    }

    pub fn ask<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        ask(self.database, &self.ctx, work)
    }

    pub fn on(&self, text: &str) -> World<'d> {
        World {
            database: self.database,
            ctx: self.ctx.on(day(text)),
            warehouse: self.warehouse.clone(),
        }
    }

    pub fn policy(&self, name: &'static str, value: &'static str) {
        self.ask(move |tx, ctx| identity::set_policy(tx, ctx, name, value)).expect("a policy");
    }

    pub fn rate(&self, from: &str, rate: &str) {
        let request = accounting::SetRate {
            currency: Currency::EUR,
            from: day(from),
            rate: Rate::parse(rate).expect("it is set up"),
            source: String::new(),
        };
        self.ask(move |tx, ctx| accounting::set_rate(tx, ctx, request.clone())).expect("a rate");
    }

    pub fn draft(&self, order: CreateOrder) -> PurchaseOrderId {
        self.ask(move |tx, ctx| purchasing::create_order(tx, ctx, order.clone()))
            .expect("an order")
            .order_id
    }

    pub fn approved(&self, order: CreateOrder) -> PurchaseOrderId {
        let order_id = self.draft(order);
        self.ask(move |tx, ctx| purchasing::submit_order(tx, ctx, SubmitOrder { order_id }))
            .expect("approved");
        order_id
    }

    pub fn receive(&self, request: Receive) -> Result<Received, purchasing::ReceiveError> {
        self.ask(move |tx, ctx| purchasing::receive(tx, ctx, request.clone()))
    }

    pub fn bill(&self, request: Bill) -> Result<Billed, purchasing::BillError> {
        self.ask(move |tx, ctx| purchasing::bill(tx, ctx, request.clone()))
    }

    pub fn detail(&self, order_id: PurchaseOrderId) -> purchasing::OrderDetail {
        self.ask(move |tx, ctx| purchasing::order(tx, ctx, order_id)).expect("the order")
    }

    /// What an account was debited less credited, in minor units.
    pub fn balance(&self, role: Role) -> i64 {
        let balance =
            self.ask(move |tx, ctx| accounting::trial_balance(tx, ctx, None)).expect("a balance");
        balance.lines.iter().filter(|line| line.role == Some(role)).map(|l| l.balance.minor).sum()
    }

    pub fn item(&self, sku: &'static str) -> ItemId {
        self.ask(move |tx, ctx| catalog::items_by_sku(tx, ctx.company_id, &[sku]))
            .expect("the item")[sku]
            .id
    }

    /// On hand and incoming of an item, in units.
    pub fn there(&self, sku: &'static str) -> (i64, i64) {
        let item = self.item(sku);
        let found = self
            .ask(move |tx, ctx| stock::availability(tx, ctx.company_id, None, &[item]))
            .expect("availability");
        let found = found.get(&item).copied().unwrap_or_default();
        (units(found.on_hand), units(found.incoming))
    }

    pub fn assert_sound(&self) {
        store::testing::assert_sound(self.database, &SCHEMA, self.ctx.company_id);
    }
}

pub fn ask<T: Send + 'static, E: From<StoreError> + Send + 'static>(
    database: &Database,
    ctx: &Ctx,
    work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    let ctx = ctx.clone();
    database.write(move |tx| work(tx, &ctx))
}

fn set_up(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Warehouse, StoreError> {
    accounting::install_accounts(tx, ctx, accounting::Template::Standard).expect("it is set up");
    catalog::install_units(tx, ctx).expect("it is set up");
    let request = CreateWarehouse { code: "WH".into(), name: "Main".into() };
    let warehouse = stock::create_warehouse(tx, ctx, request).expect("it is set up");
    let goods = |sku: &str| NewItem::new(sku, "Thing");
    let items = [
        goods("P1"),
        goods("P2"),
        NewItem { purchase_unit: "dozen".into(), ..goods("DOZ") },
        NewItem { tracking: Tracking::Lot, expiry_days: 30, ..goods("LOT") },
        NewItem { tracking: Tracking::Serial, ..goods("SER") },
        NewItem { kind: catalog::ItemKind::Service, ..goods("HELP") },
    ];
    for item in items {
        catalog::create_item(tx, ctx, item).expect("it is set up");
    }
    for (code, country, currency) in
        [("ACME", "GB", Currency::GBP), ("BERLIN", "DE", Currency::EUR)]
    {
        let partner = partners::NewPartner {
            currency: Some(currency),
            email: "orders@example.com".into(),
            ..partners::NewPartner::supplier(code, code, country.parse().expect("it is set up"))
        };
        partners::create_partner(tx, ctx, partner).expect("it is set up");
    }
    for (code, rate, recoverable) in [("VAT", "0.2", "1"), ("SUNK", "0.5", "0")] {
        let request = accounting::DefineTaxCode {
            code: code.into(),
            name: code.into(),
            kind: TaxKind::Standard,
            recoverable: Rate::parse(recoverable).expect("it is set up"),
            rates: vec![accounting::RateFrom {
                from: day("2020-01-01"),
                rate: Rate::parse(rate).expect("it is set up"),
            }],
        };
        accounting::define_tax_code(tx, ctx, request).expect("it is set up");
    }
    Ok(warehouse)
}

pub fn day(text: &str) -> Day {
    Day::parse(text).expect("it is set up")
}

pub fn price(text: &str) -> Price {
    Price::parse(text).expect("it is set up")
}

pub fn units(quantity: Quantity) -> i64 {
    quantity.micro() / Quantity::MICRO
}

pub fn order_of(supplier: &str, lines: Vec<OrderLine>) -> CreateOrder {
    CreateOrder {
        supplier: supplier.into(),
        warehouse: "WH".into(),
        currency: None,
        ordered_on: None,
        billing: None,
        lines,
        note: String::new(),
        client_ref: String::new(),
    }
}

pub fn on_order(order: CreateOrder) -> CreateOrder {
    CreateOrder { billing: Some(Billing::OnOrder), ..order }
}

pub fn wanted(sku: &str, quantity: i64, each: &str) -> OrderLine {
    OrderLine {
        sku: sku.into(),
        quantity: Quantity::units(quantity),
        unit: None,
        price: Some(price(each)),
        discount: None,
        tax_code: String::new(),
        due_on: None,
    }
}

pub fn came(line: i64, quantity: i64) -> ReceiveLine {
    ReceiveLine {
        line,
        quantity: Quantity::units(quantity),
        unit: None,
        outcome: purchasing::Outcome::Accepted,
        lot: None,
        expires_on: None,
        place: None,
        reason: String::new(),
        evidence: Vec::new(),
    }
}

pub fn receipt(order_id: PurchaseOrderId, lines: Vec<ReceiveLine>) -> Receive {
    Receive {
        order_id,
        received_on: None,
        delivery_note: String::new(),
        lines,
        confirm_over: false,
        client_ref: String::new(),
    }
}

pub fn billed(order_id: PurchaseOrderId, line: i64, quantity: Option<i64>) -> BillGoods {
    BillGoods {
        order_id,
        line,
        quantity: quantity.map(Quantity::units),
        unit: None,
        price: None,
        tax_code: None,
        correction: false,
    }
}

pub fn at(goods: BillGoods, each: &str) -> BillGoods {
    BillGoods { price: Some(price(each)), ..goods }
}

pub fn invoice(supplier: &str, reference: &str, goods: Vec<BillGoods>) -> Bill {
    Bill {
        supplier: supplier.into(),
        reference: reference.into(),
        billed_on: None,
        due_on: None,
        currency: None,
        goods,
        expenses: Vec::new(),
        confirm_duplicate: false,
        note: String::new(),
        client_ref: String::new(),
    }
}

pub fn expense(role: Role, each: &str, tax_code: &str) -> BillExpense {
    BillExpense {
        role,
        description: "Something".into(),
        quantity: Quantity::ONE,
        price: price(each),
        tax_code: tax_code.into(),
    }
}
