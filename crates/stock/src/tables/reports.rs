//! What reports read of adjustments.

store::statements! {
    /// Lines of booked adjustments by day, the oldest first, with who asked for them.
    /// Adjustments lead to their lines: hence the left joins.
    ADJUSTED = "select a.id, a.number, l.line, a.happened_on, a.posted_on, i.sku, i.name, p.path,
            coalesce(w.code, '') as warehouse, coalesce(t.code, '') as lot, l.quantity, l.value,
            r.code, r.name, coalesce(u.login, '') as login,
            coalesce(u.display_name, '') as display_name, a.source_kind, a.source_id, l.evidence,
            l.move_id, a.memo
        from stock_adjustment as a
        left join stock_adjustment_line as l on l.company_id = a.company_id
            and l.adjustment_id = a.id
        left join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        left join stock_place as p on p.company_id = l.company_id and p.id = l.place_id
        left join stock_warehouse as w on w.company_id = p.company_id and w.id = p.warehouse_id
        left join stock_lot as t on t.company_id = l.company_id and t.id = l.lot_id
        left join stock_reason as r on r.company_id = l.company_id and r.id = l.reason_id
        left join identity_user as u on u.id = a.user_id
        where a.company_id = $1 and a.state = 'booked' and a.happened_on between $2 and $3
            and (cast($4 as {text}) is null or i.sku = cast($4 as {text}))
            and (cast($5 as {text}) is null or p.path = cast($5 as {text}))
            and (cast($6 as {text}) is null or r.code = cast($6 as {text}))
            and (cast($7 as {text}) is null or u.login = cast($7 as {text}))
            and (a.happened_on > cast($8 as {text}) or (a.happened_on = cast($8 as {text})
                and (a.id > cast($9 as {i64}) or (a.id = cast($9 as {i64})
                    and l.line > cast($10 as {i64})))))
        order by a.happened_on, a.id, l.line limit cast($11 as {i64})";
}
