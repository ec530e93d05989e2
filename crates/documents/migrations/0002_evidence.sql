-- Documents that are named as evidence of a line of a record, such as the photo of damaged goods. Line 0
-- is the record itself.
create table documents_evidence (
    company_id {i64} not null,
    record_kind {text} not null,
    record_id {i64} not null,
    line {i64} not null,
    document_id {i64} not null,
    record_name {text} not null,
    named_at {i64} not null,
    named_by {i64} not null,
    primary key (company_id, record_kind, record_id, line, document_id),
    constraint documents_evidence_document foreign key (company_id, document_id)
        references documents_document (company_id, id)
) {key_table};
create index documents_evidence_by_document on documents_evidence (company_id, document_id);
