use super::world::{World, goods, goods_of, packed, scan, whole};
use base::{Id, Quantity, Rule, SalesOrderId, UserId};
use picking::{
    CancelPicks, PackageState, PickLineFilter, PickState, PlanPicks, PutBack, PutBackLine,
    ShipOrderError, Unpack,
};
use sales::{CancelLine, CancelOrder, Ship, ShipOrders};
use store::testing::on_both_engines;

fn by_hand(order_id: SalesOrderId) -> Ship {
    Ship {
        order_id,
        warehouse_id: None,
        lines: None,
        happened_on: None,
        carrier: None,
        tracking: None,
        client_ref: None,
    }
}

/// Cancels so much of an order's first line, telling its lists or not.
fn cancel(world: &World<'_>, order_id: SalesOrderId, pieces: i64, told: bool) {
    let quantity = Some(Quantity::units(pieces));
    let lines = Some(vec![CancelLine { line: 1, quantity }]);
    let request = CancelOrder { order_id, lines, reason: "changed mind".to_owned() };
    let done = world.run(move |tx, ctx| match told {
        true => picking::tell_lists(tx, ctx, &[order_id], |tx, ctx| {
            sales::cancel(tx, ctx, request.clone())
        }),
        false => sales::cancel(tx, ctx, request.clone()),
    });
    done.expect("cancelled");
}

#[test]
fn what_is_shipped_by_hand_is_not_picked_any_more() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 9)]);
        let orders: Vec<_> = (0..3).map(|_| world.order(vec![goods(0, 2)]).order_id).collect();
        let lists: Vec<_> =
            world.plan(PlanPicks::default()).lists.into_iter().map(|list| list.list_id).collect();
        let ship = |order| world.run(move |tx, ctx| picking::ship_order(tx, ctx, by_hand(order)));
        ship(orders[0]).expect("shipped");
        assert_eq!(world.row(lists[0]).state, PickState::Cancelled);
        let line = &world.lines(lists[0])[0];
        assert_eq!((whole(line.voided), whole(line.to_pick)), (2, 0));

        // What somebody has in hand leaves in its package, or goes back first.
        world.pick(lists[1], vec![scan(0, 0, 1)]).expect("picked");
        let refused = ship(orders[1]).expect_err("in hand");
        assert!(matches!(refused, ShipOrderError::InHand(_)));
        assert_eq!(refused.problem().code, "picked_not_shipped");
        let batch = ShipOrders {
            shipments: vec![by_hand(orders[1]), by_hand(orders[2])],
            all_or_nothing: false,
        };
        let strict = ShipOrders { all_or_nothing: true, ..batch.clone() };
        let strict = world.run(move |tx, ctx| picking::ship_orders(tx, ctx, strict.clone()));
        assert_eq!(strict.expect_err("all or nothing").problem().code, "picked_not_shipped");
        // Who ships in this warehouse alone is told the same.
        let (alone, here) = (batch.clone(), world.warehouse.warehouse_id);
        let ctx =
            identity::testing::holding_in(&world.ctx, UserId::from_raw(7), &["sales.ship"], here);
        let strict = ShipOrders { all_or_nothing: true, ..alone };
        let alone = db.write(move |tx| picking::ship_orders(tx, &ctx, strict.clone()));
        assert_eq!(alone.expect_err("in hand").problem().code, "picked_not_shipped");
        let done = world.run(move |tx, ctx| picking::ship_orders(tx, ctx, batch.clone()));
        let codes: Vec<_> =
            done.expect("a batch").results.into_iter().map(|it| (it.element, it.code)).collect();
        assert_eq!(codes, [(1, Some("picked_not_shipped".to_owned())), (2, None)]);
        assert_eq!(world.row(lists[2]).state, PickState::Cancelled);
        world.assert_sound();

        let request =
            PutBack { list_id: lists[1], lines: vec![PutBackLine { line: 1, quantity: None }] };
        let back = world.run(move |tx, ctx| picking::put_back(tx, ctx, request.clone()));
        assert_eq!(whole(back.expect("back").lines[0].quantity), 1);
        ship(orders[1]).expect("shipped");
        assert_eq!(world.row(lists[1]).state, PickState::Cancelled);
        world.assert_sound();
    });
}

