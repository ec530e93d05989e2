use super::world::{World, day, order_of, wanted};
use base::Quantity;
use purchasing::{
    AcknowledgeOrder, AcknowledgeOrderError, CreateOrder, CreateOrderError, CreateOrders,
    CreateOrdersError, OrderFilter, OrderLine, OrderState, Promise, SCHEMA, SendOrder,
    SendOrderError,
};
use store::testing::{assert_statements_agree, on_both_engines};

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    assert_statements_agree(&SCHEMA);
}

#[test]
fn each_order_of_a_batch_gets_its_own_answer() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let named = |reference: &str, order: CreateOrder| CreateOrder {
            client_ref: reference.into(),
            ..order
        };
        let good = || order_of("ACME", vec![wanted("P1", 10, "1.5"), wanted("P2", 1, "2")]);
        let orders = vec![
            named("a", good()),
            named("b", order_of("NOBODY", vec![wanted("P1", 1, "1")])),
            order_of("ACME", vec![wanted("P1", 1, "1"), wanted("HELP", 1, "1")]),
            order_of("ACME", vec![OrderLine { price: None, ..wanted("P1", 1, "1") }]),
            named("a", good()),
            order_of("ACME", vec![OrderLine { unit: Some("kg".into()), ..wanted("P1", 1, "1") }]),
        ];
        let send = move |world: &World<'_>, all_or_nothing| {
            let request = CreateOrders { orders: orders.clone(), all_or_nothing };
            world.ask(move |tx, ctx| purchasing::create_orders(tx, ctx, request.clone()))
        };
        let refused = send(&world, true).unwrap_err();
        assert!(matches!(refused, CreateOrdersError::Refused { number: 2, .. }), "{refused}");
        let answers = send(&world, false).unwrap();
        assert_eq!(answers[0].as_ref().unwrap().total.minor, 1_700);
        assert!(matches!(answers[1], Err(CreateOrderError::UnknownSupplier { .. })));
        assert!(matches!(answers[2], Err(CreateOrderError::NotGoods { line: 2, .. })));
        assert!(matches!(answers[3], Err(CreateOrderError::NoOffer { line: 1, .. })));
        assert!(matches!(answers[4], Err(CreateOrderError::ReferenceTwice { .. })));
        assert!(matches!(answers[5], Err(CreateOrderError::WrongUnit { line: 1, .. })));
        let again = send(&world, false).unwrap();
        let (first, second) = (answers[0].as_ref().unwrap(), again[0].as_ref().unwrap());
        assert_eq!((second.order_id, second.repeated), (first.order_id, true));
        world.assert_sound();
    });
}

#[test]
fn statements_do_not_depend_on_the_number_of_orders_or_lines() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let mut counts = Vec::new();
        for (orders, lines) in [(1, 1), (40, 25)] {
            let order = order_of("ACME", (0..lines).map(|_| wanted("P1", 1, "1")).collect());
            let request = CreateOrders { orders: vec![order; orders], all_or_nothing: true };
            let statements = world.ask(move |tx, ctx| {
                purchasing::create_orders(tx, ctx, request.clone())?;
                Ok::<_, CreateOrdersError>(tx.statements())
            });
            counts.push(statements.unwrap());
        }
        assert_eq!(counts[0], counts[1]);
        world.assert_sound();
    });
}

#[test]
fn an_order_is_sent_once_it_is_approved() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let draft = world.draft(order_of("ACME", vec![wanted("P1", 10, "1")]));
        let send = |order_id| {
            world.ask(move |tx, ctx| {
                purchasing::send_order(tx, ctx, SendOrder { order_id, recipient: None })
            })
        };
        assert!(matches!(send(draft), Err(SendOrderError::NotApproved { .. })));
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "1")]));
        let sent = send(order).unwrap();
        assert_eq!((sent.state, sent.recipient.as_str()), (OrderState::Sent, "orders@example.com"));
        world.assert_sound();
    });
}

#[test]
fn promises_are_kept_and_move_what_stock_expects() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order_id = world.approved(order_of("ACME", vec![wanted("P1", 10, "1")]));
        let promise = |on: &str, quantity: Option<i64>, accept| {
            let promise =
                Promise { line: 1, promised_on: day(on), quantity: quantity.map(Quantity::units) };
            let request = AcknowledgeOrder { order_id, lines: vec![promise], accept };
            world.ask(move |tx, ctx| purchasing::acknowledge_order(tx, ctx, request.clone()))
        };
        assert_eq!(promise("2026-01-05", None, false).unwrap().changed, Vec::<i64>::new());
        assert_eq!(promise("2026-01-20", None, false).unwrap().changed, [1]);
        let refused = promise("2026-01-20", Some(8), false).unwrap_err();
        assert!(matches!(refused, AcknowledgeOrderError::BeyondTolerance { line: 1, .. }));
        promise("2026-01-22", Some(8), true).unwrap();
        let detail = world.detail(order_id);
        assert_eq!(detail.state, OrderState::Acknowledged);
        assert_eq!(detail.promises.len(), 3);
        assert_eq!(detail.lines[0].promised_on, Some(day("2026-01-22")));
        let late = |on: &str| {
            let filter = OrderFilter { late: true, ..OrderFilter::default() };
            let page = world
                .on(on)
                .ask(move |tx, ctx| purchasing::list_orders(tx, ctx, filter.clone()))
                .unwrap();
            page.lines.len()
        };
        assert_eq!((late("2026-01-22"), late("2026-01-23")), (0, 1));
        world.assert_sound();
    });
}
