use super::world::{
    World, at, billed, came, day, expense, invoice, on_order, order_of, receipt, wanted,
};
use accounting::Role;
use base::Quantity;
use purchasing::{
    Bill, BillError, BillGoods, BillState, MatchState, OrderLine, OrderState, Progress, Receive,
    ResolveMismatch, SCHEMA,
};
use store::testing::on_both_engines;

#[test]
fn a_bill_for_what_came_clears_it() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let taxed = OrderLine { tax_code: "VAT".into(), ..wanted("P1", 10, "5") };
        let order = world.approved(order_of("ACME", vec![taxed]));
        world.receive(receipt(order, vec![came(1, 10)])).unwrap();
        let bill = world.bill(invoice("ACME", "INV-1", vec![billed(order, 1, None)])).unwrap();
        assert_eq!((bill.total.minor, bill.state), (6_000, BillState::Matched));
        assert_eq!(world.balance(Role::Grni), 0);
        assert_eq!(world.balance(Role::InputTax), 1_000);
        assert_eq!(world.balance(Role::Payable), -6_000);
        let detail = world.detail(order);
        assert_eq!((detail.state, detail.billed), (OrderState::Closed, Progress::Fully));
        assert_eq!(detail.bills[0].due_on, Some(day("2026-02-04")));
        world.assert_sound();
    });
}

#[test]
fn parts_are_billed_to_the_last_cent() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("P1", 3, "3.333333")]));
        world.receive(receipt(order, vec![came(1, 2)])).unwrap();
        world.bill(invoice("ACME", "1", vec![billed(order, 1, Some(1))])).unwrap();
        world.receive(receipt(order, vec![came(1, 1)])).unwrap();
        world.bill(invoice("ACME", "2", vec![billed(order, 1, None)])).unwrap();
        assert_eq!(world.balance(Role::Grni), 0);
        assert_eq!(world.balance(Role::Payable), -1_000);
        assert_eq!(world.detail(order).state, OrderState::Closed);
        world.assert_sound();
    });
}

#[test]
fn another_price_goes_to_an_account_of_its_own() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("P1", 1, "10")]));
        world.receive(receipt(order, vec![came(1, 1)])).unwrap();
        let goods = vec![at(billed(order, 1, None), "15")];
        let bill = world.bill(invoice("ACME", "1", goods)).unwrap();
        assert_eq!(bill.matches, [MatchState::PriceMismatch]);
        assert_eq!(world.balance(Role::PriceDifference), 500);
        assert_eq!(world.balance(Role::Grni), 0);
        assert_eq!(world.balance(Role::StockValuation), 1_000);
        world.assert_sound();
        let resolve = ResolveMismatch {
            bill_id: bill.bill_id,
            lines: Vec::new(),
            reason: "the new list price".into(),
        };
        let resolved = world
            .ask(move |tx, ctx| purchasing::resolve_mismatch(tx, ctx, resolve.clone()))
            .unwrap();
        assert_eq!(resolved.state, BillState::Accepted);
        world.assert_sound();
    });
}

#[test]
fn another_price_goes_into_the_stock_that_is_left() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.policy("price_difference", "into_stock");
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "40")]));
        world.receive(receipt(order, vec![came(1, 10)])).unwrap();
        let goods = vec![at(billed(order, 1, None), "41")];
        world.bill(invoice("ACME", "1", goods)).unwrap();
        assert_eq!(world.balance(Role::StockValuation), 41_000);
        let correction = BillGoods {
            correction: true,
            quantity: Some(Quantity::ONE),
            ..at(billed(order, 1, None), "-20")
        };
        world.bill(invoice("ACME", "2", vec![correction])).unwrap();
        assert_eq!(world.balance(Role::StockValuation), 39_000);
        assert_eq!(world.balance(Role::PriceDifference), 0);
        assert_eq!(world.balance(Role::Grni), 0);
        assert_eq!(world.balance(Role::Payable), -39_000);
        world.assert_sound();
    });
}

#[test]
fn three_dates_at_three_rates_leave_an_exchange_difference() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.rate("2026-01-01", "0.666666667");
        world.rate("2026-01-08", "1.428571429");
        world.rate("2026-01-16", "0.5");
        let order = order_of("BERLIN", vec![wanted("P1", 1, "30")]);
        let order = world.approved(order);
        let received =
            Receive { received_on: Some(day("2026-01-08")), ..receipt(order, vec![came(1, 1)]) };
        assert_eq!(world.receive(received).unwrap().value.minor, 4_286);
        let bill = Bill {
            billed_on: Some(day("2026-01-16")),
            ..invoice("BERLIN", "1", vec![billed(order, 1, None)])
        };
        let bill = world.bill(bill).unwrap();
        assert_eq!(bill.total.to_string(), "30.00 EUR");
        assert_eq!(world.balance(Role::Payable), -1_500);
        assert_eq!(world.balance(Role::ExchangeDifference), -2_786);
        assert_eq!(world.balance(Role::PriceDifference), 0);
        assert_eq!(world.balance(Role::Grni), 0);
        world.assert_sound();
    });
}

#[test]
fn a_foreign_price_difference_is_taken_at_the_bills_rate() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.rate("2026-01-01", "1");
        world.rate("2026-01-08", "0.5");
        let order = world.approved(order_of("BERLIN", vec![wanted("P1", 10, "10")]));
        world.receive(receipt(order, vec![came(1, 10)])).unwrap();
        let later = world.on("2026-01-08");
        let goods = vec![at(billed(order, 1, None), "12")];
        later.bill(invoice("BERLIN", "1", goods)).unwrap();
        assert_eq!(world.balance(Role::PriceDifference), 1_000);
        assert_eq!(world.balance(Role::ExchangeDifference), -5_000);
        assert_eq!(world.balance(Role::Payable), -6_000);
        world.assert_sound();
    });
}

