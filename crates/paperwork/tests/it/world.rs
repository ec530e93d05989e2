//! A company that buys, counts, sells and packs.

use accounting::{Role, TaxKind};
use base::{Currency, Day, Price, PurchaseOrderId, Quantity, Rate};
use catalog::{NewItem, Tracking};
use identity::Ctx;
use partners::{AddressKind, AddressRow, NewPartner, PartnerAnswer, SetContacts};
use purchasing::{CreateOrder, OrderLine, SubmitOrder};
use stock::{CreatePlace, CreateWarehouse, Warehouse};
use store::{Database, StoreError, Tx};

/// `P1` and `LOT` are goods; `ACME` is written to in English, `BERLIN` in German; `C1` is a customer.
pub struct World<'d> {
    pub database: &'d Database,
    pub ctx: Ctx,
    pub warehouse: Warehouse,
}

impl<'d> World<'d> {
    pub fn new(database: &'d Database) -> World<'d> {
        let ctx = identity::testing::ctx(database);
        let inside = ctx.clone();
        let warehouse = database.write(move |tx| Ok::<_, StoreError>(set_up(tx, &inside))).unwrap();
        World { database, ctx, warehouse }
    }

    pub fn ask<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let ctx = self.ctx.clone();
        self.database.write(move |tx| work(tx, &ctx))
    }

    /// An approved order of so many lines.
    pub fn order(&self, supplier: &str, lines: usize) -> PurchaseOrderId {
        let line = |number: usize| OrderLine {
            sku: "P1".into(),
            quantity: Quantity::units(i64::try_from(number).unwrap() + 1000),
            unit: None,
            price: Some(Price::parse("1.5").unwrap()),
            discount: None,
            tax_code: String::new(),
            due_on: Some(Day::parse("2026-03-05").unwrap()),
        };
        let order = CreateOrder {
            supplier: supplier.into(),
            warehouse: "WH".into(),
            currency: Some(Currency::GBP),
            ordered_on: None,
            billing: None,
            lines: (0..lines).map(line).collect(),
            note: "Ring \u{413}\u{435}\u{43e}\u{440}\u{433}\u{438} at the gate".into(),
            client_ref: String::new(),
        };
        self.ask(move |tx, ctx| {
            let made = purchasing::create_order(tx, ctx, order.clone());
            let order_id = made.map_err(told)?.order_id;
            purchasing::submit_order(tx, ctx, SubmitOrder { order_id }).map_err(told)?;
            Ok::<_, StoreError>(order_id)
        })
        .unwrap()
    }

    /// So many pieces of an item come into the warehouse.
    pub fn goods(&self, sku: &'static str, pieces: i64) {
        let (from, to) = (self.warehouse.supplier, self.warehouse.stock);
        self.ask(move |tx, ctx| {
            let item = catalog::items_by_sku(tx, ctx.company_id, &[sku])?[sku].id;
            let come = stock::Move {
                cost: stock::Cost::Given(pieces * 100),
                kind: stock::Kind::Receipt,
                counter: Some(stock::Counter::role(Role::Capital)),
                ..stock::Move::plain(item, from, to, Quantity::units(pieces))
            };
            let posting = stock::Posting {
                area: accounting::Area::Purchasing,
                happened_on: ctx.today,
                source_kind: "contribution",
                source_id: 1,
                memo: "goods of the owners".to_owned(),
                moves: vec![come],
                lines: Vec::new(),
            };
            stock::post(tx, ctx, posting).map_err(told).map(|_| ())
        })
        .unwrap();
    }
}

/// Lets the store lease ids and run again; anything else is a failed test.
pub fn told<E: base::Rule + std::fmt::Debug>(error: E) -> StoreError {
    StoreError::Unusable(format!("{error:?}"))
}

fn set_up(tx: &mut Tx<'_>, ctx: &Ctx) -> Warehouse {
    accounting::install_accounts(tx, ctx, accounting::Template::Standard).unwrap();
    let from = Day::parse("2020-01-01").unwrap();
    let tax = accounting::DefineTaxCode {
        code: "S20".into(),
        name: "S20".into(),
        kind: TaxKind::Standard,
        recoverable: Rate::ONE,
        rates: vec![accounting::RateFrom { from, rate: Rate::parse("0.2").unwrap() }],
    };
    accounting::define_tax_code(tx, ctx, tax).unwrap();
    catalog::install_units(tx, ctx).unwrap();
    let wanted = CreateWarehouse { code: "WH".into(), name: "Hall by the harbour".into() };
    let warehouse = stock::create_warehouse(tx, ctx, wanted).unwrap();
    let place = CreatePlace { parent: "WH/Stock".into(), code: "A-1".into() };
    stock::create_place(tx, ctx, place).unwrap();
    stock::install_reasons(tx, ctx).unwrap();
    let long = "A kettle of brushed steel with a whistle, a wooden grip and a very long name \
                that has to be broken over several lines of its column";
    let items = [
        NewItem::new("P1", long),
        NewItem { tracking: Tracking::Lot, ..NewItem::new("LOT", "Paint") },
    ];
    for item in items {
        catalog::create_item(tx, ctx, item).unwrap();
    }
    let supplier = |code: &str, name: &str, language: &str, country: &str| NewPartner {
        language: language.into(),
        email: "orders@example.com".into(),
        currency: Some(Currency::GBP),
        ..NewPartner::supplier(code, name, country.parse().unwrap())
    };
    let customer = NewPartner::customer("C1", "Ann", "GB".parse().unwrap());
    for partner in [
        supplier("ACME", "Acme", "en", "GB"),
        supplier("BERLIN", "Gr\u{fc}\u{df}e GmbH", "de", "DE"),
        customer,
    ] {
        let german = partner.code == "BERLIN";
        let made = partners::create_partner(tx, ctx, partner).unwrap();
        let PartnerAnswer::Done { partner_id, .. } = made else { panic!("{made:?}") };
        if german {
            let address = AddressRow {
                kind: AddressKind::Billing,
                name: String::new(),
                street: "Unter den Linden 1".into(),
                city: "Berlin".into(),
                region: String::new(),
                postcode: "10117".into(),
                country: "DE".parse().unwrap(),
            };
            let (contacts, addresses) = (Vec::new(), vec![address]);
            let set = SetContacts { partner_id, revision: 1, contacts, addresses };
            partners::set_contacts(tx, ctx, set).unwrap();
        }
    }
    let channel = sales::DefineChannel {
        code: "B2B".into(),
        name: "B2B".into(),
        warehouse: "WH".into(),
        when_short: None,
        reserve_at: None,
        prepaid: false,
        prices: sales::Prices::Net,
        revenue_at: sales::RevenueAt::Invoice,
        terms_days: 30,
        tax_code: Some("S20".into()),
        active: None,
        revision: None,
    };
    sales::define_channel(tx, ctx, channel).unwrap();
    warehouse
}
