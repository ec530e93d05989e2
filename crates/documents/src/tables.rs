//! All SQL about documents.

use crate::model::{Document, Record};
use base::{CompanyId, Day, DocumentId, Id, Timestamp, UserId};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, Rows, Statement, StoreError, Tx, Value, params, row};

/// The columns of a document in a list, from `documents_document as d`, its file as `f`.
macro_rules! document_columns {
    () => {
        "select d.id, d.record_kind, d.record_id, d.record_name, d.type, d.name, d.note, d.sha256,
            f.size, f.media_type, d.version, d.series_id,
            case when exists (select 1 from documents_document as n
                where n.company_id = d.company_id and n.series_id = d.series_id
                    and n.version > d.version and n.detached_at is null)
                or d.detached_at is not null then 0 else 1 end as current,
            d.expires_on, d.uploaded_at, u.login, u.display_name, d.detached_at, w.login,
            d.detach_reason,
            (select max(b.id) from documents_document as b
                where b.company_id = d.company_id and b.series_id = d.series_id
                    and b.version = d.version - 1) as replaces
         from documents_document as d
         join documents_file as f on f.company_id = d.company_id and f.sha256 = d.sha256
         left join identity_user as u on u.id = d.uploaded_by
         left join identity_user as w on w.id = d.detached_by "
    };
}

/// The filters of the list, each null for all. The set has the kinds of records that may be seen.
macro_rules! document_filters {
    () => {
        " where d.company_id = $1
            and d.record_kind in (select k.kind from {rows:k(kind text)})
            and (cast($2 as {text}) is null or d.record_kind = cast($2 as {text}))
            and (cast($3 as {i64}) is null or d.record_id = cast($3 as {i64}))
            and (cast($4 as {text}) is null or d.type = cast($4 as {text}))
            and (cast($5 as {text}) is null or d.expires_on < cast($5 as {text}))
            and (cast($6 as {text}) is null or u.login = cast($6 as {text}))
            and (cast($7 as {i64}) is null or cast($7 as {i64}) = case
                when d.detached_at is not null or exists (select 1 from documents_document as n
                    where n.company_id = d.company_id and n.series_id = d.series_id
                        and n.version > d.version and n.detached_at is null)
                then 0 else 1 end) "
    };
}

