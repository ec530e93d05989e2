//! `open`: a going company's books are opened from its files.
//!
//! Everything goes through the doors that book it every day, against one account: the opening
//! difference. What the trial balance types goes against it too. When lists and trial balance agree,
//! that account comes to zero; when they do not, the accounts that differ are named and nothing is
//! opened, unless somebody who may has asked to book the difference by name.
//!
//! | | debit | credit |
//! | --- | --- | --- |
//! | goods of the stock list | stock, quarantine, goods in transit | opening difference |
//! | received, not billed; unpaid bills; deposits of customers | opening difference | their account |
//! | billed, not received; unpaid invoices; deposits paid | their account | opening difference |
//! | any other account of the trial balance | account or opening difference | the other of the two |

use crate::compare::{self, AccountCompared, Typed};
use crate::files::{self, FILES, FileError, Files, Sheets};
use crate::{BOOK_DIFFERENCE, OPEN, SOURCE, deposits, goods, papers, tables};
use accounting::{AccountRow, Area, Entry, Line, LockPeriod};
use base::{Day, EntryId, Id, Money, OpeningId, Problem, ProblemKind, Rule};
use identity::{Ctx, Denied};
use sales::OpenedOrder;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use tabular::RowError;
use utoipa::ToSchema;

/// A request to open the books.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OpenBooks)]
pub struct Open {
    /// The first day of the books here. Days before it are locked for good.
    pub opened_on: Day,
    /// The files.
    pub files: Files,
    /// Only tell what would happen.
    #[serde(default)]
    pub dry_run: bool,
    /// Book what does not agree to the opening difference, by name: what a trial run came to, debit
    /// positive. When it comes to anything else by now, nothing is opened.
    #[serde(default)]
    pub book_difference: Option<Money>,
}

/// How much a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FileRows {
    /// The file's name.
    pub file: String,
    /// How many rows it has, without headings and empty ones.
    pub rows: u64,
}

/// What was opened, would be, or why nothing was. With errors, or with differences that nobody asked
/// to book, nothing at all was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Opened {
    /// Whether the books are open now: false after an error or a difference, and for a trial run.
    pub applied: bool,
    /// The opening, when it was applied.
    pub opening_id: Option<OpeningId>,
    /// The first day of the books.
    pub opened_on: Day,
    /// The files that were there.
    pub files: Vec<FileRows>,
    /// Every account with a balance, in the trial balance or as it was opened; none when a file has errors.
    pub accounts: Vec<AccountCompared>,
    /// Those of them that do not agree.
    pub differences: Vec<AccountCompared>,
    /// What they come to together, debit positive: the balance of the opening difference.
    pub difference: Money,
    /// What is wrong with the files.
    pub errors: Vec<FileError>,
}

