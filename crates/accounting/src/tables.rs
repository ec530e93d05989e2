//! All SQL of the verbs, as small typed functions. That of the views is in `views/`.

use crate::books::{Books, Locks};
use crate::model::{Area, BookedEntry, BookedLine, KnownAccount, Role};
use crate::rules;
use base::{AccountId, CompanyId, Currency, Day, EntryId, Id};
use identity::Ctx;
use store::{Row, Rows, StoreError, Tx, Value, params, row};

store::statements! {
    /// The company's accounts as a posting knows them.
    LOAD_ACCOUNTS = "select id, code, role, control, open_lines from accounting_account
        where company_id = $1";

    /// Adds accounts.
    INSERT_ACCOUNTS = "insert into accounting_account
        (company_id, id, code, name, kind, role, control, open_lines)
        select $1, d.id, d.code, d.name, d.kind, d.role, d.control, d.open_lines
        from {rows:d(id, code text, name text, kind text, role text, control, open_lines)}";

    /// Adds the rows that periods are locked by.
    INSERT_LOCKS = "insert into accounting_lock
        (company_id, area, soft_through, hard_through, revision)
        select $1, d.area, '', '', 0 from {rows:d(area text)} where true
        on conflict (company_id, area) do nothing";

    /// Holds the locks that count for an area, so that none moves before the posting commits.
    HOLD_LOCKS = "select soft_through, hard_through, revision from accounting_lock
        where company_id = $1 and area in ($2, 'all') order by area {for_share}";

    /// Takes all locks of a company, waiting for the postings that hold them.
    TAKE_LOCKS = "select area, soft_through, hard_through, revision from accounting_lock
        where company_id = $1 order by area {for_update}";

    /// Moves the lock of one area.
    MOVE_LOCK = "update accounting_lock set soft_through = $3, hard_through = $4
        where company_id = $1 and area = $2";

    /// Counts a change of any lock on all of them.
    COUNT_LOCK_CHANGE = "update accounting_lock set revision = $2 where company_id = $1";

    /// Writes entries.
    INSERT_ENTRIES = "insert into accounting_entry
        (company_id, id, number, area, kind, source_kind, source_id, happened_on, posted_on,
            recorded_at, user_id, memo, reverses_id, lock_revision, lock_reason)
        select $1, d.id, d.number, $2, d.kind, d.source_kind, d.source_id, d.happened_on,
            d.posted_on, $3, $4, d.memo, d.reverses_id, $5, $6
        from {rows:d(id, number text, kind text, source_kind text, source_id, happened_on text,
            posted_on text, memo text, reverses_id)}";

    /// Writes the lines of entries.
    INSERT_LINES = "insert into accounting_entry_line
        (company_id, entry_id, line, account_id, posted_on, debit, credit, currency,
            amount_foreign, open_kind, open_source_id, partner_id, due_on, tax_code_id, tax_base,
            item_id)
        select $1, d.entry_id, d.line, d.account_id, d.posted_on, d.debit, d.credit, d.currency,
            d.amount_foreign, d.open_kind, d.open_source_id, d.partner_id, d.due_on,
            d.tax_code_id, d.tax_base, d.item_id
        from {rows:d(entry_id, line, account_id, posted_on text, debit, credit, currency text,
            amount_foreign, open_kind text, open_source_id, partner_id, due_on text, tax_code_id,
            tax_base, item_id)}";

    /// Adds to open items, in the order of their keys. Partner and due day keep what was named last.
    ADD_OPEN = "insert into accounting_open_item
        (company_id, account_id, kind, source_id, currency, partner_id, due_on, opened_on, amount,
            amount_foreign)
        select $1, d.account_id, d.kind, d.source_id, d.currency, d.partner_id, d.due_on,
            d.opened_on, d.amount, d.amount_foreign
        from {rows:d(account_id, kind text, source_id, currency text, partner_id, due_on text,
            opened_on text, amount, amount_foreign)}
        where true
        on conflict (company_id, account_id, kind, source_id, currency) do update set
            partner_id = case when excluded.partner_id = 0
                then accounting_open_item.partner_id else excluded.partner_id end,
            due_on = case when excluded.due_on = ''
                then accounting_open_item.due_on else excluded.due_on end,
            amount = accounting_open_item.amount + excluded.amount,
            amount_foreign = accounting_open_item.amount_foreign + excluded.amount_foreign";

    /// What is open of some sources on an account.
    OPEN_OF = "select o.source_id, o.currency, o.amount, o.amount_foreign, o.partner_id, o.due_on
        from {rows:d(source_id)}
        join accounting_open_item as o on o.company_id = $1 and o.account_id = $2 and o.kind = $3
            and o.source_id = d.source_id
        order by o.source_id, o.currency";

    /// Holds an entry while it is reversed, so that it is reversed once.
    LOCK_ENTRY = "select area, kind, source_kind, source_id, posted_on, reverses_id
        from accounting_entry where company_id = $1 and id = $2 {for_update}";

    /// The entry that reverses an entry.
    REVERSED_BY = "select id from accounting_entry where company_id = $1 and reverses_id = $2";

    /// The lines of an entry as they were written.
    LINES_OF = "select l.account_id, l.debit, l.credit, l.currency, l.amount_foreign, l.open_kind,
            l.open_source_id, l.partner_id, l.due_on, l.tax_code_id, l.tax_base, l.item_id
        from accounting_entry_line as l where l.company_id = $1 and l.entry_id = $2
        order by l.line";
}

