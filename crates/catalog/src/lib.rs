//! The catalogue: what the company trades in, in which units, under which codes.
//!
//! Items, units, packagings, barcodes and kits, and categories that are only names. It never knows
//! where goods lie, who orders them or what they cost: the floors above ask it what an item *is*.

mod add_barcode;
mod amend_item;
mod checks;
mod create_items;
mod define_kit;
mod define_unit;
mod find_items;
mod gs1;
mod import_items;
mod imports;
mod item;
mod item_codes;
mod look_up;
mod model;
mod permissions;
mod rules;
mod tables;
mod undo_import;
mod views;
mod words;

pub use add_barcode::{
    AddBarcode, AddBarcodeError, AddPackaging, BarcodeAdded, PackagingAdded, add_barcode,
    add_packaging, find_barcode, find_barcodes,
};
pub use amend_item::{
    AmendItem, AmendItemError, ItemChanged, RetireItem, amend_item, restore_item, retire_item,
};
pub use create_items::{
    CreateItems, CreateItemsError, ItemAnswer, ItemsCreated, MAX_ITEMS, create_item, create_items,
};
pub use define_kit::{DefineKit, DefineKitError, KitComponent, MAX_COMPONENTS, define_kit};
pub use define_unit::{
    CategoryDefined, DefineCategory, DefineError, DefineUnit, UnitDefined, define_category,
    define_unit, install_units,
};
pub use find_items::{verify_words, word_items};
pub use import_items::{ITEM_COLUMNS, ImportItemsError, export_items, import_items};
pub use imports::{
    ImportListError, ItemImportFilter, ItemImportLineFilter, ItemImportLineRow, ItemImportRow,
    list_item_import_lines, list_item_imports,
};
pub use item::{ItemError, NewItem};
pub use item_codes::{ItemCode, ItemCodes, ItemCodesFilter, list_item_codes};
pub use look_up::{LookUp, Scanned, look_up, scanned};
pub use model::{Category, Component, Item, Scan, Unit};
pub use permissions::{EDIT, IMPORT, READ, UNDO_IMPORT};
pub use rules::{ConversionError, ratio_to_stock, to_stock_unit};
pub use tables::{categories, items_by_id, items_by_sku, kit_components, units};
pub use undo_import::{
    ItemImportUndone, UndoItemImport, UndoItemImportError, rehearse_undo_item_import,
    undo_item_import,
};
pub use views::{
    BarcodeRow, CategoryRow, ItemDetail, ItemPage, ItemRow, ItemSort, ListItems, MAX_PAGE,
    PackagingRow, ReadError, UnitRow, item, list_categories, list_items, list_units,
};
pub use words::{BarcodeKind, ItemKind, Tracking};

/// The catalogue's tables.
pub static SCHEMA: store::Schema = store::Schema {
    name: "catalog",
    migrations: store::migrations!(
        "0001_catalog.sql",
        "0002_days_before_expiry.sql",
        "0003_words.sql",
        "0004_imports.sql"
    ),
    statements: &tables::ALL,
    checks: checks::CHECKS,
    append_only: &[],
    below: &[&store::SCHEMA, &identity::SCHEMA],
};
