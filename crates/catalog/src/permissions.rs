//! What a caller may be allowed to do here.

use identity::Permission;

/// Looking at items, units and categories.
pub const READ: Permission = Permission("catalog.read");
/// Making and changing items, units, categories, kits and barcodes.
pub const EDIT: Permission = Permission("catalog.edit");
/// Taking over files of items.
pub const IMPORT: Permission = Permission("catalog.import");
/// Taking a file that was taken over back.
pub const UNDO_IMPORT: Permission = Permission("catalog.undo_import");
