//! `invoice`: what was shipped and not yet invoiced becomes a legal document that the customer owes.

use crate::INVOICE;
use crate::model::{Amounts, INVOICE as DOCUMENT, LINE, ORDER, Order};
use crate::rules;
use crate::ship::revenue;
use crate::tables::{self, DoneLine, NewInvoice};
use crate::words::{InvoiceKind, OrderState, RevenueAt};
use accounting::{Area, Books, BooksError, Line, PostError, Role};
use base::{
    Day, DayError, EntryId, Id, InvoiceId, InvoiceLineId, Money, NumberError, Problem, Rule,
    SalesOrderId, TextError, check_text,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to invoice what was shipped of an order and not yet invoiced.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InvoiceOrder {
    /// The order.
    pub order_id: SalesOrderId,
    /// The invoice's date; today when absent.
    pub invoiced_on: Option<Day>,
    /// When it is due; by the order's terms when absent.
    pub due_on: Option<Day>,
    /// What the caller calls the invoice.
    pub client_ref: Option<String>,
}

/// What was invoiced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invoiced {
    /// The invoice.
    pub invoice_id: InvoiceId,
    /// Its legal number: without a gap in its series and year.
    pub number: String,
    /// Which document it is: a credit note when it comes to less than nothing.
    pub kind: InvoiceKind,
    /// The order.
    pub order_id: SalesOrderId,
    /// Where the order stands now.
    pub state: OrderState,
    /// The order's revision.
    pub revision: i64,
    /// The invoice's date.
    pub invoiced_on: Day,
    /// When it is due.
    pub due_on: Day,
    /// The books' day.
    pub posted_on: Day,
    /// What it comes to without tax.
    pub net: Money,
    /// Its tax.
    pub tax: Money,
    /// What it comes to with tax.
    pub gross: Money,
}

