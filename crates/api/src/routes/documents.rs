//! Files on records of every domain.

use crate::download::{Download, FileAnswer};
use crate::route::{Routes, Sent};
use base::{Day, DocumentId, Problem, Rule};
use documents::{ATTACH, Attach, Attached, DETACH, DocumentType, File, READ};
use identity::Ctx;
use paperwork::{DocumentError, RecordKey, RecordKind};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// What is said of a file that is the body of a request. Its record is named by id or by what people
/// call it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Upload {
    /// The kind of record.
    record_kind: RecordKind,
    /// The record's id.
    #[serde(default)]
    record_id: Option<String>,
    /// What the record is called, as in `PO-000123`, when its id is not given.
    #[serde(default)]
    record: Option<String>,
    /// What the document is.
    #[serde(rename = "type")]
    document_type: DocumentType,
    /// The file's name, without a folder.
    name: String,
    /// The last day on which it holds.
    #[serde(default)]
    expires_on: Option<Day>,
    /// The document whose next version it is.
    #[serde(default)]
    replaces: Option<DocumentId>,
    /// What else there is to say.
    #[serde(default)]
    note: String,
}

/// Why an upload was refused.
#[derive(thiserror::Error, Debug)]
enum UploadError {
    /// The record is not named, or twice.
    #[error("name the record once: by `record_id`, a number, or by `record`, as in PO-000123")]
    Unnamed,
    /// The document was refused.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for UploadError {
    fn problem(&self) -> Problem {
        match self {
            UploadError::Unnamed => {
                Problem::invalid("record_not_named", self.to_string()).with_field("record_id")
            }
            UploadError::Document(error) => error.problem(),
            UploadError::Store(error) => error.problem(),
        }
    }
}

fn upload(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &Upload,
    sent: Sent<'_>,
) -> Result<Attached, UploadError> {
    let key = match (&request.record_id, &request.record) {
        (Some(id), None) => RecordKey::Id(id.parse().map_err(|_| UploadError::Unnamed)?),
        (None, Some(name)) => RecordKey::Name(name.clone()),
        _ => return Err(UploadError::Unnamed),
    };
    let attach = Attach {
        document_type: request.document_type,
        name: request.name.clone(),
        expires_on: request.expires_on,
        replaces: request.replaces,
        note: request.note.clone(),
    };
    let file = File { content: sent.content, claimed: sent.content_type };
    Ok(paperwork::attach(tx, ctx, (request.record_kind, &key), &attach, file)?)
}

fn content(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DocumentId,
    asked: &Download,
) -> Result<FileAnswer, DocumentError> {
    let found = paperwork::content(tx, ctx, id)?;
    let saved = asked.download;
    Ok(FileAnswer { name: found.name, media_type: found.media_type, bytes: found.bytes, saved })
}

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .upload("/documents", ATTACH, "Attach a file to a record", upload)
        .list("/documents", READ, "List documents", |tx, ctx, filter| {
            paperwork::list_documents(tx, ctx, &filter)
        })
        .list("/evidence", READ, "List the evidence of a record", |tx, ctx, filter| {
            paperwork::list_evidence(tx, ctx, &filter)
        })
        .detail("/documents/{id}", READ, "Show a document", paperwork::document)
        .file("/documents/{id}/content", READ, "Give a document's file", content)
        .verb("/documents/detach", DETACH, "Detach a document", |tx, ctx, request| {
            paperwork::detach(tx, ctx, &request)
        })
}
