-- What was cancelled of an order's lines, and on which day; revision is the order's after it. What was
-- cancelled before this table was made has no row.
create table sales_cancellation (
    company_id {i64} not null,
    order_id {i64} not null,
    revision {i64} not null,
    line {i64} not null,
    quantity {i64} not null constraint sales_cancellation_quantity check (quantity > 0),
    cancelled_on {text} not null,
    reason {text} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, order_id, line, revision),
    constraint sales_cancellation_line foreign key (company_id, order_id, line)
        references sales_line (company_id, order_id, line)
) {key_table};

-- Orders of a period are found by their day.
create index sales_order_day on sales_order (company_id, ordered_on, id);
