use super::world::{World, all_of, gbp, open_ref, part_of, paying, usd};
use accounting::{OpenKey, Role};
use base::Rule;
use payments::{ApplyDeposit, PayDeposit, SCHEMA, Side};
use store::testing::on_both_engines;

#[test]
fn a_foreign_bill_is_paid_in_its_currency_at_the_days_rate() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let key = OpenKey::new("bill", 1).with(world.supplier);
        world.open(database, Role::Payable, vec![(key, usd(10_000), 8_000)]);
        let request = paying(usd(2_500), vec![part_of("bill", 1, usd(2_500))]);
        let refused = world.pay(database, request.clone()).expect_err("no rate");
        assert_eq!(refused.problem().code, "rate_not_found");
        world.rate(database, "2026-01-01", "0.9");
        let paid = world.pay(database, request).expect("a quarter");
        assert_eq!((paid.amount, paid.amount_company), (usd(2_500), gbp(2_250)));
        assert_eq!(world.left(database, Role::Payable, "bill", 1), -6_000);
        assert_eq!(world.balance(database, Role::ExchangeDifference), 250);

        let pounds = paying(gbp(10), vec![all_of("bill", 1)]);
        let refused = world.pay(database, pounds).expect_err("it is open in dollars");
        assert_eq!(refused.problem().code, "not_open");

        let mut rest = paying(usd(7_500), vec![all_of("bill", 1)]);
        rest.bank_amount = Some(gbp(5_900));
        world.pay(database, rest).expect("the rest at the bank's rate");
        assert_eq!(world.balance(database, Role::Payable), 0);
        assert_eq!(world.balance(database, Role::ExchangeDifference), 150);
        assert_eq!(world.balance(database, Role::Bank), -8_150);
        world.sound(database);
    });
}

#[test]
fn a_foreign_deposit_keeps_its_rate_until_it_is_used() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.rate(database, "2026-01-01", "0.8");
        let supplier = world.supplier;
        world
            .run(database, move |tx, ctx| {
                let key = OpenKey::new("purchase_order", 3);
                payments::pay_deposit(tx, ctx, PayDeposit::new(supplier, key, usd(10_000)))
            })
            .expect("a deposit");
        let key = OpenKey::new("bill", 1).with(world.supplier);
        world.open(database, Role::Payable, vec![(key, usd(30_000), 22_500)]);
        let request = ApplyDeposit {
            side: Side::Supplier,
            deposit: open_ref("purchase_order", 3),
            amount: usd(10_000),
            allocations: vec![all_of("bill", 1)],
            happened_on: None,
            client_ref: String::new(),
            memo: String::new(),
        };
        world
            .run(database, move |tx, ctx| payments::apply_deposit(tx, ctx, request.clone()))
            .expect("applied");
        assert_eq!(world.balance(database, Role::SupplierDeposits), 0);
        assert_eq!(world.balance(database, Role::Payable), -15_000);
        assert_eq!(world.balance(database, Role::ExchangeDifference), 500);
        world.sound(database);
    });
}
