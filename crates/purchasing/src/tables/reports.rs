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

    /// What stock expects of items from orders to a supplier (0 for any) for a warehouse. As above,
    /// what is still expected of the items leads.
    OPEN_GOODS = "select l.id, o.id as order_id, o.number, o.partner_id, o.ordered_on, l.line,
            l.item_id, l.stock_quantity, l.received, e.open_quantity, e.due_on, u.whole
        from {rows:d(item_id)}
        join stock_expectation as e on e.company_id = $1 and e.item_id = d.item_id
            and e.open_quantity > 0 and e.incoming = 1 and e.source_kind = 'purchase_line'
        join purchasing_line as l on l.company_id = e.company_id and l.id = e.source_id
        join purchasing_order as o on o.company_id = l.company_id and o.id = l.order_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join catalog_unit as u on u.company_id = i.company_id and u.id = i.stock_unit_id
        where o.warehouse_id = $2 and (cast($3 as {i64}) = 0 or o.partner_id = cast($3 as {i64}))
        order by e.due_on, o.ordered_on, o.id, l.line";

    /// The lines of items that goods can be received for, of orders to a supplier (0 for any) for a
    /// warehouse that are on their way: those of which something is due, then those of which all came.
    RECEIVABLE_GOODS = "select l.id, o.id as order_id, o.number, o.partner_id, o.ordered_on, l.line,
            l.item_id, l.stock_quantity, l.received,
            cast({greatest}(l.stock_quantity - l.received - l.returned, 0) as {i64}) as due,
            case when l.promised_on = '' then l.due_on else l.promised_on end as expected_on, u.whole
        from {rows:d(item_id)}
        join purchasing_line as l on l.company_id = $1 and l.item_id = d.item_id
            and l.closed_short = 0
        join purchasing_order as o on o.company_id = l.company_id and o.id = l.order_id
            and o.state in ('approved', 'sent', 'acknowledged')
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join catalog_unit as u on u.company_id = i.company_id and u.id = i.stock_unit_id
        where o.warehouse_id = $2 and (cast($3 as {i64}) = 0 or o.partner_id = cast($3 as {i64}))
        order by case when l.stock_quantity > l.received + l.returned then 0 else 1 end,
            case when l.promised_on = '' then l.due_on else l.promised_on end, o.ordered_on, o.id, l.line";

    /// What is still due of orders, by order and line.
    STILL_DUE = "select o.id as order_id, o.number, l.line, i.sku, i.name, u.code,
            e.open_quantity, e.due_on
        from {rows:d(order_id)}
        join purchasing_order as o on o.company_id = $1 and o.id = d.order_id
        join purchasing_line as l on l.company_id = o.company_id and l.order_id = o.id
        join stock_expectation as e on e.company_id = l.company_id and e.item_id = l.item_id
            and e.open_quantity > 0 and e.incoming = 1 and e.source_kind = 'purchase_line'
            and e.source_id = l.id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join catalog_unit as u on u.company_id = i.company_id and u.id = i.stock_unit_id
        order by o.id, l.line";

    /// What was promised for lines, the first promise first.
    PROMISES_OF_LINES = "select q.line_id, q.number, q.promised_on, q.quantity, q.recorded_at
        from {rows:d(line_id)}
        join purchasing_promise as q on q.company_id = $1 and q.line_id = d.line_id
        order by q.line_id, q.number";
}
