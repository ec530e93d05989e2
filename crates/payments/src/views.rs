//! What readers get: payments in a list, and one with what it was for.

use accounting::Role;
use base::{
    BadCursor, Day, EntryId, Id, Money, Page, Paging, PartnerId, PaymentId, Problem, Rule,
    Timestamp, UserId,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

use crate::model::{Kind, OpenRef};
use crate::{READ, tables};

/// Which payments to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ListPayments {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// With this partner.
    pub partner_id: Option<PartnerId>,
    /// That moved what this channel holds for us.
    pub channel_id: Option<i64>,
    /// On this day or later.
    pub from: Option<Day>,
    /// On this day or earlier.
    pub through: Option<Day>,
    /// Only those whose `client_ref` begins so.
    pub client_ref_prefix: Option<String>,
    /// That the bank or channel calls so.
    pub reference: Option<String>,
    /// That settled, opened or used this open line.
    pub open: Option<OpenRef>,
    /// Where the page before ended; none for the first page.
    pub cursor: Option<String>,
    /// How many, 1 to 200; 200 when absent.
    pub limit: Option<i64>,
}

/// A payment in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PaymentRow {
    /// Its id.
    pub payment_id: PaymentId,
    /// Its number.
    pub number: String,
    /// What sort of payment it is.
    pub kind: Kind,
    /// Whether it brings money in at its place.
    pub incoming: bool,
    /// The day it happened.
    pub happened_on: Day,
    /// The books' day of it.
    pub posted_on: Day,
    /// With whom.
    pub partner_id: Option<PartnerId>,
    /// The partner's code; empty for none.
    pub partner: String,
    /// The partner's name; empty for none.
    pub partner_name: String,
    /// The account where its money is or comes from.
    pub place: Role,
    /// The open line there: the channel's, or the deposit that was used.
    pub place_open: Option<OpenRef>,
    /// The amount in its currency; negative for a reversal.
    pub amount: Money,
    /// The amount in the company's currency.
    pub amount_company: Money,
    /// How it was paid.
    pub method: String,
    /// What the bank or channel calls it.
    pub reference: String,
    /// The client's own reference.
    pub client_ref: String,
    /// A line for people; a reversal's reason.
    pub memo: String,
    /// Its entry in the books.
    pub entry_id: EntryId,
    /// The payment that it reverses.
    pub reverses: Option<PaymentId>,
    /// The payment that reverses it.
    pub reversed_by: Option<PaymentId>,
    /// Whether other bank details of the supplier waited for a second person when it was paid: it went
    /// to the old ones.
    pub bank_details_waited: bool,
}

/// A payment with what it was for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PaymentDetail {
    /// The payment.
    pub payment: PaymentRow,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// By whom.
    pub user_id: UserId,
    /// What it was for; amounts come to the payment's.
    pub allocations: Vec<AllocationRow>,
}

/// One thing that a payment was for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AllocationRow {
    /// The account.
    pub role: Role,
    /// The open line, where the account keeps some.
    pub open: Option<OpenRef>,
    /// The amount in the payment's currency, positive in the payment's direction.
    pub amount: Money,
    /// The amount in the company's currency: of what was settled, the value it was booked at.
    pub amount_company: Money,
}

/// Why payments cannot be read.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor is not one of this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// There is no such payment.
    #[error("there is no payment {payment_id}")]
    NotFound {
        /// The id asked for.
        payment_id: PaymentId,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReadError {
    fn problem(&self) -> Problem {
        match self {
            ReadError::Denied(error) => error.problem(),
            ReadError::Cursor(error) => error.problem(),
            ReadError::NotFound { .. } => Problem::not_found("payment_not_found", self.to_string()),
            ReadError::Store(error) => error.problem(),
        }
    }
}

/// Lists payments, newest first.
///
/// # Errors
/// [`ReadError`], in its order.
pub fn list_payments(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &ListPayments,
) -> Result<Page<PaymentRow>, ReadError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: (String, i64) = paging.after((tables::LAST_DAY.to_owned(), i64::MAX))?;
    let rows = tables::list_payments(tx, ctx, filter, after, paging.limit())?;
    Ok(paging.page(rows, |row| (row.happened_on.to_string(), row.payment_id.raw())))
}

/// One payment with what it was for.
///
/// # Errors
/// [`ReadError`], in its order.
pub fn payment(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    payment_id: PaymentId,
) -> Result<PaymentDetail, ReadError> {
    ctx.require(READ)?;
    tables::payment(tx, ctx, payment_id)?.ok_or(ReadError::NotFound { payment_id })
}
