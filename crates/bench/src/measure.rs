//! How it is timed: product and floor take turns in slices; a slice ends when all clients are done.

use crate::company::Company;
use crate::product::{Client, items_of};
use crate::wire::{Caller, Site};
use crate::{BenchError, Report, SLICES, Side, Which, floor, refused, tables};
use base::ItemId;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;
use store::{Counts, Database};

/// Where the floor's and the product's probe begin to number: beyond every operation that is timed.
const PROBE: u64 = 1 << 40;
/// A tick of `/proc/self/stat`, in microseconds: Linux counts a hundred a second for every process.
pub(crate) const TICK_MICROS: u64 = 10_000;

/// What is measured, ready to go.
pub(crate) struct Bench<'a> {
    pub database: &'a Database,
    /// The nodes that are spoken to, or the doors are.
    pub site: Option<&'a Site>,
    pub company: &'a Company,
    /// The floor's items.
    pub items: Vec<ItemId>,
    pub which: Which,
    pub clients: usize,
}

/// One of the two that take turns.
#[derive(Clone, Copy)]
enum Turn {
    Product,
    Floor,
}

impl Bench<'_> {
    /// Counts statements with one client, then lets product and floor take turns.
    pub(crate) fn measure(&self, operations: usize) -> Result<Report, BenchError> {
        let mut product = Side { statements: self.probe(Turn::Product)?, ..Side::default() };
        let mut floor = Side { statements: self.probe(Turn::Floor)?, ..Side::default() };
        let all = operations as u64;
        let slices = (SLICES as u64).min(all);
        for slice in 0..slices {
            let range = (all * slice / slices, all * (slice + 1) / slices);
            // Sizes are taken outside the timed part, and once: a copy of the file costs time.
            let sized = slice + 1 == slices;
            let before = (self.size(sized)?, self.rows(sized)?);
            self.turn(Turn::Product, range, &mut product)?;
            let between = (self.size(sized)?, self.rows(sized)?);
            self.turn(Turn::Floor, range, &mut floor)?;
            let after = (self.size(sized)?, self.rows(sized)?);
            product.bytes = growth(before.0, between.0, range);
            floor.bytes = growth(between.0, after.0, range);
            product.rows = growth(before.1, between.1, range);
            floor.rows = growth(between.1, after.1, range);
        }
        Ok(Report {
            which: self.which,
            engine: self.database.engine(),
            clients: self.clients,
            http: self.site.map(|site| site.others.len() + 1),
            product,
            floor,
        })
    }

    /// The statements of one operation.
    fn probe(&self, turn: Turn) -> Result<u64, BenchError> {
        // The first operation also draws leases of ids and numbers; the second is like all others.
        let caller = self.site.map(Site::caller);
        self.operate(turn, PROBE, caller.as_ref(), None)?;
        let (before, statements) = (runs(), AtomicU64::new(0));
        self.operate(turn, PROBE + 1, caller.as_ref(), Some(&statements))?;
        // A node counts for all its transactions together; here nobody else works.
        let over_http = caller.is_some() && matches!(turn, Turn::Product);
        Ok(if over_http { runs() - before } else { statements.into_inner() })
    }

    fn turn(&self, turn: Turn, range: (u64, u64), side: &mut Side) -> Result<(), BenchError> {
        let counts = self.counts();
        let cpu = cpu_ticks()?;
        let begun = Instant::now();
        self.slice(turn, range)?;
        let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
        let now = self.counts();
        side.operations += range.1 - range.0;
        side.micros += micros;
        side.cpu_micros += (cpu_ticks()? - cpu) * TICK_MICROS;
        side.transactions += now.commands - counts.commands;
        side.commits += now.commits - counts.commits;
        side.retries += now.retries - counts.retries;
        side.deadlocks += now.deadlocks - counts.deadlocks;
        Ok(())
    }

    /// What all nodes have done.
    fn counts(&self) -> Counts {
        let mut all = self.database.counts();
        for node in self.site.iter().flat_map(|site| &site.others) {
            let counts = node.counts();
            all.commands += counts.commands;
            all.commits += counts.commits;
            all.retries += counts.retries;
            all.deadlocks += counts.deadlocks;
        }
        all
    }

    /// All clients take operations from one row until it is empty.
    fn slice(&self, turn: Turn, (first, end): (u64, u64)) -> Result<(), BenchError> {
        let next = AtomicU64::new(first);
        let client = || {
            let caller = self.site.map(Site::caller);
            loop {
                let operation = next.fetch_add(1, Relaxed);
                if operation >= end {
                    return Ok(());
                }
                if let Err(error) = self.operate(turn, operation, caller.as_ref(), None) {
                    next.store(end, Relaxed);
                    return Err(error);
                }
            }
        };
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..self.clients).map(|_| scope.spawn(client)).collect();
            let lost = || BenchError::System("a client ended in a panic".to_owned());
            // Every client is waited for before the first error is told.
            let ended: Vec<_> =
                clients.into_iter().map(|c| c.join().unwrap_or_else(|_| Err(lost()))).collect();
            ended.into_iter().collect()
        })
    }

    fn operate(
        &self,
        turn: Turn,
        operation: u64,
        caller: Option<&Caller>,
        statements: Option<&AtomicU64>,
    ) -> Result<(), BenchError> {
        match turn {
            Turn::Product => {
                let (database, company) = (self.database, self.company);
                let client = Client { database, caller, company, statements };
                client.operate(self.which, operation)
            }
            Turn::Floor => self.floor(operation, statements),
        }
    }

    fn floor(&self, operation: u64, statements: Option<&AtomicU64>) -> Result<(), BenchError> {
        let items: Vec<ItemId> = items_of(operation).iter().map(|item| self.items[*item]).collect();
        let reference = format!("F{operation}");
        let at = self.company.ctx.at.micros();
        let (placed, accepting) = self.database.write(move |tx| {
            let placed = floor::accept(tx, &reference, &items, at)?;
            Ok::<_, BenchError>((placed, tx.statements()))
        })?;
        let shipping = self.database.write(move |tx| {
            floor::ship(tx, &placed, at)?;
            Ok::<_, BenchError>(tx.statements())
        })?;
        if let Some(statements) = statements {
            statements.fetch_add(accepting + shipping, Relaxed);
        }
        Ok(())
    }

    /// The rows of the tables that an operation writes.
    fn rows(&self, wanted: bool) -> Result<Option<u64>, BenchError> {
        let count = |_| Ok::<_, BenchError>(self.database.read(tables::count_rows)?);
        wanted.then_some(()).map(count).transpose()
    }

    /// The bytes that a copy of the database has: what is in it, whether it still is in the log or
    /// not. None where there is no file.
    fn size(&self, wanted: bool) -> Result<Option<u64>, BenchError> {
        let Some(file) = self.database.file().filter(|_| wanted) else { return Ok(None) };
        let mut name = file.as_os_str().to_owned();
        name.push(".size");
        let copy = Path::new(&name);
        self.database.copy_to(copy)?;
        let size = std::fs::metadata(copy).map_err(refused("the size of a copy"))?.len();
        std::fs::remove_file(copy).map_err(refused("the removal of a copy"))?;
        Ok(Some(size))
    }
}

