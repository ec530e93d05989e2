//! Random orders, shipments, cancellations and invoices: whatever happens, the books are sound and
//! no cent is lost.

use super::world::{World, from, goods, without_goods};
use accounting::Role;
use base::Quantity;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sales::{CancelLine, CancelOrder, LineKind, OrderState, SCHEMA};
use store::Engine;
use store::testing::Fresh;

#[derive(Debug, Clone, Copy)]
enum Step {
    Ship(i64, i64),
    Cancel(i64, i64),
    Invoice,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1..=2_i64, 1..=4_i64).prop_map(|(line, pieces)| Step::Ship(line, pieces)),
        1 => (1..=2_i64, 1..=4_i64).prop_map(|(line, pieces)| Step::Cancel(line, pieces)),
        1 => Just(Step::Invoice),
    ]
}

#[test]
fn whatever_is_shipped_cancelled_and_invoiced_comes_to_the_order() {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let db = &fresh.database;
    let mut runner = TestRunner::new(Config { cases: 24, ..Config::default() });
    let orders = (prop::bool::ANY, 1..2_000_000_i64, prop::collection::vec(step(), 1..12));
    runner
        .run(&orders, |(terms, micro, steps)| {
            let world = World::new(db, 2);
            world.receive(db, &[(0, 7, 1_003), (1, 7, 1_003)]);
            let channel = if terms { "B2B" } else { "WEB" };
            let price = base::Price::from_micro(micro).to_string();
            let charge = without_goods(LineKind::Charge, "1.01");
            let lines = vec![goods(0, 7, &price), goods(1, 3, "0.99"), charge];
            let order = world.accept(db, &from(channel, "1", lines)).unwrap();
            let id = order.order_id;
            let mut refunds = 0;
            for step in steps {
                match step {
                    Step::Ship(line, pieces) => drop(world.ship(db, id, Some(&[(line, pieces)]))),
                    Step::Invoice => drop(world.invoice(db, id)),
                    Step::Cancel(line, pieces) => {
                        let quantity = Some(Quantity::units(pieces));
                        let lines = Some(vec![CancelLine { line, quantity }]);
                        let request = CancelOrder { order_id: id, lines, reason: "no".into() };
                        let done =
                            world.run(db, move |tx, ctx| sales::cancel(tx, ctx, request.clone()));
                        refunds += done.map_or(0, |done| done.gross.minor);
                    }
                }
            }
            drop(world.ship(db, id, None));
            drop(world.invoice(db, id));
            let end = world.order(db, id);
            prop_assert!(end.head.state != OrderState::Accepted);
            let owed = if terms { Role::Receivable } else { Role::CustomerDeposits };
            prop_assert_eq!(world.balance(db, owed) + refunds, order.gross.minor);
            world.assert_sound(db);
            Ok(())
        })
        .unwrap();
}
