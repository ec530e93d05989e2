//! A company with accounts, a supplier and a customer, and what is open with them.

use accounting::{Area, Entry, Line, OpenKey, PostError, Role, SetRate, Template};
use base::{Currency, Day, Money, PartnerId, Rate};
use identity::Ctx;
use partners::{Country, NewPartner, PartnerAnswer};
use payments::{Allocate, OpenRef, Paid, Pay, PaymentError, ReceivePayment, SCHEMA};
use store::{Database, StoreError, Tx};

pub struct World {
    pub ctx: Ctx,
    pub supplier: PartnerId,
    pub customer: PartnerId,
}

impl World {
    pub fn new(database: &Database) -> World {
        let ctx = identity::testing::ctx(database);
        let inside = ctx.clone();
        let (supplier, customer) = database
            .write(move |tx| {
                let ctx = &inside;
                accounting::install_accounts(tx, ctx, Template::Standard)
                    .expect("a world for the test");
                let gb = "GB".parse::<Country>().expect("a world for the test");
                let supplier = partner(tx, ctx, NewPartner::supplier("S1", "Supplies Ltd", gb));
                let customer = partner(tx, ctx, NewPartner::customer("C1", "Buyer Ltd", gb));
                Ok::<_, StoreError>((supplier, customer))
            })
            .expect("a world");
        World { ctx, supplier, customer }
    }

    /// Runs a door in a transaction of its own.
    pub fn run<T, E>(
        &self,
        database: &Database,
        door: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let ctx = self.ctx.clone();
        database.write(move |tx| door(tx, &ctx))
    }

    /// Opens lines of one kind: payables are credits, receivables debits.
    pub fn open(&self, database: &Database, role: Role, lines: Vec<(OpenKey, Money, i64)>) {
        self.run(database, move |tx, ctx| {
            let books = accounting::open_books(tx, ctx, Area::Purchasing, ctx.today)?;
            let mut booked = Vec::new();
            for (key, money, value) in &lines {
                let side = if role == Role::Payable { -1 } else { 1 };
                let mut line = Line::new(role, side * value).open(*key);
                if money.currency != ctx.currency {
                    line = line.foreign(Money::new(side * money.minor, money.currency));
                }
                booked.push(line);
                booked.push(Line::new(Role::Expense, -side * value));
            }
            let entry = Entry {
                kind: "test",
                source_kind: "test",
                source_id: 1,
                happened_on: ctx.today,
                memo: String::new(),
                lines: booked,
            };
            accounting::post(tx, ctx, &books, vec![entry])?;
            Ok::<_, PostError>(())
        })
        .expect("an entry");
    }

    /// Bills of the supplier in the company's currency, numbered from 1.
    pub fn bills(&self, database: &Database, minors: &[i64]) {
        let lines = minors
            .iter()
            .zip(1..)
            .map(|(minor, id)| (OpenKey::new("bill", id).with(self.supplier), gbp(*minor), *minor));
        self.open(database, Role::Payable, lines.collect());
    }

    /// Invoices to the customer in the company's currency, numbered from 1.
    pub fn invoices(&self, database: &Database, minors: &[i64]) {
        let lines = minors.iter().zip(1..).map(|(minor, id)| {
            (OpenKey::new("invoice", id).with(self.customer), gbp(*minor), *minor)
        });
        self.open(database, Role::Receivable, lines.collect());
    }

    pub fn rate(&self, database: &Database, from: &str, rate: &str) {
        let from = Day::parse(from).expect("a world for the test");
        let rate = Rate::parse(rate).expect("a world for the test");
        let request = SetRate { currency: Currency::USD, from, rate, source: String::new() };
        self.run(database, move |tx, ctx| accounting::set_rate(tx, ctx, request.clone()))
            .expect("a rate");
    }

    pub fn pay(&self, database: &Database, request: Pay) -> Result<Paid, PaymentError> {
        self.run(database, move |tx, ctx| payments::pay(tx, ctx, request.clone()))
    }

    pub fn receive(
        &self,
        database: &Database,
        request: ReceivePayment,
    ) -> Result<Paid, PaymentError> {
        self.run(database, move |tx, ctx| payments::receive_payment(tx, ctx, request.clone()))
    }

    /// What is open of a line, minor units of the company's currency, debit positive.
    pub fn left(&self, database: &Database, role: Role, kind: &'static str, id: i64) -> i64 {
        self.run(database, move |tx, ctx| {
            let books = accounting::open_books(tx, ctx, Area::Sales, ctx.today)
                .expect("a world for the test");
            let account = books.account_of(role).expect("a world for the test");
            let open = accounting::open_of(tx, ctx.company_id, account, kind, &[id])?;
            Ok::<_, StoreError>(open.iter().map(|open| open.amount).sum())
        })
        .expect("the open line")
    }

    /// An account's balance, minor units, debit positive.
    pub fn balance(&self, database: &Database, role: Role) -> i64 {
        let ctx = self.ctx.clone();
        let balance = database
            .read(move |tx| accounting::trial_balance(tx, &ctx, None))
            .expect("the trial balance");
        balance
            .lines
            .iter()
            .filter(|line| line.role == Some(role))
            .map(|line| line.balance.minor)
            .sum()
    }

    pub fn sound(&self, database: &Database) {
        store::testing::assert_sound(database, &SCHEMA, self.ctx.company_id);
    }
}

fn partner(tx: &mut Tx<'_>, ctx: &Ctx, new: NewPartner) -> PartnerId {
    match partners::create_partner(tx, ctx, new).expect("a world for the test") {
        PartnerAnswer::Done { partner_id, .. } => partner_id,
        other => panic!("{other:?}"),
    }
}

pub fn gbp(minor: i64) -> Money {
    Money::new(minor, Currency::GBP)
}

pub fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

pub fn open_ref(kind: &str, id: i64) -> OpenRef {
    OpenRef { kind: kind.to_owned(), id }
}

pub fn all_of(kind: &str, id: i64) -> Allocate {
    Allocate { open: open_ref(kind, id), amount: None }
}

pub fn part_of(kind: &str, id: i64, amount: Money) -> Allocate {
    Allocate { open: open_ref(kind, id), amount: Some(amount) }
}

pub fn paying(amount: Money, allocations: Vec<Allocate>) -> Pay {
    Pay {
        partner_id: None,
        amount,
        allocations,
        bank_amount: None,
        happened_on: None,
        method: "transfer".to_owned(),
        reference: String::new(),
        client_ref: String::new(),
        memo: String::new(),
    }
}

pub fn receiving(amount: Money, allocations: Vec<Allocate>) -> ReceivePayment {
    ReceivePayment {
        partner_id: None,
        amount,
        allocations,
        keep_rest_as_deposit: false,
        bank_amount: None,
        happened_on: None,
        method: "transfer".to_owned(),
        reference: String::new(),
        client_ref: String::new(),
        memo: String::new(),
    }
}

pub fn day(text: &str) -> Day {
    Day::parse(text).expect("a world for the test")
}
