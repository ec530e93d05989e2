//! What a caller may be allowed to do here.

use identity::Permission;

/// Looking at partners.
pub const READ: Permission = Permission("partners.read");
/// Making and changing partners, their contacts and addresses.
pub const EDIT: Permission = Permission("partners.edit");
/// Changing the account that a partner is paid on.
pub const CHANGE_BANK: Permission = Permission("partners.change_bank");
/// Taking over files of suppliers or customers.
pub const IMPORT: Permission = Permission("partners.import");
/// Taking a file that was taken over back.
pub const UNDO_IMPORT: Permission = Permission("partners.undo_import");
