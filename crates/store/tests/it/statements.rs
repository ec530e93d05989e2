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

#[test]
fn a_command_may_draw_more_numbers_than_one_lease_has() {
    on_both_engines(&SCHEMA, |database| {
        let numbers = database
            .write(|tx| {
                (0..1_000).map(|_| tx.number(company(), "SO")).collect::<Result<Vec<_>, _>>()
            })
            .expect("a thousand numbers");
        let mut distinct = numbers.clone();
        distinct.dedup();
        assert_eq!((numbers.len(), distinct.len()), (1_000, 1_000));
        let ids = database
            .write(|tx| (0..150_000).map(|_| tx.id()).collect::<Result<Vec<base::ItemId>, _>>());
        assert_eq!(ids.expect("many ids").len(), 150_000);
    });
}
