//! A company with a warehouse, two suppliers and some items.

use base::{Currency, Day, Id, ItemId, Price, PurchaseOrderId, Quantity, Rate};
use catalog::NewItem;
use identity::Ctx;
use planning::{
    ApproveProposal, ApproveProposals, ApproveProposalsError, ProposalFilter, ProposalRow,
    ProposalState, ProposalsApproved, ReplenishmentRun, RunReplenishment, SCHEMA, SetRule,
    SetRules, Trigger,
};
use purchasing::{CreateOrder, DefineOffer, DefineOffers, OrderLine};
use stock::{CreatePlace, CreateWarehouse, Warehouse};
use store::{Database, StoreError, Tx};

pub struct World<'d> {
    pub database: &'d Database,
    pub ctx: Ctx,
    pub warehouse: Warehouse,
}

/// The day on which everything happens unless a test says otherwise.
pub const TODAY: &str = "2026-03-02";

/// `P1`, `P2`, `P3` in pieces, `DOZ` in pieces and bought by the dozen, `HELP` a service; a place
/// `WH/Stock/Shop`. `ACME` and `BRAVO` deal in GBP, `BERLIN` in EUR. Nobody offers anything.
impl<'d> World<'d> {
    pub fn new(database: &'d Database) -> World<'d> {
        let ctx = identity::testing::ctx(database).on(day(TODAY));
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
        let (database, warehouse) = (self.database, self.warehouse.clone());
        World { database, ctx: self.ctx.on(day(text)), warehouse }
    }

    pub fn policy(&self, name: &'static str, value: &'static str) {
        self.ask(move |tx, ctx| identity::set_policy(tx, ctx, name, value)).expect("a policy");
    }

    pub fn item(&self, sku: &'static str) -> ItemId {
        self.ask(move |tx, ctx| catalog::items_by_sku(tx, ctx.company_id, &[sku]))
            .expect("the item")[sku]
            .id
    }

    pub fn offers(&self, offers: Vec<DefineOffer>) {
        let request = DefineOffers { offers };
        self.ask(move |tx, ctx| purchasing::define_offers(tx, ctx, request.clone()))
            .expect("offers");
    }

    pub fn rules(&self, rules: Vec<SetRule>) {
        let request = SetRules { rules };
        self.ask(move |tx, ctx| planning::set_rules(tx, ctx, request.clone())).expect("rules");
    }

    /// Somebody wants pieces of an item on a day.
    pub fn want(&self, sku: &'static str, quantity: i64, on: &str) {
        let line = stock::Wanted {
            owner_id: 1,
            line_id: 1,
            item_id: self.item(sku),
            quantity: Quantity::units(quantity),
            due_on: day(on),
        };
        let demand = stock::Demand {
            owner_kind: "test",
            warehouse_id: self.warehouse.warehouse_id,
            place_path: String::new(),
            shortage: stock::Shortage::BackOrder,
            reserve: false,
            lines: vec![line],
        };
        self.ask(move |tx, ctx| stock::demand(tx, ctx, demand.clone())).expect("a demand");
    }

    /// An approved order that brings pieces of an item on a day.
    pub fn order(&self, sku: &str, quantity: i64, on: &str) -> PurchaseOrderId {
        let line = OrderLine {
            sku: sku.into(),
            quantity: Quantity::units(quantity),
            unit: Some("pcs".into()),
            price: Some(price("1")),
            discount: None,
            tax_code: String::new(),
            due_on: Some(day(on)),
        };
        let order = CreateOrder {
            supplier: "BRAVO".into(),
            warehouse: "WH".into(),
            currency: None,
            ordered_on: None,
            billing: None,
            lines: vec![line],
            note: String::new(),
            client_ref: String::new(),
        };
        self.ask(move |tx, ctx| purchasing::create_order(tx, ctx, order.clone()))
            .map(|created| created.order_id)
            .map(|order| self.submit(order))
            .expect("an order")
    }

    pub fn submit(&self, order_id: PurchaseOrderId) -> PurchaseOrderId {
        let request = purchasing::SubmitOrder { order_id };
        self.ask(move |tx, ctx| purchasing::submit_order(tx, ctx, request.clone()))
            .expect("approved");
        order_id
    }

    /// Everything of an order arrives.
    pub fn receive(&self, order_id: PurchaseOrderId) {
        let line = |line: purchasing::OrderLineView| purchasing::ReceiveLine {
            line: line.line,
            quantity: line.due,
            unit: Some(line.stock_unit),
            outcome: purchasing::Outcome::Accepted,
            lot: None,
            expires_on: None,
            place: None,
            reason: String::new(),
            evidence: Vec::new(),
        };
        let request = purchasing::Receive {
            order_id,
            received_on: None,
            delivery_note: String::new(),
            lines: self.detail(order_id).lines.into_iter().map(line).collect(),
            confirm_over: false,
            client_ref: String::new(),
        };
        self.ask(move |tx, ctx| purchasing::receive(tx, ctx, request.clone())).expect("received");
    }

    /// Pieces of an item lie in the warehouse.
    pub fn stock(&self, sku: &str, quantity: i64) {
        self.receive(self.order(sku, quantity, TODAY));
    }

    pub fn detail(&self, order_id: PurchaseOrderId) -> purchasing::OrderDetail {
        self.ask(move |tx, ctx| purchasing::order(tx, ctx, order_id)).expect("the order")
    }

    pub fn run(&self) -> ReplenishmentRun {
        self.run_of(RunReplenishment::default())
    }

    pub fn run_of(&self, request: RunReplenishment) -> ReplenishmentRun {
        self.ask(move |tx, ctx| planning::run_replenishment(tx, ctx, request.clone()))
            .expect("a run")
    }

    pub fn proposals(&self, state: ProposalState) -> Vec<ProposalRow> {
        let mut filter = ProposalFilter { state: Some(state), ..ProposalFilter::default() };
        let mut lines = Vec::new();
        loop {
            let asked = filter.clone();
            let page = self
                .ask(move |tx, ctx| planning::list_proposals(tx, ctx, &asked))
                .expect("proposals");
            lines.extend(page.lines);
            filter.cursor = page.next_cursor;
            if filter.cursor.is_none() {
                return lines;
            }
        }
    }

    pub fn open(&self) -> Vec<ProposalRow> {
        self.proposals(ProposalState::Open)
    }

    /// SKU and proposed pieces of what is open, by SKU.
    pub fn proposed(&self) -> Vec<(String, i64)> {
        let mut open: Vec<_> =
            self.open().into_iter().map(|row| (row.sku, units(row.quantity))).collect();
        open.sort();
        open
    }

    pub fn approve(
        &self,
        proposals: Vec<ApproveProposal>,
    ) -> Result<ProposalsApproved, ApproveProposalsError> {
        let request = ApproveProposals { proposals };
        self.ask(move |tx, ctx| planning::approve_proposals(tx, ctx, request.clone()))
    }

    pub fn assert_sound(&self) {
        let company = self.ctx.company_id;
        store::testing::assert_sound(self.database, &SCHEMA, company);
        let breaches = self
            .ask(move |tx, _| planning::verify_proposals(tx, company))
            .expect("proposals are replayed");
        assert!(breaches.is_empty(), "{breaches:?}");
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
    let shop = CreatePlace { parent: "WH/Stock".into(), code: "Shop".into() };
    stock::create_place(tx, ctx, shop).expect("it is set up");
    let goods = |sku: &str| NewItem { tax_code: "VAT".into(), ..NewItem::new(sku, "Thing") };
    let items = [
        goods("P1"),
        goods("P2"),
        goods("P3"),
        NewItem { purchase_unit: "dozen".into(), ..goods("DOZ") },
        NewItem { kind: catalog::ItemKind::Service, ..goods("HELP") },
    ];
    for item in items {
        catalog::create_item(tx, ctx, item).expect("it is set up");
    }
    for (code, country, currency) in [
        ("ACME", "GB", Currency::GBP),
        ("BRAVO", "GB", Currency::GBP),
        ("BERLIN", "DE", Currency::EUR),
    ] {
        let partner = partners::NewPartner {
            currency: Some(currency),
            ..partners::NewPartner::supplier(code, code, country.parse().expect("it is set up"))
        };
        partners::create_partner(tx, ctx, partner).expect("it is set up");
    }
    let vat = accounting::DefineTaxCode {
        code: "VAT".into(),
        name: "VAT".into(),
        kind: accounting::TaxKind::Standard,
        recoverable: Rate::ONE,
        rates: vec![accounting::RateFrom {
            from: day("2020-01-01"),
            rate: Rate::parse("0.2").expect("it is set up"),
        }],
    };
    accounting::define_tax_code(tx, ctx, vat).expect("it is set up");
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

/// An offer of an item in its purchase unit, arriving after three days.
pub fn offer(supplier: &str, sku: &str, each: &str) -> DefineOffer {
    DefineOffer {
        supplier: supplier.into(),
        sku: sku.into(),
        currency: None,
        unit: None,
        min_quantity: Quantity::ZERO,
        multiple: Quantity::ZERO,
        lead_days: 3,
        from_on: Some(day("2026-01-01")),
        to_on: None,
        price: price(each),
        discount: Rate::ZERO,
        supplier_sku: String::new(),
    }
}

/// A manual rule for the warehouse's stock.
pub fn rule(sku: &str, min: i64, max: i64) -> SetRule {
    SetRule {
        sku: sku.into(),
        place: "WH/Stock".into(),
        min: Quantity::units(min),
        max: Quantity::units(max),
        reorder_point: None,
        multiple: Quantity::ZERO,
        minimum: Quantity::ZERO,
        lead_days: None,
        horizon_days: None,
        visibility_days: 0,
        trigger: None,
        supplier: None,
        source: None,
        snoozed_until: None,
        retired: false,
    }
}

pub fn auto(rule: SetRule) -> SetRule {
    SetRule { trigger: Some(Trigger::Auto), ..rule }
}

/// A proposal as it is listed, to be ordered as it is.
pub fn as_is(row: &ProposalRow) -> ApproveProposal {
    ApproveProposal {
        proposal_id: row.proposal_id,
        version: row.version,
        quantity: None,
        reason: String::new(),
    }
}

/// What a run tells: proposed, amended, withdrawn, unchanged.
pub fn told(run: &ReplenishmentRun) -> (u64, u64, u64, u64) {
    (run.proposed, run.amended, run.withdrawn, run.unchanged)
}

/// A number of ids, to tell whether anything was written.
pub fn raw(row: &ProposalRow) -> (i64, i64) {
    (row.proposal_id.raw(), row.version)
}
