//! `register_webhook`: somebody wants to be told of facts.

use crate::secret::SigningSecret;
use crate::{EDIT, WEBHOOK, WebhookError, address, facts, rules, tables};
use base::{Id, WebhookId, check_text};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::Tx;
use utoipa::ToSchema;

/// The most webhooks that a company has, beside those that are retired: each may want every fact.
const MOST_WEBHOOKS: i64 = 50;
/// The most patterns that a webhook has.
const MOST_PATTERNS: usize = 50;

/// A webhook to be told of facts from now on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterWebhook {
    /// What it is called: who listens there.
    pub name: String,
    /// Where facts are posted to: `https://host/path`, or `http://` on this machine.
    pub address: String,
    /// Which facts it wants: names as in `sales.shipped`, areas as in `sales.*`, or `*` for all.
    pub facts: Vec<String>,
}

/// A webhook that was registered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookRegistered {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The secret that deliveries are signed with. It is told in the first answer alone, never in the
    /// answer to a repeat; rotate it if it was lost.
    #[serde(default)]
    pub secret: Option<String>,
}

/// Registers a webhook, whose deliveries are signed with the secret. It gets the facts that are recorded
/// from now on.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn register_webhook(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RegisterWebhook,
    secret: &SigningSecret,
) -> Result<WebhookRegistered, WebhookError> {
    ctx.require(EDIT)?;
    let RegisterWebhook { name, address, facts: wanted } = request;
    check_name(&name)?;
    check_address(&address)?;
    let patterns = check_patterns(&wanted)?;
    check_known(&patterns)?;
    // Whoever registers two of a name at once waits here for the other.
    let round = store::hold_outbox(tx, ctx.company_id)?;
    if tables::named(tx, ctx.company_id, &name)?.is_some() {
        return Err(WebhookError::NameTaken(name));
    }
    if tables::live_webhooks(tx, ctx.company_id, ctx.at)?.0 >= MOST_WEBHOOKS {
        return Err(WebhookError::TooMany { most: MOST_WEBHOOKS });
    }
    let webhook_id: WebhookId = tx.id()?;
    tables::insert_webhook(tx, ctx, (webhook_id, &name, &address), secret)?;
    let patterns: Vec<&str> = patterns.into_iter().collect();
    tables::insert_patterns(tx, ctx, webhook_id, (&patterns, round))?;
    let detail = serde_json::json!({ "name": name, "address": address, "facts": patterns });
    ctx.audit(tx, EDIT, WEBHOOK, webhook_id.raw(), serde_json::json!({ "registered": detail }));
    Ok(WebhookRegistered { webhook_id, secret: None })
}

pub(crate) fn check_name(name: &str) -> Result<(), WebhookError> {
    check_text("name", name, 100)?;
    if name.trim().is_empty() { Err(WebhookError::NoName) } else { Ok(()) }
}

pub(crate) fn check_address(text: &str) -> Result<(), WebhookError> {
    check_text("address", text, 1_000)?;
    match address::fault(text) {
        None => Ok(()),
        Some(fault) => Err(WebhookError::BadAddress { address: text.to_owned(), fault }),
    }
}

/// The patterns, each once.
pub(crate) fn check_patterns(facts: &[String]) -> Result<BTreeSet<&str>, WebhookError> {
    if facts.is_empty() {
        return Err(WebhookError::NoFacts);
    }
    if facts.len() > MOST_PATTERNS {
        return Err(WebhookError::TooManyFacts { got: facts.len(), most: MOST_PATTERNS });
    }
    match facts.iter().find(|text| text.len() > 100 || !rules::is_pattern(text)) {
        Some(bad) => Err(WebhookError::NotAPattern(bad.clone())),
        None => Ok(facts.iter().map(String::as_str).collect()),
    }
}

/// That there are facts that each pattern names.
pub(crate) fn check_known<'p>(
    patterns: impl IntoIterator<Item = &'p &'p str>,
) -> Result<(), WebhookError> {
    match patterns.into_iter().find(|pattern| !facts::names_any(pattern)) {
        Some(pattern) => Err(WebhookError::NoSuchFacts((*pattern).to_owned())),
        None => Ok(()),
    }
}