/// Why the files were not even tried, in order of precedence. What is wrong in them, the answer says.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum OpenError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The books are open.
    #[error("the books were opened on {opened_on}; undo that opening first")]
    AlreadyOpen {
        /// The day.
        opened_on: Day,
    },
    /// Something was booked already.
    #[error(
        "entry {number} is in the books already; only books without any other entry are opened"
    )]
    InUse {
        /// The first such entry.
        number: String,
    },
    /// The day is locked.
    #[error("{opened_on} is locked; the books can be opened on {first_open} or later")]
    DayLocked {
        /// The day asked for.
        opened_on: Day,
        /// The first day that is not.
        first_open: Day,
    },
    /// What is to be booked by name is not what was seen.
    #[error(
        "lists and trial balance differ by {is}, not by {seen}; nothing was opened: make a trial run \
         and look at it again"
    )]
    AnotherDifference {
        /// What was to be booked.
        seen: Money,
        /// What it comes to.
        is: Money,
    },
    /// Days before it cannot be locked.
    #[error(transparent)]
    Lock(#[from] accounting::LockPeriodError),
    /// The books cannot be posted to.
    #[error(transparent)]
    Books(#[from] accounting::BooksError),
    /// The goods could not be moved in.
    #[error(transparent)]
    Goods(#[from] stock::PostError),
    /// Balances could not be booked.
    #[error(transparent)]
    Entry(#[from] accounting::PostError),
    /// A day lies outside the calendar.
    #[error(transparent)]
    Day(#[from] base::DayError),
    /// A door that the opening uses refused it as a whole.
    #[error("{}", .0.detail)]
    Door(Box<Problem>),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for OpenError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            OpenError::Denied(error) => error.problem(),
            OpenError::AlreadyOpen { .. } => {
                Problem::new(ProblemKind::Conflict, "books_already_open", detail)
            }
            OpenError::InUse { .. } => Problem::new(ProblemKind::Conflict, "books_in_use", detail),
            OpenError::DayLocked { .. } => {
                Problem::refused("opening_day_locked", detail).with_field("opened_on")
            }
            OpenError::AnotherDifference { .. } => {
                Problem::new(ProblemKind::Conflict, "another_difference", detail)
                    .with_field("book_difference")
            }
            OpenError::Lock(error) => error.problem().with_field("opened_on"),
            OpenError::Books(error) => error.problem(),
            OpenError::Goods(error) => error.problem(),
            OpenError::Entry(error) => error.problem(),
            OpenError::Day(_) => Problem::invalid("day_out_of_range", detail),
            OpenError::Door(problem) => (**problem).clone(),
            OpenError::Store(error) => error.problem(),
        }
    }
}

/// A refusal of a door as a whole. The store remembers its own errors, so they may pass here too.
pub(crate) fn door(error: impl Rule) -> OpenError {
    OpenError::Door(Box::new(error.problem()))
}

/// Opens the books of a company from its files, in one transaction: all or nothing. All errors of
/// all files are told at once, by file, row and column.
///
/// Days before the opening are locked for good. The opening can be taken back
/// ([`undo`](crate::undo())) until something else is booked.
///
/// # Errors
/// The first broken rule in the order of [`OpenError`]; what is wrong with the files, and what does
/// not agree, is in the answer.
pub fn open(tx: &mut Tx<'_>, ctx: &Ctx, request: Open) -> Result<Opened, OpenError> {
    open_telling(tx, ctx, request, &|_| {})
}

/// How far an opening is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpeningProgress {
    /// The file whose rows are being taken over; none once all are, and accounts are compared.
    pub file: Option<&'static str>,
    /// How many rows are taken over.
    pub done: u64,
    /// How many rows there are in all files.
    pub rows: u64,
}

/// As [`open`], and tells how far it is: before each file that has rows, after every thousand orders of
/// customers, and once all is taken over. What hears it must not be part of the transaction, which may
/// still be undone, and may run again.
///
/// # Errors
/// As [`open`].
pub fn open_telling(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: Open,
    told: &dyn Fn(OpeningProgress),
) -> Result<Opened, OpenError> {
    ctx.require(OPEN)?;
    if request.book_difference.is_some() {
        ctx.require(BOOK_DIFFERENCE)?;
    }
    let sheets = match files::read(&request.files, ctx.currency) {
        Ok(sheets) => sheets,
        Err(errors) => return Ok(answer(ctx, &request, Vec::new(), errors)),
    };
    let tried = tx.trial(|tx| {
        let opened = take_over(tx, ctx, &request, sheets, told)?;
        if opened.applied { Ok(opened) } else { Err(Untaken::Told(Box::new(opened))) }
    });
    match tried {
        Ok(opened) => Ok(opened),
        Err(Untaken::Told(opened)) => Ok(*opened),
        Err(Untaken::Failed(error)) => Err(error),
    }
}

/// Why what was tried is undone.
enum Untaken {
    Told(Box<Opened>),
    Failed(OpenError),
}

impl From<OpenError> for Untaken {
    fn from(error: OpenError) -> Untaken {
        Untaken::Failed(error)
    }
}

impl From<StoreError> for Untaken {
    fn from(error: StoreError) -> Untaken {
        Untaken::Failed(error.into())
    }
}

/// An answer of which nothing was applied.
fn answer(
    ctx: &Ctx,
    request: &Open,
    accounts: Vec<AccountCompared>,
    errors: Vec<FileError>,
) -> Opened {
    let differences: Vec<_> = accounts.iter().filter(|one| !one.agrees()).cloned().collect();
    let off = differences.iter().fold(0_i64, |sum, one| sum.saturating_add(one.off.minor));
    Opened {
        applied: false,
        opening_id: None,
        opened_on: request.opened_on,
        files: Vec::new(),
        accounts,
        differences,
        difference: Money::new(off, ctx.currency),
        errors,
    }
}

/// Takes everything over. What is not applied is to be undone by the caller.
fn take_over(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &Open,
    sheets: Sheets,
    told: &dyn Fn(OpeningProgress),
) -> Result<Opened, OpenError> {
    make_ready(tx, ctx, request.opened_on)?;
    let accounts = accounting::accounts(tx, ctx).map_err(door)?;
    let id: OpeningId = tx.id()?;
    let mut counts = sheets.rows();
    // What is wrong with them is told when they are taken over.
    counts[SALES_ORDERS] = sales::read_open_orders(request.files.sales_orders.as_bytes())
        .map_or(0, |rows| usize::try_from(rows).unwrap_or(usize::MAX));
    let way = Way { told, counts, done: 0 };
    let made = Made::default();
    let mut taking = Taking { id, day: request.opened_on, made, errors: Vec::new(), way };
    let files = taking.everything(tx, ctx, request, sheets, &accounts)?;
    let Taking { made, errors, .. } = taking;
    let Some(typed) = made.typed.as_ref().filter(|_| errors.is_empty()) else {
        return Ok(Opened { files, ..answer(ctx, request, Vec::new(), errors) });
    };
    let balances = accounting::trial_balance(tx, ctx, None).map_err(door)?;
    let compared = typed.compared(&accounts, &balances, ctx.currency);
    let opened = Opened { files, ..answer(ctx, request, compared, errors) };
    let seen = request.book_difference;
    if request.dry_run || (seen.is_none() && !opened.differences.is_empty()) {
        return Ok(opened);
    }
    if let Some(seen) = seen.filter(|seen| *seen != opened.difference) {
        return Err(OpenError::AnotherDifference { seen, is: opened.difference });
    }
    tables::insert_opening(tx, ctx, id, request.opened_on, opened.difference.minor, &made)?;
    let detail = serde_json::json!({
        "opened_on": request.opened_on,
        "files": opened.files,
        "differences": opened.differences,
    });
    ctx.audit(tx, OPEN, SOURCE, id.raw(), detail.clone());
    ctx.fact(tx, SOURCE, id.raw(), 1, "opening.opened", detail);
    Ok(Opened { applied: true, opening_id: Some(id), ..opened })
}

/// Sees that the books can be opened on a day, and locks the days before it.
fn make_ready(tx: &mut Tx<'_>, ctx: &Ctx, opened_on: Day) -> Result<(), OpenError> {
    if let Some(standing) = tables::lock_standing(tx, ctx.company_id)? {
        return Err(OpenError::AlreadyOpen { opened_on: standing.opened_on });
    }
    if let Some(number) = accounting::entry_besides(tx, ctx.company_id, SOURCE)? {
        return Err(OpenError::InUse { number });
    }
    let before = opened_on.plus(-1)?;
    let locks = accounting::locks(tx, ctx).map_err(door)?;
    let hard = locks.get(&Area::All).and_then(|lock| lock.hard_through);
    if hard.is_none_or(|hard| hard < before) {
        let lock = LockPeriod { area: Area::All, through: before, hard: true };
        accounting::lock_period(tx, ctx, lock)?;
    }
    let first_open = accounting::open_books(tx, ctx, Area::All, opened_on)?.posted_on();
    if first_open != opened_on {
        return Err(OpenError::DayLocked { opened_on, first_open });
    }
    Ok(())
}

/// The documents and entries that an opening made.
#[derive(Default)]
pub(crate) struct Made {
    typed: Option<Typed>,
    pub documents: Vec<(&'static str, i64)>,
    pub stock_entry: Option<EntryId>,
    pub bills_entry: Option<EntryId>,
    pub invoices_entry: Option<EntryId>,
}

/// Where customers' orders are among the files.
const SALES_ORDERS: usize = 7;

/// How far an opening is, and who hears it.
struct Way<'t> {
    told: &'t dyn Fn(OpeningProgress),
    /// How many rows each file has, in the order of [`FILES`].
    counts: [usize; 8],
    done: usize,
}

impl Way<'_> {
    /// Comes to a file.
    fn at(&mut self, file: &str) {
        let Some(index) = FILES.iter().position(|sheet| sheet.name == file) else { return };
        if self.counts[index] > 0 {
            self.tell(Some(FILES[index].name));
            self.done += self.counts[index];
        }
    }

    /// Has taken over so many rows of the file that it came to last, customers' orders.
    fn of_orders(&self, rows: usize) {
        let before = self.done - self.counts[SALES_ORDERS];
        Way { done: before + rows, ..*self }.tell(Some(FILES[SALES_ORDERS].name));
    }

    fn tell(&self, file: Option<&'static str>) {
        let rows: usize = self.counts.iter().sum();
        (self.told)(OpeningProgress { file, done: self.done as u64, rows: rows as u64 });
    }
}

