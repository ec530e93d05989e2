//! The outbox: facts that were stated wait until they are handed out, each once.
//!
//! Transactions commit in any order, so no id and no moment says which facts were there before. What
//! waits is found by its state alone. Whoever hands out holds the company's row of the outbox, marks
//! what it takes with the number of its round, and writes what becomes of it in the same transaction:
//! either both are there or neither. Facts of one aggregate are taken in the order of their numbers,
//! in which they were committed, too, for each was drawn under the aggregate's lock.

use crate::{Rows, StoreError, Tx, params, row, tables};
use base::{CompanyId, FactId, Timestamp};

/// A fact that was handed out, without what it tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedFact {
    /// Its id, which identifies it for good.
    pub fact_id: FactId,
    /// The kind of document it is about.
    pub aggregate_kind: String,
    /// The document.
    pub aggregate_id: i64,
    /// Its number among the facts of that document.
    pub seq: i64,
    /// Its name in the past tense, as in `purchasing.received`.
    pub name: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// What one round took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Its number in the company, from 1.
    pub number: i64,
    /// The facts, those of one aggregate in their order.
    pub facts: Vec<StatedFact>,
}

/// Holds a company's outbox until the transaction ends, and answers the number of its latest round: a
/// fact that is handed out later has a higher one.
///
/// # Errors
/// Those of the engine.
pub fn hold_outbox(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<i64, StoreError> {
    tx.write(&tables::BEGIN_OUTBOX, params![company_id])?;
    let held = tx.query_opt(&tables::LOCK_OUTBOX, params![company_id])?;
    held.ok_or_else(|| StoreError::Unusable("a company has no outbox".to_owned()))?.get(0)
}

/// Whether facts of a company wait to be handed out.
///
/// # Errors
/// Those of the engine.
pub fn facts_wait(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<bool, StoreError> {
    Ok(!tx.query(&tables::WAITING_FACTS, params![company_id, 1_i64])?.is_empty())
}

/// Hands out facts of a company that wait, at most so many; nothing when none does.
///
/// # Errors
/// Those of the engine.
pub fn hand_out(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    most: u32,
) -> Result<Option<Round>, StoreError> {
    let number = hold_outbox(tx, company_id)? + 1;
    // Read after the row is held: what another took meanwhile waits no more.
    let waiting = tx.query(&tables::WAITING_FACTS, params![company_id, i64::from(most)])?;
    if waiting.is_empty() {
        return Ok(None);
    }
    let (mut facts, mut ids) = (Vec::with_capacity(waiting.len()), Rows::new(1));
    for found in &waiting {
        let fact = StatedFact {
            fact_id: found.get(0)?,
            aggregate_kind: found.get(1)?,
            aggregate_id: found.get(2)?,
            seq: found.get(3)?,
            name: found.get(4)?,
            recorded_at: found.get(5)?,
        };
        ids.push(row![fact.fact_id]);
        facts.push(fact);
    }
    tx.write_exactly(facts.len(), &tables::HAND_OUT, params![company_id, number; ids])?;
    tx.write_exactly(1, &tables::MOVE_OUTBOX, params![company_id, number])?;
    Ok(Some(Round { number, facts }))
}
