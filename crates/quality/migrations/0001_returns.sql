-- What customers may send back. Without an order the sale is not known to these books.
create table quality_return (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    client_ref {text} not null,
    order_id {i64},
    partner_id {i64},
    warehouse_id {i64} not null,
    reason {text} not null,
    note {text} not null,
    prices {text} not null constraint quality_return_prices check (prices in ('net', 'gross')),
    authorized_on {text} not null,
    revision {i64} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint quality_return_number unique (company_id, number),
    constraint quality_return_order foreign key (company_id, order_id)
        references sales_order (company_id, id),
    constraint quality_return_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id),
    constraint quality_return_warehouse foreign key (company_id, warehouse_id)
        references stock_warehouse (company_id, id)
) {key_table};
create unique index quality_return_client_ref on quality_return (company_id, client_ref)
    where client_ref <> '';
create index quality_return_of_order on quality_return (company_id, order_id)
    where order_id is not null;
create index quality_return_day on quality_return (company_id, authorized_on, id);

-- order_line 0 is no line of an order; then tax_code_id and tax_rate are of the sale as told. price is
-- a price agreed instead of the order's. received, closed and refunded are sums kept for speed.
create table quality_return_line (
    company_id {i64} not null,
    return_id {i64} not null,
    line {i64} not null,
    id {i64} not null,
    order_line {i64} not null,
    item_id {i64} not null,
    quantity {i64} not null constraint quality_return_line_quantity check (quantity > 0),
    price {i64},
    tax_code_id {i64} not null,
    tax_rate {i64} not null,
    received {i64} not null constraint quality_return_line_received check (received >= 0),
    closed {i64} not null constraint quality_return_line_closed check (closed >= 0),
    refunded {i64} not null constraint quality_return_line_refunded check (refunded >= 0),
    primary key (company_id, return_id, line),
    constraint quality_return_line_id unique (company_id, id),
    constraint quality_return_line_within check (received + closed <= quantity),
    constraint quality_return_line_refunded_within check (refunded <= quantity),
    constraint quality_return_line_return foreign key (company_id, return_id)
        references quality_return (company_id, id),
    constraint quality_return_line_item foreign key (company_id, item_id)
        references catalog_item (company_id, id)
) {key_table};

-- Goods that came back, as they left: one row for each move that they take back. of_move_id 0 left
-- before these books. decided is what was decided on, back the part of it that went to the customer
-- once more; both are sums kept for speed.
create table quality_goods (
    company_id {i64} not null,
    id {i64} not null,
    return_id {i64} not null,
    line_id {i64} not null,
    item_id {i64} not null,
    lot_id {i64} not null,
    place_id {i64} not null,
    quantity {i64} not null constraint quality_goods_quantity check (quantity > 0),
    value {i64} not null,
    decided {i64} not null constraint quality_goods_decided
        check (decided >= 0 and decided <= quantity),
    back {i64} not null constraint quality_goods_back check (back >= 0 and back <= decided),
    of_move_id {i64} not null,
    move_id {i64} not null,
    received_on {text} not null,
    posted_on {text} not null,
    client_ref {text} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint quality_goods_line foreign key (company_id, line_id)
        references quality_return_line (company_id, id)
) {key_table};
create index quality_goods_of_return on quality_goods (company_id, return_id, id);
create index quality_goods_of_move on quality_goods (company_id, of_move_id) where of_move_id <> 0;
create index quality_goods_day on quality_goods (company_id, received_on, id);

-- What became of goods that came back. reason is the code of a stock reason, for scrap and second
-- grade; value is what the goods were worth when they were decided on, grade_value what they are
-- worth as second grade.
create table quality_disposition (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    line {i64} not null,
    client_ref {text} not null,
    return_id {i64} not null,
    goods_id {i64} not null,
    outcome {text} not null constraint quality_disposition_outcome check (outcome in
        ('restock', 'second_grade', 'scrap', 'supplier_claim', 'back_to_customer')),
    quantity {i64} not null constraint quality_disposition_quantity check (quantity > 0),
    value {i64} not null,
    grade_item_id {i64} not null,
    grade_value {i64} not null,
    place_id {i64} not null,
    reason {text} not null,
    note {text} not null,
    claim_id {i64} not null,
    move_id {i64} not null,
    decided_on {text} not null,
    posted_on {text} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id, line),
    constraint quality_disposition_goods foreign key (company_id, goods_id)
        references quality_goods (company_id, id)
) {key_table};
create index quality_disposition_of_return on quality_disposition (company_id, return_id);
create index quality_disposition_day on quality_disposition (company_id, decided_on, id, line);
create index quality_disposition_back on quality_disposition (company_id, goods_id)
    where outcome = 'back_to_customer';

-- Money to be given back: for goods of a return, or (return_id null) as an allowance on an order.
create table quality_refund (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    client_ref {text} not null,
    return_id {i64},
    order_id {i64},
    partner_id {i64},
    state {text} not null constraint quality_refund_state
        check (state in ('to_approve', 'decided', 'refused')),
    net {i64} not null,
    tax {i64} not null,
    gross {i64} not null,
    receivable {i64} not null,
    reason {text} not null,
    decided_on {text} not null,
    credit_note_id {i64} not null,
    credit_note {text} not null,
    revision {i64} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint quality_refund_number unique (company_id, number),
    constraint quality_refund_gross check (gross = net + tax and gross > 0),
    constraint quality_refund_credited check ((state = 'decided') = (credit_note_id <> 0)),
    constraint quality_refund_of check (return_id is not null or order_id is not null),
    constraint quality_refund_return foreign key (company_id, return_id)
        references quality_return (company_id, id),
    constraint quality_refund_order foreign key (company_id, order_id)
        references sales_order (company_id, id)
) {key_table};
create unique index quality_refund_client_ref on quality_refund (company_id, client_ref)
    where client_ref <> '';
create index quality_refund_of_return on quality_refund (company_id, return_id)
    where return_id is not null;
create index quality_refund_day on quality_refund (company_id, decided_on, id);

-- line is the return's line, of an allowance the order's. amount is set where it was asked for.
create table quality_refund_line (
    company_id {i64} not null,
    refund_id {i64} not null,
    line {i64} not null,
    quantity {i64} not null constraint quality_refund_line_quantity check (quantity >= 0),
    amount {i64},
    primary key (company_id, refund_id, line),
    constraint quality_refund_line_refund foreign key (company_id, refund_id)
        references quality_refund (company_id, id)
) {key_table};
