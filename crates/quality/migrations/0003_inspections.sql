-- What was found of goods that a receipt took into quarantine, and what became of them. Without a move
-- they failed and stay there until somebody decides, or are gone: they left by another way. value is
-- what left quarantine.
create table quality_inspection (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    line {i64} not null,
    client_ref {text} not null,
    receipt_id {i64} not null,
    receipt_line_id {i64} not null,
    item_id {i64} not null,
    quantity {i64} not null constraint quality_inspection_quantity check (quantity > 0),
    result {text} not null constraint quality_inspection_result check (result in ('pass', 'fail', 'gone')),
    disposition {text} not null constraint quality_inspection_disposition
        check (disposition in ('', 'restock', 'scrap', 'supplier_claim')),
    value {i64} not null,
    place_id {i64} not null,
    reason {text} not null,
    scrap_reason {text} not null,
    evidence {text} not null,
    note {text} not null,
    claim_id {i64} not null,
    move_id {i64} not null,
    inspected_on {text} not null,
    posted_on {text} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id, line),
    constraint quality_inspection_number unique (company_id, number, line),
    constraint quality_inspection_passed check (result = 'fail' or disposition = ''),
    constraint quality_inspection_moved
        check ((move_id = 0) = (result = 'gone' or (result = 'fail' and disposition = ''))),
    constraint quality_inspection_item foreign key (company_id, item_id)
        references catalog_item (company_id, id)
) {key_table};
create index quality_inspection_of_line on quality_inspection (company_id, receipt_line_id);
create index quality_inspection_ref on quality_inspection (company_id, client_ref)
    where client_ref <> '';
create index quality_inspection_day on quality_inspection (company_id, inspected_on, id, line);
