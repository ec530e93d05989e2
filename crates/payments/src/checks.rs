//! What must hold of payments and their allocations.

store::checks! {
    /// I-16, by payment.
    ALLOCATED_IN_FULL = "I-16 the allocations of a payment come to the payment, in both currencies",
        "select p.id, p.number, p.amount, p.amount_company,
            cast(coalesce(sum(a.amount_foreign), 0) as {i64}) as allocated,
            cast(coalesce(sum(a.amount), 0) as {i64}) as allocated_company
         from payments_payment as p
         left join payments_allocation as a on a.company_id = p.company_id and a.payment_id = p.id
         where p.company_id = $1
         group by p.id, p.number, p.amount, p.amount_company
         having coalesce(sum(a.amount_foreign), 0) <> p.amount
             or coalesce(sum(a.amount), 0) <> p.amount_company";

    /// I-16, against the books: by payment, account and open line.
    BOOKED_AS_ALLOCATED = "I-16 a payment's entry books its allocations and where its money is",
        "select t.payment_id, t.role, t.open_kind, t.open_id, cast(sum(t.amount) as {i64}) as off
         from (select a.payment_id, a.role, a.open_kind, a.open_id,
                   -p.direction * a.amount as amount
               from payments_allocation as a
               join payments_payment as p on p.company_id = a.company_id and p.id = a.payment_id
               where a.company_id = $1
               union all
               select p.id as payment_id, p.place_role as role, p.place_kind as open_kind,
                   p.place_id as open_id, p.direction * p.amount_company as amount
               from payments_payment as p where p.company_id = $1
               union all
               select p.id as payment_id, c.role, l.open_kind, l.open_source_id as open_id,
                   l.credit - l.debit as amount
               from payments_payment as p
               join accounting_entry_line as l
                   on l.company_id = p.company_id and l.entry_id = p.entry_id
               join accounting_account as c on c.company_id = l.company_id and c.id = l.account_id
               where p.company_id = $1) as t
         group by t.payment_id, t.role, t.open_kind, t.open_id having sum(t.amount) <> 0";

    /// Every payment is in the books, and every entry of a payment is a payment.
    ENTRIES_EXIST = "every payment has its entry, and every entry of a payment its payment",
        "select p.id as payment_id, p.entry_id from payments_payment as p
         left join accounting_entry as e on e.company_id = p.company_id and e.id = p.entry_id
         where p.company_id = $1 and (e.id is null or e.source_kind <> 'payment'
             or (e.source_id <> p.id and e.source_id <> p.reverses_id))
         union all
         select max(t.payment_id) as payment_id, t.entry_id from (
             select e.source_id as payment_id, e.id as entry_id, 0 as known
             from accounting_entry as e where e.company_id = $1 and e.source_kind = 'payment'
             union all
             select p.id as payment_id, p.entry_id, 1 as known
             from payments_payment as p where p.company_id = $1
         ) as t group by t.entry_id having max(t.known) = 0";

    /// I-16, by open line: what payments settled is no more than what others opened.
    NOT_OVERPAID = "I-16 payments settle no more of a payable, receivable or refund than was opened",
        "select t.role, t.open_kind, t.open_source_id, t.currency,
            cast(sum(t.paid) as {i64}) as paid, cast(sum(t.debit) as {i64}) as debit,
            cast(sum(t.credit) as {i64}) as credit
         from (select c.role, l.open_kind, l.open_source_id, l.currency,
                   case when e.source_kind = 'payment' then l.amount_foreign
                       else cast(0 as {i64}) end as paid,
                   case when e.source_kind <> 'payment' and l.debit > 0 then l.amount_foreign
                       else cast(0 as {i64}) end as debit,
                   case when e.source_kind <> 'payment' and l.credit > 0 then -l.amount_foreign
                       else cast(0 as {i64}) end as credit
               from accounting_account as c
               join accounting_entry_line as l
                   on l.company_id = c.company_id and l.account_id = c.id
               join accounting_entry as e on e.company_id = l.company_id and e.id = l.entry_id
               where c.company_id = $1
                   and c.role in ('payable', 'receivable', 'refunds_payable')) as t
         group by t.role, t.open_kind, t.open_source_id, t.currency
         having sum(t.paid) > sum(t.credit) or -sum(t.paid) > sum(t.debit)";

    /// I-16: a deposit that payments opened is never used beyond what was paid.
    DEPOSITS_NOT_OVERDRAWN = "I-16 no deposit that a payment touched is used beyond what was paid in",
        "select c.role, o.kind, o.source_id, o.currency, o.amount, o.amount_foreign
         from accounting_account as c
         join accounting_open_item as o on o.company_id = c.company_id and o.account_id = c.id
         where c.company_id = $1
             and ((c.role = 'customer_deposits' and o.amount_foreign > 0)
                 or (c.role = 'supplier_deposits' and o.amount_foreign < 0))
             and (exists (select 1 from payments_allocation as a
                     where a.company_id = o.company_id and a.open_kind = o.kind
                         and a.open_id = o.source_id and a.role = c.role)
                 or exists (select 1 from payments_payment as p
                     where p.company_id = o.company_id and p.place_role = c.role
                         and p.place_kind = o.kind and p.place_id = o.source_id))";

    /// I-09: a reversal takes back all that its payment did, once.
    REVERSALS_MIRROR = "I-09 a reversal has its payment's amounts with the other sign, line by line",
        "select r.id, r.reverses_id from payments_payment as r
         left join payments_payment as o on o.company_id = r.company_id and o.id = r.reverses_id
         where r.company_id = $1 and r.reverses_id <> 0
             and (o.id is null or o.reverses_id <> 0 or o.amount <> -r.amount
                 or o.amount_company <> -r.amount_company or o.direction <> r.direction
                 or o.place_role <> r.place_role or o.place_id <> r.place_id
                 or exists (select 1 from payments_allocation as a
                     left join payments_allocation as b on b.company_id = a.company_id
                         and b.payment_id = o.id and b.line = a.line
                     where a.company_id = r.company_id and a.payment_id = r.id
                         and (b.line is null or b.role <> a.role or b.open_id <> a.open_id
                             or b.amount <> -a.amount or b.amount_foreign <> -a.amount_foreign)))";

    /// A client's reference pays once.
    REFERENCES_HELD = "a client's reference belongs to exactly one payment",
        "select p.id, p.client_ref from payments_payment as p
         left join payments_reference as r
             on r.company_id = p.company_id and r.client_ref = p.client_ref
         where p.company_id = $1 and p.client_ref <> '' and p.reverses_id = 0
             and (r.payment_id is null or r.payment_id <> p.id)
         union all
         select r.payment_id as id, r.client_ref from payments_reference as r
         left join payments_payment as p on p.company_id = r.company_id and p.id = r.payment_id
         where r.company_id = $1 and (p.id is null or p.client_ref <> r.client_ref)";

    /// Partners are known.
    PARTNERS_EXIST = "a payment's partner exists",
        "select p.id, p.partner_id from payments_payment as p
         left join partners_partner as x on x.company_id = p.company_id and x.id = p.partner_id
         where p.company_id = $1 and p.partner_id <> 0 and x.id is null";
}
