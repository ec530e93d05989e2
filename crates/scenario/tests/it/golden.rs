use scenario::{Outcome, Report};
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../scenarios/golden"))
}

/// The ids that must pass, one a line.
fn passing() -> Vec<String> {
    let text = std::fs::read_to_string(folder().join("PASSING")).expect("the list of passing ids");
    text.lines().map(str::to_owned).collect()
}

/// Cases that fail for a known fault elsewhere: `stock::post` makes no stock row for goods that leave a
/// place, below zero by policy, where the item never was.
const FAILING: &[&str] = &[];

#[track_caller]
fn assert_as_listed(report: &Report) {
    let passed: Vec<String> = report
        .cases
        .iter()
        .filter(|case| case.outcome == Outcome::Passed)
        .map(|case| case.id.clone())
        .collect();
    let failed = report.cases.iter().filter(|case| matches!(case.outcome, Outcome::Failed(_)));
    let failed: Vec<&str> = failed.map(|case| case.id.as_str()).collect();
    assert_eq!(failed, FAILING, "{}", report.text());
    assert_eq!(passed, passing(), "scenarios/golden/PASSING is not what passes");
}

#[test]
fn the_listed_cases_pass_on_a_database_of_their_own() {
    let report = scenario::run(&[folder()], scenario::Options::default()).expect("a report");
    assert_as_listed(&report);
}

#[test]
fn the_listed_cases_pass_beside_each_other_on_both_engines() {
    store::testing::on_both_engines(&reconcile::SCHEMA, |database| {
        let report = scenario::run_on(database, &[folder()]).expect("a report");
        assert_as_listed(&report);
    });
}

#[test]
fn the_manual_lists_what_is_supported_and_what_passes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/SCENARIOS.md");
    let manual = std::fs::read_to_string(path).expect("the manual");
    let tables = scenario::supported();
    assert!(manual.contains(&tables), "the tables of docs/SCENARIOS.md are old:\n{tables}");
    let report = scenario::run(&[folder()], scenario::Options::default()).expect("a report");
    for case in report.cases.iter().filter(|case| case.outcome == Outcome::Passed) {
        let row = format!("| `{}` | {} |", case.id, case.title);
        assert!(manual.contains(&row), "docs/SCENARIOS.md lacks the row\n{row}");
    }
}
