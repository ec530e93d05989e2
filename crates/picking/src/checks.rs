//! What must hold of lists and packages.

store::checks! {
    /// Goods are taken once.
    ONCE = "what is kept for a demand at a place is on one open line of a pick list at most",
        "select demand_id, place_id, lot_id, count(*) as lines from picking_line
         where company_id = $1 and open = 1 group by demand_id, place_id, lot_id
         having count(*) > 1";

    /// A line is open as long as something of it is.
    OPEN_FOLLOWS = "a line of a pick list is open while something of it is to be picked, or picked and here",
        "select id, list_id, line from picking_line
         where company_id = $1 and open <> case
            when wanted > picked + missed + voided or picked > shipped + put_back then 1 else 0 end";

    /// A list is what its lines are.
    STATE_FOLLOWS = "a pick list stands where its lines do",
        "select h.id, h.number, h.state from picking_list as h
         join (select l.list_id,
                max(case when l.wanted > l.picked + l.missed + l.voided then 1 else 0 end) as remains,
                max(case when l.picked > 0 or l.missed > 0 then 1 else 0 end) as begun,
                max(case when l.picked > l.shipped + l.put_back then 1 else 0 end) as here,
                max(case when l.shipped > 0 then 1 else 0 end) as gone
            from picking_line as l where l.company_id = $1 group by l.list_id) as s
            on s.list_id = h.id
         where h.company_id = $1 and h.state <> case
            when s.remains = 1 and s.begun = 0 then 'open'
            when s.remains = 1 then 'picking'
            when s.here = 1 then 'picked'
            when s.gone = 1 then 'closed' else 'cancelled' end";

    /// What was taken is what somebody said.
    SCANNED = "a line of a pick list took and missed what was scanned for it",
        "select l.id, l.list_id, l.line, l.picked, l.missed from picking_line as l
         left join (select s.line_id, sum(s.picked) as picked, sum(s.missed) as missed
            from picking_scan as s where s.company_id = $1 group by s.line_id) as s
            on s.line_id = l.id
         where l.company_id = $1
            and (l.picked <> coalesce(s.picked, 0) or l.missed <> coalesce(s.missed, 0))";

    /// What is packed is in packages.
    PACKED = "a line of a pick list packed and shipped what packages hold of it",
        "select l.id, l.list_id, l.line, l.packed, l.shipped from picking_line as l
         left join (select g.pick_line_id,
                sum(case when k.state <> 'unpacked' then g.quantity else 0 end) as packed,
                sum(case when k.state = 'shipped' then g.quantity else 0 end) as shipped
            from picking_package_line as g
            join picking_package as k on k.company_id = g.company_id and k.id = g.package_id
            where g.company_id = $1 group by g.pick_line_id) as s on s.pick_line_id = l.id
         where l.company_id = $1
            and (l.packed <> coalesce(s.packed, 0) or l.shipped <> coalesce(s.shipped, 0))";

    /// Packages hold goods of their order.
    OF_ONE_ORDER = "a package holds goods that were picked for its order in its warehouse",
        "select k.id, k.number from picking_package as k
         join picking_package_line as g on g.company_id = k.company_id and g.package_id = k.id
         join picking_line as l on l.company_id = g.company_id and l.id = g.pick_line_id
         join picking_list as h on h.company_id = l.company_id and h.id = l.list_id
         where k.company_id = $1
            and (l.order_id <> k.order_id or h.warehouse_id <> k.warehouse_id)";

    /// A shipment is its packages.
    SHIPPED = "a shipment of packages moved what is in them, from where it was picked",
        "select s.shipment_id, s.item_id, s.place_id, s.lot_id,
            cast(sum(s.packed) as {i64}) as packed, cast(sum(s.moved) as {i64}) as moved
         from (select k.shipment_id, l.item_id, l.place_id, l.lot_id, g.quantity as packed,
                0 as moved
            from picking_package as k
            join picking_package_line as g on g.company_id = k.company_id and g.package_id = k.id
            join picking_line as l on l.company_id = g.company_id and l.id = g.pick_line_id
            where k.company_id = $1 and k.shipment_id <> 0
            union all
            select m.source_id, m.item_id, m.from_place_id, m.lot_id, 0, m.quantity
            from stock_move as m
            where m.company_id = $1 and m.source_kind = 'shipment' and exists (
                select 1 from picking_package as k
                where k.company_id = m.company_id and k.shipment_id = m.source_id)) as s
         group by s.shipment_id, s.item_id, s.place_id, s.lot_id
         having sum(s.packed) <> sum(s.moved)";

    /// Packages left with their order.
    SHIPPED_WITH = "a package left with a shipment of its order and warehouse",
        "select k.id, k.number, k.shipment_id from picking_package as k
         left join sales_shipment as s on s.company_id = k.company_id and s.id = k.shipment_id
            and s.order_id = k.order_id and s.warehouse_id = k.warehouse_id
         where k.company_id = $1 and k.state = 'shipped' and s.id is null";
}
