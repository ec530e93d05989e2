//! The seal over the audit trail.
//!
//! Rows of the trail are written with the work that they tell of, by many transactions at once, so
//! they cannot be chained there without all of them waiting for each other. A sealer comes after: it
//! takes the rows that wait, appends each to the company's chain, and so fixes what they say and that
//! they are there. Who later changes, adds or removes a sealed row breaks the chain at that place.
//! Several sealers wait for one another, and none does another's work again.

use crate::{Database, Row, Rows, StoreError, Tx, params, row, tables};
use base::{AuditId, CompanyId, Id, Timestamp};
use sha2::{Digest, Sha256};

/// How many seals are read at once when a chain is verified.
const PAGE: i64 = 2_000;
/// How many breaches of a chain are told.
const TOLD: usize = 100;

/// What a chain begins with.
const BEGINNING: [u8; 32] = [0; 32];

/// Seals rows of a company's audit trail that wait for it, at most so many, in the order of their
/// ids. Answers how many.
///
/// # Errors
/// Those of the engine.
pub fn seal(tx: &mut Tx<'_>, company_id: CompanyId, most: u32) -> Result<usize, StoreError> {
    if tx.query(&tables::UNSEALED, params![company_id, 1_i64])?.is_empty() {
        return Ok(0);
    }
    tx.write(&tables::BEGIN_CHAIN, params![company_id, BEGINNING.to_vec()])?;
    let end = tx.query_opt(&tables::LOCK_CHAIN, params![company_id])?;
    let end = end.ok_or_else(|| StoreError::Unusable("a chain has no end".to_owned()))?;
    let (mut position, mut hash): (i64, Vec<u8>) = (end.get(0)?, end.get(1)?);
    // Read after the end is held: what another sealer took meanwhile waits no more.
    let waiting = tx.query(&tables::UNSEALED, params![company_id, i64::from(most)])?;
    let (mut seals, mut sealed) = (Rows::new(3), Rows::new(1));
    for audit in &waiting {
        let id: AuditId = audit.get(0)?;
        position += 1;
        hash = link(&hash, company_id, audit)?.to_vec();
        seals.push(row![position, id, hash]);
        sealed.push(row![id]);
    }
    let count = waiting.len();
    tx.write_exactly(count, &tables::INSERT_SEALS, params![company_id; seals])?;
    tx.write_exactly(count, &tables::DELETE_UNSEALED, params![company_id; sealed])?;
    tx.write_exactly(1, &tables::MOVE_CHAIN, params![company_id, position, hash])?;
    Ok(count)
}

/// What is wrong with a company's chain, told by row; nothing when it holds. Every row is read.
///
/// # Errors
/// Those of the engine.
pub fn verify_trail(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<String>, StoreError> {
    let (mut position, mut hash, mut broken) = (0_i64, BEGINNING.to_vec(), Vec::new());
    loop {
        let page = tx.query(&tables::SEALS_AFTER, params![company_id, position, PAGE])?;
        for row in &page {
            let (at, sealed): (i64, Vec<u8>) = (row.get(9)?, row.get(10)?);
            let audit_id: i64 = row.get(11)?;
            if at != position + 1 {
                broken.push(format!("seals {} to {} are missing", position + 1, at - 1));
            }
            match row.get::<Option<i64>>(0)? {
                None => broken.push(format!("row {audit_id}, sealed as number {at}, is missing")),
                Some(_) if link(&hash, company_id, row)?.as_slice() != sealed => {
                    broken.push(format!("row {audit_id} is not as it was sealed as number {at}"));
                }
                Some(_) => {}
            }
            // The next is verified against this seal, so that each breach is told once.
            (position, hash) = (at, sealed);
        }
        if page.len() < usize::try_from(PAGE).unwrap_or(usize::MAX) || broken.len() >= TOLD {
            break;
        }
    }
    let end = tx.query_opt(&tables::CHAIN_END, params![company_id])?;
    let end: (i64, Vec<u8>) = match end {
        Some(row) => (row.get(0)?, row.get(1)?),
        None => (0, BEGINNING.to_vec()),
    };
    if end != (position, hash) && broken.len() < TOLD {
        broken.push(format!("the chain ended at number {}, and now at {position}", end.0));
    }
    broken.truncate(TOLD);
    Ok(broken)
}

/// How many rows of a company's audit trail were recorded before a moment and wait for their seal.
///
/// # Errors
/// Those of the engine.
pub fn unsealed_before(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    before: Timestamp,
) -> Result<i64, StoreError> {
    let found = tx.query_opt(&tables::COUNT_UNSEALED, params![company_id, before])?;
    found.map_or(Ok(0), |row| row.get(0))
}

/// The hash of the seal before and of a row: its numbers in eight bytes, its texts behind their
/// lengths, so that no two rows have the same bytes.
fn link(before: &[u8], company_id: CompanyId, row: &Row) -> Result<[u8; 32], StoreError> {
    let mut hash = Sha256::new();
    hash.update(before);
    hash.update(company_id.raw().to_be_bytes());
    // Its id, when it was recorded, by whom; its texts; the object's id.
    for column in [0, 1, 2, 6] {
        hash.update(row.get::<i64>(column)?.to_be_bytes());
    }
    for column in [3, 4, 5, 7] {
        let text: String = row.get(column)?;
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    Ok(hash.finalize().into())
}

/// How many rows a sealer takes in one transaction, so that nobody waits long for it.
const AT_ONCE: u32 = 1_000;

impl Database {
    /// Seals all rows of a company's audit trail that wait for it. Answers how many.
    ///
    /// # Errors
    /// Those of the engine; what was sealed before stays so.
    pub fn seal_trail(&self, company_id: CompanyId) -> Result<usize, StoreError> {
        let mut sealed = 0;
        loop {
            match self.write(move |tx| seal(tx, company_id, AT_ONCE))? {
                0 => return Ok(sealed),
                count => sealed += count,
            }
        }
    }
}
