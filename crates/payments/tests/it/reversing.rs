use super::world::{World, all_of, gbp, open_ref, paying, usd};
use accounting::{OpenKey, Role};
use base::{PaymentId, Rule};
use payments::{Capture, Paid, PaymentError, Refund, RefundOf, ReversePayment, SCHEMA, Through};
use store::Database;
use store::testing::on_both_engines;

fn reverse(
    world: &World,
    database: &Database,
    payment_id: PaymentId,
) -> Result<Paid, PaymentError> {
    let request = ReversePayment { payment_id, happened_on: None, reason: "bounced".to_owned() };
    world.run(database, move |tx, ctx| payments::reverse_payment(tx, ctx, request.clone()))
}

#[test]
fn a_reversed_payment_leaves_the_bill_open_again_and_is_reversed_once() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let key = OpenKey::new("bill", 1).with(world.supplier);
        world.open(database, Role::Payable, vec![(key, usd(10_000), 8_000)]);
        world.rate(database, "2026-01-01", "0.9");
        let paid = world.pay(database, paying(usd(10_000), vec![all_of("bill", 1)])).expect("paid");
        let back = reverse(&world, database, paid.payment_id).expect("reversed");
        assert_eq!(back.amount, usd(-10_000));
        assert_eq!(world.left(database, Role::Payable, "bill", 1), -8_000);
        assert_eq!(world.balance(database, Role::ExchangeDifference), 0);
        assert_eq!(world.balance(database, Role::Bank), 0);
        let again = reverse(&world, database, paid.payment_id).expect_err("once");
        assert_eq!(again.problem().code, "payment_reversed_before");
        let twice = reverse(&world, database, back.payment_id).expect_err("a reversal");
        assert_eq!(twice.problem().code, "payment_is_reversal");
        world.pay(database, paying(usd(10_000), vec![all_of("bill", 1)])).expect("paid anew");
        world.sound(database);
    });
}

#[test]
fn a_deposit_that_was_used_cannot_be_taken_back() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let captured = world
            .run(database, move |tx, ctx| {
                payments::capture(tx, ctx, Capture::new(1, "sales_order", 7, gbp(500)))
            })
            .expect("captured");
        let refunded = world
            .run(database, move |tx, ctx| {
                let request = Refund {
                    of: RefundOf::Deposit,
                    open: open_ref("sales_order", 7),
                    through: Through::Bank,
                    amount: gbp(200),
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
        let refused = reverse(&world, database, captured.payment_id).expect_err("200 is gone");
        assert_eq!(refused.problem().code, "deposit_used");
        reverse(&world, database, refunded.payment_id).expect("the refund bounced");
        reverse(&world, database, captured.payment_id).expect("now it is whole");
        assert_eq!(world.balance(database, Role::CustomerDeposits), 0);
        assert_eq!(world.balance(database, Role::ChannelClearing), 0);
        world.sound(database);
    });
}
