-- From where the orders of a channel are filled; without a row its orders stay where they were accepted.
create table fulfilment_channel (
    company_id {i64} not null,
    channel_id {i64} not null,
    split {i64} not null constraint fulfilment_channel_split check (split in (0, 1)),
    revision {i64} not null,
    primary key (company_id, channel_id),
    constraint fulfilment_channel_channel foreign key (company_id, channel_id)
        references sales_channel (company_id, id)
) {key_table};

-- The warehouses of a channel: the lowest rank is asked first.
create table fulfilment_rank (
    company_id {i64} not null,
    channel_id {i64} not null,
    rank {i64} not null constraint fulfilment_rank_rank check (rank > 0),
    warehouse_id {i64} not null,
    primary key (company_id, channel_id, rank),
    constraint fulfilment_rank_warehouse unique (company_id, channel_id, warehouse_id),
    constraint fulfilment_rank_channel foreign key (company_id, channel_id)
        references fulfilment_channel (company_id, channel_id),
    constraint fulfilment_rank_of foreign key (company_id, warehouse_id)
        references stock_warehouse (company_id, id)
) {key_table};

-- What was decided for an order, with all that it was decided from. revision is the order's
-- afterwards; reason is empty unless something of it waits.
create table fulfilment_route (
    company_id {i64} not null,
    id {i64} not null,
    order_id {i64} not null,
    revision {i64} not null,
    choice {text} not null constraint fulfilment_route_choice
        check (choice in ('reserved', 'here', 'elsewhere', 'split', 'waits')),
    reason {text} not null constraint fulfilment_route_reason
        check (reason in ('', 'not_ranked', 'split_not_allowed', 'short')),
    warehouse_id {i64} not null,
    reserved {i64} not null constraint fulfilment_route_reserved check (reserved >= 0),
    algorithm {i64} not null,
    basis {text} not null,
    decision {text} not null,
    decided_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint fulfilment_route_order foreign key (company_id, order_id)
        references sales_order (company_id, id),
    constraint fulfilment_route_warehouse foreign key (company_id, warehouse_id)
        references stock_warehouse (company_id, id)
) {key_table};
create index fulfilment_route_of_order on fulfilment_route (company_id, order_id, id);
create index fulfilment_route_day on fulfilment_route (company_id, decided_at, id);
