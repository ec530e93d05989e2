use catalog::{ImportItemsError, NewItem};
use identity::Ctx;
use store::Database;
use tabular::ImportReport;

use super::world::{get, make, read, story, write};

fn import(database: &Database, ctx: &Ctx, file: &str) -> ImportReport {
    let file = file.to_owned();
    write(database, ctx, move |tx, ctx| catalog::import_items(tx, ctx, file.as_bytes(), false))
        .unwrap()
}

fn try_out(database: &Database, ctx: &Ctx, file: &str) -> ImportReport {
    let file = file.to_owned();
    read(database, ctx, move |tx, ctx| catalog::import_items(tx, ctx, file.as_bytes(), true))
        .unwrap()
}

fn export(database: &Database, ctx: &Ctx) -> String {
    let file = read(database, ctx, catalog::export_items).unwrap();
    String::from_utf8(file).unwrap()
}

fn told(report: &ImportReport) -> Vec<String> {
    report.errors.iter().map(ToString::to_string).collect()
}

fn counts(report: &ImportReport) -> (u64, u64, u64, u64) {
    (report.rows, report.created, report.changed, report.unchanged)
}

fn many(rows: usize, price: &str) -> String {
    let lines = (0..rows).map(|n| format!("S{n:06},Thing {n},{price},case,12\n"));
    std::iter::once("sku,name,list_price,purchase_unit,purchase_ratio\n".to_owned())
        .chain(lines)
        .collect()
}

#[test]
fn the_same_file_again_changes_nothing() {
    story(|database, ctx| {
        let file = many(10_000, "1.50");
        assert_eq!(counts(&try_out(database, ctx, &file)), (10_000, 10_000, 0, 0));
        let first = import(database, ctx, &file);
        assert_eq!((counts(&first), first.applied), ((10_000, 10_000, 0, 0), true));
        assert_eq!(counts(&import(database, ctx, &file)), (10_000, 0, 0, 10_000));
        let dearer = file.replacen("1.50", "1.60", 3);
        assert_eq!(counts(&try_out(database, ctx, &dearer)), (10_000, 0, 3, 9_997));
        assert_eq!(counts(&import(database, ctx, &dearer)), (10_000, 0, 3, 9_997));
        let exported = export(database, ctx);
        assert_eq!(exported.lines().count(), 10_001);
        assert_eq!(counts(&import(database, ctx, &exported)), (10_000, 0, 0, 10_000));
    });
}

#[test]
fn one_bad_row_in_ten_thousand_is_named_and_nothing_is_done() {
    story(|database, ctx| {
        let file =
            many(10_000, "1.50").replace("S007777,Thing 7777,1.50", "S007777,Thing 7777,1.5O");
        let report = import(database, ctx, &file);
        assert_eq!(
            told(&report),
            [
                "row 7779, column list_price: \"1.5O\" is not accepted (not a plain number; write digits \
              with at most one '.', such as 12.5 or -3); expected a price such as 12.50"
            ]
        );
        assert_eq!((counts(&report), report.applied), ((10_000, 0, 0, 0), false));
        assert_eq!(export(database, ctx).lines().count(), 1);
    });
}