/// How many statements this process has run.
fn runs() -> u64 {
    floor::SCHEMA.spent().iter().map(|(_, runs, _)| runs).sum()
}

fn growth(before: Option<u64>, after: Option<u64>, (first, end): (u64, u64)) -> Option<u64> {
    Some(after?.saturating_sub(before?) / (end - first))
}

/// What this process has used so far, in the kernel and outside.
pub(crate) fn cpu_ticks() -> Result<u64, BenchError> {
    let unreadable = || BenchError::System("/proc/self/stat cannot be read".to_owned());
    let text = std::fs::read_to_string("/proc/self/stat").map_err(|_| unreadable())?;
    // The name in brackets may hold blanks; after it, user and system time are the 12th and 13th.
    let (_, rest) = text.rsplit_once(')').ok_or_else(unreadable)?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let tick = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok());
    Ok(tick(11).ok_or_else(unreadable)? + tick(12).ok_or_else(unreadable)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_has_three_different_items_of_the_catalogue() {
        for operation in 0..10_000 {
            let mut items = items_of(operation).to_vec();
            items.sort_unstable();
            items.dedup();
            assert_eq!(items.len(), 3);
            assert!(items.iter().all(|item| *item < crate::ITEMS));
        }
    }

    #[test]
    fn processor_time_never_runs_backwards() {
        let before = cpu_ticks().expect("ticks");
        assert!(cpu_ticks().expect("ticks") >= before);
    }
}
