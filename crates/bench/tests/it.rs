//! A short run ends well, and what must not be measured is refused.

use bench::{BenchError, Options, Which, run};
use std::path::PathBuf;

/// A file that is not there yet.
fn fresh(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{name}"));
    let _ = std::fs::remove_dir_all(&folder);
    folder.join("x.db")
}

fn options(name: &str) -> Options {
    let database = format!("sqlite:{}", fresh(name).display());
    Options { database, clients: 2, operations: 5, http: None }
}

// `run` itself asks every check of every domain and fails where one does not hold.
#[test]
fn a_short_run_of_sales_ends_with_sound_books() {
    let report = run(Which::W1, &options("w1")).expect("a report");
    assert_eq!((report.product.operations, report.floor.operations), (5, 5));
    assert_eq!((report.product.transactions, report.floor.transactions), (10, 10));
    assert_eq!(report.product.deadlocks, 0);
    assert!(report.product.statements > report.floor.statements);
    assert!(report.text().contains("of the floor"));
}

#[test]
fn a_short_run_of_purchases_ends_with_sound_books() {
    let report = run(Which::W2, &options("w2")).expect("a report");
    assert_eq!(report.product.transactions, 15);
    assert_eq!(report.floor.transactions, 10);
}

#[test]
fn a_database_that_was_used_before_is_refused() {
    let options = options("used");
    run(Which::W1, &Options { operations: 1, ..options.clone() }).expect("a report");
    assert!(matches!(run(Which::W1, &options), Err(BenchError::NotFresh { .. })));
}

#[test]
fn settings_that_can_lose_work_are_refused() {
    let database = "sqlite::memory:".to_owned();
    let refused = run(Which::W1, &Options { database, clients: 1, operations: 1, http: None });
    assert!(matches!(refused, Err(BenchError::Unsafe)));
}

#[test]
fn a_run_of_nothing_is_refused() {
    let nothing = Options { operations: 0, ..options("nothing") };
    assert!(matches!(run(Which::W1, &nothing), Err(BenchError::NothingToDo)));
}

#[test]
fn over_http_the_same_work_is_done() {
    let report = run(Which::W1, &Options { http: Some(1), ..options("wire") }).expect("a report");
    assert_eq!((report.product.operations, report.product.transactions), (5, 10));
    assert!(report.text().contains("over HTTP"), "{}", report.text());
    let report = run(Which::W2, &Options { http: Some(1), ..options("wire2") }).expect("a report");
    // The order is written by one request and submitted by another.
    assert_eq!(report.product.transactions, 20);
}

#[test]
fn several_nodes_need_a_server_that_they_share() {
    let two = Options { http: Some(2), ..options("two") };
    assert!(matches!(run(Which::W1, &two), Err(BenchError::Nodes)));
}

#[test]
fn a_second_run_of_replenishment_writes_nothing() {
    let report =
        bench::replenish(&Options { operations: 1_100, ..options("w3") }).expect("a report");
    assert_eq!((report.first.elements, report.first.made), (1_100, 100));
    assert_eq!((report.second.elements, report.second.made), (1_100, 0));
    assert!(report.second.statements < report.first.statements);
    assert!(report.text().contains("first run"), "{}", report.text());
}

#[test]
fn a_sheet_is_counted_and_half_of_its_lines_corrected() {
    let report = bench::count(&Options { operations: 1_100, ..options("w4") }).expect("a report");
    assert_eq!((report.opened.elements, report.entered.elements), (1_100, 1_100));
    assert_eq!((report.applied.made, report.floor.made), (550, 550));
    assert_eq!((report.entered.transactions, report.applied.transactions), (2, 1));
    assert!(report.text().contains("550 corrected"), "{}", report.text());
}

#[test]
fn the_value_of_a_past_day_is_read_as_often_as_its_floor() {
    let report = bench::value(&Options { operations: 4_000, ..options("w5") }).expect("a report");
    assert_eq!((report.product.made, report.floor.made), (1_000, 1_000));
    assert_eq!((report.product.elements, report.floor.elements), (80_000, 80_000));
    assert!(report.text().contains("4000 moves"), "{}", report.text());
}

#[test]
fn every_availability_that_is_asked_for_is_told() {
    let report =
        bench::availability(&Options { operations: 50, ..options("w6") }).expect("a report");
    assert_eq!((report.product.made, report.floor.made), (50, 50));
    assert_eq!(report.product.transactions, 50);
}

// `furnish` itself asks every check of every domain.
#[test]
fn a_company_for_the_desk_has_what_was_asked_for() {
    let database = options("desk").database;
    let made = bench::furnish(&bench::Furnish { database, items: 1_200, moves: 10_000 })
        .expect("a company");
    assert_eq!((made.items.made, made.moves.transactions), (200, 10));
    assert_eq!((made.sales.elements, made.sales.made), (200, 100));
    assert_eq!((made.purchases.elements, made.purchases.made), (50, 40));
    assert_eq!(made.proposals.made, 200);
    assert!(made.text().contains("200 proposals"), "{}", made.text());
}
