use super::world::{World, minor, units};
use base::Rule;
use identity::ReportError;
use reconcile::{CardLine, CardLineKind, SCHEMA, stock_card};
use serde_json::{Value, json};
use store::Database;
use store::testing::on_both_engines;

/// 10 at 2.00 and 10 at 4.00 come, 3 leave at 3.00, 1 is missing, 4 go to the other warehouse.
fn world(db: &Database) -> World<'_> {
    let world = World::new(db);
    world.buy("2025-01-10", "A", "10", "2");
    world.buy("2025-06-01", "A", "10", "4");
    world.sell("2025-11-20", "A", "3");
    let missing =
        json!([{ "sku": "A", "place": "WH/Stock", "quantity": "-1", "reason": "damaged" }]);
    world.adjust("2025-12-20", missing);
    world.transfer("2025-12-22", "A", "4");
    world
}

fn card(world: &World<'_>, filter: Value) -> Vec<CardLine> {
    let page = world.ask(stock_card, filter).expect("a card");
    assert_eq!(page.next_cursor, None);
    page.lines
}

/// Document, in, out and balance of each line.
fn told(lines: &[CardLine]) -> Vec<(&str, i64, i64, i64)> {
    let told =
        |line: &CardLine| (units(line.quantity_in), units(line.quantity_out), units(line.balance));
    lines
        .iter()
        .map(|line| {
            let (came, went, there) = told(line);
            let word = match line.kind {
                CardLineKind::Opening => "opening",
                CardLineKind::Closing => "closing",
                CardLineKind::Move => line.number.split('-').next().unwrap_or(""),
            };
            (word, came, went, there)
        })
        .collect()
}

#[test]
fn a_card_tells_what_was_there_came_and_went() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let whole = json!({ "sku": "A", "from_day": "2025-06-01" });
        let lines = card(&world, whole);
        assert_eq!(
            told(&lines),
            [
                ("opening", 0, 0, 10),
                ("RC", 10, 0, 20),
                ("SH", 0, 3, 17),
                ("AD", 0, 1, 16),
                ("closing", 0, 0, 16)
            ]
        );
        assert_eq!(lines[2].source_kind, "shipment");
        assert_eq!((lines[2].from.as_str(), lines[2].to.as_str()), ("WH/Stock", "Customer"));
        assert_eq!((lines[1].unit_cost, lines[1].value_in), (None, None));
        let ends = (lines[0].day.to_string(), lines[4].day.to_string());
        assert_eq!(ends, ("2025-06-01".to_owned(), "2026-01-05".to_owned()));

        let main = json!({ "sku": "A", "from_day": "2025-12-01", "warehouse": "WH" });
        let expected =
            [("opening", 0, 0, 17), ("AD", 0, 1, 16), ("DI", 0, 4, 12), ("closing", 0, 0, 12)];
        assert_eq!(told(&card(&world, main)), expected);
        let second = json!({ "sku": "A", "warehouse": "W2" });
        let expected = [("opening", 0, 0, 0), ("AR", 4, 0, 4), ("closing", 0, 0, 4)];
        assert_eq!(told(&card(&world, second)), expected);
        let place = json!({ "sku": "A", "place": "W2/Stock" });
        assert_eq!(told(&card(&world, place)), expected);
        let root = json!({ "sku": "A", "place": "W2" });
        assert_eq!(told(&card(&world, root)), expected);
        world.assert_sound();
    });
}

#[test]
fn a_card_by_the_books_days_tells_what_it_was_worth() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let filter = json!({ "sku": "A", "basis": "posted_on", "from_day": "2025-06-01",
            "class": "normal" });
        let lines = card(&world, filter);
        let told: Vec<_> = lines
            .iter()
            .map(|line| {
                let value = |money| minor(money).expect("a value");
                let cost = line.unit_cost.map(|cost| cost.to_string());
                (
                    line.layer_kind.as_str(),
                    units(line.balance),
                    (value(line.value_in), value(line.value_out), value(line.value_balance)),
                    cost.unwrap_or_default(),
                )
            })
            .collect();
        let is = |cost: &str| cost.to_owned();
        assert_eq!(
            told,
            [
                ("", 10, (0, 0, 2_000), is("")),
                ("receipt", 20, (4_000, 0, 6_000), is("4")),
                ("issue", 17, (0, 900, 5_100), is("3")),
                ("loss", 16, (0, 300, 4_800), is("3")),
                ("transfer_out", 12, (0, 1_200, 3_600), is("3")),
                ("transfer_in", 16, (1_200, 0, 4_800), is("3")),
                ("", 16, (0, 0, 4_800), is("")),
            ]
        );
        // What is on its way counts as well when no class is asked for.
        let all = json!({ "sku": "A", "basis": "posted_on" });
        let lines = card(&world, all);
        assert_eq!(minor(lines.last().expect("a line").value_balance), Some(4_800));
        assert_eq!(world.balance(accounting::Role::StockValuation), 4_800);
    });
}

#[test]
fn a_page_goes_on_with_the_balance_of_the_one_before() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        for basis in ["happened_on", "posted_on"] {
            let all = card(&world, json!({ "sku": "A", "basis": basis }));
            for limit in 1..=4 {
                let (mut lines, mut cursor) = (Vec::new(), Value::Null);
                loop {
                    let filter =
                        json!({ "sku": "A", "basis": basis, "limit": limit, "cursor": cursor });
                    let page = world.ask(stock_card, filter).expect("a page");
                    lines.extend(page.lines);
                    let Some(next) = page.next_cursor else { break };
                    cursor = json!(next);
                }
                assert_eq!(lines, all, "{basis} by {limit}");
            }
        }
    });
}

#[test]
fn a_card_says_what_it_cannot_tell() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let refused = |filter: Value| {
            let error = world.ask(stock_card, filter).expect_err("a refusal");
            match error {
                ReportError::Filter { field, .. } => field.to_owned(),
                other => other.problem().code.to_owned(),
            }
        };
        for (filter, expected) in [
            (json!({ "sku": "NONE" }), "sku"),
            (json!({ "sku": "A", "warehouse": "W9" }), "warehouse"),
            (json!({ "sku": "A", "place": "WH/Nowhere" }), "place"),
            (json!({ "sku": "A", "class": "normal" }), "class"),
            (json!({ "sku": "A", "basis": "posted_on", "place": "WH" }), "basis"),
            (json!({ "sku": "A", "basis": "posted_on", "lot": "L" }), "basis"),
            (json!({ "sku": "A", "basis": "posted_on", "warehouse": "WH" }), "warehouse"),
            (json!({ "sku": "A", "cursor": "00" }), "bad_cursor"),
        ] {
            assert_eq!(refused(filter.clone()), expected, "{filter}");
        }
        let clerk = world.holding(&["stock.read"]);
        assert!(clerk.ask(stock_card, json!({ "sku": "A" })).is_ok());
        let values = clerk.ask(stock_card, json!({ "sku": "A", "basis": "posted_on" }));
        assert!(matches!(values, Err(ReportError::Denied(_))), "{values:?}");
        let nobody = world.holding(&["sales.read"]);
        let nothing = nobody.ask(stock_card, json!({ "sku": "A" }));
        assert!(matches!(nothing, Err(ReportError::Denied(_))), "{nothing:?}");
    });
}
