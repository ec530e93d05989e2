use super::world::{World, goods, packing, scan};
use base::{Id, Rule};
use picking::{CarrierFilter, CarrierRow, LabelFields, LabelPackage, PackGoods, PackageFilter};
use store::testing::on_both_engines;
use tabular::ImportReport;

/// Two packages of an order that wait for their carrier.
fn two_packages(world: &World<'_>) -> Vec<picking::GoodsPacked> {
    world.receive(&[(0, 0, 9)]);
    let order = world.order(vec![goods(0, 4)]).order_id;
    let list = world.list();
    world.pick(list, vec![scan(0, 0, 4)]).expect("picked");
    let pack = |pieces| {
        let label = LabelFields {
            carrier: Some("DPD".to_owned()),
            service: Some("next day".to_owned()),
            ..LabelFields::default()
        };
        let lines = vec![super::world::packed(0, pieces)];
        world.pack_as(PackGoods { lines, label, ..packing(order) }).expect("packed")
    };
    vec![pack(1), pack(3)]
}

fn file(world: &World<'_>, filter: CarrierFilter) -> Vec<CarrierRow> {
    let ctx = world.ctx.clone();
    let found = world.db.read(move |tx| picking::list_carrier_file(tx, &ctx, filter.clone()));
    found.expect("the file").lines
}

fn import(world: &World<'_>, rows: &str, dry_run: bool) -> ImportReport {
    let rows = rows.to_owned();
    let done =
        world.run(move |tx, ctx| picking::import_tracking(tx, ctx, rows.as_bytes(), dry_run));
    done.expect("an import")
}

#[test]
fn the_carriers_file_goes_out_and_its_numbers_come_back() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        let packages = two_packages(&world);
        let told = file(&world, CarrierFilter::default());
        assert_eq!(told.len(), 2);
        let first = &told[0];
        assert_eq!(first.package_number, packages[0].number);
        assert_eq!(first.order_number, packages[0].order_number);
        assert_eq!((&*first.name, &*first.country), ("Ann", "GB"));
        assert_eq!(
            (&*first.carrier, &*first.service, first.weight_grams),
            ("DPD", "next day", 250)
        );
        let other = CarrierFilter { carrier: Some("UPS".to_owned()), ..CarrierFilter::default() };
        assert_eq!(file(&world, other), []);

        let rows = format!(
            "package_number,tracking,carrier\n{},T1,\n{},T2,DHL\n",
            packages[0].number, packages[1].number
        );
        let tried = import(&world, &rows, true);
        assert_eq!((tried.applied, tried.created), (false, 2));
        assert_eq!(file(&world, CarrierFilter::default()).len(), 2);
        let done = import(&world, &rows, false);
        assert_eq!((done.applied, done.created, done.changed, done.unchanged), (true, 2, 0, 0));
        let again = import(&world, &rows, false);
        assert_eq!((again.created, again.changed, again.unchanged), (0, 0, 2));
        let other = import(&world, &rows.replace("T1", "T9"), false);
        assert_eq!((other.created, other.changed, other.unchanged), (0, 1, 1));
        assert_eq!(file(&world, CarrierFilter::default()), []);
        let all = file(&world, CarrierFilter { with_tracking: true, ..CarrierFilter::default() });
        let told: Vec<_> = all.iter().map(|row| (&*row.carrier, &*row.tracking)).collect();
        assert_eq!(told, [("DPD", "T9"), ("DHL", "T2")]);
        world.assert_sound();
    });
}

#[test]
fn a_file_with_any_error_changes_nothing() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        let packages = two_packages(&world);
        let (one, two) = (&packages[0].number, &packages[1].number);
        let long = "9".repeat(101);
        let rows = format!(
            "package_number,tracking\n{one},T1\n{one},T2\nPK-999999,T3\n{two},{long}\n{two},\n"
        );
        let report = import(&world, &rows, false);
        let errors: Vec<_> =
            report.errors.iter().map(|error| (error.row, error.column.as_str())).collect();
        // A file that cannot be read is told of whole, before packages are looked for.
        assert_eq!((report.applied, errors), (false, vec![(6, "tracking")]));
        let report = import(&world, rows.trim_end_matches(&format!("{two},\n")), false);
        let errors: Vec<_> = report
            .errors
            .iter()
            .map(|error| (error.row, error.column.as_str(), error.message.clone()))
            .collect();
        assert_eq!(
            errors,
            [
                (3, "package_number", format!("{one} is in row 2, too")),
                (4, "package_number", "there is no package \"PK-999999\"".to_owned()),
                (5, "tracking", "tracking has 101 characters; shorten it to 100".to_owned()),
            ]
        );
        assert_eq!(file(&world, CarrierFilter::default()).len(), 2);
        world.assert_sound();
    });
}

#[test]
fn what_stands_on_a_package_may_be_said_after_it_left() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        let packages = two_packages(&world);
        world.ship(&[packages[0].package_id]).expect("shipped");
        let without = |world: &World<'_>| {
            let ctx = world.ctx.clone();
            let filter = PackageFilter { without_tracking: true, ..PackageFilter::default() };
            let found = world.db.read(move |tx| picking::list_packages(tx, &ctx, filter.clone()));
            found.expect("packages").lines.len()
        };
        assert_eq!(without(&world), 2);
        let label = |fields: LabelFields| {
            let request = LabelPackage { package_id: packages[0].package_id, label: fields };
            world.run(move |tx, ctx| picking::label_package(tx, ctx, request.clone()))
        };
        let tracking = LabelFields { tracking: Some("T1".into()), ..LabelFields::default() };
        assert!(label(tracking.clone()).expect("told").changed);
        assert!(!label(tracking).expect("told").changed);
        assert_eq!(without(&world), 1);
        let heavy = LabelFields { weight_grams: Some(-1), ..LabelFields::default() };
        assert_eq!(label(heavy).expect_err("negative").problem().code, "out_of_range");
        let unknown = LabelPackage { package_id: Id::from_raw(1), label: LabelFields::default() };
        let unknown = world.run(move |tx, ctx| picking::label_package(tx, ctx, unknown.clone()));
        assert_eq!(unknown.expect_err("none").problem().code, "package_not_found");
        world.assert_sound();
    });
}
