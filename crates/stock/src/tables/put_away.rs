//! Putting goods away: where they wait, where there is room, and what was put away.

store::statements! {
    /// Sets where goods of items shall lie.
    SET_PUTAWAY_RULES = "insert into stock_putaway_rule
        (company_id, item_id, place_id, priority, capacity)
        select $1, d.item_id, d.place_id, d.priority, d.capacity
        from {rows:d(item_id, place_id, priority, capacity)} where true
        on conflict (company_id, item_id, place_id)
        do update set priority = excluded.priority, capacity = excluded.capacity";

    /// Takes rules away.
    REMOVE_PUTAWAY_RULES = "delete from stock_putaway_rule
        where company_id = $1 and (item_id, place_id) in (
            select d.item_id, d.place_id from {rows:d(item_id, place_id)})";

    /// Where goods shall lie, with a cursor.
    LIST_PUTAWAY_RULES = "select i.sku, p.path, r.priority, r.capacity
        from stock_putaway_rule as r
        join catalog_item as i on i.company_id = r.company_id and i.id = r.item_id
        join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
        where r.company_id = $1
            and (cast($2 as {text}) is null or i.sku = cast($2 as {text}))
            and (cast($3 as {text}) is null or p.path = cast($3 as {text}))
            and (i.sku > cast($4 as {text}) or (i.sku = cast($4 as {text})
                and (r.priority > cast($5 as {i64}) or (r.priority = cast($5 as {i64})
                    and p.path > cast($6 as {text})))))
        order by i.sku, r.priority, p.path limit cast($7 as {i64})";

    /// What rules of warehouses allow of items, and what lies there.
    ROOM_FOR = "select p.warehouse_id, r.item_id, r.place_id, p.path, r.priority, r.capacity,
            (select cast(coalesce(sum(s.on_hand), 0) as {i64}) from stock_row as s
             where s.company_id = r.company_id and s.item_id = r.item_id
                and s.place_id = r.place_id) as on_hand
        from {rows:d(warehouse_id, item_id)}
        join stock_putaway_rule as r on r.company_id = $1 and r.item_id = d.item_id
        join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
        where p.warehouse_id = d.warehouse_id and p.active = 1
        order by p.warehouse_id, r.item_id, r.priority, p.path";

    /// What lies at the places where warehouses receive, and in them, and is kept for nobody, in one of
    /// three orders, with a cursor. `ahead` is how much of the item waits in the warehouse and came
    /// before, whatever of it is listed. From the warehouses by way of their places to what lies there, found
    /// by the place: hence the cross and the left joins.
    LIST_TO_PUT_AWAY = "select x.warehouse, x.path, x.sku, x.name, x.unit, x.lot, x.expires_on,
            x.on_hand, x.reserved, x.since, x.held, x.otherwise, x.warehouse_id, x.item_id, x.whole,
            x.ahead
        from (select y.warehouse as warehouse, y.path as path, y.sku as sku, y.name as name,
                y.unit as unit, y.lot as lot, y.expires_on as expires_on, y.on_hand as on_hand,
                y.reserved as reserved, y.since as since, y.held as held,
                y.otherwise as otherwise, y.warehouse_id as warehouse_id, y.item_id as item_id,
                y.whole as whole, y.ahead as ahead,
                case cast($6 as {text}) when 'place' then y.path when 'sku' then y.sku
                    else y.since end as sorted
            from (select w.code as warehouse, p.path as path, i.sku as sku, i.name as name,
                    u.code as unit, coalesce(l.code, '') as lot,
                    coalesce(l.expires_on, '') as expires_on, r.on_hand as on_hand,
                    r.reserved as reserved, r.since as since,
                    cast(case when exists (select 1 from stock_hold as h
                        where h.company_id = r.company_id and h.lifted_at is null
                            and ((h.subject_kind = 'place' and h.subject_id = r.place_id)
                                or (h.subject_kind = 'lot' and h.subject_id = r.lot_id)))
                        then 1 else 0 end as {i64}) as held,
                    o.path as otherwise, w.id as warehouse_id, i.id as item_id, u.whole as whole,
                    cast(sum(r.on_hand - r.reserved) over (
                        partition by w.id, i.id
                        order by r.since, p.path, coalesce(l.code, '')
                        rows unbounded preceding) as {i64}) - (r.on_hand - r.reserved) as ahead
                from stock_warehouse as w
                join stock_place as n on n.company_id = w.company_id and n.id = w.input_place_id
                join stock_place as o on o.company_id = w.company_id and o.id = w.stock_place_id
                cross join stock_place as p
                left join stock_row as r on r.company_id = p.company_id and r.place_id = p.id
                left join catalog_item as i on i.company_id = r.company_id and i.id = r.item_id
                left join catalog_unit as u on u.company_id = i.company_id
                    and u.id = i.stock_unit_id
                left join stock_lot as l on l.company_id = r.company_id and l.id = r.lot_id
                where w.company_id = $1 and p.company_id = n.company_id
                    and p.path >= n.path and p.path < n.path || '0'
                    and coalesce(r.on_hand, 0) > coalesce(r.reserved, 0)
                    and (p.path = n.path or p.path >= n.path || '/')
                    and (cast($2 as {text}) is null or w.code = cast($2 as {text}))
                    and (cast($4 as {text}) is null or i.sku = cast($4 as {text}))) as y
            where (cast($3 as {text}) is null or y.path = cast($3 as {text}))
                and (cast($5 as {text}) is null or y.since <= cast($5 as {text}))) as x
        where (x.sorted, x.path, x.sku, x.lot)
            > (cast($7 as {text}), cast($8 as {text}), cast($9 as {text}), cast($10 as {text}))
        order by x.sorted, x.path, x.sku, x.lot limit cast($11 as {i64})";

    /// What a document brought to a place and is not put away.
    STILL_TO_PUT_AWAY = "select x.item_id, x.lot_id, cast(sum(x.quantity) as {i64}) as quantity
        from (
            select m.item_id as item_id, m.lot_id as lot_id, m.quantity as quantity
            from stock_move as m
            where m.company_id = $1 and m.source_kind = $2 and m.source_id = $3
                and m.to_place_id = $4
            union all
            select m.item_id, m.lot_id, -m.quantity
            from stock_putaway as a
            join stock_move as m on m.company_id = a.company_id and m.source_kind = 'putaway'
                and m.source_id = a.id
            where a.company_id = $1 and a.of_kind = $2 and a.of_id = $3 and m.from_place_id = $4
        ) as x group by x.item_id, x.lot_id";

    /// Writes a put-away.
    INSERT_PUTAWAY = "insert into stock_putaway
        (company_id, id, number, warehouse_id, of_kind, of_id, happened_on, posted_on, client_ref,
         user_id, recorded_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

    /// The put-away that a client calls so.
    PUTAWAY_BY_REF = "select id, number, posted_on from stock_putaway
        where company_id = $1 and client_ref = $2";
}
