//! What reports read of orders and of what they wait for.

/// Lines of goods of the orders in a period, with what of each was cancelled and shipped on the
/// order's own day. Orders lead to their lines: hence the left join.
macro_rules! fill_lines {
    () => {
        "(select o.id as order_id, o.number as number, c.code as channel,
                o.external_ref as external_ref,
                o.ordered_on as ordered_on, o.ordered_at as ordered_at, l.line as line,
                l.item_id as item_id, l.quantity as quantity, l.shipped as shipped,
                l.cancelled as cancelled, w.code as warehouse,
                cast(coalesce((select sum(n.quantity) from sales_cancellation as n
                    where n.company_id = l.company_id and n.order_id = l.order_id
                        and n.line = l.line and n.cancelled_on = o.ordered_on), 0) as {i64})
                    as cancelled_same_day,
                cast(coalesce((select sum(k.quantity) from sales_shipment_line as k
                    join sales_shipment as s on s.company_id = k.company_id
                        and s.id = k.shipment_id and s.happened_on = o.ordered_on
                    where k.company_id = l.company_id and k.order_id = l.order_id
                        and k.line = l.line), 0) as {i64}) as shipped_same_day
            from sales_order as o
            join sales_channel as c on c.company_id = o.company_id and c.id = o.channel_id
            join stock_warehouse as w on w.company_id = o.company_id and w.id = o.warehouse_id
            left join sales_line as l on l.company_id = o.company_id and l.order_id = o.id
            where o.company_id = $1 and coalesce(l.kind, '') in ('goods', 'free') and o.ordered_on between $2 and $3
                and (cast($4 as {text}) is null or c.code = cast($4 as {text}))) as x"
    };
}

store::statements! {
    /// How much of what was ordered was shipped on the order's day, by channel (`$5`) and month
    /// (`$6`), each told apart or not.
    FILL_RATE = concat!("select case when cast($5 as {i64}) = 1 then x.channel else '' end as by_channel,
            case when cast($6 as {i64}) = 1 then substr(x.ordered_on, 1, 7) else '' end as by_month,
            count(*) as lines, count(distinct x.order_id) as orders,
            cast(sum(x.quantity) as {i64}) as ordered,
            cast(sum(x.cancelled_same_day) as {i64}) as cancelled_same_day,
            cast(sum(x.shipped_same_day) as {i64}) as shipped_same_day,
            cast(sum(x.shipped) as {i64}) as shipped, cast(sum(x.cancelled) as {i64}) as cancelled,
            cast(sum(case when x.shipped_same_day >= x.quantity - x.cancelled_same_day
                then 1 else 0 end) as {i64}) as filled_lines,
            cast(sum(case when x.quantity > x.cancelled_same_day then 1 else 0 end) as {i64})
                as wanted_lines
        from ", fill_lines!(), "
        group by by_channel, by_month");

    /// The lines of a fill rate by the day of the order.
    FILL_LINES = concat!("select x.order_id, x.number, x.channel, x.external_ref, x.ordered_on,
            x.ordered_at, x.line, i.sku, i.name, x.warehouse, x.quantity, x.cancelled_same_day,
            x.shipped_same_day, x.shipped, x.cancelled
        from ", fill_lines!(), "
        left join catalog_item as i on i.company_id = $1 and i.id = x.item_id
        where (cast($5 as {i64}) = 0
                or x.shipped_same_day < x.quantity - x.cancelled_same_day)
            and (x.ordered_on > cast($6 as {text}) or (x.ordered_on = cast($6 as {text})
                and (x.order_id > cast($7 as {i64}) or (x.order_id = cast($7 as {i64})
                    and x.line > cast($8 as {i64})))))
        order by x.ordered_on, x.order_id, x.line limit cast($9 as {i64})");

    /// What orders still want, the oldest order first. Items and warehouses lead to what is still
    /// wanted of them, by the index that has nothing else: hence the left joins.
    OPEN_DEMANDS = "select d.id, o.id as order_id, o.number, l.line, c.code, c.name,
            coalesce(p.code, '') as partner, coalesce(p.name, '') as partner_name, o.external_ref,
            i.sku, i.name, w.code, o.ordered_on, o.ordered_at, d.due_on, d.quantity, d.shipped,
            d.cancelled, d.reserved
        from catalog_item as i
        join stock_warehouse as w on w.company_id = i.company_id
        left join stock_demand as d on d.company_id = i.company_id and d.item_id = i.id
            and d.warehouse_id = w.id and d.quantity > d.shipped + d.cancelled
            and d.owner_kind = 'sales_order'
        left join sales_order as o on o.company_id = d.company_id and o.id = d.owner_id
        left join sales_line as l on l.company_id = o.company_id and l.order_id = o.id
            and l.id = d.line_id
        left join sales_channel as c on c.company_id = o.company_id and c.id = o.channel_id
        left join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
        where i.company_id = $1 and coalesce(l.id, 0) <> 0
            and (cast($2 as {text}) is null or c.code = cast($2 as {text}))
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and (cast($4 as {text}) is null or w.code = cast($4 as {text}))
            and (cast($5 as {i64}) = 0
                or d.quantity > d.shipped + d.cancelled + d.reserved)
            and (cast($6 as {text}) is null or o.ordered_on >= cast($6 as {text}))
            and (cast($7 as {text}) is null or o.ordered_on <= cast($7 as {text}))
            and (coalesce(o.ordered_at, 0) > cast($8 as {i64})
                or (coalesce(o.ordered_at, 0) = cast($8 as {i64})
                    and coalesce(d.id, 0) > cast($9 as {i64})))
        order by o.ordered_at, d.id limit cast($10 as {i64})";
}
