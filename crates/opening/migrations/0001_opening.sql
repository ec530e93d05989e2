-- Openings of a company's books. difference is what was booked by name, debit positive. undone_at 0
-- is an opening that stands; a company has at most one.
create table opening_opening (
    company_id {i64} not null,
    id {i64} not null,
    opened_on {text} not null,
    difference {i64} not null,
    stock_entry_id {i64} not null,
    bills_entry_id {i64} not null,
    invoices_entry_id {i64} not null,
    user_id {i64} not null,
    recorded_at {i64} not null,
    undone_at {i64} not null,
    undone_by {i64} not null,
    reason {text} not null,
    primary key (company_id, id),
    constraint opening_opening_company foreign key (company_id)
        references identity_company (company_id)
) {key_table};
create unique index opening_opening_stands on opening_opening (company_id) where undone_at = 0;

-- The documents that an opening made.
create table opening_document (
    company_id {i64} not null,
    opening_id {i64} not null,
    kind {text} not null constraint opening_document_kind
        check (kind in ('purchase_order', 'bill', 'invoice', 'sales_order')),
    document_id {i64} not null,
    primary key (company_id, opening_id, kind, document_id),
    constraint opening_document_opening foreign key (company_id, opening_id)
        references opening_opening (company_id, id)
) {key_table};
