use super::world::{World, bin, goods, sku};
use base::Quantity;
use picking::{
    CancelPicks, IfMissing, MissingGoods, PickGoods, PickScan, PlanPicks, PutBack, ShipPackages,
    Unpack,
};
use store::testing::on_both_engines;

#[test]
fn every_statement_reads_the_same_on_both_engines() {
    store::testing::assert_statements_agree(&picking::SCHEMA);
}

/// The statements of a door.
macro_rules! counted {
    ($world:expr, $error:ty, $door:path, $request:expr) => {{
        let request = $request;
        let done = $world.run(move |tx, ctx| {
            let before = tx.statements();
            let answer = $door(tx, ctx, request.clone())?;
            tx.flush()?;
            Ok::<_, $error>((answer, tx.statements() - before))
        });
        done.expect(stringify!($door))
    }};
}

/// The statements of each step with so many lines.
fn count(world: &World<'_>, lines: usize) -> Vec<(&'static str, u64)> {
    let pieces = |pieces: i64| (0..lines).map(|item| goods(item, pieces)).collect();
    let scans = |quantity: i64, missing: Option<MissingGoods>| -> Vec<PickScan> {
        let scan = |item| PickScan {
            place: bin(0),
            code: sku(item),
            lot: None,
            quantity: Some(Quantity::units(quantity)),
            missing: missing.clone(),
        };
        (0..lines).map(scan).collect()
    };
    let mut counts = Vec::new();
    let order_id = world.order(pieces(3)).order_id;
    let (planned, statements) =
        counted!(world, picking::PlanPicksError, picking::plan_picks, PlanPicks::default());
    counts.push(("plan", statements));
    let list_id = planned.lists[0].list_id;
    let request = |lines| PickGoods { list_id, lines, client_ref: "a".to_owned() };
    let (_, statements) =
        counted!(world, picking::PickError, picking::pick, request(scans(1, None)));
    counts.push(("pick", statements));
    let missing = MissingGoods { reason: "gone".into(), then: IfMissing::Relocate, count: true };
    let request = PickGoods { client_ref: "b".to_owned(), ..request(scans(1, Some(missing))) };
    let (done, statements) = counted!(world, picking::PickError, picking::pick, request);
    assert_eq!(done.added.len(), lines);
    counts.push(("pick short", statements));
    let packing = picking::PackGoods { everything: true, ..super::world::packing(order_id) };
    let (package, statements) = counted!(world, picking::PackError, picking::pack, packing.clone());
    counts.push(("pack", statements));
    let package_id = package.package_id;
    let unpack = Unpack { package_id, reason: "again".to_owned() };
    let (_, statements) = counted!(world, picking::UnpackError, picking::unpack, unpack);
    counts.push(("unpack", statements));
    let package_ids = vec![world.pack_as(packing.clone()).expect("packed").package_id];
    let ship = ShipPackages { package_ids, ..ShipPackages::default() };
    let (_, statements) = counted!(world, picking::ShipPackagesError, picking::ship_packages, ship);
    counts.push(("ship", statements));
    world.pick_all(list_id);
    let back = (1..=2 * lines as i64).skip(lines);
    let back = back.map(|line| picking::PutBackLine { line, quantity: Some(Quantity::ONE) });
    let put_back = PutBack { list_id, lines: back.collect() };
    let (_, statements) = counted!(world, picking::PutBackError, picking::put_back, put_back);
    counts.push(("put back", statements));
    world.order(pieces(1));
    let next = world.plan(PlanPicks::default()).lists.pop().expect("a list").list_id;
    world.pick_all(next);
    let cancel = CancelPicks { list_id: next, reason: "enough".to_owned(), put_back: true };
    let (_, statements) = counted!(world, picking::PutBackError, picking::cancel_picks, cancel);
    counts.push(("cancel", statements));
    counts
}

#[test]
fn statements_do_not_depend_on_the_number_of_lines() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let few = World::new(db, 2);
        few.receive(&[(0, 0, 3)]);
        few.receive(&[(0, 1, 9)]);
        let one = count(&few, 1);
        few.assert_sound();
        let many = World::new(db, 300);
        let first: Vec<_> = (0..300).map(|item| (item, 0, 3)).collect();
        let second: Vec<_> = (0..300).map(|item| (item, 1, 9)).collect();
        many.receive(&first);
        many.receive(&second);
        assert_eq!(one, count(&many, 300));
        many.assert_sound();
    });
}
