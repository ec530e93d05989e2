use super::world::{World, units};
use purchasing::open_lines;
use quality::{supplied_lines, supplier_performance};
use reconcile::{CycleRow, SCHEMA, cycle_orders, purchase_cycle};
use serde_json::{Value, json};
use store::Database;
use store::testing::on_both_engines;

/// Two orders to ACME of 10 pieces at 5.00: one promised for 20 and then 25 March, of which 6 came on
/// 20 and 4 on 27 March, billed at 5.50 and paid; one that was never acknowledged, due on 15 March, of
/// which 9 came and 1 was refused on 14 March, and 1 came on 15 March. One to BOLT of 8 at 3.00,
/// promised for 22 and then 28 December, of which 2 came on 23 December and 1 failed its inspection.
fn world(db: &Database) -> World<'_> {
    let world = World::new(db);
    let line = |sku: &str, quantity: &str, price: &str, due: &str| json!([{ "sku": sku, "quantity": quantity, "price": price, "due_on": due }]);
    let first = world.order("2025-03-03", "ACME", line("A", "10", "5", "2025-03-18"));
    world.act("2025-03-04", purchasing::send_order, json!({ "order_id": first }));
    for (on, promised) in [("2025-03-06", "2025-03-20"), ("2025-03-19", "2025-03-25")] {
        let lines = json!([{ "line": 1, "promised_on": promised }]);
        let request = json!({ "order_id": first, "lines": lines });
        world.act(on, purchasing::acknowledge_order, request);
    }
    world.arrive("2025-03-20", first, "6");
    world.arrive("2025-03-27", first, "4");
    let goods = json!([{ "order_id": first, "line": 1, "price": "5.50" }]);
    let bill = json!({ "supplier": "ACME", "reference": "B-1", "goods": goods });
    let bill = world.act("2025-03-30", purchasing::bill, bill);
    let open = json!({ "kind": "bill", "id": base::Id::raw(bill.bill_id) });
    let pay = json!({ "amount": { "amount": "55.00", "currency": "GBP" },
        "allocations": [{ "open": open }] });
    world.act("2025-04-29", payments::pay, pay);

    let second = world.order("2025-03-10", "ACME", line("B", "10", "5", "2025-03-15"));
    world.act("2025-03-10", purchasing::send_order, json!({ "order_id": second }));
    let came = json!([{ "line": 1, "quantity": "9" },
        { "line": 1, "quantity": "1", "outcome": "refused", "reason": "torn" }]);
    world.receive("2025-03-14", second, came);
    world.arrive("2025-03-15", second, "1");

    let third = world.order("2025-12-01", "BOLT", line("A", "8", "3", "2025-12-20"));
    world.act("2025-12-01", purchasing::send_order, json!({ "order_id": third }));
    for (on, promised) in [("2025-12-02", "2025-12-22"), ("2025-12-10", "2025-12-28")] {
        let lines = json!([{ "line": 1, "promised_on": promised }]);
        let request = json!({ "order_id": third, "lines": lines });
        world.act(on, purchasing::acknowledge_order, request);
    }
    let held = json!([{ "line": 1, "quantity": "2", "outcome": "quarantine", "reason": "look" }]);
    let receipt_id = world.receive("2025-12-23", third, held);
    let found = json!([{ "line": 1, "quantity": "1", "result": "pass", "place": "WH/Stock" },
        { "line": 1, "quantity": "1", "result": "fail", "reason": "bent" }]);
    let inspect = json!({ "receipt_id": receipt_id, "lines": found });
    world.act("2025-12-24", quality::inspect, inspect);
    world.assert_sound();
    world
}

fn days(row: &CycleRow) -> (i64, i64, [Option<i64>; 4]) {
    let days = [row.median_days, row.p90_days, row.median_since_ordered, row.p90_since_ordered];
    (row.reached, row.measured, days)
}

#[test]
fn open_lines_tell_every_promise_and_how_late_they_are() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let lines = world.ask(open_lines, json!({})).expect("lines").lines;
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert_eq!((line.supplier.as_str(), line.sku.as_str()), ("BOLT", "A"));
        assert_eq!((units(line.ordered), units(line.received), units(line.due)), (8, 2, 6));
        assert_eq!(line.due_value.minor, 1_800);
        assert_eq!((line.promise_count, line.slipped_days, line.late_days), (2, Some(6), 8));
        let promised: Vec<String> =
            line.promises.iter().map(|promise| promise.promised_on.to_string()).collect();
        assert_eq!(promised, ["2025-12-22", "2025-12-28"]);
        let is = |filter: Value| world.ask(open_lines, filter).expect("lines").lines.len();
        assert_eq!(is(json!({ "supplier": "ACME" })), 0);
        assert_eq!(is(json!({ "to_day": "2025-12-27" })), 0);
        assert_eq!(is(json!({ "to_day": "2025-12-28", "warehouse": "WH", "sku": "A" })), 1);
    });
}

