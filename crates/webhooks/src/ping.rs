//! `ping_endpoint`: a fact that means nothing, to see whether it arrives.

use crate::words::EndpointState;
use crate::{ENDPOINT, REPLAY, WebhookError, rules, tables};
use base::{Id, WebhookId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// An endpoint to try.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PingEndpoint {
    /// The endpoint.
    pub webhook_id: WebhookId,
}

/// A ping that is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EndpointPinged {
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// The how-manieth ping of the endpoint it is. Among the deliveries it has the name
    /// `webhooks.pinged` and this as its seq.
    pub ping: i64,
}

/// States a fact for one endpoint alone, which is delivered like any other, also while it is paused.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn ping_endpoint(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: PingEndpoint,
) -> Result<EndpointPinged, WebhookError> {
    ctx.require(REPLAY)?;
    let webhook_id = request.webhook_id;
    let found = tables::lock_endpoint(tx, ctx.company_id, webhook_id)?;
    let endpoint = found.ok_or(WebhookError::NotFound(webhook_id))?;
    if endpoint.state == EndpointState::Retired {
        return Err(WebhookError::Retired { name: endpoint.name, state: endpoint.state });
    }
    let ping = endpoint.pings + 1;
    tables::count_ping(tx, ctx, webhook_id)?;
    let told = serde_json::json!({ "webhook_id": webhook_id, "name": endpoint.name, "ping": ping });
    ctx.fact(tx, rules::PING, webhook_id.raw(), ping, "webhooks.pinged", told);
    ctx.audit(tx, REPLAY, ENDPOINT, webhook_id.raw(), serde_json::json!({ "ping": ping }));
    Ok(EndpointPinged { webhook_id, ping })
}
