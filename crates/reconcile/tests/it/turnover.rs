use super::world::{World, units};
use reconcile::SCHEMA;
use serde_json::{Value, json};
use store::Database;
use store::testing::on_both_engines;
use valuation::{TurnoverRow, turnover};

/// Over 2025: of 100 `A` at 2.00 that were there before, 60 left on 1 June and 10 of them came back on
/// 10 June, to stay in quarantine; 10 `B` at 5.00 came on 1 November and lie there.
fn world(db: &Database) -> World<'_> {
    let world = World::new(db);
    world.buy("2024-12-01", "A", "100", "2");
    let order_id = world.sell("2025-06-01", "A", "60");
    let lines = json!([{ "line": 1, "quantity": "10" }]);
    let authorize = json!({ "order_id": order_id, "reason": "changed_mind", "lines": lines });
    let return_id = world.act("2025-06-05", quality::authorize_return, authorize).return_id;
    world.act("2025-06-10", quality::receive_return, json!({ "return_id": return_id }));
    world.buy("2025-11-01", "B", "10", "5");
    world.assert_sound();
    world
}

fn year(mut filter: Value) -> Value {
    filter["from_day"] = json!("2025-01-01");
    filter["to_day"] = json!("2025-12-31");
    filter
}

fn values(row: &TurnoverRow) -> [i64; 4] {
    [row.opening_value, row.closing_value, row.average_value, row.cost].map(|money| money.minor)
}

fn ratios(row: &TurnoverRow) -> [String; 3] {
    [row.turns, row.inventory_days, row.cover_days]
        .map(|rate| rate.map_or_else(String::new, |rate| rate.to_string()))
}

#[test]
fn turnover_and_cover_are_of_cost_and_average_value() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let rows = world.ask(turnover, year(json!({}))).expect("a report").lines;
        assert_eq!(rows.len(), 2);
        let a = &rows[0];
        // 200.00 at the beginning, 50 pieces at the end; 50 left, net of what came back.
        assert_eq!(values(a), [20_000, 10_000, 15_000, 10_000]);
        assert_eq!(ratios(a), ["0.666666667", "547.5", "365"]);
        assert_eq!((a.on_hand.map(units), a.gone.map(units)), (Some(50), Some(50)));
        assert_eq!((a.idle_days, a.items), (Some(213), 1));
        let b = &rows[1];
        assert_eq!(values(b), [0, 5_000, 2_500, 0]);
        assert_eq!(ratios(b), ["0", "", ""]);
        assert_eq!((b.category.as_str(), b.idle_days), ("BOOKS", Some(60)));

        let all = world.ask(turnover, year(json!({ "by": "all" }))).expect("a report").lines;
        assert_eq!(values(&all[0]), [20_000, 15_000, 17_500, 10_000]);
        // 100 of 175 in a year; 150 last for 547.5 days at 100 in 365.
        assert_eq!(ratios(&all[0]), ["0.571428571", "638.75", "547.5"]);
        let by = world.ask(turnover, year(json!({ "by": "category" }))).expect("a report").lines;
        let told: Vec<_> = by.iter().map(|row| (row.category.as_str(), row.items)).collect();
        assert_eq!(told, [("", 1), ("BOOKS", 1)]);
    });
}

#[test]
fn dead_stock_is_what_lies_there_and_neither_came_nor_left() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let dead = |days: i64| -> Vec<String> {
            let filter = year(json!({ "idle_days": days }));
            let rows = world.ask(turnover, filter).expect("a report").lines;
            rows.into_iter().map(|row| row.sku).collect()
        };
        assert_eq!(dead(60), ["A", "B"]);
        assert_eq!(dead(61), ["A"]);
        assert_eq!(dead(213), ["A"]);
        assert!(dead(214).is_empty());
        let page = world.ask(turnover, year(json!({ "limit": 1 }))).expect("a page");
        let rest = year(json!({ "limit": 1, "cursor": page.next_cursor }));
        assert_eq!(world.ask(turnover, rest).expect("a page").lines[0].sku, "B");
        assert!(world.ask(turnover, json!({ "idle_days": i64::MAX })).is_err());
        assert!(world.holding(&["stock.read"]).ask(turnover, json!({})).is_err());
    });
}
