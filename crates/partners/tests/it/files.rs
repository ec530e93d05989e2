use base::Currency;
use identity::Ctx;
use partners::ImportPartnersError;
use store::Database;
use tabular::ImportReport;

use super::world::{get, make, read, smith, story, write};

fn suppliers(database: &Database, ctx: &Ctx, file: &str) -> ImportReport {
    let file = file.to_owned();
    write(database, ctx, move |tx, ctx| partners::import_suppliers(tx, ctx, file.as_bytes(), false))
        .unwrap()
}

fn customers(database: &Database, ctx: &Ctx, file: &str) -> ImportReport {
    let file = file.to_owned();
    write(database, ctx, move |tx, ctx| partners::import_customers(tx, ctx, file.as_bytes(), false))
        .unwrap()
}

fn told(report: &ImportReport) -> Vec<String> {
    report.errors.iter().map(ToString::to_string).collect()
}

fn counts(report: &ImportReport) -> (u64, u64, u64, u64) {
    (report.rows, report.created, report.changed, report.unchanged)
}

fn many(prefix: &str, rows: usize, days: usize) -> String {
    let lines = (0..rows).map(|n| format!("{prefix}{n:05},Name {n},DE,EUR,{days}\n"));
    std::iter::once("code,name,country,currency,payment_days\n".to_owned()).chain(lines).collect()
}

#[test]
fn the_same_file_again_changes_nothing() {
    story(|database, ctx| {
        let file = many("S", 3_000, 14);
        let dry = file.clone();
        let trial = read(database, ctx, move |tx, ctx| {
            partners::import_suppliers(tx, ctx, dry.as_bytes(), true)
        })
        .unwrap();
        assert_eq!((counts(&trial), trial.applied), ((3_000, 3_000, 0, 0), false));
        assert_eq!(counts(&suppliers(database, ctx, &file)), (3_000, 3_000, 0, 0));
        assert_eq!(counts(&suppliers(database, ctx, &file)), (3_000, 0, 0, 3_000));
        let export = |side| {
            read(database, ctx, move |tx, ctx| match side {
                "suppliers" => partners::export_suppliers(tx, ctx),
                _ => partners::export_customers(tx, ctx),
            })
            .map(|file| String::from_utf8(file).unwrap())
            .unwrap()
        };
        let exported = export("suppliers");
        assert_eq!(counts(&suppliers(database, ctx, &exported)), (3_000, 0, 0, 3_000));
        assert_eq!(export("customers").lines().count(), 1);
        let some = many("S", 2, 14);
        assert_eq!(counts(&customers(database, ctx, &some)), (2, 0, 2, 0));
        assert_eq!(counts(&customers(database, ctx, &export("customers"))), (2, 0, 0, 2));
        assert_eq!(counts(&suppliers(database, ctx, &file)), (3_000, 0, 0, 3_000));
    });
}

#[test]
fn one_bad_row_in_ten_thousand_is_named_and_nothing_is_done() {
    story(|database, ctx| {
        let file = many("S", 10_000, 14).replace("Name 7777,DE", "Name 7777,XX");
        let report = suppliers(database, ctx, &file);
        assert_eq!(
            told(&report),
            ["row 7779, column country: \"XX\" is not accepted (not a country; write a code of \
              ISO 3166 in capitals, such as GB); expected a country of ISO 3166 such as GB"]
        );
        let found = read(database, ctx, |tx, ctx| {
            partners::partners_by_code(tx, ctx.company_id, &["S00000"])
        });
        assert!(found.unwrap().is_empty());
    });
}

#[test]
fn every_bad_cell_is_told_with_what_was_expected() {
    story(|database, ctx| {
        let file = "code,name,country,currency,payment_days,email,language\n\
                    A,Ann,GB,gbp,soon,,\n\
                    B,Bob,,,,,\n\
                    C,Cid,GB,,-1,,\n\
                    D,Dan,GB,,,dan,\n\
                    E,Eve,GB,,,,english\n\
                    A,Ann,GB,,,,\n";
        assert_eq!(
            told(&suppliers(database, ctx, file)),
            [
                "row 2, column currency: \"gbp\" is not accepted (not a currency; write a code of ISO 4217 in capitals, such as GBP); expected a currency of ISO 4217 such as GBP, or nothing for the company's",
                "row 2, column payment_days: \"soon\" is not accepted (invalid digit found in string); expected a number of days such as 30",
                "row 3, column country: empty; expected a country of ISO 3166 such as GB",
                "row 4, column payment_days: payment_days is -1; give 0 (at once) to 3650",
                "row 5, column email: \"dan\" is no e-mail address; write one such as orders@example.com",
                "row 6, column language: \"english\" is no language; write a tag such as en or de-CH",
                "row 7, column code: A is in row 2 already; keep one",
            ]
        );
        let bank = told(&suppliers(database, ctx, "code,name,country,bank_account\nA,Ann,GB,x\n"));
        assert!(bank[0].starts_with("row 1, column bank_account: unknown column"), "{bank:?}");
    });
}

#[test]
fn a_supplier_in_a_file_of_customers_becomes_both() {
    story(|database, ctx| {
        let mut new = smith();
        new.currency = Some(Currency::USD);
        let partner_id = make(database, ctx, new);
        let report = customers(
            database,
            ctx,
            "code,name,country,customer_kind\nS-1,Smith & Sons,GB,consumer\n",
        );
        assert_eq!(counts(&report), (1, 0, 1, 0));
        let partner = get(database, ctx, partner_id);
        assert!(partner.supplier && partner.customer);
        assert_eq!((partner.currency, partner.customer_kind.word()), (Currency::USD, "consumer"));
        customers(database, ctx, "code,name,country\nC-1,Cid,GB\n");
        let found =
            read(database, ctx, |tx, ctx| partners::partners_by_code(tx, ctx.company_id, &["C-1"]));
        assert!(!found.unwrap()["C-1"].supplier);
    });
}

#[test]
fn a_thousand_rows_take_as_many_statements_as_one() {
    story(|database, ctx| {
        let statements = |file: String| {
            write(database, ctx, move |tx, ctx| {
                let before = tx.statements();
                let report = partners::import_suppliers(tx, ctx, file.as_bytes(), false)?;
                assert!(report.applied);
                Ok::<_, ImportPartnersError>(tx.statements() - before)
            })
            .unwrap()
        };
        assert_eq!(statements(many("A", 1, 1)), statements(many("B", 1_000, 1)));
        assert_eq!(statements(many("A", 1, 2)), statements(many("B", 1_000, 2)));
    });
}
