//! What must hold of returns, refunds and claims.

store::checks! {
    /// What came back is what moved.
    RECEIVED_IS_MOVED = "what came back of a return is what was moved for it",
        "select g.id, g.return_id, g.quantity, m.quantity from quality_goods as g
         left join stock_move as m on m.company_id = g.company_id and m.id = g.move_id
         where g.company_id = $1 and (m.id is null or m.quantity <> g.quantity
            or m.value <> g.value or m.item_id <> g.item_id or m.source_kind <> 'customer_return'
            or m.reverses_id <> g.of_move_id)";

    /// And nothing else was.
    MOVED_IS_RECEIVED = "every move of a return brought goods that are known",
        "select m.id, m.source_id from stock_move as m
         where m.company_id = $1 and m.source_kind = 'customer_return' and not exists (
            select 1 from quality_goods as g
            where g.company_id = m.company_id and g.return_id = m.source_id and g.move_id = m.id)";

    /// Nobody brings back what did not leave.
    BACK_WITHIN_MOVE = "what came back of a move is never more than left by it",
        "select g.of_move_id, m.quantity, cast(sum(g.quantity) as {i64}) as back
         from quality_goods as g
         join stock_move as m on m.company_id = g.company_id and m.id = g.of_move_id
         where g.company_id = $1 and g.of_move_id <> 0
         group by g.of_move_id, m.quantity having sum(g.quantity) > m.quantity";

    /// An order's line and its returns say the same.
    RETURNED_IS_RECEIVED = "what an order's line says came back is what its returns received and did not send again",
        "select order_id, line, cast(sum(quantity) as {i64}) as off from (
            select r.order_id as order_id, l.order_line as line, l.received as quantity
            from quality_return as r
            join quality_return_line as l on l.company_id = r.company_id and l.return_id = r.id
            where r.company_id = $1 and r.order_id is not null
            union all
            select r.order_id as order_id, l.order_line as line, -g.back as quantity
            from quality_return as r
            join quality_return_line as l on l.company_id = r.company_id and l.return_id = r.id
            join quality_goods as g on g.company_id = l.company_id and g.return_id = r.id
                and g.line_id = l.id
            where r.company_id = $1 and r.order_id is not null
            union all
            select l.order_id as order_id, l.line as line, -l.returned as quantity
            from sales_line as l where l.company_id = $1 and l.returned <> 0
         ) as x group by order_id, line having sum(quantity) <> 0";

    /// More is never authorized than left.
    EXPECTED_WITHIN_SHIPPED = "what came back and is expected back of a line is never more than was shipped",
        "select x.order_id, x.order_line, l.shipped, l.returned, x.expected
         from (select r.order_id as order_id, k.order_line as order_line,
                cast(sum(k.quantity - k.received - k.closed) as {i64}) as expected
            from quality_return as r
            join quality_return_line as k on k.company_id = r.company_id and k.return_id = r.id
            where r.company_id = $1 and r.order_id is not null
            group by r.order_id, k.order_line) as x
         join sales_line as l on l.company_id = $1 and l.order_id = x.order_id
            and l.line = x.order_line
         where l.returned + x.expected > l.shipped";

    /// What is decided on is what decisions say.
    DECIDED_IS_DISPOSITIONS = "what is decided on of goods is the sum of their dispositions",
        "select id, cast(sum(decided) as {i64}) as decided, cast(sum(back) as {i64}) as back from (
            select g.id as id, g.decided as decided, g.back as back
            from quality_goods as g where g.company_id = $1
            union all
            select d.goods_id as id, -d.quantity as decided,
                case when d.outcome = 'back_to_customer' then -d.quantity else 0 end as back
            from quality_disposition as d where d.company_id = $1
         ) as x group by id having sum(decided) <> 0 or sum(back) <> 0";

    /// Every decision moved its goods.
    DISPOSED_IS_MOVED = "what was decided on was moved, at its value",
        "select d.id, d.line from quality_disposition as d
         left join stock_move as m on m.company_id = d.company_id and m.id = d.move_id
         where d.company_id = $1 and (m.id is null or m.quantity <> d.quantity
            or m.value <> d.value or m.source_kind <> 'disposition')";

    /// What waits for a decision lies there, but for what was counted away.
    UNDECIDED_IS_THERE = "goods that wait for a decision lie at their place, but for what was adjusted or returned to suppliers there",
        "with beyond as materialized (
            select x.item_id, x.place_id, x.lot_id, x.undecided,
                coalesce(r.on_hand, 0) as on_hand
            from (select g.item_id as item_id, g.place_id as place_id, g.lot_id as lot_id,
                    cast(sum(g.quantity - g.decided) as {i64}) as undecided
                from quality_goods as g where g.company_id = $1
                group by g.item_id, g.place_id, g.lot_id) as x
            left join stock_row as r on r.company_id = $1 and r.item_id = x.item_id
                and r.place_id = x.place_id and r.lot_id = x.lot_id
            where x.undecided > coalesce(r.on_hand, 0))
         select b.item_id, b.place_id, b.lot_id, b.undecided, b.on_hand from beyond as b
         where not exists (select 1 from stock_move as m where m.company_id = $1
            and m.item_id = b.item_id and m.from_place_id = b.place_id
            and m.source_kind not in ('disposition'))";

    /// What is expected is what returns still wait for.
    EXPECTED_IS_EXPECTED = "a line of a return from which nothing is expected has no open expectation",
        "select l.return_id, l.line, e.item_id, e.open_quantity from quality_return_line as l
         join stock_expectation as e on e.company_id = l.company_id
            and e.source_kind = 'customer_return_line' and e.source_id = l.id
         where l.company_id = $1 and e.open_quantity > 0
            and l.quantity = l.received + l.closed";

    /// What is refunded is what refunds say.
    REFUNDED_IS_REFUNDS = "what is refunded of a return's line is the sum of its refunds",
        "select return_id, line, cast(sum(quantity) as {i64}) as off from (
            select f.return_id as return_id, k.line as line, k.quantity as quantity
            from quality_refund as f
            join quality_refund_line as k on k.company_id = f.company_id and k.refund_id = f.id
            where f.company_id = $1 and f.return_id is not null and f.state = 'decided'
            union all
            select l.return_id as return_id, l.line as line, -l.refunded as quantity
            from quality_return_line as l where l.company_id = $1
         ) as x group by return_id, line having sum(quantity) <> 0";

    /// A refund is its credit note.
    REFUND_IS_NOTE = "I-16 a decided refund comes to its credit note",
        "select f.id, f.number from quality_refund as f
         left join sales_credit_note as n on n.company_id = f.company_id
            and n.id = f.credit_note_id
         where f.company_id = $1 and f.state = 'decided' and (n.id is null or n.net <> f.net
            or n.tax <> f.tax or n.receivable <> f.receivable or n.source_kind <> 'refund'
            or n.source_id <> f.id)";

    /// What refunds opened, the books owe.
    REFUND_IS_OPENED = "a decided refund opened what it owes on refunds payable, no other opened anything",
        "select x.id, cast(sum(x.amount) as {i64}) as off from (
            select f.id as id, case when f.state = 'decided' then f.gross - f.receivable else 0 end
                as amount
            from quality_refund as f where f.company_id = $1
            union all
            select l.open_source_id as id, l.debit - l.credit as amount
            from accounting_entry_line as l
            join accounting_entry as e on e.company_id = l.company_id and e.id = l.entry_id
                and e.source_kind = 'credit_note'
            where l.company_id = $1 and l.open_kind = 'refund'
         ) as x group by x.id having sum(x.amount) <> 0";

    /// What suppliers owe is what open claims say.
    CLAIMS_ARE_OPEN = "I-16 supplier claims owes what open claims are about, claim by claim",
        "select id, cast(sum(amount) as {i64}) as off from (
            select c.id as id, c.amount as amount from quality_claim as c
            where c.company_id = $1 and c.state = 'open'
            union all
            select t.source_id as id, -t.amount as amount from accounting_open_item as t
            join accounting_account as a on a.company_id = t.company_id and a.id = t.account_id
                and a.role = 'supplier_claims'
            where t.company_id = $1 and t.kind = 'claim'
         ) as x group by id having sum(amount) <> 0";

    /// Nobody claims more than came.
    CLAIMED_WITHIN = "what is claimed of a receipt's line is never more than came",
        "select c.receipt_line_id, k.quantity, cast(sum(c.quantity) as {i64}) as claimed
         from quality_claim as c
         join purchasing_receipt_line as k on k.company_id = c.company_id
            and k.id = c.receipt_line_id
         where c.company_id = $1 group by c.receipt_line_id, k.quantity
         having sum(c.quantity) > k.quantity";

    /// Nobody decides on more than is there.
    INSPECTED_WITHIN = "what is decided of a receipt's goods in quarantine is never more than came there",
        "select q.receipt_line_id, k.quantity, cast(sum(q.quantity) as {i64}) as decided
         from quality_inspection as q
         left join purchasing_receipt_line as k on k.company_id = q.company_id
            and k.id = q.receipt_line_id and k.inspect_to <> 0
         where q.company_id = $1 and (q.move_id <> 0 or q.result = 'gone')
         group by q.receipt_line_id, k.quantity
         having sum(q.quantity) > coalesce(k.quantity, 0)";

    /// What is decided has moved.
    INSPECTED_IS_MOVED = "what was decided of goods in quarantine is what was moved for it, with its claim",
        "select q.id, q.line, q.quantity, m.quantity, q.value, m.value as moved
         from quality_inspection as q
         left join stock_move as m on m.company_id = q.company_id and m.id = q.move_id
         where q.company_id = $1 and q.move_id <> 0
            and (m.id is null or m.item_id <> q.item_id or m.quantity <> q.quantity
                or m.value <> q.value or m.to_place_id <> q.place_id
                or (q.disposition = 'supplier_claim') <> (q.claim_id <> 0)
                or not ((m.source_kind = 'inspection' and m.source_id = q.id)
                    or (m.source_kind = 'claim' and m.source_id = q.claim_id)))";

    /// And nothing else did.
    MOVED_IS_INSPECTED = "every move of an inspection is a decision that is known",
        "select m.id, m.source_id from stock_move as m
         where m.company_id = $1 and m.source_kind = 'inspection' and not exists (
            select 1 from quality_inspection as q
            where q.company_id = m.company_id and q.id = m.source_id and q.move_id = m.id)";

    /// What waits is where nobody can promise it.
    WAITING_IS_QUARANTINED = "goods that wait for an inspection came into a place of class quarantine",
        "select k.id, k.receipt_id, k.place_id from purchasing_receipt_line as k
         left join stock_move as m on m.company_id = k.company_id and m.id = k.move_id
         left join stock_place as p on p.company_id = m.company_id and p.id = m.to_place_id
         where k.company_id = $1 and k.inspect_to <> 0
            and (k.outcome <> 'quarantine' or p.id is null or p.class <> 'quarantine')";

    /// What failed before its receipt is kept out, what passed is not.
    FAILED_IS_HELD = "goods are held back as long as an inspection of them before their receipt is failed",
        "select a.id, a.number, a.state, h.id as hold_id from quality_advance as a
         left join stock_expected_hold as h on h.company_id = a.company_id and h.id = a.hold_id
            and h.source_id = a.order_line_id and h.lifted_at is null
         where a.company_id = $1 and (a.state = 'failed') <> (h.id is not null)";

    /// The state follows from what was measured, until somebody lets the goods in.
    READINGS_ARE_JUDGED = "an inspection before the receipt fails when a reading is outside its limits, and only then",
        "select a.id, a.number, a.state from quality_advance as a
         where a.company_id = $1 and (a.hold_id <> 0) <> exists (
            select 1 from quality_reading as r
            where r.company_id = a.company_id and r.advance_id = a.id
                and (r.reading < coalesce(r.lower, r.reading)
                    or r.reading > coalesce(r.upper, r.reading)))";
}
