//! On SQLite a plan follows the keys, never the data: see `docs/decisions/0004-fixed-plans.md`.

use super::world::SCHEMA;
use store::Engine;
use store::testing::Fresh;

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
