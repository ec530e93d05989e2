//! What readers get: documents in a list, one of them, and its content.

use crate::words::DocumentType;
use crate::{READ, rules, tables};
use base::{BadCursor, CompanyId, Day, DocumentId, Id, Page, Paging, Problem, Rule, Timestamp};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, ToValue, Tx, Value};
use utoipa::ToSchema;

/// Why nothing is shown.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such document.
    #[error("there is no document {0}")]
    NotFound(DocumentId),
    /// The cursor was not given by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReadError {
    fn problem(&self) -> Problem {
        match self {
            ReadError::Denied(error) => error.problem(),
            ReadError::NotFound(_) => Problem::not_found("document_not_found", self.to_string()),
            ReadError::Cursor(error) => error.problem(),
            ReadError::Store(error) => error.problem(),
        }
    }
}

/// The order of a list of documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DocumentSort {
    /// The newest first.
    #[default]
    Newest,
    /// What expires first, first; what never does last.
    Expiry,
    /// By the file's name.
    Name,
}

/// Which documents to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentFilter {
    /// Only of records of this kind, as in `purchase_order`.
    pub record_kind: Option<String>,
    /// Only of the record with this id.
    pub record_id: Option<String>,
    /// Only of this type.
    #[serde(rename = "type")]
    pub document_type: Option<DocumentType>,
    /// Only those that expire before this day.
    pub expires_before: Option<Day>,
    /// Only those uploaded by this user, by login.
    pub uploaded_by: Option<String>,
    /// `true` for the latest versions that are attached, `false` for all others.
    pub current: Option<bool>,
    /// In which order: `newest`, `expiry` or `name`.
    pub sort: DocumentSort,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A document in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DocumentRow {
    /// Its id.
    pub document_id: DocumentId,
    /// The kind of its record.
    pub record_kind: String,
    /// The id of its record.
    pub record_id: String,
    /// What its record is called.
    pub record: String,
    /// What it is.
    #[serde(rename = "type")]
    pub document_type: DocumentType,
    /// The file's name.
    pub name: String,
    /// What else there is to say.
    pub note: String,
    /// The file's SHA-256 in hexadecimal.
    pub sha256: String,
    /// How many bytes it has.
    pub size: i64,
    /// What the file is.
    pub media_type: String,
    /// Its number among the versions.
    pub version: i64,
    /// The version before it.
    pub replaces: Option<DocumentId>,
    /// Whether it is attached, and no later version is.
    pub current: bool,
    /// The last day on which it holds.
    pub expires_on: Option<Day>,
    /// When it was uploaded.
    pub uploaded_at: Timestamp,
    /// The login of who uploaded it; empty for the machine's operator.
    pub uploaded_by: String,
    /// The name of who uploaded it.
    pub uploaded_by_name: String,
    /// When it was detached.
    pub detached_at: Option<Timestamp>,
    /// The login of who detached it; empty when it is attached.
    pub detached_by: String,
    /// Why it was detached; empty when it is attached.
    pub detach_reason: String,
}

fn row_of(row: &Row) -> Result<DocumentRow, StoreError> {
    let text = |column: usize| row.get::<Option<String>>(column).map(Option::unwrap_or_default);
    let record_id: i64 = row.get(2)?;
    Ok(DocumentRow {
        document_id: row.get(0)?,
        record_kind: row.get(1)?,
        record_id: record_id.to_string(),
        record: row.get(3)?,
        document_type: row.get(4)?,
        name: row.get(5)?,
        note: row.get(6)?,
        sha256: row.get(7)?,
        size: row.get(8)?,
        media_type: row.get(9)?,
        version: row.get(10)?,
        current: row.get(12)?,
        expires_on: row.get(13)?,
        uploaded_at: row.get(14)?,
        uploaded_by: text(15)?,
        uploaded_by_name: text(16)?,
        detached_at: row.get(17)?,
        detached_by: text(18)?,
        detach_reason: row.get(19)?,
        replaces: row.get(20)?,
    })
}

