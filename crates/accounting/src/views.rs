//! What readers get: accounts, trial balance, journal, ledger, open items, tax report, locks, tax
//! codes and rates.
//!
//! Every list demands the permission `accounting.view`. Amounts are in the company's currency.

mod accounts;
mod periods;
mod rates;

pub use accounts::{AccountFilter, AccountRow, accounts, list_accounts};
pub use periods::{
    LockLine, LockRow, LockedPeriod, LockedPeriodFilter, list_locked_periods, list_locks, locks,
};
pub use rates::{
    ExchangeRateFilter, ExchangeRateRow, ExchangeRateSort, TaxCodeFilter, TaxCodeRow, TaxCodeSort,
    TaxRateFilter, TaxRateRow, TaxRateSort, list_exchange_rates, list_tax_codes, list_tax_rates,
};

use crate::VIEW;
use crate::model::{AccountKind, Area, Role, TaxKind};
use crate::tables::{self, LAST_DAY, day_at, day_text, id_at};
use base::{
    AccountId, BadCursor, CompanyId, Currency, Day, DayError, EntryId, Id, ItemId, Money, Page,
    Paging, PartnerId, Problem, Rule, TaxCodeId, Timestamp, UserId,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// Why a list was refused.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ListError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor was not made by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// A day of the filter is too early or too late to reckon with.
    #[error(transparent)]
    Day(#[from] DayError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ListError {
    fn problem(&self) -> Problem {
        match self {
            ListError::Denied(denied) => denied.problem(),
            ListError::Cursor(cursor) => cursor.problem(),
            ListError::Day(error) => error.problem().with_field("unowned_through"),
            ListError::Store(error) => error.problem(),
        }
    }
}

/// The trial balance as of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrialBalance {
    /// The last day that counts; none is all that was ever posted.
    pub as_of: Option<Day>,
    /// The accounts that were ever posted to, sorted by code.
    pub lines: Vec<TrialBalanceLine>,
    /// The sum of debit balances, which equals that of credit balances.
    pub debit: Money,
    /// The sum of credit balances.
    pub credit: Money,
}

/// An account's line of the trial balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TrialBalanceLine {
    /// The account.
    pub account_id: AccountId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: AccountKind,
    /// What it is for.
    pub role: Option<Role>,
    /// Everything debited.
    pub debit: Money,
    /// Everything credited.
    pub credit: Money,
    /// Debits less credits.
    pub balance: Money,
}

/// The trial balance as of a day, or of everything. Closed days are taken from their seal.
///
/// # Errors
/// [`ListError`].
pub fn trial_balance(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    as_of: Option<Day>,
) -> Result<TrialBalance, ListError> {
    let through = as_of.map_or_else(|| LAST_DAY.to_owned(), |day| day.to_string());
    let known = accounts(tx, ctx)?;
    let totals = tables::totals_as_of(tx, ctx.company_id, Area::All, &through)?;
    let money = |minor| Money::new(minor, ctx.currency);
    let (mut debit, mut credit) = (0_i64, 0_i64);
    let mut lines = Vec::new();
    for account in known {
        let Some((debits, credits)) = totals.get(&account.account_id) else { continue };
        let balance = debits - credits;
        debit = debit.saturating_add(balance.max(0));
        credit = credit.saturating_add(-balance.min(0));
        lines.push(TrialBalanceLine {
            account_id: account.account_id,
            code: account.code,
            name: account.name,
            kind: account.kind,
            role: account.role,
            debit: money(*debits),
            credit: money(*credits),
            balance: money(balance),
        });
    }
    Ok(TrialBalance { as_of, lines, debit: money(debit), credit: money(credit) })
}

/// The head of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JournalRow {
    /// Its id.
    pub entry_id: EntryId,
    /// Its spoken number.
    pub number: String,
    /// The area of the business it belongs to.
    pub area: Area,
    /// What sort of entry it is.
    pub kind: String,
    /// The kind of document it comes from.
    pub source_kind: String,
    /// The document.
    pub source_id: i64,
    /// When it happened.
    pub happened_on: Day,
    /// The books' day.
    pub posted_on: Day,
    /// When it was written.
    pub recorded_at: Timestamp,
    /// Who wrote it.
    pub user_id: UserId,
    /// A line for people.
    pub memo: String,
    /// The entry it reverses.
    pub reverses: Option<EntryId>,
    /// Why it lies in a period that was softly locked, if it does.
    pub lock_reason: Option<String>,
    /// The sum of its debits.
    pub total: Money,
}

