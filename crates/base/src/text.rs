//! What text may be stored: nothing that hides, breaks lines or turns the reading direction.

use crate::{Problem, Rule};

/// The longest code, in characters.
const MAX_CODE: usize = 64;

/// Why a text was not accepted.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum TextError {
    /// There is no text where there has to be one.
    #[error("{field} is empty; write something")]
    Empty {
        /// The field of the request.
        field: &'static str,
    },
    /// The text has too many characters.
    #[error("{field} has {got} characters; shorten it to {max}")]
    TooLong {
        /// The field of the request.
        field: &'static str,
        /// The most characters allowed.
        max: usize,
        /// The characters found.
        got: usize,
    },
    /// A character may not be there.
    #[error(
        "{field} has a forbidden character (invisible, or a space at an end) at position {position}; remove it"
    )]
    Forbidden {
        /// The field of the request.
        field: &'static str,
        /// The character's position, from 1.
        position: usize,
    },
}

impl Rule for TextError {
    fn problem(&self) -> Problem {
        let (code, field) = match self {
            TextError::Empty { field } => ("text_empty", field),
            TextError::TooLong { field, .. } => ("text_too_long", field),
            TextError::Forbidden { field, .. } => ("text_forbidden", field),
        };
        Problem::invalid(code, self.to_string()).with_field(field)
    }
}

/// Checks one line of text, such as a name. It may be empty.
///
/// # Errors
///
/// `TooLong`; `Forbidden` for control characters (also line break and tab) and bidirectional
/// overrides.
pub fn check_text(field: &'static str, text: &str, max_chars: usize) -> Result<(), TextError> {
    check_length(field, text, max_chars)?;
    forbid(field, text, is_hidden)
}

/// Checks text of several lines, such as a note. It may be empty.
///
/// # Errors
///
/// As [`check_text`], but line feed and tab are allowed.
pub fn check_multiline(field: &'static str, text: &str, max_chars: usize) -> Result<(), TextError> {
    check_length(field, text, max_chars)?;
    forbid(field, text, |found| is_hidden(found) && found != '\n' && found != '\t')
}

/// Checks a code, such as an item's number: 1 to 64 characters, no space at either end.
///
/// # Errors
///
/// `Empty`; `TooLong`; `Forbidden` as in [`check_text`], and for white space at an end.
pub fn check_code(field: &'static str, text: &str) -> Result<(), TextError> {
    if text.is_empty() {
        return Err(TextError::Empty { field });
    }
    check_text(field, text, MAX_CODE)?;
    if text.starts_with(char::is_whitespace) {
        return Err(TextError::Forbidden { field, position: 1 });
    }
    if text.ends_with(char::is_whitespace) {
        return Err(TextError::Forbidden { field, position: text.chars().count() });
    }
    Ok(())
}

fn check_length(field: &'static str, text: &str, max: usize) -> Result<(), TextError> {
    let got = text.chars().count();
    if got > max { Err(TextError::TooLong { field, max, got }) } else { Ok(()) }
}

fn forbid(
    field: &'static str,
    text: &str,
    forbidden: impl FnMut(char) -> bool,
) -> Result<(), TextError> {
    match text.chars().position(forbidden) {
        Some(index) => Err(TextError::Forbidden { field, position: index + 1 }),
        None => Ok(()),
    }
}

/// Control characters, and those that embed, override or isolate the reading direction.
fn is_hidden(found: char) -> bool {
    found.is_control() || matches!(found, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELD: &str = "name";

    fn forbidden(position: usize) -> Result<(), TextError> {
        Err(TextError::Forbidden { field: FIELD, position })
    }

    #[test]
    fn text_hides_nothing() {
        #[track_caller]
        fn check(text: &str, one_line: Result<(), TextError>, lines: Result<(), TextError>) {
            assert_eq!(check_text(FIELD, text, 10), one_line, "{text:?}");
            assert_eq!(check_multiline(FIELD, text, 10), lines, "{text:?}");
        }
        check("", Ok(()), Ok(()));
        check("Müller & 子", Ok(()), Ok(()));
        check("a\nb\tc", forbidden(2), Ok(()));
        check("a\r\n", forbidden(2), forbidden(2));
        check("é\0", forbidden(2), forbidden(2));
        check("\u{85}", forbidden(1), forbidden(1));
        check("ab\u{202E}c", forbidden(3), forbidden(3));
        check("\u{2066}", forbidden(1), forbidden(1));
        let too_long = Err(TextError::TooLong { field: FIELD, max: 10, got: 11 });
        check("ééééééééééé", too_long.clone(), too_long);
    }

    #[test]
    fn a_code_has_clean_ends() {
        #[track_caller]
        fn check(text: &str, expected: Result<(), TextError>) {
            assert_eq!(check_code(FIELD, text), expected, "{text:?}");
        }
        check("AB-12 / x", Ok(()));
        check("", Err(TextError::Empty { field: FIELD }));
        check(" a", forbidden(1));
        check("é\u{A0}", forbidden(2));
        check("a\tb", forbidden(2));
        check(&"x".repeat(64), Ok(()));
        check(&"x".repeat(65), Err(TextError::TooLong { field: FIELD, max: 64, got: 65 }));
    }

    #[test]
    fn a_text_problem_names_its_field() {
        let problem = check_code("sku", "").unwrap_err().problem();
        assert_eq!(problem.code, "text_empty");
        assert_eq!(problem.detail, "sku is empty; write something");
        assert_eq!(problem.place.and_then(|place| place.field).as_deref(), Some("sku"));
    }
}
