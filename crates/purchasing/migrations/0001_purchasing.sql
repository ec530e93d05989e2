-- Buying: what suppliers offer, what was ordered, what came, what was billed, what went back.

-- unit_numerator/unit_denominator is how many stock units one unit of the offer is. to_on '' is no end.
create table purchasing_offer (
    company_id {i64} not null,
    id {i64} not null,
    partner_id {i64} not null,
    item_id {i64} not null,
    currency {text} not null,
    unit {text} not null,
    unit_numerator {i64} not null constraint purchasing_offer_numerator check (unit_numerator > 0),
    unit_denominator {i64} not null
        constraint purchasing_offer_denominator check (unit_denominator > 0),
    min_quantity {i64} not null constraint purchasing_offer_min check (min_quantity >= 0),
    multiple {i64} not null constraint purchasing_offer_multiple check (multiple >= 0),
    lead_days {i64} not null constraint purchasing_offer_lead check (lead_days >= 0),
    from_on {text} not null,
    to_on {text} not null,
    price {i64} not null constraint purchasing_offer_price check (price >= 0),
    discount {i64} not null
        constraint purchasing_offer_discount check (discount between 0 and 1000000000),
    supplier_sku {text} not null,
    primary key (company_id, id),
    constraint purchasing_offer_key
        unique (company_id, partner_id, item_id, currency, unit, min_quantity, from_on),
    constraint purchasing_offer_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id),
    constraint purchasing_offer_item foreign key (company_id, item_id)
        references catalog_item (company_id, id)
) {key_table};
create index purchasing_offer_of_item on purchasing_offer (company_id, item_id, partner_id);

-- revision counts changes of content, seq every write. total is net, in minor units of the order's
-- currency. sent_at 0 and acknowledged_on '' are not yet.
create table purchasing_order (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    client_ref {text} not null,
    partner_id {i64} not null,
    warehouse_id {i64} not null,
    currency {text} not null,
    ordered_on {text} not null,
    billing {text} not null constraint purchasing_order_billing
        check (billing in ('on_receipt', 'on_order')),
    state {text} not null constraint purchasing_order_state check (state in
        ('draft', 'to_approve', 'approved', 'sent', 'acknowledged', 'closed', 'cancelled')),
    revision {i64} not null,
    seq {i64} not null,
    note {text} not null,
    total {i64} not null,
    sent_at {i64} not null,
    sent_to {text} not null,
    acknowledged_on {text} not null,
    created_by {i64} not null,
    created_at {i64} not null,
    primary key (company_id, id),
    constraint purchasing_order_number unique (company_id, number),
    constraint purchasing_order_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id),
    constraint purchasing_order_warehouse foreign key (company_id, warehouse_id)
        references stock_warehouse (company_id, id)
) {key_table};
create unique index purchasing_order_client_ref on purchasing_order (company_id, client_ref)
    where client_ref <> '';
create index purchasing_order_of_partner on purchasing_order (company_id, partner_id);
create index purchasing_order_of_day on purchasing_order (company_id, ordered_on, id);

-- quantity is in the unit ordered, price per such unit; received, billed, returned and the open
-- quantities are in the stock unit. grni_* is what was received and not billed, ahead_* what was
-- billed and not received: values in minor units of the company's currency, foreign in those of the
-- order's. returned is what went back and will not be replaced.
create table purchasing_line (
    company_id {i64} not null,
    id {i64} not null,
    order_id {i64} not null,
    line {i64} not null,
    item_id {i64} not null,
    quantity {i64} not null constraint purchasing_line_quantity check (quantity > 0),
    unit {text} not null,
    unit_numerator {i64} not null,
    unit_denominator {i64} not null,
    stock_quantity {i64} not null constraint purchasing_line_stock_quantity
        check (stock_quantity > 0),
    price {i64} not null constraint purchasing_line_price check (price >= 0),
    discount {i64} not null
        constraint purchasing_line_discount check (discount between 0 and 1000000000),
    tax_code {text} not null,
    net {i64} not null,
    due_on {text} not null,
    promised_on {text} not null,
    received {i64} not null constraint purchasing_line_received check (received >= 0),
    billed {i64} not null constraint purchasing_line_billed check (billed >= 0),
    returned {i64} not null constraint purchasing_line_returned check (returned >= 0),
    grni_quantity {i64} not null constraint purchasing_line_grni check (grni_quantity >= 0),
    grni_value {i64} not null,
    grni_foreign {i64} not null,
    ahead_quantity {i64} not null constraint purchasing_line_ahead check (ahead_quantity >= 0),
    ahead_value {i64} not null,
    ahead_foreign {i64} not null,
    closed_short {i64} not null constraint purchasing_line_closed check (closed_short in (0, 1)),
    close_reason {text} not null,
    expected {i64} not null constraint purchasing_line_expected check (expected in (0, 1)),
    primary key (company_id, id),
    constraint purchasing_line_number unique (company_id, order_id, line),
    constraint purchasing_line_order foreign key (company_id, order_id)
        references purchasing_order (company_id, id),
    constraint purchasing_line_item foreign key (company_id, item_id)
        references catalog_item (company_id, id)
) {key_table};
create index purchasing_line_of_item on purchasing_line (company_id, item_id);

