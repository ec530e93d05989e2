//! Asks the books whether they are sound, and tells two books apart.
//!
//! [`check`] runs every named check of every domain on one snapshot, [`check_at`] also asks whether
//! the audit trail is sealed in time. [`digest`] reduces what the
//! books say — not how they say it — to one hash: two databases that tell the same story have the
//! same digest, whatever engine they are on and whatever ids they drew.

mod changes;
mod tables;
mod views;

pub use changes::{Done, MOST_DONE, done_since};
pub use views::{CheckFilter, CheckRow, READ, checks};

use base::{CompanyId, Timestamp};
use sha2::{Digest as _, Sha256};
use store::{Finding, Row, StoreError, Tx, params};

/// The whole database: every domain's tables and checks.
pub static SCHEMA: store::Schema = store::Schema {
    name: "reconcile",
    migrations: &[],
    statements: tables::STATEMENTS,
    checks: &[],
    append_only: &[],
    below: &[
        &store::SCHEMA,
        &identity::SCHEMA,
        &catalog::SCHEMA,
        &partners::SCHEMA,
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
    ],
};

/// How long a row of the audit trail may wait for its seal, in microseconds: five minutes.
const PATIENCE: i64 = 5 * 60 * 1_000_000;

/// Runs every check of every domain for a company, on one snapshot: those that are statements, then
/// those that reckon hashes, of sealed periods and of the audit trail.
///
/// # Errors
/// The store's own.
pub fn check(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<Finding>, StoreError> {
    let mut findings = store::run_checks(tx, &SCHEMA, company_id)?;
    let periods = accounting::verify_seals(tx, company_id)?.into_iter().map(|broken| {
        let accounting::SealBroken { area, through, sealed, found, .. } = broken;
        format!("{area} through {through}: sealed as {sealed}, now {found}")
    });
    findings.push(Finding {
        check: "I-22 sealed periods add up to what they were sealed with",
        breaches: periods.collect(),
    });
    findings.push(Finding {
        check: "a live proposal is replayed to the number that it shows",
        breaches: planning::verify_proposals(tx, company_id)?,
    });
    findings.push(Finding {
        check: "the audit trail is as it was sealed, row after row",
        breaches: store::verify_trail(tx, company_id)?,
    });
    Ok(findings)
}

/// As [`check`], and that the audit trail is sealed as time goes by.
///
/// # Errors
/// The store's own.
pub fn check_at(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
) -> Result<Vec<Finding>, StoreError> {
    let mut findings = check(tx, company_id)?;
    // At the beginning of the calendar there is no earlier moment.
    let before = now.plus_micros(-PATIENCE).unwrap_or(now);
    let late = store::unsealed_before(tx, company_id, before)?;
    let told = format!("{late} rows wait; `purser serve` seals them while it runs");
    findings.push(Finding {
        check: "no row of the audit trail waits for its seal longer than five minutes",
        breaches: if late == 0 { Vec::new() } else { vec![told] },
    });
    Ok(findings)
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
