//! Why something was refused, in the order in which it is found out.

use crate::words::BlindState;
use base::{
    BadCursor, BlindReceiptId, NumberError, Problem, ProblemKind, PurchaseOrderId, Quantity, Rule,
    TextError, UnknownGoodsId, UserId,
};
use catalog::Tracking;
use documents::EvidenceError;
use identity::Denied;
use purchasing::ReceiveError;
use store::StoreError;

/// Why nothing was done with a blind receipt. `scan` is the scan's place in the request, from 1.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum BlindError {
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such blind receipt.
    #[error("there is no blind receipt {0}")]
    NotFound(BlindReceiptId),
    /// There is no such warehouse.
    #[error("there is no warehouse {code:?}; name one of: {known}")]
    UnknownWarehouse {
        /// The code asked for.
        code: String,
        /// What there is.
        known: String,
    },
    /// The caller may not, or not there.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such supplier.
    #[error("there is no supplier {code:?}; name one of the supplier list, by code")]
    UnknownSupplier {
        /// The code asked for.
        code: String,
    },
    /// It was booked or cancelled.
    #[error("blind receipt {number} is {state}; open another one for what came since")]
    NotOpen {
        /// Its number.
        number: String,
        /// Where it stands.
        state: BlindState,
    },
    /// Somebody scanned, or what is due of orders changed, since the caller looked.
    #[error(
        "what blind receipt {number} counted, or what is due of its orders, was changed since you \
         looked (it is at {seq} now); look at the match again"
    )]
    Changed {
        /// Its number.
        number: String,
        /// How often it was written.
        seq: i64,
    },
    /// Nothing was scanned.
    #[error("nothing was scanned; scan what came, or cancel the blind receipt")]
    Empty,
    /// More scans than one request takes.
    #[error("{found} scans are more than the {most} of one request; send them in parts")]
    TooMany {
        /// How many there are.
        found: usize,
        /// How many there may be.
        most: usize,
    },
    /// No item has the code, and the goods are not described.
    #[error(
        "scan {scan}: no item has the code {code:?}; describe the goods to take them down as unknown"
    )]
    UnknownCode {
        /// The scan.
        scan: usize,
        /// The code.
        code: String,
    },
    /// A service or a set.
    #[error("scan {scan}: {sku} is never on a shelf; scan the goods themselves")]
    NotGoods {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
    },
    /// The pack is not the one that the item has.
    #[error(
        "scan {scan}: the pack says that it holds {holds} of {sku}, but the code stands for {known}; \
         stop the line: have the packaging of the item put right, or scan the pieces"
    )]
    PackDiffers {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// What the pack says.
        holds: Quantity,
        /// What the catalogue says.
        known: Quantity,
    },
    /// Nothing, or less, was counted.
    #[error("scan {scan}: the quantity is {quantity}; it must be above zero")]
    NotPositive {
        /// The scan.
        scan: usize,
        /// What was asked.
        quantity: Quantity,
    },
    /// The quantity cannot be kept in the stock unit.
    #[error("scan {scan}: {quantity} is not a whole number of {kept}")]
    NotWhole {
        /// The scan.
        scan: usize,
        /// In the stock unit.
        quantity: Quantity,
        /// The item's stock unit.
        kept: String,
    },
    /// The item is told apart by lot or piece.
    #[error("scan {scan}: {sku} is tracked by {tracking}; scan its number, too")]
    LotMissing {
        /// The scan.
        scan: usize,
        /// The item.
        sku: String,
        /// How it is tracked.
        tracking: Tracking,
    },
    /// A serial number stands for one piece.
    #[error("scan {scan}: {quantity} pieces cannot share the serial number {lot}")]
    SharedSerial {
        /// The scan.
        scan: usize,
        /// The number.
        lot: String,
        /// How many.
        quantity: Quantity,
    },
    /// There is no such scan.
    #[error("blind receipt {number} has no scan {line}")]
    UnknownLine {
        /// Its number.
        number: String,
        /// The scan asked for.
        line: i64,
    },
    /// It was taken back before.
    #[error("scan {line} of blind receipt {number} was taken back before; there is nothing to do")]
    Voided {
        /// Its number.
        number: String,
        /// The scan.
        line: i64,
    },
    /// The goods cannot be received.
    #[error("order {order}: {error}")]
    Receive {
        /// The order that they were matched with, or all of them.
        order: String,
        /// Why.
        error: Box<ReceiveError>,
    },
    /// A document is no evidence.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// A number beyond what the books can hold.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for BlindError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let conflict = |code, detail| Problem::new(ProblemKind::Conflict, code, detail);
        let (code, scan) = match self {
            BlindError::Text(error) => return error.problem(),
            BlindError::NotFound(_) => {
                return Problem::not_found("blind_receipt_not_found", detail);
            }
            BlindError::UnknownWarehouse { .. } => {
                return Problem::not_found("warehouse_not_found", detail).with_field("warehouse");
            }
            BlindError::Denied(error) => return error.problem(),
            BlindError::UnknownSupplier { .. } => {
                return Problem::refused("unknown_supplier", detail).with_field("supplier");
            }
            BlindError::NotOpen { .. } => return conflict("blind_receipt_not_open", detail),
            BlindError::Changed { .. } => return conflict("blind_receipt_changed", detail),
            BlindError::Empty => return Problem::refused("nothing_scanned", detail),
            BlindError::TooMany { .. } => return Problem::refused("too_many_lines", detail),
            BlindError::UnknownCode { scan, .. } => ("unknown_code", scan),
            BlindError::NotGoods { scan, .. } => ("not_goods", scan),
            BlindError::PackDiffers { scan, .. } => ("pack_differs", scan),
            BlindError::NotPositive { scan, .. } => ("quantity_not_positive", scan),
            BlindError::NotWhole { scan, .. } => ("quantity_not_whole", scan),
            BlindError::LotMissing { scan, .. } => ("lot_missing", scan),
            BlindError::SharedSerial { scan, .. } => ("serial_shared", scan),
            BlindError::UnknownLine { .. } => return Problem::not_found("scan_not_found", detail),
            BlindError::Voided { .. } => return conflict("scan_voided", detail),
            // The caller knows scans, not lines of orders.
            BlindError::Receive { error, .. } => {
                let problem = error.problem();
                return Problem { detail, place: None, ..problem };
            }
            BlindError::Evidence(error) => return error.problem(),
            BlindError::Number(error) => return error.problem(),
            BlindError::Store(error) => return error.problem(),
        };
        Problem::refused(code, detail).with_line(u32::try_from(*scan).unwrap_or(0))
    }
}