#[test]
fn the_cycle_of_buying_is_told_stage_by_stage() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let filter = json!({ "by": "supplier", "supplier": "ACME" });
        let rows = world.ask(purchase_cycle, filter).expect("a report").lines;
        let told: Vec<_> = rows.iter().map(days).collect();
        let of = |a, b, c, d| [Some(a), Some(b), Some(c), Some(d)];
        assert_eq!(
            told,
            [
                // Sent after 1 and 0 days.
                (2, 2, of(0, 1, 0, 1)),
                // Answered first on 6 March, 2 days after it was sent.
                (1, 1, of(2, 2, 3, 3)),
                // The first goods after 17 and 4 days, the first 14 days after the answer.
                (2, 1, of(14, 14, 4, 17)),
                // Complete 7 days and 1 day after the first goods.
                (2, 2, of(1, 7, 5, 24)),
                (1, 1, of(3, 3, 27, 27)),
                (1, 1, of(30, 30, 57, 57)),
            ]
        );
        assert!(rows.iter().all(|row| row.orders == 2 && row.supplier_name == "ACME"));

        let by_month = json!({ "by": "supplier_month" });
        let rows = world.ask(purchase_cycle, by_month).expect("a report").lines;
        let groups: Vec<_> =
            rows.iter().step_by(6).map(|row| (&*row.supplier, &*row.month)).collect();
        assert_eq!(groups, [("ACME", "2025-03"), ("BOLT", "2025-12")]);

        let march = json!({ "supplier": "ACME", "to_day": "2025-03-31" });
        let orders = world.ask(cycle_orders, march).expect("orders").lines;
        let first = &orders[0];
        let days = [
            first.sent_days,
            first.acknowledged_days,
            first.first_receipt_days,
            first.complete_days,
            first.billed_days,
            first.paid_days,
        ];
        assert_eq!(days, [Some(1), Some(2), Some(14), Some(7), Some(3), Some(30)]);
        assert_eq!((orders.len(), orders[1].billed_on), (2, None));

        // Who may not see payments does not see when it was paid.
        let buyer = world.holding(&["purchasing.read"]);
        let orders = buyer.ask(cycle_orders, json!({ "to_day": "2025-03-31" })).expect("orders");
        assert_eq!(orders.lines[0].paid_on, None);
        assert!(orders.lines[0].billed_on.is_some());
        let clerk = world.holding(&["stock.read"]);
        assert!(clerk.ask(purchase_cycle, json!({})).is_err());
    });
}

#[test]
fn suppliers_are_judged_by_time_quantity_price_and_quality() {
    on_both_engines(&SCHEMA, |db| {
        let world = world(db);
        let rows = world.ask(supplier_performance, json!({})).expect("a report").lines;
        assert_eq!(rows.len(), 2);
        let percent = |rate: Option<base::Rate>| rate.map(|rate| rate.to_string());
        let is = |text: &str| Some(text.to_owned());
        let acme = &rows[0];
        assert_eq!((acme.supplier.as_str(), acme.lines), ("ACME", 2));
        assert_eq!((acme.judged_first, acme.on_time_first), (2, 1));
        assert_eq!(percent(acme.on_time_first_percent), is("50"));
        assert_eq!((acme.judged_last, acme.on_time_last, acme.in_full), (2, 1, 2));
        assert_eq!(percent(acme.in_full_percent), is("100"));
        assert_eq!(percent(acme.on_time_in_full_percent), is("50"));
        let lead = (acme.lead_median, acme.lead_p10, acme.lead_p90, acme.lead_spread);
        assert_eq!(lead, (Some(4), Some(4), Some(17), Some(13)));
        let price = (acme.billed.minor, acme.agreed.minor, acme.price_deviation.minor);
        assert_eq!(price, (5_500, 5_000, 500));
        assert_eq!(percent(acme.price_deviation_percent), is("10"));
        assert_eq!((units(acme.taken_in), units(acme.refused)), (20, 1));
        assert_eq!(percent(acme.refused_percent), is("4.761904762"));
        assert_eq!(percent(acme.failed_percent), None);

        let bolt = &rows[1];
        let judged = (bolt.judged_first, bolt.on_time_first, bolt.judged_last, bolt.on_time_last);
        assert_eq!(judged, (1, 0, 1, 0));
        assert_eq!((bolt.in_full, bolt.lead_median), (0, Some(22)));
        assert_eq!((units(bolt.inspected), units(bolt.failed)), (2, 1));
        assert_eq!(percent(bolt.failed_percent), is("50"));
        assert_eq!(percent(bolt.price_deviation_percent), None);

        let by = json!({ "by": "month", "from_day": "2025-03-01", "to_day": "2025-03-31" });
        let rows = world.ask(supplier_performance, by).expect("a report").lines;
        let told: Vec<_> = rows.iter().map(|row| (row.month.as_str(), row.lines)).collect();
        assert_eq!(told, [("2025-03", 2)]);

        let lines = world.ask(supplied_lines, json!({ "supplier": "ACME" })).expect("lines").lines;
        let due: Vec<String> = lines.iter().map(|line| line.due_first_on.to_string()).collect();
        assert_eq!(due, ["2025-03-15", "2025-03-20"]);
        assert_eq!(lines[1].due_last_on.to_string(), "2025-03-25");
        assert_eq!((lines[0].on_time_first, lines[1].on_time_first), (Some(true), Some(false)));
        let page = world.ask(supplied_lines, json!({ "limit": 2 })).expect("a page");
        let rest = json!({ "limit": 2, "cursor": page.next_cursor });
        assert_eq!(world.ask(supplied_lines, rest).expect("a page").lines.len(), 1);
    });
}
