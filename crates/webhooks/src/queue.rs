//! Facts of the outbox are queued for the webhooks that want them, each once.

use crate::rules::{self, Wanted};
use crate::tables;
use base::{CompanyId, DeliveryId, Id, Timestamp, WebhookId};
use store::{Rows, StatedFact, StoreError, Tx, row};

/// How many facts are handed out in one transaction, so that nobody waits long for it.
const AT_ONCE: u32 = 500;
/// What is said of an attempt whose lease ran out.
const LOST: &str = "the server stopped before it noted the answer; it may have arrived";

/// What is to be done for a company's webhooks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Facts wait to be queued.
    pub facts: bool,
    /// Leases ran out.
    pub lost: bool,
    /// Webhooks at which something is due.
    pub due: Vec<WebhookId>,
}

/// Looks what is to be done. A company without a webhook has nothing: its facts wait until it has one.
///
/// # Errors
/// Those of the engine.
pub fn waiting(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
) -> Result<Waiting, StoreError> {
    if !tables::has_webhook(tx, company_id)? {
        return Ok(Waiting::default());
    }
    Ok(Waiting {
        facts: store::facts_wait(tx, company_id)?,
        lost: tables::leases_over(tx, company_id, now)?,
        due: tables::due_webhooks(tx, company_id, now)?,
    })
}

/// Whether a lease of a company ran out before a moment, and nobody noticed.
///
/// # Errors
/// Those of the engine.
pub fn leases_over(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    before: Timestamp,
) -> Result<bool, StoreError> {
    tables::leases_over(tx, company_id, before)
}

/// Queues facts that wait for the webhooks that want them; answers whether there may be more.
///
/// # Errors
/// Those of the engine.
pub fn queue_facts(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(round) = store::hand_out(tx, company_id, AT_ONCE)? else { return Ok(false) };
    let webhooks = tables::lock_webhooks(tx, company_id)?;
    let wanted = tables::patterns(tx, company_id, webhooks.iter().map(|(id, _)| *id))?;
    let (mut rows, mut count) = (Rows::new(8), 0);
    for fact in &round.facts {
        for (webhook_id, turn) in &webhooks {
            let patterns = wanted.get(webhook_id).map_or(&[][..], Vec::as_slice);
            if !wants(*webhook_id, patterns, fact, round.number) {
                continue;
            }
            let id: DeliveryId = tx.id()?;
            count += 1;
            rows.push(row![
                id,
                *webhook_id,
                fact.fact_id,
                fact.aggregate_kind,
                fact.aggregate_id,
                fact.seq,
                fact.name,
                *turn
            ]);
        }
    }
    tables::insert_deliveries(tx, company_id, now, (count, rows))?;
    Ok(round.facts.len() == AT_ONCE as usize)
}

fn wants(webhook_id: WebhookId, patterns: &[Wanted], fact: &StatedFact, round: i64) -> bool {
    if fact.aggregate_kind == rules::PING {
        return fact.aggregate_id == webhook_id.raw();
    }
    patterns.iter().any(|wanted| wanted.takes(&fact.name, round, fact.recorded_at))
}

/// Logs attempts whose lease ran out as lost, and lets them be tried again; answers how many. Who had the
/// lease can note nothing any more.
///
/// # Errors
/// Those of the engine.
pub fn free_lost(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
) -> Result<usize, StoreError> {
    tables::free_lost(tx, company_id, now, LOST)
}