/// Lists documents of the kinds of records that the caller may see, as the floors above say.
///
/// # Errors
/// [`ReadError`], in its order.
pub fn list_documents(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: &DocumentFilter,
    kinds: &[&str],
) -> Result<Page<DocumentRow>, ReadError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    // An id that is none is that of no record.
    let record_id = filter.record_id.as_ref().map(|text| text.parse::<i64>().unwrap_or(-1));
    let (statement, key, id) = match filter.sort {
        DocumentSort::Newest => {
            let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
            (&tables::LIST_NEWEST, Value::Int(at), id)
        }
        DocumentSort::Expiry => {
            let (day, id): (String, i64) = paging.after((String::new(), 0))?;
            (&tables::LIST_EXPIRY, storable(day)?, id)
        }
        DocumentSort::Name => {
            let (name, id): (String, i64) = paging.after((String::new(), 0))?;
            (&tables::LIST_NAME, storable(name)?, id)
        }
    };
    let filters = [
        ctx.company_id.to_value(),
        filter.record_kind.to_value(),
        record_id.to_value(),
        filter.document_type.to_value(),
        filter.expires_before.to_value(),
        filter.uploaded_by.to_value(),
        filter.current.to_value(),
        key,
        Value::Int(id),
        Value::Int(paging.limit()),
    ];
    let found = tables::list(tx, statement, filters, kinds)?;
    let rows = found.iter().map(row_of).collect::<Result<Vec<_>, _>>()?;
    let sort = filter.sort;
    Ok(match sort {
        DocumentSort::Newest => {
            paging.page(rows, |row| (row.uploaded_at.micros(), row.document_id.raw()))
        }
        DocumentSort::Expiry => paging.page(rows, |row| {
            let day = row.expires_on.map_or("9999-12-31".to_owned(), |day| day.to_string());
            (day, row.document_id.raw())
        }),
        DocumentSort::Name => paging.page(rows, |row| (row.name.clone(), row.document_id.raw())),
    })
}

/// A text of a cursor, which may be anybody's.
fn storable(text: String) -> Result<Value, BadCursor> {
    if text.contains('\0') { Err(BadCursor(text)) } else { Ok(Value::Text(text)) }
}

/// One document.
///
/// # Errors
/// [`ReadError`], in its order.
pub fn document(tx: &mut Tx<'_>, ctx: &Ctx, id: DocumentId) -> Result<DocumentRow, ReadError> {
    ctx.require(READ)?;
    let row = tables::show(tx, ctx, id)?.ok_or(ReadError::NotFound(id))?;
    Ok(row_of(&row)?)
}

/// A document's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Its name.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// Its hash.
    pub sha256: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The file of a document, also of one that was replaced or detached.
///
/// # Errors
/// [`ReadError`], in its order.
pub fn content(tx: &mut Tx<'_>, ctx: &Ctx, id: DocumentId) -> Result<Content, ReadError> {
    ctx.require(READ)?;
    let missing = ReadError::NotFound(id);
    let document = tables::document(tx, ctx.company_id, id)?.ok_or(missing.clone())?;
    let (media_type, bytes) = tables::file(tx, ctx.company_id, &document.sha256)?.ok_or(missing)?;
    Ok(Content { name: document.name, media_type, sha256: document.sha256, bytes })
}

/// How many files are read at once when all are verified.
const FILES: i64 = 4;

/// Which files are not what their hash says; nothing when all are. Every file is read.
///
/// # Errors
/// Those of the engine.
pub fn verify_files(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<String>, StoreError> {
    let (mut after, mut broken) = (String::new(), Vec::new());
    loop {
        let files = tables::files_after(tx, company_id, &after, FILES)?;
        let Some((last, _, _)) = files.last() else { return Ok(broken) };
        after.clone_from(last);
        for (sha256, size, bytes) in &files {
            let found = rules::hash(bytes);
            if found != *sha256 || usize::try_from(*size) != Ok(bytes.len()) {
                broken.push(format!(
                    "file {sha256} of {size} bytes is now {found} of {} bytes",
                    bytes.len()
                ));
            }
        }
    }
}
