use super::world::{World, day, units};
use accounting::{Area, Entry, Line, Role};
use base::{Money, Rule};
use reconcile::{
    SCHEMA, StockLedgerDay, StockLedgerLine, StockLedgerRow, stock_ledger, stock_ledger_days,
    stock_ledger_lines,
};
use serde_json::{Value, json};
use store::testing::on_both_engines;
use store::{Database, StoreError};
use valuation::Class;

/// 10 `A` at 2.00 come in November, 4 of them go to the other warehouse on 1 December; 10 `A` at 5.00
/// come on 10 December, so that one costs 3.50; 2 `F` at 7.00 are put into quarantine as they arrive.
fn world(db: &Database) -> World<'_> {
    let world = World::new(db);
    world.buy("2025-11-03", "A", "10", "2");
    world.transfer("2025-12-01", "A", "4");
    world.buy("2025-12-10", "A", "10", "5");
    let lines = json!([{ "sku": "F", "quantity": "2", "price": "7" }]);
    let order_id = world.order("2025-12-12", "BOLT", lines);
    let bad = json!([{ "line": 1, "quantity": "2", "outcome": "quarantine", "reason": "wet" }]);
    world.receive("2025-12-12", order_id, bad);
    world.assert_sound();
    world
}

fn rows(world: &World<'_>, filter: Value) -> Vec<StockLedgerRow> {
    world.ask(stock_ledger, filter).expect("a report").lines
}

fn lines(world: &World<'_>, filter: Value) -> Vec<StockLedgerLine> {
    world.ask(stock_ledger_lines, filter).expect("a report").lines
}

fn days(world: &World<'_>, filter: Value) -> Vec<StockLedgerDay> {
    world.ask(stock_ledger_days, filter).expect("a report").lines
}

fn of_class(rows: &[StockLedgerRow], class: Class) -> &StockLedgerRow {
    rows.iter().find(|row| row.class == class).expect("an account")
}

fn minor(money: Option<Money>) -> i64 {
    money.expect("an amount").minor
}

#[test]
fn value_stands_beside_the_balance_of_each_account() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let told = rows(&world, json!({}));
        assert_eq!(told.len(), 3);
        for (class, value) in [(Class::Normal, 7_000), (Class::Quarantine, 1_400)] {
            let row = of_class(&told, class);
            assert_eq!((row.value.minor, minor(row.ledger)), (value, value), "{class}");
            assert_eq!((minor(row.difference), row.differs_since), (0, None), "{class}");
        }
        assert_eq!(of_class(&told, Class::Transit).value.minor, 0);
        assert_eq!(of_class(&told, Class::Normal).role, Role::StockValuation);
        assert_eq!(world.balance(Role::StockValuation), 7_000);
        // A past day is told as it stood at its end.
        let past = rows(&world, json!({ "on": "2025-12-10" }));
        assert_eq!(of_class(&past, Class::Normal).value.minor, 7_000);
        let past = rows(&world, json!({ "on": "2025-12-09" }));
        assert_eq!(of_class(&past, Class::Normal).value.minor, 2_000);
        assert_eq!(of_class(&past, Class::Quarantine).value.minor, 0);
        let before = rows(&world, json!({ "on": "2025-01-01" }));
        assert_eq!(minor(of_class(&before, Class::Normal).ledger), 0);
    });
}

#[test]
fn warehouses_share_the_value_of_what_has_one_cost() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let told = |filter: Value| {
            let rows = rows(&world, filter).into_iter();
            rows.map(|row| (row.class, row.warehouse, row.value.minor)).collect::<Vec<_>>()
        };
        let is = |class, warehouse: &str, value| (class, warehouse.to_owned(), value);
        let (normal, quarantine) = (Class::Normal, Class::Quarantine);
        let mut now = told(json!({ "by": "warehouse" }));
        now.sort();
        // 16 of 20 pieces, and 4 of them, at 3.50.
        assert_eq!(
            now,
            [is(normal, "W2", 1_400), is(normal, "WH", 5_600), is(quarantine, "WH", 1_400)]
        );
        // Nine days before, what came since is not there: 6 and 4 pieces at 2.00.
        let mut past = told(json!({ "by": "warehouse", "on": "2025-12-01" }));
        past.sort();
        assert_eq!(past, [is(normal, "W2", 800), is(normal, "WH", 1_200)]);
        let before = told(json!({ "by": "warehouse", "on": "2025-11-30" }));
        assert_eq!(before, [is(normal, "WH", 2_000)]);
        let by = rows(&world, json!({ "by": "warehouse" }));
        assert!(by.iter().all(|row| row.ledger.is_none() && row.difference.is_none()));
    });
}

