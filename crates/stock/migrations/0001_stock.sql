-- Places: a tree. Every company has one supplier's, one customer's, one loss and one transit place.
create table stock_place (
    company_id {i64} not null,
    id {i64} not null,
    parent_id {i64} not null,
    warehouse_id {i64} not null,
    pool_id {i64} not null,
    code {text} not null,
    path {text} not null,
    kind {text} not null constraint stock_place_kind
        check (kind in ('internal', 'transit', 'supplier', 'customer', 'loss')),
    class {text} not null constraint stock_place_class
        check (class in ('normal', 'quarantine', 'transit', 'consigned')),
    active {i64} not null constraint stock_place_active check (active in (0, 1)),
    primary key (company_id, id)
) {key_table};
create unique index stock_place_path on stock_place (company_id, path);

-- A warehouse names the places that its documents use.
create table stock_warehouse (
    company_id {i64} not null,
    id {i64} not null,
    code {text} not null,
    name {text} not null,
    pool_id {i64} not null,
    input_place_id {i64} not null,
    stock_place_id {i64} not null,
    quarantine_place_id {i64} not null,
    supplier_place_id {i64} not null,
    customer_place_id {i64} not null,
    loss_place_id {i64} not null,
    transit_place_id {i64} not null,
    active {i64} not null constraint stock_warehouse_active check (active in (0, 1)),
    primary key (company_id, id),
    foreign key (company_id, stock_place_id) references stock_place (company_id, id)
) {key_table};
create unique index stock_warehouse_code on stock_warehouse (company_id, code);

create table stock_lot (
    company_id {i64} not null,
    id {i64} not null,
    item_id {i64} not null,
    code {text} not null,
    expires_on {text} not null,
    received_on {text} not null,
    primary key (company_id, id),
    foreign key (company_id, item_id) references catalog_item (company_id, id)
) {key_table};
create unique index stock_lot_code on stock_lot (company_id, item_id, code);

-- What lies where: one row for item, place and lot (0 = none), only at places of our own.
create table stock_row (
    company_id {i64} not null,
    item_id {i64} not null,
    place_id {i64} not null,
    lot_id {i64} not null,
    on_hand {i64} not null,
    reserved {i64} not null constraint stock_row_reserved check (reserved >= 0),
    since {text} not null,
    seq {i64} not null,
    primary key (company_id, item_id, place_id, lot_id),
    foreign key (company_id, item_id) references catalog_item (company_id, id),
    foreign key (company_id, place_id) references stock_place (company_id, id)
) {key_table};
create index stock_row_place on stock_row (company_id, place_id);

-- What moved: never changed, never removed. The position in each row's history and the balance
-- after it make the history checkable without a sum from the beginning.
create table stock_move (
    company_id {i64} not null,
    id {i64} not null,
    item_id {i64} not null,
    lot_id {i64} not null,
    from_place_id {i64} not null,
    to_place_id {i64} not null,
    quantity {i64} not null constraint stock_move_quantity check (quantity > 0),
    value {i64} not null,
    happened_on {text} not null,
    posted_on {text} not null,
    recorded_at {i64} not null,
    entry_id {i64} not null,
    source_kind {text} not null,
    source_id {i64} not null,
    line_id {i64} not null,
    reverses_id {i64} not null,
    from_seq {i64} not null,
    from_after {i64} not null,
    to_seq {i64} not null,
    to_after {i64} not null,
    primary key (company_id, id),
    constraint stock_move_places check (from_place_id <> to_place_id),
    foreign key (company_id, item_id) references catalog_item (company_id, id),
    foreign key (company_id, from_place_id) references stock_place (company_id, id),
    foreign key (company_id, to_place_id) references stock_place (company_id, id)
) {key_table};
create index stock_move_item on stock_move (company_id, item_id, recorded_at);
create index stock_move_source on stock_move (company_id, source_kind, source_id);

