//! Buying: what suppliers offer, what was ordered, what came, what was billed, what went back.
//!
//! An order is written ([`create_orders`](create_orders())), agreed to
//! ([`submit_order`](submit_order()), [`approve_order`](approve_order())), sent and acknowledged. Goods
//! come in by [`receive`](receive()) and are matched with the supplier's bill by [`bill`](bill()).
//! What was received and not billed, and what was billed and not received, is kept by line, here in
//! quantities and values and in the books as open items, and a check compares the two.
//!
//! Reading order: the nouns, the pure decisions, the verbs in the order of trade, then what readers
//! get. `receive.rs` is the page to read first.

mod model;
pub mod rules;
mod words;

mod define_offers;
mod hold_due;
mod hold_received;
mod import_offers;
mod price_of;

mod acknowledge_order;
mod add_lines;
mod amend_order;
mod approval;
mod approve_order;
mod cancel_order;
mod close_short;
mod create_orders;
mod send_order;
mod set_inspection;
mod submit_order;

mod bill;
mod charge;
mod credit_note;
mod into_stock;
mod owed;
mod receive;
mod receive_direct;
mod resolve_mismatch;
mod return_to_supplier;

mod open_bills;
mod open_goods;
mod open_orders;
mod take_back;

mod checks;
mod follow;
mod open_lines;
mod tables;
mod views;

pub use acknowledge_order::{
    AcknowledgeOrder, AcknowledgeOrderError, OrderAcknowledged, Promise, acknowledge_order,
};
pub use add_lines::{
    AddLines, AddLinesError, Destination, LinesAdded, MoreLines, add_lines, destine_lines,
};
pub use amend_order::{AmendOrder, AmendOrderError, LineChange, OrderAmended, amend_order};
pub use approval::PURCHASE_ORDER;
pub use approve_order::{ApproveOrder, ApproveOrderError, OrderDecided, approve_order};
pub use bill::{Bill, BillError, BillExpense, BillGoods, Billed, bill};
pub use cancel_order::{CancelOrder, CancelOrderError, OrderCancelled, cancel_order};
pub use charge::ChargeError;
pub use close_short::{CloseShort, CloseShortError, ClosedShort, close_short};
pub use create_orders::{
    CreateOrder, CreateOrderError, CreateOrders, CreateOrdersError, MAX_ORDERS, OrderAnswers,
    OrderCreated, OrderLine, create_order, create_orders,
};
pub use credit_note::{CreditGoods, CreditNote, CreditNoteError, credit_note};
pub use define_offers::{
    DefineOffer, DefineOffers, DefineOffersError, MAX_OFFERS, OfferError, OffersDefined,
    define_offers,
};
pub use hold_due::{DueGoods, DueGoodsLine, hold_due};
pub use hold_received::{QuarantinedGoods, ReceivedGoods, hold_quarantined, hold_received};
pub use import_offers::{OFFER_COLUMNS, import_offers};
pub use model::Offer;
pub use open_bills::{BillsOpened, OpenBill, OpenBillError, OpenBills, OpenBillsError, open_bills};
pub use open_goods::{OpenGoods, StillDue, hold_goods, open_goods, receivable_goods, still_due};
pub use open_lines::{LinePromise, OpenLineFilter, OpenPurchaseLine, PurchasesBy, open_lines};
pub use open_orders::{
    OpenOrder, OpenOrderError, OpenOrderLine, OpenOrders, OpenOrdersError, open_orders,
};
pub use price_of::{PriceOf, PriceOfError, Priced, price_of};
pub use receive::{
    NotReceived, Receive, ReceiveError, ReceiveLine, Received, receive, receive_all,
};
pub use receive_direct::{DirectGoods, DirectReceipt, DueLine, hold_direct, receive_direct};
pub use resolve_mismatch::{
    MismatchResolved, ResolveMismatch, ResolveMismatchError, resolve_mismatch,
};
pub use return_to_supplier::{
    ReturnLine, ReturnRehearsed, ReturnToSupplier, ReturnToSupplierError, ReturnedToSupplier,
    rehearse_return, return_to_supplier,
};
pub use send_order::{OrderSent, SendOrder, SendOrderError, send_order};
pub use set_inspection::{
    InspectionRuleError, InspectionRuleFilter, InspectionRuleRow, SetInspection,
    list_inspection_rules, set_inspection,
};
pub use submit_order::{OrderSubmitted, SubmitOrder, SubmitOrderError, submit_order};
pub use take_back::{TakeBack, TakeBackError, take_back};
pub use views::{
    BillFilter, BillLineView, BillView, ListError, OfferFilter, OfferView, OrderDetail,
    OrderFilter, OrderLineView, OrderRow, PromiseView, ReceiptFilter, ReceiptLineView, ReceiptView,
    RevisionView, SupplierReturnFilter, SupplierReturnLineView, SupplierReturnView, Unmatched,
    UnmatchedFilter, grni_by_line, list_bills, list_offers, list_orders, list_receipts,
    list_supplier_returns, order,
};
pub use words::{
    BillKind, BillState, Billing, MatchState, OrderState, Outcome, Progress, ReturnState,
};

