//! What the report of stock against the ledger reads: layers of value, the stock accounts, and where
//! goods lay at the end of a day of the books.

/// What lies of items now, by pool, class and warehouse.
macro_rules! lying {
    ($from:literal) => {
        concat!(
            "select r.item_id, p.pool_id, p.class, coalesce(w.code, '') as warehouse,
                cast(sum(r.on_hand) as {i64}) as on_hand
            from ",
            $from,
            " join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
            left join stock_warehouse as w on w.company_id = p.company_id and w.id = p.warehouse_id
            where r.company_id = $1 and p.class <> 'consigned' and r.on_hand <> 0
            group by r.item_id, p.pool_id, p.class, w.code"
        )
    };
}

/// What moved of items after a day of the books, from where to where.
macro_rules! moved_since {
    ($from:literal) => {
        concat!(
            "select m.item_id, f.kind as from_kind, f.pool_id as from_pool_id,
                f.class as from_class, coalesce(fw.code, '') as from_warehouse, t.kind as to_kind,
                t.pool_id as to_pool_id, t.class as to_class,
                coalesce(tw.code, '') as to_warehouse, cast(sum(m.quantity) as {i64}) as quantity
            from ",
            $from,
            " join stock_place as f on f.company_id = m.company_id and f.id = m.from_place_id
            join stock_place as t on t.company_id = m.company_id and t.id = m.to_place_id
            left join stock_warehouse as fw on fw.company_id = f.company_id
                and fw.id = f.warehouse_id
            left join stock_warehouse as tw on tw.company_id = t.company_id
                and tw.id = t.warehouse_id
            where m.company_id = $1 and m.posted_on > $2
            group by m.item_id, f.kind, f.pool_id, f.class, fw.code, t.kind, t.pool_id, t.class,
                tw.code"
        )
    };
}

/// What items were worth at the end of a day of the books, by pool and class.
macro_rules! worth_on {
    ($from:literal) => {
        concat!(
            "select l.item_id, l.pool_id, l.class, cast(sum(l.quantity) as {i64}) as quantity,
                cast(sum(l.value) as {i64}) as value
            from ",
            $from,
            " where l.company_id = $1 and l.posted_on <= $2 and l.class <> 'consigned'
            group by l.item_id, l.pool_id, l.class
            having sum(l.quantity) <> 0 or sum(l.value) <> 0"
        )
    };
}

store::statements! {
    /// The accounts that stock stands on.
    STOCK_ACCOUNTS = "select role, id, code, name from accounting_account
        where company_id = $1 and role in ('stock_valuation', 'quarantine', 'goods_in_transit')
        order by code";

    /// By what layers, and by what entries, each stock account changed on each day up to one: the two
    /// sides of I-12.
    STOCK_ACCOUNT_DAYS = "select role, posted_on, cast(sum(layers) as {i64}) as layers,
            cast(sum(booked) as {i64}) as booked from (
            select case l.class when 'normal' then 'stock_valuation'
                    when 'quarantine' then 'quarantine' else 'goods_in_transit' end as role,
                l.posted_on as posted_on, l.value as layers, 0 as booked
            from valuation_layer as l
            where l.company_id = $1 and l.posted_on <= $2 and l.class <> 'consigned'
            union all
            select a.role, e.posted_on, 0, e.debit - e.credit
            from accounting_account as a
            join accounting_entry_line as e on e.company_id = a.company_id and e.account_id = a.id
            where a.company_id = $1 and e.posted_on <= $2
                and a.role in ('stock_valuation', 'quarantine', 'goods_in_transit')
        ) as x group by role, posted_on order by posted_on, role";

    /// What open lines are called, by kind and id.
    OPEN_NAMES = "select d.kind, d.id, coalesce(case d.kind
            when 'bill' then (select min(x.number) from purchasing_bill as x
                where x.company_id = $1 and x.id = d.id)
            when 'purchase_line' then (select min(o.number) from purchasing_line as x
                join purchasing_order as o on o.company_id = x.company_id and o.id = x.order_id
                where x.company_id = $1 and x.id = d.id)
            when 'invoice' then coalesce(
                (select min(x.number) from sales_invoice as x
                    where x.company_id = $1 and x.id = d.id),
                (select min(x.number) from sales_opened_invoice as x
                    where x.company_id = $1 and x.id = d.id))
            when 'sales_order' then (select min(x.number) from sales_order as x
                where x.company_id = $1 and x.id = d.id)
            when 'refund' then (select min(x.number) from quality_refund as x
                where x.company_id = $1 and x.id = d.id)
            when 'claim' then (select min(x.number) from quality_claim as x
                where x.company_id = $1 and x.id = d.id)
            when 'payment' then (select min(x.number) from payments_payment as x
                where x.company_id = $1 and x.id = d.id)
            when 'channel' then (select min(x.name) from sales_channel as x
                where x.company_id = $1 and x.id = d.id)
            end, '') as number, coalesce(case d.kind
            when 'bill' then (select min(x.reference) from purchasing_bill as x
                where x.company_id = $1 and x.id = d.id)
            when 'sales_order' then (select min(x.external_ref) from sales_order as x
                where x.company_id = $1 and x.id = d.id)
            end, '') as reference
        from {rows:d(kind text, id)}";

    /// Items that are or were worth something, by number.
    VALUED_ITEMS = "select i.id, i.sku, i.name from catalog_item as i
        where i.company_id = $1 and i.sku >= cast($2 as {text})
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and exists (select 1 from valuation_standing as s where s.company_id = i.company_id
                and s.item_id = i.id and s.class <> 'consigned')
        order by i.sku limit cast($4 as {i64})";

    /// What all items were worth at the end of a day.
    WORTH_ON = worth_on!("valuation_layer as l");
    /// What some items were worth at the end of a day.
    ITEMS_WORTH_ON = worth_on!("{rows:d(item_id)}
        join valuation_layer as l on l.company_id = $1 and l.item_id = d.item_id");
    /// What lies of all items.
    LYING = lying!("stock_row as r");
    /// What lies of some items.
    ITEMS_LYING = lying!("{rows:d(item_id)}
        join stock_row as r on r.company_id = $1 and r.item_id = d.item_id");
    /// What moved of all items after a day.
    MOVED_SINCE = moved_since!("stock_move as m");
    /// What moved of some items after a day.
    ITEMS_MOVED_SINCE = moved_since!("{rows:d(item_id)}
        join stock_move as m on m.company_id = $1 and m.item_id = d.item_id");
}
