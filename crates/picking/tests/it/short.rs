use super::world::{World, bin, goods, scan, short, sku, whole};
use base::{Quantity, Rule};
use counting::{CountFilter, CountLineFilter};
use picking::{IfMissing, MissingGoods, PickLineFilter, PickScan, PickState};
use store::testing::on_both_engines;

/// The sheets there are: their memos and lines.
fn sheets(world: &World<'_>) -> Vec<(String, i64)> {
    let ctx = world.ctx.clone();
    let found = world.db.read(move |tx| counting::list_counts(tx, &ctx, CountFilter::default()));
    found.expect("sheets").lines.into_iter().map(|row| (row.memo, row.lines)).collect()
}

#[test]
fn what_is_not_found_is_picked_elsewhere_and_its_place_is_to_be_counted() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 9)]);
        let order = world.order(vec![goods(0, 6)]);
        let list = world.list();
        // Free goods lie in two more bins, and in the same one.
        world.receive(&[(0, 1, 3), (0, 2, 9)]);
        let done = world.pick(list, vec![short(0, 0, 2, IfMissing::Relocate)]).expect("picked");
        assert_eq!((done.state, done.lacking.len()), (PickState::Picking, 0));
        assert_eq!((whole(done.lines[0].picked), whole(done.lines[0].missed)), (2, 4));
        let added: Vec<_> = done
            .added
            .iter()
            .map(|line| (line.line, line.stop, line.place.clone(), whole(line.quantity)))
            .collect();
        assert_eq!(added, [(2, 2, bin(1), 3), (3, 3, bin(2), 1)]);
        let sheet = done.count.expect("a sheet");
        assert_eq!(
            sheets(&world),
            [(
                format!(
                    "not found when {} was picked; 2 P0000 of {} are taken and not shipped",
                    done.number,
                    bin(0)
                ),
                1
            )]
        );
        let ctx = world.ctx.clone();
        let filter =
            CountLineFilter { count_id: Some(sheet.count_id), ..CountLineFilter::default() };
        let lines = db.read(move |tx| counting::list_count_lines(tx, &ctx, filter.clone()));
        let lines = lines.expect("lines").lines;
        assert_eq!((lines.len(), &*lines[0].sku, &*lines[0].place), (1, &*sku(0), &*bin(0)));
        world.assert_sound();

        world.pick_all(list);
        let package = world.pack(order.order_id, Vec::new()).expect("packed");
        world.ship(&[package.package_id]).expect("shipped");
        assert_eq!(world.stock(), [(sku(0), bin(0), 7), (sku(0), bin(2), 8)]);
        let missed = PickLineFilter { missed: true, ..PickLineFilter::default() };
        assert_eq!(world.find_lines(missed).len(), 1);
        assert_eq!(world.row(list).state, PickState::Closed);
        world.assert_sound();
    });
}

#[test]
fn what_is_nowhere_becomes_a_back_order_and_one_count_is_asked_for() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 4), (1, 1, 4)]);
        let orders: Vec<_> = (0..2).map(|_| world.order(vec![goods(0, 2)])).collect();
        let lists = world.plan(picking::PlanPicks::default()).lists;
        let done = world.pick(lists[0].list_id, vec![short(0, 0, 0, IfMissing::Relocate)]);
        let done = done.expect("picked");
        assert_eq!((done.state, done.added.len()), (PickState::Cancelled, 0));
        assert_eq!(whole(done.lacking[0].quantity), 2);
        assert_eq!(done.lacking[0].order_number, orders[0].number);
        assert!(done.count.is_some());
        let line = &world.detail(orders[0].order_id).lines[0];
        assert_eq!((whole(line.reserved), whole(line.quantity)), (0, 2));

        // The other picker misses goods at the same place: it waits for its count already.
        let done = world.pick(lists[1].list_id, vec![short(0, 0, 1, IfMissing::BackOrder)]);
        let done = done.expect("picked");
        assert_eq!((done.state, done.count), (PickState::Picked, None));
        assert_eq!(whole(done.lacking[0].quantity), 1);
        assert_eq!(sheets(&world).len(), 1);
        world.assert_sound();
    });
}

#[test]
fn goods_that_are_given_up_are_not_sought_elsewhere() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 3), (1, 0, 3)]);
        let order = world.order(vec![goods(0, 3), goods(1, 3)]);
        let list = world.list();
        world.receive(&[(0, 1, 9)]);
        let quiet = |then| {
            let missing = MissingGoods { reason: "broken".to_owned(), then, count: false };
            PickScan { missing: Some(missing), ..scan(0, 0, 1) }
        };
        let done = world.pick(list, vec![quiet(IfMissing::BackOrder)]).expect("picked");
        assert_eq!((done.added.len(), whole(done.lacking[0].quantity), done.count), (0, 2, None));
        assert_eq!(sheets(&world), []);
        let problem = |scan: PickScan| world.pick(list, vec![scan]).expect_err("refused").problem();
        assert_eq!(problem(quiet(IfMissing::BackOrder)).code, "exceeds_to_pick");
        assert_eq!(
            problem(PickScan { quantity: None, ..quiet(IfMissing::Relocate) }).code,
            "nothing_missing"
        );
        let all = PickScan {
            code: sku(1),
            quantity: Some(Quantity::units(3)),
            ..quiet(IfMissing::Relocate)
        };
        assert_eq!(problem(all).code, "nothing_missing");
        let missing = MissingGoods { reason: " ".into(), then: IfMissing::Relocate, count: true };
        let silent = PickScan { code: sku(1), missing: Some(missing), ..scan(0, 0, 1) };
        assert_eq!(problem(silent).code, "text_empty");

        // What the order lacks is reserved again, by the books where it was not found. It comes to a list
        // of its own once the line that has its place is done.
        let order_id = order.order_id;
        let request = sales::ReserveOrder { order_id };
        world.run(move |tx, ctx| sales::reserve_order(tx, ctx, request.clone())).expect("kept");
        assert_eq!(world.plan(picking::PlanPicks::default()).lists, []);
        world.pick_all(list);
        let package = world.pack(order_id, Vec::new()).expect("packed");
        assert_eq!(package.packed.iter().map(|it| whole(it.quantity)).collect::<Vec<_>>(), [1, 3]);
        world.ship(&[package.package_id]).expect("shipped");
        let second = world.list();
        assert_eq!(whole(world.lines(second)[0].to_pick), 2);
        world.assert_sound();
    });
}

#[test]
fn a_picker_who_may_not_count_says_so_or_leaves_it() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 3)]);
        world.order(vec![goods(0, 3)]);
        let list = world.list();
        let picker =
            identity::testing::holding(&world.ctx, world.ctx.user_id, &["picking.pick"], None);
        let pick = |count: bool| {
            let ctx = picker.clone();
            let mut scan = short(0, 0, 1, IfMissing::BackOrder);
            if let Some(missing) = &mut scan.missing {
                missing.count = count;
            }
            let request =
                picking::PickGoods { list_id: list, lines: vec![scan], client_ref: String::new() };
            db.write(move |tx| picking::pick(tx, &ctx, request.clone()))
        };
        assert_eq!(pick(true).expect_err("no counting").problem().code, "permission_denied");
        assert_eq!(world.row(list).state, PickState::Open);
        assert_eq!(pick(false).expect("picked").count, None);
        world.assert_sound();
    });
}
