use super::world::{World, from, goods, without_goods};
use accounting::Role;
use base::{Day, Rule};
use sales::{AcceptLine, AcceptOrder, InvoiceKind, InvoiceOrder, LineKind, OrderState, SCHEMA};
use store::testing::on_both_engines;

#[test]
fn a_wholesale_order_is_income_when_it_is_invoiced() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 10, 1_000)]);
        let order = AcceptOrder {
            partner: Some("C1".into()),
            ..from("B2B", "1", vec![goods(0, 3, "3.33"), without_goods(LineKind::Charge, "5")])
        };
        let order = world.accept(db, &order).unwrap();
        assert_eq!((order.net.minor, order.tax.minor), (1_499, 300));
        let early = world.invoice(db, order.order_id).unwrap_err();
        assert_eq!(early.problem().code, "nothing_to_invoice");
        world.ship(db, order.order_id, Some(&[(1, 2)])).unwrap();
        assert_eq!(world.balance(db, Role::Revenue), 0);
        assert_eq!(world.balance(db, Role::Cogs), 200);
        let first = world.invoice(db, order.order_id).unwrap();
        assert_eq!(first.number, "INV-2026-000001");
        assert_eq!(first.due_on, Day::parse("2026-02-04").unwrap());
        assert_eq!(first.state, OrderState::Accepted);
        let last = world.ship(db, order.order_id, None).unwrap();
        assert_eq!(last.state, OrderState::Accepted);
        let second = world.invoice(db, order.order_id).unwrap();
        assert_eq!((second.number.as_str(), second.state), ("INV-2026-000002", OrderState::Closed));
        assert_eq!(first.gross.minor + second.gross.minor, order.gross.minor);
        assert_eq!(world.balance(db, Role::Receivable), order.gross.minor);
        assert_eq!(world.balance(db, Role::OutputTax), -order.tax.minor);
        world.assert_sound(db);
    });
}

#[test]
fn the_cost_waits_for_the_invoice_where_policy_says_so() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.run(db, |tx, ctx| identity::set_policy(tx, ctx, "cost_of_sales", "invoice")).unwrap();
        world.receive(db, &[(0, 10, 1_000)]);
        let free = AcceptLine { kind: Some(LineKind::Free), price: None, ..goods(0, 1, "0") };
        let order = world.accept(db, &from("B2B", "1", vec![goods(0, 4, "3"), free])).unwrap();
        world.ship(db, order.order_id, None).unwrap();
        assert_eq!(world.balance(db, Role::DeliveredNotInvoiced), 400);
        assert_eq!(world.balance(db, Role::Marketing), 100);
        world.invoice(db, order.order_id).unwrap();
        assert_eq!(world.balance(db, Role::DeliveredNotInvoiced), 0);
        assert_eq!(world.balance(db, Role::Cogs), 400);
        // Where revenue is taken at the shipment the cost never waits.
        let web = world.accept(db, &from("WEB", "1", vec![goods(0, 1, "3")])).unwrap();
        world.ship(db, web.order_id, None).unwrap();
        assert_eq!(world.balance(db, Role::Cogs), 500);
        world.assert_sound(db);
    });
}

#[test]
fn an_invoice_of_what_was_income_at_the_shipment_is_the_document_alone() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 2, 200)]);
        let order = world.accept(db, &from("WEB", "1", vec![goods(0, 2, "6")])).unwrap();
        world.ship(db, order.order_id, None).unwrap();
        let revenue = world.balance(db, Role::Revenue);
        let invoice = world.invoice(db, order.order_id).unwrap();
        assert_eq!((invoice.gross.minor, invoice.state), (1_200, OrderState::Closed));
        assert_eq!(world.balance(db, Role::Revenue), revenue);
        assert_eq!(world.balance(db, Role::Receivable), 0);
        world.assert_sound(db);
    });
}

#[test]
fn what_comes_to_less_than_nothing_is_a_credit_note_of_its_own_series() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        let back = AcceptLine {
            role: Some(Role::SalesAllowances),
            ..without_goods(LineKind::Charge, "-10")
        };
        let order = world.accept(db, &from("B2B", "1", vec![back])).unwrap();
        world.ship(db, order.order_id, None).unwrap();
        let invoice = world.invoice(db, order.order_id).unwrap();
        assert_eq!(
            (invoice.kind, invoice.number.as_str()),
            (InvoiceKind::CreditNote, "CN-2026-000001")
        );
        assert_eq!(world.balance(db, Role::Receivable), -1_200);
        let (ctx, id) = (world.ctx.clone(), invoice.invoice_id);
        let document = db.read(move |tx| sales::invoice_detail(tx, &ctx, id)).unwrap();
        assert_eq!(document.lines[0].gross.minor, invoice.gross.minor);
        world.assert_sound(db);
    });
}

#[test]
fn a_year_begins_its_series_anew_and_a_refusal_loses_no_number() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 5, 500)]);
        let invoice = |reference: &str, day: &str| {
            let order = world.accept(db, &from("B2B", reference, vec![goods(0, 1, "3")])).unwrap();
            world.ship(db, order.order_id, None).unwrap();
            let invoiced_on = Day::parse(day).ok();
            let due_on = None;
            let client_ref = Some(format!("client-{reference}"));
            let request =
                InvoiceOrder { order_id: order.order_id, invoiced_on, due_on, client_ref };
            let refused = InvoiceOrder { due_on: Day::parse("2000-01-01").ok(), ..request.clone() };
            let error = world.run(db, move |tx, ctx| sales::invoice(tx, ctx, refused.clone()));
            assert_eq!(error.unwrap_err().problem().code, "due_before_date");
            world.run(db, move |tx, ctx| sales::invoice(tx, ctx, request.clone())).unwrap().number
        };
        assert_eq!(invoice("1", "2026-01-05"), "INV-2026-000001");
        assert_eq!(invoice("2", "2027-01-01"), "INV-2027-000001");
        assert_eq!(invoice("3", "2026-02-01"), "INV-2026-000002");
        world.assert_sound(db);
    });
}
