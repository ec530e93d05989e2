//! What must hold of openings, each as a statement that finds the breaches.

store::checks! {
    /// The books begin with the opening.
    NOTHING_BEFORE = "no entry lies before the day on which the books were opened",
        "select e.id, e.number, e.posted_on, o.opened_on from opening_opening as o
         join accounting_entry as e on e.company_id = o.company_id and e.posted_on < o.opened_on
         where o.company_id = $1 and o.undone_at = 0";

    /// What did not agree was booked by name, or nothing was.
    DIFFERENCE_IS_NAMED = "what an opening left on the opening difference is what it was allowed to, and nothing once it is undone",
        "select o.id, o.difference from opening_opening as o
         join accounting_account as a on a.company_id = o.company_id
            and a.role = 'opening_difference'
         where o.company_id = $1
            and (case when o.undone_at = 0 then o.difference else 0 end) <> (
                select cast(coalesce(sum(l.debit - l.credit), 0) as {i64})
                from accounting_entry as e
                join accounting_entry_line as l on l.company_id = e.company_id
                    and l.entry_id = e.id and l.account_id = a.id
                where e.company_id = o.company_id and e.source_kind = 'opening'
                    and e.source_id = o.id)";

    /// An opening that was undone left nothing behind.
    UNDONE_IS_NOTHING = "an opening that was undone comes to nothing on every account",
        "select o.id, l.account_id, cast(sum(l.debit - l.credit) as {i64}) as off
         from opening_opening as o
         join accounting_entry as e on e.company_id = o.company_id and e.source_kind = 'opening'
            and e.source_id = o.id
         join accounting_entry_line as l on l.company_id = e.company_id and l.entry_id = e.id
         where o.company_id = $1 and o.undone_at <> 0
         group by o.id, l.account_id having sum(l.debit - l.credit) <> 0";

    /// The documents that an opening made are there.
    DOCUMENTS_EXIST = "every document that an opening made exists",
        "select d.opening_id, d.kind, d.document_id from opening_document as d
         where d.company_id = $1 and (
            (d.kind = 'purchase_order' and not exists (select 1 from purchasing_order as x
                where x.company_id = d.company_id and x.id = d.document_id))
            or (d.kind = 'bill' and not exists (select 1 from purchasing_bill as x
                where x.company_id = d.company_id and x.id = d.document_id))
            or (d.kind = 'invoice' and not exists (select 1 from sales_opened_invoice as x
                where x.company_id = d.company_id and x.id = d.document_id))
            or (d.kind = 'sales_order' and not exists (select 1 from sales_order as x
                where x.company_id = d.company_id and x.id = d.document_id)))";
}
