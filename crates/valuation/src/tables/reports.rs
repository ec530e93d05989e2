//! What reports read of layers.

store::statements! {
    /// What items had at the beginning and the end of a period, what left them in it for customers and
    /// came back, and when goods last came and left. With a day, only those of which something is
    /// there and nothing came or left since. Items lead to their layers, page by page: hence the left
    /// join.
    TURNOVER = "select i.id as item_id, i.sku, i.name, coalesce(c.code, '') as category,
            cast(coalesce(sum(case when l.posted_on < $2 then l.value else 0 end), 0) as {i64})
                as opening_value,
            cast(coalesce(sum(case when l.posted_on < $2 then l.quantity else 0 end), 0) as {i64})
                as opening_quantity,
            cast(coalesce(sum(case when l.posted_on <= $3 then l.value else 0 end), 0) as {i64})
                as closing_value,
            cast(coalesce(sum(case when l.posted_on <= $3 then l.quantity else 0 end), 0) as {i64})
                as closing_quantity,
            cast(coalesce(sum(case when l.posted_on between $2 and $3
                and l.kind in ('issue', 'customer_return') then -l.value else 0 end), 0) as {i64})
                as cost,
            cast(coalesce(sum(case when l.posted_on between $2 and $3
                and l.kind in ('issue', 'customer_return') then -l.quantity else 0 end), 0)
                as {i64}) as gone,
            max(case when l.posted_on <= $3 and l.kind in ('opening', 'receipt')
                then l.posted_on else '' end) as last_in,
            max(case when l.posted_on <= $3 and l.kind = 'issue'
                then l.posted_on else '' end) as last_out
        from catalog_item as i
        left join catalog_category as c on c.company_id = i.company_id and c.id = i.category_id
        left join valuation_layer as l on l.company_id = i.company_id and l.item_id = i.id
            and l.class <> 'consigned'
        where i.company_id = $1 and i.sku > cast($6 as {text})
            and (cast($4 as {text}) is null or i.sku = cast($4 as {text}))
            and (cast($5 as {text}) is null or c.code = cast($5 as {text}))
        group by i.sku, i.id, i.name, c.code
        having count(l.id) > 0 and (cast($8 as {text}) is null
            or (sum(case when l.posted_on <= $3 then l.quantity else 0 end) > 0
                and max(case when l.posted_on <= $3 and l.kind in ('opening', 'receipt', 'issue')
                    then l.posted_on else '' end) <= cast($8 as {text})))
        order by i.sku, i.id, i.name, c.code limit cast($7 as {i64})";
}
