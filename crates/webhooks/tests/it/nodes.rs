//! Several nodes over one database, and nodes that die.

use super::world::{HOUR, MINUTE, SECOND, World, of, on, story};
use std::collections::BTreeMap;
use std::sync::{Barrier, Mutex, mpsc};
use store::{Engine, Statement, StoreError, params};
use webhooks::{AttemptOutcome, DeliveryState, Ended, Noted};

#[test]
fn two_nodes_that_race_deliver_each_fact_once_and_in_order() {
    on(Engine::Postgres, |world| {
        let shop = world.register("shop", &["*"]);
        for order in 1..=8 {
            for seq in 1..=5 {
                world.state(order, seq, "sales.changed");
            }
        }
        let nodes = [world.fresh.open_again(), world.fresh.open_again()];
        let heard: Mutex<BTreeMap<String, Vec<i64>>> = Mutex::default();
        let begin = Barrier::new(4);
        let (company, now) = (world.company(), world.after(0));
        std::thread::scope(|scope| {
            for node in nodes.iter().chain(&nodes) {
                scope.spawn(|| {
                    begin.wait();
                    while node.write(move |tx| webhooks::queue_facts(tx, company, now)).unwrap() {}
                    loop {
                        let taken = node
                            .write(move |tx| webhooks::take_due(tx, company, shop, now))
                            .unwrap();
                        // What the others have in hand is theirs to end.
                        let Some(taken) = taken else { break };
                        let body: serde_json::Value = serde_json::from_str(&taken.body).unwrap();
                        let order = body["subject_id"].as_str().unwrap().to_owned();
                        let seq = body["seq"].as_i64().unwrap();
                        heard.lock().unwrap().entry(order).or_default().push(seq);
                        let ended = Ended { status: 200, answer: String::new(), millis: 1 };
                        let noted = node
                            .write(move |tx| webhooks::note_attempt(tx, &taken, &ended, now))
                            .unwrap();
                        assert_eq!(noted, Noted::Delivered);
                    }
                });
            }
        });
        world.deliver(shop, 0).into_iter().for_each(|(order, seq)| {
            heard.lock().unwrap().entry(order).or_default().push(seq);
        });
        let heard = heard.into_inner().unwrap();
        assert_eq!(heard.len(), 8);
        for (order, seqs) in heard {
            assert_eq!(seqs, [1, 2, 3, 4, 5], "order {order}");
        }
        nodes.iter().for_each(store::Database::close);
    });
}

/// A fact as another transaction wrote it, with a smaller id than all others.
static STATE: Statement = Statement::new(
    "test::STATE",
    "insert into store_fact (company_id, id, aggregate_kind, aggregate_id, seq, name, payload,
        recorded_at, state) values ($1, 1, 'order', 1, 1, 'sales.accepted', '{}', $2, 'waiting')",
);

#[test]
fn a_fact_that_commits_late_is_not_passed_over() {
    on(Engine::Postgres, |world| {
        let shop = world.register("shop", &["*"]);
        let (stated, is_stated) = mpsc::channel();
        let (commit, may_commit) = mpsc::channel::<()>();
        let may_commit = Mutex::new(may_commit);
        let node = world.fresh.open_again();
        let (company, now) = (world.company(), world.after(0));
        std::thread::scope(|scope| {
            let slow = scope.spawn(|| {
                node.write(move |tx| {
                    tx.write(&STATE, params![company, now])?;
                    tx.flush()?;
                    stated.send(()).unwrap();
                    may_commit.lock().unwrap().recv().unwrap();
                    Ok::<_, StoreError>(())
                })
            });
            is_stated.recv().unwrap();
            // A fact with a later id commits first, and is handed out.
            world.state(2, 1, "sales.accepted");
            world.queue(0);
            assert_eq!(world.deliver(shop, 0), [of(2, 1)]);
            commit.send(()).unwrap();
            slow.join().unwrap().unwrap();
        });
        world.queue(SECOND);
        assert_eq!(world.deliver(shop, SECOND), [of(1, 1)]);
        node.close();
    });
}

#[test]
fn what_a_dead_node_had_in_hand_is_tried_again_and_its_token_is_void() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        world.state(1, 1, "sales.accepted");
        world.state(1, 2, "sales.shipped");
        world.queue(0);
        let lost = world.take(shop, 0).unwrap();
        assert!(world.take(shop, HOUR).is_none(), "nobody noticed yet");
        assert!(!is_over(world, MINUTE) && is_over(world, 3 * MINUTE));
        let (company, now) = (world.company(), world.after(3 * MINUTE));
        let freed = world.database().write(move |tx| webhooks::free_lost(tx, company, now));
        assert_eq!(freed.unwrap(), 1);
        let again = world.take(shop, 3 * MINUTE).unwrap();
        assert_eq!((again.delivery_id, again.attempt), (lost.delivery_id, 2));
        assert_eq!(world.note(&lost, 200, 3 * MINUTE), Noted::Overtaken);
        assert_eq!(world.delivery(lost.delivery_id).state, DeliveryState::Waiting);
        assert_eq!(world.note(&again, 200, 3 * MINUTE), Noted::Delivered);
        let log: Vec<_> =
            world.attempts(lost.delivery_id).iter().map(|row| (row.attempt, row.outcome)).collect();
        assert_eq!(log.len(), 2);
        assert!(
            log.contains(&(1, AttemptOutcome::Lost))
                && log.contains(&(2, AttemptOutcome::Delivered))
        );
        assert_eq!(world.deliver(shop, 3 * MINUTE), [of(1, 2)]);
    });
}

fn is_over(world: &World, micros: i64) -> bool {
    let (company, now) = (world.company(), world.after(micros));
    let waiting = world.database().read(move |tx| webhooks::waiting(tx, company, now)).unwrap();
    waiting.lost
}

#[test]
fn what_is_to_be_done_is_seen_at_a_glance() {
    story(|world| {
        let (company, now) = (world.company(), world.after(SECOND));
        let look = || world.database().read(move |tx| webhooks::waiting(tx, company, now)).unwrap();
        world.state(1, 1, "sales.accepted");
        assert_eq!(look(), webhooks::Waiting::default(), "nobody wants anything");
        let (shop, other) = (world.register("shop", &["*"]), world.register("other", &["stock.*"]));
        world.state(1, 2, "sales.shipped");
        assert!(look().facts);
        world.queue(0);
        assert_eq!((look().facts, look().due), (false, vec![shop]));
        assert_eq!(world.deliver(other, 0), []);
        world.deliver(shop, 0);
        assert_eq!(look(), webhooks::Waiting::default());
    });
}
