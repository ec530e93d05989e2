use super::world::{World, bin, goods, packed, packing, scan, sku, whole};
use base::{Quantity, Rule};
use picking::{
    LabelFields, PackGoods, PackScan, PackageFilter, PackageState, PickState, ShipPackages, Unpack,
};
use store::testing::on_both_engines;

#[test]
fn an_order_is_picked_in_bin_order_packed_and_shipped() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 3);
        world.receive(&[(0, 0, 5), (1, 1, 5), (2, 2, 5)]);
        let order = world.order(vec![goods(0, 2), goods(1, 3), goods(2, 1)]);
        let list = world.list();
        let walk: Vec<_> = world
            .lines(list)
            .into_iter()
            .map(|line| (line.stop, line.place, line.sku, whole(line.to_pick), line.order_line))
            .collect();
        assert_eq!(
            walk,
            [(1, bin(1), sku(1), 3, 2), (2, bin(0), sku(0), 2, 1), (3, bin(2), sku(2), 1, 3),]
        );
        assert_eq!((world.row(list).state, world.row(list).picker_id), (PickState::Open, None));

        let first = world.pick(list, vec![scan(1, 1, 3)]).expect("picked");
        assert_eq!((first.state, first.lines.len()), (PickState::Picking, 1));
        let row = world.row(list);
        assert_eq!((row.picker_id, row.picker.as_str()), (Some(world.ctx.user_id), "Tester"));
        let rest = world.pick(list, vec![scan(0, 0, 2), scan(2, 2, 1)]).expect("picked");
        assert_eq!(rest.state, PickState::Picked);
        // The books have the goods where they were until they leave.
        assert_eq!(world.stock().iter().map(|row| row.2).sum::<i64>(), 15);

        let one = world.pack(order.order_id, vec![packed(0, 2), packed(1, 1)]).expect("packed");
        assert_eq!((one.state, one.weight_grams), (PackageState::Ready, 750));
        assert_eq!(one.left.iter().map(|left| whole(left.quantity)).sum::<i64>(), 3);
        let label = LabelFields {
            carrier: Some("DPD".to_owned()),
            tracking: Some("T2".to_owned()),
            weight_grams: Some(999),
            ..LabelFields::default()
        };
        let two = PackGoods { everything: true, label, ..packing(order.order_id) };
        let two = world.pack_as(two).expect("packed");
        assert_eq!((two.left.len(), two.weight_grams), (0, 999));
        world.assert_sound();

        let request = ShipPackages { order_ids: vec![order.order_id], ..ShipPackages::default() };
        let shipped = world
            .run(move |tx, ctx| picking::ship_packages(tx, ctx, request.clone()))
            .expect("shipped");
        assert_eq!(shipped.shipments.len(), 1);
        assert_eq!(shipped.shipments[0].packages, [one.number.clone(), two.number.clone()]);
        let shipment = shipped.shipments[0].shipment.shipment_id;
        let ctx = world.ctx.clone();
        let told = db.read(move |tx| sales::shipment(tx, &ctx, shipment)).expect("the shipment");
        assert_eq!((told.head.carrier.as_str(), told.head.tracking.as_str()), ("DPD", "T2"));
        let left = world.stock().into_iter().map(|(.., pieces)| pieces).collect::<Vec<_>>();
        assert_eq!(left, [3, 2, 4]);
        assert_eq!(world.row(list).state, PickState::Closed);
        for line in world.detail(order.order_id).lines {
            assert_eq!(line.shipped, line.quantity);
        }
        let again = world.ship(&[one.package_id, two.package_id]).expect("nothing");
        assert_eq!((again.shipments.len(), again.repeated.len()), (0, 2));
        let ctx = world.ctx.clone();
        let packages = db.read(move |tx| {
            let filter = PackageFilter { shipment_id: Some(shipment), ..PackageFilter::default() };
            picking::list_packages(tx, &ctx, filter)
        });
        let packages = packages.expect("packages").lines;
        assert_eq!(packages.len(), 2);
        assert!(
            packages.iter().all(|row| row.state == PackageState::Shipped && row.partner == "C1")
        );
        world.assert_sound();
    });
}

