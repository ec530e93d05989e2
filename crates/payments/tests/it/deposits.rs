use super::world::{World, all_of, gbp, open_ref};
use accounting::{OpenKey, Role};
use base::Rule;
use payments::{
    ApplyDeposit, Capture, Paid, PayDeposit, PaymentError, Refund, RefundOf, SCHEMA, Side, Through,
};
use store::Database;
use store::testing::on_both_engines;

fn capture(world: &World, database: &Database, order: i64, minor: i64) -> Paid {
    world
        .run(database, move |tx, ctx| {
            payments::capture(tx, ctx, Capture::new(1, "sales_order", order, gbp(minor)))
        })
        .expect("captured")
}

fn refund(
    world: &World,
    database: &Database,
    order: i64,
    minor: i64,
) -> Result<Paid, PaymentError> {
    world.run(database, move |tx, ctx| {
        let request = Refund {
            of: RefundOf::Deposit,
            open: open_ref("sales_order", order),
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
        payments::refund(tx, ctx, request)
    })
}

#[test]
fn a_captured_order_is_a_deposit_and_gives_back_no_more_than_it_has() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        capture(&world, database, 7, 5_000);
        capture(&world, database, 7, 1_000);
        assert_eq!(world.left(database, Role::ChannelClearing, "channel", 1), 6_000);
        assert_eq!(world.left(database, Role::CustomerDeposits, "sales_order", 7), -6_000);
        let refused = refund(&world, database, 7, 6_001).expect_err("more than captured");
        assert_eq!(refused.problem().code, "exceeds_open");
        refund(&world, database, 7, 2_000).expect("a part");
        refund(&world, database, 7, 4_000).expect("the rest");
        let refused = refund(&world, database, 7, 1).expect_err("nothing left");
        assert_eq!(refused.problem().code, "exceeds_open");
        assert_eq!(world.balance(database, Role::ChannelClearing), 0);
        assert_eq!(world.balance(database, Role::CustomerDeposits), 0);
        world.sound(database);
    });
}

#[test]
fn a_suppliers_deposit_pays_a_bill_up_to_both() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.bills(database, &[10_000]);
        let supplier = world.supplier;
        world
            .run(database, move |tx, ctx| {
                let key = OpenKey::new("purchase_order", 3);
                payments::pay_deposit(tx, ctx, PayDeposit::new(supplier, key, gbp(4_000)))
            })
            .expect("a deposit");
        let apply = |minor: i64| {
            let request = ApplyDeposit {
                side: Side::Supplier,
                deposit: open_ref("purchase_order", 3),
                amount: gbp(minor),
                allocations: vec![all_of("bill", 1)],
                happened_on: None,
                client_ref: String::new(),
                memo: String::new(),
            };
            world.run(database, move |tx, ctx| payments::apply_deposit(tx, ctx, request.clone()))
        };
        let refused = apply(4_001).expect_err("more than the deposit");
        assert_eq!(refused.problem().code, "exceeds_open");
        apply(4_000).expect("all of it");
        assert_eq!(world.left(database, Role::Payable, "bill", 1), -6_000);
        assert_eq!(world.balance(database, Role::SupplierDeposits), 0);
        assert_eq!(world.balance(database, Role::Bank), -4_000);
        world.sound(database);
    });
}

#[test]
fn a_customers_deposit_pays_an_invoice() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.invoices(database, &[3_000]);
        capture(&world, database, 7, 5_000);
        let request = ApplyDeposit {
            side: Side::Customer,
            deposit: open_ref("sales_order", 7),
            amount: gbp(3_000),
            allocations: vec![all_of("invoice", 1)],
            happened_on: None,
            client_ref: String::new(),
            memo: String::new(),
        };
        world
            .run(database, move |tx, ctx| payments::apply_deposit(tx, ctx, request.clone()))
            .expect("applied");
        assert_eq!(world.balance(database, Role::Receivable), 0);
        assert_eq!(world.left(database, Role::CustomerDeposits, "sales_order", 7), -2_000);
        world.sound(database);
    });
}
