use super::world::{LOG, PROMISE, SCHEMA, SET, SPOIL, TAKE, add, amount, company, key};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Arc, mpsc};
use store::testing::{Fresh, on_both_engines};
use store::{ConstraintKind, Engine, Rows, StoreError, Tx, params, row};

/// Holds the SQLite writer inside one command while others queue up behind it, so that all of them
/// run in one group.
fn in_one_group(database: &store::Database, commands: Vec<Box<dyn FnOnce() + Send + '_>>) {
    let (entered, wait_entered) = mpsc::channel();
    let (release, wait_release) = mpsc::channel::<()>();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // Its own answer is the group's: a failed commit fails it as well.
            let _ = database.write(move |_| {
                entered.send(()).expect("the test waits");
                wait_release.recv().expect("the test releases");
                Ok::<_, StoreError>(())
            });
        });
        wait_entered.recv().expect("the writer is held");
        let count = commands.len();
        for command in commands {
            scope.spawn(command);
        }
        while database.waiting() < count {
            std::thread::yield_now();
        }
        release.send(()).expect("the writer goes on");
    });
}

#[test]
fn in_one_group_one_key_executes_once() {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let database = &fresh.database;
    let send = || {
        database.write_once(key("k", "x"), |tx| add(tx, "a", 1)).expect("an answer");
    };
    in_one_group(database, vec![Box::new(send), Box::new(send)]);
    assert_eq!(amount(database, "a"), Some(1));
    // The holding command may have closed its own group by the time it took; these two share one.
    assert!(database.counts().commits <= 2);
}

#[test]
fn in_one_group_only_the_good_command_is_visible() {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let database = &fresh.database;
    in_one_group(
        database,
        vec![
            Box::new(|| {
                let panicked: Result<(), StoreError> = database.write(|tx| {
                    add(tx, "panicking", 1)?;
                    panic!("on purpose");
                });
                assert_eq!(panicked.unwrap_err(), StoreError::Panicked);
            }),
            Box::new(|| {
                let refused: Result<(), StoreError> = database.write(|tx| {
                    add(tx, "refused", 1)?;
                    Err(StoreError::Busy)
                });
                assert_eq!(refused.unwrap_err(), StoreError::Busy);
            }),
            Box::new(|| {
                database.write(|tx| add(tx, "good", 1)).expect("the good one");
            }),
        ],
    );
    assert_eq!(amount(database, "panicking"), None);
    assert_eq!(amount(database, "refused"), None);
    assert_eq!(amount(database, "good"), Some(1));
}

#[test]
fn a_failed_commit_answers_no_one_with_success_and_its_ids_are_never_reused() {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let database = &fresh.database;
    let (ids, given) = mpsc::channel::<base::MoveId>();
    // The broken promise is a deferred foreign key: only the commit finds it, for the whole group.
    let breaking = move || {
        let answer = database.write(move |tx| {
            let id: base::MoveId = tx.id()?;
            ids.send(id).expect("the test listens");
            tx.write(&PROMISE, params![company(), id])
        });
        assert!(matches!(answer, Err(StoreError::Constraint { .. })), "{answer:?}");
    };
    let innocent = || assert!(database.write(|tx| add(tx, "innocent", 1)).is_err());
    in_one_group(database, vec![Box::new(breaking), Box::new(innocent)]);
    assert_eq!(amount(database, "innocent"), None);
    let lost = given.recv().expect("the id of the failed command");
    let next = database.write(|tx| tx.id::<base::MoveId>()).expect("a fresh id");
    assert!(next > lost, "{next} was given out before");
}

#[test]
fn an_append_only_table_refuses_change() {
    on_both_engines(&SCHEMA, |database| {
        database.write(|tx| tx.write(&LOG, params![company(), 1_i64])).expect("a row");
        let refused = database.write(|tx| tx.write(&SPOIL, params![company()]));
        let Err(StoreError::Constraint { kind, .. }) = refused else { panic!("{refused:?}") };
        assert_eq!(kind, ConstraintKind::Trigger);
    });
}

#[test]
fn a_guarded_write_that_changes_nothing_rolls_the_command_back() {
    on_both_engines(&SCHEMA, |database| {
        database.write(|tx| add(tx, "a", 3)).expect("stock");
        let refused = database.write(|tx| {
            add(tx, "b", 1)?;
            tx.write_exactly(1, &TAKE, params![company(), "a", 4_i64])
        });
        assert!(matches!(refused, Err(StoreError::Guard { expected: 1, affected: 0, .. })));
        assert_eq!((amount(database, "a"), amount(database, "b")), (Some(3), None));
    });
}

#[test]
fn a_set_is_written_by_one_statement() {
    on_both_engines(&SCHEMA, |database| {
        let statements = database
            .write(|tx| {
                let mut rows = Rows::new(2);
                for i in 0..1000_i64 {
                    rows.push(row![format!("n{i}\"'\u{e9}"), i]);
                }
                tx.write_exactly(1000, &SET, params![company(); rows])?;
                Ok::<_, StoreError>(tx.statements())
            })
            .expect("a thousand rows");
        assert_eq!(statements, 1);
        assert_eq!(amount(database, "n999\"'\u{e9}"), Some(999));
    });
}

/// An element that adds a name and is then refused, where `adds`; the store's own errors are passed on.
fn refused_element(tx: &mut Tx<'_>, adds: bool) -> Result<(), StoreError> {
    let refused: Result<(), StoreError> = tx.element(|tx| {
        if adds {
            add(tx, "undone", 1)?;
        }
        Err(StoreError::KeyReused)
    });
    match refused {
        Err(StoreError::KeyReused) => Ok(()),
        other => other,
    }
}

#[test]
fn a_refused_element_undoes_only_itself() {
    on_both_engines(&SCHEMA, |database| {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        database
            .write(move |tx| {
                counted.fetch_add(1, Relaxed);
                add(tx, "kept", 1)?;
                refused_element(tx, true)?;
                tx.element(|tx| add(tx, "also kept", 1))
            })
            .expect("the batch");
        assert_eq!(amount(database, "undone"), None);
        assert_eq!((amount(database, "kept"), amount(database, "also kept")), (Some(1), Some(1)));
        // Once without savepoints, once with them.
        assert_eq!(runs.load(Relaxed), 2);
    });
}

#[test]
fn an_element_that_is_refused_before_it_writes_costs_no_second_run() {
    on_both_engines(&SCHEMA, |database| {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        database
            .write(move |tx| {
                counted.fetch_add(1, Relaxed);
                add(tx, "kept", 1)?;
                refused_element(tx, false)
            })
            .expect("the batch");
        assert_eq!((amount(database, "kept"), runs.load(Relaxed)), (Some(1), 1));
    });
}

#[test]
fn a_trial_is_undone_in_the_first_run() {
    on_both_engines(&SCHEMA, |database| {
        let runs = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&runs);
        database
            .write(move |tx| {
                counted.fetch_add(1, Relaxed);
                add(tx, "kept", 1)?;
                let refused: Result<(), StoreError> = tx.trial(|tx| {
                    refused_element(tx, true)?;
                    add(tx, "undone", 1)?;
                    Err(StoreError::KeyReused)
                });
                assert_eq!(refused.unwrap_err(), StoreError::KeyReused);
                Ok::<_, StoreError>(())
            })
            .expect("the trial");
        assert_eq!((amount(database, "kept"), amount(database, "undone")), (Some(1), None));
        assert_eq!(runs.load(Relaxed), 1);
    });
}
