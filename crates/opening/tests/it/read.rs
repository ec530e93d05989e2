//! Files read one by one, before anything is tried.

use super::world::{World, going};
use identity::testing::holding;
use opening::{FILES, Files, FilesRead, ReadFiles};
use store::testing::on_both_engines;

fn read(world: &World<'_>, files: Files) -> FilesRead {
    world
        .ask(move |tx, ctx| opening::read_files(tx, ctx, ReadFiles { files: files.clone() }))
        .unwrap()
}

#[test]
fn each_file_that_is_there_is_read_by_itself() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let all = read(&world, going().files);
        assert!(all.files.iter().all(|file| file.errors.is_empty()), "{all:?}");
        let rows: Vec<_> = all.files.iter().map(|file| (file.file.as_str(), file.rows)).collect();
        assert_eq!(
            rows,
            [
                ("trial_balance", 15),
                ("stock", 5),
                ("purchase_orders", 3),
                ("bills", 3),
                ("invoices", 2),
                ("deposits", 2),
                ("channel_clearing", 1),
                ("sales_orders", 2)
            ]
        );
        let one = Files { bills: going().files.bills, ..Files::default() };
        let names: Vec<_> = read(&world, one).files.into_iter().map(|file| file.file).collect();
        assert_eq!(names, ["bills"], "a trial balance is not asked for yet");
        assert!(read(&world, Files::default()).files.is_empty());
    });
}

#[test]
fn what_is_wrong_is_told_of_each_file_by_row_and_column() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let mut files = going().files;
        files.stock = files.stock.replace("4,10.00", "four,10.00");
        files.bills = files.bills.replace("2025-12-10", "10/12/25");
        files.sales_orders = files.sales_orders.replace("P1,2,12.00", "P1,two,12.00");
        let told = read(&world, files);
        let wrong: Vec<_> = told
            .files
            .iter()
            .flat_map(|file| file.errors.iter().map(move |error| (file.rows, error)))
            .map(|(rows, error)| (rows, error.file.as_str(), error.row, error.column.as_str()))
            .collect();
        assert_eq!(
            wrong,
            [
                (0, "stock", 4, "quantity"),
                (0, "bills", 2, "billed_on"),
                (0, "sales_orders", 2, "quantity")
            ]
        );
        assert_eq!(told.files.len(), 8, "the others are read all the same");
    });
}

#[test]
fn of_many_errors_the_first_are_told_and_all_are_counted() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let rows = "WEB,a lot\n".repeat(1_000);
        let clearing =
            Files { channel_clearing: format!("channel,amount\n{rows}"), ..Files::default() };
        let told = read(&world, clearing).files.remove(0);
        assert_eq!((told.rows, told.wrong, told.errors.len()), (0, 1_000, 200));
        assert_eq!((told.errors[0].row, told.errors[199].row), (2, 201));
    });
}

#[test]
fn the_files_are_listed_with_their_columns_and_only_who_may_open_reads_them() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let mut world = World::new(database);
        let listed = opening::list_files(&world.ctx).unwrap();
        let required: Vec<_> = listed.iter().filter(|file| file.required).collect();
        assert_eq!((listed.len(), required.len()), (FILES.len(), 1));
        assert_eq!(required[0].file, "trial_balance");
        let stock = listed.iter().find(|file| file.file == "stock").unwrap();
        assert!(stock.columns.iter().any(|column| column.name == "sku" && column.required));
        let all = world.ctx.clone();
        world.ctx = holding(&all, all.user_id, &["opening.read"], None);
        assert!(opening::list_files(&world.ctx).is_ok());
        let files = going().files;
        let refused = world
            .ask(move |tx, ctx| opening::read_files(tx, ctx, ReadFiles { files: files.clone() }));
        assert!(refused.is_err());
        world.ctx = holding(&all, all.user_id, &["sales.read"], None);
        assert!(opening::list_files(&world.ctx).is_err());
    });
}
