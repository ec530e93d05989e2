use super::world::{World, billed, came, invoice, order_of, receipt, wanted};
use purchasing::{
    BillFilter, CreateOrder, OrderFilter, OrderState, Progress, SCHEMA, UnmatchedFilter,
};
use store::testing::on_both_engines;

#[test]
fn orders_are_found_by_what_they_are() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        for number in 0..5 {
            let order = order_of("ACME", vec![wanted("P1", 10, "1"), wanted("P2", 10, "1")]);
            world.draft(CreateOrder { client_ref: format!("spring-{number}"), ..order });
        }
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "1")]));
        world.receive(receipt(order, vec![came(1, 10)])).unwrap();
        let list = |filter: OrderFilter| {
            world.ask(move |tx, ctx| purchasing::list_orders(tx, ctx, filter.clone())).unwrap()
        };
        let spring = OrderFilter {
            client_ref_prefix: Some("spring-".into()),
            limit: Some(2),
            ..OrderFilter::default()
        };
        let (mut seen, mut cursor) = (0, None);
        loop {
            let page = list(OrderFilter { cursor, ..spring.clone() });
            seen += page.lines.len();
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, 5);
        let approved = OrderFilter { state: Some(OrderState::Approved), ..OrderFilter::default() };
        let found = list(approved).lines;
        assert_eq!((found.len(), found[0].received), (1, Progress::Fully));
        assert_eq!((found[0].billed, found[0].next_due), (Progress::None, None));
        let other = OrderFilter { supplier: Some("BERLIN".into()), ..OrderFilter::default() };
        assert!(list(other).lines.is_empty());
        world.assert_sound();
    });
}

#[test]
fn what_waits_for_its_bill_is_listed_with_the_books_value() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "3")]));
        world.receive(receipt(order, vec![came(1, 7)])).unwrap();
        let waiting = || {
            let filter = UnmatchedFilter::default();
            world
                .ask(move |tx, ctx| purchasing::grni_by_line(tx, ctx, filter.clone()))
                .unwrap()
                .lines
        };
        let found = waiting();
        assert_eq!((found.len(), found[0].role.as_str()), (1, "grni"));
        assert_eq!(
            (found[0].amount.minor, found[0].not_billed),
            (-2_100, base::Quantity::units(7))
        );
        world.bill(invoice("ACME", "1", vec![billed(order, 1, None)])).unwrap();
        assert!(waiting().is_empty());
        let filter = BillFilter { supplier: Some("ACME".into()), ..BillFilter::default() };
        let bills =
            world.ask(move |tx, ctx| purchasing::list_bills(tx, ctx, filter.clone())).unwrap();
        assert_eq!(bills.lines[0].lines[0].sku, "P1");
        world.assert_sound();
    });
}
