//! What the report of open orders reads.

store::statements! {
    /// Lines of which goods are due, soonest first: what stock expects of them.
    OPEN_LINES = "select l.id, o.id as order_id, o.number, l.line, p.code, p.name, w.code,
            o.state, o.ordered_on, i.sku, i.name, u.code, l.stock_quantity,
            l.received, e.open_quantity, o.currency, l.net, l.due_on, l.promised_on, e.due_on
        from stock_expectation as e
        join purchasing_line as l on l.company_id = e.company_id and l.id = e.source_id
        join purchasing_order as o on o.company_id = l.company_id and o.id = l.order_id
        join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
        join stock_warehouse as w on w.company_id = o.company_id and w.id = o.warehouse_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join catalog_unit as u on u.company_id = i.company_id and u.id = i.stock_unit_id
        where e.company_id = $1 and e.source_kind = 'purchase_line' and e.incoming = 1
            and e.open_quantity > 0
            and (cast($2 as {text}) is null or p.code = cast($2 as {text}))
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and (cast($4 as {text}) is null or w.code = cast($4 as {text}))
            and (cast($5 as {text}) is null or e.due_on <= cast($5 as {text}))
            and (e.due_on > cast($6 as {text}) or (e.due_on = cast($6 as {text})
                and l.id > cast($7 as {i64})))
        order by e.due_on, l.id limit cast($8 as {i64})";

    /// What was promised for lines, the first promise first.
    PROMISES_OF_LINES = "select q.line_id, q.number, q.promised_on, q.quantity, q.recorded_at
        from {rows:d(line_id)}
        join purchasing_promise as q on q.company_id = $1 and q.line_id = d.line_id
        order by q.line_id, q.number";
}
