use super::world::{World, for_line, found, scan};
use base::PurchaseOrderId;
use receiving::{OpenBlindReceipt, SCHEMA, ScanGoods};
use store::testing::on_both_engines;

#[test]
fn every_statement_reads_the_same_on_both_engines() {
    store::testing::assert_statements_agree(&SCHEMA);
}

/// The statements of a door.
macro_rules! counted {
    ($world:expr, $error:ty, $door:path, $request:expr) => {{
        let request = $request;
        let done = $world.run(move |tx, ctx| {
            let before = tx.statements();
            let answer = $door(tx, ctx, request.clone())?;
            tx.flush()?;
            Ok::<_, $error>((answer, tx.statements() - before))
        });
        done.expect(stringify!($door))
    }};
}

/// What opening, scanning and booking so many scans issue: each is of goods that are due, that are over
/// and that nobody knows.
fn count(world: &World<'_>, lines: usize) -> Vec<(&'static str, u64)> {
    use receiving::{
        BlindError, UnknownError, book_blind_receipt, open_blind_receipt, receive_unknown,
        record_unknown, scan_goods,
    };
    let all: Vec<(&str, i64, &str)> = (0..lines).map(|_| ("P1", 1, "4")).collect();
    let order: PurchaseOrderId = world.order("ACME", "2026-06-10", &all);
    let mut counts = Vec::new();
    let open = OpenBlindReceipt {
        supplier: "ACME".into(),
        warehouse: Some("WH".into()),
        delivery_note: String::new(),
        client_ref: format!("of {lines}"),
    };
    let (opened, statements) = counted!(world, BlindError, open_blind_receipt, open);
    counts.push(("open", statements));
    let blind_receipt_id = opened.blind_receipt_id;
    let mut scans = Vec::new();
    for at in 0..lines {
        let unknown = receiving::BlindScan { description: format!("box {at}"), ..scan("9999", 1) };
        scans.extend([scan("P1", 1), scan("P2", 1), unknown]);
    }
    for (at, one) in scans.iter_mut().enumerate() {
        one.client_ref = format!("scan {at}");
    }
    scans.truncate(receiving::MAX_SCANS);
    let request = ScanGoods { blind_receipt_id, scans };
    let (_, statements) = counted!(world, BlindError, scan_goods, request);
    counts.push(("scan", statements));
    let request = world.booking(blind_receipt_id, false);
    let (booked, statements) = counted!(world, BlindError, book_blind_receipt, request);
    assert_eq!(booked.lines.iter().filter(|line| line.order_id == Some(order)).count(), lines);
    counts.push(("book", statements));
    let (goods, statements) =
        counted!(world, UnknownError, record_unknown, found("", "a parcel", 1));
    counts.push(("record", statements));
    let order = world.order("ACME", "2026-06-10", &[("P1", 1, "4")]);
    let request = for_line(goods.unknown_goods_id, order, 1);
    let (_, statements) = counted!(world, UnknownError, receive_unknown, request);
    counts.push(("receive", statements));
    counts
}

#[test]
fn statements_do_not_depend_on_the_number_of_scans() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db);
        // The first delivery of all makes what every item needs once.
        count(&world, 2);
        assert_eq!(count(&world, 1), count(&world, 300));
        world.assert_sound();
    });
}
