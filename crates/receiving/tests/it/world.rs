//! A company that buys, and short ways to what arrives.

use accounting::Role;
use base::{BlindReceiptId, Day, DocumentId, Id, Price, PurchaseOrderId, Quantity, UnknownGoodsId};
use catalog::{AddBarcode, AddPackaging, ItemKind, NewItem, Tracking};
use identity::Ctx;
use purchasing::{CreateOrder, OrderDetail, OrderLine, SubmitOrder};
use receiving::{
    BlindBooked, BlindError, BlindMatch, BlindScan, BookBlindReceipt, Fit, OpenBlindReceipt,
    ReceiveUnknown, RecordUnknown, SCHEMA, ScanGoods, UnknownDetail, UnknownError, UnknownReceived,
};
use stock::CreateWarehouse;
use store::testing::{assert_sound, on_both_engines};
use store::{Database, StoreError, Tx};

/// `P1` and `P2` in pieces, a case of twelve `P1` has a barcode; `LOT` has lots, `SER` serial numbers;
/// `HELP` is a service. `ACME` and `OTHER` deal in GBP. The warehouses are `WH` and `TWO`.
pub struct World<'d> {
    pub db: &'d Database,
    pub ctx: Ctx,
}

/// The barcode of the case of `P1`.
pub const CASE: &str = "4006381333931";

/// Runs a story on each engine; every check holds at its end, and every match is decided again.
pub fn story(tell: impl Fn(&World<'_>)) {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db);
        tell(&world);
        world.assert_sound();
    });
}

