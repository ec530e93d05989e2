//! What can go wrong between a verb and the database.

/// Which rule of the schema refused a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConstraintKind {
    /// A row with the same key exists.
    Unique,
    /// A named condition does not hold.
    Check,
    /// The row referred to does not exist.
    ForeignKey,
    /// A required column is empty.
    NotNull,
    /// A trigger refused, for example a change to an append-only table.
    Trigger,
}

/// An error of the store. A business rule never becomes one of these: verbs check their rules
/// before they record, so an error here is a fault, a race that is retried, or a lack of capacity.
#[derive(thiserror::Error, Clone, Debug, PartialEq, Eq)]
pub enum StoreError {
    /// A constraint refused the statement.
    #[error("statement {statement}: constraint {detail} refused the row ({kind:?})")]
    Constraint {
        /// The statement's name.
        statement: &'static str,
        /// What sort of constraint.
        kind: ConstraintKind,
        /// The constraint's name where the engine tells it, otherwise its words.
        detail: String,
    },
    /// A guarded write changed another number of rows than it had to.
    #[error("statement {statement} changed {affected} rows where {expected} were due")]
    Guard {
        /// The statement's name.
        statement: &'static str,
        /// Rows due.
        expected: u64,
        /// Rows changed.
        affected: u64,
    },
    /// The database asks to run the transaction again (deadlock, serialization failure, lost link).
    #[error("the transaction has to run again: {0}")]
    Retry(String),
    /// A block of ids or numbers ran out; the store leases another and runs the command again.
    #[error("series {series} of company {company_id} needs a new lease of {count}")]
    LeaseNeeded {
        /// The company, 0 for ids.
        company_id: i64,
        /// The series' name.
        series: &'static str,
        /// How many are wanted at once.
        count: i64,
    },
    /// A part of a batch was refused after it had written, and nothing kept what was there before;
    /// the store runs the command again with savepoints.
    #[error("a part of the transaction was refused; it has to run again part by part")]
    Refused,
    /// The key was used before with another request.
    #[error("this idempotency key was used before for another request; use a new key")]
    KeyReused,
    /// The queue is full or the command waited too long in it; nothing was done.
    #[error("the server is busy and did nothing; try again shortly")]
    Busy,
    /// The commit's outcome is not known and the command carried no key to find out.
    #[error(
        "the connection broke while committing; look whether the change is there before repeating it"
    )]
    OutcomeUnknown,
    /// A column held something else than the code expects.
    #[error("column {column} holds {found}, expected {wanted}")]
    Decode {
        /// The column's position from 0.
        column: usize,
        /// What was found.
        found: String,
        /// The Rust type expected.
        wanted: &'static str,
    },
    /// The database cannot be used as it is.
    #[error("{0}")]
    Unusable(String),
    /// Anything else the engine said.
    #[error("statement {statement}: {message}")]
    Engine {
        /// The statement's name.
        statement: &'static str,
        /// The engine's words.
        message: String,
    },
    /// The command's code panicked; its changes were rolled back.
    #[error("the command failed unexpectedly and changed nothing")]
    Panicked,
}

impl base::Rule for StoreError {
    fn problem(&self) -> base::Problem {
        use base::{Problem, ProblemKind};
        let (kind, code) = match self {
            StoreError::KeyReused => (ProblemKind::Refused, "key_reused"),
            StoreError::Busy | StoreError::Retry(_) => (ProblemKind::Busy, "busy"),
            StoreError::OutcomeUnknown => (ProblemKind::Busy, "outcome_unknown"),
            _ => (ProblemKind::Internal, "internal"),
        };
        let detail = match kind {
            ProblemKind::Internal => {
                "something went wrong here and nothing was changed; the log has the details"
                    .to_owned()
            }
            _ => self.to_string(),
        };
        Problem { code, kind, detail, place: None }
    }
}
