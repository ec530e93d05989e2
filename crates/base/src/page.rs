//! Pages of a list: how many lines, and from where the next one begins.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Problem, Rule};

/// The most lines that a page has.
pub const PAGE_LIMIT: i64 = 200;

/// Which page of a list. A list's filter has the same two fields and makes this of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// Where the last page ended, as it was given; none for the first page.
    pub cursor: Option<String>,
    /// How many lines, 1 to 200; 200 when absent.
    pub limit: Option<i64>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The lines.
    pub lines: Vec<T>,
    /// Where the next page begins; none at the end of the list.
    pub next_cursor: Option<String>,
}

/// A cursor that its list did not make.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the cursor {0:?} was not given by this list; start again without a cursor")]
pub struct BadCursor(pub String);

impl Rule for BadCursor {
    fn problem(&self) -> Problem {
        Problem::invalid("bad_cursor", self.to_string()).with_field("cursor")
    }
}

impl Paging {
    /// The page that a filter asks for.
    #[must_use]
    pub fn new(cursor: &Option<String>, limit: Option<i64>) -> Paging {
        Paging { cursor: cursor.clone(), limit }
    }

    /// How many lines to read.
    #[must_use]
    pub fn limit(&self) -> i64 {
        self.limit.unwrap_or(PAGE_LIMIT).clamp(1, PAGE_LIMIT)
    }

    /// The sort key after which the page begins; `first` for the first page.
    ///
    /// # Errors
    /// [`BadCursor`] when the cursor is not one of this list.
    pub fn after<K: DeserializeOwned>(&self, first: K) -> Result<K, BadCursor> {
        match &self.cursor {
            None => Ok(first),
            Some(text) => {
                unhex(text).and_then(|bytes| decode(&bytes)).ok_or_else(|| BadCursor(text.clone()))
            }
        }
    }

    /// The cursor after a sort key, for a list that is not read in pages of lines.
    #[must_use]
    pub fn cursor<K: Serialize>(key: &K) -> String {
        hex(&encode(key))
    }

    /// A page of these lines; `key` tells a line's sort key, from which the next page goes on.
    pub fn page<T, K: Serialize>(&self, lines: Vec<T>, key: impl Fn(&T) -> K) -> Page<T> {
        let full = lines.len() as i64 == self.limit();
        let next_cursor = lines.last().filter(|_| full).map(|line| Paging::cursor(&key(line)));
        Page { lines, next_cursor }
    }

    /// The page of lines that were reckoned as a whole; `key` tells a line's sort key, which they are
    /// put in the order of.
    ///
    /// # Errors
    /// [`BadCursor`] when the cursor is not one of this list.
    pub fn cut<T, K: Serialize + DeserializeOwned + Ord>(
        &self,
        mut lines: Vec<T>,
        key: impl Fn(&T) -> K,
    ) -> Result<Page<T>, BadCursor> {
        let after: Option<K> = self.after(None)?;
        lines.retain(|line| after.as_ref().is_none_or(|after| key(line) > *after));
        lines.sort_by_key(&key);
        let more = lines.len() as i64 > self.limit();
        lines.truncate(usize::try_from(self.limit()).unwrap_or(0));
        let next_cursor = lines.last().filter(|_| more).map(|line| Paging::cursor(&key(line)));
        Ok(Page { lines, next_cursor })
    }
}

fn encode<K: Serialize>(key: &K) -> Vec<u8> {
    serde_json::to_vec(key).expect("a sort key of numbers and texts is always JSON")
}

fn decode<K: DeserializeOwned>(bytes: &[u8]) -> Option<K> {
    serde_json::from_slice(bytes).ok()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_goes_on_where_its_page_ended() {
        let paging = Paging { cursor: None, limit: Some(2) };
        let page = paging.page(vec![("A", 1), ("B", 2)], |line| (line.0.to_owned(), line.1));
        let next = Paging { cursor: page.next_cursor, limit: Some(2) };
        assert_eq!(next.after((String::new(), 0)).unwrap(), ("B".to_owned(), 2));
        assert_eq!(next.page(vec![("C", 3)], |line| line.1).next_cursor, None);
    }

    #[test]
    fn what_was_reckoned_whole_is_cut_into_pages() {
        let all = || vec!["C", "A", "B"];
        let key = |line: &&str| (*line).to_owned();
        let first = Paging { cursor: None, limit: Some(2) }.cut(all(), key).unwrap();
        assert_eq!(first.lines, ["A", "B"]);
        let rest = Paging { cursor: first.next_cursor, limit: Some(2) }.cut(all(), key).unwrap();
        assert_eq!((rest.lines, rest.next_cursor), (vec!["C"], None));
    }

    #[test]
    fn a_foreign_cursor_is_refused() {
        for cursor in ["x", "zz", "7b7d", "\u{e9}\u{e9}"] {
            let paging = Paging { cursor: Some(cursor.to_owned()), limit: None };
            assert!(paging.after((String::new(), 0_i64)).is_err(), "{cursor}");
        }
    }
}
