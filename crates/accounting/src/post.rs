//! The one door for money: `post` writes balanced entries.

use crate::books::{Books, BooksError};
use crate::model::{Account, BookedEntry, Entry, no_entry};
use crate::{rules, tables};
use base::{EntryId, Problem, ProblemKind, Rule};
use identity::Ctx;
use store::{StoreError, Tx};

/// Why entries were not posted. All but the store's own are faults of the calling code: a verb
/// decides balanced lines on the right accounts before it posts them. Entries and lines count from 1.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum PostError {
    /// The company has no such account.
    #[error(
        "entry {entry}, line {line}: the company has no account for {account}; install or define it"
    )]
    NoAccount {
        /// The entry.
        entry: usize,
        /// The line.
        line: usize,
        /// What was asked for.
        account: Account,
    },
    /// A control account got an amount without the open line it belongs to.
    #[error(
        "entry {entry}, line {line}: account {code} keeps open lines; name the open line of the amount"
    )]
    OpenKeyMissing {
        /// The entry.
        entry: usize,
        /// The line.
        line: usize,
        /// The account's code.
        code: String,
    },
    /// A tax account got an amount without a tax code.
    #[error(
        "entry {entry}, line {line}: account {code} is a tax account; name the tax code and base"
    )]
    TaxCodeMissing {
        /// The entry.
        entry: usize,
        /// The line.
        line: usize,
        /// The account's code.
        code: String,
    },
    /// A tax code was named on an account that is not a tax account.
    #[error(
        "entry {entry}, line {line}: account {code} is not a tax account and takes no tax code"
    )]
    TaxElsewhere {
        /// The entry.
        entry: usize,
        /// The line.
        line: usize,
        /// The account's code.
        code: String,
    },
    /// Amount and tax base point in different directions.
    #[error("entry {entry}, line {line}: amount {amount} and tax base {base} have different signs")]
    TaxSign {
        /// The entry.
        entry: usize,
        /// The line.
        line: usize,
        /// The amount, minor units.
        amount: i64,
        /// The tax base, minor units.
        base: i64,
    },
    /// Amount and foreign amount contradict each other.
    #[error(
        "entry {entry}, line {line}: amount {amount} and foreign amount {foreign} contradict each other"
    )]
    ForeignMismatch {
        /// The entry.
        entry: usize,
        /// The line.
        line: usize,
        /// The amount, minor units of the company's currency.
        amount: i64,
        /// The foreign amount, minor units of its currency.
        foreign: i64,
    },
    /// Debits and credits differ.
    #[error("entry {entry}: debits are {debit} and credits {credit}; they have to be equal")]
    Unbalanced {
        /// The entry.
        entry: usize,
        /// The sum of debits, minor units.
        debit: i128,
        /// The sum of credits, minor units.
        credit: i128,
    },
    /// An entry of a single line.
    #[error("entry {entry} has one line; it has to have at least two")]
    SingleLine {
        /// The entry.
        entry: usize,
    },
    /// A sum cannot be held.
    #[error("entry {entry}: an amount is out of range; use smaller amounts")]
    OutOfRange {
        /// The entry.
        entry: usize,
    },
    /// The entry cannot be posted on any day.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for PostError {
    fn problem(&self) -> Problem {
        let code = match self {
            PostError::NoAccount { .. } => "no_account",
            PostError::OpenKeyMissing { .. } => "open_key_missing",
            PostError::TaxCodeMissing { .. } => "tax_code_missing",
            PostError::TaxElsewhere { .. } => "tax_elsewhere",
            PostError::TaxSign { .. } => "tax_sign",
            PostError::ForeignMismatch { .. } => "foreign_mismatch",
            PostError::Unbalanced { .. } => "unbalanced",
            PostError::SingleLine { .. } => "single_line",
            PostError::OutOfRange { .. } => "amount_out_of_range",
            PostError::Books(error) => return error.problem(),
            PostError::Store(error) => return error.problem(),
        };
        Problem::new(ProblemKind::Refused, code, self.to_string())
    }
}

/// Writes entries into books that were opened in the same transaction, and adds to the open items.
/// Lines alike but for their amount are merged. It reads nothing: three queued statements, however
/// many entries and lines.
///
/// The ids come in the order of the entries; an entry of which nothing is left to write answers
/// [`no_entry`].
///
/// # Errors
/// [`PostError`], in its order; nothing is written then.
pub fn post(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &Books,
    entries: Vec<Entry>,
) -> Result<Vec<EntryId>, PostError> {
    let mut ids = Vec::with_capacity(entries.len());
    let mut booked = Vec::with_capacity(entries.len());
    for (index, entry) in entries.into_iter().enumerate() {
        let lines = rules::book_lines(books, ctx.currency, index + 1, entry.kind, &entry.lines)?;
        if lines.is_empty() {
            ids.push(no_entry());
            continue;
        }
        let id = tx.id()?;
        ids.push(id);
        booked.push(BookedEntry {
            id,
            number: tx.number(ctx.company_id, "JE")?,
            kind: entry.kind.to_owned(),
            source_kind: entry.source_kind.to_owned(),
            source_id: entry.source_id,
            happened_on: entry.happened_on,
            posted_on: books.first_open_day(entry.happened_on)?,
            memo: entry.memo,
            reverses_id: 0,
            lines,
        });
    }
    tables::write_entries(tx, ctx, books, &booked)?;
    Ok(ids)
}
