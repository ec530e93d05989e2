use super::world::{day, invoice, of_lines, partner, post_one, story};
use accounting::{
    AccountFilter, AccountKind, Area, DefineAccount, EntryFilter, JournalFilter, LedgerFilter,
    Line, ListError, OpenItemFilter, OpenKey, Role, ShowEntryError, account_ledger, accounts,
    define_account, entries_of, entry, journal, list_accounts, list_entries, open_items,
    show_entry,
};
use base::{AccountId, EntryId, Id, Rule};
use identity::Ctx;
use store::Database;

fn seven_invoices(database: &Database, ctx: &Ctx) -> Vec<EntryId> {
    let days = ["01", "02", "02", "03", "05", "08", "13"];
    (1..)
        .zip(days)
        .map(|(id, on)| {
            let mut entry = invoice(id, &format!("2026-03-{on}"), id * 10);
            entry.lines[0] = entry.lines[0].clone().due(day(&format!("2026-04-{on}")));
            post_one(database, ctx, entry).expect("an invoice")
        })
        .collect()
}

fn account_of(database: &Database, ctx: &Ctx, role: Role) -> AccountId {
    let ctx = ctx.clone();
    let rows = database.read(move |tx| accounts(tx, &ctx)).expect("the accounts");
    rows.iter().find(|row| row.role == Some(role)).expect("the account").account_id
}

#[test]
fn the_journal_turns_its_pages_without_gap_or_twin() {
    story(|database, ctx| {
        let posted = seven_invoices(database, ctx);
        let mut seen = Vec::new();
        let mut cursor = None;
        loop {
            let ctx = ctx.clone();
            let filter = EntryFilter { cursor, limit: Some(3), ..EntryFilter::default() };
            let page = database
                .read(move |tx| list_entries(tx, &ctx, filter.clone()))
                .expect("a page of the journal");
            seen.extend(page.lines.iter().map(|row| row.entry_id));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, posted.into_iter().rev().collect::<Vec<_>>());
        let page = |filter: JournalFilter| {
            let ctx = ctx.clone();
            database.read(move |tx| journal(tx, &ctx, &filter)).expect("a page")
        };
        let some = page(JournalFilter {
            from: Some(day("2026-03-02")),
            through: Some(day("2026-03-03")),
            account_id: Some(account_of(database, ctx, Role::Revenue)),
            ..JournalFilter::default()
        });
        assert_eq!(some.iter().map(|row| row.total.minor).collect::<Vec<_>>(), [40, 30, 20]);
        let bank = account_of(database, ctx, Role::Bank);
        assert!(page(JournalFilter { account_id: Some(bank), ..Default::default() }).is_empty());
    });
}

#[test]
fn a_document_shows_its_entries() {
    story(|database, ctx| {
        let posted = seven_invoices(database, ctx);
        let reader = ctx.clone();
        let rows = database
            .read(move |tx| entries_of(tx, &reader, "invoice", 4))
            .expect("the entries of a document");
        assert_eq!(rows.iter().map(|row| row.entry_id).collect::<Vec<_>>(), [posted[3]]);
        assert_eq!((rows[0].number.get(..3), rows[0].area), (Some("JE-"), Area::Sales));
    });
}

#[test]
fn a_ledger_runs_its_balance_across_pages() {
    story(|database, ctx| {
        seven_invoices(database, ctx);
        let account_id = account_of(database, ctx, Role::Receivable);
        let page = |from: Option<&str>, cursor, limit| {
            let (ctx, from) = (ctx.clone(), from.map(day));
            let filter = LedgerFilter { account_id, from, through: None, cursor, limit };
            database.read(move |tx| account_ledger(tx, &ctx, filter.clone())).expect("a page")
        };
        let first = page(None, None, Some(4));
        assert_eq!((first.lines.len(), first.lines[3].balance.minor), (4, 100));
        let rest = page(None, first.next_cursor, None);
        assert_eq!((rest.lines.len(), rest.lines[2].balance.minor), (3, 280));
        let since = page(Some("2026-03-05"), None, None);
        assert_eq!((since.lines.len(), since.lines[0].balance.minor), (3, 150));
    });
}

