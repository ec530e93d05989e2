//! Delivering: a fact is taken under a lease, sent outside any transaction, and what became of it is
//! noted.
//!
//! Of one subject the facts go to a webhook one after the other: the next is taken once the one before
//! was delivered or given up. A receiver may see a fact twice, for an attempt of which nobody knows how it
//! ended is made again; never under another id.

use crate::rules::{self, Next, Tried};
use crate::secret::{self, SigningSecret};
use crate::tables::{self, Webhook};
use crate::words::{AttemptOutcome, DeliveryState, WebhookState};
use crate::{EDIT, WEBHOOK};
use base::{CompanyId, DeliveryId, FactId, Id, Timestamp, WebhookId};
use serde::Serialize;
use store::{Audit, Fact, Row, StoreError, Tx};

/// For how long a delivery is leased, in microseconds: longer than any webhook is waited for.
const LEASE: i64 = 2 * 60 * 1_000_000;

/// A fact to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The company that it is of.
    pub company_id: CompanyId,
    /// To which webhook it goes.
    pub webhook_id: WebhookId,
    /// The delivery.
    pub delivery_id: DeliveryId,
    /// The token of the lease.
    pub token: i64,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// Where it is posted to.
    pub address: String,
    /// The name of the fact.
    pub fact: String,
    /// The JSON document that is posted.
    pub body: String,
    secrets: Vec<SigningSecret>,
}

impl Outgoing {
    /// The headers that are sent at a moment, beside those of HTTP itself.
    #[must_use]
    pub fn headers(&self, now: Timestamp) -> [(&'static str, String); 4] {
        let second = now.micros().div_euclid(1_000_000);
        [
            ("purser-signature", secret::header(&self.secrets, second, &self.body)),
            ("purser-delivery", self.delivery_id.to_string()),
            ("purser-attempt", self.attempt.to_string()),
            ("purser-fact", self.fact.clone()),
        ]
    }
}

/// What is posted.
#[derive(Serialize)]
struct Body<'a> {
    id: FactId,
    fact: &'a str,
    subject_kind: String,
    subject_id: String,
    seq: i64,
    company_id: CompanyId,
    recorded_at: Timestamp,
    data: serde_json::Value,
}

/// How an attempt ended, as the network told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The status of the answer; 0 when there was none.
    pub status: i64,
    /// The first part of the answer, or why there was none.
    pub answer: String,
    /// How long it took, in milliseconds.
    pub millis: i64,
}

impl Ended {
    fn outcome(&self) -> AttemptOutcome {
        if (200..300).contains(&self.status) {
            AttemptOutcome::Delivered
        } else {
            AttemptOutcome::Failed
        }
    }
}

/// What follows from an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// The webhook has the fact.
    Delivered,
    /// It is tried again later.
    Again,
    /// It was given up.
    GivenUp,
    /// The lease was over: nothing was noted.
    Overtaken,
}

/// Takes the fact of a webhook that is due first, under a lease; nothing when none is.
///
/// # Errors
/// Those of the engine.
pub fn take_due(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    webhook_id: WebhookId,
    now: Timestamp,
) -> Result<Option<Outgoing>, StoreError> {
    // Two nodes that take for one webhook wait for each other here, so that neither takes what has to
    // come after what the other took.
    let Some(webhook) = tables::lock_webhook(tx, company_id, webhook_id)? else {
        return Ok(None);
    };
    let rests = webhook.health.rests_until.is_some_and(|until| until > now);
    if webhook.state == WebhookState::Retired {
        return Ok(None);
    }
    // A ping is how somebody sees whether a webhook is well again: it waits for no rest.
    let pings_alone = webhook.state == WebhookState::Paused || rests;
    let found = tables::next_due(tx, company_id, (webhook_id, pings_alone), now)?;
    let Some(row) = found else { return Ok(None) };
    let outgoing = outgoing(company_id, &webhook, &row, now)?;
    let until = rules::later(now, LEASE);
    tables::lease(tx, company_id, outgoing.delivery_id, (outgoing.token, until))?;
    tables::move_turn(tx, company_id, webhook_id, outgoing.token)?;
    Ok(Some(outgoing))
}

