//! What must hold of blind receipts and unknown goods.

store::checks! {
    /// Nothing that was counted is lost or doubled.
    COUNTED_IS_MATCHED = "what a booked blind receipt counted is what was received of it and what waits",
        "select x.blind_receipt_id, x.item_id, x.code, x.lot, cast(sum(x.quantity) as {i64}) as off
         from (select s.blind_receipt_id, s.item_id,
                case when s.item_id = 0 then s.code else '' end as code, s.lot, s.quantity
            from receiving_scan as s
            join receiving_blind_receipt as r on r.company_id = s.company_id
                and r.id = s.blind_receipt_id and r.state = 'booked'
            where s.company_id = $1 and s.voided_at is null
            union all
            select m.blind_receipt_id, m.item_id, m.code, m.lot, -m.quantity as quantity
            from receiving_match as m where m.company_id = $1) as x
         group by x.blind_receipt_id, x.item_id, x.code, x.lot having sum(x.quantity) <> 0";

    /// What was received of a blind receipt is a line of a receipt, what waits is unknown goods.
    MATCHES_ARE_GOODS = "what a blind receipt received is one line of a receipt of its quantity, and what waits is unknown goods",
        "select m.blind_receipt_id, m.number, m.quantity, k.quantity as received
         from receiving_match as m
         left join purchasing_receipt_line as k on k.company_id = m.company_id
            and k.receipt_id = m.receipt_id and k.line = m.receipt_line
         where m.company_id = $1 and m.receipt_id <> 0
            and (k.id is null or k.quantity <> m.quantity)
         union all
         select m.blind_receipt_id, m.number, m.quantity, g.quantity as received
         from receiving_match as m
         left join receiving_unknown as g on g.company_id = m.company_id and g.id = m.unknown_id
         where m.company_id = $1 and m.unknown_id <> 0
            and (g.id is null or g.blind_receipt_id <> m.blind_receipt_id
                or (m.item_id <> 0 and g.item_id = m.item_id and g.seq = 1
                    and g.quantity <> m.quantity))";

    /// Every piece ends once.
    ENDS_ONCE = "unknown goods end exactly once: what waits of them and what ended is what there was",
        "select g.id, g.number, g.quantity, g.waiting, g.state
         from receiving_unknown as g
         left join (select e.unknown_id, sum(e.quantity) as quantity
            from receiving_end as e where e.company_id = $1 group by e.unknown_id) as e
            on e.unknown_id = g.id
         where g.company_id = $1 and g.quantity <> g.waiting + coalesce(e.quantity, 0)";

    /// What waits is neither stock nor money.
    NO_VALUE = "unknown goods carry no value: nothing is moved or booked of them but what was received or kept, in its quantity",
        "select e.unknown_id, e.number, e.how, e.quantity, cast(0 as {i64}) as booked
         from receiving_end as e
         left join purchasing_receipt_line as k on k.company_id = e.company_id
            and k.receipt_id = e.receipt_id and k.line = e.receipt_line
            and k.quantity = e.quantity and k.outcome <> 'refused'
         where e.company_id = $1 and e.how = 'received' and k.id is null
         union all
         select e.unknown_id, e.number, e.how, e.quantity,
            cast(coalesce(sum(m.quantity), 0) as {i64}) as booked
         from receiving_end as e
         left join stock_move as m on m.company_id = e.company_id
            and m.source_kind = 'adjustment' and m.source_id = e.adjustment_id
         where e.company_id = $1 and e.how = 'kept'
         group by e.unknown_id, e.number, e.how, e.quantity
         having coalesce(sum(m.quantity), 0) <> e.quantity
         union all
         select m.source_id as unknown_id, m.line_id as number, m.source_kind as how, m.quantity,
            m.quantity as booked
         from stock_move as m
         where m.company_id = $1 and m.source_kind in ('unknown_goods', 'blind_receipt')";

    /// A receipt's line is of one blind receipt's match or of unknown goods, not of both.
    RECEIVED_ONCE = "what a line of a receipt brought was counted in one blind receipt or waited as unknown goods, not both",
        "select m.blind_receipt_id, m.number, e.unknown_id
         from receiving_match as m
         join receiving_end as e on e.company_id = m.company_id and e.receipt_id = m.receipt_id
            and e.receipt_line = m.receipt_line
         where m.company_id = $1 and m.receipt_id <> 0";
}
