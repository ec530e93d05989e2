//! What reports read of layers.

store::statements! {
    /// What items had at the beginning and the end of a period, what left them in it for customers and
    /// came back, and when goods last came and left. With a day, only those of which something is
    /// there and nothing has left since.
    TURNOVER = "select t.item_id, t.sku, t.name, t.category, t.opening_value, t.opening_quantity,
            t.closing_value, t.closing_quantity, t.cost, t.gone, t.last_in, t.last_out
        from (select i.id as item_id, i.sku as sku, i.name as name,
                coalesce((select c.code from catalog_category as c
                    where c.company_id = i.company_id and c.id = i.category_id), '') as category,
                cast(sum(case when l.posted_on < $2 then l.value else 0 end) as {i64})
                    as opening_value,
                cast(sum(case when l.posted_on < $2 then l.quantity else 0 end) as {i64})
                    as opening_quantity,
                cast(sum(case when l.posted_on <= $3 then l.value else 0 end) as {i64})
                    as closing_value,
                cast(sum(case when l.posted_on <= $3 then l.quantity else 0 end) as {i64})
                    as closing_quantity,
                cast(sum(case when l.posted_on between $2 and $3
                    and l.kind in ('issue', 'customer_return') then -l.value else 0 end) as {i64})
                    as cost,
                cast(sum(case when l.posted_on between $2 and $3
                    and l.kind in ('issue', 'customer_return') then -l.quantity else 0 end)
                    as {i64}) as gone,
                max(case when l.posted_on <= $3 and l.kind in ('opening', 'receipt')
                    then l.posted_on else '' end) as last_in,
                max(case when l.posted_on <= $3 and l.kind = 'issue'
                    then l.posted_on else '' end) as last_out
            from catalog_item as i
            join valuation_layer as l on l.company_id = i.company_id and l.item_id = i.id
                and l.class <> 'consigned'
            where i.company_id = $1 and i.sku > cast($6 as {text})
                and (cast($4 as {text}) is null or i.sku = cast($4 as {text}))
            group by i.company_id, i.sku, i.id, i.name, i.category_id) as t
        where (cast($5 as {text}) is null or t.category = cast($5 as {text}))
            and (cast($8 as {text}) is null or (t.closing_quantity > 0
                and t.last_in <= cast($8 as {text}) and t.last_out <= cast($8 as {text})))
        order by t.sku limit cast($7 as {i64})";
}
