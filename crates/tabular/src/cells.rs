//! The cells of one row, as a verb reads them.

use std::fmt::Display;
use std::str::FromStr;

use csv::StringRecord;

use crate::read::quoted;
use crate::{Column, RowError};

/// The cells of one row. What cannot be read is noted; the caller goes on with a default.
#[derive(Debug)]
pub struct Cells<'t> {
    row: u64,
    columns: &'t [Column],
    record: &'t StringRecord,
    errors: &'t mut Vec<RowError>,
    noted_before: usize,
}

impl<'t> Cells<'t> {
    pub(crate) fn new(
        row: u64,
        columns: &'t [Column],
        record: &'t StringRecord,
        errors: &'t mut Vec<RowError>,
    ) -> Cells<'t> {
        let noted_before = errors.len();
        Cells { row, columns, record, errors, noted_before }
    }

    /// Notes required cells that are empty.
    pub(crate) fn require_filled(&mut self) {
        for column in self.columns.iter().filter(|column| column.required) {
            if self.text(*column).is_empty() {
                self.refuse(*column, format!("empty; expected {}", column.expects));
            }
        }
    }

    /// The row as a spreadsheet counts it: the heading is row 1.
    #[must_use]
    pub fn row(&self) -> u64 {
        self.row
    }

    /// Whether any cell of this row was refused so far.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.errors.len() > self.noted_before
    }

    /// The cell without white space around it; empty when the file has no such column.
    #[must_use]
    pub fn text(&self, column: Column) -> &'t str {
        self.given(column).unwrap_or("")
    }

    /// The cell without white space around it, or nothing when the file has no such column.
    #[must_use]
    pub fn given(&self, column: Column) -> Option<&'t str> {
        let index = self.columns.iter().position(|found| found.name == column.name)?;
        self.record.get(index).map(|cell| column.content(cell))
    }

    /// The cell as a value; nothing when it is empty, absent or, after a note, unreadable.
    pub fn value<T>(&mut self, column: Column) -> Option<T>
    where
        T: FromStr,
        T::Err: Display,
    {
        let cell = self.text(column);
        if cell.is_empty() {
            return None;
        }
        self.accept(column, cell.parse::<T>())
    }

    /// The cell as a value; `default` when it is empty, absent or, after a note, unreadable.
    pub fn value_or<T>(&mut self, column: Column, default: T) -> T
    where
        T: FromStr,
        T::Err: Display,
    {
        self.value(column).unwrap_or(default)
    }

    /// The cell as yes (`yes`, `true`, `1`) or no (`no`, `false`, `0`), in any capitals; `default`
    /// when it is empty, absent or, after a note, something else.
    pub fn flag_or(&mut self, column: Column, default: bool) -> bool {
        match self.text(column).to_lowercase().as_str() {
            "" => default,
            "yes" | "true" | "1" => true,
            "no" | "false" | "0" => false,
            _ => {
                let _: Option<bool> = self.accept(column, Err("write yes or no"));
                default
            }
        }
    }

    /// Takes the value of a reading of this column's cell, or notes why it failed.
    pub fn accept<T, E: Display>(&mut self, column: Column, read: Result<T, E>) -> Option<T> {
        match read {
            Ok(value) => Some(value),
            Err(error) => {
                let cell = quoted(self.text(column));
                let expects = column.expects;
                self.refuse(
                    column,
                    format!("\"{cell}\" is not accepted ({error}); expected {expects}"),
                );
                None
            }
        }
    }

    /// Notes an error of this column's cell.
    pub fn refuse(&mut self, column: Column, message: impl Into<String>) {
        self.errors.push(RowError::of(self.row, column, message));
    }
}
