//! Blocks of ids and numbers, leased in a transaction of their own and handed out from memory.

use crate::StoreError;
use std::collections::HashMap;
use std::sync::Mutex;

/// The series that all ids come from: one for the whole database, so no id is ever two things.
pub(crate) const IDS: &str = "id";
/// How many ids a lease takes.
const IDS_PER_LEASE: i64 = 100_000;
/// Below this many ids the store leases before a command could run dry.
pub(crate) const IDS_LOW: i64 = 20_000;
/// How many spoken numbers a lease takes: a restart leaves a gap of at most this many.
const NUMBERS_PER_LEASE: i64 = 50;

#[derive(Clone, Copy, Debug, Default)]
struct Block {
    next: i64,
    end: i64,
}

/// What this node has leased and not yet handed out.
#[derive(Debug, Default)]
pub(crate) struct Leases {
    blocks: Mutex<HashMap<(i64, &'static str), Vec<Block>>>,
}

impl Leases {
    pub(crate) fn take_id(&self) -> Result<i64, StoreError> {
        self.take(0, IDS, IDS_PER_LEASE)
    }

    pub(crate) fn take_number(
        &self,
        company_id: i64,
        series: &'static str,
    ) -> Result<i64, StoreError> {
        self.take(company_id, series, NUMBERS_PER_LEASE)
    }

    fn take(&self, company_id: i64, series: &'static str, count: i64) -> Result<i64, StoreError> {
        let mut blocks = self.blocks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let held = blocks.entry((company_id, series)).or_default();
        while let Some(block) = held.first_mut() {
            if block.next < block.end {
                block.next += 1;
                return Ok(block.next - 1);
            }
            held.remove(0);
        }
        Err(StoreError::LeaseNeeded { company_id, series, count })
    }

    /// Whether ids should be leased before the next command runs.
    pub(crate) fn ids_low(&self) -> bool {
        let blocks = self.blocks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let held =
            blocks.get(&(0, IDS)).map_or(0, |held| held.iter().map(|b| b.end - b.next).sum());
        held < IDS_LOW
    }

    /// Adds a block that was leased: `next` is the first number after it.
    pub(crate) fn add(&self, company_id: i64, series: &'static str, count: i64, next: i64) {
        let mut blocks = self.blocks.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        blocks
            .entry((company_id, series))
            .or_default()
            .push(Block { next: next - count, end: next });
    }

    /// The need to lease ids, in the words of a command that ran dry.
    pub(crate) fn id_need() -> StoreError {
        StoreError::LeaseNeeded { company_id: 0, series: IDS, count: IDS_PER_LEASE }
    }
}
