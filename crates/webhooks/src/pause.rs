//! `pause_webhook`, `resume_webhook`, `retire_webhook`: nothing is delivered for a while, again, or
//! ever more.

use crate::tables::{self, Webhook};
use crate::words::WebhookState;
use crate::{EDIT, WEBHOOK, WebhookError};
use base::{CompanyId, Id, WebhookId, check_text};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// What is said of a delivery that waited when its webhook was retired.
const RETIRED: &str = "the webhook was retired";
/// How many deliveries are given up in one transaction, so that nobody waits long for it.
const AT_ONCE: i64 = 1_000;

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

/// Resumes a webhook: what waits is delivered at once, in its order.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn resume_webhook(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ResumeWebhook,
) -> Result<WebhookChanged, WebhookError> {
    let (changed, _) = change(tx, ctx, request.webhook_id, WebhookState::Active, "")?;
    tables::hurry(tx, ctx, request.webhook_id)?;
    Ok(changed)
}

/// Retires a webhook for good. What waits is given up: the first of it at once, a long rest soon after by
/// [`give_up_retired`]. Its deliveries and their log stay.
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
    tables::give_up(tx, ctx.company_id, id, (RETIRED, turn, AT_ONCE))?;
    Ok(changed)
}

/// Gives up more of what waits for a webhook that is retired; answers whether there may be yet more.
///
/// # Errors
/// Those of the engine.
pub fn give_up_retired(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    webhook_id: WebhookId,
) -> Result<bool, StoreError> {
    let found = tables::lock_webhook(tx, company_id, webhook_id)?;
    let Some(webhook) = found.filter(|webhook| webhook.state == WebhookState::Retired) else {
        return Ok(false);
    };
    let turn = webhook.turn + 1;
    tables::move_turn(tx, company_id, webhook_id, turn)?;
    let given_up = tables::give_up(tx, company_id, webhook_id, (RETIRED, turn, AT_ONCE))?;
    Ok(given_up as i64 == AT_ONCE)
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
