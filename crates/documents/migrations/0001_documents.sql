-- Files by their hash, and the documents that they are of records.

-- Rows have a key of their own on SQLite: a file in the tree of its key would be walked past by every
-- search. content is last, so that nothing else is read through it.
create table documents_file (
    company_id {i64} not null,
    sha256 {text} not null,
    size {i64} not null constraint documents_file_size check (size > 0),
    media_type {text} not null,
    stored_at {i64} not null,
    content {bytes} not null,
    primary key (company_id, sha256),
    constraint documents_file_company foreign key (company_id)
        references identity_company (company_id)
) {table};

-- A series is a document with all its versions; its id is that of the first one.
create table documents_document (
    company_id {i64} not null,
    id {i64} not null,
    series_id {i64} not null,
    version {i64} not null constraint documents_document_version check (version > 0),
    record_kind {text} not null,
    record_id {i64} not null,
    record_name {text} not null,
    type {text} not null,
    name {text} not null,
    note {text} not null,
    sha256 {text} not null,
    expires_on {text},
    uploaded_at {i64} not null,
    uploaded_by {i64} not null,
    detached_at {i64},
    detached_by {i64},
    detach_reason {text} not null,
    primary key (company_id, id),
    constraint documents_document_series unique (company_id, series_id, version),
    constraint documents_document_file foreign key (company_id, sha256)
        references documents_file (company_id, sha256)
) {key_table};

create index documents_document_by_record
    on documents_document (company_id, record_kind, record_id, uploaded_at);
create index documents_document_by_upload on documents_document (company_id, uploaded_at, id);
create index documents_document_by_file on documents_document (company_id, sha256);
