//! All SQL of sales.

mod documents;
mod orders;
mod reports;

pub(crate) use documents::*;
pub(crate) use orders::*;
pub(crate) use reports::{FILL_LINES, FILL_RATE, OPEN_DEMANDS};

/// The columns of an order that is written, in the order of [`orders::insert_order`].
macro_rules! insert_orders {
    ($end:literal) => {
        concat!(
            "insert into sales_order
            (company_id, id, number, channel_id, external_ref, client_ref, partner_id, country,
             warehouse_id, currency, ordered_on, ordered_at, due_on, state, when_short, prepaid,
             prices, revenue_at, cost_at, terms_days, net, tax, gross, revision, accepted_at,
             user_id)
        select $1, d.id, d.number, d.channel_id, d.external_ref, d.client_ref, d.partner_id,
            d.country, d.warehouse_id, $2, d.ordered_on, d.ordered_at, d.due_on, 'accepted',
            d.when_short, d.prepaid, d.prices, d.revenue_at, d.cost_at, d.terms_days, d.net, d.tax,
            d.gross, 1, $3, $4
        from {rows:d(id, number text, channel_id, external_ref text, client_ref text, partner_id,
            country text, warehouse_id, ordered_on text, ordered_at, due_on text, when_short text,
            prepaid, prices text, revenue_at text, cost_at text, terms_days, net, tax, gross)}
        where true",
            $end
        )
    };
}

/// An order in a list, from `sales_order as o`: its columns and how far its lines have come.
macro_rules! order_row {
    () => {
        "select o.id, o.number, c.code as channel, o.external_ref, o.client_ref,
            coalesce(p.code, '') as partner, o.country, w.code as warehouse, o.state, o.ordered_on,
            o.ordered_at, o.due_on, o.prepaid, o.net, o.tax, o.gross, o.revision,
            (select count(*) from sales_line as l where l.company_id = o.company_id
                and l.order_id = o.id and l.shipped > 0) as begun,
            (select count(*) from sales_line as l where l.company_id = o.company_id
                and l.order_id = o.id and l.shipped + l.cancelled < l.quantity) as open,
            (select count(*) from sales_line as l where l.company_id = o.company_id
                and l.order_id = o.id and l.invoiced > 0) as invoiced,
            (select count(*) from sales_line as l where l.company_id = o.company_id
                and l.order_id = o.id and l.invoiced + l.cancelled < l.quantity) as to_invoice
        from sales_order as o
        join sales_channel as c on c.company_id = o.company_id and c.id = o.channel_id
        join stock_warehouse as w on w.company_id = o.company_id and w.id = o.warehouse_id
        left join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id"
    };
}

/// A shipment in a list, from `sales_shipment as s`.
macro_rules! shipment_row {
    () => {
        "select s.id, s.number, s.order_id, o.number as order_number, o.external_ref,
            c.code as channel, coalesce(p.code, '') as partner, w.code as warehouse, s.happened_on,
            s.posted_on, s.carrier, s.tracking, s.client_ref, s.entry_id, s.recorded_at
        from sales_shipment as s
        join sales_order as o on o.company_id = s.company_id and o.id = s.order_id
        join sales_channel as c on c.company_id = o.company_id and c.id = o.channel_id
        join stock_warehouse as w on w.company_id = s.company_id and w.id = s.warehouse_id
        left join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id"
    };
}

/// An invoice in a list, from `sales_invoice as v`.
macro_rules! invoice_row {
    () => {
        "select v.id, v.number, v.kind, v.order_id, o.number as order_number, o.external_ref,
            c.code as channel, coalesce(p.code, '') as partner, v.invoiced_on, v.due_on, v.net,
            v.tax, v.gross, v.client_ref, v.entry_id, v.recorded_at
        from sales_invoice as v
        join sales_order as o on o.company_id = v.company_id and o.id = v.order_id
        join sales_channel as c on c.company_id = o.company_id and c.id = o.channel_id
        left join partners_partner as p on p.company_id = v.company_id and p.id = v.partner_id"
    };
}

