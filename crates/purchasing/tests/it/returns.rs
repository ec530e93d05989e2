use super::world::{World, billed, came, invoice, order_of, receipt, wanted};
use accounting::Role;
use base::{PurchaseOrderId, Quantity};
use purchasing::{
    CreditGoods, CreditNote, CreditNoteError, OrderState, ReturnLine, ReturnToSupplier,
    ReturnToSupplierError, ReturnedToSupplier, SCHEMA,
};
use store::testing::on_both_engines;

fn back(
    world: &World<'_>,
    order_id: PurchaseOrderId,
    quantity: i64,
    replace: bool,
) -> Result<ReturnedToSupplier, ReturnToSupplierError> {
    let line = ReturnLine {
        line: 1,
        quantity: Quantity::units(quantity),
        unit: None,
        lot: None,
        place: None,
    };
    let request = ReturnToSupplier {
        order_id,
        returned_on: None,
        lines: vec![line],
        replace,
        reason: "broken".into(),
        client_ref: String::new(),
    };
    world.ask(move |tx, ctx| purchasing::return_to_supplier(tx, ctx, request.clone()))
}

#[test]
fn goods_not_billed_are_no_longer_owed() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "500")]));
        world.receive(receipt(order, vec![came(1, 6)])).unwrap();
        world.receive(receipt(order, vec![came(1, 3)])).unwrap();
        let refused = back(&world, order, 10, false).unwrap_err();
        assert!(matches!(refused, ReturnToSupplierError::Quantity { line: 1, .. }), "{refused}");
        back(&world, order, 3, true).unwrap();
        assert_eq!(world.there("P1"), (6, 4));
        back(&world, order, 1, false).unwrap();
        assert_eq!(world.there("P1"), (5, 4));
        assert_eq!(world.detail(order).lines[0].received, Quantity::units(5));
        assert_eq!(world.balance(Role::Grni), -250_000);
        world.assert_sound();
    });
}

#[test]
fn goods_billed_wait_for_their_credit_note() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order_id = world.approved(order_of("ACME", vec![wanted("P1", 10, "5")]));
        world.receive(receipt(order_id, vec![came(1, 10)])).unwrap();
        world.bill(invoice("ACME", "1", vec![billed(order_id, 1, None)])).unwrap();
        assert_eq!(world.detail(order_id).state, OrderState::Closed);
        back(&world, order_id, 4, false).unwrap();
        assert_eq!(world.balance(Role::BilledNotReceived), 2_000);
        assert_eq!(world.detail(order_id).state, OrderState::Approved);
        world.assert_sound();
        let credit = |quantity: Option<i64>, reference: &str| {
            let goods = CreditGoods {
                order_id,
                line: 1,
                quantity: quantity.map(Quantity::units),
                unit: None,
                price: None,
                tax_code: None,
            };
            let request = CreditNote {
                supplier: "ACME".into(),
                reference: reference.into(),
                credited_on: None,
                goods: vec![goods],
                confirm_duplicate: false,
                note: String::new(),
                client_ref: String::new(),
            };
            world.ask(move |tx, ctx| purchasing::credit_note(tx, ctx, request.clone()))
        };
        let refused = credit(Some(5), "C1").unwrap_err();
        assert!(matches!(refused, CreditNoteError::TooMuch { line: 1, .. }), "{refused}");
        assert_eq!(credit(None, "C1").unwrap().total.minor, -2_000);
        assert_eq!(world.balance(Role::BilledNotReceived), 0);
        assert_eq!(world.balance(Role::Payable), -3_000);
        assert_eq!(world.balance(Role::StockValuation), 3_000);
        assert_eq!(world.detail(order_id).state, OrderState::Closed);
        world.assert_sound();
    });
}

#[test]
fn other_goods_in_their_place_need_no_other_bill() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order = world.approved(order_of("ACME", vec![wanted("P1", 10, "5")]));
        world.receive(receipt(order, vec![came(1, 10)])).unwrap();
        world.bill(invoice("ACME", "1", vec![billed(order, 1, None)])).unwrap();
        back(&world, order, 4, true).unwrap();
        assert_eq!(world.there("P1"), (6, 4));
        world.receive(receipt(order, vec![came(1, 4)])).unwrap();
        assert_eq!((world.balance(Role::BilledNotReceived), world.balance(Role::Grni)), (0, 0));
        assert_eq!(world.detail(order).state, OrderState::Closed);
        world.assert_sound();
    });
}
