//! How much was added to each table, and when its statistics are due.
//!
//! PostgreSQL plans by statistics that a task of its own gathers once a minute. Until it has seen a
//! table it takes the company, with which every key begins, for a choice among many, and joins a set
//! of a thousand rows with all that the table holds, row by row. A young database, or one that takes
//! over a catalogue, grows faster than that task looks at it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// After so many rows a table is looked at for the first time.
const FIRST: u64 = 128;
/// It is looked at again when it has so many times as many: what was learnt of its columns still
/// holds, and how large it is the server sees for itself.
const FACTOR: u64 = 4;
/// Beyond so many the server's own task is often enough.
const GROWN: u64 = 2_000_000;

#[derive(Debug)]
struct Grown {
    added: u64,
    due_at: u64,
}

/// What this process has added since it started, by table.
#[derive(Debug, Default)]
pub(crate) struct Growth {
    tables: Mutex<HashMap<&'static str, Grown>>,
}

impl Growth {
    /// Notes rows that were committed, and names the tables whose statistics are due by them.
    pub(crate) fn note(&self, added: &HashMap<&'static str, u64>) -> Vec<&'static str> {
        let mut tables = self.lock();
        let mut due = Vec::new();
        for (table, rows) in added {
            let grown = tables.entry(table).or_insert(Grown { added: 0, due_at: FIRST });
            grown.added += rows;
            if grown.added < grown.due_at || grown.due_at > GROWN {
                continue;
            }
            while grown.due_at <= grown.added {
                grown.due_at *= FACTOR;
            }
            due.push(*table);
        }
        due
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<&'static str, Grown>> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The table that a statement adds rows to.
pub(crate) fn table_of(text: &'static str) -> Option<&'static str> {
    let after = text.trim_start().strip_prefix("insert into ")?;
    after.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_due_at_its_first_rows_and_at_four_times_as_many() {
        let growth = Growth::default();
        let note = |table, rows| growth.note(&HashMap::from([(table, rows)]));
        assert!(note("a", 127).is_empty());
        assert_eq!(note("a", 1), ["a"]);
        assert!(note("a", 383).is_empty());
        assert!(note("b", 127).is_empty(), "each table for itself");
        assert_eq!(note("a", 1), ["a"]);
        // Once for all the steps that one commit took.
        assert_eq!(note("a", 100_000), ["a"]);
        assert!(note("a", 30_000).is_empty());
        assert_eq!(note("a", 40_000_000), ["a"]);
        assert!(note("a", 400_000_000).is_empty(), "the server looks at large tables by itself");
    }

    #[test]
    fn a_statement_names_the_table_that_it_adds_to() {
        assert_eq!(table_of("insert into stock_move (id) select 1"), Some("stock_move"));
        assert_eq!(table_of("\n    insert into a(b) values (1)"), Some("a"));
        assert_eq!(table_of("update a set b = 1"), None);
    }
}
