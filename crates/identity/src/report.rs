//! Why a report was refused, whatever it is about.

use crate::Denied;
use base::{BadCursor, NumberError, Problem, Rule};
use store::StoreError;

/// Why a report was refused.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ReportError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor was not given by this report.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// A filter means nothing here.
    #[error("{detail}")]
    Filter {
        /// The filter.
        field: &'static str,
        /// What is wrong with it, and what to ask instead.
        detail: String,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReportError {
    fn problem(&self) -> Problem {
        match self {
            ReportError::Denied(error) => error.problem(),
            ReportError::Cursor(error) => error.problem(),
            ReportError::Filter { field, detail } => {
                Problem::invalid("bad_filter", detail.clone()).with_field(field)
            }
            ReportError::Number(error) => error.problem(),
            ReportError::Store(error) => error.problem(),
        }
    }
}
