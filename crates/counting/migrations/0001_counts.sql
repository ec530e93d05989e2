-- How a place is counted: every cycle_days, confirmed when it runs empty, and how far off a count may
-- be before somebody else looks. Null is not ruled here: then the next place above rules.
-- A rule holds for the places inside, too. counted_on is the last day on which all of the place was
-- counted, '' for never; confirmed_seq is how far the histories of its rows had come by then.
create table counting_place (
    company_id {i64} not null,
    place_id {i64} not null,
    cycle_days {i64} constraint counting_place_cycle check (cycle_days between 1 and 3650),
    zero_confirmation {i64} not null constraint counting_place_zero
        check (zero_confirmation in (0, 1)),
    threshold_percent {i64} constraint counting_place_threshold
        check (threshold_percent between 0 and 1000),
    since {text} not null,
    counted_on {text} not null,
    confirmed_seq {i64} not null,
    primary key (company_id, place_id),
    foreign key (company_id, place_id) references stock_place (company_id, id)
) {key_table};

-- When the goods of a stock row were last counted, and how far its history had come then.
create table counting_shelf (
    company_id {i64} not null,
    item_id {i64} not null,
    place_id {i64} not null,
    lot_id {i64} not null,
    counted_on {text} not null,
    seq {i64} not null,
    count_id {i64} not null,
    primary key (company_id, item_id, place_id, lot_id),
    foreign key (company_id, item_id) references catalog_item (company_id, id)
) {key_table};

-- Count sheets. approved says that somebody agreed to what is beyond a limit, separate that the policy
-- asked for another person than the counter then.
create table counting_count (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    warehouse_id {i64} not null,
    kind {text} not null constraint counting_count_kind
        check (kind in ('all', 'places', 'items', 'as_counted', 'cycle', 'zero')),
    blind {i64} not null constraint counting_count_blind check (blind in (0, 1)),
    state {text} not null constraint counting_count_state
        check (state in ('open', 'applied', 'cancelled')),
    memo {text} not null,
    client_ref {text} not null,
    lines {i64} not null,
    seq {i64} not null,
    opened_on {text} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    closed_on {text} not null,
    closed_by {i64} not null,
    approved {i64} not null constraint counting_count_approved check (approved in (0, 1)),
    separate {i64} not null constraint counting_count_separate check (separate in (0, 1)),
    adjustment_id {i64} not null,
    primary key (company_id, id),
    foreign key (company_id, warehouse_id) references stock_warehouse (company_id, id)
) {key_table};
create unique index counting_count_ref on counting_count (company_id, client_ref)
    where client_ref <> '';
create index counting_count_day on counting_count (company_id, opened_on, id);

-- The places that a sheet counts whole.
create table counting_count_place (
    company_id {i64} not null,
    count_id {i64} not null,
    place_id {i64} not null,
    primary key (company_id, count_id, place_id),
    foreign key (company_id, count_id) references counting_count (company_id, id)
) {key_table};

-- One stock row on a sheet. expected and expected_seq are the books' quantity and the row's position
-- when the line was opened, last counted or refreshed; counted is null until somebody has. again asks
-- for a second person, confirmed says that two persons counted the same.
create table counting_line (
    company_id {i64} not null,
    id {i64} not null,
    count_id {i64} not null,
    line {i64} not null,
    item_id {i64} not null,
    place_id {i64} not null,
    lot_id {i64} not null,
    threshold_percent {i64},
    expected {i64} not null,
    expected_seq {i64} not null,
    counted {i64} constraint counting_line_counted check (counted >= 0),
    counted_by {i64} not null,
    counted_at {i64} not null,
    entries {i64} not null,
    again {i64} not null constraint counting_line_again check (again in (0, 1)),
    confirmed {i64} not null constraint counting_line_confirmed check (confirmed in (0, 1)),
    state {text} not null constraint counting_line_state
        check (state in ('open', 'counted', 'conflict', 'applied', 'skipped', 'cancelled')),
    reason {text} not null,
    evidence {text} not null,
    value {i64} not null,
    primary key (company_id, id),
    foreign key (company_id, count_id) references counting_count (company_id, id),
    foreign key (company_id, item_id) references catalog_item (company_id, id),
    foreign key (company_id, place_id) references stock_place (company_id, id)
) {key_table};
create unique index counting_line_number on counting_line (company_id, count_id, line);
create unique index counting_line_row
    on counting_line (company_id, count_id, item_id, place_id, lot_id);

-- Every figure that somebody entered or that a conflict was resolved with: never changed.
create table counting_entry (
    company_id {i64} not null,
    line_id {i64} not null,
    number {i64} not null,
    kind {text} not null constraint counting_entry_kind
        check (kind in ('count', 'refresh', 'keep_counted', 'rebase', 'recount')),
    expected {i64} not null,
    counted {i64},
    user_id {i64} not null,
    recorded_at {i64} not null,
    primary key (company_id, line_id, number),
    foreign key (company_id, line_id) references counting_line (company_id, id)
) {key_table};