/// Why nothing was invoiced, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum InvoiceError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text that cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No such order.
    #[error("there is no order {order_id}")]
    NotFound {
        /// What was asked.
        order_id: SalesOrderId,
    },
    /// Nothing was shipped that is not invoiced.
    #[error("nothing of order {number} is shipped and not invoiced; ship it first")]
    NothingToInvoice {
        /// The order.
        number: String,
    },
    /// Due before its date.
    #[error("the invoice of {invoiced_on} would be due on {due_on}, before its date")]
    DueBefore {
        /// Its date.
        invoiced_on: Day,
        /// When it would be due.
        due_on: Day,
    },
    /// A day outside the calendar.
    #[error(transparent)]
    Day(#[from] DayError),
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The books are not open.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The entry could not be booked.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for InvoiceError {
    fn problem(&self) -> Problem {
        match self {
            InvoiceError::Denied(error) => error.problem(),
            InvoiceError::Text(error) => error.problem(),
            InvoiceError::NotFound { .. } => {
                Problem::not_found("order_not_found", self.to_string())
            }
            InvoiceError::NothingToInvoice { .. } => {
                Problem::refused("nothing_to_invoice", self.to_string())
            }
            InvoiceError::DueBefore { .. } => {
                Problem::refused("due_before_date", self.to_string()).with_field("due_on")
            }
            InvoiceError::Day(_) => Problem::invalid("day_out_of_range", self.to_string()),
            InvoiceError::Number(error) => error.problem(),
            InvoiceError::Books(error) => error.problem(),
            InvoiceError::Post(error) => error.problem(),
            InvoiceError::Store(error) => error.problem(),
        }
    }
}

/// Invoices everything of an order that is shipped and not invoiced.
///
/// Where revenue is taken at the invoice, it is booked here: from the receivable of this invoice,
/// or from what the customer paid before; and the cost that waited for it becomes cost of sales.
/// Where revenue was taken at the shipment, the invoice is the document alone. The number is taken
/// last, so that others wait for it as short as can be.
///
/// # Errors
/// The first broken rule in the order of [`InvoiceError`]; no number is lost by a refusal.
pub fn invoice(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: InvoiceOrder,
) -> Result<Invoiced, InvoiceError> {
    ctx.require(INVOICE)?;
    let client_ref = request.client_ref.unwrap_or_default();
    check_text("client_ref", &client_ref, 200)?;
    let order_id = request.order_id;
    let mut order = tables::lock_order(tx, ctx.company_id, order_id)?
        .ok_or(InvoiceError::NotFound { order_id })?;
    let done = to_invoice(tx, &order)?;
    if done.is_empty() {
        return Err(InvoiceError::NothingToInvoice { number: order.number });
    }
    let invoiced_on = request.invoiced_on.unwrap_or(ctx.today);
    let by_terms = invoiced_on.plus(order.terms_days)?;
    let due_on = request.due_on.unwrap_or(by_terms);
    if due_on < invoiced_on {
        return Err(InvoiceError::DueBefore { invoiced_on, due_on });
    }
    let invoice_id: InvoiceId = tx.id()?;
    let books = accounting::open_books(tx, ctx, Area::Sales, invoiced_on)?;
    let entry_id = match order.revenue_at {
        RevenueAt::Invoice => {
            let lines = lines(tx, ctx, &books, &order, &done, (invoice_id, due_on))?;
            book(tx, ctx, &books, &order, (invoice_id, invoiced_on), lines)?
        }
        RevenueAt::Shipment => None,
    };
    for line in &mut order.lines {
        line.invoiced = line.shipped;
    }
    let state = rules::state_of(&order.lines, order.revenue_at, order.state)?;
    tables::add_invoiced(tx, ctx.company_id, order_id, &done)?;
    let revision = tables::raise_order(tx, ctx.company_id, &order, state)?;
    let total = rules::total(done.iter().map(|done| done.amounts))?;
    let kind = if total.gross() < 0 { InvoiceKind::CreditNote } else { InvoiceKind::Invoice };
    let new = NewInvoice { id: invoice_id, kind, invoiced_on, due_on, total, client_ref, entry_id };
    let number = tables::insert_invoice(tx, ctx, &order, &new, &done)?;
    let invoiced = Invoiced {
        invoice_id,
        number,
        kind,
        order_id,
        state,
        revision,
        invoiced_on,
        due_on,
        posted_on: books.posted_on(),
        net: Money::new(total.net, ctx.currency),
        tax: Money::new(total.tax, ctx.currency),
        gross: Money::new(total.gross(), ctx.currency),
    };
    tell(tx, ctx, &order, &invoiced);
    Ok(invoiced)
}

fn tell(tx: &mut Tx<'_>, ctx: &Ctx, order: &Order, invoiced: &Invoiced) {
    let told = serde_json::json!({
        "order": order.number,
        "invoice": invoiced.number,
        "invoice_id": invoiced.invoice_id,
        "state": invoiced.state,
        "due_on": invoiced.due_on,
        "gross": invoiced.gross,
    });
    ctx.fact(tx, ORDER, order.id.raw(), invoiced.revision, "sales.invoiced", told.clone());
    ctx.audit(tx, INVOICE, DOCUMENT, invoiced.invoice_id.raw(), told);
}

fn to_invoice(tx: &mut Tx<'_>, order: &Order) -> Result<Vec<DoneLine>, InvoiceError> {
    let mut done = Vec::new();
    for line in &order.lines {
        let quantity = line.to_invoice()?;
        if quantity.is_positive() {
            done.push(DoneLine {
                id: tx.id::<InvoiceLineId>()?.raw(),
                line: line.line,
                line_id: line.id,
                quantity,
                amounts: line.worth_to_invoice(order.prices, quantity)?,
                cost: 0,
            });
        }
    }
    Ok(done)
}

/// The lines of the entry: revenue and tax, and the cost that waited.
fn lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &Books,
    order: &Order,
    done: &[DoneLine],
    (id, due_on): (InvoiceId, Day),
) -> Result<Vec<Line>, InvoiceError> {
    let owed = if order.prepaid {
        Line::debit(Role::CustomerDeposits, 0).open(order.deposit())
    } else {
        Line::debit(Role::Receivable, 0).open(order.key(DOCUMENT, id.raw())).due(due_on)
    };
    let sold: Vec<(usize, Amounts)> = done
        .iter()
        .filter_map(|done| {
            let index = order.lines.binary_search_by_key(&done.line, |line| line.line).ok()?;
            Some((index, done.amounts))
        })
        .collect();
    let mut lines = revenue(order, sold.into_iter(), owed)?;
    let waits = books.account_of(Role::DeliveredNotInvoiced);
    if let (RevenueAt::Invoice, Some(account)) = (order.cost_at, waits) {
        let ids: Vec<i64> = done.iter().map(|done| done.line_id.raw()).collect();
        for open in accounting::open_of(tx, ctx.company_id, account, LINE, &ids)? {
            let key = order.key(LINE, open.source_id);
            lines.push(Line::debit(Role::Cogs, open.amount));
            lines.push(Line::credit(Role::DeliveredNotInvoiced, open.amount).open(key));
        }
    }
    Ok(lines)
}

fn book(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &Books,
    order: &Order,
    (id, invoiced_on): (InvoiceId, Day),
    lines: Vec<Line>,
) -> Result<Option<EntryId>, InvoiceError> {
    let entry = accounting::Entry {
        kind: DOCUMENT,
        source_kind: DOCUMENT,
        source_id: id.raw(),
        happened_on: invoiced_on,
        memo: format!("invoice of {}", order.number),
        lines,
    };
    let ids = accounting::post(tx, ctx, books, vec![entry])?;
    Ok(ids.first().copied().filter(|id| *id != accounting::no_entry()))
}