-- What a supplier promised, every time it did.
create table purchasing_promise (
    company_id {i64} not null,
    line_id {i64} not null,
    number {i64} not null,
    order_id {i64} not null,
    promised_on {text} not null,
    quantity {i64} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, line_id, number),
    constraint purchasing_promise_line foreign key (company_id, line_id)
        references purchasing_line (company_id, id)
) {key_table};
create index purchasing_promise_of_order on purchasing_promise (company_id, order_id);

-- What each revision of an order changed.
create table purchasing_revision (
    company_id {i64} not null,
    order_id {i64} not null,
    revision {i64} not null,
    changes {text} not null,
    to_approval {i64} not null constraint purchasing_revision_approval check (to_approval in (0, 1)),
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, order_id, revision),
    constraint purchasing_revision_order foreign key (company_id, order_id)
        references purchasing_order (company_id, id)
) {key_table};

create table purchasing_receipt (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    client_ref {text} not null,
    order_id {i64} not null,
    received_on {text} not null,
    posted_on {text} not null,
    delivery_note {text} not null,
    value {i64} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    primary key (company_id, id),
    constraint purchasing_receipt_number unique (company_id, number),
    constraint purchasing_receipt_order foreign key (company_id, order_id)
        references purchasing_order (company_id, id)
) {key_table};
create unique index purchasing_receipt_client_ref on purchasing_receipt (company_id, client_ref)
    where client_ref <> '';
create index purchasing_receipt_of_order on purchasing_receipt (company_id, order_id);
create index purchasing_receipt_of_day on purchasing_receipt (company_id, received_on, id);

-- quantity is in the stock unit; move_id 0 is refused at the dock.
create table purchasing_receipt_line (
    company_id {i64} not null,
    id {i64} not null,
    receipt_id {i64} not null,
    line_id {i64} not null,
    line {i64} not null,
    outcome {text} not null constraint purchasing_receipt_line_outcome
        check (outcome in ('accepted', 'quarantine', 'refused')),
    quantity {i64} not null constraint purchasing_receipt_line_quantity check (quantity > 0),
    lot {text} not null,
    place_id {i64} not null,
    move_id {i64} not null,
    value {i64} not null,
    over {i64} not null constraint purchasing_receipt_line_over check (over in (0, 1)),
    reason {text} not null,
    primary key (company_id, id),
    constraint purchasing_receipt_line_moved check ((outcome = 'refused') = (move_id = 0)),
    constraint purchasing_receipt_line_receipt foreign key (company_id, receipt_id)
        references purchasing_receipt (company_id, id),
    constraint purchasing_receipt_line_line foreign key (company_id, line_id)
        references purchasing_line (company_id, id)
) {key_table};
create index purchasing_receipt_line_of_receipt on purchasing_receipt_line (company_id, receipt_id);
create index purchasing_receipt_line_of_line on purchasing_receipt_line (company_id, line_id);