/// Every statement of sales.
pub(crate) static ALL: [&store::Statement; COUNT + reports::COUNT] =
    store::statement::joined(&[STATEMENTS, reports::STATEMENTS]);

store::statements! {
    /// A channel's id and revision, held while it is changed.
    LOCK_CHANNEL = "select id, revision from sales_channel
        where company_id = $1 and code = $2 {for_update}";

    /// Adds a channel.
    INSERT_CHANNEL = "insert into sales_channel
        (company_id, id, code, name, warehouse_id, when_short, reserve_at, prepaid, prices,
         revenue_at, terms_days, tax_code, active, revision)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

    /// Changes a channel.
    UPDATE_CHANNEL = "update sales_channel set code = $3, name = $4, warehouse_id = $5,
            when_short = $6, reserve_at = $7, prepaid = $8, prices = $9, revenue_at = $10,
            terms_days = $11, tax_code = $12, active = $13, revision = cast($14 as {i64})
        where company_id = $1 and id = $2 and revision = cast($14 as {i64}) - 1";

    /// Channels by code, after one of them.
    CHANNELS = "select c.id, c.code, c.name, c.warehouse_id, w.code as warehouse, c.when_short,
            c.reserve_at, c.prepaid, c.prices, c.revenue_at, c.terms_days, c.tax_code, c.active,
            c.revision
        from sales_channel as c
        join stock_warehouse as w on w.company_id = c.company_id and w.id = c.warehouse_id
        where c.company_id = $1
            and (cast($2 as {text}) is null or w.code = cast($2 as {text}))
            and (cast($3 as {i64}) is null or c.active = cast($3 as {i64}))
            and c.code > cast($4 as {text})
        order by c.code limit cast($5 as {i64})";

    /// Everything that accepting orders needs to know, one row for each line of each order: the
    /// channel, an order of the same reference, the customer, the item, the tax and its rate.
    LOOK_UP = "select d.n, c.id as channel_id, c.warehouse_id, c.when_short, c.reserve_at,
            c.prepaid, c.prices, c.revenue_at, c.terms_days, c.active as channel_active,
            o.id as order_id, p.id as partner_id, p.customer, p.active as partner_active,
            p.country, i.id as item_id, i.sku, i.name, i.kind, i.list_price,
            i.active as item_active, u.whole, t.id as tax_code_id, t.kind as tax_kind, r.rate,
            case when d.tax_code <> '' then d.tax_code when coalesce(i.tax_code, '') <> ''
                then i.tax_code else coalesce(c.tax_code, '') end as tax_code,
            (select y.value from identity_policy as y
             where y.company_id = $1 and y.name = 'tax_rounding') as tax_rounding,
            (select y.value from identity_policy as y
             where y.company_id = $1 and y.name = 'cost_of_sales') as cost_of_sales
        from {rows:d(n, channel text, external_ref text, partner text, day text, sku text,
            tax_code text)}
        left join sales_channel as c on c.company_id = $1 and c.code = d.channel
        left join sales_order as o on o.company_id = $1 and o.channel_id = c.id
            and o.external_ref = d.external_ref and o.external_ref <> ''
        left join partners_partner as p on p.company_id = $1 and p.code = d.partner
        left join catalog_item as i on i.company_id = $1 and i.sku = d.sku
        left join catalog_unit as u on u.company_id = $1 and u.id = i.stock_unit_id
        left join accounting_tax_code as t on t.company_id = $1
            and t.code = case when d.tax_code <> '' then d.tax_code
                when coalesce(i.tax_code, '') <> '' then i.tax_code
                else coalesce(c.tax_code, '') end
        left join accounting_tax_rate as r on r.company_id = $1 and r.tax_code_id = t.id
            and r.from_day = (select max(x.from_day) from accounting_tax_rate as x
                where x.company_id = $1 and x.tax_code_id = t.id and x.from_day <= d.day)
        order by d.n";

    /// Writes orders that have no external reference.
    INSERT_ORDERS = insert_orders!("");

    /// Writes orders unless one of the same external reference is there, and tells which it wrote.
    INSERT_NEW_ORDERS = insert_orders!(" on conflict (company_id, channel_id, external_ref)
        where external_ref <> '' do nothing returning id");

    /// Orders by their external reference.
    ORDERS_BY_REF = "select o.channel_id, o.external_ref, o.id
        from {rows:d(channel_id, external_ref text)}
        join sales_order as o on o.company_id = $1 and o.channel_id = d.channel_id
            and o.external_ref = d.external_ref and o.external_ref <> ''";

    /// Writes lines.
    INSERT_LINES = "insert into sales_line
        (company_id, order_id, line, id, kind, item_id, kit, description, quantity, price,
         tax_code_id, tax_code, tax_rate, role, net, tax, gross, shipped, invoiced, cancelled)
        select $1, d.order_id, d.line, d.id, d.kind, d.item_id, d.kit, d.description, d.quantity,
            d.price, d.tax_code_id, d.tax_code, d.tax_rate, d.role, d.net, d.tax, d.gross, 0, 0, 0
        from {rows:d(order_id, line, id, kind text, item_id, kit, description text, quantity,
            price, tax_code_id, tax_code text, tax_rate, role text, net, tax, gross)}";

    /// What a repeated request is answered: the heads of orders.
    ACCEPTED_ORDERS = "select o.id, o.number, o.state, o.revision, o.net, o.tax, o.gross
        from {rows:d(id)} join sales_order as o on o.company_id = $1 and o.id = d.id";

    /// What a repeated request is answered: the lines, with what is kept for each item of them.
    ACCEPTED_LINES = "select l.order_id, l.line, l.quantity, l.kit, l.shipped, l.cancelled,
            m.item_id, cast(sum(m.reserved) as {i64}) as reserved,
            cast(sum(m.quantity) as {i64}) as wanted
        from {rows:d(id)}
        join sales_line as l on l.company_id = $1 and l.order_id = d.id
        left join stock_demand as m on m.company_id = $1 and m.owner_kind = 'sales_order'
            and m.owner_id = l.order_id and m.line_id = l.id
        group by l.order_id, l.line, l.quantity, l.kit, l.shipped, l.cancelled, m.item_id
        order by l.order_id, l.line, m.item_id";

    /// Orders, held while they are changed, in the order of their keys.
    LOCK_ORDERS = "select o.number, o.partner_id, o.warehouse_id, p.id as customer_place, o.state,
            o.prepaid, o.prices, o.revenue_at, o.cost_at, o.terms_days, o.revision, o.id
        from {rows:d(id)}
        join sales_order as o on o.company_id = $1 and o.id = d.id
        join stock_place as p on p.company_id = o.company_id and p.path = 'Customer'
        order by o.id {for_update:o}";

    /// Orders whose goods may leave from elsewhere, held in the order of their ids.
    LOCK_UNSHIPPED = "select o.id, o.number, o.channel_id, o.warehouse_id, o.state, o.revision
        from {rows:d(id)} join sales_order as o on o.company_id = $1 and o.id = d.id
        order by o.id {for_update:o}";

    /// The lines of goods of such orders.
    UNSHIPPED_LINES = "select l.order_id, l.line, l.id, l.item_id, i.sku, l.kit,
            coalesce(u.whole, 0) as whole, l.quantity,
            l.quantity - l.shipped - l.cancelled as open
        from {rows:d(id)}
        join sales_line as l on l.company_id = $1 and l.order_id = d.id
            and l.kind in ('goods', 'free')
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        left join catalog_unit as u on u.company_id = i.company_id and u.id = i.stock_unit_id
        order by l.order_id, l.line";

    /// Orders are shipped by these warehouses from now on.
    REHOME = "update sales_order set warehouse_id = d.warehouse_id, revision = d.revision + 1
        from {rows:d(id, revision, warehouse_id)}
        where sales_order.company_id = $1 and sales_order.id = d.id
            and sales_order.revision = d.revision";

    /// The lines of orders.
    LINES_OF = "select l.id, l.line, l.kind, l.kit, l.item_id, coalesce(u.whole, 0) as whole,
            l.quantity, l.tax_code_id, l.role, l.net, l.tax, l.shipped, l.invoiced, l.cancelled,
            l.tax_rate, l.returned, l.credited, l.credited_net, l.credited_tax, l.order_id
        from {rows:d(id)}
        join sales_line as l on l.company_id = $1 and l.order_id = d.id
        left join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        left join catalog_unit as u on u.company_id = i.company_id and u.id = i.stock_unit_id
        order by l.order_id, l.line";

    /// Raises orders' revisions and moves them to a state, those where nobody was in between.
    RAISE_ORDERS = "update sales_order set state = d.state, revision = sales_order.revision + 1
        from {rows:d(id, revision, state text)}
        where sales_order.company_id = $1 and sales_order.id = d.id
            and sales_order.revision = d.revision";

    /// Notes what was cancelled of an order's lines.
    INSERT_CANCELLATIONS = "insert into sales_cancellation
            (company_id, order_id, revision, line, quantity, cancelled_on, reason, recorded_at,
             user_id)
        select $1, $2, $3, d.line, d.quantity, $4, $5, $6, $7 from {rows:d(line, quantity)}";

    /// Adds to what was shipped, invoiced or cancelled of lines, never beyond what there is.
    ADD_TO_LINES = "update sales_line set shipped = sales_line.shipped + d.shipped,
            invoiced = sales_line.invoiced + d.invoiced,
            cancelled = sales_line.cancelled + d.cancelled
        from {rows:d(order_id, line, shipped, invoiced, cancelled)}
        where sales_line.company_id = $1 and sales_line.order_id = d.order_id
            and sales_line.line = d.line
            and sales_line.shipped + d.shipped + sales_line.cancelled + d.cancelled
                <= sales_line.quantity";

    /// Adds to what came back and what was given back of lines, within what left and was sold.
    ADD_GIVEN_BACK = "update sales_line set returned = sales_line.returned + d.returned,
            credited = sales_line.credited + d.credited,
            credited_net = sales_line.credited_net + d.net,
            credited_tax = sales_line.credited_tax + d.tax
        from {rows:d(line, returned, credited, net, tax)}
        where sales_line.company_id = $1 and sales_line.order_id = $2 and sales_line.line = d.line
            and sales_line.returned + d.returned between 0 and sales_line.shipped
            and sales_line.credited + d.credited between 0 and sales_line.shipped";

    /// The invoices of an order, oldest first.
    INVOICE_IDS_OF = "select id from sales_invoice where company_id = $1 and order_id = $2
        order by invoiced_on, position";

    /// Writes a credit note.
    INSERT_CREDIT_NOTE = "insert into sales_credit_note
        (company_id, id, number, series, year, position, order_id, partner_id, credited_on,
         currency, net, tax, gross, receivable, reason, source_kind, source_id, entry_id,
         recorded_at, user_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
            $19, $20)";

    /// Writes the lines of a credit note.
    INSERT_CREDIT_NOTE_LINES = "insert into sales_credit_note_line
        (company_id, credit_note_id, line, order_line, quantity, tax_code_id, net, tax, gross)
        select $1, $2, d.line, d.order_line, d.quantity, d.tax_code_id, d.net, d.tax, d.gross
        from {rows:d(line, order_line, quantity, tax_code_id, net, tax, gross)}";

    /// A page of credit notes, newest first.
    LIST_CREDIT_NOTES = "select n.id, n.number, n.order_id, coalesce(o.number, '') as order_number,
            coalesce(p.code, '') as partner, n.credited_on, n.net, n.tax, n.gross, n.receivable,
            n.reason, n.entry_id
        from sales_credit_note as n
        left join sales_order as o on o.company_id = n.company_id and o.id = n.order_id
        left join partners_partner as p on p.company_id = n.company_id and p.id = n.partner_id
        where n.company_id = $1
            and (cast($2 as {text}) is null or p.code = cast($2 as {text}))
            and (cast($3 as {i64}) is null or n.order_id = cast($3 as {i64}))
            and (cast($4 as {text}) is null or n.credited_on >= cast($4 as {text}))
            and (cast($5 as {text}) is null or n.credited_on <= cast($5 as {text}))
            and (n.credited_on < cast($6 as {text}) or (n.credited_on = cast($6 as {text})
                and n.id < cast($7 as {i64})))
        order by n.credited_on desc, n.id desc limit cast($8 as {i64})";

    /// Writes shipments.
    INSERT_SHIPMENTS = "insert into sales_shipment
        (company_id, id, number, order_id, warehouse_id, happened_on, posted_on, carrier, tracking,
         client_ref, entry_id, recorded_at, user_id)
        select $1, d.id, d.number, d.order_id, d.warehouse_id, d.happened_on, d.posted_on,
            d.carrier, d.tracking, d.client_ref, d.entry_id, $2, $3
        from {rows:d(id, number text, order_id, warehouse_id, happened_on text, posted_on text,
            carrier text, tracking text, client_ref text, entry_id)}";

    /// Writes the lines of shipments.
    INSERT_SHIPMENT_LINES = "insert into sales_shipment_line
        (company_id, shipment_id, line, id, order_id, line_id, quantity, net, tax, gross, cost)
        select $1, d.shipment_id, d.line, d.id, d.order_id, d.line_id, d.quantity, d.net, d.tax,
            d.gross, d.cost
        from {rows:d(shipment_id, order_id, id, line, line_id, quantity, net, tax, gross, cost)}";

    /// Takes the next positions of a legal series and tells the last of them. Its lock is the last
    /// that an invoice takes.
    NEXT_POSITIONS = "insert into sales_series (company_id, series, year, last)
        values ($1, $2, $3, cast($4 as {i64}))
        on conflict (company_id, series, year)
            do update set last = sales_series.last + cast($4 as {i64})
        returning last";

    /// Writes invoices.
    INSERT_INVOICES = "insert into sales_invoice
        (company_id, id, number, series, year, position, kind, order_id, partner_id, invoiced_on,
         due_on, currency, net, tax, gross, client_ref, entry_id, recorded_at, user_id)
        select $1, d.id, d.number, d.series, d.year, d.position, d.kind, d.order_id, d.partner_id,
            d.invoiced_on, d.due_on, $2, d.net, d.tax, d.gross, d.client_ref, d.entry_id, $3, $4
        from {rows:d(id, number text, series text, year, position, kind text, order_id, partner_id,
            invoiced_on text, due_on text, net, tax, gross, client_ref text, entry_id)}";

    /// Writes the lines of invoices.
    INSERT_INVOICE_LINES = "insert into sales_invoice_line
        (company_id, invoice_id, line, id, order_id, line_id, quantity, net, tax, gross)
        select $1, d.invoice_id, d.line, d.id, d.order_id, d.line_id, d.quantity, d.net, d.tax,
            d.gross
        from {rows:d(invoice_id, order_id, id, line, line_id, quantity, net, tax, gross)}";

    /// An order by its channel and external reference.
    FIND_ORDER = "select o.id from sales_order as o
        join sales_channel as c on c.company_id = o.company_id and c.id = o.channel_id
        where o.company_id = $1 and c.code = $2 and o.external_ref = $3 and o.external_ref <> ''";

    /// One order as lists tell it.
    ORDER_ROW = concat!(order_row!(), " where o.company_id = $1 and o.id = $2");

    /// What else an order says.
    ORDER_TERMS = "select when_short, prices, revenue_at, cost_at, terms_days, accepted_at
        from sales_order where company_id = $1 and id = $2";

    /// A page of orders, newest first.
    LIST_ORDERS = concat!(order_row!(), " where o.company_id = $1
            and (cast($2 as {text}) is null or o.state = cast($2 as {text}))
            and (cast($3 as {text}) is null or c.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or p.code = cast($4 as {text}))
            and (cast($5 as {text}) is null or exists (select 1 from sales_line as l
                join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
                where l.company_id = o.company_id and l.order_id = o.id
                    and i.sku = cast($5 as {text})))
            and (cast($6 as {text}) is null or o.ordered_on >= cast($6 as {text}))
            and (cast($7 as {text}) is null or o.ordered_on <= cast($7 as {text}))
            and (cast($8 as {text}) is null or o.external_ref = cast($8 as {text}))
            and (cast($9 as {text}) is null
                or substr(o.client_ref, 1, length(cast($9 as {text}))) = cast($9 as {text}))
            and (o.ordered_at < cast($10 as {i64}) or (o.ordered_at = cast($10 as {i64})
                and o.id < cast($11 as {i64})))
        order by o.ordered_at desc, o.id desc limit cast($12 as {i64})");

    /// The lines of an order for people, with what is kept for each item of them.
    ORDER_LINES = "select l.line, l.id, l.kind, coalesce(i.sku, '') as sku, l.kit, l.description,
            l.quantity, l.price, l.tax_code, l.tax_rate, l.role, l.net, l.tax, l.gross, l.shipped,
            l.invoiced, l.cancelled, m.item_id as demanded_item,
            cast(sum(m.reserved) as {i64}) as reserved, cast(sum(m.quantity) as {i64}) as wanted
        from sales_line as l
        left join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        left join stock_demand as m on m.company_id = l.company_id
            and m.owner_kind = 'sales_order' and m.owner_id = l.order_id and m.line_id = l.id
        where l.company_id = $1 and l.order_id = $2
        group by l.line, l.id, l.kind, i.sku, l.kit, l.description, l.quantity, l.price,
            l.tax_code, l.tax_rate, l.role, l.net, l.tax, l.gross, l.shipped, l.invoiced,
            l.cancelled, m.item_id
        order by l.line, m.item_id";

    /// One shipment as lists tell it.
    SHIPMENT_ROW = concat!(shipment_row!(), " where s.company_id = $1 and s.id = $2");

    /// The shipments of an order, oldest first.
    SHIPMENTS_OF = concat!(shipment_row!(), " where s.company_id = $1 and s.order_id = $2
        order by s.recorded_at, s.id");

    /// A page of shipments, latest day first.
    LIST_SHIPMENTS = concat!(shipment_row!(), " where s.company_id = $1
            and (cast($2 as {text}) is null or o.state = cast($2 as {text}))
            and (cast($3 as {text}) is null or c.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or p.code = cast($4 as {text}))
            and (cast($5 as {text}) is null or exists (select 1 from sales_shipment_line as k
                join sales_line as l on l.company_id = k.company_id and l.order_id = k.order_id
                    and l.line = k.line
                join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
                where k.company_id = s.company_id and k.shipment_id = s.id
                    and i.sku = cast($5 as {text})))
            and (cast($6 as {text}) is null or s.happened_on >= cast($6 as {text}))
            and (cast($7 as {text}) is null or s.happened_on <= cast($7 as {text}))
            and (cast($8 as {text}) is null or o.external_ref = cast($8 as {text}))
            and (cast($9 as {text}) is null
                or substr(s.client_ref, 1, length(cast($9 as {text}))) = cast($9 as {text}))
            and (s.happened_on < cast($10 as {text}) or (s.happened_on = cast($10 as {text})
                and s.id < cast($11 as {i64})))
        order by s.happened_on desc, s.id desc limit cast($12 as {i64})");

    /// The lines of a shipment.
    SHIPMENT_LINES = "select k.line, coalesce(i.sku, '') as sku, l.description, k.quantity, k.net,
            k.tax, k.gross, k.cost, k.id
        from sales_shipment_line as k
        join sales_line as l on l.company_id = k.company_id and l.order_id = k.order_id
            and l.line = k.line
        left join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        where k.company_id = $1 and k.shipment_id = $2 order by k.line";

    /// One invoice as lists tell it.
    INVOICE_ROW = concat!(invoice_row!(), " where v.company_id = $1 and v.id = $2");

    /// The invoices of an order, oldest first.
    INVOICES_OF = concat!(invoice_row!(), " where v.company_id = $1 and v.order_id = $2
        order by v.recorded_at, v.id");

    /// A page of invoices, latest day first.
    LIST_INVOICES = concat!(invoice_row!(), " where v.company_id = $1
            and (cast($2 as {text}) is null or v.kind = cast($2 as {text}))
            and (cast($3 as {text}) is null or c.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or p.code = cast($4 as {text}))
            and (cast($5 as {text}) is null or exists (select 1 from sales_invoice_line as k
                join sales_line as l on l.company_id = k.company_id and l.order_id = k.order_id
                    and l.line = k.line
                join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
                where k.company_id = v.company_id and k.invoice_id = v.id
                    and i.sku = cast($5 as {text})))
            and (cast($6 as {text}) is null or v.invoiced_on >= cast($6 as {text}))
            and (cast($7 as {text}) is null or v.invoiced_on <= cast($7 as {text}))
            and (cast($8 as {text}) is null or o.external_ref = cast($8 as {text}))
            and (cast($9 as {text}) is null
                or substr(v.client_ref, 1, length(cast($9 as {text}))) = cast($9 as {text}))
            and (v.invoiced_on < cast($10 as {text}) or (v.invoiced_on = cast($10 as {text})
                and v.id < cast($11 as {i64})))
        order by v.invoiced_on desc, v.id desc limit cast($12 as {i64})");

    /// The lines of an invoice.
    INVOICE_LINES = "select k.line, coalesce(i.sku, '') as sku, l.description, k.quantity, k.net,
            k.tax, k.gross, cast(0 as {i64}) as cost, k.id
        from sales_invoice_line as k
        join sales_line as l on l.company_id = k.company_id and l.order_id = k.order_id
            and l.line = k.line
        left join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        where k.company_id = $1 and k.invoice_id = $2 order by k.line";

    /// Takes down invoices written elsewhere.
    INSERT_OPENED_INVOICES = "insert into sales_opened_invoice
            (company_id, id, number, partner_id, invoiced_on, due_on, amount, entry_id,
             taken_back_by, recorded_at, user_id)
        select $1, d.id, d.number, d.partner_id, d.invoiced_on, d.due_on, d.amount, $2, 0, $3, $4
        from {rows:d(id, number text, partner_id, invoiced_on text, due_on text, amount)}";

    /// Strikes invoices that an undone opening brought.
    STRIKE_INVOICES = "update sales_opened_invoice as v set taken_back_by = $2
        from {rows:d(id)} where v.company_id = $1 and v.id = d.id and v.taken_back_by = 0";

    /// Frees the numbers at their channels of orders that were taken back.
    FREE_REFERENCES = "update sales_order as o set external_ref = '', client_ref = ''
        from {rows:d(id)} where o.company_id = $1 and o.id = d.id and o.state = 'cancelled'";

    /// A page of invoices written elsewhere, latest day first, with what is open of each.
    LIST_OPENED_INVOICES = "select v.id, v.number, p.code, v.invoiced_on, v.due_on, v.amount,
            coalesce(t.amount, 0) as open, v.entry_id
        from sales_opened_invoice as v
        join partners_partner as p on p.company_id = v.company_id and p.id = v.partner_id
        join accounting_account as a on a.company_id = v.company_id and a.role = 'receivable'
        left join accounting_open_item as t on t.company_id = v.company_id
            and t.account_id = a.id and t.kind = 'invoice' and t.source_id = v.id
        where v.company_id = $1 and v.taken_back_by = 0
            and (cast($2 as {text}) is null or p.code = cast($2 as {text}))
            and (cast($3 as {text}) is null or v.number = cast($3 as {text}))
            and (cast($4 as {text}) is null or v.due_on <= cast($4 as {text}))
            and (cast($5 as {i64}) = 0 or coalesce(t.amount, 0) <> 0)
            and (v.invoiced_on < cast($6 as {text}) or (v.invoiced_on = cast($6 as {text})
                and v.id < cast($7 as {i64})))
        order by v.invoiced_on desc, v.id desc limit cast($8 as {i64})";
}
