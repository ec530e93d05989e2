//! A company with its accounts, and short words for what the tests do.

use accounting::{
    Area, Entry, Line, LockPeriod, LockPeriodError, OpenKey, PeriodLocked, PostError, Role, SCHEMA,
    Template, install_accounts, lock_period, open_books, post, verify_seals,
};
use base::{Day, EntryId, PartnerId};
use identity::Ctx;
use std::collections::BTreeMap;
use store::Database;
use store::testing::{assert_sound, on_both_engines};

/// Runs a story on both engines in a company with accounts; it ends with every check.
pub fn story(tell: impl Fn(&Database, &Ctx)) {
    on_both_engines(&SCHEMA, |database| {
        let ctx = company(database);
        tell(database, &ctx);
        sound(database, &ctx);
    });
}

/// A company in GBP with accounts, on 2026-03-20.
pub fn company(database: &Database) -> Ctx {
    let ctx = identity::testing::ctx(database).on(day("2026-03-20"));
    let for_install = ctx.clone();
    database
        .write(move |tx| install_accounts(tx, &for_install, Template::Standard))
        .expect("the accounts");
    ctx
}

/// Every check holds and every seal is whole.
pub fn sound(database: &Database, ctx: &Ctx) {
    assert_sound(database, &SCHEMA, ctx.company_id);
    let company_id = ctx.company_id;
    let broken = database.read(move |tx| verify_seals(tx, company_id)).expect("the seals");
    assert_eq!(broken, vec![]);
}

pub fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

pub fn partner() -> PartnerId {
    base::Id::from_raw(77)
}

/// An invoice of a net amount without tax.
pub fn invoice(id: i64, on: &str, minor: i64) -> Entry {
    let open = OpenKey::new("invoice", id).with(partner());
    Entry {
        kind: "invoice",
        source_kind: "invoice",
        source_id: id,
        happened_on: day(on),
        memo: format!("invoice {id}"),
        lines: vec![
            Line::debit(Role::Receivable, minor).open(open),
            Line::credit(Role::Revenue, minor),
        ],
    }
}

/// The entry with other lines.
pub fn of_lines(lines: Vec<Line>) -> Entry {
    Entry { lines, ..invoice(1, "2026-03-10", 0) }
}

/// Posts entries into the books of an area.
pub fn post_in(
    database: &Database,
    ctx: &Ctx,
    area: Area,
    entries: Vec<Entry>,
) -> Result<Vec<EntryId>, PostError> {
    let ctx = ctx.clone();
    database.write(move |tx| {
        let on = entries.first().map_or(ctx.today, |entry| entry.happened_on);
        let books = open_books(tx, &ctx, area, on)?;
        post(tx, &ctx, &books, entries.clone())
    })
}

/// Posts one entry of sales.
pub fn post_one(database: &Database, ctx: &Ctx, entry: Entry) -> Result<EntryId, PostError> {
    post_in(database, ctx, Area::Sales, vec![entry]).map(|ids| ids[0])
}

/// Locks an area.
pub fn lock(
    database: &Database,
    ctx: &Ctx,
    area: Area,
    through: &str,
    hard: bool,
) -> Result<PeriodLocked, LockPeriodError> {
    let (ctx, through) = (ctx.clone(), day(through));
    database.write(move |tx| lock_period(tx, &ctx, LockPeriod { area, through, hard }))
}

/// Balances by role, debit positive, zeros left out.
pub fn balances(database: &Database, ctx: &Ctx) -> BTreeMap<Role, i64> {
    let ctx = ctx.clone();
    let balance = database
        .read(move |tx| accounting::trial_balance(tx, &ctx, None))
        .expect("the trial balance");
    assert_eq!(balance.debit, balance.credit);
    balance
        .lines
        .iter()
        .filter(|line| line.balance.minor != 0)
        .filter_map(|line| Some((line.role?, line.balance.minor)))
        .collect()
}

/// The books' day of an entry.
pub fn posted_on(database: &Database, ctx: &Ctx, entry_id: EntryId) -> String {
    let ctx = ctx.clone();
    let found = database.read(move |tx| accounting::entry(tx, &ctx, entry_id)).expect("an entry");
    found.expect("the entry").head.posted_on.to_string()
}
