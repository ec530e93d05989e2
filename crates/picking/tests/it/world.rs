//! A company that sells on terms from one warehouse with bins.

use accounting::Role;
use base::{ItemId, LotId, PackageId, PickListId, PlaceId, Price, Quantity, Rate, SalesOrderId};
use catalog::{DefineKit, ItemAnswer, ItemKind, KitComponent, NewItem, Tracking};
use identity::Ctx;
use picking::{
    GoodsPacked, GoodsPicked, MissingGoods, PackError, PackGoods, PackScan, PackagesShipped,
    PickError, PickGoods, PickLineFilter, PickLineRow, PickListRow, PickScan, PicksPlanned,
    PlanPicks, ShipPackages, ShipPackagesError,
};
use sales::{
    AcceptLine, AcceptOrder, Accepted, DefineChannel, Prices, RevenueAt, SalesOrderDetail,
    WhenShort,
};
use stock::{Cost, Counter, CreatePlace, CreateWarehouse, Kind, Move, Posting, Warehouse};
use store::{Database, StoreError, Tx};

/// The bins, in the order in which they are made, which is not that in which they are walked.
pub const BINS: [&str; 3] = ["A-10", "A-2", "B-1"];

/// `B2B` and `EDI` are on terms and net; both back-order. `P0000`, `P0001`, ... are goods of 250 g, `KIT`
/// is two of the first and one of the second, `LOT` comes in lots.
pub struct World<'d> {
    pub db: &'d Database,
    pub ctx: Ctx,
    pub warehouse: Warehouse,
    pub bins: Vec<PlaceId>,
    pub items: Vec<ItemId>,
    pub lot_item: ItemId,
}