#[test]
fn every_bad_cell_is_told_with_what_was_expected() {
    story(|database, ctx| {
        let file = "sku,name,kind,category,stock_unit,purchase_unit,purchase_ratio,tracking,expiry_days,active\n\
                    A,Apple,fruit,,,,,,,\n\
                    B,Banana,,exotic,,,,,,\n\
                    C,,,,,,,,,maybe\n\
                    D,Date,,,kilo,,,,,\n\
                    E,Egg,,,,case,,,,\n\
                    F,Fig,,,,case,-12,,,\n\
                    G,Grape,service,,,,,lot,,\n\
                    H,Ham,,,,,,,30,\n\
                    B,Banana,,,,,,,,\n";
        assert_eq!(
            told(&import(database, ctx, file)),
            [
                "row 2, column kind: \"fruit\" is not accepted (unknown word; write one of goods, service, kit); expected goods, service or kit",
                "row 3, column category: there is no category exotic; define it first",
                "row 4, column name: empty; expected a name of 1 to 200 characters",
                "row 4, column active: \"maybe\" is not accepted (write yes or no); expected yes or no",
                "row 5, column stock_unit: there is no unit kilo; define it first",
                "row 6, column purchase_ratio: case and pcs do not convert by themselves; give purchase_ratio, how many pcs make one case",
                "row 7, column purchase_ratio: purchase_ratio -12 is not accepted (the number is out of range; use a smaller one, and never divide by zero); write how many stock units make one purchase unit, such as 12 or 1/3",
                "row 8, column tracking: a service is never on a shelf, so tracking must be none and all its days 0",
                "row 9, column expiry_days: expiry_days is 30, but goods that expire are tracked by lot or serial",
                "row 10, column sku: B is in row 3 already; keep one",
            ]
        );
        let unknown = told(&import(database, ctx, "sku,name,colour\nA,Apple,red\n"));
        assert!(unknown[0].starts_with("row 1, column colour: unknown column"), "{unknown:?}");
        let missing = told(&import(database, ctx, "sku\nA\n"));
        assert_eq!(
            missing,
            ["row 1, column name: missing column; add a name of 1 to 200 characters"]
        );
        assert_eq!(
            told(&import(database, ctx, "sku,name\nA,a\0b\n")),
            ["row 2, column name: a NUL character; remove it"]
        );
        let long = format!("sku,name\nA,{}\n", "x".repeat(1_000_001));
        assert_eq!(
            told(&import(database, ctx, &long)),
            ["row 2, column name: 1000001 bytes; a cell holds at most 1000000"]
        );
        let long = format!("sku,name\nA,{}\n", "x".repeat(1_000_000));
        assert_eq!(
            told(&import(database, ctx, &long)),
            ["row 2, column name: name has 1000000 characters; shorten it to 200"]
        );
        assert_eq!(export(database, ctx).lines().count(), 1);
    });
}

#[test]
fn columns_that_a_file_lacks_stay_as_they_are() {
    story(|database, ctx| {
        let cased = NewItem {
            purchase_unit: "case".into(),
            purchase_ratio: "1/3".into(),
            tax_code: "STD".into(),
            tracking: catalog::Tracking::Lot,
            expiry_days: 30,
            removal_days_before: 3,
            ..NewItem::new("A", "Apple")
        };
        let item_id = make(database, ctx, cased);
        let report = import(database, ctx, "sku;name;active\nA;Red apple;no\n");
        assert_eq!(counts(&report), (1, 0, 1, 0));
        let item = get(database, ctx, item_id);
        assert_eq!(
            (item.name.as_str(), item.tax_code.as_str(), item.active),
            ("Red apple", "STD", false)
        );
        assert_eq!((item.purchase_ratio.denominator(), item.revision), (3, 2));
        let file = "sku,name,best_before_days,alert_days_before\nA,Red apple,5,6\n";
        assert_eq!(counts(&import(database, ctx, file)), (1, 0, 1, 0));
        let item = get(database, ctx, item_id);
        let days = [item.best_before_days, item.removal_days_before, item.alert_days_before];
        assert_eq!((item.expiry_days, days), (30, [5, 3, 6]));
        let kit = told(&import(database, ctx, "sku,name,kind\nA,Red apple,kit\n"));
        assert_eq!(
            kit,
            [
                "row 2, column kind: kind is goods and stays so, not kit; retire this item and make another"
            ]
        );
    });
}

#[test]
fn no_formula_leaves_and_it_comes_back_as_it_was() {
    story(|database, ctx| {
        make(database, ctx, NewItem::new("-1", "=HYPERLINK(\"http://x\")"));
        let file = export(database, ctx);
        assert!(file.contains("'-1,\"'=HYPERLINK(\"\"http://x\"\")\",goods"), "{file}");
        assert_eq!(counts(&import(database, ctx, &file)), (1, 0, 0, 1));
    });
}

#[test]
fn a_thousand_rows_take_as_many_statements_as_one() {
    story(|database, ctx| {
        let statements = |file: String| {
            write(database, ctx, move |tx, ctx| {
                let before = tx.statements();
                let report = catalog::import_items(tx, ctx, file.as_bytes(), false)?;
                assert!(report.applied);
                Ok::<_, ImportItemsError>(tx.statements() - before)
            })
            .unwrap()
        };
        assert_eq!(statements(many(1, "1")), statements(many(1_000, "1").replace('S', "T")));
        assert_eq!(statements(many(1, "2")), statements(many(1_000, "2").replace('S', "T")));
    });
}
