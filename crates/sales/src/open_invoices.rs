//! `open_invoices`: invoices to customers that a going company brings along, not yet paid.
//!
//! Such an invoice was written elsewhere, and so was its income. Here it is what the customer owes,
//! under the number that the customer knows; it takes no number of our own series.
//!
//! | | debit | credit |
//! | --- | --- | --- |
//! | owed by the customer | receivable | opening difference |

use crate::OPEN;
use crate::model::INVOICE as DOCUMENT;
use crate::tables;
use accounting::{Area, Entry, Line, OpenKey, Role};
use base::{
    Day, EntryId, Id, InvoiceId, OpeningId, PartnerId, Problem, ProblemKind, Rule, TextError,
    check_code,
};
use identity::{Ctx, Denied};
use partners::Partner;
use std::collections::{BTreeSet, HashMap};
use store::{StoreError, Tx};

/// Invoices of a going company. No client sends it: the opening reads it from its files.
#[derive(Debug, Clone)]
pub struct OpenInvoices {
    /// The opening that they belong to.
    pub opening_id: OpeningId,
    /// The day the books open.
    pub opened_on: Day,
    /// The invoices.
    pub invoices: Vec<OpenInvoice>,
}

/// An invoice that is not paid in full.
#[derive(Debug, Clone)]
pub struct OpenInvoice {
    /// The customer's code.
    pub customer: String,
    /// Its number where it was written.
    pub number: String,
    /// Its date.
    pub invoiced_on: Day,
    /// When it is due; by the customer's terms when left out.
    pub due_on: Option<Day>,
    /// What is open of it, in minor units of the company's currency; below zero for a credit note.
    pub open: i64,
}

/// Why one invoice was not opened, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum OpenInvoiceError {
    /// The number cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such customer.
    #[error("there is no customer {code:?}")]
    UnknownCustomer {
        /// The code asked for.
        code: String,
    },
    /// Nothing is open.
    #[error("nothing is open of invoice {number}; leave it out")]
    NothingOpen {
        /// Its number.
        number: String,
    },
    /// It is dated after the books open.
    #[error("invoice {number} is of {invoiced_on}, not before the books open; ship and invoice it")]
    NotBefore {
        /// Its number.
        number: String,
        /// Its date.
        invoiced_on: Day,
    },
    /// It would be due before its date.
    #[error("invoice {number} of {invoiced_on} is due on {due_on}, before its date")]
    DueBefore {
        /// Its number.
        number: String,
        /// Its date.
        invoiced_on: Day,
        /// When it is due.
        due_on: Day,
    },
    /// The number is used twice.
    #[error("{customer} has invoice {number} twice; leave one out")]
    Twice {
        /// The customer.
        customer: String,
        /// Its number.
        number: String,
    },
}

/// Why no invoice was opened, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum OpenInvoicesError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Some of the invoices were refused: their positions, from 0, and why.
    #[error("{} of the invoices cannot be opened; the first: {}", .0.len(), .0[0].1)]
    Refused(Vec<(usize, OpenInvoiceError)>),
    /// The books cannot be posted to.
    #[error(transparent)]
    Books(#[from] accounting::BooksError),
    /// What is owed could not be booked.
    #[error(transparent)]
    Entry(#[from] accounting::PostError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for OpenInvoicesError {
    fn problem(&self) -> Problem {
        match self {
            OpenInvoicesError::Denied(error) => error.problem(),
            OpenInvoicesError::Refused(_) => {
                Problem::new(ProblemKind::Refused, "invoices_not_opened", self.to_string())
            }
            OpenInvoicesError::Books(error) => error.problem(),
            OpenInvoicesError::Entry(error) => error.problem(),
            OpenInvoicesError::Store(error) => error.problem(),
        }
    }
}

/// What was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvoicesOpened {
    /// The invoices in the order asked.
    pub ids: Vec<InvoiceId>,
    /// The entry that books them; none when there are no invoices.
    pub entry_id: EntryId,
}