-- Goods planned to come in or go out, kept for whoever plans them.
create table stock_expectation (
    company_id {i64} not null,
    id {i64} not null,
    item_id {i64} not null,
    warehouse_id {i64} not null,
    incoming {i64} not null constraint stock_expectation_way check (incoming in (0, 1)),
    open_quantity {i64} not null constraint stock_expectation_open check (open_quantity >= 0),
    due_on {text} not null,
    source_kind {text} not null,
    source_id {i64} not null,
    primary key (company_id, id),
    foreign key (company_id, item_id) references catalog_item (company_id, id)
) {key_table};
create unique index stock_expectation_source
    on stock_expectation (company_id, source_kind, source_id, item_id, incoming);
create index stock_expectation_item on stock_expectation (company_id, item_id, due_on);

-- What somebody wants: what it still lacks is its back-order.
create table stock_demand (
    company_id {i64} not null,
    id {i64} not null,
    owner_kind {text} not null,
    owner_id {i64} not null,
    line_id {i64} not null,
    item_id {i64} not null,
    warehouse_id {i64} not null,
    quantity {i64} not null constraint stock_demand_quantity check (quantity > 0),
    reserved {i64} not null constraint stock_demand_reserved check (reserved >= 0),
    shipped {i64} not null constraint stock_demand_shipped check (shipped >= 0),
    cancelled {i64} not null constraint stock_demand_cancelled check (cancelled >= 0),
    back_order {i64} not null constraint stock_demand_back_order check (back_order in (0, 1)),
    due_on {text} not null,
    recorded_at {i64} not null,
    primary key (company_id, id),
    constraint stock_demand_within check (reserved + shipped + cancelled <= quantity),
    foreign key (company_id, item_id) references catalog_item (company_id, id),
    foreign key (company_id, warehouse_id) references stock_warehouse (company_id, id)
) {key_table};
create index stock_demand_owner on stock_demand (company_id, owner_kind, owner_id);
create index stock_demand_item on stock_demand (company_id, item_id);

-- Which goods are kept for which demand. Live rows only: shipping or freeing removes them.
create table stock_reservation (
    company_id {i64} not null,
    demand_id {i64} not null,
    item_id {i64} not null,
    place_id {i64} not null,
    lot_id {i64} not null,
    quantity {i64} not null constraint stock_reservation_quantity check (quantity >= 0),
    primary key (company_id, demand_id, item_id, place_id, lot_id),
    foreign key (company_id, demand_id) references stock_demand (company_id, id)
) {key_table};
create index stock_reservation_row on stock_reservation (company_id, item_id, place_id, lot_id);

-- Goods that must not move until whoever holds them lets go.
create table stock_hold (
    company_id {i64} not null,
    id {i64} not null,
    subject_kind {text} not null constraint stock_hold_subject
        check (subject_kind in ('place', 'lot')),
    subject_id {i64} not null,
    reason {text} not null,
    placed_at {i64} not null,
    lifted_at {i64},
    primary key (company_id, id)
) {key_table};
create index stock_hold_subject on stock_hold (company_id, subject_kind, subject_id);

-- How goods are taken from several rows, by category (0 = every other).
create table stock_removal_rule (
    company_id {i64} not null,
    category_id {i64} not null,
    strategy {text} not null constraint stock_removal_strategy
        check (strategy in ('fifo', 'lifo', 'fefo', 'closest')),
    primary key (company_id, category_id)
) {key_table};

-- Why shelf and books differed, and the account that pays for it.
create table stock_reason (
    company_id {i64} not null,
    id {i64} not null,
    code {text} not null,
    name {text} not null,
    role {text} not null,
    active {i64} not null constraint stock_reason_active check (active in (0, 1)),
    primary key (company_id, id)
) {key_table};
create unique index stock_reason_code on stock_reason (company_id, code);

-- A set of differences between shelf and books that were booked together.
create table stock_adjustment (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    memo {text} not null,
    happened_on {text} not null,
    posted_on {text} not null,
    client_ref {text} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    primary key (company_id, id)
) {key_table};
create index stock_adjustment_ref on stock_adjustment (company_id, client_ref);
