//! `pause_endpoint`, `resume_endpoint`, `retire_endpoint`: nothing is delivered for a while, again, or
//! ever more.

use crate::tables::{self, Endpoint};
use crate::words::EndpointState;
use crate::{EDIT, ENDPOINT, WebhookError};
use base::{Id, WebhookId, check_text};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// What is said of a delivery that waited when its endpoint was retired.
const RETIRED: &str = "the webhook was retired";

/// An endpoint to which nothing is to be delivered until it is resumed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseEndpoint {
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// Why, for whoever looks at it.
    #[serde(default)]
    pub reason: String,
}

/// An endpoint to which is to be delivered what waits.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeEndpoint {
    /// The endpoint.
    pub webhook_id: WebhookId,
}

/// An endpoint that is not used any more. What waits for it is given up and its secrets are forgotten.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireEndpoint {
    /// The endpoint.
    pub webhook_id: WebhookId,
}

/// How an endpoint stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EndpointChanged {
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// How it stands.
    pub state: EndpointState,
}

/// Pauses an endpoint: facts are queued for it and wait; pings go out all the same.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn pause_endpoint(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: PauseEndpoint,
) -> Result<EndpointChanged, WebhookError> {
    ctx.require(EDIT)?;
    check_text("reason", &request.reason, 500)?;
    let why = Some(request.reason.trim()).filter(|why| !why.is_empty()).unwrap_or("paused by hand");
    change(tx, ctx, request.webhook_id, EndpointState::Paused, why).map(|(changed, _)| changed)
}

/// Resumes an endpoint: what waits is delivered in its order.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn resume_endpoint(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ResumeEndpoint,
) -> Result<EndpointChanged, WebhookError> {
    change(tx, ctx, request.webhook_id, EndpointState::Active, "").map(|(changed, _)| changed)
}

/// Retires an endpoint for good. Its deliveries and their log stay.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn retire_endpoint(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RetireEndpoint,
) -> Result<EndpointChanged, WebhookError> {
    let id = request.webhook_id;
    let (changed, before) = change(tx, ctx, id, EndpointState::Retired, RETIRED)?;
    let turn = before.turn + 1;
    tables::forget_secrets(tx, ctx, id)?;
    tables::move_turn(tx, ctx.company_id, id, turn)?;
    tables::give_up(tx, ctx.company_id, id, (RETIRED, turn))?;
    Ok(changed)
}

fn change(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    webhook_id: WebhookId,
    state: EndpointState,
    why: &str,
) -> Result<(EndpointChanged, Endpoint), WebhookError> {
    ctx.require(EDIT)?;
    let found = tables::lock_endpoint(tx, ctx.company_id, webhook_id)?;
    let before = found.ok_or(WebhookError::NotFound(webhook_id))?;
    if before.state == state {
        return Err(WebhookError::Already { name: before.name, state });
    }
    if before.state == EndpointState::Retired {
        return Err(WebhookError::Retired { name: before.name, state: before.state });
    }
    tables::set_state(tx, ctx.company_id, webhook_id, (state, why))?;
    let detail = serde_json::json!({ "before": before.state, "after": state, "reason": why });
    ctx.audit(tx, EDIT, ENDPOINT, webhook_id.raw(), detail);
    Ok((EndpointChanged { webhook_id, state }, before))
}
