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
    /// Earlier secrets are kept whose time is over.
    pub old_secrets: bool,
    /// A retired webhook for which something still waits.
    pub retired: Option<WebhookId>,
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
    let retired = tables::retired_waiting(tx, company_id)?;
    let (live, old) = tables::live_webhooks(tx, company_id, now)?;
    if live == 0 {
        return Ok(Waiting { retired, ..Waiting::default() });
    }
    Ok(Waiting {
        retired,
        old_secrets: old > 0,
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
    let mut rows = Rows::new(8);
    for fact in &round.facts {
        for (webhook_id, turn) in &webhooks {
            let patterns = wanted.get(webhook_id).map_or(&[][..], Vec::as_slice);
            if !wants(*webhook_id, patterns, fact, round.number) {
                continue;
            }
            let id: DeliveryId = tx.id()?;
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
    tables::insert_deliveries(tx, company_id, now, rows)?;
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

/// Forgets the earlier secrets of a company's webhooks whose time is over.
///
/// # Errors
/// Those of the engine.
pub fn forget_old_secrets(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tables::forget_old_secrets(tx, company_id, now)
}
