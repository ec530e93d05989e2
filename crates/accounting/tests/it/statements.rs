use super::world::{day, invoice, story};
use accounting::{PostError, SCHEMA, open_books, post};
use store::testing::assert_statements_agree;

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    assert_statements_agree(&SCHEMA);
}

#[test]
fn posting_many_entries_costs_as_many_statements_as_one() {
    story(|database, ctx| {
        let count = |entries: i64| {
            let ctx = ctx.clone();
            database
                .write(move |tx| {
                    let area = accounting::Area::Sales;
                    let books = open_books(tx, &ctx, area, day("2026-03-10"))?;
                    let entries = (0..entries).map(|id| invoice(id + 1, "2026-03-10", 5));
                    post(tx, &ctx, &books, entries.collect())?;
                    Ok::<_, PostError>(tx.statements())
                })
                .expect("entries")
        };
        assert_eq!((count(1), count(40)), (5, 5));
    });
}
