//! What must hold of places, rows, moves, demands and reservations.

store::checks! {
    /// I-02, both ways: a row is the sum of what came and went.
    ROWS_ARE_MOVES = "I-02 a stock row is the sum of its moves",
        "select item_id, place_id, lot_id, cast(sum(quantity) as {i64}) as difference from (
            select m.item_id as item_id, m.to_place_id as place_id, m.lot_id as lot_id,
                m.quantity as quantity
            from stock_move as m
            join stock_place as p on p.company_id = m.company_id and p.id = m.to_place_id
            where m.company_id = $1 and p.kind in ('internal', 'transit')
            union all
            select m.item_id as item_id, m.from_place_id as place_id, m.lot_id as lot_id,
                -m.quantity as quantity
            from stock_move as m
            join stock_place as p on p.company_id = m.company_id and p.id = m.from_place_id
            where m.company_id = $1 and p.kind in ('internal', 'transit')
            union all
            select r.item_id as item_id, r.place_id as place_id, r.lot_id as lot_id,
                -r.on_hand as quantity
            from stock_row as r where r.company_id = $1
        ) as x group by item_id, place_id, lot_id having sum(quantity) <> 0";

    /// The days of a lot are counted back from its expiry.
    LOT_DAYS = "a lot's other days are there with its expiry, and never after it",
        "select l.id, l.code, l.expires_on, l.best_before, l.remove_by, l.alert_on
         from stock_lot as l
         where l.company_id = $1
            and (l.best_before > l.expires_on or l.remove_by > l.expires_on
                or l.alert_on > l.expires_on or (l.expires_on = '' and l.stated = 1)
                or (l.expires_on <> ''
                    and (l.best_before = '' or l.remove_by = '' or l.alert_on = '')))";

    /// I-04: what a row keeps is what its reservations keep, never more than is there.
    RESERVED_IS_RESERVATIONS = "I-04 reserved is the sum of live reservations",
        "select item_id, place_id, lot_id, cast(sum(quantity) as {i64}) as difference from (
            select v.item_id as item_id, v.place_id as place_id, v.lot_id as lot_id,
                v.quantity as quantity
            from stock_reservation as v where v.company_id = $1
            union all
            select r.item_id as item_id, r.place_id as place_id, r.lot_id as lot_id,
                -r.reserved as quantity
            from stock_row as r where r.company_id = $1
        ) as x group by item_id, place_id, lot_id having sum(quantity) <> 0";

    /// I-04, the bound.
    RESERVED_WITHIN = "I-04 reserved is never more than on hand, where negative stock is not allowed",
        "select item_id, place_id, lot_id, on_hand, reserved from stock_row
         where company_id = $1 and reserved > on_hand
            and not exists (select 1 from identity_policy as p where p.company_id = $1
                and p.name = 'negative_stock' and p.value = 'allowed')";

    /// I-05 at every position of history: each side keeps its balance after the move.
    NEVER_BELOW_ZERO = "I-05 no row was ever below zero, where negative stock is not allowed",
        "select m.id, m.item_id, m.from_after from stock_move as m
         join stock_place as p on p.company_id = m.company_id and p.id = m.from_place_id
         where m.company_id = $1 and p.kind in ('internal', 'transit') and m.from_after < 0
            and not exists (select 1 from identity_policy as q where q.company_id = $1
                and q.name = 'negative_stock' and q.value = 'allowed')";

    /// The positions of a row's history run without gap or twin, so no move can be lost.
    POSITIONS_RUN = "I-05 the positions in a row's history run from 1 without gap or twin",
        "select item_id, place_id, lot_id, count(*) as moves, max(seq) as last from (
            select m.item_id as item_id, m.to_place_id as place_id, m.lot_id as lot_id,
                m.to_seq as seq
            from stock_move as m where m.company_id = $1 and m.to_seq > 0
            union all
            select m.item_id as item_id, m.from_place_id as place_id, m.lot_id as lot_id,
                m.from_seq as seq
            from stock_move as m where m.company_id = $1 and m.from_seq > 0
        ) as x group by item_id, place_id, lot_id
        having count(*) <> max(seq) or count(*) <> count(distinct seq)";

    /// I-07: what is promised and not marked as a back-order is kept or gone.
    NO_OVERSELL = "I-07 a demand without back-order is fully reserved, shipped or cancelled",
        "select m.id, m.owner_kind, m.owner_id, m.quantity from stock_demand as m
         where m.company_id = $1 and m.back_order = 0
            and m.quantity <> m.reserved + m.shipped + m.cancelled";

    /// A demand's reserved quantity is what its reservations keep.
    DEMAND_IS_RESERVATIONS = "I-04 a demand's reserved quantity is the sum of its reservations",
        "select demand_id, cast(sum(quantity) as {i64}) as difference from (
            select v.demand_id as demand_id, v.quantity as quantity
            from stock_reservation as v where v.company_id = $1
            union all
            select m.id as demand_id, -m.reserved as quantity
            from stock_demand as m where m.company_id = $1
        ) as x group by demand_id having sum(quantity) <> 0";

    /// I-09: what is taken back is never more than what was done.
    REVERSALS_WITHIN = "I-09 a move is never reversed beyond its quantity",
        "select o.id, o.quantity, cast(sum(b.quantity) as {i64}) as back from stock_move as b
         join stock_move as o on o.company_id = b.company_id and o.id = b.reverses_id
         where b.company_id = $1 and b.reverses_id <> 0
         group by o.id, o.quantity having sum(b.quantity) > o.quantity";

    /// I-13, across the floors: layers carry exactly the goods that lie at valued places.
    LAYERS_ARE_GOODS = "I-13 valued quantity is on hand, by item, pool and class",
        "select item_id, pool_id, class, cast(sum(quantity) as {i64}) as difference from (
            select r.item_id as item_id, p.pool_id as pool_id, p.class as class,
                r.on_hand as quantity
            from stock_row as r
            join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
            where r.company_id = $1 and p.class <> 'consigned'
            union all
            select s.item_id as item_id, s.pool_id as pool_id, s.class as class,
                -s.quantity as quantity
            from valuation_standing as s where s.company_id = $1
        ) as x group by item_id, pool_id, class having sum(quantity) <> 0";

    /// Moves and entries tell the same day.
    MOVES_ARE_BOOKED = "a move's entry was posted on the move's day",
        "select m.id, m.posted_on, e.posted_on from stock_move as m
         join accounting_entry as e on e.company_id = m.company_id and e.id = m.entry_id
         where m.company_id = $1 and m.entry_id <> 0 and e.posted_on <> m.posted_on";

    /// What a transfer's line says happened is what its dispatches and arrivals say.
    TRANSFER_LINES_ARE_STEPS = "a transfer's line is the sum of its dispatches and arrivals",
        "select line_id, cast(sum(sent) as {i64}) as sent, cast(sum(accepted) as {i64}) as accepted,
            cast(sum(quarantined) as {i64}) as quarantined, cast(sum(missing) as {i64}) as missing,
            cast(sum(returned) as {i64}) as returned from (
            select l.id as line_id, l.sent as sent, l.accepted as accepted,
                l.quarantined as quarantined, l.missing as missing, l.returned as returned
            from stock_transfer_line as l where l.company_id = $1
            union all
            select d.transfer_line_id, -d.quantity, 0, 0, 0, 0
            from stock_dispatch_line as d where d.company_id = $1
            union all
            select a.transfer_line_id, 0,
                case when a.outcome = 'accepted' then -a.quantity else 0 end,
                case when a.outcome = 'quarantine' then -a.quantity else 0 end,
                case when a.outcome = 'missing' then -a.quantity else 0 end,
                case when a.outcome = 'returned' then -a.quantity else 0 end
            from stock_arrival_line as a where a.company_id = $1
        ) as x group by line_id
        having sum(sent) <> 0 or sum(accepted) <> 0 or sum(quarantined) <> 0
            or sum(missing) <> 0 or sum(returned) <> 0";

    /// What is under way, by dispatch: what left less what was accounted for.
    UNDER_WAY_IS_OPEN = "what is under way of a dispatch is what left less what was accounted for",
        "select line_id, cast(sum(quantity) as {i64}) as difference from (
            select d.id as line_id, d.quantity - d.open_quantity as quantity
            from stock_dispatch_line as d where d.company_id = $1
            union all
            select a.dispatch_line_id, -a.quantity
            from stock_arrival_line as a where a.company_id = $1
        ) as x group by line_id having sum(quantity) <> 0";

    /// Goods in transit by the moves of transfers are the open lines of dispatches.
    TRANSIT_IS_UNDER_WAY = "I-11 goods that transfers brought into transit are what is under way",
        "select item_id, lot_id, cast(sum(quantity) as {i64}) as difference from (
            select m.item_id as item_id, m.lot_id as lot_id, m.quantity as quantity
            from stock_move as m where m.company_id = $1 and m.source_kind = 'dispatch'
            union all
            select m.item_id, m.lot_id, -m.quantity
            from stock_move as m where m.company_id = $1 and m.source_kind = 'arrival'
            union all
            select d.item_id, d.lot_id, -d.open_quantity
            from stock_dispatch_line as d where d.company_id = $1
        ) as x group by item_id, lot_id having sum(quantity) <> 0";

    /// What a transfer still plans is wanted at one end and expected at the other.
    TRANSFERS_ARE_PLANNED = "what a transfer plans is wanted at one end and expected at the other",
        "select line_id, cast(sum(wanted) as {i64}) as wanted,
            cast(sum(expected) as {i64}) as expected from (
            select l.id as line_id, l.quantity - l.sent - l.cancelled as wanted,
                l.quantity - l.cancelled - l.accepted - l.quarantined - l.missing - l.returned
                    as expected
            from stock_transfer_line as l where l.company_id = $1
            union all
            select m.line_id, m.shipped + m.cancelled - m.quantity, 0
            from stock_demand as m where m.company_id = $1 and m.owner_kind = 'transfer'
            union all
            select e.source_id, 0, -e.open_quantity
            from stock_expectation as e
            where e.company_id = $1 and e.source_kind = 'transfer_line'
        ) as x group by line_id having sum(wanted) <> 0 or sum(expected) <> 0";

    /// A transfer's state follows from its lines.
    TRANSFER_STATES = "a transfer stands where its lines say",
        "select t.id, t.state from stock_transfer as t
         join (select l.transfer_id, sum(l.sent) as sent,
                sum(l.quantity - l.cancelled - l.accepted - l.quarantined - l.missing - l.returned)
                    as open_quantity
             from stock_transfer_line as l where l.company_id = $1 group by l.transfer_id
         ) as s on s.transfer_id = t.id
         where t.company_id = $1 and t.state <> case
            when s.open_quantity > 0 and s.sent > 0 then 'under_way'
            when s.open_quantity > 0 then 'planned'
            when s.sent > 0 then 'closed' else 'cancelled' end";

    /// No more of a document is put away than it brought.
    PUT_AWAY_WITHIN = "of a document no more is put away than it brought",
        "select of_kind, of_id, item_id, lot_id, place_id, cast(sum(quantity) as {i64}) as beyond
         from (
            select a.of_kind as of_kind, a.of_id as of_id, m.item_id as item_id,
                m.lot_id as lot_id, m.from_place_id as place_id, m.quantity as quantity
            from stock_putaway as a
            join stock_move as m on m.company_id = a.company_id and m.source_kind = 'putaway'
                and m.source_id = a.id
            where a.company_id = $1 and a.of_kind <> ''
            union all
            select m.source_kind, m.source_id, m.item_id, m.lot_id, m.to_place_id, -m.quantity
            from stock_move as m
            where m.company_id = $1 and exists (select 1 from stock_putaway as a
                where a.company_id = m.company_id and a.of_kind = m.source_kind
                    and a.of_id = m.source_id)
         ) as x group by of_kind, of_id, item_id, lot_id, place_id having sum(quantity) > 0";
    /// What an adjustment says is what moved for it.
    ADJUSTMENTS_MOVED = "a booked adjustment's lines are its moves, and one that is not booked moved nothing",
        "select l.adjustment_id, l.line, l.quantity, a.state from stock_adjustment_line as l
         join stock_adjustment as a on a.company_id = l.company_id and a.id = l.adjustment_id
         left join stock_move as m on m.company_id = l.company_id and m.id = l.move_id
         where l.company_id = $1 and (
            (a.state = 'booked' and (m.id is null or m.source_kind <> 'adjustment'
                or m.source_id <> a.id or m.item_id <> l.item_id or m.lot_id <> l.lot_id
                or (l.quantity > 0 and (m.quantity <> l.quantity or m.to_place_id <> l.place_id))
                or (l.quantity < 0 and (m.quantity <> -l.quantity
                    or m.from_place_id <> l.place_id))))
            or (a.state <> 'booked' and l.move_id <> 0))";

    /// Nobody agrees to his own adjustment.
    ANOTHER_AGREED = "an adjustment beyond a limit was agreed to by another person",
        "select a.id, a.number, a.user_id from stock_adjustment as a
         where a.company_id = $1 and a.state = 'booked' and a.beyond = 1 and a.source_kind = ''
            and (a.approved_by = 0 or a.approved_by = a.user_id)";

    /// What must be explained has somebody who does it.
    UNEXPLAINED_OWNED = "an unexplained difference was booked, and has an owner until it is explained",
        "select u.adjustment_id, u.line, u.owner_id from stock_unexplained as u
         join stock_adjustment as a on a.company_id = u.company_id and a.id = u.adjustment_id
         where u.company_id = $1 and (a.state <> 'booked'
            or (u.explained_at = 0 and u.reason_id <> 0)
            or (u.explained_at <> 0 and u.reason_id = 0))";
}
