//! `begin_second_factor` and `confirm_second_factor`: a user gets a secret for an authenticator app, and
//! shows with a code that the app has it.

use crate::access::Caller;
use crate::grants::Permission;
use crate::policies::policies;
use crate::recovery_codes::RecoveryCodes;
use crate::rules;
use crate::second_factor::{
    FRESH, Proof, SecondFactorError, WrongSecondFactor, of_session, require_fresh,
};
use crate::tables;
use crate::totp::TotpSecret;
use base::Id;
use store::Tx;

/// Turning the own second factor on. No role gives it; a session of one's own does.
pub const CONFIRM_SECOND_FACTOR: Permission = Permission("identity.confirm_second_factor");

/// Keeps `fresh` as the secret to be confirmed within 15 minutes, in the place of one that was not. Until
/// then nothing is asked for.
///
/// # Errors
/// [`SecondFactorError`].
pub fn begin_second_factor(
    tx: &mut Tx<'_>,
    caller: &Caller,
    proof: Proof,
    fresh: &TotpSecret,
) -> Result<(), SecondFactorError> {
    let ctx = of_session(caller)?;
    if policies(tx, ctx.company_id)?.is(rules::SECOND_FACTOR, "off") {
        return Err(SecondFactorError::NotAllowed);
    }
    require_fresh(caller, proof)?;
    let begun = tables::begin_factor(tx, ctx, fresh)?;
    if begun { Ok(()) } else { Err(SecondFactorError::On) }
}

/// Turns the second factor on, with a code that the app made of the secret. From now on a sign-in with the
/// password asks for one, and all other sessions of the user end.
///
/// # Errors
/// [`SecondFactorError`].
pub fn confirm_second_factor(
    tx: &mut Tx<'_>,
    caller: &Caller,
    code: &str,
    codes: &RecoveryCodes,
) -> Result<(), SecondFactorError> {
    let ctx = of_session(caller)?;
    let factor = tables::lock_factor(tx, ctx.user_id)?.ok_or(SecondFactorError::NotBegun)?;
    if factor.confirmed_at.is_some() {
        return Err(SecondFactorError::On);
    }
    if ctx.at.micros().saturating_sub(factor.made_at.micros()) >= FRESH {
        return Err(SecondFactorError::NotBegun);
    }
    let plain: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let step = factor.secret.step_of(&plain, ctx.at, factor.last_step).ok_or(WrongSecondFactor)?;
    tables::confirm_factor(tx, &factor, step, ctx.at)?;
    tables::insert_recovery_codes(tx, &factor, codes)?;
    tables::end_other_sessions_of(tx, ctx, caller.session_id)?;
    ctx.audit(tx, CONFIRM_SECOND_FACTOR, "user", ctx.user_id.raw(), serde_json::json!({}));
    Ok(())
}
