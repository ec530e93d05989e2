//! Documents of records: what the crate `documents` keeps, for whoever may see the record.

use crate::records::{self, RecordError, RecordKey, RecordKind, find_record};
use ::documents::{
    Attach, AttachError, Attached, Content, Detach, DetachError, Detached, DocumentFilter,
    DocumentRow, EvidenceRow, File, ReadError,
};
use base::{DocumentId, Page, Problem, Rule};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Why something about a document was refused.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DocumentError {
    /// Its record is not there, or may not be seen.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The file was not attached.
    #[error(transparent)]
    Attach(#[from] AttachError),
    /// The document was not detached.
    #[error(transparent)]
    Detach(#[from] DetachError),
    /// The document is not shown.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for DocumentError {
    fn problem(&self) -> Problem {
        match self {
            DocumentError::Record(error) => error.problem(),
            DocumentError::Attach(error) => error.problem(),
            DocumentError::Detach(error) => error.problem(),
            DocumentError::Read(error) => error.problem(),
            DocumentError::Store(error) => error.problem(),
        }
    }
}

/// Attaches a file to a record that the caller may see.
///
/// # Errors
/// [`DocumentError::Record`], then [`DocumentError::Attach`].
pub fn attach(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (kind, key): (RecordKind, &RecordKey),
    request: &Attach,
    file: File<'_>,
) -> Result<Attached, DocumentError> {
    let record = find_record(tx, ctx, kind, key)?;
    Ok(::documents::attach(tx, ctx, &record, request, file)?)
}

/// Detaches a document of a record that the caller may see.
///
/// # Errors
/// [`DocumentError::Read`], [`DocumentError::Record`], [`DocumentError::Detach`].
pub fn detach(tx: &mut Tx<'_>, ctx: &Ctx, request: &Detach) -> Result<Detached, DocumentError> {
    ctx.require(::documents::DETACH).map_err(DetachError::from)?;
    document(tx, ctx, request.document_id)?;
    Ok(::documents::detach(tx, ctx, request)?)
}

/// Lists documents: of one record, as far as the caller may see it; else of all kinds of records of
/// which the caller may see every one.
///
/// # Errors
/// [`DocumentError::Record`], [`DocumentError::Read`].
pub fn list_documents(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &DocumentFilter,
) -> Result<Page<DocumentRow>, DocumentError> {
    ctx.require(::documents::READ).map_err(ReadError::from)?;
    let mut kinds = records::seen(ctx);
    if let (Some(kind), Some(id)) = (&filter.record_kind, &filter.record_id) {
        let missing = || RecordError::NotFound { kind: short(kind), key: short(id) };
        let kind: RecordKind = kind.parse().map_err(|_| missing())?;
        let id: i64 = id.parse().map_err(|_| missing())?;
        find_record(tx, ctx, kind, &RecordKey::Id(id))?;
        kinds = vec![kind.word()];
    }
    Ok(::documents::list_documents(tx, ctx, filter, &kinds)?)
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

/// Whose evidence is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EvidenceFilter {
    /// The kind of the record, as in `receipt`.
    pub record_kind: String,
    /// The record's id.
    pub record_id: String,
}

/// The documents that are named as evidence on the lines of a record, by line, for whoever may see the
/// record: at most one page, as a record has.
///
/// # Errors
/// [`DocumentError::Record`].
pub fn list_evidence(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &EvidenceFilter,
) -> Result<Page<EvidenceRow>, DocumentError> {
    ctx.require(::documents::READ).map_err(ReadError::from)?;
    let (kind, id) = (filter.record_kind.as_str(), filter.record_id.as_str());
    let missing = || RecordError::NotFound { kind: short(kind), key: short(id) };
    let kind: RecordKind = kind.parse().map_err(|_| missing())?;
    let id: i64 = id.parse().map_err(|_| missing())?;
    let record = find_record(tx, ctx, kind, &RecordKey::Id(id))?;
    Ok(Page { lines: ::documents::evidence_of(tx, ctx, &record)?, next_cursor: None })
}

/// One document of a record that the caller may see.
///
/// # Errors
/// [`DocumentError::Read`], [`DocumentError::Record`].
pub fn document(tx: &mut Tx<'_>, ctx: &Ctx, id: DocumentId) -> Result<DocumentRow, DocumentError> {
    let row = ::documents::document(tx, ctx, id)?;
    let missing = || ReadError::NotFound(id);
    let kind: RecordKind = row.record_kind.parse().map_err(|_| missing())?;
    let record_id: i64 = row.record_id.parse().map_err(|_| missing())?;
    find_record(tx, ctx, kind, &RecordKey::Id(record_id))?;
    Ok(row)
}

/// The file of a document of a record that the caller may see.
///
/// # Errors
/// As [`document`].
pub fn content(tx: &mut Tx<'_>, ctx: &Ctx, id: DocumentId) -> Result<Content, DocumentError> {
    document(tx, ctx, id)?;
    Ok(::documents::content(tx, ctx, id)?)
}
