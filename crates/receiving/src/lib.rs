//! What arrives before it is known for which order.
//!
//! A *blind receipt* takes down what came of a supplier by people who do not see what was ordered
//! ([`open_blind_receipt`](open_blind_receipt()), [`scan_goods`](scan_goods())). When everything is
//! scanned, a pure decision matches it with the supplier's open order lines, the one promised first
//! first ([`blind_match`]), and [`book_blind_receipt`](book_blind_receipt()) receives it through
//! `purchasing::receive`. What fits no line waits as *unknown goods*: counted, and worth nothing in the
//! books, until somebody says what they are ([`identify_unknown`](identify_unknown())) and how they end
//! ([`receive_unknown`](receive_unknown()), [`keep_unknown`](keep_unknown()),
//! [`give_up_unknown`](give_up_unknown())).

mod model;
mod rules;
mod words;

mod error;

mod open_blind_receipt;
mod scan_goods;
mod void_scan;

mod book_blind_receipt;
mod cancel_blind_receipt;
mod match_goods;

mod assign_unknown;
mod give_up_unknown;
mod identify_unknown;
mod keep_unknown;
mod receive_unknown;
mod record_unknown;

mod checks;
mod tables;
mod views;

use identity::Permission;

pub use assign_unknown::{AssignUnknown, UnknownAssigned, assign_unknown};
pub use book_blind_receipt::{
    BlindBooked, BookBlindReceipt, BookedReceipt, UnknownMade, book_blind_receipt,
};
pub use cancel_blind_receipt::{BlindReceiptCancelled, CancelBlindReceipt, cancel_blind_receipt};
pub use error::{BlindError, ReadError, UnknownError};
pub use give_up_unknown::{GiveUpUnknown, UnknownEnded, give_up_unknown};
pub use identify_unknown::{IdentifyUnknown, UnknownIdentified, identify_unknown};
pub use keep_unknown::{KeepUnknown, UnknownKept, keep_unknown};
pub use match_goods::{BlindMatch, MatchedGoods, ShortGoods, blind_match, verify_matches};
pub use open_blind_receipt::{BlindReceiptOpened, OpenBlindReceipt, open_blind_receipt};
pub use receive_unknown::{ReceiveUnknown, UnknownReceived, receive_unknown};
pub use record_unknown::{RecordUnknown, UnknownRecorded, record_unknown};
pub use scan_goods::{BlindScan, GoodsScanned, MAX_SCANS, ScanGoods, ScannedLine, scan_goods};
pub use views::{
    BlindReceiptDetail, BlindReceiptFilter, BlindReceiptRow, BookedMatch, EndRow, ScanRow,
    UnknownCandidate, UnknownDetail, UnknownFilter, UnknownRow, blind_receipt, list_blind_receipts,
    list_unknown, unknown,
};
pub use void_scan::{ScanVoided, VoidScan, void_scan};
pub use words::{BlindState, End, Fit, Leaving, UnknownState, Why};

/// May see blind receipts and unknown goods, in some warehouses or all.
pub const READ: Permission = Permission("receiving.read");
/// May open blind receipts, scan goods, and take down unknown goods, in some warehouses or all.
pub const SCAN: Permission = Permission("receiving.scan");
/// May see for which orders scanned goods came and what unknown goods are, in some warehouses or all.
/// Receiving them takes `purchasing.receive`, too.
pub const MATCH: Permission = Permission("receiving.match");
/// May end unknown goods without an order, in some warehouses or all. Keeping them takes
/// `stock.adjust`, too.
pub const SETTLE: Permission = Permission("receiving.settle");

/// Every permission that a role can give here.
pub static PERMISSIONS: &[Permission] = &[READ, SCAN, MATCH, SETTLE];

/// The audit's names of what [`SCAN`], [`MATCH`] and [`SETTLE`] allow.
const OPEN_BLIND_RECEIPT: Permission = Permission("receiving.open_blind_receipt");
const SCAN_GOODS: Permission = Permission("receiving.scan_goods");
const VOID_SCAN: Permission = Permission("receiving.void_scan");
const BOOK_BLIND_RECEIPT: Permission = Permission("receiving.book_blind_receipt");
const CANCEL_BLIND_RECEIPT: Permission = Permission("receiving.cancel_blind_receipt");
const RECORD_UNKNOWN: Permission = Permission("receiving.record_unknown");
const IDENTIFY_UNKNOWN: Permission = Permission("receiving.identify_unknown");
const RECEIVE_UNKNOWN: Permission = Permission("receiving.receive_unknown");
const KEEP_UNKNOWN: Permission = Permission("receiving.keep_unknown");
const GIVE_UP_UNKNOWN: Permission = Permission("receiving.give_up_unknown");
const ASSIGN_UNKNOWN: Permission = Permission("receiving.assign_unknown");

/// The kinds of records of this crate, as files are attached to them and trails are kept.
const BLIND_RECEIPT: &str = "blind_receipt";
const UNKNOWN_GOODS: &str = "unknown_goods";

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "receiving",
    migrations: store::migrations!("0001_receiving.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &["receiving_end", "receiving_match"],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &partners::SCHEMA,
        &documents::SCHEMA,
        &accounting::SCHEMA,
        &valuation::SCHEMA,
        &stock::SCHEMA,
        &purchasing::SCHEMA,
    ],
};