#[test]
fn an_entry_is_shown_with_its_lines_to_whoever_may_see_the_books() {
    story(|database, ctx| {
        let id = seven_invoices(database, ctx)[0];
        let show = |ctx: &Ctx, id: EntryId| {
            let ctx = ctx.clone();
            database.read(move |tx| show_entry(tx, &ctx, id))
        };
        let shown = show(ctx, id).expect("the entry");
        let sums =
            |of: fn(&accounting::EntryLineRow) -> i64| shown.lines.iter().map(of).sum::<i64>();
        assert_eq!(sums(|line| line.debit.minor), shown.head.total.minor);
        assert_eq!(sums(|line| line.credit.minor), shown.head.total.minor);
        assert_eq!(shown.lines[0].due_on, Some(day("2026-04-01")));
        let nobody = EntryId::from_raw(i64::MAX);
        assert_eq!(show(ctx, nobody), Err(ShowEntryError::NotFound { entry_id: nobody }));
        let blind = identity::testing::holding(ctx, ctx.user_id, &["stock.read"], None);
        let refused = show(&blind, id).expect_err("no right");
        assert_eq!(refused.problem().code, "permission_denied");
    });
}

#[test]
fn open_items_are_found_by_partner_kind_and_days() {
    story(|database, ctx| {
        seven_invoices(database, ctx);
        let bill = of_lines(vec![
            Line::debit(Role::Expense, 5),
            Line::credit(Role::Payable, 5).open(OpenKey::new("bill", 1)),
        ]);
        post_one(database, ctx, bill).expect("a bill");
        let list = |filter: OpenItemFilter| {
            let ctx = ctx.clone();
            database.read(move |tx| open_items(tx, &ctx, filter.clone())).expect("open items")
        };
        let of = OpenItemFilter::default;
        let count = |filter| list(filter).lines.len();
        assert_eq!(count(of()), 8);
        assert_eq!(count(OpenItemFilter { role: Some(Role::Payable), ..of() }), 1);
        assert_eq!(count(OpenItemFilter { partner_id: Some(partner()), ..of() }), 7);
        assert_eq!(count(OpenItemFilter { kind: Some("bill".to_owned()), ..of() }), 1);
        let due = OpenItemFilter { due_through: Some(day("2026-04-03")), ..of() };
        assert_eq!(count(due), 4);
        let old = OpenItemFilter { opened_through: Some(day("2026-03-02")), ..of() };
        assert_eq!(count(old), 3);
        let first = list(OpenItemFilter { limit: Some(5), ..of() });
        assert_eq!(count(OpenItemFilter { cursor: first.next_cursor, ..of() }), 3);
        let reader = ctx.clone();
        let foreign = OpenItemFilter { cursor: Some("x".to_owned()), ..of() };
        let refused = database.read(move |tx| open_items(tx, &reader, foreign.clone()));
        assert!(matches!(refused, Err(ListError::Cursor(_))), "{refused:?}");
    });
}

#[test]
fn accounts_are_listed_by_kind_and_by_what_they_are_for() {
    story(|database, ctx| {
        let inside = ctx.clone();
        let own = DefineAccount {
            code: "6950".to_owned(),
            name: "Rent".to_owned(),
            kind: AccountKind::Expense,
        };
        let own = database.write(move |tx| define_account(tx, &inside, own.clone()));
        own.expect("an account of the company's own");
        let list = |filter: AccountFilter| {
            let ctx = ctx.clone();
            database.read(move |tx| list_accounts(tx, &ctx, filter.clone())).expect("accounts")
        };
        let of = AccountFilter::default;
        assert_eq!(list(of()).len(), Role::ALL.len() + 1);
        let bank = list(AccountFilter { role: Some(Role::Bank), ..of() });
        assert_eq!((bank.len(), bank[0].kind), (1, AccountKind::Asset));
        let equity = list(AccountFilter { kind: Some(AccountKind::Equity), ..of() });
        assert!(!equity.is_empty() && equity.iter().all(|row| row.kind == AccountKind::Equity));
        let own = list(AccountFilter { with_role: Some(false), ..of() });
        assert_eq!(own.iter().map(|row| row.code.as_str()).collect::<Vec<_>>(), ["6950"]);
        assert_eq!(list(AccountFilter { with_role: Some(true), ..of() }).len(), Role::ALL.len());
    });
}

#[test]
fn the_books_are_read_by_who_may_and_an_unknown_entry_is_none() {
    story(|database, ctx| {
        let clerk = identity::testing::holding(ctx, ctx.user_id, &["sales.*"], None);
        let denied = database.read(move |tx| accounts(tx, &clerk));
        assert!(matches!(denied, Err(ListError::Denied(_))), "{denied:?}");
        let reader = ctx.clone();
        let none = database.read(move |tx| entry(tx, &reader, base::Id::from_raw(1)));
        assert_eq!(none, Ok(None));
    });
}
