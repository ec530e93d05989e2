-- How many days goods are on their way from one warehouse to another.
create table stock_lead_time (
    company_id {i64} not null,
    from_warehouse_id {i64} not null,
    to_warehouse_id {i64} not null,
    days {i64} not null constraint stock_lead_time_days check (days >= 0),
    primary key (company_id, from_warehouse_id, to_warehouse_id),
    foreign key (company_id, from_warehouse_id) references stock_warehouse (company_id, id),
    foreign key (company_id, to_warehouse_id) references stock_warehouse (company_id, id)
) {key_table};

-- Goods that go from one warehouse to another.
create table stock_transfer (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    from_warehouse_id {i64} not null,
    to_warehouse_id {i64} not null,
    to_place_id {i64} not null,
    depart_on {text} not null,
    arrive_on {text} not null,
    state {text} not null constraint stock_transfer_state
        check (state in ('planned', 'under_way', 'closed', 'cancelled')),
    revision {i64} not null,
    note {text} not null,
    client_ref {text} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    primary key (company_id, id),
    constraint stock_transfer_ends check (from_warehouse_id <> to_warehouse_id),
    constraint stock_transfer_days check (depart_on <= arrive_on),
    foreign key (company_id, from_warehouse_id) references stock_warehouse (company_id, id),
    foreign key (company_id, to_warehouse_id) references stock_warehouse (company_id, id),
    foreign key (company_id, to_place_id) references stock_place (company_id, id)
) {key_table};
create unique index stock_transfer_number on stock_transfer (company_id, number);
create index stock_transfer_ref on stock_transfer (company_id, client_ref);
create index stock_transfer_arrival on stock_transfer (company_id, arrive_on, id);

create table stock_transfer_line (
    company_id {i64} not null,
    id {i64} not null,
    transfer_id {i64} not null,
    line {i64} not null,
    item_id {i64} not null,
    quantity {i64} not null constraint stock_transfer_line_quantity check (quantity >= 0),
    sent {i64} not null constraint stock_transfer_line_sent check (sent >= 0),
    accepted {i64} not null constraint stock_transfer_line_accepted check (accepted >= 0),
    quarantined {i64} not null constraint stock_transfer_line_quarantined
        check (quarantined >= 0),
    missing {i64} not null constraint stock_transfer_line_missing check (missing >= 0),
    returned {i64} not null constraint stock_transfer_line_returned check (returned >= 0),
    cancelled {i64} not null constraint stock_transfer_line_cancelled check (cancelled >= 0),
    primary key (company_id, id),
    constraint stock_transfer_line_within check (sent + cancelled <= quantity
        and accepted + quarantined + missing + returned <= sent),
    foreign key (company_id, transfer_id) references stock_transfer (company_id, id),
    foreign key (company_id, item_id) references catalog_item (company_id, id)
) {key_table};
create unique index stock_transfer_line_line on stock_transfer_line
    (company_id, transfer_id, line);

-- Goods of a transfer that left together.
create table stock_dispatch (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    transfer_id {i64} not null,
    happened_on {text} not null,
    posted_on {text} not null,
    carrier {text} not null,
    tracking {text} not null,
    client_ref {text} not null,
    entry_id {i64} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    primary key (company_id, id),
    foreign key (company_id, transfer_id) references stock_transfer (company_id, id)
) {key_table};
create index stock_dispatch_transfer on stock_dispatch (company_id, transfer_id);
create index stock_dispatch_ref on stock_dispatch (company_id, client_ref);

-- What left of a line by one move; `open_quantity` is what is still under way.
create table stock_dispatch_line (
    company_id {i64} not null,
    id {i64} not null,
    dispatch_id {i64} not null,
    transfer_id {i64} not null,
    transfer_line_id {i64} not null,
    item_id {i64} not null,
    lot_id {i64} not null,
    quantity {i64} not null constraint stock_dispatch_line_quantity check (quantity > 0),
    open_quantity {i64} not null constraint stock_dispatch_line_open
        check (open_quantity >= 0 and open_quantity <= quantity),
    value {i64} not null,
    move_id {i64} not null,
    primary key (company_id, id),
    foreign key (company_id, dispatch_id) references stock_dispatch (company_id, id),
    foreign key (company_id, transfer_line_id) references stock_transfer_line (company_id, id)
) {key_table};
create index stock_dispatch_line_transfer on stock_dispatch_line (company_id, transfer_id);
create index stock_dispatch_line_open on stock_dispatch_line (company_id, id)
    where open_quantity > 0;

-- Goods of a transfer whose fate was found out together: arrived, missing, or brought back.
create table stock_arrival (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    transfer_id {i64} not null,
    happened_on {text} not null,
    posted_on {text} not null,
    client_ref {text} not null,
    entry_id {i64} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    primary key (company_id, id),
    foreign key (company_id, transfer_id) references stock_transfer (company_id, id)
) {key_table};
create index stock_arrival_transfer on stock_arrival (company_id, transfer_id);
create index stock_arrival_ref on stock_arrival (company_id, client_ref);

create table stock_arrival_line (
    company_id {i64} not null,
    id {i64} not null,
    arrival_id {i64} not null,
    transfer_id {i64} not null,
    transfer_line_id {i64} not null,
    dispatch_line_id {i64} not null,
    outcome {text} not null constraint stock_arrival_line_outcome
        check (outcome in ('accepted', 'quarantine', 'missing', 'returned')),
    quantity {i64} not null constraint stock_arrival_line_quantity check (quantity > 0),
    place_id {i64} not null,
    value {i64} not null,
    move_id {i64} not null,
    reason {text} not null,
    note {text} not null,
    primary key (company_id, id),
    foreign key (company_id, arrival_id) references stock_arrival (company_id, id),
    foreign key (company_id, dispatch_line_id) references stock_dispatch_line (company_id, id)
) {key_table};
create index stock_arrival_line_transfer on stock_arrival_line (company_id, transfer_id);
