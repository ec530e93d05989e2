use super::world::{NORTH, SOUTH, WH, World, goods, kits, whole};
use base::{Id, Rule, SalesOrderId};
use fulfilment::{RouteChoice, RouteFilter, WaitReason};
use sales::ElementOutcome;
use store::testing::on_both_engines;

#[test]
fn an_order_goes_whole_to_the_first_warehouse_that_can_fill_it() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH", "NORTH"], false);
        world.receive(WH, &[(0, 6)]);
        world.receive(SOUTH, &[(0, 9)]);
        world.receive(NORTH, &[(0, 12)]);
        let order = world.order(vec![goods(0, 10)]).order_id;
        assert_eq!(world.there(WH, 0), (6, 0));

        let routed = world.route_one(order);
        assert_eq!(routed.outcome, ElementOutcome::Done);
        assert_eq!(routed.choice, Some(RouteChoice::Elsewhere));
        assert_eq!(routed.warehouse_id, Some(world.warehouses[NORTH].warehouse_id));
        assert_eq!(whole(routed.reserved), 10);
        let could: Vec<i64> = routed.could_give.iter().map(|could| whole(could.quantity)).collect();
        assert_eq!(could, [6, 9, 10]);
        assert_eq!(world.there(WH, 0), (6, 6), "what was kept there is free again");
        assert_eq!(world.there(NORTH, 0), (12, 2));
        world.assert_sound();

        let again = world.route_one(order);
        assert_eq!(again.outcome, ElementOutcome::Repeated);
        assert_eq!(again.choice, Some(RouteChoice::Reserved));
        assert_eq!((again.route_id, again.revision), (None, routed.revision));

        let shipped = world.ship(order, NORTH).expect("shipped");
        assert_eq!(shipped.cost.minor, 1_000);
        assert_eq!(world.there(NORTH, 0), (2, 2));
        assert_eq!(world.detail(order).head.warehouse, "NORTH");
        world.assert_sound();
    });
}

#[test]
fn goods_in_quarantine_and_on_their_way_are_not_there() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], true);
        world.quarantine(SOUTH, &[(0, 50)]);
        let order = world.order(vec![goods(0, 4)]).order_id;
        let routed = world.route_one(order);
        assert_eq!(routed.choice, Some(RouteChoice::Waits));
        assert_eq!(routed.reason, Some(WaitReason::Short));
        assert!(routed.route_id.is_some(), "the first answer is kept");
        assert_eq!(world.route_one(order).route_id, None, "the same answer is not");
        world.assert_sound();

        world.receive(SOUTH, &[(0, 4)]);
        let routed = world.route_one(order);
        assert_eq!(routed.choice, Some(RouteChoice::Elsewhere));
        world.ship(order, SOUTH).expect("shipped");
        world.assert_sound();
    });
}

#[test]
fn a_channel_that_splits_ships_each_part_from_where_it_is() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH", "NORTH"], false);
        world.receive(WH, &[(0, 6)]);
        world.receive(SOUTH, &[(0, 2)]);
        world.receive(NORTH, &[(0, 5), (1, 3)]);
        let order = world.order(vec![goods(0, 10), goods(1, 3)]).order_id;
        let waits = world.route_one(order);
        assert_eq!(waits.choice, Some(RouteChoice::Waits));
        assert_eq!(waits.reason, Some(WaitReason::SplitNotAllowed));
        assert_eq!(world.there(WH, 0), (6, 0), "what is there stays kept");

        world.rank(&["WH", "SOUTH", "NORTH"], true);
        let routed = world.route_one(order);
        assert_eq!(routed.choice, Some(RouteChoice::Split));
        let parts: Vec<(i64, i64)> =
            routed.parts.iter().map(|part| (part.line, whole(part.quantity))).collect();
        assert_eq!(parts, [(1, 6), (1, 4), (2, 3)]);
        assert_eq!(world.there(SOUTH, 0), (2, 2), "two warehouses are enough");
        assert_eq!(world.there(NORTH, 0), (5, 1));
        assert_eq!(world.route_one(order).outcome, ElementOutcome::Repeated);
        world.assert_sound();

        let first = world.ship(order, WH).expect("the first part");
        assert_eq!(first.cost.minor, 600);
        assert_eq!(world.ship(order, WH).expect_err("gone").problem().code, "nothing_to_ship");
        world.assert_sound();
        let second = world.ship(order, NORTH).expect("the second part");
        assert_eq!(second.cost.minor, 700);
        assert_eq!(second.state, sales::OrderState::Closed);
        assert_eq!(first.net.minor + second.net.minor, 6_500);
        world.assert_sound();
    });
}

