-- The chain over the audit trail: each seal is the hash of the one before it and of its row.
create table store_seal (
    company_id {i64} not null,
    position {i64} not null constraint store_seal_position check (position > 0),
    audit_id {i64} not null,
    hash {bytes} not null,
    primary key (company_id, position),
    constraint store_seal_row unique (company_id, audit_id)
) {key_table};

-- Where the chain ends: whoever seals holds this row.
create table store_seal_end (
    company_id {i64} not null,
    position {i64} not null,
    hash {bytes} not null,
    primary key (company_id)
) {key_table};

-- Rows of the audit trail that wait for their seal.
create table store_unsealed (
    company_id {i64} not null,
    audit_id {i64} not null,
    primary key (company_id, audit_id)
) {key_table};

insert into store_unsealed (company_id, audit_id) select a.company_id, a.id from store_audit as a;
