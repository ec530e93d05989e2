//! Users, roles, keys, policies and approvals.

use crate::problem::ApiError;
use crate::route::{Done, Routes, whole};
use crate::session::furnish;
use base::{ApiKeyId, CompanyId, Problem, Rule};
use identity::{
    AUDIT, ApiKeyError, CHANGE_ROLE, CREATE_API_KEY, CREATE_COMPANY, CREATE_ROLE, CREATE_USER,
    CreateApiKey, CreateCompany, Ctx, GRANT, READ, REQUIRE_SECOND_FACTOR, RESET_SECOND_FACTOR,
    REVOKE, REVOKE_API_KEY, SET_ACTIVE, Secret,
};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// The key created.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct ApiKeyCreated {
    /// Its id.
    api_key_id: ApiKeyId,
    /// The key as a program sends it. It is told in the first answer alone, never in the answer to a
    /// repeat.
    key: Option<String>,
}

/// A request to revoke an API key, which stops at once.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RevokeApiKey {
    /// The key.
    api_key_id: ApiKeyId,
}

fn create_api_key(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CreateApiKey,
    secret: &Secret,
) -> Result<ApiKeyCreated, ApiKeyError> {
    let api_key_id = identity::create_api_key(tx, ctx, request, &secret.digest())?;
    Ok(ApiKeyCreated { api_key_id, key: None })
}

/// A further company gets what the first one got at set-up. Identity knows none of it; the door joins
/// them.
fn open_company(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CreateCompany,
) -> Result<CompanyOpened, OpenCompanyError> {
    let refused = |problem: Problem| OpenCompanyError(problem);
    let company_id =
        identity::create_company(tx, ctx, request).map_err(|e| refused(e.problem()))?;
    let there = identity::ctx_for_user(tx, company_id, ctx.user_id, ctx.at, &ctx.request_id)
        .map_err(|e| refused(e.problem()))?;
    furnish(tx, &there).map_err(|e| refused(e.0))?;
    Ok(CompanyOpened { company_id })
}

/// The company opened.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
struct CompanyOpened {
    /// Its id.
    company_id: CompanyId,
}

/// Why no company was opened.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.detail)]
struct OpenCompanyError(Problem);

impl Rule for OpenCompanyError {
    fn problem(&self) -> Problem {
        self.0.clone()
    }
}

impl From<StoreError> for OpenCompanyError {
    fn from(error: StoreError) -> OpenCompanyError {
        OpenCompanyError(ApiError::from(error).0)
    }
}

fn show_key(created: ApiKeyCreated, secret: &Secret) -> ApiKeyCreated {
    let key = Some(identity::api_key_text(created.api_key_id, secret));
    ApiKeyCreated { key, ..created }
}

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .verb("/companies", CREATE_COMPANY, "Open a further company", open_company)
        .list("/companies", READ, "List the companies one works in", identity::list_companies)
        .verb("/users", CREATE_USER, "Create a user", identity::create_user)
        .list("/users", READ, "List users", |tx, ctx, filter| {
            identity::users(tx, ctx, filter).map(whole)
        })
        .verb("/users/active", SET_ACTIVE, "Switch a user on or off", |tx, ctx, request| {
            identity::set_active(tx, ctx, request).map(|()| Done::now())
        })
        .verb(
            "/users/reset-second-factor",
            RESET_SECOND_FACTOR,
            "Take a user's second factor away",
            |tx, ctx, request| {
                identity::reset_second_factor(tx, ctx, request).map(|()| Done::now())
            },
        )
        .verb("/roles", CREATE_ROLE, "Create a role", identity::create_role)
        .list("/roles", READ, "List roles", |tx, ctx, filter| {
            identity::roles(tx, ctx, filter).map(whole)
        })
        .verb("/roles/change", CHANGE_ROLE, "Change a role", |tx, ctx, request| {
            identity::change_role(tx, ctx, request).map(|()| Done::now())
        })
        .verb(
            "/roles/second-factor",
            REQUIRE_SECOND_FACTOR,
            "Say whether whoever holds a role has to have a second factor",
            |tx, ctx, request| {
                identity::require_second_factor(tx, ctx, request).map(|()| Done::now())
            },
        )
        .verb("/grants", GRANT, "Grant a role to a user", |tx, ctx, request| {
            identity::grant(tx, ctx, request).map(|()| Done::now())
        })
        .list("/grants", READ, "List grants", |tx, ctx, filter| {
            identity::grants(tx, ctx, filter).map(whole)
        })
        .verb("/grants/revoke", REVOKE, "Take a role away", |tx, ctx, request| {
            identity::revoke(tx, ctx, request).map(|()| Done::now())
        })
        .list("/api-keys", READ, "List API keys", |tx, ctx, filter| {
            identity::api_keys(tx, ctx, filter).map(whole)
        })
        .secret_verb(
            "/api-keys",
            CREATE_API_KEY,
            "Create an API key; the key itself is in the first answer alone",
            (create_api_key, show_key),
        )
        .own_verb(
            "/api-keys/revoke",
            REVOKE_API_KEY,
            "Revoke an API key",
            |tx, ctx, request: RevokeApiKey| {
                identity::revoke_api_key(tx, ctx, request.api_key_id).map(|()| Done::now())
            },
        )
        .list("/audit", AUDIT, "List what was done, the newest first", identity::audit_trail)
}
