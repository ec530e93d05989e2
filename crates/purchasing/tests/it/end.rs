use super::world::{World, came, order_of, receipt, wanted};
use purchasing::{CancelOrder, CancelOrderError, CloseShort, CloseShortError, OrderState, SCHEMA};
use store::testing::on_both_engines;

#[test]
fn an_order_is_called_off_before_anything_came() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let cancel = |order_id| {
            let request = CancelOrder { order_id, reason: "not needed".into() };
            world.ask(move |tx, ctx| purchasing::cancel_order(tx, ctx, request.clone()))
        };
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "1")]));
        assert_eq!(cancel(order).unwrap().state, OrderState::Cancelled);
        assert_eq!(world.there("P1"), (0, 0));
        assert!(matches!(cancel(order), Err(CancelOrderError::Ended { .. })));
        let begun = world.approved(order_of("ACME", vec![wanted("P1", 10, "1")]));
        world.receive(receipt(begun, vec![came(1, 1)])).unwrap();
        assert!(matches!(cancel(begun), Err(CancelOrderError::Begun { line: 1, .. })));
        world.assert_sound();
    });
}

#[test]
fn closing_short_needs_a_reason_and_something_due() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order_id = world.approved(order_of("ACME", vec![wanted("P1", 10, "1")]));
        let close = |lines: Vec<i64>, reason: &str| {
            let request = CloseShort { order_id, lines, reason: reason.into() };
            world.ask(move |tx, ctx| purchasing::close_short(tx, ctx, request.clone()))
        };
        assert!(matches!(close(vec![1], " "), Err(CloseShortError::Reason(_))));
        world.receive(receipt(order_id, vec![came(1, 4)])).unwrap();
        let closed = close(vec![1], "sold out").unwrap();
        assert_eq!(closed.lines, [(1, base::Quantity::units(6))]);
        // What came is not billed yet, so the order has not ended.
        assert_eq!(closed.state, OrderState::Approved);
        assert_eq!(world.there("P1"), (4, 0));
        assert!(matches!(close(vec![1], "again"), Err(CloseShortError::NothingDue { line: 1 })));
        world.assert_sound();
    });
}
