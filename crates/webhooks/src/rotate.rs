//! `rotate_secret`: a webhook gets another secret, and for a while both sign.

use crate::secret::SigningSecret;
use crate::words::WebhookState;
use crate::{EDIT, WEBHOOK, WebhookError, rules, tables};
use base::{Id, Timestamp, WebhookId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// For how many hours the secret before stays in use when nothing is said.
const KEPT: i64 = 24;
/// And at the most.
const LONGEST: i64 = 168;
const HOUR: i64 = 60 * 60 * 1_000_000;

/// A webhook whose secret is to be another.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RotateSecret {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// For how many hours deliveries are signed with the secret before as well, 0 to 168; 24 when left
    /// out. Name 0 when it became known to others.
    #[serde(default)]
    pub keep_hours: Option<i64>,
}

/// A secret that was rotated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SecretRotated {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// Until when the secret before signs as well.
    pub previous_until: Timestamp,
    /// The new secret. It is told in the first answer alone, never in the answer to a repeat.
    #[serde(default)]
    pub secret: Option<String>,
}

/// Gives a webhook another secret. One that was rotated before and still signed signs no more.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn rotate_secret(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RotateSecret,
    secret: &SigningSecret,
) -> Result<SecretRotated, WebhookError> {
    ctx.require(EDIT)?;
    let webhook_id = request.webhook_id;
    let found = tables::lock_webhook(tx, ctx.company_id, webhook_id)?;
    let before = found.ok_or(WebhookError::NotFound(webhook_id))?;
    if before.state == WebhookState::Retired {
        return Err(WebhookError::Retired { name: before.name, state: before.state });
    }
    let hours = request.keep_hours.unwrap_or(KEPT);
    if !(0..=LONGEST).contains(&hours) {
        return Err(WebhookError::WrongHours { got: hours, most: LONGEST });
    }
    let previous_until = rules::later(ctx.at, hours * HOUR);
    tables::rotate_secret(tx, ctx, webhook_id, (secret, previous_until))?;
    let detail = serde_json::json!({ "rotated": true, "previous_until": previous_until });
    ctx.audit(tx, EDIT, WEBHOOK, webhook_id.raw(), detail);
    Ok(SecretRotated { webhook_id, previous_until, secret: None })
}
