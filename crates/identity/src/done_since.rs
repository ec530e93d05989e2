//! What was done lately, so that whoever looks at the books looks again.

use crate::{Ctx, tables};
use base::{AuditId, Timestamp};
use store::{StoreError, Tx, params};

/// The most acts that are told at once, the newest first. Whoever missed more looks at everything.
pub const MOST_DONE: usize = 500;

/// Something that was done: its row in the audit trail, and its verb, such as `purchasing.receive`.
pub type Done = (AuditId, String);

/// What was done in the company after a moment, the newest first, at most [`MOST_DONE`]. It tells no
/// record and nobody's name, so it asks for no permission; the caller tells nobody of an area in which
/// he may do nothing.
///
/// # Errors
/// The store's own.
pub fn done_since(tx: &mut Tx<'_>, ctx: &Ctx, after: Timestamp) -> Result<Vec<Done>, StoreError> {
    let limit = MOST_DONE as u64;
    let rows = tx.query(&tables::DONE_SINCE, params![ctx.company_id, after, limit])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}
