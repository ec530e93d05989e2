use super::world::{World, billed, came, invoice, order_of, receipt, wanted};
use accounting::Role;
use base::{PurchaseOrderId, Quantity, Rule};
use purchasing::{
    CreditGoods, CreditNote, CreditNoteError, OrderState, ReturnLine, ReturnState,
    ReturnToSupplier, ReturnToSupplierError, ReturnedToSupplier, SCHEMA, SupplierReturnFilter,
    SupplierReturnView,
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

fn listed(world: &World<'_>, filter: SupplierReturnFilter) -> Vec<SupplierReturnView> {
    let found = world
        .ask(move |tx, ctx| purchasing::list_supplier_returns(tx, ctx, filter.clone()))
        .unwrap();
    found.lines
}

#[test]
fn a_return_is_listed_as_open_until_what_was_billed_of_it_is_credited() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order_id = world.approved(order_of("ACME", vec![wanted("P1", 10, "5")]));
        world.receive(receipt(order_id, vec![came(1, 10)])).unwrap();
        let some = purchasing::BillGoods {
            quantity: Some(Quantity::units(7)),
            ..billed(order_id, 1, None)
        };
        world.bill(invoice("ACME", "1", vec![some])).unwrap();
        // Three are not billed and no longer owed, two of five wait for a credit note.
        let first = back(&world, order_id, 5, false).unwrap();
        let all = listed(&world, SupplierReturnFilter::default());
        assert_eq!(all.len(), 1);
        let one = &all[0];
        assert_eq!((one.return_id, one.state), (first.return_id, ReturnState::Open));
        assert_eq!((one.supplier.as_str(), one.reason.as_str()), ("ACME", "broken"));
        let line = &one.lines[0];
        assert_eq!((line.line, line.sku.as_str(), line.place.as_str()), (1, "P1", "WH/Stock"));
        assert_eq!((line.quantity, line.not_billed), (Quantity::units(5), Quantity::units(3)));
        assert_eq!((line.waits, line.replace), (Quantity::units(2), false));
        assert_eq!((line.value.minor, line.not_billed_value.minor), (2_500, 1_500));
        assert_eq!(line.cost.minor, 2_500);
        let credit = CreditNote {
            supplier: "ACME".into(),
            reference: "C1".into(),
            credited_on: None,
            goods: vec![CreditGoods {
                order_id,
                line: 1,
                quantity: None,
                unit: None,
                price: None,
                tax_code: None,
            }],
            confirm_duplicate: false,
            note: String::new(),
            client_ref: String::new(),
        };
        world.ask(move |tx, ctx| purchasing::credit_note(tx, ctx, credit.clone())).unwrap();
        let open = SupplierReturnFilter {
            state: Some(ReturnState::Open),
            ..SupplierReturnFilter::default()
        };
        assert_eq!(listed(&world, open), []);
        let settled = SupplierReturnFilter {
            state: Some(ReturnState::Settled),
            supplier: Some("ACME".into()),
            order_id: Some(order_id),
            ..SupplierReturnFilter::default()
        };
        assert_eq!(listed(&world, settled.clone())[0].lines[0].waits, Quantity::ZERO);
        // What is billed ahead of its delivery waits for goods, and for no credit note of a return.
        let ahead = purchasing::BillGoods {
            quantity: Some(Quantity::units(3)),
            ..billed(order_id, 1, None)
        };
        world.bill(invoice("ACME", "2", vec![ahead])).unwrap();
        assert_eq!(listed(&world, settled)[0].lines[0].waits, Quantity::ZERO);
        // What comes back after it waits for its own.
        let second = back(&world, order_id, 1, false).unwrap();
        let waiting = listed(&world, SupplierReturnFilter::default());
        assert_eq!(waiting[0].return_id, second.return_id);
        assert_eq!((waiting[0].state, waiting[1].state), (ReturnState::Open, ReturnState::Settled));
        // Page by page, the newest first.
        let (mut numbers, mut cursor) = (Vec::new(), None);
        loop {
            let filter =
                SupplierReturnFilter { cursor, limit: Some(1), ..SupplierReturnFilter::default() };
            let page = world
                .ask(move |tx, ctx| purchasing::list_supplier_returns(tx, ctx, filter.clone()))
                .unwrap();
            numbers.extend(page.lines.into_iter().map(|one| one.number));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(numbers, ["RT-000002", "RT-000001"]);
        world.assert_sound();
    });
}

#[test]
fn a_rehearsed_return_tells_what_it_books_and_keeps_nothing() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order_id = world.approved(order_of("ACME", vec![wanted("P1", 10, "5")]));
        world.receive(receipt(order_id, vec![came(1, 10)])).unwrap();
        let rehearse = |quantity: i64| {
            let request = ReturnToSupplier {
                order_id,
                returned_on: None,
                lines: vec![ReturnLine {
                    line: 1,
                    quantity: Quantity::units(quantity),
                    unit: None,
                    lot: None,
                    place: None,
                }],
                replace: false,
                reason: "broken".into(),
                client_ref: String::new(),
            };
            world.ask(move |tx, ctx| purchasing::rehearse_return(tx, ctx, request.clone()))
        };
        let refused = rehearse(11).unwrap_err();
        assert_eq!(refused.problem().code, "return_too_much");
        let told = rehearse(4).unwrap();
        assert_eq!((told.value.minor, told.lines[0].cost.minor), (2_000, 2_000));
        let on = |role| {
            let line = told.booked.iter().find(|line| line.role == Some(role)).unwrap();
            line.debit.minor - line.credit.minor
        };
        assert_eq!((on(Role::Grni), on(Role::StockValuation)), (2_000, -2_000));
        // Goods and books are as they were.
        assert_eq!(world.balance(Role::Grni), -5_000);
        assert_eq!(world.detail(order_id).lines[0].received, Quantity::units(10));
        assert_eq!(listed(&world, SupplierReturnFilter::default()), []);
        let made = back(&world, order_id, 4, false).unwrap();
        assert_eq!(listed(&world, SupplierReturnFilter::default())[0].return_id, made.return_id);
        world.assert_sound();
    });
}
