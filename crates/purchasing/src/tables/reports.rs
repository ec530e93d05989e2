//! What the report of open orders reads.

store::statements! {
    /// Lines of which goods are due, soonest first: what stock expects of them. Items lead to what is
    /// still expected of them, by the index that has nothing else: hence the left joins.
    OPEN_LINES = "select l.id, o.id as order_id, o.number, l.line, p.code, p.name, w.code,
            o.state, o.ordered_on, i.sku, i.name, u.code, l.stock_quantity,
            l.received, e.open_quantity, o.currency, l.net, l.due_on, l.promised_on, e.due_on
        from catalog_item as i
        left join stock_expectation as e on e.company_id = i.company_id and e.item_id = i.id
            and e.open_quantity > 0 and e.incoming = 1 and e.source_kind = 'purchase_line'
        left join purchasing_line as l on l.company_id = e.company_id and l.id = e.source_id
        left join purchasing_order as o on o.company_id = l.company_id and o.id = l.order_id
        left join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
        left join stock_warehouse as w on w.company_id = o.company_id and w.id = o.warehouse_id
        left join catalog_unit as u on u.company_id = i.company_id and u.id = i.stock_unit_id
        where i.company_id = $1 and coalesce(o.id, 0) <> 0
            and (cast($2 as {text}) is null or p.code = cast($2 as {text}))
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and (cast($4 as {text}) is null or w.code = cast($4 as {text}))
            and (cast($5 as {text}) is null or e.due_on <= cast($5 as {text}))
            and (coalesce(e.due_on, '') > cast($6 as {text})
                or (coalesce(e.due_on, '') = cast($6 as {text})
                    and coalesce(l.id, 0) > cast($7 as {i64})))
        order by e.due_on, l.id limit cast($8 as {i64})";

    /// What was promised for lines, the first promise first.
    PROMISES_OF_LINES = "select q.line_id, q.number, q.promised_on, q.quantity, q.recorded_at
        from {rows:d(line_id)}
        join purchasing_promise as q on q.company_id = $1 and q.line_id = d.line_id
        order by q.line_id, q.number";
}
