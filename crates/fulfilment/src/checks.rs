//! What must hold of rankings and routes.

store::checks! {
    /// Ranks are asked in their order, without a hole.
    RANKS_RUN = "the ranks of a channel's warehouses run from 1 without gap",
        "select channel_id, count(*) as ranks, max(rank) as last from fulfilment_rank
         where company_id = $1 group by channel_id having count(*) <> max(rank)";

    /// Nothing is wanted from a warehouse for no reason that can be read.
    ELSEWHERE_IS_ROUTED = "an order that still wants goods from another warehouse than its own was routed",
        "select m.owner_id, m.line_id, m.item_id, m.warehouse_id from stock_demand as m
         join sales_order as o on o.company_id = m.company_id and o.id = m.owner_id
         where m.company_id = $1 and m.owner_kind = 'sales_order'
            and m.quantity > m.shipped + m.cancelled and m.warehouse_id <> o.warehouse_id
            and not exists (select 1 from fulfilment_route as r
                where r.company_id = m.company_id and r.order_id = m.owner_id
                    and r.choice in ('split', 'elsewhere'))";

    /// What is ordered for somebody is what they ordered.
    SUPPLY_IS_ORDERED = "what is supplied for an order's line is a purchase order's line of its item",
        "select f.id, f.order_id, f.purchase_order_id from fulfilment_supply as f
         left join sales_line as k on k.company_id = f.company_id and k.order_id = f.order_id
            and k.line = f.line and k.item_id = f.item_id
         left join purchasing_line as l on l.company_id = f.company_id
            and l.order_id = f.purchase_order_id and l.line = f.purchase_line
            and l.item_id = f.item_id
         where f.company_id = $1 and (k.id is null or l.id is null)";

    /// Goods that never lay with us came by the move that they left by.
    DIRECT_IS_BOTH = "what went straight to a customer was received and shipped by one move",
        "select m.id, m.source_id, m.quantity, m.value from stock_move as m
         where m.company_id = $1 and m.source_kind = 'shipment'
            and m.from_place_id in (select p.id from stock_place as p
                where p.company_id = $1 and p.kind = 'supplier')
            and not exists (
            select 1 from purchasing_receipt_line as r
            join purchasing_line as l on l.company_id = r.company_id and l.id = r.line_id
            join fulfilment_supply as f on f.company_id = l.company_id
                and f.purchase_order_id = l.order_id and f.purchase_line = l.line and f.direct = 1
            join sales_shipment_line as k on k.company_id = f.company_id
                and k.shipment_id = m.source_id and k.id = m.line_id
                and k.order_id = f.order_id and k.line = f.line
            where r.company_id = m.company_id and r.move_id = m.id
                and r.quantity = m.quantity and r.value = m.value)";

    /// A decision belongs to a state that its order had.
    ROUTED_WITHIN = "a route's revision is one that its order had",
        "select r.id, r.order_id, r.revision, o.revision from fulfilment_route as r
         join sales_order as o on o.company_id = r.company_id and o.id = r.order_id
         where r.company_id = $1 and r.revision > o.revision";
}
