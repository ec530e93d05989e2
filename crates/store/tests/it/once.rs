use super::world::{SCHEMA, add, amount, key};
use base::Timestamp;
use store::testing::{Fresh, on_both_engines};
use store::{Engine, RequestKey, StoreError};

#[test]
fn a_repeated_request_acts_once_and_is_answered_alike() {
    on_both_engines(&SCHEMA, |database| {
        let send = || database.write_once(key("k1", "add 5"), |tx| add(tx, "a", 5));
        let first = send().expect("the first");
        let again: store::Once<i64> = send().expect("the repeat");
        assert_eq!((first.answer, first.replayed), (5, false));
        assert_eq!((again.answer, again.replayed), (5, true));
        assert_eq!(amount(database, "a"), Some(5));
    });
}

#[test]
fn a_key_used_for_another_request_is_refused() {
    on_both_engines(&SCHEMA, |database| {
        database.write_once(key("k1", "add 5"), |tx| add(tx, "a", 5)).expect("the first");
        let other = database.write_once(key("k1", "add 6"), |tx| add(tx, "a", 6));
        assert_eq!(other.unwrap_err(), StoreError::KeyReused);
        assert_eq!(amount(database, "a"), Some(5));
    });
}

#[test]
fn a_refused_request_leaves_its_key_free() {
    on_both_engines(&SCHEMA, |database| {
        let refused = database.write_once(key("k1", "x"), |tx| {
            add(tx, "a", 5)?;
            Err::<i64, _>(StoreError::Busy)
        });
        assert_eq!(refused.unwrap_err(), StoreError::Busy);
        assert_eq!(amount(database, "a"), None);
        let retried = database.write_once(key("k1", "x"), |tx| add(tx, "a", 5)).expect("a retry");
        assert!(!retried.replayed);
    });
}

#[test]
fn two_nodes_with_one_key_act_once() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    for round in 0..20 {
        let name = format!("k{round}");
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|i| {
                    let (node, name) = (nodes[i % 2].clone(), name.clone());
                    scope.spawn(move || {
                        node.write_once(key(&name, "x"), |tx| add(tx, "raced", 1))
                            .expect("an answer")
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
        });
        assert_eq!(answers.iter().filter(|once| !once.replayed).count(), 1);
        assert!(answers.iter().all(|once| once.answer == round + 1));
    }
    assert_eq!(amount(&nodes[1], "raced"), Some(20));
    assert_eq!(nodes.iter().map(|node| node.counts().deadlocks).sum::<u64>(), 0);
    nodes[1].close();
}

#[test]
fn old_keys_are_forgotten_part_by_part_and_act_anew() {
    on_both_engines(&SCHEMA, |database| {
        let send = |name: &str, at: i64| {
            let key = RequestKey { at: Timestamp::from_micros(at), ..key(name, "add 1") };
            database.write_once(key, |tx| add(tx, "a", 1)).expect("an answer")
        };
        for (name, at) in [("k1", 100), ("k2", 200), ("k3", 300), ("k4", 400)] {
            send(name, at);
        }
        let company = key("k1", "").company_id;
        let forget = || {
            let before = Timestamp::from_micros(400);
            database.write(move |tx| store::forget_keys(tx, company, before, 2)).expect("a part")
        };
        assert_eq!([forget(), forget(), forget()], [2, 1, 0]);
        assert!(send("k4", 500).replayed, "what is not old is known still");
        assert!(!send("k1", 500).replayed);
        assert_eq!(amount(database, "a"), Some(5));
    });
}
