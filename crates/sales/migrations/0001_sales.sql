-- Where orders come from, and what is agreed there. Orders keep what held when they were accepted.
create table sales_channel (
    company_id {i64} not null,
    id {i64} not null,
    code {text} not null,
    name {text} not null,
    warehouse_id {i64} not null,
    when_short {text} not null constraint sales_channel_when_short
        check (when_short in ('refuse', 'back_order')),
    reserve_at {text} not null constraint sales_channel_reserve_at
        check (reserve_at in ('accept', 'manual')),
    prepaid {i64} not null constraint sales_channel_prepaid check (prepaid in (0, 1)),
    prices {text} not null constraint sales_channel_prices check (prices in ('net', 'gross')),
    revenue_at {text} not null constraint sales_channel_revenue_at
        check (revenue_at in ('shipment', 'invoice')),
    terms_days {i64} not null constraint sales_channel_terms check (terms_days >= 0),
    tax_code {text} not null,
    active {i64} not null constraint sales_channel_active check (active in (0, 1)),
    revision {i64} not null,
    primary key (company_id, id),
    constraint sales_channel_code unique (company_id, code),
    constraint sales_channel_terms_need_invoice check (prepaid = 1 or revenue_at = 'invoice'),
    constraint sales_channel_warehouse foreign key (company_id, warehouse_id)
        references stock_warehouse (company_id, id)
) {key_table};

create table sales_order (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    channel_id {i64} not null,
    external_ref {text} not null,
    client_ref {text} not null,
    partner_id {i64},
    country {text} not null,
    warehouse_id {i64} not null,
    currency {text} not null,
    ordered_on {text} not null,
    ordered_at {i64} not null,
    due_on {text} not null,
    state {text} not null constraint sales_order_state
        check (state in ('accepted', 'closed', 'cancelled')),
    when_short {text} not null constraint sales_order_when_short
        check (when_short in ('refuse', 'back_order')),
    prepaid {i64} not null constraint sales_order_prepaid check (prepaid in (0, 1)),
    prices {text} not null constraint sales_order_prices check (prices in ('net', 'gross')),
    revenue_at {text} not null constraint sales_order_revenue_at
        check (revenue_at in ('shipment', 'invoice')),
    cost_at {text} not null constraint sales_order_cost_at
        check (cost_at in ('shipment', 'invoice')),
    terms_days {i64} not null,
    net {i64} not null,
    tax {i64} not null,
    gross {i64} not null,
    revision {i64} not null,
    accepted_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint sales_order_gross check (gross = net + tax),
    constraint sales_order_channel foreign key (company_id, channel_id)
        references sales_channel (company_id, id),
    constraint sales_order_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id)
) {key_table};
-- One order outside is one order here, however often it arrives.
create unique index sales_order_external on sales_order (company_id, channel_id, external_ref)
    where external_ref <> '';
create unique index sales_order_number on sales_order (company_id, number);
create index sales_order_ordered on sales_order (company_id, ordered_at, id);
create index sales_order_of_partner on sales_order (company_id, partner_id, ordered_at)
    where partner_id is not null;
create index sales_order_client_ref on sales_order (company_id, client_ref)
    where client_ref <> '';

-- What was ordered. shipped, invoiced and cancelled are sums kept for speed, see the checks.
create table sales_line (
    company_id {i64} not null,
    order_id {i64} not null,
    line {i64} not null,
    id {i64} not null,
    kind {text} not null constraint sales_line_kind
        check (kind in ('goods', 'service', 'charge', 'discount', 'free')),
    item_id {i64},
    kit {i64} not null constraint sales_line_kit check (kit in (0, 1)),
    description {text} not null,
    quantity {i64} not null constraint sales_line_quantity check (quantity > 0),
    price {i64} not null,
    tax_code_id {i64} not null,
    tax_code {text} not null,
    tax_rate {i64} not null,
    role {text} not null,
    net {i64} not null,
    tax {i64} not null,
    gross {i64} not null,
    shipped {i64} not null constraint sales_line_shipped check (shipped >= 0),
    invoiced {i64} not null constraint sales_line_invoiced check (invoiced >= 0),
    cancelled {i64} not null constraint sales_line_cancelled check (cancelled >= 0),
    primary key (company_id, order_id, line),
    constraint sales_line_gross check (gross = net + tax),
    constraint sales_line_within check (shipped + cancelled <= quantity),
    constraint sales_line_invoiced_within check (invoiced <= shipped),
    constraint sales_line_goods check (kind not in ('goods', 'free') or item_id is not null),
    constraint sales_line_order foreign key (company_id, order_id)
        references sales_order (company_id, id),
    constraint sales_line_item foreign key (company_id, item_id)
        references catalog_item (company_id, id)
) {key_table};
create index sales_line_of_item on sales_line (company_id, item_id, order_id)
    where item_id is not null;