/// Why nothing was done with unknown goods.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum UnknownError {
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There are no such unknown goods.
    #[error("there are no unknown goods {0}")]
    NotFound(UnknownGoodsId),
    /// There is no such warehouse.
    #[error("there is no warehouse {code:?}; name one of: {known}")]
    UnknownWarehouse {
        /// The code asked for.
        code: String,
        /// What there is.
        known: String,
    },
    /// The caller may not, or not there.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such supplier.
    #[error("there is no supplier {code:?}; name one of the supplier list, or none")]
    UnknownSupplier {
        /// The code asked for.
        code: String,
    },
    /// There is no such item.
    #[error("there is no item {sku:?}; name one of the item list")]
    UnknownItem {
        /// The SKU asked for.
        sku: String,
    },
    /// A service or a set.
    #[error("{sku} is never on a shelf; name the goods themselves")]
    NotGoods {
        /// The item.
        sku: String,
    },
    /// Nothing tells what the goods are.
    #[error("nobody would know the goods again; scan a code that an item has, or describe them")]
    NotDescribed,
    /// There is no such user.
    #[error("there is no user {owner} of this company; name one who is")]
    UnknownOwner {
        /// The user asked for.
        owner: UserId,
    },
    /// They ended.
    #[error("nothing of {number} waits; all {quantity} ended before")]
    Ended {
        /// Their number.
        number: String,
        /// How much there was.
        quantity: Quantity,
    },
    /// A part of them ended as another item, or as so much.
    #[error("a part of {number} ended before; what is left cannot be another item or quantity")]
    Begun {
        /// Their number.
        number: String,
    },
    /// Nobody has said what item they are.
    #[error("nobody knows what item {number} is; identify the goods first")]
    NotIdentified {
        /// Their number.
        number: String,
    },
    /// Nothing, or less, or more than waits.
    #[error("the quantity is {quantity}; of {number} {waiting} wait, so name one up to that")]
    WrongQuantity {
        /// Their number.
        number: String,
        /// What was asked.
        quantity: Quantity,
        /// What waits.
        waiting: Quantity,
    },
    /// The quantity cannot be kept in the stock unit.
    #[error("{quantity} is not a whole number of {kept}; say how many there are of the item")]
    NotWhole {
        /// In the stock unit.
        quantity: Quantity,
        /// The item's stock unit.
        kept: String,
    },
    /// There is no such order.
    #[error("there is no purchase order {0}")]
    OrderNotFound(PurchaseOrderId),
    /// Nothing comes of the line any more.
    #[error(
        "nothing is received on line {line} of order {order} any more; name a line of an order that \
         is on its way"
    )]
    NotDue {
        /// The order.
        order: String,
        /// The line.
        line: i64,
    },
    /// The order is of another warehouse or supplier.
    #[error("order {order} is not {whose}; name an order to the supplier for the warehouse")]
    OtherOrder {
        /// The order.
        order: String,
        /// Whose it should be.
        whose: String,
    },
    /// The line is about another item.
    #[error(
        "line {line} of order {order} is about another item than {number}; identify them first"
    )]
    OtherItem {
        /// The order.
        order: String,
        /// The line.
        line: i64,
        /// The unknown goods.
        number: String,
    },
    /// The place is not one of the warehouse.
    #[error("there is no place {place:?} in warehouse {warehouse}")]
    UnknownPlace {
        /// The path asked for.
        place: String,
        /// The warehouse's code.
        warehouse: String,
    },
    /// The item is told apart by lot or piece.
    #[error("{sku} is tracked by {tracking}; give its number")]
    LotMissing {
        /// The item.
        sku: String,
        /// How it is tracked.
        tracking: Tracking,
    },
    /// A serial number stands for one piece.
    #[error("{quantity} pieces cannot share the serial number {lot}; end one piece at a time")]
    SharedSerial {
        /// The number.
        lot: String,
        /// How many.
        quantity: Quantity,
    },
    /// Another person would have to agree to so much found.
    #[error(
        "{number} are worth more than one person may take into stock as found; order them from the \
         supplier and receive them for that order"
    )]
    NeedsApproval {
        /// Their number.
        number: String,
    },
    /// The goods cannot be received.
    #[error(transparent)]
    Receive(Box<ReceiveError>),
    /// The lot cannot be found or made.
    #[error(transparent)]
    Lot(#[from] stock::LotError),
    /// The goods cannot be taken into stock as found.
    #[error(transparent)]
    Adjust(Box<stock::AdjustError>),
    /// A number beyond what the books can hold.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ReceiveError> for UnknownError {
    fn from(error: ReceiveError) -> UnknownError {
        UnknownError::Receive(Box::new(error))
    }
}

