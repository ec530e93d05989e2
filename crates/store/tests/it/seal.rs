//! The seal over the audit trail, and who breaks it.

use super::world::company;
use base::{Id, Timestamp, UserId};
use store::testing::{Fresh, on_both_engines};
use store::{Audit, Database, Engine, SCHEMA, Statement, StoreError, params};

/// Lets the test do what the schema refuses.
static FREE_UPDATE: Statement =
    Statement::new("test::FREE_UPDATE", "drop trigger store_audit_no_update");
static FREE_DELETE: Statement =
    Statement::new("test::FREE_DELETE", "drop trigger store_audit_no_delete");
static FREE_SEALS: Statement =
    Statement::new("test::FREE_SEALS", "drop trigger store_seal_no_delete");
static FREE: Statement =
    Statement::new("test::FREE", "alter table store_audit disable trigger user");
static FREE_CHAIN: Statement =
    Statement::new("test::FREE_CHAIN", "alter table store_seal disable trigger user");

static CHANGE: Statement = Statement::new(
    "test::CHANGE",
    "update store_audit set verb = 'test.other' where company_id = $1 and object_id = $2",
);
static REMOVE: Statement = Statement::new(
    "test::REMOVE",
    "delete from store_audit where company_id = $1 and object_id = $2",
);
static UNSEAL: Statement = Statement::new(
    "test::UNSEAL",
    "delete from store_seal where company_id = $1 and position = $2",
);
static SLIP_IN: Statement = Statement::new(
    "test::SLIP_IN",
    "insert into store_audit (company_id, id, recorded_at, user_id, request_id, verb, object_kind,
        object_id, detail) values ($1, $2, 0, 0, '', 'test.slip', 'thing', 0, '{}')",
);

fn at(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000)
}

/// Rows of the trail, each a second after the one before.
fn write(database: &Database, rows: std::ops::Range<i64>) {
    let written = database.write(move |tx| {
        for row in rows.clone() {
            tx.audit(Audit {
                company_id: company(),
                user_id: UserId::from_raw(1),
                recorded_at: at(row),
                request_id: format!("request {row}"),
                verb: "test.write",
                object_kind: "thing",
                object_id: row,
                detail: serde_json::json!({ "row": row }),
            });
        }
        Ok::<_, StoreError>(())
    });
    written.expect("rows of the trail");
}

fn tamper(database: &Database, statement: &'static Statement, number: i64) {
    let free: Vec<&'static Statement> = match database.engine() {
        Engine::Sqlite => vec![&FREE_UPDATE, &FREE_DELETE, &FREE_SEALS],
        Engine::Postgres => vec![&FREE, &FREE_CHAIN],
    };
    let done = database.write(move |tx| {
        for free in &free {
            tx.write(free, params![])?;
        }
        tx.write(statement, params![company(), number])
    });
    done.expect("the trail is changed");
}

fn broken(database: &Database) -> Vec<String> {
    database.read(|tx| store::verify_trail(tx, company())).expect("the chain is read")
}

/// The checks of the store that do not hold.
fn unsound(database: &Database) -> Vec<&'static str> {
    let findings = database.read(|tx| store::run_checks(tx, &SCHEMA, company())).expect("checks");
    findings.iter().filter(|f| !f.breaches.is_empty()).map(|f| f.check).collect()
}

#[test]
fn rows_are_sealed_once_whoever_seals() {
    on_both_engines(&SCHEMA, |database| {
        write(database, 0..2_500);
        assert_eq!(unsound(database), [""; 0]);
        let waiting = |before| {
            let count =
                move |tx: &mut store::Tx<'_>| store::unsealed_before(tx, company(), at(before));
            database.read(count).expect("a count")
        };
        assert_eq!((waiting(0), waiting(10), waiting(9_999)), (0, 10, 2_500));
        let sealed: usize = std::thread::scope(|scope| {
            let sealer = || scope.spawn(|| database.seal_trail(company()).expect("sealed"));
            let sealers: Vec<_> = (0..4).map(|_| sealer()).collect();
            sealers.into_iter().map(|sealer| sealer.join().expect("a sealer")).sum()
        });
        assert_eq!(sealed, 2_500);
        assert_eq!(waiting(9_999), 0);
        write(database, 2_500..2_503);
        assert_eq!(database.seal_trail(company()).expect("sealed"), 3);
        assert_eq!(database.seal_trail(company()).expect("nothing to do"), 0);
        assert_eq!(broken(database), [""; 0]);
        assert_eq!(unsound(database), [""; 0]);
    });
}

#[test]
fn a_changed_row_is_found_where_it_is() {
    on_both_engines(&SCHEMA, |database| {
        write(database, 0..10);
        database.seal_trail(company()).expect("sealed");
        tamper(database, &CHANGE, 4);
        let found = broken(database);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].ends_with("is not as it was sealed as number 5"), "{found:?}");
    });
}

#[test]
fn a_removed_row_is_missed() {
    on_both_engines(&SCHEMA, |database| {
        write(database, 0..10);
        database.seal_trail(company()).expect("sealed");
        tamper(database, &REMOVE, 9);
        let found = broken(database);
        assert!(found.len() == 1 && found[0].ends_with("number 10, is missing"), "{found:?}");
    });
}

#[test]
fn removed_seals_leave_a_gap_or_an_early_end() {
    for (position, told) in [(3, "seals 3 to 3 are missing"), (10, "the chain ended at number 10")]
    {
        on_both_engines(&SCHEMA, |database| {
            write(database, 0..10);
            database.seal_trail(company()).expect("sealed");
            tamper(database, &UNSEAL, position);
            let found = broken(database);
            assert!(found[0].starts_with(told), "{found:?}");
            assert_eq!(unsound(database).len(), 1, "its row is neither sealed nor waits");
        });
    }
}

#[test]
fn a_row_that_was_slipped_in_is_found() {
    on_both_engines(&SCHEMA, |database| {
        write(database, 0..3);
        database.seal_trail(company()).expect("sealed");
        tamper(database, &SLIP_IN, 77);
        assert_eq!(unsound(database).len(), 1);
    });
}

#[test]
fn a_chain_goes_on_after_the_database_was_opened_anew() {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    write(&fresh.database, 0..3);
    fresh.database.seal_trail(company()).expect("sealed");
    fresh.database.close();
    let again = fresh.open_again();
    write(&again, 3..5);
    again.seal_trail(company()).expect("sealed");
    assert_eq!(broken(&again), [""; 0]);
}
