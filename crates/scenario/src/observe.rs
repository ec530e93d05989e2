//! What a step posted, seen from outside: the entries and moves that were not there before.

use crate::world::{Stop, World};
use accounting::{EntryDetail, JournalCursor, JournalFilter};
use base::{EntryId, ItemId, Price};
use std::collections::BTreeMap;
use stock::{Movement, MovementFilter};

impl World {
    /// The entries posted since the last look.
    pub fn new_entries(&mut self) -> Result<Vec<EntryId>, Stop> {
        let mut found = Vec::new();
        let mut after: Option<JournalCursor> = None;
        loop {
            let filter = JournalFilter { after, ..JournalFilter::default() };
            let page = self.read(move |tx, ctx| accounting::journal(tx, ctx, &filter))?;
            let Some(last) = page.last() else { break };
            after = Some(JournalCursor { posted_on: last.posted_on, entry_id: last.entry_id });
            found.extend(page.iter().map(|row| row.entry_id));
        }
        found.retain(|id| self.seen_entries.insert(*id));
        found.sort_unstable();
        Ok(found)
    }

    /// The goods moved since the last look, in the order recorded.
    pub fn new_moves(&mut self) -> Result<Vec<Movement>, Stop> {
        let mut found = Vec::new();
        let mut cursor = None;
        loop {
            let filter = MovementFilter { cursor, limit: Some(200), ..MovementFilter::default() };
            let page = self.read(move |tx, ctx| stock::list_movements(tx, ctx, filter.clone()))?;
            found.extend(page.lines);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        found.retain(|moved| self.seen_moves.insert(moved.move_id));
        found.sort_by_key(|moved| moved.move_id);
        Ok(found)
    }

    /// An entry with its lines.
    pub fn entry(&self, id: EntryId) -> Result<EntryDetail, Stop> {
        let found = self.read(move |tx, ctx| accounting::entry(tx, ctx, id))?;
        found.ok_or_else(|| Stop::failed(format!("entry {id} is gone")))
    }

    /// What one unit of every item costs now.
    pub fn unit_costs(&self) -> Result<BTreeMap<ItemId, Price>, Stop> {
        let items: Vec<ItemId> = self.items.values().map(|known| known.item.id).collect();
        self.read(move |tx, ctx| valuation::unit_cost(tx, ctx, &items))
    }
}
