//! What must hold about documents, told apart from the code that keeps it so. That every file is what
//! its hash says is verified by [`crate::verify_files`], which reads them.

store::checks! {
    EVERY_DOCUMENT_HAS_ITS_FILE = "documents: every document has its file",
        "select d.id, d.sha256 from documents_document as d
         left join documents_file as f on f.company_id = d.company_id and f.sha256 = d.sha256
         where d.company_id = $1 and f.sha256 is null";

    NO_FILE_IS_NOBODYS = "documents: every file is of a document, attached or detached",
        "select f.sha256, f.size from documents_file as f
         where f.company_id = $1 and not exists (select 1 from documents_document as d
             where d.company_id = f.company_id and d.sha256 = f.sha256)";

    VERSIONS_COUNT_FROM_ONE = "documents: versions of a document are numbered from 1 without gaps, of one record",
        "select d.series_id, count(*) as versions, max(d.version) as last
         from documents_document as d where d.company_id = $1
         group by d.series_id
         having count(*) <> max(d.version) or min(d.record_kind) <> max(d.record_kind)
             or min(d.record_id) <> max(d.record_id)
             or min(case when d.version = 1 then d.id else d.series_id end) <> d.series_id";

    EVIDENCE_IS_ATTACHED = "documents: what is named as evidence is attached to its record",
        "select e.record_kind, e.record_id, e.line, e.document_id from documents_evidence as e
         left join documents_document as d on d.company_id = e.company_id and d.id = e.document_id
         where e.company_id = $1 and (d.id is null or d.detached_at is not null)";

    A_DETACHED_ONE_HAS_A_REASON = "documents: a detached document says by whom and why",
        "select d.id, d.detach_reason from documents_document as d
         where d.company_id = $1
             and ((d.detached_at is null) <> (d.detach_reason = '')
                 or (d.detached_at is null) <> (d.detached_by is null))";
}
