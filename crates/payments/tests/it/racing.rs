use super::world::{World, all_of, gbp, open_ref, paying};
use accounting::Role;
use base::Rule;
use payments::{Capture, Payout, Refund, RefundOf, SCHEMA, Through};
use store::Engine;
use store::testing::Fresh;

fn two_nodes(engine: Engine) {
    let fresh = Fresh::new(engine, &SCHEMA);
    let second = match engine {
        Engine::Postgres => fresh.open_again(),
        Engine::Sqlite => fresh.database.clone(),
    };
    let world = World::new(&fresh.database);
    world.bills(&fresh.database, &[100; 20]);
    for bill in 1..=20 {
        let paid: Vec<bool> = std::thread::scope(|scope| {
            let nodes = [&fresh.database, &second].map(|node| {
                let world = &world;
                scope.spawn(move || {
                    let request = paying(gbp(100), vec![all_of("bill", bill)]);
                    match world.pay(node, request) {
                        Ok(_) => true,
                        Err(refused) => {
                            assert_eq!(refused.problem().code, "exceeds_open", "{refused}");
                            false
                        }
                    }
                })
            });
            nodes.into_iter().map(|node| node.join().expect("a node")).collect()
        });
        assert_eq!(paid.iter().filter(|paid| **paid).count(), 1, "bill {bill} is paid once");
    }
    assert_eq!(world.balance(&fresh.database, Role::Bank), -2_000);
    world.sound(&fresh.database);
    if engine == Engine::Postgres {
        second.close();
    }
}

#[test]
fn two_nodes_that_pay_one_bill_at_once_pay_it_once() {
    two_nodes(Engine::Postgres);
}

#[test]
fn two_writers_of_one_file_that_pay_one_bill_at_once_pay_it_once() {
    two_nodes(Engine::Sqlite);
}

#[test]
fn two_nodes_with_one_reference_pay_once() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let second = fresh.open_again();
    let world = World::new(&fresh.database);
    world.bills(&fresh.database, &[1_000; 10]);
    for bill in 1..=10 {
        let paid: Vec<_> = std::thread::scope(|scope| {
            let nodes = [&fresh.database, &second].map(|node| {
                let world = &world;
                scope.spawn(move || {
                    let mut request = paying(gbp(100), vec![all_of("bill", bill)]);
                    request.client_ref = format!("RUN-{bill}");
                    world.pay(node, request).expect("paid or repeated")
                })
            });
            nodes.into_iter().map(|node| node.join().expect("a node")).collect()
        });
        assert_eq!(paid[0].payment_id, paid[1].payment_id);
        assert_ne!(paid[0].repeated, paid[1].repeated);
    }
    assert_eq!(world.balance(&fresh.database, Role::Bank), -1_000);
    world.sound(&fresh.database);
    second.close();
}

#[test]
fn captures_refunds_and_payouts_of_one_channel_do_not_wait_in_a_circle() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let second = fresh.open_again();
    let world = World::new(&fresh.database);
    let database = &fresh.database;
    world
        .run(database, move |tx, ctx| {
            payments::capture(tx, ctx, Capture::new(1, "sales_order", 1, gbp(10_000)))
        })
        .expect("captured");
    std::thread::scope(|scope| {
        for node in [database, &second] {
            let world = &world;
            scope.spawn(move || {
                for _ in 0..20 {
                    world
                        .run(node, move |tx, ctx| {
                            payments::capture(tx, ctx, Capture::new(1, "sales_order", 1, gbp(10)))
                        })
                        .expect("captured");
                }
            });
            scope.spawn(move || {
                for _ in 0..20 {
                    world
                        .run(node, move |tx, ctx| {
                            let request = Refund {
                                of: RefundOf::Deposit,
                                open: open_ref("sales_order", 1),
                                through: Through::Channel(1),
                                amount: gbp(5),
                                bank_amount: None,
                                happened_on: None,
                                partner_id: None,
                                method: String::new(),
                                reference: String::new(),
                                client_ref: String::new(),
                                memo: String::new(),
                            };
                            payments::refund(tx, ctx, request)
                        })
                        .expect("refunded");
                    world
                        .run(node, move |tx, ctx| {
                            let request = Payout {
                                channel_id: 1,
                                amount: gbp(1),
                                fees: Vec::new(),
                                bank_amount: None,
                                happened_on: None,
                                reference: String::new(),
                                client_ref: String::new(),
                                memo: String::new(),
                            };
                            payments::payout(tx, ctx, request)
                        })
                        .expect("paid out");
                }
            });
        }
    });
    assert_eq!(world.balance(database, Role::ChannelClearing), 10_000 + 400 - 200 - 40);
    assert_eq!(database.counts().deadlocks + second.counts().deadlocks, 0);
    world.sound(database);
    second.close();
}
