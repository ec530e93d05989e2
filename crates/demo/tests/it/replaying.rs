//! The world, booked: on a part of the real items, so that weeks go by in seconds.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex};

use demo::{DemoError, Options, Outcome};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use store::testing::Fresh;
use store::{Database, Engine};

/// To the middle of April: four months are locked, and the second warehouse is open for two weeks.
const DAYS: u32 = 136;

/// One item in 25 of the real files, and every service.
static PART: LazyLock<PathBuf> = LazyLock::new(|| {
    let whole = demo::data_folder(None).expect("the data is beside the sources");
    let part = std::env::temp_dir().join(format!("purser-demo-part-{}", std::process::id()));
    std::fs::create_dir_all(&part).expect("a folder for the part");
    let kept: BTreeSet<String> = rows(&whole, "items.csv.gz")
        .iter()
        .skip(1)
        .map(|row| row.split(',').next().unwrap_or_default().to_owned())
        .enumerate()
        .filter(|(at, code)| at % 25 == 0 || !demo::is_goods_code(code))
        .map(|(_, code)| code)
        .collect();
    for (file, column) in
        [("items.csv.gz", 0), ("lines.csv.gz", 2), ("daily.csv.gz", 0), ("adjustments.csv.gz", 2)]
    {
        let target = File::create(part.join(file)).expect("a file of the part");
        let mut target = GzEncoder::new(target, Compression::fast());
        for (at, row) in rows(&whole, file).iter().enumerate() {
            let code = row.split(',').nth(column).unwrap_or_default();
            if at == 0 || kept.contains(code) {
                writeln!(target, "{row}").expect("the disk has room");
            }
        }
        target.finish().expect("the disk has room");
    }
    std::fs::copy(whole.join("lead_ratio.csv"), part.join("lead_ratio.csv")).expect("a copy");
    part
});

fn rows(folder: &Path, file: &str) -> Vec<String> {
    let file = File::open(folder.join(file)).expect("the data is there");
    let lines = BufReader::new(GzDecoder::new(file)).lines();
    lines.map(|line| line.expect("the file is text")).collect()
}

fn replay(database: &Database) -> Result<Outcome, DemoError> {
    let options = Options { days: DAYS, data: Some(PART.clone()) };
    demo::run(database, options, &mut ())
}

#[test]
fn both_engines_and_a_second_run_end_with_the_same_books_and_every_check_holds() {
    let ended: Mutex<Vec<Outcome>> = Mutex::new(Vec::new());
    for engine in [Engine::Sqlite, Engine::Sqlite, Engine::Postgres] {
        let fresh = Fresh::new(engine, &reconcile::SCHEMA);
        let outcome = replay(&fresh.database).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(outcome.breaches, [], "{engine:?}");
        let again = replay(&fresh.database);
        assert!(matches!(again, Err(DemoError::NotEmpty { .. })), "{again:?}");
        ended.lock().unwrap().push(outcome);
    }
    let ended = ended.into_inner().unwrap();
    for other in &ended[1..] {
        assert_eq!(other.digest, ended[0].digest);
        assert_eq!((&other.tally, &other.figures), (&ended[0].tally, &ended[0].figures));
    }
    sound(&ended[0]);
    planned(&ended[0]);
    in_two_warehouses(&ended[0]);
    told(&ended[0]);
}

