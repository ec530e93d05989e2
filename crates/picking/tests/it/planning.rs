use super::world::{World, bin, goods, goods_of, scan, sku, whole};
use base::{Id, Rule, UserId};
use picking::{AssignPicks, PickKind, PickListFilter, PlanPicks};
use store::testing::on_both_engines;

#[test]
fn a_batch_walks_each_bin_once_for_several_orders() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 3);
        world.receive(&[(0, 0, 9), (1, 1, 9)]);
        let orders: Vec<_> = (1..=3).map(|n| world.order(vec![goods(0, n), goods(1, 1)])).collect();
        let request = PlanPicks {
            kind: Some(PickKind::Batch),
            orders_per_list: Some(2),
            ..PlanPicks::default()
        };
        let planned = world.plan(request.clone());
        let told: Vec<_> =
            planned.lists.iter().map(|list| (list.orders, list.stops, list.lines)).collect();
        assert_eq!(told, [(2, 2, 4), (1, 2, 2)]);
        assert_eq!(planned.lists[0].title, "2 orders");
        assert_eq!(world.plan(request), picking::PicksPlanned { lists: vec![], left_out: vec![] });

        // One scan of a stop serves the orders one after another.
        let list = planned.lists[0].list_id;
        let done = world.pick(list, vec![scan(0, 0, 2)]).expect("picked");
        let shared: Vec<_> =
            done.lines.iter().map(|line| (&*line.order_number, whole(line.picked))).collect();
        assert_eq!(shared, [(&*orders[0].number, 1), (&*orders[1].number, 1)]);
        world.pick(list, vec![scan(0, 0, 1), scan(1, 1, 2)]).expect("picked");
        let mut packages = Vec::new();
        for order in &orders[..2] {
            packages.push(world.pack(order.order_id, Vec::new()).expect("packed").package_id);
        }
        world.assert_sound();
        let shipped = world.ship(&packages).expect("shipped");
        assert_eq!(shipped.shipments.len(), 2);
        assert_eq!(world.stock(), [(sku(0), bin(0), 6), (sku(1), bin(1), 7)]);
        world.assert_sound();
    });
}

#[test]
fn a_wave_is_of_a_channel_and_a_day() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 90)]);
        for (channel, due) in [
            ("B2B", "2026-01-08"),
            ("EDI", "2026-01-07"),
            ("B2B", "2026-01-07"),
            ("B2B", "2026-01-08"),
        ] {
            world.order_of(channel, Some(due), vec![goods(0, 1)]);
        }
        let wave = PlanPicks { kind: Some(PickKind::Wave), ..PlanPicks::default() };
        let due_by = base::Day::parse("2026-01-07").ok();
        let early = PlanPicks { channel: Some("EDI".to_owned()), due_by, ..wave.clone() };
        let titles = |request: PlanPicks| -> Vec<(String, i64)> {
            let planned = world.plan(request);
            planned.lists.into_iter().map(|list| (list.title, list.orders)).collect()
        };
        assert_eq!(titles(early), [("EDI, due 2026-01-07".to_owned(), 1)]);
        assert_eq!(
            titles(wave),
            [("B2B, due 2026-01-07".to_owned(), 1), ("B2B, due 2026-01-08".to_owned(), 2)]
        );
        let ctx = world.ctx.clone();
        let listed = db.read(move |tx| {
            let filter = PickListFilter {
                kind: Some(PickKind::Wave),
                active: true,
                unassigned: true,
                due_by,
                ..PickListFilter::default()
            };
            picking::list_pick_lists(tx, &ctx, filter)
        });
        assert_eq!(listed.expect("lists").lines.len(), 2);
        world.assert_sound();
    });
}

