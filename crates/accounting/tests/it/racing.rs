use super::world::{company, day, invoice, lock, post_one, sound};
use accounting::{
    Area, Entry, JournalFilter, Line, OpenKey, PostError, Role, SCHEMA, journal, lock_open_items,
    open_books, post,
};
use identity::Ctx;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use store::testing::Fresh;
use store::{Database, Engine};

/// Two nodes post into January as fast as they can while a third locks it.
fn race(engine: Engine) {
    let fresh = Fresh::new(engine, &SCHEMA);
    let ctx = company(&fresh.database);
    let second = match engine {
        Engine::Postgres => fresh.open_again(),
        Engine::Sqlite => fresh.database.clone(),
    };
    let (locked, posted) = (AtomicBool::new(false), AtomicI64::new(0));
    std::thread::scope(|scope| {
        for node in [&fresh.database, &second, &fresh.database, &second] {
            let (ctx, locked, posted) = (&ctx, &locked, &posted);
            scope.spawn(move || {
                // A few more after the lock, so that both sides of it are tried.
                let mut after = 0;
                while after < 5 {
                    let closed = locked.load(Ordering::Relaxed);
                    let id = posted.fetch_add(1, Ordering::Relaxed) + 1;
                    post_one(node, ctx, invoice(id, "2026-01-15", 1)).expect("a posting");
                    after += i64::from(closed);
                }
            });
        }
        while posted.load(Ordering::Relaxed) < 40 {
            std::thread::yield_now();
        }
        lock(&second, &ctx, Area::All, "2026-01-31", true).expect("the lock");
        locked.store(true, Ordering::Relaxed);
    });
    // The check and the seal tell whether an entry recorded after the lock lies before it.
    sound(&fresh.database, &ctx);
    let reader = ctx.clone();
    let late = fresh
        .database
        .read(move |tx| {
            let filter = JournalFilter { from: Some(day("2026-02-01")), ..Default::default() };
            journal(tx, &reader, &filter)
        })
        .expect("the journal");
    assert!(late.len() >= 20, "{} were posted late", late.len());
    assert!(late.iter().all(|row| row.posted_on == day("2026-02-01")));
    if engine == Engine::Postgres {
        second.close();
    }
}

#[test]
fn no_posting_of_two_nodes_slips_into_a_period_being_locked() {
    race(Engine::Postgres);
}

#[test]
fn no_posting_slips_into_a_period_being_locked_on_one_writer() {
    race(Engine::Sqlite);
}

#[test]
fn postings_on_one_open_item_add_up_across_nodes() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let ctx = company(&fresh.database);
    let second = fresh.open_again();
    std::thread::scope(|scope| {
        for node in [&fresh.database, &second, &fresh.database, &second] {
            let ctx = &ctx;
            scope.spawn(move || {
                for _ in 0..10 {
                    post_one(node, ctx, invoice(1, "2026-01-15", 3)).expect("a posting");
                }
            });
        }
    });
    assert_eq!(super::world::balances(&fresh.database, &ctx)[&accounting::Role::Receivable], 120);
    sound(&fresh.database, &ctx);
    second.close();
}

/// Pays what is open of an invoice, at most 30, and says how much that was.
fn pay_some(database: &Database, ctx: &Ctx) -> i64 {
    let ctx = ctx.clone();
    database
        .write(move |tx| {
            let books = open_books(tx, &ctx, Area::Sales, ctx.today)?;
            let key = || (Role::Receivable, "invoice".to_owned(), 1);
            let never = (Role::Payable, "invoice".to_owned(), 1);
            let held = lock_open_items(tx, &ctx, &books, &[key(), never, key()])?;
            assert_eq!(
                (held.len(), held[0].role, held[0].open.source_id),
                (1, Role::Receivable, 1)
            );
            let paid = held[0].open.amount.min(30);
            let open = OpenKey::new("invoice", 1);
            let lines = vec![
                Line::debit(Role::Bank, paid),
                Line::credit(Role::Receivable, paid).open(open),
            ];
            post(tx, &ctx, &books, vec![Entry { lines, ..invoice(1, "2026-03-20", 0) }])?;
            Ok::<_, PostError>(paid)
        })
        .expect("a payment")
}

#[test]
fn two_nodes_that_settle_one_item_never_settle_more_than_is_open() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let ctx = company(&fresh.database);
    let second = fresh.open_again();
    post_one(&fresh.database, &ctx, invoice(1, "2026-01-15", 100)).expect("an invoice");
    let paid = AtomicI64::new(0);
    std::thread::scope(|scope| {
        for node in [&fresh.database, &second, &fresh.database, &second] {
            let (ctx, paid) = (&ctx, &paid);
            scope.spawn(move || {
                for _ in 0..3 {
                    paid.fetch_add(pay_some(node, ctx), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(paid.into_inner(), 100);
    sound(&fresh.database, &ctx);
    second.close();
}