/// What the doors did adds up to what was read.
fn sound(outcome: &Outcome) {
    let (reading, tally, figures) = (&outcome.reading, &outcome.tally, &outcome.figures);
    assert_eq!(reading.unread_lines(), 0);
    assert_eq!(tally.order_lines, reading.goods + reading.free_goods);
    assert_eq!(tally.services, reading.services);
    assert_eq!(tally.services_booked + tally.services_of_nothing, reading.services);
    assert_eq!(tally.notes, reading.stock_notes);
    let credited = tally.cancellation_lines + tally.return_lines - tally.lines_split;
    assert_eq!(credited, reading.credited_goods);
    let waits = tally.shipped_same_day + tally.shipped_later + tally.unfilled + tally.cancelled;
    assert_eq!(tally.ordered, waits + outcome.waiting);
    assert!(tally.receipts > 0 && tally.bills > 0 && tally.payments_in > 0 && tally.payouts > 0);
    assert!(tally.counted_lines > 0 && tally.discovered > 0 && outcome.undiscovered > 0);
    assert!(tally.returns > 0 && tally.restocked > 0 && tally.refunded_returns > 0);
    assert!(tally.replenishment_orders > 0 && tally.approved_by_lee > 0);
    assert_eq!((tally.months_locked.len(), tally.months_open.len()), (4, 0));
    assert_eq!(figures.manual_entries, 0);
    assert!(outcome.fill_per_mille() > 800, "{}", outcome.fill_per_mille());
    assert!(outcome.checks > 80, "{}", outcome.checks);
}

/// What planning proposed became orders, and items with a rule are ready for automation; what never came
/// yet has no cost.
fn planned(outcome: &Outcome) {
    let tally = &outcome.tally;
    assert!(tally.planning_runs >= 18 && tally.run_twice > 0, "{tally:?}");
    assert!(tally.rules_set > 0 && tally.edited > 0 && tally.edited < tally.approved / 10);
    // What is open at a run and neither ordered nor dismissed is looked at again by the next one.
    assert!(tally.approved + tally.withdrawn <= tally.proposed, "{tally:?}");
    assert!(tally.replenishment_orders <= tally.approved);
    assert!(tally.north_orders > 0 && tally.north_orders < tally.replenishment_orders);
    let (ready, all) = outcome.ready;
    assert!(ready <= all && ready * 100 >= all * 95, "{ready} of {all}");
}

/// Goods went to the second warehouse, and are worth there what they were before.
fn in_two_warehouses(outcome: &Outcome) {
    let (tally, figures) = (&outcome.tally, &outcome.figures);
    let codes: Vec<&str> = outcome.places.iter().map(|place| place.code.as_str()).collect();
    assert_eq!(codes, ["WH", "NORTH"]);
    assert!(outcome.places.iter().all(|place| place.pieces > 0 && place.value > 0));
    let worth: i64 = outcome.places.iter().map(|place| place.value).sum();
    assert_eq!(worth, figures.stock + figures.quarantine);
    assert!(tally.transfers > 1 && tally.transferred > 0);
    let told = tally.transfer_found + tally.transfer_left_behind + tally.transfer_lost;
    assert!(told <= tally.transfer_short);
    let sites = tally.sites;
    assert_eq!(sites[0].ordered + sites[1].ordered, tally.ordered);
    assert_eq!(sites[0].filled + sites[1].filled, tally.shipped_same_day);
    assert!(sites[1].ordered > 0 && sites[1].filled > 0);
    assert!(tally.routed_elsewhere + tally.routed_split > 0);
    assert!(sites.iter().any(|site| site.from_elsewhere > 0));
}

fn told(outcome: &Outcome) {
    let screen = demo::screen(outcome);
    println!("{screen}");
    assert!(screen.lines().count() <= 50, "{screen}");
    assert!(screen.lines().all(|line| line.chars().count() <= 130), "{screen}");
    assert!(screen.contains(&outcome.digest) && screen.contains("checks held"));
    assert!(screen.contains("NORTH: GBP") && screen.contains("in transit"));
    let page = demo::page(outcome);
    assert!(page.starts_with("<!doctype html>") && !page.contains("http"));
    assert!(page.contains(&outcome.digest));
}

#[test]
fn days_that_are_not_in_the_data_are_refused() {
    let fresh = Fresh::new(Engine::Sqlite, &reconcile::SCHEMA);
    for days in [0, demo::MOST_DAYS + 1] {
        let refused = demo::run(&fresh.database, Options { days, data: None }, &mut ());
        assert!(matches!(refused, Err(DemoError::Days { asked }) if asked == days));
    }
}
