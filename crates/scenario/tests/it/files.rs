use scenario::{Options, Outcome, RunError};
use std::path::PathBuf;

/// A file of this text in a folder of its own.
fn file(name: &str, text: &str) -> PathBuf {
    let folder =
        std::env::temp_dir().join(format!("purser-scenario-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let path = folder.join("case.yaml");
    std::fs::write(&path, text).expect("a temporary file");
    path
}

fn refused(name: &str, text: &str) -> String {
    let path = file(name, text);
    let error =
        scenario::run(std::slice::from_ref(&path), Options::default()).expect_err("a refusal");
    std::fs::remove_dir_all(path.parent().expect("a folder")).expect("the folder goes");
    error.to_string()
}

const CASE: &str = "\
id: small
title: Ten in, four out
setup:
  items:
    - {sku: P1, uom: unit, cost_method: average}
steps:
  - {n: 1, do: receive, item: P1, qty: 10, unit_cost: 3}
  - {n: 2, do: deliver, item: P1, qty: 4}
  - {n: 3, do: deliver, item: P1, qty: 7}
expect:
  - {check: on_hand, item: P1, qty: 6}
  - {check: value, item: P1, amount: 18}
  - {check: error, step: 3}
";

#[test]
fn a_file_that_is_no_case_is_refused_with_its_line() {
    for (name, from, to, told) in [
        ("yaml", "sku: P1, uom", "sku: [P1, uom", "case.yaml: line"),
        ("key", "setup:", "set-up:", "case.yaml: line 4: unknown key"),
        ("step", "n: 2", "n: 5", "case.yaml: line 8: steps are numbered"),
        ("at", "step: 3}", "step: 9}", "case.yaml: line 13: step: there is no step 9"),
        ("id", "id: small\n", "", "id is missing"),
    ] {
        let error = refused(name, &CASE.replace(from, to));
        assert!(error.contains(told), "{error}");
    }
    let missing = scenario::run(&[PathBuf::from("/nowhere/case.yaml")], Options::default());
    assert!(matches!(missing, Err(RunError::File { .. })));
    assert!(matches!(scenario::run(&[], Options::default()), Err(RunError::Nothing)));
}

fn run_one(name: &str, text: &str) -> (Outcome, String) {
    let path = file(name, text);
    let report = scenario::run(std::slice::from_ref(&path), Options::default()).expect("a report");
    std::fs::remove_dir_all(path.parent().expect("a folder")).expect("the folder goes");
    (report.cases[0].outcome.clone(), report.text())
}

#[test]
fn a_case_whose_figures_hold_passes() {
    let (outcome, text) = run_one("passes", CASE);
    assert_eq!(outcome, Outcome::Passed, "{text}");
    assert!(text.ends_with("1 passed, 0 failed, 0 skipped\n"), "{text}");
}

#[test]
fn a_figure_that_does_not_hold_is_told_with_what_it_is() {
    let (outcome, text) = run_one("fails", &CASE.replace("amount: 18", "amount: \"18.01\""));
    assert!(matches!(outcome, Outcome::Failed(_)));
    assert!(text.contains(":12  check value after step 3\n"), "{text}");
    assert!(text.contains("amount: expected 18.01, got 18\n"), "{text}");
}

#[test]
fn a_refusal_that_nobody_expects_fails_the_case() {
    let (outcome, text) = run_one("refusal", &CASE.replace("  - {check: error, step: 3}\n", ""));
    assert!(matches!(outcome, Outcome::Failed(_)));
    assert!(text.contains("step 3 (deliver)"), "{text}");
    assert!(text.contains("insufficient_stock"), "{text}");
}

#[test]
fn a_case_that_uses_what_is_not_there_is_skipped_before_it_runs() {
    for (name, from, to, told) in [
        ("verb", "do: deliver, item: P1, qty: 4", "do: fly", "verb fly"),
        ("argument", "unit_cost: 3", "unit_cost: 3, wings: 2", "argument wings of verb receive"),
        ("check", "check: value, item: P1, amount: 18", "check: mood", "check mood"),
        ("setup", "uom: unit,", "uom: unit, colour: red,", "set-up key items.colour"),
        ("policy", "setup:", "policy: {weather: fine}\nsetup:", "policy weather"),
        ("method", "average", "guess", "set-up key items.cost_method: guess"),
    ] {
        let (outcome, text) = run_one(name, &CASE.replace(from, to));
        let Outcome::Skipped(reasons) = outcome else { panic!("{name} was not skipped: {text}") };
        assert!(reasons.iter().any(|reason| reason == told), "{reasons:?}");
    }
}
