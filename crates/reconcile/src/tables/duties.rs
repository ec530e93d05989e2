//! What the report on the segregation of duties reads: who did two things that two people should do.
//! Each answers with who, the kind of record, the record, its number and when both were done; $2 and $3
//! are the moments between which the second was.

store::statements! {
    /// Asked for an approval and gave it, in whatever name.
    ASKED_AND_APPROVED = "select y.decided_by, a.kind, a.subject_id, a.number,
            a.requested_at, y.decided_at
        from identity_approval_yes as y
        join identity_approval as a on a.company_id = y.company_id and a.id = y.approval_id
        where y.company_id = $1 and y.decided_at between $2 and $3
            and (y.decided_by = a.requested_by or y.in_name_of = a.requested_by)";

    /// Wrote an order to a supplier and approved it.
    CREATED_AND_APPROVED = "select y.decided_by, 'purchase_order' as kind, o.id, o.number,
            o.created_at, y.decided_at
        from identity_approval_yes as y
        join identity_approval as a on a.company_id = y.company_id and a.id = y.approval_id
            and a.kind = 'purchase_order'
        join purchasing_order as o on o.company_id = a.company_id and o.id = a.subject_id
        where y.company_id = $1 and y.decided_at between $2 and $3
            and (y.decided_by = o.created_by or y.in_name_of = o.created_by)";

    /// Wrote an order to a supplier and received its goods.
    CREATED_AND_RECEIVED = "select r.user_id, 'receipt' as kind, r.id, o.number,
            o.created_at, r.recorded_at
        from purchasing_receipt as r
        join purchasing_order as o on o.company_id = r.company_id and o.id = r.order_id
        where r.company_id = $1 and r.recorded_at between $2 and $3 and r.user_id = o.created_by";

    /// Received goods and billed them.
    RECEIVED_AND_BILLED = "select b.user_id, 'bill' as kind, b.id, b.number,
            min(r.recorded_at) as first_at, b.recorded_at
        from purchasing_bill as b
        join purchasing_bill_line as l on l.company_id = b.company_id and l.bill_id = b.id
        join purchasing_receipt as r on r.company_id = l.company_id and r.order_id = l.order_id
            and r.user_id = b.user_id
        where b.company_id = $1 and b.kind = 'bill' and b.recorded_at between $2 and $3
        group by b.user_id, b.id, b.number, b.recorded_at";

    /// Entered a supplier's bill and paid it.
    BILLED_AND_PAID = "select p.user_id, 'payment' as kind, p.id, p.number,
            min(b.recorded_at) as first_at, p.recorded_at
        from payments_payment as p
        join payments_allocation as l on l.company_id = p.company_id and l.payment_id = p.id
            and l.open_kind = 'bill'
        join purchasing_bill as b on b.company_id = l.company_id and b.id = l.open_id
            and b.user_id = p.user_id
        where p.company_id = $1 and p.kind = 'pay' and p.recorded_at between $2 and $3
        group by p.user_id, p.id, p.number, p.recorded_at";

    /// Asked for or confirmed bank details that held, and paid the partner after.
    BANK_CHANGED_AND_PAID = "select p.user_id, 'payment' as kind, p.id, p.number,
            max(c.requested_at) as first_at, p.recorded_at
        from payments_payment as p
        join partners_bank_change as c on c.company_id = p.company_id
            and c.partner_id = p.partner_id and c.state = 'in_force'
            and c.decided_at <= p.recorded_at
            and (c.requested_by = p.user_id or c.decided_by = p.user_id)
        where p.company_id = $1 and p.kind in ('pay', 'pay_deposit')
            and p.recorded_at between $2 and $3
        group by p.user_id, p.id, p.number, p.recorded_at";

    /// Counted a line of a sheet and approved the sheet.
    COUNTED_AND_APPROVED = "select c.closed_by, 'count' as kind, c.id, c.number,
            min(e.recorded_at) as first_at, max(a.recorded_at) as second_at
        from counting_count as c
        join counting_line as l on l.company_id = c.company_id and l.count_id = c.id
        join counting_entry as e on e.company_id = l.company_id and e.line_id = l.id
            and e.kind = 'count' and e.user_id = c.closed_by
        join stock_adjustment as a on a.company_id = c.company_id and a.id = c.adjustment_id
        where c.company_id = $1 and c.approved = 1 and a.recorded_at between $2 and $3
        group by c.closed_by, c.id, c.number";

    /// The logins and names of users.
    USER_NAMES = "select u.id, u.login, u.display_name from identity_user as u
        where u.id in (select d.id from {rows:d(id)})";
}