/// A place in the journal: rows after it are older.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct JournalCursor {
    /// The books' day of the last row seen.
    pub posted_on: Day,
    /// The last row seen.
    pub entry_id: EntryId,
}

/// Which part of the journal to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct JournalFilter {
    /// The first books' day.
    pub from: Option<Day>,
    /// The last books' day.
    pub through: Option<Day>,
    /// Only entries that touch this account.
    pub account_id: Option<AccountId>,
    /// Only what was posted later than it happened, because its day was locked.
    pub late_only: bool,
    /// The last row seen.
    pub after: Option<JournalCursor>,
    /// How many rows, at most 200; none is 200.
    pub limit: Option<i64>,
}

/// Heads of entries, newest books' day first.
///
/// # Errors
/// [`ListError`].
pub fn journal(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &JournalFilter,
) -> Result<Vec<JournalRow>, ListError> {
    read_journal(tx, ctx, filter, Paging::new(&None, filter.limit).limit())
}

/// Which entries to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EntryFilter {
    /// The first books' day.
    pub from: Option<Day>,
    /// The last books' day.
    pub through: Option<Day>,
    /// Only entries that touch this account.
    pub account_id: Option<AccountId>,
    /// Only what was posted later than it happened, because its day was locked.
    pub late_only: bool,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many rows, at most 200.
    pub limit: Option<i64>,
}

/// The journal in pages: heads of entries, newest books' day first.
///
/// # Errors
/// [`ListError`].
pub fn list_entries(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: EntryFilter,
) -> Result<Page<JournalRow>, ListError> {
    let paging = Paging::new(&filter.cursor, filter.limit);
    let wanted = JournalFilter {
        from: filter.from,
        through: filter.through,
        account_id: filter.account_id,
        late_only: filter.late_only,
        after: paging.after(None)?,
        limit: filter.limit,
    };
    let rows = journal(tx, ctx, &wanted)?;
    Ok(paging.page(rows, |row: &JournalRow| JournalCursor {
        posted_on: row.posted_on,
        entry_id: row.entry_id,
    }))
}

/// What happened in an earlier period but was posted in the month of `month`, because its own day was
/// locked: the close page's list.
///
/// # Errors
/// [`ListError`].
pub fn belongs_to_earlier_period(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    month: Day,
) -> Result<Vec<JournalRow>, ListError> {
    let filter = JournalFilter {
        from: Some(month.first_of_month()),
        through: Some(month.last_of_month()),
        late_only: true,
        ..JournalFilter::default()
    };
    read_journal(tx, ctx, &filter, i64::MAX)
}

fn read_journal(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &JournalFilter,
    limit: i64,
) -> Result<Vec<JournalRow>, ListError> {
    ctx.require(VIEW)?;
    let through = filter.through.map_or_else(|| LAST_DAY.to_owned(), |day| day.to_string());
    let (day, id) = match filter.after {
        Some(after) => (after.posted_on.to_string(), after.entry_id.raw()),
        None => (LAST_DAY.to_owned(), i64::MAX),
    };
    let account = filter.account_id.map_or(0, Id::raw);
    let from = day_text(filter.from);
    let params = params![ctx.company_id, from, through, day, id, account, filter.late_only, limit];
    let rows = tx.query(&tables::JOURNAL, params)?;
    Ok(rows.iter().map(|row| journal_row(row, ctx)).collect::<Result<_, _>>()?)
}

fn journal_row(row: &Row, ctx: &Ctx) -> Result<JournalRow, StoreError> {
    let reason: String = row.get(12)?;
    Ok(JournalRow {
        entry_id: row.get(0)?,
        number: row.get(1)?,
        area: row.get(2)?,
        kind: row.get(3)?,
        source_kind: row.get(4)?,
        source_id: row.get(5)?,
        happened_on: row.get(6)?,
        posted_on: row.get(7)?,
        recorded_at: row.get(8)?,
        user_id: row.get(9)?,
        memo: row.get(10)?,
        reverses: id_at(row, 11)?,
        lock_reason: Some(reason).filter(|reason| !reason.is_empty()),
        total: Money::new(row.get(13)?, ctx.currency),
    })
}

/// The entries of one document, oldest books' day first.
///
/// # Errors
/// [`ListError`].
pub fn entries_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    source_kind: &str,
    source_id: i64,
) -> Result<Vec<JournalRow>, ListError> {
    ctx.require(VIEW)?;
    let rows = tx.query(&tables::ENTRIES_OF, params![ctx.company_id, source_kind, source_id])?;
    Ok(rows.iter().map(|row| journal_row(row, ctx)).collect::<Result<_, _>>()?)
}

