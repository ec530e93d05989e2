//! What must hold of the books, each as a statement that finds the breaches.

store::checks! {
    /// I-11.
    ENTRIES_BALANCED = "I-11 every entry has two lines or more and balances to the minor unit",
        "select e.id, e.number, cast(coalesce(sum(l.debit), 0) as {i64}) as debit,
            cast(coalesce(sum(l.credit), 0) as {i64}) as credit, count(l.line) as line_count
         from accounting_entry as e
         left join accounting_entry_line as l on l.company_id = e.company_id and l.entry_id = e.id
         where e.company_id = $1
         group by e.id, e.number
         having count(l.line) < 2 or coalesce(sum(l.debit), 0) <> coalesce(sum(l.credit), 0)";

    /// I-11.
    LINES_ONE_SIDED = "I-11 a line is a debit or a credit, never both and never negative",
        "select entry_id, line, debit, credit from accounting_entry_line
         where company_id = $1 and (debit < 0 or credit < 0 or (debit > 0 and credit > 0))";

    /// Lines carry their entry's day and point at an account of the company.
    LINES_BELONG = "a line has the day of its entry and an account of its company",
        "select l.entry_id, l.line from accounting_entry_line as l
         left join accounting_entry as e on e.company_id = l.company_id and e.id = l.entry_id
         left join accounting_account as a on a.company_id = l.company_id and a.id = l.account_id
         where l.company_id = $1
             and (e.id is null or a.id is null or e.posted_on <> l.posted_on)";

    /// I-16, by open item.
    OPEN_ITEMS_ARE_LINES = "I-16 an open item is the sum of its lines, and lines have their item",
        "select t.account_id, t.kind, t.source_id, t.currency, cast(sum(t.amount) as {i64}) as off,
            cast(sum(t.amount_foreign) as {i64}) as off_foreign
         from (select o.account_id, o.kind, o.source_id, o.currency, o.amount, o.amount_foreign
               from accounting_open_item as o where o.company_id = $1
               union all
               select l.account_id, l.open_kind, l.open_source_id, l.currency,
                   l.credit - l.debit, -l.amount_foreign
               from accounting_entry_line as l
               join accounting_account as a on a.company_id = l.company_id
                   and a.id = l.account_id and a.open_lines = 1
               where l.company_id = $1) as t
         group by t.account_id, t.kind, t.source_id, t.currency
         having sum(t.amount) <> 0 or sum(t.amount_foreign) <> 0";

    /// I-16, by account.
    OPEN_ITEMS_ARE_BALANCES = "I-16 open items add up to their control account",
        "select t.account_id, cast(sum(t.amount) as {i64}) as off
         from (select o.account_id, o.amount from accounting_open_item as o
               where o.company_id = $1
               union all
               select l.account_id, l.credit - l.debit from accounting_entry_line as l
               where l.company_id = $1 and exists (select 1 from accounting_account as a
                   where a.company_id = l.company_id and a.id = l.account_id
                       and a.open_lines = 1)) as t
         group by t.account_id having sum(t.amount) <> 0";

    /// Every amount on a control account says what it is of.
    OPEN_LINES_NAMED = "every line on a control account with open lines names its open line",
        "select l.entry_id, l.line from accounting_entry_line as l
         join accounting_account as a on a.company_id = l.company_id and a.id = l.account_id
         where l.company_id = $1 and a.open_lines = 1 and l.open_kind = ''";

    /// Open items exist for accounts with open lines only.
    OPEN_ITEMS_BELONG = "an open item is of an account that keeps open lines",
        "select o.account_id, o.kind, o.source_id from accounting_open_item as o
         left join accounting_account as a on a.company_id = o.company_id and a.id = o.account_id
         where o.company_id = $1 and (a.id is null or a.open_lines <> 1)";

    /// I-09.
    REVERSALS_MIRROR = "I-09 a reversal takes back exactly what its entry booked, account by account",
        "select t.original_id, t.account_id, cast(sum(t.amount) as {i64}) as off
         from (select r.reverses_id as original_id, l.account_id, l.debit - l.credit as amount
               from accounting_entry as r
               cross join accounting_entry_line as l
               where r.company_id = $1 and r.reverses_id <> 0
                   and l.company_id = r.company_id and l.entry_id = r.id
               union all
               select r.reverses_id, l.account_id, l.debit - l.credit
               from accounting_entry as r
               cross join accounting_entry_line as l
               where r.company_id = $1 and r.reverses_id <> 0
                   and l.company_id = r.company_id and l.entry_id = r.reverses_id) as t
         group by t.original_id, t.account_id having sum(t.amount) <> 0";

    /// I-09.
    REVERSALS_FOLLOW = "I-09 a reversal follows an entry that is no reversal, and is its only one",
        "select r.id, r.reverses_id from accounting_entry as r
         left join accounting_entry as o on o.company_id = r.company_id and o.id = r.reverses_id
         where r.company_id = $1 and r.reverses_id <> 0
             and (o.id is null or o.reverses_id <> 0 or o.posted_on > r.posted_on
                 or exists (select 1 from accounting_entry as x
                     where x.company_id = r.company_id and x.reverses_id = r.reverses_id
                         and x.id <> r.id))";

    /// I-22, by row. Revisions count, not clocks: a posting saw the locks as of its revision.
    LOCKS_HELD = "I-22 no entry recorded after a lock lies in its period, save into a soft one by permission with a reason",
        "select g.area as entry_area, g.lock_revision, g.first_day, s.area, s.through
         from (select e.area, e.lock_revision,
                   case when e.lock_reason = '' then cast(0 as {i64}) else cast(1 as {i64}) end
                       as waived,
                   min(e.posted_on) as first_day
               from accounting_entry as e where e.company_id = $1
               group by e.area, e.lock_revision,
                   case when e.lock_reason = '' then cast(0 as {i64}) else cast(1 as {i64}) end
              ) as g
         join accounting_period_seal as s on s.company_id = $1
             and (s.area = 'all' or s.area = g.area) and g.lock_revision >= s.revision
             and (s.lifted_revision = 0 or g.lock_revision < s.lifted_revision)
         where g.first_day <= s.through and (s.hard = 1 or g.waived = 0)";

    /// Goods and money never lie in the books before they happened.
    POSTED_AFTER_HAPPENED = "no entry is posted before the day it happened",
        "select id, happened_on, posted_on from accounting_entry
         where company_id = $1 and posted_on < happened_on";

    /// A hard lock has the seal that was made with it.
    LOCKS_SEALED = "every hard lock is sealed through its day",
        "select k.area, k.hard_through from accounting_lock as k
         where k.company_id = $1 and k.hard_through <> '' and not exists
             (select 1 from accounting_period_seal as s where s.company_id = k.company_id
                 and s.area = k.area and s.hard = 1 and s.through = k.hard_through)";

    /// The tax report is complete.
    TAX_LINES_CODED = "every line on a tax account has a tax code, save settlements and the opening",
        "select l.entry_id, l.line from accounting_entry_line as l
         join accounting_account as a on a.company_id = l.company_id and a.id = l.account_id
         join accounting_entry as e on e.company_id = l.company_id and e.id = l.entry_id
         left join accounting_tax_code as c on c.company_id = l.company_id and c.id = l.tax_code_id
         where l.company_id = $1 and a.role in ('input_tax', 'output_tax')
             and (c.id is null and (l.tax_code_id <> 0
                 or e.kind not in ('tax_settlement', 'opening')))";

    /// The tax report holds nothing else.
    TAX_ON_TAX_ACCOUNTS = "tax codes stand on tax accounts only, so the tax report equals them",
        "select l.entry_id, l.line from accounting_entry_line as l
         join accounting_account as a on a.company_id = l.company_id and a.id = l.account_id
         where l.company_id = $1 and a.role not in ('input_tax', 'output_tax')
             and (l.tax_code_id <> 0 or l.tax_base <> 0)";

    /// Postings find their accounts.
    ROLES_ONCE = "a company with accounts has exactly one for every role",
        "select r.role, count(a.id) as found
         from (select 'stock_valuation' as role union all select 'quarantine'
             union all select 'goods_in_transit' union all select 'grni'
             union all select 'billed_not_received' union all select 'delivered_not_invoiced'
             union all select 'cogs' union all select 'payable' union all select 'receivable'
             union all select 'supplier_deposits' union all select 'customer_deposits'
             union all select 'channel_clearing' union all select 'refunds_payable'
             union all select 'bank' union all select 'revenue'
             union all select 'shipping_income' union all select 'discounts'
             union all select 'sales_returns' union all select 'sales_allowances'
             union all select 'voucher_liability' union all select 'channel_fees'
             union all select 'bank_fees' union all select 'commission'
             union all select 'bad_debt' union all select 'marketing'
             union all select 'samples' union all select 'scrap' union all select 'found'
             union all select 'unexplained' union all select 'supplier_claims'
             union all select 'price_difference' union all select 'exchange_difference'
             union all select 'landed_cost_clearing' union all select 'stock_variation_in'
             union all select 'stock_variation_out' union all select 'input_tax'
             union all select 'output_tax' union all select 'expense'
             union all select 'opening_difference' union all select 'capital') as r
         left join accounting_account as a on a.company_id = $1 and a.role = r.role
         where exists (select 1 from accounting_lock as k where k.company_id = $1)
         group by r.role having count(a.id) <> 1";

    /// Whoever looks after an open item can be asked.
    OWNERS_KNOWN = "who looks after an open item is a user",
        "select w.account_id, w.kind, w.source_id, w.currency, w.owner_id
         from accounting_open_item_owner as w
         left join identity_user as u on u.id = w.owner_id
         where w.company_id = $1 and u.id is null";

    /// What is a control account follows from what it is for.
    CONTROL_BY_ROLE = "exactly the control roles are control accounts",
        "select code, role, control, open_lines from accounting_account
         where company_id = $1 and (
             (open_lines = 1) <> (role in ('grni', 'billed_not_received', 'delivered_not_invoiced',
                 'payable', 'receivable', 'supplier_deposits', 'customer_deposits',
                 'channel_clearing', 'refunds_payable', 'supplier_claims', 'landed_cost_clearing'))
             or (control = 1 and open_lines = 0)
                 <> (role in ('stock_valuation', 'quarantine', 'goods_in_transit')))";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Role;

    #[test]
    fn the_checks_name_the_roles_as_the_code_does() {
        let once = ROLES_ONCE.statement.text;
        assert_eq!(once.matches("select '").count(), Role::ALL.len());
        for role in Role::ALL {
            assert!(once.contains(&format!("select '{role}'")), "{role}");
            let control = CONTROL_BY_ROLE.statement.text.contains(&format!("'{role}'"));
            assert_eq!(control, role.is_control(), "{role}");
        }
    }
}
