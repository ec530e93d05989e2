//! `import_tracking`: a carrier's file says which numbers packages travel under. A file with any error
//! changes nothing; the same file again changes nothing either.

use crate::label_package::LONGEST;
use crate::model::{PACKAGE, Package};
use crate::tables;
use crate::words::PackageState;
use crate::{IMPORT_TRACKING, PACK};
use base::{Id, Problem, Rule, check_text};
use identity::{Ctx, Denied};
use std::collections::BTreeMap;
use store::{StoreError, Tx};
use tabular::{Column, ImportReport, RowError};

const NUMBER: Column = Column::text("package_number", "a package's number").required();
const TRACKING: Column = Column::text("tracking", "the carrier's number").required();
const CARRIER: Column = Column::text("carrier", "who carries it");
const SERVICE: Column = Column::text("service", "the carrier's service");

/// The columns of the file.
pub const TRACKING_COLUMNS: &[Column] = &[NUMBER, TRACKING, CARRIER, SERVICE];

/// The most rows of one file.
const MAX_ROWS: usize = 20_000;

/// Why a file was refused as a whole.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ImportTrackingError {
    /// No permission, or not in the warehouse of a package.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ImportTrackingError {
    fn problem(&self) -> Problem {
        match self {
            ImportTrackingError::Denied(error) => error.problem(),
            ImportTrackingError::Store(error) => error.problem(),
        }
    }
}

/// A row of the file.
struct Told {
    row: u64,
    number: String,
    tracking: String,
    carrier: Option<String>,
    service: Option<String>,
}

/// Takes over a file of tracking numbers, or only tells what it would do (`dry_run`). The errors of all
/// rows are told at once. A row is counted as created when its package had no number before.
///
/// # Errors
/// See [`ImportTrackingError`]; what is wrong with the file is in the report.
pub fn import_tracking(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    file: &[u8],
    dry_run: bool,
) -> Result<ImportReport, ImportTrackingError> {
    ctx.require_somewhere(PACK)?;
    let rows = match read(file) {
        Ok(rows) => rows,
        Err(errors) => return Ok(ImportReport::refused(0, errors)),
    };
    let count = rows.len() as u64;
    if rows.len() > MAX_ROWS {
        let message = format!("more than {MAX_ROWS} rows; split the file");
        return Ok(ImportReport::refused(count, vec![RowError::whole(1, message)]));
    }
    let numbers = rows.iter().map(|told| told.number.as_str());
    let packages = tables::lock_numbered(tx, ctx.company_id, numbers)?;
    for package in packages.values() {
        ctx.require_in(PACK, package.warehouse_id)?;
    }
    let (mut report, mut errors) = (ImportReport { rows: count, ..Default::default() }, Vec::new());
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    let mut changed: Vec<Package> = Vec::new();
    for told in &rows {
        let Told { row, number, .. } = told;
        if let Some(before) = seen.insert(number, *row) {
            errors.push(RowError::of(*row, NUMBER, format!("{number} is in row {before}, too")));
            continue;
        }
        let Some(package) = packages.get(number) else {
            errors.push(RowError::of(*row, NUMBER, format!("there is no package {number:?}")));
            continue;
        };
        if package.state == PackageState::Unpacked {
            let message = format!("package {number} was unpacked; it travels nowhere");
            errors.push(RowError::of(*row, NUMBER, message));
            continue;
        }
        let mut package = package.clone();
        match put_on(told, &mut package) {
            Err(error) => errors.push(error),
            Ok(None) => report.unchanged += 1,
            Ok(Some(new)) => {
                report.created += u64::from(new);
                report.changed += u64::from(!new);
                changed.push(package);
            }
        }
    }
    if !errors.is_empty() {
        return Ok(ImportReport::refused(count, errors));
    }
    report.applied = !dry_run;
    if !dry_run {
        record(tx, ctx, &changed)?;
    }
    Ok(report)
}

fn read(file: &[u8]) -> Result<Vec<Told>, Vec<RowError>> {
    tabular::read(file, TRACKING_COLUMNS)?.map(|cells| {
        // An empty cell says nothing.
        let said = |column| Some(cells.text(column).to_owned()).filter(|text| !text.is_empty());
        Told {
            row: cells.row(),
            number: cells.text(NUMBER).to_owned(),
            tracking: cells.text(TRACKING).to_owned(),
            carrier: said(CARRIER),
            service: said(SERVICE),
        }
    })
}

/// Puts what a row says on its package; whether it had no number before, or nothing when it says what
/// stands there already.
fn put_on(told: &Told, package: &mut Package) -> Result<Option<bool>, RowError> {
    let before = package.label.clone();
    let texts = [
        (TRACKING, Some(&told.tracking), &mut package.label.tracking),
        (CARRIER, told.carrier.as_ref(), &mut package.label.carrier),
        (SERVICE, told.service.as_ref(), &mut package.label.service),
    ];
    for (column, given, text) in texts {
        if let Some(given) = given {
            check_text(column.name, given, LONGEST)
                .map_err(|error| RowError::of(told.row, column, error.to_string()))?;
            text.clone_from(given);
        }
    }
    Ok((package.label != before).then_some(before.tracking.is_empty()))
}

fn record(tx: &mut Tx<'_>, ctx: &Ctx, packages: &[Package]) -> Result<(), StoreError> {
    tables::update_packages(tx, ctx.company_id, packages)?;
    for package in packages {
        let detail = serde_json::json!({
            "number": package.number, "carrier": package.label.carrier,
            "service": package.label.service, "tracking": package.label.tracking,
        });
        ctx.audit(tx, IMPORT_TRACKING, PACKAGE, package.id.raw(), detail.clone());
        let revision = package.revision + 1;
        ctx.fact(tx, PACKAGE, package.id.raw(), revision, "picking.labelled", detail);
    }
    Ok(())
}
