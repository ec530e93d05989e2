//! `rehearse` tells what a payment would do: what it would settle, what would stay open, and what it
//! would book. It is made and taken back at once, so that the answer is the books' own.

use accounting::{BookedLine, Role};
use base::{Day, Money};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

use crate::model::OpenRef;
use crate::settle::Paid;
use crate::tables;
use crate::views::AllocationRow;

/// What a payment would do, as it was rehearsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PaymentRehearsed {
    /// The books' day.
    pub posted_on: Day,
    /// The amount in the payment's currency; negative for a reversal.
    pub amount: Money,
    /// The amount in the company's currency.
    pub amount_company: Money,
    /// Whether a payment with this `client_ref` was made before, so that nothing would be done.
    pub repeated: bool,
    /// What it would be for; amounts come to the payment's.
    pub allocations: Vec<AllocationRow>,
    /// Every open line that it would touch.
    pub left: Vec<OpenLeft>,
    /// What it would book, by account.
    pub booked: Vec<BookedLine>,
}

/// What a payment would leave of an open line. Debits are positive, so what is owed to a supplier is
/// negative.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenLeft {
    /// The account.
    pub role: Role,
    /// The open line.
    pub open: OpenRef,
    /// What is open now, in the currency it was agreed in.
    pub before: Money,
    /// What would stay open.
    pub left: Money,
}

/// Makes a payment by one of the verbs and takes it back: nothing of it is kept, but a spoken number is
/// passed over.
///
/// # Errors
/// As the verb.
pub fn rehearse<Q, E: From<StoreError>>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: Q,
    verb: impl FnOnce(&mut Tx<'_>, &Ctx, Q) -> Result<Paid, E>,
) -> Result<PaymentRehearsed, E> {
    tx.rehearse(|tx| {
        let paid = verb(tx, ctx, request)?;
        let detail = tables::payment(tx, ctx, paid.payment_id)?;
        Ok(PaymentRehearsed {
            posted_on: paid.posted_on,
            amount: paid.amount,
            amount_company: paid.amount_company,
            repeated: paid.repeated,
            allocations: detail.map_or_else(Vec::new, |detail| detail.allocations),
            left: tables::left_open(tx, ctx, paid.payment_id)?,
            booked: accounting::booked_in(tx, ctx, paid.entry_id)?,
        })
    })
}
