use super::world::{company, day, invoice, lock, post_one, sound};
use accounting::{Area, JournalFilter, SCHEMA, journal};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use store::Engine;
use store::testing::Fresh;

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
                    let id = posted.fetch_add(1, Ordering::Relaxed) + 1;
                    post_one(node, ctx, invoice(id, "2026-01-15", 1)).expect("a posting");
                    after += i64::from(locked.load(Ordering::Relaxed));
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
    assert!(late.len() >= 20 && late.iter().all(|row| row.posted_on == day("2026-02-01")));
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