impl From<stock::AdjustError> for UnknownError {
    fn from(error: stock::AdjustError) -> UnknownError {
        UnknownError::Adjust(Box::new(error))
    }
}

impl Rule for UnknownError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let conflict = |code, detail| Problem::new(ProblemKind::Conflict, code, detail);
        match self {
            UnknownError::Text(error) => error.problem(),
            UnknownError::NotFound(_) => Problem::not_found("unknown_goods_not_found", detail),
            UnknownError::UnknownWarehouse { .. } => {
                Problem::not_found("warehouse_not_found", detail).with_field("warehouse")
            }
            UnknownError::Denied(error) => error.problem(),
            UnknownError::UnknownSupplier { .. } => {
                Problem::refused("unknown_supplier", detail).with_field("supplier")
            }
            UnknownError::UnknownItem { .. } => {
                Problem::refused("item_not_found", detail).with_field("sku")
            }
            UnknownError::NotGoods { .. } => {
                Problem::refused("not_goods", detail).with_field("sku")
            }
            UnknownError::NotDescribed => {
                Problem::refused("goods_not_described", detail).with_field("description")
            }
            UnknownError::UnknownOwner { .. } => {
                Problem::refused("unknown_owner", detail).with_field("owner")
            }
            UnknownError::Ended { .. } => conflict("unknown_goods_ended", detail),
            UnknownError::Begun { .. } => conflict("unknown_goods_begun", detail),
            UnknownError::NotIdentified { .. } => Problem::refused("not_identified", detail),
            UnknownError::WrongQuantity { .. } => {
                Problem::refused("exceeds_waiting", detail).with_field("quantity")
            }
            UnknownError::NotWhole { .. } => {
                Problem::refused("quantity_not_whole", detail).with_field("quantity")
            }
            UnknownError::OrderNotFound(_) => {
                Problem::refused("order_not_found", detail).with_field("order_id")
            }
            UnknownError::NotDue { .. } => {
                Problem::refused("nothing_due", detail).with_field("line")
            }
            UnknownError::OtherOrder { .. } => {
                Problem::refused("other_order", detail).with_field("order_id")
            }
            UnknownError::OtherItem { .. } => {
                Problem::refused("other_item", detail).with_field("line")
            }
            UnknownError::UnknownPlace { .. } => {
                Problem::refused("unknown_place", detail).with_field("place")
            }
            UnknownError::LotMissing { .. } => {
                Problem::refused("lot_missing", detail).with_field("lot")
            }
            UnknownError::SharedSerial { .. } => {
                Problem::refused("serial_shared", detail).with_field("quantity")
            }
            UnknownError::NeedsApproval { .. } => Problem::refused("needs_approval", detail),
            UnknownError::Receive(error) => error.problem(),
            UnknownError::Lot(error) => error.problem(),
            UnknownError::Adjust(error) => error.problem(),
            UnknownError::Number(error) => error.problem(),
            UnknownError::Store(error) => error.problem(),
        }
    }
}

/// Why nothing is shown.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ReadError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such blind receipt.
    #[error("there is no blind receipt {0}")]
    BlindReceipt(BlindReceiptId),
    /// There are no such unknown goods.
    #[error("there are no unknown goods {0}")]
    UnknownGoods(UnknownGoodsId),
    /// The cursor was not given by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// A number beyond what the books can hold.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReadError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ReadError::Denied(error) => error.problem(),
            ReadError::BlindReceipt(_) => Problem::not_found("blind_receipt_not_found", detail),
            ReadError::UnknownGoods(_) => Problem::not_found("unknown_goods_not_found", detail),
            ReadError::Cursor(error) => error.problem(),
            ReadError::Number(error) => error.problem(),
            ReadError::Store(error) => error.problem(),
        }
    }
}