/// The number of the first entry that comes from another kind of document than the one given;
/// nothing when all come from such.
///
/// # Errors
/// The store's own.
pub fn entry_besides(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    source_kind: &str,
) -> Result<Option<String>, StoreError> {
    let found = tx.query_opt(&tables::ENTRY_BESIDES, params![company_id, source_kind])?;
    found.map(|row| row.get(0)).transpose()
}

/// An entry with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EntryDetail {
    /// Its head.
    pub head: JournalRow,
    /// The entry that reverses it.
    pub reversed_by: Option<EntryId>,
    /// Its lines.
    pub lines: Vec<EntryLineRow>,
}

/// A line of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EntryLineRow {
    /// Its number, from 1.
    pub line: u32,
    /// The account.
    pub account_id: AccountId,
    /// The account's code.
    pub code: String,
    /// The account's name.
    pub name: String,
    /// The amount debited.
    pub debit: Money,
    /// The amount credited.
    pub credit: Money,
    /// The amount in the currency it was agreed in, debit positive; none when that is the company's.
    pub foreign: Option<Money>,
    /// The kind of the open line it belongs to.
    pub open_kind: Option<String>,
    /// The id of the open line's source.
    pub open_source_id: Option<i64>,
    /// Whom it is open with.
    pub partner_id: Option<PartnerId>,
    /// When it is due.
    pub due_on: Option<Day>,
    /// The tax code.
    pub tax_code: Option<String>,
    /// The net amount that the tax was reckoned on, debit positive.
    pub tax_base: Option<Money>,
    /// The item it concerns.
    pub item_id: Option<ItemId>,
}

/// One entry with its lines; `None` when the company has no such entry.
///
/// # Errors
/// [`ListError`].
pub fn entry(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    entry_id: EntryId,
) -> Result<Option<EntryDetail>, ListError> {
    ctx.require(VIEW)?;
    let head = tx.query_opt(&tables::ENTRY, params![ctx.company_id, entry_id])?;
    let Some(head) = head else { return Ok(None) };
    let rows = tx.query(&tables::ENTRY_LINES, params![ctx.company_id, entry_id])?;
    let lines = rows.iter().map(|row| entry_line(row, ctx)).collect::<Result<_, _>>()?;
    let reversed_by = tables::reversed_by(tx, ctx.company_id, entry_id)?;
    Ok(Some(EntryDetail { head: journal_row(&head, ctx)?, reversed_by, lines }))
}

/// Why an entry was not shown, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ShowEntryError {
    /// As lists are refused.
    #[error(transparent)]
    List(#[from] ListError),
    /// The company has no such entry.
    #[error("there is no entry {entry_id}")]
    NotFound {
        /// The id asked for.
        entry_id: EntryId,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ShowEntryError {
    fn problem(&self) -> Problem {
        match self {
            ShowEntryError::List(error) => error.problem(),
            ShowEntryError::NotFound { .. } => {
                Problem::not_found("entry_not_found", self.to_string())
            }
            ShowEntryError::Store(error) => error.problem(),
        }
    }
}

/// One entry with its lines.
///
/// # Errors
/// The first broken rule in the order of [`ShowEntryError`].
pub fn show_entry(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    entry_id: EntryId,
) -> Result<EntryDetail, ShowEntryError> {
    entry(tx, ctx, entry_id)?.ok_or(ShowEntryError::NotFound { entry_id })
}

fn entry_line(row: &Row, ctx: &Ctx) -> Result<EntryLineRow, StoreError> {
    let word = |index| -> Result<Option<String>, StoreError> {
        Ok(Some(row.get::<String>(index)?).filter(|text| !text.is_empty()))
    };
    let home = |minor| Money::new(minor, ctx.currency);
    let tax_code = word(12)?;
    Ok(EntryLineRow {
        line: row.get(0)?,
        account_id: row.get(1)?,
        code: row.get(2)?,
        name: row.get(3)?,
        debit: home(row.get(4)?),
        credit: home(row.get(5)?),
        foreign: foreign(row.get(6)?, row.get(7)?, ctx),
        open_kind: word(8)?,
        open_source_id: if word(8)?.is_some() { Some(row.get(9)?) } else { None },
        partner_id: id_at(row, 10)?,
        due_on: day_at(row, 11)?,
        tax_base: if tax_code.is_some() { Some(home(row.get(13)?)) } else { None },
        tax_code,
        item_id: id_at(row, 14)?,
    })
}

fn foreign(currency: Currency, minor: i64, ctx: &Ctx) -> Option<Money> {
    (currency != ctx.currency).then(|| Money::new(minor, currency))
}

/// Which part of an account's ledger to list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerFilter {
    /// The account.
    pub account_id: AccountId,
    /// The first books' day.
    #[serde(default)]
    pub from: Option<Day>,
    /// The last books' day.
    #[serde(default)]
    pub through: Option<Day>,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// How many rows, at most 200.
    #[serde(default)]
    pub limit: Option<i64>,
}

/// A line of an account's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LedgerRow {
    /// The books' day.
    pub posted_on: Day,
    /// The entry.
    pub entry_id: EntryId,
    /// The line of the entry.
    pub line: u32,
    /// The entry's spoken number.
    pub number: String,
    /// What sort of entry it is.
    pub kind: String,
    /// The kind of document it comes from.
    pub source_kind: String,
    /// The document.
    pub source_id: i64,
    /// When it happened.
    pub happened_on: Day,
    /// A line for people.
    pub memo: String,
    /// The amount debited.
    pub debit: Money,
    /// The amount credited.
    pub credit: Money,
    /// The balance after this line, debit positive.
    pub balance: Money,
    /// The amount in the currency it was agreed in, debit positive.
    pub foreign: Option<Money>,
    /// Whom it is with.
    pub partner_id: Option<PartnerId>,
    /// The tax code.
    pub tax_code_id: Option<TaxCodeId>,
    /// The net amount that the tax was reckoned on, debit positive.
    pub tax_base: Money,
}

