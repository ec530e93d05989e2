use super::world::{day, invoice, lock, post_in, post_one, posted_on, story};
use accounting::{
    Area, BooksError, LockPeriodError, PostError, UnlockPeriod, belongs_to_earlier_period, locks,
    open_books_into_soft_lock, post, trial_balance, unlock_period, verify_seals,
};
use base::EntryId;
use identity::Ctx;
use store::Database;

fn unlock(
    database: &Database,
    ctx: &Ctx,
    area: Area,
    back_to: Option<&str>,
) -> Result<(), LockPeriodError> {
    let ctx = ctx.clone();
    let request = UnlockPeriod { area, back_to: back_to.map(day), reason: "late bill".to_owned() };
    database.write(move |tx| unlock_period(tx, &ctx, request.clone()))
}

fn post_with_reason(
    database: &Database,
    ctx: &Ctx,
    on: &'static str,
    reason: &'static str,
) -> Result<EntryId, PostError> {
    let ctx = ctx.clone();
    database.write(move |tx| {
        let books = open_books_into_soft_lock(tx, &ctx, Area::Sales, day(on), reason)?;
        Ok(post(tx, &ctx, &books, vec![invoice(9, on, 300)])?[0])
    })
}

#[test]
fn what_happened_in_a_locked_period_is_posted_on_the_first_open_day_and_listed() {
    story(|database, ctx| {
        post_one(database, ctx, invoice(1, "2026-02-10", 100)).expect("in time");
        lock(database, ctx, Area::All, "2026-02-28", true).expect("the lock");
        let late = post_one(database, ctx, invoice(2, "2026-02-27", 200)).expect("late");
        let next = post_one(database, ctx, invoice(3, "2026-03-05", 400)).expect("next");
        assert_eq!(posted_on(database, ctx, late), "2026-03-01");
        assert_eq!(posted_on(database, ctx, next), "2026-03-05");
        let reader = ctx.clone();
        let listed = database
            .read(move |tx| belongs_to_earlier_period(tx, &reader, day("2026-03-17")))
            .expect("the close page's list");
        assert_eq!(listed.iter().map(|row| row.entry_id).collect::<Vec<_>>(), [late]);
        assert_eq!(listed[0].happened_on, day("2026-02-27"));
    });
}

#[test]
fn one_posting_of_many_days_puts_each_on_its_own_open_day() {
    story(|database, ctx| {
        lock(database, ctx, Area::Sales, "2026-02-28", true).expect("the lock");
        let entries = vec![invoice(1, "2026-03-02", 5), invoice(2, "2026-01-05", 5)];
        let ids = post_in(database, ctx, Area::Sales, entries).expect("two entries");
        let days = [posted_on(database, ctx, ids[0]), posted_on(database, ctx, ids[1])];
        assert_eq!(days, ["2026-03-02", "2026-03-01"]);
    });
}

#[test]
fn a_lock_counts_for_its_area_and_one_on_all_for_every_area() {
    story(|database, ctx| {
        lock(database, ctx, Area::Purchasing, "2026-02-28", true).expect("purchasing");
        let on = |area| {
            let ids = post_in(database, ctx, area, vec![invoice(1, "2026-01-15", 5)]);
            posted_on(database, ctx, ids.expect("an entry")[0])
        };
        assert_eq!(
            (on(Area::Purchasing).as_str(), on(Area::Sales).as_str()),
            ("2026-03-01", "2026-01-15")
        );
        lock(database, ctx, Area::All, "2026-01-31", true).expect("all");
        assert_eq!(
            (on(Area::Purchasing).as_str(), on(Area::Sales).as_str()),
            ("2026-03-01", "2026-02-01")
        );
        let reader = ctx.clone();
        let rows = database.read(move |tx| locks(tx, &reader)).expect("the locks");
        assert_eq!(rows[&Area::All].hard_through, Some(day("2026-01-31")));
        assert_eq!(rows[&Area::Tax].hard_through, None);
    });
}

#[test]
fn a_soft_lock_lets_in_who_may_with_a_reason_and_its_seal_still_holds() {
    story(|database, ctx| {
        lock(database, ctx, Area::All, "2026-02-28", false).expect("a soft lock");
        let plain = post_one(database, ctx, invoice(1, "2026-02-10", 100)).expect("without");
        assert_eq!(posted_on(database, ctx, plain), "2026-03-01");
        let refused = post_with_reason(database, ctx, "2026-02-10", "  ");
        assert!(matches!(refused, Err(PostError::Books(BooksError::Reason(_)))), "{refused:?}");
        let clerk = identity::testing::holding(ctx, ctx.user_id, &["sales.*"], None);
        let refused = post_with_reason(database, &clerk, "2026-02-10", "a late bill");
        assert!(matches!(refused, Err(PostError::Books(BooksError::Denied(_)))), "{refused:?}");
        let inside = post_with_reason(database, ctx, "2026-02-10", "a late bill").expect("inside");
        assert_eq!(posted_on(database, ctx, inside), "2026-02-10");
    });
}

