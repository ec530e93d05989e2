//! Money in and out, and what it was for.
//!
//! A payment moves money at one place (the bank, what a channel holds for us, a deposit) and is
//! allocated to open lines of the books, to the minor unit. It knows open lines by their key alone:
//! what a bill, an invoice or an order is, others know.
//!
//! Reading order: the nouns, the pure decision, how a payment is recorded, the verbs, then what
//! readers get.

mod error;
mod known;
mod model;
mod rules;
mod settle;

mod apply_deposit;
mod book_fee;
mod capture;
mod pay;
mod pay_deposit;
mod payout;
mod receive_payment;
mod refund;
mod rehearse;
mod reverse_payment;

mod checks;
mod tables;
mod views;

use identity::Permission;

pub use apply_deposit::{ApplyDeposit, apply_deposit};
pub use book_fee::{BookFee, Fee, FeeAccount, book_fee};
pub use capture::{Capture, Captures, capture, capture_all};
pub use error::PaymentError;
pub use model::{Kind, OpenRef, Side, Through};
pub use pay::{Allocate, Pay, Pays, pay, pay_all};
pub use pay_deposit::{PayDeposit, pay_deposit};
pub use payout::{Payout, payout};
pub use receive_payment::{ReceivePayment, ReceivePayments, receive_payment, receive_payments};
pub use refund::{Refund, RefundOf, Refunds, refund, refund_all};
pub use rehearse::{OpenLeft, PaymentRehearsed, rehearse};
pub use reverse_payment::{ReversePayment, reverse_payment};
pub use settle::{MAX_ALLOCATIONS, MAX_PAYMENTS, Paid, PaymentAnswer};
pub use views::{
    AllocationRow, ListPayments, PaymentDetail, PaymentRow, ReadError, list_payments, payment,
};

/// The kind of the open line of what a channel holds for us; its id is the channel's.
pub const CHANNEL: &str = "channel";
/// The kind of the open line of a deposit that belongs to nothing but its payment.
pub const PAYMENT: &str = "payment";

/// May read payments.
pub const READ: Permission = Permission("payments.read");
/// May record what a channel captured.
pub const CAPTURE: Permission = Permission("payments.capture");
/// May give deposits and decided refunds back, up to an amount.
pub const REFUND: Permission = Permission("payments.refund");
/// May record what customers paid, and apply their deposits.
pub const RECEIVE: Permission = Permission("payments.receive");
/// May pay suppliers, up to an amount, and apply deposits paid to them.
pub const PAY: Permission = Permission("payments.pay");
/// May record payouts and fees of channels and of the bank.
pub const PAYOUT: Permission = Permission("payments.payout");
/// May reverse payments.
pub const REVERSE: Permission = Permission("payments.reverse");

/// Every permission of this crate.
pub static PERMISSIONS: &[Permission] = &[READ, CAPTURE, REFUND, RECEIVE, PAY, PAYOUT, REVERSE];

/// What this crate brings to the database.
pub static SCHEMA: store::Schema = store::Schema {
    name: "payments",
    migrations: store::migrations!("0001_payments.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &["payments_payment", "payments_allocation"],
    below: &[&store::SCHEMA, &identity::SCHEMA, &partners::SCHEMA, &accounting::SCHEMA],
};
