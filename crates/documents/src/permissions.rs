//! What a caller may be allowed to do here.

use identity::Permission;

/// Looking at documents of records that the caller may see.
pub const READ: Permission = Permission("documents.read");
/// Attaching files to records that the caller may see.
pub const ATTACH: Permission = Permission("documents.attach");
/// Detaching documents.
pub const DETACH: Permission = Permission("documents.detach");
