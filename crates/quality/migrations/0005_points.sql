-- What is measured of goods before they are received, and the limits of each reading. item_id 0 is every
-- item. A reading is in the point's own unit, in millionths.
create table quality_point (
    company_id {i64} not null,
    item_id {i64} not null,
    name {text} not null,
    lower {i64},
    upper {i64},
    primary key (company_id, item_id, name),
    constraint quality_point_limits check (lower is not null or upper is not null)
) {key_table};

-- An inspection of goods that an order still brings. As long as it is failed, its hold keeps them out.
create table quality_advance (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    client_ref {text} not null,
    order_id {i64} not null,
    order_line_id {i64} not null,
    warehouse_id {i64} not null,
    item_id {i64} not null,
    state {text} not null constraint quality_advance_state check (state in ('failed', 'passed')),
    found {text} not null,
    evidence {text} not null,
    note {text} not null,
    inspected_on {text} not null,
    hold_id {i64} not null,
    passed_on {text} not null,
    passed_by {i64} not null,
    passed_reason {text} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint quality_advance_number unique (company_id, number),
    constraint quality_advance_held check (state = 'passed' or hold_id <> 0),
    constraint quality_advance_item foreign key (company_id, item_id)
        references catalog_item (company_id, id)
) {key_table};
create unique index quality_advance_client_ref on quality_advance (company_id, client_ref)
    where client_ref <> '';
create index quality_advance_of_line on quality_advance (company_id, order_line_id);
create index quality_advance_day on quality_advance (company_id, inspected_on, id);

-- What was measured, with the limits of that day.
create table quality_reading (
    company_id {i64} not null,
    advance_id {i64} not null,
    point {text} not null,
    reading {i64} not null,
    lower {i64},
    upper {i64},
    within {i64} not null constraint quality_reading_within check (within in (0, 1)),
    primary key (company_id, advance_id, point),
    constraint quality_reading_of foreign key (company_id, advance_id)
        references quality_advance (company_id, id)
) {key_table};
