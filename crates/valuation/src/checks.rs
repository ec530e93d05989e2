//! What must hold of value, each as a statement that finds the breaches.

store::checks! {
    /// I-12, at every posting date: both sides change by the same amount each day.
    LAYERS_ARE_LEDGER = "I-12 the layers of a day are what its entries booked on each stock account",
        "select role, posted_on, cast(sum(value) as {i64}) as difference from (
            select case l.class when 'normal' then 'stock_valuation'
                    when 'quarantine' then 'quarantine' else 'goods_in_transit' end as role,
                l.posted_on as posted_on, l.value as value
            from valuation_layer as l where l.company_id = $1 and l.class <> 'consigned'
            union all
            select a.role as role, e.posted_on as posted_on, e.credit - e.debit as value
            from accounting_account as a
            join accounting_entry_line as e on e.company_id = a.company_id and e.account_id = a.id
            where a.company_id = $1
                and a.role in ('stock_valuation', 'quarantine', 'goods_in_transit')
        ) as x group by role, posted_on having sum(value) <> 0";

    /// I-13, the sum.
    STANDINGS_ARE_LAYERS = "I-13 a standing is the sum of its layers, in quantity and value",
        "select item_id, pool_id, class, cast(sum(quantity) as {i64}) as quantity,
            cast(sum(value) as {i64}) as value from (
            select l.item_id as item_id, l.pool_id as pool_id, l.class as class,
                l.quantity as quantity, l.value as value
            from valuation_layer as l where l.company_id = $1
            union all
            select s.item_id as item_id, s.pool_id as pool_id, s.class as class,
                -s.quantity as quantity, -s.value as value
            from valuation_standing as s where s.company_id = $1
        ) as x group by item_id, pool_id, class having sum(quantity) <> 0 or sum(value) <> 0";

    /// I-13, the sign. Below zero is left to the check of stock rows, which knows the policy.
    NOTHING_IS_WORTH_NOTHING = "I-13 no goods are worth nothing, and goods are never worth less",
        "select item_id, pool_id, class, quantity, value from valuation_standing
         where company_id = $1 and ((quantity = 0 and value <> 0) or (quantity > 0 and value < 0)
            or (class = 'consigned' and value <> 0))";

    /// The order of a standing has no gap, so no layer can be lost.
    POSITIONS_RUN = "I-13 the layers of a standing run from 1 to its last without gap",
        "select item_id, pool_id, class, cast(sum(seq) as {i64}) as seq,
            cast(sum(layers) as {i64}) as layers, cast(sum(last) as {i64}) as last from (
            select l.item_id as item_id, l.pool_id as pool_id, l.class as class, 0 as seq,
                count(*) as layers, max(l.seq) as last
            from valuation_layer as l where l.company_id = $1
            group by l.item_id, l.pool_id, l.class
            union all
            select s.item_id, s.pool_id, s.class, s.seq, 0, 0
            from valuation_standing as s where s.company_id = $1
        ) as x group by item_id, pool_id, class
        having sum(layers) <> sum(seq) or sum(last) <> sum(seq)";

    /// I-14, quantity. Layers from before the item's last change of method are exempt: moving
    /// average and standard cost keep no uses.
    /// The crossed join holds SQLite to the order written: standings of these methods first.
    USES_WITHIN = "I-14 FIFO and LIFO: what a layer brought since the last change of method is used or left",
        "select l.id, l.quantity, cast(coalesce(sum(u.quantity), 0) as {i64}) as used,
            coalesce(o.quantity, 0) as left_quantity
         from valuation_standing as s
         cross join valuation_layer as l
         left join valuation_use as u on u.company_id = l.company_id and u.layer_id = l.id
         left join valuation_open_layer as o on o.company_id = l.company_id
            and o.item_id = l.item_id and o.pool_id = l.pool_id and o.class = l.class
            and o.seq = l.seq
         where s.company_id = $1 and s.method in ('fifo', 'lifo') and s.class <> 'consigned'
            and l.company_id = s.company_id and l.item_id = s.item_id and l.pool_id = s.pool_id
            and l.class = s.class and l.quantity > 0
            and not exists (select 1 from valuation_layer as m where m.company_id = l.company_id
                and m.item_id = l.item_id and m.pool_id = l.pool_id and m.class = l.class
                and m.seq > l.seq and m.kind = 'method_change')
         group by l.id, l.quantity, o.quantity
         having coalesce(sum(u.quantity), 0) + coalesce(o.quantity, 0) <> l.quantity";

    /// I-14, value: not a cent is lost between a layer, its corrections, its uses and what is left.
    /// A revaluation spreads over all open layers and is not told apart by layer, so layers that one
    /// has touched are exempt, too.
    USES_VALUE = "I-14 FIFO and LIFO: what a layer cost since the last change of method or revaluation is used or left",
        "select l.id, l.value, coalesce(o.value, 0) as left_value
         from valuation_standing as s
         cross join valuation_layer as l
         left join valuation_open_layer as o on o.company_id = l.company_id
            and o.item_id = l.item_id and o.pool_id = l.pool_id and o.class = l.class
            and o.seq = l.seq
         where s.company_id = $1 and s.method in ('fifo', 'lifo') and s.class <> 'consigned'
            and l.company_id = s.company_id and l.item_id = s.item_id and l.pool_id = s.pool_id
            and l.class = s.class and l.quantity > 0
            and not exists (select 1 from valuation_layer as m where m.company_id = l.company_id
                and m.item_id = l.item_id and m.pool_id = l.pool_id and m.class = l.class
                and m.seq > l.seq and m.kind in ('method_change', 'revaluation', 'recomputation'))
            and l.value
                + coalesce((select sum(c.value) from valuation_layer as c
                    where c.company_id = l.company_id and c.corrects_id = l.id
                        and c.corrects_id <> 0 and c.kind in ('cost_correction', 'landed_cost')), 0)
                <> coalesce((select sum(u.value) from valuation_use as u
                    where u.company_id = l.company_id and u.layer_id = l.id), 0)
                + coalesce(o.value, 0)";

    /// I-14, the other way: what is open adds up to the standing.
    OPEN_IS_STANDING = "I-14 open layers of FIFO and LIFO, and shortages but of standard cost, add up to the standing",
        "select item_id, pool_id, class, cast(sum(quantity) as {i64}) as quantity,
            cast(sum(value) as {i64}) as value from (
            select o.item_id as item_id, o.pool_id as pool_id, o.class as class,
                o.quantity as quantity, o.value as value
            from valuation_open_layer as o where o.company_id = $1
            union all
            select h.item_id as item_id, h.pool_id as pool_id, h.class as class,
                -h.quantity as quantity, -h.value as value
            from valuation_shortage as h where h.company_id = $1
            union all
            select s.item_id as item_id, s.pool_id as pool_id, s.class as class,
                -s.quantity as quantity, -s.value as value
            from valuation_standing as s
            where s.company_id = $1 and s.class <> 'consigned'
                and (s.method in ('fifo', 'lifo') or (s.method = 'average' and s.quantity < 0))
        ) as x group by item_id, pool_id, class having sum(quantity) <> 0 or sum(value) <> 0";

    /// I-14: nothing is open that the method does not keep.
    SHORTAGES_HAVE_GONE = "I-14 only what is below zero has shortages, and only FIFO and LIFO have open layers",
        "select s.item_id, s.pool_id, s.class, s.quantity from valuation_standing as s
         where s.company_id = $1 and (
            (s.quantity >= 0 and exists (select 1 from valuation_shortage as h
                where h.company_id = s.company_id and h.item_id = s.item_id
                    and h.pool_id = s.pool_id and h.class = s.class))
            or ((s.quantity <= 0 or s.method not in ('fifo', 'lifo')) and exists (
                select 1 from valuation_open_layer as o where o.company_id = s.company_id
                    and o.item_id = s.item_id and o.pool_id = s.pool_id and o.class = s.class)))";
}
