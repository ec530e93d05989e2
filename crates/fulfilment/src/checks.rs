//! What must hold of rankings and routes.

store::checks! {
    /// Ranks are asked in their order, without a hole.
    RANKS_RUN = "the ranks of a channel's warehouses run from 1 without gap",
        "select channel_id, count(*) as ranks, max(rank) as last from fulfilment_rank
         where company_id = $1 group by channel_id having count(*) <> max(rank)";

    /// Nothing is wanted from a warehouse for no reason that can be read.
    ELSEWHERE_IS_ROUTED = "what an order still wants from another warehouse than its own was routed there",
        "select m.owner_id, m.line_id, m.item_id, m.warehouse_id from stock_demand as m
         join sales_order as o on o.company_id = m.company_id and o.id = m.owner_id
         where m.company_id = $1 and m.owner_kind = 'sales_order'
            and m.quantity > m.shipped + m.cancelled and m.warehouse_id <> o.warehouse_id
            and not exists (select 1 from fulfilment_route as r
                where r.company_id = m.company_id and r.order_id = m.owner_id
                    and r.choice in ('split', 'elsewhere'))";

    /// A decision belongs to a state that its order had.
    ROUTED_WITHIN = "a route's revision is one that its order had",
        "select r.id, r.order_id, r.revision, o.revision from fulfilment_route as r
         join sales_order as o on o.company_id = r.company_id and o.id = r.order_id
         where r.company_id = $1 and r.revision > o.revision";
}
