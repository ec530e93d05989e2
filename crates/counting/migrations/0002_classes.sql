-- How items are classed by the value that left in a window: the first level takes the items that make
-- up the first share, and so on. Shares are billionths and add up to one.
create table counting_profile (
    company_id {i64} not null,
    name {text} not null,
    window_days {i64} not null constraint counting_profile_window
        check (window_days between 1 and 3650),
    recorded_at {i64} not null,
    primary key (company_id, name)
) {key_table};
create table counting_level (
    company_id {i64} not null,
    profile {text} not null,
    number {i64} not null,
    name {text} not null,
    share {i64} not null constraint counting_level_share check (share between 0 and 1000000000),
    cycle_days {i64} constraint counting_level_cycle check (cycle_days between 1 and 3650),
    primary key (company_id, profile, number),
    foreign key (company_id, profile) references counting_profile (company_id, name)
) {key_table};

-- The class of an item by a profile on a day; the latest day holds.
create table counting_class (
    company_id {i64} not null,
    profile {text} not null,
    item_id {i64} not null,
    classified_on {text} not null,
    level {i64} not null,
    name {text} not null,
    value {i64} not null,
    rank {i64} not null,
    primary key (company_id, profile, item_id, classified_on),
    foreign key (company_id, item_id) references catalog_item (company_id, id)
) {key_table};
