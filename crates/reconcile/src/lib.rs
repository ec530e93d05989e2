//! Asks the books whether they are sound, and tells two books apart.
//!
//! [`check`] runs every named check of every domain on one snapshot, [`check_at_once`] on as many
//! readers as the machine has cores. [`digest`] reduces what the
//! books say — not how they say it — to one hash: two databases that tell the same story have the
//! same digest, whatever engine they are on and whatever ids they drew.

mod open_documents;
mod reports;
mod tables;
mod views;

pub use open_documents::{
    NamedAllocation, OpenDocument, OpenDocumentFilter, PaymentShown, open_documents, payment,
};
pub use reports::{
    AgedRow, AgedRowFilter, AgingFilter, AgingRow, Basis, CardFilter, CardLine, CardLineKind,
    CycleFilter, CycleOrder, CycleOrderFilter, CycleRow, CycleStep, DutyFilter, DutyFinding,
    DutyRow, StockLedgerBy, StockLedgerDay, StockLedgerDayFilter, StockLedgerFilter,
    StockLedgerLine, StockLedgerLineFilter, StockLedgerRow, aged_rows, cycle_orders,
    purchase_cycle, segregation_of_duties, stock_aging, stock_card, stock_ledger,
    stock_ledger_days, stock_ledger_lines,
};
pub use views::{CheckFilter, CheckRow, READ, checks};

use base::{CompanyId, Timestamp};
use sha2::{Digest as _, Sha256};
use std::sync::atomic::{AtomicUsize, Ordering};
use store::{Database, Finding, Row, StoreError, Tx, params};

/// The whole database: every domain's tables and checks.
pub static SCHEMA: store::Schema = store::Schema {
    name: "reconcile",
    migrations: &[],
    statements: &tables::ALL,
    checks: &[],
    append_only: &[],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &partners::SCHEMA,
        &documents::SCHEMA,
        &mail::SCHEMA,
        &webhooks::SCHEMA,
        &jobs::SCHEMA,
        &accounting::SCHEMA,
        &payments::SCHEMA,
        &valuation::SCHEMA,
        &stock::SCHEMA,
        &purchasing::SCHEMA,
        &sales::SCHEMA,
        &counting::SCHEMA,
        &opening::SCHEMA,
        &planning::SCHEMA,
        &quality::SCHEMA,
        &fulfilment::SCHEMA,
        &picking::SCHEMA,
        &receiving::SCHEMA,
        &paperwork::SCHEMA,
    ],
};

/// How long a row of the audit trail may wait for its seal, in microseconds: five minutes.
const PATIENCE: i64 = 5 * 60 * 1_000_000;

/// A named check: a statement, or what reckons hashes or runs a decision again.
#[derive(Clone, Copy)]
enum Check {
    Statement(&'static store::Check),
    SealedPeriods,
    Proposals,
    Routes,
    Matches,
    Trail,
    Files,
    ItemWords,
    PartnerWords,
    /// That the audit trail is sealed as time goes by: at the latest five minutes before now.
    SealedBefore(Timestamp),
    /// That what a server had in hand when it stopped is taken up again: as soon.
    LeasesEndedBefore(Timestamp),
}

impl Check {
    /// Every check; with `now`, also the one that asks a clock.
    fn all(now: Option<Timestamp>) -> Vec<Check> {
        let parts = SCHEMA.in_order().into_iter();
        let mut checks: Vec<Check> =
            parts.flat_map(|part| part.checks).copied().map(Check::Statement).collect();
        checks.extend([
            Check::SealedPeriods,
            Check::Proposals,
            Check::Routes,
            Check::Matches,
            Check::Trail,
            Check::Files,
            Check::ItemWords,
            Check::PartnerWords,
        ]);
        // At the beginning of the calendar there is no earlier moment.
        let before = |now: Timestamp| now.plus_micros(-PATIENCE).unwrap_or(now);
        let timed = now.map(before).into_iter();
        checks.extend(timed.flat_map(|at| [Check::SealedBefore(at), Check::LeasesEndedBefore(at)]));
        checks
    }

