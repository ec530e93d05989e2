//! Users, their sessions and sign-in links.

use super::statements::*;
use crate::access::Credential;
use crate::audit_trail::{AuditFilter, AuditRow};
use crate::ctx::Ctx;
use crate::second_factor::{SecondFactorReset, SecondFactorState};
use crate::secret::Digest;
use crate::sessions::{ABSOLUTE, IDLE};
use crate::views::{MOST_ROWS, SessionRow, UserFilter, UserRow};
use base::{CompanyId, SessionId, Timestamp, UserId};
use store::{StoreError, Tx, params};

pub(crate) fn insert_user(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: UserId,
    login: &str,
    display_name: &str,
    password: Option<&str>,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.write(&INSERT_USER, params![company_id, user_id, login, display_name, password, at])
}

pub(crate) fn user_of_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<UserId>, StoreError> {
    tx.query_opt(&USER_OF_LOGIN, params![login])?.map(|row| row.get(0)).transpose()
}

pub(crate) fn member_of_login(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    login: &str,
) -> Result<Option<UserId>, StoreError> {
    tx.query_opt(&MEMBER_OF_LOGIN, params![company_id, login])?.map(|row| row.get(0)).transpose()
}

pub(crate) fn is_member(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: UserId,
) -> Result<bool, StoreError> {
    Ok(tx.query_opt(&MEMBER, params![company_id, user_id])?.is_some())
}

/// A user's login and name, and a company's name; nothing when there is no such user.
pub(crate) fn names(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: UserId,
) -> Result<(String, String, String), StoreError> {
    Ok(match tx.query_opt(&NAMES, params![company_id, user_id])? {
        Some(row) => (row.get(0)?, row.get(1)?, row.get(2)?),
        None => Default::default(),
    })
}

pub(crate) fn credential(tx: &mut Tx<'_>, login: &str) -> Result<Credential, StoreError> {
    Ok(match tx.query_opt(&CREDENTIAL, params![login])? {
        Some(row) => Credential { user_id: row.get(0)?, password: row.get(1)? },
        None => Credential { user_id: None, password: None },
    })
}

/// Locks a user, whatever company administers it.
pub(crate) fn lock_whoever(tx: &mut Tx<'_>, user_id: UserId) -> Result<(), StoreError> {
    tx.query_opt(&LOCK_WHOEVER, params![user_id])?;
    Ok(())
}

/// Locks a user whom the company administers, and says whether there is one.
pub(crate) fn lock_user(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: UserId,
) -> Result<bool, StoreError> {
    Ok(tx.query_opt(&LOCK_USER, params![company_id, user_id])?.is_some())
}

pub(crate) fn set_password(
    tx: &mut Tx<'_>,
    user_id: UserId,
    password: &str,
) -> Result<(), StoreError> {
    tx.write_exactly(1, &SET_PASSWORD, params![user_id, password])
}

pub(crate) fn set_active(tx: &mut Tx<'_>, user_id: UserId, active: bool) -> Result<(), StoreError> {
    tx.write_exactly(1, &SET_ACTIVE, params![user_id, active])
}

/// Users by login; `asked` is of whom the company asks a second factor: of nobody, of whoever holds a role
/// that asks for one, of everybody.
pub(crate) fn users(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    filter: &UserFilter,
    asked: i64,
) -> Result<Vec<UserRow>, StoreError> {
    let state = filter.second_factor.map(SecondFactorState::word);
    let rows = tx.query(
        &USERS,
        params![
            company_id,
            filter.after,
            filter.active_only,
            asked,
            state,
            MOST_ROWS,
            filter.login
        ],
    )?;
    rows.iter()
        .map(|row| {
            let (since, state): (i64, String) = (row.get(5)?, row.get(6)?);
            let reset_at: Option<Timestamp> = row.get(7)?;
            let reset = match reset_at {
                Some(reset_at) => {
                    Some(SecondFactorReset { reset_at, reset_by: row.get(8)?, reason: row.get(9)? })
                }
                None => None,
            };
            Ok(UserRow {
                user_id: row.get(0)?,
                login: row.get(1)?,
                display_name: row.get(2)?,
                active: row.get(3)?,
                has_password: row.get(4)?,
                second_factor: SecondFactorState::parse(&state).unwrap_or(SecondFactorState::Off),
                second_factor_since: (since != 0).then_some(Timestamp::from_micros(since)),
                second_factor_reset: reset,
                is_own: row.get(10)?,
            })
        })
        .collect()
}

