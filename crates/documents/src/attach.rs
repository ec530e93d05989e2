//! `attach`: a file becomes a document of a record, or the next version of one.
//!
//! A file is kept once by its hash, however often it is attached. What it is, its own bytes say; what
//! the sender says must agree with them. A new version names the one it replaces, which has to be the
//! latest, so that two people who correct the same document do not overtake one another.

use crate::model::{Document, Record};
use crate::tables::NewDocument;
use crate::words::DocumentType;
use crate::{ATTACH, rules, tables};
use base::{Day, DocumentId, Problem, ProblemKind, Rule, TextError, check_multiline, check_text};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// What is said of a file that is attached.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attach {
    /// What the document is.
    #[serde(rename = "type")]
    pub document_type: DocumentType,
    /// The file's name, without a folder.
    pub name: String,
    /// The last day on which it holds.
    #[serde(default)]
    pub expires_on: Option<Day>,
    /// The document whose next version it is; it has to be the latest version, of the same record.
    #[serde(default)]
    pub replaces: Option<DocumentId>,
    /// What else there is to say.
    #[serde(default)]
    pub note: String,
}

/// A file as it came.
#[derive(Debug, Clone, Copy)]
pub struct File<'f> {
    /// Its bytes.
    pub content: &'f [u8],
    /// What the sender says it is, as in `application/pdf`; empty for nothing.
    pub claimed: &'f str,
}

/// A document as attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Attached {
    /// The document.
    pub document_id: DocumentId,
    /// Its version.
    pub version: i64,
    /// The file's SHA-256 in hexadecimal.
    pub sha256: String,
    /// What the file is.
    pub media_type: String,
    /// How many bytes it has.
    pub size: i64,
    /// Whether the record had this file as this type before: nothing was done again.
    pub repeated: bool,
}

/// Why a file was not attached, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum AttachError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The name is one of a folder, too.
    #[error("the file is called {0:?}; give its name without a folder")]
    Folder(String),
    /// There is nothing in the file.
    #[error("the file is empty; attach one with content")]
    Empty,
    /// The file is too large.
    #[error(
        "the file has {size} bytes; policy `document_limit_mib` allows {limit}: attach a smaller one"
    )]
    TooLarge {
        /// How many bytes it has.
        size: usize,
        /// How many it may have.
        limit: usize,
    },
    /// The file is of no kind that is kept.
    #[error("the file is of no kind that is kept here; attach {}", rules::ALLOWED)]
    UnknownMedia,
    /// The sender says that the file is something else.
    #[error(
        "the file is said to be {claimed}, but by its content it is {found}; send it as {found}"
    )]
    MediaDiffers {
        /// What it is said to be.
        claimed: String,
        /// What it is.
        found: &'static str,
    },
    /// There is no such document to be replaced.
    #[error("there is no document {0} of this record that could be replaced")]
    NotFound(DocumentId),
    /// The document to be replaced was detached.
    #[error("document {0} was detached; attach the file as a document of its own")]
    Detached(DocumentId),
    /// The document to be replaced was replaced already.
    #[error(
        "document {document_id} is version {version}, and version {latest} is the latest; replace that"
    )]
    NotLatest {
        /// The document named.
        document_id: DocumentId,
        /// Its version.
        version: i64,
        /// The latest one.
        latest: i64,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for AttachError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            AttachError::Denied(error) => error.problem(),
            AttachError::Text(error) => error.problem(),
            AttachError::Folder(_) => {
                Problem::invalid("file_name_folder", detail).with_field("name")
            }
            AttachError::Empty => Problem::invalid("file_empty", detail),
            AttachError::TooLarge { .. } => {
                Problem::new(ProblemKind::TooLarge, "file_too_large", detail)
            }
            AttachError::UnknownMedia => Problem::refused("media_type_unknown", detail),
            AttachError::MediaDiffers { .. } => Problem::refused("media_type_differs", detail),
            AttachError::NotFound(_) => {
                Problem::refused("document_not_found", detail).with_field("replaces")
            }
            AttachError::Detached(_) => {
                Problem::new(ProblemKind::Conflict, "document_detached", detail)
            }
            AttachError::NotLatest { .. } => {
                Problem::new(ProblemKind::Conflict, "document_replaced", detail)
            }
            AttachError::Store(error) => error.problem(),
        }
    }
}

