//! `invoice`: what was shipped and not yet invoiced becomes a legal document that the customer owes.

use crate::INVOICE;
use crate::batch::only;
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
use std::collections::BTreeMap;
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
    Ok(only(invoice_set(tx, ctx, std::slice::from_ref(&request))?)?)
}

/// Invoices different orders, all on the date of the first, as one set.
pub(crate) fn invoice_set(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    requests: &[InvoiceOrder],
) -> Result<Vec<Invoiced>, InvoiceError> {
    ctx.require(INVOICE)?;
    for request in requests {
        check_text("client_ref", request.client_ref(), 200)?;
    }
    let invoiced_on = requests.first().and_then(|one| one.invoiced_on).unwrap_or(ctx.today);
    let mut bills = plan(tx, ctx, requests, invoiced_on)?;
    let books = accounting::open_books(tx, ctx, Area::Sales, invoiced_on)?;
    let entries = post(tx, ctx, &books, &bills, invoiced_on)?;

    let mut states = Vec::with_capacity(bills.len());
    for Bill { order, .. } in &mut bills {
        order.lines.iter_mut().for_each(|line| line.invoiced = line.shipped);
        states.push(rules::state_of(&order.lines, order.revenue_at, order.state)?);
    }
    let raised = bills.iter().map(|bill| &bill.order).zip(states.iter().copied());
    tables::raise_orders(tx, ctx.company_id, raised)?;
    let new: Vec<NewInvoice<'_>> = bills
        .iter()
        .zip(entries)
        .map(|(bill, entry_id)| NewInvoice {
            id: bill.id,
            kind: bill.kind(),
            order: &bill.order,
            invoiced_on,
            due_on: bill.due_on,
            total: bill.total,
            client_ref: bill.request.client_ref(),
            entry_id,
            lines: &bill.done,
        })
        .collect();
    let numbers = tables::insert_invoices(tx, ctx, &new)?;

    let mut answers = Vec::with_capacity(bills.len());
    for ((bill, number), state) in bills.iter().zip(numbers).zip(states) {
        let invoiced = Invoiced {
            invoice_id: bill.id,
            number,
            kind: bill.kind(),
            order_id: bill.order.id,
            state,
            revision: bill.order.revision + 1,
            invoiced_on,
            due_on: bill.due_on,
            posted_on: books.posted_on(),
            net: Money::new(bill.total.net, ctx.currency),
            tax: Money::new(bill.total.tax, ctx.currency),
            gross: Money::new(bill.total.gross(), ctx.currency),
        };
        tell(tx, ctx, &bill.order, &invoiced);
        answers.push(invoiced);
    }
    Ok(answers)
}

impl InvoiceOrder {
    fn client_ref(&self) -> &str {
        self.client_ref.as_deref().unwrap_or("")
    }
}

/// An invoice that is being decided.
struct Bill<'a> {
    request: &'a InvoiceOrder,
    order: Order,
    id: InvoiceId,
    due_on: Day,
    total: Amounts,
    done: Vec<DoneLine>,
}

impl Bill<'_> {
    fn kind(&self) -> InvoiceKind {
        if self.total.gross() < 0 { InvoiceKind::CreditNote } else { InvoiceKind::Invoice }
    }
}

/// What is to be invoiced of each order, and when it is due.
fn plan<'a>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    requests: &'a [InvoiceOrder],
    invoiced_on: Day,
) -> Result<Vec<Bill<'a>>, InvoiceError> {
    let ids: Vec<SalesOrderId> = requests.iter().map(|request| request.order_id).collect();
    let mut found = tables::lock_orders(tx, ctx.company_id, &ids)?;
    let mut bills = Vec::with_capacity(requests.len());
    for request in requests {
        let order_id = request.order_id;
        let order = found.remove(&order_id).ok_or(InvoiceError::NotFound { order_id })?;
        let done = to_invoice(tx, &order)?;
        if done.is_empty() {
            return Err(InvoiceError::NothingToInvoice { number: order.number });
        }
        let by_terms = invoiced_on.plus(order.terms_days)?;
        let due_on = request.due_on.unwrap_or(by_terms);
        if due_on < invoiced_on {
            return Err(InvoiceError::DueBefore { invoiced_on, due_on });
        }
        let total = rules::total(done.iter().map(|done| done.amounts))?;
        bills.push(Bill { request, order, id: tx.id()?, due_on, total, done });
    }
    Ok(bills)
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

/// Books what becomes income with these invoices; each learns its entry.
fn post(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &Books,
    bills: &[Bill<'_>],
    invoiced_on: Day,
) -> Result<Vec<Option<EntryId>>, InvoiceError> {
    let mut waiting = waiting_cost(tx, ctx, books, bills)?;
    let mut entries = Vec::new();
    for bill in bills.iter().filter(|bill| bill.order.revenue_at == RevenueAt::Invoice) {
        let mut lines = income(bill)?;
        for done in &bill.done {
            if let Some(cost) = waiting.remove(&done.line_id.raw()) {
                let key = bill.order.key(LINE, done.line_id.raw());
                lines.push(Line::debit(Role::Cogs, cost));
                lines.push(Line::credit(Role::DeliveredNotInvoiced, cost).open(key));
            }
        }
        entries.push(accounting::Entry {
            kind: DOCUMENT,
            source_kind: DOCUMENT,
            source_id: bill.id.raw(),
            happened_on: invoiced_on,
            memo: format!("invoice of {}", bill.order.number),
            lines,
        });
    }
    let mut ids = accounting::post(tx, ctx, books, entries)?.into_iter();
    let of = |bill: &Bill<'_>| match bill.order.revenue_at {
        RevenueAt::Invoice => ids.next().filter(|id| *id != accounting::no_entry()),
        RevenueAt::Shipment => None,
    };
    Ok(bills.iter().map(of).collect())
}

/// Revenue and tax of an invoice, from its receivable or from what was paid before.
fn income(bill: &Bill<'_>) -> Result<Vec<Line>, NumberError> {
    let Bill { order, id, due_on, done, .. } = bill;
    let owed = if order.prepaid {
        Line::debit(Role::CustomerDeposits, 0).open(order.deposit())
    } else {
        Line::debit(Role::Receivable, 0).open(order.key(DOCUMENT, id.raw())).due(*due_on)
    };
    let sold = done.iter().filter_map(|done| {
        let index = order.lines.binary_search_by_key(&done.line, |line| line.line).ok()?;
        Some((index, done.amounts))
    });
    revenue(order, sold, owed)
}

/// The cost that waits for these invoices, by line.
fn waiting_cost(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &Books,
    bills: &[Bill<'_>],
) -> Result<BTreeMap<i64, i64>, StoreError> {
    let waits = |bill: &&Bill<'_>| {
        (bill.order.revenue_at, bill.order.cost_at) == (RevenueAt::Invoice, RevenueAt::Invoice)
    };
    let lines = bills.iter().filter(waits).flat_map(|bill| &bill.done);
    let ids: Vec<i64> = lines.map(|done| done.line_id.raw()).collect();
    match books.account_of(Role::DeliveredNotInvoiced) {
        Some(account) if !ids.is_empty() => {
            let open = accounting::open_of(tx, ctx.company_id, account, LINE, &ids)?;
            Ok(open.into_iter().map(|open| (open.source_id, open.amount)).collect())
        }
        _ => Ok(BTreeMap::new()),
    }
}
