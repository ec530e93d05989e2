-- The least that a counted line leaves behind.
create table bench_seen (
    company_id {i64} not null, item_id {i64} not null, expected {i64} not null, seen {i64} not null,
    primary key (company_id, item_id)
) {key_table};