#[test]
fn what_is_packed_must_have_been_picked() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 3);
        world.receive(&[(0, 0, 5), (1, 0, 5), (2, 0, 5)]);
        let order = world.order(vec![goods(0, 2), goods(1, 1)]);
        let refused = |lines: Vec<PackScan>, code: &str, detail: &str| {
            let problem = world.pack(order.order_id, lines).expect_err(code).problem();
            assert_eq!(problem.code, code, "{}", problem.detail);
            assert!(problem.detail.contains(detail), "{}", problem.detail);
        };
        refused(vec![packed(0, 1)], "nothing_picked", &order.number);
        let list = world.list();
        world.pick(list, vec![scan(0, 0, 2)]).expect("picked");
        refused(vec![packed(2, 1)], "wrong_item", "P0002 was not picked");
        refused(vec![packed(1, 1)], "wrong_item", "P0001 was not picked");
        refused(vec![packed(0, 3)], "exceeds_picked", "3 of P0000 were scanned, but 2 are picked");
        refused(vec![packed(0, 1), packed(0, 2)], "exceeds_picked", "2 of P0000");
        refused(vec![packed(0, 0)], "quantity_not_positive", "above zero");
        let unknown = PackScan { code: "4006381333931".to_owned(), ..PackScan::default() };
        refused(vec![unknown], "unknown_code", "4006381333931");
        let one = world.pack(order.order_id, vec![packed(0, 1)]).expect("packed");
        refused(vec![packed(0, 2)], "exceeds_picked", "but 1 are picked and not packed");
        world.assert_sound();

        let again = PackGoods {
            client_ref: "box".into(),
            lines: vec![packed(0, 1)],
            close: false,
            ..packing(order.order_id)
        };
        let two = world.pack_as(again.clone()).expect("packed");
        assert_eq!((two.state, two.repeated), (PackageState::Open, false));
        let repeat = world.pack_as(again).expect("the same");
        assert!(repeat.repeated && repeat.package_id == two.package_id);
        assert_eq!(repeat.packed, two.packed);
        let problem = world.ship(&[one.package_id, two.package_id]).expect_err("open").problem();
        assert_eq!(problem.code, "package_not_ready", "{}", problem.detail);

        world.pick(list, vec![scan(1, 0, 1)]).expect("picked");
        let close = PackGoods {
            package_id: Some(two.package_id),
            lines: vec![packed(1, 1)],
            ..packing(order.order_id)
        };
        let closed = world.pack_as(close.clone()).expect("packed");
        assert_eq!((closed.state, closed.weight_grams), (PackageState::Ready, 500));
        let problem = world.pack_as(close).expect_err("closed").problem();
        assert_eq!(problem.code, "package_not_open", "{}", problem.detail);
        world.assert_sound();

        let request = Unpack { package_id: two.package_id, reason: "wrong box".to_owned() };
        let unpack = move |tx: &mut store::Tx<'_>, ctx: &identity::Ctx| {
            picking::unpack(tx, ctx, request.clone())
        };
        assert!(!world.run(unpack.clone()).expect("unpacked").repeated);
        assert!(world.run(unpack).expect("unpacked").repeated);
        let all = world.pack(order.order_id, Vec::new()).expect("packed");
        assert_eq!(all.packed.len(), 2);
        world.ship(&[one.package_id, all.package_id]).expect("shipped");
        assert_eq!(world.row(list).state, PickState::Closed);
        world.assert_sound();
    });
}

#[test]
fn an_order_leaves_in_parts_and_nothing_leaves_twice() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 4), (0, 1, 4)]);
        let order = world.order(vec![goods(0, 8)]);
        let list = world.list();
        // What was taken last leaves first: the books follow the packages, not the order of places.
        world.pick(list, vec![scan(0, 0, 4)]).expect("picked");
        let one = world.pack(order.order_id, vec![packed(0, 3)]).expect("packed");
        world.ship(&[one.package_id]).expect("shipped");
        let left = vec![(sku(0), bin(0), 1), (sku(0), bin(1), 4)];
        assert_eq!(world.stock(), left);
        assert_eq!(world.row(list).state, PickState::Picking);
        world.pick(list, vec![scan(0, 1, 4)]).expect("picked");
        let two = world.pack(order.order_id, Vec::new()).expect("packed");
        assert_eq!(two.packed.iter().map(|goods| whole(goods.quantity)).sum::<i64>(), 5);
        world.ship(&[two.package_id]).expect("shipped");
        assert_eq!(world.stock(), []);
        assert_eq!(world.detail(order.order_id).lines[0].shipped, Quantity::units(8));
        world.assert_sound();
    });
}