-- copy tells apart bills of one reference that were confirmed to be different. Amounts are in the
-- bill's currency, total_home in the company's. A credit note's amounts are below zero.
create table purchasing_bill (
    company_id {i64} not null,
    id {i64} not null,
    kind {text} not null constraint purchasing_bill_kind check (kind in ('bill', 'credit_note')),
    number {text} not null,
    client_ref {text} not null,
    partner_id {i64} not null,
    reference {text} not null,
    copy {i64} not null,
    currency {text} not null,
    billed_on {text} not null,
    posted_on {text} not null,
    due_on {text} not null,
    net {i64} not null,
    tax {i64} not null,
    total {i64} not null,
    total_home {i64} not null,
    state {text} not null constraint purchasing_bill_state
        check (state in ('matched', 'mismatch', 'accepted')),
    entry_id {i64} not null,
    note {text} not null,
    seq {i64} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    primary key (company_id, id),
    constraint purchasing_bill_number unique (company_id, number),
    constraint purchasing_bill_reference unique (company_id, partner_id, reference, copy),
    constraint purchasing_bill_total check (total = net + tax),
    constraint purchasing_bill_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id)
) {key_table};
create unique index purchasing_bill_client_ref on purchasing_bill (company_id, client_ref)
    where client_ref <> '';
create index purchasing_bill_of_day on purchasing_bill (company_id, billed_on, id);

-- quantity is in the stock unit. matched_* cleared goods received, ahead_* waits for goods; values in
-- the company's currency. line_id 0 and role not '' is an expense.
create table purchasing_bill_line (
    company_id {i64} not null,
    id {i64} not null,
    bill_id {i64} not null,
    line {i64} not null,
    order_id {i64} not null,
    line_id {i64} not null,
    role {text} not null,
    description {text} not null,
    quantity {i64} not null,
    price {i64} not null,
    tax_code {text} not null,
    net {i64} not null,
    tax {i64} not null,
    billed_before {i64} not null,
    matched_quantity {i64} not null,
    matched_value {i64} not null,
    ahead_quantity {i64} not null,
    ahead_value {i64} not null,
    price_difference {i64} not null,
    exchange_difference {i64} not null,
    state {text} not null constraint purchasing_bill_line_state
        check (state in ('matched', 'quantity_mismatch', 'price_mismatch', 'accepted')),
    reason {text} not null,
    primary key (company_id, id),
    constraint purchasing_bill_line_number unique (company_id, bill_id, line),
    constraint purchasing_bill_line_kind check ((line_id = 0) = (role <> '')),
    constraint purchasing_bill_line_bill foreign key (company_id, bill_id)
        references purchasing_bill (company_id, id)
) {key_table};
create index purchasing_bill_line_of_line on purchasing_bill_line (company_id, line_id);

create table purchasing_return (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    client_ref {text} not null,
    order_id {i64} not null,
    returned_on {text} not null,
    posted_on {text} not null,
    reason {text} not null,
    value {i64} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    primary key (company_id, id),
    constraint purchasing_return_number unique (company_id, number),
    constraint purchasing_return_order foreign key (company_id, order_id)
        references purchasing_order (company_id, id)
) {key_table};
create unique index purchasing_return_client_ref on purchasing_return (company_id, client_ref)
    where client_ref <> '';
create index purchasing_return_of_order on purchasing_return (company_id, order_id);

-- grni_* cleared goods not billed yet; the rest waits for the supplier's credit note.
create table purchasing_return_line (
    company_id {i64} not null,
    id {i64} not null,
    return_id {i64} not null,
    line_id {i64} not null,
    line {i64} not null,
    quantity {i64} not null constraint purchasing_return_line_quantity check (quantity > 0),
    lot {text} not null,
    place_id {i64} not null,
    move_id {i64} not null,
    value {i64} not null,
    grni_quantity {i64} not null,
    grni_value {i64} not null,
    replaced {i64} not null constraint purchasing_return_line_replaced check (replaced in (0, 1)),
    primary key (company_id, id),
    constraint purchasing_return_line_return foreign key (company_id, return_id)
        references purchasing_return (company_id, id),
    constraint purchasing_return_line_line foreign key (company_id, line_id)
        references purchasing_line (company_id, id)
) {key_table};
create index purchasing_return_line_of_line on purchasing_return_line (company_id, line_id);
