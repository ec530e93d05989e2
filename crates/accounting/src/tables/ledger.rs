//! Accounts, entries, lines and open items.

use super::*;
use crate::books::{Books, Locks};
use crate::model::{Area, BookedEntry, BookedLine, KnownAccount, Role};
use crate::rules;
use base::{AccountId, CompanyId, Currency, EntryId, UserId};
use identity::Ctx;
use std::collections::BTreeSet;
use store::{Rows, Tx, Value, params, row};

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

/// An open item that is held until the transaction ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldOpenItem {
    /// What its account is for.
    pub role: Role,
    /// The kind of its source.
    pub kind: String,
    /// The item as it stands.
    pub open: Open,
}

/// Holds the open items of some sources, so that a verb can decide how much of each it settles and
/// nobody settles it meanwhile. Sorted by account, kind, source and currency, which is the order in
/// which [`post`](crate::post()) writes them; settled ones are included, those never opened are not.
/// One read for any number of keys; for verbs, which have checked their permission. Called after the
/// books are opened.
///
/// # Errors
/// Those of the engine.
pub fn lock_open_items(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    books: &Books,
    keys: &[(Role, String, i64)],
) -> Result<Vec<HeldOpenItem>, StoreError> {
    let keys: BTreeSet<(AccountId, &str, i64)> = keys
        .iter()
        .filter_map(|(role, kind, id)| Some((books.account_of(*role)?, kind.as_str(), *id)))
        .collect();
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut set = Rows::new(3);
    for (account_id, kind, source_id) in keys {
        set.push(row![account_id, kind, source_id]);
    }
    let mut held = Vec::new();
    for row in tx.query(&LOCK_OPEN, params![ctx.company_id; set])? {
        let known = books.accounts.get(&row.get(0)?);
        let Some(role) = known.and_then(|known| known.role) else { continue };
        let open = Open {
            source_id: row.get(2)?,
            currency: row.get(3)?,
            amount: row.get(4)?,
            amount_foreign: row.get(5)?,
            partner_id: id_at(&row, 6)?,
            due_on: day_at(&row, 7)?,
        };
        held.push(HeldOpenItem { role, kind: row.get(1)?, open });
    }
    Ok(held)
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

/// What names an open item: account, kind, source and currency.
pub(crate) type OpenItemKey = (AccountId, String, i64, Currency);

/// Holds those of some open items that are not settled.
pub(crate) fn hold_unsettled(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    keys: &[OpenItemKey],
) -> Result<Vec<OpenItemKey>, StoreError> {
    let sources: BTreeSet<(i64, &str, i64)> = keys
        .iter()
        .map(|(account, kind, source, _)| (account.raw(), kind.as_str(), *source))
        .collect();
    let mut set = Rows::new(3);
    for (account, kind, source) in sources {
        set.push(row![account, kind, source]);
    }
    let rows = tx.query(&LOCK_OPEN, params![company_id; set])?;
    let mut open = Vec::new();
    for row in &rows {
        if (row.get::<i64>(4)?, row.get::<i64>(5)?) != (0, 0) {
            open.push((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        }
    }
    Ok(open)
}

/// Names who looks after open items, and why they are open.
pub(crate) fn name_owner(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    keys: &[OpenItemKey],
    owner_id: UserId,
    reason: &str,
) -> Result<(), StoreError> {
    let mut set = Rows::new(4);
    for (account_id, kind, source_id, currency) in keys {
        set.push(row![account_id, kind, source_id, currency]);
    }
    let head = params![ctx.company_id, owner_id, reason, ctx.user_id, ctx.at; set];
    tx.write_exactly(keys.len(), &NAME_OWNER, head)
}
