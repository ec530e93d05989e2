//! The nouns: a record, a document of it.

use base::{DocumentId, Id};

/// What a document is attached to. What kinds there are is known further up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its kind, as in `purchase_order`.
    pub kind: String,
    /// Its id.
    pub id: i64,
    /// What people call it, as in `PO-000123`.
    pub name: String,
}

/// A document as the verbs see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// The id of its first version.
    pub series_id: DocumentId,
    /// Its number among the versions.
    pub version: i64,
    /// Its record.
    pub record: Record,
    /// The file's hash.
    pub sha256: String,
    /// The file's name.
    pub name: String,
    /// Whether it was detached.
    pub detached: bool,
}

impl Document {
    /// The name of its kind and its id, for facts and the audit trail.
    pub(crate) fn raw(&self) -> i64 {
        self.id.raw()
    }
}
