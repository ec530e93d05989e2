//! A company that is about to open its books, and its files.

use accounting::{Role, TaxKind};
use base::{Currency, Day, Rate};
use catalog::{NewItem, Tracking};
use identity::Ctx;
use opening::{Files, Open, OpenError, Opened};
use sales::{DefineChannel, Prices, RevenueAt};
use stock::CreateWarehouse;
use store::{Database, StoreError, Tx};

pub struct World<'d> {
    pub database: &'d Database,
    pub ctx: Ctx,
}

/// `P1`, `P2` in pieces, `LOT` in lots. `ACME` deals in GBP, `BERLIN` in EUR; `KUNDE` is a customer.
/// `WEB` is prepaid and gross, `B2B` on terms and net.
impl<'d> World<'d> {
    pub fn new(database: &'d Database) -> World<'d> {
        let ctx = identity::testing::ctx(database);
        let inside = ctx.clone();
        let made = database.write(move |tx| {
            set_up(tx, &inside);
            Ok::<_, StoreError>(())
        });
        made.expect("a world");
        World { database, ctx }
    }

    pub fn ask<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let ctx = self.ctx.clone();
        self.database.write(move |tx| work(tx, &ctx))
    }

    pub fn open(&self, request: &Open) -> Result<Opened, OpenError> {
        let request = request.clone();
        self.ask(move |tx, ctx| opening::open(tx, ctx, request.clone()))
    }

    pub fn policy(&self, name: &'static str, value: &'static str) {
        self.ask(move |tx, ctx| identity::set_policy(tx, ctx, name, value)).expect("a policy");
    }

    /// Debits less credits of a role's account, in minor units.
    pub fn balance(&self, role: Role) -> i64 {
        let found = self.ask(move |tx, ctx| accounting::trial_balance(tx, ctx, None));
        let lines = found.expect("a balance").lines;
        lines.iter().filter(|line| line.role == Some(role)).map(|line| line.balance.minor).sum()
    }

    /// On hand, reserved and incoming of an item, in millionths.
    pub fn there(&self, sku: &'static str) -> (i64, i64, i64) {
        let found = self.ask(move |tx, ctx| {
            let item = catalog::items_by_sku(tx, ctx.company_id, &[sku])?[sku].id;
            let found = stock::availability(tx, ctx.company_id, None, &[item])?;
            Ok::<_, stock::ListError>(found.get(&item).copied())
        });
        let found = found.expect("availability").unwrap_or_default();
        let units = |quantity: base::Quantity| quantity.micro() / base::Quantity::MICRO;
        (units(found.on_hand), units(found.reserved), units(found.incoming))
    }

    pub fn assert_sound(&self) {
        store::testing::assert_sound(self.database, &reconcile::SCHEMA, self.ctx.company_id);
    }

    /// Everything that the books say, to compare before and after.
    pub fn digest(&self) -> Vec<String> {
        let company = self.ctx.company_id;
        self.database.read(move |tx| reconcile::digest(tx, company)).expect("a digest").lines
    }
}

