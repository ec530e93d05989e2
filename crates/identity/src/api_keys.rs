//! API keys: how a program asks, in the name of a user and within scopes.

use crate::access::{Caller, SignInError, Use, ctx_of};
use crate::ctx::Ctx;
use crate::grants::{Denied, Held, Permission};
use crate::rules::Pattern;
use crate::secret::{Digest, Secret};
use crate::{rules, tables};
use base::{ApiKeyId, Day, Id, Problem, ProblemKind, Rule, TextError, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{Rows, StoreError, Tx, row};
use utoipa::ToSchema;

/// Creating an API key.
pub const CREATE_API_KEY: Permission = Permission("identity.create_api_key");
/// Revoking another's API key.
pub const REVOKE_API_KEY: Permission = Permission("identity.revoke_api_key");

/// The most days that a key may live.
pub const LONGEST_KEY_DAYS: i64 = 366;

/// A new key.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateApiKey {
    /// What it is for.
    pub name: String,
    /// What it may do, of that which its user may: permissions or patterns as in a role.
    pub scopes: Vec<String>,
    /// The first day on which it no longer works, at most 366 days ahead.
    pub expires_on: Day,
    /// In whose name it asks; without it, in the caller's.
    #[serde(default)]
    pub user_id: Option<UserId>,
}

