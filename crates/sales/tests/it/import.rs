use super::world::World;
use sales::SCHEMA;
use store::testing::on_both_engines;
use tabular::ImportReport;

const FILE: &str = "channel,external_ref,partner,country,ordered_on,kind,sku,quantity,price
SHOP,1001,,France,2026-01-05,,P0000,2,6.00
SHOP,1001,,France,2026-01-05,charge,,1,3.60
B2B,1002,C1,,2026-01-05,goods,P0001,10,4.00
";

fn import(world: &World, db: &store::Database, file: &str, dry_run: bool) -> ImportReport {
    let file = file.to_owned();
    world.run(db, move |tx, ctx| sales::import_orders(tx, ctx, file.as_bytes(), dry_run)).unwrap()
}

#[test]
fn a_file_of_orders_is_taken_over_once() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        let tried = import(&world, db, FILE, true);
        assert_eq!((tried.applied, tried.rows, tried.created), (false, 3, 3));
        let find = |reference: &'static str| {
            let ctx = world.ctx.clone();
            db.read(move |tx| sales::find_order(tx, &ctx, "SHOP", reference)).unwrap()
        };
        assert_eq!(find("1001"), None);
        let done = import(&world, db, FILE, false);
        assert_eq!((done.applied, done.created, done.unchanged), (true, 3, 0));
        let order = world.order(db, find("1001").unwrap());
        assert_eq!((order.head.gross.minor, order.head.country.as_str()), (1_560, "France"));
        let again = import(&world, db, FILE, false);
        assert_eq!((again.applied, again.created, again.unchanged), (true, 0, 3));
        world.assert_sound(db);
    });
}

#[test]
fn a_bad_file_changes_nothing_and_names_its_rows() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        let file = format!("{FILE}SHOP,1003,,,,,P0000,many,6\n");
        let cells = import(&world, db, &file, false);
        assert_eq!((cells.applied, cells.errors[0].row), (false, 5));
        assert_eq!(cells.errors[0].column, "quantity");
        let file = format!("{FILE}SHOP,1003,,,,,P0000,1,6\nSHOP,1003,,,,,NOPE,1,6\n");
        let refused = import(&world, db, &file, false);
        assert_eq!((refused.applied, refused.created, refused.errors[0].row), (false, 0, 6));
        assert!(refused.errors[0].message.contains("NOPE"), "{}", refused.errors[0].message);
        let ctx = world.ctx.clone();
        let orders = db.read(move |tx| sales::list_orders(tx, &ctx, Default::default())).unwrap();
        assert!(orders.lines.is_empty());
        world.assert_sound(db);
    });
}
