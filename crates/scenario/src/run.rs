//! Runs files, or all files of folders: each case on a database of its own, or in a company of its own.

use crate::case::{self, Case};
use crate::checks::{self, outcome::expects_refusal};
use crate::report::{Failure, Mismatch, Outcome, Report, Verdict};
use crate::world::{Record, Stop, World};
use crate::{setup, steps, support};
use std::path::{Path, PathBuf};
use store::{Database, StoreError};

/// How scenarios are run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The address of a database in which each case gets a company of its own. Without one, each case
    /// gets a fresh database that goes away after it.
    pub database: Option<String>,
}

/// Why nothing was run.
#[derive(thiserror::Error, Debug)]
pub enum RunError {
    /// A file or folder cannot be read.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// A file is no case.
    #[error("{path}: {error}")]
    Yaml {
        /// Which.
        path: String,
        /// Why, with the line.
        error: crate::YamlError,
    },
    /// No file was named, or the folders have none.
    #[error("there is no case to run; name .yaml files or folders that have some")]
    Nothing,
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Runs the cases of files and folders, folders in the order of their file names. Files of a folder
/// without top-level `steps` are no cases and left out.
///
/// # Errors
/// [`RunError`] when a file cannot be read as a case, before any is run; or the database fails.
pub fn run(paths: &[PathBuf], options: Options) -> Result<Report, RunError> {
    let cases = read_all(paths)?;
    let shared = options.database.as_deref().map(|url| open(url, false)).transpose()?;
    let mut report = Report::default();
    for (file, case) in cases {
        let verdict = match &shared {
            Some(database) => judge(database, &file, &case),
            None if !support::unsupported(&case).is_empty() => skipped(&file, &case),
            None => {
                let database = open("sqlite::memory:", true)?;
                let verdict = judge(&database, &file, &case);
                database.close();
                verdict
            }
        };
        report.cases.push(verdict);
    }
    if let Some(database) = shared {
        database.close();
    }
    Ok(report)
}

/// Runs the cases of files and folders on an open database that has the product's tables, each in a
/// company of its own.
///
/// # Errors
/// [`RunError`] when a file cannot be read as a case.
pub fn run_on(database: &Database, paths: &[PathBuf]) -> Result<Report, RunError> {
    let judge = |(file, case): (String, Case)| judge(database, &file, &case);
    Ok(Report { cases: read_all(paths)?.into_iter().map(judge).collect() })
}

fn open(url: &str, scratch: bool) -> Result<Database, StoreError> {
    let options =
        store::Options { unsafe_durability: scratch, readers: 1, ..store::Options::default() };
    let database = Database::open(url, options)?;
    database.migrate(&reconcile::SCHEMA)?;
    Ok(database)
}

fn read_all(paths: &[PathBuf]) -> Result<Vec<(String, Case)>, RunError> {
    let mut cases = Vec::new();
    for path in paths {
        if path.is_dir() {
            for file in folder(path)? {
                let text = text_of(&file)?;
                let name = file.display().to_string();
                if case::is_case(&text).map_err(|error| bad(&name, error))? {
                    cases.push((
                        name.clone(),
                        case::read(&text).map_err(|error| bad(&name, error))?,
                    ));
                }
            }
        } else {
            let name = path.display().to_string();
            let case = case::read(&text_of(path)?).map_err(|error| bad(&name, error))?;
            cases.push((name, case));
        }
    }
    if cases.is_empty() { Err(RunError::Nothing) } else { Ok(cases) }
}

fn bad(path: &str, error: crate::YamlError) -> RunError {
    RunError::Yaml { path: path.to_owned(), error }
}

fn text_of(path: &Path) -> Result<String, RunError> {
    std::fs::read_to_string(path)
        .map_err(|error| RunError::File { path: path.display().to_string(), error })
}

fn folder(path: &Path) -> Result<Vec<PathBuf>, RunError> {
    let told = |error| RunError::File { path: path.display().to_string(), error };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(told)? {
        let file = entry.map_err(told)?.path();
        if file.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn skipped(file: &str, case: &Case) -> Verdict {
    verdict(file, case, Outcome::Skipped(support::unsupported(case)))
}

fn verdict(file: &str, case: &Case, outcome: Outcome) -> Verdict {
    Verdict {
        file: file.to_owned(),
        id: case.id.clone(),
        title: case.title.clone(),
        checks: case.expect.len(),
        outcome,
    }
}

/// Runs one case, unless it uses what is not supported.
fn judge(database: &Database, file: &str, case: &Case) -> Verdict {
    if !support::unsupported(case).is_empty() {
        return skipped(file, case);
    }
    let failures = play(database, case);
    let outcome = if failures.is_empty() { Outcome::Passed } else { Outcome::Failed(failures) };
    verdict(file, case, outcome)
}

fn play(database: &Database, case: &Case) -> Vec<Failure> {
    let mut world = match setup::build(database, case) {
        Ok(world) => world,
        Err(stop) => return vec![broken(1, "set-up", &told(&stop))],
    };
    let mut failures = Vec::new();
    for step in &case.steps {
        let subject = format!("step {} ({})", step.n, step.verb);
        let line = step.args.line();
        if let Err(what) = take(&mut world, step) {
            failures.push(broken(line, &subject, &what));
            return failures;
        }
        let refusal = world.records.get(&step.n).and_then(|record| record.outcome.as_ref().err());
        let wanted = case
            .expect
            .iter()
            .any(|expect| expect.step == Some(step.n) && expects_refusal(&expect.check));
        if let Some(problem) = refusal.filter(|_| !wanted) {
            let what = format!("refused ({}): {}", problem.code, problem.detail);
            failures.push(broken(line, &subject, &what));
        }
        for expect in case.expect.iter().filter(|expect| expect.at == step.n) {
            let mismatches = checks::run(&world, expect);
            if !mismatches.is_empty() {
                let subject = format!("check {} after step {}", expect.check, step.n);
                failures.push(Failure { line: expect.args.line(), subject, mismatches });
            }
        }
    }
    failures.extend(unsound(&world));
    failures
}

/// What the named checks of every domain find in the books of the case. What a step forced below zero
/// was allowed to go there.
fn unsound(world: &World) -> Option<Failure> {
    let allowed = match world.forced {
        true => setup::set_policy(world, "negative_stock", "allowed"),
        false => Ok(()),
    };
    let found =
        allowed.and_then(|()| world.read(|tx, ctx| reconcile::check(tx, ctx.company_id, None)));
    let mismatches: Vec<Mismatch> = match found {
        Ok(found) => found
            .iter()
            .filter(|finding| !finding.breaches.is_empty())
            .map(|finding| Mismatch::new(finding.check, "no breach", finding.breaches.join("; ")))
            .collect(),
        Err(stop) => vec![Mismatch::new("books", "an answer", told(&stop))],
    };
    let subject = "the books after the last step".to_owned();
    (!mismatches.is_empty()).then_some(Failure { line: 1, subject, mismatches })
}

/// Does a step and takes down what it posted.
fn take(world: &mut World, step: &crate::Step) -> Result<(), String> {
    let look = |stop: Stop| told(&stop);
    let costs_before = world.unit_costs().map_err(look)?;
    let outcome = steps::run(world, step)?;
    let entries = world.new_entries().map_err(look)?;
    let moves = world.new_moves().map_err(look)?;
    world.records.insert(step.n, Record { outcome, entries, moves, costs_before });
    Ok(())
}

fn told(stop: &Stop) -> String {
    match stop {
        Stop::Refused(problem) => format!("refused ({}): {}", problem.code, problem.detail),
        Stop::Failed(what) => what.clone(),
    }
}

fn broken(line: usize, subject: &str, what: &str) -> Failure {
    let mismatches = vec![Mismatch::new("step", "done", what)];
    Failure { line, subject: subject.to_owned(), mismatches }
}
