//! `reset_second_factor`: somebody lost device and recovery codes, and an administrator lets them in again
//! with the password alone.

use crate::access::held_by;
use crate::ctx::Ctx;
use crate::grants::{Denied, Permission};
use crate::tables;
use base::{Id, Problem, ProblemKind, Rule, TextError, UserId};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Taking another user's second factor away.
pub const RESET_SECOND_FACTOR: Permission = Permission("identity.reset_second_factor");

/// Whose second factor is taken away, and why.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetSecondFactor {
    /// Whose.
    pub user_id: UserId,
    /// Why: it stands in the audit trail, in the list of users, and on the user's own page.
    pub reason: String,
}

/// Why a second factor was not reset, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ResetSecondFactorError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no reason, or it is not acceptable.
    #[error(transparent)]
    Reason(#[from] TextError),
    /// It is the caller's own.
    #[error("turn your own second factor off with password and code, or ask another administrator")]
    Own,
    /// The company administers no such user.
    #[error("there is no user {user_id}")]
    UnknownUser {
        /// The id asked for.
        user_id: UserId,
    },
    /// The user may do more than the caller.
    #[error("this user may do more than you; an administrator has to reset the second factor")]
    BeyondOwn,
    /// There is none.
    #[error("the user has no second factor; there is nothing to reset")]
    Off,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ResetSecondFactorError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            ResetSecondFactorError::Denied(denied) => return denied.problem(),
            ResetSecondFactorError::Reason(error) => return error.problem(),
            ResetSecondFactorError::Own => (ProblemKind::Refused, "own_second_factor"),
            ResetSecondFactorError::UnknownUser { .. } => (ProblemKind::NotFound, "unknown_user"),
            ResetSecondFactorError::BeyondOwn => (ProblemKind::Forbidden, "beyond_own_rights"),
            ResetSecondFactorError::Off => (ProblemKind::Conflict, "second_factor_is_off"),
            ResetSecondFactorError::Store(error) => return error.problem(),
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// Takes the second factor of a user away, with a reason. All sessions of the user end; the next sign-in
/// asks for the password alone, and may do nothing but set another factor up where the company asks for
/// one.
///
/// # Errors
/// [`ResetSecondFactorError`].
pub fn reset_second_factor(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ResetSecondFactor,
) -> Result<(), ResetSecondFactorError> {
    let ResetSecondFactor { user_id, reason } = request;
    ctx.require(RESET_SECOND_FACTOR)?;
    if reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    base::check_text("reason", &reason, 500)?;
    if user_id == ctx.user_id {
        return Err(ResetSecondFactorError::Own);
    }
    if !tables::lock_user(tx, ctx.company_id, user_id)? {
        return Err(ResetSecondFactorError::UnknownUser { user_id });
    }
    // Whoever knows the password may afterwards do all that its user may.
    let theirs = held_by(tx, ctx.company_id, user_id)?;
    if !ctx.grants().cover_all(&theirs) {
        return Err(ResetSecondFactorError::BeyondOwn);
    }
    let factor = tables::lock_factor(tx, user_id)?.filter(|factor| factor.confirmed_at.is_some());
    let factor = factor.ok_or(ResetSecondFactorError::Off)?;
    tables::delete_factor(tx, &factor)?;
    tables::insert_reset(tx, ctx, user_id, &reason)?;
    tables::end_sessions_of(tx, user_id, ctx.at)?;
    let detail = serde_json::json!({"reason": reason});
    ctx.audit(tx, RESET_SECOND_FACTOR, "user", user_id.raw(), detail);
    Ok(())
}
