//! `note_wrong_code`: a code of a second factor was wrong. Whoever gives it knows the password, so it is
//! counted and stands in the audit trail.
//!
//! The transaction that refused the code wrote nothing; this one is of its own.

use crate::grants::Permission;
use crate::tables;
use base::{Id, Timestamp, UserId};
use store::{Audit, StoreError, Tx};

/// Giving a wrong code. No role gives it; whoever has the password can.
pub const WRONG_CODE: Permission = Permission("identity.wrong_code");

/// Counts a wrong code of a user's second factor. Of a user without one nothing is noted: there was nothing
/// to guess.
///
/// # Errors
/// Those of the store.
pub fn note_wrong_code(
    tx: &mut Tx<'_>,
    user_id: UserId,
    at: Timestamp,
    request_id: &str,
) -> Result<(), StoreError> {
    let Some(noted) = tables::count_wrong_code(tx, user_id, at)? else { return Ok(()) };
    tx.audit(Audit {
        company_id: noted.company_id,
        user_id,
        recorded_at: at,
        request_id: request_id.to_owned(),
        verb: WRONG_CODE.0,
        object_kind: "user",
        object_id: user_id.raw(),
        detail: serde_json::json!({"in_a_row": noted.in_a_row}),
    });
    Ok(())
}
