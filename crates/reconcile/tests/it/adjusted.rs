use super::world::{World, units};
use reconcile::SCHEMA;
use serde_json::json;
use stock::{AdjustedRow, adjusted, adjusted_lines};
use store::Database;
use store::testing::on_both_engines;

/// Of `A` at 2.00 two pieces were found and one broke, in one adjustment; of `B` at 5.00 three broke.
fn world(db: &Database) -> World<'_> {
    let world = World::new(db);
    world.buy("2025-11-01", "A", "10", "2");
    world.buy("2025-11-01", "B", "20", "5");
    let line = |sku: &str, quantity: &str, reason: &str| json!({ "sku": sku, "place": "WH/Stock", "quantity": quantity, "reason": reason });
    world.adjust("2025-12-01", json!([line("A", "2", "found"), line("A", "-1", "damaged")]));
    world.adjust("2025-12-15", json!([line("B", "-3", "damaged")]));
    world.assert_sound();
    world
}

type Told<'r> = (&'r str, (i64, i64), [i64; 4], (i64, i64));

fn told(row: &AdjustedRow) -> Told<'_> {
    let quantities = [units(row.found), units(row.missing), units(row.absolute), units(row.net)];
    let values = (row.absolute_value.minor, row.net_value.minor);
    (row.code.as_str(), (row.adjustments, row.lines), quantities, values)
}

#[test]
fn adjustments_are_counted_and_valued_with_and_without_their_signs() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let by = |by: &str| world.ask(adjusted, json!({ "by": by })).expect("a report").lines;
        let rows = by("item");
        assert_eq!(
            rows.iter().map(told).collect::<Vec<_>>(),
            [
                ("A", (1, 2), [2, 1, 3, 1], (600, 200)),
                ("B", (1, 1), [0, 3, 3, -3], (1_500, -1_500)),
            ]
        );
        let rows = by("reason");
        assert_eq!(
            rows.iter().map(told).collect::<Vec<_>>(),
            [
                ("damaged", (2, 2), [0, 4, 4, -4], (1_700, -1_700)),
                ("found", (1, 1), [2, 0, 2, 2], (400, 400)),
            ]
        );
        let rows = by("place");
        assert_eq!(told(&rows[0]), ("WH/Stock", (2, 3), [2, 4, 6, -2], (2_100, -1_300)));
        assert_eq!((rows.len(), rows[0].name.as_str()), (1, "WH"));
        let rows = by("user");
        assert_eq!((rows.len(), rows[0].name.as_str(), rows[0].lines), (1, "Tester", 3));

        let behind = json!({ "reason": "damaged", "to_day": "2025-12-31" });
        let lines = world.ask(adjusted_lines, behind).expect("lines").lines;
        let net: i64 = lines.iter().map(|line| line.value.minor).sum();
        assert_eq!((lines.len(), net), (2, -1_700));
        let early = json!({ "to_day": "2025-12-14" });
        assert_eq!(world.ask(adjusted_lines, early).expect("lines").lines.len(), 2);
        let page = world.ask(adjusted_lines, json!({ "limit": 2 })).expect("a page");
        let rest = json!({ "limit": 2, "cursor": page.next_cursor });
        assert_eq!(world.ask(adjusted_lines, rest).expect("a page").lines[0].sku, "B");
        assert!(world.holding(&["sales.read"]).ask(adjusted, json!({})).is_err());
    });
}
