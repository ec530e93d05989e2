//! What readers get of costing methods and of what changed costs.

/// Categories with the method that they have or take over from the company, and how many of their
/// goods keep a method of their own.
macro_rules! category_methods {
    () => {
        "select c.id, c.code, c.name, coalesce(v.method, $2) as method,
            cast(case when v.method is null then 0 else 1 end as {i64}) as own, v.since,
            (select count(*) from catalog_item as i
                where i.company_id = c.company_id and i.category_id = c.id and i.kind = 'goods')
                as items,
            (select count(*) from catalog_item as i
                join valuation_item as vi on vi.company_id = i.company_id and vi.item_id = i.id
                where i.company_id = c.company_id and i.category_id = c.id
                    and vi.method <> coalesce(v.method, $2)) as others
        from catalog_category as c
        left join valuation_category as v on v.company_id = c.company_id and v.category_id = c.id
        where c.company_id = $1
            and (cast($3 as {text}) is null or coalesce(v.method, $2) = cast($3 as {text}))
            and (cast($4 as {i64}) is null
                or case when v.method is null then 0 else 1 end = cast($4 as {i64}))"
    };
}

/// Goods with their method, and what they are worth over all pools and classes.
macro_rules! item_methods {
    () => {
        "select i.id, i.sku, i.name, coalesce(c.code, '') as category,
            coalesce(vi.method, v.method, $2) as method,
            coalesce((select max(l.happened_on) from valuation_layer as l
                where l.company_id = i.company_id and l.item_id = i.id
                    and l.kind = 'method_change'),
                (select min(f.happened_on) from valuation_layer as f
                where f.company_id = i.company_id and f.item_id = i.id)) as since,
            coalesce(vi.standard, 0) as standard,
            cast(coalesce((select sum(s.quantity) from valuation_standing as s
                where s.company_id = i.company_id and s.item_id = i.id
                    and s.class <> 'consigned'), 0) as {i64}) as quantity,
            cast(coalesce((select sum(w.value) from valuation_standing as w
                where w.company_id = i.company_id and w.item_id = i.id), 0) as {i64}) as value
        from catalog_item as i
        left join catalog_category as c on c.company_id = i.company_id and c.id = i.category_id
        left join valuation_category as v
            on v.company_id = i.company_id and v.category_id = i.category_id
        left join valuation_item as vi on vi.company_id = i.company_id and vi.item_id = i.id
        where i.company_id = $1 and i.kind = 'goods'
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and (cast($4 as {text}) is null or c.code = cast($4 as {text}))
            and (cast($5 as {text}) is null
                or coalesce(vi.method, v.method, $2) = cast($5 as {text}))"
    };
}

/// Changes of cost, the kinds as the index of them names them.
macro_rules! cost_acts {
    () => {
        "select l.id, l.item_id, i.sku, i.name, l.class, l.kind, l.value, l.expensed, l.source_kind,
            l.source_id, l.happened_on, l.posted_on, l.recorded_at
        from valuation_layer as l
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        where l.company_id = $1
            and l.kind in ('revaluation', 'method_change', 'cost_correction', 'landed_cost')
            and (cast($2 as {text}) is null or i.sku = cast($2 as {text}))
            and (cast($3 as {text}) is null or l.kind = cast($3 as {text}))
            and (cast($4 as {text}) is null or l.posted_on >= cast($4 as {text}))
            and (cast($5 as {text}) is null or l.posted_on <= cast($5 as {text}))"
    };
}

store::statements! {
    /// A page of categories' methods by code.
    CATEGORY_METHODS_BY_CODE = concat!(category_methods!(),
        " and (c.code, c.id) > (cast($5 as {text}), cast($6 as {i64}))
        order by c.code, c.id limit cast($7 as {i64})");

    /// A page of categories' methods by name.
    CATEGORY_METHODS_BY_NAME = concat!(category_methods!(),
        " and (c.name, c.id) > (cast($5 as {text}), cast($6 as {i64}))
        order by c.name, c.id limit cast($7 as {i64})");

    /// A page of items' methods by number.
    ITEM_METHODS_BY_SKU = concat!(item_methods!(),
        " and (i.sku, i.id) > (cast($6 as {text}), cast($7 as {i64}))
        order by i.sku, i.id limit cast($8 as {i64})");

    /// A page of items' methods by name.
    ITEM_METHODS_BY_NAME = concat!(item_methods!(),
        " and (i.name, i.id) > (cast($6 as {text}), cast($7 as {i64}))
        order by i.name, i.id limit cast($8 as {i64})");

    /// A page of changes of cost, the newest day first.
    COST_ACTS_NEWEST = concat!(cost_acts!(),
        " and (l.posted_on, l.id) < (cast($6 as {text}), cast($7 as {i64}))
        order by l.posted_on desc, l.id desc limit cast($8 as {i64})");

    /// A page of changes of cost, the oldest day first.
    COST_ACTS_OLDEST = concat!(cost_acts!(),
        " and (l.posted_on, l.id) > (cast($6 as {text}), cast($7 as {i64}))
        order by l.posted_on, l.id limit cast($8 as {i64})");
}
