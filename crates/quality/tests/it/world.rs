//! A company that sells and takes goods back.

use accounting::Role;
use base::{CustomerReturnId, Id, ItemId, Money, Price, Quantity, Rate, RefundId, SalesOrderId};
use catalog::{DefineKit, ItemAnswer, ItemKind, KitComponent, NewItem};
use identity::Ctx;
use quality::{
    AuthorizeLine, AuthorizeReturn, DecideRefund, Dispose, DisposeLine, Disposed, Disposition,
    ReceiveReturn, RefundDecided, RefundError, ReturnAuthorized, ReturnError, ReturnReason,
    ReturnReceived,
};
use sales::{
    AcceptLine, AcceptOrder, DefineChannel, InvoiceOrder, Prices, RevenueAt, Ship, WhenShort,
};
use stock::{Cost, Counter, CreateWarehouse, Kind, Move, Posting, Warehouse};
use store::{Database, StoreError, Tx};

/// `WEB` is prepaid and gross, `B2B` on terms and net, both at 20 %. `P0000`, `P0001`, ... are goods,
/// `KIT` is two of the first and one of the second, `LOT` comes in lots.
pub struct World<'d> {
    pub db: &'d Database,
    pub ctx: Ctx,
    pub warehouse: Warehouse,
    pub items: Vec<ItemId>,
}

impl<'d> World<'d> {
    pub fn new(db: &'d Database, items: usize) -> World<'d> {
        let ctx = identity::testing::ctx(db);
        let inside = ctx.clone();
        let made = db.write(move |tx| Ok::<_, StoreError>(set_up(tx, &inside, items.max(2))));
        let (warehouse, items) = made.expect("a world");
        World { db, ctx, warehouse, items }
    }

    pub fn on<'n>(&self, db: &'n Database) -> World<'n> {
        let (ctx, warehouse) = (self.ctx.clone(), self.warehouse.clone());
        World { db, ctx, warehouse, items: self.items.clone() }
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

    pub fn policy(&self, name: &'static str, value: &'static str) {
        self.run(move |tx, ctx| identity::set_policy(tx, ctx, name, value)).expect("a policy");
    }

    /// Goods come in at the value given for all of them, in minor units.
    pub fn receive(&self, goods: &[(usize, i64, i64)]) {
        let come = |&(item, pieces, value): &(usize, i64, i64)| Move {
            cost: Cost::Given(value),
            kind: Kind::Receipt,
            counter: Some(Counter::role(Role::Capital)),
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
            source_kind: "contribution",
            source_id: 1,
            memo: "goods of the owners".to_owned(),
            moves: goods.iter().map(come).collect(),
            lines: Vec::new(),
        };
        self.run(move |tx, ctx| stock::post(tx, ctx, posting.clone())).expect("goods");
    }

    /// An order that is accepted and paid, or on terms invoiced, and shipped in full.
    pub fn sell(&self, channel: &'static str, lines: Vec<AcceptLine>) -> SalesOrderId {
        let order = AcceptOrder {
            channel: channel.to_owned(),
            partner: (channel == "B2B").then(|| "C1".to_owned()),
            lines,
            ..AcceptOrder::default()
        };
        let accepted =
            self.run(move |tx, ctx| sales::accept(tx, ctx, order.clone())).expect("an order");
        let (order_id, gross) = (accepted.order_id, accepted.gross);
        if channel == "WEB" {
            let capture = payments::Capture::new(1, sales::ORDER, order_id.raw(), gross);
            self.run(move |tx, ctx| payments::capture(tx, ctx, capture.clone())).expect("paid");
        }
        let ship = Ship {
            order_id,
            warehouse_id: None,
            lines: None,
            happened_on: None,
            carrier: None,
            tracking: None,
            client_ref: None,
        };
        self.run(move |tx, ctx| sales::ship(tx, ctx, ship.clone())).expect("shipped");
        if channel == "B2B" {
            let invoice =
                InvoiceOrder { order_id, invoiced_on: None, due_on: None, client_ref: None };
            self.run(move |tx, ctx| sales::invoice(tx, ctx, invoice.clone())).expect("invoiced");
        }
        order_id
    }

    pub fn authorize(&self, request: &AuthorizeReturn) -> Result<ReturnAuthorized, ReturnError> {
        let request = request.clone();
        self.run(move |tx, ctx| quality::authorize_return(tx, ctx, request.clone()))
    }

    pub fn arrive(&self, return_id: CustomerReturnId) -> Result<ReturnReceived, ReturnError> {
        self.run(move |tx, ctx| quality::receive_return(tx, ctx, arriving(return_id)))
    }

