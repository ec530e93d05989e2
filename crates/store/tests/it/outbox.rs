//! Facts wait until they are handed out, each once and in the order of its aggregate.

use super::world::{SCHEMA, company};
use base::Timestamp;
use std::sync::{Barrier, Mutex};
use store::testing::{Fresh, assert_sound, on_both_engines};
use store::{Database, Engine, Fact, Round, StoreError};

fn state(database: &Database, facts: &'static [(i64, i64)]) {
    let stated = database.write(move |tx| {
        for &(aggregate_id, seq) in facts {
            tx.state_fact(Fact {
                company_id: company(),
                aggregate_kind: "thing",
                aggregate_id,
                seq,
                name: "test.changed",
                payload: serde_json::json!({}),
                recorded_at: Timestamp::from_micros(seq),
            });
        }
        Ok::<_, StoreError>(())
    });
    stated.expect("facts");
}

fn hand_out(database: &Database, most: u32) -> Option<Round> {
    database.write(move |tx| store::hand_out(tx, company(), most)).expect("a round")
}

fn told(round: &Round) -> Vec<(i64, i64)> {
    round.facts.iter().map(|fact| (fact.aggregate_id, fact.seq)).collect()
}

#[test]
fn a_fact_is_handed_out_once_and_after_those_ahead_of_it() {
    on_both_engines(&SCHEMA, |database| {
        assert_eq!(hand_out(database, 10), None);
        state(database, &[(2, 2), (1, 3), (1, 1), (2, 1), (1, 2)]);
        assert!(database.read(|tx| store::facts_wait(tx, company())).expect("an answer"));
        let first = hand_out(database, 3).expect("a round");
        assert_eq!((first.number, told(&first)), (1, vec![(1, 1), (1, 2), (1, 3)]));
        let second = hand_out(database, 3).expect("a round");
        assert_eq!((second.number, told(&second)), (2, vec![(2, 1), (2, 2)]));
        assert_eq!(hand_out(database, 3), None);
        assert!(!database.read(|tx| store::facts_wait(tx, company())).expect("an answer"));
        let latest = database.write(|tx| store::hold_outbox(tx, company()));
        assert_eq!(latest.expect("a round"), 2);
        assert_sound(database, &SCHEMA, company());
    });
}

#[test]
fn a_round_that_is_rolled_back_hands_nothing_out() {
    on_both_engines(&SCHEMA, |database| {
        state(database, &[(1, 1)]);
        let failed = database.write(|tx| {
            store::hand_out(tx, company(), 10)?;
            Err::<(), _>(StoreError::Unusable("what was to be done with it failed".to_owned()))
        });
        failed.expect_err("it failed");
        assert_eq!(told(&hand_out(database, 10).expect("a round")), [(1, 1)]);
        assert_sound(database, &SCHEMA, company());
    });
}

#[test]
fn nodes_that_hand_out_at_once_take_turns() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    state(&fresh.database, &[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1), (8, 1)]);
    let nodes = [fresh.open_again(), fresh.open_again()];
    let (begin, rounds) = (Barrier::new(2), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for node in &nodes {
            scope.spawn(|| {
                begin.wait();
                while let Some(round) = hand_out(node, 1) {
                    rounds.lock().expect("free").push(round);
                }
            });
        }
    });
    let mut rounds = rounds.into_inner().expect("free");
    rounds.sort_by_key(|round| round.number);
    assert_eq!(
        rounds.iter().map(|round| round.number).collect::<Vec<_>>(),
        [1, 2, 3, 4, 5, 6, 7, 8]
    );
    let mut facts: Vec<_> = rounds.iter().flat_map(told).collect();
    facts.sort_unstable();
    assert_eq!(facts.len(), 8);
    facts.dedup();
    assert_eq!(facts.len(), 8, "each once");
    assert_sound(&fresh.database, &SCHEMA, company());
    nodes.iter().for_each(Database::close);
}
