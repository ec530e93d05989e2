//! `ping_webhook`: a fact that means nothing, to see whether it arrives.

use crate::words::WebhookState;
use crate::{REPLAY, WEBHOOK, WebhookError, rules, tables};
use base::{Id, WebhookId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// A webhook to try.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PingWebhook {
    /// The webhook.
    pub webhook_id: WebhookId,
}

/// A ping that is on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookPinged {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The how-manieth ping of the webhook it is. Among the deliveries it has the name
    /// `webhooks.pinged` and this as its seq.
    pub ping: i64,
}

/// States a fact for one webhook alone. It goes out before all else, also while the webhook is paused or
/// rests, and is tried once.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn ping_webhook(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: PingWebhook,
) -> Result<WebhookPinged, WebhookError> {
    ctx.require(REPLAY)?;
    let webhook_id = request.webhook_id;
    let found = tables::lock_webhook(tx, ctx.company_id, webhook_id)?;
    let webhook = found.ok_or(WebhookError::NotFound(webhook_id))?;
    if webhook.state == WebhookState::Retired {
        return Err(WebhookError::Retired { name: webhook.name, state: webhook.state });
    }
    let ping = webhook.pings + 1;
    tables::count_ping(tx, ctx, webhook_id)?;
    let told = serde_json::json!({ "webhook_id": webhook_id, "name": webhook.name, "ping": ping });
    ctx.fact(tx, rules::PING, webhook_id.raw(), ping, "webhooks.pinged", told);
    ctx.audit(tx, REPLAY, WEBHOOK, webhook_id.raw(), serde_json::json!({ "ping": ping }));
    Ok(WebhookPinged { webhook_id, ping })
}
