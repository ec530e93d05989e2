//! Documents: files by their hash, attached to records of any kind, in versions that may expire.
//!
//! A record is a kind and an id that mean nothing here; that it is there, and that the caller may see
//! it, is found out by whoever calls these doors.

mod attach;
mod checks;
mod detach;
mod evidence;
mod model;
mod permissions;
mod rules;
mod tables;
mod views;
mod words;

pub use attach::{Attach, AttachError, Attached, File, attach};
pub use detach::{Detach, DetachError, Detached, detach};
pub use evidence::{EvidenceError, EvidenceRow, evidence_of, find_evidence, name_evidence};
pub use model::{Document, Record};
pub use permissions::{ATTACH, DETACH, READ};
pub use views::{
    Content, DocumentFilter, DocumentRow, DocumentSort, ReadError, content, document,
    list_documents, verify_files,
};
pub use words::DocumentType;

/// The tables about documents.
pub static SCHEMA: store::Schema = store::Schema {
    name: "documents",
    migrations: store::migrations!("0001_documents.sql", "0002_evidence.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &["documents_file", "documents_evidence"],
    below: &[&store::SCHEMA, &identity::SCHEMA],
};
