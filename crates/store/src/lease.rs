//! Blocks of ids and numbers, leased in a transaction of their own and handed out from memory.

use crate::StoreError;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The series that all ids come from: one for the whole database, so no id is ever two things.
pub(crate) const IDS: &str = "id";
/// How many ids a lease takes.
const IDS_PER_LEASE: i64 = 100_000;
/// Below this many ids the store leases before a command could run dry.
const IDS_LOW: i64 = 20_000;
/// How many spoken numbers a lease takes at the least: a restart leaves a gap of at most this many,
/// or of what a few of the largest requests draw.
const NUMBERS_PER_LEASE: i64 = 50;
/// For how many of the largest requests a lease is made.
const REQUESTS_PER_LEASE: i64 = 4;

#[derive(Clone, Copy, Debug, Default)]
struct Block {
    next: i64,
    end: i64,
}

/// What was leased of a series, and how much of it one request took at the most.
#[derive(Debug, Default)]
struct Held {
    blocks: Vec<Block>,
    appetite: i64,
}

impl Held {
    fn left(&self) -> i64 {
        self.blocks.iter().map(|block| block.end - block.next).sum()
    }
}

type Series = (i64, &'static str);

/// What this node has leased and not yet handed out.
#[derive(Debug, Default)]
pub(crate) struct Leases {
    held: Mutex<HashMap<Series, Held>>,
}

impl Leases {
    pub(crate) fn take_id(&self) -> Result<i64, StoreError> {
        self.take(0, IDS)
    }

    pub(crate) fn take_number(
        &self,
        company_id: i64,
        series: &'static str,
    ) -> Result<i64, StoreError> {
        self.take(company_id, series)
    }

    fn take(&self, company_id: i64, series: &'static str) -> Result<i64, StoreError> {
        let mut all = self.lock();
        let held = all.entry((company_id, series)).or_default();
        while let Some(block) = held.blocks.first_mut() {
            if block.next < block.end {
                block.next += 1;
                return Ok(block.next - 1);
            }
            held.blocks.remove(0);
        }
        Err(need((company_id, series), held.appetite))
    }

    /// The series that a request as large as any before could run dry, to be leased before the next
    /// one runs: a request that runs dry has to run again from its beginning.
    pub(crate) fn low(&self) -> Vec<StoreError> {
        let mut all = self.lock();
        all.entry((0, IDS)).or_default();
        let low = |(series, held): (&Series, &Held)| {
            let least = if series.1 == IDS { held.appetite.max(IDS_LOW) } else { held.appetite };
            (held.left() < least).then(|| need(*series, held.appetite))
        };
        all.iter().filter_map(low).collect()
    }

    /// Notes how much of each series a request took.
    pub(crate) fn note(&self, drawn: &HashMap<Series, i64>) {
        let mut all = self.lock();
        for (series, count) in drawn {
            let held = all.entry(*series).or_default();
            held.appetite = held.appetite.max(*count);
        }
    }

    /// Adds a block that was leased: `next` is the first number after it.
    pub(crate) fn add(&self, company_id: i64, series: &'static str, count: i64, next: i64) {
        let block = Block { next: next - count, end: next };
        self.lock().entry((company_id, series)).or_default().blocks.push(block);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Series, Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The need to lease some of a series, in the words of a command that ran dry.
fn need((company_id, series): Series, appetite: i64) -> StoreError {
    let least = if series == IDS { IDS_PER_LEASE } else { NUMBERS_PER_LEASE };
    let count = least.max(appetite.saturating_mul(REQUESTS_PER_LEASE));
    StoreError::LeaseNeeded { company_id, series, count }
}
