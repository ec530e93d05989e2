use super::world::{World, units};
use reconcile::SCHEMA;
use sales::{FillRow, fill_lines, fill_rate, open_demands, order_ages};
use serde_json::json;
use store::Database;
use store::testing::on_both_engines;

/// In December 10 `A` were ordered and 6 shipped the same day, 1 cancelled the next; of 5 `B` 2 were
/// cancelled the same day and 3 shipped the next; 4 `B` left the same day; 1 `B` was cancelled whole on
/// its day. In January 2 `B` were ordered and wait.
fn world(db: &Database) -> World<'_> {
    let world = World::new(db);
    world.buy("2025-11-01", "A", "6", "2");
    world.buy("2025-11-01", "B", "20", "5");
    let cancel = |on: &str, order_id: base::SalesOrderId, quantity: &str| {
        let lines = json!([{ "line": 1, "quantity": quantity }]);
        let request = json!({ "order_id": order_id, "lines": lines, "reason": "not wanted" });
        world.act(on, sales::cancel, request);
    };
    let first = world.accept("2025-12-01", "A", "10");
    world.ship("2025-12-01", first, "6");
    cancel("2025-12-02", first, "1");
    let second = world.accept("2025-12-01", "B", "5");
    cancel("2025-12-01", second, "2");
    world.ship("2025-12-02", second, "3");
    world.sell("2025-12-03", "B", "4");
    let gone = world.accept("2025-12-04", "B", "1");
    cancel("2025-12-04", gone, "1");
    world.accept("2026-01-03", "B", "2");
    world.assert_sound();
    world
}

type Told = (i64, i64, i64, i64, i64, Option<String>);

fn told(row: &FillRow) -> Told {
    (
        units(row.ordered),
        units(row.cancelled_same_day),
        units(row.wanted),
        units(row.shipped_same_day),
        units(row.open),
        row.fill_percent.map(|rate| rate.to_string()),
    )
}

#[test]
fn the_fill_rate_is_what_left_on_the_day_of_the_order() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let rows = world.ask(fill_rate, json!({ "by": "month" })).expect("a report").lines;
        let months: Vec<_> = rows.iter().map(|row| row.month.as_str()).collect();
        assert_eq!(months, ["2025-12", "2026-01"]);
        // 10 + 5 + 4 + 1 ordered, 2 + 1 cancelled on the day, 6 + 4 shipped on it; 3 `A` are open.
        assert_eq!(told(&rows[0]), (20, 3, 17, 10, 3, Some("58.823529412".to_owned())));
        assert_eq!((rows[0].orders, rows[0].lines), (4, 4));
        assert_eq!((rows[0].wanted_lines, rows[0].filled_lines), (3, 1));
        assert_eq!((units(rows[0].shipped), units(rows[0].cancelled)), (13, 4));
        assert_eq!(told(&rows[1]), (2, 0, 2, 0, 2, Some("0".to_owned())));

        let rows = world.ask(fill_rate, json!({})).expect("a report").lines;
        assert_eq!((rows[0].channel.as_str(), rows.len()), ("WEB", 1));
        assert_eq!(told(&rows[0]), (22, 3, 19, 10, 5, Some("52.631578947".to_owned())));

        let late = json!({ "unfilled": true, "to_day": "2025-12-31" });
        let lines = world.ask(fill_lines, late).expect("lines").lines;
        let told: Vec<_> = lines
            .iter()
            .map(|line| (line.sku.as_str(), units(line.ordered), units(line.shipped_same_day)))
            .collect();
        assert_eq!(told, [("A", 10, 6), ("B", 5, 0)]);
        let page = world.ask(fill_lines, json!({ "limit": 3 })).expect("a page");
        let rest = json!({ "limit": 3, "cursor": page.next_cursor });
        assert_eq!(
            (page.lines.len(), world.ask(fill_lines, rest).expect("a page").lines.len()),
            (3, 2)
        );
        assert!(world.holding(&["stock.read"]).ask(fill_rate, json!({})).is_err());
    });
}

#[test]
fn what_customers_wait_for_is_told_by_age() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let rows = world.ask(order_ages, json!({})).expect("a report").lines;
        let told: Vec<_> = rows
            .iter()
            .map(|row| {
                let ages = (row.from_days, row.to_days);
                (ages, units(row.open), units(row.reserved), units(row.back_order))
            })
            .collect();
        // 2 `B` of two days ago are reserved; 3 `A` of 35 days ago are not there.
        assert_eq!(told, [((1, Some(3)), 2, 2, 0), ((31, None), 3, 0, 3)]);
        assert_eq!(rows[1].channel_name, "Web shop");

        let behind = json!({ "channel": "WEB", "to_day": rows[1].to_day });
        let lines = world.ask(open_demands, behind).expect("demands").lines;
        assert_eq!(lines.len(), 1);
        assert_eq!((lines[0].sku.as_str(), lines[0].age_days, lines[0].late_days), ("A", 35, 35));
        let waiting = json!({ "back_orders": true });
        assert_eq!(world.ask(open_demands, waiting).expect("demands").lines.len(), 1);
        let rows =
            world.ask(order_ages, json!({ "days": "1", "back_orders": true })).expect("rows");
        assert_eq!((rows.lines.len(), rows.lines[0].from_days), (1, 2));
    });
}