/// Text of a day, '' for none.
pub(crate) fn day_text(day: Option<Day>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// Reads a day, '' as none.
pub(crate) fn day_at(row: &Row, index: usize) -> Result<Option<Day>, StoreError> {
    let text: String = row.get(index)?;
    if text.is_empty() { Ok(None) } else { row.get(index).map(Some) }
}

/// Reads an id, 0 as none.
pub(crate) fn id_at<I: Id>(row: &Row, index: usize) -> Result<Option<I>, StoreError> {
    let raw: i64 = row.get(index)?;
    Ok(if raw == 0 { None } else { Some(I::from_raw(raw)) })
}

/// The company's accounts.
pub(crate) fn load_accounts(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<Vec<(AccountId, KnownAccount)>, StoreError> {
    let rows = tx.query(&LOAD_ACCOUNTS, params![company_id])?;
    rows.iter()
        .map(|row| {
            let known = KnownAccount {
                code: row.get(1)?,
                role: Role::parse(&row.get::<String>(2)?),
                control: row.get(3)?,
                open_lines: row.get(4)?,
            };
            Ok((row.get(0)?, known))
        })
        .collect()
}

/// An account to be added.
pub(crate) struct NewAccount<'a> {
    pub id: AccountId,
    pub code: &'a str,
    pub name: &'a str,
    pub kind: crate::AccountKind,
    pub role: Option<Role>,
}

/// Adds accounts.
pub(crate) fn insert_accounts(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    accounts: &[NewAccount<'_>],
) -> Result<(), StoreError> {
    let mut rows = Rows::new(7);
    for account in accounts {
        rows.push(row![
            account.id,
            account.code,
            account.name,
            account.kind,
            account.role.map_or("", Role::as_str),
            account.role.is_some_and(Role::is_control),
            account.role.is_some_and(Role::keeps_open_lines)
        ]);
    }
    tx.write_exactly(accounts.len(), &INSERT_ACCOUNTS, params![company_id; rows])
}

/// Makes the lock rows of a company where they are missing.
pub(crate) fn insert_locks(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<(), StoreError> {
    tx.write(&INSERT_LOCKS, params![company_id; Rows::column(Area::ALL.iter().copied())])
}

/// Holds the locks of an area; `None` before the company's accounts are installed.
pub(crate) fn hold_locks(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    area: Area,
) -> Result<Option<Locks>, StoreError> {
    let mut locks: Option<Locks> = None;
    for row in tx.query(&HOLD_LOCKS, params![company_id, area])? {
        let (soft, hard) = (day_at(&row, 0)?, day_at(&row, 1)?);
        let revision = row.get(2)?;
        let so_far = locks.unwrap_or(Locks { soft_through: None, hard_through: None, revision });
        locks = Some(Locks {
            soft_through: so_far.soft_through.max(soft),
            hard_through: so_far.hard_through.max(hard),
            revision: so_far.revision.max(revision),
        });
    }
    Ok(locks)
}

/// Writes entries with their lines and adds to the open items: three statements.
pub(crate) fn write_entries(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &Books,
    entries: &[BookedEntry],
) -> Result<(), crate::PostError> {
    let mut heads = Rows::new(9);
    let mut lines = Rows::new(15);
    for entry in entries {
        heads.push(row![
            entry.id,
            entry.number,
            entry.kind,
            entry.source_kind,
            entry.source_id,
            entry.happened_on,
            entry.posted_on,
            entry.memo,
            entry.reverses_id
        ]);
        for (index, line) in entry.lines.iter().enumerate() {
            lines.push(line_row(entry, index + 1, line));
        }
    }
    let posted = entries.iter().flat_map(|e| e.lines.iter().map(|line| (e.posted_on, line)));
    let changes = rules::open_changes(posted).ok_or(crate::PostError::OutOfRange { entry: 1 })?;
    let mut open = Rows::new(9);
    for ((account_id, kind, source_id, currency), change) in changes {
        open.push(row![
            account_id,
            kind,
            source_id,
            currency,
            change.partner_id,
            day_text(change.due_on),
            change.opened_on,
            change.amount,
            change.amount_foreign
        ]);
    }
    let (company, revision) = (ctx.company_id, books.locks.revision);
    let head = params![
        company, books.area, ctx.at, ctx.user_id, revision, books.override_reason; heads
    ];
    tx.write_exactly(entries.len(), &INSERT_ENTRIES, head)?;
    tx.write(&INSERT_LINES, params![company; lines])?;
    tx.write(&ADD_OPEN, params![company; open])?;
    Ok(())
}

fn line_row(entry: &BookedEntry, number: usize, line: &BookedLine) -> [Value; 15] {
    row![
        entry.id,
        number as u64,
        line.account_id,
        entry.posted_on,
        line.amount.max(0),
        -line.amount.min(0),
        line.currency,
        line.amount_foreign,
        line.open_kind,
        line.open_source_id,
        line.partner_id,
        day_text(line.due_on),
        line.tax_code_id,
        line.tax_base,
        line.item_id
    ]
}

/// What is open of one source in one currency on a control account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    /// The source's id.
    pub source_id: i64,
    /// The currency it was agreed in.
    pub currency: Currency,
    /// Minor units of the company's currency, debit positive.
    pub amount: i64,
    /// Minor units of `currency`, debit positive.
    pub amount_foreign: i64,
    /// Whom it is open with.
    pub partner_id: Option<base::PartnerId>,
    /// When it is due.
    pub due_on: Option<Day>,
}

/// What is open on an account of some sources of a kind, settled ones included, sorted by source
/// and currency. One read for any number of sources; for verbs, which have checked their permission.
///
/// # Errors
/// Those of the engine.
pub fn open_of(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    account_id: AccountId,
    kind: &str,
    source_ids: &[i64],
) -> Result<Vec<Open>, StoreError> {
    let mut ids = source_ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let set = Rows::column(ids);
    let rows = tx.query(&OPEN_OF, params![company_id, account_id, kind; set])?;
    rows.iter()
        .map(|row| {
            Ok(Open {
                source_id: row.get(0)?,
                currency: row.get(1)?,
                amount: row.get(2)?,
                amount_foreign: row.get(3)?,
                partner_id: id_at(row, 4)?,
                due_on: day_at(row, 5)?,
            })
        })
        .collect()
}

/// An entry about to be reversed.
pub(crate) struct Original {
    pub area: Area,
    pub kind: String,
    pub source_kind: String,
    pub source_id: i64,
    pub posted_on: Day,
    pub reverses_id: i64,
}

/// Holds an entry.
pub(crate) fn lock_entry(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    entry_id: EntryId,
) -> Result<Option<Original>, StoreError> {
    let row = tx.query_opt(&LOCK_ENTRY, params![company_id, entry_id])?;
    row.map(|row| {
        Ok(Original {
            area: row.get(0)?,
            kind: row.get(1)?,
            source_kind: row.get(2)?,
            source_id: row.get(3)?,
            posted_on: row.get(4)?,
            reverses_id: row.get(5)?,
        })
    })
    .transpose()
}

/// The entry that reverses an entry, if one does.
pub(crate) fn reversed_by(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    entry_id: EntryId,
) -> Result<Option<EntryId>, StoreError> {
    let row = tx.query_opt(&REVERSED_BY, params![company_id, entry_id])?;
    row.map(|row| row.get(0)).transpose()
}

/// The lines of an entry, turned round: what was debit is credit.
pub(crate) fn lines_reversed(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    entry_id: EntryId,
    books: &Books,
) -> Result<Vec<BookedLine>, StoreError> {
    let rows = tx.query(&LINES_OF, params![company_id, entry_id])?;
    rows.iter()
        .map(|row| {
            let account_id: AccountId = row.get(0)?;
            Ok(BookedLine {
                account_id,
                amount: row.get::<i64>(2)? - row.get::<i64>(1)?,
                currency: row.get(3)?,
                amount_foreign: -row.get::<i64>(4)?,
                open_kind: row.get(5)?,
                open_source_id: row.get(6)?,
                partner_id: row.get(7)?,
                due_on: day_at(row, 8)?,
                tax_code_id: row.get(9)?,
                tax_base: -row.get::<i64>(10)?,
                item_id: row.get(11)?,
                opens: books.accounts.get(&account_id).is_some_and(|known| known.open_lines),
            })
        })
        .collect()
}
