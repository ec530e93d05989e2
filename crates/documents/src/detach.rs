//! `detach`: a document no longer belongs to its record.
//!
//! Nothing is forgotten: the file stays, with who detached it, when and why. The version before it is
//! the current one again.

use crate::{DETACH, tables};
use base::{DocumentId, Problem, ProblemKind, Rule, TextError, check_text};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A document to be detached.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Detach {
    /// The document.
    pub document_id: DocumentId,
    /// Why, 1 to 500 characters.
    pub reason: String,
}

/// A document as detached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Detached {
    /// The document.
    pub document_id: DocumentId,
}

/// Why a document was not detached, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DetachError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such document.
    #[error("there is no document {0}")]
    NotFound(DocumentId),
    /// It was detached before.
    #[error("document {0} was detached before; there is nothing to do")]
    Detached(DocumentId),
    /// It is evidence.
    #[error("document {document_id} is evidence of {record}, line {line}; it stays where it is")]
    IsEvidence {
        /// The document.
        document_id: DocumentId,
        /// What it is evidence of.
        record: String,
        /// The number of its line; 0 for the record itself.
        line: i64,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for DetachError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            DetachError::Denied(error) => error.problem(),
            DetachError::Text(error) => error.problem(),
            DetachError::NotFound(_) => Problem::not_found("document_not_found", detail),
            DetachError::Detached(_) => {
                Problem::new(ProblemKind::Conflict, "document_detached", detail)
            }
            DetachError::IsEvidence { .. } => {
                Problem::new(ProblemKind::Conflict, "document_is_evidence", detail)
            }
            DetachError::Store(error) => error.problem(),
        }
    }
}

/// Detaches a document, of whose record the floors above say that it may be seen.
///
/// # Errors
/// The first broken rule in the order of [`DetachError`].
pub fn detach(tx: &mut Tx<'_>, ctx: &Ctx, request: &Detach) -> Result<Detached, DetachError> {
    ctx.require(DETACH)?;
    let id = request.document_id;
    if request.reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    check_text("reason", &request.reason, 500)?;
    let missing = DetachError::NotFound(id);
    let document = tables::document(tx, ctx.company_id, id)?.ok_or(missing.clone())?;
    tables::lock_series(tx, ctx, document.series_id)?;
    let document = tables::document(tx, ctx.company_id, id)?.ok_or(missing)?;
    if document.detached {
        return Err(DetachError::Detached(id));
    }
    if let Some((record, line)) = tables::evidence_in(tx, ctx, id)? {
        return Err(DetachError::IsEvidence { document_id: id, record, line });
    }
    tables::detach(tx, ctx, id, &request.reason)?;
    let detail = serde_json::json!({
        "record_kind": document.record.kind, "record_id": document.record.id.to_string(),
        "record": document.record.name, "name": document.name, "version": document.version,
        "sha256": document.sha256, "reason": request.reason,
    });
    ctx.fact(tx, "document", document.raw(), 2, "documents.detached", detail.clone());
    ctx.audit(tx, DETACH, "document", document.raw(), detail);
    Ok(Detached { document_id: id })
}