#[test]
fn a_hard_lock_lets_nobody_in_and_never_opens() {
    story(|database, ctx| {
        lock(database, ctx, Area::All, "2026-02-28", true).expect("a hard lock");
        let late = post_with_reason(database, ctx, "2026-02-10", "a late bill").expect("late");
        assert_eq!(posted_on(database, ctx, late), "2026-03-01");
        let refused = unlock(database, ctx, Area::All, None);
        let through = day("2026-02-28");
        assert_eq!(refused, Err(LockPeriodError::HardLocked { area: Area::All, through }));
        let again = lock(database, ctx, Area::All, "2026-02-15", true);
        assert_eq!(again, Err(LockPeriodError::AlreadyLocked { area: Area::All, through }));
        let softly = lock(database, ctx, Area::All, "2026-02-28", false);
        assert_eq!(softly, Err(LockPeriodError::AlreadyLocked { area: Area::All, through }));
    });
}

#[test]
fn a_soft_lock_moves_back_with_its_seal() {
    story(|database, ctx| {
        assert_eq!(
            unlock(database, ctx, Area::Sales, None),
            Err(LockPeriodError::NotLocked { area: Area::Sales })
        );
        lock(database, ctx, Area::Sales, "2026-01-31", false).expect("January");
        lock(database, ctx, Area::Sales, "2026-02-28", false).expect("February");
        unlock(database, ctx, Area::Sales, Some("2026-01-31")).expect("February again");
        let id = post_one(database, ctx, invoice(1, "2026-02-10", 5)).expect("in February");
        assert_eq!(posted_on(database, ctx, id), "2026-02-10");
        let id = post_one(database, ctx, invoice(2, "2026-01-10", 5)).expect("late");
        assert_eq!(posted_on(database, ctx, id), "2026-02-01");
        lock(database, ctx, Area::Sales, "2026-02-28", true).expect("for good");
    });
}

#[test]
fn days_to_come_are_not_locked() {
    story(|database, ctx| {
        let refused = lock(database, ctx, Area::All, "2026-03-21", true);
        let (through, today) = (day("2026-03-21"), day("2026-03-20"));
        assert_eq!(refused, Err(LockPeriodError::BeyondToday { through, today }));
    });
}

#[test]
fn the_trial_balance_of_a_closed_day_is_the_one_sealed() {
    story(|database, ctx| {
        for (id, on) in [(1, "2026-01-10"), (2, "2026-02-10"), (3, "2026-03-10")] {
            post_one(database, ctx, invoice(id, on, 100 * id)).expect("an invoice");
        }
        let as_of = |on: Option<&str>| {
            let (ctx, on) = (ctx.clone(), on.map(day));
            database.read(move |tx| trial_balance(tx, &ctx, on)).expect("a balance").debit.minor
        };
        let all = || ["2026-01-31", "2026-02-15", "2026-03-31"].map(|on| as_of(Some(on)));
        let before = all();
        assert_eq!(before, [100, 300, 600]);
        lock(database, ctx, Area::All, "2026-01-31", true).expect("January");
        lock(database, ctx, Area::Sales, "2026-02-05", true).expect("sales");
        lock(database, ctx, Area::All, "2026-02-28", true).expect("February");
        assert_eq!((all(), as_of(None)), (before, 600));
    });
}

store::statements! {
    /// A row that slipped past the door, as a hand in the database would write it.
    SLIP_ENTRY = "insert into accounting_entry
        (company_id, id, number, area, kind, source_kind, source_id, happened_on, posted_on,
            recorded_at, user_id, memo, reverses_id, lock_revision, lock_reason)
        values ($1, $2, 'JE-X', 'sales', 'x', 'x', 0, '2026-02-10', '2026-02-10', 0, 0, '', 0, 1, '')";

    /// Its lines.
    SLIP_LINES = "insert into accounting_entry_line
        (company_id, entry_id, line, account_id, posted_on, debit, credit, currency,
            amount_foreign, open_kind, open_source_id, partner_id, due_on, tax_code_id, tax_base,
            item_id)
        select $1, $2, cast(row_number() over (order by id) as {i64}), id, '2026-02-10',
            case when role = 'bank' then 5 else 0 end, case when role = 'bank' then 0 else 5 end,
            'GBP', case when role = 'bank' then 5 else -5 end, '', 0, 0, '', 0, 0, 0
        from accounting_account where company_id = $1 and role in ('bank', 'capital')";
}

#[test]
fn a_row_slipped_into_a_closed_period_is_found_twice() {
    assert_eq!(STATEMENTS.len(), 2);
    store::testing::on_both_engines(&accounting::SCHEMA, |database| {
        let ctx = super::world::company(database);
        lock(database, &ctx, Area::All, "2026-02-28", true).expect("the lock");
        let company_id = ctx.company_id;
        database
            .write(move |tx| {
                let id: EntryId = tx.id()?;
                tx.write(&SLIP_ENTRY, store::params![company_id, id])?;
                tx.write(&SLIP_LINES, store::params![company_id, id])
            })
            .expect("the slip");
        let (seals, findings) = database
            .read(move |tx| {
                let seals = verify_seals(tx, company_id)?;
                Ok::<_, store::StoreError>((
                    seals,
                    store::run_checks(tx, &accounting::SCHEMA, company_id)?,
                ))
            })
            .expect("the checks");
        assert_eq!(seals.len(), 1);
        assert!(seals[0].totals_differ && seals[0].sealed != seals[0].found);
        let broken: Vec<&str> = findings
            .iter()
            .filter(|finding| !finding.breaches.is_empty())
            .map(|finding| &finding.check[..4])
            .collect();
        assert_eq!(broken, ["I-22"]);
    });
}
