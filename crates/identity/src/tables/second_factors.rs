//! Second factors, their recovery codes, and who reset them.

use super::second_factor_statements::*;
use crate::ctx::Ctx;
use crate::recovery_codes::RecoveryCodes;
use crate::second_factor::SecondFactorReset;
use crate::secret::Digest;
use crate::totp::TotpSecret;
use base::{CompanyId, Id, RoleId, SessionId, Timestamp, UserId};
use store::{Rows, StoreError, Tx, params, row};

/// A second factor as it is stored.
pub(crate) struct Factor {
    company_id: CompanyId,
    user_id: UserId,
    pub secret: TotpSecret,
    pub made_at: Timestamp,
    pub confirmed_at: Option<Timestamp>,
    pub last_step: i64,
    pub wrong_in_a_row: i64,
}

/// What a wrong code came to.
pub(crate) struct WrongCode {
    pub company_id: CompanyId,
    pub in_a_row: i64,
}

/// What a user is told of the own one.
pub(crate) struct OwnFactor {
    pub since: Option<Timestamp>,
    pub recovery_codes_left: i64,
    pub has_password: bool,
    pub wrong_in_a_row: i64,
    pub wrong_codes: i64,
    pub wrong_at: Option<Timestamp>,
}

/// A user's factor, locked. The user is locked first, as whoever resets a factor or begins a session does;
/// the factor is read in a statement after that, so that it is as the one before left it.
pub(crate) fn lock_factor(tx: &mut Tx<'_>, user_id: UserId) -> Result<Option<Factor>, StoreError> {
    tx.query_opt(&LOCK_OWNER, params![user_id])?;
    let Some(row) = tx.query_opt(&LOCK_FACTOR, params![user_id])? else { return Ok(None) };
    let secret: Vec<u8> = row.get(1)?;
    let secret = TotpSecret::from_bytes(&secret).ok_or_else(|| {
        StoreError::Unusable("the secret of a second factor is not of 20 bytes".into())
    })?;
    Ok(Some(Factor {
        company_id: row.get(0)?,
        user_id,
        secret,
        made_at: row.get(2)?,
        confirmed_at: moment(row.get(3)?),
        last_step: row.get(4)?,
        wrong_in_a_row: row.get(5)?,
    }))
}

pub(crate) fn own_factor(tx: &mut Tx<'_>, user_id: UserId) -> Result<OwnFactor, StoreError> {
    Ok(match tx.query_opt(&OWN_FACTOR, params![user_id])? {
        Some(row) => OwnFactor {
            since: moment(row.get(0)?),
            recovery_codes_left: row.get(1)?,
            has_password: row.get(2)?,
            wrong_in_a_row: row.get(3)?,
            wrong_codes: row.get(4)?,
            wrong_at: moment(row.get(5)?),
        },
        None => OwnFactor {
            since: None,
            recovery_codes_left: 0,
            has_password: false,
            wrong_in_a_row: 0,
            wrong_codes: 0,
            wrong_at: None,
        },
    })
}

/// Keeps a secret to be confirmed, unless the user has a factor that is on.
pub(crate) fn begin_factor(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    secret: &TotpSecret,
) -> Result<bool, StoreError> {
    let made = params![ctx.user_id, secret.as_bytes(), ctx.at];
    Ok(tx.query_opt(&BEGIN_FACTOR, made)?.is_some())
}

pub(crate) fn confirm_factor(
    tx: &mut Tx<'_>,
    factor: &Factor,
    step: i64,
    at: Timestamp,
) -> Result<(), StoreError> {
    let whose = (factor.company_id, factor.user_id);
    tx.write_exactly(1, &CONFIRM_FACTOR, params![whose.0, whose.1, step, at])
}

/// A code of this step was used: none of it or before will be.
pub(crate) fn accept_step(tx: &mut Tx<'_>, factor: &Factor, step: i64) -> Result<(), StoreError> {
    tx.write_exactly(1, &ACCEPT_STEP, params![factor.company_id, factor.user_id, step])
}

pub(crate) fn insert_recovery_codes(
    tx: &mut Tx<'_>,
    factor: &Factor,
    codes: &RecoveryCodes,
) -> Result<(), StoreError> {
    let mut rows = Rows::new(2);
    for (number, digest) in (1_i64..).zip(codes.digests()) {
        rows.push(row![number, digest.0]);
    }
    tx.write(&INSERT_RECOVERY_CODES, params![factor.company_id, factor.user_id; rows])
}

/// Uses a recovery code up; tells whether there was an unused one.
pub(crate) fn use_recovery_code(
    tx: &mut Tx<'_>,
    factor: &Factor,
    digest: &Digest,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let used = params![factor.company_id, factor.user_id, digest.0, at];
    let found = tx.query_opt(&USE_RECOVERY_CODE, used)?.is_some();
    if found {
        tx.write(&END_WRONG_CODES, params![factor.company_id, factor.user_id])?;
    }
    Ok(found)
}

/// Counts a wrong code of a factor that is on; nothing when there is none.
pub(crate) fn count_wrong_code(
    tx: &mut Tx<'_>,
    user_id: UserId,
    at: Timestamp,
) -> Result<Option<WrongCode>, StoreError> {
    let row = tx.query_opt(&COUNT_WRONG_CODE, params![user_id, at])?;
    row.map(|row| Ok(WrongCode { company_id: row.get(0)?, in_a_row: row.get(1)? })).transpose()
}

pub(crate) fn delete_recovery_codes(tx: &mut Tx<'_>, factor: &Factor) -> Result<(), StoreError> {
    tx.write(&DELETE_RECOVERY_CODES, params![factor.company_id, factor.user_id])
}

pub(crate) fn delete_factor(tx: &mut Tx<'_>, factor: &Factor) -> Result<(), StoreError> {
    delete_recovery_codes(tx, factor)?;
    tx.write_exactly(1, &DELETE_FACTOR, params![factor.company_id, factor.user_id])
}

/// Notes who took a factor away. The user is locked, so that the number is free.
pub(crate) fn insert_reset(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    user_id: UserId,
    reason: &str,
) -> Result<(), StoreError> {
    tx.write(&INSERT_RESET, params![ctx.company_id, user_id, ctx.user_id, ctx.at, reason])
}

pub(crate) fn last_reset(
    tx: &mut Tx<'_>,
    user_id: UserId,
) -> Result<Option<SecondFactorReset>, StoreError> {
    let Some(row) = tx.query_opt(&LAST_RESET, params![user_id])? else { return Ok(None) };
    Ok(Some(SecondFactorReset {
        reset_at: row.get(0)?,
        reset_by: row.get(1)?,
        reason: row.get(2)?,
    }))
}

/// All sessions of the caller end but the one that asks.
pub(crate) fn end_other_sessions_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    session_id: Option<SessionId>,
) -> Result<(), StoreError> {
    let session_id = session_id.map_or(0, Id::raw);
    tx.write(&END_OTHER_SESSIONS_OF, params![ctx.user_id, session_id, ctx.at])
}

pub(crate) fn require_of_role(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    role_id: RoleId,
    required: bool,
) -> Result<(), StoreError> {
    tx.write_exactly(1, &REQUIRE_OF_ROLE, params![ctx.company_id, role_id, required])
}

/// A moment of which 0 is none.
fn moment(micros: i64) -> Option<Timestamp> {
    (micros != 0).then_some(Timestamp::from_micros(micros))
}
