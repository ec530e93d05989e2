//! `replay_delivery`, `replay_facts`: what was delivered or given up is delivered once more, and what waits
//! to be tried again is tried at once; under the same fact id, so that a receiver knows it.

use crate::words::WebhookState;
use crate::{REPLAY, WEBHOOK, WebhookError, tables, views};
use base::{Day, DeliveryId, Id, Paging, WebhookId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{Rows, Tx, row};
use utoipa::ToSchema;

/// How many facts one request replays.
const AT_ONCE: i64 = 1_000;

/// A delivery to make once more.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayDelivery {
    /// The delivery.
    pub delivery_id: DeliveryId,
}

/// A delivery that waits once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryReplayed {
    /// The delivery.
    pub delivery_id: DeliveryId,
}

/// All facts of a span that a webhook wants, also those from before it was registered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayFacts {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// Facts recorded from this day of the company on.
    pub from_day: Day,
    /// Until the end of this day.
    pub to_day: Day,
    /// From where the last answer ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// Facts of a span that wait once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FactsReplayed {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// How many are queued by this request, at most 1,000. What waits already is tried at once and not
    /// counted.
    pub queued: i64,
    /// Where the next request goes on; none at the end of the span.
    pub next_cursor: Option<String>,
}

/// Has one delivery made once more, at once and with all its tries before it, also one that waits to be
/// tried again. The webhook rests no longer; what waits ahead of it of the same subject still goes first.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn replay_delivery(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReplayDelivery,
) -> Result<DeliveryReplayed, WebhookError> {
    ctx.require(REPLAY)?;
    let delivery_id = request.delivery_id;
    let missing = WebhookError::NoDelivery(delivery_id);
    let webhook_id = tables::webhook_of(tx, ctx.company_id, delivery_id)?.ok_or(missing)?;
    hold(tx, ctx, webhook_id)?;
    let on_its_way = tables::lock_delivery(tx, ctx.company_id, delivery_id)?
        .ok_or(WebhookError::NoDelivery(delivery_id))?;
    if on_its_way {
        return Err(WebhookError::NotEnded(delivery_id));
    }
    tables::replay(tx, ctx, &[delivery_id])?;
    tables::end_rest(tx, ctx, webhook_id)?;
    let detail = serde_json::json!({ "delivery_id": delivery_id });
    ctx.audit(tx, REPLAY, WEBHOOK, webhook_id.raw(), detail);
    Ok(DeliveryReplayed { delivery_id })
}

/// Has all facts of a span delivered to a webhook, in their order. Longer spans take several requests,
/// each from where the last one ended.
///
/// # Errors
/// The first broken rule in the order of [`WebhookError`].
pub fn replay_facts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReplayFacts,
) -> Result<FactsReplayed, WebhookError> {
    ctx.require(REPLAY)?;
    let webhook_id = request.webhook_id;
    let paging = Paging::new(&request.cursor, None);
    let (from, until) = views::span(ctx, Some(request.from_day), Some(request.to_day))?;
    // The first fact of the moment comes after any id.
    let after: (i64, i64) = paging.after((from, i64::MIN))?;
    // Facts that wait to be handed out are queued here: nobody hands them out meanwhile.
    store::hold_outbox(tx, ctx.company_id)?;
    let turn = hold(tx, ctx, webhook_id)?;
    if request.to_day < request.from_day {
        return Err(WebhookError::EmptySpan);
    }
    let span = (after, until, AT_ONCE);
    let facts = tables::span(tx, ctx.company_id, webhook_id, span)?;
    let (mut again, mut new, mut queued) = (Vec::new(), Rows::new(8), 0);
    for fact in &facts {
        match fact.delivery {
            Some(delivery) if delivery.leased => {}
            Some(delivery) => {
                queued += i64::from(!delivery.waits);
                again.push(delivery.id);
            }
            None => {
                let id: DeliveryId = tx.id()?;
                queued += 1;
                new.push(row![
                    id,
                    webhook_id,
                    fact.fact_id,
                    fact.kind,
                    fact.aggregate_id,
                    fact.seq,
                    fact.name,
                    turn
                ]);
            }
        }
    }
    tables::replay(tx, ctx, &again)?;
    tables::insert_deliveries(tx, ctx.company_id, ctx.at, new)?;
    tables::end_rest(tx, ctx, webhook_id)?;
    let whole = facts.len() as i64 == AT_ONCE;
    let end = facts.last().filter(|_| whole);
    let next_cursor =
        end.map(|fact| Paging::cursor(&(fact.recorded_at.micros(), fact.fact_id.raw())));
    let detail = serde_json::json!({
        "from_day": request.from_day, "to_day": request.to_day, "queued": queued,
    });
    ctx.audit(tx, REPLAY, WEBHOOK, webhook_id.raw(), detail);
    Ok(FactsReplayed { webhook_id, queued, next_cursor })
}

/// Holds a webhook that can be delivered to, and answers its turn.
fn hold(tx: &mut Tx<'_>, ctx: &Ctx, webhook_id: WebhookId) -> Result<i64, WebhookError> {
    let found = tables::lock_webhook(tx, ctx.company_id, webhook_id)?;
    let webhook = found.ok_or(WebhookError::NotFound(webhook_id))?;
    if webhook.state == WebhookState::Retired {
        return Err(WebhookError::Retired { name: webhook.name, state: webhook.state });
    }
    Ok(webhook.turn)
}
