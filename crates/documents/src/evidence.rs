//! Documents as evidence: what somebody photographed or scanned is named on the line of a record that it
//! proves. Where the file is attached and what it proves are two things: a photo of the delivery is
//! attached to the order, and is evidence of a line of the receipt.

use crate::{READ, Record, tables};
use base::{DocumentId, Problem, Rule};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Why a document is no evidence, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum EvidenceError {
    /// There is no such document.
    #[error(
        "there is no document {document_id}; attach the photo or paper first, and name the document"
    )]
    NotFound {
        /// The document asked for.
        document_id: DocumentId,
    },
    /// It was detached.
    #[error("document {document_id} was detached; attach it again, or name another one")]
    Detached {
        /// The document.
        document_id: DocumentId,
    },
    /// It belongs to a record that proves nothing here.
    #[error(
        "document {document_id} is attached to a record of kind {kind}, which proves nothing here; \
         attach it to one of: {kinds}"
    )]
    OtherRecord {
        /// The document.
        document_id: DocumentId,
        /// The kind of its record.
        kind: String,
        /// The kinds that prove something.
        kinds: String,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for EvidenceError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let code = match self {
            EvidenceError::NotFound { .. } => "evidence_not_found",
            EvidenceError::Detached { .. } => "evidence_detached",
            EvidenceError::OtherRecord { .. } => "evidence_of_other_record",
            EvidenceError::Store(error) => return error.problem(),
        };
        Problem::refused(code, detail).with_field("evidence")
    }
}

/// The names of documents that are evidence. They are held, so that nobody detaches one meanwhile.
///
/// `kinds` are the kinds of records whose documents prove something here. That one of another kind
/// is there is told, what it is called is not: whoever names it may not see that record. Who may not
/// read documents names those that they attached themselves, or that are evidence and follow the goods
/// that they prove something of; of all others it is not told that they are there.
///
/// # Errors
/// The first broken rule in the order of [`EvidenceError`], of the lowest id that breaks one.
pub fn find_evidence(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    ids: impl IntoIterator<Item = DocumentId>,
    kinds: &[&str],
) -> Result<BTreeMap<DocumentId, String>, EvidenceError> {
    let ids: BTreeSet<DocumentId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut found = tables::hold_evidence(tx, ctx, &ids)?;
    let mut names = BTreeMap::new();
    for document_id in ids {
        let one = found.remove(&document_id).filter(|(_, known)| *known || ctx.holds(READ));
        let (one, _) = one.ok_or(EvidenceError::NotFound { document_id })?;
        if one.detached {
            return Err(EvidenceError::Detached { document_id });
        }
        if !kinds.contains(&one.record.kind.as_str()) {
            let (kind, kinds) = (one.record.kind, kinds.join(", "));
            return Err(EvidenceError::OtherRecord { document_id, kind, kinds });
        }
        names.insert(document_id, one.name);
    }
    Ok(names)
}

/// Names documents that were found as evidence on lines of records; line 0 is the record itself. For
/// verbs, which have their own permission.
///
/// # Errors
/// The store's own.
pub fn name_evidence<'e>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    lines: impl IntoIterator<Item = (&'e Record, i64, &'e [DocumentId])>,
) -> Result<(), StoreError> {
    let mut named = Vec::new();
    for (record, line, ids) in lines {
        // Who names a document twice on a line means it once.
        let once: BTreeSet<DocumentId> = ids.iter().copied().collect();
        named.extend(once.into_iter().map(|id| (record, line, id)));
    }
    if named.is_empty() {
        return Ok(());
    }
    tables::insert_evidence(tx, ctx, &named)
}

/// A document as evidence of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EvidenceRow {
    /// The kind of the record that it proves something of.
    pub record_kind: String,
    /// The record's id.
    pub record_id: String,
    /// What the record is called.
    pub record: String,
    /// The number of the line; 0 for the record itself.
    pub line: i64,
    /// The document.
    pub document_id: DocumentId,
    /// The file's name.
    pub name: String,
    /// What the file is.
    pub media_type: String,
    /// The name of who named it.
    pub named_by: String,
    /// When it was named.
    pub named_at: base::Timestamp,
}

/// The evidence of a record, by line, of which the floors above say that it may be seen.
///
/// # Errors
/// The store's own.
pub fn evidence_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    record: &Record,
) -> Result<Vec<EvidenceRow>, StoreError> {
    tables::evidence_of(tx, ctx, record)
}
