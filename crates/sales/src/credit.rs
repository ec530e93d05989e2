//! `credit`: a sale, or a part of its price, is given back by a legal document.

use crate::model::{Amounts, INVOICE, ORDER};
use crate::rules;
use crate::sold::Sold;
use crate::tables;
use crate::words::RevenueAt;
use accounting::{Area, BooksError, Entry, Line, OpenKey, PostError, Role};
use base::{
    CreditNoteId, Day, Id, InvoiceId, NumberError, PartnerId, Problem, Quantity, Rule, TaxCodeId,
};
use identity::{Ctx, Permission};
use store::{StoreError, Tx};

/// The kind of document.
const DOCUMENT: &str = "credit_note";
/// The audit's name. Whoever decides that money is given back has a permission of its own.
const CREDIT: Permission = Permission("sales.credit");

/// What is given back for pieces of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// What they were sold for.
    AsSold,
    /// This much in all, in minor units, net or gross as the order's prices are.
    Amount(i64),
}

/// A line of a credit note; amounts are what the customer gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditLine {
    /// The order's line, none of a sale that these books do not know.
    pub order_line: Option<i64>,
    /// Of how many pieces the price is given back; zero gives back a part of the price alone.
    pub quantity: Quantity,
    /// The tax code of the sale.
    pub tax_code_id: Option<TaxCodeId>,
    /// Without tax, minor units.
    pub net: i64,
    /// The tax, minor units.
    pub tax: i64,
}

/// What is given back.
#[derive(Debug, Clone)]
pub struct Credit {
    /// The order, which has reckoned the lines; none of a sale that these books do not know.
    pub sold: Option<Sold>,
    /// The customer, when known.
    pub partner_id: Option<PartnerId>,
    /// The lines.
    pub lines: Vec<CreditLine>,
    /// The account that loses the net amount: sales returns or sales allowances.
    pub role: Role,
    /// The credit note's date.
    pub credited_on: Day,
    /// Why, for the document.
    pub reason: String,
    /// What it is for, as its owner counts; also the open line of what is to be paid.
    pub source_kind: &'static str,
    /// Its id.
    pub source_id: i64,
}

/// What was given back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credited {
    /// The credit note.
    pub credit_note_id: CreditNoteId,
    /// Its legal number, without a gap in its series and year.
    pub number: String,
    /// The books' day.
    pub posted_on: Day,
    /// Without tax, minor units.
    pub net: i64,
    /// The tax.
    pub tax: i64,
    /// How much was taken off what the customer owed.
    pub receivable: i64,
    /// How much is to be paid.
    pub payable: i64,
}

/// Why nothing was given back, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum CreditError {
    /// The order has no such line.
    #[error("the order has no line {line}")]
    UnknownLine {
        /// The line asked for.
        line: i64,
    },
    /// More than was sold and not given back.
    #[error(
        "line {line}: {asked} to be credited, but {open} are sold and not credited; what is sold on \
         invoice is invoiced first"
    )]
    NotSold {
        /// The line.
        line: i64,
        /// What was asked.
        asked: Quantity,
        /// What may be credited.
        open: Quantity,
    },
    /// More money than the line was sold for.
    #[error("line {line}: at most {left} (minor units, with tax) are left to be given back")]
    ExceedsSale {
        /// The line.
        line: i64,
        /// What is left, minor units.
        left: i64,
    },
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

impl Rule for CreditError {
    fn problem(&self) -> Problem {
        let refused = |code, line: &i64| {
            Problem::refused(code, self.to_string()).with_line(u32::try_from(*line).unwrap_or(0))
        };
        match self {
            CreditError::UnknownLine { line } => refused("unknown_line", line),
            CreditError::NotSold { line, .. } => refused("not_sold", line),
            CreditError::ExceedsSale { line, .. } => refused("exceeds_sale", line),
            CreditError::Number(error) => error.problem(),
            CreditError::Books(error) => error.problem(),
            CreditError::Post(error) => error.problem(),
            CreditError::Store(error) => error.problem(),
        }
    }
}