impl<'d> World<'d> {
    pub fn new(db: &'d Database, items: usize) -> World<'d> {
        let ctx = identity::testing::ctx(db);
        let inside = ctx.clone();
        let made = db.write(move |tx| Ok::<_, StoreError>(set_up(tx, &inside, items.max(2))));
        let (warehouse, bins, items, lot_item) = made.expect("a world");
        World { db, ctx, warehouse, bins, items, lot_item }
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

    /// A move of pieces into a bin, at 1.00 each.
    pub fn incoming(&self, item: ItemId, bin: usize, pieces: i64) -> Move {
        Move {
            cost: Cost::Given(pieces * 100),
            kind: Kind::Receipt,
            counter: Some(Counter::role(Role::Capital)),
            ..Move::plain(item, self.warehouse.supplier, self.bins[bin], Quantity::units(pieces))
        }
    }

    /// Pieces of items come into bins: item, bin, pieces.
    pub fn receive(&self, goods: &[(usize, usize, i64)]) {
        let come = |&(item, bin, pieces): &(usize, usize, i64)| {
            self.incoming(self.items[item], bin, pieces)
        };
        self.post(goods.iter().map(come).collect());
    }

    /// Pieces of lots of the item that has lots: code, bin, pieces.
    pub fn receive_lots(&self, goods: &[(&str, usize, i64)]) {
        for (code, bin, pieces) in goods {
            let wanted = vec![(self.lot_item, (*code).to_owned())];
            let lots = self.run(move |tx, ctx| stock::lots(tx, ctx.company_id, ctx.today, &wanted));
            let lot: LotId = *lots.expect("lots").values().next().expect("a lot");
            let come = self.incoming(self.lot_item, *bin, *pieces);
            self.post(vec![Move { lot_id: Some(lot), ..come }]);
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

    /// An accepted order of the customer.
    pub fn order(&self, lines: Vec<AcceptLine>) -> Accepted {
        self.order_of("B2B", None, lines)
    }

    pub fn order_of(&self, channel: &str, due: Option<&str>, lines: Vec<AcceptLine>) -> Accepted {
        let order = AcceptOrder {
            channel: channel.to_owned(),
            partner: Some("C1".to_owned()),
            due_on: due.map(|day| base::Day::parse(day).expect("a day")),
            lines,
            ..AcceptOrder::default()
        };
        self.run(move |tx, ctx| sales::accept(tx, ctx, order.clone())).expect("an order")
    }

    pub fn plan(&self, request: PlanPicks) -> PicksPlanned {
        self.run(move |tx, ctx| picking::plan_picks(tx, ctx, request.clone())).expect("lists")
    }

    /// The only list of what is ready.
    pub fn list(&self) -> PickListId {
        let planned = self.plan(PlanPicks::default());
        assert_eq!(planned.lists.len(), 1, "{planned:?}");
        planned.lists[0].list_id
    }

    pub fn pick(
        &self,
        list_id: PickListId,
        lines: Vec<PickScan>,
    ) -> Result<GoodsPicked, PickError> {
        self.pick_under(list_id, lines, "")
    }

    pub fn pick_under(
        &self,
        list_id: PickListId,
        lines: Vec<PickScan>,
        client_ref: &str,
    ) -> Result<GoodsPicked, PickError> {
        let request = PickGoods { list_id, lines, client_ref: client_ref.to_owned() };
        self.run(move |tx, ctx| picking::pick(tx, ctx, request.clone()))
    }

    /// Takes everything that is still to be picked for a list.
    pub fn pick_all(&self, list_id: PickListId) -> GoodsPicked {
        let lines = self.lines(list_id);
        let left = lines.into_iter().filter(|line| line.to_pick.is_positive());
        let scans = left.map(|line| PickScan {
            place: line.place,
            code: line.sku,
            lot: (!line.lot.is_empty()).then_some(line.lot),
            quantity: Some(line.to_pick),
            missing: None,
        });
        self.pick(list_id, scans.collect()).expect("picked")
    }

    pub fn pack(
        &self,
        order_id: SalesOrderId,
        lines: Vec<PackScan>,
    ) -> Result<GoodsPacked, PackError> {
        let everything = lines.is_empty();
        self.pack_as(PackGoods { lines, everything, ..packing(order_id) })
    }

    pub fn pack_as(&self, request: PackGoods) -> Result<GoodsPacked, PackError> {
        self.run(move |tx, ctx| picking::pack(tx, ctx, request.clone()))
    }

    pub fn ship(&self, package_ids: &[PackageId]) -> Result<PackagesShipped, ShipPackagesError> {
        let request = ShipPackages { package_ids: package_ids.to_vec(), ..ShipPackages::default() };
        self.run(move |tx, ctx| picking::ship_packages(tx, ctx, request.clone()))
    }

    /// The lines of a list, in the order in which they are walked.
    pub fn lines(&self, list_id: PickListId) -> Vec<PickLineRow> {
        let ctx = self.ctx.clone();
        let found = self.db.read(move |tx| picking::pick_list(tx, &ctx, list_id));
        found.expect("the list").lines
    }

    pub fn row(&self, list_id: PickListId) -> PickListRow {
        let ctx = self.ctx.clone();
        self.db.read(move |tx| picking::pick_list(tx, &ctx, list_id)).expect("the list").list
    }

    pub fn find_lines(&self, filter: PickLineFilter) -> Vec<PickLineRow> {
        let ctx = self.ctx.clone();
        let found = self.db.read(move |tx| picking::list_pick_lines(tx, &ctx, filter.clone()));
        found.expect("lines").lines
    }

    pub fn detail(&self, order_id: SalesOrderId) -> SalesOrderDetail {
        let ctx = self.ctx.clone();
        self.db.read(move |tx| sales::order(tx, &ctx, order_id)).expect("the order")
    }

    /// On hand of items in bins, where there is any: SKU, place, pieces.
    pub fn stock(&self) -> Vec<(String, String, i64)> {
        let ctx = self.ctx.clone();
        let found =
            self.db.read(move |tx| stock::list_stock(tx, &ctx, stock::StockFilter::default()));
        let lines = found.expect("stock").lines.into_iter();
        let mut rows: Vec<_> =
            lines.map(|line| (line.sku, line.place, whole(line.on_hand))).collect();
        rows.retain(|(_, place, pieces)| *pieces != 0 && place.contains("Stock"));
        rows.sort();
        rows
    }

    pub fn assert_sound(&self) {
        store::testing::assert_sound(self.db, &reconcile::SCHEMA, self.ctx.company_id);
    }
}

pub fn whole(quantity: Quantity) -> i64 {
    quantity.micro() / Quantity::MICRO
}

pub fn goods(item: usize, pieces: i64) -> AcceptLine {
    AcceptLine { sku: Some(sku(item)), ..goods_of("", pieces) }
}

pub fn goods_of(sku: &str, pieces: i64) -> AcceptLine {
    AcceptLine {
        sku: Some(sku.to_owned()),
        quantity: Quantity::units(pieces),
        price: Some(Price::parse("6").unwrap()),
        ..AcceptLine::default()
    }
}

pub fn sku(item: usize) -> String {
    format!("P{item:04}")
}

pub fn bin(bin: usize) -> String {
    format!("WH/Stock/{}", BINS[bin])
}

/// Pieces of an item taken from a bin.
pub fn scan(item: usize, at: usize, pieces: i64) -> PickScan {
    let quantity = Some(Quantity::units(pieces));
    PickScan { place: bin(at), code: sku(item), quantity, ..PickScan::default() }
}

/// Pieces of an item taken from a bin; the rest is not there.
pub fn short(item: usize, at: usize, pieces: i64, then: picking::WhenMissing) -> PickScan {
    let missing = MissingGoods { reason: "empty shelf".to_owned(), then, count: true };
    PickScan { missing: Some(missing), ..scan(item, at, pieces) }
}

/// Pieces of an item to be packed.
pub fn packed(item: usize, pieces: i64) -> PackScan {
    PackScan { code: sku(item), quantity: Some(Quantity::units(pieces)), lot: None }
}

pub fn packing(order_id: SalesOrderId) -> PackGoods {
    PackGoods {
        order_id,
        package_id: None,
        warehouse: None,
        lines: Vec::new(),
        everything: false,
        close: true,
        label: picking::LabelFields::default(),
        client_ref: String::new(),
    }
}

type Made = (Warehouse, Vec<PlaceId>, Vec<ItemId>, ItemId);

fn set_up(tx: &mut Tx<'_>, ctx: &Ctx, items: usize) -> Made {
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
    let wanted = CreateWarehouse { code: "WH".into(), name: "Main".into() };
    let warehouse = stock::create_warehouse(tx, ctx, wanted).unwrap();
    let mut bin = |code: &str| {
        let wanted = CreatePlace { parent: "WH/Stock".into(), code: code.into() };
        stock::create_place(tx, ctx, wanted).unwrap().place_id
    };
    let bins = BINS.iter().map(|code| bin(code)).collect();
    stock::install_reasons(tx, ctx).unwrap();
    let thing =
        |item| NewItem { weight_grams: Quantity::units(250), ..NewItem::new(sku(item), "Thing") };
    let ids = create(tx, ctx, (0..items).map(thing).collect());
    let others = vec![
        NewItem { kind: ItemKind::Kit, ..NewItem::new("KIT", "Set") },
        NewItem { tracking: Tracking::Lot, ..NewItem::new("LOT", "Paint") },
    ];
    let others = create(tx, ctx, others);
    let part = |item: usize, pieces| KitComponent {
        item_id: ids[item],
        quantity: Quantity::units(pieces),
    };
    let kit =
        DefineKit { item_id: others[0], revision: 1, components: vec![part(0, 2), part(1, 1)] };
    catalog::define_kit(tx, ctx, kit).unwrap();
    let ann = partners::NewPartner::customer("C1", "Ann", "GB".parse().unwrap());
    partners::create_partner(tx, ctx, ann).unwrap();
    for code in ["B2B", "EDI"] {
        let channel = DefineChannel {
            code: code.into(),
            name: code.into(),
            warehouse: "WH".into(),
            when_short: Some(WhenShort::BackOrder),
            reserve_at: None,
            prepaid: false,
            prices: Prices::Net,
            revenue_at: RevenueAt::Invoice,
            terms_days: 30,
            tax_code: Some("S20".into()),
            active: None,
            revision: None,
        };
        sales::define_channel(tx, ctx, channel).unwrap();
    }
    (warehouse, bins, ids, others[1])
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