    /// A return of some pieces of a line, authorized and arrived.
    pub fn back(&self, order: SalesOrderId, lines: &[(i64, i64)]) -> CustomerReturnId {
        let made = self.authorize(&of(order, lines)).expect("a return");
        self.arrive(made.return_id).expect("goods");
        made.return_id
    }

    pub fn dispose(
        &self,
        return_id: CustomerReturnId,
        lines: Vec<DisposeLine>,
    ) -> Result<Disposed, ReturnError> {
        let request = Dispose { return_id, decided_on: None, lines, client_ref: String::new() };
        self.run(move |tx, ctx| quality::dispose(tx, ctx, request.clone()))
    }

    pub fn refund(&self, return_id: CustomerReturnId) -> Result<RefundDecided, RefundError> {
        self.run(move |tx, ctx| quality::decide_refund(tx, ctx, refunding(return_id)))
    }

    pub fn pay(&self, refund: RefundId, through: payments::Through, minor: i64) -> bool {
        let request = payments::Refund {
            of: payments::RefundOf::Decided,
            open: payments::OpenRef { kind: quality::OPEN_REFUND.to_owned(), id: refund.raw() },
            through,
            amount: Money::new(minor, self.ctx.currency),
            bank_amount: None,
            happened_on: None,
            partner_id: None,
            method: String::new(),
            reference: String::new(),
            client_ref: String::new(),
            memo: String::new(),
        };
        self.run(move |tx, ctx| payments::refund(tx, ctx, request.clone())).is_ok()
    }

    /// Debits less credits of a role's account, in minor units.
    pub fn balance(&self, role: Role) -> i64 {
        let ctx = self.ctx.clone();
        let trial = self.db.read(move |tx| accounting::trial_balance(tx, &ctx, None));
        let trial = trial.expect("a trial balance");
        trial.lines.iter().find(|l| l.role == Some(role)).map_or(0, |line| line.balance.minor)
    }

    /// On hand, available and incoming of an item.
    pub fn there(&self, item: usize) -> (i64, i64, i64) {
        let (company, item) = (self.ctx.company_id, self.items[item]);
        let found = self.db.read(move |tx| stock::availability(tx, company, None, &[item]));
        let found = found.expect("availability").get(&item).copied().unwrap_or_default();
        let whole = |quantity: Quantity| quantity.micro() / Quantity::MICRO;
        (whole(found.on_hand), whole(found.available), whole(found.incoming))
    }

    pub fn assert_sound(&self) {
        store::testing::assert_sound(self.db, &reconcile::SCHEMA, self.ctx.company_id);
    }
}

pub fn goods(item: usize, pieces: i64, price: &str) -> AcceptLine {
    AcceptLine {
        sku: Some(format!("P{item:04}")),
        quantity: Quantity::units(pieces),
        price: Some(Price::parse(price).unwrap()),
        ..AcceptLine::default()
    }
}

pub fn of(order_id: SalesOrderId, lines: &[(i64, i64)]) -> AuthorizeReturn {
    let line = |&(line, pieces): &(i64, i64)| AuthorizeLine {
        line: Some(line),
        quantity: Some(Quantity::units(pieces)),
        ..AuthorizeLine::default()
    };
    AuthorizeReturn {
        order_id: Some(order_id),
        lines: Some(lines.iter().map(line).collect()),
        ..nothing()
    }
}

pub fn nothing() -> AuthorizeReturn {
    AuthorizeReturn {
        order_id: None,
        partner: None,
        warehouse: None,
        reason: ReturnReason::ChangedMind,
        note: String::new(),
        lines: None,
        sold_on: None,
        prices: None,
        expected_on: None,
        confirm_late: false,
        client_ref: String::new(),
    }
}

pub fn arriving(return_id: CustomerReturnId) -> ReceiveReturn {
    ReceiveReturn { return_id, lines: None, received_on: None, client_ref: String::new() }
}

pub fn refunding(return_id: CustomerReturnId) -> DecideRefund {
    DecideRefund {
        return_id,
        lines: None,
        decided_on: None,
        reason: "sent back".to_owned(),
        client_ref: String::new(),
    }
}

pub fn all(line: i64, outcome: Disposition) -> DisposeLine {
    DisposeLine {
        line,
        sku: None,
        quantity: None,
        outcome,
        place: None,
        reason: String::new(),
        grade_sku: None,
        grade_value: None,
        supplier: None,
        note: String::new(),
    }
}

fn set_up(tx: &mut Tx<'_>, ctx: &Ctx, items: usize) -> (Warehouse, Vec<ItemId>) {
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
    let wh = CreateWarehouse { code: "WH".into(), name: "Main".into() };
    let warehouse = stock::create_warehouse(tx, ctx, wh).unwrap();
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
    (warehouse, ids)
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
