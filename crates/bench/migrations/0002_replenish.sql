-- The least that a proposal leaves behind.
create table bench_proposal (
    company_id {i64} not null, id {i64} not null, item_id {i64} not null, quantity {i64} not null,
    basis {text} not null, primary key (company_id, id)
) {key_table};
create unique index bench_proposal_item on bench_proposal (company_id, item_id);