#[test]
fn the_lines_of_a_row_add_up_to_it() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        for on in ["2025-12-05", "2025-12-10", "2026-01-05"] {
            for row in rows(&world, json!({ "by": "warehouse", "on": on })) {
                let filter = json!({ "on": on, "class": row.class, "warehouse": row.warehouse });
                let of = lines(&world, filter);
                let sum: i64 = of.iter().map(|line| line.value.minor).sum();
                assert_eq!(sum, row.value.minor, "{on} {} {}", row.class, row.warehouse);
            }
        }
        let second = lines(&world, json!({ "warehouse": "W2" }));
        assert_eq!((second[0].sku.as_str(), units(second[0].quantity)), ("A", 4));
        // Page by page it is the same.
        let all = lines(&world, json!({}));
        assert_eq!(all.len(), 3);
        for limit in 1..=3 {
            let (mut told, mut cursor) = (Vec::new(), Value::Null);
            loop {
                let filter = json!({ "limit": limit, "cursor": cursor });
                let page = world.ask(stock_ledger_lines, filter).expect("a page");
                told.extend(page.lines);
                let Some(next) = page.next_cursor else { break };
                cursor = json!(next);
            }
            assert_eq!(told, all, "{limit} a page");
        }
    });
}

/// Debits stock by hand of a door, without any goods: what no door of the product does.
fn spoil(world: &World<'_>, on: &str, amount: i64) {
    let ctx = world.ctx.on(day(on));
    let posted = world.db.write(move |tx| {
        let books = accounting::open_books(tx, &ctx, Area::Stock, ctx.today).expect("books");
        let entry = Entry {
            kind: "spoilt",
            source_kind: "spoilt",
            source_id: 1,
            happened_on: ctx.today,
            memo: "an entry without goods".into(),
            lines: vec![
                Line::debit(Role::StockValuation, amount),
                Line::credit(Role::Found, amount),
            ],
        };
        accounting::post(tx, &ctx, &books, vec![entry]).expect("an entry");
        Ok::<_, StoreError>(())
    });
    posted.expect("it is written");
}

#[test]
fn a_difference_is_told_with_the_day_it_came_in() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        spoil(&world, "2025-12-05", 25);
        let told = rows(&world, json!({}));
        let normal = of_class(&told, Class::Normal);
        assert_eq!(minor(normal.difference), -25);
        assert_eq!(normal.differs_since, Some(day("2025-12-05")));
        assert_eq!(of_class(&told, Class::Quarantine).differs_since, None);
        let sound = rows(&world, json!({ "on": "2025-12-04" }));
        assert_eq!(minor(of_class(&sound, Class::Normal).difference), 0);
        let found = days(&world, json!({ "class": "normal", "differing": true }));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].day, day("2025-12-05"));
        let told = [found[0].value_change, found[0].ledger_change, found[0].change_difference];
        assert_eq!(told.map(|money| money.minor), [0, 25, -25]);
        // The days after it agree, and carry the difference on.
        let after = days(&world, json!({ "class": "normal", "from_day": "2025-12-06" }));
        let last = after.last().expect("a day");
        assert_eq!((last.change_difference.minor, last.difference.minor), (0, -25));
        // It is what the check tells.
        let company_id = world.ctx.company_id;
        let found = db.read(move |tx| store::run_checks(tx, &SCHEMA, company_id)).expect("checks");
        let broken = found.iter().filter(|found| !found.breaches.is_empty());
        assert!(broken.map(|found| found.check).any(|name| name.starts_with("I-12")));
    });
}

#[test]
fn the_books_are_told_to_who_may_read_them_and_values() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        for permissions in [&["accounting.view"][..], &["valuation.read"]] {
            let some = world.holding(permissions);
            let refused = some.ask(stock_ledger, json!({})).expect_err("no report");
            assert_eq!(refused.problem().code, "permission_denied");
            let refused = some.ask(stock_ledger_days, json!({})).expect_err("no report");
            assert_eq!(refused.problem().code, "permission_denied");
        }
        let values = world.holding(&["valuation.read"]);
        assert_eq!(values.ask(stock_ledger_lines, json!({})).expect("lines").lines.len(), 3);
        let none = world.holding(&["accounting.view"]);
        none.ask(stock_ledger_lines, json!({})).expect_err("no values");
    });
}