/// Attaches a file to a record, of which the floors above say that it is there and may be seen.
///
/// # Errors
/// The first broken rule in the order of [`AttachError`].
pub fn attach(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    record: &Record,
    request: &Attach,
    file: File<'_>,
) -> Result<Attached, AttachError> {
    ctx.require(ATTACH)?;
    let media_type = checked(tx, ctx, request, file)?;
    let sha256 = rules::hash(file.content);
    let size = i64::try_from(file.content.len()).unwrap_or(i64::MAX);
    let attached = |document_id, version, repeated| Attached {
        document_id,
        version,
        sha256: sha256.clone(),
        media_type: media_type.to_owned(),
        size,
        repeated,
    };
    let known = (sha256.as_str(), request.expires_on);
    if let Some((id, version)) = tables::same(tx, ctx, record, request.document_type, known)? {
        return Ok(attached(id, version, true));
    }
    let replaced = request.replaces.map(|id| replaced(tx, ctx, record, id)).transpose()?;
    let id: DocumentId = tx.id()?;
    let document = Document {
        id,
        series_id: replaced.as_ref().map_or(id, |(series_id, _)| *series_id),
        version: replaced.as_ref().map_or(1, |(_, last)| last + 1),
        record: record.clone(),
        sha256: sha256.clone(),
        name: request.name.clone(),
        detached: false,
    };
    if !tables::has_file(tx, ctx, &sha256)? {
        tables::insert_file(tx, ctx, &sha256, media_type, file.content)?;
    }
    let note = &request.note;
    let (document_type, expires_on) = (request.document_type, request.expires_on);
    let new = NewDocument { document: &document, document_type, note, expires_on };
    tables::insert_document(tx, ctx, &new)?;
    let detail = serde_json::json!({
        "record_kind": record.kind, "record_id": record.id.to_string(), "record": record.name,
        "type": document_type, "name": request.name, "version": document.version,
        "sha256": sha256,
    });
    ctx.fact(tx, "document", document.raw(), 1, "documents.attached", detail.clone());
    ctx.audit(tx, ATTACH, "document", document.raw(), detail);
    Ok(attached(id, document.version, false))
}

/// What the file is, when nothing is wrong with it and with what is said of it.
fn checked(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &Attach,
    file: File<'_>,
) -> Result<&'static str, AttachError> {
    if request.name.trim().is_empty() {
        return Err(TextError::Empty { field: "name" }.into());
    }
    check_text("name", &request.name, 200)?;
    check_multiline("note", &request.note, 2000)?;
    if request.name.contains(['/', '\\']) {
        return Err(AttachError::Folder(request.name.clone()));
    }
    if file.content.is_empty() {
        return Err(AttachError::Empty);
    }
    let policies = identity::policies(tx, ctx.company_id)?;
    let mebibytes = usize::try_from(policies.number("document_limit_mib")).unwrap_or(0);
    let (size, limit) = (file.content.len(), mebibytes << 20);
    if size > limit {
        return Err(AttachError::TooLarge { size, limit });
    }
    let found = rules::sniff(file.content).ok_or(AttachError::UnknownMedia)?;
    rules::agreed(found, file.claimed).map_err(|found| {
        let claimed = file.claimed.chars().filter(char::is_ascii_graphic).take(100).collect();
        AttachError::MediaDiffers { claimed, found }
    })
}

/// The series that a document is the current version of, held, and the last version of it.
fn replaced(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    record: &Record,
    id: DocumentId,
) -> Result<(DocumentId, i64), AttachError> {
    let own = |document: &Document| {
        document.record.kind == record.kind && document.record.id == record.id
    };
    let document = tables::document(tx, ctx.company_id, id)?.filter(own);
    let document = document.ok_or(AttachError::NotFound(id))?;
    let (last, current) = tables::lock_series(tx, ctx, document.series_id)?;
    // Read again: what was detached or replaced before the series was held.
    let document = tables::document(tx, ctx.company_id, id)?.ok_or(AttachError::NotFound(id))?;
    if document.detached {
        return Err(AttachError::Detached(id));
    }
    if document.version != current {
        let (version, latest) = (document.version, current);
        return Err(AttachError::NotLatest { document_id: id, version, latest });
    }
    Ok((document.series_id, last))
}
