//! What the reports about goods read: moves, layers, stock rows, and the numbers of documents.

/// Whether a place, joined under an alias, lies in what the card is of: the places of ours in the
/// warehouse `$3` (0 for all) and at or below the path `$4` ('' for all).
macro_rules! within {
    ($place:literal) => {
        concat!(
            "case when ",
            $place,
            ".kind in ('internal', 'transit')
                and (cast($3 as {i64}) = 0 or ",
            $place,
            ".warehouse_id = cast($3 as {i64}))
                and (cast($4 as {text}) = '' or ",
            $place,
            ".path = cast($4 as {text})
                    or substr(",
            $place,
            ".path, 1, length(cast($4 as {text})) + 1)
                        = cast($4 as {text}) || '/') then 1 else 0 end"
        )
    };
}

/// The moves of an item that bring goods into what a card is of, or take them out of it.
macro_rules! card_moves {
    () => {
        concat!(
            "(select m.id as id, m.happened_on as happened_on, m.posted_on as posted_on,
                m.recorded_at as recorded_at, m.source_kind as source_kind,
                m.source_id as source_id, f.path as from_path, t.path as to_path,
                coalesce(l.code, '') as lot, m.quantity as quantity, ",
            within!("f"),
            " as comes_from, ",
            within!("t"),
            " as goes_to
            from stock_move as m
            join stock_place as f on f.company_id = m.company_id and f.id = m.from_place_id
            join stock_place as t on t.company_id = m.company_id and t.id = m.to_place_id
            left join stock_lot as l on l.company_id = m.company_id and l.id = m.lot_id
            where m.company_id = $1 and m.item_id = $2
                and (cast($5 as {text}) is null or l.code = cast($5 as {text}))) as x
            where x.comes_from <> x.goes_to"
        )
    };
}

store::statements! {
    /// What lay there before a day, by the days on which goods moved.
    CARD_BEFORE = concat!("select cast(coalesce(sum(case when x.goes_to = 1 then x.quantity
                else -x.quantity end), 0) as {i64}) as balance
        from ", card_moves!(), " and x.happened_on < $6");

    /// The moves of a card by the days on which goods moved.
    CARD_MOVES = concat!("select x.id, x.happened_on, x.posted_on, x.recorded_at, x.source_kind,
            x.source_id, x.from_path, x.to_path, x.lot, x.quantity, x.goes_to
        from ", card_moves!(), " and x.happened_on between $6 and $7
            and (x.happened_on > cast($8 as {text}) or (x.happened_on = cast($8 as {text})
                and (x.recorded_at > cast($9 as {i64}) or (x.recorded_at = cast($9 as {i64})
                    and x.id > cast($10 as {i64})))))
        order by x.happened_on, x.recorded_at, x.id limit cast($11 as {i64})");

    /// What an item was worth before a day of the books, in a pool (0 for all) and a class.
    CARD_WORTH = "select cast(coalesce(sum(l.quantity), 0) as {i64}) as quantity,
            cast(coalesce(sum(l.value), 0) as {i64}) as value
        from valuation_layer as l
        where l.company_id = $1 and l.item_id = $2 and l.posted_on < $5
            and (cast($3 as {i64}) = 0 or l.pool_id = cast($3 as {i64}))
            and (cast($4 as {text}) is null or l.class = cast($4 as {text}))";

    /// The layers of a card by the books' days.
    CARD_LAYERS = "select l.id, l.happened_on, l.posted_on, l.recorded_at, l.source_kind,
            l.source_id, l.pool_id, l.class, l.seq, l.kind, l.quantity, l.value, l.move_id
        from valuation_layer as l
        where l.company_id = $1 and l.item_id = $2 and l.posted_on between $5 and $6
            and (cast($3 as {i64}) = 0 or l.pool_id = cast($3 as {i64}))
            and (cast($4 as {text}) is null or l.class = cast($4 as {text}))
            and (l.posted_on > cast($7 as {text}) or (l.posted_on = cast($7 as {text})
                and (l.recorded_at > cast($8 as {i64}) or (l.recorded_at = cast($8 as {i64})
                and (l.pool_id > cast($9 as {i64}) or (l.pool_id = cast($9 as {i64})
                and (l.class > cast($10 as {text}) or (l.class = cast($10 as {text})
                and l.seq > cast($11 as {i64})))))))))
        order by l.posted_on, l.recorded_at, l.pool_id, l.class, l.seq limit cast($12 as {i64})";

    /// The numbers of documents, by kind and id.
    DOCUMENT_NUMBERS = "select d.kind, d.id, coalesce(case d.kind
            when 'receipt' then (select min(x.number) from purchasing_receipt as x
                where x.company_id = $1 and x.id = d.id)
            when 'purchase_return' then (select min(x.number) from purchasing_return as x
                where x.company_id = $1 and x.id = d.id)
            when 'bill' then (select min(x.number) from purchasing_bill as x
                where x.company_id = $1 and x.id = d.id)
            when 'shipment' then (select min(x.number) from sales_shipment as x
                where x.company_id = $1 and x.id = d.id)
            when 'customer_return' then (select min(x.number) from quality_return as x
                where x.company_id = $1 and x.id = d.id)
            when 'disposition' then (select min(x.number) from quality_disposition as x
                where x.company_id = $1 and x.id = d.id)
            when 'inspection' then (select min(x.number) from quality_inspection as x
                where x.company_id = $1 and x.id = d.id)
            when 'claim' then (select min(x.number) from quality_claim as x
                where x.company_id = $1 and x.id = d.id)
            when 'count' then (select min(x.number) from counting_count as x
                where x.company_id = $1 and x.id = d.id)
            when 'adjustment' then (select min(x.number) from stock_adjustment as x
                where x.company_id = $1 and x.id = d.id)
            when 'dispatch' then (select min(x.number) from stock_dispatch as x
                where x.company_id = $1 and x.id = d.id)
            when 'arrival' then (select min(x.number) from stock_arrival as x
                where x.company_id = $1 and x.id = d.id)
            when 'putaway' then (select min(x.number) from stock_putaway as x
                where x.company_id = $1 and x.id = d.id)
            end, '') as number
        from {rows:d(kind text, id)}";

    /// Items of which something is there or that are worth something, by number.
    AGED_ITEMS = "select i.id, i.sku, i.name, coalesce((select c.code from catalog_category as c
                where c.company_id = i.company_id and c.id = i.category_id), '') as category
        from catalog_item as i
        where i.company_id = $1 and i.sku >= cast($2 as {text})
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and (exists (select 1 from stock_row as r where r.company_id = i.company_id
                    and r.item_id = i.id and r.on_hand <> 0)
                or exists (select 1 from valuation_standing as s where s.company_id = i.company_id
                    and s.item_id = i.id and (s.quantity <> 0 or s.value <> 0)))
        order by i.sku limit cast($4 as {i64})";

    /// What lies of items by warehouse, pool and class.
    AGED_ON_HAND = "select r.item_id, p.warehouse_id, coalesce(w.code, '') as warehouse, p.pool_id,
            p.class, cast(sum(r.on_hand) as {i64}) as on_hand
        from {rows:d(item_id)}
        join stock_row as r on r.company_id = $1 and r.item_id = d.item_id
        join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
        left join stock_warehouse as w on w.company_id = p.company_id and w.id = p.warehouse_id
        group by r.item_id, p.warehouse_id, w.code, p.pool_id, p.class
        having sum(r.on_hand) <> 0
        order by r.item_id, p.pool_id, p.class, w.code";

    /// The latest moves that brought what lies there: into a warehouse and class from outside of
    /// it, the newest first, as many as it takes to account for what is on hand. `newer` is how much
    /// came after them.
    AGED_ARRIVALS = "select a.item_id, a.warehouse_id, a.pool_id, a.class, a.id, a.happened_on,
            a.source_kind, a.source_id, a.quantity, a.newer
        from (select m.item_id as item_id, t.warehouse_id as warehouse_id, t.pool_id as pool_id,
                t.class as class, m.id as id, m.happened_on as happened_on,
                m.source_kind as source_kind, m.source_id as source_id, m.quantity as quantity,
                d.on_hand as on_hand,
                cast(sum(m.quantity) over (
                    partition by m.item_id, t.warehouse_id, t.pool_id, t.class
                    order by m.happened_on desc, m.recorded_at desc, m.id desc
                    rows unbounded preceding) as {i64}) - m.quantity as newer
            from {rows:d(item_id, warehouse_id, pool_id, class text, on_hand)}
            join stock_move as m on m.company_id = $1 and m.item_id = d.item_id
            join stock_place as t on t.company_id = m.company_id and t.id = m.to_place_id
                and t.warehouse_id = d.warehouse_id and t.pool_id = d.pool_id
                and t.class = d.class and t.kind in ('internal', 'transit')
            join stock_place as f on f.company_id = m.company_id and f.id = m.from_place_id
                and (f.warehouse_id <> t.warehouse_id or f.pool_id <> t.pool_id
                    or f.class <> t.class or f.kind not in ('internal', 'transit'))) as a
        where a.newer < a.on_hand
        order by a.item_id, a.pool_id, a.class, a.happened_on, a.newer desc, a.id";

    /// What items are worth by pool and class.
    AGED_STANDINGS = "select s.item_id, s.pool_id, s.class, s.quantity, s.value
        from {rows:d(item_id)}
        join valuation_standing as s on s.company_id = $1 and s.item_id = d.item_id
        where s.quantity <> 0 or s.value <> 0
        order by s.item_id, s.pool_id, s.class";

    /// What is left of the layers of items whose costing keeps them, the oldest first.
    AGED_LAYERS = "select o.item_id, o.pool_id, o.class, o.quantity, o.value
        from {rows:d(item_id)}
        join valuation_open_layer as o on o.company_id = $1 and o.item_id = d.item_id
        order by o.item_id, o.pool_id, o.class, o.seq";
}