store::statements! {
    /// Whether a file is kept.
    HAS_FILE = "select f.size from documents_file as f where f.company_id = $1 and f.sha256 = $2";

    /// Keeps a file; a second time the same changes nothing.
    INSERT_FILE = "insert into documents_file
            (company_id, sha256, size, media_type, stored_at, content)
        values ($1, $2, cast($3 as {i64}), $4, cast($5 as {i64}), $6)
        on conflict (company_id, sha256) do nothing";

    /// A file.
    FILE = "select f.media_type, f.content from documents_file as f
        where f.company_id = $1 and f.sha256 = $2";

    /// The files of a company after a hash, for verifying them.
    FILES_AFTER = "select f.sha256, f.size, f.content from documents_file as f
        where f.company_id = $1 and f.sha256 > $2 order by f.sha256 limit $3";

    /// Adds a document.
    INSERT_DOCUMENT = "insert into documents_document
            (company_id, id, series_id, version, record_kind, record_id, record_name, type, name,
             note, sha256, expires_on, uploaded_at, uploaded_by, detach_reason)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, cast($12 as {text}), $13, $14, '')";

    /// A document.
    DOCUMENT = "select d.id, d.series_id, d.version, d.record_kind, d.record_id, d.record_name,
            d.sha256, d.name, case when d.detached_at is null then 0 else 1 end as detached
        from documents_document as d where d.company_id = $1 and d.id = $2";

    /// Holds the first version of a series, and with it the series.
    LOCK_SERIES = "select d.id from documents_document as d
        where d.company_id = $1 and d.id = $2 {for_update:d}";

    /// The last version of a series and the last one that is attached.
    LATEST = "select max(d.version) as last,
            coalesce(max(case when d.detached_at is null then d.version else 0 end), 0) as current
        from documents_document as d where d.company_id = $1 and d.series_id = $2";

    /// The current document of a record with a file and type, if it has one.
    SAME = "select d.id, d.version from documents_document as d
        where d.company_id = $1 and d.record_kind = $2 and d.record_id = $3 and d.type = $4
            and d.sha256 = $5 and d.detached_at is null
            and coalesce(d.expires_on, '') = coalesce(cast($6 as {text}), '')
            and not exists (select 1 from documents_document as n
                where n.company_id = d.company_id and n.series_id = d.series_id
                    and n.version > d.version and n.detached_at is null)
        order by d.id limit 1";

    /// Detaches a document that is attached.
    DETACH = "update documents_document set detached_at = cast($3 as {i64}),
            detached_by = cast($4 as {i64}), detach_reason = $5
        where company_id = $1 and id = $2 and detached_at is null";

    /// Holds the first versions of the series of documents that are named as evidence, in order. What
    /// it reads may be older than the lock that it waited for: the documents are read after it.
    HOLD_EVIDENCE = "select s.id
        from {rows:k(id)}
        join documents_document as d on d.company_id = $1 and d.id = k.id
        join documents_document as s on s.company_id = d.company_id and s.id = d.series_id
        order by s.id, d.id {for_share:s}";

    /// Documents whose series are held, and whether a user ($2) attached them or they are evidence.
    EVIDENCE = "select d.id, d.series_id, d.version, d.record_kind, d.record_id, d.record_name,
            d.sha256, d.name, case when d.detached_at is null then 0 else 1 end as detached,
            case when d.uploaded_by = $2 or exists (select 1 from documents_evidence as e
                where e.company_id = d.company_id and e.document_id = d.id) then 1 else 0 end as known
        from {rows:k(id)}
        join documents_document as d on d.company_id = $1 and d.id = k.id order by d.id";

    /// Names evidence.
    INSERT_EVIDENCE = "insert into documents_evidence
            (company_id, record_kind, record_id, line, document_id, record_name, named_at, named_by)
        select $1, d.record_kind, d.record_id, d.line, d.document_id, d.record_name, $2, $3
        from {rows:d(record_kind text, record_id, line, document_id, record_name text)}";

    /// What a document is evidence of, the first that named it.
    EVIDENCE_IN = "select e.record_name, e.line from documents_evidence as e
        where e.company_id = $1 and e.document_id = $2 order by e.named_at, e.record_id, e.line limit 1";

    /// The evidence of a record.
    EVIDENCE_OF = "select e.line, e.document_id, d.name, f.media_type,
            coalesce(u.display_name, '') as named_by, e.named_at
        from documents_evidence as e
        join documents_document as d on d.company_id = e.company_id and d.id = e.document_id
        join documents_file as f on f.company_id = d.company_id and f.sha256 = d.sha256
        left join identity_user as u on u.id = e.named_by
        where e.company_id = $1 and e.record_kind = $2 and e.record_id = $3
        order by e.line, e.document_id";

    /// One document as readers get it.
    SHOW = concat!(document_columns!(), " where d.company_id = $1 and d.id = $2");

    /// A page of documents, the newest first.
    LIST_NEWEST = concat!(document_columns!(), document_filters!(),
        "and (d.uploaded_at, d.id) < (cast($8 as {i64}), cast($9 as {i64}))
         order by d.uploaded_at desc, d.id desc limit cast($10 as {i64})");

    /// A page of documents, what expires first, first; what never does last.
    LIST_EXPIRY = concat!(document_columns!(), document_filters!(),
        "and (coalesce(d.expires_on, '9999-12-31'), d.id) > (cast($8 as {text}), cast($9 as {i64}))
         order by coalesce(d.expires_on, '9999-12-31'), d.id limit cast($10 as {i64})");

    /// A page of documents by name.
    LIST_NAME = concat!(document_columns!(), document_filters!(),
        "and (d.name, d.id) > (cast($8 as {text}), cast($9 as {i64}))
         order by d.name, d.id limit cast($10 as {i64})");
}

/// Whether a file is kept already.
pub(crate) fn has_file(tx: &mut Tx<'_>, ctx: &Ctx, sha256: &str) -> Result<bool, StoreError> {
    Ok(tx.query_opt(&HAS_FILE, params![ctx.company_id, sha256])?.is_some())
}

/// Keeps a file.
pub(crate) fn insert_file(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    sha256: &str,
    media_type: &str,
    content: &[u8],
) -> Result<(), StoreError> {
    let size = i64::try_from(content.len()).unwrap_or(i64::MAX);
    tx.write(&INSERT_FILE, params![ctx.company_id, sha256, size, media_type, ctx.at, *content])
}

/// A kept file: what it is, and its bytes.
pub(crate) fn file(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    sha256: &str,
) -> Result<Option<(String, Vec<u8>)>, StoreError> {
    let found = tx.query_opt(&FILE, params![company_id, sha256])?;
    found.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Files after a hash: hash, size, bytes.
pub(crate) fn files_after(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    after: &str,
    most: i64,
) -> Result<Vec<(String, i64, Vec<u8>)>, StoreError> {
    let rows = tx.query(&FILES_AFTER, params![company_id, after, most])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

/// What is written of a new document.
pub(crate) struct NewDocument<'d> {
    pub document: &'d Document,
    pub document_type: crate::DocumentType,
    pub note: &'d str,
    pub expires_on: Option<base::Day>,
}

/// Adds a document.
pub(crate) fn insert_document(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    new: &NewDocument<'_>,
) -> Result<(), StoreError> {
    let document = new.document;
    let record = &document.record;
    tx.write_exactly(
        1,
        &INSERT_DOCUMENT,
        params![
            ctx.company_id,
            document.id,
            document.series_id,
            document.version,
            record.kind,
            record.id,
            record.name,
            new.document_type,
            document.name,
            new.note,
            document.sha256,
            new.expires_on,
            ctx.at,
            ctx.user_id
        ],
    )
}

/// A document.
pub(crate) fn document(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: DocumentId,
) -> Result<Option<Document>, StoreError> {
    let found = tx.query_opt(&DOCUMENT, params![company_id, id])?;
    found.map(|row| document_of(&row)).transpose()
}

fn document_of(row: &Row) -> Result<Document, StoreError> {
    Ok(Document {
        id: row.get(0)?,
        series_id: row.get(1)?,
        version: row.get(2)?,
        record: Record { kind: row.get(3)?, id: row.get(4)?, name: row.get(5)? },
        sha256: row.get(6)?,
        name: row.get(7)?,
        detached: row.get(8)?,
    })
}

/// Holds a series until the transaction ends; answers its last version, and the last attached one.
pub(crate) fn lock_series(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    series_id: DocumentId,
) -> Result<(i64, i64), StoreError> {
    tx.query(&LOCK_SERIES, params![ctx.company_id, series_id])?;
    let found = tx.query_opt(&LATEST, params![ctx.company_id, series_id])?;
    found.map_or(Ok((0, 0)), |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The current document of a record with this file and type.
pub(crate) fn same(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    record: &Record,
    document_type: crate::DocumentType,
    (sha256, expires_on): (&str, Option<Day>),
) -> Result<Option<(DocumentId, i64)>, StoreError> {
    let key = params![ctx.company_id, record.kind, record.id, document_type, sha256, expires_on];
    tx.query_opt(&SAME, key)?.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Documents that are named as evidence, held until the transaction ends; and whether the caller
/// attached each or it is evidence already.
pub(crate) fn hold_evidence(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    ids: &BTreeSet<DocumentId>,
) -> Result<BTreeMap<DocumentId, (Document, bool)>, StoreError> {
    tx.query(&HOLD_EVIDENCE, params![ctx.company_id; Rows::column(ids)])?;
    let found = tx.query(&EVIDENCE, params![ctx.company_id, ctx.user_id; Rows::column(ids)])?;
    let read = |row: &Row| {
        let document = document_of(row)?;
        Ok((document.id, (document, row.get(9)?)))
    };
    found.iter().map(read).collect()
}

/// Names documents as evidence on lines of records.
pub(crate) fn insert_evidence(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    named: &[(&Record, i64, DocumentId)],
) -> Result<(), StoreError> {
    let mut set = Rows::new(5);
    for (record, line, document_id) in named {
        set.push(row![record.kind, record.id, *line, *document_id, record.name]);
    }
    tx.write(&INSERT_EVIDENCE, params![ctx.company_id, ctx.at, ctx.user_id; set])
}

/// What a document is evidence of: what the record is called, and the number of its line.
pub(crate) fn evidence_in(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DocumentId,
) -> Result<Option<(String, i64)>, StoreError> {
    let found = tx.query_opt(&EVIDENCE_IN, params![ctx.company_id, id])?;
    found.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// The evidence of a record.
pub(crate) fn evidence_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    record: &Record,
) -> Result<Vec<crate::EvidenceRow>, StoreError> {
    let read = |row: &Row| {
        Ok(crate::EvidenceRow {
            record_kind: record.kind.clone(),
            record_id: record.id.to_string(),
            record: record.name.clone(),
            line: row.get(0)?,
            document_id: row.get(1)?,
            name: row.get(2)?,
            media_type: row.get(3)?,
            named_by: row.get(4)?,
            named_at: row.get(5)?,
        })
    };
    let found = tx.query(&EVIDENCE_OF, params![ctx.company_id, record.kind, record.id])?;
    found.iter().map(read).collect()
}

/// Detaches a document.
pub(crate) fn detach(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DocumentId,
    reason: &str,
) -> Result<(), StoreError> {
    let (at, by): (Timestamp, UserId) = (ctx.at, ctx.user_id);
    tx.write_exactly(1, &DETACH, params![ctx.company_id, id, at, by, reason])
}

/// One row of a list, as [`crate::views`] reads it.
pub(crate) fn show(tx: &mut Tx<'_>, ctx: &Ctx, id: DocumentId) -> Result<Option<Row>, StoreError> {
    tx.query_opt(&SHOW, params![ctx.company_id, id.raw()])
}

/// A page of a list.
pub(crate) fn list(
    tx: &mut Tx<'_>,
    statement: &'static Statement,
    filters: [Value; 10],
    kinds: &[&str],
) -> Result<Vec<Row>, StoreError> {
    let params = store::Params::new(filters.to_vec()).with_rows(Rows::column(kinds));
    tx.query(statement, params)
}