/// Why a key was not created or revoked.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ApiKeyError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text is not acceptable.
    #[error(transparent)]
    Text(#[from] TextError),
    /// A scope is no permission, or there is none.
    #[error("{scope:?} is no scope; write permissions such as stock.read or sales.*")]
    NotAScope {
        /// What was given.
        scope: String,
    },
    /// The expiry is not within a year.
    #[error("a key expires after {today} and by {latest}, not on {expires_on}")]
    WrongExpiry {
        /// The day asked for.
        expires_on: Day,
        /// The day it is.
        today: Day,
        /// The latest day allowed.
        latest: Day,
    },
    /// The scopes give more than the caller holds.
    #[error("the scopes give more than you hold; leave out what you may not do yourself")]
    BeyondOwn,
    /// The user holds no role in the company.
    #[error("user {user_id} has no role in this company")]
    UnknownUser {
        /// The id asked for.
        user_id: UserId,
    },
    /// There is no such key.
    #[error("there is no API key {api_key_id}")]
    UnknownKey {
        /// The id asked for.
        api_key_id: ApiKeyId,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ApiKeyError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            ApiKeyError::Denied(denied) => return denied.problem(),
            ApiKeyError::Text(error) => return error.problem(),
            ApiKeyError::Store(error) => return error.problem(),
            ApiKeyError::NotAScope { .. } => (ProblemKind::Invalid, "not_a_scope"),
            ApiKeyError::WrongExpiry { .. } => (ProblemKind::Invalid, "wrong_expiry"),
            ApiKeyError::BeyondOwn => (ProblemKind::Forbidden, "beyond_own_rights"),
            ApiKeyError::UnknownUser { .. } => (ProblemKind::NotFound, "unknown_user"),
            ApiKeyError::UnknownKey { .. } => (ProblemKind::NotFound, "unknown_api_key"),
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// Creates a key for the secret of `digest`. The caller shows [`api_key_text`] once.
///
/// # Errors
/// [`ApiKeyError`].
pub fn create_api_key(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CreateApiKey,
    digest: &Digest,
) -> Result<ApiKeyId, ApiKeyError> {
    ctx.require(CREATE_API_KEY)?;
    rules::check_name("name", &request.name)?;
    let scopes = parse(&request.scopes)?;
    check_expiry(request.expires_on, ctx.today)?;
    let user_id = request.user_id.unwrap_or(ctx.user_id);
    // One's own key is bounded by one's roles at each use; another's has to be bounded here.
    let allowed = if user_id == ctx.user_id {
        ctx.grants().cover_scopes(&scopes)
    } else {
        ctx.grants().cover(&Held {
            role_id: 0,
            patterns: scopes.clone(),
            warehouse_id: None,
            limit: None,
        })
    };
    if !allowed {
        return Err(ApiKeyError::BeyondOwn);
    }
    if tables::held_patterns(tx, ctx.company_id, user_id)?.is_none() {
        return Err(ApiKeyError::UnknownUser { user_id });
    }
    let api_key_id: ApiKeyId = tx.id()?;
    tables::insert_api_key(tx, ctx, api_key_id, user_id, &request, digest)?;
    let mut rows = Rows::new(1);
    scopes.iter().for_each(|scope| rows.push(row![scope.as_str()]));
    tables::insert_scopes(tx, ctx.company_id, api_key_id, rows)?;
    let detail = serde_json::json!({
        "name": request.name, "user_id": user_id, "scopes": request.scopes,
        "expires_on": request.expires_on,
    });
    ctx.audit(tx, CREATE_API_KEY, "api_key", api_key_id.raw(), detail);
    Ok(api_key_id)
}

/// The key as a program sends it: `pk_<id>_<secret>`.
#[must_use]
pub fn api_key_text(api_key_id: ApiKeyId, secret: &Secret) -> String {
    format!("pk_{api_key_id}_{}", secret.reveal())
}

/// Revokes a key: one's own, or with permission another's. It stops at once; one that was revoked before
/// stays as it is.
///
/// # Errors
/// [`ApiKeyError`].
pub fn revoke_api_key(tx: &mut Tx<'_>, ctx: &Ctx, api_key_id: ApiKeyId) -> Result<(), ApiKeyError> {
    let key = tables::api_key(tx, api_key_id)?.filter(|key| key.company_id == ctx.company_id);
    let own = key.as_ref().is_some_and(|key| key.user_id == ctx.user_id);
    if !own {
        ctx.require(REVOKE_API_KEY)?;
    }
    if key.is_none() {
        return Err(ApiKeyError::UnknownKey { api_key_id });
    }
    if tables::revoke_api_key(tx, ctx.company_id, api_key_id, ctx.at)? {
        ctx.audit(tx, REVOKE_API_KEY, "api_key", api_key_id.raw(), serde_json::json!({}));
    }
    Ok(())
}

/// Authenticates a program by its key. What it may do is what both its scopes and its user's
/// present roles give.
///
/// # Errors
/// [`SignInError::WrongKey`], [`SignInError::KeyExpired`], [`SignInError::NoAccess`].
pub fn authenticate_api_key(
    tx: &mut Tx<'_>,
    text: &str,
    at: Timestamp,
    request_id: &str,
) -> Result<Caller, SignInError> {
    let (api_key_id, digest) = split(text).ok_or(SignInError::WrongKey)?;
    let key = tables::api_key(tx, api_key_id)?;
    let right = digest.matches(key.as_ref().map_or(&[0; 32], |key| key.digest.as_slice()));
    let key = key.filter(|key| right && !key.revoked).ok_or(SignInError::WrongKey)?;
    let (principal, scopes) = (format!("key:{api_key_id}"), Some(key.scopes));
    let ctx = ctx_of(tx, key.company_id, key.user_id, principal, scopes, at, request_id)?;
    if ctx.today >= key.expires_on {
        return Err(SignInError::KeyExpired { expired_on: key.expires_on });
    }
    let due = (key.last_used_on != Some(ctx.today)).then_some(Use::ApiKey(api_key_id));
    // A key is no sign-in of a person: it carries its own grants, and nobody could give it a code.
    Ok(Caller { ctx, due, session_id: None, started_at: None, lacks_second_factor: false })
}

fn split(text: &str) -> Option<(ApiKeyId, Digest)> {
    let (id, secret) = text.strip_prefix("pk_")?.split_once('_')?;
    Some((id.parse().ok()?, Secret::parse(secret)?.digest()))
}

fn parse(scopes: &[String]) -> Result<Vec<Pattern>, ApiKeyError> {
    if !scopes.iter().any(|text| !text.starts_with('-')) {
        return Err(ApiKeyError::NotAScope { scope: String::new() });
    }
    let not = |scope: &String| ApiKeyError::NotAScope { scope: scope.clone() };
    let mut parsed = scopes
        .iter()
        .map(|text| Pattern::parse(text).ok_or_else(|| not(text)))
        .collect::<Result<Vec<_>, _>>()?;
    parsed.sort();
    parsed.dedup();
    Ok(parsed)
}

fn check_expiry(expires_on: Day, today: Day) -> Result<(), ApiKeyError> {
    // At the end of the calendar there is no later day.
    let latest = today.plus(LONGEST_KEY_DAYS).unwrap_or(today);
    if expires_on > today && expires_on <= latest {
        Ok(())
    } else {
        Err(ApiKeyError::WrongExpiry { expires_on, today, latest })
    }
}
