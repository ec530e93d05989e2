-- The outbox is handed out in rounds: each waiting fact once, those of one aggregate in their order.
alter table store_fact add column round {i64} not null default 0;

create index store_fact_waiting on store_fact (company_id, aggregate_kind, aggregate_id, seq)
    where state = 'waiting';
create index store_fact_time on store_fact (company_id, recorded_at, id);

-- A company's latest round: whoever hands out holds this row.
create table store_outbox (
    company_id {i64} not null,
    round {i64} not null,
    primary key (company_id)
) {key_table};
