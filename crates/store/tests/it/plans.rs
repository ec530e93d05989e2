//! On SQLite a plan follows the keys, never the data; on PostgreSQL the figures it follows keep up with
//! what is added: see `docs/decisions/0004-fixed-plans.md`.

use super::world::{SCHEMA, SET, company};
use store::testing::{Fresh, rows_expected};
use store::{Database, Engine, Options, Rows, StoreError, params, row};

/// The steps of SQLite's plan for a text.
fn plan(fresh: &Fresh, text: &str) -> String {
    let file = fresh.database.file().expect("a file");
    let connection = rusqlite::Connection::open(file).expect("the same file again");
    let mut explain = connection.prepare(&format!("explain query plan {text}")).expect("a text");
    let steps = explain.query_map([], |row| row.get::<_, String>(3)).expect("a plan");
    steps.collect::<Result<Vec<_>, _>>().expect("its steps").join("; ")
}

#[test]
fn an_order_asked_for_does_not_lead_through_the_whole_company() {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let audited = "select id from store_audit where company_id = 1 and object_kind = 'order' \
                 and object_id = 2 order by id";
    let found = plan(&fresh, audited);
    assert!(found.contains("object_kind=? AND object_id=?"), "{found}");
}

#[test]
fn the_figures_of_the_planner_stay_when_nothing_is_left_to_migrate() {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    fresh.database.migrate(&SCHEMA).expect("nothing left to do");
    let file = fresh.database.file().expect("a file");
    let connection = rusqlite::Connection::open(file).expect("the same file again");
    let figure: String = connection
        .query_row("select stat from sqlite_stat1 where tbl = 'world_log'", [], |row| row.get(0))
        .expect("one figure for the key of a table");
    assert_eq!(figure, "1000000 800000 1");
}

#[test]
fn on_postgres_a_table_that_grew_is_looked_at_before_the_next_command() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    // One writer looks at what it added before it takes the next command.
    let options = Options { unsafe_durability: true, writers: 1, readers: 1, queue: 16 };
    let database = Database::open(&fresh.url, options).expect("the same database");
    let add = |from: i64, until: i64, fails: bool| {
        let added: Result<(), StoreError> = database.write(move |tx| {
            let mut rows = Rows::new(2);
            for number in from..until {
                rows.push(row![format!("counter {number}"), number]);
            }
            tx.write(&SET, params![company(); rows])?;
            if fails { Err(StoreError::Busy) } else { Ok(()) }
        });
        assert_eq!(added.is_err(), fails);
        // Has its turn after the look.
        database.write(|_| Ok::<_, StoreError>(())).expect("the next command");
        rows_expected(&fresh.url, "world_counter")
    };
    assert_eq!(add(0, 100, false), None, "too few");
    assert_eq!(add(1_000, 2_000, true), None, "undone");
    assert_eq!(add(100, 200, false), Some(200));
    assert_eq!(add(200, 400, false), Some(200), "less than four times as many");
    assert_eq!(add(400, 600, false), Some(600));
    database.close();
}
