-- What suppliers owe for what was wrong with their goods. receipt_line_id 0 came back from a customer.
create table quality_claim (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    client_ref {text} not null,
    partner_id {i64} not null,
    receipt_line_id {i64} not null,
    item_id {i64} not null,
    quantity {i64} not null constraint quality_claim_quantity check (quantity > 0),
    amount {i64} not null constraint quality_claim_amount check (amount >= 0),
    cause {text} not null,
    evidence {text} not null,
    state {text} not null constraint quality_claim_state check (state in ('open', 'settled')),
    outcome {text} not null constraint quality_claim_outcome
        check (outcome in ('', 'credit', 'replacement', 'write_off')),
    reference {text} not null,
    opened_on {text} not null,
    settled_on {text},
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint quality_claim_number unique (company_id, number),
    constraint quality_claim_ended check ((state = 'settled') = (outcome <> '')),
    constraint quality_claim_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id),
    constraint quality_claim_item foreign key (company_id, item_id)
        references catalog_item (company_id, id)
) {key_table};
create unique index quality_claim_client_ref on quality_claim (company_id, client_ref)
    where client_ref <> '';
create index quality_claim_of_receipt on quality_claim (company_id, receipt_line_id)
    where receipt_line_id <> 0;
create index quality_claim_day on quality_claim (company_id, opened_on, id);
