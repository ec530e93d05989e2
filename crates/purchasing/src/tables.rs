//! All SQL of buying: the statements here, the functions that read and write with them below.

mod bills;
mod offers;
mod orders;
mod receipts;
mod reports;

pub(crate) use bills::*;
pub(crate) use offers::*;
pub(crate) use orders::*;
pub(crate) use receipts::*;
pub(crate) use reports::{OPEN_GOODS, OPEN_LINES, PROMISES_OF_LINES, RECEIVABLE_GOODS, STILL_DUE};

use base::Day;
use store::{Row, StoreError};

/// What of a line `y` of a return `r`, of the order's line `l`, still waits for a credit note or for other
/// goods: returns of a line are credited in the order in which they were made.
macro_rules! return_waits {
    () => {
        "{least}(y.quantity - y.grni_quantity, l.ahead_quantity, {greatest}(0,
            (select sum(e.quantity - e.grni_quantity) from purchasing_return_line as e
                join purchasing_return as g on g.company_id = e.company_id and g.id = e.return_id
                where e.company_id = y.company_id and e.line_id = y.line_id
                    and (g.recorded_at < r.recorded_at
                        or (g.recorded_at = r.recorded_at and g.id <= r.id)))
            - coalesce((select sum(abs(b.quantity)) from purchasing_bill_line as b
                join purchasing_bill as n on n.company_id = b.company_id and n.id = b.bill_id
                where b.company_id = y.company_id and b.line_id = y.line_id
                    and n.kind = 'credit_note' and n.recorded_at >= (select min(h.recorded_at)
                        from purchasing_return_line as f
                        join purchasing_return as h
                            on h.company_id = f.company_id and h.id = f.return_id
                        where f.company_id = y.company_id and f.line_id = y.line_id)), 0)))"
    };
}

/// The columns of an order as [`orders::order_of`] reads them, from `purchasing_order as o`.
macro_rules! order_columns {
    () => {
        "select o.id, o.number, o.client_ref, o.partner_id, o.warehouse_id, o.currency,
            o.ordered_on, o.billing, o.state, o.revision, o.seq, o.note, o.total, o.sent_at,
            o.sent_to, o.acknowledged_on"
    };
}

/// The columns of an offer as [`offers::offer_of`] reads them, from `purchasing_offer as f`.
macro_rules! offer_columns {
    () => {
        "select f.id, f.partner_id, f.item_id, f.currency, f.unit, f.unit_numerator,
            f.unit_denominator, f.min_quantity, f.multiple, f.lead_days, f.from_on, f.to_on,
            f.price, f.discount, f.supplier_sku"
    };
}

/// Every statement of buying.
pub(crate) static ALL: [&store::Statement; COUNT + reports::COUNT] =
    store::statement::joined(&[STATEMENTS, reports::STATEMENTS]);

