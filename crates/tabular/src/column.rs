//! A column as a verb names it.

use crate::formula::recover;

/// A column of a file: its heading and what its cells have to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// The heading, in snake_case.
    pub name: &'static str,
    /// What a cell has to hold, for error messages and templates: `a price such as 12.50`.
    pub expects: &'static str,
    /// Whether the heading has to be there and every cell filled.
    pub required: bool,
    /// Whether the cells are free text, which a spreadsheet must not run as a formula.
    pub free_text: bool,
}

impl Column {
    /// An optional column of free text.
    #[must_use]
    pub const fn text(name: &'static str, expects: &'static str) -> Column {
        Column { name, expects, required: false, free_text: true }
    }

    /// An optional column of numbers, days or fixed words, written as they are.
    #[must_use]
    pub const fn plain(name: &'static str, expects: &'static str) -> Column {
        Column { name, expects, required: false, free_text: false }
    }

    /// The same column, but its heading has to be there and every cell filled.
    #[must_use]
    pub const fn required(self) -> Column {
        Column { required: true, ..self }
    }

    /// What a cell of this column says: without blanks around it, and without the apostrophe that
    /// kept a spreadsheet from running it.
    pub(crate) fn content(self, cell: &str) -> &str {
        if self.free_text { recover(cell.trim_matches(' ')) } else { cell.trim() }
    }
}
