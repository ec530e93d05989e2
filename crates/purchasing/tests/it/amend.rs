use super::world::{World, came, order_of, price, receipt, wanted};
use base::{PurchaseOrderId, Quantity};
use purchasing::{
    AmendOrder, AmendOrderError, LineChange, OrderAmended, OrderState, SCHEMA, SendOrder,
};
use store::testing::on_both_engines;

fn nothing(order_id: PurchaseOrderId) -> AmendOrder {
    AmendOrder {
        order_id,
        revision: None,
        supplier: None,
        currency: None,
        note: None,
        lines: Vec::new(),
        add: Vec::new(),
    }
}

fn quantity(line: i64, quantity: i64) -> LineChange {
    let quantity = Some(Quantity::units(quantity));
    LineChange { line, quantity, price: None, discount: None, due_on: None }
}

fn amend(world: &World<'_>, request: AmendOrder) -> Result<OrderAmended, AmendOrderError> {
    world.ask(move |tx, ctx| purchasing::amend_order(tx, ctx, request.clone()))
}

#[test]
fn edits_keep_order_and_expectation_in_step() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("DOZ", 1, "250")]));
        for (dozens, pieces) in [(2, 24), (3, 36)] {
            let change = AmendOrder { lines: vec![quantity(1, dozens)], ..nothing(order) };
            amend(&world, change).unwrap();
            assert_eq!(world.there("DOZ"), (0, pieces));
        }
        world.receive(receipt(order, vec![came(1, 3)])).unwrap();
        assert_eq!(world.there("DOZ"), (36, 0));
        let less = AmendOrder { lines: vec![quantity(1, 2)], ..nothing(order) };
        let refused = amend(&world, less).unwrap_err();
        assert!(matches!(refused, AmendOrderError::Quantity { line: 1, .. }), "{refused}");
        assert_eq!(world.detail(order).revisions.len(), 2);
        world.assert_sound();
    });
}

#[test]
fn a_rise_returns_to_approval_and_a_fall_does_not() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.policy("revision_tolerance_percent", "10");
        world.policy("approve_orders_above", "0");
        let order_id = world.draft(order_of("ACME", vec![wanted("P1", 10, "10")]));
        world.policy("approve_orders_above", "100000");
        world
            .ask(move |tx, ctx| {
                purchasing::submit_order(tx, ctx, purchasing::SubmitOrder { order_id })
            })
            .unwrap();
        world
            .ask(move |tx, ctx| {
                purchasing::send_order(tx, ctx, SendOrder { order_id, recipient: None })
            })
            .unwrap();
        world.policy("approve_orders_above", "0");
        let change =
            |line: LineChange| amend(&world, AmendOrder { lines: vec![line], ..nothing(order_id) });
        let lowered = change(quantity(1, 9)).unwrap();
        assert_eq!((lowered.state, lowered.to_approval), (OrderState::Approved, false));
        assert_eq!((lowered.revision, lowered.total.minor), (2, 9_000));
        let dearer = LineChange { price: Some(price("10.9")), ..quantity(1, 9) };
        assert!(!change(dearer).unwrap().to_approval);
        let raised = change(quantity(1, 20)).unwrap();
        assert_eq!((raised.state, raised.to_approval), (OrderState::ToApprove, true));
        assert_eq!(world.there("P1"), (0, 0));
        world.assert_sound();
    });
}

#[test]
fn the_supplier_stays_once_goods_came() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.rate("2026-01-01", "0.8");
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "10")]));
        let other = AmendOrder { supplier: Some("BERLIN".into()), ..nothing(order) };
        assert!(amend(&world, other.clone()).unwrap().to_approval);
        let stale = AmendOrder { revision: Some(1), ..nothing(order) };
        let refused = amend(&world, stale).unwrap_err();
        assert!(matches!(refused, AmendOrderError::Changed { found: 2, asked: 1, .. }));
        let more = AmendOrder { add: vec![wanted("P2", 3, "1")], ..nothing(order) };
        assert_eq!(amend(&world, more).unwrap().total.minor, 10_300);
        assert_eq!(world.there("P2"), (0, 3));
        world.receive(receipt(order, vec![came(1, 1)])).unwrap();
        let refused = amend(&world, other).unwrap_err();
        assert!(matches!(refused, AmendOrderError::Begun { .. }), "{refused}");
        world.assert_sound();
    });
}
