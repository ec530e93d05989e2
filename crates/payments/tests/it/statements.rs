use super::world::{World, all_of, gbp, paying};
use payments::{Capture, Captures, PaymentError, SCHEMA};
use store::testing::{assert_statements_agree, on_both_engines};

#[test]
fn every_statement_reads_alike_on_both_engines() {
    assert_statements_agree(&SCHEMA);
}

#[test]
fn a_payment_of_a_thousand_bills_takes_the_statements_of_one() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.bills(database, &[10; 1_001]);
        let count = |ids: std::ops::RangeInclusive<i64>| {
            let amount = gbp(10 * ids.clone().count() as i64);
            let request = paying(amount, ids.map(|id| all_of("bill", id)).collect());
            world.run(database, move |tx, ctx| {
                let before = tx.statements();
                payments::pay(tx, ctx, request.clone())?;
                Ok::<_, PaymentError>(tx.statements() - before)
            })
        };
        let one = count(1..=1).expect("one");
        let many = count(2..=1_001).expect("a thousand");
        assert_eq!(one, many);
        world.sound(database);
    });
}

#[test]
fn two_hundred_captures_take_the_statements_of_one() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let count = |ids: std::ops::RangeInclusive<i64>| {
            let captures = ids.map(|id| Capture {
                client_ref: format!("WEB-{id}"),
                ..Capture::new(1, "sales_order", id, gbp(id))
            });
            let request = Captures { captures: captures.collect(), all_or_nothing: true };
            world.run(database, move |tx, ctx| {
                let before = tx.statements();
                payments::capture_all(tx, ctx, request.clone())?;
                Ok::<_, PaymentError>(tx.statements() - before)
            })
        };
        let one = count(1..=1).expect("one");
        let many = count(2..=201).expect("two hundred");
        assert_eq!(one, many);
        world.sound(database);
    });
}