/// Gives a sale, or a part of its price, back: books it against the account of returns or
/// allowances and output tax, and writes the credit note. An order on terms is owed less, oldest
/// invoice first; what is not owed, or was paid before, is to be paid on the open line of the source.
/// For verbs that have their own permission; the number is taken last.
///
/// # Errors
/// The first broken rule in the order of [`CreditError`]; no number is lost by a refusal.
pub fn credit(tx: &mut Tx<'_>, ctx: &Ctx, mut request: Credit) -> Result<Credited, CreditError> {
    let total = rules::total(request.lines.iter().map(CreditLine::amounts))?;
    let owing = match &request.sold {
        Some(sold) if !sold.order().prepaid && sold.order().revenue_at == RevenueAt::Invoice => {
            tables::invoices_of(tx, ctx.company_id, sold.order_id())?
        }
        _ => Vec::new(),
    };
    let books = accounting::open_books(tx, ctx, Area::Sales, request.credited_on)?;
    let owed = open_of(tx, ctx, &books, &owing)?;
    let taken = rules::off_oldest(&owed, total.gross());
    let receivable = taken.iter().map(|(_, amount)| amount).sum::<i64>();
    let payable = total.gross() - receivable;

    let credit_note_id: CreditNoteId = tx.id()?;
    let mut lines: Vec<Line> =
        request.lines.iter().flat_map(|line| line.taken_back(request.role)).collect();
    let with = |kind, id| OpenKey { kind, id, partner_id: request.partner_id };
    for (invoice, amount) in &taken {
        lines.push(Line::credit(Role::Receivable, *amount).open(with(INVOICE, invoice.raw())));
    }
    let source = with(request.source_kind, request.source_id);
    lines.push(Line::credit(Role::RefundsPayable, payable).open(source));
    let entry = Entry {
        kind: DOCUMENT,
        source_kind: DOCUMENT,
        source_id: credit_note_id.raw(),
        happened_on: request.credited_on,
        memo: format!("credit note: {}", request.reason),
        lines,
    };
    let ids = accounting::post(tx, ctx, &books, vec![entry])?;
    let entry_id = ids.first().copied().filter(|id| *id != accounting::no_entry());
    if let Some(sold) = &mut request.sold {
        let credited: Vec<_> = request
            .lines
            .iter()
            .filter_map(|line| {
                line.order_line.map(|n| (n, Quantity::ZERO, line.quantity, line.amounts()))
            })
            .collect();
        let order = sold.order_mut();
        tables::add_given_back(tx, ctx.company_id, order.id, &credited)?;
        order.revision = tables::raise_order(tx, ctx.company_id, order, order.state)?;
    }
    let sums = (total, receivable);
    let number = tables::insert_credit_note(tx, ctx, credit_note_id, &request, sums, entry_id)?;
    let told = serde_json::json!({
        "credit_note": number,
        "net": base::Money::new(total.net, ctx.currency),
        "tax": base::Money::new(total.tax, ctx.currency),
        "reason": request.reason,
    });
    match &request.sold {
        Some(sold) => {
            let order = sold.order();
            ctx.fact(tx, ORDER, order.id.raw(), order.revision, "sales.credited", told.clone());
        }
        None => ctx.fact(tx, DOCUMENT, credit_note_id.raw(), 1, "sales.credited", told.clone()),
    }
    ctx.audit(tx, CREDIT, DOCUMENT, credit_note_id.raw(), told);
    let posted_on = books.posted_on();
    Ok(Credited {
        credit_note_id,
        number,
        posted_on,
        net: total.net,
        tax: total.tax,
        receivable,
        payable,
    })
}

/// What is open of invoices, in their order, held until the transaction ends.
fn open_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &accounting::Books,
    invoices: &[InvoiceId],
) -> Result<Vec<(InvoiceId, i64)>, StoreError> {
    let keys: Vec<_> =
        invoices.iter().map(|id| (Role::Receivable, INVOICE.to_owned(), id.raw())).collect();
    let held = accounting::lock_open_items(tx, ctx, books, &keys)?;
    let open: std::collections::BTreeMap<i64, i64> =
        held.iter().map(|item| (item.open.source_id, item.open.amount)).collect();
    Ok(invoices.iter().map(|id| (*id, open.get(&id.raw()).copied().unwrap_or(0))).collect())
}

impl CreditLine {
    pub(crate) const fn amounts(&self) -> Amounts {
        Amounts { net: self.net, tax: self.tax }
    }

    /// The lines of the entry that take revenue and tax back.
    fn taken_back(&self, role: Role) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.net != 0 {
            lines.push(Line::debit(role, self.net));
        }
        if let Some(code) = self.tax_code_id {
            if self.net.signum() * self.tax.signum() < 0 {
                lines.push(Line::debit(Role::OutputTax, self.tax).tax(code, 0));
                lines.push(Line::debit(Role::OutputTax, 0).tax(code, self.net));
            } else if self.net != 0 || self.tax != 0 {
                lines.push(Line::debit(Role::OutputTax, self.tax).tax(code, self.net));
            }
        }
        lines
    }
}
