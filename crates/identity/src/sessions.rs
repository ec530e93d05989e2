//! Sessions: what follows a sign-in. A session ends after 30 idle minutes, and after 12 hours.

use crate::access::{Caller, SignInError, Use, companies_of, ctx_for_user, held_by};
use crate::ctx::Ctx;
use crate::grants::Permission;
use crate::rules;
use crate::second_factor::{Passed, pass_to_sign_in};
use crate::secret::{Digest, Secret};
use crate::tables::{self, Began, Session};
use base::{CompanyId, Id, SessionId, Timestamp, UserId};
use store::Tx;

/// Signing in. No role gives it; a password or a link does.
pub const SIGN_IN: Permission = Permission("identity.sign_in");
/// Going on in another company. It asks for no permission but a role there.
pub const WORK_IN: Permission = Permission("identity.work_in");
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

/// What somebody signs in with: who, where, and the code of the second factor when they have one.
#[derive(Debug, Clone, Copy)]
pub struct SignIn<'s> {
    /// The company to work in, by name. Who works in one only may leave it out.
    pub company: Option<&'s str>,
    /// The user, as [`crate::Credential::authenticate`] said.
    pub user_id: UserId,
    /// The code of the app or a recovery code.
    pub code: Option<&'s str>,
    /// The digest of a fresh secret, under which the session is.
    pub session: &'s Digest,
}

/// Starts a session of a user whose password was right, when the second factor is passed, too. In which
/// companies the user works is told to nobody before that.
///
/// # Errors
/// [`SignInError::SecondFactorNeeded`] when there is one and no code;
/// [`SignInError::WrongSecondFactor`]; [`SignInError::TooManyWrongCodes`]; [`SignInError::NoAccess`];
/// [`SignInError::CompanyNeeded`].
pub fn sign_in(
    tx: &mut Tx<'_>,
    asked: SignIn<'_>,
    at: Timestamp,
    request_id: &str,
) -> Result<SessionId, SignInError> {
    let passed = pass_to_sign_in(tx, asked.user_id, asked.code, at)?;
    let detail = match passed {
        None => serde_json::json!({}),
        Some(Passed::App) => serde_json::json!({"second_factor": "app"}),
        Some(Passed::Recovery) => serde_json::json!({"second_factor": "recovery_code"}),
    };
    let company_id = company_of(tx, asked.user_id, asked.company)?;
    let ctx = ctx_for_user(tx, company_id, asked.user_id, at, request_id)?;
    begin(tx, &ctx, asked.session, Began { at, by_password: true }, detail)
}

/// Goes on in another company in which the user holds a role: a session there, that ends when this one
/// would have. The other company's rule about a second factor holds from then on. The caller ends the
/// session before.
///
/// # Errors
/// [`SignInError::SessionOver`]; [`SignInError::ByLink`] when the user came by a link;
/// [`SignInError::NoAccess`] when the user holds no role there, or there is no such company.
pub fn work_in(
    tx: &mut Tx<'_>,
    token: &str,
    company_id: CompanyId,
    digest: &Digest,
    at: Timestamp,
    request_id: &str,
) -> Result<SessionId, SignInError> {
    let session = session_of(tx, token)?;
    // Whoever ends all sessions of a user locks the user: none begins unseen.
    tables::lock_whoever(tx, session.user_id)?;
    let here = find_any_session(tx, token, at, request_id)?;
    if !session.by_password {
        return Err(SignInError::ByLink);
    }
    let theirs = companies_of(tx, session.user_id)?;
    if !theirs.iter().any(|company| company.company_id == company_id) {
        return Err(SignInError::NoAccess);
    }
    let there = ctx_for_user(tx, company_id, session.user_id, at, request_id)?;
    let session_id: SessionId = tx.id()?;
    let began = Began { at: session.started_at, by_password: true };
    tables::insert_session(tx, &there, session_id, digest, began)?;
    let from = serde_json::json!({ "from_company_id": here.ctx.company_id });
    there.audit(tx, WORK_IN, "session", session_id.raw(), from);
    Ok(session_id)
}

/// The company to work in: the one named, or the only one.
fn company_of(
    tx: &mut Tx<'_>,
    user_id: UserId,
    wanted: Option<&str>,
) -> Result<CompanyId, SignInError> {
    let companies = companies_of(tx, user_id)?;
    let named = |name: &str| wanted.is_none_or(|wanted| wanted == name);
    let mut found = companies.iter().filter(|company| named(&company.name));
    match (found.next(), found.next()) {
        (Some(company), None) => Ok(company.company_id),
        (None, _) if companies.is_empty() => Err(SignInError::NoAccess),
        _ => {
            let names = companies.iter().map(|company| company.name.clone()).collect();
            Err(SignInError::CompanyNeeded { names })
        }
    }
}

/// Starts a session of a user who came by a link, which asks for no second factor. It stays in its company.
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
    begin(tx, &ctx, digest, Began { at, by_password: false }, serde_json::json!({}))
}

fn begin(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    digest: &Digest,
    began: Began,
    detail: serde_json::Value,
) -> Result<SessionId, SignInError> {
    let session_id: SessionId = tx.id()?;
    tables::insert_session(tx, ctx, session_id, digest, began)?;
    ctx.audit(tx, SIGN_IN, "session", session_id.raw(), detail);
    Ok(session_id)
}

/// Finds the caller of a session by its token, who may go on to a door.
///
/// # Errors
/// As [`find_any_session`]; [`SignInError::SecondFactorMissing`].
pub fn find_session(
    tx: &mut Tx<'_>,
    token: &str,
    at: Timestamp,
    request_id: &str,
) -> Result<Caller, SignInError> {
    let caller = find_any_session(tx, token, at, request_id)?;
    if caller.lacks_second_factor { Err(SignInError::SecondFactorMissing) } else { Ok(caller) }
}

/// Finds the caller of a session by its token, also when the company asks for a second factor that the
/// user does not have: to say who it is, to set one up, and to sign out; for nothing else.
///
/// # Errors
/// [`SignInError::SessionOver`]; [`SignInError::NoAccess`] when the last role was taken away.
pub fn find_any_session(
    tx: &mut Tx<'_>,
    token: &str,
    at: Timestamp,
    request_id: &str,
) -> Result<Caller, SignInError> {
    let session = session_of(tx, token)?;
    let since = |then: Timestamp| at.micros().saturating_sub(then.micros());
    let idle = since(session.seen_at);
    if session.ended || idle >= IDLE || since(session.started_at) >= ABSOLUTE {
        return Err(SignInError::SessionOver);
    }
    let ctx = ctx_for_user(tx, session.company_id, session.user_id, at, request_id)?;
    let due = (idle >= NOTED).then_some(Use::Session(session.session_id));
    let asks = rules::asks_second_factor(&session.second_factor_policy, session.asked_by_role);
    Ok(Caller {
        ctx,
        due,
        session_id: Some(session.session_id),
        started_at: Some(session.started_at),
        lacks_second_factor: asks && !session.has_second_factor,
    })
}

fn session_of(tx: &mut Tx<'_>, token: &str) -> Result<Session, SignInError> {
    let digest = Secret::parse(token).ok_or(SignInError::SessionOver)?.digest();
    tables::session(tx, &digest)?.ok_or(SignInError::SessionOver)
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
