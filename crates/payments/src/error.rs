//! Why a payment was refused.

use accounting::{BooksError, PostError, RateError, ReverseError, Role, TaxError};
use base::{Currency, Money, PartnerId, PaymentId, Problem, ProblemKind, Rule, TextError};
use identity::Denied;
use store::StoreError;

/// Why a payment was not made, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum PaymentError {
    /// The caller may not, or not for so much.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text may not be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The request is too large.
    #[error("{got} {what}; at most {max} in one request")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// The most allowed.
        max: usize,
        /// The number asked for.
        got: usize,
    },
    /// A payment of nothing, or of less.
    #[error("the amount is {amount}; it has to be above 0")]
    NotPositive {
        /// The amount.
        amount: Money,
    },
    /// Amounts of one payment are in different currencies.
    #[error("the payment is in {currency}, but an amount of it in {other}; use one currency")]
    CurrencyMismatch {
        /// The payment's.
        currency: Currency,
        /// The other.
        other: Currency,
    },
    /// What the bank moved contradicts the payment.
    #[error(
        "the bank moved {bank_amount} for a payment of {amount}; the bank's amount is above 0, in {currency}, and equal when no exchange took place"
    )]
    BankAmount {
        /// What the bank moved.
        bank_amount: Money,
        /// The payment's amount.
        amount: Money,
        /// The company's currency.
        currency: Currency,
    },
    /// Other bank details of the supplier wait for a second person, and the company pays nobody until
    /// they are decided on.
    #[error(
        "other bank details of partner {partner_id} wait for a second person; confirm or refuse them first"
    )]
    BankDetailsWait {
        /// The partner.
        partner_id: PartnerId,
    },
    /// There is no such partner.
    #[error("there is no partner {partner_id}")]
    UnknownPartner {
        /// The partner asked for.
        partner_id: PartnerId,
    },
    /// The tax code cannot be used.
    #[error(transparent)]
    Tax(#[from] TaxError),
    /// There is no exchange rate.
    #[error(transparent)]
    Rate(#[from] RateError),
    /// The books cannot be posted to.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The client's reference belongs to another payment.
    #[error("reference {client_ref} was used before for another payment; use a new one")]
    ReferenceUsed {
        /// The reference.
        client_ref: String,
    },
    /// Nothing is open under the key in the payment's currency.
    #[error("nothing is open for {kind} {id} on {role} in {currency}")]
    NotOpen {
        /// The account.
        role: Role,
        /// The kind of the open line.
        kind: String,
        /// Its id.
        id: i64,
        /// The payment's currency.
        currency: Currency,
    },
    /// The open line is another partner's.
    #[error("{kind} {id} is open with partner {found}, and the payment is with partner {wanted}")]
    WrongPartner {
        /// The kind of the open line.
        kind: String,
        /// Its id.
        id: i64,
        /// Whose it is.
        found: PartnerId,
        /// The payment's partner.
        wanted: PartnerId,
    },
    /// More would be settled than is open.
    #[error("{asked} asked for {kind} {id} on {role}, and {open} is open; use at most that")]
    ExceedsOpen {
        /// The account.
        role: Role,
        /// The kind of the open line.
        kind: String,
        /// Its id.
        id: i64,
        /// What was asked for.
        asked: Money,
        /// What is open in the payment's direction.
        open: Money,
    },
    /// The allocations come to more than the payment.
    #[error("{allocated} is allocated of a payment of {amount}; allocate less")]
    AllocatedTooMuch {
        /// The payment.
        amount: Money,
        /// What its allocations come to.
        allocated: Money,
    },
    /// A part of the payment is for nothing.
    #[error(
        "{rest} of the payment is not allocated; allocate it, or keep it as a deposit where that is possible"
    )]
    NotAllocated {
        /// What is left.
        rest: Money,
    },
    /// A number cannot be held.
    #[error("an amount is out of range; use smaller amounts")]
    OutOfRange,
    /// There is no such payment.
    #[error("there is no payment {payment_id}")]
    NotFound {
        /// The id asked for.
        payment_id: PaymentId,
    },
    /// The payment is a reversal itself.
    #[error("payment {payment_id} is a reversal and cannot be reversed; make the payment anew")]
    IsReversal {
        /// The payment.
        payment_id: PaymentId,
    },
    /// The payment was reversed before.
    #[error("payment {payment_id} was reversed by payment {by} before")]
    Reversed {
        /// The payment.
        payment_id: PaymentId,
        /// Its reversal.
        by: PaymentId,
    },
    /// The deposit that the payment opened has been used meanwhile.
    #[error(
        "the deposit for {kind} {id} has been used: {left} is left of it, {needed} would be taken back"
    )]
    DepositUsed {
        /// The kind of the open line.
        kind: String,
        /// Its id.
        id: i64,
        /// What is left.
        left: Money,
        /// What the reversal takes.
        needed: Money,
    },
    /// One payment was refused, and the request wants all or none.
    #[error("payment {element}: {error}; none was made")]
    Element {
        /// The payment's position in the request, from 1.
        element: u64,
        /// Why.
        error: Box<PaymentError>,
    },
    /// The entry was not written.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The entry was not reversed.
    #[error(transparent)]
    Reverse(#[from] ReverseError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<base::NumberError> for PaymentError {
    fn from(_: base::NumberError) -> PaymentError {
        PaymentError::OutOfRange
    }
}