impl<'d> World<'d> {
    pub fn new(db: &'d Database) -> World<'d> {
        let ctx = identity::testing::ctx(db);
        let inside = ctx.clone();
        db.write(move |tx| set_up(tx, &inside)).expect("a world");
        World { db, ctx }
    }

    pub fn on<'n>(&self, db: &'n Database) -> World<'n> {
        World { db, ctx: self.ctx.clone() }
    }

    pub fn run<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let ctx = self.ctx.clone();
        self.db.write(move |tx| work(tx, &ctx))
    }

    pub fn policy(&self, name: &'static str, value: &'static str) {
        self.run(move |tx, ctx| identity::set_policy(tx, ctx, name, value)).expect("a policy");
    }

    /// An approved order to a supplier for WH, its lines due on a day: SKU, pieces, price.
    pub fn order(&self, supplier: &str, due: &str, lines: &[(&str, i64, &str)]) -> PurchaseOrderId {
        let line = |&(sku, quantity, each): &(&str, i64, &str)| OrderLine {
            sku: sku.into(),
            quantity: Quantity::units(quantity),
            unit: None,
            price: Some(Price::parse(each).expect("a price")),
            discount: None,
            tax_code: String::new(),
            due_on: Some(day(due)),
        };
        let order = CreateOrder {
            supplier: supplier.into(),
            warehouse: "WH".into(),
            currency: None,
            ordered_on: None,
            billing: None,
            lines: lines.iter().map(line).collect(),
            note: String::new(),
            client_ref: String::new(),
        };
        let made = self.run(move |tx, ctx| purchasing::create_order(tx, ctx, order.clone()));
        let order_id = made.expect("an order").order_id;
        self.run(move |tx, ctx| purchasing::submit_order(tx, ctx, SubmitOrder { order_id }))
            .expect("approved");
        order_id
    }

    pub fn detail(&self, order_id: PurchaseOrderId) -> OrderDetail {
        self.run(move |tx, ctx| purchasing::order(tx, ctx, order_id)).expect("the order")
    }

    /// What came of the first line of an order, in pieces.
    pub fn received(&self, order_id: PurchaseOrderId) -> i64 {
        units(self.detail(order_id).lines[0].received)
    }

    pub fn open(&self) -> BlindReceiptId {
        self.open_of("ACME")
    }

    /// A blind receipt of a supplier.
    pub fn open_of(&self, supplier: &str) -> BlindReceiptId {
        let request = OpenBlindReceipt {
            supplier: supplier.into(),
            warehouse: Some("WH".into()),
            delivery_note: "DN 7".into(),
            client_ref: String::new(),
        };
        self.run(move |tx, ctx| receiving::open_blind_receipt(tx, ctx, request.clone()))
            .expect("a blind receipt")
            .blind_receipt_id
    }

    pub fn scan(
        &self,
        blind_receipt_id: BlindReceiptId,
        scans: Vec<BlindScan>,
    ) -> Result<receiving::GoodsScanned, BlindError> {
        let request = ScanGoods { blind_receipt_id, scans };
        self.run(move |tx, ctx| receiving::scan_goods(tx, ctx, request.clone()))
    }

    pub fn look(&self, id: BlindReceiptId) -> BlindMatch {
        let ctx = self.ctx.clone();
        self.db.read(move |tx| receiving::blind_match(tx, &ctx, id)).expect("a match")
    }

    /// What booking asks after looking at the match.
    pub fn booking(&self, id: BlindReceiptId, confirm_over: bool) -> BookBlindReceipt {
        let BlindMatch { blind_receipt_id, seq, fingerprint, .. } = self.look(id);
        BookBlindReceipt { blind_receipt_id, seq, fingerprint, received_on: None, confirm_over }
    }

    pub fn ask_book(&self, request: BookBlindReceipt) -> Result<BlindBooked, BlindError> {
        self.run(move |tx, ctx| receiving::book_blind_receipt(tx, ctx, request.clone()))
    }

    /// Looks and books, again while another delivery changes what is due in between.
    pub fn book(&self, id: BlindReceiptId, confirm_over: bool) -> BlindBooked {
        loop {
            match self.ask_book(self.booking(id, confirm_over)) {
                Err(BlindError::Changed { .. }) => {}
                done => return done.expect("booked"),
            }
        }
    }

    /// Opens, scans and books at once.
    pub fn came(&self, scans: Vec<BlindScan>) -> BlindBooked {
        let id = self.open();
        self.scan(id, scans).expect("scanned");
        self.book(id, false)
    }

    pub fn found(&self, request: RecordUnknown) -> UnknownGoodsId {
        self.run(move |tx, ctx| receiving::record_unknown(tx, ctx, request.clone()))
            .expect("taken down")
            .unknown_goods_id
    }

    pub fn receive(&self, request: ReceiveUnknown) -> Result<UnknownReceived, UnknownError> {
        self.run(move |tx, ctx| receiving::receive_unknown(tx, ctx, request.clone()))
    }

    pub fn unknown(&self, id: UnknownGoodsId) -> UnknownDetail {
        let ctx = self.ctx.clone();
        self.db.read(move |tx| receiving::unknown(tx, &ctx, id)).expect("unknown goods")
    }

    /// A photo that is attached to a record.
    pub fn photo(&self, kind: &'static str, id: i64) -> DocumentId {
        let attach = documents::Attach {
            document_type: documents::DocumentType::PhotoOfDamage,
            name: "wet.png".to_owned(),
            expires_on: None,
            replaces: None,
            note: String::new(),
        };
        let record = documents::Record { kind: kind.to_owned(), id, name: String::new() };
        let done = self.run(move |tx, ctx| {
            let file = documents::File { content: b"\x89PNG\r\n\x1a\n", claimed: "" };
            documents::attach(tx, ctx, &record, &attach, file)
        });
        done.expect("attached").document_id
    }

    /// The lines of a record and the documents that prove something of them.
    pub fn evidence(&self, kind: &'static str, id: i64) -> Vec<(i64, DocumentId)> {
        let record = documents::Record { kind: kind.to_owned(), id, name: String::new() };
        let found = self.run(move |tx, ctx| documents::evidence_of(tx, ctx, &record));
        found.expect("read").iter().map(|row| (row.line, row.document_id)).collect()
    }

    /// What an account was debited less credited, in minor units.
    pub fn balance(&self, role: Role) -> i64 {
        let balance = self.run(move |tx, ctx| accounting::trial_balance(tx, ctx, None));
        let lines = balance.expect("a balance").lines;
        lines.iter().filter(|line| line.role == Some(role)).map(|line| line.balance.minor).sum()
    }

    /// Pieces on hand of an item.
    pub fn on_hand(&self, sku: &'static str) -> i64 {
        let found = self.run(move |tx, ctx| {
            let item = catalog::items_by_sku(tx, ctx.company_id, &[sku])?[sku].id;
            let found = stock::availability(tx, ctx.company_id, None, &[item])?;
            Ok::<_, stock::ListError>(found.get(&item).copied().unwrap_or_default().on_hand)
        });
        units(found.expect("availability"))
    }

    pub fn assert_sound(&self) {
        assert_sound(self.db, &SCHEMA, self.ctx.company_id);
        let company_id = self.ctx.company_id;
        let broken = self.db.read(move |tx| receiving::verify_matches(tx, company_id));
        assert_eq!(broken.expect("verified"), Vec::<String>::new());
    }
}

