//! What a broken rule looks like from outside.

use serde::Serialize;
use utoipa::ToSchema;

/// A broken rule, ready to be told: a stable code for programs, a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable name in snake_case, such as `exceeds_tolerance`.
    pub code: &'static str,
    /// What sort of problem it is.
    pub kind: ProblemKind,
    /// A sentence with the numbers and what to do.
    pub detail: String,
    /// Where in the input it is, when that is known.
    pub place: Option<Place>,
}

/// Where in the input a problem is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Place {
    /// The row of a file or the element of a batch, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The column of a file, by its heading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The line of a document, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The field of a request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// What sort of problem it is; HTTP and the CLI answer by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProblemKind {
    /// The input is malformed (400).
    Invalid,
    /// Nobody is signed in (401).
    Unauthenticated,
    /// Who is signed in may not (403).
    Forbidden,
    /// There is no such thing (404).
    NotFound,
    /// It was changed meanwhile, or exists already (409).
    Conflict,
    /// A business rule says no (422).
    Refused,
    /// The input is too large (413).
    TooLarge,
    /// Not now; try again (503).
    Busy,
    /// The fault is ours (500).
    Internal,
}

impl Problem {
    /// A problem of any kind.
    #[must_use]
    pub fn new(kind: ProblemKind, code: &'static str, detail: impl Into<String>) -> Problem {
        Problem { code, kind, detail: detail.into(), place: None }
    }

    /// A business rule says no.
    #[must_use]
    pub fn refused(code: &'static str, detail: impl Into<String>) -> Problem {
        Problem::new(ProblemKind::Refused, code, detail)
    }

    /// The input is malformed.
    #[must_use]
    pub fn invalid(code: &'static str, detail: impl Into<String>) -> Problem {
        Problem::new(ProblemKind::Invalid, code, detail)
    }

    /// There is no such thing.
    #[must_use]
    pub fn not_found(code: &'static str, detail: impl Into<String>) -> Problem {
        Problem::new(ProblemKind::NotFound, code, detail)
    }

    /// Who is signed in may not.
    #[must_use]
    pub fn forbidden(code: &'static str, detail: impl Into<String>) -> Problem {
        Problem::new(ProblemKind::Forbidden, code, detail)
    }

    /// The problem is on this line of the document, from 1.
    #[must_use]
    pub fn with_line(mut self, line: u32) -> Problem {
        self.place_mut().line = Some(line);
        self
    }

    /// The problem is in this field of the request.
    #[must_use]
    pub fn with_field(mut self, field: &str) -> Problem {
        self.place_mut().field = Some(field.to_owned());
        self
    }

    /// The problem is in this row of the file or element of the batch, from 1.
    #[must_use]
    pub fn with_row(mut self, row: u64) -> Problem {
        self.place_mut().row = Some(row);
        self
    }

    fn place_mut(&mut self) -> &mut Place {
        self.place.get_or_insert_default()
    }
}

/// An error that is a broken rule, and can say so to the outside.
pub trait Rule: std::error::Error {
    /// The problem to tell.
    fn problem(&self) -> Problem;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_says_what_and_where() {
        let problem = Problem::refused("exceeds_tolerance", "received 12 of 10; allowed are 11")
            .with_line(3)
            .with_field("quantity");
        assert_eq!(problem.kind, ProblemKind::Refused);
        assert_eq!(problem.code, "exceeds_tolerance");
        let place = serde_json::to_string(&problem.place).unwrap();
        assert_eq!(place, r#"{"line":3,"field":"quantity"}"#);
    }

    #[test]
    fn each_constructor_has_its_kind() {
        assert_eq!(Problem::invalid("a", "b").kind, ProblemKind::Invalid);
        assert_eq!(Problem::not_found("a", "b").kind, ProblemKind::NotFound);
        assert_eq!(Problem::forbidden("a", "b").kind, ProblemKind::Forbidden);
        assert_eq!(Problem::invalid("a", "b").place, None);
        let row = Problem::invalid("a", "b").with_row(7).place.and_then(|place| place.row);
        assert_eq!(row, Some(7));
    }
}
