use super::world::{SCHEMA, company};
use store::Engine;
use store::testing::{Fresh, assert_sound, assert_statements_agree, on_both_engines};

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    assert_statements_agree(&SCHEMA);
}

#[test]
fn ids_of_two_nodes_never_meet() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let mut ids: Vec<base::ItemId> = Vec::new();
    for node in &nodes {
        for _ in 0..50 {
            ids.push(node.write(|tx| tx.id::<base::ItemId>()).expect("an id"));
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count);
    nodes[1].close();
}

#[test]
fn spoken_numbers_count_per_company_and_series() {
    on_both_engines(&SCHEMA, |database| {
        let next =
            |series| database.write(move |tx| tx.number(company(), series)).expect("a number");
        assert_eq!([next("PO"), next("PO"), next("RC")], ["PO-000001", "PO-000002", "RC-000001"]);
    });
}

#[test]
fn the_checks_run_on_an_empty_company() {
    on_both_engines(&SCHEMA, |database| assert_sound(database, &SCHEMA, company()));
}

#[test]
fn a_migration_runs_once() {
    on_both_engines(&SCHEMA, |database| {
        assert_eq!(database.migrate(&SCHEMA).expect("nothing left to do"), Vec::<String>::new());
    });
}