#[test]
fn orders_that_lack_goods_wait_unless_a_part_is_asked_for() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 5), (1, 0, 1)]);
        let partly = world.order(vec![goods(0, 9)]);
        let none = world.order(vec![goods(1, 1)]);
        let set = world.order(vec![goods_of("KIT", 1), goods(1, 1)]);
        let named = vec![partly.order_id, set.order_id, Id::from_raw(77), none.order_id];
        let request = PlanPicks { order_ids: named, ..PlanPicks::default() };
        let planned = world.plan(request.clone());
        assert_eq!(planned.lists.len(), 1);
        let left = |planned: &picking::PicksPlanned| -> Vec<String> {
            planned.left_out.iter().map(|left| left.code.clone()).collect()
        };
        assert_eq!(left(&planned), ["order_lacks_goods", "order_lacks_goods", "order_not_found"]);
        assert!(planned.left_out[0].detail.contains("still lacks 4"), "{planned:?}");
        let again = world.plan(PlanPicks { partly: true, ..request });
        assert_eq!(left(&again), ["nothing_kept", "order_not_found", "on_a_list"]);
        assert_eq!((again.lists.len(), again.lists[0].lines), (1, 1));
        assert_eq!(whole(world.lines(again.lists[0].list_id)[0].wanted), 5);

        // What comes later for the same order comes to a list of its own.
        world.receive(&[(0, 1, 9)]);
        let request = sales::ReserveOrder { order_id: partly.order_id };
        world.run(move |tx, ctx| sales::reserve_order(tx, ctx, request.clone())).expect("kept");
        let rest = world.list();
        assert_eq!(world.lines(rest)[0].place, bin(1));
        world.assert_sound();
    });
}

#[test]
fn a_list_is_with_one_picker() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 5)]);
        world.order(vec![goods(0, 5)]);
        let list = world.list();
        let other = identity::testing::holding(
            &world.ctx,
            UserId::from_raw(99),
            &["picking.pick", "picking.read"],
            None,
        );
        let assign = |ctx: &identity::Ctx, request: AssignPicks| {
            let ctx = ctx.clone();
            db.write(move |tx| picking::assign_picks(tx, &ctx, request.clone()))
        };
        let take = AssignPicks { list_id: list, picker_id: None, nobody: false };
        assert!(assign(&other, take.clone()).expect("taken").changed);
        assert!(!assign(&other, take.clone()).expect("taken").changed);
        let problem = world.pick(list, vec![scan(0, 0, 1)]).expect_err("taken").problem();
        assert_eq!(problem.code, "pick_list_taken", "{}", problem.detail);
        // Who plans takes it from somebody; who picks does not.
        assert!(assign(&world.ctx, take.clone()).expect("taken").changed);
        assert_eq!(
            assign(&other, take).expect_err("not theirs").problem().code,
            "permission_denied"
        );
        let unknown =
            AssignPicks { list_id: list, picker_id: Some(UserId::from_raw(12_345)), nobody: false };
        assert_eq!(
            assign(&world.ctx, unknown).expect_err("nobody").problem().code,
            "user_not_found"
        );
        let nobody = AssignPicks { list_id: list, picker_id: None, nobody: true };
        assert_eq!(assign(&world.ctx, nobody).expect("free").picker_id, None);
        world.pick(list, vec![scan(0, 0, 1)]).expect("picked");
        world.assert_sound();
    });
}

#[test]
fn who_has_a_role_in_the_company_may_be_given_a_list_and_nobody_else() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 5)]);
        world.order(vec![goods(0, 5)]);
        let list = world.list();
        let elsewhere = identity::testing::ctx(db);
        let picker = elsewhere.user_id;
        let give = || {
            let ctx = world.ctx.clone();
            let request = AssignPicks { list_id: list, picker_id: Some(picker), nobody: false };
            db.write(move |tx| picking::assign_picks(tx, &ctx, request.clone()))
        };
        assert_eq!(give().expect_err("a stranger").problem().code, "user_not_found");
        let (giver, login) = (world.ctx.clone(), format!("tester-{picker}"));
        let role = identity::GrantRole {
            login,
            role: "warehouse".to_owned(),
            warehouse_id: None,
            amount_limit: None,
        };
        db.write(move |tx| identity::grant(tx, &giver, role.clone())).expect("a role");
        assert_eq!(give().expect("given").picker_id, Some(picker));
        let ctx = world.ctx.clone();
        let listed =
            db.read(move |tx| picking::list_pick_lists(tx, &ctx, PickListFilter::default()));
        assert_eq!(listed.expect("lists").lines[0].picker, "Tester");
        world.assert_sound();
    });
}