/// An account's ledger with running balances, oldest books' day first.
///
/// # Errors
/// [`ListError`].
pub fn account_ledger(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: LedgerFilter,
) -> Result<Page<LedgerRow>, ListError> {
    ctx.require(VIEW)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, entry_id, line): (String, i64, i64) = paging.after((day_text(filter.from), 0, 0))?;
    let through = filter.through.map_or_else(|| LAST_DAY.to_owned(), |day| day.to_string());
    let place = params![ctx.company_id, filter.account_id, day, entry_id, line];
    let before = tx.query_opt(&tables::LEDGER_BEFORE, place)?;
    let mut balance: i64 = before.map_or(Ok(0), |row| row.get(0))?;
    let limit = paging.limit();
    let page = params![ctx.company_id, filter.account_id, day, entry_id, line, through, limit];
    let mut rows = Vec::new();
    for row in tx.query(&tables::LEDGER, page)? {
        let (debit, credit): (i64, i64) = (row.get(9)?, row.get(10)?);
        balance = balance.saturating_add(debit - credit);
        rows.push(ledger_row(&row, ctx, balance)?);
    }
    Ok(paging.page(rows, |row: &LedgerRow| {
        (row.posted_on.to_string(), row.entry_id.raw(), i64::from(row.line))
    }))
}

fn ledger_row(row: &Row, ctx: &Ctx, balance: i64) -> Result<LedgerRow, StoreError> {
    let home = |minor| Money::new(minor, ctx.currency);
    Ok(LedgerRow {
        posted_on: row.get(0)?,
        entry_id: row.get(1)?,
        line: row.get(2)?,
        number: row.get(3)?,
        kind: row.get(4)?,
        source_kind: row.get(5)?,
        source_id: row.get(6)?,
        happened_on: row.get(7)?,
        memo: row.get(8)?,
        debit: home(row.get(9)?),
        credit: home(row.get(10)?),
        balance: home(balance),
        foreign: foreign(row.get(11)?, row.get(12)?, ctx),
        partner_id: id_at(row, 13)?,
        tax_code_id: id_at(row, 14)?,
        tax_base: home(row.get(15)?),
    })
}

/// Which open items to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpenItemFilter {
    /// Only of the account of this role.
    pub role: Option<Role>,
    /// Only with this partner.
    pub partner_id: Option<PartnerId>,
    /// Only of this kind.
    pub kind: Option<String>,
    /// Only due on this day or before.
    pub due_through: Option<Day>,
    /// Only opened on this day or before.
    pub opened_through: Option<Day>,
    /// Only what should have an owner and a reason before the books are locked through this day, and
    /// has none: goods received or billed and what channels owe, open for more than 60 days.
    pub unowned_through: Option<Day>,
    /// Also those that are settled.
    pub settled: bool,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many rows, at most 200.
    pub limit: Option<i64>,
}

