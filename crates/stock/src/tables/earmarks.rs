//! Earmarks: their statements.

store::statements! {
    /// Earmarks planned goods for lines.
    INSERT_EARMARKS = "insert into stock_earmark
        (company_id, source_kind, source_id, item_id, owner_kind, owner_id, line_id, quantity)
        select $1, $2, d.source_id, d.item_id, $3, d.owner_id, d.line_id, d.quantity
        from {rows:d(source_id, item_id, owner_id, line_id, quantity)}";

    /// How much of what is earmarked for lines is still expected.
    EARMARKED = "select e.owner_id, e.line_id, cast(sum(case when x.open_quantity < e.quantity
                then x.open_quantity else e.quantity end) as {i64}) as quantity
        from {rows:d(owner_id)}
        join stock_earmark as e on e.company_id = $1 and e.owner_kind = $2
            and e.owner_id = d.owner_id
        join stock_expectation as x on x.company_id = e.company_id
            and x.source_kind = e.source_kind and x.source_id = e.source_id
            and x.item_id = e.item_id and x.incoming = 1 and x.open_quantity > 0
        group by e.owner_id, e.line_id";
}
