use super::world::{balances, day, invoice, lock, post_one, posted_on, story};
use accounting::{
    Area, Entered, ManualEntry, ManualEntryError, ManualLine, PostError, ReverseManualEntry, Role,
    manual_entry, reverse_manual_entry,
};
use base::{Currency, EntryId, Money};
use identity::Ctx;
use store::Database;

fn debit(account: &str, minor: i64) -> ManualLine {
    let debit = Some(Money::new(minor, Currency::GBP));
    ManualLine { account: account.to_owned(), debit, credit: None, tax: None }
}

fn credit(account: &str, minor: i64) -> ManualLine {
    let credit = Some(Money::new(minor, Currency::GBP));
    ManualLine { account: account.to_owned(), debit: None, credit, tax: None }
}

fn request(lines: Vec<ManualLine>) -> ManualEntry {
    ManualEntry {
        happened_on: day("2026-03-10"),
        memo: "Rent of March".to_owned(),
        settles_tax: false,
        soft_lock_reason: None,
        lines,
    }
}

fn enter(
    database: &Database,
    ctx: &Ctx,
    request: ManualEntry,
) -> Result<Entered, ManualEntryError> {
    let ctx = ctx.clone();
    database.write(move |tx| manual_entry(tx, &ctx, request.clone()))
}

fn undo(database: &Database, ctx: &Ctx, entry_id: EntryId) -> Result<(), ManualEntryError> {
    let ctx = ctx.clone();
    let request = ReverseManualEntry { entry_id, on: day("2026-03-11") };
    database.write(move |tx| reverse_manual_entry(tx, &ctx, request.clone()).map(|_| ()))
}

#[test]
fn what_no_document_does_is_entered_by_hand_and_taken_back() {
    story(|database, ctx| {
        let lines = vec![debit("6900", 900), credit("1300", 900)];
        let entered = enter(database, ctx, request(lines)).expect("the rent");
        assert_eq!(balances(database, ctx)[&Role::Expense], 900);
        undo(database, ctx, entered.entry_id).expect("taken back");
        assert!(balances(database, ctx).is_empty());
    });
}

#[test]
fn control_accounts_are_refused_by_hand() {
    story(|database, ctx| {
        for code in ["1000", "1010", "1020", "1100", "2000", "2010", "1200"] {
            let lines = vec![debit("6900", 5), credit(code, 5)];
            let refused = enter(database, ctx, request(lines));
            let code = code.to_owned();
            assert_eq!(refused, Err(ManualEntryError::ControlAccount { line: 2, code }));
        }
    });
}

#[test]
fn each_line_is_one_side_of_an_account_in_the_own_currency() {
    story(|database, ctx| {
        let refused = |lines| enter(database, ctx, request(lines)).expect_err("a refusal");
        let both = ManualLine { credit: debit("", 5).debit, ..debit("6900", 5) };
        assert_eq!(refused(vec![both]), ManualEntryError::OneSide { line: 1 });
        assert_eq!(refused(vec![debit("6900", -5)]), ManualEntryError::OneSide { line: 1 });
        let ghost = vec![debit("6900", 5), credit("9999", 5)];
        let missing = ManualEntryError::NoAccount { line: 2, code: "9999".to_owned() };
        assert_eq!(refused(ghost), missing);
        let mut dollars = debit("6900", 5);
        dollars.debit = Some(Money::new(5, Currency::USD));
        let foreign = ManualEntryError::ForeignCurrency {
            line: 1,
            found: Currency::USD,
            expected: Currency::GBP,
        };
        assert_eq!(refused(vec![dollars]), foreign);
        let uneven = refused(vec![debit("6900", 5), credit("1300", 4)]);
        let unbalanced = PostError::Unbalanced { entry: 1, debit: 5, credit: 4 };
        assert_eq!(uneven, ManualEntryError::Post(unbalanced));
        let nothing = request(vec![]);
        let blank = ManualEntry { memo: " ".to_owned(), ..nothing };
        assert!(matches!(enter(database, ctx, blank), Err(ManualEntryError::Memo(_))));
    });
}

#[test]
fn who_may_enter_may_up_to_an_amount() {
    story(|database, ctx| {
        let clerk = identity::testing::holding(ctx, ctx.user_id, &["accounting.enter"], Some(1000));
        let of = |minor| request(vec![debit("6900", minor), credit("1300", minor)]);
        enter(database, &clerk, of(1000)).expect("up to the limit");
        let refused = enter(database, &clerk, of(1001));
        assert!(matches!(refused, Err(ManualEntryError::Denied(_))), "{refused:?}");
    });
}

#[test]
fn what_a_document_booked_is_not_taken_back_by_hand() {
    story(|database, ctx| {
        let id = post_one(database, ctx, invoice(1, "2026-03-10", 5)).expect("an invoice");
        let refused = undo(database, ctx, id);
        assert_eq!(refused, Err(ManualEntryError::NotManual { entry_id: id }));
    });
}

#[test]
fn a_tax_settlement_needs_no_code_and_anything_else_does() {
    story(|database, ctx| {
        let lines = vec![debit("2200", 700), credit("1300", 700)];
        let refused = enter(database, ctx, request(lines.clone()));
        let missing = PostError::TaxCodeMissing { entry: 1, line: 1, code: "2200".to_owned() };
        assert_eq!(refused, Err(ManualEntryError::Post(missing)));
        let settled = ManualEntry { settles_tax: true, ..request(lines) };
        enter(database, ctx, settled).expect("a settlement");
    });
}

#[test]
fn a_manual_entry_may_give_a_reason_to_lie_in_a_soft_lock() {
    story(|database, ctx| {
        lock(database, ctx, Area::All, "2026-03-15", false).expect("a soft lock");
        let lines = vec![debit("6900", 900), credit("1300", 900)];
        let entered = enter(database, ctx, request(lines.clone())).expect("later");
        assert_eq!(entered.posted_on, day("2026-03-16"));
        let inside = ManualEntry {
            soft_lock_reason: Some("the auditor asked".to_owned()),
            ..request(lines)
        };
        let entered = enter(database, ctx, inside).expect("inside");
        assert_eq!(posted_on(database, ctx, entered.entry_id), "2026-03-10");
    });
}