create table sales_shipment (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    order_id {i64} not null,
    warehouse_id {i64} not null,
    happened_on {text} not null,
    posted_on {text} not null,
    carrier {text} not null,
    tracking {text} not null,
    client_ref {text} not null,
    entry_id {i64} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint sales_shipment_number unique (company_id, number),
    constraint sales_shipment_order foreign key (company_id, order_id)
        references sales_order (company_id, id)
) {key_table};
create index sales_shipment_of_order on sales_shipment (company_id, order_id);
create index sales_shipment_day on sales_shipment (company_id, happened_on, id);
create index sales_shipment_client_ref on sales_shipment (company_id, client_ref)
    where client_ref <> '';

-- What left, what it was sold for, and what it cost.
create table sales_shipment_line (
    company_id {i64} not null,
    shipment_id {i64} not null,
    line {i64} not null,
    id {i64} not null,
    order_id {i64} not null,
    line_id {i64} not null,
    quantity {i64} not null constraint sales_shipment_line_quantity check (quantity > 0),
    net {i64} not null,
    tax {i64} not null,
    gross {i64} not null,
    cost {i64} not null,
    primary key (company_id, shipment_id, line),
    constraint sales_shipment_line_gross check (gross = net + tax),
    constraint sales_shipment_line_shipment foreign key (company_id, shipment_id)
        references sales_shipment (company_id, id),
    constraint sales_shipment_line_line foreign key (company_id, order_id, line)
        references sales_line (company_id, order_id, line)
) {key_table};
create index sales_shipment_line_of_order on sales_shipment_line (company_id, order_id, line);

create table sales_invoice (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    series {text} not null,
    year {i64} not null,
    position {i64} not null constraint sales_invoice_position check (position > 0),
    kind {text} not null constraint sales_invoice_kind check (kind in ('invoice', 'credit_note')),
    order_id {i64} not null,
    partner_id {i64},
    invoiced_on {text} not null,
    due_on {text} not null,
    currency {text} not null,
    net {i64} not null,
    tax {i64} not null,
    gross {i64} not null,
    client_ref {text} not null,
    entry_id {i64} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint sales_invoice_number unique (company_id, number),
    constraint sales_invoice_series unique (company_id, series, year, position),
    constraint sales_invoice_gross check (gross = net + tax),
    constraint sales_invoice_order foreign key (company_id, order_id)
        references sales_order (company_id, id),
    constraint sales_invoice_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id)
) {key_table};
create index sales_invoice_of_order on sales_invoice (company_id, order_id);
create index sales_invoice_day on sales_invoice (company_id, invoiced_on, id);
create index sales_invoice_client_ref on sales_invoice (company_id, client_ref)
    where client_ref <> '';

create table sales_invoice_line (
    company_id {i64} not null,
    invoice_id {i64} not null,
    line {i64} not null,
    id {i64} not null,
    order_id {i64} not null,
    line_id {i64} not null,
    quantity {i64} not null constraint sales_invoice_line_quantity check (quantity > 0),
    net {i64} not null,
    tax {i64} not null,
    gross {i64} not null,
    primary key (company_id, invoice_id, line),
    constraint sales_invoice_line_gross check (gross = net + tax),
    constraint sales_invoice_line_invoice foreign key (company_id, invoice_id)
        references sales_invoice (company_id, id),
    constraint sales_invoice_line_line foreign key (company_id, order_id, line)
        references sales_line (company_id, order_id, line)
) {key_table};
create index sales_invoice_line_of_order on sales_invoice_line (company_id, order_id, line);

-- The last position of each legal series: locked last, and only until the commit.
create table sales_series (
    company_id {i64} not null,
    series {text} not null,
    year {i64} not null,
    last {i64} not null,
    primary key (company_id, series, year)
) {key_table};
