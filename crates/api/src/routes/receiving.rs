//! Blind receipts and unknown goods.

use crate::route::Routes;
use receiving::{MATCH, READ, SCAN, SETTLE};

pub(super) fn add(routes: Routes) -> Routes {
    unknown(blind(routes))
}

fn blind(routes: Routes) -> Routes {
    routes
        .verb("/blind-receipts", SCAN, "Open a blind receipt", receiving::open_blind_receipt)
        .list("/blind-receipts", READ, "List blind receipts", receiving::list_blind_receipts)
        .detail("/blind-receipts/{id}", SCAN, "Show a blind receipt", receiving::blind_receipt)
        .detail(
            "/blind-matches/{id}",
            MATCH,
            "Tell for which orders scanned goods came",
            receiving::blind_match,
        )
        .verb("/blind-receipts/scan", SCAN, "Take down scans", receiving::scan_goods)
        .verb("/blind-receipts/void", SCAN, "Take a scan back", receiving::void_scan)
        .verb("/blind-receipts/book", MATCH, "Book a blind receipt", receiving::book_blind_receipt)
        .verb(
            "/blind-receipts/cancel",
            MATCH,
            "Give a blind receipt up",
            receiving::cancel_blind_receipt,
        )
}

fn unknown(routes: Routes) -> Routes {
    routes
        .verb("/unknown-goods", SCAN, "Take unknown goods down", receiving::record_unknown)
        .list("/unknown-goods", READ, "List unknown goods", receiving::list_unknown)
        .detail("/unknown-goods/{id}", READ, "Show unknown goods", receiving::unknown)
        .verb(
            "/unknown-goods/identify",
            MATCH,
            "Say what unknown goods are",
            receiving::identify_unknown,
        )
        .verb(
            "/unknown-goods/receive",
            MATCH,
            "Receive unknown goods for an order",
            receiving::receive_unknown,
        )
        .verb("/unknown-goods/keep", SETTLE, "Keep unknown goods", receiving::keep_unknown)
        .verb("/unknown-goods/give-up", SETTLE, "Give unknown goods up", receiving::give_up_unknown)
        .verb("/unknown-goods/assign", MATCH, "Assign unknown goods", receiving::assign_unknown)
}