    fn run(self, tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Finding, StoreError> {
        let (check, breaches) = match self {
            Check::Statement(check) => return store::run_check(tx, check, company_id),
            Check::SealedPeriods => (
                "I-22 sealed periods add up to what they were sealed with",
                accounting::verify_seals(tx, company_id)?
                    .into_iter()
                    .map(|accounting::SealBroken { area, through, sealed, found, .. }| {
                        format!("{area} through {through}: sealed as {sealed}, now {found}")
                    })
                    .collect(),
            ),
            Check::Proposals => (
                "a live proposal is replayed to the number that it shows",
                planning::verify_proposals(tx, company_id)?,
            ),
            Check::Routes => (
                "a route of an open order is decided the same way again",
                fulfilment::verify_routes(tx, company_id)?,
            ),
            Check::Matches => (
                "a booked blind receipt is matched the same way again",
                receiving::verify_matches(tx, company_id)?,
            ),
            Check::Trail => (
                "the audit trail is as it was sealed, row after row",
                store::verify_trail(tx, company_id)?,
            ),
            Check::Files => (
                "documents: every file is what its hash says",
                documents::verify_files(tx, company_id)?,
            ),
            Check::ItemWords => (
                "catalog: every item is found by its number and name",
                catalog::verify_words(tx, company_id)?,
            ),
            Check::PartnerWords => (
                "partners: every partner is found by its number, name and e-mail address",
                partners::verify_words(tx, company_id)?,
            ),
            Check::SealedBefore(before) => {
                let late = store::unsealed_before(tx, company_id, before)?;
                let told = format!("{late} rows wait; `purser serve` seals them while it runs");
                (
                    "no row of the audit trail waits for its seal longer than five minutes",
                    if late == 0 { Vec::new() } else { vec![told] },
                )
            }
            Check::LeasesEndedBefore(before) => {
                let over = [
                    ("deliveries to webhooks", webhooks::leases_over(tx, company_id, before)?),
                    ("jobs", jobs::leases_over(tx, company_id, before)?),
                ];
                let told = over.into_iter().filter(|(_, over)| *over);
                (
                    "no lease has been over for longer than five minutes",
                    told.map(|(what, _)| {
                        format!("{what} wait; `purser serve` takes them up while it runs")
                    })
                    .collect(),
                )
            }
        };
        Ok(Finding { check, breaches })
    }
}

/// Runs every check of every domain for a company, on one snapshot: those that are statements, then
/// those that reckon hashes, of sealed periods and of the audit trail. With `now`, also that the
/// audit trail is sealed as time goes by.
///
/// # Errors
/// The store's own.
pub fn check(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Option<Timestamp>,
) -> Result<Vec<Finding>, StoreError> {
    Check::all(now).into_iter().map(|check| check.run(tx, company_id)).collect()
}

/// As [`check`], with one reader for each core of the machine: each check sees a snapshot of its own.
/// What has to hold holds in every one of them, so the findings mean the same.
///
/// # Errors
/// The store's own; the first one met.
pub fn check_at_once(
    database: &Database,
    company_id: CompanyId,
    now: Option<Timestamp>,
) -> Result<Vec<Finding>, StoreError> {
    let checks = Check::all(now);
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Finding)>, StoreError> {
        let mut found = Vec::new();
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(check) = checks.get(place).copied() else { break Ok(found) };
            found.push((place, database.read(move |tx| check.run(tx, company_id))?));
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let mut findings = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        let mut findings = Vec::with_capacity(checks.len());
        for worker in workers {
            let gone = |_| StoreError::Unusable("a check ended without an answer".to_owned());
            findings.extend(worker.join().map_err(gone)??);
        }
        Ok::<_, StoreError>(findings)
    })?;
    findings.sort_unstable_by_key(|(place, _)| *place);
    Ok(findings.into_iter().map(|(_, finding)| finding).collect())
}

/// What the books say, in canonical lines, and their hash.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Digest {
    /// SHA-256 of the lines, each ended by a line feed, in hexadecimal.
    pub sha256: String,
    /// The lines, sorted bytewise: no ids, no wall times.
    pub lines: Vec<String>,
}

/// Reduces a company's books to canonical lines: stock by SKU, place and lot; layers by SKU, pool,
/// class, day and position; accounts with debit and credit; orders by state; the number of moves.
///
/// # Errors
/// The store's own.
pub fn digest(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Digest, StoreError> {
    let mut lines = Vec::new();
    for (word, statement) in [
        ("stock", &tables::DIGEST_STOCK),
        ("layer", &tables::DIGEST_LAYERS),
        ("account", &tables::DIGEST_ACCOUNTS),
        ("purchase orders", &tables::DIGEST_PURCHASE_ORDERS),
        ("sales orders", &tables::DIGEST_SALES_ORDERS),
        ("moves", &tables::DIGEST_MOVES),
    ] {
        let rows = tx.query(statement, params![company_id])?;
        lines.extend(rows.iter().map(|row| line(word, row)));
    }
    lines.sort_unstable();
    let mut hash = Sha256::new();
    for line in &lines {
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(Digest { sha256, lines })
}

/// A row as one line; cells are told apart by tabs, which no code and no name may contain.
fn line(word: &str, row: &Row) -> String {
    use store::Value;
    let mut line = word.to_owned();
    for value in row.values() {
        line.push('\t');
        match value {
            Value::Null => line.push('-'),
            Value::Int(int) => line.push_str(&int.to_string()),
            Value::Text(text) => line.push_str(text),
            Value::Bytes(bytes) => line.extend(bytes.iter().map(|byte| format!("{byte:02x}"))),
        }
    }
    line
}
