//! What must hold of orders, receipts and bills, each as a statement that finds the breaches.

store::checks! {
    /// I-08, from receipts to the line.
    RECEIVED_IS_RECEIPTS = "I-08 received is what had come at the opening and the sum of receipts less returns",
        "select line_id, cast(sum(quantity) as {i64}) as off from (
            select p.line_id as line_id, p.received as quantity
            from purchasing_opened_line as p where p.company_id = $1
            union all
            select r.line_id as line_id, r.quantity as quantity
            from purchasing_receipt_line as r where r.company_id = $1 and r.outcome <> 'refused'
            union all
            select b.line_id as line_id, -b.quantity as quantity
            from purchasing_return_line as b where b.company_id = $1
            union all
            select l.id as line_id, -l.received as quantity
            from purchasing_line as l where l.company_id = $1
        ) as x group by line_id having sum(quantity) <> 0";

    /// I-08, from receipts to moves.
    RECEIPTS_ARE_MOVES = "I-08 a receipt's or return's line is one done move of its quantity and value, of the shipment where goods went straight to a customer",
        "select r.id, r.quantity, r.value, m.quantity as moved, m.value as moved_value
         from purchasing_receipt_line as r
         left join stock_move as m on m.company_id = r.company_id and m.id = r.move_id
             and ((m.source_kind = 'receipt' and m.source_id = r.receipt_id and m.line_id = r.id)
                 or (m.source_kind = 'shipment' and m.to_place_id = r.place_id))
         where r.company_id = $1 and r.outcome <> 'refused'
             and (m.id is null or m.quantity <> r.quantity or m.value <> r.value)
         union all
         select b.id, b.quantity, b.value, m.quantity as moved, m.value as moved_value
         from purchasing_return_line as b
         left join stock_move as m on m.company_id = b.company_id and m.id = b.move_id
             and m.source_kind = 'purchase_return' and m.source_id = b.return_id
             and m.line_id = b.id
         where b.company_id = $1
             and (m.id is null or m.quantity <> b.quantity or m.value <> b.value)";

    /// I-08, the other way round.
    MOVES_ARE_RECEIPTS = "I-08 every move of a receipt or return belongs to a line of it",
        "select m.id, m.source_kind, m.source_id from stock_move as m
         where m.company_id = $1 and m.source_kind = 'receipt' and not exists (
             select 1 from purchasing_receipt_line as r
             where r.company_id = m.company_id and r.id = m.line_id and r.move_id = m.id)
         union all
         select m.id, m.source_kind, m.source_id from stock_move as m
         where m.company_id = $1 and m.source_kind = 'purchase_return' and not exists (
             select 1 from purchasing_return_line as b
             where b.company_id = m.company_id and b.id = m.line_id and b.move_id = m.id)";

    /// I-08, the bound. The tolerance is the company's as it stands; what was confirmed beyond it is
    /// marked on the receipt. One unit is left for the rounding of the tolerance.
    RECEIVED_WITHIN = "I-08 more is received than the tolerance allows only where somebody confirmed it, or before the opening",
        "select l.id, l.stock_quantity, l.received from purchasing_line as l
         where l.company_id = $1 and l.received > l.stock_quantity
             + l.stock_quantity / 100 * (select coalesce(max(cast(p.value as {i64})), 0)
                 from identity_policy as p
                 where p.company_id = $1 and p.name = 'receipt_tolerance_percent') + 1000000
             and not exists (select 1 from purchasing_receipt_line as r
                 where r.company_id = l.company_id and r.line_id = l.id and r.over = 1)
             and not exists (select 1 from purchasing_opened_line as p
                 where p.company_id = l.company_id and p.line_id = l.id
                     and p.received > l.stock_quantity)";

    /// A line's billed quantity is what its bills say.
    BILLED_IS_BILLS = "I-15 billed is what was billed before the opening and the sum of the bills' lines",
        "select line_id, cast(sum(quantity) as {i64}) as off from (
            select p.line_id as line_id, p.billed as quantity
            from purchasing_opened_line as p where p.company_id = $1
            union all
            select b.line_id as line_id, b.quantity as quantity
            from purchasing_bill_line as b where b.company_id = $1 and b.line_id <> 0
            union all
            select l.id as line_id, -l.billed as quantity
            from purchasing_line as l where l.company_id = $1
        ) as x group by line_id having sum(quantity) <> 0";

    /// What waits is what was received less what was billed, on one side only.
    WAITING_IS_DIFFERENCE = "I-15 received less billed is what waits for its bill or its goods",
        "select id, received, billed, grni_quantity, ahead_quantity from purchasing_line
         where company_id = $1 and (received - billed <> grni_quantity - ahead_quantity
             or (grni_quantity > 0 and ahead_quantity > 0))";

    /// A line of which nothing waits is exactly zero.
    MATCHED_IS_ZERO = "I-15 a line that is fully received and billed has nothing open",
        "select id, grni_value, grni_foreign, ahead_value, ahead_foreign from purchasing_line
         where company_id = $1
             and ((grni_quantity = 0 and (grni_value <> 0 or grni_foreign <> 0))
                 or (ahead_quantity = 0 and (ahead_value <> 0 or ahead_foreign <> 0)))";

    /// I-15, GRNI: the books' open items, from the lines' side and from the books' side.
    GRNI_IS_LINES = "I-15 goods received, not invoiced is open by line with the line's value",
        "select source_id, cast(sum(amount) as {i64}) as off from (
            select o.source_id as source_id, o.amount as amount from accounting_open_item as o
            join accounting_account as a on a.company_id = o.company_id and a.id = o.account_id
            where o.company_id = $1 and a.role = 'grni' and o.kind = 'purchase_line'
            union all
            select l.id as source_id, l.grni_value as amount
            from purchasing_line as l where l.company_id = $1
        ) as x group by source_id having sum(amount) <> 0";

    /// The same for goods billed, not received.
    AHEAD_IS_LINES = "I-15 goods billed, not received is open by line with the line's value",
        "select source_id, cast(sum(amount) as {i64}) as off from (
            select o.source_id as source_id, o.amount as amount from accounting_open_item as o
            join accounting_account as a on a.company_id = o.company_id and a.id = o.account_id
            where o.company_id = $1 and a.role = 'billed_not_received'
                and o.kind = 'purchase_line'
            union all
            select l.id as source_id, -l.ahead_value as amount
            from purchasing_line as l where l.company_id = $1
        ) as x group by source_id having sum(amount) <> 0";

    /// Stock expects what is due, and nothing else.
    EXPECTED_IS_DUE = "what stock expects of an order's line is what is due of it",
        "select l.id, l.stock_quantity, l.received, e.open_quantity from purchasing_line as l
         join purchasing_order as o on o.company_id = l.company_id and o.id = l.order_id
         left join stock_expectation as e on e.company_id = l.company_id
             and e.source_kind = 'purchase_line' and e.source_id = l.id
             and e.item_id = l.item_id and e.incoming = 1
         where l.company_id = $1 and coalesce(e.open_quantity, 0) <> case
             when o.state in ('approved', 'sent', 'acknowledged') and l.closed_short = 0
                 and l.stock_quantity > l.received + l.returned
             then l.stock_quantity - l.received - l.returned else 0 end";

    /// A bill is owed as it says, in the entry that booked it.
    BILL_IS_OWED = "I-16 a bill's entry owes what the bill comes to",
        "select b.id, b.number, b.total_home from purchasing_bill as b
         join accounting_entry as e on e.company_id = b.company_id and e.id = b.entry_id
             and e.reverses_id = 0
         where b.company_id = $1 and b.total_home <> (
             select cast(coalesce(sum(l.credit - l.debit), 0) as {i64})
             from accounting_entry_line as l
             join accounting_account as a on a.company_id = l.company_id and a.id = l.account_id
                 and a.role = 'payable'
             where l.company_id = b.company_id and l.entry_id = b.entry_id
                 and l.open_kind = 'bill' and l.open_source_id = b.id)";

    /// A bill adds up.
    BILL_ADDS_UP = "a bill is the sum of its lines",
        "select b.id, b.net, b.tax from purchasing_bill as b
         join purchasing_bill_line as l on l.company_id = b.company_id and l.bill_id = b.id
         where b.company_id = $1 group by b.id, b.net, b.tax
         having b.net <> sum(l.net) or b.tax <> sum(l.tax)";

    /// An order adds up.
    ORDER_ADDS_UP = "an order is the sum of its lines",
        "select o.id, o.total from purchasing_order as o
         join purchasing_line as l on l.company_id = o.company_id and l.order_id = o.id
         where o.company_id = $1 group by o.id, o.total having o.total <> sum(l.net)";

    /// A bill with a line that differs is not ready to be paid.
    MISMATCH_IS_MARKED = "a bill with a line that differs is marked as a mismatch",
        "select b.id, b.state from purchasing_bill as b
         where b.company_id = $1 and (b.state = 'mismatch') <> exists (
             select 1 from purchasing_bill_line as l
             where l.company_id = b.company_id and l.bill_id = b.id
                 and l.state in ('quantity_mismatch', 'price_mismatch'))";
}
