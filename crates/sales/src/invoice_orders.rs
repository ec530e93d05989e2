//! `invoice_orders`: many orders are invoiced in one transaction, each answered for itself.

use crate::INVOICE;
use crate::batch::{self, BatchError, ElementOutcome, Refusal};
use crate::invoice::{InvoiceError, InvoiceOrder, Invoiced, invoice, invoice_set};
use base::SalesOrderId;
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to invoice many orders.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceOrders {
    /// The invoices, at most 1,000. Each is decided after those before it.
    pub invoices: Vec<InvoiceOrder>,
    /// Whether one refusal undoes the whole batch.
    #[serde(default)]
    pub all_or_nothing: bool,
}

/// The answer for one invoice of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvoiceResult {
    /// Its place in the batch, from 1.
    pub element: u64,
    /// The order.
    pub order_id: SalesOrderId,
    /// What became of it.
    pub outcome: ElementOutcome,
    /// The invoice, unless it was refused.
    pub invoice: Option<Invoiced>,
    /// The broken rule's code, when it was refused.
    pub code: Option<String>,
    /// The broken rule in words, when it was refused.
    pub detail: Option<String>,
    /// The line that broke it, from 1, when it was one line.
    pub line: Option<u32>,
}

/// The answers of a batch in its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InvoiceResults {
    /// One answer for each invoice.
    pub results: Vec<InvoiceResult>,
}

impl Refusal for InvoiceError {
    fn of_store(self) -> Result<StoreError, InvoiceError> {
        match self {
            InvoiceError::Store(error) => Ok(error),
            refusal => Err(refusal),
        }
    }
}

/// Invoices orders one after another and answers for each. Different orders with invoices of one
/// date are written as one set; each has its own number and its own entry.
///
/// # Errors
/// The first broken rule in the order of [`BatchError`]; what is wrong with one order is its own
/// answer, unless all or nothing is asked for.
pub fn invoice_orders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: InvoiceOrders,
) -> Result<InvoiceResults, BatchError> {
    ctx.require(INVOICE)?;
    let InvoiceOrders { invoices, all_or_nothing } = request;
    batch::check_size(invoices.len())?;
    let day = |index: usize| invoices[index].invoiced_on.unwrap_or(ctx.today);
    let runs = batch::by_day(invoices.len(), day, |index| invoices[index].order_id);
    let answers = batch::decide(
        tx,
        runs,
        all_or_nothing,
        |tx, run| Ok(invoice_set(tx, ctx, &invoices[run])?.into_iter().map(Ok).collect()),
        |tx, index| invoice(tx, ctx, invoices[index].clone()),
    )?;
    let told = |(index, answer): (usize, batch::Answer<Invoiced>)| {
        let batch::Told { outcome, code, detail, line } = batch::told(&answer, |_| false);
        let (element, order_id) = (index as u64 + 1, invoices[index].order_id);
        InvoiceResult { element, order_id, outcome, invoice: answer.ok(), code, detail, line }
    };
    Ok(InvoiceResults { results: answers.into_iter().enumerate().map(told).collect() })
}