#[test]
fn what_is_billed_ahead_comes_in_at_the_billed_price() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(on_order(order_of("ACME", vec![wanted("P1", 10, "5")])));
        let bill = world.bill(invoice("ACME", "1", vec![billed(order, 1, None)])).unwrap();
        assert_eq!((bill.state, bill.total.minor), (BillState::Matched, 5_000));
        assert_eq!(world.balance(Role::BilledNotReceived), 5_000);
        world.receive(receipt(order, vec![came(1, 8)])).unwrap();
        assert_eq!(world.balance(Role::BilledNotReceived), 1_000);
        assert_eq!((world.balance(Role::Grni), world.balance(Role::StockValuation)), (0, 4_000));
        let line = &world.detail(order).bills[0].lines[0];
        assert_eq!((line.done, line.open), (Quantity::units(8), Quantity::units(2)));
        world.assert_sound();
        world.receive(receipt(order, vec![came(1, 2)])).unwrap();
        assert_eq!(world.balance(Role::BilledNotReceived), 0);
        assert_eq!(world.detail(order).state, OrderState::Closed);
        world.assert_sound();
    });
}

#[test]
fn a_foreign_order_billed_ahead_clears_to_nothing() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.rate("2026-01-01", "0.8");
        world.rate("2026-01-10", "0.9");
        let order = world.approved(on_order(order_of("BERLIN", vec![wanted("P1", 3, "10")])));
        world.bill(invoice("BERLIN", "1", vec![billed(order, 1, Some(2))])).unwrap();
        let later = world.on("2026-01-10");
        assert_eq!(later.receive(receipt(order, vec![came(1, 3)])).unwrap().value.minor, 2_500);
        assert_eq!(world.balance(Role::BilledNotReceived), 0);
        assert_eq!(world.balance(Role::Grni), -900);
        later.bill(invoice("BERLIN", "2", vec![billed(order, 1, None)])).unwrap();
        assert_eq!((world.balance(Role::Grni), world.balance(Role::Payable)), (0, -2_500));
        world.assert_sound();
    });
}

#[test]
fn more_billed_than_received_is_a_mismatch() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "5")]));
        world.receive(receipt(order, vec![came(1, 6)])).unwrap();
        let bill = world.bill(invoice("ACME", "1", vec![billed(order, 1, Some(10))])).unwrap();
        assert_eq!(bill.matches, [MatchState::QuantityMismatch]);
        assert_eq!(bill.state, BillState::Mismatch);
        assert_eq!((world.balance(Role::Grni), world.balance(Role::BilledNotReceived)), (0, 2_000));
        let again = world.bill(invoice("ACME", "2", vec![billed(order, 1, None)])).unwrap_err();
        assert!(matches!(again, BillError::NothingToBill { line: 1, .. }), "{again}");
        world.assert_sound();
    });
}

#[test]
fn a_suppliers_number_is_billed_once() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let request = Bill {
            expenses: vec![expense(Role::Expense, "100", "VAT")],
            ..invoice("ACME", "R-7", Vec::new())
        };
        world.bill(request.clone()).unwrap();
        let refused = world.bill(request.clone()).unwrap_err();
        assert!(matches!(refused, BillError::Duplicate { .. }), "{refused}");
        let confirmed = Bill { confirm_duplicate: true, client_ref: "b2".into(), ..request };
        let second = world.bill(confirmed.clone()).unwrap();
        let again = world.bill(confirmed).unwrap();
        assert_eq!((again.bill_id, again.repeated), (second.bill_id, true));
        assert_eq!(world.balance(Role::Expense), 20_000);
        assert_eq!(world.balance(Role::Payable), -24_000);
        world.assert_sound();
    });
}

#[test]
fn expenses_do_not_touch_accounts_that_equal_lists() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let of = |role| Bill {
            expenses: vec![expense(role, "10", "")],
            ..invoice("ACME", "1", Vec::new())
        };
        for role in [Role::Grni, Role::StockValuation, Role::InputTax] {
            let refused = world.bill(of(role)).unwrap_err();
            assert!(matches!(refused, BillError::Charge(_)), "{refused}");
        }
        world.bill(of(Role::LandedCostClearing)).unwrap();
        assert_eq!(world.balance(Role::LandedCostClearing), 1_000);
        world.assert_sound();
    });
}

#[test]
fn statements_do_not_depend_on_the_number_of_lines() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.policy("price_difference", "into_stock");
        let mut counts = Vec::new();
        for lines in [1, 1_000] {
            let ordered = (0..lines).map(|_| wanted("P1", 1, "1.01")).collect();
            let order = world.approved(order_of("ACME", ordered));
            let all = (1..=lines).map(|line| came(line, 1)).collect();
            world.receive(receipt(order, all)).unwrap();
            let goods = (1..=lines).map(|line| at(billed(order, line, None), "1.02")).collect();
            let request = invoice("ACME", &format!("N{lines}"), goods);
            let statements = world.ask(move |tx, ctx| {
                purchasing::bill(tx, ctx, request.clone())?;
                Ok::<_, BillError>(tx.statements())
            });
            counts.push(statements.unwrap());
        }
        assert_eq!(counts[0], counts[1]);
        world.assert_sound();
    });
}
