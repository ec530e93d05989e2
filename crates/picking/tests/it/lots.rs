use super::world::{World, bin, goods_of, whole};
use base::{Quantity, Rule};
use picking::{IfMissing, MissingGoods, PackScan, PickScan};
use store::testing::on_both_engines;

fn scan(lot: Option<&str>, at: usize, pieces: i64) -> PickScan {
    PickScan {
        place: bin(at),
        code: "LOT".to_owned(),
        lot: lot.map(str::to_owned),
        quantity: Some(Quantity::units(pieces)),
        missing: None,
    }
}

fn packed(lot: Option<&str>, pieces: i64) -> PackScan {
    PackScan {
        code: "LOT".to_owned(),
        lot: lot.map(str::to_owned),
        quantity: Some(Quantity::units(pieces)),
    }
}

#[test]
fn lots_are_picked_packed_and_shipped_as_they_are_kept() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive_lots(&[("A7", 0, 3), ("B8", 0, 3)]);
        let order = world.order(vec![goods_of("LOT", 5)]).order_id;
        let list = world.list();
        let walk: Vec<_> = world
            .lines(list)
            .into_iter()
            .map(|line| (line.stop, line.lot, whole(line.to_pick)))
            .collect();
        assert_eq!(walk, [(1, "A7".to_owned(), 3), (2, "B8".to_owned(), 2)]);
        let refused = |scan: PickScan, code: &str, detail: &str| {
            let problem = world.pick(list, vec![scan]).expect_err(code).problem();
            assert_eq!(problem.code, code, "{}", problem.detail);
            assert!(problem.detail.contains(detail), "{}", problem.detail);
        };
        refused(scan(None, 0, 1), "lot_missing", "A7, B8");
        refused(scan(Some("C9"), 0, 1), "wrong_lot", "from A7, B8, not from C9");
        refused(scan(Some("B8"), 0, 3), "exceeds_to_pick", "but 2 are");
        world.pick(list, vec![scan(Some("A7"), 0, 3), scan(Some("B8"), 0, 2)]).expect("picked");
        let check = |scan: PackScan, code: &str| {
            let problem = world.pack(order, vec![scan]).expect_err(code).problem();
            assert_eq!(problem.code, code, "{}", problem.detail);
        };
        check(packed(None, 1), "lot_missing");
        check(packed(Some("C9"), 1), "wrong_lot");
        check(packed(Some("A7"), 4), "exceeds_picked");
        let package = world.pack(order, vec![packed(Some("B8"), 2)]).expect("packed");
        world.ship(&[package.package_id]).expect("shipped");
        let ctx = world.ctx.clone();
        let left = db.read(move |tx| stock::list_lots(tx, &ctx, stock::LotFilter::default()));
        let left: Vec<_> = left
            .expect("lots")
            .lines
            .into_iter()
            .map(|lot| (lot.lot, whole(lot.on_hand)))
            .collect();
        assert!(left.contains(&("B8".to_owned(), 1)), "{left:?}");
        assert!(left.contains(&("A7".to_owned(), 3)), "{left:?}");
        world.assert_sound();
    });
}

#[test]
fn what_is_not_found_is_taken_from_another_lot() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive_lots(&[("A7", 0, 3)]);
        let order = world.order(vec![goods_of("LOT", 3)]).order_id;
        let list = world.list();
        world.receive_lots(&[("B8", 0, 1), ("C9", 1, 9)]);
        let missing =
            MissingGoods { reason: "leaking".to_owned(), then: IfMissing::Relocate, count: true };
        let short = PickScan { missing: Some(missing), ..scan(Some("A7"), 0, 1) };
        let done = world.pick(list, vec![short]).expect("picked");
        let added: Vec<_> = done
            .added
            .iter()
            .map(|line| (line.place.clone(), line.lot.as_str(), whole(line.quantity)))
            .collect();
        assert_eq!(added, [(bin(1), "C9", 1), (bin(0), "B8", 1)]);
        world.pick_all(list);
        let package = world.pack(order, Vec::new()).expect("packed");
        assert_eq!(package.packed.len(), 3);
        world.ship(&[package.package_id]).expect("shipped");
        world.assert_sound();
    });
}
