//! What readers get: webhooks, what is on its way to them, and every attempt.

use crate::tables::{self, lists, moment};
use crate::words::{AttemptOutcome, DeliveryState, WebhookState};
use crate::{READ, WebhookError};
use base::{Day, DeliveryId, FactId, Id, Page, Paging, Timestamp, WebhookId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, ToValue, Tx, Value};
use utoipa::ToSchema;

/// Which webhooks to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WebhookFilter {
    /// Only in this state: `active`, `paused` or `retired`.
    pub state: Option<WebhookState>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A webhook in a list. Its secret is in none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookRow {
    /// Its id.
    pub webhook_id: WebhookId,
    /// What it is called.
    pub name: String,
    /// Where facts are posted to.
    pub address: String,
    /// Which facts it wants.
    pub facts: Vec<String>,
    /// How it stands.
    pub state: WebhookState,
    /// Why it is paused or retired; empty while it is active.
    pub paused_why: String,
    /// How many deliveries wait.
    pub waiting: i64,
    /// How many were given up.
    pub dead: i64,
    /// How often it failed since the last delivery.
    pub failures: i64,
    /// When the first of those failures was.
    pub failing_since: Option<Timestamp>,
    /// Until when nothing is tried, for it failed.
    pub rests_until: Option<Timestamp>,
    /// When it was delivered to last.
    pub delivered_at: Option<Timestamp>,
    /// Until when the secret before the latest signs as well; none when there is none.
    pub previous_until: Option<Timestamp>,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// The login of who registered it; empty for the system.
    pub registered_by: String,
}

fn webhook_of(row: &Row) -> Result<WebhookRow, StoreError> {
    Ok(WebhookRow {
        webhook_id: row.get(0)?,
        name: row.get(1)?,
        address: row.get(2)?,
        facts: Vec::new(),
        state: row.get(3)?,
        paused_why: row.get(4)?,
        registered_at: row.get(5)?,
        registered_by: row.get::<Option<String>>(6)?.unwrap_or_default(),
        previous_until: moment(row.get(7)?),
        failures: row.get(8)?,
        failing_since: moment(row.get(9)?),
        rests_until: moment(row.get(10)?),
        delivered_at: moment(row.get(11)?),
        waiting: row.get(12)?,
        dead: row.get(13)?,
    })
}

fn with_facts(tx: &mut Tx<'_>, ctx: &Ctx, found: &[Row]) -> Result<Vec<WebhookRow>, StoreError> {
    let mut rows = found.iter().map(webhook_of).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<WebhookId> = rows.iter().map(|row| row.webhook_id).collect();
    let mut wanted = tables::patterns(tx, ctx.company_id, ids)?;
    for row in &mut rows {
        let patterns = wanted.remove(&row.webhook_id).unwrap_or_default();
        row.facts = patterns.into_iter().map(|wanted| wanted.pattern).collect();
    }
    Ok(rows)
}

/// Lists webhooks, by name.
///
/// # Errors
/// [`WebhookError`], in its order.
pub fn list_webhooks(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: WebhookFilter,
) -> Result<Page<WebhookRow>, WebhookError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (name, id): (String, i64) = paging.after((String::new(), 0))?;
    let filters = [
        ctx.company_id.to_value(),
        filter.state.to_value(),
        name.to_value(),
        Value::Int(id),
        Value::Int(paging.limit()),
    ];
    let found = lists::list_webhooks(tx, filters)?;
    let rows = with_facts(tx, ctx, &found)?;
    Ok(paging.page(rows, |row| (row.name.clone(), row.webhook_id.raw())))
}

/// One webhook.
///
/// # Errors
/// [`WebhookError`], in its order.
pub fn webhook(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    webhook_id: WebhookId,
) -> Result<WebhookRow, WebhookError> {
    ctx.require(READ)?;
    let found = lists::show_webhook(tx, ctx, webhook_id)?;
    let rows = with_facts(tx, ctx, found.as_slice())?;
    rows.into_iter().next().ok_or(WebhookError::NotFound(webhook_id))
}

/// Which deliveries to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DeliveryFilter {
    /// Only to this webhook.
    pub webhook_id: Option<WebhookId>,
    /// Only in this state: `waiting`, `delivered` or `dead`.
    pub state: Option<DeliveryState>,
    /// Only of facts with this name, as in `sales.shipped`.
    pub fact: Option<String>,
    /// Only about subjects of this kind, as in `sales_order`.
    pub subject_kind: Option<String>,
    /// Only about the subject with this id.
    pub subject_id: Option<String>,
    /// Only queued from this day of the company on.
    pub from_day: Option<Day>,
    /// Only queued until the end of this day.
    pub to_day: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A delivery in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DeliveryRow {
    /// Its id.
    pub delivery_id: DeliveryId,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// What the webhook is called.
    pub webhook: String,
    /// The fact's id, which a receiver knows it by.
    pub fact_id: FactId,
    /// The fact's name.
    pub fact: String,
    /// The kind of what it is about.
    pub subject_kind: String,
    /// The id of what it is about.
    pub subject_id: String,
    /// Its number among the facts of its subject.
    pub seq: i64,
    /// How far it is.
    pub state: DeliveryState,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// When it is tried next, or was last.
    pub due_at: Timestamp,
    /// How often it was tried since it was queued or replayed last.
    pub tries: i64,
    /// How often it was tried in all.
    pub attempts: i64,
    /// How often it was replayed.
    pub replays: i64,
    /// When it was delivered last.
    pub delivered_at: Option<Timestamp>,
    /// The status of the last answer; none when there was no answer.
    pub status: Option<i64>,
    /// The first part of the last answer, or why there was none.
    pub answer: String,
}

