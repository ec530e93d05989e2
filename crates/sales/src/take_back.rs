//! `take_back`: what an opening brought of sales is taken back, so that the books can be opened
//! anew.

use crate::cancel::{CancelError, CancelOrder, cancel};
use crate::model::{INVOICE as DOCUMENT, ORDER};
use crate::{OPEN, tables};
use base::{EntryId, Id, InvoiceId, Problem, Rule, SalesOrderId};
use identity::{Ctx, Denied};
use store::{StoreError, Tx};

/// What an opening brought of sales.
#[derive(Debug, Clone)]
pub struct TakeBack {
    /// The orders.
    pub orders: Vec<SalesOrderId>,
    /// The invoices.
    pub invoices: Vec<InvoiceId>,
    /// The entry that reverses what the invoices booked.
    pub invoices_reversed_by: EntryId,
    /// Why.
    pub reason: String,
}

/// Why nothing was taken back, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum TakeBackError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// An order cannot be cancelled any more.
    #[error(transparent)]
    Order(#[from] CancelError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for TakeBackError {
    fn problem(&self) -> Problem {
        match self {
            TakeBackError::Denied(error) => error.problem(),
            TakeBackError::Order(error) => error.problem(),
            TakeBackError::Store(error) => error.problem(),
        }
    }
}

/// Cancels the orders and strikes the invoices that an opening brought; the orders' numbers at their
/// channels are free again. The opening's entries are reversed by the caller, in the same
/// transaction.
///
/// # Errors
/// The first broken rule in the order of [`TakeBackError`]; then the transaction is to be given up.
pub fn take_back(tx: &mut Tx<'_>, ctx: &Ctx, request: &TakeBack) -> Result<(), TakeBackError> {
    ctx.require(OPEN)?;
    for order_id in &request.orders {
        let reason = request.reason.clone();
        cancel(tx, ctx, CancelOrder { order_id: *order_id, lines: None, reason })?;
        ctx.audit(tx, OPEN, ORDER, order_id.raw(), serde_json::json!({ "taken_back": true }));
    }
    tables::free_references(tx, ctx.company_id, &request.orders)?;
    tables::strike_invoices(tx, ctx.company_id, &request.invoices, request.invoices_reversed_by)?;
    for id in &request.invoices {
        let detail = serde_json::json!({ "reversed_by": request.invoices_reversed_by });
        ctx.audit(tx, OPEN, DOCUMENT, id.raw(), detail.clone());
        ctx.fact(tx, DOCUMENT, id.raw(), 2, "sales.invoice_taken_back", detail);
    }
    Ok(())
}
