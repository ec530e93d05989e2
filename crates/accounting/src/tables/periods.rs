//! Locks, seals and totals.

use super::*;
use crate::model::Area;
use base::{AccountId, CompanyId, Timestamp, UserId};
use std::collections::BTreeMap;
use store::{Rows, Tx, params, row};

/// Debits and credits by account.
pub(crate) type Totals = BTreeMap<AccountId, (i64, i64)>;

/// The lock of one area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AreaLock {
    pub area: Area,
    pub soft_through: Option<Day>,
    pub hard_through: Option<Day>,
    pub revision: i64,
}

/// Takes all locks of a company; empty before its accounts are installed.
pub(crate) fn take_locks(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<Vec<AreaLock>, StoreError> {
    let rows = tx.query(&TAKE_LOCKS, params![company_id])?;
    rows.iter()
        .map(|row| {
            Ok(AreaLock {
                area: row.get(0)?,
                soft_through: day_at(row, 1)?,
                hard_through: day_at(row, 2)?,
                revision: row.get(3)?,
            })
        })
        .collect()
}

/// Moves the lock of an area, and counts the change on all.
pub(crate) fn move_lock(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    lock: &AreaLock,
) -> Result<(), StoreError> {
    let (soft, hard) = (day_text(lock.soft_through), day_text(lock.hard_through));
    tx.write_exactly(1, &MOVE_LOCK, params![company_id, lock.area, soft, hard])?;
    tx.write(&COUNT_LOCK_CHANGE, params![company_id, lock.revision])
}

/// Debits and credits by account of an area as of a day, accounts without either left out.
pub(crate) fn totals_as_of(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    area: Area,
    through: &str,
) -> Result<Totals, StoreError> {
    let seal = tx.query_opt(&LAST_HARD_SEAL, params![company_id, area, through])?;
    let (revision, after) = match seal {
        Some(row) => (row.get(0)?, row.get::<String>(1)?),
        None => (-1_i64, String::new()),
    };
    let rows = tx.query(&TOTALS, params![company_id, area, revision, after, through])?;
    let totals: Result<Totals, StoreError> =
        rows.iter().map(|row| Ok((row.get(0)?, (row.get(1)?, row.get(2)?)))).collect();
    totals.map(|mut totals| {
        totals.retain(|_, sums| *sums != (0, 0));
        totals
    })
}

/// A period's seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seal {
    pub area: Area,
    pub revision: i64,
    pub through: Day,
    pub hard: bool,
    pub hash: Vec<u8>,
    pub lifted_revision: i64,
}

/// Seals a period; a hard seal keeps the totals.
pub(crate) fn insert_seal(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    seal: &Seal,
    by: (Timestamp, UserId),
    totals: &Totals,
) -> Result<(), StoreError> {
    let Seal { area, revision, through, hard, hash, .. } = seal;
    tx.write(&INSERT_SEAL, params![company_id, area, revision, through, hard, hash, by.0, by.1])?;
    let mut rows = Rows::new(3);
    if *hard {
        for (account_id, (debit, credit)) in totals {
            rows.push(row![account_id, debit, credit]);
        }
    }
    tx.write(&INSERT_TOTALS, params![company_id, area, revision; rows])
}

/// Every seal, in the order they were made.
pub(crate) fn seals(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<Seal>, StoreError> {
    let rows = tx.query(&SEALS, params![company_id])?;
    rows.iter()
        .map(|row| {
            Ok(Seal {
                area: row.get(0)?,
                revision: row.get(1)?,
                through: row.get(2)?,
                hard: row.get(3)?,
                hash: row.get(4)?,
                lifted_revision: row.get(5)?,
            })
        })
        .collect()
}

/// The totals kept at hard locks, by area and revision.
pub(crate) fn sealed_totals(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<BTreeMap<(Area, i64), Totals>, StoreError> {
    let mut kept: BTreeMap<(Area, i64), Totals> = BTreeMap::new();
    for row in tx.query(&SEALED_TOTALS, params![company_id])? {
        let totals = kept.entry((row.get(0)?, row.get(1)?)).or_default();
        totals.insert(row.get(2)?, (row.get(3)?, row.get(4)?));
    }
    Ok(kept)
}

/// What was posted on an account on a day in an area.
pub(crate) struct PostedOnDay {
    pub account_id: AccountId,
    pub posted_on: Day,
    pub area: Area,
    /// The lock revision that a posting into a soft lock saw; -1 for every other posting.
    pub waived: i64,
    pub debit: i64,
    pub credit: i64,
}

/// Everything ever posted, by account, day and area.
pub(crate) fn posted_by_day(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<Vec<PostedOnDay>, StoreError> {
    let rows = tx.query(&POSTED_BY_DAY, params![company_id])?;
    rows.iter()
        .map(|row| {
            Ok(PostedOnDay {
                account_id: row.get(0)?,
                posted_on: row.get(1)?,
                area: row.get(2)?,
                waived: row.get(3)?,
                debit: row.get(4)?,
                credit: row.get(5)?,
            })
        })
        .collect()
}

/// Lifts the soft seals of an area that end after a day ('' for all).
pub(crate) fn lift_seals(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    area: Area,
    kept_through: &str,
    revision: i64,
) -> Result<(), StoreError> {
    tx.write(&LIFT_SEALS, params![company_id, area, kept_through, revision])
}
