//! What an import answers.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Column;

/// One cell, row or heading that was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RowError {
    /// The row as a spreadsheet counts it: the heading is row 1.
    pub row: u64,
    /// The column's heading; empty when it is about the whole row or file.
    pub column: String,
    /// What is there and what was expected.
    pub message: String,
}

impl RowError {
    /// An error about one cell.
    #[must_use]
    pub fn of(row: u64, column: Column, message: impl Into<String>) -> RowError {
        RowError { row, column: column.name.to_owned(), message: message.into() }
    }

    /// An error about a whole row.
    #[must_use]
    pub fn whole(row: u64, message: impl Into<String>) -> RowError {
        RowError { row, column: String::new(), message: message.into() }
    }
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.column.is_empty() {
            write!(f, "row {}: {}", self.row, self.message)
        } else {
            write!(f, "row {}, column {}: {}", self.row, self.column, self.message)
        }
    }
}

/// What an import did, or would do. With any error it did nothing at all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportReport {
    /// Whether the file was taken over: false after an error and for a trial run.
    pub applied: bool,
    /// The rows of the file, heading and empty rows left out.
    pub rows: u64,
    /// Rows that make something new.
    pub created: u64,
    /// Rows that change what is there.
    pub changed: u64,
    /// Rows that say what is there already.
    pub unchanged: u64,
    /// Every bad cell, by row.
    pub errors: Vec<RowError>,
}

impl ImportReport {
    /// The report of a file that was refused: nothing was created or changed.
    #[must_use]
    pub fn refused(rows: u64, mut errors: Vec<RowError>) -> ImportReport {
        errors.sort_by_key(|error| error.row);
        ImportReport { rows, errors, ..ImportReport::default() }
    }
}
