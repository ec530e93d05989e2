-- Who looks after an open item that is old, and why it is still open.

create table accounting_open_item_owner (
    company_id {i64} not null,
    account_id {i64} not null,
    kind {text} not null,
    source_id {i64} not null,
    currency {text} not null,
    owner_id {i64} not null,
    reason {text} not null constraint accounting_open_item_owner_reason check (reason <> ''),
    named_by {i64} not null,
    named_at {i64} not null,
    primary key (company_id, account_id, kind, source_id, currency),
    constraint accounting_open_item_owner_item
        foreign key (company_id, account_id, kind, source_id, currency)
        references accounting_open_item (company_id, account_id, kind, source_id, currency)
) {key_table};
