//! What the report about how long buying takes reads.

store::statements! {
    /// Orders to suppliers with the days that they came to each stage, by day and number. What is due,
    /// not billed or not paid of them is counted, so that a stage is not reached before all of it has.
    CYCLE_ORDERS = "select o.id, o.number, o.state, p.code, p.name, o.ordered_on, o.sent_at,
            o.acknowledged_on, o.currency, o.total,
            coalesce((select min(r.received_on) from purchasing_receipt as r
                where r.company_id = o.company_id and r.order_id = o.id
                    and exists (select 1 from purchasing_receipt_line as x
                        where x.company_id = r.company_id and x.receipt_id = r.id
                            and x.outcome <> 'refused')), '') as first_in,
            coalesce((select max(r.received_on) from purchasing_receipt as r
                where r.company_id = o.company_id and r.order_id = o.id
                    and exists (select 1 from purchasing_receipt_line as x
                        where x.company_id = r.company_id and x.receipt_id = r.id
                            and x.outcome <> 'refused')), '') as last_in,
            (select count(*) from purchasing_line as l
                where l.company_id = o.company_id and l.order_id = o.id and l.closed_short = 0
                    and l.received + l.returned < l.stock_quantity) as due,
            (select count(*) from purchasing_line as l
                where l.company_id = o.company_id and l.order_id = o.id
                    and l.billed < l.received) as unbilled,
            coalesce((select max(b.billed_on) from purchasing_line as l
                join purchasing_bill_line as x on x.company_id = l.company_id and x.line_id = l.id
                join purchasing_bill as b on b.company_id = x.company_id and b.id = x.bill_id
                    and b.kind = 'bill'
                where l.company_id = o.company_id and l.order_id = o.id), '') as last_billed,
            (select count(*) from purchasing_line as l
                join purchasing_bill_line as x on x.company_id = l.company_id and x.line_id = l.id
                where l.company_id = o.company_id and l.order_id = o.id
                    and exists (select 1 from accounting_open_item as i
                        where i.company_id = x.company_id and i.kind = 'bill'
                            and i.source_id = x.bill_id and i.amount <> 0
                            and i.account_id = (select a.id from accounting_account as a
                                where a.company_id = $1 and a.role = 'payable'))) as unpaid,
            coalesce((select max(y.happened_on) from purchasing_line as l
                join purchasing_bill_line as x on x.company_id = l.company_id and x.line_id = l.id
                join payments_allocation as v on v.company_id = x.company_id
                    and v.open_kind = 'bill' and v.open_id = x.bill_id
                join payments_payment as y on y.company_id = v.company_id and y.id = v.payment_id
                where l.company_id = o.company_id and l.order_id = o.id), '') as last_paid,
            coalesce((select min(q.recorded_at) from purchasing_promise as q
                where q.company_id = o.company_id and q.order_id = o.id), 0) as first_answer
        from purchasing_order as o
        join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
        where o.company_id = $1 and o.ordered_on between $2 and $3
            and o.state not in ('draft', 'to_approve', 'cancelled')
            and (cast($4 as {text}) is null or p.code = cast($4 as {text}))
            and (o.ordered_on > cast($5 as {text}) or (o.ordered_on = cast($5 as {text})
                and o.id > cast($6 as {i64})))
        order by o.ordered_on, o.id limit cast($7 as {i64})";
}