fn set_up(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), StoreError> {
    accounting::install_accounts(tx, ctx, accounting::Template::Standard).expect("accounts");
    stock::install_reasons(tx, ctx).expect("reasons");
    catalog::install_units(tx, ctx).expect("units");
    for code in ["WH", "TWO"] {
        let request = CreateWarehouse { code: code.into(), name: code.into() };
        stock::create_warehouse(tx, ctx, request).expect("a warehouse");
    }
    let goods = |sku: &str| NewItem::new(sku, "Thing");
    for item in [
        goods("P1"),
        goods("P2"),
        NewItem { tracking: Tracking::Lot, ..goods("LOT") },
        NewItem { tracking: Tracking::Serial, ..goods("SER") },
        NewItem { kind: ItemKind::Service, ..goods("HELP") },
    ] {
        catalog::create_item(tx, ctx, item).expect("an item");
    }
    let item_id = catalog::items_by_sku(tx, ctx.company_id, &["P1"])?["P1"].id;
    let case = AddPackaging { item_id, name: "case".into(), quantity: Quantity::units(12) };
    let packaging_id = catalog::add_packaging(tx, ctx, case).expect("a packaging").packaging_id;
    let code = CASE.to_owned();
    let barcode = AddBarcode { item_id, code, packaging_id: Some(packaging_id) };
    catalog::add_barcode(tx, ctx, barcode).expect("a barcode");
    for code in ["ACME", "OTHER"] {
        let partner = partners::NewPartner {
            currency: Some(base::Currency::GBP),
            ..partners::NewPartner::supplier(code, code, "GB".parse().expect("a country"))
        };
        partners::create_partner(tx, ctx, partner).expect("a partner");
    }
    Ok(())
}

pub fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

pub fn units(quantity: Quantity) -> i64 {
    quantity.micro() / Quantity::MICRO
}

pub fn scan(code: &str, quantity: i64) -> BlindScan {
    BlindScan { code: code.into(), quantity: Some(Quantity::units(quantity)), ..Default::default() }
}

pub fn found(code: &str, description: &str, quantity: i64) -> RecordUnknown {
    RecordUnknown {
        warehouse: Some("WH".into()),
        code: code.into(),
        description: description.into(),
        quantity: Quantity::units(quantity),
        ..RecordUnknown::default()
    }
}

pub fn for_line(
    unknown_goods_id: UnknownGoodsId,
    order_id: PurchaseOrderId,
    line: i64,
) -> ReceiveUnknown {
    ReceiveUnknown {
        unknown_goods_id,
        order_id,
        line,
        quantity: None,
        lot: None,
        place: None,
        received_on: None,
        confirm_over: false,
        evidence: Vec::new(),
    }
}

/// SKU, pieces, fit and order of what was matched.
pub fn told(lines: &[receiving::MatchedGoods]) -> Vec<(&str, i64, Fit, i64)> {
    lines
        .iter()
        .map(|line| {
            let order = line.order_id.map_or(0, Id::raw);
            (line.sku.as_str(), units(line.quantity), line.fit, order)
        })
        .collect()
}
