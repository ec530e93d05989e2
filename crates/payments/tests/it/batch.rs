use super::world::{World, all_of, gbp, open_ref, paying};
use accounting::Role;
use payments::{
    Capture, Captures, PaymentAnswer, PaymentError, Pays, Refund, RefundOf, Refunds, SCHEMA,
    Through,
};
use store::testing::on_both_engines;

fn told(answers: &[PaymentAnswer]) -> Vec<String> {
    answers
        .iter()
        .map(|answer| match answer {
            PaymentAnswer::Done { .. } => "done".to_owned(),
            PaymentAnswer::Repeated { .. } => "repeated".to_owned(),
            PaymentAnswer::Refused { code, .. } => code.clone(),
        })
        .collect()
}

fn captures(orders: &[(i64, i64)]) -> Captures {
    let captures = orders.iter().map(|(order, minor)| Capture {
        client_ref: format!("WEB-{order}"),
        ..Capture::new(1, "sales_order", *order, gbp(*minor))
    });
    Captures { captures: captures.collect(), all_or_nothing: false }
}

#[test]
fn captures_are_made_once_each_and_one_refusal_stops_no_other() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let run = |orders: &[(i64, i64)]| {
            let request = captures(orders);
            world
                .run(database, move |tx, ctx| payments::capture_all(tx, ctx, request.clone()))
                .map(|answers| told(&answers))
        };
        let first = run(&[(1, 100), (2, 0), (3, 300), (3, 300), (3, 301)]).expect("answers");
        let wanted = ["done", "amount_not_positive", "done", "repeated", "client_ref_used"];
        assert_eq!(first, wanted);
        let second = run(&[(1, 100), (2, 200), (3, 999)]).expect("answers");
        assert_eq!(second, ["repeated", "done", "client_ref_used"]);
        assert_eq!(world.left(database, Role::ChannelClearing, "channel", 1), 600);
        world.sound(database);
    });
}

#[test]
fn each_refund_is_decided_on_what_those_before_it_left() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let request = captures(&[(1, 100)]);
        world
            .run(database, move |tx, ctx| payments::capture_all(tx, ctx, request.clone()))
            .expect("captured");
        let refunds = |all_or_nothing| {
            let refund = |minor| Refund {
                of: RefundOf::Deposit,
                open: open_ref("sales_order", 1),
                through: Through::Channel(1),
                amount: gbp(minor),
                bank_amount: None,
                happened_on: None,
                partner_id: None,
                method: String::new(),
                reference: String::new(),
                client_ref: String::new(),
                memo: String::new(),
            };
            let refunds = vec![refund(60), refund(60), refund(40)];
            let request = Refunds { refunds, all_or_nothing };
            world.run(database, move |tx, ctx| payments::refund_all(tx, ctx, request.clone()))
        };
        let refused = refunds(true).expect_err("the second is too much");
        assert!(matches!(refused, PaymentError::Element { element: 2, .. }), "{refused}");
        assert_eq!(world.left(database, Role::CustomerDeposits, "sales_order", 1), -100);
        let answers = refunds(false).expect("answers");
        assert_eq!(told(&answers), ["done", "exceeds_open", "done"]);
        assert_eq!(world.left(database, Role::CustomerDeposits, "sales_order", 1), 0);
        world.sound(database);
    });
}

#[test]
fn a_payment_run_pays_many_bills_in_a_few_statements() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.bills(database, &[100; 60]);
        let run = |ids: std::ops::RangeInclusive<i64>| {
            let payments = ids.map(|id| paying(gbp(100), vec![all_of("bill", id)])).collect();
            let request = Pays { payments, all_or_nothing: true };
            world.run(database, move |tx, ctx| {
                let before = tx.statements();
                payments::pay_all(tx, ctx, request.clone())?;
                Ok::<_, PaymentError>(tx.statements() - before)
            })
        };
        let one = run(1..=1).expect("one");
        assert_eq!(run(2..=60).expect("many"), one);
        assert_eq!(world.balance(database, Role::Payable), 0);
        world.sound(database);
    });
}
