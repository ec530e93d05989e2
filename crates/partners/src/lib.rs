//! Partners: the people and companies that the company buys from and sells to.
//!
//! One row is one party, with a flag for each side of the trade, so that a supplier who also buys is
//! still one. It never knows what was ordered, delivered or paid.

mod amend_partner;
mod bank_details;
mod checks;
mod country;
mod create_partners;
mod find_partners;
mod import_partners;
mod imports;
mod model;
mod partner;
mod permissions;
mod rules;
mod tables;
mod undo_import;
mod views;
mod words;

pub use amend_partner::{
    AmendPartner, AmendPartnerError, MAX_CONTACTS, PartnerChanged, RetirePartner, SetContacts,
    amend_partner, restore_partner, retire_partner, set_contacts,
};
pub use bank_details::{
    BANK_DETAILS, BankChangeFilter, BankChangeListError, BankChangeRow, BankChangeState,
    BankDetailsChanged, BankDetailsError, ChangeBankDetails, ConfirmBankDetails, bank_details_wait,
    change_bank_details, confirm_bank_details, list_bank_changes,
};
pub use country::{Country, UnknownCountry};
pub use create_partners::{
    CreatePartners, CreatePartnersError, MAX_PARTNERS, PartnerAnswer, PartnersCreated,
    create_partner, create_partners,
};
pub use find_partners::{verify_words, word_partners};
pub use import_partners::{
    CUSTOMER_COLUMNS, ImportPartnersError, SUPPLIER_COLUMNS, export_customers, export_suppliers,
    import_customers, import_suppliers,
};
pub use imports::{
    ImportListError, PartnerImportFilter, PartnerImportLineFilter, PartnerImportLineRow,
    PartnerImportRow, list_partner_import_lines, list_partner_imports,
};
pub use model::Partner;
pub use partner::{NewPartner, PartnerError};
pub use permissions::{CHANGE_BANK, EDIT, IMPORT, READ, UNDO_IMPORT};
pub use tables::{partners_by_code, partners_by_id};
pub use undo_import::{
    PartnerImportUndone, UndoPartnerImport, UndoPartnerImportError, rehearse_undo_partner_import,
    undo_partner_import,
};
pub use views::{
    AddressRow, ContactRow, ListPartners, MAX_PAGE, PartnerDetail, PartnerPage, PartnerRow,
    PartnerSort, ReadError, list_partners, partner,
};
pub use words::{AddressKind, CustomerKind};

/// The tables about partners.
pub static SCHEMA: store::Schema = store::Schema {
    name: "partners",
    migrations: store::migrations!(
        "0001_partners.sql",
        "0002_bank_changes.sql",
        "0003_words.sql",
        "0004_imports.sql"
    ),
    statements: &tables::ALL,
    checks: checks::CHECKS,
    append_only: &[],
    below: &[&store::SCHEMA, &identity::SCHEMA],
};
