//! A company that sells from three warehouses through two channels.

use accounting::Role;
use base::{Day, Id, ItemId, PlaceId, Price, Quantity, Rate, SalesOrderId};
use catalog::{DefineKit, ItemAnswer, ItemKind, KitComponent, NewItem};
use fulfilment::{OrdersRouted, RankWarehouses, RouteError, RouteOrders, RouteResult};
use identity::Ctx;
use sales::{
    AcceptLine, AcceptOrder, Accepted, DefineChannel, Prices, RevenueAt, SalesOrderDetail, Ship,
    ShipError, Shipped, WhenShort,
};
use stock::{Cost, Counter, CreateWarehouse, Kind, Lot, LotDates, Move, Posting, Warehouse};
use store::{Database, StoreError, Tx};

pub const WH: usize = 0;
pub const SOUTH: usize = 1;
pub const NORTH: usize = 2;

/// `WEB` is prepaid and gross, `B2B` on terms and net, both at 20 % and from `WH`, both back-order.
/// `P0000`, `P0001`, ... are goods, `KIT` is two of the first and one of the second.
pub struct World<'d> {
    pub db: &'d Database,
    pub ctx: Ctx,
    pub warehouses: Vec<Warehouse>,
    pub items: Vec<ItemId>,
}

impl<'d> World<'d> {
    pub fn new(db: &'d Database, items: usize) -> World<'d> {
        let ctx = identity::testing::ctx(db);
        let inside = ctx.clone();
        let made = db.write(move |tx| Ok::<_, StoreError>(set_up(tx, &inside, items.max(2))));
        let (warehouses, items) = made.expect("a world");
        World { db, ctx, warehouses, items }
    }

    pub fn run<T, E>(
        &self,
        work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let ctx = self.ctx.clone();
        self.db.write(move |tx| work(tx, &ctx))
    }

    /// Pieces of items come into the stock of a warehouse at 1.00 each.
    pub fn receive(&self, warehouse: usize, goods: &[(usize, i64)]) {
        let warehouse = &self.warehouses[warehouse];
        self.bring(warehouse.stock, warehouse.supplier, goods);
    }

    /// Pieces of items come into the quarantine of a warehouse, as goods do that were sent back.
    pub fn quarantine(&self, warehouse: usize, goods: &[(usize, i64)]) {
        let warehouse = &self.warehouses[warehouse];
        self.bring(warehouse.quarantine, warehouse.supplier, goods);
    }

    /// Pieces of an item, of one lot with its last day, come into the stock of a warehouse.
    pub fn receive_lot(&self, warehouse: usize, (item, pieces): (usize, i64), last: Day) {
        let (to, from) = (self.warehouses[warehouse].stock, self.warehouses[warehouse].supplier);
        let item_id = self.items[item];
        let last = Some(last);
        let dates = LotDates {
            expires_on: last,
            best_before: last,
            remove_by: last,
            alert_on: last,
            stated: true,
        };
        let lot = Lot { item_id, code: "L1".to_owned(), dates };
        let made = self.run(move |tx, ctx| {
            stock::dated_lots(tx, ctx.company_id, ctx.today, std::slice::from_ref(&lot))
        });
        let lot_id = made.expect("a lot").into_values().next().expect("a lot");
        let come = Move { lot_id: Some(lot_id), ..self.contribution(item, pieces, from, to) };
        self.post(vec![come]);
    }

    /// It is so many days later, or earlier, for whoever asks.
    pub fn days_later(&mut self, days: i64) {
        self.ctx = self.ctx.on(self.ctx.today.plus(days).expect("a day"));
    }

    fn bring(&self, to: PlaceId, from: PlaceId, goods: &[(usize, i64)]) {
        let come = |&(item, pieces): &(usize, i64)| self.contribution(item, pieces, from, to);
        self.post(goods.iter().map(come).collect());
    }

    fn contribution(&self, item: usize, pieces: i64, from: PlaceId, to: PlaceId) -> Move {
        Move {
            cost: Cost::Given(pieces * 100),
            kind: Kind::Receipt,
            counter: Some(Counter::role(Role::Capital)),
            ..Move::plain(self.items[item], from, to, Quantity::units(pieces))
        }
    }

    fn post(&self, moves: Vec<Move>) {
        let posting = Posting {
            area: accounting::Area::Purchasing,
            happened_on: self.ctx.today,
            source_kind: "contribution",
            source_id: 1,
            memo: "goods of the owners".to_owned(),
            moves,
            lines: Vec::new(),
        };
        self.run(move |tx, ctx| stock::post(tx, ctx, posting.clone())).expect("goods");
    }

    /// Ranks warehouses of the web shop.
    pub fn rank(&self, warehouses: &[&str], split: bool) {
        let request = RankWarehouses {
            channel: "WEB".to_owned(),
            warehouses: warehouses.iter().map(|code| (*code).to_owned()).collect(),
            split,
        };
        self.run(move |tx, ctx| fulfilment::rank_warehouses(tx, ctx, request.clone()))
            .expect("a ranking");
    }

    /// A web order that is accepted and paid.
    pub fn order(&self, lines: Vec<AcceptLine>) -> Accepted {
        let order = AcceptOrder { channel: "WEB".to_owned(), lines, ..AcceptOrder::default() };
        let made = self.run(move |tx, ctx| sales::accept(tx, ctx, order.clone()));
        let made = made.expect("an order");
        let (id, gross) = (made.order_id.raw(), made.gross);
        let capture = payments::Capture::new(1, sales::ORDER, id, gross);
        self.run(move |tx, ctx| payments::capture(tx, ctx, capture.clone())).expect("paid");
        made
    }

    pub fn route(&self, orders: &[SalesOrderId]) -> Result<OrdersRouted, RouteError> {
        let request = RouteOrders { order_ids: orders.to_vec(), ..RouteOrders::default() };
        self.run(move |tx, ctx| fulfilment::route(tx, ctx, request.clone()))
    }

    pub fn route_one(&self, order: SalesOrderId) -> RouteResult {
        self.route(&[order]).expect("a route").results.remove(0)
    }

    pub fn ship(&self, order_id: SalesOrderId, from: usize) -> Result<Shipped, ShipError> {
        let request = Ship {
            order_id,
            warehouse_id: Some(self.warehouses[from].warehouse_id),
            lines: None,
            happened_on: None,
            carrier: None,
            tracking: None,
            client_ref: None,
        };
        self.run(move |tx, ctx| sales::ship(tx, ctx, request.clone()))
    }

    pub fn detail(&self, order_id: SalesOrderId) -> SalesOrderDetail {
        let ctx = self.ctx.clone();
        self.db.read(move |tx| sales::order(tx, &ctx, order_id)).expect("the order")
    }

    /// On hand and available of an item in a warehouse.
    pub fn there(&self, warehouse: usize, item: usize) -> (i64, i64) {
        let (company, item) = (self.ctx.company_id, self.items[item]);
        let place = self.warehouses[warehouse].warehouse_id;
        let found = self.db.read(move |tx| stock::availability(tx, company, Some(place), &[item]));
        let found = found.expect("availability").get(&item).copied().unwrap_or_default();
        (whole(found.on_hand), whole(found.available))
    }

    pub fn assert_sound(&self) {
        let company = self.ctx.company_id;
        store::testing::assert_sound(self.db, &reconcile::SCHEMA, company);
        let findings = self.db.read(move |tx| fulfilment::verify_routes(tx, company));
        assert_eq!(findings.expect("routes"), Vec::<String>::new());
    }
}

pub fn whole(quantity: Quantity) -> i64 {
    quantity.micro() / Quantity::MICRO
}

pub fn goods(item: usize, pieces: i64) -> AcceptLine {
    AcceptLine {
        sku: Some(format!("P{item:04}")),
        quantity: Quantity::units(pieces),
        price: Some(Price::parse("6").unwrap()),
        ..AcceptLine::default()
    }
}

pub fn kits(pieces: i64) -> AcceptLine {
    AcceptLine { sku: Some("KIT".to_owned()), ..goods(0, pieces) }
}

fn set_up(tx: &mut Tx<'_>, ctx: &Ctx, items: usize) -> (Vec<Warehouse>, Vec<ItemId>) {
    accounting::install_accounts(tx, ctx, accounting::Template::Standard).unwrap();
    let rates = vec![accounting::RateFrom {
        from: base::Day::parse("2010-01-01").unwrap(),
        rate: Rate::parse("0.2").unwrap(),
    }];
    let define = accounting::DefineTaxCode {
        code: "S20".into(),
        name: "S20".into(),
        kind: accounting::TaxKind::Standard,
        recoverable: Rate::ONE,
        rates,
    };
    accounting::define_tax_code(tx, ctx, define).unwrap();
    catalog::install_units(tx, ctx).unwrap();
    let make = |tx: &mut Tx<'_>, code: &str| {
        let wanted = CreateWarehouse { code: code.into(), name: code.into() };
        stock::create_warehouse(tx, ctx, wanted).unwrap()
    };
    let warehouses = vec![make(tx, "WH"), make(tx, "SOUTH"), make(tx, "NORTH")];
    stock::install_reasons(tx, ctx).unwrap();
    let plain = (0..items).map(|i| NewItem::new(format!("P{i:04}"), "Thing")).collect();
    let ids = create(tx, ctx, plain);
    let others = vec![
        NewItem { kind: ItemKind::Kit, ..NewItem::new("KIT", "Set") },
        NewItem { kind: ItemKind::Service, ..NewItem::new("POST", "Postage") },
    ];
    let kit = create(tx, ctx, others)[0];
    let part = |item: usize, pieces| KitComponent {
        item_id: ids[item],
        quantity: Quantity::units(pieces),
    };
    let components = vec![part(0, 2), part(1, 1)];
    catalog::define_kit(tx, ctx, DefineKit { item_id: kit, revision: 1, components }).unwrap();
    let britain = "GB".parse().unwrap();
    let ann = partners::NewPartner::customer("C1", "Ann", britain);
    let acme = partners::NewPartner::supplier("ACME", "Acme", britain);
    for partner in [ann, acme] {
        partners::create_partner(tx, ctx, partner).unwrap();
    }
    for (code, prepaid, prices, revenue_at) in [
        ("WEB", true, Prices::Gross, RevenueAt::Shipment),
        ("B2B", false, Prices::Net, RevenueAt::Invoice),
    ] {
        let channel = DefineChannel {
            code: code.into(),
            name: code.into(),
            warehouse: "WH".into(),
            when_short: Some(WhenShort::BackOrder),
            reserve_at: None,
            prepaid,
            prices,
            revenue_at,
            terms_days: 30,
            tax_code: Some("S20".into()),
            active: None,
            revision: None,
        };
        sales::define_channel(tx, ctx, channel).unwrap();
    }
    (warehouses, ids)
}

fn create(tx: &mut Tx<'_>, ctx: &Ctx, items: Vec<NewItem>) -> Vec<ItemId> {
    let request = catalog::CreateItems { items, all_or_nothing: true };
    let made = catalog::create_items(tx, ctx, request).unwrap();
    let id = |answer| match answer {
        ItemAnswer::Done { item_id, .. } => item_id,
        other => panic!("{other:?}"),
    };
    made.items.into_iter().map(id).collect()
}
