//! What goes with records of every domain: files attached to them, their papers as PDF,
//! and mails that carry those.
//!
//! It sees every domain, and owns no table of its own: a file belongs to `documents`. What it adds is
//! which record is meant, and whether the caller may see it.

mod documents;
mod paper;
mod print;
mod records;
mod send;
mod speech;
mod tables;

pub use crate::documents::{
    DocumentError, EvidenceFilter, attach, content, detach, document, list_documents, list_evidence,
};
pub use print::{
    PrintError, Printed, count_sheet, item_label, order_paper, package_label, packing_slip,
    place_label,
};
pub use records::{RecordError, RecordKey, RecordKind, find_record};
pub use send::{MailOrderError, OrderMailed, SuppliersReminded, remind_suppliers, send_order};

/// The statements about records; there are no tables.
pub static SCHEMA: store::Schema = store::Schema {
    name: "paperwork",
    migrations: &[],
    statements: tables::STATEMENTS,
    checks: &[],
    append_only: &[],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &partners::SCHEMA,
        &::documents::SCHEMA,
        &mail::SCHEMA,
        &payments::SCHEMA,
        &stock::SCHEMA,
        &purchasing::SCHEMA,
        &sales::SCHEMA,
        &counting::SCHEMA,
        &quality::SCHEMA,
        &picking::SCHEMA,
        &receiving::SCHEMA,
    ],
};
