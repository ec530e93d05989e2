//! Suppliers and customers.

use crate::route::Routes;
use base::Page;
use partners::{CHANGE_BANK, EDIT, IMPORT, READ, UNDO_IMPORT};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .list_from("after", "/partners", READ, "List suppliers and customers", |tx, ctx, filter| {
            let page = partners::list_partners(tx, ctx, &filter)?;
            Ok::<_, partners::ReadError>(Page { lines: page.partners, next_cursor: page.next })
        })
        .verb("/partners", EDIT, "Create partners, up to 1,000", partners::create_partners)
        .import(
            "/suppliers/import",
            IMPORT,
            "Import suppliers",
            &partners::SUPPLIER_COLUMNS,
            partners::import_suppliers,
        )
        .import(
            "/customers/import",
            IMPORT,
            "Import customers",
            &partners::CUSTOMER_COLUMNS,
            partners::import_customers,
        )
        .rehearsed_verb(
            ("/partner-imports/undo", "/partner-imports/undo/rehearse"),
            UNDO_IMPORT,
            (
                "Take an import of partners back",
                "Tell what taking an import of partners back would do",
            ),
            partners::undo_partner_import,
            partners::rehearse_undo_partner_import,
        )
        .list(
            "/partner-imports",
            READ,
            "List imports of partners, the newest first",
            partners::list_partner_imports,
        )
        .list(
            "/partner-import-lines",
            READ,
            "List what imports of partners made and changed",
            partners::list_partner_import_lines,
        )
        .detail("/partners/{id}", READ, "Show a partner", partners::partner)
        .verb("/partners/amend", EDIT, "Amend a partner", partners::amend_partner)
        .verb("/partners/retire", EDIT, "Retire a partner", partners::retire_partner)
        .verb(
            "/partners/restore",
            EDIT,
            "Take a retired partner up again",
            partners::restore_partner,
        )
        .verb("/partners/contacts", EDIT, "Set a partner's contacts", partners::set_contacts)
        .verb(
            "/partners/bank-details",
            CHANGE_BANK,
            "Change a partner's bank details",
            partners::change_bank_details,
        )
        .verb(
            "/partners/bank-details/confirm",
            CHANGE_BANK,
            "Confirm or refuse a partner's other bank details",
            partners::confirm_bank_details,
        )
        .list(
            "/partners/bank-changes",
            READ,
            "List changes of bank details, the newest first",
            partners::list_bank_changes,
        )
}
