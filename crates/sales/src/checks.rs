//! What must hold of orders, shipments and invoices.
//!
//! Where nearly all of a table qualifies, its column is compared as `kind || ''`: no index leads there
//! row by row, and the table is read through.

store::checks! {
    /// I-19: the schema refuses it, the check looks all the same.
    EXTERNAL_ONCE = "I-19 an external reference of a channel is one order",
        "select channel_id, external_ref, count(*) as orders from sales_order
         where company_id = $1 and external_ref <> ''
         group by channel_id, external_ref having count(*) > 1";

    /// An order comes to what its lines come to.
    ORDER_IS_LINES = "an order's net, tax and gross are the sums of its lines",
        "select o.id, o.number, o.net, o.tax, o.gross from sales_order as o
         left join (select l.order_id as order_id, cast(sum(l.net) as {i64}) as net,
                cast(sum(l.tax) as {i64}) as tax, cast(sum(l.gross) as {i64}) as gross
             from sales_line as l where l.company_id = $1 group by l.order_id) as t
            on t.order_id = o.id
         where o.company_id = $1 and (t.order_id is null or t.net <> o.net or t.tax <> o.tax
            or t.gross <> o.gross)";

    /// The bounds that the schema also has.
    WITHIN = "what is shipped and cancelled of a line is never more than was ordered",
        "select order_id, line, quantity, shipped, cancelled from sales_line
         where company_id = $1 and shipped + cancelled > quantity";

    /// What was cancelled before cancellations were noted by day has no row.
    CANCELLATIONS_WITHIN = "what was noted as cancelled of a line is never more than the line says",
        "select n.order_id, n.line, cast(sum(n.quantity) as {i64}) as noted, l.cancelled
         from sales_cancellation as n
         join sales_line as l on l.company_id = n.company_id and l.order_id = n.order_id
            and l.line = n.line
         where n.company_id = $1
         group by n.order_id, n.line, l.cancelled having sum(n.quantity) > l.cancelled";

    /// Nothing is owed for what has not left.
    INVOICED_WITHIN = "what is invoiced of a line is never more than was shipped",
        "select order_id, line, shipped, invoiced from sales_line
         where company_id = $1 and invoiced > shipped";

    /// I-08, I-16: what a line says was shipped is what shipments say, in pieces and, once nothing
    /// is left to ship, in money.
    SHIPPED_IS_SHIPMENTS = "I-08 I-16 what is shipped of a line is the sum of its shipment lines, and worth the line when it is all",
        "select order_id, line, cast(sum(quantity) as {i64}) as quantity,
            cast(sum(net) as {i64}) as net, cast(sum(tax) as {i64}) as tax from (
            select k.order_id as order_id, k.line as line, k.quantity as quantity, k.net as net,
                k.tax as tax, 0 as whole
            from sales_shipment_line as k where k.company_id = $1
            union all
            select l.order_id, l.line, -l.shipped, -l.net, -l.tax,
                case when l.shipped = l.quantity then 1 else 0 end
            from sales_line as l where l.company_id = $1 and l.shipped <> 0
         ) as x group by order_id, line
         having sum(quantity) <> 0 or (max(whole) = 1 and (sum(net) <> 0 or sum(tax) <> 0))";

    /// I-08: what shipments say is what moved. Kits and services, whose lines are no moves of their
    /// own, are looked up only where the sums differ.
    SHIPPED_IS_MOVED = "I-08 what a shipment line says left is what was moved for it",
        "select x.shipment_id, x.line_id, x.off from (
            select shipment_id, line_id, cast(sum(quantity) as {i64}) as off from (
                select k.shipment_id as shipment_id, k.id as line_id, k.quantity as quantity
                from sales_shipment_line as k where k.company_id = $1
                union all
                select m.source_id, m.line_id, -m.quantity
                from stock_move as m
                where m.company_id = $1 and m.source_kind || '' = 'shipment'
                    and m.reverses_id = 0
            ) as y group by shipment_id, line_id having sum(quantity) <> 0) as x
         join sales_shipment_line as k on k.company_id = $1 and k.shipment_id = x.shipment_id
            and k.id = x.line_id
         join sales_line as l on l.company_id = k.company_id and l.order_id = k.order_id
            and l.line = k.line and l.kind in ('goods', 'free') and l.kit = 0";

    /// What is promised of a line is what its demands say.
    LINES_ARE_DEMANDS = "I-08 what is ordered, shipped and cancelled of a line is so of its demands",
        "select order_id, line_id, cast(sum(quantity) as {i64}) as quantity,
            cast(sum(shipped) as {i64}) as shipped, cast(sum(cancelled) as {i64}) as cancelled
         from (
            select l.order_id as order_id, l.id as line_id, l.quantity as quantity,
                l.shipped as shipped, l.cancelled as cancelled, 1 as plain
            from sales_line as l
            where l.company_id = $1 and l.kind in ('goods', 'free') and l.kit = 0
            union all
            select m.owner_id, m.line_id, -m.quantity, -m.shipped, -m.cancelled, 0
            from stock_demand as m where m.company_id = $1 and m.owner_kind || '' = 'sales_order'
         ) as x group by order_id, line_id
         having max(plain) = 1
            and (sum(quantity) <> 0 or sum(shipped) <> 0 or sum(cancelled) <> 0)";

    /// The same of kits: the demands of a line know how much of each component left.
    KITS_ARE_DEMANDS = "I-08 what is shipped and cancelled of a kit is so of each of its items",
        "select l.order_id, l.line, t.item_id, l.quantity, l.shipped, l.cancelled
         from (select k.order_id as order_id, k.line as line, m.item_id as item_id,
                cast(sum(m.quantity) as {i64}) as quantity,
                cast(sum(m.shipped) as {i64}) as shipped,
                cast(sum(m.cancelled) as {i64}) as cancelled
             from sales_line as k
             join stock_demand as m on m.company_id = k.company_id
                and m.owner_kind = 'sales_order' and m.owner_id = k.order_id and m.line_id = k.id
             where k.company_id = $1 and k.kit = 1
             group by k.order_id, k.line, m.item_id) as t
         join sales_line as l on l.company_id = $1 and l.order_id = t.order_id and l.line = t.line
         where t.shipped <> l.shipped / 1000000 * (t.quantity / (l.quantity / 1000000))
            or t.cancelled <> l.cancelled / 1000000 * (t.quantity / (l.quantity / 1000000))";

    /// The moves of a shipment are those of its order's demands.
    MOVES_ARE_DEMANDS = "I-08 what left for an order is what its demands say was shipped",
        "select order_id, item_id, cast(sum(quantity) as {i64}) as difference from (
            select s.order_id as order_id, m.item_id as item_id, m.quantity as quantity
            from stock_move as m
            join sales_shipment as s on s.company_id = m.company_id and s.id = m.source_id
            where m.company_id = $1 and m.source_kind || '' = 'shipment' and m.reverses_id = 0
            union all
            select d.owner_id as order_id, d.item_id as item_id, -d.shipped as quantity
            from stock_demand as d
            where d.company_id = $1 and d.owner_kind || '' = 'sales_order'
         ) as x group by order_id, item_id having sum(quantity) <> 0";

    /// Goods leave the warehouse that their shipment names.
    LEAVES_ITS_WAREHOUSE = "the goods of a shipment left its warehouse, or came from a supplier",
        "select s.id, s.number, m.id as move_id from stock_move as m
         join sales_shipment as s on s.company_id = m.company_id and s.id = m.source_id
         join stock_place as p on p.company_id = m.company_id and p.id = m.from_place_id
         where m.company_id = $1 and m.source_kind || '' = 'shipment' and m.reverses_id = 0
            and p.kind <> 'supplier' and p.warehouse_id <> s.warehouse_id";

    /// A shipment's cost is what its moves carried.
    COST_IS_MOVED = "a shipment's cost is the value of its moves",
        "select s.id, s.number from sales_shipment as s
         where s.company_id = $1
            and (select cast(coalesce(sum(k.cost), 0) as {i64}) from sales_shipment_line as k
                 where k.company_id = s.company_id and k.shipment_id = s.id)
             <> (select cast(coalesce(sum(m.value), 0) as {i64}) from stock_move as m
                 where m.company_id = s.company_id and m.source_kind = 'shipment'
                    and m.source_id = s.id and m.reverses_id = 0)";

    /// A line that is no kit lacks its whole quantity in LINES_ARE_DEMANDS when it has no demand.
    KITS_ARE_DEMANDED = "every kit's line has demands",
        "select l.order_id, l.line from sales_line as l
         where l.company_id = $1 and l.kit = 1 and not exists (select 1 from stock_demand as m
            where m.company_id = l.company_id and m.owner_kind = 'sales_order'
                and m.owner_id = l.order_id and m.line_id = l.id)";

    /// I-16: what a line says was invoiced is what invoices say, in pieces and, once nothing is
    /// left to invoice, in money.
    INVOICED_IS_INVOICES = "I-16 what is invoiced of a line is the sum of its invoice lines, and worth the line when it is all",
        "select order_id, line, cast(sum(quantity) as {i64}) as quantity,
            cast(sum(net) as {i64}) as net, cast(sum(tax) as {i64}) as tax from (
            select k.order_id as order_id, k.line as line, k.quantity as quantity, k.net as net,
                k.tax as tax, 0 as whole
            from sales_invoice_line as k where k.company_id = $1
            union all
            select l.order_id, l.line, -l.invoiced, -l.net, -l.tax,
                case when l.invoiced = l.quantity then 1 else 0 end
            from sales_line as l where l.company_id = $1 and l.invoiced <> 0
         ) as x group by order_id, line
         having sum(quantity) <> 0 or (max(whole) = 1 and (sum(net) <> 0 or sum(tax) <> 0))";

    /// An invoice comes to what its lines come to.
    INVOICE_IS_LINES = "I-16 an invoice's net, tax and gross are the sums of its lines",
        "select v.id, v.number, v.net, v.tax, v.gross from sales_invoice as v
         left join (select k.invoice_id as invoice_id, cast(sum(k.net) as {i64}) as net,
                cast(sum(k.tax) as {i64}) as tax
             from sales_invoice_line as k where k.company_id = $1 group by k.invoice_id) as t
            on t.invoice_id = v.id
         where v.company_id = $1 and (t.invoice_id is null or t.net <> v.net or t.tax <> v.tax)";

    /// I-20.
    SERIES_RUN = "I-20 the numbers of a legal series and year run from 1 without gap or twin",
        "select s.series, s.year, s.last, count(v.id) as documents, min(v.position) as first,
            max(v.position) as latest
         from sales_series as s
         left join (select series, year, position, id from sales_invoice where company_id = $1
            union all
            select series, year, position, id from sales_credit_note where company_id = $1) as v
            on v.series = s.series and v.year = s.year
         where s.company_id = $1
         group by s.series, s.year, s.last
         having count(v.id) <> s.last or min(v.position) <> 1 or max(v.position) <> s.last
            or count(distinct v.position) <> count(v.id)";

    /// I-20, the other way.
    SERIES_KNOWN = "I-20 every invoice and credit note belongs to a legal series",
        "select v.id, v.number from (
            select series, year, position, id, number from sales_invoice where company_id = $1
            union all
            select series, year, position, id, number from sales_credit_note
            where company_id = $1) as v
         where not exists (select 1 from sales_series as s
            where s.company_id = $1 and s.series = v.series and s.year = v.year
                and s.last >= v.position)";

    /// The bound that the schema also has.
    RETURNED_WITHIN = "what came back of a line is never more than was shipped",
        "select order_id, line, shipped, returned, credited from sales_line
         where company_id = $1 and (returned > shipped or credited > shipped)";

    /// Nobody gets more back than was sold.
    CREDITED_WITHIN = "what was given back of a line is never more than it was sold for",
        "select order_id, line, net, tax, credited_net, credited_tax from sales_line
         where company_id = $1 and (credited_net > net or credited_tax > tax)
            and (credited_net <> 0 or credited_tax <> 0)";

    /// What a line says was given back is what credit notes say.
    CREDITED_IS_NOTES = "I-16 what was given back of a line is the sum of its credit note lines",
        "select order_id, line, cast(sum(quantity) as {i64}) as quantity,
            cast(sum(net) as {i64}) as net, cast(sum(tax) as {i64}) as tax from (
            select n.order_id as order_id, k.order_line as line, k.quantity as quantity,
                k.net as net, k.tax as tax
            from sales_credit_note as n
            join sales_credit_note_line as k on k.company_id = n.company_id
                and k.credit_note_id = n.id
            where n.company_id = $1 and n.order_id is not null
            union all
            select l.order_id as order_id, l.line as line, -l.credited as quantity,
                -l.credited_net as net, -l.credited_tax as tax
            from sales_line as l where l.company_id = $1
                and (l.credited <> 0 or l.credited_net <> 0 or l.credited_tax <> 0)
         ) as x group by order_id, line
         having sum(quantity) <> 0 or sum(net) <> 0 or sum(tax) <> 0";

    /// A credit note comes to its lines, and to what its entry took back.
    CREDIT_NOTE_IS_LINES = "I-16 a credit note comes to its lines and to its entry",
        "select n.id, n.number, n.net, n.tax from sales_credit_note as n
         where n.company_id = $1 and (
            n.net <> (select cast(coalesce(sum(k.net), 0) as {i64}) from sales_credit_note_line as k
                where k.company_id = n.company_id and k.credit_note_id = n.id)
            or n.tax <> (select cast(coalesce(sum(k.tax), 0) as {i64})
                from sales_credit_note_line as k
                where k.company_id = n.company_id and k.credit_note_id = n.id)
            or n.gross <> (select cast(coalesce(sum(l.credit - l.debit), 0) as {i64})
                from accounting_entry_line as l
                join accounting_account as a on a.company_id = l.company_id
                    and a.id = l.account_id and a.role in ('receivable', 'refunds_payable')
                where l.company_id = n.company_id and l.entry_id = n.entry_id))";

    /// The cost of goods never waits for an invoice that was made.
    NO_COST_LEFT = "what is invoiced has no cost left in goods delivered and not invoiced",
        "select o.source_id, o.amount from accounting_open_item as o
         where o.company_id = $1 and o.kind = 'sales_line' and o.amount <> 0
            and o.account_id in (select a.id from accounting_account as a
                where a.company_id = $1 and a.role = 'delivered_not_invoiced')
            and o.source_id in (select l.id from sales_line as l
                where l.company_id = $1 and l.shipped = l.invoiced)";

    /// States say what lines say.
    STATES_ARE_LINES = "a closed or cancelled order wants nothing any more, an accepted one does or waits for its invoice",
        "select o.id, o.number, o.state from sales_order as o
         where o.company_id = $1 and (
            (o.state <> 'accepted' and exists (select 1 from sales_line as l
                where l.company_id = o.company_id and l.order_id = o.id
                    and l.shipped + l.cancelled < l.quantity))
            or (o.state = 'cancelled' and exists (select 1 from sales_line as l
                where l.company_id = o.company_id and l.order_id = o.id and l.shipped > 0))
            or (o.state = 'accepted' and not exists (select 1 from sales_line as l
                where l.company_id = o.company_id and l.order_id = o.id
                    and (l.shipped + l.cancelled < l.quantity
                        or (o.revenue_at = 'invoice' and l.invoiced < l.shipped)))))";

    /// An invoice written elsewhere is owed as it was taken down, until it is struck.
    OPENED_IS_OWED = "I-16 an invoice written elsewhere was opened with its amount, one that was struck comes to nothing",
        "select v.id, v.number, v.amount from sales_opened_invoice as v
         join accounting_account as a on a.company_id = v.company_id and a.role = 'receivable'
         where v.company_id = $1
            and (case when v.taken_back_by = 0 then v.amount else 0 end) <> (
                select cast(coalesce(sum(l.debit - l.credit), 0) as {i64})
                from accounting_entry_line as l
                where l.company_id = v.company_id and l.account_id = a.id
                    and l.entry_id in (v.entry_id, v.taken_back_by)
                    and l.open_kind = 'invoice' and l.open_source_id = v.id)";
}
