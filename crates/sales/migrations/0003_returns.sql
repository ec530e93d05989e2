-- What came back of a line, and what was given back of its price: sums kept for speed, see the checks.
alter table sales_line add column returned {i64} not null default 0
    constraint sales_line_returned check (returned >= 0 and returned <= shipped);
alter table sales_line add column credited {i64} not null default 0
    constraint sales_line_credited check (credited >= 0 and credited <= shipped);
alter table sales_line add column credited_net {i64} not null default 0;
alter table sales_line add column credited_tax {i64} not null default 0;

-- Legal documents by which a sale, or a part of its price, is given back. They are numbered in the
-- series of credit notes. Amounts are what the customer gets; receivable is the part that was taken
-- off what the customer owed. Without an order the sale is not known to these books.
create table sales_credit_note (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    series {text} not null,
    year {i64} not null,
    position {i64} not null constraint sales_credit_note_position check (position > 0),
    order_id {i64},
    partner_id {i64},
    credited_on {text} not null,
    currency {text} not null,
    net {i64} not null,
    tax {i64} not null,
    gross {i64} not null,
    receivable {i64} not null,
    reason {text} not null,
    source_kind {text} not null,
    source_id {i64} not null,
    entry_id {i64} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint sales_credit_note_number unique (company_id, number),
    constraint sales_credit_note_series unique (company_id, series, year, position),
    constraint sales_credit_note_gross check (gross = net + tax),
    constraint sales_credit_note_receivable check (receivable >= 0 and receivable <= gross),
    constraint sales_credit_note_order foreign key (company_id, order_id)
        references sales_order (company_id, id),
    constraint sales_credit_note_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id)
) {key_table};
create index sales_credit_note_of_order on sales_credit_note (company_id, order_id)
    where order_id is not null;
create index sales_credit_note_day on sales_credit_note (company_id, credited_on, id);

-- order_line 0 is no line of an order; quantity 0 gives back a part of the price alone.
create table sales_credit_note_line (
    company_id {i64} not null,
    credit_note_id {i64} not null,
    line {i64} not null,
    order_line {i64} not null,
    quantity {i64} not null constraint sales_credit_note_line_quantity check (quantity >= 0),
    tax_code_id {i64} not null,
    net {i64} not null,
    tax {i64} not null,
    gross {i64} not null,
    primary key (company_id, credit_note_id, line),
    constraint sales_credit_note_line_gross check (gross = net + tax),
    constraint sales_credit_note_line_note foreign key (company_id, credit_note_id)
        references sales_credit_note (company_id, id)
) {key_table};
