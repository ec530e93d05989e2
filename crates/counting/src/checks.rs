//! What must hold of sheets and their lines.

store::checks! {
    /// All differences of a sheet and nothing else are booked.
    APPLIED_IS_BOOKED = "an applied sheet's differences are the lines of its adjustment",
        "select count_id, line, cast(sum(quantity) as {i64}) as difference from (
            select l.count_id as count_id, l.line as line, l.counted - l.expected as quantity
            from counting_line as l
            where l.company_id = $1 and l.state = 'applied'
            union all
            select c.id as count_id, m.line_id as line,
                case when p.kind in ('internal', 'transit') then -m.quantity else m.quantity end
                    as quantity
            from counting_count as c
            join stock_move as m on m.company_id = c.company_id and m.source_kind = 'adjustment'
                and m.source_id = c.adjustment_id
            join stock_place as p on p.company_id = m.company_id and p.id = m.to_place_id
            where c.company_id = $1 and c.adjustment_id <> 0
        ) as x group by count_id, line having sum(quantity) <> 0";

    /// A closed sheet has no open lines, an open one no closed ones.
    LINES_FOLLOW = "the lines of a sheet are closed with it",
        "select c.id, c.number, c.state, l.line, l.state as line_state from counting_count as c
         join counting_line as l on l.company_id = c.company_id and l.count_id = c.id
         where c.company_id = $1 and (
            (c.state = 'open' and l.state in ('applied', 'skipped', 'cancelled'))
            or (c.state = 'applied' and l.state not in ('applied', 'skipped'))
            or (c.state = 'cancelled' and l.state <> 'cancelled'))";

    /// What a line says is what was entered last.
    LINES_ARE_ENTRIES = "a line says what was entered last",
        "select l.count_id, l.line from counting_line as l
         left join counting_entry as e on e.company_id = l.company_id and e.line_id = l.id
            and e.number = l.entries
         where l.company_id = $1 and l.entries > 0 and (e.number is null
            or e.expected <> l.expected or coalesce(e.counted, -1) <> coalesce(l.counted, -1))";

    /// Nobody approves what he counted.
    ANOTHER_APPROVED = "a line beyond its threshold was counted alike by two, or approved by another, where the policy asks for one",
        "select c.id, c.number, l.line, c.closed_by from counting_line as l
         join counting_count as c on c.company_id = l.company_id and c.id = l.count_id
         where l.company_id = $1 and l.state = 'applied' and l.confirmed = 0
            and l.threshold_percent is not null
            and (case when l.counted > l.expected then l.counted - l.expected
                else l.expected - l.counted end) / 100
                > (case when l.expected < 0 then -l.expected else l.expected end) / 100
                    * l.threshold_percent / 100
            and (c.approved = 0 or (c.separate = 1 and exists (select 1 from counting_entry as e
                where e.company_id = l.company_id and e.line_id = l.id and e.kind = 'count'
                    and e.user_id = c.closed_by)))";
}
