//! Items, units, categories, kits and barcodes.

use crate::route::Routes;
use catalog::EDIT;

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .verb("/items", EDIT, "Create items, up to 1,000", catalog::create_items)
        .verb("/items/amend", EDIT, "Amend an item", catalog::amend_item)
        .verb("/items/retire", EDIT, "Retire an item", catalog::retire_item)
        .verb("/items/restore", EDIT, "Take a retired item up again", catalog::restore_item)
        .verb("/kits", EDIT, "Define a kit's components", catalog::define_kit)
        .verb("/packagings", EDIT, "Add a packaging to an item", catalog::add_packaging)
        .verb("/barcodes", EDIT, "Add a barcode to an item", catalog::add_barcode)
        .verb("/units", EDIT, "Define a unit", catalog::define_unit)
        .verb("/categories", EDIT, "Define a category", catalog::define_category)
}
