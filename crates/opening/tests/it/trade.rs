//! After the opening the company trades on: what was opened is received, billed, shipped and paid as
//! if it had been booked here.

use super::world::{World, going};
use accounting::Role;
use base::{Currency, Id, Money, PurchaseOrderId, Quantity, SalesOrderId};
use payments::{Allocate, OpenRef, Side};
use purchasing::{Bill, BillGoods, OrderState, Receive, ReceiveLine};
use store::testing::on_both_engines;

fn order(world: &World<'_>, reference: &'static str) -> PurchaseOrderId {
    let filter =
        purchasing::OrderFilter { client_ref_prefix: Some(reference.into()), ..Default::default() };
    let found = world.ask(move |tx, ctx| purchasing::list_orders(tx, ctx, filter.clone()));
    found.unwrap().lines[0].order_id
}

fn receive(world: &World<'_>, order_id: PurchaseOrderId, lines: &[(i64, i64)]) {
    let came = |(line, pieces): &(i64, i64)| ReceiveLine {
        line: *line,
        quantity: Quantity::units(*pieces),
        unit: None,
        outcome: purchasing::Outcome::Accepted,
        lot: None,
        expires_on: None,
        place: None,
        reason: String::new(),
        evidence: Vec::new(),
    };
    let request = Receive {
        order_id,
        received_on: None,
        delivery_note: String::new(),
        lines: lines.iter().map(came).collect(),
        confirm_over: false,
        client_ref: String::new(),
    };
    world.ask(move |tx, ctx| purchasing::receive(tx, ctx, request.clone())).unwrap();
}

fn bill(world: &World<'_>, supplier: &str, order_id: PurchaseOrderId, lines: &[i64]) -> Money {
    let goods = |line: &i64| BillGoods {
        order_id,
        line: *line,
        quantity: None,
        unit: None,
        price: None,
        tax_code: None,
        correction: false,
    };
    let request = Bill {
        supplier: supplier.into(),
        reference: format!("after {order_id}"),
        billed_on: None,
        due_on: None,
        currency: None,
        goods: lines.iter().map(goods).collect(),
        expenses: Vec::new(),
        confirm_duplicate: false,
        note: String::new(),
        client_ref: String::new(),
    };
    let billed = world.ask(move |tx, ctx| purchasing::bill(tx, ctx, request.clone())).unwrap();
    assert_eq!(billed.state, purchasing::BillState::Matched);
    billed.total
}

fn state(world: &World<'_>, id: PurchaseOrderId) -> OrderState {
    world.ask(move |tx, ctx| purchasing::order(tx, ctx, id)).unwrap().state
}

#[test]
fn what_was_half_received_and_half_billed_ends_with_nothing_waiting() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        world.open(&going()).unwrap();
        let (acme, berlin) = (order(&world, "4711"), order(&world, "4712"));
        // Of the second line 4 were billed ahead: they come in at what they were billed for.
        receive(&world, acme, &[(1, 8), (2, 8)]);
        assert_eq!(world.balance(Role::BilledNotReceived), 0);
        receive(&world, berlin, &[(1, 5)]);
        assert_eq!(bill(&world, "ACME", acme, &[1, 2]).minor, 6_000 + 1_000);
        assert_eq!(bill(&world, "BERLIN", berlin, &[1]).minor, 4_000);
        assert_eq!(world.balance(Role::Grni), 0);
        assert_eq!(state(&world, acme), OrderState::Closed);
        assert_eq!(state(&world, berlin), OrderState::Closed);
        // Five pieces were opened at 16.80, and are billed at 20.00 EUR, which is 17.00 today.
        assert_eq!(world.balance(Role::ExchangeDifference), 20);
        assert_eq!(world.there("P1"), (15 + 13, 2, 0));
        world.assert_sound();
    });
}

#[test]
fn a_bill_that_was_opened_is_not_entered_twice_and_is_paid_like_any_other() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        world.open(&going()).unwrap();
        let bills =
            world.ask(|tx, ctx| purchasing::list_bills(tx, ctx, purchasing::BillFilter::default()));
        let bills = bills.unwrap().lines;
        let id = |reference: &str| {
            bills.iter().find(|bill| bill.reference == reference).expect("a bill").bill_id.raw()
        };
        let (first, second, credit) = (id("B-1"), id("B-2"), id("C-3"));

        let open = |id| OpenRef { kind: "bill".into(), id };
        let all = |id| Allocate { open: open(id), amount: None };
        let set_off =
            Allocate { open: open(credit), amount: Some(Money::new(-1_500, Currency::GBP)) };
        let pay = |amount: Money, allocations: Vec<Allocate>| payments::Pay {
            partner_id: None,
            amount,
            allocations,
            bank_amount: None,
            happened_on: None,
            method: String::new(),
            reference: String::new(),
            client_ref: String::new(),
            memo: String::new(),
        };
        let acme = pay(Money::new(10_500, Currency::GBP), vec![set_off, all(first)]);
        world.ask(move |tx, ctx| payments::pay(tx, ctx, acme.clone())).unwrap();
        // 100.00 EUR, opened at 86.00, cost 85.00 today.
        let berlin = pay(Money::new(10_000, Currency::EUR), vec![all(second)]);
        world.ask(move |tx, ctx| payments::pay(tx, ctx, berlin.clone())).unwrap();
        assert_eq!(world.balance(Role::Payable), 0);
        assert_eq!(world.balance(Role::ExchangeDifference), -100);
        world.assert_sound();

        let again = Bill {
            supplier: "ACME".into(),
            reference: "B-1".into(),
            billed_on: None,
            due_on: None,
            currency: None,
            goods: Vec::new(),
            expenses: vec![purchasing::BillExpense {
                role: Role::Expense,
                description: "once more".into(),
                quantity: Quantity::ONE,
                price: base::Price::parse("120").unwrap(),
                tax_code: String::new(),
            }],
            confirm_duplicate: false,
            note: String::new(),
            client_ref: String::new(),
        };
        let refused = world.ask(move |tx, ctx| purchasing::bill(tx, ctx, again.clone()));
        assert!(matches!(refused, Err(purchasing::BillError::Duplicate { .. })));
    });
}

