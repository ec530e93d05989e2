//! What the reports about suppliers and returns read.

store::statements! {
    /// Lines of orders to suppliers by the day they were first due, with what came of them, when, and
    /// what was found and billed. The day first due is the first promise, else the day asked for.
    /// Orders lead to their lines: hence the left joins.
    SUPPLIED_LINES = "select x.line_id, x.order_id, x.number, x.line, x.supplier, x.supplier_name,
            x.sku, x.name, x.currency, x.ordered_on, x.due_first, x.due_last, x.stock_quantity,
            x.net, x.closed_short, x.received,
            coalesce((select min(r.received_on) from purchasing_receipt_line as v
                join purchasing_receipt as r on r.company_id = v.company_id and r.id = v.receipt_id
                where v.company_id = $1 and v.line_id = x.line_id and v.outcome <> 'refused'), '')
                as first_in,
            coalesce((select max(r.received_on) from purchasing_receipt_line as v
                join purchasing_receipt as r on r.company_id = v.company_id and r.id = v.receipt_id
                where v.company_id = $1 and v.line_id = x.line_id and v.outcome <> 'refused'), '')
                as last_in,
            cast(coalesce((select sum(v.quantity) from purchasing_receipt_line as v
                where v.company_id = $1 and v.line_id = x.line_id and v.outcome <> 'refused'), 0)
                as {i64}) as taken_in,
            cast(coalesce((select sum(v.quantity) from purchasing_receipt_line as v
                where v.company_id = $1 and v.line_id = x.line_id and v.outcome = 'refused'), 0)
                as {i64}) as refused,
            cast(coalesce((select sum(n.quantity) from purchasing_receipt_line as v
                join quality_inspection as n on n.company_id = v.company_id
                    and n.receipt_line_id = v.id and n.result in ('pass', 'fail')
                where v.company_id = $1 and v.line_id = x.line_id), 0) as {i64}) as inspected,
            cast(coalesce((select sum(n.quantity) from purchasing_receipt_line as v
                join quality_inspection as n on n.company_id = v.company_id
                    and n.receipt_line_id = v.id and n.result = 'fail'
                where v.company_id = $1 and v.line_id = x.line_id), 0) as {i64}) as failed,
            cast(coalesce((select sum(y.quantity) from purchasing_bill_line as y
                join purchasing_bill as b on b.company_id = y.company_id and b.id = y.bill_id
                    and b.kind = 'bill'
                where y.company_id = $1 and y.line_id = x.line_id), 0) as {i64}) as billed,
            cast(coalesce((select sum(y.net) from purchasing_bill_line as y
                join purchasing_bill as b on b.company_id = y.company_id and b.id = y.bill_id
                    and b.kind = 'bill'
                where y.company_id = $1 and y.line_id = x.line_id), 0) as {i64}) as billed_net
        from (select l.id as line_id, o.id as order_id, o.number as number, l.line as line,
                p.code as supplier, p.name as supplier_name, i.sku as sku, i.name as name,
                o.currency as currency, o.ordered_on as ordered_on,
                coalesce((select q.promised_on from purchasing_promise as q
                    where q.company_id = l.company_id and q.line_id = l.id and q.number = 1),
                    l.due_on) as due_first,
                case when l.promised_on = '' then l.due_on else l.promised_on end as due_last,
                l.stock_quantity as stock_quantity, l.net as net, l.closed_short as closed_short,
                l.received + l.returned as received
            from purchasing_order as o
            join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
            left join purchasing_line as l on l.company_id = o.company_id and l.order_id = o.id
            left join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
            where o.company_id = $1 and o.ordered_on <= $3 and coalesce(l.id, 0) <> 0
                and o.state not in ('draft', 'to_approve', 'cancelled')
                and (cast($4 as {text}) is null or p.code = cast($4 as {text}))
                and (cast($5 as {text}) is null or i.sku = cast($5 as {text}))) as x
        where x.due_first between $2 and $3
            and (x.due_first > cast($6 as {text}) or (x.due_first = cast($6 as {text})
                and x.line_id > cast($7 as {i64})))
        order by x.due_first, x.line_id limit cast($8 as {i64})";

    /// What came back in a period, with each decision on it; what waits for one is a row of its own.
    /// The refund is the first that gave the price of the return's line back; of what waits, only once
    /// all that came of the line is refunded.
    DISPOSED = "select x.goods_id, x.disposition, x.disposition_line, x.return_id, x.number,
            x.order_number, x.reason, x.sku, x.name, x.warehouse, x.outcome, x.quantity, x.value,
            x.received_on, x.decided_on, x.stock_reason, x.whole,
            coalesce((select min(f.decided_on) from quality_refund as f
                join quality_refund_line as y on y.company_id = f.company_id
                    and y.refund_id = f.id and y.line = x.return_line
                where f.company_id = $1 and f.return_id = x.return_id
                    and f.state = 'decided'), '') as refunded_on
        from (select g.id as goods_id, d.id as disposition,
                d.line as disposition_line, r.id as return_id, r.number as number,
                coalesce(s.number, '') as order_number, r.reason as reason, i.sku as sku,
                i.name as name, w.code as warehouse, d.outcome as outcome,
                d.quantity as quantity, d.value as value,
                g.received_on as received_on, d.decided_on as decided_on,
                d.reason as stock_reason, d.quantity as whole,
                l.line as return_line
            from quality_goods as g
            join quality_return as r on r.company_id = g.company_id and r.id = g.return_id
            join quality_return_line as l on l.company_id = g.company_id and l.id = g.line_id
            join catalog_item as i on i.company_id = g.company_id and i.id = g.item_id
            join stock_warehouse as w on w.company_id = r.company_id and w.id = r.warehouse_id
            join quality_disposition as d on d.company_id = g.company_id
                and d.return_id = g.return_id and d.goods_id = g.id
            left join sales_order as s on s.company_id = r.company_id and s.id = r.order_id
            where g.company_id = $1 and g.received_on between $2 and $3
            union all
            select g.id, 0, 0, r.id, r.number, coalesce(s.number, ''), r.reason, i.sku, i.name,
                w.code, '', g.quantity - g.decided, g.value, g.received_on, '', '', g.quantity,
                case when l.refunded >= l.received then l.line else 0 end
            from quality_goods as g
            join quality_return as r on r.company_id = g.company_id and r.id = g.return_id
            join quality_return_line as l on l.company_id = g.company_id and l.id = g.line_id
            join catalog_item as i on i.company_id = g.company_id and i.id = g.item_id
            join stock_warehouse as w on w.company_id = r.company_id and w.id = r.warehouse_id
            left join sales_order as s on s.company_id = r.company_id and s.id = r.order_id
            where g.company_id = $1 and g.received_on between $2 and $3
                and g.decided < g.quantity) as x
        where (cast($4 as {text}) is null or x.reason = cast($4 as {text}))
            and (cast($5 as {text}) is null or x.outcome = cast($5 as {text}))
            and (cast($6 as {text}) is null or x.sku = cast($6 as {text}))
            and (x.received_on > cast($7 as {text}) or (x.received_on = cast($7 as {text})
                and (x.goods_id > cast($8 as {i64}) or (x.goods_id = cast($8 as {i64})
                and (x.disposition > cast($9 as {i64}) or (x.disposition = cast($9 as {i64})
                and x.disposition_line > cast($10 as {i64})))))))
        order by x.received_on, x.goods_id, x.disposition, x.disposition_line
        limit cast($11 as {i64})";
}