/// An opening on its way.
struct Taking<'t> {
    id: OpeningId,
    day: Day,
    made: Made,
    errors: Vec<FileError>,
    way: Way<'t>,
}

impl Taking<'_> {
    /// Takes over file after file, so that the errors of all of them are found.
    fn everything(
        &mut self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        request: &Open,
        sheets: Sheets,
        accounts: &[AccountRow],
    ) -> Result<Vec<FileRows>, OpenError> {
        let Sheets { balance, stock, orders, bills, invoices, deposits, clearing } = sheets;
        let mut lines = Vec::new();
        self.way.at("trial_balance");
        let typed = compare::typed(accounts, &balance, ctx.currency);
        if let Some(typed) = self.accept("trial_balance", typed) {
            lines.extend(typed.lines(accounts));
            self.made.typed = Some(typed);
        }
        self.way.at("stock");
        let moves = goods::moves(tx, ctx, self.day, &stock)?;
        if let Some(moves) = self.accept("stock", moves) {
            let posted = goods::post(tx, ctx, self.id, self.day, moves)?;
            self.made.stock_entry = posted.and_then(|posted| posted.entry_id);
        }
        self.way.at("purchase_orders");
        self.purchase_orders(tx, ctx, orders)?;
        self.way.at("bills");
        self.bills(tx, ctx, &bills)?;
        self.way.at("invoices");
        self.invoices(tx, ctx, &invoices)?;
        self.way.at("sales_orders");
        let accepted = self.sales_orders(tx, ctx, &request.files.sales_orders)?;
        let mut counts = self.way.counts;
        counts[SALES_ORDERS] = accepted.iter().map(|order| order.rows).sum();
        self.way.at("deposits");
        let paid = deposits::lines(tx, ctx, &deposits, &accepted)?;
        lines.extend(self.accept("deposits", paid).unwrap_or_default());
        self.way.at("channel_clearing");
        let channels = sales::channels(tx, ctx).map_err(door)?;
        let held = deposits::clearing(&channels, &clearing);
        lines.extend(self.accept("channel_clearing", held).unwrap_or_default());
        self.way.tell(None);
        self.balances(tx, ctx, lines)?;
        let there = FILES.iter().zip(counts).filter(|(_, count)| *count > 0);
        let rows = |(sheet, count): (&files::Sheet, usize)| FileRows {
            file: sheet.name.to_owned(),
            rows: count as u64,
        };
        Ok(there.map(rows).collect())
    }

    /// What was read of a file; its errors are noted.
    fn accept<T>(&mut self, file: &str, read: Result<T, Vec<RowError>>) -> Option<T> {
        match read {
            Ok(read) => Some(read),
            Err(errors) => {
                self.errors.extend(errors.into_iter().map(|error| FileError::of(file, error)));
                None
            }
        }
    }

    fn make(&mut self, kind: &'static str, ids: impl IntoIterator<Item = impl Id>) {
        self.made.documents.extend(ids.into_iter().map(|id| (kind, id.raw())));
    }

    fn purchase_orders(
        &mut self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        rows: Vec<files::Numbered<files::OrderRow>>,
    ) -> Result<(), OpenError> {
        let read = papers::orders(self.id, self.day, rows);
        let Some((orders, rows)) = self.accept("purchase_orders", read) else { return Ok(()) };
        match purchasing::open_orders(tx, ctx, &orders) {
            Ok(ids) => self.make("purchase_order", ids),
            Err(purchasing::OpenOrdersError::Refused(refused)) => {
                let errors = refused.iter().map(|one| papers::order_error(&rows, one)).collect();
                self.accept::<()>("purchase_orders", Err(errors));
            }
            Err(error) => return Err(door(error)),
        }
        Ok(())
    }

    fn bills(
        &mut self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        rows: &[files::Numbered<files::BillRow>],
    ) -> Result<(), OpenError> {
        let read = papers::bills(tx, ctx, (self.id, self.day), rows)?;
        let Some(bills) = self.accept("bills", read) else { return Ok(()) };
        match purchasing::open_bills(tx, ctx, &bills) {
            Ok(opened) => {
                self.made.bills_entry = Some(opened.entry_id);
                self.make("bill", opened.ids);
            }
            Err(purchasing::OpenBillsError::Refused(refused)) => {
                let errors = refused.iter().map(|one| papers::bill_error(rows, one)).collect();
                self.accept::<()>("bills", Err(errors));
            }
            Err(error) => return Err(door(error)),
        }
        Ok(())
    }

    fn invoices(
        &mut self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        rows: &[files::Numbered<files::InvoiceRow>],
    ) -> Result<(), OpenError> {
        match sales::open_invoices(tx, ctx, &papers::invoices(self.id, self.day, rows)) {
            Ok(opened) => {
                self.made.invoices_entry = Some(opened.entry_id);
                self.make("invoice", opened.ids);
            }
            Err(sales::OpenInvoicesError::Refused(refused)) => {
                let errors = refused.iter().map(|one| papers::invoice_error(rows, one)).collect();
                self.accept::<()>("invoices", Err(errors));
            }
            Err(error) => return Err(door(error)),
        }
        Ok(())
    }

    /// Accepts customers' orders, which keep goods; not before the goods are there.
    fn sales_orders(
        &mut self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        csv: &str,
    ) -> Result<Vec<OpenedOrder>, OpenError> {
        if csv.trim().is_empty() || self.errors.iter().any(|error| error.file == "stock") {
            return Ok(Vec::new());
        }
        let way = &self.way;
        let mut told = |rows| way.of_orders(rows);
        let opened = sales::open_orders(tx, ctx, csv.as_bytes(), &mut told);
        match opened {
            Ok(orders) => {
                self.make("sales_order", orders.iter().map(|order| order.order_id));
                Ok(orders)
            }
            Err(sales::OpenOrdersError::Refused(errors)) => {
                self.accept::<()>("sales_orders", Err(errors));
                Ok(Vec::new())
            }
            Err(error) => Err(door(error)),
        }
    }

    /// Books what is typed, deposits and what channels hold.
    fn balances(&self, tx: &mut Tx<'_>, ctx: &Ctx, lines: Vec<Line>) -> Result<(), OpenError> {
        let books = accounting::open_books(tx, ctx, Area::All, self.day)?;
        let entry = Entry::of_opening(self.id, self.day, "opening balances", lines);
        accounting::post(tx, ctx, &books, vec![entry])?;
        Ok(())
    }
}
