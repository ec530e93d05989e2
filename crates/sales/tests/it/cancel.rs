use super::world::{World, from, goods, whole, without_goods};
use accounting::Role;
use base::{Price, Quantity, Rule, SalesOrderId};
use sales::{
    AcceptLine, AllocateBackOrders, CancelError, CancelLine, CancelOrder, Cancelled, CloseOrder,
    LineKind, OrderState, ReserveOrder, SCHEMA,
};
use store::Database;
use store::testing::on_both_engines;

fn cancel(
    world: &World,
    db: &Database,
    order_id: SalesOrderId,
    lines: Option<&[(i64, Option<i64>)]>,
) -> Result<Cancelled, CancelError> {
    let line = |&(line, pieces): &(i64, Option<i64>)| CancelLine {
        line,
        quantity: pieces.map(Quantity::units),
    };
    let lines = lines.map(|lines| lines.iter().map(line).collect());
    let request = CancelOrder { order_id, lines, reason: "changed mind".into() };
    world.run(db, move |tx, ctx| sales::cancel(tx, ctx, request.clone()))
}

#[test]
fn a_cancelled_order_frees_its_goods_and_moves_none() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 5, 500)]);
        let lines = vec![goods(0, 7, "6"), without_goods(LineKind::Charge, "3")];
        let order = world.accept(db, &from("SHOP", "1", lines)).unwrap();
        assert_eq!(world.available(db, 0), 0);
        let gone = cancel(&world, db, order.order_id, None).unwrap();
        assert_eq!((gone.state, gone.revision), (OrderState::Cancelled, 2));
        assert_eq!((gone.gross.minor, gone.to_refund.minor), (4_500, 4_500));
        assert_eq!(world.available(db, 0), 5);
        let again = cancel(&world, db, order.order_id, None).unwrap_err();
        assert_eq!(again.problem().code, "order_not_open");
        world.assert_sound(db);
    });
}

#[test]
fn a_part_is_cancelled_and_the_rest_is_worth_what_is_left() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 9, 900)]);
        let order = world.accept(db, &from("WEB", "1", vec![goods(0, 3, "3.3333")])).unwrap();
        let id = order.order_id;
        world.ship(db, id, Some(&[(1, 1)])).unwrap();
        let part = cancel(&world, db, id, Some(&[(1, Some(1))])).unwrap();
        assert_eq!((part.state, part.to_refund.minor), (OrderState::Accepted, 333));
        let over = cancel(&world, db, id, Some(&[(1, Some(2))])).unwrap_err();
        assert_eq!(over.problem().code, "exceeds_open");
        let last = world.ship(db, id, None).unwrap();
        assert_eq!(last.state, OrderState::Closed);
        // What was shipped and what is refunded come to the order.
        assert_eq!(world.balance(db, Role::CustomerDeposits) + 333, order.gross.minor);
        assert_eq!(world.available(db, 0), 7);
        world.assert_sound(db);
    });
}

#[test]
fn closing_short_needs_a_shipment_and_a_reason() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 1, 100)]);
        let order = world.accept(db, &from("B2B", "1", vec![goods(0, 3, "3")])).unwrap().order_id;
        let close = |reason: &str| {
            let request = CloseOrder { order_id: order, reason: reason.into() };
            world.run(db, move |tx, ctx| sales::close(tx, ctx, request.clone()))
        };
        assert_eq!(close("no more").unwrap_err().problem().code, "nothing_shipped");
        world.ship(db, order, None).unwrap();
        assert!(matches!(close(" ").unwrap_err(), CancelError::Text(_)));
        // What was shipped is still to be invoiced; the invoice then closes the order.
        assert_eq!(close("no more").unwrap().state, OrderState::Accepted);
        assert_eq!(close("no more").unwrap_err().problem().code, "nothing_open");
        assert_eq!(world.invoice(db, order).unwrap().state, OrderState::Closed);
        world.assert_sound(db);
    });
}

#[test]
fn part_of_a_kit_order_is_cancelled_with_its_components() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 6, 600), (1, 3, 300)]);
        let kit = AcceptLine {
            sku: Some("KIT".into()),
            quantity: Quantity::units(3),
            price: Some(Price::parse("12").unwrap()),
            ..AcceptLine::default()
        };
        let order = world.accept(db, &from("WEB", "1", vec![kit])).unwrap();
        world.ship(db, order.order_id, Some(&[(1, 1)])).unwrap();
        cancel(&world, db, order.order_id, Some(&[(1, Some(1))])).unwrap();
        assert_eq!((world.available(db, 0), world.available(db, 1)), (2, 1));
        world.assert_sound(db);
        cancel(&world, db, order.order_id, Some(&[(1, None)])).unwrap();
        assert_eq!((world.available(db, 0), world.available(db, 1)), (4, 2));
        assert_eq!(world.order(db, order.order_id).head.state, OrderState::Closed);
        world.assert_sound(db);
    });
}

#[test]
fn goods_that_come_in_go_to_the_oldest_order_that_waits() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        let later = |hours: i64| {
            let at = world.ctx.at.plus_micros(hours * 3_600_000_000).unwrap();
            world.ctx.at_moment(at)
        };
        let accept = |reference: &str, hours, pieces| {
            let (ctx, order) = (later(hours), from("SHOP", reference, vec![goods(0, pieces, "6")]));
            db.write(move |tx| sales::accept(tx, &ctx, order.clone())).unwrap().order_id
        };
        let (new, old) = (accept("new", 2, 4), accept("old", 1, 3));
        world.receive(db, &[(0, 5, 500)]);
        let request = AllocateBackOrders {
            warehouse_id: world.warehouse.warehouse_id,
            item_ids: vec![world.items[0]],
        };
        let again = request.clone();
        let given = world
            .run(db, move |tx, ctx| sales::allocate_back_orders(tx, ctx, request.clone()))
            .unwrap();
        let told: Vec<_> =
            given.lines.iter().map(|line| (line.order_id, whole(line.quantity))).collect();
        assert_eq!(told, [(old, 3), (new, 2)]);
        let more = world
            .run(db, move |tx, ctx| sales::allocate_back_orders(tx, ctx, again.clone()))
            .unwrap();
        assert!(more.lines.is_empty());
        world.receive(db, &[(0, 9, 900)]);
        let reserve = ReserveOrder { order_id: new };
        let reserved =
            world.run(db, move |tx, ctx| sales::reserve_order(tx, ctx, reserve.clone())).unwrap();
        assert_eq!((reserved.revision, whole(reserved.lines[0].quantity)), (2, 2));
        assert_eq!(whole(world.order(db, new).lines[0].reserved), 4);
        world.assert_sound(db);
    });
}