#[test]
fn when_all_have_too_little_the_rest_waits_at_home_and_is_routed_when_goods_came() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], true);
        world.receive(WH, &[(0, 2)]);
        world.receive(SOUTH, &[(0, 3)]);
        let order = world.order(vec![goods(0, 10)]).order_id;
        let routed = world.route_one(order);
        assert_eq!(routed.choice, Some(RouteChoice::Split));
        assert_eq!(routed.reason, Some(WaitReason::Short));
        assert_eq!(world.there(SOUTH, 0), (3, 0));
        let again = world.route_one(order);
        assert_eq!((again.outcome, again.route_id), (ElementOutcome::Repeated, None));
        world.assert_sound();
        world.ship(order, SOUTH).expect("a part");
        world.receive(SOUTH, &[(0, 20)]);
        let routed = world.route_one(order);
        assert_eq!(routed.choice, Some(RouteChoice::Elsewhere));
        world.ship(order, SOUTH).expect("the rest");
        assert_eq!(world.there(WH, 0), (2, 2));
        world.assert_sound();
    });
}

#[test]
fn kits_leave_a_warehouse_whole() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], true);
        world.receive(WH, &[(0, 7), (1, 4)]);
        world.receive(SOUTH, &[(0, 9), (1, 2)]);
        let order = world.order(vec![kits(5)]).order_id;
        let routed = world.route_one(order);
        assert_eq!(routed.choice, Some(RouteChoice::Split));
        let parts: Vec<i64> = routed.parts.iter().map(|part| whole(part.quantity)).collect();
        assert_eq!(parts, [3, 2]);
        world.assert_sound();
        world.ship(order, SOUTH).expect("two kits");
        world.assert_sound();
        let rest = world.ship(order, WH).expect("three kits");
        assert_eq!(rest.state, sales::OrderState::Closed);
        assert_eq!(world.there(WH, 0), (1, 1));
        world.assert_sound();
    });
}

#[test]
fn each_order_of_a_batch_is_decided_after_those_before_it() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], false);
        world.receive(WH, &[(0, 4)]);
        let first = world.order(vec![goods(0, 6)]).order_id;
        let second = world.order(vec![goods(0, 4)]).order_id;
        let third = world.order(vec![goods(0, 5)]).order_id;
        world.receive(SOUTH, &[(0, 6)]);
        let unknown = base::Id::from_raw(1);
        let answers = world.route(&[first, unknown, second, third, first]).expect("a batch");
        let told: Vec<_> = answers
            .results
            .iter()
            .map(|result| (result.element, result.outcome, result.choice))
            .collect();
        let expected = [
            (1, ElementOutcome::Done, Some(RouteChoice::Elsewhere)),
            (2, ElementOutcome::Refused, None),
            (3, ElementOutcome::Done, Some(RouteChoice::Here)),
            (4, ElementOutcome::Repeated, Some(RouteChoice::Waits)),
            (5, ElementOutcome::Refused, None),
        ];
        assert_eq!(told, expected);
        assert_eq!(answers.results[1].code.as_deref(), Some("order_not_found"));
        assert_eq!(answers.results[4].code.as_deref(), Some("order_twice"));
        assert_eq!((world.there(WH, 0), world.there(SOUTH, 0)), ((4, 0), (6, 0)));
        world.assert_sound();
    });
}

#[test]
fn a_route_is_kept_with_its_basis_and_decided_again() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], false);
        world.receive(SOUTH, &[(0, 5)]);
        let order = world.order(vec![goods(0, 5)]).order_id;
        let routed = world.route_one(order);
        let ctx = world.ctx.clone();
        let filter = RouteFilter { order_id: Some(order), ..RouteFilter::default() };
        let list = db.read(move |tx| fulfilment::list_routes(tx, &ctx, filter.clone()));
        let list = list.expect("a list");
        assert_eq!(list.lines.len(), 1);
        assert_eq!(list.lines[0].warehouse, "SOUTH");
        assert_eq!(Some(list.lines[0].route_id), routed.route_id);
        let (ctx, id) = (world.ctx.clone(), list.lines[0].route_id);
        let shown = db.read(move |tx| fulfilment::replay_route(tx, &ctx, id)).expect("the route");
        assert!(shown.same);
        let mut basis = shown.basis.expect("a basis");
        basis.free.clear();
        let other = fulfilment::rules::decide(&basis).expect("a decision");
        assert_ne!(Some(other), shown.replayed, "without goods it is another decision");
    });
}

#[test]
fn a_closed_order_and_a_caller_without_permission_are_refused() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(WH, &[(0, 5)]);
        let order = world.order(vec![goods(0, 5)]).order_id;
        world.ship(order, WH).expect("shipped");
        assert_eq!(world.route_one(order).code.as_deref(), Some("order_not_open"));
        let nobody = identity::testing::holding(&world.ctx, world.ctx.user_id, &["sales.*"], None);
        let request = fulfilment::RouteOrders {
            order_ids: vec![order],
            ..fulfilment::RouteOrders::default()
        };
        let answer = db.write(move |tx| fulfilment::route(tx, &nobody, request.clone()));
        assert_eq!(answer.expect_err("denied").problem().code, "permission_denied");
    });
}