/// Takes down the invoices that customers of a going company still owe, all or none, and books them
/// against the opening difference.
///
/// # Errors
/// The first broken rule in the order of [`OpenInvoicesError`]; then the transaction is to be given
/// up.
pub fn open_invoices(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &OpenInvoices,
) -> Result<InvoicesOpened, OpenInvoicesError> {
    ctx.require(OPEN)?;
    let codes: BTreeSet<&str> = request.invoices.iter().map(|i| i.customer.as_str()).collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let customers = partners::partners_by_code(tx, ctx.company_id, &codes)?;
    let mut seen = BTreeSet::new();
    let (mut owed, mut refused) = (Vec::with_capacity(request.invoices.len()), Vec::new());
    for (at, asked) in request.invoices.iter().enumerate() {
        match decide(&customers, asked, request.opened_on, &mut seen) {
            Ok((partner_id, due_on)) => {
                let id = tx.id()?;
                owed.push(OpenedInvoice { id, partner_id, due_on, asked });
            }
            Err(error) => refused.push((at, error)),
        }
    }
    if !refused.is_empty() {
        return Err(OpenInvoicesError::Refused(refused));
    }
    let entry_id = record(tx, ctx, request, &owed)?;
    Ok(InvoicesOpened { ids: owed.iter().map(|invoice| invoice.id).collect(), entry_id })
}

/// An invoice as decided.
pub(crate) struct OpenedInvoice<'a> {
    pub id: InvoiceId,
    pub partner_id: PartnerId,
    pub due_on: Day,
    pub asked: &'a OpenInvoice,
}

/// Who owes it, and until when.
fn decide<'a>(
    customers: &HashMap<String, Partner>,
    asked: &'a OpenInvoice,
    opened_on: Day,
    seen: &mut BTreeSet<(PartnerId, &'a str)>,
) -> Result<(PartnerId, Day), OpenInvoiceError> {
    check_code("number", &asked.number)?;
    let found = customers.get(&asked.customer).filter(|partner| partner.customer);
    let customer =
        found.ok_or_else(|| OpenInvoiceError::UnknownCustomer { code: asked.customer.clone() })?;
    let (number, invoiced_on) = (|| asked.number.clone(), asked.invoiced_on);
    if asked.open == 0 {
        return Err(OpenInvoiceError::NothingOpen { number: number() });
    }
    if invoiced_on >= opened_on {
        return Err(OpenInvoiceError::NotBefore { number: number(), invoiced_on });
    }
    let by_terms = invoiced_on.plus(customer.payment_days).unwrap_or(invoiced_on);
    let due_on = asked.due_on.unwrap_or(by_terms);
    if due_on < invoiced_on {
        return Err(OpenInvoiceError::DueBefore { number: number(), invoiced_on, due_on });
    }
    if !seen.insert((customer.id, &asked.number)) {
        let customer = customer.code.clone();
        return Err(OpenInvoiceError::Twice { customer, number: number() });
    }
    Ok((customer.id, due_on))
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &OpenInvoices,
    owed: &[OpenedInvoice<'_>],
) -> Result<EntryId, OpenInvoicesError> {
    let books = accounting::open_books(tx, ctx, Area::All, request.opened_on)?;
    let lines = owed.iter().flat_map(lines).collect();
    let entry = Entry::of_opening(
        request.opening_id,
        request.opened_on,
        "open invoices to customers",
        lines,
    );
    let entries = accounting::post(tx, ctx, &books, vec![entry])?;
    let entry_id: EntryId = entries.first().copied().unwrap_or_else(accounting::no_entry);
    tables::insert_opened_invoices(tx, ctx, entry_id, owed)?;
    for OpenedInvoice { id, asked, .. } in owed {
        let detail = serde_json::json!({ "number": asked.number, "open": asked.open });
        ctx.audit(tx, OPEN, DOCUMENT, id.raw(), detail.clone());
        ctx.fact(tx, DOCUMENT, id.raw(), 1, "sales.invoice_opened", detail);
    }
    Ok(entry_id)
}

/// What is owed, against the opening difference.
fn lines(owed: &OpenedInvoice<'_>) -> [Line; 2] {
    let key = OpenKey::new(DOCUMENT, owed.id.raw()).with(owed.partner_id);
    let open = owed.asked.open;
    [
        Line::new(Role::Receivable, open).open(key).due(owed.due_on),
        Line::new(Role::OpeningDifference, -open),
    ]
}
