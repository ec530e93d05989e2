-- What keeps expected goods out until somebody lets them in. A source may be held for several reasons.
create table stock_expected_hold (
    company_id {i64} not null,
    id {i64} not null,
    source_kind {text} not null,
    source_id {i64} not null,
    reason {text} not null,
    placed_at {i64} not null,
    lifted_at {i64},
    primary key (company_id, id)
) {key_table};
create index stock_expected_hold_open on stock_expected_hold (company_id, source_kind, source_id)
    where lifted_at is null;