#[test]
fn customers_orders_ship_from_deposits_and_invoices_are_paid() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        world.open(&going()).unwrap();
        let find = |channel: &'static str, reference: &'static str| -> SalesOrderId {
            world
                .ask(move |tx, ctx| sales::find_order(tx, ctx, channel, reference))
                .unwrap()
                .expect("the order")
        };
        let (web, wholesale) = (find("WEB", "W-1"), find("B2B", "B-1"));
        for order_id in [web, wholesale] {
            let ship = sales::Ship {
                order_id,
                warehouse_id: None,
                lines: None,
                happened_on: None,
                carrier: None,
                tracking: None,
                client_ref: None,
            };
            world.ask(move |tx, ctx| sales::ship(tx, ctx, ship.clone())).unwrap();
        }
        assert_eq!(world.balance(Role::CustomerDeposits), 0);
        let invoice = sales::InvoiceOrder {
            order_id: wholesale,
            invoiced_on: None,
            due_on: None,
            client_ref: None,
        };
        let invoice = world.ask(move |tx, ctx| sales::invoice(tx, ctx, invoice.clone())).unwrap();
        // The first number of the series: an opened invoice takes none.
        assert!(invoice.number.ends_with("000001"), "{}", invoice.number);

        let opened = world.ask(|tx, ctx| {
            sales::list_opened_invoices(tx, ctx, sales::OpenedInvoiceFilter::default())
        });
        let opened = opened.unwrap().lines;
        let told: Vec<_> = opened.iter().map(|i| (i.number.as_str(), i.open.minor)).collect();
        assert_eq!(told, [("R-2", -2_000), ("R-1", 30_000)]);
        let allocate = |row: &sales::OpenedInvoiceRow| Allocate {
            open: OpenRef { kind: "invoice".into(), id: row.invoice_id.raw() },
            amount: Some(row.open),
        };
        let paid = payments::ReceivePayment {
            partner_id: None,
            amount: Money::new(28_000, Currency::GBP),
            allocations: opened.iter().map(allocate).collect(),
            keep_rest_as_deposit: false,
            bank_amount: None,
            happened_on: None,
            method: String::new(),
            reference: String::new(),
            client_ref: String::new(),
            memo: String::new(),
        };
        world.ask(move |tx, ctx| payments::receive_payment(tx, ctx, paid.clone())).unwrap();
        let left = world.ask(|tx, ctx| {
            let filter = sales::OpenedInvoiceFilter { only_open: true, ..Default::default() };
            sales::list_opened_invoices(tx, ctx, filter)
        });
        assert_eq!(left.unwrap().lines, []);
        assert_eq!(world.balance(Role::Receivable), invoice.gross.minor);
        world.assert_sound();
    });
}

#[test]
fn a_deposit_to_a_supplier_and_what_a_channel_holds_can_be_used() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        world.open(&going()).unwrap();
        let open = world
            .ask(|tx, ctx| accounting::open_items(tx, ctx, accounting::OpenItemFilter::default()));
        let open = open.unwrap().lines;
        let of = |kind: &str| {
            let found = open.iter().find(|item| item.kind == kind).expect("an open item");
            OpenRef { kind: found.kind.clone(), id: found.source_id }
        };
        let bill = open.iter().find(|i| i.kind == "bill" && i.amount.minor.abs() == 12_000);
        let apply = payments::ApplyDeposit {
            side: Side::Supplier,
            deposit: of("opening_deposit"),
            amount: Money::new(4_000, Currency::GBP),
            allocations: vec![Allocate {
                open: OpenRef { kind: "bill".into(), id: bill.expect("the bill").source_id },
                amount: Some(Money::new(4_000, Currency::GBP)),
            }],
            happened_on: None,
            client_ref: String::new(),
            memo: String::new(),
        };
        world.ask(move |tx, ctx| payments::apply_deposit(tx, ctx, apply.clone())).unwrap();
        assert_eq!(world.balance(Role::SupplierDeposits), 0);
        let payout = payments::Payout {
            channel_id: of("channel").id,
            amount: Money::new(7_550, Currency::GBP),
            fees: Vec::new(),
            bank_amount: None,
            happened_on: None,
            reference: String::new(),
            client_ref: String::new(),
            memo: String::new(),
        };
        world.ask(move |tx, ctx| payments::payout(tx, ctx, payout.clone())).unwrap();
        assert_eq!(world.balance(Role::ChannelClearing), 0);
        world.assert_sound();
    });
}
