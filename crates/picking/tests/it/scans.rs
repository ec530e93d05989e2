use super::world::{BINS, World, bin, goods, scan, sku, whole};
use base::{Quantity, Rule};
use catalog::{AddBarcode, AddPackaging};
use picking::{PickScan, PickState};
use store::testing::on_both_engines;

#[test]
fn a_wrong_scan_is_refused_with_what_is_right() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 3);
        world.receive(&[(0, 0, 5), (1, 1, 5), (2, 2, 5)]);
        world.order(vec![goods(0, 2), goods(1, 3)]);
        let list = world.list();
        let refused = |lines: Vec<PickScan>, code: &str, detail: &str| {
            let problem = world.pick(list, lines).expect_err(code).problem();
            assert_eq!(problem.code, code, "{}", problem.detail);
            assert!(problem.detail.contains(detail), "{}", problem.detail);
        };
        refused(vec![], "nothing_scanned", "name what was taken");
        refused(vec![scan(2, 2, 1)], "not_on_list", "P0002 is not on list PL-");
        refused(vec![scan(0, 1, 1)], "wrong_place", &format!("but at {}", bin(0)));
        refused(vec![scan(0, 0, 3)], "exceeds_to_pick", "3 of P0000 were taken at");
        refused(vec![scan(0, 0, 2), scan(0, 0, 1)], "exceeds_to_pick", "but 0 are to be picked");
        refused(vec![scan(0, 0, 0)], "quantity_not_positive", "above zero");
        let half = PickScan { quantity: Quantity::parse("0.5").ok(), ..scan(0, 0, 1) };
        refused(vec![half], "quantity_not_whole", "0.5 of P0000");
        let unknown = PickScan { code: "4006381333931".to_owned(), ..scan(0, 0, 1) };
        refused(vec![unknown], "unknown_code", "4006381333931");
        // Nothing of a request with a wrong scan was done.
        assert!(world.lines(list).iter().all(|line| line.picked.is_zero()));
        assert_eq!(world.row(list).state, PickState::Open);
        world.assert_sound();
    });
}

#[test]
fn a_case_counts_for_what_it_holds_and_a_repeat_acts_once() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 0, 50)]);
        let order = world.order(vec![goods(0, 26)]);
        let item_id = world.items[0];
        world
            .run(move |tx, ctx| {
                let name = "Case".to_owned();
                let case = AddPackaging { item_id, name, quantity: Quantity::units(12) };
                let case = catalog::add_packaging(tx, ctx, case)?.packaging_id;
                for (code, packaging_id) in [("10614141000415", Some(case)), ("036000291452", None)]
                {
                    let code = code.to_owned();
                    catalog::add_barcode(tx, ctx, AddBarcode { item_id, code, packaging_id })?;
                }
                Ok::<_, catalog::AddBarcodeError>(())
            })
            .expect("barcodes");
        let list = world.list();
        let code = |code: &str, quantity: i64| PickScan {
            place: bin(0),
            code: code.to_owned(),
            quantity: Some(Quantity::units(quantity)),
            ..PickScan::default()
        };
        let scans = vec![code("10614141000415", 2), code("(01)00036000291452(10)A7", 1)];
        let first = world.pick_under(list, scans.clone(), "walk 1").expect("picked");
        assert_eq!(first.lines.iter().map(|line| whole(line.picked)).collect::<Vec<_>>(), [24, 1]);
        let again = world.pick_under(list, scans, "walk 1").expect("the same");
        assert!(again.repeated);
        assert_eq!(again.lines.iter().map(|line| whole(line.picked)).sum::<i64>(), 25);
        assert_eq!(whole(world.lines(list)[0].picked), 25);
        assert_eq!((sku(0), BINS[0]), (world.lines(list)[0].sku.clone(), "A-10"));
        world.pick(list, vec![code("036000291452", 1)]).expect("picked");
        assert_eq!(world.row(list).state, PickState::Picked);
        let done = world.pick(list, vec![code("036000291452", 1)]).expect_err("nothing").problem();
        assert_eq!(done.code, "pick_list_not_open", "{}", done.detail);
        world.pack(order.order_id, Vec::new()).expect("packed");
        world.assert_sound();
    });
}