/// An open item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenItemRow {
    /// The account.
    pub account_id: AccountId,
    /// The account's code.
    pub code: String,
    /// What the account is for.
    pub role: Option<Role>,
    /// The kind of what is open.
    pub kind: String,
    /// Its id.
    pub source_id: i64,
    /// Whom it is open with.
    pub partner_id: Option<PartnerId>,
    /// When it is due.
    pub due_on: Option<Day>,
    /// The books' day on which it was opened.
    pub opened_on: Day,
    /// What is open, debit positive.
    pub amount: Money,
    /// The same in the currency it was agreed in.
    pub agreed: Money,
    /// The name of who looks after it.
    pub owner: Option<String>,
    /// Why it is still open.
    pub reason: Option<String>,
}

/// How long an open item may go without an owner and a reason, in days.
const UNOWNED_DAYS: i64 = 60;

/// Open items, sorted by account, kind, source and currency.
///
/// # Errors
/// [`ListError`].
pub fn open_items(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: OpenItemFilter,
) -> Result<Page<OpenItemRow>, ListError> {
    ctx.require(VIEW)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let first = (i64::MIN, String::new(), i64::MIN, String::new());
    let (account, kind, source, currency): (i64, String, i64, String) = paging.after(first)?;
    let unowned = filter.unowned_through.map(|day| day.plus(-UNOWNED_DAYS)).transpose()?;
    let rows = tx.query(
        &tables::OPEN_ITEMS,
        params![
            ctx.company_id,
            filter.role.map_or("", Role::as_str),
            filter.partner_id.map_or(0, Id::raw),
            filter.kind.as_deref().unwrap_or(""),
            day_text(filter.due_through),
            day_text(filter.opened_through),
            filter.settled,
            account,
            kind,
            source,
            currency,
            paging.limit(),
            day_text(unowned)
        ],
    )?;
    let read = |row: &Row| {
        Ok(OpenItemRow {
            account_id: row.get(0)?,
            code: row.get(1)?,
            role: Role::parse(&row.get::<String>(2)?),
            kind: row.get(3)?,
            source_id: row.get(4)?,
            partner_id: id_at(row, 6)?,
            due_on: day_at(row, 7)?,
            opened_on: row.get(8)?,
            amount: Money::new(row.get(9)?, ctx.currency),
            agreed: Money::new(row.get(10)?, row.get(5)?),
            owner: Some(row.get(11)?).filter(|name: &String| !name.is_empty()),
            reason: Some(row.get(12)?).filter(|reason: &String| !reason.is_empty()),
        })
    };
    let rows = rows.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(rows, |row: &OpenItemRow| {
        let currency = row.agreed.currency.code().to_owned();
        (row.account_id.raw(), row.kind.clone(), row.source_id, currency)
    }))
}

/// The tax of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaxReport {
    /// The first books' day.
    pub from: Day,
    /// The last books' day.
    pub through: Day,
    /// Input and output tax by code. What settled tax or opened the books has no code.
    pub rows: Vec<TaxReportRow>,
    /// The tax that was charged in the month, less the tax to be given back; settlements left out.
    pub due: Money,
}

/// The tax of one code on one side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TaxReportRow {
    /// Input or output tax.
    pub role: Role,
    /// The tax code.
    pub tax_code_id: Option<TaxCodeId>,
    /// The code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How it treats a supply.
    pub kind: Option<TaxKind>,
    /// Net amounts: of purchases for input tax, of sales for output tax.
    pub base: Money,
    /// The tax: to be given back for input tax, owed for output tax.
    pub tax: Money,
}

/// The tax of the month of `month`, by account and code. Its rows add up to the movement of the tax
/// accounts.
///
/// # Errors
/// [`ListError`].
pub fn tax_report(tx: &mut Tx<'_>, ctx: &Ctx, month: Day) -> Result<TaxReport, ListError> {
    ctx.require(VIEW)?;
    let (from, through) = (month.first_of_month(), month.last_of_month());
    let mut due = 0_i64;
    let mut rows = Vec::new();
    for row in tx.query(&tables::TAX_REPORT, params![ctx.company_id, from, through])? {
        let role: Role = row.get(0)?;
        let side = if role == Role::OutputTax { -1 } else { 1 };
        let (base, tax): (i64, i64) = (row.get(5)?, row.get(6)?);
        let tax_code_id: Option<TaxCodeId> = id_at(&row, 1)?;
        if tax_code_id.is_some() {
            due = due.saturating_sub(tax);
        }
        rows.push(TaxReportRow {
            role,
            tax_code_id,
            code: row.get(2)?,
            name: row.get(3)?,
            kind: TaxKind::parse(&row.get::<String>(4)?),
            base: Money::new(side * base, ctx.currency),
            tax: Money::new(side * tax, ctx.currency),
        });
    }
    Ok(TaxReport { from, through, rows, due: Money::new(due, ctx.currency) })
}
