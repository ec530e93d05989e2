-- The floor: what an order costs on these engines at the least. The same constraints as the product,
-- but no audit, no facts and no request keys.
create table bench_item (
    company_id {i64} not null, id {i64} not null, primary key (company_id, id)
) {key_table};

create table bench_order (
    company_id {i64} not null, id {i64} not null, reference {text} not null, placed_at {i64} not null,
    primary key (company_id, id)
) {key_table};
create unique index bench_order_reference on bench_order (company_id, reference);

create table bench_line (
    company_id {i64} not null, id {i64} not null, order_id {i64} not null, item_id {i64} not null,
    quantity {i64} not null constraint bench_line_quantity check (quantity > 0), price {i64} not null,
    primary key (company_id, id),
    foreign key (company_id, order_id) references bench_order (company_id, id),
    foreign key (company_id, item_id) references bench_item (company_id, id)
) {key_table};

create table bench_row (
    company_id {i64} not null, item_id {i64} not null, on_hand {i64} not null, reserved {i64} not null,
    primary key (company_id, item_id),
    constraint bench_row_reserved check (reserved >= 0 and reserved <= on_hand)
) {key_table};

create table bench_reservation (
    company_id {i64} not null, line_id {i64} not null, item_id {i64} not null,
    quantity {i64} not null, primary key (company_id, line_id, item_id),
    foreign key (company_id, line_id) references bench_line (company_id, id)
) {key_table};

create table bench_move (
    company_id {i64} not null, id {i64} not null, item_id {i64} not null, line_id {i64} not null,
    quantity {i64} not null, value {i64} not null, moved_at {i64} not null,
    primary key (company_id, id),
    foreign key (company_id, item_id) references bench_item (company_id, id)
) {key_table};

create table bench_layer_use (
    company_id {i64} not null, id {i64} not null, item_id {i64} not null, move_id {i64} not null,
    quantity {i64} not null, value {i64} not null, primary key (company_id, id)
) {key_table};

create table bench_entry (
    company_id {i64} not null, id {i64} not null, posted_on {text} not null,
    primary key (company_id, id)
) {key_table};

create table bench_entry_line (
    company_id {i64} not null, entry_id {i64} not null, line {i64} not null, account {i64} not null,
    debit {i64} not null, credit {i64} not null, primary key (company_id, entry_id, line),
    foreign key (company_id, entry_id) references bench_entry (company_id, id)
) {key_table};
