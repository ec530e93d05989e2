//! Items, units, categories, kits and barcodes.

use crate::route::{Routes, whole};
use base::Page;
use catalog::{EDIT, IMPORT, READ, UNDO_IMPORT};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .list_from("after", "/items", READ, "List items", |tx, ctx, filter| {
            let page = catalog::list_items(tx, ctx, &filter)?;
            Ok::<_, catalog::ReadError>(Page { lines: page.items, next_cursor: page.next })
        })
        .verb("/items", EDIT, "Create items, up to 1,000", catalog::create_items)
        .import(
            "/items/import",
            IMPORT,
            "Import items from CSV",
            &catalog::ITEM_COLUMNS,
            catalog::import_items,
        )
        .rehearsed_verb(
            ("/item-imports/undo", "/item-imports/undo/rehearse"),
            UNDO_IMPORT,
            ("Take an import of items back", "Tell what taking an import of items back would do"),
            catalog::undo_item_import,
            catalog::rehearse_undo_item_import,
        )
        .list(
            "/item-imports",
            READ,
            "List imports of items, the newest first",
            catalog::list_item_imports,
        )
        .list(
            "/item-import-lines",
            READ,
            "List what imports of items made and changed",
            catalog::list_item_import_lines,
        )
        .detail("/items/{id}", READ, "Show an item", catalog::item)
        .verb("/items/amend", EDIT, "Amend an item", catalog::amend_item)
        .verb("/items/retire", EDIT, "Retire an item", catalog::retire_item)
        .verb("/items/restore", EDIT, "Take a retired item up again", catalog::restore_item)
        .verb("/kits", EDIT, "Define a kit's components", catalog::define_kit)
        .verb("/packagings", EDIT, "Add a packaging to an item", catalog::add_packaging)
        .verb("/barcodes", EDIT, "Add a barcode to an item", catalog::add_barcode)
        .list("/scans", READ, "Tell what a scanned code is", catalog::look_up)
        .list(
            "/item-codes",
            READ,
            "Tell what devices need of items to know scanned codes",
            catalog::list_item_codes,
        )
        .list("/units", READ, "List units", |tx, ctx, _: crate::route::All| {
            catalog::list_units(tx, ctx).map(whole)
        })
        .list("/categories", READ, "List categories", |tx, ctx, _: crate::route::All| {
            catalog::list_categories(tx, ctx).map(whole)
        })
        .verb("/units", EDIT, "Define a unit", catalog::define_unit)
        .verb("/categories", EDIT, "Define a category", catalog::define_category)
}