use identity::Permission;

/// The kind of source under which stock expects what lines of orders bring; its id is the line's.
pub const EXPECTED: &str = follow::SOURCE;

/// May see offers, orders, receipts and bills.
pub const READ: Permission = Permission("purchasing.read");
/// May define offers.
pub const OFFER: Permission = Permission("purchasing.offer");
/// May write, submit, amend, confirm, close and cancel orders.
pub const ORDER: Permission = Permission("purchasing.order");
/// May approve orders, up to a limit.
pub const APPROVE: Permission = Permission("purchasing.approve");
/// May send orders.
pub const SEND: Permission = Permission("purchasing.send");
/// May receive goods, in some warehouses or all.
pub const RECEIVE: Permission = Permission("purchasing.receive");
/// May send goods back, from some warehouses or all.
pub const RETURN: Permission = Permission("purchasing.return");
/// May enter suppliers' bills and credit notes.
pub const BILL: Permission = Permission("purchasing.bill");
/// May accept bills that differ from order and receipts.
pub const MATCH: Permission = Permission("purchasing.match");
/// May bring orders and bills of a going company along when its books are opened, and take them back.
pub const OPEN: Permission = Permission("purchasing.open");

/// Every permission that a role can give here.
pub static PERMISSIONS: &[Permission] =
    &[READ, OFFER, ORDER, APPROVE, SEND, RECEIVE, RETURN, BILL, MATCH, OPEN];

/// The audit's names of what [`OFFER`] and [`ORDER`] allow.
const DEFINE_OFFERS: Permission = Permission("purchasing.define_offers");
const CREATE_ORDER: Permission = Permission("purchasing.create_order");
const ADD_LINES: Permission = Permission("purchasing.add_lines");
const SUBMIT_ORDER: Permission = Permission("purchasing.submit_order");
const ACKNOWLEDGE_ORDER: Permission = Permission("purchasing.acknowledge_order");
const AMEND_ORDER: Permission = Permission("purchasing.amend_order");
const CLOSE_SHORT: Permission = Permission("purchasing.close_short");
const SET_INSPECTION: Permission = Permission("purchasing.set_inspection");
const CANCEL_ORDER: Permission = Permission("purchasing.cancel_order");

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "purchasing",
    migrations: store::migrations!(
        "0001_purchasing.sql",
        "0002_opening.sql",
        "0003_destination.sql",
        "0004_inspection.sql",
        "0005_returns_listed.sql"
    ),
    statements: &tables::ALL,
    checks: checks::CHECKS,
    append_only: &[
        "purchasing_promise",
        "purchasing_revision",
        "purchasing_receipt",
        "purchasing_receipt_line",
        "purchasing_return",
        "purchasing_return_line",
        "purchasing_opened_line",
    ],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &partners::SCHEMA,
        &documents::SCHEMA,
        &accounting::SCHEMA,
        &valuation::SCHEMA,
        &stock::SCHEMA,
    ],
};
