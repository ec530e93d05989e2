//! `renew_recovery_codes` and `turn_off_second_factor`: what a user does to the own second factor once it
//! is on, with password and code.

use crate::access::Caller;
use crate::ctx::Ctx;
use crate::grants::Permission;
use crate::recovery_codes::RecoveryCodes;
use crate::second_factor::{Proof, SecondFactorError, of_session, pass, require_password};
use crate::tables::{self, Factor};
use base::Id;
use store::Tx;

/// Making the own recovery codes anew. No role gives it; a session of one's own does.
pub const RENEW_RECOVERY_CODES: Permission = Permission("identity.renew_recovery_codes");
/// Turning the own second factor off. No role gives it; a session of one's own does.
pub const TURN_OFF_SECOND_FACTOR: Permission = Permission("identity.turn_off_second_factor");

/// Puts fresh recovery codes in the place of all that there are, used or not.
///
/// # Errors
/// [`SecondFactorError`].
pub fn renew_recovery_codes(
    tx: &mut Tx<'_>,
    caller: &Caller,
    proof: Proof,
    code: &str,
    codes: &RecoveryCodes,
) -> Result<(), SecondFactorError> {
    let (ctx, factor) = passed(tx, caller, proof, code)?;
    tables::delete_recovery_codes(tx, &factor)?;
    tables::insert_recovery_codes(tx, &factor, codes)?;
    ctx.audit(tx, RENEW_RECOVERY_CODES, "user", ctx.user_id.raw(), serde_json::json!({}));
    Ok(())
}

/// Turns the second factor off; its secret and recovery codes are gone. All other sessions of the user
/// end. Where the company asks for one, the next thing to do is to set another up.
///
/// # Errors
/// [`SecondFactorError`].
pub fn turn_off_second_factor(
    tx: &mut Tx<'_>,
    caller: &Caller,
    proof: Proof,
    code: &str,
) -> Result<(), SecondFactorError> {
    let (ctx, factor) = passed(tx, caller, proof, code)?;
    tables::delete_factor(tx, &factor)?;
    tables::end_other_sessions_of(tx, ctx, caller.session_id)?;
    ctx.audit(tx, TURN_OFF_SECOND_FACTOR, "user", ctx.user_id.raw(), serde_json::json!({}));
    Ok(())
}

/// The caller's factor, locked, after password and code were right.
fn passed<'c>(
    tx: &mut Tx<'_>,
    caller: &'c Caller,
    proof: Proof,
    code: &str,
) -> Result<(&'c Ctx, Factor), SecondFactorError> {
    let ctx = of_session(caller)?;
    require_password(tx, caller, proof)?;
    let factor = tables::lock_factor(tx, ctx.user_id)?;
    let factor = factor.filter(|factor| factor.confirmed_at.is_some());
    let factor = factor.ok_or(SecondFactorError::Off)?;
    pass(tx, &factor, code, ctx.at)?;
    Ok((ctx, factor))
}