store::statements! {
    /// Offers of suppliers for items.
    OFFERS_OF = concat!(offer_columns!(), " from {rows:d(partner_id, item_id)}
        join purchasing_offer as f on f.company_id = $1 and f.partner_id = d.partner_id
            and f.item_id = d.item_id
        order by f.partner_id, f.item_id, f.min_quantity, f.from_on, f.id");

    /// Adds offers, or gives an offer of the same key its new terms.
    UPSERT_OFFERS = "insert into purchasing_offer
            (company_id, id, partner_id, item_id, currency, unit, unit_numerator, unit_denominator,
             min_quantity, multiple, lead_days, from_on, to_on, price, discount, supplier_sku)
        select $1, d.id, d.partner_id, d.item_id, d.currency, d.unit, d.unit_numerator,
            d.unit_denominator, d.min_quantity, d.multiple, d.lead_days, d.from_on, d.to_on,
            d.price, d.discount, d.supplier_sku
        from {rows:d(id, partner_id, item_id, currency text, unit text, unit_numerator,
            unit_denominator, min_quantity, multiple, lead_days, from_on text, to_on text, price,
            discount, supplier_sku text)} where true
        on conflict (company_id, partner_id, item_id, currency, unit, min_quantity, from_on)
        do update set unit_numerator = excluded.unit_numerator,
            unit_denominator = excluded.unit_denominator, multiple = excluded.multiple,
            lead_days = excluded.lead_days, to_on = excluded.to_on, price = excluded.price,
            discount = excluded.discount, supplier_sku = excluded.supplier_sku";

    /// Offers for people, by item and supplier.
    LIST_OFFERS = "select f.id, p.code, i.sku, f.currency, f.unit, f.min_quantity, f.multiple,
            f.lead_days, f.from_on, f.to_on, f.price, f.discount, f.supplier_sku
        from purchasing_offer as f
        join partners_partner as p on p.company_id = f.company_id and p.id = f.partner_id
        join catalog_item as i on i.company_id = f.company_id and i.id = f.item_id
        where f.company_id = $1
            and (cast($2 as {text}) is null or p.code = cast($2 as {text}))
            and (cast($3 as {text}) is null or i.sku = cast($3 as {text}))
            and (i.sku > $4 or (i.sku = $4 and f.id > $5))
        order by i.sku, f.id limit $6";

    /// Orders that have these references of the client.
    ORDERS_BY_REF = "select o.client_ref, o.id, o.number, o.state, o.currency, o.total
        from {rows:d(client_ref text)}
        join purchasing_order as o on o.company_id = $1 and o.client_ref = d.client_ref
            and o.client_ref <> ''";

    /// Locks orders in the order of their ids.
    LOCK_ORDERS = concat!(order_columns!(), " from {rows:d(id)}
        join purchasing_order as o on o.company_id = $1 and o.id = d.id
        order by o.id {for_update:o}");

    /// The lines of orders.
    LINES_OF = "select l.id, l.order_id, l.line, l.item_id, l.quantity, l.unit, l.unit_numerator,
            l.unit_denominator, l.stock_quantity, l.price, l.discount, l.tax_code, l.net, l.due_on,
            l.promised_on, l.received, l.billed, l.returned, l.grni_quantity, l.grni_value,
            l.grni_foreign, l.ahead_quantity, l.ahead_value, l.ahead_foreign, l.closed_short,
            l.close_reason, l.expected, l.place_id
        from {rows:d(order_id)}
        join purchasing_line as l on l.company_id = $1 and l.order_id = d.order_id
        order by l.order_id, l.line";

    /// What a supplier last asked for items: the latest line of each in orders before this one.
    LAST_PRICES = "select l.item_id, l.price, l.discount, l.unit_numerator, l.unit_denominator
        from {rows:d(item_id)}
        join purchasing_line as l on l.company_id = $1 and l.item_id = d.item_id
        join purchasing_order as o on o.company_id = l.company_id and o.id = l.order_id
        where o.partner_id = $2 and o.currency = $3 and o.id <> $4
            and o.state in ('approved', 'sent', 'acknowledged', 'closed')
            and not exists (select 1 from purchasing_line as m
                join purchasing_order as n on n.company_id = m.company_id and n.id = m.order_id
                where m.company_id = l.company_id and m.item_id = l.item_id
                    and n.partner_id = o.partner_id and n.currency = o.currency and n.id <> $4
                    and n.state in ('approved', 'sent', 'acknowledged', 'closed')
                    and (n.created_at > o.created_at or (n.created_at = o.created_at
                        and (n.id > o.id or (n.id = o.id and m.line > l.line)))))";

    /// An order with a supplier that is not a draft, beside this one.
    ANOTHER_ORDER = "select id from purchasing_order
        where company_id = $1 and partner_id = $2 and id <> $3
            and state in ('approved', 'sent', 'acknowledged', 'closed') limit 1";

    /// Adds orders.
    INSERT_ORDERS = "insert into purchasing_order
            (company_id, id, number, client_ref, partner_id, warehouse_id, currency, ordered_on,
             billing, state, revision, seq, note, total, sent_at, sent_to, acknowledged_on,
             created_by, created_at)
        select $1, d.id, d.number, d.client_ref, d.partner_id, d.warehouse_id, d.currency,
            d.ordered_on, d.billing, 'draft', 1, 1, d.note, d.total, 0, '', '', $2, $3
        from {rows:d(id, number text, client_ref text, partner_id, warehouse_id, currency text,
            ordered_on text, billing text, note text, total)}";

    /// Adds lines.
    INSERT_LINES = "insert into purchasing_line
            (company_id, id, order_id, line, item_id, quantity, unit, unit_numerator,
             unit_denominator, stock_quantity, price, discount, tax_code, net, due_on, promised_on,
             received, billed, returned, grni_quantity, grni_value, grni_foreign, ahead_quantity,
             ahead_value, ahead_foreign, closed_short, close_reason, expected)
        select $1, d.id, d.order_id, d.line, d.item_id, d.quantity, d.unit, d.unit_numerator,
            d.unit_denominator, d.stock_quantity, d.price, d.discount, d.tax_code, d.net, d.due_on,
            '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', 0
        from {rows:d(id, order_id, line, item_id, quantity, unit text, unit_numerator,
            unit_denominator, stock_quantity, price, discount, tax_code text, net, due_on text)}";

    /// Writes what was decided for orders that were locked.
    UPDATE_ORDERS = "update purchasing_order as o
        set partner_id = d.partner_id, currency = d.currency, state = d.state,
            revision = d.revision, seq = d.seq, note = d.note, total = d.total,
            sent_at = d.sent_at, sent_to = d.sent_to, acknowledged_on = d.acknowledged_on
        from {rows:d(id, partner_id, currency text, state text, revision, seq, note text, total,
            sent_at, sent_to text, acknowledged_on text)}
        where o.company_id = $1 and o.id = d.id and o.seq = d.seq - 1";

    /// Writes what was decided for lines of orders that were locked.
    UPDATE_LINES = "update purchasing_line as l
        set quantity = d.quantity, stock_quantity = d.stock_quantity, price = d.price,
            discount = d.discount, tax_code = d.tax_code, net = d.net, due_on = d.due_on,
            promised_on = d.promised_on, received = d.received, billed = d.billed,
            returned = d.returned, grni_quantity = d.grni_quantity, grni_value = d.grni_value,
            grni_foreign = d.grni_foreign, ahead_quantity = d.ahead_quantity,
            ahead_value = d.ahead_value, ahead_foreign = d.ahead_foreign,
            closed_short = d.closed_short, close_reason = d.close_reason, expected = d.expected
        from {rows:d(id, quantity, stock_quantity, price, discount, tax_code text, net, due_on text,
            promised_on text, received, billed, returned, grni_quantity, grni_value, grni_foreign,
            ahead_quantity, ahead_value, ahead_foreign, closed_short, close_reason text, expected)}
        where l.company_id = $1 and l.id = d.id";

    /// Says where the goods of lines go inside the warehouse.
    DESTINE_LINES = "update purchasing_line as l set place_id = d.place_id
        from {rows:d(order_id, line, place_id)}
        where l.company_id = $1 and l.order_id = d.order_id and l.line = d.line";

    /// Notes what revisions of several orders changed.
    INSERT_REVISIONS = "insert into purchasing_revision
            (company_id, order_id, revision, changes, to_approval, recorded_at, user_id)
        select $1, d.order_id, d.revision, d.changes, 0, $2, $3
        from {rows:d(order_id, revision, changes text)}";

    /// Notes what a revision changed.
    INSERT_REVISION = "insert into purchasing_revision
        (company_id, order_id, revision, changes, to_approval, recorded_at, user_id)
        values ($1, $2, $3, $4, $5, $6, $7)";

    /// How many promises were made for lines.
    PROMISES_MADE = "select line_id, count(*) as made from purchasing_promise
        where company_id = $1 and order_id = $2 group by line_id";

    /// Notes promises.
    INSERT_PROMISES = "insert into purchasing_promise
            (company_id, line_id, number, order_id, promised_on, quantity, recorded_at, user_id)
        select $1, d.line_id, d.number, d.order_id, d.promised_on, d.quantity, $2, $3
        from {rows:d(line_id, number, order_id, promised_on text, quantity)}";

    /// Notes what of lines had come and been billed at the opening, or takes it back.
    INSERT_OPENED_LINES = "insert into purchasing_opened_line
            (company_id, line_id, number, order_id, received, billed)
        select $1, d.line_id, d.number, d.order_id, d.received, d.billed
        from {rows:d(line_id, number, order_id, received, billed)}";

    /// What of the lines of orders had come and been billed at the opening.
    OPENED_LINES = "select l.line_id, l.received, l.billed from {rows:d(order_id)}
        join purchasing_opened_line as l on l.company_id = $1 and l.order_id = d.order_id
        where l.number = 1";

    /// Frees the client's references of orders that were taken back.
    FREE_REFERENCES = "update purchasing_order as o set client_ref = ''
        from {rows:d(id)} where o.company_id = $1 and o.id = d.id";

    /// What a line of a receipt brought; its order is held.
    HOLD_RECEIVED = "select o.partner_id, l.item_id, k.quantity, k.place_id, m.lot_id, k.id,
            case when p.kind = 'customer' then 1 else 0 end as direct
        from purchasing_receipt_line as k
        join purchasing_line as l on l.company_id = k.company_id and l.id = k.line_id
        join purchasing_order as o on o.company_id = l.company_id and o.id = l.order_id
        join stock_move as m on m.company_id = k.company_id and m.id = k.move_id
        join stock_place as p on p.company_id = k.company_id and p.id = k.place_id
        where k.company_id = $1 and k.receipt_id = $2 and k.line = $3 {for_update:o}";

    /// The goods of a receipt that were taken into quarantine, their order held.
    HOLD_QUARANTINED = "select k.line, k.id, o.partner_id, o.warehouse_id, l.item_id, m.lot_id,
            k.quantity, k.place_id, k.inspect_to
        from purchasing_receipt_line as k
        join purchasing_line as l on l.company_id = k.company_id and l.id = k.line_id
        join purchasing_order as o on o.company_id = l.company_id and o.id = l.order_id
        join stock_move as m on m.company_id = k.company_id and m.id = k.move_id
        where k.company_id = $1 and k.receipt_id = $2 and k.inspect_to <> 0
        order by k.line {for_update:o}";

    /// The rules about items and a supplier.
    INSPECTION_RULES = "select r.item_id, r.partner_id, r.inspect
        from purchasing_inspection_rule as r
        where r.company_id = $1 and r.partner_id in (0, cast($2 as {i64}))
            and (r.item_id = 0 or r.item_id in (select d.item_id from {rows:d(item_id)}))";

    /// Sets a rule.
    SET_INSPECTION_RULE = "insert into purchasing_inspection_rule
        (company_id, item_id, partner_id, inspect) values ($1, $2, $3, $4)
        on conflict (company_id, item_id, partner_id) do update set inspect = excluded.inspect";

    /// Takes a rule away.
    REMOVE_INSPECTION_RULE = "delete from purchasing_inspection_rule
        where company_id = $1 and item_id = $2 and partner_id = $3";

    /// Rules by item and supplier, with a cursor.
    LIST_INSPECTION_RULES = "select x.sku, x.code, x.inspect
        from (select coalesce(i.sku, '') as sku, coalesce(p.code, '') as code, r.inspect as inspect
            from purchasing_inspection_rule as r
            left join catalog_item as i on i.company_id = r.company_id and i.id = r.item_id
            left join partners_partner as p on p.company_id = r.company_id and p.id = r.partner_id
            where r.company_id = $1) as x
        where (cast($2 as {text}) is null or x.sku = cast($2 as {text}))
            and (cast($3 as {text}) is null or x.code = cast($3 as {text}))
            and (cast($4 as {i64}) = 1 or (x.sku, x.code) > (cast($5 as {text}), cast($6 as {text})))
        order by x.sku, x.code limit cast($7 as {i64})";

    /// A receipt that has this reference of the client.
    RECEIPT_BY_REF = "select id, number, posted_on, value, order_id from purchasing_receipt
        where company_id = $1 and client_ref = $2 and client_ref <> ''";

    /// Adds a receipt.
    INSERT_RECEIPT = "insert into purchasing_receipt
        (company_id, id, number, client_ref, order_id, received_on, posted_on, delivery_note, value,
         user_id, recorded_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

    /// Adds the lines of a receipt.
    INSERT_RECEIPT_LINES = "insert into purchasing_receipt_line
            (company_id, id, receipt_id, line_id, line, outcome, quantity, lot, place_id, move_id,
             value, over, reason, inspect_to)
        select $1, d.id, $2, d.line_id, d.line, d.outcome, d.quantity, d.lot, d.place_id,
            d.move_id, d.value, d.over, d.reason, d.inspect_to
        from {rows:d(id, line_id, line, outcome text, quantity, lot text, place_id, move_id, value,
            over, reason text, inspect_to)}";

    /// The goods received on lines, in the order they came.
    RECEIVED_ON = "select r.line_id, r.move_id, r.quantity, r.value,
            case when p.kind = 'customer' then 1 else 0 end as direct
        from {rows:d(line_id)}
        join purchasing_receipt_line as r on r.company_id = $1 and r.line_id = d.line_id
            and r.move_id <> 0
        join purchasing_receipt as h on h.company_id = r.company_id and h.id = r.receipt_id
        join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
        order by r.line_id, h.recorded_at, r.receipt_id, r.line, r.id";

    /// A return that has this reference of the client.
    RETURN_BY_REF = "select id, number, posted_on, value, order_id from purchasing_return
        where company_id = $1 and client_ref = $2 and client_ref <> ''";

    /// Adds a return.
    INSERT_RETURN = "insert into purchasing_return
        (company_id, id, number, client_ref, order_id, returned_on, posted_on, reason, value,
         user_id, recorded_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";

    /// Adds the lines of a return.
    INSERT_RETURN_LINES = "insert into purchasing_return_line
            (company_id, id, return_id, line_id, line, quantity, lot, place_id, move_id, value,
             grni_quantity, grni_value, replaced)
        select $1, d.id, $2, d.line_id, d.line, d.quantity, d.lot, d.place_id, d.move_id, d.value,
            d.grni_quantity, d.grni_value, d.replaced
        from {rows:d(id, line_id, line, quantity, lot text, place_id, move_id, value, grni_quantity,
            grni_value, replaced)}";

    /// A bill that has this reference of the client.
    BILL_BY_REF = "select id, number, posted_on, state, currency, total from purchasing_bill
        where company_id = $1 and client_ref = $2 and client_ref <> ''";

    /// The bills that suppliers' references belong to.
    BILLS_BY_REFERENCE = "select b.partner_id, b.reference, b.number, b.copy, b.total
        from {rows:d(partner_id, reference text)}
        join purchasing_bill as b on b.company_id = $1 and b.partner_id = d.partner_id
            and b.reference = d.reference
        order by b.partner_id, b.reference, b.copy";

    /// Adds bills.
    INSERT_BILLS = "insert into purchasing_bill
            (company_id, id, kind, number, client_ref, partner_id, reference, copy, currency,
             billed_on, posted_on, due_on, net, tax, total, total_home, state, entry_id, note, seq,
             user_id, recorded_at)
        select $1, d.id, d.kind, d.number, d.client_ref, d.partner_id, d.reference, d.copy,
            d.currency, d.billed_on, d.posted_on, d.due_on, d.net, d.tax, d.total, d.total_home,
            d.state, d.entry_id, d.note, 1, $2, $3
        from {rows:d(id, kind text, number text, client_ref text, partner_id, reference text, copy,
            currency text, billed_on text, posted_on text, due_on text, net, tax, total, total_home,
            state text, entry_id, note text)}";

    /// Adds lines of bills.
    INSERT_BILL_LINES = "insert into purchasing_bill_line
            (company_id, id, bill_id, line, order_id, line_id, role, description, quantity, price,
             tax_code, net, tax, billed_before, matched_quantity, matched_value, ahead_quantity,
             ahead_value, price_difference, exchange_difference, state, reason)
        select $1, d.id, d.bill_id, d.line, d.order_id, d.line_id, d.role, d.description,
            d.quantity, d.price, d.tax_code, d.net, d.tax, d.billed_before, d.matched_quantity,
            d.matched_value, d.ahead_quantity, d.ahead_value, d.price_difference,
            d.exchange_difference, d.state, ''
        from {rows:d(id, bill_id, line, order_id, line_id, role text, description text, quantity,
            price, tax_code text, net, tax, billed_before, matched_quantity, matched_value,
            ahead_quantity, ahead_value, price_difference, exchange_difference, state text)}";

    /// Bills to be taken back.
    BILLS_BY_ID = "select b.id, b.kind, b.number, b.partner_id, b.reference, b.copy, b.currency,
            b.total, b.total_home
        from {rows:d(id)} join purchasing_bill as b on b.company_id = $1 and b.id = d.id
        order by b.id";

    /// Locks a bill.
    LOCK_BILL = "select number, state, seq from purchasing_bill
        where company_id = $1 and id = $2 {for_update}";

    /// The lines of a bill that differ.
    MISMATCHES = "select line, state from purchasing_bill_line
        where company_id = $1 and bill_id = $2
            and state in ('quantity_mismatch', 'price_mismatch') order by line";

    /// Accepts lines of a bill as they are.
    ACCEPT_LINES = "update purchasing_bill_line set state = 'accepted', reason = $3
        where company_id = $1 and bill_id = $2
            and line in (select d.line from {rows:d(line)})";

    /// Writes the state of a bill that was locked.
    UPDATE_BILL = "update purchasing_bill set state = $3, seq = $4
        where company_id = $1 and id = $2";

    /// A page of orders, newest first, with what their lines sum to: those of the page alone.
    LIST_ORDERS = "with page as materialized (
            select o.id, o.number, o.client_ref, p.code, p.name, w.code as warehouse, o.currency,
                o.ordered_on, o.billing, o.state, o.revision, o.total
            from purchasing_order as o
            join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
            join stock_warehouse as w on w.company_id = o.company_id and w.id = o.warehouse_id
            where o.company_id = $1
                and (cast($2 as {text}) is null or o.state = cast($2 as {text}))
                and (cast($3 as {text}) is null or p.code = cast($3 as {text}))
                and (cast($4 as {i64}) = 0 or o.state in
                    ('draft', 'to_approve', 'approved', 'sent', 'acknowledged'))
                and (cast($5 as {text}) is null or (o.state in ('approved', 'sent', 'acknowledged')
                    and exists (select 1 from purchasing_line as l
                    where l.company_id = o.company_id and l.order_id = o.id and l.closed_short = 0
                        and l.received + l.returned < l.stock_quantity
                        and (case when l.promised_on = '' then l.due_on else l.promised_on end)
                            < cast($5 as {text}))))
                and (cast($6 as {text}) is null or o.ordered_on >= cast($6 as {text}))
                and (cast($7 as {text}) is null or o.ordered_on <= cast($7 as {text}))
                and (cast($8 as {text}) is null
                    or substr(o.client_ref, 1, length(cast($8 as {text}))) = cast($8 as {text}))
                and (o.ordered_on < $9 or (o.ordered_on = $9 and o.id < $10))
            order by o.ordered_on desc, o.id desc limit $11)
        select g.id, g.number, g.client_ref, g.code, g.name, g.warehouse, g.currency, g.ordered_on,
            g.billing, g.state, g.revision, g.total,
            min(case when l.closed_short = 0 and l.received + l.returned < l.stock_quantity
                then case when l.promised_on = '' then l.due_on else l.promised_on end end)
                as next_due,
            count(*) as line_count,
            cast(sum(case when l.received > 0 then 1 else 0 end) as {i64}) as begun,
            cast(sum(case when l.received >= l.stock_quantity then 1 else 0 end) as {i64}) as done,
            cast(sum(case when l.billed > 0 then 1 else 0 end) as {i64}) as billing_begun,
            cast(sum(case when l.billed >= l.stock_quantity then 1 else 0 end) as {i64}) as billed
        from page as g
        cross join purchasing_line as l
        where l.company_id = $1 and l.order_id = g.id
        group by g.id, g.number, g.client_ref, g.code, g.name, g.warehouse, g.currency,
            g.ordered_on, g.billing, g.state, g.revision, g.total
        order by g.ordered_on desc, g.id desc";

    /// The head of one order.
    ORDER = concat!(order_columns!(), ", p.code, p.name, w.code as warehouse
        from purchasing_order as o
        join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
        join stock_warehouse as w on w.company_id = o.company_id and w.id = o.warehouse_id
        where o.company_id = $1 and o.id = $2");

    /// SKU, name and stock unit of the items of an order.
    ITEMS_OF_ORDER = "select i.id, i.sku, i.name, u.code from catalog_item as i
        join catalog_unit as u on u.company_id = i.company_id and u.id = i.stock_unit_id
        where i.company_id = $1 and i.id in (select l.item_id from purchasing_line as l
            where l.company_id = $1 and l.order_id = $2)";

    /// What was promised for the lines of an order.
    PROMISES_OF = "select l.line, p.promised_on, p.quantity, p.recorded_at, p.user_id
        from purchasing_promise as p
        join purchasing_line as l on l.company_id = p.company_id and l.id = p.line_id
        where p.company_id = $1 and p.order_id = $2 order by l.line, p.number";

    /// The revisions of an order.
    REVISIONS_OF = "select revision, changes, to_approval, recorded_at, user_id
        from purchasing_revision where company_id = $1 and order_id = $2 order by revision";

    /// A page of receipts, newest first.
    LIST_RECEIPTS = "select r.id, r.number, r.client_ref, o.id as order_id, o.number as order_number,
            p.code, r.received_on, r.posted_on, r.delivery_note, r.value, r.recorded_at
        from purchasing_receipt as r
        join purchasing_order as o on o.company_id = r.company_id and o.id = r.order_id
        join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
        where r.company_id = $1
            and (cast($2 as {i64}) = 0 or r.order_id = $2)
            and (cast($3 as {text}) is null or p.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or r.received_on >= cast($4 as {text}))
            and (cast($5 as {text}) is null or r.received_on <= cast($5 as {text}))
            and (cast($6 as {text}) is null
                or substr(r.client_ref, 1, length(cast($6 as {text}))) = cast($6 as {text}))
            and (r.received_on < $7 or (r.received_on = $7 and r.id < $8))
        order by r.received_on desc, r.id desc limit $9";

    /// A page of returns, newest first. One is open while something of it that was billed waits for a
    /// credit note, or for other goods in its place.
    LIST_RETURNS = concat!("select x.* from (
            select r.id, r.number, r.client_ref, o.id as order_id, o.number as order_number, p.code,
                p.name, w.code as warehouse, r.returned_on, r.posted_on, r.reason, r.value,
                r.recorded_at, case when exists (select 1 from purchasing_return_line as y
                    join purchasing_line as l on l.company_id = y.company_id and l.id = y.line_id
                    where y.company_id = r.company_id and y.return_id = r.id
                        and ", return_waits!(), " > 0)
                    then 'open' else 'settled' end as state
            from purchasing_return as r
            join purchasing_order as o on o.company_id = r.company_id and o.id = r.order_id
            join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
            join stock_warehouse as w on w.company_id = o.company_id and w.id = o.warehouse_id
            where r.company_id = $1
                and (cast($2 as {i64}) = 0 or r.order_id = $2)
                and (cast($3 as {text}) is null or p.code = cast($3 as {text}))
                and (cast($4 as {text}) is null or r.returned_on >= cast($4 as {text}))
                and (cast($5 as {text}) is null or r.returned_on <= cast($5 as {text}))
                and (r.returned_on < $7 or (r.returned_on = $7 and r.id < $8))
                and (cast($10 as {i64}) = 0 or r.id = $10)) as x
        where cast($6 as {text}) is null or x.state = cast($6 as {text})
        order by x.returned_on desc, x.id desc limit $9");

    /// The lines of returns.
    RETURN_LINES = concat!("select y.return_id, l.line, i.sku, i.name, y.quantity, y.lot, p.path, y.value,
            y.grni_quantity, y.grni_value, y.replaced,
            cast(", return_waits!(), " as {i64}) as waits,
            cast(-coalesce((select sum(v.value) from valuation_layer as v
                where v.company_id = y.company_id and v.move_id = y.move_id and v.move_id <> 0), 0)
                as {i64}) as cost, u.code as stock_unit
        from {rows:d(return_id)}
        join purchasing_return_line as y on y.company_id = $1 and y.return_id = d.return_id
        join purchasing_return as r on r.company_id = y.company_id and r.id = y.return_id
        join purchasing_line as l on l.company_id = y.company_id and l.id = y.line_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join catalog_unit as u on u.company_id = i.company_id and u.id = i.stock_unit_id
        join stock_place as p on p.company_id = y.company_id and p.id = y.place_id
        order by y.return_id, y.line");

    /// The lines of receipts.
    RECEIPT_LINES = "select r.receipt_id, l.line, i.sku, r.outcome, r.quantity, r.lot, r.value,
            r.over, r.reason, coalesce(p.path, '') as path, r.line as receipt_line,
            u.code as stock_unit
        from {rows:d(receipt_id)}
        join purchasing_receipt_line as r on r.company_id = $1 and r.receipt_id = d.receipt_id
        join purchasing_line as l on l.company_id = r.company_id and l.id = r.line_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join catalog_unit as u on u.company_id = i.company_id and u.id = i.stock_unit_id
        left join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
        order by r.receipt_id, r.line";

    /// A page of bills, newest first.
    LIST_BILLS = "select b.id, b.kind, b.number, b.client_ref, p.code, b.reference, b.currency,
            b.billed_on, b.posted_on, b.due_on, b.net, b.tax, b.total, b.total_home, b.state,
            b.recorded_at
        from purchasing_bill as b
        join partners_partner as p on p.company_id = b.company_id and p.id = b.partner_id
        where b.company_id = $1
            and (cast($2 as {i64}) = 0 or exists (select 1 from purchasing_bill_line as x
                where x.company_id = b.company_id and x.bill_id = b.id and x.order_id = $2))
            and (cast($3 as {text}) is null or p.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or b.state = cast($4 as {text}))
            and (cast($5 as {text}) is null or b.billed_on >= cast($5 as {text}))
            and (cast($6 as {text}) is null or b.billed_on <= cast($6 as {text}))
            and (cast($7 as {text}) is null
                or substr(b.client_ref, 1, length(cast($7 as {text}))) = cast($7 as {text}))
            and (b.billed_on < $8 or (b.billed_on = $8 and b.id < $9))
        order by b.billed_on desc, b.id desc limit $10";

    /// The lines of bills.
    BILL_LINES = "select b.bill_id, b.line, coalesce(o.number, '') as order_number,
            coalesce(l.line, 0) as order_line, coalesce(i.sku, '') as sku, b.role, b.description,
            b.quantity, b.price, b.tax_code, b.net, b.tax, b.billed_before,
            coalesce(l.received, 0) as received, b.price_difference, b.exchange_difference,
            b.state, b.reason
        from {rows:d(bill_id)}
        join purchasing_bill_line as b on b.company_id = $1 and b.bill_id = d.bill_id
        left join purchasing_order as o on o.company_id = b.company_id and o.id = b.order_id
        left join purchasing_line as l on l.company_id = b.company_id and l.id = b.line_id
        left join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        order by b.bill_id, b.line";

    /// What was received and not billed, or billed and not received, by order line.
    UNMATCHED = "select l.id, o.id as order_id, o.number, l.line, p.code, i.sku, l.grni_quantity,
            l.ahead_quantity, x.role, cast(sum(x.amount) as {i64}) as amount,
            min(x.opened_on) as opened_on
        from purchasing_line as l
        join purchasing_order as o on o.company_id = l.company_id and o.id = l.order_id
        join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        join (select t.source_id, a.role, t.amount, t.opened_on from accounting_open_item as t
            join accounting_account as a on a.company_id = t.company_id and a.id = t.account_id
                and a.role in ('grni', 'billed_not_received')
            where t.company_id = $1 and t.kind = 'purchase_line' and t.amount <> 0) as x
            on x.source_id = l.id
        where l.company_id = $1 and l.id > $2
        group by l.id, o.id, o.number, l.line, p.code, i.sku, l.grni_quantity, l.ahead_quantity,
            x.role
        order by l.id, x.role limit $3";
}

/// An optional day as its column holds it.
pub(crate) fn day_text(day: Option<Day>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// Reads an optional day, '' as none.
pub(crate) fn day_at(row: &Row, index: usize) -> Result<Option<Day>, StoreError> {
    let text: String = row.get(index)?;
    if text.is_empty() { Ok(None) } else { row.get(index).map(Some) }
}