/// The newest rows of the audit trail that a filter lets through, after a time and an id.
pub(crate) fn audit_trail(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (filter, object_id): (&AuditFilter, Option<i64>),
    ((before, before_id), limit): ((i64, i64), i64),
    everything: bool,
) -> Result<Vec<AuditRow>, StoreError> {
    let statement = match object_id {
        Some(_) => &AUDIT_OF_RECORD,
        None => &AUDIT_TRAIL,
    };
    let rows = tx.query(
        statement,
        params![
            ctx.company_id,
            filter.object_kind,
            object_id,
            filter.verb,
            filter.login,
            everything,
            before,
            before_id,
            limit
        ],
    )?;
    rows.iter()
        .map(|row| {
            let detail: String = row.get(9)?;
            let detail = serde_json::from_str(&detail);
            Ok(AuditRow {
                audit_id: row.get(0)?,
                recorded_at: row.get(1)?,
                user_id: row.get(2)?,
                login: row.get(3)?,
                display_name: row.get(4)?,
                verb: row.get(5)?,
                object_kind: row.get(6)?,
                object_id: row.get::<i64>(7)?.to_string(),
                request_id: row.get(8)?,
                detail: detail.map_err(|error| {
                    StoreError::Unusable(format!("an audit row's detail is not JSON: {error}"))
                })?,
            })
        })
        .collect()
}

/// A session as it is stored.
pub(crate) struct Session {
    pub company_id: CompanyId,
    pub session_id: SessionId,
    pub user_id: UserId,
    pub started_at: Timestamp,
    pub seen_at: Timestamp,
    pub ended: bool,
    /// What the company chose; empty for nothing.
    pub second_factor_policy: String,
    pub has_second_factor: bool,
    /// Whether a role that the user holds asks for one.
    pub asked_by_role: bool,
    /// Whether the user came by password, and not by a link.
    pub by_password: bool,
}

/// How and when a session began.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Began {
    pub at: Timestamp,
    pub by_password: bool,
}

pub(crate) fn insert_session(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    session_id: SessionId,
    digest: &Digest,
    Began { at, by_password }: Began,
) -> Result<(), StoreError> {
    let (company_id, user_id) = (ctx.company_id, ctx.user_id);
    let values = params![company_id, session_id, user_id, digest.0, at, ctx.at, by_password];
    tx.write(&INSERT_SESSION, values)
}

pub(crate) fn session(tx: &mut Tx<'_>, digest: &Digest) -> Result<Option<Session>, StoreError> {
    let Some(row) = tx.query_opt(&SESSION, params![digest.0])? else { return Ok(None) };
    Ok(Some(Session {
        company_id: row.get(0)?,
        session_id: row.get(1)?,
        user_id: row.get(2)?,
        started_at: row.get(3)?,
        seen_at: row.get(4)?,
        ended: row.get(5)?,
        second_factor_policy: row.get(6)?,
        has_second_factor: row.get(7)?,
        asked_by_role: row.get(8)?,
        by_password: row.get(9)?,
    }))
}

pub(crate) fn session_owner(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    session_id: SessionId,
) -> Result<Option<UserId>, StoreError> {
    let row = tx.query_opt(&SESSION_OWNER, params![company_id, session_id])?;
    row.map(|row| row.get(0)).transpose()
}

pub(crate) fn touch_session(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    session_id: SessionId,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.write(&TOUCH_SESSION, params![company_id, session_id, at])
}

pub(crate) fn end_session(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    session_id: SessionId,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.write(&END_SESSION, params![company_id, session_id, at])
}

pub(crate) fn end_sessions_of(
    tx: &mut Tx<'_>,
    user_id: UserId,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.write(&END_SESSIONS_OF, params![user_id, at])
}

pub(crate) fn sessions(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    user_id: Option<UserId>,
) -> Result<Vec<SessionRow>, StoreError> {
    let before = |micros: i64| ctx.at.micros().saturating_sub(micros);
    let user_id = user_id.map_or(0, base::Id::raw);
    let rows = tx.query(
        &SESSIONS,
        params![ctx.company_id, user_id, before(IDLE), before(ABSOLUTE), MOST_ROWS],
    )?;
    rows.iter()
        .map(|row| {
            Ok(SessionRow {
                session_id: row.get(0)?,
                user_id: row.get(1)?,
                started_at: row.get(2)?,
                seen_at: row.get(3)?,
            })
        })
        .collect()
}

/// A sign-in link as it is stored.
pub(crate) struct Link {
    pub company_id: CompanyId,
    pub user_id: UserId,
    pub expires_at: Timestamp,
    pub used: bool,
}

pub(crate) fn insert_link(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: UserId,
    digest: &Digest,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    tx.write(&INSERT_LINK, params![company_id, digest.0, user_id, expires_at])
}

pub(crate) fn lock_link(tx: &mut Tx<'_>, digest: &Digest) -> Result<Option<Link>, StoreError> {
    let Some(row) = tx.query_opt(&LOCK_LINK, params![digest.0])? else { return Ok(None) };
    Ok(Some(Link {
        company_id: row.get(0)?,
        user_id: row.get(1)?,
        expires_at: row.get(2)?,
        used: row.get(3)?,
    }))
}

pub(crate) fn use_link(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    digest: &Digest,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.write_exactly(1, &USE_LINK, params![company_id, digest.0, at])
}