fn set_up(tx: &mut Tx<'_>, ctx: &Ctx) {
    accounting::install_accounts(tx, ctx, accounting::Template::Standard).unwrap();
    catalog::install_units(tx, ctx).unwrap();
    let warehouse = CreateWarehouse { code: "WH".into(), name: "Main".into() };
    stock::create_warehouse(tx, ctx, warehouse).unwrap();
    let goods = |sku: &str| NewItem::new(sku, "Thing");
    let lots = NewItem { tracking: Tracking::Lot, ..goods("LOT") };
    let serial = NewItem { tracking: Tracking::Serial, ..goods("SER") };
    for item in [goods("P1"), goods("P2"), lots, serial] {
        catalog::create_item(tx, ctx, item).unwrap();
    }
    let (britain, germany) = ("GB".parse().unwrap(), "DE".parse().unwrap());
    let acme = partners::NewPartner::supplier("ACME", "Acme", britain);
    let berlin = partners::NewPartner::supplier("BERLIN", "Berlin", germany);
    let kunde = partners::NewPartner::customer("KUNDE", "Kunde", britain);
    let berlin = partners::NewPartner { currency: Some(Currency::EUR), ..berlin };
    for partner in [acme, berlin, kunde] {
        partners::create_partner(tx, ctx, partner).unwrap();
    }
    let tax = accounting::DefineTaxCode {
        code: "VAT".into(),
        name: "VAT".into(),
        kind: TaxKind::Standard,
        recoverable: Rate::ONE,
        rates: vec![accounting::RateFrom {
            from: day("2020-01-01"),
            rate: Rate::parse("0.2").unwrap(),
        }],
    };
    accounting::define_tax_code(tx, ctx, tax).unwrap();
    let rate = accounting::SetRate {
        currency: Currency::EUR,
        from: day("2025-12-01"),
        rate: Rate::parse("0.85").unwrap(),
        source: String::new(),
    };
    accounting::set_rate(tx, ctx, rate).unwrap();
    for (code, prepaid, prices, revenue_at) in [
        ("WEB", true, Prices::Gross, RevenueAt::Shipment),
        ("B2B", false, Prices::Net, RevenueAt::Invoice),
    ] {
        let channel = DefineChannel {
            code: code.into(),
            name: code.into(),
            warehouse: "WH".into(),
            when_short: None,
            reserve_at: None,
            prepaid,
            prices,
            revenue_at,
            terms_days: 30,
            tax_code: Some("VAT".into()),
            active: None,
            revision: None,
        };
        sales::define_channel(tx, ctx, channel).unwrap();
    }
}

pub fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

/// A going company with something in every file. Its trial balance agrees with its lists.
pub fn going() -> Open {
    let files = Files {
        trial_balance: "\
account,name,debit,credit
1000,Stock,99.00,
1020,Transit,5.00,
1040,Billed ahead,10.00,
1100,Receivables,280.00,
1120,Deposits paid,40.00,
1200,Clearing,75.50,
1300,Bank,1000.00,
1400,Input tax,12.00,
2000,Payables,,191.00
2010,GRNI,,36.80
2100,Deposits received,,24.00
2200,Output tax,,30.00
3000,Capital,,739.70
4000,Sales,,500.00
6900,Expense,,0
"
        .into(),
        stock: "\
sku,place,lot,expires_on,quantity,value
P1,WH/Stock,,,10,50.00
P1,WH/Stock,,,5,30.00
P2,,,,4,10.00
LOT,WH/Stock,L1,2026-06-30,3,9.00
P2,Transit,,,2,5.00
"
        .into(),
        purchase_orders: "\
order,supplier,warehouse,ordered_on,sent_on,sku,quantity,unit,price,promised_on,received,billed,waiting_value
4711,ACME,WH,2025-11-03,2025-11-04,P1,20,,5.00,2026-01-20,12,8,
4711,ACME,WH,2025-11-03,2025-11-04,P2,10,,2.50,,2,6,
4712,BERLIN,WH,2025-12-01,,P1,10,,4.00,,5,,16.80
"
        .into(),
        bills: "\
supplier,reference,billed_on,due_on,open,value
ACME,B-1,2025-12-10,2026-01-09,120.00,
BERLIN,B-2,2025-12-12,,100.00,86.00
ACME,C-3,2025-12-13,,-15.00,
"
        .into(),
        invoices: "\
customer,number,invoiced_on,due_on,open
KUNDE,R-1,2025-12-20,2026-01-19,300.00
KUNDE,R-2,2025-12-21,,-20.00
"
        .into(),
        deposits: "\
side,partner,channel,order,amount
customer,,WEB,W-1,24.00
supplier,ACME,,,40.00
"
        .into(),
        channel_clearing: "channel,amount\nWEB,75.50\n".into(),
        sales_orders: "\
channel,external_ref,partner,ordered_on,sku,quantity,price
WEB,W-1,,2025-12-30,P1,2,12.00
B2B,B-1,KUNDE,2025-12-29,P2,3,5.00
"
        .into(),
    };
    Open { opened_on: day("2026-01-01"), files, dry_run: false, book_difference: None }
}
