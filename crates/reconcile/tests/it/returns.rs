use super::world::{World, units};
use quality::{ReturnTimeRow, return_time_lines, return_times};
use reconcile::SCHEMA;
use serde_json::json;
use store::Database;
use store::testing::on_both_engines;

/// Three pieces that cost 2.00 each came back damaged on 5 December: one was put back after 3 days, one
/// scrapped after 5, both refunded after 7; the third waits since 31 days.
fn world(db: &Database) -> World<'_> {
    let world = World::new(db);
    world.buy("2025-11-01", "A", "10", "2");
    let order_id = world.sell("2025-12-01", "A", "3");
    let authorize = json!({ "order_id": order_id, "reason": "damaged" });
    let return_id = world.act("2025-12-02", quality::authorize_return, authorize).return_id;
    world.act("2025-12-05", quality::receive_return, json!({ "return_id": return_id }));
    let mut restock = json!({ "line": 1, "quantity": "1", "outcome": "restock" });
    let request = json!({ "return_id": return_id, "lines": [restock.clone()] });
    world.act("2025-12-08", quality::dispose, request);
    restock["outcome"] = json!("scrap");
    restock["reason"] = json!("damaged");
    let request = json!({ "return_id": return_id, "lines": [restock] });
    world.act("2025-12-10", quality::dispose, request);
    let refund = json!({ "return_id": return_id, "reason": "sent back",
        "lines": [{ "line": 1, "quantity": "2" }] });
    world.act("2025-12-12", quality::decide_refund, refund);
    world.assert_sound();
    world
}

fn told(row: &ReturnTimeRow) -> (&str, i64, i64, [Option<i64>; 4]) {
    let days = [row.decision_median, row.decision_p90, row.refund_median, row.longest_waiting_days];
    (row.disposition.as_str(), units(row.quantity), row.value.minor, days)
}

#[test]
fn returns_tell_how_long_they_waited_for_decision_and_money() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let rows = world.ask(return_times, json!({})).expect("a report").lines;
        assert!(rows.iter().all(|row| row.reason == "damaged"));
        assert_eq!(
            rows.iter().map(told).collect::<Vec<_>>(),
            [
                ("restock", 1, 200, [Some(3), Some(3), Some(7), None]),
                ("scrap", 1, 200, [Some(5), Some(5), Some(7), None]),
                ("waiting", 1, 200, [None, None, None, Some(31)]),
            ]
        );
        let rows = world.ask(return_times, json!({ "by": "all" })).expect("a report").lines;
        assert_eq!(told(&rows[0]), ("", 3, 600, [Some(3), Some(5), Some(7), Some(31)]));
        assert_eq!((rows[0].lines, rows[0].waiting, rows[0].refunded), (3, 1, 2));

        let waiting = json!({ "disposition": "waiting" });
        let lines = world.ask(return_time_lines, waiting).expect("lines").lines;
        assert_eq!((lines.len(), lines[0].waiting_days), (1, Some(31)));
        let scrapped = json!({ "reason": "damaged", "disposition": "scrap" });
        let lines = world.ask(return_time_lines, scrapped).expect("lines").lines;
        assert_eq!((lines.len(), lines[0].stock_reason.as_str()), (1, "damaged"));
        let mut seen = Vec::new();
        let mut filter = json!({ "limit": 1 });
        while let Some(cursor) = {
            let page = world.ask(return_time_lines, filter.clone()).expect("a page");
            seen.extend(page.lines.into_iter().map(|line| line.disposition));
            page.next_cursor
        } {
            filter["cursor"] = json!(cursor);
        }
        seen.sort();
        assert_eq!(seen, ["restock", "scrap", "waiting"]);
        let before = json!({ "to_day": "2025-12-04" });
        assert!(world.ask(return_times, before).expect("a report").lines.is_empty());
        assert!(world.holding(&["sales.read"]).ask(return_times, json!({})).is_err());
    });
}
