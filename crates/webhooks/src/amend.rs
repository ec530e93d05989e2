//! `amend_webhook`: a webhook is called, lies or wants something else.

use crate::register::{check_address, check_known, check_name, check_patterns};
use crate::words::WebhookState;
use crate::{EDIT, WEBHOOK, WebhookError, tables};
use base::{Id, WebhookId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::Tx;
use utoipa::ToSchema;

/// What is to be otherwise; what is left out stays.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendWebhook {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// What it is called.
    #[serde(default)]
    pub name: Option<String>,
    /// Where facts are posted to, also those that wait.
    #[serde(default)]
    pub address: Option<String>,
    /// Which facts it wants of those that are recorded from now on.
    #[serde(default)]
    pub facts: Option<Vec<String>>,
}

/// A webhook that was amended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookAmended {
    /// The webhook.
    pub webhook_id: WebhookId,
}

/// Amends a webhook. At another address, what waits is tried at once.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn amend_webhook(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AmendWebhook,
) -> Result<WebhookAmended, WebhookError> {
    ctx.require(EDIT)?;
    let AmendWebhook { webhook_id, name, address, facts } = request;
    let round = store::hold_outbox(tx, ctx.company_id)?;
    let found = tables::lock_webhook(tx, ctx.company_id, webhook_id)?;
    let before = found.ok_or(WebhookError::NotFound(webhook_id))?;
    if before.state == WebhookState::Retired {
        return Err(WebhookError::Retired { name: before.name, state: before.state });
    }
    let name = name.unwrap_or_else(|| before.name.clone());
    let address = address.unwrap_or_else(|| before.address.clone());
    check_name(&name)?;
    if tables::named(tx, ctx.company_id, &name)?.is_some_and(|other| other != webhook_id) {
        return Err(WebhookError::NameTaken(name));
    }
    check_address(&address)?;
    let patterns = tables::patterns(tx, ctx.company_id, [webhook_id])?.remove(&webhook_id);
    let patterns: Vec<_> = patterns.unwrap_or_default();
    let had: BTreeSet<&str> = patterns.iter().map(|wanted| wanted.pattern.as_str()).collect();
    let has = facts.as_deref().map_or_else(|| Ok(had.clone()), check_patterns)?;
    // What stays is wanted since it was; what is new, from now on.
    let gone: Vec<&str> = had.difference(&has).copied().collect();
    let new: Vec<&str> = has.difference(&had).copied().collect();
    check_known(&new)?;
    tables::amend_webhook(tx, ctx, webhook_id, (&name, &address))?;
    if address != before.address {
        tables::forget_health(tx, ctx, webhook_id)?;
        tables::hurry(tx, ctx, webhook_id)?;
    }
    tables::delete_patterns(tx, ctx, webhook_id, &gone)?;
    tables::insert_patterns(tx, ctx, webhook_id, (&new, round))?;
    let detail = serde_json::json!({
        "before": { "name": before.name, "address": before.address, "facts": had },
        "after": { "name": name, "address": address, "facts": has },
    });
    ctx.audit(tx, EDIT, WEBHOOK, webhook_id.raw(), detail);
    Ok(WebhookAmended { webhook_id })
}
