//! `purser import`: master data, offers, orders and tracking numbers from CSV files.

use crate::args::{DatabaseArgs, ImportArgs, ImportKind};
use crate::failure::{Failure, refused};
use crate::place;
use identity::Ctx;
use indicatif::ProgressBar;
use std::io::Read;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use store::Tx;
use tabular::ImportReport;

/// How many errors are shown to a reader; `--json` has all of them.
const SHOWN: usize = 20;

/// The name of a file that stands for standard input or output.
const STANDARD: &str = "-";

/// Takes a file over, or with `--dry-run` only says what would happen. Exit 1 says that the file
/// has errors; nothing of it was then taken over.
pub(crate) fn run(args: &DatabaseArgs, asked: &ImportArgs) -> Result<ExitCode, Failure> {
    let file: Arc<[u8]> = read(&asked.file)?.into();
    let database = place::open(args)?;
    let company = place::company(&database, asked.company.as_deref())?;
    let waiting = ProgressBar::new_spinner().with_message("reading and comparing");
    waiting.enable_steady_tick(Duration::from_millis(120));
    let (kind, dry_run) = (asked.kind, asked.dry_run);
    let report = database.write(move |tx| {
        let ctx = place::operator(tx, company)?;
        import(tx, &ctx, kind, &file, dry_run)
    });
    waiting.finish_and_clear();
    let report = report?;
    database.seal_trail(company)?;
    if asked.json {
        let text = serde_json::to_string_pretty(&report);
        println!("{}", text.map_err(|error| Failure(error.to_string()))?);
    } else {
        tell(&report, asked.dry_run);
    }
    Ok(if report.errors.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    if file == Path::new(STANDARD) {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file).map_err(|error| Failure(format!("{}: {error}", file.display())))
}

fn import(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: ImportKind,
    file: &[u8],
    dry_run: bool,
) -> Result<ImportReport, Failure> {
    match kind {
        ImportKind::Items => catalog::import_items(tx, ctx, file, dry_run).map_err(refused),
        ImportKind::Suppliers => {
            partners::import_suppliers(tx, ctx, file, dry_run).map_err(refused)
        }
        ImportKind::Customers => {
            partners::import_customers(tx, ctx, file, dry_run).map_err(refused)
        }
        ImportKind::Offers => purchasing::import_offers(tx, ctx, file, dry_run).map_err(refused),
        ImportKind::Rules => planning::import_rules(tx, ctx, file, dry_run).map_err(refused),
        ImportKind::SalesOrders => sales::import_orders(tx, ctx, file, dry_run).map_err(refused),
        ImportKind::Tracking => picking::import_tracking(tx, ctx, file, dry_run).map_err(refused),
    }
}

fn tell(report: &ImportReport, dry_run: bool) {
    for error in report.errors.iter().take(SHOWN) {
        println!("{error}");
    }
    if report.errors.len() > SHOWN {
        println!("and {} more; --json has all of them", report.errors.len() - SHOWN);
    }
    if !report.errors.is_empty() {
        println!("{} rows, {} errors: nothing was changed", report.rows, report.errors.len());
        return;
    }
    let ImportReport { rows, created, changed, unchanged, .. } = report;
    let done = if dry_run { "would be " } else { "" };
    println!(
        "{rows} rows: {created} {done}created, {changed} {done}changed, {unchanged} unchanged"
    );
}
