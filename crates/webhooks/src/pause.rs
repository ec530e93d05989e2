//! `pause_webhook`, `resume_webhook`, `retire_webhook`: nothing is delivered for a while, again, or
//! ever more.

use crate::tables::{self, Webhook};
use crate::words::WebhookState;
use crate::{EDIT, WEBHOOK, WebhookError};
use base::{Id, WebhookId, check_text};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// What is said of a delivery that waited when its webhook was retired.
const RETIRED: &str = "the webhook was retired";

/// A webhook to which nothing is to be delivered until it is resumed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PauseWebhook {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// Why, for whoever looks at it.
    #[serde(default)]
    pub reason: String,
}

/// A webhook to which is to be delivered what waits.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResumeWebhook {
    /// The webhook.
    pub webhook_id: WebhookId,
}

/// A webhook that is not used any more. What waits for it is given up and its secrets are forgotten.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetireWebhook {
    /// The webhook.
    pub webhook_id: WebhookId,
}

/// How a webhook stands now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookChanged {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// How it stands.
    pub state: WebhookState,
}

/// Pauses a webhook: facts are queued for it and wait; pings go out all the same.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn pause_webhook(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: PauseWebhook,
) -> Result<WebhookChanged, WebhookError> {
    ctx.require(EDIT)?;
    check_text("reason", &request.reason, 500)?;
    let why = Some(request.reason.trim()).filter(|why| !why.is_empty()).unwrap_or("paused by hand");
    change(tx, ctx, request.webhook_id, WebhookState::Paused, why).map(|(changed, _)| changed)
}

/// Resumes a webhook: what waits is delivered in its order.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn resume_webhook(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ResumeWebhook,
) -> Result<WebhookChanged, WebhookError> {
    change(tx, ctx, request.webhook_id, WebhookState::Active, "").map(|(changed, _)| changed)
}

/// Retires a webhook for good. Its deliveries and their log stay.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn retire_webhook(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RetireWebhook,
) -> Result<WebhookChanged, WebhookError> {
    let id = request.webhook_id;
    let (changed, before) = change(tx, ctx, id, WebhookState::Retired, RETIRED)?;
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
    state: WebhookState,
    why: &str,
) -> Result<(WebhookChanged, Webhook), WebhookError> {
    ctx.require(EDIT)?;
    let found = tables::lock_webhook(tx, ctx.company_id, webhook_id)?;
    let before = found.ok_or(WebhookError::NotFound(webhook_id))?;
    if before.state == state {
        return Err(WebhookError::Already { name: before.name, state });
    }
    if before.state == WebhookState::Retired {
        return Err(WebhookError::Retired { name: before.name, state: before.state });
    }
    tables::set_state(tx, ctx.company_id, webhook_id, (state, why))?;
    let detail = serde_json::json!({ "before": before.state, "after": state, "reason": why });
    ctx.audit(tx, EDIT, WEBHOOK, webhook_id.raw(), detail);
    Ok((WebhookChanged { webhook_id, state }, before))
}
