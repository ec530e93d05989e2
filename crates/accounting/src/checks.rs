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
}
