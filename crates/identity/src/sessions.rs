//! Sessions: what follows a sign-in. A session ends after 30 idle minutes, and after 12 hours.

use crate::access::{Caller, SignInError, Use, ctx_for_user, held_by};
use crate::ctx::Ctx;
use crate::grants::Permission;
use crate::secret::{Digest, Secret};
use crate::tables;
use base::{CompanyId, Id, SessionId, Timestamp, UserId};
use store::Tx;

/// Signing in. No role gives it; a password or a link does.
pub const SIGN_IN: Permission = Permission("identity.sign_in");
/// Ending another's session.
pub const END_SESSION: Permission = Permission("identity.end_session");
/// Giving a user a link that signs in once without a password.
pub const ISSUE_SIGN_IN_LINK: Permission = Permission("identity.issue_sign_in_link");

const MINUTE: i64 = 60_000_000;
/// Microseconds without a request after which a session is over.
pub const IDLE: i64 = 30 * MINUTE;
/// Microseconds after which a session is over in any case.
pub const ABSOLUTE: i64 = 12 * 60 * MINUTE;
/// Microseconds for which a sign-in link works.
pub const LINK: i64 = 15 * MINUTE;
/// A session's last use is noted at most once in this time.
const NOTED: i64 = MINUTE;

/// Starts a session of a user who has just been authenticated, under the digest of a fresh secret.
///
/// # Errors
/// [`SignInError::NoAccess`].
pub fn start_session(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    user_id: UserId,
    digest: &Digest,
    at: Timestamp,
    request_id: &str,
) -> Result<SessionId, SignInError> {
    let ctx = ctx_for_user(tx, company_id, user_id, at, request_id)?;
    let session_id: SessionId = tx.id()?;
    tables::insert_session(tx, &ctx, session_id, digest)?;
    ctx.audit(tx, SIGN_IN, "session", session_id.raw(), serde_json::json!({}));
    Ok(session_id)
}

/// Finds the caller of a session by its token.
///
/// # Errors
/// [`SignInError::SessionOver`]; [`SignInError::NoAccess`] when the last role was taken away.
pub fn find_session(
    tx: &mut Tx<'_>,
    token: &str,
    at: Timestamp,
    request_id: &str,
) -> Result<Caller, SignInError> {
    let digest = Secret::parse(token).ok_or(SignInError::SessionOver)?.digest();
    let session = tables::session(tx, &digest)?.ok_or(SignInError::SessionOver)?;
    let since = |then: Timestamp| at.micros().saturating_sub(then.micros());
    let idle = since(session.seen_at);
    if session.ended || idle >= IDLE || since(session.started_at) >= ABSOLUTE {
        return Err(SignInError::SessionOver);
    }
    let ctx = ctx_for_user(tx, session.company_id, session.user_id, at, request_id)?;
    let due = (idle >= NOTED).then_some(Use::Session(session.session_id));
    Ok(Caller { ctx, due, session_id: Some(session.session_id) })
}

/// Ends a session: one's own, or with permission another's. Ending one that is over or unknown
/// changes nothing.
///
/// # Errors
/// [`SignInError::Denied`].
pub fn end_session(tx: &mut Tx<'_>, ctx: &Ctx, session_id: SessionId) -> Result<(), SignInError> {
    let owner = tables::session_owner(tx, ctx.company_id, session_id)?;
    if owner != Some(ctx.user_id) {
        ctx.require(END_SESSION)?;
    }
    if owner.is_some() {
        tables::end_session(tx, ctx.company_id, session_id, ctx.at)?;
        ctx.audit(tx, END_SESSION, "session", session_id.raw(), serde_json::json!({}));
    }
    Ok(())
}

/// Makes the secret of `digest` a link that signs a user in once, within 15 minutes.
///
/// # Errors
/// [`SignInError::Denied`]; [`SignInError::NoAccess`] when the user holds no role here.
pub fn issue_sign_in_link(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    user_id: UserId,
    digest: &Digest,
) -> Result<(), SignInError> {
    ctx.require(ISSUE_SIGN_IN_LINK)?;
    let theirs = held_by(tx, ctx.company_id, user_id)?;
    if theirs.is_empty() {
        return Err(SignInError::NoAccess);
    }
    // A link is all that its user may do, so it is not for somebody who may do less.
    if !ctx.grants().cover_all(&theirs) {
        return Err(SignInError::BeyondOwn);
    }
    let until = Timestamp::from_micros(ctx.at.micros().saturating_add(LINK));
    tables::insert_link(tx, ctx.company_id, user_id, digest, until)?;
    ctx.audit(tx, ISSUE_SIGN_IN_LINK, "user", user_id.raw(), serde_json::json!({}));
    Ok(())
}

/// Starts a session with a sign-in link, which is then used up.
///
/// # Errors
/// [`SignInError::WrongLink`]; [`SignInError::NoAccess`].
pub fn use_sign_in_link(
    tx: &mut Tx<'_>,
    token: &str,
    session: &Digest,
    at: Timestamp,
    request_id: &str,
) -> Result<SessionId, SignInError> {
    let digest = Secret::parse(token).ok_or(SignInError::WrongLink)?.digest();
    let link = tables::lock_link(tx, &digest)?
        .filter(|link| !link.used && at < link.expires_at)
        .ok_or(SignInError::WrongLink)?;
    tables::use_link(tx, link.company_id, &digest, at)?;
    start_session(tx, link.company_id, link.user_id, session, at, request_id)
}