fn delivery_of(row: &Row) -> Result<DeliveryRow, StoreError> {
    Ok(DeliveryRow {
        delivery_id: row.get(0)?,
        webhook_id: row.get(1)?,
        webhook: row.get(2)?,
        fact_id: row.get(3)?,
        fact: row.get(4)?,
        subject_kind: row.get(5)?,
        subject_id: row.get::<i64>(6)?.to_string(),
        seq: row.get(7)?,
        state: row.get(8)?,
        queued_at: row.get(9)?,
        due_at: row.get(10)?,
        tries: row.get(11)?,
        attempts: row.get(12)?,
        replays: row.get(13)?,
        delivered_at: moment(row.get(14)?),
        status: Some(row.get(15)?).filter(|status| *status != 0),
        answer: row.get(16)?,
    })
}

/// The moments at which a span of the company's days begins and ends; without a day it has no end there.
pub(crate) fn span(
    ctx: &Ctx,
    from_day: Option<Day>,
    to_day: Option<Day>,
) -> Result<(i64, i64), WebhookError> {
    let midnight = |day: Day| Timestamp::at(day, 0, 0, &ctx.zone).map(Timestamp::micros);
    let from = from_day.map_or(Ok(i64::MIN), midnight)?;
    // After the last day of the calendar nothing comes.
    let next = to_day.map(|day| day.plus(1).and_then(midnight).unwrap_or(i64::MAX));
    Ok((from, next.unwrap_or(i64::MAX)))
}

/// Lists deliveries, the newest first.
///
/// # Errors
/// [`WebhookError`], in its order.
pub fn list_deliveries(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: DeliveryFilter,
) -> Result<Page<DeliveryRow>, WebhookError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    let (from, until) = span(ctx, filter.from_day, filter.to_day)?;
    // An id that is none is that of no subject.
    let subject_id = filter.subject_id.as_ref().map(|text| text.parse::<i64>().unwrap_or(-1));
    let filters = [
        ctx.company_id.to_value(),
        filter.webhook_id.to_value(),
        filter.state.to_value(),
        filter.fact.to_value(),
        filter.subject_kind.to_value(),
        subject_id.to_value(),
        Value::Int(from),
        Value::Int(until),
        Value::Int(at),
        Value::Int(id),
        Value::Int(paging.limit()),
    ];
    let found = lists::list_deliveries(tx, filters)?;
    let rows = found.iter().map(delivery_of).collect::<Result<Vec<_>, _>>()?;
    Ok(paging.page(rows, |row| (row.queued_at.micros(), row.delivery_id.raw())))
}

/// One delivery.
///
/// # Errors
/// [`WebhookError`], in its order.
pub fn delivery(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    delivery_id: DeliveryId,
) -> Result<DeliveryRow, WebhookError> {
    ctx.require(READ)?;
    let row = lists::show_delivery(tx, ctx, delivery_id)?;
    Ok(delivery_of(&row.ok_or(WebhookError::NoDelivery(delivery_id))?)?)
}

/// Which attempts to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AttemptFilter {
    /// Only at this webhook.
    pub webhook_id: Option<WebhookId>,
    /// Only of this delivery.
    pub delivery_id: Option<DeliveryId>,
    /// Only with this outcome: `delivered`, `failed` or `lost`.
    pub outcome: Option<AttemptOutcome>,
    /// Only with this status of HTTP.
    pub status: Option<i64>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// An attempt in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AttemptRow {
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// Which attempt of the delivery it was, from 1.
    pub attempt: i64,
    /// The webhook.
    pub webhook_id: WebhookId,
    /// What the webhook is called.
    pub webhook: String,
    /// The fact's id.
    pub fact_id: FactId,
    /// The fact's name.
    pub fact: String,
    /// What became of it.
    pub outcome: AttemptOutcome,
    /// The status of the answer; none when there was no answer.
    pub status: Option<i64>,
    /// The first part of the answer, or why there was none.
    pub answer: String,
    /// When it ended.
    pub ended_at: Timestamp,
    /// How long it took, in milliseconds.
    pub millis: i64,
}

fn attempt_of(row: &Row) -> Result<AttemptRow, StoreError> {
    Ok(AttemptRow {
        delivery_id: row.get(0)?,
        attempt: row.get(1)?,
        webhook_id: row.get(2)?,
        webhook: row.get(3)?,
        fact_id: row.get(4)?,
        fact: row.get(5)?,
        outcome: row.get(6)?,
        status: Some(row.get(7)?).filter(|status| *status != 0),
        answer: row.get(8)?,
        ended_at: row.get(9)?,
        millis: row.get(10)?,
    })
}

/// Lists attempts, the latest first.
///
/// # Errors
/// [`WebhookError`], in its order.
pub fn list_attempts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: AttemptFilter,
) -> Result<Page<AttemptRow>, WebhookError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let first = (i64::MAX, i64::MAX, i64::MAX);
    let (at, delivery_id, attempt): (i64, i64, i64) = paging.after(first)?;
    let filters = [
        ctx.company_id.to_value(),
        filter.webhook_id.to_value(),
        filter.delivery_id.to_value(),
        filter.outcome.to_value(),
        filter.status.to_value(),
        Value::Int(at),
        Value::Int(delivery_id),
        Value::Int(attempt),
        Value::Int(paging.limit()),
    ];
    let found = lists::list_attempts(tx, filters)?;
    let rows = found.iter().map(attempt_of).collect::<Result<Vec<_>, _>>()?;
    Ok(paging.page(rows, |row| (row.ended_at.micros(), row.delivery_id.raw(), row.attempt)))
}