fn outgoing(
    company_id: CompanyId,
    webhook: &Webhook,
    row: &Row,
    now: Timestamp,
) -> Result<Outgoing, StoreError> {
    let not_json = |error| StoreError::Unusable(format!("a fact's payload is not JSON: {error}"));
    let fact: String = row.get(5)?;
    let body = Body {
        id: row.get(4)?,
        fact: &fact,
        subject_kind: row.get(6)?,
        subject_id: row.get::<i64>(7)?.to_string(),
        seq: row.get(8)?,
        company_id,
        recorded_at: row.get(9)?,
        data: serde_json::from_str(&row.get::<String>(10)?).map_err(not_json)?,
    };
    let body = serde_json::to_string(&body).map_err(not_json)?;
    Ok(Outgoing {
        company_id,
        webhook_id: webhook.id,
        delivery_id: row.get(0)?,
        token: webhook.turn + 1,
        attempt: row.get::<i64>(1)? + 1,
        address: webhook.address.clone(),
        fact,
        body,
        secrets: webhook.secrets(now),
    })
}

/// Notes what became of an attempt. Who lost the lease meanwhile changes nothing.
///
/// # Errors
/// Those of the engine.
pub fn note_attempt(
    tx: &mut Tx<'_>,
    taken: &Outgoing,
    ended: &Ended,
    now: Timestamp,
) -> Result<Noted, StoreError> {
    let Outgoing { company_id, webhook_id, delivery_id, token, .. } = *taken;
    let Some(webhook) = tables::lock_webhook(tx, company_id, webhook_id)? else {
        return Ok(Noted::Overtaken);
    };
    let Some(leased) = tables::lock_lease(tx, company_id, delivery_id, token)? else {
        return Ok(Noted::Overtaken);
    };
    let outcome = ended.outcome();
    let tried = Tried { delivery_id: delivery_id.raw(), tries: leased.tries, ping: leased.ping };
    let (next, health) = rules::after(outcome, tried, webhook.health, now);
    let turn = webhook.turn + 1;
    let (state, due_at, ended_turn, noted) = match next {
        Next::Delivered => (DeliveryState::Delivered, now, turn, Noted::Delivered),
        Next::GivenUp => (DeliveryState::Dead, now, turn, Noted::GivenUp),
        Next::Again(at) => (DeliveryState::Waiting, at, 0, Noted::Again),
    };
    let answer = rules::told(&ended.answer);
    // Of what is replayed, the end that counts for the order was the first.
    let ended_turn = if leased.ended_turn == 0 { ended_turn } else { leased.ended_turn };
    let row = tables::Noted { state, due_at, ended_turn, ended, answer: &answer, now };
    tables::note(tx, company_id, (delivery_id, token), &row)?;
    let attempt = (delivery_id, taken.attempt, webhook_id);
    tables::insert_attempt(tx, company_id, attempt, &row, outcome)?;
    let delivered_at = (next == Next::Delivered).then_some(now);
    tables::note_health(tx, company_id, webhook_id, (turn, health, delivered_at))?;
    if webhook.state == WebhookState::Active && rules::is_to_pause(health, now) {
        pause(tx, company_id, &webhook, (health.failures, &answer), now)?;
    }
    Ok(noted)
}

/// Pauses a webhook that failed for long, and says so.
fn pause(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    webhook: &Webhook,
    (failures, answer): (i64, &str),
    now: Timestamp,
) -> Result<(), StoreError> {
    let why = format!("it failed {failures} times in a row for a day or longer, at last: {answer}");
    let why: String = why.chars().take(500).collect();
    let id = webhook.id;
    tables::set_state(tx, company_id, id, (WebhookState::Paused, &why))?;
    let told = serde_json::json!({
        "webhook_id": id, "name": webhook.name, "failures": failures, "reason": why,
    });
    tx.state_fact(Fact {
        company_id,
        aggregate_kind: WEBHOOK,
        aggregate_id: id.raw(),
        seq: webhook.revision + 1,
        name: "webhooks.paused",
        payload: told.clone(),
        recorded_at: now,
    });
    tx.audit(Audit {
        company_id,
        user_id: base::UserId::from_raw(0),
        recorded_at: now,
        request_id: "webhooks".to_owned(),
        verb: EDIT.0,
        object_kind: WEBHOOK,
        object_id: id.raw(),
        detail: told,
    });
    Ok(())
}