#[test]
fn the_orders_of_a_channel_that_lack_goods_are_routed_the_oldest_first() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], false);
        world.receive(WH, &[(1, 1)]);
        let first = world.order(vec![goods(0, 6)]).order_id;
        let filled = world.order(vec![goods(1, 1)]).order_id;
        let last = world.order(vec![goods(0, 5)]).order_id;
        world.receive(SOUTH, &[(0, 8)]);
        let waiting = |channel: &str| {
            let request = fulfilment::RouteOrders {
                waiting: Some(channel.to_owned()),
                ..fulfilment::RouteOrders::default()
            };
            world.run(move |tx, ctx| fulfilment::route(tx, ctx, request.clone()))
        };
        let routed = waiting("WEB").expect("a batch");
        assert_eq!(routed.next_cursor, None);
        let mut told: Vec<_> =
            routed.results.iter().map(|result| (result.order_id, result.choice)).collect();
        assert!(told.iter().all(|(order, _)| *order != filled));
        // They were ordered in the same moment.
        told.sort_by_key(|(order, _)| *order);
        let choices: Vec<_> = told.iter().filter_map(|(_, choice)| *choice).collect();
        assert_eq!(choices.len(), 2);
        assert!(choices.contains(&RouteChoice::Elsewhere) && choices.contains(&RouteChoice::Waits));
        let again = waiting("WEB").expect("a batch").results;
        assert_eq!((again.len(), again[0].outcome), (1, ElementOutcome::Repeated));
        assert!([first, last].contains(&again[0].order_id));
        let unknown = waiting("NOWHERE").expect_err("no channel");
        assert_eq!(unknown.problem().code, "unknown_channel");
        world.assert_sound();
    });
}

#[test]
fn an_order_that_nobody_can_help_is_not_looked_at_again_until_goods_come() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], false);
        let order = world.order(vec![goods(0, 6)]).order_id;
        let waiting = || {
            let request = fulfilment::RouteOrders {
                waiting: Some("WEB".to_owned()),
                ..fulfilment::RouteOrders::default()
            };
            let routed = world.run(move |tx, ctx| fulfilment::route(tx, ctx, request.clone()));
            let results = routed.expect("a batch").results;
            results.iter().map(|result| (result.order_id, result.choice)).collect::<Vec<_>>()
        };
        assert_eq!(waiting(), [(order, Some(RouteChoice::Waits))]);
        assert_eq!(waiting(), []);
        // Other goods are of no use to it.
        world.receive(SOUTH, &[(1, 8)]);
        assert_eq!(waiting(), []);
        world.receive(SOUTH, &[(0, 2)]);
        assert_eq!(waiting(), [(order, Some(RouteChoice::Waits))]);
        world.receive(SOUTH, &[(0, 4)]);
        assert_eq!(waiting(), [(order, Some(RouteChoice::Elsewhere))]);
        assert_eq!(waiting(), []);
        world.assert_sound();
    });
}

#[test]
fn a_batch_that_is_full_of_named_orders_says_where_those_that_wait_begin() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], false);
        let waits = world.order(vec![goods(0, 6)]).order_id;
        let ask = |order_ids: Vec<SalesOrderId>, cursor: Option<String>| {
            let waiting = Some("WEB".to_owned());
            let request = fulfilment::RouteOrders { order_ids, waiting, cursor };
            let routed = world.run(move |tx, ctx| fulfilment::route(tx, ctx, request.clone()));
            routed.expect("a batch")
        };
        let nobody = |n: i64| SalesOrderId::from_raw(1_000_000 + n);
        let named = (1..=sales::MAX_BATCH as i64).map(nobody).collect();
        let full = ask(named, None);
        assert!(full.results.iter().all(|it| it.outcome == ElementOutcome::Refused));
        assert!(full.next_cursor.is_some());
        let rest = ask(Vec::new(), full.next_cursor);
        let told: Vec<_> = rest.results.iter().map(|result| result.order_id).collect();
        assert_eq!((told, rest.next_cursor), (vec![waits], None));
    });
}

#[test]
fn a_lot_past_its_last_day_is_not_there() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let mut world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], false);
        world.receive_lot(SOUTH, (0, 6), world.ctx.today.plus(3).expect("a day"));
        let order = world.order(vec![goods(0, 6)]).order_id;
        world.days_later(4);
        let routed = world.route_one(order);
        assert_eq!(
            (routed.choice, routed.reason),
            (Some(RouteChoice::Waits), Some(WaitReason::Short))
        );
        world.days_later(-1);
        assert_eq!(world.route_one(order).choice, Some(RouteChoice::Elsewhere));
        world.assert_sound();
    });
}