impl Rule for PaymentError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            PaymentError::Denied(error) => error.problem(),
            PaymentError::Text(error) => error.problem(),
            PaymentError::TooMany { .. } => Problem::invalid("too_many", detail),
            PaymentError::NotPositive { .. } => {
                Problem::invalid("amount_not_positive", detail).with_field("amount")
            }
            PaymentError::CurrencyMismatch { .. } => Problem::invalid("currency_mismatch", detail),
            PaymentError::BankAmount { .. } => {
                Problem::invalid("bank_amount", detail).with_field("bank_amount")
            }
            PaymentError::BankDetailsWait { .. } => {
                Problem::new(ProblemKind::Conflict, "bank_details_wait", self.to_string())
            }
            PaymentError::UnknownPartner { .. } => {
                Problem::not_found("partner_not_found", detail).with_field("partner_id")
            }
            PaymentError::Tax(error) => error.problem(),
            PaymentError::Rate(error) => error.problem(),
            PaymentError::Books(error) => error.problem(),
            PaymentError::ReferenceUsed { .. } => {
                Problem::refused("client_ref_used", detail).with_field("client_ref")
            }
            PaymentError::NotOpen { .. } => Problem::refused("not_open", detail),
            PaymentError::WrongPartner { .. } => Problem::refused("wrong_partner", detail),
            PaymentError::ExceedsOpen { .. } => Problem::refused("exceeds_open", detail),
            PaymentError::AllocatedTooMuch { .. } => Problem::refused("allocated_too_much", detail),
            PaymentError::NotAllocated { .. } => Problem::refused("not_allocated", detail),
            PaymentError::OutOfRange => Problem::invalid("amount_out_of_range", detail),
            PaymentError::NotFound { .. } => Problem::not_found("payment_not_found", detail),
            PaymentError::IsReversal { .. } => Problem::refused("payment_is_reversal", detail),
            PaymentError::Reversed { .. } => {
                Problem::new(ProblemKind::Conflict, "payment_reversed_before", detail)
            }
            PaymentError::DepositUsed { .. } => Problem::refused("deposit_used", detail),
            PaymentError::Element { element, error } => error.problem().with_row(*element),
            PaymentError::Post(error) => error.problem(),
            PaymentError::Reverse(error) => error.problem(),
            PaymentError::Store(error) => error.problem(),
        }
    }
}
