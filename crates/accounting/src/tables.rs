//! All SQL of this crate, and small typed functions over it; the statements of lists of tax codes and
//! rates are in their file.

use base::{Day, Id};
use store::{Row, StoreError};

mod ledger;
mod periods;
mod rates;

pub(crate) use ledger::*;
pub use ledger::{HeldOpenItem, Open, lock_open_items, open_of};
pub(crate) use periods::*;
pub(crate) use rates::{
    LIST_TAX_CODES_BY_CODE, LIST_TAX_CODES_BY_NAME, RATES_BY_CURRENCY, RATES_NEWEST,
    TAX_RATES_BY_CODE, TAX_RATES_NEWEST,
};

/// Every statement of the books.
pub(crate) static ALL: [&store::Statement; COUNT + rates::COUNT] =
    store::statement::joined(&[STATEMENTS, rates::STATEMENTS]);

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

    /// Holds open items, in the order in which postings write them.
    LOCK_OPEN = "select o.account_id, o.kind, o.source_id, o.currency, o.amount, o.amount_foreign,
            o.partner_id, o.due_on
        from {rows:d(account_id, kind text, source_id)}
        join accounting_open_item as o on o.company_id = $1 and o.account_id = d.account_id
            and o.kind = d.kind and o.source_id = d.source_id
        order by o.account_id, o.kind, o.source_id, o.currency {for_update:o}";

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

    /// The last hard seal of an area up to a day: its totals need not be summed again.
    LAST_HARD_SEAL = "select revision, through from accounting_period_seal
        where company_id = $1 and area = $2 and hard = 1 and through <= $3
        order by revision desc limit 1";

    /// Debits and credits by account of an area as of a day: the totals of a seal, and the lines
    /// posted after it.
    TOTALS = "select t.account_id, cast(sum(t.debit) as {i64}) as debit,
            cast(sum(t.credit) as {i64}) as credit
        from (select p.account_id, p.debit, p.credit from accounting_period_total as p
              where p.company_id = $1 and p.area = $2 and p.revision = $3
              union all
              select l.account_id, l.debit, l.credit from accounting_entry as e
              join accounting_entry_line as l
                  on l.company_id = e.company_id and l.entry_id = e.id
              where e.company_id = $1 and e.posted_on > $4 and e.posted_on <= $5
                  and (e.area = $2 or $2 = 'all')) as t
        group by t.account_id order by t.account_id";

    /// Seals a period.
    INSERT_SEAL = "insert into accounting_period_seal
        (company_id, area, revision, through, hard, hash, sealed_at, user_id, lifted_revision)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 0)";

    /// Keeps the totals of a sealed period.
    INSERT_TOTALS = "insert into accounting_period_total
        (company_id, area, revision, account_id, debit, credit)
        select $1, $2, $3, d.account_id, d.debit, d.credit
        from {rows:d(account_id, debit, credit)}";

    /// Lifts the soft seals of an area that end after a day.
    LIFT_SEALS = "update accounting_period_seal set lifted_revision = $4
        where company_id = $1 and area = $2 and hard = 0 and lifted_revision = 0 and through > $3";

    /// The seals that stand, and that were lifted.
    SEALS = "select area, revision, through, hard, hash, lifted_revision
        from accounting_period_seal where company_id = $1 order by revision, area";

    /// The totals kept at hard locks.
    SEALED_TOTALS = "select area, revision, account_id, debit, credit from accounting_period_total
        where company_id = $1 order by area, revision, account_id";

    /// Everything ever posted, by account, day and area; postings into a soft lock apart.
    POSTED_BY_DAY = "select l.account_id, e.posted_on, e.area,
            case when e.lock_reason = '' then cast(-1 as {i64}) else e.lock_revision end as waived,
            cast(sum(l.debit) as {i64}) as debit, cast(sum(l.credit) as {i64}) as credit
        from accounting_entry as e
        join accounting_entry_line as l on l.company_id = e.company_id and l.entry_id = e.id
        where e.company_id = $1
        group by l.account_id, e.posted_on, e.area,
            case when e.lock_reason = '' then cast(-1 as {i64}) else e.lock_revision end";

    /// The locks as they stand.
    LOCKS = "select area, soft_through, hard_through from accounting_lock
        where company_id = $1 order by area";

    /// How locks were moved, the newest first.
    LOCKED_PERIODS = "select s.area, s.revision, s.through, s.hard, s.hash, s.sealed_at,
            s.lifted_revision, coalesce(u.display_name, '') as locked_by
        from accounting_period_seal as s
        left join identity_user as u on u.id = s.user_id
        where s.company_id = $1 and (cast($2 as text) = '' or s.area = $2)
            and (s.revision, s.area) < ($3, $4)
        order by s.revision desc, s.area desc limit $5";

    /// Adds a tax code.
    INSERT_TAX_CODE = "insert into accounting_tax_code
        (company_id, id, code, name, kind, recoverable) values ($1, $2, $3, $4, $5, $6)";

    /// Adds rates of a tax code.
    INSERT_TAX_RATES = "insert into accounting_tax_rate (company_id, tax_code_id, from_day, rate)
        select $1, $2, d.from_day, d.rate from {rows:d(from_day text, rate)}";

    /// A tax code and its kind by its code.
    TAX_CODE = "select id, kind from accounting_tax_code where company_id = $1 and code = $2";

    /// The rate that a code has from a day on, if one was set for that very day.
    TAX_RATE_FROM = "select rate from accounting_tax_rate
        where company_id = $1 and tax_code_id = $2 and from_day = $3";

    /// All tax codes with their rate on a day.
    TAX_CODES_ON = "select c.id, c.code, c.name, c.kind, c.recoverable, r.rate, r.from_day
        from accounting_tax_code as c
        join accounting_tax_rate as r on r.company_id = c.company_id and r.tax_code_id = c.id
            and r.from_day = (select max(x.from_day) from accounting_tax_rate as x
                where x.company_id = c.company_id and x.tax_code_id = c.id and x.from_day <= $2)
        where c.company_id = $1 order by c.code";

    /// Tax codes by id with their rate on a day.
    TAX_CODES_BY_ID = "select c.id, c.code, c.name, c.kind, c.recoverable, r.rate, r.from_day
        from {rows:d(id)}
        join accounting_tax_code as c on c.company_id = $1 and c.id = d.id
        join accounting_tax_rate as r on r.company_id = c.company_id and r.tax_code_id = c.id
            and r.from_day = (select max(x.from_day) from accounting_tax_rate as x
                where x.company_id = c.company_id and x.tax_code_id = c.id and x.from_day <= $2)";

    /// Tax codes by code with their rate on a day.
    TAX_CODES_BY_CODE = "select c.id, c.code, c.name, c.kind, c.recoverable, r.rate, r.from_day
        from {rows:d(code text)}
        join accounting_tax_code as c on c.company_id = $1 and c.code = d.code
        join accounting_tax_rate as r on r.company_id = c.company_id and r.tax_code_id = c.id
            and r.from_day = (select max(x.from_day) from accounting_tax_rate as x
                where x.company_id = c.company_id and x.tax_code_id = c.id and x.from_day <= $2)";

    /// Sets an exchange rate from a day on.
    SET_RATE = "insert into accounting_rate (company_id, currency, from_day, rate, source)
        values ($1, $2, $3, $4, $5)
        on conflict (company_id, currency, from_day)
            do update set rate = excluded.rate, source = excluded.source";

    /// The exchange rates of currencies on a day.
    RATES_ON = "select r.currency, r.rate from {rows:d(currency text)}
        join accounting_rate as r on r.company_id = $1 and r.currency = d.currency
            and r.from_day = (select max(x.from_day) from accounting_rate as x
                where x.company_id = r.company_id and x.currency = d.currency
                    and x.from_day <= $2)";

    /// Accounts for people.
    ACCOUNTS = "select id, code, name, kind, role, control, open_lines from accounting_account
        where company_id = $1 order by code";

    /// Heads of entries, newest first.
    JOURNAL = "select e.id, e.number, e.area, e.kind, e.source_kind, e.source_id, e.happened_on,
            e.posted_on, e.recorded_at, e.user_id, e.memo, e.reverses_id, e.lock_reason,
            (select cast(coalesce(sum(l.debit), 0) as {i64}) from accounting_entry_line as l
                where l.company_id = e.company_id and l.entry_id = e.id) as total
        from accounting_entry as e
        where e.company_id = $1 and e.posted_on >= $2 and e.posted_on <= $3
            and (e.posted_on < $4 or (e.posted_on = $4 and e.id < $5))
            and (cast($6 as {i64}) = 0 or exists (select 1 from accounting_entry_line as a
                where a.company_id = e.company_id and a.entry_id = e.id and a.account_id = $6))
            and (cast($7 as {i64}) = 0 or e.happened_on < e.posted_on)
        order by e.posted_on desc, e.id desc limit $8";

    /// The first entry that comes from another kind of document.
    ENTRY_BESIDES = "select number from accounting_entry
        where company_id = $1 and source_kind <> $2 order by posted_on, id limit 1";

    /// What the entries of one document book, by account.
    BOOKED_BY = "select a.code, a.name, a.role, cast(sum(l.debit) as {i64}) as debit,
            cast(sum(l.credit) as {i64}) as credit
        from accounting_entry as e
        join accounting_entry_line as l on l.company_id = e.company_id and l.entry_id = e.id
        join accounting_account as a on a.company_id = l.company_id and a.id = l.account_id
        where e.company_id = $1 and e.source_kind = $2 and e.source_id = $3
        group by a.code, a.name, a.role
        order by a.code";

    /// What one entry books, by account.
    BOOKED_IN = "select a.code, a.name, a.role, cast(sum(l.debit) as {i64}) as debit,
            cast(sum(l.credit) as {i64}) as credit
        from accounting_entry_line as l
        join accounting_account as a on a.company_id = l.company_id and a.id = l.account_id
        where l.company_id = $1 and l.entry_id = $2
        group by a.code, a.name, a.role
        order by a.code";

    /// Heads of the entries of one document, oldest first.
    ENTRIES_OF = "select e.id, e.number, e.area, e.kind, e.source_kind, e.source_id, e.happened_on,
            e.posted_on, e.recorded_at, e.user_id, e.memo, e.reverses_id, e.lock_reason,
            (select cast(coalesce(sum(l.debit), 0) as {i64}) from accounting_entry_line as l
                where l.company_id = e.company_id and l.entry_id = e.id) as total
        from accounting_entry as e
        where e.company_id = $1 and e.source_kind = $2 and e.source_id = $3
        order by e.posted_on, e.id";

    /// The head of one entry.
    ENTRY = "select e.id, e.number, e.area, e.kind, e.source_kind, e.source_id, e.happened_on,
            e.posted_on, e.recorded_at, e.user_id, e.memo, e.reverses_id, e.lock_reason,
            (select cast(coalesce(sum(l.debit), 0) as {i64}) from accounting_entry_line as l
                where l.company_id = e.company_id and l.entry_id = e.id) as total
        from accounting_entry as e where e.company_id = $1 and e.id = $2";

    /// The lines of one entry for people.
    ENTRY_LINES = "select l.line, l.account_id, a.code, a.name, l.debit, l.credit, l.currency,
            l.amount_foreign, l.open_kind, l.open_source_id, l.partner_id, l.due_on,
            coalesce(c.code, '') as tax_code, l.tax_base, l.item_id
        from accounting_entry_line as l
        join accounting_account as a on a.company_id = l.company_id and a.id = l.account_id
        left join accounting_tax_code as c on c.company_id = l.company_id and c.id = l.tax_code_id
        where l.company_id = $1 and l.entry_id = $2 order by l.line";

    /// An account's balance before a place in its ledger.
    LEDGER_BEFORE = "select cast(coalesce(sum(debit - credit), 0) as {i64}) as balance
        from accounting_entry_line
        where company_id = $1 and account_id = $2 and (posted_on < $3 or (posted_on = $3
            and (entry_id < $4 or (entry_id = $4 and line <= $5))))";

    /// An account's lines after a place in its ledger.
    LEDGER = "select l.posted_on, l.entry_id, l.line, e.number, e.kind, e.source_kind, e.source_id,
            e.happened_on, e.memo, l.debit, l.credit, l.currency, l.amount_foreign, l.partner_id,
            l.tax_code_id, l.tax_base
        from accounting_entry_line as l
        join accounting_entry as e on e.company_id = l.company_id and e.id = l.entry_id
        where l.company_id = $1 and l.account_id = $2 and (l.posted_on > $3 or (l.posted_on = $3
                and (l.entry_id > $4 or (l.entry_id = $4 and l.line > $5))))
            and l.posted_on <= $6
        order by l.posted_on, l.entry_id, l.line limit $7";

    /// Open items, by key.
    OPEN_ITEMS = "select o.account_id, a.code, a.role, o.kind, o.source_id, o.currency,
            o.partner_id, o.due_on, o.opened_on, o.amount, o.amount_foreign,
            coalesce(u.display_name, '') as owner, coalesce(w.reason, '') as reason
        from accounting_open_item as o
        join accounting_account as a on a.company_id = o.company_id and a.id = o.account_id
        left join accounting_open_item_owner as w on w.company_id = o.company_id
            and w.account_id = o.account_id and w.kind = o.kind and w.source_id = o.source_id
            and w.currency = o.currency
        left join identity_user as u on u.id = w.owner_id
        where o.company_id = $1
            and (cast($2 as text) = '' or a.role = $2)
            and (cast($3 as {i64}) = 0 or o.partner_id = $3)
            and (cast($4 as text) = '' or o.kind = $4)
            and (cast($5 as text) = '' or (o.due_on <> '' and o.due_on <= $5))
            and (cast($6 as text) = '' or o.opened_on <= $6)
            and (cast($7 as {i64}) = 1 or o.amount <> 0 or o.amount_foreign <> 0)
            and (o.account_id, o.kind, o.source_id, o.currency) > ($8, $9, $10, $11)
            and (cast($13 as text) = '' or (o.opened_on < $13 and w.owner_id is null
                and a.role in ('grni', 'billed_not_received', 'channel_clearing')))
        order by o.account_id, o.kind, o.source_id, o.currency limit $12";

    /// Names who looks after open items.
    NAME_OWNER = "insert into accounting_open_item_owner
        (company_id, account_id, kind, source_id, currency, owner_id, reason, named_by, named_at)
        select $1, d.account_id, d.kind, d.source_id, d.currency, $2, $3, $4, $5
        from {rows:d(account_id, kind text, source_id, currency text)} where true
        on conflict (company_id, account_id, kind, source_id, currency) do update
            set owner_id = excluded.owner_id, reason = excluded.reason,
                named_by = excluded.named_by, named_at = excluded.named_at";

    /// What was posted on tax accounts in some days, by account and code.
    TAX_REPORT = "select a.role, l.tax_code_id, coalesce(c.code, '') as code,
            coalesce(c.name, '') as name, coalesce(c.kind, '') as kind,
            cast(sum(l.tax_base) as {i64}) as base, cast(sum(l.debit - l.credit) as {i64}) as tax
        from accounting_account as a
        join accounting_entry_line as l on l.company_id = a.company_id and l.account_id = a.id
        left join accounting_tax_code as c on c.company_id = l.company_id and c.id = l.tax_code_id
        where a.company_id = $1 and a.role in ('input_tax', 'output_tax')
            and l.posted_on >= $2 and l.posted_on <= $3
        group by a.role, l.tax_code_id, c.code, c.name, c.kind
        order by a.role, coalesce(c.code, ''), l.tax_code_id";
}

/// After every day: where a list without an end ends.
pub(crate) const LAST_DAY: &str = "9999-12-31";

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
