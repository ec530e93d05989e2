-- What of an order's line had come and been billed when the books were opened; number 2 takes back
-- what number 1 brought. Quantities are in the stock unit.
create table purchasing_opened_line (
    company_id {i64} not null,
    line_id {i64} not null,
    number {i64} not null constraint purchasing_opened_line_number check (number in (1, 2)),
    order_id {i64} not null,
    received {i64} not null,
    billed {i64} not null,
    primary key (company_id, line_id, number),
    constraint purchasing_opened_line_line foreign key (company_id, line_id)
        references purchasing_line (company_id, id),
    constraint purchasing_opened_line_order foreign key (company_id, order_id)
        references purchasing_order (company_id, id)
) {key_table};
create index purchasing_opened_line_of_order on purchasing_opened_line (company_id, order_id);
