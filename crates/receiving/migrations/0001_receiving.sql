-- What arrives before it is known for which order.

-- A blind receipt: people scan what came of a supplier without seeing what was ordered. lines counts
-- its scans, seq every write. What was counted is matched with orders when it is booked; basis is what
-- that was decided from, '' before.
create table receiving_blind_receipt (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    client_ref {text} not null,
    partner_id {i64} not null,
    warehouse_id {i64} not null,
    state {text} not null constraint receiving_blind_receipt_state
        check (state in ('open', 'booked', 'cancelled')),
    delivery_note {text} not null,
    lines {i64} not null,
    seq {i64} not null,
    basis {text} not null,
    opened_on {text} not null,
    opened_by {i64} not null,
    opened_at {i64} not null,
    closed_by {i64},
    closed_at {i64},
    reason {text} not null,
    primary key (company_id, id),
    constraint receiving_blind_receipt_number unique (company_id, number),
    constraint receiving_blind_receipt_closed check ((state = 'open') = (closed_at is null)),
    constraint receiving_blind_receipt_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id)
) {key_table};
create unique index receiving_blind_receipt_client_ref
    on receiving_blind_receipt (company_id, client_ref) where client_ref <> '';
create index receiving_blind_receipt_day on receiving_blind_receipt (company_id, opened_on, id);

-- What somebody scanned. item_id 0 is an item that nobody knows, which is described; quantity is in the
-- item's stock unit, of an unknown item as it was counted.
create table receiving_scan (
    company_id {i64} not null,
    blind_receipt_id {i64} not null,
    line {i64} not null,
    code {text} not null,
    item_id {i64} not null,
    packaging {text} not null,
    packs {i64} not null,
    quantity {i64} not null constraint receiving_scan_quantity check (quantity > 0),
    lot {text} not null,
    expires_on {text} not null,
    damaged {i64} not null constraint receiving_scan_damaged check (damaged in (0, 1)),
    description {text} not null,
    client_ref {text} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    voided_by {i64},
    voided_at {i64},
    void_reason {text} not null,
    primary key (company_id, blind_receipt_id, line),
    constraint receiving_scan_known check (item_id <> 0 or description <> ''),
    constraint receiving_scan_voided check ((voided_at is null) = (void_reason = '')),
    constraint receiving_scan_of foreign key (company_id, blind_receipt_id)
        references receiving_blind_receipt (company_id, id)
) {key_table};
create unique index receiving_scan_client_ref
    on receiving_scan (company_id, blind_receipt_id, client_ref) where client_ref <> '';

-- Goods of which the item or the order is not known. They are counted and not valued: stock and the
-- books know nothing of them. item_id, partner_id and blind_receipt_id 0 are none. waiting is what has
-- not ended; place is where they lie, in words.
create table receiving_unknown (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    client_ref {text} not null,
    partner_id {i64} not null,
    warehouse_id {i64} not null,
    blind_receipt_id {i64} not null,
    why {text} not null constraint receiving_unknown_why
        check (why in ('item_unknown', 'not_ordered', 'over', 'held', 'found')),
    item_id {i64} not null,
    code {text} not null,
    description {text} not null,
    lot {text} not null,
    expires_on {text} not null,
    damaged {i64} not null constraint receiving_unknown_damaged check (damaged in (0, 1)),
    place {text} not null,
    quantity {i64} not null constraint receiving_unknown_quantity check (quantity > 0),
    waiting {i64} not null,
    state {text} not null constraint receiving_unknown_state check (state in ('waiting', 'ended')),
    owner_id {i64} not null,
    due_on {text} not null,
    found_on {text} not null,
    seq {i64} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    primary key (company_id, id),
    constraint receiving_unknown_number unique (company_id, number),
    constraint receiving_unknown_waiting check (waiting between 0 and quantity),
    constraint receiving_unknown_ended check ((state = 'ended') = (waiting = 0))
) {key_table};
create unique index receiving_unknown_client_ref
    on receiving_unknown (company_id, client_ref) where client_ref <> '';
create index receiving_unknown_due on receiving_unknown (company_id, due_on, id);

-- How unknown goods ended, all of them or a part: received for an order's line, kept in stock by an
-- adjustment, returned or disposed of. receipt_id and adjustment_id 0 are none.
create table receiving_end (
    company_id {i64} not null,
    unknown_id {i64} not null,
    number {i64} not null,
    how {text} not null constraint receiving_end_how
        check (how in ('received', 'kept', 'returned', 'disposed')),
    quantity {i64} not null constraint receiving_end_quantity check (quantity > 0),
    receipt_id {i64} not null,
    receipt_line {i64} not null,
    adjustment_id {i64} not null,
    reason {text} not null,
    ended_on {text} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    primary key (company_id, unknown_id, number),
    constraint receiving_end_goods check ((how = 'received') = (receipt_id <> 0)
        and (how = 'kept') = (adjustment_id <> 0)
        and (how = 'received' or reason <> '')),
    constraint receiving_end_of foreign key (company_id, unknown_id)
        references receiving_unknown (company_id, id)
) {key_table};
create unique index receiving_end_receipt on receiving_end (company_id, receipt_id, receipt_line)
    where receipt_id <> 0;
create unique index receiving_end_adjustment on receiving_end (company_id, adjustment_id)
    where adjustment_id <> 0;

-- What became of what a blind receipt counted: a line of a receipt, or unknown goods.
create table receiving_match (
    company_id {i64} not null,
    blind_receipt_id {i64} not null,
    number {i64} not null,
    item_id {i64} not null,
    code {text} not null,
    lot {text} not null,
    quantity {i64} not null constraint receiving_match_quantity check (quantity > 0),
    fit {text} not null constraint receiving_match_fit check (fit in ('accepted',
        'within_tolerance', 'confirmed_over', 'over', 'not_ordered', 'held', 'item_unknown')),
    order_id {i64} not null,
    order_line {i64} not null,
    receipt_id {i64} not null,
    receipt_line {i64} not null,
    unknown_id {i64} not null,
    primary key (company_id, blind_receipt_id, number),
    constraint receiving_match_one check ((receipt_id <> 0) <> (unknown_id <> 0)),
    constraint receiving_match_of foreign key (company_id, blind_receipt_id)
        references receiving_blind_receipt (company_id, id)
) {key_table};
create unique index receiving_match_receipt on receiving_match (company_id, receipt_id, receipt_line)
    where receipt_id <> 0;
create unique index receiving_match_unknown on receiving_match (company_id, unknown_id)
    where unknown_id <> 0;
