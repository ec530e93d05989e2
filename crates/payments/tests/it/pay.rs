use super::world::{World, all_of, gbp, part_of, paying, receiving};
use accounting::Role;
use base::{Id, PartnerId, Rule};
use payments::{PaymentError, SCHEMA};
use store::testing::on_both_engines;

#[test]
fn bills_are_paid_in_parts_and_never_beyond_what_is_open() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.bills(database, &[10_000, 5_000]);
        let first = paying(gbp(13_500), vec![part_of("bill", 1, gbp(8_000)), all_of("bill", 2)]);
        let refused = world.pay(database, first).expect_err("the second has only 5,000");
        assert!(matches!(refused, PaymentError::NotAllocated { .. }), "{refused}");

        let first = paying(
            gbp(12_000),
            vec![part_of("bill", 1, gbp(8_000)), part_of("bill", 2, gbp(4_000))],
        );
        world.pay(database, first).expect("two parts");
        assert_eq!(world.left(database, Role::Payable, "bill", 1), -2_000);
        assert_eq!(world.left(database, Role::Payable, "bill", 2), -1_000);

        let beyond = paying(gbp(2_001), vec![part_of("bill", 1, gbp(2_001))]);
        let refused = world.pay(database, beyond).expect_err("2,000 is open");
        assert_eq!(refused.problem().code, "exceeds_open");
        let rest = paying(gbp(3_000), vec![all_of("bill", 1), all_of("bill", 2)]);
        world.pay(database, rest).expect("the rest");
        assert_eq!(world.balance(database, Role::Payable), 0);
        assert_eq!(world.balance(database, Role::Bank), -15_000);
        world.sound(database);
    });
}

#[test]
fn what_a_customer_pays_too_much_becomes_a_deposit_only_when_asked() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.invoices(database, &[10_000]);
        let mut request = receiving(gbp(10_500), vec![all_of("invoice", 1)]);
        let refused = world.receive(database, request.clone()).expect_err("500 too much");
        assert_eq!(refused.problem().code, "not_allocated");
        request.keep_rest_as_deposit = true;
        let paid = world.receive(database, request).expect("500 is kept");
        assert_eq!(world.left(database, Role::Receivable, "invoice", 1), 0);
        let id = paid.payment_id.raw();
        assert_eq!(world.left(database, Role::CustomerDeposits, "payment", id), -500);
        assert_eq!(world.balance(database, Role::Bank), 10_500);
        world.sound(database);
    });
}

#[test]
fn a_payment_pays_only_lines_of_its_partner() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.bills(database, &[100]);
        let mut request = paying(gbp(100), vec![all_of("bill", 1)]);
        request.partner_id = Some(world.customer);
        let refused = world.pay(database, request.clone()).expect_err("another's bill");
        assert_eq!(refused.problem().code, "wrong_partner");
        request.partner_id = Some(PartnerId::from_raw(1));
        let refused = world.pay(database, request.clone()).expect_err("nobody");
        assert_eq!(refused.problem().code, "partner_not_found");
        request.partner_id = Some(world.supplier);
        world.pay(database, request).expect("the supplier's bill");
        world.sound(database);
    });
}

#[test]
fn a_line_that_is_not_in_the_books_is_not_paid() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let refused = world.pay(database, paying(gbp(1), vec![all_of("unheard_of", 7)]));
        assert_eq!(refused.expect_err("nothing there").problem().code, "not_open");
        let refused = world.pay(database, paying(gbp(0), vec![]));
        assert_eq!(refused.expect_err("nothing paid").problem().code, "amount_not_positive");
        world.sound(database);
    });
}

#[test]
fn who_may_pay_pays_up_to_a_limit() {
    on_both_engines(&SCHEMA, |database| {
        let mut world = World::new(database);
        world.bills(database, &[10_000]);
        let clerk = base::UserId::from_raw(5);
        world.ctx = identity::testing::holding(&world.ctx, clerk, &["payments.*"], Some(5_000));
        let all = world.pay(database, paying(gbp(10_000), vec![all_of("bill", 1)]));
        assert_eq!(all.expect_err("above the limit").problem().code, "amount_denied");
        world.pay(database, paying(gbp(5_000), vec![all_of("bill", 1)])).expect("at the limit");
        world.ctx = identity::testing::holding(&world.ctx, clerk, &["payments.read"], None);
        let none = world.pay(database, paying(gbp(1), vec![all_of("bill", 1)]));
        assert_eq!(none.expect_err("may not").problem().code, "permission_denied");
        world.sound(database);
    });
}

#[test]
fn the_same_reference_pays_once() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.bills(database, &[10_000]);
        let mut request = paying(gbp(4_000), vec![all_of("bill", 1)]);
        request.client_ref = "RUN-1".to_owned();
        let first = world.pay(database, request.clone()).expect("paid");
        let again = world.pay(database, request.clone()).expect("repeated");
        assert_eq!((again.payment_id, again.repeated), (first.payment_id, true));
        request.amount = gbp(5_000);
        let other = world.pay(database, request).expect_err("another payment");
        assert_eq!(other.problem().code, "client_ref_used");
        assert_eq!(world.left(database, Role::Payable, "bill", 1), -6_000);
        world.sound(database);
    });
}
