use super::world::{World, minor, units};
use accounting::Role;
use reconcile::{AgingRow, SCHEMA, aged_rows, stock_aging};
use serde_json::{Value, json};
use store::Database;
use store::testing::on_both_engines;

/// On 2026-01-05: of `A` 12 in WH (2 of 2025-01-10, 10 of 2025-06-01) and 4 in W2 (of 2025-12-22), 16 at
/// 3.00; of `B` 2 at 5.00 in quarantine since the day before; of `F` 3 at 1.00 of 2025-12-01 and 5 at
/// 2.00 of 2025-12-30.
fn world(db: &Database) -> World<'_> {
    let world = World::new(db);
    world.buy("2025-01-10", "A", "10", "2");
    world.buy("2025-06-01", "A", "10", "4");
    world.sell("2025-11-20", "A", "4");
    world.transfer("2025-12-22", "A", "4");
    let order =
        world.order("2026-01-02", "BOLT", json!([{ "sku": "B", "quantity": "2", "price": "5" }]));
    let held = json!([{ "line": 1, "quantity": "2", "outcome": "quarantine", "reason": "wet" }]);
    world.receive("2026-01-04", order, held);
    world.buy("2025-12-01", "F", "5", "1");
    world.buy("2025-12-30", "F", "5", "2");
    world.sell("2026-01-01", "F", "2");
    world
}

type Told<'l> = (&'l str, &'l str, &'l str, i64, i64, Option<i64>);

fn told(rows: &[AgingRow]) -> Vec<Told<'_>> {
    let told = |row: &AgingRow| (row.from_days, units(row.quantity), minor(row.value));
    rows.iter()
        .map(|row| {
            let (from, quantity, value) = told(row);
            (row.sku.as_str(), row.warehouse.as_str(), row.class.as_str(), from, quantity, value)
        })
        .collect()
}

fn pages(world: &World<'_>, mut filter: Value) -> Vec<AgingRow> {
    let mut rows = Vec::new();
    loop {
        let page = world.ask(stock_aging, filter.clone()).expect("a page");
        rows.extend(page.lines);
        let Some(next) = page.next_cursor else { return rows };
        filter["cursor"] = json!(next);
    }
}

#[test]
fn ages_add_up_to_what_is_on_hand_and_to_the_books() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let rows = pages(&world, json!({}));
        assert_eq!(
            told(&rows),
            [
                ("A", "W2", "normal", 0, 4, Some(1_200)),
                ("A", "WH", "normal", 181, 12, Some(3_600)),
                ("B", "WH", "quarantine", 0, 2, Some(1_000)),
                ("F", "WH", "normal", 0, 5, Some(1_000)),
                ("F", "WH", "normal", 31, 3, Some(300)),
            ]
        );
        assert_eq!(rows[1].oldest_on.to_string(), "2025-01-10");
        assert_eq!((rows[1].to_days, rows[2].category.as_str()), (Some(365), "BOOKS"));
        let value = |class: &str| -> i64 {
            rows.iter().filter(|row| row.class == class).filter_map(|row| minor(row.value)).sum()
        };
        assert_eq!(value("normal"), world.balance(Role::StockValuation));
        assert_eq!(value("quarantine"), world.balance(Role::Quarantine));
        let stock = world.ask(stock::list_stock, json!({})).expect("stock");
        let on_hand: i64 = stock.lines.iter().map(|line| units(line.on_hand)).sum();
        assert_eq!(on_hand, rows.iter().map(|row| units(row.quantity)).sum::<i64>());
        for limit in 1..=6 {
            assert_eq!(pages(&world, json!({ "limit": limit })), rows, "by {limit}");
        }
        world.assert_sound();
    });
}

#[test]
fn ages_are_told_apart_as_asked_and_lead_to_what_came_together() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let asked = json!({ "days": "200,300", "sku": "A", "warehouse": "WH" });
        let rows = pages(&world, asked);
        assert_eq!(
            told(&rows),
            [("A", "WH", "normal", 201, 10, Some(3_000)), ("A", "WH", "normal", 301, 2, Some(600)),]
        );
        let behind = json!({ "sku": "A", "warehouse": "WH", "from_days": 301 });
        let lines = world.ask(aged_rows, behind).expect("lines").lines;
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert_eq!((line.came_on.to_string().as_str(), line.age_days), ("2025-01-10", 360));
        assert_eq!((units(line.came), units(line.quantity), minor(line.value)), (10, 2, Some(600)));
        assert!(line.number.starts_with("RC-") && line.move_id.is_some(), "{line:?}");

        let mut all = Vec::new();
        let mut filter = json!({ "limit": 2 });
        loop {
            let page = world.ask(aged_rows, filter.clone()).expect("a page");
            all.extend(page.lines);
            let Some(next) = page.next_cursor else { break };
            filter["cursor"] = json!(next);
        }
        let quantities: Vec<i64> = all.iter().map(|line| units(line.quantity)).collect();
        assert_eq!(quantities, [4, 2, 10, 2, 3, 5]);
        let values: i64 = all.iter().filter_map(|line| minor(line.value)).sum();
        assert_eq!(values, 4_800 + 1_000 + 1_300);
    });
}

#[test]
fn ages_without_values_are_for_who_sees_stock_alone() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let clerk = world.holding(&["stock.read"]);
        let rows = pages(&clerk, json!({ "sku": "F" }));
        assert_eq!(
            told(&rows),
            [("F", "WH", "normal", 0, 5, None), ("F", "WH", "normal", 31, 3, None)]
        );
        assert!(clerk.ask(stock_aging, json!({ "days": "9,3" })).is_err());
        assert!(world.holding(&["sales.read"]).ask(stock_aging, json!({})).is_err());
    });
}
