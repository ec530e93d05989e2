use super::world::{World, all_of, gbp, open_ref, paying, receiving};
use accounting::Role;
use base::Rule;
use payments::{
    Capture, Kind, ListPayments, PaymentError, PaymentRehearsed, Payout, ReversePayment, SCHEMA,
};
use store::Database;
use store::testing::on_both_engines;

fn rehearse_pay(
    world: &World,
    database: &Database,
    request: payments::Pay,
) -> Result<PaymentRehearsed, PaymentError> {
    world.run(database, move |tx, ctx| payments::rehearse(tx, ctx, request.clone(), payments::pay))
}

/// What stays open, as kind, id, before and after.
fn left(told: &PaymentRehearsed) -> Vec<(&str, i64, i64, i64)> {
    let line = |line: &payments::OpenLeft| (line.before.minor, line.left.minor);
    let told = told.left.iter().map(|one| (one.open.kind.as_str(), one.open.id, line(one)));
    told.map(|(kind, id, (before, left))| (kind, id, before, left)).collect()
}

/// Account by account, debits less credits.
fn booked(told: &PaymentRehearsed) -> Vec<(Option<Role>, i64)> {
    told.booked.iter().map(|line| (line.role, line.debit.minor - line.credit.minor)).collect()
}

fn payments_made(world: &World, database: &Database) -> usize {
    let ctx = world.ctx.clone();
    let all = ListPayments::default();
    database.read(move |tx| payments::list_payments(tx, &ctx, &all)).expect("a list").lines.len()
}

#[test]
fn a_rehearsed_payment_tells_what_stays_open_and_keeps_nothing() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.bills(database, &[100, 250]);
        let request = paying(gbp(180), vec![all_of("bill", 1), all_of("bill", 2)]);
        let told = rehearse_pay(&world, database, request.clone()).expect("a rehearsal");
        assert_eq!(left(&told), [("bill", 1, -100, 0), ("bill", 2, -250, -170)]);
        let mut accounts = booked(&told);
        accounts.sort();
        assert_eq!(accounts.iter().map(|(_, minor)| minor).sum::<i64>(), 0);
        assert!(accounts.contains(&(Some(Role::Payable), 180)), "{accounts:?}");
        assert!(accounts.contains(&(Some(Role::Bank), -180)), "{accounts:?}");
        let amounts: Vec<i64> = told.allocations.iter().map(|part| part.amount.minor).collect();
        assert_eq!(amounts, [100, 80]);
        // Nothing is there of it: neither payment, nor entry, nor what it settled.
        assert_eq!(payments_made(&world, database), 0);
        assert_eq!(world.left(database, Role::Payable, "bill", 2), -250);
        let paid = world.pay(database, request).expect("paid");
        assert!(!paid.repeated);
        assert_eq!(world.left(database, Role::Payable, "bill", 2), -170);
        world.sound(database);
    });
}

#[test]
fn a_rehearsal_is_refused_as_the_payment_would_be() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.bills(database, &[100]);
        let too_much = paying(gbp(101), vec![all_of("bill", 1)]);
        let rehearsed = rehearse_pay(&world, database, too_much.clone()).expect_err("refused");
        let paid = world.pay(database, too_much).expect_err("refused");
        assert_eq!(rehearsed.problem().code, paid.problem().code);
        let other = identity::testing::holding(
            &world.ctx,
            base::Id::from_raw(4711),
            &["payments.read"],
            None,
        );
        let request = paying(gbp(100), vec![all_of("bill", 1)]);
        let denied = database
            .write(move |tx| payments::rehearse(tx, &other, request.clone(), payments::pay))
            .expect_err("denied");
        assert_eq!(denied.problem().code, "permission_denied");
        assert_eq!(payments_made(&world, database), 0);
        world.sound(database);
    });
}

#[test]
fn a_customers_payment_a_payout_and_a_reversal_are_rehearsed() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.invoices(database, &[70]);
        let mut request = receiving(gbp(100), vec![all_of("invoice", 1)]);
        request.keep_rest_as_deposit = true;
        let told = world
            .run(database, move |tx, ctx| {
                payments::rehearse(tx, ctx, request.clone(), payments::receive_payment)
            })
            .expect("a rehearsal");
        // The invoice is settled, and what is left of the payment is a deposit of its own.
        let found = left(&told);
        assert!(found.contains(&("invoice", 1, 70, 0)), "{found:?}");
        assert!(found.iter().any(|one| (one.0, one.2, one.3) == ("payment", 0, -30)), "{found:?}");

        world
            .run(database, |tx, ctx| {
                payments::capture(tx, ctx, Capture::new(1, "sales_order", 7, gbp(500)))
            })
            .expect("captured");
        let told = world
            .run(database, |tx, ctx| {
                let request = Payout {
                    channel_id: 1,
                    amount: gbp(450),
                    fees: Vec::new(),
                    bank_amount: None,
                    happened_on: None,
                    reference: String::new(),
                    client_ref: String::new(),
                    memo: String::new(),
                };
                payments::rehearse(tx, ctx, request, payments::payout)
            })
            .expect("a rehearsal");
        assert_eq!(left(&told), [("channel", 1, 500, 50)]);

        let paid = world.receive(database, receiving(gbp(70), vec![all_of("invoice", 1)]));
        let payment_id = paid.expect("received").payment_id;
        let told = world
            .run(database, move |tx, ctx| {
                let reason = "bounced".to_owned();
                let request = ReversePayment { payment_id, happened_on: None, reason };
                payments::rehearse(tx, ctx, request, payments::reverse_payment)
            })
            .expect("a rehearsal");
        assert_eq!(left(&told), [("invoice", 1, 0, 70)]);
        assert!(booked(&told).contains(&(Some(Role::Bank), -70)), "{:?}", told.booked);
        assert_eq!(world.left(database, Role::Receivable, "invoice", 1), 0);
        let only = ListPayments {
            kind: Some(Kind::ReceivePayment),
            open: Some(open_ref("invoice", 1)),
            ..ListPayments::default()
        };
        let ctx = world.ctx.clone();
        let listed = database.read(move |tx| payments::list_payments(tx, &ctx, &only));
        assert_eq!(listed.expect("a list").lines.len(), 1);
        world.sound(database);
    });
}
