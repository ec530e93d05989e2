-- What every domain stands on: leased numbers, request keys, facts and audit rows.

create table store_lease (
    company_id {i64} not null,
    series {text} not null,
    next {i64} not null,
    primary key (company_id, series)
) {key_table};

create table store_key (
    company_id {i64} not null,
    principal {text} not null,
    route {text} not null,
    key {text} not null,
    fingerprint {bytes} not null,
    answer {bytes},
    created_at {i64} not null,
    primary key (company_id, principal, route, key)
) {key_table};

create table store_fact (
    company_id {i64} not null,
    id {i64} not null,
    aggregate_kind {text} not null,
    aggregate_id {i64} not null,
    seq {i64} not null,
    name {text} not null,
    payload {text} not null,
    recorded_at {i64} not null,
    state {text} not null constraint store_fact_state check (state in ('waiting', 'sent', 'dead')),
    primary key (company_id, id)
) {key_table};

create table store_audit (
    company_id {i64} not null,
    id {i64} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    request_id {text} not null,
    verb {text} not null,
    object_kind {text} not null,
    object_id {i64} not null,
    detail {text} not null,
    primary key (company_id, id)
) {key_table};

create index store_audit_object on store_audit (company_id, object_kind, object_id);