#[test]
fn what_was_picked_for_a_cancelled_line_goes_back() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        for told in [true, false] {
            let world = World::new(db, 2);
            world.receive(&[(0, 0, 9), (1, 0, 9)]);
            let order = world.order(vec![goods(0, 6), goods(1, 1)]).order_id;
            let list = world.list();
            world.pick(list, vec![scan(0, 0, 4), scan(1, 0, 1)]).expect("picked");
            let package = world.pack(order, vec![packed(0, 3), packed(1, 1)]).expect("packed");
            // Five are no longer wanted: two were not picked, three were.
            cancel(&world, order, 5, told);
            let line = world.lines(list).into_iter().find(|it| it.order_line == 1).expect("a line");
            assert_eq!((whole(line.to_pick), whole(line.to_put_back)), (0, 3));
            assert_eq!(whole(line.voided), 2);
            let waiting = PickLineFilter { to_put_back: true, ..PickLineFilter::default() };
            assert_eq!(world.find_lines(waiting.clone()).len(), 1);
            assert_eq!(world.row(list).lines_to_put_back, 1);

            // The package has what is not wanted: it neither leaves nor goes back as it is.
            let refused = world.ship(&[package.package_id]).expect_err("cancelled").problem();
            assert_eq!(refused.code, "exceeds_open", "{}", refused.detail);
            let back = move |world: &World<'_>| {
                let request = PutBack { list_id: list, lines: Vec::new() };
                world.run(move |tx, ctx| picking::put_back(tx, ctx, request.clone()))
            };
            let refused = back(&world).expect_err("in a package").problem();
            assert_eq!(refused.code, "exceeds_in_hand", "{}", refused.detail);
            let request = Unpack { package_id: package.package_id, reason: "cancelled".to_owned() };
            world.run(move |tx, ctx| picking::unpack(tx, ctx, request.clone())).expect("unpacked");
            assert_eq!(whole(back(&world).expect("back").lines[0].quantity), 3);
            assert_eq!(back(&world).expect_err("done").problem().code, "nothing_to_put_back");
            assert_eq!(world.find_lines(waiting).len(), 0);
            let rest = world.pack(order, Vec::new()).expect("packed");
            assert_eq!(rest.packed.len(), 2);
            let shipped = world.ship(&[rest.package_id]).expect("shipped");
            assert_eq!(shipped.shipments[0].packages, [rest.number]);
            assert_eq!(world.row(list).state, PickState::Closed);
            world.assert_sound();
        }
    });
}

#[test]
fn a_list_is_given_up_when_nothing_of_it_is_in_hand() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 9)]);
        world.order(vec![goods(0, 6)]);
        let list = world.list();
        world.pick(list, vec![scan(0, 0, 4)]).expect("picked");
        let cancel = move |put_back| {
            let request = CancelPicks { list_id: list, reason: "no time".to_owned(), put_back };
            world.run(move |tx, ctx| picking::cancel_picks(tx, ctx, request.clone()))
        };
        let refused = cancel(false).expect_err("in hand").problem();
        assert_eq!(refused.code, "goods_in_hand");
        assert!(refused.detail.starts_with("4 of list PL-"), "{}", refused.detail);
        let done = cancel(true).expect("given up");
        assert_eq!((done.state, whole(done.lines[0].quantity)), (PickState::Cancelled, 4));
        assert_eq!(cancel(true).expect_err("done").problem().code, "pick_list_not_open");
    });
}

#[test]
fn what_a_given_up_list_had_is_planned_anew() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 9)]);
        world.order(vec![goods(0, 6)]);
        let list = world.list();
        let request = CancelPicks { list_id: list, reason: "no time".to_owned(), put_back: false };
        world
            .run(move |tx, ctx| picking::cancel_picks(tx, ctx, request.clone()))
            .expect("given up");
        let next = world.list();
        assert_eq!(whole(world.lines(next)[0].to_pick), 6);
        world.assert_sound();
    });
}

#[test]
fn sets_leave_whole() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 9), (1, 1, 9)]);
        let order = world.order(vec![goods_of("KIT", 3)]).order_id;
        let list = world.list();
        world.pick_all(list);
        let one = world.pack(order, vec![packed(0, 4), packed(1, 1)]).expect("packed");
        let refused = world.ship(&[one.package_id]).expect_err("uneven").problem();
        assert_eq!(refused.code, "uneven_line", "{}", refused.detail);
        assert!(refused.detail.contains("4 of P0000, 1 of P0001"), "{}", refused.detail);
        let two = world.pack(order, vec![packed(1, 1)]).expect("packed");
        world.ship(&[one.package_id, two.package_id]).expect("two sets");
        assert_eq!(whole(world.detail(order).lines[0].shipped), 2);
        let rest = world.pack(order, Vec::new()).expect("packed");
        assert_eq!(rest.state, PackageState::Ready);
        world.ship(&[rest.package_id]).expect("the third");
        assert_eq!(whole(world.detail(order).lines[0].shipped), 3);
        world.assert_sound();
    });
}
