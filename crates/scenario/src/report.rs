//! What became of each case, for people and for programs.

use serde_json::{Value, json};

/// A figure that is not as expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Which figure of the check.
    pub what: String,
    /// What it should be.
    pub expected: String,
    /// What it is.
    pub got: String,
}

impl Mismatch {
    pub(crate) fn new(what: &str, expected: impl Into<String>, got: impl Into<String>) -> Mismatch {
        Mismatch { what: what.to_owned(), expected: expected.into(), got: got.into() }
    }
}

/// A check that did not hold, or a step that could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The line in the file.
    pub line: usize,
    /// The step or check in words.
    pub subject: String,
    /// What is not as expected.
    pub mismatches: Vec<Mismatch>,
}

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Every figure holds.
    Passed,
    /// Some do not.
    Failed(Vec<Failure>),
    /// It was not run: it uses what is not supported.
    Skipped(Vec<String>),
}

/// A case and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Its file.
    pub file: String,
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How many checks it has.
    pub checks: usize,
    /// What became of it.
    pub outcome: Outcome,
}

/// What became of all cases, in the order of their files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Each case.
    pub cases: Vec<Verdict>,
}

impl Report {
    fn count(&self, of: fn(&Outcome) -> bool) -> usize {
        self.cases.iter().filter(|case| of(&case.outcome)).count()
    }

    /// How many cases passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Passed))
    }

    /// How many failed: a caller exits with an error when there are any.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(_)))
    }

    /// How many were not run.
    #[must_use]
    pub fn skipped(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Skipped(_)))
    }

    /// The last line: `N passed, N failed, N skipped`.
    #[must_use]
    pub fn summary(&self) -> String {
        format!("{} passed, {} failed, {} skipped", self.passed(), self.failed(), self.skipped())
    }

    /// The report for people: a line for each case, with what is not as expected below it.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for case in &self.cases {
            let (word, why) = match &case.outcome {
                Outcome::Passed => ("passed", String::new()),
                Outcome::Failed(_) => ("FAILED", String::new()),
                Outcome::Skipped(reasons) => {
                    ("skipped", format!("  (not supported: {})", reasons.join("; ")))
                }
            };
            text.push_str(&format!("{word:<8}{}  {}{why}\n", case.id, case.title));
            if let Outcome::Failed(failures) = &case.outcome {
                for failure in failures {
                    text.push_str(&format!(
                        "    {}:{}  {}\n",
                        case.file, failure.line, failure.subject
                    ));
                    for mismatch in &failure.mismatches {
                        let Mismatch { what, expected, got } = mismatch;
                        text.push_str(&format!("        {what}: expected {expected}, got {got}\n"));
                    }
                }
            }
        }
        text.push_str(&self.summary());
        text.push('\n');
        text
    }

    /// The report for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let cases: Vec<Value> = self.cases.iter().map(case_json).collect();
        json!({
            "passed": self.passed(),
            "failed": self.failed(),
            "skipped": self.skipped(),
            "cases": cases,
        })
    }
}

fn case_json(case: &Verdict) -> Value {
    let mut value = json!({
        "file": case.file,
        "id": case.id,
        "title": case.title,
        "checks": case.checks,
    });
    match &case.outcome {
        Outcome::Passed => value["outcome"] = json!("passed"),
        Outcome::Skipped(reasons) => {
            value["outcome"] = json!("skipped");
            value["not_supported"] = json!(reasons);
        }
        Outcome::Failed(failures) => {
            value["outcome"] = json!("failed");
            let mismatch =
                |m: &Mismatch| json!({"what": m.what, "expected": m.expected, "got": m.got});
            let failure = |f: &Failure| {
                let mismatches: Vec<Value> = f.mismatches.iter().map(mismatch).collect();
                json!({"line": f.line, "subject": f.subject, "mismatches": mismatches})
            };
            value["failures"] = json!(failures.iter().map(failure).collect::<Vec<_>>());
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(id: &str, outcome: Outcome) -> Verdict {
        let (file, title) = (format!("{id}.yaml"), "A title".to_owned());
        Verdict { file, id: id.to_owned(), title, checks: 2, outcome }
    }

    #[test]
    fn the_report_ends_with_its_counts_and_tells_what_is_wrong() {
        let failure = Failure {
            line: 9,
            subject: "check value".to_owned(),
            mismatches: vec![Mismatch::new("amount", "2", "3")],
        };
        let report = Report {
            cases: vec![
                verdict("a", Outcome::Passed),
                verdict("b", Outcome::Failed(vec![failure])),
                verdict("c", Outcome::Skipped(vec!["verb fly".to_owned()])),
            ],
        };
        let text = report.text();
        assert!(text.ends_with("\n1 passed, 1 failed, 1 skipped\n"), "{text}");
        assert!(text.contains("b.yaml:9  check value\n        amount: expected 2, got 3\n"));
        assert!(text.contains("skipped c  A title  (not supported: verb fly)\n"));
        let json = report.json();
        assert_eq!(json["failed"], 1);
        assert_eq!(json["cases"][2]["not_supported"][0], "verb fly");
    }
}
